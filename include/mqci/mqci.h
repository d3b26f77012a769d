/*
 * mqci: the Manufacturing Quality Competitiveness Index from enterprise tables.
 *
 * The whole public interface. Every call returns a status (0 = well) and fills a caller-owned
 * error. A model is immutable after loading and may be used by several threads; everything else
 * belongs to one thread at a time.
 */
#ifndef MQCI_MQCI_H
#define MQCI_MQCI_H

#include <stddef.h>
#include <stdint.h>

#include "mqci/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Text handed back by the library: UTF-8, NUL-terminated. mq_output_free releases it. */
struct mq_output {
    char *text;
    size_t length;
};
MQ_API void mq_output_free(struct mq_output *output);

/* Version of the library, "0.1.0". */
MQ_API const char *mq_version(void);

/* Where talk and progress go; any member may be NULL. Called by one thread at a time. Levels: 0
 * error, 1 warn, 2 info, 3 debug. */
struct mq_listener {
    void *context;
    void (*say)(void *context, int level, const char *stage, const char *message);
    void (*progress)(void *context, const char *stage, uint64_t done, uint64_t total);
};

/* Formatting of such talk, for programs that write it somewhere: a log line (text or JSON, with
 * line end) and a progress line fitted to `width` columns (without line end). */
MQ_API enum mq_status mq_log_text(int json, int level, const char *stage, const char *message,
                                  struct mq_output *line);
MQ_API enum mq_status mq_progress_text(int width, const char *stage, uint64_t done, uint64_t total,
                                       struct mq_output *line);

/* ---- models ---- */

struct mq_model;

/* Reads a model file and everything it names. MQ_BAD_MODEL with file:line:column if it is wrong. */
MQ_API enum mq_status mq_model_load(const char *path, struct mq_model **model,
                                    struct mq_error *error);
MQ_API void mq_model_free(struct mq_model *model);
/* The model as resolved, as YAML that loads again to the same text. */
MQ_API enum mq_status mq_model_text(const struct mq_model *model, struct mq_output *yaml,
                                    struct mq_error *error);

/* The catalogue of methods: a line of each (family NULL), or formula, parameters and reference of
 * one, of a family, or of all ("all"). Unknown names give MQ_USAGE. */
MQ_API enum mq_status mq_methods_text(const char *family, const char *name, struct mq_output *text,
                                      struct mq_error *error);

/* ---- runs
 * ------------------------------------------------------------------------------------------------
 */

/* What may be given as data: the name of form number `index` and what it reads, NULL after the
 * last.
 */
MQ_API const char *mq_data_form(size_t index, const char **summary);

enum mq_encoding_choice { MQ_ENCODING_DETECT, MQ_ENCODING_UTF8, MQ_ENCODING_GB18030 };

enum mq_reader_choice { MQ_READ_AUTO, MQ_READ_LIBCSV, MQ_READ_SCAN };

/* All zero is the default of everything. */
struct mq_options {
    int threads;              /* 0 = processors available */
    size_t block_bytes;       /* 0 = default */
    int encoding;             /* enum mq_encoding_choice */
    int reader;               /* enum mq_reader_choice: how rows are cut; never changes a result */
    int strict;               /* any finding fails the run; a rule that cannot be asked stops it */
    int json;                 /* mq_check with data: the answer as JSON */
    int reject_limit_given;   /* else 5 % */
    int reject_limit_percent; /* the limit is a percentage of the rows, else a number of rows */
    double reject_limit;
    const char *against;      /* output directory of an earlier run to compare with, or NULL */
    const volatile int *stop; /* set non-zero (by a signal handler) to interrupt; may be NULL */
    struct mq_listener listener;
    int list_given;      /* else 1000 */
    const char *formats; /* what is published into `out`; NULL: csv,xlsx */
    uint64_t list; /* rows of each rule in warnings.csv: the first so many, UINT64_MAX for all */
};

/* Reads, checks, adds up, scores and publishes; `out` appears whole or stays as it was. On
 * MQ_FINDINGS, `out`.failed holds findings, rejects, warnings and manifest. `summary` (may be NULL)
 * receives the short table for people. */
MQ_API enum mq_status mq_run(const char *model_path, const char *const *data, size_t files,
                             const char *out, const struct mq_options *options,
                             struct mq_output *summary, struct mq_error *error);

/* Binds the model; with data, validates them too. Writes nothing; `summary` tells the findings. */
MQ_API enum mq_status mq_check(const char *model_path, const char *const *data, size_t files,
                               const struct mq_options *options, struct mq_output *summary,
                               struct mq_error *error);

/* ---- results ---- */

/* Which score to explain; NULL members mean: the only or first level, the last period, the root
 * node. */
struct mq_question {
    const char *unit, *level, *period, *node;
};
MQ_API enum mq_status mq_explain_text(const char *out, const struct mq_question *question,
                                      struct mq_output *text, struct mq_error *error);
/* What moved between two outputs, largest first, and whether data or method moved it. */
MQ_API enum mq_status mq_compare_text(const char *out_a, const char *out_b, struct mq_output *text,
                                      struct mq_error *error);
/* Where targets get their actual values from; all zero: the tables that their file names. */
struct mq_target_question {
    const char *const *out; /* output directories of runs; their scores go before tables */
    size_t outs;
    const char *const *table; /* year,figure,value[,source]; in place of those of the file */
    size_t tables;
    int year;              /* the latest year looked at, 0: any */
    const char *directory; /* targets.csv is written there; NULL: nowhere */
};
/* How far along the targets of a file are. */
MQ_API enum mq_status mq_targets_text(const char *path, const struct mq_target_question *question,
                                      struct mq_output *text, struct mq_error *error);
/* What the indicators and scores of an output are like, over the units of one level and period:
 * statistics, correlations, consistency and components of the children of each parent, effective
 * weights, flags. NULL members of `question` mean the level with most units among those of one
 * axis, and the last period; unit and node are not looked at. With a `directory`, the same in full
 * precision as CSV files there. `threads` 0 = processors available; never changes a result. */
MQ_API enum mq_status mq_stats_text(const char *out, const struct mq_question *question,
                                    const char *directory, int threads, struct mq_output *text,
                                    struct mq_error *error);
/* Format number `index` of publications, what it is for and which files it writes; NULL after the
 * last. */
MQ_API const char *mq_format(size_t index, const char **summary, const char **files);

/* All zero: everything there is, and no map. */
struct mq_publish_options {
    const char *formats;  /* "csv,xlsx"; NULL for all */
    const char *document; /* Word document (.docx) with places to fill, or NULL */
    const char *map;      /* GeoJSON with a feature for every unit, or NULL */
    const char *approval; /* 审图号 of the map, or NULL */
    const char *targets;  /* targets file whose targets the feedback sheets tell, or NULL */
    int year;             /* of the targets: the latest year looked at, 0: any */
    int strict;           /* a place of `document` that is not known: MQ_FINDINGS */
};
/* Writes tables, figures, texts and feedback sheets of an output into the directory `to`. With a
 * `document` instead: a copy of it with its places filled becomes the file `to`; places are looked
 * up in the outputs in their order. `text` (may be NULL) receives what was written, and places that
 * are not known. */
MQ_API enum mq_status mq_publish(const char *const *out, size_t outs, const char *to,
                                 const struct mq_publish_options *options, struct mq_output *text,
                                 struct mq_error *error);

#ifdef __cplusplus
}
#endif
#endif
