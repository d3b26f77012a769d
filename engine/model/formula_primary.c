/* What a name, a number or a row of the form means. */
#include "model/formula_parser.h"

#include <string.h>

enum { MAX_DEFINITIONS = 1000, MAX_BACK = 1000 };

/* "; did you mean ..." over everything a formula may name; "" if out of memory */
static const char *known_names(struct mq_parser *p, struct mq_text name, char hint[MQ_HINT])
{
    const struct mq_formula_source *source = p->source;
    size_t count = 0;
    while (mq_formula_known(source, count))
        count++;
    const char **known = mq_arena_array(source->arena, count + 1, sizeof *known);
    const char *text = mq_arena_string(source->arena, name.s, name.n);
    hint[0] = '\0';
    if (!known || !text)
        return hint;
    for (size_t i = 0; i < count; i++)
        known[i] = mq_formula_known(source, i);
    return mq_hint(text, known, count, count == source->inputs ? "inputs" : "names", hint);
}

/* [-1] behind an input */
static const struct mq_ast *earlier(struct mq_parser *p, const struct mq_ast *input)
{
    size_t at = p->token.at;
    if (!mq_parse_take(p, MQ_TOKEN_LEFT))
        return input;
    int64_t back = 0;
    bool minus = mq_parse_take(p, MQ_TOKEN_SUBTRACT);
    struct mq_text text = p->token.text;
    if (!minus || !mq_parse_take(p, MQ_TOKEN_NUMBER) ||
        mq_decimal_parse(text.s, text.n, 0, &back) != MQ_NUMBER_OK || back < 1 || back > MAX_BACK ||
        !mq_parse_take(p, MQ_TOKEN_RIGHT))
        return mq_parse_fail(
            p, at, "an earlier period is written [-1], [-2] and so on, up to [-%d]", MAX_BACK);
    return mq_parse_make(p, (struct mq_ast){.kind = MQ_AST_DERIVED,
                                            .derived = MQ_EARLIER,
                                            .at = input ? input->at : at,
                                            .left = input,
                                            .back = (int)back});
}

static const struct mq_ast *input(struct mq_parser *p, size_t at, int found)
{
    return earlier(
        p, mq_parse_make(p, (struct mq_ast){.kind = MQ_AST_INPUT, .at = at, .input = found}));
}

/* Inputs that have a row, for a suggestion. */
static const struct mq_ast *unknown_row(struct mq_parser *p, struct mq_token row)
{
    const struct mq_formula_source *source = p->source;
    char quoted[MQ_QUOTED], hint[MQ_HINT] = "; inputs get theirs by row: \"01\"";
    const char **known = mq_arena_array(source->arena, source->inputs + 1, sizeof *known);
    const char *text = mq_arena_string(source->arena, row.text.s, row.text.n);
    size_t count = 0;
    for (size_t i = 0; known && i < source->inputs; i++)
        if (source->input[i].row && *source->input[i].row)
            known[count++] = source->input[i].row;
    if (text && count)
        mq_hint(text, known, count, "rows", hint);
    return mq_parse_fail(p, row.at, "no input has the row \"%s\"%s", mq_quoted(row.text, quoted),
                         hint);
}

static const struct mq_ast *row(struct mq_parser *p, struct mq_token token)
{
    for (size_t i = 0; i < p->source->inputs; i++) {
        const char *here = p->source->input[i].row;
        if (here && *here && mq_text_is(token.text, here))
            return input(p, token.at, (int)i);
    }
    return unknown_row(p, token);
}

/* The text of a definition as a tree, as if it stood here in brackets. */
static const struct mq_ast *definition(struct mq_parser *p, struct mq_token name,
                                       const struct mq_definition *found,
                                       const struct mq_names *home)
{
    for (const struct mq_parser *outer = p; outer; outer = outer->outer)
        if (outer->definition == found)
            return mq_parse_fail(p, name.at, "%s is defined by itself", found->name);
    if (++*p->definitions > MAX_DEFINITIONS)
        return mq_parse_fail(p, name.at, "more than %d definitions in one formula",
                             MAX_DEFINITIONS);
    if (mq_parse_is(p, MQ_TOKEN_LEFT))
        return mq_parse_fail(p, p->token.at, "only an input has earlier periods, and %s is none",
                             found->name);
    const struct mq_formula_source *source = mq_formula_inner(p->source, found, home);
    if (!source) {
        p->status = mq_fail_memory(p->source->error);
        return NULL;
    }
    struct mq_parser inner = {.source = source,
                              .nesting = p->nesting,
                              .definitions = p->definitions,
                              .definition = found,
                              .outer = p};
    mq_parse_advance(&inner);
    const struct mq_ast *made = mq_parse_condition(&inner);
    if (!mq_parse_is(&inner, MQ_TOKEN_END))
        mq_parse_unexpected(&inner, "an operator or the end");
    p->status = inner.status;
    return p->status == MQ_OK ? made : NULL;
}

static const struct mq_lookup *table_of(const struct mq_formula_source *source, struct mq_text name)
{
    for (size_t i = 0; source->model && i < source->model->lookups; i++)
        if (mq_text_is(name, source->model->lookup[i].id))
            return &source->model->lookup[i];
    return NULL;
}

