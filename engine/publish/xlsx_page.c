/* A worksheet of one table: values not formulas, ready to print. */
#include "publish/xlsx_parts.h"

#include <math.h>
#include <string.h>
#include <strings.h>

void mq_xlsx_keep(struct mq_xlsx_page *page, lxw_error result)
{
    if (page->fault == LXW_NO_ERROR)
        page->fault = result;
}

/* Text over the columns [first, end). */
void mq_xlsx_span(struct mq_xlsx_page *page, lxw_row_t first_row, lxw_row_t last_row, size_t first,
                  size_t end, const char *text, lxw_format *format)
{
    lxw_col_t from = (lxw_col_t)first, to = (lxw_col_t)(end - 1);
    if (first_row == last_row && from == to)
        mq_xlsx_keep(page, worksheet_write_string(page->out, first_row, from, text, format));
    else
        mq_xlsx_keep(page,
                     worksheet_merge_range(page->out, first_row, from, last_row, to, text, format));
}

void mq_xlsx_set_height(struct mq_xlsx_page *page, lxw_row_t row, double height)
{
    mq_xlsx_keep(page, worksheet_set_row(page->out, row, height, NULL));
}

/* The columns that belong to one page. Where there are several pages across, the first column is
 * repeated on each and must not hold text that goes on to the right. */
static void page_columns(const struct mq_xlsx_page *page, size_t number, size_t *first, size_t *end)
{
    *first = page->plan.pages > 1 ? 1 + number * page->plan.page_columns : 0;
    *end = 1 + (number + 1) * page->plan.page_columns;
    if (*end > page->sheet->columns)
        *end = page->sheet->columns;
}

