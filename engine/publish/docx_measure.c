/* docx_measure: how wide columns are, and what becomes of a sheet that is too wide. */
#include "publish/docx_parts.h"

#include <math.h>
#include <string.h>

/* Of a cell, both sides, and a little. */
static double padding_of(const struct mq_docx_look *look)
{
    return look->tight < 1 ? 4 : 7;
}

static const double block_size = 9; /* of sheets in several blocks */

/* Letters from the largest; the names in the first column on one line, while that is to be had. */
struct attempt {
    double size;
    bool names;
};
static const struct attempt wide_tries[] = {{10.5, true}, {9, true},   {9, false},  {8, true},
                                            {8, false},   {7.5, true}, {7.5, false}};
/* Where there is little room, names on one line save more of it than small letters. */
static const struct attempt tight_tries[] = {{10.5, true}, {9, true},  {8, true},   {7.5, true},
                                             {9, false},   {8, false}, {7.5, false}};

/* Of a column, in half characters: the least that looks decent and what it would like. */
struct wish {
    double least, most;
};

static double body_width(const struct mq_sheet *sheet, size_t column)
{
    double widest = 0;
    for (size_t row = 0; row < sheet->rows; row++)
        widest = fmax(widest, mq_text_width(sheet->cell[row * sheet->columns + column].text));
    return widest;
}

/* Latin words are not broken; Chinese ones are, anywhere. */
static double longest_word(const char *text)
{
    double longest = 0, word = 0;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        word = c > ' ' && c < 0x80 && c != '-' && c != '/' ? word + 1.2 : 0;
        longest = fmax(longest, word);
    }
    return longest;
}

static struct wish column_wish(const struct mq_sheet *sheet, size_t column)
{
    const struct mq_sheet_column *self = &sheet->column[column];
    double body = body_width(sheet, column), title = mq_text_width(self->title);
    double word = longest_word(self->title);
    double folded = title <= 6 ? fmax(word, title) : fmax(word, fmax(4, ceil(title / 6) * 2));
    if (self->kind != MQ_COLUMN_TEXT)
        return (struct wish){fmax(body, folded), fmax(body + 2, fmax(word, fmin(title, 12)))};
    double least = 0;
    for (size_t row = 0; row < sheet->rows; row++)
        least = fmax(least, longest_word(sheet->cell[row * sheet->columns + column].text));
    least = fmax(fmin(least, 24), fmin(body, 14));
    double most = sheet->columns == 2 && column == 1 ? 100 : 42;
    return (struct wish){fmax(least, folded), fmax(fmax(least, fmin(body, most)), fmin(title, 12))};
}

/* Names that are to stay on one line: those of the rows, on pages that hold much all. */
static bool unbroken(const struct mq_sheet *sheet, const struct mq_docx_look *look, size_t column,
                     struct wish wish)
{
    return column == 0 ||
           (look->tight < 1 && sheet->column[column].kind == MQ_COLUMN_TEXT && wish.most <= 30);
}

/* Widths within the room, between least and most; more than most if there is room to spare. False
 * if they do not fit. */
static bool fit(const struct mq_sheet *sheet, const struct mq_docx_look *look, double size,
                bool names, double *width)
{
    double least = 0, most = 0, room = look->width, padding = padding_of(look);
    for (size_t i = 0; i < sheet->columns; i++) {
        struct wish wish = column_wish(sheet, i);
        wish.least = names && unbroken(sheet, look, i, wish) ? wish.most : wish.least;
        least += wish.least * size / 2 + padding;
        most += wish.most * size / 2 + padding;
    }
    if (least > room)
        return false;
    double share = most > least ? fmin(1, (room - least) / (most - least)) : 0;
    double stretch = most < room ? room / most : 1;
    for (size_t i = 0; i < sheet->columns; i++) {
        struct wish wish = column_wish(sheet, i);
        wish.least = names && unbroken(sheet, look, i, wish) ? wish.most : wish.least;
        double half = wish.least + (wish.most - wish.least) * share;
        width[i] = (half * size / 2 + padding) * stretch;
    }
    return true;
}

void mq_docx_block(const struct mq_sheet *sheet, const struct mq_docx_plan *plan, size_t block,
                   size_t *first, size_t *end)
{
    *first = 1 + block * plan->block_columns;
    *end = *first + plan->block_columns;
    if (*end > sheet->columns || block + 1 == plan->blocks)
        *end = sheet->columns;
}

