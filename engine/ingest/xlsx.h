/*
 * What the files of the Excel form share. Nobody outside form_xlsx.c and xlsx_*.c includes it.
 *
 * The way of a cell: xlsx_zip.c unpacks a part of the archive piece by piece, xlsx_scan.c cuts the
 * large ones (sheets, shared strings) into tags and texts, xlsx_rows.c makes rows of cells of them,
 * with the texts of xlsx_strings.c and the numbers and dates of xlsx_values.c; xlsx_header.c finds
 * the row that names the columns, form_xlsx.c pours. The small parts go through libxml2
 * (xlsx_walk.c): xlsx_book.c says which sheet is read, xlsx_formats.c which numbers are dates.
 * Libxml2 alone takes twice as long for a sheet as all of this together.
 *
 * Format: ECMA-376 part 1 (SpreadsheetML) and part 2 (packages), both namespaces of it.
 */
#ifndef MQ_XLSX_H
#define MQ_XLSX_H

#include <zip.h>

#include "ingest/form.h"

enum {
    MQ_XLSX_ROWS = 1048576, /* of a sheet, as Excel has them */
    MQ_XLSX_COLUMNS = 16384,
    MQ_XLSX_ROW_MOST = 64 << 20 /* bytes of one row: the reader takes no longer record */
};
/* A full sheet of 1,048,576 rows and 100 columns takes about 3.5 GiB; and what is poured must not
 * grow without end either, however few bytes it came from. */
#define MQ_XLSX_PART_MOST ((uint64_t)4 << 30)

/* ---- xlsx_zip.c: the archive ---- */

struct mq_xlsx {
    const char *path;
    const struct mq_origin *origin;
    const struct mq_reader_options *options;
    zip_t *zip;
    struct mq_arena arena;
};
/* MQ_DATA for what is no workbook, saying what it is. */
enum mq_status mq_xlsx_open(struct mq_xlsx *book, const struct mq_origin *origin,
                            const struct mq_reader_options *options, struct mq_error *error);
void mq_xlsx_close(struct mq_xlsx *book);
bool mq_xlsx_has(const struct mq_xlsx *book, const char *name);

/* One part, unpacked piece by piece. `name` and `book` live longer. */
struct mq_xlsx_part {
    const struct mq_xlsx *book;
    const char *name;
    zip_file_t *file;
    uint64_t unpacked, packed;
};
/* MQ_DATA: no such part, a password, an unknown way of packing. */
enum mq_status mq_xlsx_part_open(const struct mq_xlsx *book, const char *name,
                                 struct mq_xlsx_part *part, struct mq_error *error);
/* The next bytes, at most `room`; *count = 0 at the end. MQ_DATA: damaged, or far larger than what
 * it is packed into; MQ_INTERRUPTED. */
enum mq_status mq_xlsx_part_read(struct mq_xlsx_part *part, char *bytes, size_t room, size_t *count,
                                 struct mq_error *error);
void mq_xlsx_part_close(struct mq_xlsx_part *part); /* safe on a zeroed one */

/* ---- xlsx_walk.c: the small parts ---- */

struct mq_xlsx_attributes {
    const unsigned char **values; /* as libxml2's startElementNs has them */
    int count;
};
/* The value of the attribute with that local name; empty if there is none. */
struct mq_text mq_xlsx_get(const struct mq_xlsx_attributes *attributes, const char *name);
/* Calls `element` for every start tag, local names throughout; false: out of memory. */
typedef bool mq_xlsx_element(void *context, const char *parent, const char *name,
                             const struct mq_xlsx_attributes *attributes);
enum mq_status mq_xlsx_walk(const struct mq_xlsx *book, const char *part, mq_xlsx_element *element,
                            void *context, struct mq_error *error);

/* ---- xlsx_book.c: which sheet, and where its parts are ---- */

struct mq_xlsx_sheet {
    const char *name;             /* as people see it */
    const char *part;             /* of the archive */
    const char *strings, *styles; /* NULL: the workbook has none */
    bool date1904;
};
/* MQ_DATA: no sheet of that name, with those that there are. All lives in book->arena. */
enum mq_status mq_xlsx_choose(struct mq_xlsx *book, struct mq_xlsx_sheet *sheet,
                              struct mq_error *error);

/* ---- xlsx_formats.c: what a number is shown as ---- */

