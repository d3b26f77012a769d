/* zscore: distance from the mean of the reference units in standard deviations. */
#include <math.h>

#include "index/index_parts.h"

enum { MEAN, SD, CENTRE, SPREAD };

static const struct mq_param params_table[] = {
    {.name = "mean",
     .kind = MQ_PARAM_REAL,
     .fallback = 0,
     .meaning = "score of the mean reference value"},
    {.name = "sd",
     .kind = MQ_PARAM_REAL,
     .fallback = 1,
     .meaning = "score points of one standard deviation"},
    {.name = NULL}};

static const char *check(const struct mq_node *node, const double *params)
{
    (void)node;
    return params[SD] > 0 ? NULL : "`sd` must be greater than 0";
}

/* Sample standard deviation around a rounded mean, with the correction that this rounding asks for.
 * Deviations are scaled by a power of two so that their squares stay in range; the sums are exact,
 * so order does not matter. */
static double deviation(const double *values, size_t count, double mean)
{
    struct mq_exact squares = {0}, sum = {0};
    double largest = 0, rest;
    int exponent;

    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(values[i] - mean));
    if (!isfinite(largest) || largest == 0)
        return largest;
    frexp(largest, &exponent);
    for (size_t i = 0; i < count; i++) {
        double distance = ldexp(values[i] - mean, -exponent);
        mq_exact_product(&squares, distance, distance);
        mq_exact_add(&sum, distance);
    }
    rest = mq_exact_value(&sum);
    return ldexp(
        sqrt((mq_exact_value(&squares) - rest * rest / (double)count) / (double)(count - 1)),
        exponent);
}

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    const double *values = reference->value;
    size_t count = reference->count;
    struct mq_exact sum = {0};
    bool constant = true;

    (void)node;
    fitted[MEAN] = params[MEAN];
    fitted[SD] = params[SD];
    fitted[CENTRE] = fitted[SPREAD] = NAN;
    for (size_t i = 0; i < count; i++) {
        mq_exact_add(&sum, values[i]);
        constant = constant && values[i] == values[0];
    }
    if (constant)
        return MQ_NO_GOALPOSTS;
    fitted[CENTRE] = mq_exact_value(&sum) / (double)count;
    fitted[SPREAD] = deviation(values, count, fitted[CENTRE]);
    return isfinite(fitted[CENTRE]) && isfinite(fitted[SPREAD]) && fitted[SPREAD] > 0
               ? MQ_FINE
               : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double distance = (value - fitted[CENTRE]) / fitted[SPREAD];

    (void)ordered;
    return fitted[MEAN] + fitted[SD] * (node->direction == MQ_UP ? distance : -distance);
}

static const char *const names[] = {"mean", "sd", "centre", "spread", NULL};

const struct mq_normaliser mq_norm_zscore = {
    .method = {.name = "zscore",
               .title = "标准化法",
               .summary =
                   "distance from the mean of the reference units in standard deviations (n - 1)",
               .formula =
                   "s = mean + sd * (x - m) / sqrt(sum((x_i - m)^2) / (n - 1)), m = sum(x_i) / n; "
                   "down: (m - x)",
               .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 5.3",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_AFFINE,
    .fitted_names = names,
    .check = check,
    .fit = fit,
    .apply = apply,
};
