/*
 * The tokeniser that looks at 64 bytes at a time. A window of text is turned into bit masks of
 * quotes, commas and line ends; the parity of quotes tells what lies within them; what is left is a
 * list of the places where fields stop, and rows are handed on as slices of that list.
 *
 * That much is only true of tidy text: quotes right after and right before a separator, doubled in
 * between. Where a window is not tidy (blanks around quotes, stray quotes), the rows before are
 * handed on, and the record in question is read byte by byte, by the same rules as libcsv's strict
 * mode, which is also how faults are found. Every window begins at a record, so nothing is carried
 * from one to the next.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/scan.h"

enum { SMALL_WINDOW = 512 };

struct scan {
    const struct mq_scan_kernel *kernel;
    char separator;
    size_t window; /* bytes to look at next: few where text is untidy */
    size_t largest;
    struct mq_unquoter unquoter;
    struct mq_scan_marks marks;
    uint32_t stop[1 + MQ_SCAN_WINDOW + MQ_SCAN_SLACK]; /* [0]: before the first field */
    uint32_t end[MQ_SCAN_WINDOW + MQ_SCAN_SLACK], first[MQ_SCAN_WINDOW];
};

static bool is_end(char c)
{
    return c == '\n' || c == '\r';
}

/* ---- quoted fields ---- */

bool mq_unquote(struct mq_unquoter *unquoter, const char *text, size_t length,
                struct mq_text *field)
{
    const char *from = text + 1, *end = text + length - 1, *quote;
    *field = (struct mq_text){from, (size_t)(end - from)};
    if (field->n == 0 || !(quote = memchr(from, '"', field->n)))
        return true;
    if (field->n > unquoter->capacity) {
        char *grown = realloc(unquoter->buffer, 2 * field->n);
        if (!grown)
            return false;
        unquoter->buffer = grown;
        unquoter->capacity = 2 * field->n;
    }
    char *out = unquoter->buffer;
    for (; quote; quote = from < end ? memchr(from, '"', (size_t)(end - from)) : NULL) {
        size_t run = (size_t)(quote - from) + 1; /* with the first of the two quotes */
        memcpy(out, from, run);
        out += run;
        from = quote + 2;
    }
    if (from < end) {
        memcpy(out, from, (size_t)(end - from));
        out += end - from;
    }
    *field = (struct mq_text){unquoter->buffer, (size_t)(out - unquoter->buffer)};
    return true;
}

static bool hand_on(struct scan *scan, const char *text, size_t length, const struct mq_sink *sink)
{
    struct mq_text field = {text, length};
    if (length > 0 && text[0] == '"') {
        if (!mq_unquote(&scan->unquoter, text, length, &field))
            return false;
    } else {
        while (field.n > 0 && mq_is_space(field.s[field.n - 1], scan->separator))
            field.n--;
        for (; field.n > 0 && mq_is_space(*field.s, scan->separator); field.n--)
            field.s++;
    }
    sink->field(field.s, field.n, sink->context);
    return true;
}

/* ---- byte by byte ---- */

/* Past the field that begins at `at`, blanks around it included: *at is where its separator should
 * be, *length what to hand on. */
static enum mq_fault pass_field(const char *text, size_t end, char separator, size_t *at,
                                size_t *length)
{
    size_t begin = *at, i = begin;
    if (text[begin] != '"') {
        while (i < end && text[i] != separator && text[i] != '"' && !is_end(text[i]))
            i++;
        *at = i;
        *length = i - begin;
        return i < end && text[i] == '"' ? MQ_FAULT_QUOTE : MQ_FAULT_NONE;
    }
    for (i++;; i += 2) {
        const char *quote = i < end ? memchr(text + i, '"', end - i) : NULL;
        if (!quote) {
            *at = end;
            return MQ_FAULT_OPEN;
        }
        i = (size_t)(quote - text);
        if (i + 1 == end || text[i + 1] != '"')
            break;
    }
    *length = ++i - begin;
    while (i < end && mq_is_space(text[i], separator))
        i++;
    *at = i;
    return i < end && text[i] != separator && !is_end(text[i]) ? MQ_FAULT_QUOTE : MQ_FAULT_NONE;
}

