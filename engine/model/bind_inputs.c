/* codes: and inputs: */
#include "model/binder.h"

#include <string.h>

static const char *const type_names[] = {"key", "period", "code", "amount", "number"};
enum { TYPES = sizeof type_names / sizeof *type_names };

/* codes: {name: path, ...} */
enum mq_status mq_bind_codes(struct mq_binder *b, const struct mq_yaml *codes)
{
    struct mq_model *model = b->model;
    if (codes->kind != MQ_YAML_MAP)
        return mq_bind_fail(b, codes,
                            "\"codes\" is written as names with files, like {region: region.csv}");
    model->list_id = mq_arena_array(&model->arena, codes->count + 1, sizeof *model->list_id);
    model->list = mq_arena_array(&model->arena, codes->count + 1, sizeof *model->list);
    model->list_rows = mq_arena_array(&model->arena, codes->count + 1, sizeof *model->list_rows);
    if (!model->list_id || !model->list || !model->list_rows)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < codes->count; i++) {
        const struct mq_key key = {.name = "codes"};
        const char *written, *path;
        MQ_TRY(mq_bind_id(b, codes->key[i], &key, &model->list_id[i]));
        MQ_TRY(mq_bind_path(b, codes->item[i], codes->key[i]->text, &written, &path));
        if (!(b->flags & MQ_MODEL_NO_CODES))
            MQ_TRY(mq_codes_read(path, &model->list[i], b->error));
        model->list[i].path = path;
        model->lists++;
    }
    return MQ_OK;
}

/* What is written of an input besides its texts. */
struct draft {
    struct mq_input input; /* first, so that offsets agree */
    const struct mq_yaml *type, *column, *list, *decimals;
};

static const struct mq_key keys[] = {
    {"id", true, mq_bind_id, offsetof(struct draft, input.id), 0, 0},
    {"column", false, mq_bind_keep, offsetof(struct draft, column), 0, 0},
    {"type", true, mq_bind_keep, offsetof(struct draft, type), 0, 0},
    {"list", false, mq_bind_keep, offsetof(struct draft, list), 0, 0},
    {"decimals", false, mq_bind_keep, offsetof(struct draft, decimals), 0, 0},
    {"unit", false, mq_bind_text, offsetof(struct draft, input.unit), 0, 0},
    {"row", false, mq_bind_text, offsetof(struct draft, input.row), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct draft, input.title), 0, 0},
};
static const struct mq_section section = MQ_SECTION("an input", keys);

static enum mq_status bind_type(struct mq_binder *b, struct draft *draft)
{
    struct mq_input *input = &draft->input;
    const struct mq_key decimals = {.name = "decimals", .to = 18};
    int type = 0;
    MQ_TRY(mq_bind_choice(b, draft->type, type_names, TYPES, "types", &type));
    input->type = (enum mq_type)type;
    if (draft->decimals && input->type != MQ_AMOUNT)
        return mq_bind_fail(b, draft->decimals, "only an amount has \"decimals\"");
    if (draft->decimals)
        MQ_TRY(mq_bind_whole(b, draft->decimals, &decimals, &input->decimals));
    if (!draft->list)
        return MQ_OK;
    if (input->type != MQ_CODE)
        return mq_bind_fail(b, draft->list, "only a code has a \"list\"");
    if (b->model->lists == 0)
        return mq_bind_fail(b, draft->list,
                            "the model has no code lists; add them under \"codes\"");
    return mq_bind_choice(b, draft->list, b->model->list_id, b->model->lists, "code lists",
                          &input->list);
}

