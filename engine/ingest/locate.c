/*
 * locate: from offsets and rows back to lines, columns and texts, for people. Works on text that a
 * tokeniser has accepted (or on the part before its fault), so quotes can be trusted to alternate.
 */
#include <string.h>

#include "ingest/reader.h"

static bool is_end(char c)
{
    return c == '\r' || c == '\n';
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

size_t mq_quote_opened(const char *text, size_t offset, char separator)
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
        } else if (!odd && (c == separator || is_end(c))) {
            opened = offset;
            between = true;
        } else if (!mq_is_space(c, separator)) {
            between = false;
        }
    }
    return opened;
}

size_t mq_field_start(const char *record, size_t length, char separator, size_t index)
{
    bool odd = false;
    size_t i = 0;
    for (; index > 0 && i < length; i++) {
        if (record[i] == '"')
            odd = !odd;
        else if (record[i] == separator && !odd)
            index--;
    }
    while (i < length && (mq_is_space(record[i], separator) || is_end(record[i])))
        i++;
    return index > 0 ? length : i;
}

enum mq_status mq_fault_fail(const struct mq_file *file, enum mq_fault fault, const char *text,
                             size_t offset, uint64_t line, struct mq_error *error)
{
    const char *path = file->info.path;
    char separator = file->source.separator;
    if (fault == MQ_FAULT_MEMORY)
        return mq_fail_memory(error);
    size_t opened = mq_quote_opened(text, offset, separator);
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
                   "double the quotes inside the field, or put a %s after it",
                   (long)open.line, open.column, separator == '\t' ? "tab" : "comma");
}

/* ---- from record to record ---- */

static size_t find(const struct mq_walk *walk, char c, size_t from, size_t end)
{
    const char *found = memchr(walk->text + from, c, end - from);
    return found ? (size_t)(found - walk->text) : end;
}

/* The end of the record at `at`: the CR or LF outside quotes, or the end of the text. */
static size_t record_end(struct mq_walk *walk, size_t at)
{
    for (walk->newlines = 0;;) {
        if (walk->line_feed <= at) /* it is not searched for again and again where there is none */
            walk->line_feed = 1 + find(walk, '\n', at, walk->length);
        size_t end = find(walk, '\r', at, walk->line_feed - 1);
        size_t open = find(walk, '"', at, end);
        if (open == end)
            return end;
        size_t close = find(walk, '"', open + 1, walk->length);
        walk->newlines += mq_count_newlines(walk->text + open + 1, close - open - 1);
        if (close == walk->length)
            return close;
        at = close + 1;
    }
}

void mq_walk_start(struct mq_walk *walk, const char *text, size_t length, char separator,
                   uint64_t line)
{
    *walk = (struct mq_walk){.text = text,
                             .length = length,
                             .separator = separator,
                             .row = SIZE_MAX,
                             .record = {.line = line}};
}

/* Goes to the record that begins at `at`, past blanks, after the current one. */
static bool go_on(struct mq_walk *walk, size_t at, uint64_t line)
{
    for (; at < walk->length &&
           (mq_is_space(walk->text[at], walk->separator) || is_end(walk->text[at]));
         at++)
        line += walk->text[at] == '\n';
    if (at == walk->length)
        return false;
    size_t end = record_end(walk, at);
    walk->record = (struct mq_record){at, end, line};
    return true;
}

bool mq_walk_next(struct mq_walk *walk)
{
    const struct mq_record *record = &walk->record;
    if (!go_on(walk, record->end, record->line + walk->newlines))
        return false;
    walk->row++; /* from SIZE_MAX to 0 */
    return true;
}

bool mq_walk_to(struct mq_walk *walk, size_t row, uint32_t begin, uint64_t line)
{
    if (walk->row != SIZE_MAX && row < walk->row)
        mq_walk_start(walk, walk->text, walk->length, walk->separator, line);
    const struct mq_record *record = &walk->record;
    if (begin != UINT32_MAX && begin >= record->end && walk->row != row) {
        uint64_t between = mq_count_newlines(walk->text + record->end, begin - record->end);
        walk->row = row;
        return go_on(walk, begin, record->line + walk->newlines + between);
    }
    while (walk->row != row)
        if (!mq_walk_next(walk))
            return false;
    return true;
}

/* ---- rows of the current batch ---- */

/* Rows asked for in ascending order are found in one pass over the block; wanted rows have been
 * found before. */
static enum mq_status find_record(struct mq_worker *worker, const struct mq_batch *batch,
                                  size_t row, struct mq_record *record)
{
    if (!batch || row >= batch->rows)
        return mq_fail(NULL, MQ_INTERNAL, NULL, 0, 0, "row %zu is not in the current batch", row);
    if (batch->at) {
        *record = worker->record[row];
        return MQ_OK;
    }
    if (!mq_walk_to(&worker->walk, row, worker->columns.begin[row], worker->block.line))
        return mq_fail(NULL, MQ_INTERNAL, NULL, 0, 0, "row %zu is not in its block", row);
    *record = worker->walk.record;
    return MQ_OK;
}

enum mq_status mq_reader_line(struct mq_reader *reader, const struct mq_batch *batch, size_t row,
                              uint64_t *line)
{
    struct mq_record record = {0};
    MQ_TRY(find_record(&reader->worker[batch->worker], batch, row, &record));
    *line = mq_source_row(&reader->worker[batch->worker].block.file->source, record.line);
    return MQ_OK;
}

struct search {
    size_t wanted, field;
    struct mq_arena *arena;
    struct mq_text found;
    bool failed;
};

static void search_field(const char *text, size_t length, void *context)
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
    const struct mq_file *file = worker->block.file;
    struct search search = {.arena = &worker->texts, .found = {"", 0}};
    struct mq_sink sink = {.field = search_field, .row = search_row, .context = &search};
    struct mq_record record = {0};
    struct mq_decoded decoded = worker->decoded;
    size_t offset;
    MQ_TRY(find_record(worker, batch, row, &record));
    if (!column_of(file, input, &search.wanted))
        return mq_fail(NULL, MQ_INTERNAL, NULL, 0, 0, "no such input");
    if (batch->at) { /* the block has not been decoded */
        const char *bytes = file->source.text + worker->block.start + record.start;
        MQ_TRY(mq_decoder_run(&worker->decoder, file->info.encoding, bytes,
                              record.end - record.start, &decoded, NULL));
        record = (struct mq_record){.end = decoded.length};
    }
    if (reader->tokeniser->run(worker->search_tokens, decoded.text + record.start,
                               record.end - record.start, file->source.separator, true, &sink,
                               &offset) != MQ_FAULT_NONE ||
        search.failed)
        return MQ_INTERNAL;
    *text = search.found;
    return MQ_OK;
}
