/* What weighers share. */
#ifndef MQ_WEIGH_PARTS_H
#define MQ_WEIGH_PARTS_H

#include "index/column_stats.h"
#include "index/index_parts.h"

/* ---- weigh_parts.c ---- */

/* Measures >= 0 of the children become weights with sum 1. An only child has all the weight. None
 * above 0: MQ_NO_GOALPOSTS; one that is no number: MQ_UNDEFINED. */
void mq_weights_scale(double *weights, size_t children, enum mq_reason *reason);
/* Weights from one number of each column and what mq_column_stats() says about it. */
enum mq_status mq_weigh_columns(const struct mq_weigh_table *table, double *weights,
                                enum mq_reason *reason,
                                double (*measure)(const double *value, size_t units,
                                                  const struct mq_column_stats *stats));
/* Weights of the row at `choice` of the catalogue, the written ones for `fixed`. */
enum mq_status mq_weigh_by(const struct mq_weigh_table *table, const struct mq_choice *choice,
                           double *weights, enum mq_reason *reason, struct mq_error *error);

/* ---- weigh_related.c ---- */

/* Correlations of the children that vary, over the units that have all of them. */
struct mq_related {
    size_t count;
    size_t *child;       /* [count] */
    double *correlation; /* [count * count] */
    double *sd;          /* [count] */
};
/* Without complete units there is no child that varies. Fails for want of memory only. */
enum mq_status mq_related_init(const struct mq_weigh_table *table, struct mq_related *related,
                               struct mq_error *error);
void mq_related_clear(struct mq_related *related);

/* ---- solve_symmetric.c ---- */

/* Cholesky factor of a semidefinite matrix [n * n] with the greatest pivots first, written over
 * its lower triangle; order[k] is the row of pivot k. Returns the rank: pivots up to `least` are
 * nothing. */
size_t mq_cholesky(double *matrix, size_t n, double least, size_t *order);
/* x of A x = b for a factor of full rank; b and x as in the matrix before. `y` [n] is for work. */
void mq_cholesky_solve(const double *factor, size_t n, const size_t *order, const double *b,
                       double *y, double *x);
/* x >= 0 with the least x'Gx/2 - d'x, G [n * n] semidefinite: nonnegative least squares by its
 * normal equations. After C. L. Lawson, R. J. Hanson, "Solving Least Squares Problems", 1974, 23.3.
 */
enum mq_status mq_nonnegative(const double *matrix, const double *right, size_t n, double *x,
                              struct mq_error *error);

#endif
