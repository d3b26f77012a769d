/* quantile_clip: values beyond two quantiles are brought to them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/treat_parts.h"

static enum mq_status treat(const double *value, size_t count, const struct mq_choice *choice,
                            double *treated, struct mq_error *error)
{
    double *ordered = malloc(count * sizeof *ordered), low, high;

    if (!ordered)
        return mq_fail_memory(error);
    memcpy(ordered, value, count * sizeof *ordered);
    qsort(ordered, count, sizeof *ordered, mq_compare_reals);
    low = mq_quantile(ordered, count, choice->param[0]);
    high = mq_quantile(ordered, count, choice->param[1]);
    free(ordered);
    for (size_t i = 0; i < count; i++)
        treated[i] = value[i] < low ? low : value[i] > high ? high : value[i];
    return MQ_OK;
}

static const char *fault(const struct mq_choice *choice)
{
    double low = choice->param[0], high = choice->param[1];

    return low >= 0 && low < high && high <= 1
               ? NULL
               : "`low` and `high` are shares from 0 to 1, `low` the smaller one";
}

static const struct mq_param params[] = {
    {.name = "low",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "share of values below the lower limit, such as 0.05; 0 keeps the lower end"},
    {.name = "high",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "share of values below the upper limit, such as 0.95; 1 keeps the upper end"},
    {.name = NULL},
};

const struct mq_treater mq_treat_quantile_clip = {
    .method = {.name = "quantile_clip",
               .title = "分位数截断",
               .summary = "values below one quantile or above another become that quantile",
               .formula = "z = min(max(x, Q(low)), Q(high)); Q(p) = x_(k) + f * (x_(k+1) - x_(k)), "
                          "k + f = 1 + (n - 1) * p",
               .reference = "Hyndman, Fan (1996), American Statistician 50: 361-365, type 7",
               .params = params,
               .fault = fault},
    .treat = treat,
};
