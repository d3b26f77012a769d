/* arithmetic: the weighted mean. */
#include "index/index_parts.h"

static double combine(const double *scores, const double *weights, size_t count,
                      const struct mq_choice *choice)
{
    (void)choice;
    return mq_mean(scores, weights, count);
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
    .mean = true,
    .additive = true,
    .combine = combine,
};
