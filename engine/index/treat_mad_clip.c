/* mad_clip: values too far from the median are brought nearer. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/treat_parts.h"

/* 1 / (third quartile of the normal distribution): the deviation is sd-like then. */
static const double normal = 1.4826;

/* Orders `values`. */
static double median_of(double *values, size_t count)
{
    qsort(values, count, sizeof *values, mq_compare_reals);
    return mq_quantile(values, count, 0.5);
}

static enum mq_status treat(const double *value, size_t count, const struct mq_choice *choice,
                            double *treated, struct mq_error *error)
{
    double *work = malloc(count * sizeof *work), median, reach;

    if (!work)
        return mq_fail_memory(error);
    memcpy(treated, value, count * sizeof *treated);
    memcpy(work, value, count * sizeof *work);
    median = median_of(work, count);
    for (size_t i = 0; i < count; i++)
        work[i] = fabs(value[i] - median);
    reach = choice->param[0] * normal * median_of(work, count);
    free(work);
    for (size_t i = 0; i < count && reach > 0; i++)
        treated[i] = fmin(fmax(value[i], median - reach), median + reach);
    return MQ_OK;
}

static const char *fault(const struct mq_choice *choice)
{
    return choice->param[0] > 0 ? NULL : "`k` must be greater than 0";
}

static const struct mq_param params[] = {
    {.name = "k",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "how many deviations from the median a value may be away, such as 3"},
    {.name = NULL},
};

const struct mq_treater mq_treat_mad_clip = {
    .method = {.name = "mad_clip",
               .title = "绝对中位差截断",
               .summary =
                   "values further than k median absolute deviations from the median are brought "
                   "to that distance; where the deviation is 0 all values stay",
               .formula =
                   "z = min(max(x, m - r), m + r), m = median(x), r = k * 1.4826 * median(|x - m|)",
               .reference =
                   "Hampel (1974), J. American Statistical Association 69: 383-393; Leys et al. "
                   "(2013), J. Experimental Social Psychology 49: 764-766",
               .params = params,
               .fault = fault},
    .treat = treat,
};
