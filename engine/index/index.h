/*
 * index: sums in, scores out.
 *
 * Takes the sums of every unit; evaluates the indicator formulas exactly (rational arithmetic,
 * rounded once), normalises, weighs, combines up the tree, ranks, bands, compares with the previous
 * period; hands on struct mq_scores. Everything here is small and in memory: scoring again with
 * another model needs no enterprise row.
 */
#ifndef MQ_INDEX_H
#define MQ_INDEX_H

#include "cells/cells.h"

/* Why a number is missing, or what is special about it. Text: mq_reason_code (files),
 * mq_reason_title (people). */
enum mq_reason {
    MQ_FINE = 0,
    MQ_RENORMALISED, /* present, but some nodes below were missing and the weights of their siblings
                        were scaled up */
    MQ_NOT_REPORTED, /* no enterprise reported the inputs */
    MQ_UNDEFINED, /* division by a zero sum, or a combiner that is not defined for these scores */
    MQ_BELOW_COVERAGE,   /* fewer enterprises reported than min_coverage asks */
    MQ_NO_GOALPOSTS,     /* reference points absent or constant for this unit */
    MQ_MISSING_CHILDREN, /* too few children present */
    MQ_WITHHELD,         /* disclosure control (publication only) */
    MQ_SCREENED,         /* the unit has too few values to be scored: `screen:` */
    MQ_IMPUTED, /* present, but the value was imputed; of a parent: of a leaf below that counts */
    MQ_IMPUTED_RENORMALISED, /* both */
    MQ_NO_PREVIOUS,          /* growth: no period before, or no value in it */
    MQ_REASONS
};
const char *mq_reason_code(enum mq_reason reason); /* "ok", "renormalised", "not_reported", ... */
const char *mq_reason_title(enum mq_reason reason, bool chinese);
/* Of a number that is there. */
static inline bool mq_reason_present(enum mq_reason reason)
{
    return reason == MQ_FINE || reason == MQ_RENORMALISED || reason == MQ_IMPUTED ||
           reason == MQ_IMPUTED_RENORMALISED;
}

/* How well a number is known that was estimated from a sample: standard error and the ends of the
 * confidence interval. NaN where it cannot be told. */
struct mq_estimate {
    double se, low, high;
};
/* The unit of a rolled-up level that a finer unit is part of, and its weight there. */
struct mq_part {
    uint32_t of; /* MQ_NO_CODE: none */
    double weight;
};

/* Raw indicator values: one row per unit, one column per model node (only leaves are filled). NaN =
 * missing. */
struct mq_frame {
    const struct mq_model *model;
    size_t periods;
    const char **period;
    size_t units;
    struct mq_unit *unit;                    /* order of struct mq_sums */
    double *value, *numerator, *denominator; /* [units * model->nodes] */
    /* numerator and denominator: NaN when the formula is no quotient, or nothing was reported */
    double *coverage; /* [units * nodes] share of the unit's enterprises that have the inputs; NaN
                         for parents */
    uint8_t *reason;  /* [units * nodes] enum mq_reason */
    /* What is scored: `value` after screening, imputing and treating. The same array where the
     * model asks for none of them. */
    double *used;      /* [units * nodes] */
    uint8_t *screened; /* [units] 1: left out by `screen`; NULL: nothing was prepared */
    double *filled;    /* [units * nodes] screened and imputed, not yet treated; NULL likewise */
    struct mq_emptied
        *emptied; /* [empties] what was empty in rolled up levels, what became of it */
    size_t empties;
    /* Of models with a design only, else NULL: */
    struct mq_estimate *estimate; /* [units * nodes] of the leaves' values */
    struct mq_part **part;        /* [model->levels] -> [units] for rolled-up levels; not after
                                     mq_frame_read */
    int threads; /* to prepare and score with; 0: one. Whatever it is, the scores are the same bits
                  */
    struct mq_arena arena;
};
/* A unit of a finer level without a value of its own, in a level that is rolled up from it. */
struct mq_emptied {
    uint32_t unit, node;
    const char *empty; /* code of the finer unit */
    double share;      /* of its weight in those of the whole group */
    int level;         /* borrowed: the level it was borrowed from; -1: weights were renormalised */
    const char *from;  /* borrowed: code of the unit */
    double value;      /* borrowed, else NaN */
};
/* Does a level of the model go on where finer units are empty? */
bool mq_rolls_over_empty(const struct mq_model *model);
/* Does the model ask for anything between raw values and scores? */
bool mq_prepares(const struct mq_model *model);
enum mq_status mq_frame_from_sums(const struct mq_sums *sums, struct mq_frame **frame,
                                  struct mq_error *error);
void mq_frame_free(struct mq_frame *frame);

