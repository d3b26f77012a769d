/*
 * Skewness and kurtosis of a column, and whether both say that it has outliers.
 *
 * Sums are made of whole numbers, so the order of the values does not change a bit. Type 2 of
 * Joanes and Gill (1998), The Statistician 47: 183-189, as SAS and Excel have them: without bias
 * for a normal distribution.
 */
#ifndef MQ_MOMENTS_H
#define MQ_MOMENTS_H

#include "core/core.h"

struct mq_shape {
    size_t count; /* values that are there */
    double mean;
    double skewness; /* NaN: fewer than 3 values, all the same, or sums beyond range */
    double kurtosis; /* excess: 0 for a normal distribution; NaN: fewer than 4, ... */
};
/* Of a column; NaN is missing. */
void mq_shape_of(const double *value, size_t count, struct mq_shape *shape);
/* The same where the sum of the values is known; none may be missing. */
void mq_shape_about(const double *value, size_t count, const struct mq_exact *sum,
                    struct mq_shape *shape);
/* Both beyond their limits; never where one of them cannot be told. */
bool mq_shape_bad(const struct mq_shape *shape, double skewness, double kurtosis);

#endif
