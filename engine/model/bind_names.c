/* define: and groups: names that the checks of a file may use. */
#include "model/binder.h"

#include <string.h>

/* A name that nothing else of the model has. */
static enum mq_status check_name(struct mq_binder *b, const struct mq_yaml *key,
                                 const struct mq_names *outer)
{
    const struct mq_model *model = b->model;
    char name[MQ_QUOTED];
    if (!mq_formula_name(mq_text(key->text)))
        return mq_bind_fail(b, key,
                            "\"%s\" cannot be used in formulas: start with a letter, \"_\" or a "
                            "Chinese character, go on with these, digits and \".\"",
                            mq_quoted(mq_text(key->text), name));
    const struct mq_formula_source source = {
        .input = model->input, .inputs = model->inputs, .model = b->model, .names = outer};
    const char *known;
    for (size_t i = 0; (known = mq_formula_known(&source, i)); i++)
        if (strcmp(known, key->text) == 0)
            return mq_bind_fail(b, key, "\"%s\" is already the name of %s", known,
                                i < model->inputs ? "an input"
                                                  : "a table, a code list, a definition or a "
                                                    "group of the model");
    return MQ_OK;
}

static enum mq_status bind_definitions(struct mq_binder *b, const struct mq_yaml *define,
                                       struct mq_names *names)
{
    if (define->kind != MQ_YAML_MAP)
        return mq_bind_fail(b, define,
                            "\"define\" is written as names with formulas, like {total: a + b}");
    struct mq_definition *made = mq_arena_array(&b->scratch, define->count + 1, sizeof *made);
    if (!made)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < define->count; i++) {
        const struct mq_yaml *value = define->item[i];
        MQ_TRY(check_name(b, define->key[i], names->outer));
        if (value->kind != MQ_YAML_SCALAR || value->length == 0)
            return mq_bind_fail(b, value, "a definition is a formula, like a + b");
        made[i] = (struct mq_definition){.name = define->key[i]->text, .scalar = value};
    }
    names->definition = made;
    names->definitions = define->count;
    return MQ_OK;
}

static enum mq_status bind_members(struct mq_binder *b, const struct mq_yaml *list,
                                   struct mq_group *group)
{
    const struct mq_model *model = b->model;
    const char **known = mq_arena_array(&b->scratch, model->inputs, sizeof *known);
    int *input = mq_arena_array(&b->scratch, list->count + 1, sizeof *input);
    if (!known || !input)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < model->inputs; i++)
        known[i] = model->input[i].id;
    for (size_t i = 0; i < list->count; i++) {
        const struct mq_yaml *item = list->item[i];
        input[i] = item->kind == MQ_YAML_SCALAR ? 0 : (int)model->inputs;
        while (input[i] < (int)model->inputs && strcmp(known[input[i]], item->text) != 0)
            input[i]++;
        if (input[i] == (int)model->inputs)
            return mq_bind_unknown(b, item, "no input is called", known, model->inputs, "inputs");
        for (size_t k = 0; k < i; k++)
            if (input[k] == input[i])
                return mq_bind_fail(b, item, "%s stands in the group twice", item->text);
    }
    group->input = input;
    group->count = list->count;
    return MQ_OK;
}

static enum mq_status bind_groups(struct mq_binder *b, const struct mq_yaml *groups,
                                  struct mq_names *names)
{
    if (groups->kind != MQ_YAML_MAP)
        return mq_bind_fail(b, groups,
                            "\"groups\" is written as names with inputs, like {parts: [a, b]}");
    struct mq_group *made = mq_arena_array(&b->scratch, groups->count + 1, sizeof *made);
    if (!made)
        return mq_fail_memory(b->error);
    names->group = made;
    for (size_t i = 0; i < groups->count; i++) {
        const struct mq_yaml *list = groups->item[i], *key = groups->key[i];
        MQ_TRY(check_name(b, key, names->outer));
        for (size_t k = 0; k < names->definitions; k++)
            if (strcmp(names->definition[k].name, key->text) == 0)
                return mq_bind_fail(b, key, "\"%s\" is already a definition", key->text);
        if (list->kind != MQ_YAML_LIST || list->count == 0)
            return mq_bind_fail(b, list, "a group is a list of inputs, like [a, b]");
        made[i].name = key->text;
        MQ_TRY(bind_members(b, list, &made[i]));
        names->groups++;
    }
    return MQ_OK;
}

enum mq_status mq_bind_names(struct mq_binder *b, const struct mq_yaml *define,
                             const struct mq_yaml *groups, const struct mq_names *outer,
                             const struct mq_names **names)
{
    struct mq_names *made = mq_arena_alloc(&b->scratch, sizeof *made);
    if (!made)
        return mq_fail_memory(b->error);
    made->file = b->file;
    made->outer = outer;
    if (define)
        MQ_TRY(bind_definitions(b, define, made));
    if (groups)
        MQ_TRY(bind_groups(b, groups, made));
    *names = made;
    return MQ_OK;
}