enum mq_xlsx_kind {
    MQ_XLSX_PLAIN = 0,
    MQ_XLSX_DAY = 1,     /* year, month or day */
    MQ_XLSX_CLOCK = 2,   /* hour, minute or second; with DAY: both */
    MQ_XLSX_ELAPSED = 4, /* [h]:mm: hours beyond 24; with CLOCK */
    MQ_XLSX_YEAR = 8     /* nothing but the year; with DAY */
};
struct mq_xlsx_formats {
    unsigned char *kind; /* [count] by the number of a cell's style */
    size_t count;
};
int mq_xlsx_format_kind(const char *code, size_t length); /* of a format code */
enum mq_status mq_xlsx_formats_read(struct mq_xlsx *book, const char *part,
                                    struct mq_xlsx_formats *formats, struct mq_error *error);

/* ---- xlsx_values.c: numbers and dates as text ---- */

/* The stored number as Excel shows it, without exponent and locale; numbers from 1e15 on, whose
 * digits Excel no longer has, and what is no number stay as stored. */
void mq_xlsx_number(struct mq_buffer *out, const char *text, size_t length);
/* The day number as an ISO 8601 date, time or both; what no calendar has stays a number. */
void mq_xlsx_date(struct mq_buffer *out, const char *text, size_t length, int kind, bool date1904);

/* ---- xlsx_scan.c: the large parts, tag by tag ---- */

enum mq_xlsx_event { MQ_XLSX_START, MQ_XLSX_STOP, MQ_XLSX_TEXT, MQ_XLSX_END };
enum { MQ_XLSX_DEPTH = 64, MQ_XLSX_NAMES = 4096 };
struct mq_xlsx_scan {
    struct mq_xlsx_part part;
    uint32_t row; /* being read; for messages */
    char *buffer;
    size_t capacity;
    char *at, *end; /* what is still to be looked at; *end is '<' */
    bool whole;     /* nothing comes after it */

    enum mq_xlsx_event event;
    struct mq_text name; /* of the tag, without prefix; "" if it is of no namespace of ours */
    struct mq_text rest; /* the attributes of a start tag; text as it stands */
    bool cdata;          /* the text has no entities */
    bool empty;          /* the stop tag that follows is not in the text */

    struct mq_text prefix[4]; /* that mean our namespaces; "" too */
    size_t prefixes;
    char root[256]; /* attributes of the root, that `prefix` points into */
    size_t depth, used;
    uint16_t start[MQ_XLSX_DEPTH]; /* of the names of open tags in `names` */
    char names[MQ_XLSX_NAMES];
};
enum mq_status mq_xlsx_scan_open(const struct mq_xlsx *book, const char *name,
                                 struct mq_xlsx_scan *scan, struct mq_error *error);
/* The next event; its texts live until the one after. MQ_DATA for XML that is not well-formed, and
 * for DTDs, whose entities no workbook has. */
enum mq_status mq_xlsx_next(struct mq_xlsx_scan *scan, struct mq_error *error);
/* Takes a whole element of one letter if it comes next, has no attributes, holds nothing but plain
 * ASCII text and is in the buffer already; else nothing happens. There is no event. */
bool mq_xlsx_leaf(struct mq_xlsx_scan *scan, char name, struct mq_text *text);
/* After a start tag: goes to its stop tag, or behind if it is empty. */
enum mq_status mq_xlsx_skip(struct mq_xlsx_scan *scan, struct mq_error *error);
/* The same by looking for nothing but the text of the stop tag. */
enum mq_status mq_xlsx_leap(struct mq_xlsx_scan *scan, struct mq_error *error);
/* The next attribute, taken off `rest`. *more is false after the last. */
enum mq_status mq_xlsx_attribute(struct mq_xlsx_scan *scan, struct mq_text *name,
                                 struct mq_text *value, bool *more, struct mq_error *error);
/* After a start tag, to its stop tag: what text there is, appended. */
enum mq_status mq_xlsx_content(struct mq_xlsx_scan *scan, struct mq_buffer *out,
                               struct mq_error *error);
/* The same for a string item: its text or the texts of its runs, phonetic guides left out, and
 * "_x000D_" decoded. */
enum mq_status mq_xlsx_string(struct mq_xlsx_scan *scan, struct mq_buffer *out,
                              struct mq_error *error);