/* The title stands on every page across, "（续）" from the second. */
static void write_title(struct mq_xlsx_page *page, const char *title)
{
    struct mq_buffer again = MQ_BUFFER_EMPTY;
    mq_buffer_format(&again, page->style->chinese ? "%s（续）" : "%s (continued)", title);
    if (again.failed)
        mq_xlsx_keep(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
    mq_xlsx_set_height(page, page->row, page->plan.title_height);
    if (page->sheet->unit[0])
        mq_xlsx_set_height(page, page->row + 1, MQ_XLSX_UNIT_HEIGHT);
    for (size_t number = 0; number < page->plan.pages && !again.failed; number++) {
        size_t first, end;
        page_columns(page, number, &first, &end);
        mq_xlsx_span(page, page->row, page->row, first, end, number ? again.data : title,
                     page->style->title);
        if (page->sheet->unit[0])
            mq_xlsx_span(page, page->row + 1, page->row + 1, first, end, page->sheet->unit,
                         page->style->unit);
    }
    mq_buffer_clear(&again);
    page->row += page->sheet->unit[0] ? 2 : 1;
}

/* One header row, or groups over titles; a column without a group takes both rows. */
void mq_xlsx_write_header(struct mq_xlsx_page *page)
{
    const struct mq_sheet *sheet = page->sheet;
    struct mq_xlsx_style *style = page->style;
    lxw_row_t top = page->row, bottom = top + (lxw_row_t)page->plan.head_rows - 1;
    for (size_t i = 0; i < page->plan.head_rows; i++)
        mq_xlsx_set_height(page, top + (lxw_row_t)i, page->plan.head_height[i]);
    for (size_t first = 0; first < sheet->columns;) {
        const char *group = sheet->column[first].group;
        size_t end = first + 1;
        while (group[0] && end < sheet->columns && strcmp(sheet->column[end].group, group) == 0)
            end++;
        if (group[0])
            mq_xlsx_span(page, top, top, first, end, group, style->head_group);
        for (size_t i = first; i < end; i++)
            mq_xlsx_span(page, group[0] ? bottom : top, bottom, i, i + 1, sheet->column[i].title,
                         group[0] ? style->head_lower : style->head_single);
        first = end;
    }
    page->row = bottom + 1;
}

void mq_xlsx_write_body(struct mq_xlsx_page *page)
{
    const struct mq_sheet *sheet = page->sheet;
    for (size_t row = 0; row < sheet->rows; row++, page->row++) {
        mq_xlsx_set_height(page, page->row, mq_xlsx_row_height(sheet, &page->plan, row));
        for (size_t column = 0; column < sheet->columns; column++) {
            const struct mq_sheet_cell *cell = &sheet->cell[row * sheet->columns + column];
            lxw_format *format = mq_xlsx_cell_format(page->style, sheet, &page->plan, row, column);
            if (!format)
                mq_xlsx_keep(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
            else if (isnan(cell->value))
                mq_xlsx_keep(page, worksheet_write_string(page->out, page->row, (lxw_col_t)column,
                                                          cell->text, format));
            else
                mq_xlsx_keep(page, worksheet_write_number(page->out, page->row, (lxw_col_t)column,
                                                          cell->value, format));
        }
    }
}

static void write_note(struct mq_xlsx_page *page, const char *note)
{
    mq_xlsx_set_height(page, page->row, mq_xlsx_note_height(&page->plan, note));
    size_t first, end;
    page_columns(page, 0, &first, &end);
    mq_xlsx_span(page, page->row, page->row, first, end, note, page->style->note);
    page->row++;
}

void mq_xlsx_footer(struct mq_xlsx_page *page)
{
    mq_xlsx_keep(page, worksheet_set_footer(page->out, page->style->chinese ? "&C第 &P 页，共 &N 页"
                                                                            : "&CPage &P of &N"));
}

/* ---- shades behind numbers, all light enough to print under black digits ---- */

enum { SHADE = 0xC9D8E8, SHADE_LIGHT = 0xEEF3F8, SHADE_DARK = 0x9FB9D3 };

/* The smallest and largest number of the columns [first, end); false if there are not two. */
static bool extent(const struct mq_sheet *sheet, size_t first, size_t end, double range[2])
{
    range[0] = INFINITY, range[1] = -INFINITY;
    for (size_t row = 0; row < sheet->rows; row++)
        for (size_t column = first; column < end; column++) {
            double value = sheet->cell[row * sheet->columns + column].value;
            if (!isnan(value)) {
                range[0] = fmin(range[0], value);
                range[1] = fmax(range[1], value);
            }
        }
    return range[0] < range[1];
}

/* Bars behind the scores of a ranking, from a round number below the last on. */
static void shade_ranking(struct mq_xlsx_page *page)
{
    const struct mq_sheet *sheet = page->sheet;
    lxw_row_t first = page->row - (lxw_row_t)sheet->rows;
    double range[2];
    size_t column = 1;
    while (column < sheet->columns && sheet->column[column].kind != MQ_COLUMN_NUMBER)
        column++;
    if (column >= sheet->columns || !extent(sheet, column, column + 1, range))
        return;
    double step = pow(10, floor(log10(range[1] - range[0])));
    double low = (floor(range[0] / step) - 1) * step;
    lxw_conditional_format bar = {.type = LXW_CONDITIONAL_DATA_BAR,
                                  .data_bar_2010 = LXW_TRUE,
                                  .bar_solid = LXW_TRUE,
                                  .bar_no_border = LXW_TRUE,
                                  .bar_color = SHADE,
                                  .bar_negative_color = SHADE,
                                  .min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                  .max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                  .min_value = range[0] > 0 && low < 0 ? 0 : low,
                                  .max_value = (ceil(range[1] / step) + 1) * step};
    mq_xlsx_keep(page, worksheet_conditional_format_range(page->out, first, (lxw_col_t)column,
                                                          page->row - 1, (lxw_col_t)column, &bar));
}

/* The larger the darker, so that a copy in grey says the same. */
static void shade_matrix(struct mq_xlsx_page *page)
{
    const struct mq_sheet *sheet = page->sheet;
    double range[2];
    if (!extent(sheet, 1, sheet->columns, range))
        return;
    lxw_conditional_format scale = {
        .type = LXW_CONDITIONAL_2_COLOR_SCALE, .min_color = SHADE_LIGHT, .max_color = SHADE_DARK};
    mq_xlsx_keep(page, worksheet_conditional_format_range(
                           page->out, page->row - (lxw_row_t)sheet->rows, 1, page->row - 1,
                           (lxw_col_t)(sheet->columns - 1), &scale));
}

static void shade(struct mq_xlsx_page *page)
{
    if (page->sheet->rows < 2 || page->sheet->columns < 2)
        return;
    if (page->sheet->kind == MQ_SHEET_RANKING)
        shade_ranking(page);
    else if (page->sheet->kind == MQ_SHEET_MATRIX)
        shade_matrix(page);
}

static void lay_out(struct mq_xlsx_page *page)
{
    const struct mq_xlsx_plan *plan = &page->plan;
    for (size_t i = 0; i < page->sheet->columns; i++)
        mq_xlsx_keep(page, worksheet_set_column(page->out, (lxw_col_t)i, (lxw_col_t)i,
                                                plan->width[i], NULL));
    worksheet_set_paper(page->out, 9); /* A4 */
    if (plan->landscape)
        worksheet_set_landscape(page->out);
    worksheet_center_horizontally(page->out);
    worksheet_gridlines(page->out, LXW_HIDE_ALL_GRIDLINES);
    mq_xlsx_footer(page);
    if (plan->pages == 1) {
        worksheet_fit_to_pages(page->out, 1, (uint16_t)plan->tall);
        return;
    }
    lxw_col_t breaks[64] = {0};
    for (size_t i = 0; i + 1 < plan->pages && i + 1 < sizeof breaks / sizeof *breaks; i++)
        breaks[i] = (lxw_col_t)(1 + (i + 1) * plan->page_columns);
    mq_xlsx_keep(page, worksheet_set_v_pagebreaks(page->out, breaks));
    mq_xlsx_keep(page, worksheet_repeat_columns(page->out, 0, 0));
    worksheet_set_print_scale(page->out, (uint16_t)plan->scale);
}

lxw_error mq_xlsx_write_sheet(struct mq_xlsx_page *page, const struct mq_sheets *sheets)
{
    const struct mq_sheet *sheet = page->sheet;
    struct mq_buffer title = MQ_BUFFER_EMPTY;
    mq_sheet_heading(sheets, sheet, &title);
    if (title.failed)
        mq_xlsx_keep(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
    else
        write_title(page, title.data ? title.data : "");
    mq_buffer_clear(&title);
    lxw_row_t head = page->row;
    mq_xlsx_write_header(page);
    mq_xlsx_keep(page, worksheet_repeat_rows(page->out, head, page->row - 1));
    worksheet_freeze_panes(page->out, page->row, 1);
    mq_xlsx_write_body(page);
    shade(page);
    mq_xlsx_set_height(page, page->row++, MQ_XLSX_GAP_HEIGHT);
    for (size_t i = 0; i < sheet->notes; i++)
        write_note(page, sheet->note[i]);
    if (sheet->source[0])
        write_note(page, sheet->source);
    lay_out(page);
    return page->fault;
}

/* ---- names of worksheets: at most 31 characters, none of []:*?/\, unique without regard to case ---- */

static bool tab_taken(lxw_workbook *book, const char *name)
{
    lxw_worksheet *sheet;
    STAILQ_FOREACH(sheet, book->worksheets, list_pointers)
    if (strcasecmp(sheet->name, name) == 0)
        return true;
    return strcasecmp(name, "History") == 0; /* reserved */
}

/* The first `most` characters of a name that may be a tab. */
static void clean_name(const char *name, int most, struct mq_buffer *tab)
{
    for (const char *at = name; *at && most > 0; most--) {
        size_t n = 1;
        while (((unsigned char)at[n] & 0xC0) == 0x80)
            n++;
        if (n > 3)
            most--; /* counts two in UTF-16 */
        bool edge = *at == '\'' && (at == name || !at[1] || most == 1);
        if (strchr("[]:*?/\\", *at) || (unsigned char)*at < ' ' || edge)
            mq_buffer_text(tab, "_");
        else
            mq_buffer_add(tab, at, n);
        at += n;
    }
}

lxw_worksheet *mq_xlsx_add_tab(lxw_workbook *book, const char *name)
{
    struct mq_buffer tab = MQ_BUFFER_EMPTY;
    clean_name(name, 31, &tab);
    for (int n = 2; tab.data && !tab.failed && tab_taken(book, tab.data); n++) {
        mq_buffer_clear(&tab);
        clean_name(name, 25, &tab);
        mq_buffer_format(&tab, "(%d)", n);
    }
    lxw_worksheet *out = tab.data && !tab.failed ? workbook_add_worksheet(book, tab.data) : NULL;
    mq_buffer_clear(&tab);
    return out;
}
