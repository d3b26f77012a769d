/* exp_efficacy: equal steps of the value multiply the score by equal factors. */
#include <math.h>

#include "index/index_parts.h"

enum { FAIL, PASS, LOW, HIGH, COUNT };

static const struct mq_param params_table[] = {
    {.name = "fail",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "value that earns `low` (不允许值)"},
    {.name = "pass",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "value that earns `high` (满意值)"},
    {.name = "low",
     .kind = MQ_PARAM_REAL,
     .fallback = 60,
     .meaning = "score at `fail`, greater than 0"},
    {.name = "high", .kind = MQ_PARAM_REAL, .fallback = 100, .meaning = "score at `pass`"},
    {.name = NULL}};

static const char *check(const struct mq_node *node, const double *params)
{
    if (!(params[LOW] > 0))
        return "`low` must be greater than 0, for scores grow by factors";
    if (params[LOW] >= params[HIGH])
        return "`low` must be less than `high`";
    return mq_points_fault(node, params[FAIL], params[PASS]);
}

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    (void)reference, (void)node;
    for (int i = 0; i < COUNT; i++)
        fitted[i] = params[i];
    return params[FAIL] == params[PASS] || !isfinite(params[PASS] - params[FAIL]) ||
                   !isfinite(params[HIGH] / params[LOW])
               ? MQ_NO_GOALPOSTS
               : MQ_FINE;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double share = (value - fitted[FAIL]) / (fitted[PASS] - fitted[FAIL]);

    (void)node, (void)ordered;
    if (!(share > 0))
        return fitted[LOW];
    if (share >= 1)
        return fitted[HIGH];
    return fmin(fmax(fitted[LOW] * pow(fitted[HIGH] / fitted[LOW], share), fitted[LOW]),
                fitted[HIGH]);
}

static const char *const names[] = {"fail", "pass", "low", "high", NULL};

const struct mq_normaliser mq_norm_exp_efficacy = {
    .method = {.name = "exp_efficacy",
               .title = "指数功效函数法",
               .summary =
                   "exponential from `low` at `fail` to `high` at `pass`: progress near `pass` "
                   "counts for more",
               .formula =
                   "s = low * exp(B * (x - fail) / (pass - fail)), B = ln(high / low), always "
                   "kept within [low, high]; for direction down fail > pass",
               .reference =
                   "exponential efficacy function of Chinese index practice: d = A * exp(B * "
                   "(x - x_s) / (x_h - x_s)), A = 60, B = ln(100 / 60)",
               .params = params_table},
    .promise = MQ_NO_PROMISE,
    .fitted_names = names,
    .check = check,
    .fit = fit,
    .apply = apply,
};
