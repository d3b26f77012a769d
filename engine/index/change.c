/*
 * Change against the previous period: the same level, unit and node in the period just before,
 * among the periods of the data. The first period is compared with the latest earlier one of
 * another run, if there is one.
 */
#include <math.h>
#include <string.h>

#include "index/index_parts.h"

static void compare(struct mq_score *score, const struct mq_score *before, uint64_t enterprises)
{
    score->previous_enterprises = enterprises;
    score->previous = before->value;
    score->previous_rank = before->rank;
    score->change = score->value - before->value;
}

static void compare_within(struct mq_scores *scores)
{
    const struct mq_frame *frame = scores->frame;
    size_t nodes = frame->model->nodes;

    for (size_t i = 0; i < frame->units; i++) {
        const struct mq_unit *unit = &frame->unit[i];
        size_t before = SIZE_MAX;
        if (unit->period > 0)
            before = mq_frame_find(frame, unit->period - 1, unit->level, unit->code);
        for (size_t k = 0; k < nodes && before != SIZE_MAX; k++)
            compare(&scores->score[i * nodes + k], &scores->score[before * nodes + k],
                    frame->unit[before].enterprises);
    }
}

/* The latest period of another run before the first one of this; a blank period says nothing about
 * time. */
static size_t period_before(const struct mq_frame *frame, const struct mq_frame *other)
{
    size_t found = SIZE_MAX;

    for (size_t i = 0; i < other->periods && frame->periods; i++)
        if (strcmp(other->period[i], frame->period[0]) < 0 || !frame->period[0][0])
            found = i;
    return found;
}

static size_t level_in(const struct mq_model *model, const char *id)
{
    for (size_t i = 0; i < model->levels; i++)
        if (strcmp(model->level[i].id, id) == 0)
            return i;
    return SIZE_MAX;
}

static size_t node_in(const struct mq_model *model, const char *id)
{
    for (size_t i = 0; i < model->nodes; i++)
        if (strcmp(model->node[i].id, id) == 0)
            return i;
    return SIZE_MAX;
}

/* Ids of this model -> places in the other one's. */
struct places {
    size_t *level, *node;
};

static void compare_unit(struct mq_scores *scores, const struct mq_scores *against, size_t period,
                         const struct places *places, size_t i)
{
    const struct mq_unit *unit = &scores->frame->unit[i];
    size_t nodes = scores->model->nodes, level = places->level[unit->level], before;

    if (level == SIZE_MAX)
        return;
    before = mq_frame_find(against->frame, (uint32_t)period, (uint32_t)level, unit->code);
    for (size_t k = 0; k < nodes && before != SIZE_MAX; k++)
        if (places->node[k] != SIZE_MAX)
            compare(&scores->score[i * nodes + k],
                    &against->score[before * against->model->nodes + places->node[k]],
                    against->frame->unit[before].enterprises);
}

enum mq_status mq_change(struct mq_scores *scores, const struct mq_scores *against,
                         struct mq_error *error)
{
    const struct mq_model *model = scores->model;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct places places;
    size_t period;

    compare_within(scores);
    period = against ? period_before(scores->frame, against->frame) : SIZE_MAX;
    if (period == SIZE_MAX)
        return MQ_OK;
    places.level = mq_arena_array(&arena, model->levels + 1, sizeof *places.level);
    places.node = mq_arena_array(&arena, model->nodes + 1, sizeof *places.node);
    if (!places.level || !places.node) {
        mq_arena_clear(&arena);
        return mq_fail_memory(error);
    }
    for (size_t i = 0; i < model->levels; i++)
        places.level[i] = level_in(against->model, model->level[i].id);
    for (size_t i = 0; i < model->nodes; i++)
        places.node[i] = node_in(against->model, model->node[i].id);
    for (size_t i = 0; i < scores->frame->units; i++)
        if (scores->frame->unit[i].period == 0)
            compare_unit(scores, against, period, &places, i);
    mq_arena_clear(&arena);
    return MQ_OK;
}
