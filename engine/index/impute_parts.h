/*
 * What the imputers share.
 */
#ifndef MQ_IMPUTE_PARTS_H
#define MQ_IMPUTE_PARTS_H

#include "index/index_parts.h"

/* Fills made with the mean or median of the units that have a value in the same period and the same
 * group ([units], UINT32_MAX: in none; NULL: all are one group). NaN where there are none. Fails
 * for want of memory only. */
enum mq_status mq_panel_means(const struct mq_panel *panel, const uint32_t *group, double *made,
                              struct mq_error *error);
enum mq_status mq_panel_medians(const struct mq_panel *panel, const uint32_t *group, double *made,
                                struct mq_error *error);
/* A period on the axis of time: its year, or its place where the periods are no ascending years. */
double mq_panel_time(const struct mq_panel *panel, size_t period);

#endif
