/* mad: distance from the median of the group in median absolute deviations. */
#include <math.h>

#include "validate/edit_parts.h"

enum { K, LOG, SIDE, MIN_OBS };

static const struct mq_param params_table[] = {
    {.name = "k",
     .kind = MQ_PARAM_REAL,
     .fallback = 3.5,
     .meaning = "outliers are further away than this many sigma"},
    {.name = "log",
     .kind = MQ_PARAM_FLAG,
     .fallback = 0,
     .meaning = "judge logarithms: for amounts of enterprises of very different size"},
    {.name = "side",
     .kind = MQ_PARAM_CHOICE,
     .fallback = MQ_SIDE_BOTH,
     .choices = mq_edit_sides,
     .meaning = "which outliers are looked for"},
    {.name = "min_obs",
     .kind = MQ_PARAM_REAL,
     .fallback = 5,
     .meaning = "groups with fewer usable rows are not judged"},
    {.name = NULL}};

static const char *check(const double *param)
{
    return param[K] > 0 ? mq_edit_least(param[MIN_OBS]) : "`k` must be greater than 0";
}

static void run(const struct mq_edit_group *group, double *work, struct mq_edit_result *result)
{
    const double *param = group->param;
    bool logs = param[LOG] != 0;
    size_t used = mq_edit_gather(group, (struct mq_edit_usable){!logs, !logs}, work, result);
    struct mq_edit_bounds *bounds = &result->bounds;

    if (used == 0 || (double)used < param[MIN_OBS]) {
        mq_edit_refuse(group, MQ_EDIT_TOO_FEW, result);
        return;
    }
    for (size_t i = 0; logs && i < used; i++)
        work[i] = log(work[i]);
    mq_edit_sort(work, work + used, used);
    mq_edit_quartiles(work, used, result);
    bounds->spread = mq_edit_deviation(work, used, work + used);
    if (!(bounds->spread > 0)) {
        mq_edit_refuse(group, MQ_EDIT_NO_SPREAD, result);
        return;
    }
    for (size_t i = 0; i < group->count; i++) /* NaN stays NaN */
        result->measure[i] =
            ((logs ? log(result->measure[i]) : result->measure[i]) - bounds->median) /
            bounds->spread;
    bounds->low_impute = -param[K];
    bounds->high_impute = param[K];
    mq_edit_judge(group, (enum mq_edit_side)param[SIDE], result);
}

const struct mq_edit_method mq_edit_mad = {
    .method = {.name = "mad",
               .title = "中位数绝对偏差审核",
               .summary = "distance from the median of the group in median absolute deviations",
               .formula = "z = (x - med(x)) / (1.4826 med|x - med(x)|), |z| > k; x may be a "
                          "quotient value / against, or its logarithm",
               .reference = "Hampel, F. R. (1974), The influence curve and its role in robust "
                            "estimation, JASA 69, 383-393; Iglewicz, B. and Hoaglin, D. C. (1993), "
                            "How to detect and handle outliers, ASQC (k = 3.5)",
               .params = params_table,
               .fault = check},
    .against = MQ_AGAINST_MAY,
    .shift = true,
    .run = run,
};
