/* harmonic: the weighted harmonic mean. */
#include <math.h>

#include "index/index_parts.h"

static double combine(const double *scores, const double *weights, size_t count,
                      const struct mq_choice *choice)
{
    double least = mq_least(scores, count), greatest = scores[0], mean;
    struct mq_exact sum = {0};

    (void)choice;
    if (!(least > 0))
        return NAN;
    /* Relative to the least score no quotient can overflow. */
    for (size_t i = 0; i < count; i++) {
        mq_exact_product(&sum, weights[i], least / scores[i]);
        greatest = scores[i] > greatest ? scores[i] : greatest;
    }
    mean = least / mq_exact_value(&sum);
    return mean < least ? least : mean > greatest ? greatest : mean;
}

const struct mq_combiner mq_combine_harmonic = {
    .method = {.name = "harmonic",
               .title = "加权调和平均",
               .summary =
                   "weighted harmonic mean; punishes a weak score more than the geometric mean, "
                   "not defined for scores of 0 or below",
               .formula = "I = 1 / sum(w / s), s > 0",
               .reference =
                   "OECD/JRC Handbook on Constructing Composite Indicators (2008), 6.3; the mean "
                   "of order -1",
               .params = NULL},
    .promise = MQ_SCALE,
    .mean = true,
    .combine = combine,
};
