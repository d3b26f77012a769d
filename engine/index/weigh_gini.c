/* gini: a child counts by the Gini coefficient of its scores. */
#include <math.h>
#include <stdlib.h>

#include "index/weigh_parts.h"

/* Sum over all pairs of |x - y| / (2 n^2 mean), from the ordered scores [count]. */
static double coefficient(const double *ordered, size_t count)
{
    struct mq_exact spread = {0}, sum = {0};
    double shift = fmin(ordered[0], 0);

    for (size_t i = 0; i < count; i++) {
        double value = ordered[i] - shift;
        /* of the differences to all others, more are added than taken away from the middle on */
        mq_exact_product(&spread, 2 * (double)i + 1 - (double)count, value);
        mq_exact_add(&sum, value);
    }
    return mq_exact_value(&spread) / (double)count / mq_exact_value(&sum);
}

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    double *ordered = calloc(table->units + 1, sizeof *ordered);

    if (!ordered)
        return mq_fail_memory(error);
    for (size_t c = 0; c < table->children; c++) {
        const double *value = table->column[c];
        size_t count = 0;
        for (size_t i = 0; i < table->units; i++)
            if (!isnan(value[i]))
                ordered[count++] = value[i];
        if (!mq_sort_reals(ordered, count)) {
            free(ordered);
            return mq_fail_memory(error);
        }
        weights[c] =
            count < 2 || ordered[0] == ordered[count - 1] ? 0 : coefficient(ordered, count);
    }
    free(ordered);
    mq_weights_scale(weights, table->children, reason);
    return MQ_OK;
}

const struct mq_weigher mq_weigh_gini = {
    .method = {.name = "gini",
               .title = "基尼系数法",
               .summary =
                   "the Gini coefficient of a child's scores; one with negative scores is shifted "
                   "to begin at 0, a constant one gets 0, all constant: none",
               .formula =
                   "w ~ sum_ik |s_i - s_k| / (2 n^2 mean(s)), over the n units that have s; if "
                   "min(s) < 0: s - min(s) for s",
               .reference = "coefficient: C. Gini, Variabilita e mutabilita (1912)",
               .params = NULL},
    .weigh = weigh,
};
