/* sd: a child counts by its standard deviation. */
#include "index/weigh_parts.h"

static double deviation(const double *value, size_t units, const struct mq_column_stats *stats)
{
    (void)value, (void)units;
    return stats->sd;
}

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    (void)error;
    return mq_weigh_columns(table, weights, reason, deviation);
}

const struct mq_weigher mq_weigh_sd = {
    .method = {.name = "sd",
               .title = "标准差法",
               .summary = "the standard deviation of a child's scores; zero and negative scores "
                          "are as good as others, a constant child gets 0, all constant: none",
               .formula = "w ~ sd, with n - 1, over the units that have the score",
               .reference = "D. Diakoulaki, G. Mavrotas, L. Papayannakis, Computers & Operations "
                            "Research 22 (1995) 763-770",
               .params = NULL},
    .weigh = weigh,
};
