/* corrections: what may be changed in a row, and how. */
#include "model/binder.h"

#include <math.h>
#include <string.h>

enum { MOST_PRORATED_DECIMALS = 9, MOST_POWER = 9 };

struct draft {
    const char *id, *title;
    const struct mq_yaml *prorate, *divide, *multiply, *where;
};
static const struct mq_key keys[] = {
    {"id", true, mq_bind_id, offsetof(struct draft, id), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct draft, title), 0, 0},
    {"prorate", false, mq_bind_keep, offsetof(struct draft, prorate), 0, 0},
    {"divide", false, mq_bind_keep, offsetof(struct draft, divide), 0, 0},
    {"multiply", false, mq_bind_keep, offsetof(struct draft, multiply), 0, 0},
    {"if", false, mq_bind_keep, offsetof(struct draft, where), 0, 0},
};
static const struct mq_section section = MQ_SECTION("a correction", keys);

struct prorate {
    const struct mq_yaml *total, *parts, *method, *weights, *fixed;
    double low, high;
};
static const struct mq_key prorate_keys[] = {
    {"total", true, mq_bind_keep, offsetof(struct prorate, total), 0, 0},
    {"parts", true, mq_bind_keep, offsetof(struct prorate, parts), 0, 0},
    {"method", false, mq_bind_keep, offsetof(struct prorate, method), 0, 0},
    {"weights", false, mq_bind_keep, offsetof(struct prorate, weights), 0, 0},
    {"fixed", false, mq_bind_keep, offsetof(struct prorate, fixed), 0, 0},
    {"low", false, mq_bind_real, offsetof(struct prorate, low), 0, 0},
    {"high", false, mq_bind_real, offsetof(struct prorate, high), 0, 0},
};
static const struct mq_section prorate_section = MQ_SECTION("prorate", prorate_keys);

struct factor {
    const struct mq_yaml *fields, *by;
};
static const struct mq_key factor_keys[] = {
    {"fields", true, mq_bind_keep, offsetof(struct factor, fields), 0, 0},
    {"by", true, mq_bind_keep, offsetof(struct factor, by), 0, 0},
};
static const struct mq_section divide_section = MQ_SECTION("divide", factor_keys);
static const struct mq_section multiply_section = MQ_SECTION("multiply", factor_keys);

static enum mq_status bind_amount(struct mq_binder *b, const struct mq_yaml *value, int *input)
{
    const struct mq_model *model = b->model;
    const char **known = mq_arena_array(&b->scratch, model->inputs + 1, sizeof *known);
    size_t amounts = 0;
    if (!known)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < model->inputs; i++) {
        const struct mq_input *of = model->input + i;
        if (of->type == MQ_AMOUNT)
            known[amounts++] = of->id;
        if (value->kind != MQ_YAML_SCALAR || strcmp(value->text, of->id) != 0)
            continue;
        *input = (int)i;
        if (of->type != MQ_AMOUNT)
            return mq_bind_fail(b, value, "\"%s\" is no amount; only amounts are corrected",
                                of->id);
        return MQ_OK;
    }
    return mq_bind_unknown(b, value, "no amount is called", known, amounts, "amounts");
}

/* Amounts that may change, each once. */
static enum mq_status bind_fields(struct mq_binder *b, const struct mq_yaml *list, const char *name,
                                  size_t least, struct mq_correction *correction)
{
    MQ_TRY(mq_bind_list(b, list, name));
    if (list->count < least)
        return mq_bind_fail(b, list, "\"%s\" names at least %zu amount%s", name, least,
                            least > 1 ? "s" : "");
    int *field = mq_arena_array(&b->model->arena, list->count, sizeof *field);
    if (!field)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < list->count; i++) {
        MQ_TRY(bind_amount(b, list->item[i], &field[i]));
        for (size_t k = 0; k < i; k++)
            if (field[k] == field[i])
                return mq_bind_fail(b, list->item[i], "\"%s\" stands in \"%s\" twice",
                                    list->item[i]->text, name);
    }
    correction->field = field;
    correction->fields = list->count;
    return MQ_OK;
}

