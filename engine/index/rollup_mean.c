/*
 * The value of a unit as the weighted mean of finer ones, and what becomes of those without a
 * value: mean = sum(w x) / sum(w) over the units that have one, of their own or borrowed. Sums are
 * exact, so the order of units does not matter.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

/* What a group comes to so far. */
struct mean {
    struct mq_exact sum, weights, all; /* all: of weights, those of empty units too */
    size_t own;                        /* units with a value of their own */
    bool scaled, borrowed, beyond;
};

static void take(struct mean *mean, double weight, double value, enum mq_reason reason)
{
    mean->scaled |= reason == MQ_RENORMALISED || reason == MQ_IMPUTED_RENORMALISED;
    mean->borrowed |= reason == MQ_IMPUTED || reason == MQ_IMPUTED_RENORMALISED;
    mean->beyond |= !isfinite(weight * value);
    if (mean->beyond)
        return;
    mq_exact_product(&mean->sum, weight, value);
    mq_exact_add(&mean->weights, weight);
}

static double own_value(const struct mq_rolling *rolling, const struct mq_member *member,
                        size_t node)
{
    return member->child == SIZE_MAX
               ? NAN
               : rolling->frame->value[member->child * rolling->frame->model->nodes + node];
}

static enum mq_status note(struct mq_rolling *rolling, const struct mq_emptied *rolled,
                           struct mq_error *error)
{
    struct mq_frame *frame = rolling->frame;

    if (frame->empties == rolling->capacity) {
        size_t capacity = 2 * rolling->capacity + 64;
        struct mq_emptied *grown =
            mq_arena_array(&frame->arena, capacity, sizeof *grown); /* the old ones stay behind */
        if (!grown)
            return mq_fail_memory(error);
        if (frame->empties)
            memcpy(grown, frame->emptied, frame->empties * sizeof *grown);
        frame->emptied = grown;
        rolling->capacity = capacity;
    }
    frame->emptied[frame->empties] = *rolled;
    frame->emptied[frame->empties].empty =
        mq_arena_string(&frame->arena, rolled->empty, strlen(rolled->empty));
    return frame->emptied[frame->empties++].empty ? MQ_OK : mq_fail_memory(error);
}

static enum mq_status fail_empty(const struct mq_rolling *rolling, const struct mq_member *member,
                                 size_t node, const char *advice, struct mq_error *error)
{
    const struct mq_frame *frame = rolling->frame;
    const struct mq_model *model = frame->model;
    const struct mq_unit *parent = &frame->unit[member->parent];
    const char *period = frame->period[parent->period];

    return mq_fail(error, MQ_BAD_MODEL, rolling->weights->path, member->weight->line, 1,
                   "unit %s has a weight in %s (%s) but no value of %s%s%s; %s",
                   member->weight->unit, parent->code[0] ? parent->code : parent->name,
                   parent->name, model->node[node].id, period[0] ? " in period " : "", period,
                   advice);
}

/* The first of the levels to borrow from that has a value. */
static enum mq_status borrow(struct mq_rolling *rolling, const struct mq_member *member,
                             size_t node, struct mq_emptied *rolled, struct mean *mean,
                             struct mq_error *error)
{
    const struct mq_frame *frame = rolling->frame;
    const struct mq_rollup *rollup = &frame->model->level[rolling->level].rollup;

    for (size_t i = 0; i < rollup->froms; i++) {
        size_t found, at;
        MQ_TRY(mq_around_code(&rolling->lender[i], member->weight->unit,
                              frame->unit[member->parent].period, &found, error));
        at = found * frame->model->nodes + node;
        if (found == SIZE_MAX || isnan(frame->value[at]))
            continue;
        rolled->level = rollup->from[i];
        rolled->from = frame->unit[found].code;
        rolled->value = frame->value[at];
        take(mean, member->weight->value, frame->value[at], (enum mq_reason)frame->reason[at]);
        mean->borrowed = true;
        return MQ_OK;
    }
    mean->scaled |= rollup->otherwise == MQ_EMPTY_RENORMALISE;
    if (rollup->otherwise == MQ_EMPTY_RENORMALISE)
        return MQ_OK;
    return fail_empty(rolling, member, node,
                      "none of the levels to borrow from has one either; take the line out, or add "
                      "a level to `from` or else: renormalise",
                      error);
}

static enum mq_status take_empty(struct mq_rolling *rolling, const struct mq_member *member,
                                 size_t node, struct mean *mean, struct mq_error *error)
{
    const struct mq_rollup *rollup = &rolling->frame->model->level[rolling->level].rollup;
    struct mq_emptied rolled = {.unit = (uint32_t)member->parent,
                                .node = (uint32_t)node,
                                .empty = member->weight->unit,
                                .share = member->weight->value / mq_exact_value(&mean->all),
                                .level = -1,
                                .value = NAN};

    if (rollup->empty == MQ_EMPTY_FAIL)
        return fail_empty(rolling, member, node,
                          "take the line out, or write in the model what becomes of empty units "
                          "(empty: renormalise or borrow)",
                          error);
    if (rollup->empty == MQ_EMPTY_BORROW)
        MQ_TRY(borrow(rolling, member, node, &rolled, mean, error));
    else
        mean->scaled = true;
    return note(rolling, &rolled, error);
}

static void settle(struct mq_frame *frame, size_t at, const struct mean *mean)
{
    double total = mq_exact_value(&mean->weights);
    double value = total > 0 && !mean->beyond ? mq_exact_value(&mean->sum) / total : NAN;

    if (mean->own == 0)
        return;
    frame->reason[at] = MQ_UNDEFINED;
    if (!isfinite(value))
        return;
    frame->value[at] = value;
    frame->reason[at] = mean->scaled && mean->borrowed ? MQ_IMPUTED_RENORMALISED
                        : mean->scaled                 ? MQ_RENORMALISED
                        : mean->borrowed               ? MQ_IMPUTED
                                                       : MQ_FINE;
}

static enum mq_status roll_node(struct mq_rolling *rolling, const struct mq_member *member,
                                size_t count, size_t node, struct mq_error *error)
{
    struct mq_frame *frame = rolling->frame;
    size_t nodes = frame->model->nodes;
    struct mean mean = {0};

    for (size_t i = 0; i < count; i++) {
        double value = own_value(rolling, &member[i], node);
        mq_exact_add(&mean.all, member[i].weight->value);
        if (isnan(value))
            continue;
        mean.own++;
        take(&mean, member[i].weight->value, value,
             (enum mq_reason)frame->reason[member[i].child * nodes + node]);
    }
    for (size_t i = 0; mean.own > 0 && i < count; i++)
        if (isnan(own_value(rolling, &member[i], node)) && member[i].weight->value > 0)
            MQ_TRY(take_empty(rolling, &member[i], node, &mean, error));
    settle(frame, member->parent * nodes + node, &mean);
    return MQ_OK;
}

enum mq_status mq_roll_group(struct mq_rolling *rolling, const struct mq_member *member,
                             size_t count, struct mq_error *error)
{
    const struct mq_model *model = rolling->frame->model;

    for (size_t k = 0; k < model->nodes; k++)
        if (model->node[k].leaf && !model->node[k].pooled && !model->node[k].growth)
            MQ_TRY(roll_node(rolling, member, count, k, error));
    return MQ_OK;
}
