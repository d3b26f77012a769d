/*
 * validate: a batch in, a verdict for every row out.
 *
 * Takes batches and the model's rules; hands on verdicts (accepted, rejected, out of scope),
 * findings (counts per rule), reject records, control totals and the keys of accepted rows. A bad
 * row is a finding, never an error.
 */
#ifndef MQ_VALIDATE_H
#define MQ_VALIDATE_H

#include "ingest/ingest.h"
#include "validate/edits.h"

enum mq_row_verdict { MQ_ROW_ACCEPTED = 0, MQ_ROW_REJECTED, MQ_ROW_OUT_OF_SCOPE };

/* One line of findings.csv. Built-in checks come first: columns, type.<input>, code.<input>,
 * key.<input>, period.<input>, scope, duplicate; then the model's rules. */
struct mq_finding {
    const char *rule, *title;
    enum mq_severity severity;
    uint64_t checked, passed, failed,
        missing; /* checked = passed + failed; missing = not checkable */
    bool any;    /* `first` is set: first failing row */
    struct mq_location first;
    uint64_t first_line;
    const char *expression; /* of a rule: as written; else "" */
    const char *broken;     /* why the rule cannot be asked at all, NULL if it can */
    uint64_t errors;        /* 1 if broken, and then nothing is checked */
};

/* Rows and control totals: in = accepted + rejected + out_of_scope, for rows and for every amount.
 */
struct mq_control {
    uint64_t rows_in, accepted, rejected, out_of_scope;
    size_t inputs; /* of the model; totals are 0 for inputs that are no amounts */
    mq_int128 *total_in, *total_accepted, *total_rejected,
        *total_out_of_scope; /* [inputs], scaled as the input */
};

struct mq_checker;

/* `spill_directory` takes the temporary files (keys, rejects). */
enum mq_status mq_checker_new(const struct mq_model *model, struct mq_reader *reader, int workers,
                              const char *spill_directory, struct mq_checker **checker,
                              struct mq_error *error);
void mq_checker_free(struct mq_checker *checker);

/* Judges the rows of a worker's batch, which is a whole block: counts findings, sets reject records
 * and keys aside. */
enum mq_status mq_checker_batch(struct mq_checker *checker, const struct mq_batch *batch,
                                uint8_t *verdict /* [batch->rows] enum mq_row_verdict */,
                                struct mq_error *error);

/* After the last batch: what can be told only when all rows are known.
 *
 * First accepted rows whose key occurs more than once in a period. Among rows that agree in every
 * input the first stays; if they disagree all go, because nobody can know which is right. Then,
 * over the rows that are left, the rules that look at other rows. All of them see the same rows:
 * what one of them rejects still counts for the others, so their order does not matter.
 *
 * Reads the rows concerned again (mq_reader_rewind) with `workers` threads. `leave` (may be NULL)
 * is called once for every batch with rows that have to leave, by the worker that holds it. Updates
 * findings, rejects and control. */
typedef enum mq_status (*mq_leave_fn)(void *context, const struct mq_batch *batch,
                                      const uint8_t *leaving /* [rows] 1 = leaves */,
                                      struct mq_error *error);
enum mq_status mq_checker_late(struct mq_checker *checker, int workers, mq_leave_fn leave,
                               void *context, struct mq_error *error);

/* Results, after all of the above. They live as long as the checker. */
enum mq_status mq_checker_findings(struct mq_checker *checker, const struct mq_finding **findings,
                                   size_t *count, struct mq_error *error);
const struct mq_control *mq_checker_control(struct mq_checker *checker);

/* What the rules say of variables and records, as the tables of Banff's editstats do. Records are
 * the rows in scope with as many fields as the header; a record fails if a rule fails, else it is
 * missing if a rule could not be checked, else it passes. Rows that left before the late stage are
 * judged by the rules of one row alone. Broken rules count nowhere. */
struct mq_variable_statistics {
    uint64_t passed, missing, failed; /* outcomes of the rules that name it */
    /* Records with this status that it has a part in: a rule that names it failed, or could not be
     * checked, or was asked at all; and the rest. */
    uint64_t records_passed, records_missing, records_failed, records_without;
};
struct mq_statistics {
    bool gathered; /* over records; false with more than 64 rules: then 0 all but the outcomes */
    size_t rules;  /* of the model, without broken ones */
    uint64_t records, passed, missing, failed;
    uint64_t *rules_passed, *rules_missing, *rules_failed; /* [rules + 1] records by number of rules
                                                              they passed, ... */
    size_t inputs;
    struct mq_variable_statistics *variable; /* [inputs] */
};
const struct mq_statistics *mq_checker_statistics(struct mq_checker *checker);

/* What became of the rows that an edit looked at: accepted, failed by zone, or the reason why not
 * judged. Rows that lack one of `by` have nothing to be compared with. */
struct mq_edit_count {
    uint64_t rows[MQ_EDIT_STATUSES];
};
const struct mq_edit_count *mq_checker_edits(const struct mq_checker *checker); /* [model->edits] */

/* The published files: findings.csv and rejects.csv (columns of the design), written to `path`
 * whole or not at all. */
enum mq_status mq_write_findings(struct mq_checker *checker, const char *path,
                                 struct mq_error *error);
enum mq_status mq_write_rejects(struct mq_checker *checker, const char *path,
                                struct mq_error *error);

/* localised.csv: which fields of a row are to be asked about, found by the method of Fellegi and
 * Holt (localise.h). For every row in scope, rejected or not, that fails one of the model's linear
 * rules: the fields of least weight that can be changed so that all linear rules hold. Fields of
 * linear rules that are missing are always among them. Columns
 *
 *   file, line, key; rules: the linear ones that fail, joined by |
 *   outcome: solved; no_solution: not even all fields that may change help; limit: none found
 *     within most_fields, or in a bounded search; nothing: the rules fail by less than rounding
 *   fields, values: headings of the fields and their texts, joined by |; "" unless solved
 *   weight: of the fields that are not missing; "" unless solved
 *
 * in the order of files and lines. It is a report only: no value is corrected, and no other result
 * changes. Without `localise` in the model, or without linear rules, just the heading. */
enum mq_status mq_write_localised(struct mq_checker *checker, const char *path,
                                  struct mq_error *error);

#endif
