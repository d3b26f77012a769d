/* Small CSV tables, whole in memory, read by libcsv one byte at a time: its callbacks carry no
 * position, so the position is kept here, and these tables are too small for speed to matter. */
#include "core/core.h"

#include <csv.h>
#include <string.h>

struct reader {
    struct mq_table *table;
    struct mq_error *error;
    enum mq_status status;
    long line, column;             /* of the byte being read; columns count characters */
    long record_line;              /* where the current record began; 0 = not yet */
    long quote_line, quote_column; /* first quote of the current cell; 0 = none */
    size_t fields;                 /* of the current record */
    size_t cells;                  /* filled so far, header included */
    char **cell;                   /* header cells, then those of the rows */
};

static void on_cell(void *bytes, size_t length, void *context)
{
    struct reader *reader = context;
    reader->quote_line = 0;
    reader->fields++;
    if (reader->status != MQ_OK)
        return;
    struct mq_text text = mq_text_trim((struct mq_text){bytes, length});
    char *copy = mq_arena_string(&reader->table->arena, text.s, text.n);
    if (!copy)
        reader->status = mq_fail_memory(reader->error);
    reader->cell[reader->cells++] = copy;
}

static void on_record(int mark, void *context)
{
    (void)mark;
    struct reader *reader = context;
    struct mq_table *table = reader->table;
    if (reader->status != MQ_OK)
        return;
    if (table->columns == 0) {
        table->columns = reader->fields;
        table->header_line = reader->record_line;
    } else if (reader->fields != table->columns) {
        reader->status = mq_fail(reader->error, MQ_DATA, table->path, reader->record_line, 0,
                                 "this row has %zu cells where the header has %zu; check for a "
                                 "missing or an extra comma, or quote cells that contain commas",
                                 reader->fields, table->columns);
    } else {
        table->line[table->rows++] = reader->record_line;
    }
    reader->fields = 0;
    reader->record_line = 0;
}

