/*
 * correct: values of rows put right, each change told.
 *
 * The corrections of the model change rows as they are read, before anything else looks at them,
 * and do the same silently when rows are read again. Rules that correct (a statistical edit of
 * units) change rows after all have been judged as they were: such a row is taken out of the
 * results and put back with its new value.
 */
#ifndef MQ_VALIDATE_CORRECT_H
#define MQ_VALIDATE_CORRECT_H

#include "validate/validate.h"

struct mq_checker;
struct mq_judge;
struct mq_leaver;

/* The corrections of the model in their order, then the rules that correct. */
struct mq_corrector {
    const struct mq_correction *correction; /* NULL: a rule */
    const struct mq_rule *rule;
};
struct mq_correcting {
    size_t correctors;
    const struct mq_corrector *corrector; /* [correctors] */
    size_t inputs;
    const int *input; /* [inputs] that may change, ascending */
    size_t fields;    /* most of one correction */
};

/* A changed value, until all of the batch are told row by row. */
struct mq_change {
    uint32_t row, order; /* order: as it was made */
    int input;
    uint32_t corrector;
    int64_t before, after;
};

/* The batch a worker has in hand, corrected. */
struct mq_corrected {
    struct mq_batch batch;
    const struct mq_batch *origin; /* as read */
    struct mq_column *column;      /* [inputs] */
    int64_t **amount;              /* [inputs] copies of those that may change, else NULL */
    size_t inputs;
    size_t capacity;  /* rows the arrays have room for */
    uint8_t *changed; /* [capacity] 1: a value of the row has been changed */
    uint8_t *truth;   /* [capacity] */
    struct mq_change *change;
    size_t changes, change_capacity;
    double *part, *result;             /* [fields] */
    int64_t *after;                    /* [fields] */
    char text[48];                     /* of a value, for mq_row_cell */
    struct mq_correction_count *count; /* [correctors] */
    uint64_t rows;
    mq_int128 *total; /* [inputs] before - after */
};

/* Nothing happens in models that correct nothing. */
enum mq_status mq_correcting_open(struct mq_checker *checker, struct mq_error *error);
enum mq_status mq_corrected_open(const struct mq_checker *checker, struct mq_judge *judge,
                                 const char *directory, struct mq_error *error);
void mq_corrected_clear(struct mq_corrected *corrected);
/* Has this value been changed? Then its text. */
bool mq_corrected_cell(struct mq_judge *judge, const struct mq_batch *batch, size_t row, int input,
                       struct mq_text *text);

/* value / 10^power rounded half up (away from zero), or times 10^-power; false: out of range. */
bool mq_correct_power(int64_t value, int power, int64_t *result);
bool mq_change_add(struct mq_corrected *corrected, struct mq_change change); /* false: no memory */
/* Writes the changes into the copies. */
void mq_changes_make(struct mq_corrected *corrected, size_t from);
/* Sets records of them aside, in order of rows; then there are none. */
enum mq_status mq_changes_tell(struct mq_checker *checker, struct mq_judge *judge,
                               struct mq_error *error);

/* ---- correct_late.c ---- */

/* Rows of a batch that was read again. */
struct mq_late_fix {
    const struct mq_leaver *leaver;
    const size_t *first;   /* [rows + 1] leavers of row i: first[i] .. first[i + 1] */
    const uint8_t *leaves; /* [rows] 1: rejected, so not corrected */
    mq_leave_fn leave;     /* may be NULL */
    void *context;
};
enum mq_status mq_correct_late(struct mq_checker *checker, const struct mq_batch *batch,
                               const struct mq_late_fix *fix, struct mq_error *error);

#endif