/* Which part is meant. */
static enum mq_status find_part(struct mq_binder *b, const struct mq_yaml *value,
                                const struct mq_correction *correction, size_t *part)
{
    const struct mq_model *model = b->model;
    const char **known = mq_arena_array(&b->scratch, correction->fields, sizeof *known);
    int index = 0;
    if (!known)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < correction->fields; i++)
        known[i] = model->input[correction->field[i]].id;
    MQ_TRY(mq_bind_choice(b, value, known, correction->fields, "parts", &index));
    *part = (size_t)index;
    return MQ_OK;
}

static enum mq_status bind_weights(struct mq_binder *b, const struct mq_yaml *weights,
                                   struct mq_correction *correction)
{
    double *weight =
        mq_arena_array(&b->model->arena, correction->fields, sizeof *correction->weight);
    if (!weight)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < correction->fields; i++)
        weight[i] = 1;
    correction->weight = weight;
    if (weights && weights->kind != MQ_YAML_MAP)
        return mq_bind_fail(b, weights,
                            "\"weights\" is written as parts with weights, like {wages: 2}");
    for (size_t i = 0; weights && i < weights->count; i++) {
        const struct mq_yaml *value = weights->item[i];
        size_t part = 0;
        MQ_TRY(find_part(b, weights->key[i], correction, &part));
        if (value->kind != MQ_YAML_SCALAR ||
            mq_real_parse(value->text, value->length, &weight[part]) != MQ_NUMBER_OK ||
            !(weight[part] > 0))
            return mq_bind_fail(b, value,
                                "a weight is a number above 0: the higher, the less a part is "
                                "changed");
    }
    return MQ_OK;
}

static enum mq_status bind_fixed(struct mq_binder *b, const struct mq_yaml *list,
                                 struct mq_correction *correction)
{
    uint8_t *fixed = mq_arena_array(&b->model->arena, correction->fields, 1);
    size_t count = 0;
    if (!fixed)
        return mq_fail_memory(b->error);
    correction->fixed = fixed;
    if (list)
        MQ_TRY(mq_bind_list(b, list, "fixed"));
    for (size_t i = 0; list && i < list->count; i++) {
        size_t part = 0;
        MQ_TRY(find_part(b, list->item[i], correction, &part));
        count += !fixed[part];
        fixed[part] = 1;
    }
    return count < correction->fields
               ? MQ_OK
               : mq_bind_fail(b, list, "all parts are fixed: there is nothing left to change");
}

/* The difference is shared out in whole units of the last decimal, which parts must share. */
static enum mq_status check_decimals(struct mq_binder *b, const struct mq_yaml *parts,
                                     const struct mq_correction *correction)
{
    const struct mq_input *first = b->model->input + correction->field[0];
    for (size_t i = 0; i < correction->fields; i++) {
        const struct mq_input *part = b->model->input + correction->field[i];
        if (part->decimals > MOST_PRORATED_DECIMALS)
            return mq_bind_fail(b, parts->item[i], "\"%s\" has %d decimals; a part has at most %d",
                                part->id, part->decimals, MOST_PRORATED_DECIMALS);
        if (part->decimals != first->decimals)
            return mq_bind_fail(b, parts->item[i],
                                "\"%s\" has %d decimals and \"%s\" %d; all parts have the same "
                                "number",
                                part->id, part->decimals, first->id, first->decimals);
    }
    return MQ_OK;
}

static enum mq_status bind_prorate(struct mq_binder *b, const struct mq_yaml *map,
                                   struct mq_correction *correction)
{
    static const char *const methods[] = {"basic", "scaling"};
    struct prorate draft = {.high = (double)INFINITY};
    int method = 0;
    MQ_TRY(mq_bind_map(b, map, &prorate_section, &draft));
    MQ_TRY(bind_amount(b, draft.total, &correction->total));
    MQ_TRY(bind_fields(b, draft.parts, "parts", 2, correction));
    for (size_t i = 0; i < correction->fields; i++)
        if (correction->field[i] == correction->total)
            return mq_bind_fail(b, draft.parts->item[i], "the total \"%s\" is no part of itself",
                                draft.total->text);
    MQ_TRY(check_decimals(b, draft.parts, correction));
    if (draft.method)
        MQ_TRY(mq_bind_choice(b, draft.method, methods, 2, "methods", &method));
    correction->scaling = method == 1;
    MQ_TRY(bind_weights(b, draft.weights, correction));
    MQ_TRY(bind_fixed(b, draft.fixed, correction));
    correction->low = draft.low;
    correction->high = draft.high;
    if (!(draft.low <= 1))
        return mq_bind_fail(b, mq_yaml_get(map, "low"),
                            "\"low\" is at most 1: a part may become so many times what it was");
    if (!(draft.high >= 1))
        return mq_bind_fail(b, mq_yaml_get(map, "high"),
                            "\"high\" is at least 1: a part may become so many times what it was");
    return MQ_OK;
}

