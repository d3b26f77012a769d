/* xlsx_rows: the rows of a sheet, cell by cell. */
#include <stdlib.h>
#include <string.h>

#include "ingest/xlsx.h"

/* ---- places ---- */

bool mq_xlsx_place(struct mq_text reference, uint32_t *column, uint32_t *row)
{
    size_t at = 0;
    uint32_t letters = 0, digits = 0;
    for (; at < reference.n && at < 4; at++) {
        char c = reference.s[at] & ~32;
        if (c < 'A' || c > 'Z')
            break;
        letters = letters * 26 + (uint32_t)(c - 'A') + 1;
    }
    if (at == 0 || at == reference.n || reference.n - at > 7 || letters > MQ_XLSX_COLUMNS)
        return false;
    for (; at < reference.n; at++) {
        if (reference.s[at] < '0' || reference.s[at] > '9')
            return false;
        digits = digits * 10 + (uint32_t)(reference.s[at] - '0');
    }
    *column = letters - 1;
    *row = digits;
    return digits > 0 && digits <= MQ_XLSX_ROWS;
}

static bool whole_number(struct mq_text text, uint32_t most, uint32_t *value)
{
    uint32_t digits = 0;
    if (text.n == 0 || text.n > 9)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.s[i] < '0' || text.s[i] > '9')
            return false;
        digits = digits * 10 + (uint32_t)(text.s[i] - '0');
    }
    *value = digits;
    return digits <= most;
}

/* ---- one cell ---- */

enum type { NUMBER, SHARED, INLINE, TEXT, BOOLEAN, WRONG, DATE };

struct draft {
    uint32_t column, style;
    enum type type;
    bool value, formula; /* it has a <v>, an <f> */
    size_t from;         /* where its text starts in the row's */
};

static enum mq_status fail_cell(const struct mq_xlsx_rows *rows, uint32_t column,
                                struct mq_error *error, const char *what)
{
    return mq_fail(
        error, MQ_DATA, rows->scan.part.book->path, (long)rows->scan.row, (long)column + 1,
        "sheet \"%.120s\": %s; the workbook is damaged: open it in Excel or WPS and save "
        "it anew",
        rows->sheet->name, what);
}

