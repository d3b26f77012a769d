/*
 * Ranks: highest 1, ties share the better rank and the next is skipped.
 *
 * Two scores tie when they are the same at 12 decimals: what differs only beyond that is a trace of
 * arithmetic, and must not put one unit before another. (Rounding keeps order, so ties are
 * neighbours in a sorted list.)
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

enum { TIE_DECIMALS = 12 };

struct place {
    double value;
    size_t unit;
};

static int highest_first(const void *a, const void *b)
{
    const struct place *left = a, *right = b;

    if (left->value != right->value)
        return left->value < right->value ? 1 : -1;
    return (left->unit > right->unit) - (left->unit < right->unit);
}

static bool tie(double a, double b, enum mq_rounding rounding)
{
    char left[352], right[352];

    if (a == b)
        return true;
    if (fabs(a - b) > 1e-11 * (1 + fabs(a))) /* far apart at 12 decimals and at 15 digits */
        return false;
    return strcmp(mq_round_text(a, TIE_DECIMALS, rounding, left),
                  mq_round_text(b, TIE_DECIMALS, rounding, right)) == 0;
}

static void rank_group(struct mq_scores *scores, const struct mq_group *group, size_t node,
                       struct place *places)
{
    const struct mq_model *model = scores->model;
    size_t count = 0;

    for (size_t i = group->begin; i < group->end; i++) {
        double value = scores->score[i * model->nodes + node].value;
        if (!isnan(value))
            places[count++] = (struct place){value, i};
    }
    if (count)
        qsort(places, count, sizeof *places, highest_first);
    for (size_t k = 0, rank = 1; k < count; k++) {
        struct mq_score *score = &scores->score[places[k].unit * model->nodes + node];
        if (k > 0 && !tie(places[k - 1].value, places[k].value, model->rounding))
            rank = k + 1;
        score->rank = (uint32_t)rank;
        score->of = (uint32_t)count;
    }
}

enum mq_status mq_rank(struct mq_scores *scores, const struct mq_groups *groups,
                       struct mq_error *error)
{
    struct place *places = malloc((scores->frame->units + 1) * sizeof *places);

    if (!places)
        return mq_fail_memory(error);
    for (size_t g = 0; g < groups->count; g++)
        for (size_t node = 0; node < scores->model->nodes; node++)
            rank_group(scores, &groups->group[g], node, places);
    free(places);
    return MQ_OK;
}
