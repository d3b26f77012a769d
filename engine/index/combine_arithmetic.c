/* arithmetic: the weighted mean. */
#include "index/index_parts.h"

static double combine(const double *scores, const double *weights, size_t count,
                      const double *params)
{
    struct mq_exact sum = {0};
    double least = scores[0], greatest = scores[0], mean;

    (void)params;
    for (size_t i = 0; i < count; i++) {
        mq_exact_product(&sum, weights[i], scores[i]);
        least = scores[i] < least ? scores[i] : least;
        greatest = scores[i] > greatest ? scores[i] : greatest;
    }
    /* Rounded weights may sum to 1 only nearly; a mean still lies between its ends. */
    mean = mq_exact_value(&sum);
    return mean < least ? least : mean > greatest ? greatest : mean;
}

const struct mq_combiner mq_combine_arithmetic = {
    .method = {.name = "arithmetic",
               .title = "加权算术平均",
               .summary = "weighted mean; a weak score can be made up for by a strong one",
               .formula = "I = sum(w * s)",
               .reference =
                   "OECD/JRC Handbook on Constructing Composite Indicators (2008), 6.2: linear "
                   "aggregation",
               .params = NULL},
    .promise = MQ_AFFINE,
    .combine = combine,
    .share = NULL,
};
