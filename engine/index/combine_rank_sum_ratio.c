/* rank_sum_ratio: the weighted mean of ranks as shares of the count. */
#include <math.h>
#include <stdlib.h>

#include "index/index_parts.h"

struct standing {
    double score;
    size_t unit;
};

static int least_first(const void *left, const void *right)
{
    const struct standing *a = left, *b = right;

    return (a->score > b->score) - (a->score < b->score);
}

/* Shares of one child, column by column: rank / n, equal scores with the mean of their ranks. */
static void rank_child(const struct mq_combine_table *table, size_t child,
                       struct standing *standing, double *shares)
{
    size_t count = 0;

    for (size_t i = 0; i < table->units; i++)
        if (table->weight[i * table->children + child] > 0)
            standing[count++] = (struct standing){table->column[child][i], i};
    if (count)
        qsort(standing, count, sizeof *standing, least_first);
    for (size_t k = 0, end; k < count; k = end) {
        for (end = k + 1; end < count && standing[end].score == standing[k].score;)
            end++;
        for (size_t j = k; j < end; j++)
            shares[standing[j].unit * table->children + child] =
                (double)(k + 1 + end) / 2 / (double)count;
    }
}

static enum mq_status compare_all(const struct mq_combine_table *table, double *value,
                                  struct mq_error *error)
{
    struct standing *standing = calloc(table->units + 1, sizeof *standing);
    double *shares = calloc(table->units * table->children + 1, sizeof *shares);
    bool done = standing && shares;

    for (size_t c = 0; done && c < table->children; c++)
        rank_child(table, c, standing, shares);
    for (size_t i = 0; done && i < table->units; i++)
        value[i] = mq_dot(&shares[i * table->children], &table->weight[i * table->children],
                          table->children);
    free(standing);
    free(shares);
    return done ? MQ_OK : mq_fail_memory(error);
}

const struct mq_combiner mq_combine_rank_sum_ratio = {
    .method = {.name = "rank_sum_ratio",
               .title = "秩和比法",
               .summary = "weighted mean of ranks (least score 1, equal scores share the mean of "
                          "their ranks) as shares of the units that have the score; 1/n to 1",
               .formula = "I = sum(w * R / n)",
               .reference = "田凤调 (1988), 秩和比法及其应用 (weighted rank-sum ratio, WRSR)",
               .params = NULL},
    .promise = MQ_NO_PROMISE,
    .table = compare_all,
};
