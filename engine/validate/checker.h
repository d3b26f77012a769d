/*
 * checker: what the files of this room share. A checker holds the list of checks (immutable) and
 * one judge per worker; judges count and set aside on their own and meet only in the results.
 */
#ifndef MQ_VALIDATE_CHECKER_H
#define MQ_VALIDATE_CHECKER_H

#include "validate/correct.h"
#include "validate/edits.h"
#include "validate/localise.h"
#include "validate/reports.h"
#include "validate/validate.h"

/* ---- checks.c, messages.c -------------------------------------------------------------------- */

enum mq_check_kind {
    MQ_CHECK_COLUMNS,
    MQ_CHECK_TYPE,
    MQ_CHECK_CODE,
    MQ_CHECK_KEY,
    MQ_CHECK_PERIOD,
    MQ_CHECK_SCOPE,
    MQ_CHECK_DUPLICATE,
    MQ_CHECK_RULE,
    MQ_CHECK_KINDS
};

struct mq_check {
    enum mq_check_kind kind;
    enum mq_severity severity;
    const char *name, *title;
    const struct mq_rule *rule; /* MQ_CHECK_RULE */
    size_t inputs;              /* shown in a reject record */
    const int *input;           /* [inputs]; the one checked for type, code, key and period */
    const char *column;         /* headings of these inputs, joined by '|' */
    uint8_t fails_from;         /* type .. period: lowest enum mq_cell_state that fails */
    size_t truth;               /* scope, rules: which column of judge->truth */
};

enum mq_phrase {
    MQ_PHRASE_COLUMNS_TITLE,
    MQ_PHRASE_TYPE_TITLE,
    MQ_PHRASE_CODE_TITLE,
    MQ_PHRASE_PRESENT_TITLE,
    MQ_PHRASE_SCOPE_TITLE,
    MQ_PHRASE_DUPLICATE_TITLE,
    MQ_PHRASE_COLUMNS,
    MQ_PHRASE_MISSING,
    MQ_PHRASE_MALFORMED,
    MQ_PHRASE_SEPARATOR,
    MQ_PHRASE_RANGE,
    MQ_PHRASE_DECIMALS,
    MQ_PHRASE_CODE,
    MQ_PHRASE_AGE,
    MQ_PHRASE_OLD_CODE,
    MQ_PHRASE_SUCCESSOR,
    MQ_PHRASE_RUINED,
    MQ_PHRASE_SCOPE,
    MQ_PHRASE_RULE,
    MQ_PHRASE_SAME,
    MQ_PHRASE_CONFLICT,
    MQ_PHRASES
};
const char *mq_phrase(enum mq_phrase phrase, bool chinese);
/* Why a row fails a check, as it stands in rejects.csv; appended to `message`. */
void mq_check_message(const struct mq_model *model, const struct mq_check *check,
                      const struct mq_batch *batch, size_t row, struct mq_buffer *message);

/* Of a rule: its title and text. */
void mq_rule_message(const struct mq_model *model, const struct mq_check *check,
                     struct mq_buffer *message);

/* ---- a worker ---- */

struct mq_count {
    uint64_t checked, failed, missing;
    bool any;   /* `first` is set: lowest failing row seen */
    bool fresh; /* first_line is still to be looked up */
    struct mq_location first;
    uint64_t first_line;
};

/* Files of one record a row, or more: each worker sets its own aside; they are put in the order of
 * the files at the end. */
enum mq_record_kind {
    MQ_RECORDS_REJECTS,
    MQ_RECORDS_WARNINGS,
    MQ_RECORDS_LOCALISED,
    MQ_RECORDS_CORRECTED,
    MQ_RECORDS
};

