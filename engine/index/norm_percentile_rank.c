/* percentile_rank: the share of the other reference units that are worse. */
#include <math.h>

#include "index/index_parts.h"

enum { TIES, UNITS };

static const struct mq_param params_table[] = {
    {.name = "ties",
     .kind = MQ_PARAM_CHOICE,
     .choices = mq_ties,
     .fallback = MQ_TIES_MIN,
     .meaning = "rank of equal values: the least, the mean or the greatest of their places"},
    {.name = NULL}};

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    (void)node;
    fitted[TIES] = params[TIES];
    fitted[UNITS] = (double)reference->count;
    return reference->count > 1 ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double rank = mq_ascending_rank(ordered, node, value, fitted[TIES]);

    return fmin((rank - 1) / (fitted[UNITS] - 1), 1);
}

static const char *const names[] = {"ties", "units", NULL};

const struct mq_normaliser mq_norm_percentile_rank = {
    .method = {.name = "percentile_rank",
               .title = "百分位排序法",
               .summary = "rank among the n reference units on a scale from 0, the worst, to 1",
               .formula = "s = (rank - 1) / (n - 1), rank as in `rank`; at most 1 for units from "
                          "outside; of a constant column all units tie; one unit alone has none",
               .reference = "as in COINr's n_prank; OECD/JRC Handbook on Constructing Composite "
                            "Indicators (2008), chapter 5: ranking",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_AFFINE,
    .ranks = true,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
