/* geometric: the weighted geometric mean. */
#include <math.h>

#include "index/index_parts.h"

static double combine(const double *scores, const double *weights, size_t count,
                      const struct mq_choice *choice)
{
    struct mq_exact sum = {0};
    double least = scores[0], greatest = scores[0], mean;

    (void)choice;
    for (size_t i = 0; i < count; i++) {
        if (!(scores[i] > 0))
            return NAN;
        mq_exact_product(&sum, weights[i], log(scores[i]));
        least = scores[i] < least ? scores[i] : least;
        greatest = scores[i] > greatest ? scores[i] : greatest;
    }
    mean = exp(mq_exact_value(&sum));
    return mean < least ? least : mean > greatest ? greatest : mean;
}

static void share(const double *scores, const double *weights, size_t count,
                  const struct mq_choice *choice, double *shares)
{
    struct mq_exact sum = {0};
    double total;

    (void)choice;
    for (size_t i = 0; i < count; i++)
        mq_exact_product(&sum, weights[i], log(scores[i]));
    total = mq_exact_value(&sum);
    /* A score of exactly 1 has a logarithm of 0 and nothing to share: by weight then. */
    for (size_t i = 0; i < count; i++)
        shares[i] = total == 0 ? weights[i] : weights[i] * log(scores[i]) / total;
}

const struct mq_combiner mq_combine_geometric = {
    .method =
        {.name = "geometric",
         .title = "加权几何平均",
         .summary =
             "weighted geometric mean; punishes imbalance, not defined for scores of 0 or below",
         .formula = "I = exp(sum(w * ln s)), s > 0",
         .reference =
             "OECD/JRC Handbook on Constructing Composite Indicators (2008), 6.3: geometric "
             "aggregation",
         .params = NULL},
    .promise = MQ_SCALE,
    .mean = true,
    .combine = combine,
    .share = share,
};