/* Records of one block that lie together in a spill. */
struct mq_record_run {
    uint32_t file, block;
    uint32_t worker;
    bool late; /* written when rows were read again, after the block's other records */
    uint64_t offset, length;
};
struct mq_records {
    struct mq_spill spill; /* frames: struct mq_record_frame, then the text of the record */
    bool open;             /* records of this kind are wanted */
    uint64_t length;
    struct mq_record_run *run; /* [runs] in order of writing */
    size_t runs, capacity;
};
struct mq_record_frame {
    uint32_t row, bytes;
    uint32_t check; /* of warnings, which are bounded by check; else 0 */
};

enum { MQ_KEY_PARTITIONS = 64, MQ_KEY_CHUNK = 256 };
struct mq_key_record {
    uint64_t hash;  /* of key and period; the upper 6 bits are the partition */
    uint32_t block; /* index in mq_keys.block */
    uint32_t row;
};
struct mq_key_block {
    uint32_t file, block;
};
struct mq_key_chunk {
    uint64_t record; /* index of the first record in the spill */
    uint32_t partition, count;
};
/* Keys of accepted rows: filled 64 ways at once, set aside a chunk at a time. */
struct mq_keys {
    struct mq_spill spill;
    uint64_t records; /* in the spill */
    uint64_t added;
    struct mq_key_record *buffer; /* [MQ_KEY_PARTITIONS * MQ_KEY_CHUNK] */
    uint32_t fill[MQ_KEY_PARTITIONS];
    struct mq_key_block *block;
    size_t blocks, block_capacity;
    struct mq_key_chunk *chunk;
    size_t chunks, chunk_capacity;
    size_t first_chunk[MQ_KEY_PARTITIONS +
                       1]; /* of each partition, once mq_keys_finish has sorted them */
    uint64_t *period;      /* [periods] hash of the period's text, by ordinal */
    size_t periods;
};

/* An input that is kept for the late stage. */
struct mq_keep {
    int input;
    size_t width; /* bytes of a value */
    bool tests;   /* tests of its texts are kept too */
};
/* Kept rows of one block of a file, in the spill of the worker that read it. */
struct mq_kept_block {
    uint32_t file, block, worker;
    uint32_t rows, notes;
    uint64_t offset;
};
/* What rules of one row said of a kept row, unless it was nothing but good; rules by bit. */
struct mq_kept_note {
    uint64_t row; /* among the block's kept ones */
    uint64_t failed, missed;
};
struct mq_kept {
    struct mq_spill spill;
    uint64_t written;
    struct mq_kept_block *block; /* [blocks] */
    size_t blocks, block_capacity;
    uint32_t *row; /* [capacity] rows of the batch at hand that are kept */
    void *buffer;  /* [capacity * 8] */
    size_t capacity;
};
/* A block as kept. */
struct mq_kept_sight {
    struct mq_column *column; /* [inputs] those kept are set */
    const uint32_t *row;      /* [rows] number in the block of the file, ascending */
    const struct mq_kept_note *note;
};

/* What became of records, over the rules; see struct mq_statistics. Rules by bit. */
enum { MQ_STATISTICS_RULES = 64 };
enum mq_record_status { MQ_RECORD_PASS, MQ_RECORD_MISS, MQ_RECORD_FAIL, MQ_RECORD_STATUSES };
/* Records alike come in great numbers: they are counted first and told apart later. */
struct mq_alike {
    uint64_t failed, missed, records;
    bool all;
};
enum { MQ_ALIKE = 128 };
struct mq_tally {
    struct mq_alike alike[MQ_ALIKE]; /* by their bits */
    uint64_t clean[2];               /* records that passed all rules of one row, and all rules */
    uint64_t status[MQ_RECORD_STATUSES];
    uint64_t rules[MQ_RECORD_STATUSES][MQ_STATISTICS_RULES + 1]; /* records by number of rules */
    uint64_t (*role)[MQ_RECORD_STATUSES];                        /* [inputs] */
};

/* Control totals of a worker: everything, then by enum mq_row_verdict. */
enum { MQ_TOTAL_IN, MQ_TOTAL_VERDICT, MQ_TOTALS = 4 };

