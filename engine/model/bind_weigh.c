/* weights: of a parent, and of which level and periods the data are that they come from. */
#include "model/binder.h"

#include <string.h>

static enum mq_status bind_level(struct mq_binder *b, const struct mq_yaml *value,
                                 struct mq_node *node)
{
    const struct mq_model *model = b->model;
    const char **names = mq_arena_array(&b->scratch, model->levels + 1, sizeof *names);

    if (!names)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < model->levels; i++)
        names[i] = model->level[i].id;
    int index;
    MQ_TRY(mq_bind_choice(b, value, names, model->levels, "levels", &index));
    node->weigh_level = index + 1;
    return MQ_OK;
}

/* each | pooled | {period: "2020"} */
static enum mq_status bind_reference(struct mq_binder *b, const struct mq_yaml *value,
                                     struct mq_node *node)
{
    static const char *const names[] = {"each", "pooled"};
    static const enum mq_reference references[] = {MQ_REFERENCE_EACH, MQ_REFERENCE_POOLED};
    static const struct mq_key keys[] = {{"period", true, mq_bind_text, 0, 0, 0}};
    static const struct mq_section section = MQ_SECTION("a reference", keys);
    int index;

    if (value->kind != MQ_YAML_MAP) {
        MQ_TRY(mq_bind_choice(b, value, names, 2, "references (or {period: ...})", &index));
        node->weigh_reference = references[index];
        return MQ_OK;
    }
    MQ_TRY(mq_bind_map(b, value, &section, &node->weigh_period));
    if (b->model->period < 0)
        return mq_bind_fail(b, value, "the model has no input of type period");
    node->weigh_reference = MQ_REFERENCE_PERIOD;
    return MQ_OK;
}

enum mq_status mq_bind_weigh(struct mq_binder *b, const struct mq_yaml *value, struct mq_node *node)
{
    static const char *const own[] = {"level", "reference", NULL};
    const struct mq_yaml *level = mq_yaml_get(value, "level");
    const struct mq_yaml *reference = mq_yaml_get(value, "reference");

    node->weigh_reference = MQ_REFERENCE_EACH;
    MQ_TRY(mq_bind_aggregation(b, value, MQ_WEIGH, own, &node->weigh));
    if (level)
        MQ_TRY(bind_level(b, level, node));
    return reference ? bind_reference(b, reference, node) : MQ_OK;
}
