/*
 * cube: what the files of this room share. A cell is found by its words (period and code ordinals)
 * and owns one row of integer columns: counts first, then sums of amounts. Real sums and order
 * statistics exist only where a slot asks.
 */
#ifndef MQ_CELLS_CUBE_H
#define MQ_CELLS_CUBE_H

#include "cells/cells.h"

/* ---- axes.c: which cell a row falls into ---- */

struct mq_axis {
    int input;
    const uint32_t
        *finest; /* [codes] by ordinal: the code at the finest part a level asks for, or at the next
                    coarser one it has, or MQ_NO_CODE; NULL: the code as found */
    size_t codes;
};
struct mq_axes {
    int period; /* input, -1 if none; else word 0 of a cell */
    size_t count;
    struct mq_axis *axis; /* [count] the words of a cell after the period */
    size_t words;
};
enum mq_status mq_axes_build(const struct mq_model *model, struct mq_axes *axes,
                             struct mq_arena *arena, struct mq_error *error);
/* The unit's ordinal on one axis of a level, MQ_NO_CODE if the cell belongs to none. */
uint32_t mq_axes_code(const struct mq_model *model, const struct mq_axes *axes,
                      const struct mq_level_axis *level, const uint32_t *words);

/* ---- cell_layout.c: what a cell holds ---- */

/* Which rows count for a slot. The first model->masks selections are the masks alone. */
struct mq_selection {
    int mask;
    int present; /* input that has to be present besides the mask, or -1 */
    const struct mq_program *where;
};
/* A quantity of the rows of a selection: an input's value, or that of an expression. */
struct mq_quantity {
    size_t selection;
    int input; /* -1: `value` */
    const struct mq_program *value;
};
enum mq_store { MQ_STORE_COUNT, MQ_STORE_SUM, MQ_STORE_EXACT, MQ_STORE_ORDER };
struct mq_place {
    enum mq_store store;
    size_t index; /* in layout->count, sum, exact or order */
};
struct mq_layout {
    size_t selections, counts, sums, exacts, orders;
    struct mq_selection *selection;
    size_t *count;             /* [counts] selection; the first model->masks are the masks */
    struct mq_quantity *sum;   /* [sums] amounts */
    struct mq_quantity *exact; /* [exacts] reals */
    struct mq_quantity *order; /* [orders] whose values are set aside one by one */
    struct mq_place *place;    /* [model->slots] */
};
enum mq_status mq_layout_build(const struct mq_model *model, struct mq_layout *layout,
                               struct mq_arena *arena, struct mq_error *error);

/* ---- cube.c: cells ---- */

/* 2^64 * carry belongs to an integer column whose 64 bits have wrapped; rare. */
struct mq_carry {
    uint64_t column; /* cell * width + column + 1; 0 is free */
    int64_t carry;
};

/* Values set aside: a run of records of one order, in a spill. */
struct mq_order_run {
    uint64_t order, records;
};
struct mq_order_record {
    uint32_t cell;
    int32_t sign;     /* 1 added, -1 taken out again */
    uint64_t ordered; /* the value, mapped so that unsigned order is its order */
};

enum { MQ_PAGE_BITS = 8, MQ_PAGE_CELLS = 1 << MQ_PAGE_BITS };

struct mq_cube {
    const struct mq_model *model;
    struct mq_reader *reader;
    char *spill_directory;
    struct mq_axes axes;
    struct mq_layout layout;
    size_t width; /* integer columns: cell_layout.counts + layout.sums */

    size_t cells, capacity;
    uint32_t *words;       /* [capacity * axes.words] */
    uint32_t *exact_index; /* [capacity * layout.exacts] index + 1 in exact_page, 0: nothing yet */
    uint32_t *slot;        /* [slots] open addressing: cell + 1 */
    size_t slots;
    int64_t **page; /* [pages] of MQ_PAGE_CELLS * width integers */
    size_t pages;
    struct mq_exact **exact_page; /* [exact_pages] of MQ_PAGE_CELLS */
    size_t exact_pages, exacts;
    struct mq_carry *carry; /* [carry_slots] open addressing */
    size_t carries, carry_slots;

    struct mq_spill *spill; /* [spills] runs of order records; a mapped one takes no more */
    size_t spills;

    struct mq_kept_rows *kept; /* with a design */

    size_t rows;     /* room of the working arrays of a batch */
    int8_t *include; /* [selections * rows] -1: the row counts, else 0 */
    uint32_t *cell;  /* [rows] */
    double *value;   /* [rows] */
    uint8_t *truth;  /* [rows] */
    struct mq_scratch scratch;
    struct mq_arena arena;
};

/* The cell with these words, made if need be; MQ_NO_CODE when out of memory. */
uint32_t mq_cube_cell(struct mq_cube *cube, const uint32_t *words);
/* The same for many rows at once: cell[i] for words[i * axes.words]. false: out of memory. */
bool mq_cube_find(struct mq_cube *cube, const uint32_t *words, size_t rows, uint32_t *cell);
static inline int64_t *mq_cube_row(const struct mq_cube *cube, size_t cell)
{
    return cube->page[cell >> MQ_PAGE_BITS] + (cell & (MQ_PAGE_CELLS - 1)) * cube->width;
}
/* column += carry * 2^64; false: out of memory. */
bool mq_cube_carry(struct mq_cube *cube, size_t cell, size_t column, int64_t carry);
/* column += sign * value, exactly. */
bool mq_cube_adjust(struct mq_cube *cube, size_t cell, size_t column, int64_t value, int sign);
mq_int128 mq_cube_integer(const struct mq_cube *cube, size_t cell, size_t column);
/* The real sum of a cell, made if need be; NULL when out of memory. */
struct mq_exact *mq_cube_exact(struct mq_cube *cube, size_t cell, size_t exact);
/* The same if it exists, else NULL. */
const struct mq_exact *mq_cube_exact_find(const struct mq_cube *cube, size_t cell, size_t exact);
/* Array with room for one more element; NULL when out of memory, the old one unharmed. */
void *mq_cube_grow(void *array, size_t *capacity, size_t count, size_t size);

