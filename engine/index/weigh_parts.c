/* What weighers share. */
#include "index/weigh_parts.h"

#include <math.h>
#include <string.h>

void mq_weights_scale(double *weights, size_t children, enum mq_reason *reason)
{
    struct mq_exact sum = {0};
    double largest = 0, total;

    if (children == 1) {
        weights[0] = 1;
        return;
    }
    for (size_t i = 0; i < children; i++) {
        if (!isfinite(weights[i])) {
            *reason = MQ_UNDEFINED;
            return;
        }
        largest = fmax(largest, weights[i]);
    }
    if (largest <= 0) {
        *reason = MQ_NO_GOALPOSTS;
        return;
    }
    for (size_t i = 0; i < children; i++) {
        weights[i] = weights[i] > 0 ? weights[i] / largest : 0;
        mq_exact_add(&sum, weights[i]);
    }
    total = mq_exact_value(&sum);
    for (size_t i = 0; i < children; i++)
        weights[i] /= total;
}

enum mq_status mq_weigh_columns(const struct mq_weigh_table *table, double *weights,
                                enum mq_reason *reason,
                                double (*measure)(const double *value, size_t units,
                                                  const struct mq_column_stats *stats))
{
    for (size_t i = 0; i < table->children; i++) {
        struct mq_column_stats stats;
        mq_column_stats(table->column[i], table->units, &stats);
        weights[i] =
            mq_column_constant(&stats) ? 0 : measure(table->column[i], table->units, &stats);
    }
    mq_weights_scale(weights, table->children, reason);
    return MQ_OK;
}

enum mq_status mq_weigh_by(const struct mq_weigh_table *table, const struct mq_choice *choice,
                           double *weights, enum mq_reason *reason, struct mq_error *error)
{
    struct mq_weigh_table mine = *table;
    const struct mq_weigher *weigher = mq_weighers[choice->method];

    mine.choice = choice;
    if (weigher->weigh)
        return weigher->weigh(&mine, weights, reason, error);
    memcpy(weights, table->written, table->children * sizeof *weights);
    return MQ_OK;
}
