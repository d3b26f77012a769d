/* What the files that estimate share. */
#ifndef MQ_ANALYSE_ESTIMATES_H
#define MQ_ANALYSE_ESTIMATES_H

#include <math.h>

#include "analyse/sampling.h"

struct mq_estimating {
    const struct mq_sums *sums;
    const struct mq_model *model;
    struct mq_frame *frame;
    struct mq_scores *scores;
    int threads;
    double *df;       /* [periods] */
    double *t;        /* [periods] quantile of the confidence; NaN where df is 0 */
    bool *proportion; /* [nodes] see mq_estimate_all */
    bool *unknown;    /* [units * nodes] leaves whose value rests on other units: no estimate */
    double *slope;    /* [units * nodes] leaves: of the score by the value; NaN if not to be told */
    double *partial;  /* [units * nodes] of the parent's score by this one's; likewise */
};

static inline size_t mq_estimate_at(const struct mq_estimating *e, size_t unit, size_t node)
{
    return unit * e->model->nodes + node;
}

/* The wald interval of a unit's number, as mq_bounds_wald. */
static inline struct mq_bounds mq_estimate_wald(const struct mq_estimating *e, size_t unit,
                                                double value, double se)
{
    double half = e->t[e->frame->unit[unit].period] * se;

    return (struct mq_bounds){value - half, value + half};
}

/* ---- slopes.c ---- */

/* Fills slope, partial and the estimates of the leaves' scores; those of their values are known.
 * false: out of memory. */
bool mq_find_slopes(const struct mq_estimating *e);

/* ---- proportions.c ---- */

/* Fills proportion. */
void mq_find_proportions(const struct mq_estimating *e);
/* The interval of a leaf whose standard error is known; its constant factor is taken out and put
 * back. false: out of memory. */
bool mq_proportion_bounds(const struct mq_estimating *e, size_t unit, size_t node,
                          struct mq_estimate *estimate);

/* ---- linearise.c ---- */

/* The standard errors of nodes over the units of a level: of the values of leaves, or of the scores
 * of parents. Pairs are numbered level * nodes + node; those of [first, first +
 * MQ_ESTIMATED_AT_ONCE) are done. */
enum { MQ_ESTIMATED_AT_ONCE = 80 };
enum mq_status mq_estimate_nodes(const struct mq_estimating *e, bool leaves, size_t first,
                                 struct mq_error *error);

#endif
