/* goalposts: the share of the way between two written points. */
#include <math.h>

#include "index/index_parts.h"

enum { LOWER, UPPER, SCALE, TRUNCATE, COUNT };

static const struct mq_param params_table[] = {
    {.name = "lower",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "the lower goalpost, in the indicator's own unit"},
    {.name = "upper",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "the upper goalpost, in the indicator's own unit"},
    {.name = "scale",
     .kind = MQ_PARAM_REAL,
     .fallback = 1,
     .meaning = "score at the better goalpost; the other earns 0"},
    {.name = "truncate",
     .kind = MQ_PARAM_FLAG,
     .fallback = 1,
     .meaning = "keep scores between 0 and scale"},
    {.name = NULL}};

static const char *check(const struct mq_node *node, const double *params)
{
    (void)node;
    if (!(params[SCALE] > 0))
        return "`scale` must be greater than 0";
    return params[LOWER] < params[UPPER] ? NULL
                                         : "`lower` must be less than `upper`, for either "
                                           "direction: where less is better `lower` earns `scale`";
}

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    (void)reference, (void)node;
    for (int i = 0; i < COUNT; i++)
        fitted[i] = params[i];
    return isfinite(params[UPPER] - params[LOWER]) ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double share = (node->direction == MQ_UP ? value - fitted[LOWER] : fitted[UPPER] - value) /
                   (fitted[UPPER] - fitted[LOWER]);

    (void)ordered;
    if (fitted[TRUNCATE] != 0)
        share = fmin(fmax(share, 0), 1);
    return share * fitted[SCALE];
}

static const char *const names[] = {"lower", "upper", "scale", "truncate", NULL};

const struct mq_normaliser mq_norm_goalposts = {
    .method = {.name = "goalposts",
               .title = "阈值法",
               .summary = "linear from 0 to `scale` between two written goalposts",
               .formula = "s = scale * (x - lower) / (upper - lower), kept within [0, scale] if "
                          "truncate; down: (upper - x) / (upper - lower)",
               .reference = "as in COINr's n_goalposts; UNDP Human Development Report, technical "
                            "note on goalposts",
               .params = params_table},
    .promise = MQ_NO_PROMISE,
    .fitted_names = names,
    .check = check,
    .fit = fit,
    .apply = apply,
};
