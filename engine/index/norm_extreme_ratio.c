/* extreme_ratio: the ratio of the value to the best one, or of the best one to the value. */
#include <math.h>

#include "index/index_parts.h"

enum { BEST };

static const struct mq_param params_table[] = {{.name = NULL}};

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    double least, greatest;

    (void)params;
    mq_reference_range(reference->value, reference->count, &least, &greatest);
    fitted[BEST] = node->direction == MQ_UP ? greatest : least;
    return isfinite(fitted[BEST]) && fitted[BEST] > 0 ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    (void)ordered;
    if (node->direction == MQ_UP)
        return value / fitted[BEST];
    return value > 0 ? fitted[BEST] / value : NAN;
}

static const char *const names[] = {"best", NULL};

const struct mq_normaliser mq_norm_extreme_ratio = {
    .method = {.name = "extreme_ratio",
               .title = "极值比法（线性比例法）",
               .summary = "ratio to the best reference value, turned over where less is better",
               .formula = "s = x / max; down: min / x; none if the best is not greater than 0; "
                          "down: undefined for x <= 0",
               .reference = "linear scale transformation, max method, of multi-criteria analysis: "
                            "Hwang, Yoon (1981), Multiple Attribute Decision Making",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_SCALE,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
