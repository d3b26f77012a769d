/*
 * run: the rooms put in line.
 *
 * Takes a model path, data paths and options; hands on an output directory that is whole, and the
 * texts people read. pipeline.c is the only file that knows the order of the stages. Implements the
 * public interface <mqci/mqci.h>.
 */
#ifndef MQ_RUN_H
#define MQ_RUN_H

#include "analyse/analyse.h"
#include "publish/publish.h"

#include "mqci/mqci.h"

/* ---- outdir.c: a directory that appears whole or not at all ---- */

struct mq_outdir {
    char final[4096];    /* as asked for */
    char building[4096]; /* final.building, while it is being filled */
    int lock;            /* descriptor that holds the lock, -1 if none */
};
/* Creates `final`.building under a lock. MQ_LOCKED if another run is filling it, MQ_CANNOT_WRITE if
 * it cannot be made or `final` exists and is not an output of this program. */
enum mq_status mq_outdir_open(struct mq_outdir *outdir, const char *final, struct mq_error *error);
/* Path of a file inside the directory being built; returns `path`. */
const char *mq_outdir_path(const struct mq_outdir *outdir, const char *name, char *path,
                           size_t size);
/* Puts it in place of `final` (or of `final`.failed) and removes what was there; a success also
 * removes an old .failed. */
enum mq_status mq_outdir_commit(struct mq_outdir *outdir, bool failed, struct mq_error *error);
/* Removes an unfinished directory and the lock; safe after commit. */
void mq_outdir_abandon(struct mq_outdir *outdir);

/* ---- stages shared by run and check ---- */

/* Everything one run holds; freed by mq_session_clear. */
struct mq_session {
    const struct mq_options *options;
    const char *const *data;
    size_t files;
    int threads;
    struct mq_talk talk;
    char spill[4096]; /* folder of temporary files */
    struct mq_model *model;
    struct mq_reader *reader;
    struct mq_checker *checker;
    struct mq_cube **cube;    /* [threads], NULL when only checking */
    struct mq_sha256 *digest; /* [files] */
    struct mq_sums *sums;
    struct mq_frame *frame;
    struct mq_results *against;
    struct mq_scores *scores;
    double seconds; /* of reading, for the clock part of the manifest */
};

/* publish.c */
/* MQ_USAGE for an unknown format. */
enum mq_status mq_formats_check(const char *formats, struct mq_error *error);
/* What a run publishes into its own directory. */
enum mq_status mq_publish_run(const struct mq_session *session,
                              const struct mq_provenance *provenance, const char *directory,
                              struct mq_error *error);

/* manifest.c: manifest.json; `failed` leaves the results out. */
enum mq_status mq_manifest_write(const struct mq_session *session, const struct mq_outdir *outdir,
                                 bool failed, struct mq_error *error);

/* validation.c: findings, statistical edits, records and variables as JSON. */
enum mq_status mq_validation_text(const struct mq_session *session, struct mq_buffer *text,
                                  struct mq_error *error);

/* summary.c: what the terminal shows after a run or a check. */
void mq_summary_run(const struct mq_session *session, const char *out, struct mq_buffer *text);
void mq_summary_check(const struct mq_session *session, struct mq_buffer *text);
void mq_summary_failed(const struct mq_session *session, const char *out, struct mq_buffer *text);

/* ---- old_codes.c: what rows carried of older editions of a code list ---- */

/* concordance.csv: input,edition,code,new,kind,sure,others,rows,matched: a code that rows carried a
 * row, by input, edition and code. `new`: its main successor, which was taken; kind: whole, split,
 * part-of (the concordance only has a beginning of it: `matched`) or unknown; sure: of `new`;
 * others: the other successors, joined by |. */
enum mq_status mq_old_codes_text(const struct mq_session *session, struct mq_buffer *csv,
                                 struct mq_error *error);
struct mq_old_totals {
    uint64_t rows;       /* that carried a code of an older edition */
    uint64_t translated; /* its successor is in the list */
    uint64_t split, unsure;
    uint64_t unknown, outside; /* the concordance, the list does not have it: a bad code */
};
/* Adds to totals[inputs], zeroed. */
enum mq_status mq_old_codes_count(const struct mq_session *session, struct mq_old_totals *totals,
                                  struct mq_error *error);
/* A line for each input with such rows; with_file: there is a concordance.csv to see. */
void mq_old_codes_tell(const struct mq_session *session, bool with_file, struct mq_buffer *text);

/* ---- corrections_text.c: what was corrected; only of models that correct something ---- */

bool mq_session_corrects(const struct mq_session *session);
/* [{correction, title, tried, corrected, unchanged, refused: {reason: rows}}] */
struct json_t *mq_corrections_json(const struct mq_session *session);
/* Nothing if the model corrects nothing; with_file: there is a corrections.csv to see. */
void mq_corrections_tell(const struct mq_session *session, bool with_file, struct mq_buffer *text);

/* manifest.c: of every amount the sums in, accepted, rejected, out_of_scope and, in models that
 * correct something, corrected. */
struct json_t *mq_totals_json(const struct mq_session *session);

/* ---- layout.c: columns of text aligned by display width ---- */

struct mq_layout {
    size_t columns;
    const bool *right;      /* [columns] right-aligned */
    struct mq_buffer cells; /* NUL-separated */
    size_t count;
};
void mq_layout_cell(struct mq_layout *layout, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Appends the rows, each indented by `indent`, with two spaces between columns; clears the layout's
 * cells. */
void mq_layout_print(struct mq_layout *layout, int indent, struct mq_buffer *text);

/* ---- results.c: an output directory read back ---- */

struct mq_results {
    struct mq_model *model;
    struct mq_frame *frame;
    struct mq_scores *scores;
    char model_digest[65], result_digest[65], version[32];
    char *inputs_digest; /* digests of the inputs, sorted and joined: equal if the data are the same
                          */
    uint64_t rows_in, accepted, rejected, out_of_scope, rows_corrected;
    struct mq_arena arena;
};
/* Reads OUT/model.yaml, indicators.csv and manifest.json and scores again; checks that scores.csv
 * says the same (MQ_DATA if the directory was altered). */
enum mq_status mq_results_read(const char *out, struct mq_results **results,
                               struct mq_error *error);
void mq_results_free(struct mq_results *results);
/* The unit a question asks for: index in frame->unit. */
enum mq_status mq_results_find(const struct mq_results *results, const struct mq_question *question,
                               size_t *unit, int *node, struct mq_error *error);

/* ---- stats_text.c ---- */

/* What people read about an analysis. */
enum mq_status mq_analysis_text(const struct mq_analysis *analysis, struct mq_buffer *text,
                                struct mq_error *error);

/* Hands a buffer's text to the caller of the public interface; MQ_INTERNAL if memory ran out on the
 * way. */
enum mq_status mq_output_take(struct mq_buffer *buffer, struct mq_output *output,
                              struct mq_error *error);

#endif
