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

/* Rows and control totals: for rows in = accepted + rejected + out_of_scope; for every amount in,
 * which is summed as read, = accepted + rejected + out_of_scope + corrected. */
struct mq_control {
    uint64_t rows_in, accepted, rejected, out_of_scope;
    size_t inputs; /* of the model; totals are 0 for inputs that are no amounts */
    mq_int128 *total_in, *total_accepted, *total_rejected,
        *total_out_of_scope;    /* [inputs], scaled as the input */
    uint64_t rows_corrected;    /* rows of which a value was changed, whatever became of them */
    mq_int128 *total_corrected; /* [inputs] likewise: sum of (before - after) */
};

struct mq_checker;

/* `spill_directory` takes the temporary files (keys, rejects). */
enum mq_status mq_checker_new(const struct mq_model *model, struct mq_reader *reader, int workers,
                              const char *spill_directory, struct mq_checker **checker,
                              struct mq_error *error);
void mq_checker_free(struct mq_checker *checker);

/* The batch with the corrections of the model made: what comes first, before mq_checker_batch and
 * all else that looks at it. Counts and records them. Without corrections the same batch comes
 * back; else one that lives until the worker's next call, with the same rows. */
enum mq_status mq_correct(struct mq_checker *checker, const struct mq_batch *batch,
                          const struct mq_batch **corrected, struct mq_error *error);

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

/* Rows that a rule corrects leave as they are and join with their new value: `join` is called right
 * after `leave`, which knows nothing of the difference, with the same context and rows. Before
 * mq_checker_late; without it such rows only leave. */
void mq_checker_join(struct mq_checker *checker, mq_leave_fn join);

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

/* What became of the rows that a correction was tried on. */
enum mq_correction_outcome {
    MQ_CORRECTION_DONE,
    MQ_CORRECTION_BALANCED, /* prorating: the parts add up already */
    /* refused, nothing of the row is changed; the first seven as in prorate.h: */
    MQ_CORRECTION_NO_TOTAL,
    MQ_CORRECTION_NO_PARTS,
    MQ_CORRECTION_SUM_ZERO,
    MQ_CORRECTION_DECIMALS,
    MQ_CORRECTION_SCALE,
    MQ_CORRECTION_BOUNDS,
    MQ_CORRECTION_WEIGHT,
    MQ_CORRECTION_SAME,  /* not refused: the values are missing or zero, or stay after rounding */
    MQ_CORRECTION_RANGE, /* multiplying: a value would not fit */
    MQ_CORRECTION_AGAIN, /* a rule that comes first corrects the value */
    MQ_CORRECTION_OUTCOMES
};
const char *mq_correction_code(enum mq_correction_outcome outcome);
const char *mq_correction_title(enum mq_correction_outcome outcome, bool chinese);
static inline bool mq_correction_refused(enum mq_correction_outcome outcome)
{
    return outcome > MQ_CORRECTION_BALANCED && outcome != MQ_CORRECTION_SAME;
}
/* Corrections of the model in their order, then rules that correct. Not tried: rows where `if` is
 * not true, ragged ones, and those with a cell among the fields that cannot be read. By a rule are
 * tried the rows that it finds off by a power of ten and that no other rule rejects. */
struct mq_correction_count {
    const char *id, *title;
    uint64_t tried; /* the sum of: */
    uint64_t rows[MQ_CORRECTION_OUTCOMES];
};
/* *count is 0 if the model corrects nothing. */
const struct mq_correction_count *mq_checker_corrections(struct mq_checker *checker, size_t *count);

/* corrections.csv: file,line,key,column,before,after,correction, one line for every changed value
 * in the order of files, lines and corrections; the last is the id of the correction or rule.
 * Values of rejects.csv and localised.csv are those after correction. */
enum mq_status mq_write_corrections(struct mq_checker *checker, const char *path,
                                    struct mq_error *error);

/* The published files: findings.csv and rejects.csv (columns of the design), written to `path`
 * whole or not at all. */
enum mq_status mq_write_findings(struct mq_checker *checker, const char *path,
                                 struct mq_error *error);
enum mq_status mq_write_rejects(struct mq_checker *checker, const char *path,
                                struct mq_error *error);

/* warnings.csv: the columns of rejects.csv, for rows that fail a rule that rejects nobody, in order
 * of files and lines; of each rule the first 1000 rows, or as many as mq_checker_list says (0:
 * none, UINT64_MAX: all) before the first batch. */
void mq_checker_list(struct mq_checker *checker, uint64_t rows);
uint64_t mq_checker_listed(const struct mq_checker *checker);
/* Some rule fails for more rows than are listed, which are some. */
bool mq_checker_list_cut(struct mq_checker *checker);
enum mq_status mq_write_warnings(struct mq_checker *checker, const char *path,
                                 struct mq_error *error);

/* Top offenders: of every check that fails and every level whose units are codes of one input, the
 * ten units with most failing rows (then with the larger share, then by code). Failures of rows
 * whose code is not known belong to no unit. */
struct mq_offender {
    const char *rule;
    enum mq_severity severity;
    size_t level;
    struct mq_text unit;
    const char *name;      /* of the code list, else the code */
    uint64_t rows, failed; /* rows: in scope and with as many fields as the header */
};
enum mq_status mq_checker_offenders(struct mq_checker *checker,
                                    const struct mq_offender **offenders, size_t *count,
                                    struct mq_error *error);
/* failed / rows with six decimals; `text` needs 352 bytes. */
const char *mq_offender_share(const struct mq_offender *offender, char *text);
/* offenders.csv: rule,severity,level,unit,name,rows,failed,share; in order of rules, levels, rank.
 */
enum mq_status mq_write_offenders(struct mq_checker *checker, const char *path,
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
