/*
 * rake: weights of cells are multiplied until they add up to given totals, one margin after the
 * other (iterative proportional fitting; Deming and Stephan, Annals of Mathematical Statistics 11,
 * 1940). Margins and cells are visited in the order given and sums are taken in that order, so the
 * same input gives the same bytes.
 */
#ifndef MQ_RAKE_H
#define MQ_RAKE_H

#include "core/core.h"

struct mq_rake_margin {
    const char *name; /* "sex" */
    size_t categories;
    const char *const *category; /* [categories] as named in messages */
    const double *total;         /* [categories] >= 0 */
};

struct mq_rake {
    size_t cells, margins; /* margins from 1 */
    const double *weight;  /* [cells] > 0 */
    const struct mq_rake_margin *margin;
    const uint32_t *category; /* [cells * margins] */
    const char *path;         /* where the totals come from, for messages */
    const char *note;         /* put after it, as ", period 2024"; "" for none */
    bool chinese;             /* language of messages */
};

enum { MQ_RAKE_ROUNDS = 1000 };

/* factor[c], by which the weight of cell c is to be multiplied so that every category of every
 * margin adds up to its total, up to a share of 1e-9 of it. `rounds` (may be NULL): how often the
 * weights were adjusted. MQ_DATA, and no factors to be used, if that cannot be: totals of two
 * margins differ, a category has a total but no cell or cells but no total, or the factors do not
 * settle in MQ_RAKE_ROUNDS rounds; then the margin that is farthest off is named. */
enum mq_status mq_rake(const struct mq_rake *rake, double *factor, int *rounds,
                       struct mq_error *error);

#endif
