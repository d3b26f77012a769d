/* distance_to_max: how near the best reference value is, the worst being 0. */
#include <math.h>

#include "index/index_parts.h"

enum { MIN, MAX };

static const struct mq_param params_table[] = {{.name = NULL}};

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    bool finite =
        mq_reference_range(reference->value, reference->count, &fitted[MIN], &fitted[MAX]);

    (void)node, (void)params;
    return finite && fitted[MIN] < fitted[MAX] ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double distance = node->direction == MQ_UP ? fitted[MAX] - value : value - fitted[MIN];

    (void)ordered;
    return 1 - distance / (fitted[MAX] - fitted[MIN]);
}

static const char *const names[] = {"min", "max", NULL};

const struct mq_normaliser mq_norm_distance_to_max = {
    .method = {.name = "distance_to_max",
               .title = "与最优值距离法",
               .summary =
                   "1 less the distance from the best reference value as a share of the range",
               .formula = "s = 1 - (max - x) / (max - min); down: 1 - (x - min) / (max - min); "
                          "none for a constant column",
               .reference = "as in COINr's n_dist2max; OECD/JRC Handbook on Constructing Composite "
                            "Indicators (2008), 5.5",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_AFFINE,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
