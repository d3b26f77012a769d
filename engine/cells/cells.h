/*
 * cells: checked batches in, exact sums by period and unit out.
 *
 * Takes batches with verdicts; adds accepted rows to one cube per worker: per finest cell (period x
 * the codes that any level needs) the slots of the model's formulas, row counts and completeness
 * counts. Cubes merge in any order to the same result; rolling up gives struct mq_sums, one row per
 * period x level x unit. Enterprise rows end here.
 */
#ifndef MQ_CELLS_H
#define MQ_CELLS_H

#include "validate/validate.h"

struct mq_cube;

/* A cube of one worker. `spill_directory` is used only if a formula asks for min, max or median. */
enum mq_status mq_cube_new(const struct mq_model *model, struct mq_reader *reader,
                           const char *spill_directory, struct mq_cube **cube,
                           struct mq_error *error);
void mq_cube_free(struct mq_cube *cube);
/* Adds the rows with verdict MQ_ROW_ACCEPTED. */
enum mq_status mq_cube_add(struct mq_cube *cube, const struct mq_batch *batch,
                           const uint8_t *verdict, struct mq_error *error);
/* Takes rows out again: leaving[row] != 0. */
enum mq_status mq_cube_remove(struct mq_cube *cube, const struct mq_batch *batch,
                              const uint8_t *leaving, struct mq_error *error);
/* into += from; any order, same result. */
enum mq_status mq_cube_merge(struct mq_cube *into, const struct mq_cube *from,
                             struct mq_error *error);

/* The exact value of a slot in a unit (members by size: there are many of these). */
struct mq_value {
    mq_int128 scaled; /* MQ_VALUE_SCALED: value * 10^decimals */
    double real;      /* MQ_VALUE_REAL: correctly rounded sum, or an order statistic */
    int decimals;
    enum {
        MQ_VALUE_NONE,
        MQ_VALUE_SCALED,
        MQ_VALUE_REAL
    } kind; /* NONE: min/max/median of nothing */
};

struct mq_unit {
    uint32_t period;      /* index in sums->period */
    uint32_t level;       /* index in model->level */
    const char *code;     /* unit codes joined by '|'; "" for a level without axes */
    const char *name;     /* names joined by '|'; the code where there is no name; level title for a
                             level without axes */
    uint64_t enterprises; /* accepted rows */
};

/* ---- sample.c: the rows of a model with a design, one by one ---- */

struct mq_sampled {
    uint32_t cell;
    uint32_t psu;   /* running number: rows of a PSU are neighbours */
    double weight;  /* > 0 */
    double value[]; /* [slots] what the row gives to each, times its weight; 0: it does not count */
};
/* A stratum of one period. */
struct mq_stratum {
    const char *name; /* "" without strata */
    uint32_t period;  /* index in sums->period */
    size_t first, rows;
    size_t psus;       /* from 1 */
    double population; /* PSUs it has in the population; INFINITY: no correction is asked for */
};
struct mq_sample {
    size_t rows, slots;
    size_t stride;     /* bytes a row */
    const void *bytes; /* [rows * stride] in order of period, stratum (by bytes) and PSU */
    double *most;      /* [slots] greatest |value| of a row */
    size_t strata;
    const struct mq_stratum *stratum;
    enum mq_single single;
    struct mq_spill spill; /* holds `bytes`, unless they are somebody else's */
    struct mq_arena arena;
};
static inline const struct mq_sampled *mq_sampled(const struct mq_sample *sample, size_t row)
{
    return (const void *)((const char *)sample->bytes + row * sample->stride);
}
void mq_sample_free(struct mq_sample *sample);

/* All units of all levels, sorted by period (bytes), level (model order), code (bytes). A unit
 * exists if an accepted row falls into it. Medians of an even count are the mean of the middle two
 * (exact for amounts: one more decimal). */
struct mq_sums {
    const struct mq_model *model;
    size_t periods;
    const char **period; /* ascending by bytes; one "" if the model has no period input */
    size_t units;
    struct mq_unit *unit;
    struct mq_value *value; /* [units * model->slots] */
    uint64_t *complete;     /* [units * model->masks] rows with all inputs of the mask present */
    /* With a design only, else NULL; then `value` holds weighted sums, all of them real. */
    struct mq_sample *sample;
    size_t cells;
    uint32_t *unit_of;           /* [model->levels * cells] MQ_NO_CODE: none */
    struct mq_value *unweighted; /* [units * model->slots] */
    int threads;                 /* to go on with; 0: one */
    struct mq_arena arena;
};
/* MQ_DATA if the rows cannot be a sample of the model's design: a weight that is not above 0, no
 * stratum or PSU, a stratum of one PSU, or one that does not fit its population. */
enum mq_status mq_cube_sums(const struct mq_cube *cube, int threads, struct mq_sums **sums,
                            struct mq_error *error);
void mq_sums_free(struct mq_sums *sums);
/* Finest cells in the cube. */
size_t mq_cube_cells(const struct mq_cube *cube);

#endif
