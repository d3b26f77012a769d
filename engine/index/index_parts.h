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

/* ---- around.c ---- */

struct mq_around {
    const struct mq_frame *frame;
    uint32_t coarse;
    size_t axis[MQ_MAX_AXES]; /* for each axis of the coarse level that of the fine one */
    size_t lacking;           /* axis that the fine level does not have */
    struct mq_buffer code;
};
/* False if units of `fine` do not lie in units of `coarse`. Needs the code lists of the model. */
bool mq_around_open(struct mq_around *around, const struct mq_frame *frame, uint32_t fine,
                    uint32_t coarse);
/* The unit of the coarse level around `unit`, in the same period; SIZE_MAX: there is none. */
enum mq_status mq_around_find(struct mq_around *around, size_t unit, size_t *found,
                              struct mq_error *error);
/* The same around a code of the fine level that need not be in the data. */
enum mq_status mq_around_code(struct mq_around *around, const char *code, uint32_t period,
                              size_t *found, struct mq_error *error);
void mq_around_close(struct mq_around *around);

/* ---- panel.c ---- */

/* The units of a level over all periods, and the values of one leaf. */
struct mq_panel_frame {
    struct mq_panel panel;
    size_t *place; /* [periods * units] index in the frame, SIZE_MAX: not in that period */
    double *memory;
    uint32_t *group;
    uint32_t level;
};
enum mq_status mq_panel_open(struct mq_panel_frame *panel, const struct mq_frame *frame,
                             uint32_t level, struct mq_error *error);
/* Takes the values that are used of a leaf, and what its imputer asks for besides. */
enum mq_status mq_panel_fill(struct mq_panel_frame *panel, const struct mq_frame *frame, int leaf,
                             struct mq_error *error);
void mq_panel_close(struct mq_panel_frame *panel);
/* panel_group.c: fills panel->group by the units of a coarser level, or by a table `unit,group`. */
enum mq_status mq_panel_group(struct mq_panel_frame *panel, const struct mq_frame *frame,
                              const char *by, struct mq_error *error);

/* ---- prepare.c ---- */

/* frame->used as a copy of the raw values, and nothing screened. */
enum mq_status mq_prepared_alloc(struct mq_frame *frame, struct mq_error *error);
/* Screens, imputes and treats: fills frame->used, frame->filled and frame->screened. */
enum mq_status mq_frame_prepare(struct mq_frame *frame, struct mq_error *error);

/* ---- rollup.c ---- */

/* Fills the levels that are weighted means of finer ones. */
enum mq_status mq_rollup(struct mq_frame *frame, struct mq_error *error);

/* rollup_weights.c: a file unit,weight[,period] */
struct mq_weight {
    const char *unit, *period; /* period "" = any */
    double value;
    long line;
};
struct mq_weights {
    const char *path;
    size_t count;
    struct mq_weight *row; /* sorted by unit, period */
    struct mq_table table;
};
/* `arena` keeps the rows, mq_table_clear the texts. */
enum mq_status mq_weights_read(const struct mq_frame *frame, uint32_t level, struct mq_arena *arena,
                               struct mq_weights *weights, struct mq_error *error);
/* Of the period itself, else of any; NULL if there is none. */
const struct mq_weight *mq_weights_find(const struct mq_weights *weights, const char *unit,
                                        const char *period);

/* rollup_mean.c: the values of one unit from those of finer ones. */
struct mq_member {
    size_t parent, child; /* child SIZE_MAX: not in the data of the period */
    const struct mq_weight *weight;
};
struct mq_rolling {
    struct mq_frame *frame;
    uint32_t level;
    const struct mq_weights *weights;
    struct mq_around *lender; /* [froms] of the level */
    size_t capacity;          /* of frame->emptied */
};
enum mq_status mq_roll_group(struct mq_rolling *rolling, const struct mq_member *member,
                             size_t count, struct mq_error *error);

/* ---- growth.c ---- */

/* Fills the leaves that compare others with the period before. */
void mq_frame_grow(struct mq_frame *frame);

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
/* Reference points and whether they can be used. */
struct mq_fit {
    enum mq_reason reason;
    const double *fitted;
    struct mq_ordered ordered;
};
/* How the raw values of one leaf become scores. */
struct mq_fitted_leaf {
    const struct mq_node *node;
    size_t index;
    const struct mq_normaliser *method;
    struct mq_fit *fit; /* [groups] */
    struct mq_goalposts goalposts;
};
/* Finds the reference points of one leaf; `arena` keeps them. */
enum mq_status mq_fit_leaf(const struct mq_scores *scores, int leaf, const struct mq_groups *groups,
                           struct mq_arena *arena, struct mq_fitted_leaf *fitted,
                           struct mq_error *error);