/* persons.year_of_birth; NULL without failing if the word before the point is no table */
static const struct mq_ast *lookup(struct mq_parser *p, struct mq_token name)
{
    const char *point = memchr(name.text.s, '.', name.text.n);
    size_t before = point ? (size_t)(point - name.text.s) : name.text.n;
    const struct mq_lookup *table = table_of(p->source, (struct mq_text){name.text.s, before});
    if (!table)
        return NULL;
    if (!point)
        return mq_parse_fail(p, name.at,
                             "%s is a table; write %s.column, or in_table(%s) for whether the row "
                             "is there",
                             table->id, table->id, table->id);
    const char *column = mq_arena_string(p->source->arena, point + 1, name.text.n - before - 1);
    char quoted[MQ_QUOTED], hint[MQ_HINT];
    if (!column) {
        p->status = mq_fail_memory(p->source->error);
        return NULL;
    }
    if (table->table.columns && mq_table_find(&table->table, column) < 0)
        return mq_parse_fail(p, name.at + before + 1, "the table %s has no column \"%s\"%s",
                             table->id, mq_quoted(mq_text(column), quoted),
                             mq_hint(column, (const char *const *)table->table.header,
                                     table->table.columns, "columns", hint));
    const struct mq_ast *key = mq_parse_make(
        p, (struct mq_ast){.kind = MQ_AST_INPUT, .at = name.at, .input = table->input});
    return mq_parse_make(p, (struct mq_ast){.kind = MQ_AST_LOOKUP,
                                            .at = name.at,
                                            .table = (int)(table - p->source->model->lookup),
                                            .text = mq_text(column),
                                            .left = key});
}

static const struct mq_ast *word(struct mq_parser *p, struct mq_token name)
{
    const struct mq_formula_source *source = p->source;
    const struct mq_names *home = NULL;
    char quoted[MQ_QUOTED], hint[MQ_HINT];
    int found = mq_formula_input(source, name.text);
    if (found >= 0)
        return input(p, name.at, found);
    const struct mq_definition *defined = mq_formula_definition(source->names, name.text, &home);
    if (defined)
        return definition(p, name, defined, home);
    const struct mq_group *group = mq_formula_find_group(source->names, name.text);
    if (group && source->member < 0)
        return mq_parse_fail(p, name.at,
                             "%s is a group of inputs; only the check of a rule can name one",
                             group->name);
    if (group)
        return input(p, name.at, group->input[source->member]);
    const struct mq_ast *looked_up = lookup(p, name);
    if (looked_up || p->status != MQ_OK)
        return looked_up;
    return mq_parse_fail(p, name.at, "no input is called \"%s\"%s", mq_quoted(name.text, quoted),
                         known_names(p, name.text, hint));
}

const struct mq_ast *mq_parse_in_list(struct mq_parser *p, const struct mq_ast *left, size_t at)
{
    const struct mq_model *model = p->source->model;
    struct mq_token name = p->token;
    char quoted[MQ_QUOTED], hint[MQ_HINT] = "; the model has none under codes";
    size_t lists = model ? model->lists : 0;
    mq_parse_advance(p);
    for (size_t i = 0; i < lists; i++)
        if (mq_text_is(name.text, model->list_id[i]))
            return mq_parse_make(
                p,
                (struct mq_ast){.kind = MQ_AST_IN_LIST, .at = at, .left = left, .table = (int)i});
    const char *text = mq_arena_string(p->source->arena, name.text.s, name.text.n);
    if (text && lists)
        mq_hint(text, model->list_id, lists, "code lists", hint);
    return mq_parse_fail(p, name.at, "no code list is called \"%s\"%s",
                         mq_quoted(name.text, quoted), hint);
}

static const struct mq_ast *bracket(struct mq_parser *p)
{
    mq_parse_advance(p);
    const struct mq_ast *inner = mq_parse_condition(p);
    mq_parse_expect(p, MQ_TOKEN_CLOSE, "\")\"");
    return p->status == MQ_OK ? inner : NULL;
}

const struct mq_ast *mq_parse_primary(struct mq_parser *p)
{
    if (mq_parse_is(p, MQ_TOKEN_LEFT))
        p->status = mq_formula_row(p->source, p->token.at, &p->token);
    struct mq_token token = p->token;
    if (mq_parse_is(p, MQ_TOKEN_OPEN))
        return bracket(p);
    if (mq_parse_take(p, MQ_TOKEN_NUMBER))
        return mq_parse_make(
            p, (struct mq_ast){.kind = MQ_AST_NUMBER, .at = token.at, .text = token.text});
    if (mq_parse_take(p, MQ_TOKEN_TEXT))
        return mq_parse_make(
            p, (struct mq_ast){.kind = MQ_AST_TEXT, .at = token.at, .text = token.text});
    if (mq_parse_take(p, MQ_TOKEN_ROW))
        return p->status == MQ_OK ? row(p, token) : NULL;
    if (mq_parse_take(p, MQ_TOKEN_NAME)) {
        if (mq_parse_is(p, MQ_TOKEN_OPEN))
            return mq_parse_function(p, token);
        return p->status == MQ_OK ? word(p, token) : NULL;
    }
    if (mq_parse_is(p, MQ_TOKEN_WHERE))
        return mq_parse_unexpected(p, "a value (where belongs inside sum(...) or count(...))");
    if (mq_parse_is(p, MQ_TOKEN_IF) || mq_parse_is(p, MQ_TOKEN_WHEN))
        return mq_parse_unexpected(p, "a value (put an if inside a formula in brackets)");
    return mq_parse_unexpected(p, "a value");
}
