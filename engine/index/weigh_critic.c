/* critic: a child counts by its spread and by how little the others say the same. */
#include <math.h>

#include "index/weigh_parts.h"

/* Below it a correlation is 1 but for rounding. */
static const double alike = 1e-12;

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    size_t n = table->children;
    struct mq_column_pairs pairs;

    MQ_TRY(mq_column_pairs(table->column, n, table->units, MQ_PAIRS_EACH, &pairs, error));
    for (size_t i = 0; i < n; i++) {
        struct mq_exact sum = {0};
        weights[i] = 0;
        if (isnan(pairs.correlation[i * n + i]))
            continue;
        for (size_t k = 0; k < n; k++) {
            double apart = 1 - pairs.correlation[i * n + k];
            if (k != i && apart > alike) /* a NaN is not */
                mq_exact_add(&sum, apart);
        }
        weights[i] = sqrt(pairs.covariance[i * n + i]) * mq_exact_value(&sum);
    }
    mq_column_pairs_clear(&pairs);
    mq_weights_scale(weights, n, reason);
    return MQ_OK;
}

const struct mq_weigher mq_weigh_critic = {
    .method = {.name = "critic",
               .title = "CRITIC法",
               .summary =
                   "spread times conflict with the other children; zero and negative scores are "
                   "as good as others, a constant child gets 0 and is no conflict, all constant "
                   "or all in step: none",
               .formula =
                   "w_j ~ sd_j * sum_k(1 - r_jk), sd with n - 1, r Pearson's correlation over the "
                   "units that have both; with `normalise: minmax` the original method",
               .reference = "D. Diakoulaki, G. Mavrotas, L. Papayannakis, Computers & Operations "
                            "Research 22 (1995) 763-770",
               .params = NULL},
    .weigh = weigh,
};
