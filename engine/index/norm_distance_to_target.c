/* distance_to_target: the share of the way from the worst reference value to a written target. */
#include <math.h>

#include "index/index_parts.h"

enum { TARGET, CAP, WORST };

static const struct mq_param params_table[] = {
    {.name = "target",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "value that earns 1, in the indicator's own unit"},
    {.name = "cap",
     .kind = MQ_PARAM_FLAG,
     .fallback = 0,
     .meaning = "beyond the target there is no more than 1"},
    {.name = NULL}};

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    double least, greatest, way;

    mq_reference_range(reference->value, reference->count, &least, &greatest);
    fitted[TARGET] = params[TARGET];
    fitted[CAP] = params[CAP];
    fitted[WORST] = node->direction == MQ_UP ? least : greatest;
    way = mq_directed(node, params[TARGET]) - mq_directed(node, fitted[WORST]);
    return way > 0 && isfinite(way) ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double share = (value - fitted[WORST]) / (fitted[TARGET] - fitted[WORST]);

    (void)node, (void)ordered;
    return fitted[CAP] != 0 ? fmin(share, 1) : share;
}

static const char *const names[] = {"target", "cap", "worst", NULL};

const struct mq_normaliser mq_norm_distance_to_target = {
    .method = {.name = "distance_to_target",
               .title = "目标值距离法",
               .summary = "share of the way from the worst reference value to a written target",
               .formula = "s = (x - min) / (target - min); down: (max - x) / (max - target); at "
                          "most 1 if cap; none if even the worst has reached the target",
               .reference = "as in COINr's n_dist2targ; OECD/JRC Handbook on Constructing "
                            "Composite Indicators (2008), 5.5",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_NO_PROMISE,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
