/* Figures made by hand, one and more of every kind that needs no geometry, in both languages. */
#ifndef MQ_TEST_FIGURE_SAMPLES_H
#define MQ_TEST_FIGURE_SAMPLES_H

#include "publish/figure.h"

/*
 * By id: trend (index and two parts, 6 periods), trend_long (25 periods, 9 series), trend_short (2
 * periods, one number missing), city_ranking (14, now/before/change, reference), province_ranking
 * (31 provinces, now only), industry_ranking (31 long names, some withheld), city_strip (9 nodes x
 * 14), industry_strip (3 nodes x 31), city_industry (heat map 14 x 31, withheld and absent units),
 * division_matrix (31 x 31), waterfall (6 contributions), waterfall_long (14, small
 * contributions), city_tiles (bands), province_tiles (31, shaded by value, some missing), profile
 * (9 nodes, unit and 3 above it). Clear `figures->arena` afterwards.
 */
void figure_samples_new(bool english, struct mq_figures *figures);
/* Fails the test if there is none. */
const struct mq_figure *figure_sample(const struct mq_figures *figures, const char *id);

#endif
