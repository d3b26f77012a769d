/* distance_to_reference: the share of the way from the worst value to that of a named unit. */
#include <math.h>

#include "index/index_parts.h"

enum { UNIT, CAP };           /* parameters */
enum { MODEL, WORST, LIMIT }; /* fitted */

static const struct mq_param params_table[] = {
    {.name = "unit",
     .kind = MQ_PARAM_TEXT,
     .required = true,
     .meaning = "code of the unit whose value earns 1"},
    {.name = "cap",
     .kind = MQ_PARAM_FLAG,
     .fallback = 0,
     .meaning = "beyond that unit there is no more than 1"},
    {.name = NULL}};

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    double least, greatest, way;

    mq_reference_range(reference->value, reference->count, &least, &greatest);
    fitted[MODEL] = reference->unit;
    fitted[WORST] = node->direction == MQ_UP ? least : greatest;
    fitted[LIMIT] = params[CAP];
    way = mq_directed(node, fitted[MODEL]) - mq_directed(node, fitted[WORST]);
    return way > 0 && isfinite(way) ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double share = 1 - (fitted[MODEL] - value) / (fitted[MODEL] - fitted[WORST]);

    (void)node, (void)ordered;
    return fitted[LIMIT] != 0 ? fmin(share, 1) : share;
}

static const char *const names[] = {"value", "worst", "cap", NULL};

const struct mq_normaliser mq_norm_distance_to_reference = {
    .method = {.name = "distance_to_reference",
               .title = "参照地区距离法",
               .summary =
                   "share of the way from the worst reference value to that of one named unit",
               .formula = "s = 1 - (r - x) / (r - min), r of the unit in the same period (pooled: "
                          "in the last one); down: 1 - (x - r) / (max - r); at most 1 if cap; none "
                          "if the unit has no value or is the worst itself",
               .reference = "as in COINr's n_dist2ref; OECD/JRC Handbook on Constructing Composite "
                            "Indicators (2008), 5.5",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_AFFINE,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
