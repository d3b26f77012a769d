/* mad: distance from the median of the group in median absolute deviations. */
#include <math.h>

#include "validate/edit_parts.h"

enum { K, LOG, SIDE, MIN_OBS };

static const struct mq_param params_table[] = {
    {.name = "k",
     .kind = MQ_PARAM_REAL,
     .fallback = 3.5,
     .meaning = "outliers are further away than this many sigma"},
    MQ_EDIT_PARAM_LOG,
    MQ_EDIT_PARAM_SIDE,
    MQ_EDIT_PARAM_MIN_OBS(5),
    {.name = NULL}};

static const char *check(const struct mq_choice *choice)
{
    const double *param = choice->param;
    return param[K] > 0 ? mq_edit_least(param[MIN_OBS]) : "`k` must be greater than 0";
}

static void run(const struct mq_edit_group *group, double *work, struct mq_edit_result *result)
{
    const double *param = group->param;
    bool logs = param[LOG] != 0;
    size_t used = mq_edit_start(group, (struct mq_edit_usable){!logs, !logs}, param[MIN_OBS], logs,
                                work, result);
    struct mq_edit_bounds *bounds = &result->bounds;

    if (!used)
        return;
    bounds->spread = mq_edit_deviation(work, used, work + used);
    if (!(bounds->spread > 0)) {
        mq_edit_refuse(group, MQ_EDIT_NO_SPREAD, result);
        return;
    }
    for (size_t i = 0; i < group->count; i++) /* NaN stays NaN */
        result->measure[i] = (result->measure[i] - bounds->median) / bounds->spread;
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
    .shift = true,
    .run = run,
};
