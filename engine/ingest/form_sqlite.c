/*
 * form: a table, a view or the rows of a query of an SQLite file. The file is opened for reading
 * only and read in one transaction: rows that others write meanwhile are not seen.
 * https://www.sqlite.org/c3ref/intro.html
 *
 * Cells: whole numbers exact, real ones as the shortest decimal that reads back, NULL blank.
 */
#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "ingest/real_text.h"
#include "ingest/sqlite.h"

enum { STEPS_BETWEEN_LOOKS = 10000 }; /* of the virtual machine */

struct table {
    const struct mq_origin *origin;
    struct mq_pour *pour;
    sqlite3 *base;
    sqlite3_stmt *rows;
    int columns;
    bool *asked; /* [columns] an input has a column of that name */
    struct mq_buffer scratch;
    struct mq_arena arena;
    uint64_t row; /* from 1 */
};

/* ---- what goes wrong ---- */

/* The header is line 1, as in a file. */
static long line_of(uint64_t row)
{
    return (long)row + 1;
}

static enum mq_status fail_cell(const struct table *table, int column, const char *what,
                                struct mq_error *error)
{
    return mq_fail(error, MQ_DATA, table->origin->path, line_of(table->row), 0,
                   "row %llu, column \"%s\" holds %s", (unsigned long long)table->row,
                   sqlite3_column_name(table->rows, column), what);
}

/* ---- opening ---- */

static enum mq_status check_place(const struct mq_origin *origin, struct mq_error *error)
{
    struct stat about;
    if (origin->bytes && strcmp(origin->place, "-") == 0)
        return mq_fail(
            error, MQ_DATA, origin->place, 0, 0,
            "is an SQLite file, which cannot be read from standard input; name the file");
    if (!origin->place[0])
        return mq_fail(error, MQ_USAGE, origin->path, 0, 0,
                       "names no file; write sqlite:FILE?table=NAME");
    if (stat(origin->place, &about) != 0)
        return mq_fail(error, MQ_NO_INPUT, origin->place, 0, 0, "%s",
                       errno == ENOENT ? "no such file" : strerror(errno));
    if (S_ISDIR(about.st_mode))
        return mq_fail(error, MQ_DATA, origin->place, 0, 0,
                       "is a folder; name the SQLite file in it");
    return MQ_OK;
}

static int look_at_stop(void *context)
{
    const volatile int *stop = *(const volatile int *const *)context;
    return stop && *stop;
}

