/*
 * late: what the files of the late stage share. While rows are read, those that the checks of one
 * row accept are kept: of every input that a late rule needs, a column per block. After reading,
 * kept rows have numbers (from 0, in order of location); groups of them are made, derived columns
 * and edits computed over the groups, and the late rules run over the kept blocks.
 *
 * Arrays with an element a row may be mapped files. Within a group rows stand in order of their
 * numbers; nothing that is published depends on it.
 */
#ifndef MQ_VALIDATE_LATE_H
#define MQ_VALIDATE_LATE_H

#include <math.h>
#include <stdatomic.h>

#include "validate/checker.h"
#include "validate/edits.h"

/* ---- array.c: zeroed memory; what is large lies in a nameless mapped file of the directory ---- */

struct mq_array {
    void *data;
    size_t bytes;
    bool mapped;
};
enum mq_status mq_array_new(struct mq_array *array, size_t count, size_t size,
                            const char *directory, struct mq_error *error);
void mq_array_clear(struct mq_array *array);

/* body(context, i, worker) for every i < count, each once, by whichever worker is free; ends with
 * the first failure. */
typedef enum mq_status (*mq_each_fn)(void *context, size_t index, size_t worker,
                                     struct mq_error *error);
enum mq_status mq_each(size_t workers, size_t count, mq_each_fn body, void *context,
                       struct mq_error *error);

/* ---- late.c ---- */

/* Kept rows of one block, as columns. */
struct mq_late_block {
    const struct mq_kept_block *of;
    const char *bytes;
    uint32_t first; /* number of its first row */
};

struct mq_first {
    bool any;
    struct mq_location at;
};

/* What one worker needs to look at a block. */
struct mq_view {
    struct mq_column *column;  /* [inputs + deriveds], of the block last opened */
    double *number;            /* [deriveds * capacity] */
    uint8_t *state;            /* likewise */
    uint8_t *truth;            /* [capacity] */
    uint64_t *failed, *missed; /* [capacity] rules by bit */
    size_t capacity;
    const uint32_t *row;             /* of the block: numbers in the block of the file */
    const struct mq_kept_note *note; /* [block->of->notes] */
    struct mq_scratch scratch;
    struct mq_array work;   /* of the group at hand: see mq_view_work */
    struct mq_first *first; /* [checks] lowest failing row of rules that reject nobody */
    struct mq_leavers leavers;
    uint64_t (*edits)[MQ_EDIT_STATUSES]; /* [model->edits] rows by status */
};

#define MQ_NO_GROUP UINT32_MAX

/* Rows by what they have in `by`. */
struct mq_grouping {
    size_t bys;
    const int *by;
    uint32_t groups;
    struct mq_array id;    /* uint32_t [rows]: group, MQ_NO_GROUP if one of `by` is lacking */
    struct mq_array start; /* uint32_t [groups + 1]: where the group starts in `row` */
    struct mq_array row;   /* uint32_t [rows]: numbers of rows, group by group */
};

/* A derived column, once computed: one value for all, by group, or by row; NaN is missing. */
struct mq_derive {
    bool done;
    double constant;
    const struct mq_grouping *grouping; /* NULL: `constant`, or by row */
    struct mq_array value;              /* double [groups] or [rows] */
};

struct mq_late {
    struct mq_checker *checker;
    const struct mq_model *model;
    size_t workers;
    struct mq_late_block *block; /* [blocks] in order of location */
    size_t blocks;
    uint32_t rows;
    struct mq_array gone; /* uint8_t [rows]: 1 takes no part */
    struct mq_grouping *grouping;
    size_t groupings;
    struct mq_derive *derive;     /* [model->deriveds] */
    struct mq_array *edit_status; /* [model->edits] uint8_t [rows] */
    struct mq_array *edit_power;  /* [model->edits] of those that correct: int8_t [rows] */
    struct mq_view *view;         /* [workers] */
};

