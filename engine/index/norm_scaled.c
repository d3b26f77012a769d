/* scaled: linear between two written values, and beyond them. */
#include <math.h>

#include "index/index_parts.h"

enum { FROM, TO, SCALE, COUNT };

static const struct mq_param params_table[] = {
    {.name = "from",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "lower end of the scale, in the indicator's own unit"},
    {.name = "to",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "upper end of the scale, in the indicator's own unit"},
    {.name = "scale",
     .kind = MQ_PARAM_REAL,
     .fallback = 100,
     .meaning = "score at the better end; the other earns 0"},
    {.name = NULL}};

static const char *check(const struct mq_node *node, const double *params)
{
    (void)node;
    if (!(params[SCALE] > 0))
        return "`scale` must be greater than 0";
    return params[FROM] < params[TO] ? NULL
                                     : "`from` must be less than `to`, for either direction: "
                                       "where less is better `from` earns `scale`";
}

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    (void)reference, (void)node;
    for (int i = 0; i < COUNT; i++)
        fitted[i] = params[i];
    return isfinite(params[TO] - params[FROM]) ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double share = (node->direction == MQ_UP ? value - fitted[FROM] : fitted[TO] - value) /
                   (fitted[TO] - fitted[FROM]);

    (void)ordered;
    return share * fitted[SCALE];
}

static const char *const names[] = {"from", "to", "scale", NULL};

const struct mq_normaliser mq_norm_scaled = {
    .method = {.name = "scaled",
               .title = "定标法",
               .summary = "linear from 0 to `scale` between two written values, and on beyond them",
               .formula = "s = scale * (x - from) / (to - from); down: scale * (to - x) / (to - "
                          "from)",
               .reference = "as in COINr's n_scaled",
               .params = params_table},
    .promise = MQ_NO_PROMISE,
    .fitted_names = names,
    .check = check,
    .fit = fit,
    .apply = apply,
};
