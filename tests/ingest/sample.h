/* What the tests of ingest share: a model of five inputs, files on disk, and a whole reading
 * written out as text. */
#ifndef MQ_SAMPLE_H
#define MQ_SAMPLE_H

#include "ingest/ingest.h"

/* Inputs, in this order: usci (key), year (period), name (code as found), revenue (amount, 2
 * decimals; also called 营业收入), rate (number). Missing texts: "-", "NA", "—". */
enum { SAMPLE_KEY, SAMPLE_YEAR, SAMPLE_NAME, SAMPLE_REVENUE, SAMPLE_RATE, SAMPLE_INPUTS };
const struct mq_model *sample_model(void);
#define SAMPLE_HEADER "usci,year,name,revenue,rate\n"

/* A folder of its own with one file in it, removed by sample_remove. */
struct sample_file {
    char folder[200], path[260];
};
void sample_write(struct sample_file *file, const char *name, const void *bytes, size_t count);
void sample_remove(struct sample_file *file);

/* How to read. Zero-initialised: one worker, default blocks, encoding found out. */
struct sample_way {
    int workers;
    size_t block_bytes;
    enum mq_encoding encoding;
    int reader;   /* enum mq_reader_kind */
    bool texts;   /* ask for every row's line and texts */
    size_t again; /* then read every so manieth row again, alone, and expect the same of it */
};
/* One line of text per row, in the order of files and rows:
 *   file fields key year name revenue rate [line key-text name-text]
 * NULL after an error, which is then in *error; the caller frees. */
char *sample_read(const struct mq_model *model, const char *const *paths, size_t files,
                  const struct sample_way *way, struct mq_error *error);
/* The same for one file with these bytes; fails the test if the error is not the same for 1, 2, 3
 * and 7 workers and blocks of 512 bytes to 1 MiB, or if there is none. */
void sample_expect_error(const void *bytes, size_t count, const struct mq_model *model,
                         struct mq_error *error);

#endif