/* Columns beside the first spread evenly over as few blocks as fit. */
static void cut(const struct mq_sheet *sheet, const struct mq_docx_look *look,
                struct mq_docx_plan *plan)
{
    double room = look->width, padding = padding_of(look);
    for (size_t i = 0; i < sheet->columns; i++) {
        struct wish wish = column_wish(sheet, i);
        plan->width[i] = (i ? wish.least + 1 : fmin(wish.most, 28)) * plan->size / 2 + padding;
    }
    size_t rest = sheet->columns - 1;
    for (plan->blocks = 2; plan->blocks <= MQ_DOCX_BLOCKS; plan->blocks++) {
        double widest = 0;
        plan->block_columns = (rest + plan->blocks - 1) / plan->blocks;
        for (size_t block = 0; block < plan->blocks; block++) {
            size_t first, end;
            double wide = plan->width[0];
            mq_docx_block(sheet, plan, block, &first, &end);
            for (size_t i = first; i < end; i++)
                wide += plan->width[i];
            plan->scale[block] = room / wide;
            widest = fmax(widest, wide);
        }
        size_t each = plan->block_columns ? plan->block_columns : 1;
        size_t filled = (rest + each - 1) / each;
        if (widest <= room && filled == plan->blocks) {
            double least = room / widest; /* columns of all blocks are as wide */
            for (size_t block = 0; block < plan->blocks; block++)
                plan->scale[block] = least;
            return;
        }
    }
    plan->blocks = MQ_DOCX_BLOCKS; /* narrower than is decent, but there */
}

bool mq_docx_measure(const struct mq_sheet *sheet, const struct mq_docx_look *look,
                     struct mq_arena *arena, struct mq_docx_plan *plan)
{
    *plan = (struct mq_docx_plan){.blocks = 1, .block_columns = sheet->columns - 1};
    plan->width = mq_arena_array(arena, sheet->columns, sizeof *plan->width);
    plan->right = mq_arena_array(arena, sheet->columns, sizeof *plan->right);
    if (!plan->width || !plan->right)
        return false;
    bool fits = false;
    const struct attempt *tries = look->tight < 1 ? tight_tries : wide_tries;
    for (size_t i = 0; i < sizeof wide_tries / sizeof *wide_tries && !fits; i++) {
        if (look->letters > 0 && tries[i].size > look->letters)
            continue;
        plan->size = tries[i].size * look->tight;
        fits = fit(sheet, look, plan->size, tries[i].names, plan->width);
    }
    plan->scale[0] = 1;
    if (!fits) {
        plan->size = block_size * look->tight;
        cut(sheet, look, plan);
    }
    for (size_t i = 0; i < sheet->columns; i++) {
        enum mq_column_kind kind = sheet->column[i].kind;
        double spare = plan->width[i] * plan->scale[0] - padding_of(look) -
                       body_width(sheet, i) * plan->size / 2;
        if (kind == MQ_COLUMN_NUMBER || kind == MQ_COLUMN_CHANGE || kind == MQ_COLUMN_COUNT)
            plan->right[i] = fmax(0, spare / 2);
    }
    return true;
}

static double row_height(const struct mq_sheet *sheet, const struct mq_docx_look *look,
                         const struct mq_docx_plan *plan, size_t row)
{
    size_t lines = 1;
    for (size_t i = 0; i < sheet->columns; i++) {
        size_t own = mq_docx_lines(sheet->cell[row * sheet->columns + i].text, plan->size,
                                   plan->width[i] * plan->scale[0] - padding_of(look) + 1);
        lines = own > lines ? own : lines;
    }
    return (double)lines * mq_docx_line(plan->size);
}

double mq_docx_sheet_height(const struct mq_sheet *sheet, const struct mq_docx_look *look,
                            const struct mq_docx_plan *plan)
{
    double note = mq_docx_size(MQ_DOCX_NOTE) * look->tight, height = 0;
    double gap = look->tight < 1 ? 0 : 2; /* above and below what cells hold */
    size_t head = 1;
    for (size_t i = 0; i < sheet->columns; i++) {
        size_t own = mq_docx_lines(sheet->column[i].title, plan->size,
                                   plan->width[i] * plan->scale[0] - padding_of(look) + 1);
        head = own > head ? own : head;
    }
    height += ((double)head + mq_sheet_has_groups(sheet)) * (mq_docx_line(plan->size) + gap);
    for (size_t row = 0; row < sheet->rows; row++)
        height += row_height(sheet, look, plan, row) + gap + 0.5;
    height *= (double)plan->blocks;
    height +=
        (double)plan->blocks * (mq_docx_line(10.5 * look->tight) + (look->tight < 1 ? 6 : 12));
    if (sheet->unit[0])
        height += mq_docx_line(note) + 1;
    for (size_t i = 0; i < sheet->notes; i++)
        height += (double)mq_docx_lines(sheet->note[i], note, look->width) * mq_docx_line(note) + 1;
    if (sheet->source[0])
        height += mq_docx_line(note) + 1;
    return height;
}
