/* median: the weighted median. */
#include <math.h>

#include "index/index_parts.h"

/* Weights that sum to one half up to this do so: they were rounded. */
static const double half_slack = 1e-12;

/* The two children in the middle; the same one twice where it is one. */
static void middle(const double *scores, const double *weights, size_t count, size_t *upper,
                   size_t *lower)
{
    double total = 0, above = 0;

    *lower = 0;
    for (size_t at = mq_next_child(scores, weights, count, SIZE_MAX); at != SIZE_MAX;
         at = mq_next_child(scores, weights, count, at)) {
        total += weights[at];
        *lower = at;
    }
    *upper = *lower;
    for (size_t at = mq_next_child(scores, weights, count, SIZE_MAX); at != SIZE_MAX;
         at = mq_next_child(scores, weights, count, at)) {
        above += weights[at];
        if (above < total / 2 - half_slack * total)
            continue;
        size_t next = mq_next_child(scores, weights, count, at);
        bool half = above <= total / 2 + half_slack * total && next != SIZE_MAX;
        *upper = at;
        *lower = half ? next : at;
        return;
    }
}

static double combine(const double *scores, const double *weights, size_t count,
                      const struct mq_choice *choice)
{
    size_t upper, lower;

    (void)choice;
    middle(scores, weights, count, &upper, &lower);
    return scores[lower] / 2 + scores[upper] / 2;
}

static void share(const double *scores, const double *weights, size_t count,
                  const struct mq_choice *choice, double *shares)
{
    size_t upper, lower;

    (void)choice;
    middle(scores, weights, count, &upper, &lower);
    for (size_t i = 0; i < count; i++)
        shares[i] = 0.5 * (i == upper) + 0.5 * (i == lower);
    double total = scores[lower] / 2 + scores[upper] / 2;
    for (size_t i = 0; i < count && total != 0; i++)
        shares[i] = shares[i] * scores[i] / total;
}

const struct mq_combiner mq_combine_median = {
    .method = {.name = "median",
               .title = "加权中位数",
               .summary =
                   "weighted median; with equal weights the ordinary median, the mean of the "
                   "two in the middle where the count is even",
               .formula =
                   "the score above which and below which less than half of the weight lies; "
                   "if half lies on either side, the mean of the two next to it",
               .reference = "Edgeworth (1888), On a new method of reducing observations; Cormen et "
                            "al., Introduction to Algorithms, problem 9-2",
               .params = NULL},
    .promise = MQ_AFFINE,
    .mean = true,
    .combine = combine,
    .share = share,
};
