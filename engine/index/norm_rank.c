/* rank: the place among the reference units, counted from the worst. */
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
    return reference->count ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    return mq_ascending_rank(ordered, node, value, fitted[TIES]);
}

static const char *const names[] = {"ties", "units", NULL};

const struct mq_normaliser mq_norm_rank = {
    .method =
        {.name = "rank",
         .title = "排序法",
         .summary = "rank among the reference units, the worst is 1",
         .formula = "s = 1 + number of units that are worse (ties min); max: number of units "
                    "that are not better; average: the mean of both; a unit from outside is "
                    "placed among them, in a constant column all tie",
         .reference =
             "OECD/JRC Handbook on Constructing Composite Indicators (2008), chapter 5: ranking",
         .params = params_table,
         .data_driven = true},
    .promise = MQ_AFFINE,
    .ranks = true,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
