/*
 * ingest: files in, batches of columns out.
 *
 * Takes data files and a model's inputs; hands on batches: the rows of one record-aligned block as
 * columns. Each worker thread pulls its own batches; blocks are handed out in file order, parsed in
 * parallel and carry where they came from. Nothing is judged here beyond "is this text a value of
 * that type": a cell that is not keeps its state for validate/. What cannot be read as a table at
 * all (no such file, wrong encoding, broken quotes, no header, a missing column) is an error with
 * file:line:column.
 */
#ifndef MQ_INGEST_H
#define MQ_INGEST_H

#include "model/model.h"

enum mq_encoding {
    MQ_ENCODING_AUTO,
    MQ_UTF8,
    MQ_GB18030
}; /* auto: BOM, then strict UTF-8, then GB18030 */

enum mq_reader_kind { MQ_READER_AUTO, MQ_READER_LIBCSV, MQ_READER_SCAN }; /* auto: scan */

struct mq_reader_options {
    int reader; /* enum mq_reader_kind: how rows are cut into fields; never changes a result */
    int workers;
    size_t block_bytes; /* 0 = default (256 KiB); at most 64 MiB */
    enum mq_encoding encoding;
    const char *
        spool_directory; /* where input that cannot be mapped (pipes) is set aside; NULL = "/tmp" */
    const volatile int
        *stop; /* checked between blocks; non-zero ends with MQ_INTERRUPTED; may be NULL */
    const struct mq_talk *talk; /* may be NULL */
};

/* What is known of an input file after opening (and, rows, after reading). */
struct mq_file_info {
    const char *path; /* as given */
    const char *name; /* short name for findings: base name, or the path where base names repeat */
    uint64_t bytes;
    enum mq_encoding encoding;
    size_t ignored; /* header columns no input asks for */
    const char **ignored_name;
};

/* Where a row came from; order of locations = order of files and rows, for any number of threads.
 */
struct mq_location {
    uint32_t file, block, row; /* row: record number within its block */
};

/* The rows of one block, or those of them that mq_reader_rewind asked for. Owned by the reader's
 * worker, reused by its next call. */
struct mq_batch {
    uint32_t file, block;
    size_t rows;
    const struct mq_location *at;   /* [rows] the wanted rows; NULL: all, in order */
    const struct mq_column *column; /* [model->inputs] */
    const uint32_t *fields; /* [rows] fields found if the row is ragged, else 0; a ragged row's
                               cells are MQ_MISSING */
    size_t wanted_fields;   /* fields of the header */
    int worker;
};

static inline struct mq_location mq_batch_location(const struct mq_batch *batch, size_t row)
{
    return batch->at ? batch->at[row]
                     : (struct mq_location){batch->file, batch->block, (uint32_t)row};
}

/* Name and summary of what can be read, the plain text first; NULL after the last. */
const char *mq_reader_form(size_t index, const char **summary);

struct mq_reader;

/* Opens all files, finds encodings, reads headers and binds columns. A path may be "-" for standard
 * input, or name a sheet or a table: see mq_reader_form. */
enum mq_status mq_reader_open(const struct mq_model *model, const char *const *paths, size_t files,
                              const struct mq_reader_options *options, struct mq_reader **reader,
                              struct mq_error *error);
void mq_reader_close(struct mq_reader *reader);

size_t mq_reader_files(const struct mq_reader *reader);
const struct mq_file_info *mq_reader_file(const struct mq_reader *reader, size_t file);
/* Dictionary of a code or period input: the list's, or the codes found so far. NULL for other
 * types. */
const struct mq_dict *mq_reader_dict(const struct mq_reader *reader, size_t input);
/* A code of an older edition that rows carried; see `history` of the model. */
struct mq_old_rows {
    size_t input;
    const struct mq_old_code *code; /* lives as long as the reader */
    bool listed;                    /* the list has what became of it */
    uint64_t rows;
};
/* The codes of all rows read, by input, edition and code; rows that were read again count once. All
 * workers must be idle. The caller frees. */
enum mq_status mq_reader_old_rows(const struct mq_reader *reader, struct mq_old_rows **rows,
                                  size_t *count, struct mq_error *error);
/* SHA-256 of a file's bytes; may be called by another worker while reading goes on. */
enum mq_status mq_reader_digest(const struct mq_reader *reader, size_t file,
                                struct mq_sha256 *digest, struct mq_error *error);

/* Next block for this worker; *batch = NULL at the end. When any worker meets a broken file, every
 * worker's next call fails with the error that comes first in file order. */
enum mq_status mq_reader_next(struct mq_reader *reader, int worker, const struct mq_batch **batch,
                              struct mq_error *error);
/* Starts over (all workers must be idle). With count 0, batches are the same as the first time.
 * Else they hold the wanted rows alone, with the cells they had the first time, and nothing is said
 * of the bytes between them; batch->at points into `wanted`, which is ascending without repeats and
 * stays alive. A wanted row that the block does not have is an error. */
void mq_reader_rewind(struct mq_reader *reader, const struct mq_location *wanted, size_t count);

/* For people: the line where a row of the worker's current batch starts, and the text of one
 * input's cell ("" if the row is too short). Slow; for rows that are going to be reported. Texts
 * live until the worker's next call. */
enum mq_status mq_reader_line(struct mq_reader *reader, const struct mq_batch *batch, size_t row,
                              uint64_t *line);
enum mq_status mq_reader_cell(struct mq_reader *reader, const struct mq_batch *batch, size_t row,
                              size_t input, struct mq_text *text);

#endif
