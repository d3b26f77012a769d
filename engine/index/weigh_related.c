/* Correlations for weighers that solve equations with them: over complete units, so that the matrix
 * is one of correlations, and without children that do not vary. */
#include "index/weigh_parts.h"

#include <math.h>
#include <stdlib.h>

enum mq_status mq_related_init(const struct mq_weigh_table *table, struct mq_related *related,
                               struct mq_error *error)
{
    size_t n = table->children;
    struct mq_column_pairs pairs;

    *related = (struct mq_related){0};
    MQ_TRY(mq_column_pairs(table->column, n, table->units, MQ_PAIRS_COMPLETE, &pairs, error));
    related->child = calloc(n + 1, sizeof *related->child);
    related->correlation = calloc(n * n + 1, sizeof *related->correlation);
    related->sd = calloc(n + 1, sizeof *related->sd);
    if (!related->child || !related->correlation || !related->sd) {
        mq_column_pairs_clear(&pairs);
        mq_related_clear(related);
        return mq_fail_memory(error);
    }
    for (size_t i = 0; i < n; i++)
        if (!isnan(pairs.correlation[i * n + i])) {
            related->sd[related->count] = sqrt(pairs.covariance[i * n + i]);
            related->child[related->count++] = i;
        }
    for (size_t a = 0; a < related->count; a++)
        for (size_t b = 0; b < related->count; b++)
            related->correlation[a * related->count + b] =
                pairs.correlation[related->child[a] * n + related->child[b]];
    mq_column_pairs_clear(&pairs);
    return MQ_OK;
}

void mq_related_clear(struct mq_related *related)
{
    free(related->child);
    free(related->correlation);
    free(related->sd);
    *related = (struct mq_related){0};
}