static bool type_of(struct mq_text text, enum type *type)
{
    static const struct {
        const char *name;
        enum type type;
    } types[] = {{"s", SHARED},  {"n", NUMBER}, {"str", TEXT}, {"inlineStr", INLINE},
                 {"b", BOOLEAN}, {"e", WRONG},  {"d", DATE}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (mq_text_is(text, types[i].name)) {
            *type = types[i].type;
            return true;
        }
    return false;
}

static enum mq_status cell_attributes(struct mq_xlsx_rows *rows, struct draft *draft,
                                      struct mq_error *error)
{
    struct mq_text name, value;
    uint32_t row;
    for (bool more;;) {
        MQ_TRY(mq_xlsx_attribute(&rows->scan, &name, &value, &more, error));
        if (!more)
            return MQ_OK;
        if (name.n != 1)
            continue;
        if (name.s[0] == 'r') {
            uint32_t next = draft->column;
            if (!mq_xlsx_place(value, &draft->column, &row) || row != rows->scan.row)
                return fail_cell(rows, next, error, "a cell is of another row or of none");
            if (draft->column < next)
                return fail_cell(rows, draft->column, error,
                                 "a cell is there twice or before one to its left");
        } else if (name.s[0] == 's' && !whole_number(value, UINT32_MAX, &draft->style)) {
            return fail_cell(rows, draft->column, error, "the style of a cell is no number");
        } else if (name.s[0] == 't' && !type_of(value, &draft->type)) {
            return fail_cell(rows, draft->column, error, "a cell is of a type that is not known");
        }
    }
}

static void replace(struct mq_buffer *text, size_t from, const char *with)
{
    text->length = from;
    mq_buffer_text(text, with);
}

/* The number or date that the text from `from` on stores. */
static void show_number(const struct mq_xlsx_rows *rows, uint32_t style, struct mq_buffer *text,
                        size_t from)
{
    char stored[64];
    struct mq_text it = mq_text_trim((struct mq_text){text->data + from, text->length - from});
    int kind = style < rows->formats->count ? rows->formats->kind[style] : MQ_XLSX_PLAIN;
    if (it.n > sizeof stored) /* no number that anybody has written */
        return;
    memcpy(stored, it.s, it.n);
    text->length = from;
    if (kind == MQ_XLSX_PLAIN)
        mq_xlsx_number(text, stored, it.n);
    else
        mq_xlsx_date(text, stored, it.n, kind, rows->sheet->date1904);
}

/* An ISO date as Office writes it has a time even where none was meant. */
static void show_date(struct mq_buffer *text, size_t from)
{
    static const char *const midnight[] = {"T00:00:00", "T00:00:00Z", "T00:00:00.000",
                                           "T00:00:00.000Z"};
    for (size_t i = 0; i < sizeof midnight / sizeof *midnight; i++) {
        size_t length = strlen(midnight[i]);
        if (text->length - from == 10 + length &&
            memcmp(text->data + from + 10, midnight[i], length) == 0)
            text->length = from + 10;
    }
}

/* What stands in <v> becomes what people see. */
static enum mq_status show(struct mq_xlsx_rows *rows, const struct draft *draft,
                           struct mq_buffer *text, struct mq_text *shared, struct mq_error *error)
{
    size_t from = draft->from;
    uint32_t index;
    struct mq_text stored = {text->data + from, text->length - from};
    switch (draft->type) {
    case NUMBER:
        show_number(rows, draft->style, text, from);
        break;
    case SHARED:
        if (!whole_number(mq_text_trim(stored), UINT32_MAX, &index) ||
            index >= rows->strings->count)
            return fail_cell(rows, draft->column, error,
                             "a cell points to a text that the workbook does not have");
        text->length = from;
        *shared = mq_xlsx_text(rows->strings, index);
        break;
    case TEXT:
        mq_xlsx_unescape(text, from);
        break;
    case BOOLEAN:
        stored = mq_text_trim(stored);
        if (mq_text_is(stored, "1") || mq_text_is(stored, "0"))
            replace(text, from, stored.s[0] == '1' ? "TRUE" : "FALSE");
        break;
    case DATE:
        show_date(text, from);
        break;
    case INLINE:
    case WRONG:
        break;
    }
    return MQ_OK;
}

/* What is in a cell, up to its stop tag. */
static enum mq_status cell_content(struct mq_xlsx_rows *rows, struct draft *draft,
                                   struct mq_buffer *text, struct mq_error *error)
{
    struct mq_xlsx_scan *scan = &rows->scan;
    size_t depth = scan->depth - 1;
    struct mq_text plain;
    if (mq_xlsx_leaf(scan, 'v', &plain)) { /* as nearly all cells have it */
        draft->value = true;
        mq_buffer_add(text, plain.s, plain.n);
    }
    for (;;) {
        MQ_TRY(mq_xlsx_next(scan, error));
        if (scan->depth == depth)
            return MQ_OK;
        if (scan->event != MQ_XLSX_START)
            continue;
        if (mq_text_is(scan->name, "v") && !draft->value) {
            draft->value = true;
            MQ_TRY(mq_xlsx_content(scan, text, error));
        } else if (mq_text_is(scan->name, "f")) {
            draft->formula = true;
            rows->formula.length = 0;
            MQ_TRY(mq_xlsx_content(scan, &rows->formula, error));
        } else if (mq_text_is(scan->name, "is") && draft->type == INLINE && !draft->value) {
            draft->value = true;
            MQ_TRY(mq_xlsx_string(scan, text, error));
        } else {
            MQ_TRY(mq_xlsx_skip(scan, error));
        }
    }
}

static bool add_cell(struct mq_xlsx_row *row, uint32_t column, size_t from,
                     const struct mq_text *shared)
{
    struct mq_text text =
        shared->s ? *shared : (struct mq_text){row->text.data + from, row->text.length - from};
    bool plain = text.n > 0 && (unsigned char)(text.s[0] - '!') < 0x7F - '!'; /* no space */
    if (!plain && mq_text_trim(text).n == 0) {
        row->text.length = from;
        return true;
    }
    if (row->count == row->room) {
        size_t room = row->room ? 2 * row->room : 64;
        struct mq_xlsx_cell *grown = realloc(row->cell, room * sizeof *grown);
        if (!grown)
            return false;
        row->cell = grown;
        row->room = room;
    }
    row->cell[row->count++] =
        (struct mq_xlsx_cell){.column = column, .own = !shared->s, .at = from, .text = text};
    row->bytes += text.n;
    return true;
}

static enum mq_status read_cell(struct mq_xlsx_rows *rows, struct mq_xlsx_row *row, uint32_t *next,
                                struct mq_error *error)
{
    struct draft draft = {.column = *next, .from = row->text.length};
    struct mq_text shared = {NULL, 0};
    MQ_TRY(cell_attributes(rows, &draft, error));
    if (draft.column >= MQ_XLSX_COLUMNS)
        return fail_cell(rows, draft.column, error, "a row has more than 16384 cells");
    *next = draft.column + 1;
    MQ_TRY(cell_content(rows, &draft, &row->text, error));
    bool blank = row->text.length == draft.from;
    if (draft.formula && blank && draft.type != TEXT && draft.type != INLINE) {
        mq_buffer_text(&row->text, "=");
        mq_buffer_add(&row->text, rows->formula.data ? rows->formula.data : "",
                      rows->formula.length);
    } else if (!blank) {
        MQ_TRY(show(rows, &draft, &row->text, &shared, error));
    }
    if (row->text.failed || !add_cell(row, draft.column, draft.from, &shared))
        return mq_fail_memory(error);
    if (row->bytes > MQ_XLSX_ROW_MOST)
        return mq_fail(error, MQ_DATA, rows->scan.part.book->path, (long)row->number, 0,
                       "sheet \"%.120s\": the row is longer than 64 MiB", rows->sheet->name);
    return MQ_OK;
}

/* ---- rows ---- */

static enum mq_status row_number(struct mq_xlsx_rows *rows, struct mq_error *error)
{
    struct mq_text name, value;
    uint32_t number = ++rows->scan.row;
    for (bool more;;) {
        MQ_TRY(mq_xlsx_attribute(&rows->scan, &name, &value, &more, error));
        if (!more)
            break;
        if (!mq_text_is(name, "r"))
            continue;
        if (!whole_number(value, MQ_XLSX_ROWS, &number) || number == 0)
            return fail_cell(rows, 0, error, "a row has no proper number");
        if (number < rows->scan.row) {
            char what[80];
            rows->scan.row = number;
            snprintf(what, sizeof what, "row %u is there twice or after one below it", number);
            return fail_cell(rows, 0, error, what);
        }
    }
    rows->scan.row = number;
    if (number > MQ_XLSX_ROWS)
        return fail_cell(rows, 0, error, "there are more than 1048576 rows");
    return MQ_OK;
}

static enum mq_status read_row(struct mq_xlsx_rows *rows, struct mq_xlsx_row *row,
                               struct mq_error *error)
{
    struct mq_xlsx_scan *scan = &rows->scan;
    size_t depth = scan->depth - 1;
    uint32_t next = 0;
    MQ_TRY(row_number(rows, error));
    row->number = scan->row;
    row->count = row->text.length = row->bytes = 0;
    mq_buffer_add(&row->text, "", 0); /* has an address from now on */
    if (row->text.failed)
        return mq_fail_memory(error);
    for (;;) {
        MQ_TRY(mq_xlsx_next(scan, error));
        if (scan->depth == depth)
            break;
        if (scan->event != MQ_XLSX_START)
            continue;
        if (scan->name.n == 1 && scan->name.s[0] == 'c')
            MQ_TRY(read_cell(rows, row, &next, error));
        else
            MQ_TRY(mq_xlsx_skip(scan, error));
    }
    for (size_t i = 0; i < row->count; i++)
        if (row->cell[i].own)
            row->cell[i].text.s = row->text.data + row->cell[i].at;
    return MQ_OK;
}

enum mq_status mq_xlsx_rows_open(const struct mq_xlsx *book, struct mq_xlsx_rows *rows,
                                 struct mq_error *error)
{
    struct mq_xlsx_scan *scan = &rows->scan;
    MQ_TRY(mq_xlsx_scan_open(book, rows->sheet->part, scan, error));
    do {
        MQ_TRY(mq_xlsx_next(scan, error));
        if (scan->event == MQ_XLSX_START && scan->depth == 2 &&
            !mq_text_is(scan->name, "sheetData"))
            MQ_TRY(mq_xlsx_skip(scan, error));
    } while (scan->event != MQ_XLSX_END && !(scan->event == MQ_XLSX_START && scan->depth == 2));
    return MQ_OK;
}

enum mq_status mq_xlsx_rows_next(struct mq_xlsx_rows *rows, struct mq_xlsx_row *row, bool *more,
                                 struct mq_error *error)
{
    struct mq_xlsx_scan *scan = &rows->scan;
    *more = false;
    while (scan->depth > 1) { /* within <sheetData> */
        MQ_TRY(mq_xlsx_next(scan, error));
        if (scan->event != MQ_XLSX_START)
            continue;
        if (mq_text_is(scan->name, "row")) {
            *more = true;
            return read_row(rows, row, error);
        }
        MQ_TRY(mq_xlsx_skip(scan, error));
    }
    while (scan->event != MQ_XLSX_END) /* the rest may be broken too */
        MQ_TRY(mq_xlsx_next(scan, error));
    return MQ_OK;
}

void mq_xlsx_row_clear(struct mq_xlsx_row *row)
{
    free(row->cell);
    mq_buffer_clear(&row->text);
    *row = (struct mq_xlsx_row){0};
}

void mq_xlsx_rows_close(struct mq_xlsx_rows *rows)
{
    mq_xlsx_scan_close(&rows->scan);
    mq_buffer_clear(&rows->formula);
}
