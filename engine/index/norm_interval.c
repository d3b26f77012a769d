/* interval: best anywhere between two written values, worse the further outside. */
#include <math.h>

#include "index/index_parts.h"

enum { LOW, HIGH, FURTHEST };

static const struct mq_param params_table[] = {
    {.name = "low",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "least of the best values, in the indicator's own unit"},
    {.name = "high",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "greatest of the best values, in the indicator's own unit"},
    {.name = NULL}};

static const char *check(const struct mq_node *node, const double *params)
{
    if (node->direction == MQ_DOWN)
        return "the best values lie between `low` and `high`, so leave out direction: down";
    return params[LOW] < params[HIGH] ? NULL
                                      : "`low` must be less than `high`; for a single best value "
                                        "choose the method moderate";
}

/* How far outside the interval; not above 0 inside. */
static double outside(double value, const double *fitted)
{
    return fmax(fitted[LOW] - value, value - fitted[HIGH]);
}

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    double least, greatest;
    bool finite = mq_reference_range(reference->value, reference->count, &least, &greatest);

    (void)node;
    fitted[LOW] = params[LOW];
    fitted[HIGH] = params[HIGH];
    fitted[FURTHEST] = fmax(outside(least, params), outside(greatest, params));
    return finite && isfinite(fitted[FURTHEST]) ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double distance = outside(value, fitted);

    (void)node, (void)ordered;
    if (distance <= 0)
        return 1;
    return fitted[FURTHEST] > 0 ? 1 - distance / fitted[FURTHEST] : NAN;
}

static const char *const names[] = {"low", "high", "furthest", NULL};

const struct mq_normaliser mq_norm_interval = {
    .method = {.name = "interval",
               .title = "区间型指标法",
               .summary = "1 between `low` and `high`, 0 for the reference value furthest outside",
               .formula = "s = 1 for low <= x <= high; 1 - (low - x) / D below; 1 - (x - high) / D "
                          "above; D = max(low - min, max - high); if no reference value lies "
                          "outside, a unit that does is undefined",
               .reference = "interval indicators (区间型) of Chinese index practice",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_NO_PROMISE,
    .peaked = true,
    .fitted_names = names,
    .check = check,
    .fit = fit,
    .apply = apply,
};
