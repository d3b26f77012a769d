/* Fonts, rules and number formats of a worksheet: three lines, no verticals. */
#include "publish/xlsx_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TITLE_SIZE = 14, NOTE_SIZE = 9 };
static const double body_size = 10.5;

static lxw_format *plain(struct mq_xlsx_style *style, const char *font, double size, uint8_t align)
{
    lxw_format *format = workbook_add_format(style->book);
    if (!format)
        return NULL;
    format_set_font_name(format, font);
    format_set_font_size(format, size);
    format_set_align(format, align);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    return format;
}

static lxw_format *base(struct mq_xlsx_style *style, const char *font, double size, uint8_t align)
{
    lxw_format *format = plain(style, font, size, align);
    if (format)
        format_set_text_wrap(format);
    return format;
}

static const char *text_font(const struct mq_xlsx_style *style)
{
    return style->chinese ? "宋体" : "Times New Roman";
}

static lxw_format *head(struct mq_xlsx_style *style, bool above, bool below)
{
    lxw_format *format = base(style, text_font(style), body_size, LXW_ALIGN_CENTER);
    if (format && above)
        format_set_top(format, LXW_BORDER_MEDIUM);
    if (format && below)
        format_set_bottom(format, LXW_BORDER_THIN);
    return format;
}

bool mq_xlsx_style_new(lxw_workbook *book, bool chinese, struct mq_xlsx_style *style)
{
    *style = (struct mq_xlsx_style){.book = book, .chinese = chinese};
    style->title = base(style, chinese ? "黑体" : "Arial", TITLE_SIZE, LXW_ALIGN_CENTER);
    style->unit = base(style, text_font(style), NOTE_SIZE, LXW_ALIGN_RIGHT);
    style->note = base(style, text_font(style), NOTE_SIZE, LXW_ALIGN_LEFT);
    style->head_upper = head(style, true, false);
    style->head_lower = head(style, false, true);
    style->head_single = head(style, true, true);
    style->head_group = head(style, true, true);
    if (!style->title || !style->unit || !style->note || !style->head_upper || !style->head_lower ||
        !style->head_single || !style->head_group)
        return false;
    format_set_align(style->note, LXW_ALIGN_VERTICAL_TOP);
    if (!chinese)
        format_set_bold(style->title);
    return true;
}

/* "0.00??": the cell's own decimals, padded to those of the column so that points stand in a line.
 */
void mq_xlsx_number_format(const struct mq_sheet_column *column, const char *text, char *format,
                           size_t size)
{
    const char *point = strchr(text, '.');
    int own = point ? (int)strlen(point + 1) : 0;
    int pad = own > 0 && column->decimals > own ? column->decimals - own : 0;
    char digits[40];
    snprintf(digits, sizeof digits, "0%s%.*s%.*s", own ? "." : "", own, "000000000000000", pad,
             "???????????????");
    if ((column->kind == MQ_COLUMN_CHANGE || text[0] == '+') && strlen(digits) < 15)
        snprintf(format, size, "+%.15s;-%.15s;%.15s", digits, digits, digits);
    else
        snprintf(format, size, "%s", digits);
}

static uint8_t alignment(const struct mq_sheet *sheet, size_t column)
{
    switch (sheet->column[column].kind) {
    case MQ_COLUMN_RANK:
    case MQ_COLUMN_MOVE:
        return LXW_ALIGN_CENTER;
    case MQ_COLUMN_TEXT:
        return column == 0 || sheet->columns == 2 ? LXW_ALIGN_LEFT : LXW_ALIGN_CENTER;
    default:
        return LXW_ALIGN_RIGHT;
    }
}

static lxw_format *body_format(struct mq_xlsx_style *style, const struct mq_xlsx_body *wanted)
{
    const char *font = wanted->number[0] ? "Times New Roman" : text_font(style);
    bool right =
        wanted->align == LXW_ALIGN_RIGHT; /* wrapped cells lose their indent in some readers */
    lxw_format *format = right ? plain(style, font, body_size, wanted->align)
                               : base(style, font, body_size, wanted->align);
    if (!format)
        return NULL;
    if (wanted->indent)
        format_set_indent(format, wanted->indent);
    if (wanted->last)
        format_set_bottom(format, LXW_BORDER_MEDIUM);
    if (wanted->number[0])
        format_set_num_format(format, wanted->number);
    return format;
}

lxw_format *mq_xlsx_cell_format(struct mq_xlsx_style *style, const struct mq_sheet *sheet,
                                const struct mq_xlsx_plan *plan, size_t row, size_t column)
{
    const struct mq_sheet_cell *cell = &sheet->cell[row * sheet->columns + column];
    struct mq_xlsx_body wanted = {.align = alignment(sheet, column),
                                  .last = row + 1 == sheet->rows};
    if (wanted.align == LXW_ALIGN_RIGHT)
        wanted.indent = plan->indent;
    if (!isnan(cell->value))
        mq_xlsx_number_format(&sheet->column[column], cell->text, wanted.number,
                              sizeof wanted.number);
    for (size_t i = 0; i < style->bodies; i++) {
        const struct mq_xlsx_body *body = &style->body[i];
        if (body->align == wanted.align && body->indent == wanted.indent &&
            body->last == wanted.last && strcmp(body->number, wanted.number) == 0)
            return body->format;
    }
    wanted.format = body_format(style, &wanted);
    if (wanted.format && style->bodies < sizeof style->body / sizeof *style->body)
        style->body[style->bodies++] = wanted;
    return wanted.format;
}
