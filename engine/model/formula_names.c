/* Names in formulas besides inputs: definitions and groups, and a text without them. */
#include "model/formula.h"

#include <string.h>

enum { MAX_TEXT = 1 << 16, MAX_INNER = 50 };

const struct mq_definition *mq_formula_definition(const struct mq_names *names, struct mq_text name,
                                                  const struct mq_names **home)
{
    for (; names; names = names->outer)
        for (size_t i = 0; i < names->definitions; i++)
            if (mq_text_is(name, names->definition[i].name)) {
                *home = names;
                return &names->definition[i];
            }
    return NULL;
}

const struct mq_group *mq_formula_find_group(const struct mq_names *names, struct mq_text name)
{
    for (; names; names = names->outer)
        for (size_t i = 0; i < names->groups; i++)
            if (mq_text_is(name, names->group[i].name))
                return &names->group[i];
    return NULL;
}

const char *mq_formula_known(const struct mq_formula_source *source, size_t i)
{
    if (i < source->inputs)
        return source->input[i].id;
    i -= source->inputs;
    for (const struct mq_names *names = source->names; names; names = names->outer) {
        if (i < names->definitions)
            return names->definition[i].name;
        i -= names->definitions;
        if (i < names->groups)
            return names->group[i].name;
        i -= names->groups;
    }
    if (!source->model)
        return NULL;
    if (i < source->model->lookups)
        return source->model->lookup[i].id;
    i -= source->model->lookups;
    return i < source->model->lists ? source->model->list_id[i] : NULL;
}

/* The next token; false at the end or where the text cannot be read. What stands in the brackets of
 * a row is one token. */
static bool next_token(const struct mq_formula_source *source, struct mq_token *token)
{
    enum mq_token_kind before = token->kind;
    if (mq_formula_token(source, token->end, token) != MQ_OK || token->kind == MQ_TOKEN_END)
        return false;
    bool behind = before == MQ_TOKEN_NAME || before == MQ_TOKEN_ROW; /* x[-1] */
    return token->kind != MQ_TOKEN_LEFT || behind ||
           mq_formula_row(source, token->at, token) == MQ_OK;
}

enum mq_status mq_formula_group(const struct mq_formula_source *source,
                                const struct mq_group **group)
{
    struct mq_error unread = {0};
    struct mq_formula_source quiet = *source;
    struct mq_token token = {.kind = MQ_TOKEN_END};
    quiet.error = &unread;
    *group = NULL;
    while (next_token(&quiet, &token)) {
        const struct mq_group *found =
            token.kind == MQ_TOKEN_NAME ? mq_formula_find_group(source->names, token.text) : NULL;
        if (found && *group && found != *group)
            return mq_formula_fail(source, token.at,
                                   "a check can name one group; %s already stands in it",
                                   (*group)->name);
        if (found)
            *group = found;
    }
    return unread.status == MQ_INTERNAL ? mq_fail_memory(source->error) : MQ_OK;
}

const struct mq_formula_source *mq_formula_inner(const struct mq_formula_source *source,
                                                 const struct mq_definition *definition,
                                                 const struct mq_names *home)
{
    struct mq_formula_source inner = *source;
    inner.text = (struct mq_text){definition->scalar->text, definition->scalar->length};
    inner.file = home->file;
    inner.scalar = definition->scalar;
    inner.names = home;
    inner.member = -1;
    return mq_arena_copy(source->arena, &inner, sizeof inner);
}

static enum mq_status expand(const struct mq_formula_source *source, bool definitions, int depth,
                             struct mq_buffer *text)
{
    struct mq_token token = {.kind = MQ_TOKEN_END};
    size_t copied = 0;
    if (depth > MAX_INNER || text->length > MAX_TEXT)
        return mq_formula_fail(
            source, 0,
            "a formula of more than 64 KiB or of more than %d definitions inside "
            "each other",
            MAX_INNER);
    while (next_token(source, &token)) {
        const struct mq_names *home = NULL;
        const struct mq_group *group = NULL;
        const struct mq_definition *definition = NULL;
        if (token.kind == MQ_TOKEN_NAME && source->member >= 0)
            group = mq_formula_find_group(source->names, token.text);
        if (token.kind == MQ_TOKEN_NAME && definitions)
            definition = mq_formula_definition(source->names, token.text, &home);
        if (!group && !definition)
            continue;
        mq_buffer_add(text, source->text.s + copied, token.at - copied);
        copied = token.end;
        if (group) {
            mq_buffer_text(text, source->input[group->input[source->member]].id);
            continue;
        }
        const struct mq_formula_source *inner = mq_formula_inner(source, definition, home);
        if (!inner)
            return mq_fail_memory(source->error);
        mq_buffer_text(text, "(");
        MQ_TRY(expand(inner, true, depth + 1, text));
        mq_buffer_text(text, ")");
    }
    mq_buffer_add(text, source->text.s + copied, source->text.n - copied);
    return MQ_OK;
}

enum mq_status mq_formula_expand(const struct mq_formula_source *source, bool definitions,
                                 struct mq_buffer *text)
{
    MQ_TRY(expand(source, definitions, 0, text));
    return text->failed ? mq_fail_memory(source->error) : MQ_OK;
}