struct mq_judge {
    struct mq_count *count;      /* [checks] */
    uint64_t rows[MQ_TOTALS];    /* as total */
    mq_int128 *total[MQ_TOTALS]; /* [inputs] */
    struct mq_scratch scratch;   /* of the compiled rules */
    size_t capacity;             /* rows the arrays below have room for */
    uint8_t *live;               /* 1: in scope and not ragged; checks count these rows */
    uint8_t *want;               /* 1: line and texts are to be looked up */
    uint8_t *truth;              /* [truths * capacity] */
    uint64_t *failed, *missed;   /* [capacity] rules by bit, where `marked`; for the statistics */
    bool marked;                 /* a row of the batch failed a rule or could not be checked */
    size_t live_rows;
    struct mq_buffer text, field; /* a reject record, and a part of it */
    struct mq_records records[MQ_RECORDS];
    struct mq_buffer message; /* of an edit */
    struct mq_listing listing;
    struct mq_unit_counts *units; /* [unit_inputs] */
    size_t unit_inputs;
    double *value;   /* [fields of the localiser] of a row; NaN: missing */
    uint8_t *change; /* likewise: its answer */
    struct mq_keys keys;
    struct mq_kept kept;
    struct mq_tally tally;
    struct mq_corrected corrected;
    struct mq_arena arena; /* of its own, so that workers share no cache line */
};

/* All linear rules of a model at once. */
struct mq_localiser {
    struct mq_localise_system system;
    const int *input; /* [system.fields] ascending */
    size_t checks;    /* 0: rows are not localised */
    size_t *check;    /* [checks] linear ones, as index in checker->check */
};

struct mq_checker {
    const struct mq_model *model;
    struct mq_reader *reader;
    size_t workers;
    size_t checks, truths;
    struct mq_check *check; /* [checks] in the order of findings.csv */
    size_t duplicate;       /* index of that check, or checks */
    struct mq_judge *judge; /* [workers] */
    const char *directory;  /* of temporary files */
    bool late;              /* there are rules that look at other rows */
    struct mq_keep *keep;   /* [keeps] inputs kept for them, ascending */
    size_t keeps;
    struct mq_localiser localiser;
    struct mq_correcting correcting;
    struct mq_correction_count *correction_count; /* [correcting.correctors] */
    mq_leave_fn join;                             /* may be NULL */
    bool tallies;      /* statistics are gathered: there are not too many rules */
    uint64_t rules[2]; /* rules of one row, and all rules, by bit */
    uint64_t *naming;  /* [inputs] rules that name it, by bit */
    struct mq_statistics statistics;
    struct mq_edit_count *edit_count; /* [model->edits] */
    struct mq_finding *finding;       /* [checks] */
    struct mq_control control;
    uint64_t list;   /* rows of each rule in warnings.csv */
    int *unit_input; /* [unit_inputs] those that alone make the units of a level */
    size_t unit_inputs;
    struct mq_edit_outcome *outcome; /* [model->edits] */
    struct mq_offender *offender;    /* [offenders] once `ranked` */
    size_t offenders;
    bool ranked;
    struct mq_arena arena;
};

/* checks.c: the list of checks a model asks for. */
enum mq_status mq_checks_list(struct mq_checker *checker, struct mq_error *error);

/* check_rows.c: counts every check over a batch and sets the verdicts. */
enum mq_status mq_check_rows(const struct mq_checker *checker, struct mq_judge *judge,
                             const struct mq_batch *batch, uint8_t *verdict,
                             struct mq_error *error);
bool mq_check_fails(const struct mq_check *check, const struct mq_judge *judge,
                    const struct mq_batch *batch, size_t row);
/* A row failed: keeps the lowest. */
void mq_count_first(struct mq_count *count, const struct mq_batch *batch, size_t row);
bool mq_bytes_zero(const uint8_t *bytes, size_t count);

/* control.c */
void mq_control_add(struct mq_judge *judge, const struct mq_model *model,
                    const struct mq_batch *batch, const uint8_t *verdict);
