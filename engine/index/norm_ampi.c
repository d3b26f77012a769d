/* ampi: the reference is 100, the range of all periods is 60 points around it. */
#include <math.h>

#include "index/index_parts.h"

enum { AT }; /* parameter */
enum { REFERENCE, INF, SUP };

static const struct mq_param params_table[] = {
    {.name = "at",
     .kind = MQ_PARAM_REAL,
     .fallback = NAN,
     .meaning = "value that earns 100; if left out, the mean of the reference units"},
    {.name = NULL}};

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    struct mq_exact sum = {0};
    bool finite = mq_reference_range(reference->all, reference->alls, &fitted[INF], &fitted[SUP]);

    (void)node;
    for (size_t i = 0; i < reference->count; i++)
        mq_exact_add(&sum, reference->value[i]);
    fitted[REFERENCE] =
        isnan(params[AT]) ? mq_exact_value(&sum) / (double)reference->count : params[AT];
    return finite && fitted[INF] < fitted[SUP] && isfinite(fitted[REFERENCE]) ? MQ_FINE
                                                                              : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double share = (value - fitted[REFERENCE]) / (fitted[SUP] - fitted[INF]);

    (void)ordered;
    return 100 + 60 * (node->direction == MQ_UP ? share : -share);
}

static const char *const names[] = {"reference", "inf", "sup", NULL};

const struct mq_normaliser mq_norm_ampi = {
    .method = {.name = "ampi",
               .title = "AMPI标准化法",
               .summary = "100 at the reference value, 60 points for the range of all periods",
               .formula =
                   "s = 60 * (x - Min) / (Max - Min) + 70, Min = Ref - D, Max = Ref + D, D = (Sup "
                   "- Inf) / 2, Inf and Sup of all periods, Ref = mean of the reference units or "
                   "`at`; down: 60 * (Max - x) / (Max - Min) + 70; none for a constant column",
               .reference =
                   "Mazziotta, Pareto (2016), On a generalized non-compensatory composite index "
                   "for measuring socio-economic phenomena, Social Indicators Research 127",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_NO_PROMISE,
    .asks_all = true,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
