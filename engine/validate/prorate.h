/*
 * prorate: parts that miss their total in, parts that add up to it out.
 *
 * Deterministic corrections. Nothing is corrected silently: a refusal has a name, and the caller
 * keeps the values before and after.
 */
#ifndef MQ_PRORATE_H
#define MQ_PRORATE_H

#include "core/core.h"

/* p: the parts that may change, n: the others, w: weights (a greater one changes a part less).
 *   basic    p + p k / w,          k = (total - sum(n) - sum(p)) / sum(p / w)
 *   scaling  p - |p| k / w, |k| <= 1, k = (sum(n) + sum(p) - total) / sum(|p| / w)
 * then rounded to `decimals`, each remainder carried on to the next part, so that the sum is the
 * total. Zero and missing parts stay as they are. As in Banff (Statistics Canada), prorating. */
enum mq_prorate_method { MQ_PRORATE_BASIC, MQ_PRORATE_SCALING };

struct mq_prorate {
    enum mq_prorate_method method;
    size_t count;
    const double *part;   /* [count] NaN: missing */
    const double *weight; /* [count] > 0; NULL: all are 1 */
    const uint8_t *fixed; /* [count] 1: must not change; NULL: none */
    double total;
    int decimals;     /* of the result, 0..9 */
    double low, high; /* a part may become so many times what it was; 0 and INFINITY keep signs */
};

enum mq_prorate_outcome {
    MQ_PRORATE_DONE,
    MQ_PRORATE_BALANCED, /* the parts add up already */
    /* refused, nothing is changed: */
    MQ_PRORATE_NO_TOTAL, /* the total is missing */
    MQ_PRORATE_NO_PARTS, /* no part may change */
    MQ_PRORATE_SUM_ZERO, /* the parts that may change cancel out */
    MQ_PRORATE_DECIMALS, /* total less fixed parts has more decimals than the result may have */
    MQ_PRORATE_SCALE,    /* scaling: |k| > 1 */
    MQ_PRORATE_BOUNDS,   /* a part would change by more than low..high */
    MQ_PRORATE_WEIGHT,   /* a weight is not greater than 0 */
    MQ_PRORATE_OUTCOMES
};
const char *mq_prorate_code(enum mq_prorate_outcome outcome); /* "done", "balanced", ... */
const char *mq_prorate_title(enum mq_prorate_outcome outcome, bool chinese);

/* `result` ([count], not `part`) gets the parts; unchanged unless MQ_PRORATE_DONE. `culprit` (may
 * be NULL): the part behind MQ_PRORATE_BOUNDS and MQ_PRORATE_WEIGHT. */
enum mq_prorate_outcome mq_prorate(const struct mq_prorate *prorate, double *result,
                                   size_t *culprit);

#endif