/* A row that was accepted is now rejected. */
void mq_control_move(struct mq_judge *judge, const struct mq_model *model,
                     const struct mq_batch *batch, size_t row);

/* records.c, rejects.c: of a check that rejects nobody it is a warning. */
enum mq_status mq_rejects_add(struct mq_checker *checker, const struct mq_batch *batch, size_t row,
                              uint64_t line, const struct mq_check *check, const char *message,
                              struct mq_error *error);

/* Records of this kind are wanted: before any is added. */
enum mq_status mq_records_open(struct mq_judge *judge, enum mq_record_kind kind,
                               const char *directory, struct mq_error *error);
void mq_records_clear(struct mq_records *records);
/* Sets the record in judge->text aside. */
enum mq_status mq_records_add(struct mq_judge *judge, enum mq_record_kind kind,
                              const struct mq_batch *batch, size_t row, struct mq_error *error);
enum mq_status mq_records_put(struct mq_judge *judge, enum mq_record_kind kind, uint32_t check,
                              const struct mq_batch *batch, size_t row, struct mq_error *error);
/* Ends the field in judge->field, and adds it to judge->text with what separates it. */
void mq_record_field(struct mq_judge *judge, const char *separator);
/* Starts a record in judge->text: file,line,key, */
enum mq_status mq_record_open(struct mq_checker *checker, const struct mq_batch *batch, size_t row,
                              uint64_t line, struct mq_error *error);
/* Writes those of all judges in the order of files and lines. */
enum mq_status mq_records_write(struct mq_checker *checker, enum mq_record_kind kind,
                                const char *header, const char *path, struct mq_error *error);

/* localise_rows.c: nothing happens unless the model asks for it and has linear rules. */
enum mq_status mq_localiser_open(struct mq_checker *checker, struct mq_error *error);
enum mq_status mq_localiser_judge(const struct mq_checker *checker, struct mq_judge *judge,
                                  const char *directory, struct mq_error *error);
/* After mq_check_rows; uses judge->want. */
enum mq_status mq_localise_batch(struct mq_checker *checker, struct mq_judge *judge,
                                 const struct mq_batch *batch, struct mq_error *error);
/* Heading of the column an input is looked for in first. */
const char *mq_input_heading(const struct mq_input *input);

/* keys.c: nothing happens without a key input. Batches are whole blocks. */
enum mq_status mq_keys_open(struct mq_keys *keys, const char *directory, struct mq_error *error);
enum mq_status mq_keys_add(struct mq_keys *keys, const struct mq_checker *checker,
                           const struct mq_batch *batch, const uint8_t *verdict,
                           struct mq_error *error);
enum mq_status mq_keys_finish(struct mq_keys *keys, struct mq_error *error);
void mq_keys_clear(struct mq_keys *keys);

/* key_search.c: rows whose key and period may occur more than once. */
struct mq_candidate {
    uint64_t hash;
    struct mq_location at;
    uint32_t fate;        /* enum mq_fate */
    uint32_t key_length;  /* bytes of the key; the period follows it in `identity` */
    uint32_t length;      /* of both */
    const char *identity; /* key and period text */
    uint64_t print[2];    /* fingerprint of all inputs */
};
enum mq_fate { MQ_STAYS, MQ_LEAVES_SAME, MQ_LEAVES_CONFLICT };
struct mq_candidates {
    struct mq_candidate *row;
    size_t count, capacity;
};
/* Fills `found` in order of location; memory grows with the duplicates, not with the rows. */
enum mq_status mq_keys_search(const struct mq_checker *checker, size_t workers,
                              struct mq_candidates *found, struct mq_error *error);

/* kept.c: nothing happens without late rules. Batches are whole blocks. */
static inline bool mq_rule_late(const struct mq_rule *rule)
{
    return rule->late && !rule->broken;
}
enum mq_status mq_keep_choose(struct mq_checker *checker, struct mq_error *error);
enum mq_status mq_kept_add(struct mq_checker *checker, struct mq_judge *judge,
                           const struct mq_batch *batch, const uint8_t *verdict,
                           struct mq_error *error);
