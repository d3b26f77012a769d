/* efficacy: the linear efficacy coefficient between two fixed reference points. */
#include <math.h>

#include "index/index_parts.h"

enum { FAIL, PASS, LOW, HIGH, CLIP, COUNT };

static const struct mq_param params_table[] = {
    {.name = "fail",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "value that earns `low` (不允许值)"},
    {.name = "pass",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "value that earns `high` (满意值)"},
    {.name = "low", .kind = MQ_PARAM_REAL, .fallback = 60, .meaning = "score at `fail`"},
    {.name = "high", .kind = MQ_PARAM_REAL, .fallback = 100, .meaning = "score at `pass`"},
    {.name = "clip",
     .kind = MQ_PARAM_FLAG,
     .fallback = 1,
     .meaning = "keep scores within low and high"},
    {.name = NULL}};

static const char *check(const struct mq_node *node, const double *params)
{
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
    return params[FAIL] == params[PASS] || !isfinite(params[PASS] - params[FAIL]) ? MQ_NO_GOALPOSTS
                                                                                  : MQ_FINE;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double share = (value - fitted[FAIL]) / (fitted[PASS] - fitted[FAIL]), score;

    (void)node, (void)ordered;
    if (fitted[CLIP] != 0)
        share = share < 0 ? 0 : share > 1 ? 1 : share;
    score = fitted[LOW] + (fitted[HIGH] - fitted[LOW]) * share;
    /* Rounding must not carry a score past the end of the scale. */
    if (share >= 0 && share <= 1)
        score = score < fitted[LOW] ? fitted[LOW] : score > fitted[HIGH] ? fitted[HIGH] : score;
    return score;
}

static const char *const names[] = {"fail", "pass", "low", "high", "clip", NULL};

const struct mq_normaliser mq_norm_efficacy = {
    .method = {.name = "efficacy",
               .title = "功效系数法",
               .summary =
                   "linear from `low` at `fail` to `high` at `pass`, two fixed reference points",
               .formula =
                   "s = low + (high - low) * (x - fail) / (pass - fail), kept within [low, high] "
                   "if clip; for direction down fail > pass",
               .reference =
                   "OECD/JRC Handbook on Constructing Composite Indicators (2008), 5.5: distance "
                   "to reference points; score range 60-100 as the national index uses",
               .params = params_table},
    .promise = MQ_NO_PROMISE,
    .fitted_names = names,
    .check = check,
    .fit = fit,
    .apply = apply,
};