/* "_xHHHH_" from `from` on becomes the character. */
void mq_xlsx_unescape(struct mq_buffer *text, size_t from);
enum mq_status mq_xlsx_broken(const struct mq_xlsx_scan *scan, struct mq_error *error,
                              const char *format, ...) __attribute__((format(printf, 3, 4)));
void mq_xlsx_scan_close(struct mq_xlsx_scan *scan); /* safe on a zeroed one */

/* ---- xlsx_strings.c: texts that cells point to ---- */

struct mq_xlsx_strings {
    struct mq_spill spill;
    const char *bytes;
    uint32_t *end; /* [count] of each text */
    size_t count, room;
};
enum mq_status mq_xlsx_strings_read(const struct mq_xlsx *book, const char *part,
                                    struct mq_xlsx_strings *strings, struct mq_error *error);
static inline struct mq_text mq_xlsx_text(const struct mq_xlsx_strings *strings, size_t index)
{
    uint32_t start = index > 0 ? strings->end[index - 1] : 0;
    return (struct mq_text){strings->bytes + start, strings->end[index] - start};
}
void mq_xlsx_strings_close(struct mq_xlsx_strings *strings); /* safe on a zeroed one */

/* ---- xlsx_rows.c: the rows of a sheet ---- */

struct mq_xlsx_cell {
    uint32_t column; /* from 0 */
    bool own;        /* text.s is an offset into row->text until the row is complete */
    size_t at;
    struct mq_text text; /* never blank */
};
struct mq_xlsx_row {
    uint32_t number; /* from 1 */
    size_t count, room;
    struct mq_xlsx_cell *cell; /* [count] ascending columns */
    struct mq_buffer text;
    size_t bytes; /* of all texts */
};
void mq_xlsx_row_clear(struct mq_xlsx_row *row);

struct mq_xlsx_rows {
    struct mq_xlsx_scan scan;
    const struct mq_xlsx_sheet *sheet;
    const struct mq_xlsx_formats *formats;
    const struct mq_xlsx_strings *strings;
    struct mq_buffer formula;
};
/* Stands before the first row. */
enum mq_status mq_xlsx_rows_open(const struct mq_xlsx *book, struct mq_xlsx_rows *rows,
                                 struct mq_error *error);
/* The next row that is written in the sheet, blank ones too. *more is false after the last. */
enum mq_status mq_xlsx_rows_next(struct mq_xlsx_rows *rows, struct mq_xlsx_row *row, bool *more,
                                 struct mq_error *error);
void mq_xlsx_rows_close(struct mq_xlsx_rows *rows); /* safe on a zeroed one */
/* "AB12" -> column 27, row 12; false: no such place in a sheet. */
bool mq_xlsx_place(struct mq_text reference, uint32_t *column, uint32_t *row);

/* ---- xlsx_merges.c: cells joined in one ---- */

struct mq_xlsx_merge {
    uint32_t top, bottom, left, right; /* both ends included; rows from 1, columns from 0 */
};
struct mq_xlsx_merges {
    struct mq_xlsx_merge *merge; /* in an arena */
    size_t count;
};
/* Those that start in row `last` or above it. */
enum mq_status mq_xlsx_merges_read(struct mq_xlsx *book, const char *part, uint32_t last,
                                   struct mq_xlsx_merges *merges, struct mq_error *error);
/* The one that covers a cell, or NULL. */
const struct mq_xlsx_merge *mq_xlsx_merge_at(const struct mq_xlsx_merges *merges, uint32_t row,
                                             uint32_t column);

/* ---- xlsx_header.c: which row names the columns ---- */

struct mq_xlsx_top {
    struct mq_xlsx_row *row; /* [rows] the first that are not blank */
    size_t rows;
    bool complete; /* the sheet has no more */
};
struct mq_xlsx_header {
    uint32_t row; /* the last that belongs to it */
    struct mq_text *name;
    size_t width; /* up to the last column with a name */
};
/* Finds the header among the top rows; all lives in book->arena. */
enum mq_status mq_xlsx_header_find(struct mq_xlsx *book, const char *part,
                                   const struct mq_xlsx_top *top, struct mq_xlsx_header *header,
                                   struct mq_error *error);
enum {
    MQ_XLSX_SEARCHED = 50, /* rows among which the header is looked for */
    MQ_XLSX_LEVELS = 8,    /* rows that one header may have */
    MQ_XLSX_TOP = MQ_XLSX_SEARCHED + MQ_XLSX_LEVELS
};

#endif
