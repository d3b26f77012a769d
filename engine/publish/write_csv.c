/* tables/<id>.csv: what an author sees on opening it in a spreadsheet (UTF-8 with BOM, CRLF). */
#include "publish/draft.h"

#include <math.h>
#include <string.h>

/* Text that a spreadsheet would take for a formula gets a leading apostrophe. */
static void add_text(struct mq_buffer *csv, const char *text)
{
    struct mq_buffer safe = MQ_BUFFER_EMPTY;
    if (text[0] && strchr("=+-@\t\r", text[0]))
        mq_buffer_text(&safe, "'");
    mq_buffer_text(&safe, text);
    mq_buffer_csv(csv, safe.data ? safe.data : "", safe.length);
    csv->failed |= safe.failed;
    mq_buffer_clear(&safe);
}

/* A number keeps its printed digits, with a minus that machines read. */
static void add_cell(struct mq_buffer *csv, const struct mq_sheet_cell *cell)
{
    static const char minus[] = "−";
    if (isnan(cell->value))
        add_text(csv, cell->text);
    else if (strncmp(cell->text, minus, strlen(minus)) == 0)
        mq_buffer_format(csv, "-%s", cell->text + strlen(minus));
    else
        mq_buffer_text(csv, cell->text);
}

static void end_line(struct mq_buffer *csv)
{
    mq_buffer_text(csv, "\r\n");
}

static void add_line(struct mq_buffer *csv, const char *text)
{
    if (!text[0])
        return;
    add_text(csv, text);
    end_line(csv);
}

/* Groups above the titles; a group is named once, over its first column. */
static void add_header(struct mq_buffer *csv, const struct mq_sheet *sheet)
{
    if (mq_sheet_has_groups(sheet)) {
        for (size_t column = 0; column < sheet->columns; column++) {
            const char *group = sheet->column[column].group;
            bool again = column > 0 && strcmp(group, sheet->column[column - 1].group) == 0;
            mq_buffer_text(csv, column ? "," : "");
            add_text(csv, again ? "" : group);
        }
        end_line(csv);
    }
    for (size_t column = 0; column < sheet->columns; column++) {
        mq_buffer_text(csv, column ? "," : "");
        add_text(csv, sheet->column[column].title);
    }
    end_line(csv);
}

static void add_sheet(struct mq_buffer *csv, const struct mq_sheets *sheets,
                      const struct mq_sheet *sheet)
{
    struct mq_buffer heading = MQ_BUFFER_EMPTY;
    mq_sheet_heading(sheets, sheet, &heading);
    csv->failed |= heading.failed;
    mq_buffer_text(csv, "\xEF\xBB\xBF");
    add_line(csv, heading.data ? heading.data : "");
    mq_buffer_clear(&heading);
    add_line(csv, sheet->unit);
    add_header(csv, sheet);
    for (size_t row = 0; row < sheet->rows; row++) {
        for (size_t column = 0; column < sheet->columns; column++) {
            mq_buffer_text(csv, column ? "," : "");
            add_cell(csv, &sheet->cell[row * sheet->columns + column]);
        }
        end_line(csv);
    }
    for (size_t i = 0; i < sheet->notes; i++)
        add_line(csv, sheet->note[i]);
    add_line(csv, sheet->source);
}

static enum mq_status write_sheet(const struct mq_sheets *sheets, const struct mq_sheet *sheet,
                                  const char *directory, struct mq_error *error)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY, path = MQ_BUFFER_EMPTY;
    add_sheet(&csv, sheets, sheet);
    mq_buffer_format(&path, "%s/tables/%s.csv", directory, sheet->id);
    enum mq_status status = csv.failed || path.failed
                                ? mq_fail_memory(error)
                                : mq_write_file(path.data, csv.data, csv.length, error);
    mq_buffer_clear(&csv);
    mq_buffer_clear(&path);
    return status;
}

enum mq_status mq_write_csv(const struct mq_publication *publication, const char *directory,
                            struct mq_error *error)
{
    const struct mq_sheets *sheets = publication->sheets;
    MQ_TRY(mq_make_folder(directory, "tables", error));
    for (size_t i = 0; i < sheets->count; i++)
        MQ_TRY(write_sheet(sheets, &sheets->sheet[i], directory, error));
    return MQ_OK;
}
