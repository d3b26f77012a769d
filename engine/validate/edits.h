/*
 * edits: the rows of one group in, a status for every row out.
 *
 * Statistical edits ask whether a value is plausible beside the others of its group. A method is
 * one file, edit_<name>.c, with its row for the catalogue and its arithmetic; nothing here reads,
 * allocates or knows of threads. The outcome depends on the values alone, never on the order of the
 * rows. What is missing never fails.
 */
#ifndef MQ_EDITS_H
#define MQ_EDITS_H

#include "model/model.h"

enum mq_edit_status {
    MQ_EDIT_ACCEPT = 0,
    MQ_EDIT_EXCLUDE_LOW, /* outside the exclusion bounds: suspicious */
    MQ_EDIT_EXCLUDE_HIGH,
    MQ_EDIT_IMPUTE_LOW, /* outside the imputation bounds, or outside the only pair of bounds */
    MQ_EDIT_IMPUTE_HIGH,
    MQ_EDIT_UNIT, /* off by about a power of ten: suspected wrong unit; measure = the power */
    /* not judged: */
    MQ_EDIT_MISSING,   /* no value */
    MQ_EDIT_ZERO,      /* the value or what it is compared with is zero */
    MQ_EDIT_NEGATIVE,  /* ... is negative */
    MQ_EDIT_NO_MATCH,  /* nothing to compare the value with */
    MQ_EDIT_TOO_FEW,   /* the group has fewer usable rows than min_obs */
    MQ_EDIT_NO_SPREAD, /* the values of the group agree too much to measure a distance */
    MQ_EDIT_STATUSES
};
const char *mq_edit_status_code(enum mq_edit_status status); /* "accepted", "exclude_low", ... */
const char *mq_edit_status_title(enum mq_edit_status status, bool chinese);
/* The row fails its rule. */
static inline bool mq_edit_fails(enum mq_edit_status status)
{
    return status > MQ_EDIT_ACCEPT && status <= MQ_EDIT_UNIT;
}
/* The row was judged: it passes or fails. */
static inline bool mq_edit_judged(enum mq_edit_status status)
{
    return status <= MQ_EDIT_UNIT;
}

struct mq_edit_group {
    const double *value;   /* [count] NaN or infinite: missing */
    const double *against; /* [count] or NULL */
    size_t count;
    const double *param; /* in the order of the method's params */
};

/* What the group was judged by; NaN where a method has no such number. A row passes where its
 * measure is on or between the bounds. */
struct mq_edit_bounds {
    size_t used; /* rows that took part */
    double low_impute, low_exclude, high_exclude, high_impute;
    double lower_quartile, median, upper_quartile; /* of what is judged */
    double centre; /* hb, unit: the group's median of value / against */
    double spread; /* sigma_gap, mad: sigma; fences: interquartile range */
};

struct mq_edit_result {
    uint8_t *status; /* [count] enum mq_edit_status */
    double *measure; /* [count] what is held against the bounds; NaN if not judged */
    struct mq_edit_bounds bounds;
};

struct mq_edit_method {
    struct mq_method method;
    bool shift; /* promise: without `against`, statuses stay when every value becomes x + b. All
                   methods keep them when value and against become a * x, a > 0. */
    /* `work` is [mq_edit_work(count)]; result arrays are filled for every row. */
    void (*run)(const struct mq_edit_group *group, double *work, struct mq_edit_result *result);
};

/* Doubles of working memory for a group of `count` rows. */
static inline size_t mq_edit_work(size_t count)
{
    return 3 * count;
}

enum { MQ_EDIT_METHODS = 6 };
extern const struct mq_edit_method *const mq_edit_methods[MQ_EDIT_METHODS];
/* the same as the model room sees them */
extern const struct mq_method *const mq_edit_rows[MQ_EDIT_METHODS];

#endif
