/* Tables of the web page: real tables, which are read, printed and copied without a script. */
#include "publish/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_NAME = 30 }; /* bytes: ten Chinese characters; such names get more room */

static bool textual(const struct mq_sheet *sheet, size_t column)
{
    return sheet->column[column].kind == MQ_COLUMN_TEXT;
}

/* The column whose cells name the rows: the first of text. */
static size_t naming_column(const struct mq_sheet *sheet)
{
    for (size_t column = 0; column < sheet->columns; column++)
        if (textual(sheet, column))
            return column;
    return SIZE_MAX;
}

/* A heading of one column; cells without words are no headings. */
static void add_title(struct mq_page *page, const struct mq_sheet *sheet, size_t column,
                      const char *rows)
{
    const char *title = sheet->column[column].title;
    mq_buffer_format(&page->out, "<%s%s data-c=\"%zu\"%s>", title[0] ? "th scope=\"col\"" : "td",
                     rows, column, textual(sheet, column) ? " class=\"t\"" : "");
    mq_page_text(page, title);
    mq_page_markup(page, title[0] ? "</th>" : "</td>");
}

/* How many columns from `column` on share its group. */
static size_t group_span(const struct mq_sheet *sheet, size_t column)
{
    size_t end = column + 1;
    while (end < sheet->columns &&
           strcmp(sheet->column[end].group, sheet->column[column].group) == 0)
        end++;
    return end - column;
}

static void add_head(struct mq_page *page, const struct mq_sheet *sheet)
{
    bool groups = mq_sheet_has_groups(sheet);
    mq_page_markup(page, "<thead>\n<tr>");
    for (size_t column = 0; groups && column < sheet->columns;) {
        size_t span = group_span(sheet, column);
        if (sheet->column[column].group[0]) {
            mq_buffer_format(&page->out, "<th scope=\"colgroup\" colspan=\"%zu\">", span);
            mq_page_text(page, sheet->column[column].group);
            mq_page_markup(page, "</th>");
        } else
            for (size_t i = 0; i < span; i++)
                add_title(page, sheet, column + i, " rowspan=\"2\"");
        column += span;
    }
    mq_page_markup(page, groups ? "</tr>\n<tr>" : "");
    for (size_t column = 0; column < sheet->columns; column++)
        if (!groups || sheet->column[column].group[0])
            add_title(page, sheet, column, "");
    mq_page_markup(page, "</tr>\n</thead>\n");
}

/* "↑2" is 2, "↓1" is -1, "—" is 0; moves hold no number of their own. */
static double move_value(const char *text)
{
    static const char up[] = "↑", down[] = "↓";
    if (strncmp(text, up, strlen(up)) == 0)
        return strtod(text + strlen(up), NULL);
    if (strncmp(text, down, strlen(down)) == 0)
        return -strtod(text + strlen(down), NULL);
    return strcmp(text, "—") == 0 ? 0 : NAN;
}

/* The number for sorting, where it cannot be read off the text. */
static void add_value(struct mq_page *page, const struct mq_sheet_cell *cell, bool move)
{
    struct mq_buffer value = MQ_BUFFER_EMPTY;
    mq_buffer_real(&value, move && isnan(cell->value) ? move_value(cell->text) : cell->value);
    page->out.failed |= value.failed;
    if (value.length && strcmp(value.data, cell->text) != 0)
        mq_buffer_format(&page->out, " data-v=\"%s\"", value.data);
    mq_buffer_clear(&value);
}

static void add_cell(struct mq_page *page, const struct mq_sheet *sheet, size_t row, size_t column,
                     bool naming)
{
    const struct mq_sheet_cell *cell = &sheet->cell[row * sheet->columns + column];
    bool head = naming && cell->text[0];
    mq_page_markup(page, head ? "<th scope=\"row\"" : "<td");
    if (head && strlen(cell->text) > LONG_NAME)
        mq_page_markup(page, " class=\"long\"");
    if (!head && textual(sheet, column))
        mq_page_markup(page, " class=\"t\"");
    if (!textual(sheet, column))
        add_value(page, cell, sheet->column[column].kind == MQ_COLUMN_MOVE);
    mq_page_markup(page, ">");
    mq_page_text(page, cell->text);
    mq_page_markup(page, head ? "</th>" : "</td>");
}

static void add_body(struct mq_page *page, const struct mq_sheet *sheet)
{
    size_t naming = naming_column(sheet);
    mq_page_markup(page, "<tbody>\n");
    for (size_t row = 0; row < sheet->rows; row++) {
        mq_page_markup(page, "<tr>");
        for (size_t column = 0; column < sheet->columns; column++)
            add_cell(page, sheet, row, column, column == naming);
        mq_page_markup(page, "</tr>\n");
    }
    mq_page_markup(page, "</tbody>\n");
}

static void add_caption(struct mq_page *page, const char *id, const struct mq_sheet *sheet)
{
    struct mq_buffer heading = MQ_BUFFER_EMPTY;
    mq_sheet_heading(page->publication->sheets, sheet, &heading);
    page->out.failed |= heading.failed;
    mq_buffer_format(&page->out, "<caption><div class=\"held\"><span class=\"title\" id=\"%s-c\">",
                     id);
    mq_page_text(page, heading.data ? heading.data : "");
    mq_page_markup(page, "</span>");
    mq_buffer_clear(&heading);
    mq_page_line(page, "span", "unit", sheet->unit);
    mq_page_markup(page, "</div></caption>\n");
}

/* How a table behaves: text is not sorted; many columns want a page on its side. */
static const char *table_class(const struct mq_sheet *sheet)
{
    if (sheet->kind == MQ_SHEET_NOTES)
        return "sheet plain";
    return sheet->columns > 10 ? "sheet sortable many" : "sheet sortable";
}

void mq_page_table(struct mq_page *page, const char *scope, const struct mq_sheet *sheet)
{
    struct mq_buffer id = MQ_BUFFER_EMPTY;
    mq_buffer_format(&id, "t-%s", scope);
    mq_html_id(&id, sheet->id);
    page->out.failed |= id.failed;
    const char *name = id.data ? id.data : "";
    mq_buffer_format(&page->out, "<div class=\"table%s\" id=\"%s\">\n",
                     sheet->columns > 10 ? " wide" : "", name);
    mq_buffer_format(&page->out,
                     "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"%s-c\">"
                     "\n<table class=\"%s\" data-sheet=\"",
                     name, table_class(sheet));
    mq_page_text(page, sheet->id);
    mq_page_markup(page, "\">\n");
    add_caption(page, name, sheet);
    add_head(page, sheet);
    add_body(page, sheet);
    mq_page_markup(page, "</table>\n</div>\n");
    for (size_t i = 0; i < sheet->notes; i++)
        mq_page_line(page, "p", "note", sheet->note[i]);
    mq_page_line(page, "p", "source", sheet->source);
    mq_page_markup(page, "</div>\n");
    mq_buffer_clear(&id);
}
