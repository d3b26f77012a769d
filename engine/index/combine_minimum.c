/* minimum: the weakest score. */
#include "index/index_parts.h"

static double combine(const double *scores, const double *weights, size_t count,
                      const struct mq_choice *choice)
{
    (void)weights;
    (void)choice;
    return mq_least(scores, count);
}

/* The weakest children carry it all, by their weights. */
static void share(const double *scores, const double *weights, size_t count,
                  const struct mq_choice *choice, double *shares)
{
    double least = mq_least(scores, count), sum = 0;

    (void)choice;
    for (size_t i = 0; i < count; i++)
        sum += shares[i] = scores[i] == least ? weights[i] : 0;
    for (size_t i = 0; i < count; i++)
        shares[i] /= sum;
}

const struct mq_combiner mq_combine_minimum = {
    .method = {.name = "minimum",
               .title = "最小值",
               .summary = "the weakest score; no other can make up for it. Weights matter only in "
                          "that a child of weight 0 does not count",
               .formula = "I = min(s), over w > 0",
               .reference = "Leontief; OECD/JRC Handbook on Constructing Composite Indicators "
                            "(2008), 6: no compensation",
               .params = NULL},
    .promise = MQ_AFFINE,
    .mean = true,
    .combine = combine,
    .share = share,
};