static enum mq_status bind_power(struct mq_binder *b, const struct mq_yaml *by, int *power)
{
    int64_t number = 0;
    if (by->kind == MQ_YAML_SCALAR &&
        mq_decimal_parse(by->text, by->length, 0, &number) == MQ_NUMBER_OK)
        for (*power = 0; number >= 10 && number % 10 == 0; number /= 10)
            ++*power;
    if (number != 1 || *power < 1 || *power > MOST_POWER)
        return mq_bind_fail(b, by, "\"by\" is a power of ten: 10, 100, 1000 ... up to 1000000000");
    return MQ_OK;
}

static enum mq_status bind_factor(struct mq_binder *b, const struct mq_yaml *map, bool divides,
                                  struct mq_correction *correction)
{
    struct factor draft = {0};
    int power = 0;
    MQ_TRY(mq_bind_map(b, map, divides ? &divide_section : &multiply_section, &draft));
    MQ_TRY(bind_fields(b, draft.fields, "fields", 1, correction));
    MQ_TRY(bind_power(b, draft.by, &power));
    correction->power = divides ? power : -power;
    return MQ_OK;
}

/* Exactly one way to correct, and of a factor a condition: it would change every row. */
static enum mq_status check_keys(struct mq_binder *b, const struct mq_yaml *map,
                                 const struct draft *draft)
{
    const struct mq_yaml *const way[] = {draft->prorate, draft->divide, draft->multiply};
    const struct mq_yaml *found = NULL;
    for (size_t i = 0; i < 3; i++) {
        if (way[i] && found)
            return mq_bind_fail(b, way[i],
                                "a correction has one of \"prorate\", \"divide\" and \"multiply\"");
        found = way[i] ? way[i] : found;
    }
    if (!found)
        return mq_bind_fail(b, map,
                            "a correction needs the key \"prorate\", \"divide\" or \"multiply\"");
    if (!draft->prorate && !draft->where)
        return mq_bind_fail(b, map,
                            "a correction that %s needs the key \"if\": which rows are wrong, like "
                            "if: revenue > 1000 * output",
                            draft->divide ? "divides" : "multiplies");
    return MQ_OK;
}

static enum mq_status bind_correction(struct mq_binder *b, const struct mq_yaml *map,
                                      struct mq_correction *correction)
{
    struct draft draft = {0};
    struct mq_condition condition = {0};
    MQ_TRY(mq_bind_map(b, map, &section, &draft));
    MQ_TRY(check_keys(b, map, &draft));
    for (size_t i = 0; i < b->model->rules; i++)
        if (strcmp(b->model->rule[i].id, draft.id) == 0)
            return mq_bind_fail(b, mq_yaml_get(map, "id"),
                                "a rule is called \"%s\" too; ids must differ", draft.id);
    correction->id = draft.id;
    correction->title = draft.title ? draft.title : draft.id;
    if (draft.where) {
        MQ_TRY(mq_bind_condition(b, draft.where, "if", &condition));
        correction->where = condition.program;
        correction->where_text = condition.text;
    }
    return draft.prorate ? bind_prorate(b, draft.prorate, correction)
                         : bind_factor(b, draft.divide ? draft.divide : draft.multiply,
                                       draft.divide != NULL, correction);
}

enum mq_status mq_bind_corrections(struct mq_binder *b, const struct mq_yaml *corrections)
{
    struct mq_model *model = b->model;
    MQ_TRY(mq_bind_list(b, corrections, "corrections"));
    model->correction =
        mq_arena_array(&model->arena, corrections->count + 1, sizeof *model->correction);
    if (!model->correction)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < corrections->count; i++) {
        MQ_TRY(bind_correction(b, corrections->item[i], &model->correction[i]));
        MQ_TRY(mq_bind_once(b, corrections, i, "correction"));
        model->corrections++;
    }
    return MQ_OK;
}