/* ---- order_stats.c ---- */

/* One of the two holds the values of a batch. */
struct mq_order_values {
    const int64_t *amount;
    const double *real; /* NaN where missing */
};
/* Sets the values of the included rows aside. */
enum mq_status mq_order_add(struct mq_cube *cube, size_t order, const int8_t *include, size_t rows,
                            const struct mq_order_values *values, int sign, struct mq_error *error);
/* Copies the records of `from`, whose cell c is cell[c] of `into`. */
enum mq_status mq_order_merge(struct mq_cube *into, const struct mq_cube *from,
                              const uint32_t *cell, struct mq_error *error);
/* Fills the order slots of the units of a level: unit[cell] is the unit, MQ_NO_CODE if none. */
enum mq_status mq_order_fill(const struct mq_cube *cube, const uint32_t *unit, struct mq_sums *sums,
                             struct mq_error *error);

/* ---- accumulate.c ---- */

/* The real values of a quantity; NaN where missing. */
enum mq_status mq_cube_values(struct mq_cube *cube, const struct mq_quantity *quantity,
                              const struct mq_batch *batch, const double **value,
                              struct mq_error *error);

/* ---- sample_rows.c: rows set aside one by one, of models with a design ---- */

/* Why a row cannot be part of a sample. */
enum mq_flaw {
    MQ_FLAW_NONE,
    MQ_FLAW_NO_WEIGHT,
    MQ_FLAW_WEIGHT,
    MQ_FLAW_NO_STRATUM,
    MQ_FLAW_NO_PSU,
    MQ_FLAW_NO_POPULATION,
    MQ_FLAW_NO_MARGIN
};
struct mq_kept_row {
    struct mq_location at;
    uint32_t cell;
    int32_t sign;     /* 1 came, -1 left again: as it came */
    uint32_t stratum; /* code, MQ_NO_CODE: none */
    uint32_t flaw;
    uint32_t unused;
    uint64_t psu;  /* hash or code; 0 without PSUs */
    uint64_t line; /* of a flawed row */
    double weight, population;
    double value[]; /* [slots] weighted; then the codes of raked inputs, uint32_t [raked] */
};
static inline uint32_t *mq_kept_codes(const struct mq_kept_row *row, size_t slots)
{
    return (uint32_t *)(uintptr_t)(row->value + slots);
}
struct mq_kept_rows {
    struct mq_spill spill;
    size_t stride;
};
/* Sets the rows of a batch aside that have just been added (sign 1) or taken out (-1). */
enum mq_status mq_sample_keep(struct mq_cube *cube, const struct mq_batch *batch, int sign,
                              struct mq_error *error);
/* Rows of `from`, whose cell c is cell[c] of `into`. */
enum mq_status mq_sample_merge(struct mq_cube *into, const struct mq_cube *from,
                               const uint32_t *cell, struct mq_error *error);
void mq_kept_rows_free(struct mq_kept_rows *kept);

/* ---- sample.c, sample_check.c, sample_sums.c ---- */

/* A row on its way into the order of the sample. */
struct mq_sample_place {
    uint32_t period, stratum; /* in order of texts */
    uint64_t psu;
    const struct mq_kept_row *row;
    double factor; /* of its weight */
};
/* Fills sums->sample. */
enum mq_status mq_sample_build(const struct mq_cube *cube, struct mq_sums *sums,
                               struct mq_error *error);
/* Refuses the first row in order of files that cannot be part of a sample. */
enum mq_status mq_sample_check_rows(const struct mq_cube *cube, const struct mq_sample_place *place,
                                    size_t rows, struct mq_error *error);
/* Finds the strata of ordered rows, and refuses those that do not fit the design. */
enum mq_status mq_sample_strata(const struct mq_cube *cube, const struct mq_sums *sums,
                                const struct mq_sample_place *place, struct mq_sample *sample,
                                struct mq_error *error);
static inline bool mq_same_psu(const struct mq_cube *cube, const struct mq_sample_place *a,
                               const struct mq_sample_place *b)
{
    return cube->model->design->psu >= 0 && a->psu == b->psu;
}
/* sample_rake.c: the factors that rake the weights to the margins of the design; 1 without. */
enum mq_status mq_sample_rake(const struct mq_cube *cube, const struct mq_sums *sums,
                              struct mq_sample_place *place, size_t rows, struct mq_error *error);
/* The values of sums become those of the population. */
enum mq_status mq_sample_weigh(struct mq_sums *sums, struct mq_error *error);

/* ---- units.c: which units there are ---- */

/* Fills sums->period and sums->unit (without counts). unit[level * cells + cell] is the unit of a
 * cell, MQ_NO_CODE if the cell has no rows or no unit at that level. */
enum mq_status mq_units_find(const struct mq_cube *cube, struct mq_sums *sums, uint32_t *unit,
                             struct mq_error *error);

#endif