/* A column name may belong to one input only. */
static enum mq_status bind_columns(struct mq_binder *b, const struct draft *draft,
                                   struct mq_input *input)
{
    char name[MQ_QUOTED];
    if (draft->column) {
        MQ_TRY(mq_bind_texts(b, draft->column, "column", &input->alias, &input->aliases));
    } else {
        input->alias = mq_arena_array(&b->model->arena, 1, sizeof *input->alias);
        if (!input->alias)
            return mq_fail_memory(b->error);
        input->alias[0] = input->id;
        input->aliases = 1;
    }
    if (input->aliases == 0)
        return mq_bind_fail(b, draft->column, "\"column\" names no column");
    for (size_t i = 0; i < b->model->inputs; i++) {
        const struct mq_input *other = &b->model->input[i];
        for (size_t k = 0; k < other->aliases; k++)
            for (size_t a = 0; a < input->aliases; a++)
                if (strcmp(other->alias[k], input->alias[a]) == 0)
                    return mq_bind_fail(b, draft->column ? draft->column : draft->type,
                                        "column \"%s\" already belongs to the input at %ld:%ld",
                                        mq_quoted(mq_text(input->alias[a]), name), other->at.line,
                                        other->at.column);
    }
    return MQ_OK;
}

/* One key, one period. */
static enum mq_status note_special(struct mq_binder *b, const struct mq_yaml *type, size_t index)
{
    struct mq_model *model = b->model;
    const struct mq_input *input = &model->input[index];
    int *special = input->type == MQ_KEY      ? &model->key
                   : input->type == MQ_PERIOD ? &model->period
                                              : NULL;
    if (special && *special >= 0)
        return mq_bind_fail(b, type, "a second %s; the model already has one at %ld:%ld",
                            type_names[input->type], model->input[*special].at.line,
                            model->input[*special].at.column);
    if (special)
        *special = (int)index;
    return MQ_OK;
}

/* A row of the form is one input. */
static enum mq_status check_row(struct mq_binder *b, const struct mq_yaml *item, const char *row)
{
    char name[MQ_QUOTED];
    const struct mq_yaml *at = mq_yaml_get(item, "row");
    if (strpbrk(row, "[]"))
        return mq_bind_fail(b, at, "\"%s\" is no row: formulas write it in square brackets",
                            mq_quoted(mq_text(row), name));
    for (size_t i = 0; *row && i < b->model->inputs; i++)
        if (strcmp(b->model->input[i].row, row) == 0)
            return mq_bind_fail(b, at, "row \"%s\" already belongs to the input at %ld:%ld",
                                mq_quoted(mq_text(row), name), b->model->input[i].at.line,
                                b->model->input[i].at.column);
    return MQ_OK;
}

static enum mq_status bind_input(struct mq_binder *b, const struct mq_yaml *list, size_t index)
{
    const struct mq_yaml *item = list->item[index];
    char name[MQ_QUOTED];
    struct draft draft = {
        .input = {.list = -1, .unit = "", .title = "", .row = "", .at = item->at}};
    MQ_TRY(mq_bind_map(b, item, &section, &draft));
    const struct mq_yaml *id = mq_yaml_get(item, "id");
    if (!mq_formula_name(mq_text(draft.input.id)))
        return mq_bind_fail(
            b, id,
            "\"%s\" cannot be used in formulas: start with a letter, \"_\" or a Chinese "
            "character, go on with these, digits and \".\", and avoid words like and, "
            "or, not, if, in, where",
            mq_quoted(mq_text(draft.input.id), name));
    MQ_TRY(mq_bind_once(b, list, index, "input"));
    MQ_TRY(check_row(b, item, draft.input.row));
    MQ_TRY(bind_type(b, &draft));
    MQ_TRY(bind_columns(b, &draft, &draft.input));
    b->model->input[index] = draft.input;
    return note_special(b, draft.type, index);
}

enum mq_status mq_bind_inputs(struct mq_binder *b, const struct mq_yaml *inputs)
{
    struct mq_model *model = b->model;
    MQ_TRY(mq_bind_list(b, inputs, "inputs"));
    if (inputs->count == 0)
        return mq_bind_fail(b, inputs, "a model needs at least one input");
    model->input = mq_arena_array(&model->arena, inputs->count, sizeof *model->input);
    if (!model->input)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < inputs->count; i++) {
        MQ_TRY(bind_input(b, inputs, i));
        model->inputs++;
    }
    return MQ_OK;
}
