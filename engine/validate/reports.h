/*
 * reports: what is told of rows beyond their number. Rows that only warn are listed, failures are
 * counted by unit, and rows that fail a statistical edit are told which bound they passed.
 */
#ifndef MQ_VALIDATE_REPORTS_H
#define MQ_VALIDATE_REPORTS_H

#include "validate/edits.h"
#include "validate/validate.h"

struct mq_checker;
struct mq_judge;

/* Rows that fail a rule that rejects nobody: the first so many of each rule are listed. A worker
 * takes as many as could be needed, in the order it meets them; writing ends with the bound. */
enum { MQ_LIST_ROWS = 1000 };
struct mq_listed {
    uint32_t row, check;
};
struct mq_listing {
    uint64_t *taken;       /* [checks] */
    struct mq_listed *row; /* [rows] of the batch at hand */
    size_t rows, capacity;
};

/* Rows by the ordinal of a code, which may grow while files are read. */
struct mq_by_code {
    uint64_t *count;
    size_t capacity;
};
/* Of an input that alone makes the units of a level. */
struct mq_unit_counts {
    int input;
    struct mq_by_code rows;    /* live ones */
    struct mq_by_code *failed; /* [checks] */
};

/* warnings.c: rows of the batch at hand that fail a check which rejects nobody; their records. */
bool mq_listing_take(const struct mq_checker *checker, struct mq_judge *judge, size_t check,
                     const uint8_t *truth, size_t rows);
enum mq_status mq_listing_report(struct mq_checker *checker, const struct mq_batch *batch,
                                 struct mq_error *error);

/* offenders.c: failures by unit. Without memory the calls that count are false. */
enum mq_status mq_units_choose(struct mq_checker *checker, struct mq_error *error);
bool mq_units_makes(const struct mq_checker *checker, int input);
enum mq_status mq_units_open(const struct mq_checker *checker, struct mq_judge *judge,
                             struct mq_error *error);
void mq_units_clear(const struct mq_checker *checker, struct mq_judge *judge);
bool mq_units_live(struct mq_judge *judge, const struct mq_batch *batch);
/* Live rows with bytes in low..high fail. */
bool mq_units_failed(struct mq_judge *judge, size_t check, const struct mq_batch *batch,
                     const uint8_t *bytes, uint8_t low, uint8_t high);
bool mq_units_failed_row(struct mq_judge *judge, size_t check, const struct mq_column *column,
                         size_t row);

/* edit_said.c: why rows fail a statistical edit. */
struct mq_edit_said {
    uint32_t row;   /* number among the kept rows */
    uint32_t group; /* index in `group` */
    double value;   /* what was judged, before the method turned it into its measure */
    double measure;
    uint8_t status;
};
struct mq_edit_outcome {
    struct mq_edit_said *row; /* [rows] the failing ones, ascending once merged */
    size_t rows, row_capacity;
    struct mq_edit_bounds *group; /* [groups] with failing rows */
    size_t groups, group_capacity;
};
/* Adds the failing rows of a group; false without memory. */
bool mq_edit_outcome_add(struct mq_edit_outcome *outcome, const struct mq_edit_group *group,
                         const struct mq_edit_result *result, const uint32_t *row);
enum mq_status mq_edit_outcome_merge(struct mq_edit_outcome *whole, struct mq_edit_outcome *part,
                                     size_t parts, struct mq_error *error);
void mq_edit_outcome_clear(struct mq_edit_outcome *outcome);
/* Index of a row that fails. */
size_t mq_edit_outcome_find(const struct mq_edit_outcome *outcome, uint32_t row);
/* "implausibly high: revenue / revenue[-1] = 1043.2, above the imputation bound 12.7 (median 1.04,
 * 37 rows)" in the model's language. */
void mq_edit_message(const struct mq_model *model, const struct mq_edit *edit,
                     const struct mq_edit_outcome *outcome, size_t said, struct mq_buffer *text);

#endif
