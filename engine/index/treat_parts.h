/*
 * What the treatments share: steps on one column without missing values, count > 0.
 */
#ifndef MQ_TREAT_PARTS_H
#define MQ_TREAT_PARTS_H

#include "index/index_parts.h"

struct mq_winsorising {
    size_t most;     /* values that may be moved */
    double skewness; /* both limits must be reached for a column to be treated */
    double kurtosis;
};
/* Moves the outermost values inwards to their next neighbours until the column passes, or as many
 * as may be moved are; equal values move together or not at all. Returns whether it passes. */
bool mq_winsorise(const struct mq_winsorising *limits, double *value, size_t count, size_t *moved);
bool mq_has_outliers(const struct mq_winsorising *limits, const double *value, size_t count);
/* The parameters that all winsorising methods begin with. */
#define MQ_WINSORISING_PARAMS                                                                      \
    {.name = "max_points",                                                                         \
     .kind = MQ_PARAM_REAL,                                                                        \
     .fallback = 5,                                                                                \
     .meaning = "most values of a column that may be moved, of both ends together"},               \
        {.name = "skew",                                                                           \
         .kind = MQ_PARAM_REAL,                                                                    \
         .fallback = 2,                                                                            \
         .meaning = "a column is treated if its absolute skewness is at least this"},              \
    {                                                                                              \
        .name = "kurt", .kind = MQ_PARAM_REAL, .fallback = 3.5,                                    \
        .meaning = "and its excess kurtosis is at least this"                                      \
    }
struct mq_winsorising mq_winsorising_of(const struct mq_choice *choice);
const char *mq_winsorising_fault(const struct mq_choice *choice);

/* Logarithms of a column, from one array to another. A column that has none of them (all the same
 * value, or a result beyond the range of doubles) is copied as it is. */
void mq_log_ct(const double *value, size_t count, double *treated);
void mq_log_ct_orig(const double *value, size_t count, double *treated);
void mq_log_ct_plus(const double *value, size_t count, double *treated);
void mq_log_gii(const double *value, size_t count, double *treated);
/* x - min + 1 raised: ln for lambda 0, else (y^lambda - 1) / lambda. */
void mq_box_cox(const double *value, size_t count, double lambda, double *treated);

/* The quantile of ordered values by straight lines between them (type 7 of Hyndman and Fan);
 * count > 0. */
double mq_quantile(const double *ordered, size_t count, double share);

#endif
