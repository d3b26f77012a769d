/* cv: a child counts by its coefficient of variation. */
#include <math.h>

#include "index/weigh_parts.h"

static double variation(const double *value, size_t units, const struct mq_column_stats *stats)
{
    (void)value, (void)units;
    /* a mean that is 0 but for rounding gives no coefficient */
    return fabs(stats->mean) > 1e-12 * stats->sd ? stats->sd / fabs(stats->mean) : NAN;
}

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    (void)error;
    return mq_weigh_columns(table, weights, reason, variation);
}

const struct mq_weigher mq_weigh_cv = {
    .method = {.name = "cv",
               .title = "变异系数法",
               .summary = "the coefficient of variation of a child; of negative means the size "
                          "counts, a mean of 0 (as after zscore) gives no weights, a constant "
                          "child gets 0, all constant: none",
               .formula = "w ~ sd / |mean|, sd with n - 1, over the units that have the score",
               .reference = "information quantity weights: K. Pearson, Phil. Trans. R. Soc. A 187 "
                            "(1896) 253-318, for the coefficient",
               .params = NULL},
    .weigh = weigh,
};