/* One record from *at, or the blank line there; without `whole` what the text ends in is dropped.
 */
static enum mq_fault pass_record(struct scan *scan, const char *text, size_t end, bool whole,
                                 const struct mq_sink *sink, size_t *at)
{
    for (bool begun = false;; begun = true) {
        size_t length = 0;
        while (*at < end && mq_is_space(text[*at], scan->separator))
            ++*at;
        if (!begun && (*at == end || is_end(text[*at]))) {
            *at += *at < end;
            return MQ_FAULT_NONE;
        }
        size_t begin = *at;
        enum mq_fault fault =
            begin < end ? pass_field(text, end, scan->separator, at, &length) : MQ_FAULT_NONE;
        if (fault == MQ_FAULT_QUOTE || (fault == MQ_FAULT_OPEN && whole))
            return fault;
        if (*at == end && !whole)
            return MQ_FAULT_NONE;
        if (!hand_on(scan, text + begin, length, sink))
            return MQ_FAULT_MEMORY;
        if (*at == end || text[*at] != scan->separator) {
            sink->row(*at < end ? (unsigned char)text[*at] : -1, sink->context);
            *at += *at < end;
            return MQ_FAULT_NONE;
        }
        ++*at;
    }
}

/* ---- a window at a time ---- */

/* Takes what lies within quotes out of the marks. Returns how many words are tidy. */
static size_t mask_quotes(struct mq_scan_marks *marks, size_t words)
{
    uint64_t within = 0;            /* all bits alike: the parity so far */
    uint64_t stopped = 1, shut = 0; /* bit 0: the byte before was a separator, a closing quote */
    for (size_t word = 0; word < words; word++) {
        uint64_t quote = marks->quote[word], inside = quote;
        if (!(quote | within | shut)) {
            stopped = marks->stop[word] >> 63;
            continue;
        }
        for (int shift = 1; shift < 64; shift *= 2)
            inside ^= inside << shift;
        inside ^= within;
        uint64_t opening = quote & inside, closing = quote & ~inside;
        uint64_t stop = marks->stop[word] & ~inside, after_closing = closing << 1 | shut;
        if ((opening & ~(stop << 1 | stopped | after_closing)) |
            (after_closing & ~(stop | opening)))
            return word;
        marks->stop[word] = stop;
        marks->end[word] &= ~inside;
        within = 0 - (inside >> 63);
        stopped = stop >> 63;
        shut = closing >> 63;
    }
    return words;
}

static bool all_blank(const char *text, size_t length, char separator)
{
    for (size_t i = 0; i < length; i++)
        if (!mq_is_space(text[i], separator))
            return false;
    return true;
}

static void flush(const struct mq_sink *sink, struct mq_rows *rows)
{
    if (rows->count > 0)
        sink->rows(rows, sink->context);
    rows->count = 0;
}

/* A row that stops at stop[from .. to), field by field. */
static bool hand_on_row(struct scan *scan, const char *text, size_t from, size_t to,
                        const struct mq_sink *sink)
{
    const uint32_t *stop = scan->stop + 1;
    for (size_t i = from; i < to; i++) {
        uint32_t begin = scan->stop[i] + 1; /* wraps to 0 before the first field */
        if (!hand_on(scan, text + begin, stop[i] - begin, sink))
            return false;
    }
    sink->row((unsigned char)text[stop[to - 1]], sink->context);
    return true;
}