/* The score of one unit. */
void mq_apply_leaf(struct mq_scores *scores, const struct mq_fitted_leaf *leaf, size_t group,
                   size_t unit);

/* ---- score.c ---- */

enum mq_status mq_find_groups(const struct mq_frame *frame, struct mq_arena *arena,
                              struct mq_groups *groups, struct mq_error *error);

/* ---- tree.c ---- */

/* A parent whose children's scores are combined. *family is freed by mq_parent_free, also after an
 * error. */
struct mq_parent;
enum mq_status mq_parent_new(struct mq_scores *scores, int parent, const struct mq_groups *groups,
                             int workers, struct mq_parent **family, struct mq_error *error);
void mq_parent_free(struct mq_parent *family);
/* Must it look at all units of a level and period, with their children done, before any is scored?
 */
bool mq_parent_looks(const struct mq_parent *family);
/* *done: the units have their scores now. */
enum mq_status mq_parent_look(struct mq_parent *family, const struct mq_groups *groups, bool *done,
                              struct mq_error *error);
/* Scores of some units of a group; workers may run at the same time over different units. */
void mq_combine_units(const struct mq_parent *family, int worker, size_t group, size_t begin,
                      size_t end);

/* ---- rank.c, band.c, change.c ---- */

enum mq_status mq_rank(struct mq_scores *scores, const struct mq_groups *groups, int threads,
                       struct mq_error *error);
/* Of units begin .. end. */
void mq_band(struct mq_scores *scores, size_t begin, size_t end);
enum mq_status mq_change(struct mq_scores *scores, const struct mq_scores *against,
                         struct mq_error *error);

/* ---- exact_product.c ---- */

/* Adds a*b to an exact sum without rounding the product (which must be finite). */
void mq_exact_product(struct mq_exact *sum, double a, double b);
/* Sum of a*b, correctly rounded: the same bits as mq_exact gives, for any order. Products must be
 * finite. */
double mq_dot(const double *a, const double *b, size_t count);
/* The weighted mean of scores (count > 0, weights sum 1), never outside their range. */
double mq_mean(const double *scores, const double *weights, size_t count);
double mq_least(const double *values, size_t count); /* count > 0 */

/* ---- combine_order.c ---- */

/* Children from the greatest score down, of equal ones the greater weight first: the same for
 * children in any order. `last` is the one before, SIZE_MAX at the beginning; so is the result
 * after the last. */
size_t mq_next_child(const double *scores, const double *weights, size_t count, size_t last);
/* Shares of a score that is the sum of part * score. */
void mq_linear_shares(const double *scores, const double *parts, size_t count, double *shares);

/* ---- combine_mpi.c ---- */

/* Mazziotta and Pareto: M - S * cv, or M + S * cv if `up`. */
double mq_penalised_mean(const double *scores, const double *weights, size_t count, bool up);

/* ---- what methods share ---- */

/* The value with its sign changed where less is better. */
static inline double mq_directed(const struct mq_node *node, double value)
{
    return node->direction == MQ_UP ? value : -value;
}
/* For qsort: ascending. */
int mq_compare_reals(const void *left, const void *right);
/* Argument of parameter `param`; its fields are 0 and NULL where nothing was given. */
static inline struct mq_argument mq_argument(const struct mq_choice *choice, int param)
{
    return choice->argument ? choice->argument[param] : (struct mq_argument){0};
}

/* ---- reference.c ---- */

/* Least and greatest of some values, NaN where there are none; false if they or their difference
 * are not finite. */
bool mq_reference_range(const double *value, size_t count, double *least, double *greatest);
/* What is wrong with points in natural units for the direction, in words, or NULL. */
const char *mq_points_fault(const struct mq_node *node, double fail, double pass);
/* The choices of a parameter `ties`. */
enum { MQ_TIES_MIN, MQ_TIES_AVERAGE, MQ_TIES_MAX };
extern const char *const mq_ties[];
/* Rank among the ordered values, the worst is 1; a value from outside is placed among them. */
double mq_ascending_rank(const struct mq_ordered *ordered, const struct mq_node *node, double value,
                         double ties);

/* ---- catalogue.c ---- */

#include "index/index_methods.h"

#endif
