/*
 * Mean, spread and relation of columns with missing values.
 *
 * Columns are arrays over units, NaN where missing. Sums are made of whole numbers, so the order of
 * the units does not change a bit of any result. Deviations from the mean are rounded to 2^-51 of
 * the largest one of their column (fewer bits beyond sixteen million units).
 * Source: the usual sample moments (n - 1), e.g. OECD/JRC Handbook on Constructing Composite
 * Indicators (2008), 4.
 */
#ifndef MQ_COLUMN_STATS_H
#define MQ_COLUMN_STATS_H

#include "core/core.h"

/* ---- sums of numbers that are all about the same size, fast ---- */

/* An order-free sum of up to 2^26 numbers whose size does not exceed `largest`: each is taken to
 * 2^-100 of it. */
struct mq_scaled_sum {
    double up, further; /* two factors, because one may be out of range */
    int exponent;
    mq_int128 high, low;
};
void mq_scaled_open(struct mq_scaled_sum *sum, double largest); /* finite, >= 0 */
static inline void mq_scaled_add(struct mq_scaled_sum *sum, double value)
{
    /* |scaled| <= 2^50: adding and taking away 1.5 * 2^52 rounds to a whole number, half to even */
    double scaled = value * sum->up * sum->further, whole = scaled + 0x1.8p52 - 0x1.8p52;
    double rest = (scaled - whole) * 0x1p50 + 0x1.8p52 - 0x1.8p52;

    sum->high += (int64_t)whole;
    sum->low += (int64_t)rest;
}
double mq_scaled_value(const struct mq_scaled_sum *sum);

/* ---- columns ---- */

struct mq_column_stats {
    size_t count;           /* present values */
    double least, greatest; /* NaN if count is 0 */
    double mean;            /* NaN if count is 0 or the sum is beyond the range of doubles */
    double sd;              /* n - 1; NaN if count is below 2 or the mean is NaN */
};
/* Of one column. Needs no memory. */
void mq_column_stats(const double *value, size_t units, struct mq_column_stats *stats);
/* Fewer than two values, or all the same: nothing can be told from the column. */
static inline bool mq_column_constant(const struct mq_column_stats *stats)
{
    return stats->count < 2 || !(stats->least < stats->greatest);
}

enum mq_pairing {
    MQ_PAIRS_EACH,    /* each pair over the units that have both */
    MQ_PAIRS_COMPLETE /* all pairs over the units that have all columns; the matrices are
                         semidefinite */
};
/* Matrices [columns * columns], symmetric. Correlation is NaN where one of the two is constant over
 * the common units (the diagonal too), else in -1 .. 1 with a diagonal of 1; covariance (n - 1) is
 * NaN where fewer than two units are common. */
struct mq_column_pairs {
    size_t columns;
    double *covariance, *correlation;
    size_t *count; /* common units */
};
/* Fails for want of memory only; then *pairs is empty. */
enum mq_status mq_column_pairs(const double *const *column, size_t columns, size_t units,
                               enum mq_pairing pairing, struct mq_column_pairs *pairs,
                               struct mq_error *error);
void mq_column_pairs_clear(struct mq_column_pairs *pairs);

/* Brings values that are no NaN into ascending order; false: out of memory. */
bool mq_sort_reals(double *value, size_t count);

#endif
