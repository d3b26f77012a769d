/* mean_ratio: the mean of the reference units is the unit of measure. */
#include <math.h>

#include "index/index_parts.h"

enum { MEAN };

static const struct mq_param params_table[] = {{.name = NULL}};

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    struct mq_exact sum = {0};

    (void)node, (void)params;
    for (size_t i = 0; i < reference->count; i++)
        mq_exact_add(&sum, reference->value[i]);
    fitted[MEAN] = mq_exact_value(&sum) / (double)reference->count;
    return isfinite(fitted[MEAN]) && fitted[MEAN] != 0 ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    (void)ordered;
    return mq_directed(node, value) / fabs(fitted[MEAN]);
}

static const char *const names[] = {"mean", NULL};

const struct mq_normaliser mq_norm_mean_ratio = {
    .method = {.name = "mean_ratio",
               .title = "均值化法",
               .summary = "value divided by the mean of the reference units",
               .formula = "s = x / |m|, m = sum(x_i) / n; down: -x / |m|; none if the mean is 0",
               .reference = "averaging method of Chinese index practice (均值化); the size of the "
                            "mean is taken, because a negative one would turn the order round",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_SCALE,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