/* Hands on the rows that end at scan->end[0 .. ends). */
static bool take_rows(struct scan *scan, struct mq_rows *rows, size_t stops, size_t ends,
                      const struct mq_sink *sink)
{
    const uint32_t *stop = scan->stop + 1;
    size_t usual = sink->rows ? sink->fields : 0, at = 0, next;
    for (size_t row = 0; row < ends; row++, at = next) {
        uint32_t end = scan->end[row], begin = scan->stop[at] + 1;
        if (usual > 1 && stops - at >= usual && stop[at + usual - 1] == end) {
            scan->first[rows->count++] = (uint32_t)at;
            next = at + usual;
            continue;
        }
        for (next = at; stop[next] != end; next++)
            ;
        if (++next - at == 1 && all_blank(rows->text + begin, end - begin, scan->separator))
            continue;
        flush(sink, rows);
        if (!hand_on_row(scan, rows->text, at, next, sink))
            return false;
    }
    flush(sink, rows);
    return true;
}

enum outcome { PASSED, CAREFULLY, MEMORY };

/* Hands on the records of one window from *at; CAREFULLY if the one *at is then at needs care. */
static enum outcome pass_window(struct scan *scan, const char *text, size_t end,
                                const struct mq_sink *sink, size_t *at)
{
    size_t length = end - *at < scan->window ? end - *at : scan->window;
    size_t words = (length + 63) / 64, tidy = words;
    struct mq_rows rows = {.text = text + *at,
                           .before = *at,
                           .stop = scan->stop + 1,
                           .first = scan->first,
                           .kernel = scan->kernel};
    rows.quotes = scan->kernel->mark(rows.text, length, scan->separator, &scan->marks);
    if (rows.quotes)
        tidy = mask_quotes(&scan->marks, words);
    size_t ends = scan->kernel->list(scan->marks.end, tidy, scan->end);
    if (ends > 0) {
        scan->stop[0] = UINT32_MAX;
        size_t stops = scan->kernel->list(scan->marks.stop, tidy, scan->stop + 1);
        uint32_t last = scan->end[ends - 1];
        if (!take_rows(scan, &rows, stops, ends, sink))
            return MEMORY;
        *at += (size_t)last + 1;
    }
    if (tidy < words) {
        scan->window = scan->largest < SMALL_WINDOW ? scan->largest : SMALL_WINDOW;
        return CAREFULLY;
    }
    bool all = length < scan->window || scan->window == scan->largest;
    scan->window = scan->window < scan->largest / 2 ? 2 * scan->window : scan->largest;
    return ends == 0 && all ? CAREFULLY : PASSED;
}

static void *scan_open(void)
{
    struct scan *scan = malloc(sizeof *scan);
    if (!scan)
        return NULL;
    scan->kernel = mq_scan_kernel(0);
    scan->largest = MQ_SCAN_WINDOW;
    scan->unquoter = (struct mq_unquoter){0};
    return scan;
}

void mq_scan_use(void *tokens, const struct mq_scan_kernel *kernel, size_t window)
{
    struct scan *scan = tokens;
    scan->kernel = kernel;
    scan->largest = window;
}

static void scan_close(void *state)
{
    struct scan *scan = state;
    if (scan)
        free(scan->unquoter.buffer);
    free(scan);
}

static enum mq_fault scan_run(void *state, const char *text, size_t length, char separator,
                              bool whole, const struct mq_sink *sink, size_t *offset)
{
    struct scan *scan = state;
    scan->separator = separator;
    scan->window = scan->largest;
    *offset = 0;
    while (*offset < length) {
        enum outcome outcome = pass_window(scan, text, length, sink, offset);
        enum mq_fault fault = outcome == MEMORY ? MQ_FAULT_MEMORY : MQ_FAULT_NONE;
        if (outcome == CAREFULLY && *offset < length)
            fault = pass_record(scan, text, length, whole, sink, offset);
        if (fault != MQ_FAULT_NONE)
            return fault;
    }
    return MQ_FAULT_NONE;
}

const struct mq_tokeniser mq_tokens_scan = {"scan", scan_open, scan_run, scan_close};