static enum mq_status open_base(struct table *table, struct mq_error *error)
{
    MQ_TRY(check_place(table->origin, error));
    int code = sqlite3_open_v2(table->origin->place, &table->base,
                               SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK)
        return mq_sqlite_fail(table->base, code, table->origin, error);
    union { /* the handler takes no const */
        const volatile int *const *at;
        void *context;
    } stop = {&table->pour->options->stop};
    sqlite3_busy_timeout(table->base, MQ_SQLITE_WAIT_MS);
    sqlite3_progress_handler(table->base, STEPS_BETWEEN_LOOKS, look_at_stop, stop.context);
    /* Reading the list of tables shows whether it is a database at all, and begins the
     * transaction. */
    code = sqlite3_exec(table->base, "BEGIN; SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);
    return code == SQLITE_OK ? MQ_OK : mq_sqlite_fail(table->base, code, table->origin, error);
}

/* ---- cells ---- */

static enum mq_status pour_text(struct table *table, int column, struct mq_error *error)
{
    const char *text = (const char *)sqlite3_column_text(table->rows, column);
    size_t length = (size_t)sqlite3_column_bytes(table->rows, column);
    if (!text)
        return mq_fail_memory(error);
    bool broken = mq_utf8_valid(text, length) < length || memchr(text, '\0', length);
    if (broken && table->asked[column])
        return fail_cell(table, column,
                         "text that is not valid UTF-8; correct it where the table is made", error);
    mq_pour_cell(table->pour, text, broken ? 0 : length);
    return MQ_OK;
}

/* What no input asks for need not be readable. */
static enum mq_status pour_cell(struct table *table, int column, struct mq_error *error)
{
    struct mq_buffer *scratch = &table->scratch;
    scratch->length = 0;
    switch (sqlite3_column_type(table->rows, column)) {
    case SQLITE_INTEGER:
        mq_buffer_format(scratch, "%lld", (long long)sqlite3_column_int64(table->rows, column));
        break;
    case SQLITE_FLOAT:
        mq_plain_real(scratch, sqlite3_column_double(table->rows, column));
        break;
    case SQLITE_TEXT:
        return pour_text(table, column, error);
    case SQLITE_BLOB:
        if (table->asked[column])
            return fail_cell(table, column,
                             "binary data (BLOB), a number or text was expected; store it as TEXT, "
                             "INTEGER or REAL",
                             error);
        break;
    default: /* SQLITE_NULL */
        break;
    }
    if (scratch->failed)
        return mq_fail_memory(error);
    mq_pour_cell(table->pour, scratch->length ? scratch->data : "", scratch->length);
    return MQ_OK;
}

/* ---- rows ---- */

static enum mq_status pour_header(struct table *table, struct mq_error *error)
{
    table->columns = sqlite3_column_count(table->rows);
    table->asked = mq_arena_array(&table->arena, (size_t)table->columns, sizeof *table->asked);
    if (!table->asked)
        return mq_fail_memory(error);
    for (int i = 0; i < table->columns; i++) {
        const char *name = sqlite3_column_name(table->rows, i);
        size_t length = name ? strlen(name) : 0;
        bool failed = !name;
        if (name && mq_utf8_valid(name, length) < length)
            return mq_fail(error, MQ_DATA, table->origin->path, 1, 0,
                           "the name of column %d is not valid UTF-8", i + 1);
        table->asked[i] = name && mq_header_names(table->origin->model, name, length, &failed) > 0;
        if (failed)
            return mq_fail_memory(error);
        mq_pour_cell(table->pour, name, length);
    }
    return mq_pour_end(table->pour, error);
}

static enum mq_status pour_rows(struct table *table, struct mq_error *error)
{
    int code;
    MQ_TRY(pour_header(table, error));
    while ((code = sqlite3_step(table->rows)) == SQLITE_ROW) {
        table->row++;
        for (int i = 0; i < table->columns; i++)
            MQ_TRY(pour_cell(table, i, error));
        MQ_TRY(mq_pour_end(table->pour, error));
    }
    if (code == SQLITE_DONE)
        return MQ_OK;
    if (code == SQLITE_ERROR) /* what the query says cannot be done with this row */
        return mq_fail(error, MQ_DATA, table->origin->path, line_of(table->row + 1), 0,
                       "row %llu cannot be read: %s", (unsigned long long)table->row + 1,
                       sqlite3_errmsg(table->base));
    return mq_sqlite_fail(table->base, code, table->origin, error);
}

static enum mq_status pour(const struct mq_origin *origin, struct mq_pour *pour,
                           struct mq_error *error)
{
    struct table table = {.origin = origin, .pour = pour};
    enum mq_status status = open_base(&table, error);
    if (status == MQ_OK)
        status = mq_sqlite_select(table.base, origin, &table.rows, error);
    if (status == MQ_OK)
        status = pour_rows(&table, error);
    sqlite3_finalize(table.rows);
    sqlite3_close(table.base);
    mq_buffer_clear(&table.scratch);
    mq_arena_clear(&table.arena);
    return status;
}

/* A file named without its table is known by its first bytes, to say what is wanting. */
const struct mq_form mq_form_sqlite = {
    .name = "sqlite",
    .summary =
        "a table of an SQLite file: sqlite:FILE?table=NAME or \"sqlite:FILE?query=SELECT ...\"",
    .scheme = "sqlite:",
    .magic = "SQLite format 3",
    .magic_length = 16,
    .parts = false,
    .text = false,
    .pour = pour,
};