struct mq_score {
    double value;      /* NaN if missing */
    double coverage;   /* leaves: as in the frame; parents: mean of all leaves below, missing ones
                          too, by the weights they have when nothing is missing */
    double change;     /* against the previous period (or --against), NaN if none */
    double previous;   /* the value compared with, NaN if none */
    uint32_t rank, of; /* 0 if unranked; of = units ranked in this period, level and node */
    uint64_t previous_enterprises; /* behind `previous`, for disclosure; 0 if none */
    uint32_t previous_rank;        /* 0 if none */
    int16_t band;                  /* index in model->band, -1 if none */
    uint8_t reason;                /* enum mq_reason */
};

struct mq_scores {
    const struct mq_model *model;
    const struct mq_frame *frame; /* not owned */
    struct mq_score *score;       /* [frame->units * model->nodes] */
    double *weight; /* [units * nodes] weight used within the parent (after renormalising); NaN for
                       roots and missing */
    /* [units * nodes] -> [MQ_MAX_PARAMS] parameters of the normaliser as applied, named by its
     * fitted_names; shared by units; NULL where there are none */
    const double **fitted;
    struct mq_estimate *estimate; /* [units * nodes]; NULL without a design */
    struct mq_arena *leaf_arena;  /* [nodes] what `fitted` points into */
    struct mq_arena arena;
};
/* `against` may be NULL: scores of an earlier run to compare the first period with. */
enum mq_status mq_scores_new(const struct mq_frame *frame, const struct mq_scores *against,
                             struct mq_scores **scores, struct mq_error *error);
void mq_scores_free(struct mq_scores *scores);

/* scores.csv and indicators.csv of the design (full precision, LF, no BOM). With estimates there
 * are the columns se,low,high before status. */
enum mq_status mq_scores_write(const struct mq_scores *scores, struct mq_buffer *csv);
enum mq_status mq_frame_write(const struct mq_frame *frame, struct mq_buffer *csv);
/* Reads indicators.csv back into a frame that mq_scores_new turns into the very same scores. */
enum mq_status mq_frame_read(const struct mq_model *model, const char *path,
                             struct mq_frame **frame, struct mq_error *error);
/* rollup.csv: columns
 * period,level,unit,name,indicator,finer,finer_unit,share,action,from,from_unit,value; a row for
 * every unit without a value of its own in a level rolled up from it. action: renormalised or
 * borrowed. */
enum mq_status mq_emptied_write(const struct mq_frame *frame, struct mq_buffer *csv);
/* Estimates of scores from a scores.csv: they cannot be worked out again without the rows. */
enum mq_status mq_scores_read_estimates(struct mq_scores *scores, const char *path,
                                        struct mq_error *error);
/* Room for estimates, all NaN; NULL if out of memory. */
struct mq_estimate *mq_estimates_new(struct mq_arena *arena, size_t count);
/* prepared.csv: columns period,level,unit,indicator,stage,method,before,after; a row for every
 * value that was changed before scoring. Reading it back makes a frame of indicators.csv complete.
 */
enum mq_status mq_prepared_write(const struct mq_frame *frame, struct mq_buffer *csv);
enum mq_status mq_prepared_read(struct mq_frame *frame, const char *path, struct mq_error *error);

/* bounds.csv: columns period,level,unit,name,node,value,low,high,missing; a row for every score
 * with missing leaves below (also imputed ones): what it would be if each had the worst, or the
 * best, score of the period and level. low and high are blank where methods compare units. Units
 * that were screened have no rows. */
enum mq_status mq_bounds_write(struct mq_scores *scores, struct mq_buffer *csv,
                               struct mq_error *error);

/* Where one score comes from, as a tree in model order; shares add up exactly at the printed
 * decimals. */
struct mq_explained {
    int node;
    int depth;
    double weight, effective; /* within parent; product down from the root asked for */
    double points; /* contribution to the score asked for, rounded to `decimals` so that siblings
                      add up to the parent's points exactly (largest remainders) */
    const struct mq_score *score;
};
/* `root` node (-1: the first root) of one unit; `explained` gets up to model->nodes entries, *count
 * says how many. */
enum mq_status mq_explain(const struct mq_scores *scores, size_t unit, int root, int decimals,
                          struct mq_explained *explained, size_t *count, struct mq_error *error);

/* ---- catalogues: one const row a method; listing norm_*.c, combine_*.c, weigh_*.c is listing the
 * methods ---------------- */

/* What a method promises about a*x + b (a > 0); the law tests hold it to that. */
enum mq_promise { MQ_NO_PROMISE, MQ_SCALE, MQ_AFFINE }; /* nothing; b = 0 only; any b */

/* What a normaliser may fit itself to. */
struct mq_reference_values {
    const double *value; /* [count] of the reference units, present ones only, in any order */
    size_t count;
    const double *all; /* [alls] of the same level in all periods; for `asks_all` alone */
    size_t alls;
    double unit; /* of the unit that the argument `unit` names, in the same period; NaN: none */
};
/* The values of the reference units in ascending order; for `ranks` alone, else count 0. */
struct mq_ordered {
    const double *value;
    size_t count;
};

