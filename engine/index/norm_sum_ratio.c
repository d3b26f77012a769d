/* sum_ratio: the share of the total of the reference units. */
#include <math.h>

#include "index/index_parts.h"

enum { SUM };

static const struct mq_param params_table[] = {{.name = NULL}};

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    struct mq_exact sum = {0};

    (void)node, (void)params;
    for (size_t i = 0; i < reference->count; i++)
        mq_exact_add(&sum, reference->value[i]);
    fitted[SUM] = mq_exact_value(&sum);
    return isfinite(fitted[SUM]) && fitted[SUM] != 0 ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    (void)ordered;
    return mq_directed(node, value) / fabs(fitted[SUM]);
}

static const char *const names[] = {"sum", NULL};

const struct mq_normaliser mq_norm_sum_ratio = {
    .method = {.name = "sum_ratio",
               .title = "归一化法（求和）",
               .summary = "value divided by the sum of the reference units",
               .formula = "s = x / |sum(x_i)|; down: -x / |sum(x_i)|; none if the sum is 0",
               .reference = "sum normalisation of multi-criteria analysis and Chinese index "
                            "practice (求和归一化); the size of the sum is taken, because a "
                            "negative one would turn the order round",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_SCALE,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
