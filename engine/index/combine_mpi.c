/* mpi: the mean, less a penalty for imbalance among the scores. */
#include <math.h>

#include "index/index_parts.h"

double mq_penalised_mean(const double *scores, const double *weights, size_t count, bool up)
{
    double mean = mq_mean(scores, weights, count), penalty;
    struct mq_exact squares = {0};

    if (!(mean > 0))
        return NAN;
    for (size_t i = 0; i < count; i++) {
        double apart = (scores[i] - mean) * (scores[i] - mean);
        if (!isfinite(apart))
            return NAN;
        mq_exact_product(&squares, weights[i], apart);
    }
    penalty = mq_exact_value(&squares) / mean; /* S * cv = S^2 / M */
    return up ? mean + penalty : mean - penalty;
}

static double combine(const double *scores, const double *weights, size_t count,
                      const struct mq_choice *choice)
{
    return mq_penalised_mean(scores, weights, count, choice->param[0] > 0);
}

static const char *const directions[] = {"positive", "negative", NULL};
static const struct mq_param params[] = {
    {.name = "direction",
     .kind = MQ_PARAM_CHOICE,
     .choices = directions,
     .meaning = "positive (the default): more is better, imbalance lowers the score; negative: the "
                "index measures something bad, imbalance raises it"},
    {.name = NULL},
};

const struct mq_combiner mq_combine_mpi = {
    .method = {.name = "mpi",
               .title = "Mazziotta–Pareto 指数",
               .summary =
                   "weighted mean with a penalty for imbalance, for scores such as zscore {mean: "
                   "100, sd: 10}; not defined where the mean is 0 or below",
               .formula =
                   "I = M - S * cv (negative: +), M = sum(w * s), S^2 = sum(w * (s - M)^2), cv = S "
                   "/ M; S of the population (/p), as the authors define it (Compind divides by p "
                   "- 1)",
               .reference =
                   "Mazziotta and Pareto (2016), Social Indicators Research 127: 983-1003; "
                   "weighted: RIEDS 76 (2022)",
               .params = params},
    .promise = MQ_SCALE,
    .combine = combine,
};
