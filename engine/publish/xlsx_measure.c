/* How wide the columns, how high the rows, which way the paper. */
#include "publish/xlsx_parts.h"

#include <math.h>
#include <string.h>

enum {
    PORTRAIT = 92, /* characters across A4 at full size */
    LANDSCAPE = 138,
    PORTRAIT_HEIGHT = 725, /* points down A4 at full size */
    LANDSCAPE_HEIGHT = 480,
    NARROWEST = 84,  /* a narrower table is stretched, so that notes do not become a tower */
    WIDEST = 195,    /* more goes on several pages side by side */
    NAME_WIDTH = 34, /* names longer than this wrap */
    TEXT_WIDTH = 74
};

static const double padding = 1.6;   /* beside the text of a cell */
static const double gap = 5.0 / 7.0; /* pixels between columns, as characters of seven */
static const double indent_step = 1.3;

/* Bytes of the character or Latin word at `text`, and its width. */
static size_t next_piece(const char *text, double *width)
{
    size_t n = 1;
    bool latin = (unsigned char)text[0] > ' ' && (unsigned char)text[0] < 0x80;
    if (latin)
        while ((unsigned char)text[n] > ' ' && (unsigned char)text[n] < 0x80)
            n++;
    else if ((unsigned char)text[0] >= 0x80)
        while (((unsigned char)text[n] & 0xC0) == 0x80)
            n++;
    char piece[8];
    if (latin || n >= sizeof piece) {
        *width = (double)n;
    } else {
        memcpy(piece, text, n);
        piece[n] = '\0';
        /* Quotes, dashes and dots of general punctuation are as wide as a Chinese character in
         * Chinese fonts. */
        bool punctuation = n == 3 && strncmp(text, "\xE2\x80", 2) == 0;
        *width = punctuation ? 2 : mq_text_width(piece);
    }
    return n;
}

int mq_xlsx_lines(const char *text, double width)
{
    int lines = 1;
    double used = 0;
    while (*text) {
        double piece;
        size_t n = next_piece(text, &piece);
        if (*text == '\n' || (used > 0 && used + piece > width)) {
            lines++;
            used = 0;
        }
        if (used == 0 && piece > width && width > 0)
            lines += (int)ceil(piece / width) - 1;
        used += *text == '\n' ? 0 : piece;
        text += n;
    }
    return lines;
}

/* The widest piece that cannot be broken. */
static double longest_word(const char *text)
{
    double longest = 0;
    while (*text) {
        double piece;
        text += next_piece(text, &piece);
        longest = fmax(longest, piece);
    }
    return longest;
}

static double body_width(const struct mq_sheet *sheet, size_t column)
{
    double widest = 0;
    for (size_t row = 0; row < sheet->rows; row++)
        widest = fmax(widest, mq_text_width(sheet->cell[row * sheet->columns + column].text));
    return widest;
}

static double column_width(const struct mq_sheet *sheet, size_t column, double ease)
{
    const struct mq_sheet_column *self = &sheet->column[column];
    double title = mq_text_width(self->title), body = body_width(sheet, column);
    double title_most = sheet->columns > 8 ? 9 : 12;
    double wanted = fmax(fmin(title, title_most), fmin(longest_word(self->title), 20) / ease);
    if (self->kind != MQ_COLUMN_TEXT)
        return fmax(body + 3.3, wanted + padding); /* room for one indent */
    bool only_text = sheet->columns == 2 && column == 1;
    double most = only_text ? TEXT_WIDTH : NAME_WIDTH;
    return fmax(fmin(body / ease, most), wanted) + padding;
}

/* A heading over neighbours must not need more than two lines. */
static void widen_groups(const struct mq_sheet *sheet, double *width)
{
    for (size_t first = 0; first < sheet->columns;) {
        const char *group = sheet->column[first].group;
        size_t end = first + 1;
        while (group[0] && end < sheet->columns && strcmp(sheet->column[end].group, group) == 0)
            end++;
        double have = 0, need = mq_text_width(group) / 2.0 + 2;
        for (size_t i = first; i < end; i++)
            have += width[i];
        for (size_t i = first; i < end && have < need; i++)
            width[i] *= need / have;
        first = end;
    }
}

/* Characters across the columns [first, end), gaps included. */
static double across(const struct mq_xlsx_plan *plan, size_t first, size_t end)
{
    double sum = 0;
    for (size_t column = first; column < end; column++)
        sum += plan->width[column] + gap;
    return sum;
}

/* Columns beside the first spread evenly over as many pages as are needed. */
static void lay_pages(const struct mq_sheet *sheet, struct mq_xlsx_plan *plan)
{
    double first = across(plan, 0, 1), rest = across(plan, 1, sheet->columns), widest = 0;
    plan->indent = 0; /* LibreOffice forgets it in the last row of continued pages */
    plan->pages = (size_t)ceil(rest / (WIDEST - first));
    plan->page_columns = (sheet->columns - 1 + plan->pages - 1) / plan->pages;
    for (size_t start = 1; start < sheet->columns; start += plan->page_columns) {
        size_t end = start + plan->page_columns;
        widest =
            fmax(widest, first + across(plan, start, end < sheet->columns ? end : sheet->columns));
    }
    plan->scale = (int)fmin(100, floor(100 * 0.94 * LANDSCAPE / widest));
}

