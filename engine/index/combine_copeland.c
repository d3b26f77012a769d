/* copeland: units beat each other pair by pair. */
#include <math.h>
#include <string.h>

#include "index/index_parts.h"

/* Weights for and against that differ by less, of all that is compared, are a draw: they were
 * rounded. */
static const double draw = 1e-12;

/* 1: unit i beats unit k; -1: k beats i; 0: neither, or nothing in common. */
static int duel(const struct mq_combine_table *table, size_t i, size_t k)
{
    const double *own = &table->weight[i * table->children];
    const double *other = &table->weight[k * table->children];
    double of_own = 0, of_other = 0, margin = 0;

    /* What both have, with the weights of each scaled to sum 1 there. */
    for (size_t c = 0; c < table->children; c++)
        if (own[c] > 0 && other[c] > 0) {
            of_own += own[c];
            of_other += other[c];
        }
    if (!(of_own > 0 && of_other > 0))
        return 0;
    for (size_t c = 0; c < table->children; c++)
        if (own[c] > 0 && other[c] > 0) {
            double a = table->column[c][i], b = table->column[c][k];
            margin += (own[c] / of_own + other[c] / of_other) * ((a > b) - (a < b));
        }
    return (margin > 2 * draw) - (margin < -2 * draw);
}

static enum mq_status compare_all(const struct mq_combine_table *table, double *value,
                                  struct mq_error *error)
{
    (void)error;
    memset(value, 0, table->units * sizeof *value);
    for (size_t i = 0; i < table->units; i++)
        for (size_t k = i + 1; k < table->units; k++) {
            int won = duel(table, i, k);
            value[i] += won;
            value[k] -= won;
        }
    return MQ_OK;
}

const struct mq_combiner mq_combine_copeland = {
    .method =
        {.name = "copeland",
         .title = "Copeland 两两比较法",
         .summary =
             "units beaten less units that beat it, by the weight of the indicators in which "
             "one is ahead; no score makes up for another. With missing values a pair is "
             "compared in what both have, whatever the order of units. Takes time in "
             "proportion to units squared: for hundreds or thousands of units, not for "
             "enterprises",
         .formula =
             "I_i = sum over k of sign(o_ik - 1/2), o_ik = sum(w, s_i > s_k) + sum(w, s_i = s_k) "
             "/ 2; w scaled to sum 1 over the children that i and k have",
         .reference = "Copeland (1951); Munda and Nardo (2009), Social Choice and Welfare 32: "
                      "outranking; a_copeland of COINr",
         .params = NULL},
    .promise = MQ_NO_PROMISE,
    .table = compare_all,
};
