/* borda: how many reference units are worse. */
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
    return mq_ascending_rank(ordered, node, value, fitted[TIES]) - 1;
}

static const char *const names[] = {"ties", "units", NULL};

const struct mq_normaliser mq_norm_borda = {
    .method = {.name = "borda",
               .title = "博尔达计分法",
               .summary = "Borda points: how many of the reference units are worse",
               .formula = "s = rank - 1, rank as in `rank`; of a constant column all units tie",
               .reference = "Borda (1781), Memoire sur les elections au scrutin; as in COINr's "
                            "n_borda",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_AFFINE,
    .ranks = true,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