/* A few lines too many are made to fit rather than printed on a page of their own. */
static void lay_lines(struct mq_xlsx_plan *plan, size_t columns, double height)
{
    double scale = plan->scale / 100.0;
    double wide = plan->landscape ? LANDSCAPE : PORTRAIT;
    if (plan->scale == 0)
        scale = fmin(1, wide / across(plan, 0, columns));
    double tall = height * scale / (plan->landscape ? LANDSCAPE_HEIGHT : PORTRAIT_HEIGHT);
    double pages = floor(tall);
    bool few_over = pages >= 1 && tall > pages && tall / pages < (pages > 1 ? 1.2 : 1.5) &&
                    scale * pages / tall > 0.6;
    if (few_over && plan->scale > 0)
        plan->scale = (int)floor(plan->scale * pages / tall);
    else if (few_over)
        plan->tall = (unsigned)pages;
}

/* Lines of the highest heading: of the groups, or of the titles. */
static int head_lines(const struct mq_sheet *sheet, const struct mq_xlsx_plan *plan, bool groups)
{
    int most = 1;
    for (size_t first = 0; first < sheet->columns;) {
        const struct mq_sheet_column *self = &sheet->column[first];
        size_t end = first + 1;
        while (groups && self->group[0] && end < sheet->columns &&
               strcmp(sheet->column[end].group, self->group) == 0)
            end++;
        int lines = mq_xlsx_lines(groups ? self->group : self->title,
                                  (across(plan, first, end) - gap - 0.8) * plan->ease);
        most = lines > most ? lines : most;
        first = end;
    }
    return most;
}

static void set_widths(const struct mq_sheet *sheet, struct mq_xlsx_plan *plan)
{
    for (size_t i = 0; i < sheet->columns; i++)
        plan->width[i] = column_width(sheet, i, plan->ease);
    widen_groups(sheet, plan->width);
    double total = across(plan, 0, sheet->columns);
    double stretch = total < NARROWEST ? NARROWEST / total : 1;
    /* One indent for all: LibreOffice draws a row of numbers with that of the first. */
    double spare = 15 * indent_step;
    for (size_t i = 0; i < sheet->columns; i++) {
        enum mq_column_kind kind = sheet->column[i].kind;
        plan->width[i] *= stretch;
        if (kind == MQ_COLUMN_NUMBER || kind == MQ_COLUMN_CHANGE || kind == MQ_COLUMN_COUNT)
            spare = fmin(spare, (plan->width[i] - body_width(sheet, i)) / 2 - 0.3);
    }
    plan->indent = (uint8_t)fmax(0, floor(spare / indent_step));
}

/* Upright unless letters would get small, or somewhat smaller without saving pages. */
static bool is_landscape(const struct mq_xlsx_plan *plan, double total, double height)
{
    double upright = fmin(1, PORTRAIT / total), lying = fmin(1, LANDSCAPE / total);
    if (plan->pages > 1 || upright < 0.7)
        return true;
    return upright < 0.9 &&
           ceil(height * lying / LANDSCAPE_HEIGHT) <= ceil(height * upright / PORTRAIT_HEIGHT);
}

static double sheet_height(const struct mq_sheet *sheet, const struct mq_xlsx_plan *plan)
{
    double height = plan->title_height + plan->head_height[0] + plan->head_height[1] +
                    (sheet->unit[0] ? MQ_XLSX_UNIT_HEIGHT : 0) + MQ_XLSX_GAP_HEIGHT;
    for (size_t row = 0; row < sheet->rows; row++)
        height += mq_xlsx_row_height(sheet, plan, row);
    for (size_t i = 0; i < sheet->notes; i++)
        height += mq_xlsx_note_height(plan, sheet->note[i]);
    return height + mq_xlsx_note_height(plan, sheet->source);
}

bool mq_xlsx_measure(const struct mq_sheet *sheet, bool chinese, struct mq_arena *arena,
                     struct mq_xlsx_plan *plan)
{
    *plan = (struct mq_xlsx_plan){.pages = 1,

                                  .ease = chinese ? 1 : 1.15,
                                  .page_columns = sheet->columns - 1};
    plan->width = mq_arena_array(arena, sheet->columns, sizeof *plan->width);
    if (!plan->width)
        return false;
    set_widths(sheet, plan);
    double total = across(plan, 0, sheet->columns);
    if (total > WIDEST)
        lay_pages(sheet, plan);
    plan->span_width = across(plan, plan->pages > 1, 1 + plan->page_columns);
    bool groups = mq_sheet_has_groups(sheet);
    plan->head_rows = groups ? 2 : 1;
    plan->head_height[0] = groups ? head_lines(sheet, plan, true) * 14 + 6 : 0;
    plan->head_height[groups] = head_lines(sheet, plan, false) * 14 + 8;
    /* Titles are set larger than the body; a number and a space stand before them. */
    int lines = mq_xlsx_lines(sheet->title, (plan->span_width * 0.72 - 8) * plan->ease);
    plan->title_height = lines * 19 + 9;
    double height = sheet_height(sheet, plan);
    plan->landscape = is_landscape(plan, total, height);
    lay_lines(plan, sheet->columns, height);
    return true;
}

double mq_xlsx_row_height(const struct mq_sheet *sheet, const struct mq_xlsx_plan *plan, size_t row)
{
    int lines = 1;
    for (size_t column = 0; column < sheet->columns; column++) {
        if (sheet->column[column].kind != MQ_COLUMN_TEXT)
            continue;
        int own = mq_xlsx_lines(sheet->cell[row * sheet->columns + column].text,
                                (plan->width[column] - 0.5) * plan->ease);
        lines = own > lines ? own : lines;
    }
    return fmin(lines * 14 + 3.5, 400);
}

double mq_xlsx_note_height(const struct mq_xlsx_plan *plan, const char *note)
{
    if (!note[0])
        return 0;
    /* Set smaller than the body: a character takes 6 pixels of the 7 of a column. */
    double width = plan->span_width * 7 / 6 - 2;
    return fmin(mq_xlsx_lines(note, width * plan->ease) * 12.5 + 2, 400);
}
