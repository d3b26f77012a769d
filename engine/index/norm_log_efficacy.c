/* log_efficacy: equal factors of the value add equal points. */
#include <math.h>

#include "index/index_parts.h"

enum { FAIL, PASS, LOW, HIGH, COUNT };

static const struct mq_param params_table[] = {
    {.name = "fail",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "value that earns `low` (不允许值), greater than 0"},
    {.name = "pass",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "value that earns `high` (满意值), greater than 0"},
    {.name = "low", .kind = MQ_PARAM_REAL, .fallback = 60, .meaning = "score at `fail`"},
    {.name = "high", .kind = MQ_PARAM_REAL, .fallback = 100, .meaning = "score at `pass`"},
    {.name = NULL}};

static const char *check(const struct mq_node *node, const double *params)
{
    if (!(params[FAIL] > 0 && params[PASS] > 0))
        return "`fail` and `pass` must be greater than 0, for their logarithms are taken";
    if (params[LOW] >= params[HIGH])
        return "`low` must be less than `high`";
    return mq_points_fault(node, params[FAIL], params[PASS]);
}

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    double span = log(params[PASS] / params[FAIL]);

    (void)reference, (void)node;
    for (int i = 0; i < COUNT; i++)
        fitted[i] = params[i];
    return span == 0 || !isfinite(span) ? MQ_NO_GOALPOSTS : MQ_FINE;
}

/* Values that have no logarithm lie beyond the smaller of the two points. */
static double share_of(double value, const struct mq_node *node, const double *fitted)
{
    if (value <= 0)
        return node->direction == MQ_UP ? 0 : 1;
    return log(value / fitted[FAIL]) / log(fitted[PASS] / fitted[FAIL]);
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double share = share_of(value, node, fitted);

    (void)ordered;
    if (!(share > 0))
        return fitted[LOW];
    if (share >= 1)
        return fitted[HIGH];
    return fmin(fmax(fitted[LOW] + (fitted[HIGH] - fitted[LOW]) * share, fitted[LOW]),
                fitted[HIGH]);
}

static const char *const names[] = {"fail", "pass", "low", "high", NULL};

const struct mq_normaliser mq_norm_log_efficacy = {
    .method = {.name = "log_efficacy",
               .title = "对数功效函数法",
               .summary = "logarithmic from `low` at `fail` to `high` at `pass`: progress near "
                          "`fail` counts for more",
               .formula =
                   "s = low + (high - low) * (ln x - ln fail) / (ln pass - ln fail), always kept "
                   "within [low, high]; x <= 0 scores as the smaller of fail and pass; for "
                   "direction down fail > pass",
               .reference =
                   "logarithmic efficacy function of Chinese index practice: d = 60 + 40 * "
                   "(ln x - ln x_s) / (ln x_h - ln x_s)",
               .params = params_table},
    .promise = MQ_NO_PROMISE,
    .fitted_names = names,
    .check = check,
    .fit = fit,
    .apply = apply,
};
