/* fraction_of_max: the best reference value is the unit of measure. */
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
    return isfinite(fitted[BEST]) && fitted[BEST] != 0 ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    (void)ordered;
    return mq_directed(node, value) / fabs(fitted[BEST]);
}

static const char *const names[] = {"best", NULL};

const struct mq_normaliser mq_norm_fraction_of_max = {
    .method =
        {.name = "fraction_of_max",
         .title = "最大值比例法",
         .summary = "value as a fraction of the best reference value",
         .formula =
             "s = y / |max(y)|, y = x; down: y = -x, so that the least value scores -1 if all are "
             "positive (`extreme_ratio` gives min / x instead); none if the best is 0",
         .reference = "as in COINr's n_fracmax, but the size of the maximum is taken, because a "
                      "negative one would turn the order round",
         .params = params_table,
         .data_driven = true},
    .promise = MQ_SCALE,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
