/* fences: distance from the quartiles of the group in interquartile ranges. */
#include <math.h>

#include "validate/edit_parts.h"

enum { EXCLUDE, IMPUTE, LOG, SIDE, MIN_OBS };

static const struct mq_param params_table[] = {
    {.name = "exclude",
     .kind = MQ_PARAM_REAL,
     .fallback = 1.5,
     .meaning = "interquartile ranges to the inner fence; 0: none"},
    {.name = "impute",
     .kind = MQ_PARAM_REAL,
     .fallback = 3,
     .meaning = "interquartile ranges to the outer fence; 0: none"},
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
    const char *fault = mq_edit_multipliers(param[EXCLUDE], param[IMPUTE]);

    return fault ? fault : mq_edit_least(param[MIN_OBS]);
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
    for (size_t i = 0; logs && i < group->count; i++) /* NaN stays NaN */
        result->measure[i] = log(result->measure[i]);
    for (size_t i = 0; logs && i < used; i++)
        work[i] = log(work[i]);
    mq_edit_sort(work, work + used, used);
    mq_edit_quartiles(work, used, result);
    bounds->spread = bounds->upper_quartile - bounds->lower_quartile;
    if (!(bounds->spread > 0)) {
        mq_edit_refuse(group, MQ_EDIT_NO_SPREAD, result);
        return;
    }
    if (param[EXCLUDE] > 0) {
        bounds->low_exclude = bounds->lower_quartile - param[EXCLUDE] * bounds->spread;
        bounds->high_exclude = bounds->upper_quartile + param[EXCLUDE] * bounds->spread;
    }
    if (param[IMPUTE] > 0) {
        bounds->low_impute = bounds->lower_quartile - param[IMPUTE] * bounds->spread;
        bounds->high_impute = bounds->upper_quartile + param[IMPUTE] * bounds->spread;
    }
    mq_edit_judge(group, (enum mq_edit_side)param[SIDE], result);
}

const struct mq_edit_method mq_edit_fences = {
    .method = {.name = "fences",
               .title = "四分位栅栏审核",
               .summary = "beyond the fences at some interquartile ranges from the quartiles",
               .formula = "q1 - c (q3 - q1) <= x <= q3 + c (q3 - q1), c = exclude or impute; x may "
                          "be a quotient value / against, or its logarithm",
               .reference = "Tukey, J. W. (1977), Exploratory Data Analysis, Addison-Wesley, 2C",
               .params = params_table,
               .fault = check},
    .against = MQ_AGAINST_MAY,
    .shift = true,
    .run = run,
};