/* fit() fills `fitted`; apply() turns one raw value into a score, higher is better. Both look at
 * node->direction: where a method has a formula for one direction only, the sign is changed first
 * (mq_directed), and then the formula applied. Methods that are not data_driven get no values. */
struct mq_normaliser {
    struct mq_method method;
    enum mq_promise
        promise;   /* scores stay the same when values and reference values all become a*x + b */
    bool ranks;    /* apply() asks for the ordered values */
    bool asks_all; /* fit() asks for all periods */
    bool peaked;   /* best between the ends: not monotone */
    const char *const *fitted_names; /* names of fitted[0..], NULL-ended */
    /* What is wrong with these parameters for this direction, in words, or NULL. May be NULL
     * itself. */
    const char *(*check)(const struct mq_node *node, const double *params);
    /* Returns MQ_FINE or a reason. */
    enum mq_reason (*fit)(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted /* [MQ_MAX_PARAMS] */);
    double (*apply)(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered);
};

/* The children of one parent over the units of one level and period that have enough of them. */
struct mq_combine_table {
    const double *const *column; /* [children][units] scores, NaN where missing */
    const double *weight;        /* [units * children] unit by unit, 0 where missing; sum 1 */
    size_t children, units;
    const struct mq_choice *choice;
};
struct mq_combiner {
    struct mq_method method;
    enum mq_promise promise; /* combine(a*s + b) = a*combine(s) + b */
    bool mean;     /* between the least and the greatest score, and no child that is better makes it
                      worse */
    bool additive; /* a child gives weight * score */
    /* weights > 0, sum 1, children present. NaN if not defined for these scores. NULL with `table`.
     */
    double (*combine)(const double *scores, const double *weights, size_t count,
                      const struct mq_choice *choice);
    /* share of each child in the combined score; shares sum to 1. NULL: in proportion to weight *
     * score. */
    void (*share)(const double *scores, const double *weights, size_t count,
                  const struct mq_choice *choice, double *shares);
    /* For methods that compare units: all of them at once. NaN: not defined. */
    enum mq_status (*table)(const struct mq_combine_table *table, double *value /* [units] */,
                            struct mq_error *error);
};

/* The children of one parent over the units of one level and period. */
struct mq_weigh_table {
    const double *const *column; /* [children][units] scores, NaN where missing */
    size_t children, units;
    const double *written; /* [children] the weights as written, sum 1 */
    const struct mq_choice *choice;
};
struct mq_weigher {
    struct mq_method method;
    /* Every unit has weights of its own; they need not sum to 1: the combined score of a unit is
     * multiplied by their sum. */
    bool by_unit;
    /* Fills weights ([children], or [units * children] unit by unit), >= 0, sum 1; *reason stays
     * MQ_FINE or says why there are none. Fails for want of memory only. NULL for `fixed`: the
     * written weights. */
    enum mq_status (*weigh)(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error);
};

/* One leaf over the units of one level in all periods: value[p * units + u], NaN where missing or
 * where the unit does not exist in that period. */
struct mq_panel {
    size_t units, periods;
    const double *value;
    const double *time;    /* [periods] the periods as years, ascending; NaN: not a number */
    const uint32_t *group; /* [units] by the argument `by`; UINT32_MAX: in none. NULL: no `by` */
    const double *parent;  /* [periods * units] the unit's parent unit, for `asks_parent` alone */
    const double *row; /* [periods * units] the mean of the unit's other indicators under the same
                          parent node, for `asks_row` alone: each brought to 0..1 by its least and
                          greatest value in that period, turned where direction is down, and then
                          back to the range of this one */
};
struct mq_imputer {
    struct mq_method method;
    bool asks_parent, asks_row;
    /* Fills made[p * units + u] where value is NaN; what stays missing is NaN. Cells of present
     * values are not looked at. */
    enum mq_status (*impute)(const struct mq_panel *panel, const struct mq_choice *choice,
                             double *made, struct mq_error *error);
};

/* Values of one leaf, one level and period: fills treated (NaN stays NaN). */
struct mq_treater {
    struct mq_method method;
    enum mq_status (*treat)(const double *value, size_t count, const struct mq_choice *choice,
                            double *treated, struct mq_error *error);
};
extern const struct mq_normaliser *const mq_normalisers[];
extern const size_t mq_normalisers_count;
extern const struct mq_combiner *const mq_combiners[];
extern const size_t mq_combiners_count;
extern const struct mq_weigher *const mq_weighers[];
extern const size_t mq_weighers_count;
extern const struct mq_imputer *const mq_imputers[];
extern const size_t mq_imputers_count;
extern const struct mq_treater *const mq_treaters[];
extern const size_t mq_treaters_count;
/* The catalogue for mq_model_read; static storage. */
const struct mq_catalogue *mq_catalogue(void);

/* ---- headers of their own: mean, spread and relation of columns; skewness and kurtosis ---- */

#include "index/column_stats.h"
#include "index/moments.h"

#endif
