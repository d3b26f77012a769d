/* Correlations by rank of one pair of columns; correlate.c asks for all pairs. */
#ifndef MQ_CORRELATE_H
#define MQ_CORRELATE_H

#include "analyse/analyse.h"

/* What one worker needs for `units` units. */
struct mq_pair_work {
    uint32_t *first, *second, *third; /* [units + 2] */
};
bool mq_pair_work_init(struct mq_pair_work *work, size_t units);
void mq_pair_work_clear(struct mq_pair_work *work);

struct mq_pair {
    size_t count; /* common units */
    double r, p;
};
void mq_spearman_pair(const struct mq_ranking *x, const struct mq_ranking *y, size_t units,
                      struct mq_pair_work *work, struct mq_pair *pair);
void mq_kendall_pair(const struct mq_ranking *x, const struct mq_ranking *y,
                     struct mq_pair_work *work, struct mq_pair *pair);

#endif
