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
    MQ_EDIT_PARAM_LOG,
    MQ_EDIT_PARAM_SIDE,
    MQ_EDIT_PARAM_MIN_OBS(5),
    {.name = NULL}};

static const char *check(const struct mq_choice *choice)
{
    const double *param = choice->param;
    const char *fault = mq_edit_multipliers(param[EXCLUDE], param[IMPUTE]);

    return fault ? fault : mq_edit_least(param[MIN_OBS]);
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
    bounds->spread = bounds->upper_quartile - bounds->lower_quartile;
    if (!(bounds->spread > 0)) {
        mq_edit_refuse(group, MQ_EDIT_NO_SPREAD, result);
        return;
    }
    mq_edit_set_bounds(bounds,
                       (struct mq_edit_distance){bounds->lower_quartile, bounds->spread,
                                                 bounds->upper_quartile, bounds->spread},
                       param[EXCLUDE], param[IMPUTE]);
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
    .shift = true,
    .run = run,
};
