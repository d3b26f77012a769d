/* growth: of an indicator, computed from other indicators of the same unit. */
#include "model/binder.h"

#include <string.h>

struct written {
    const struct mq_yaml *of, *over, *share_of;
};

static const struct mq_key keys[] = {
    {"of", true, mq_bind_keep, offsetof(struct written, of), 0, 0},
    {"over", false, mq_bind_keep, offsetof(struct written, over), 0, 0},
    {"share_of", false, mq_bind_keep, offsetof(struct written, share_of), 0, 0},
};
static const struct mq_section section = MQ_SECTION("growth", keys);

/* An indicator with a formula. */
static enum mq_status bind_operand(struct mq_binder *b, const struct mq_node_draft *draft,
                                   const struct mq_yaml *value, int *found)
{
    const struct mq_model *model = b->model;
    const char **ids = mq_arena_array(&b->scratch, model->nodes, sizeof *ids);
    if (!ids)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < model->nodes; i++)
        ids[i] = model->node[i].id;
    MQ_TRY(mq_bind_choice(b, value, ids, model->nodes, "indicators", found));
    return model->node[*found].leaf && !draft[*found].growth
               ? MQ_OK
               : mq_bind_fail(b, value,
                              "growth is that of an indicator with a formula; \"%s\" has %s",
                              ids[*found], draft[*found].growth ? "growth itself" : "none");
}

/* What people read in place of a formula. */
static const char *wording(struct mq_binder *b, const struct mq_growth *growth)
{
    const char *x = b->model->node[growth->of].id, *y = b->model->node[growth->over].id;
    return growth->share
               ? mq_arena_format(&b->model->arena, "100 * (%s - %s[-1]) / (%s - %s[-1])", x, x, y,
                                 y)
               : mq_arena_format(&b->model->arena, "100 * (%s - %s[-1]) / %s[-1]", x, x, y);
}

enum mq_status mq_bind_growth(struct mq_binder *b, const struct mq_node_draft *draft, size_t index)
{
    struct mq_model *model = b->model;
    struct mq_node *node = &model->node[index];
    struct mq_growth *growth = mq_arena_alloc(&model->arena, sizeof *growth);
    struct written w = {0};
    if (!growth)
        return mq_fail_memory(b->error);
    if (model->period < 0)
        return mq_bind_fail(b, draft[index].growth, "growth needs an input of type period");
    if (draft[index].growth->kind == MQ_YAML_SCALAR)
        w.of = draft[index].growth;
    else
        MQ_TRY(mq_bind_map(b, draft[index].growth, &section, &w));
    if (w.over && w.share_of)
        return mq_bind_fail(b, w.share_of, "\"over\" and \"share_of\" exclude each other");
    growth->share = w.share_of != NULL;
    MQ_TRY(bind_operand(b, draft, w.of, &growth->of));
    growth->over = growth->of;
    if (w.over || w.share_of)
        MQ_TRY(bind_operand(b, draft, w.over ? w.over : w.share_of, &growth->over));
    node->formula.text = wording(b, growth);
    node->formula.coverage_mask = model->node[growth->of].formula.coverage_mask;
    node->growth = growth;
    return node->formula.text ? MQ_OK : mq_fail_memory(b->error);
}