/* Points the worker's columns at a block: what is kept and, if asked for, the derived columns that
 * are done. Makes room for its rows. */
enum mq_status mq_late_look(struct mq_late *late, const struct mq_late_block *block,
                            struct mq_view *view, bool derived, struct mq_error *error);
/* At least so many doubles of working memory. */
enum mq_status mq_view_work(const struct mq_late *late, struct mq_view *view, size_t doubles,
                            struct mq_error *error);
const struct mq_late_block *mq_late_block_of(const struct mq_late *late, uint32_t row);

/* Values of a program for all rows, or, if `whole` is asked for and it is nothing but an amount,
 * the scaled amounts. */
struct mq_late_values {
    bool whole;             /* bits are int64_t, else double */
    int decimals;           /* of whole ones */
    struct mq_array bits;   /* [rows] */
    struct mq_array absent; /* uint8_t [rows] */
};
enum mq_status mq_late_values(struct mq_late *late, const struct mq_program *program, bool whole,
                              struct mq_late_values *values, struct mq_error *error);
void mq_late_values_clear(struct mq_late_values *values);

/* ---- group.c ---- */

/* The grouping by these inputs, made when first asked for. */
enum mq_status mq_late_group(struct mq_late *late, size_t bys, const int *by,
                             const struct mq_grouping **grouping, struct mq_error *error);
void mq_grouping_clear(struct mq_grouping *grouping);
/* A cell as a number that equals another's if and only if the cells are the same. */
uint64_t mq_cell_identity(const struct mq_column *column, size_t row);
/* Groups' rows in a piece each: `start` and `row` from ids. */
enum mq_status mq_rows_sort(struct mq_late *late, const uint32_t *id, uint32_t groups,
                            struct mq_array *start, struct mq_array *row, struct mq_error *error);
/* Calls body for every group, by pieces of about equal numbers of rows. */
typedef enum mq_status (*mq_group_fn)(void *context, uint32_t group, size_t worker,
                                      struct mq_error *error);
enum mq_status mq_each_group(struct mq_late *late, const struct mq_grouping *grouping,
                             mq_group_fn body, void *context, struct mq_error *error);

/* ---- derive.c ---- */

enum mq_status mq_late_derive(struct mq_late *late, size_t derived, struct mq_error *error);
static inline double mq_derive_value(const struct mq_derive *derive, uint32_t row)
{
    if (derive->grouping) {
        uint32_t group = ((const uint32_t *)derive->grouping->id.data)[row];
        return group == MQ_NO_GROUP ? NAN : ((const double *)derive->value.data)[group];
    }
    return derive->value.data ? ((const double *)derive->value.data)[row] : derive->constant;
}

/* derive_kinds.c: what is said of a group's values. */
struct mq_group_values {
    size_t rows;     /* of the group */
    size_t count;    /* that have a value */
    bool whole;      /* `amount`, else `number` */
    int decimals;    /* of whole ones */
    int64_t *amount; /* [count]; may be put in another order */
    double *number;  /* likewise */
};
/* NaN: missing. */
double mq_derive_group(enum mq_derived_kind kind, const struct mq_group_values *values);

/* derive_relations.c */
enum mq_status mq_derive_complete(struct mq_late *late, const struct mq_derived *derived,
                                  struct mq_derive *made, struct mq_error *error);
enum mq_status mq_derive_determines(struct mq_late *late, const struct mq_derived *derived,
                                    struct mq_derive *made, struct mq_error *error);
enum mq_status mq_derive_earlier(struct mq_late *late, const struct mq_derived *derived,
                                 struct mq_derive *made, struct mq_error *error);

/* derive_sums.c: sums along labels. */
enum mq_status mq_derive_sums(struct mq_late *late, const struct mq_derived *derived,
                              struct mq_derive *made, struct mq_error *error);

/* ---- late_edits.c ---- */

enum mq_status mq_late_edit(struct mq_late *late, size_t edit, struct mq_error *error);

#endif
