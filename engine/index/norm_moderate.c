/* moderate: best at one written value, worse the further away. */
#include <math.h>

#include "index/index_parts.h"

enum { BEST, FURTHEST };

static const struct mq_param params_table[] = {
    {.name = "best",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "value that earns 1, in the indicator's own unit"},
    {.name = NULL}};

static const char *check(const struct mq_node *node, const double *params)
{
    (void)params;
    return node->direction == MQ_DOWN
               ? "the best value is the one written, so leave out direction: down"
               : NULL;
}

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    (void)node;
    fitted[BEST] = params[BEST];
    fitted[FURTHEST] = 0;
    for (size_t i = 0; i < reference->count; i++)
        fitted[FURTHEST] = fmax(fitted[FURTHEST], fabs(reference->value[i] - params[BEST]));
    return reference->count && isfinite(fitted[FURTHEST]) ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double distance = fabs(value - fitted[BEST]);

    (void)node, (void)ordered;
    if (distance == 0)
        return 1;
    return fitted[FURTHEST] > 0 ? 1 - distance / fitted[FURTHEST] : NAN;
}

static const char *const names[] = {"best", "furthest", NULL};

const struct mq_normaliser mq_norm_moderate = {
    .method = {.name = "moderate",
               .title = "适度指标法",
               .summary = "1 at `best`, 0 for the reference value furthest from it",
               .formula = "s = 1 - |x - best| / D, D = max |x_i - best|; if all are at `best`, a "
                          "unit that is not is undefined",
               .reference = "moderate indicators (适度型) of Chinese index practice",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_NO_PROMISE,
    .peaked = true,
    .fitted_names = names,
    .check = check,
    .fit = fit,
    .apply = apply,
};