/* Keeps the position right: before a byte is parsed ... */
static void arrive(struct reader *reader, char byte)
{
    if (!reader->record_line && byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n')
        reader->record_line = reader->line;
    if (byte == '"' && !reader->quote_line) {
        reader->quote_line = reader->line;
        reader->quote_column = reader->column;
    }
}

/* ... and after it. A lone CR ends a line too. */
static void leave(struct reader *reader, char byte, char next)
{
    if (byte == '\n' || (byte == '\r' && next != '\n')) {
        reader->line++;
        reader->column = 1;
    } else if (((unsigned char)byte & 0xC0) != 0x80) {
        reader->column++;
    }
}

static enum mq_status bad_quote(const struct reader *reader)
{
    return mq_fail(
        reader->error, MQ_DATA, reader->table->path, reader->line, reader->column,
        "a quote (\") is misplaced here or just before; quote the whole cell and double the "
        "quotes inside it");
}

static enum mq_status parse(struct reader *reader, const char *bytes, size_t count)
{
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
        return mq_fail_memory(reader->error);
    enum mq_status status = MQ_OK;
    for (size_t i = 0; i < count && status == MQ_OK; i++) {
        arrive(reader, bytes[i]);
        if (csv_parse(&parser, bytes + i, 1, on_cell, on_record, reader) != 1)
            status = csv_error(&parser) == CSV_ENOMEM ? mq_fail_memory(reader->error)
                                                      : bad_quote(reader);
        else
            status = reader->status;
        leave(reader, bytes[i], i + 1 < count ? bytes[i + 1] : '\0');
    }
    /* An unterminated quote is known only by the value csv_fini returns. */
    if (status == MQ_OK && csv_fini(&parser, on_cell, on_record, reader) != 0)
        status = mq_fail(reader->error, MQ_DATA, reader->table->path, reader->quote_line,
                         reader->quote_column, "the quote (\") opened here is never closed");
    csv_free(&parser);
    return status == MQ_OK ? reader->status : status;
}

/* Text must be UTF-8 without NUL before it is cut into cells. */
static enum mq_status check_text(const char *path, const char *bytes, size_t count,
                                 struct mq_error *error)
{
    size_t valid = mq_utf8_valid(bytes, count);
    const char *nul = count ? memchr(bytes, '\0', count) : NULL;
    size_t fault = nul && (size_t)(nul - bytes) < valid ? (size_t)(nul - bytes) : valid;
    if (fault == count)
        return MQ_OK;
    struct reader at = {.line = 1, .column = 1};
    for (size_t i = 0; i < fault; i++)
        leave(&at, bytes[i], bytes[i + 1]);
    if (fault != valid)
        return mq_fail(error, MQ_DATA, path, at.line, at.column,
                       "a NUL byte: this is not a text table; save it as CSV in UTF-8");
    return mq_fail(error, MQ_DATA, path, at.line, at.column,
                   "byte 0x%02X is not UTF-8; save the table as CSV in UTF-8",
                   (unsigned)(unsigned char)bytes[fault]);
}

static enum mq_status check_header(const struct mq_table *table, struct mq_error *error)
{
    for (size_t i = 0; i < table->columns; i++)
        for (size_t j = i + 1; j < table->columns; j++)
            if (table->header[i][0] && strcmp(table->header[i], table->header[j]) == 0)
                return mq_fail(error, MQ_DATA, table->path, table->header_line, 0,
                               "column \"%s\" appears twice in the header (columns %zu and %zu)",
                               table->header[i], i + 1, j + 1);
    return MQ_OK;
}

static enum mq_status read_cells(struct mq_table *table, const char *bytes, size_t count,
                                 struct mq_error *error)
{
    size_t lines = 1, cells = 1; /* upper bounds */
    for (size_t i = 0; i < count; i++) {
        lines += bytes[i] == '\n' || bytes[i] == '\r';
        cells += bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == ',';
    }
    struct reader reader = {.table = table, .error = error, .line = 1, .column = 1};
    reader.cell = mq_arena_array(&table->arena, cells, sizeof *reader.cell);
    table->line = mq_arena_array(&table->arena, lines, sizeof *table->line);
    if (!reader.cell || !table->line)
        return mq_fail_memory(error);
    MQ_TRY(parse(&reader, bytes, count));
    if (table->columns == 0)
        return mq_fail(error, MQ_DATA, table->path, 0, 0,
                       "the table is empty; a header line with the names of the columns was "
                       "expected");
    table->header = reader.cell;
    table->cell = reader.cell + table->columns;
    return check_header(table, error);
}

enum mq_status mq_table_read(const char *path, struct mq_table *table, struct mq_error *error)
{
    struct mq_table made = {0};
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    enum mq_status status = mq_read_file(path, &content, error);
    if (status == MQ_OK) {
        made.path = mq_arena_string(&made.arena, path, strlen(path));
        status = made.path ? MQ_OK : mq_fail_memory(error);
    }
    if (status == MQ_OK) {
        bool bom = content.length >= 3 && memcmp(content.data, "\xEF\xBB\xBF", 3) == 0;
        const char *bytes = content.data + (bom ? 3 : 0);
        size_t count = content.length - (bom ? 3 : 0);
        status = check_text(path, bytes, count, error);
        if (status == MQ_OK)
            status = read_cells(&made, bytes, count, error);
    }
    mq_buffer_clear(&content);
    if (status != MQ_OK) {
        mq_table_clear(&made);
        return status;
    }
    *table = made;
    return MQ_OK;
}

int mq_table_find(const struct mq_table *table, const char *name)
{
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(table->header[i], name) == 0)
            return (int)i;
    return -1;
}

enum mq_status mq_table_column(const struct mq_table *table, const char *name, size_t *column,
                               struct mq_error *error)
{
    int found = mq_table_find(table, name);
    if (found >= 0) {
        *column = (size_t)found;
        return MQ_OK;
    }
    struct mq_buffer names = MQ_BUFFER_EMPTY;
    for (size_t i = 0; i < table->columns; i++)
        mq_buffer_format(&names, "%s%s", i ? ", " : "", table->header[i]);
    enum mq_status status = names.failed
                                ? mq_fail_memory(error)
                                : mq_fail(error, MQ_DATA, table->path, table->header_line, 0,
                                          "no column \"%s\"; the header has: %s", name, names.data);
    mq_buffer_clear(&names);
    return status;
}

void mq_table_clear(struct mq_table *table)
{
    mq_arena_clear(&table->arena);
    *table = (struct mq_table){0};
}
