/* Frame -> scores: normalise the leaves, combine up the tree, rank, band, compare. */
#include <math.h>
#include <stdlib.h>

#include "index/index_parts.h"

static enum mq_status find_groups(const struct mq_frame *frame, struct mq_arena *arena,
                                  struct mq_groups *groups, struct mq_error *error)
{
    groups->count = 0;
    groups->group =
        mq_arena_array(arena, frame->periods * frame->model->levels + 1, sizeof *groups->group);
    if (!groups->group)
        return mq_fail_memory(error);
    for (size_t i = 0; i < frame->units; i++) {
        const struct mq_unit *unit = &frame->unit[i];
        struct mq_group *last = groups->count ? &groups->group[groups->count - 1] : NULL;
        if (last && last->period == unit->period && last->level == unit->level)
            last->end = i + 1;
        else
            groups->group[groups->count++] = (struct mq_group){i, i + 1, unit->period, unit->level};
    }
    return MQ_OK;
}

static enum mq_status alloc_scores(struct mq_scores *scores, struct mq_error *error)
{
    size_t cells = scores->frame->units * scores->model->nodes;

    scores->score = mq_arena_array(&scores->arena, cells, sizeof *scores->score);
    scores->weight = mq_arena_array(&scores->arena, cells, sizeof *scores->weight);
    scores->fitted = mq_arena_array(&scores->arena, cells, sizeof *scores->fitted);
    if (!scores->score || !scores->weight || !scores->fitted)
        return mq_fail_memory(error);
    for (size_t i = 0; i < cells; i++) {
        scores->score[i] = (struct mq_score){
            .value = NAN, .coverage = NAN, .change = NAN, .previous = NAN, .band = -1};
        scores->weight[i] = NAN;
    }
    return MQ_OK;
}

static enum mq_status fill_scores(struct mq_scores *scores, const struct mq_scores *against,
                                  struct mq_error *error)
{
    const struct mq_model *model = scores->model;
    struct mq_groups groups;

    MQ_TRY(find_groups(scores->frame, &scores->arena, &groups, error));
    MQ_TRY(alloc_scores(scores, error));
    for (size_t i = model->nodes; i > 0; i--) { /* children before parents */
        int node = model->order[i - 1];
        if (model->node[node].leaf)
            MQ_TRY(mq_normalise(scores, node, &groups, error));
        else
            MQ_TRY(mq_combine(scores, node, &groups, error));
    }
    MQ_TRY(mq_rank(scores, &groups, error));
    mq_band(scores);
    return mq_change(scores, against, error);
}

enum mq_status mq_scores_new(const struct mq_frame *frame, const struct mq_scores *against,
                             struct mq_scores **scores, struct mq_error *error)
{
    enum mq_status status;

    *scores = calloc(1, sizeof **scores);
    if (!*scores)
        return mq_fail_memory(error);
    (*scores)->model = frame->model;
    (*scores)->frame = frame;
    status = fill_scores(*scores, against, error);
    if (status != MQ_OK) {
        mq_scores_free(*scores);
        *scores = NULL;
    }
    return status;
}

void mq_scores_free(struct mq_scores *scores)
{
    if (!scores)
        return;
    mq_arena_clear(&scores->arena);
    free(scores);
}
