/* one sheet of an Excel workbook: book.xlsx or book.xlsx#Sheet1 */
#include <string.h>

#include "ingest/xlsx.h"

/* Line n of the text is row n of the sheet. */
struct table {
    struct mq_xlsx book;
    struct mq_pour *pour;
    struct mq_xlsx_sheet sheet;
    struct mq_xlsx_formats formats;
    struct mq_xlsx_strings strings;
    struct mq_xlsx_rows rows;
    struct mq_xlsx_row row;
    struct mq_xlsx_row kept[MQ_XLSX_TOP];
    struct mq_xlsx_header header;
    uint32_t poured; /* rows so far */
};

/* ---- out ---- */

/* Blank lines up to the row before this one. */
static enum mq_status pour_gap(struct table *table, uint32_t number, struct mq_error *error)
{
    while (table->poured + 1 < number) {
        MQ_TRY(mq_pour_end(table->pour, error));
        table->poured++;
    }
    return MQ_OK;
}

static enum mq_status end_row(struct table *table, struct mq_error *error)
{
    const struct mq_spill *spill = &table->pour->spill;
    table->poured++;
    MQ_TRY(mq_pour_end(table->pour, error));
    if (spill->written + spill->buffered > MQ_XLSX_PART_MOST)
        return mq_fail(error, MQ_DATA, table->book.path, (long)table->poured, 0,
                       "sheet \"%.120s\" has more than 4 GiB of text and blank cells; save it as "
                       "CSV (UTF-8)",
                       table->sheet.name);
    return MQ_OK;
}

/* A row as wide as the header, or wider if there is text beyond it. */
static enum mq_status pour_row(struct table *table, const struct mq_xlsx_row *row,
                               struct mq_error *error)
{
    size_t column = 0;
    if (row->count == 0)
        return MQ_OK;
    MQ_TRY(pour_gap(table, row->number, error));
    for (size_t i = 0; i < row->count; i++) {
        for (; column < row->cell[i].column; column++)
            mq_pour_cell(table->pour, "", 0);
        mq_pour_cell(table->pour, row->cell[i].text.s, row->cell[i].text.n);
        column++;
    }
    for (; column < table->header.width; column++)
        mq_pour_cell(table->pour, "", 0);
    return end_row(table, error);
}

static enum mq_status pour_header(struct table *table, struct mq_error *error)
{
    MQ_TRY(pour_gap(table, table->header.row, error));
    for (size_t i = 0; i < table->header.width; i++)
        mq_pour_cell(table->pour, table->header.name[i].s, table->header.name[i].n);
    return end_row(table, error);
}

/* ---- in ---- */

/* A copy of the row that does not pass. */
static bool keep(struct mq_arena *arena, const struct mq_xlsx_row *row, struct mq_xlsx_row *kept)
{
    *kept = (struct mq_xlsx_row){.number = row->number, .count = row->count, .bytes = row->bytes};
    kept->cell = mq_arena_array(arena, row->count, sizeof *kept->cell);
    char *text = mq_arena_alloc(arena, row->text.length);
    if (!kept->cell || !text)
        return false;
    if (row->text.length > 0)
        memcpy(text, row->text.data, row->text.length);
    for (size_t i = 0; i < row->count; i++) {
        kept->cell[i] = row->cell[i];
        if (row->cell[i].own)
            kept->cell[i].text.s = text + row->cell[i].at;
    }
    return true;
}

/* The first rows that are not blank, among which the header is. */
static enum mq_status read_top(struct table *table, struct mq_xlsx_top *top, struct mq_error *error)
{
    size_t bytes = 0;
    bool more = true;
    *top = (struct mq_xlsx_top){.row = table->kept};
    while (top->rows < MQ_XLSX_TOP && bytes < MQ_XLSX_ROW_MOST) {
        MQ_TRY(mq_xlsx_rows_next(&table->rows, &table->row, &more, error));
        if (!more)
            break;
        if (table->row.count == 0)
            continue;
        if (!keep(&table->book.arena, &table->row, &table->kept[top->rows]))
            return mq_fail_memory(error);
        bytes += table->row.bytes;
        top->rows++;
    }
    top->complete = !more;
    return MQ_OK;
}

static enum mq_status pour_table(struct table *table, struct mq_error *error)
{
    struct mq_xlsx_top top;
    MQ_TRY(read_top(table, &top, error));
    if (top.rows == 0)
        return mq_fail(error, MQ_DATA, table->book.path, 0, 0,
                       "sheet \"%.120s\" is empty; name another one, as in book.xlsx#Sheet1",
                       table->sheet.name);
    MQ_TRY(mq_xlsx_header_find(&table->book, table->sheet.part, &top, &table->header, error));
    MQ_TRY(pour_header(table, error));
    for (size_t i = 0; i < top.rows; i++)
        if (top.row[i].number > table->header.row)
            MQ_TRY(pour_row(table, &top.row[i], error));
    for (bool more = !top.complete; more;) {
        MQ_TRY(mq_xlsx_rows_next(&table->rows, &table->row, &more, error));
        if (more)
            MQ_TRY(pour_row(table, &table->row, error));
    }
    return MQ_OK;
}

static enum mq_status pour_sheet(struct table *table, const struct mq_origin *origin,
                                 struct mq_error *error)
{
    MQ_TRY(mq_xlsx_open(&table->book, origin, table->pour->options, error));
    MQ_TRY(mq_xlsx_choose(&table->book, &table->sheet, error));
    MQ_TRY(mq_xlsx_formats_read(&table->book, table->sheet.styles, &table->formats, error));
    MQ_TRY(mq_xlsx_strings_read(&table->book, table->sheet.strings, &table->strings, error));
    table->rows = (struct mq_xlsx_rows){
        .sheet = &table->sheet, .formats = &table->formats, .strings = &table->strings};
    MQ_TRY(mq_xlsx_rows_open(&table->book, &table->rows, error));
    return pour_table(table, error);
}

static enum mq_status pour(const struct mq_origin *origin, struct mq_pour *pour,
                           struct mq_error *error)
{
    struct table table = {.pour = pour, .strings.spill.fd = -1};
    enum mq_status status = pour_sheet(&table, origin, error);
    mq_xlsx_rows_close(&table.rows);
    mq_xlsx_row_clear(&table.row);
    mq_xlsx_strings_close(&table.strings);
    mq_xlsx_close(&table.book);
    return status;
}

const struct mq_form mq_form_xlsx = {
    .name = "xlsx",
    .summary = "one sheet of an Excel workbook: book.xlsx or book.xlsx#Sheet1",
    .scheme = NULL,
    .magic = "PK\x03\x04",
    .magic_length = 4,
    .parts = true,
    .text = false,
    .pour = pour,
};
