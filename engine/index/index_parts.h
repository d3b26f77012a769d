/* What the files of this room share; other rooms read index.h only. */
#ifndef MQ_INDEX_PARTS_H
#define MQ_INDEX_PARTS_H

#include <gmp.h>

#include "index/index.h"

/* ---- exact_formula.c ---- */

/* One list of steps made ready: constants parsed, working numbers kept from unit to unit. */
struct mq_evaluator;
enum mq_status mq_evaluator_new(const struct mq_steps *steps, struct mq_evaluator **evaluator,
                                struct mq_error *error);
/* The nearest double of the exact value. MQ_FINE; MQ_NOT_REPORTED if a slot holds nothing;
 * MQ_UNDEFINED for a division by zero or a result beyond the range of doubles. *value is NaN unless
 * MQ_FINE. */
enum mq_reason mq_evaluate(struct mq_evaluator *evaluator, const struct mq_value *slots,
                           double *value);
void mq_evaluator_free(struct mq_evaluator *evaluator);
/* The double nearest to a fraction, half to even, subnormals included; +-INFINITY beyond range. */
double mq_nearest(mpq_srcptr fraction);

/* ---- frame_table.c ---- */

/* An empty frame: arrays allocated, everything NaN and MQ_FINE; periods and units still to be
 * filled. */
struct mq_frame *mq_frame_alloc(const struct mq_model *model, size_t periods, size_t units);
/* Index of a unit, SIZE_MAX if it is not there. */
size_t mq_frame_find(const struct mq_frame *frame, uint32_t period, uint32_t level,
                     const char *code);
/* Index of a period by its text, SIZE_MAX if it is not there. */
size_t mq_frame_period(const struct mq_frame *frame, const char *period);

/* ---- rollup.c ---- */

/* Fills the levels that are weighted means of finer ones. */
enum mq_status mq_rollup(struct mq_frame *frame, struct mq_error *error);

/* ---- reason.c ---- */

enum mq_reason mq_reason_find(const char *code); /* MQ_REASONS if there is no such code */

/* ---- model_path.c ---- */

/* A path written in the model file, as seen from here: relative ones start at the model's folder.
 */
const char *mq_model_path(const struct mq_model *model, const char *path, struct mq_arena *arena);

/* ---- goalposts.c ---- */

/* Parameters of a normaliser for some units: all, those of a level, or one. */
struct mq_goalpost {
    const char *unit, *level, *period; /* "" = any */
    long line;
    enum mq_reason reason; /* why it cannot be applied */
    double fitted[MQ_MAX_PARAMS];
};
struct mq_goalposts {
    size_t count;
    struct mq_goalpost *row; /* sorted by unit, level, period */
};
/* Reads the rows of one indicator, laid over the parameters written in the model, each fitted. */
enum mq_status mq_goalposts_read(const struct mq_model *model, const struct mq_node *node,
                                 struct mq_arena *arena, struct mq_goalposts *goalposts,
                                 struct mq_error *error);
/* The most specific row for a unit, or NULL. */
const struct mq_goalpost *mq_goalposts_find(const struct mq_goalposts *goalposts, const char *unit,
                                            const char *level, const char *period);

/* ---- normalise.c ---- */

/* Neighbouring units of one period and level. */
struct mq_group {
    size_t begin, end;
    uint32_t period, level;
};
struct mq_groups {
    size_t count;
    struct mq_group *group;
};
/* Normalised scores of one leaf over all units. */
enum mq_status mq_normalise(struct mq_scores *scores, int leaf, const struct mq_groups *groups,
                            struct mq_error *error);

/* ---- tree.c ---- */

/* Scores of one parent over all units; its children are done. */
enum mq_status mq_combine(struct mq_scores *scores, int parent, const struct mq_groups *groups,
                          struct mq_error *error);

/* ---- rank.c, band.c, change.c ---- */

enum mq_status mq_rank(struct mq_scores *scores, const struct mq_groups *groups,
                       struct mq_error *error);
void mq_band(struct mq_scores *scores);
enum mq_status mq_change(struct mq_scores *scores, const struct mq_scores *against,
                         struct mq_error *error);

/* ---- exact_product.c ---- */

/* Adds a*b to an exact sum without rounding the product (which must be finite). */
void mq_exact_product(struct mq_exact *sum, double a, double b);

/* ---- the rows of the catalogues ---- */

extern const struct mq_normaliser mq_norm_efficacy, mq_norm_minmax, mq_norm_none, mq_norm_zscore;
extern const struct mq_combiner mq_combine_arithmetic, mq_combine_geometric;
extern const struct mq_weigher mq_weigh_equal, mq_weigh_fixed;

#endif
