/* localise: what it costs to change a field of a row that fails. */
#include "model/binder.h"

#include <math.h>
#include <string.h>

struct draft {
    const struct mq_yaml *weights;
    int most_fields;
};

static const struct mq_key keys[] = {
    {"weights", false, mq_bind_keep, offsetof(struct draft, weights), 0, 0},
    {"most_fields", false, mq_bind_whole, offsetof(struct draft, most_fields), 0, 1000000},
};
static const struct mq_section section = MQ_SECTION("localise", keys);

static enum mq_status bind_field(struct mq_binder *b, const struct mq_yaml *key, size_t *field)
{
    const struct mq_model *model = b->model;
    const char **known = mq_arena_array(&b->scratch, model->inputs + 1, sizeof *known);
    size_t i = 0;
    if (!known)
        return mq_fail_memory(b->error);
    for (size_t k = 0; k < model->inputs; k++)
        known[k] = model->input[k].id;
    while (i < model->inputs && strcmp(known[i], key->text) != 0)
        i++;
    if (i == model->inputs)
        return mq_bind_unknown(b, key, "no input is called", known, model->inputs, "inputs");
    if (model->input[i].type != MQ_AMOUNT && model->input[i].type != MQ_NUMBER)
        return mq_bind_fail(b, key,
                            "\"%s\" is no amount or number; only these are weighed against each "
                            "other",
                            known[i]);
    *field = i;
    return MQ_OK;
}

static enum mq_status bind_weight(struct mq_binder *b, const struct mq_yaml *value, double *weight)
{
    bool scalar = value->kind == MQ_YAML_SCALAR;
    if (scalar && strcmp(value->text, "never") == 0) {
        *weight = (double)INFINITY;
        return MQ_OK;
    }
    if (scalar && mq_real_parse(value->text, value->length, weight) == MQ_NUMBER_OK && *weight > 0)
        return MQ_OK;
    return mq_bind_fail(b, value,
                        "a weight is a number above 0: the higher, the less likely a field is to "
                        "be changed; or never");
}

enum mq_status mq_bind_localise(struct mq_binder *b, const struct mq_yaml *localise)
{
    struct mq_model *model = b->model;
    struct draft draft = {0};
    struct mq_localise_plan *plan = mq_arena_alloc(&model->arena, sizeof *plan);
    double *weight = mq_arena_array(&model->arena, model->inputs + 1, sizeof *weight);
    if (!plan || !weight)
        return mq_fail_memory(b->error);
    MQ_TRY(mq_bind_map(b, localise, &section, &draft));
    for (size_t i = 0; i < model->inputs; i++)
        weight[i] = 1;
    if (draft.weights && draft.weights->kind != MQ_YAML_MAP)
        return mq_bind_fail(b, draft.weights,
                            "\"weights\" is written as inputs with weights, like {sales: 2}");
    for (size_t i = 0; draft.weights && i < draft.weights->count; i++) {
        size_t field = 0;
        MQ_TRY(bind_field(b, draft.weights->key[i], &field));
        MQ_TRY(bind_weight(b, draft.weights->item[i], &weight[field]));
    }
    plan->weight = weight;
    plan->most_fields = draft.most_fields;
    model->localise = plan;
    return MQ_OK;
}
