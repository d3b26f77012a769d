/* power: the weighted power mean of any order. */
#include <math.h>

#include "index/index_parts.h"

/* Below this order s^p loses what tells scores apart, and the logarithmic form is exact enough. */
static const double small_order = 1e-3;

/* (sum w * ratio^p)^(1/p) for ratios of the scores to `unit`. */
static double relative_mean(const double *scores, const double *weights, size_t count, double p,
                            double unit)
{
    struct mq_exact sum = {0};
    bool small = fabs(p) < small_order;

    for (size_t i = 0; i < count; i++) {
        double ratio = scores[i] / unit;
        double part = p == 0 ? log(ratio) : small ? expm1(p * log(ratio)) : pow(ratio, p);
        if (!isfinite(part))
            return NAN;
        mq_exact_product(&sum, weights[i], part);
    }
    double total = mq_exact_value(&sum);
    return p == 0 ? exp(total) : small ? exp(log1p(total) / p) : pow(total, 1 / p);
}

static double combine(const double *scores, const double *weights, size_t count,
                      const struct mq_choice *choice)
{
    double p = choice->param[0], least = mq_least(scores, count), greatest = scores[0], unit, mean;

    for (size_t i = 0; i < count; i++)
        greatest = scores[i] > greatest ? scores[i] : greatest;
    if (least < 0 || (least == 0 && p <= 0))
        return NAN;
    if (least == greatest)
        return least;
    /* Ratios to the score that weighs most: their powers lie in 0..1. */
    unit = p < 0 ? least : greatest;
    mean = unit * relative_mean(scores, weights, count, p, unit);
    return mean < least ? least : mean > greatest ? greatest : mean;
}

/* For p > 0 the powers add up; else in proportion to weight * score. */
static void share(const double *scores, const double *weights, size_t count,
                  const struct mq_choice *choice, double *shares)
{
    double p = choice->param[0], greatest = scores[0], sum = 0;

    for (size_t i = 0; i < count; i++)
        greatest = scores[i] > greatest ? scores[i] : greatest;
    if (!(p > 0) || !(greatest > 0)) {
        mq_linear_shares(scores, weights, count, shares);
        return;
    }
    for (size_t i = 0; i < count; i++)
        sum += shares[i] = weights[i] * pow(scores[i] / greatest, p);
    for (size_t i = 0; i < count; i++)
        shares[i] /= sum;
}

static const char *fault(const struct mq_choice *choice)
{
    return isfinite(choice->param[0]) ? NULL : "p must be a number";
}

static const struct mq_param params[] = {
    {.name = "p",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning =
         "order of the mean: 1 arithmetic, 0 geometric, -1 harmonic, 2 quadratic; the lower, "
         "the more a weak score counts"},
    {.name = NULL},
};

const struct mq_combiner mq_combine_power = {
    .method = {.name = "power",
               .title = "加权幂平均",
               .summary =
                   "weighted power mean of order p; not defined for negative scores, nor for "
                   "0 where p <= 0",
               .formula = "I = (sum(w * s^p))^(1/p); p = 0: exp(sum(w * ln s))",
               .reference = "Hardy, Littlewood and Polya, Inequalities (1934), ch. 2; genmean of "
                            "COINr",
               .params = params,
               .fault = fault},
    .promise = MQ_SCALE,
    .mean = true,
    .combine = combine,
    .share = share,
};
