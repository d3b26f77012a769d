/*
 * Forms: what is not plain text becomes CSV text once, when it is opened, and from there on goes
 * the way of every file. One form = one file form_*.c = one row of the table in forms.c.
 *
 * The text is set aside in a spill (a nameless file in options->spool_directory, mapped when it is
 * complete), UTF-8 but for compressed text, which may be anything a plain file may be. A place in
 * it is told to people as the row of the sheet or table it came from: see `fold`.
 */
#ifndef MQ_FORM_H
#define MQ_FORM_H

#include "ingest/ingest.h"

/* ---- pour.c: rows set aside as CSV text ---- */

struct mq_pour {
    const char *path; /* as given, for messages */
    const struct mq_reader_options *options;
    struct mq_spill spill;
    struct mq_buffer row; /* the row being made */
    size_t cells;         /* in it */
    uint64_t line;        /* lines written so far */
    uint64_t *fold;       /* [folds] lines that go on with the row of the line before, ascending */
    size_t folds, room;
};
enum mq_status mq_pour_open(struct mq_pour *pour, const char *path,
                            const struct mq_reader_options *options, struct mq_error *error);
/* The next cell of the row, in quotes where the text needs them. Want of memory is told by
 * mq_pour_end. */
void mq_pour_cell(struct mq_pour *pour, const char *text, size_t length);
/* Ends the row; without cells it is a blank line, which no reader takes for a row. Every so often
 * looks at options->stop: MQ_INTERRUPTED. */
enum mq_status mq_pour_end(struct mq_pour *pour, struct mq_error *error);
/* A whole row that is CSV text already, its line end included. */
enum mq_status mq_pour_record(struct mq_pour *pour, const char *text, size_t length,
                              struct mq_error *error);
/* Text as it stands, in pieces; rows are not looked for. */
enum mq_status mq_pour_text(struct mq_pour *pour, const char *text, size_t length,
                            struct mq_error *error);
void mq_pour_close(struct mq_pour *pour); /* safe on a zeroed one */

/* ---- one form ---- */

/* Where input comes from. "book.xlsx#Sheet1" has the part "Sheet1"; of the address
 * "sqlite:a.db?table=t" the place is "a.db" and the part "table=t". */
struct mq_origin {
    const char *path;  /* as given */
    const char *place; /* without scheme and part */
    const char *part;  /* NULL: none was given */
    const char *bytes; /* of the file; NULL for addresses */
    size_t count;
    const struct mq_model *model; /* its inputs tell a header from the titles above it */
    void **held; /* the form's own, kept while the files of a run are opened; NULL at first */
};

struct mq_form {
    const char *name;    /* "xlsx" */
    const char *summary; /* for help: what is read, and how it is written on the command line */
    const char *scheme;  /* "sqlite:" for addresses, else NULL */
    const char *magic;   /* first bytes of such a file, else NULL */
    size_t magic_length;
    bool (*knows)(const char *bytes, size_t count); /* where first bytes vary; else NULL */
    bool parts;                                     /* a file may be named with "#part" */
    bool text; /* what comes out is the text of a plain file, in any encoding, separator by name */
    /* MQ_DATA, MQ_NO_INPUT, MQ_USAGE, MQ_IO with the place; `pour` is open. */
    enum mq_status (*pour)(const struct mq_origin *origin, struct mq_pour *pour,
                           struct mq_error *error);
    void (*release)(void *held); /* NULL: nothing is held */
};
extern const struct mq_form mq_form_gzip, mq_form_zstd, mq_form_xlsx, mq_form_parquet,
    mq_form_sqlite, mq_form_pg;

/* ---- forms.c ---- */

enum { MQ_FORMS = 6 };
extern const struct mq_form *const mq_forms[MQ_FORMS];
size_t mq_form_index(const struct mq_form *form); /* its place in the table */
/* The form of an address, NULL if the path is not one. */
const struct mq_form *mq_form_of_scheme(const char *path);
/* The form of a file by its first bytes, NULL for plain text. */
const struct mq_form *mq_form_of_bytes(const char *bytes, size_t count);
/* "a.db?table=t" -> place "a.db", part "table=t"; the part starts at the first "?table=" or
 * "?query=". Both live in the arena; MQ_USAGE, saying what an address looks like, if there is no
 * part or it is empty. */
enum mq_status mq_address_split(const char *path, const char *scheme, struct mq_arena *arena,
                                const char **place, const char **part, struct mq_error *error);

/* ---- header.c ---- */

/* How many inputs of the model have a column of that name (compared as header names are). */
size_t mq_header_names(const struct mq_model *model, const char *text, size_t length, bool *failed);

#endif
