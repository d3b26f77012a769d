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
    MQ_REASONS
};
const char *mq_reason_code(enum mq_reason reason); /* "ok", "renormalised", "not_reported", ... */
const char *mq_reason_title(enum mq_reason reason, bool chinese);

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
    struct mq_arena arena;
};
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
    struct mq_arena arena;
};
/* `against` may be NULL: scores of an earlier run to compare the first period with. */
enum mq_status mq_scores_new(const struct mq_frame *frame, const struct mq_scores *against,
                             struct mq_scores **scores, struct mq_error *error);
void mq_scores_free(struct mq_scores *scores);

/* scores.csv and indicators.csv of the design (full precision, LF, no BOM). */
enum mq_status mq_scores_write(const struct mq_scores *scores, struct mq_buffer *csv);
enum mq_status mq_frame_write(const struct mq_frame *frame, struct mq_buffer *csv);
/* Reads indicators.csv back into a frame that mq_scores_new turns into the very same scores. */
enum mq_status mq_frame_read(const struct mq_model *model, const char *path,
                             struct mq_frame **frame, struct mq_error *error);

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

/* fit() reads the values of the reference units (present ones only, in any order) and fills
 * `fitted`; apply() turns one raw value into a score, higher is better: both look at
 * node->direction. Methods that are not data_driven get no values. */
struct mq_normaliser {
    struct mq_method method;
    enum mq_promise
        promise; /* scores stay the same when values and reference values all become a*x + b */
    const char *const *fitted_names; /* names of fitted[0..], NULL-ended */
    /* What is wrong with these parameters for this direction, in words, or NULL. May be NULL
     * itself. */
    const char *(*check)(const struct mq_node *node, const double *params);
    /* Returns MQ_FINE or a reason. */
    enum mq_reason (*fit)(const double *values, size_t count, const struct mq_node *node,
                          const double *params, double *fitted);
    double (*apply)(double value, const struct mq_node *node, const double *fitted);
};
struct mq_combiner {
    struct mq_method method;
    enum mq_promise promise; /* combine(a*s + b) = a*combine(s) + b */
    /* weights > 0, sum 1, children present. NaN if not defined for these scores. */
    double (*combine)(const double *scores, const double *weights, size_t count,
                      const double *params);
    /* share of each child in the combined score; shares sum to 1 (NULL: it is additive, a child
     * gives weight * score). */
    void (*share)(const double *scores, const double *weights, size_t count, const double *params,
                  double *shares);
};
struct mq_weigher {
    struct mq_method method;
    /* columns: [children][units] scores of the units of one level and period, NaN where missing;
     * fills weights [children],
     * >= 0, sum 1. Returns MQ_FINE or a reason. NULL for `fixed`: the written weights. */
    enum mq_reason (*weigh)(const double *const *columns, size_t children, size_t units,
                            const double *params, double *weights);
};
extern const struct mq_normaliser *const mq_normalisers[];
extern const size_t mq_normalisers_count;
extern const struct mq_combiner *const mq_combiners[];
extern const size_t mq_combiners_count;
extern const struct mq_weigher *const mq_weighers[];
extern const size_t mq_weighers_count;
/* The catalogue for mq_model_read; static storage. */
const struct mq_catalogue *mq_catalogue(void);

#endif