/* `bytes` is where the worker's spill is mapped. */
void mq_kept_look(const struct mq_checker *checker, const struct mq_kept_block *block,
                  const char *bytes, struct mq_kept_sight *sight);
void mq_kept_clear(struct mq_kept *kept);

/* statistics.c */
enum mq_status mq_tallies_open(struct mq_checker *checker, struct mq_error *error);
/* Rows whose truth is not MQ_TRUE and that are not passed over (`live` 0; NULL: all are live) get
 * the rule's bit. Tells whether there were any. */
bool mq_tally_mark(const uint8_t *truth, const uint8_t *live, size_t rows, unsigned bit,
                   uint64_t *failed, uint64_t *missed);
/* A record that did not pass all rules; `all`: late rules too were asked. */
void mq_tally_record(const struct mq_checker *checker, struct mq_tally *tally, bool all,
                     uint64_t failed, uint64_t missed);
/* The live rows of a batch, those left out that are kept for the late stage. */
void mq_tally_batch(const struct mq_checker *checker, struct mq_judge *judge,
                    const struct mq_batch *batch, const uint8_t *verdict);

/* reread.c: rows read again. `place` ascends without repeats; body gets the index in it of the
 * batch's first row, the others follow. */
typedef enum mq_status (*mq_reread_fn)(void *context, const struct mq_batch *batch, size_t first,
                                       struct mq_error *error);
enum mq_status mq_reread(struct mq_checker *checker, size_t workers,
                         const struct mq_location *place, size_t places, mq_reread_fn body,
                         void *context, struct mq_error *error);

/* leave.c: rows that fail a check which is decided after reading. */
struct mq_leaver {
    struct mq_location at;
    uint32_t check;
    uint8_t fate;  /* enum mq_fate; of duplicates */
    bool stays;    /* wanted for its line alone, or to be corrected */
    int8_t power;  /* not 0: its value is divided by 10^power, unless the row leaves */
    bool lists;    /* stays, and is a warning */
    uint32_t said; /* of an edit: 1 + index of the failing row in its outcome; 0: nothing */
};
struct mq_leavers {
    struct mq_leaver *row;
    size_t count, capacity;
};
enum mq_status mq_leavers_add(struct mq_leavers *leavers, struct mq_leaver leaver,
                              struct mq_error *error);
/* Reads them again in one go: reject records, control totals, first lines, the callback. */
enum mq_status mq_leave(struct mq_checker *checker, size_t workers, struct mq_leavers *leavers,
                        mq_leave_fn leave, void *context, struct mq_error *error);

/* duplicates.c, late.c: find those that leave. */
enum mq_status mq_duplicates_find(struct mq_checker *checker, size_t workers,
                                  struct mq_leavers *leavers, struct mq_error *error);
/* leavers: at first the duplicates, in order of location. */
enum mq_status mq_late_find(struct mq_checker *checker, size_t workers, struct mq_leavers *leavers,
                            struct mq_error *error);

/* mq_reader_line and mq_reader_cell, with the error told: rows of the current batch fail only for
 * want of memory. */
enum mq_status mq_row_line(const struct mq_checker *checker, const struct mq_batch *batch,
                           size_t row, uint64_t *line, struct mq_error *error);
enum mq_status mq_row_cell(const struct mq_checker *checker, const struct mq_batch *batch,
                           size_t row, int input, struct mq_text *text, struct mq_error *error);

/* In order of files and rows: < 0, 0, > 0. */
int mq_location_compare(const struct mq_location *a, const struct mq_location *b);

/* The array with room for one more element than `count`, moved if need be; NULL when out of memory
 * (the array is unharmed then). */
void *mq_make_room(void *array, size_t *capacity, size_t count, size_t size);

#endif
