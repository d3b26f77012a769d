/* What the files of the edits share; others read edits.h only. */
#ifndef MQ_EDIT_PARTS_H
#define MQ_EDIT_PARTS_H

#include "validate/edits.h"

/* ---- edit_order.c ---- */

/* Ascending; -0 becomes 0. `spare` is [count]. No NaN. */
void mq_edit_sort(double *values, double *spare, size_t count);
/* The p-th percentile of sorted values, count > 0: linear between order statistics at p (n + 1)
 * (R's type 6, the one Banff uses). */
double mq_edit_percentile(const double *sorted, size_t count, double percent);
/* 1.4826 * median |x - median|; `distances` is [2 * count]. */
double mq_edit_deviation(const double *sorted, size_t count, double *distances);

/* ---- edit_rows.c ---- */

enum mq_edit_side { MQ_SIDE_BOTH, MQ_SIDE_LEFT, MQ_SIDE_RIGHT };
extern const char *const mq_edit_sides[]; /* texts of the choice, NULL-ended */

/* Parameters that several methods have. */
#define MQ_EDIT_PARAM_SIDE                                                                         \
    {                                                                                              \
        .name = "side", .kind = MQ_PARAM_CHOICE, .fallback = MQ_SIDE_BOTH,                         \
        .choices = mq_edit_sides, .meaning = "which outliers are looked for"                       \
    }
#define MQ_EDIT_PARAM_MIN_OBS(least)                                                               \
    {                                                                                              \
        .name = "min_obs", .kind = MQ_PARAM_REAL, .fallback = (least),                             \
        .meaning = "groups with fewer usable rows are not judged"                                  \
    }
#define MQ_EDIT_PARAM_LOG                                                                          \
    {                                                                                              \
        .name = "log", .kind = MQ_PARAM_FLAG, .fallback = 0,                                       \
        .meaning = "judge logarithms: for amounts of enterprises of very different size"           \
    }

/* What values may take part. */
struct mq_edit_usable {
    bool zero, negative;
};
/* Fills status (MQ_EDIT_ACCEPT or why a row takes no part) and measure (the value, or value /
 * against; its logarithm with `logs`) of every row, sorts the usable measures into `work`, finds
 * their quartiles and returns their number; `against` is always positive. 0: fewer than `min_obs`
 * rows can be used, nobody is judged. Bounds that are not set here are NaN. */
size_t mq_edit_start(const struct mq_edit_group *group, struct mq_edit_usable usable,
                     double min_obs, bool logs, double *work, struct mq_edit_result *result);
/* Nobody of the group is judged. */
void mq_edit_refuse(const struct mq_edit_group *group, enum mq_edit_status why,
                    struct mq_edit_result *result);
/* Quartiles of the sorted measures. */
void mq_edit_quartiles(const double *sorted, size_t used, struct mq_edit_result *result);
/* Sets bounds so many times `below` under `low` and `above` over `high`; a multiplier of 0 sets
 * none. */
struct mq_edit_distance {
    double low, below, high, above;
};
void mq_edit_set_bounds(struct mq_edit_bounds *bounds, struct mq_edit_distance distance,
                        double exclude, double impute);
/* Judges every usable measure by the bounds (those that are NaN do not exist); values on a bound
 * are inside. */
void mq_edit_judge(const struct mq_edit_group *group, enum mq_edit_side side,
                   struct mq_edit_result *result);
/* What is wrong with parameters that several methods have, in words, or NULL. Of two multipliers 0
 * is none. */
const char *mq_edit_multipliers(double exclude, double impute);
const char *mq_edit_least(double min_obs);

/* ---- the methods ---- */

extern const struct mq_edit_method mq_edit_hb, mq_edit_sigma_gap, mq_edit_mad, mq_edit_ratio,
    mq_edit_unit, mq_edit_fences;

#endif
