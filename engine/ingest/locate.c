/*
 * locate: from offsets and rows back to lines, columns and texts, for people. Works on text that a
 * tokeniser has accepted (or on the part before its fault), so quotes can be trusted to alternate.
 */
#include <string.h>

#include "ingest/reader.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct mq_place mq_place_find(const char *text, size_t offset, uint64_t line)
{
    struct mq_place place = {line, 1};
    for (size_t i = 0; i < offset; i++) {
        if (text[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

size_t mq_quote_opened(const char *text, size_t offset)
{
    /* A quote that follows a separator (and spaces) opens a field; the field is left at the
     * separator after an even number of quotes. */
    size_t opened = offset;
    bool odd = false, between = true;
    for (size_t i = 0; i < offset; i++) {
        char c = text[i];
        if (c == '"') {
            if (between && !odd)
                opened = i;
            odd = !odd;
            between = false;
        } else if (!odd && (c == ',' || c == '\r' || c == '\n')) {
            opened = offset;
            between = true;
        } else if (c != ' ' && c != '\t') {
            between = false;
        }
    }
    return opened;
}

size_t mq_field_start(const char *record, size_t length, size_t index)
{
    bool odd = false;
    size_t i = 0;
    for (; index > 0 && i < length; i++) {
        if (record[i] == '"')
            odd = !odd;
        else if (record[i] == ',' && !odd)
            index--;
    }
    while (i < length && is_blank(record[i]))
        i++;
    return index > 0 ? length : i;
}

enum mq_status mq_fault_fail(const char *path, enum mq_fault fault, const char *text, size_t offset,
                             uint64_t line, struct mq_error *error)
{
    if (fault == MQ_FAULT_MEMORY)
        return mq_fail_memory(error);
    size_t opened = mq_quote_opened(text, offset);
    struct mq_place open = mq_place_find(text, opened, line);
    if (fault == MQ_FAULT_OPEN)
        return mq_fail(error, MQ_DATA, path, (long)open.line, open.column,
                       "the quoted field that starts here never ends; add the closing quote");
    struct mq_place at = mq_place_find(text, offset, line);
    if (opened == offset)
        return mq_fail(error, MQ_DATA, path, (long)at.line, at.column,
                       "a quote inside an unquoted field; double it and quote the field");
    return mq_fail(error, MQ_DATA, path, (long)at.line, at.column,
                   "text after the closing quote of the field that starts at line %ld, column %ld; "
                   "double the quotes inside the field, or put a comma after it",
                   (long)open.line, open.column);
}

/* ---- rows of the current block ---- */

static size_t skip_blank(const struct mq_decoded *decoded, size_t at, uint64_t *line)
{
    while (at < decoded->length && is_blank(decoded->text[at]))
        *line += decoded->text[at++] == '\n';
    return at;
}

/* The end of the record at `at`: the CR or LF outside quotes, or the end of the text. */
static size_t record_end(const struct mq_decoded *decoded, size_t at, uint64_t *newlines)
{
    bool odd = false;
    for (*newlines = 0; at < decoded->length; at++) {
        char c = decoded->text[at];
        if (c == '"')
            odd = !odd;
        else if (!odd && (c == '\r' || c == '\n'))
            break;
        *newlines += c == '\n';
    }
    return at;
}

/* Brings the walk to a row; rows asked for in ascending order are found in one pass over the block.
 */
static enum mq_status walk_to(struct mq_worker *worker, const struct mq_batch *batch, size_t row,
                              struct mq_error *error)
{
    struct mq_walk *walk = &worker->walk;
    const struct mq_decoded *decoded = &worker->decoded;
    if (!batch || row >= batch->rows || !decoded->text)
        return mq_fail(error, MQ_INTERNAL, NULL, 0, 0, "row %zu is not in the current batch", row);
    if (walk->end == 0 || row < walk->row) {
        uint64_t line = worker->block.line;
        size_t start = skip_blank(decoded, 0, &line);
        *walk = (struct mq_walk){.row = 0, .offset = start, .line = line};
        walk->end = record_end(decoded, start, &walk->newlines);
    }
    while (walk->row < row) {
        walk->line += walk->newlines;
        walk->offset = skip_blank(decoded, walk->end, &walk->line);
        walk->end = record_end(decoded, walk->offset, &walk->newlines);
        walk->row++;
    }
    return MQ_OK;
}

enum mq_status mq_reader_line(struct mq_reader *reader, const struct mq_batch *batch, size_t row,
                              uint64_t *line)
{
    struct mq_worker *worker = &reader->worker[batch->worker];
    MQ_TRY(walk_to(worker, batch, row, NULL));
    *line = worker->walk.line;
    return MQ_OK;
}

struct search {
    size_t wanted, field;
    struct mq_arena *arena;
    struct mq_text found;
    bool failed;
};

static void search_field(void *text, size_t length, void *context)
{
    struct search *search = context;
    if (search->field++ != search->wanted)
        return;
    struct mq_text trimmed = mq_text_trim((struct mq_text){text, length});
    const char *copy = mq_arena_string(search->arena, trimmed.s, trimmed.n);
    search->failed = !copy;
    if (copy)
        search->found = (struct mq_text){copy, trimmed.n};
}

static void search_row(int terminator, void *context)
{
    (void)terminator, (void)context;
}

static bool column_of(const struct mq_file *file, size_t input, size_t *column)
{
    for (*column = 0; *column < file->fields; ++*column)
        for (int i = file->bound[*column]; i >= 0; i = file->also[i])
            if ((size_t)i == input)
                return true;
    return false;
}

enum mq_status mq_reader_cell(struct mq_reader *reader, const struct mq_batch *batch, size_t row,
                              size_t input, struct mq_text *text)
{
    struct mq_worker *worker = &reader->worker[batch->worker];
    struct search search = {.arena = &worker->texts, .found = {"", 0}};
    struct mq_sink sink = {search_field, search_row, &search};
    size_t offset;
    MQ_TRY(walk_to(worker, batch, row, NULL));
    if (!column_of(worker->block.file, input, &search.wanted))
        return mq_fail(NULL, MQ_INTERNAL, NULL, 0, 0, "no such input");
    const struct mq_walk *walk = &worker->walk;
    if (reader->tokeniser->run(worker->search_tokens, worker->decoded.text + walk->offset,
                               walk->end - walk->offset, true, &sink, &offset) != MQ_FAULT_NONE ||
        search.failed)
        return MQ_INTERNAL;
    *text = search.found;
    return MQ_OK;
}
