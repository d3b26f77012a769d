/* docx_table: a sheet as a table of Word: three rules, a head that repeats, rows that stay whole.
 */
#include "publish/docx_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct table {
    struct mq_buffer *xml;
    const struct mq_docx_look *look;
    const struct mq_sheet *sheet;
    struct mq_docx_plan plan;
    size_t first, end; /* columns of the block beside the first */
    bool whole;        /* is kept on one page */
    bool keep_last;    /* notes follow */
};

/* A cell to be opened: `merge` "restart", "continue" or NULL. */
struct cell {
    size_t column, span;
    const char *merge;
    int rule; /* below, eighths of a point; 0: none */
};

static int twips(double points)
{
    return (int)lround(points * 20);
}

static double wide(const struct table *table, size_t column)
{
    return table->plan.width[column] * table->plan.scale[0];
}

static void open_cell(struct table *table, const struct cell *cell)
{
    double width = 0;
    for (size_t i = 0; i < cell->span; i++)
        width += wide(table, cell->column + i);
    mq_buffer_format(table->xml, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>", twips(width));
    if (cell->span > 1)
        mq_buffer_format(table->xml, "<w:gridSpan w:val=\"%zu\"/>", cell->span);
    if (cell->merge)
        mq_buffer_format(table->xml, "<w:vMerge w:val=\"%s\"/>", cell->merge);
    if (cell->rule && !table->look->grid)
        mq_buffer_format(table->xml,
                         "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"%d\" w:space=\"0\" "
                         "w:color=\"auto\"/></w:tcBorders>",
                         cell->rule);
    mq_buffer_text(table->xml, "<w:vAlign w:val=\"center\"/></w:tcPr>");
}

static void close_cell(struct table *table)
{
    mq_buffer_text(table->xml, "</w:tc>");
}

/* ---- the head ---- */

/* Chinese titles that take several lines are cut into even ones: 上年/位次, not 上年位/次. */
static const char *balanced(const struct table *table, const struct cell *cell, const char *text,
                            char *room, size_t size)
{
    double width = table->look->tight < 1 ? -3 : -6;
    size_t n = strlen(text), letters = n / 3;
    for (size_t i = 0; i < cell->span; i++)
        width += wide(table, cell->column + i);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < 0x80)
            return text;
    size_t lines = mq_docx_lines(text, table->plan.size, width);
    double line = floor(width / table->plan.size);
    if (line >= 1 && lines > 1)
        lines = (size_t)ceil((double)letters / line);
    if (n % 3 != 0 || lines < 2 || n + lines >= size)
        return text;
    size_t each = (letters + lines - 1) / lines, at = 0;
    for (size_t i = 0; i < letters; i++) {
        if (i > 0 && i % each == 0)
            room[at++] = '\n';
        memcpy(room + at, text + 3 * i, 3);
        at += 3;
    }
    room[at] = '\0';
    return room;
}

static void head_cell(struct table *table, const struct cell *cell, const char *text)
{
    struct mq_docx_shape shape = {.role = MQ_DOCX_HEAD, .size = table->plan.size, .keep = true};
    char room[256];
    open_cell(table, cell);
    mq_docx_paragraph(table->xml, table->look, &shape,
                      balanced(table, cell, text, room, sizeof room));
    close_cell(table);
}

static void open_row(struct table *table, bool head)
{
    mq_buffer_text(table->xml, head ? "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
                                    : "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
}

static void close_row(struct table *table)
{
    mq_buffer_text(table->xml, "</w:tr>");
}

static bool block_has_groups(const struct table *table)
{
    bool groups = table->sheet->column[0].group[0];
    for (size_t i = table->first; i < table->end; i++)
        groups |= table->sheet->column[i].group[0] != '\0';
    return groups;
}

/* The column after `column` in this block; the first is followed by the block's own. */
static size_t next_column(const struct table *table, size_t column)
{
    return column == 0 ? table->first : column + 1;
}

static void group_row(struct table *table)
{
    const struct mq_sheet_column *column = table->sheet->column;
    open_row(table, true);
    for (size_t i = 0; i < table->end;) {
        size_t next = next_column(table, i), span = 1;
        const char *group = column[i].group;
        while (group[0] && i > 0 && next < table->end && strcmp(column[next].group, group) == 0) {
            next++;
            span++;
        }
        struct cell cell = {.column = i, .span = span, .merge = group[0] ? NULL : "restart"};
        cell.rule = group[0] ? 4 : 0;
        head_cell(table, &cell, group[0] ? group : column[i].title);
        i = next;
    }
    close_row(table);
}

static void head(struct table *table)
{
    bool groups = block_has_groups(table);
    if (groups)
        group_row(table);
    open_row(table, true);
    for (size_t i = 0; i < table->end; i = next_column(table, i)) {
        const struct mq_sheet_column *column = &table->sheet->column[i];
        bool below = groups && !column->group[0]; /* goes on from the row above */
        struct cell cell = {.column = i, .span = 1, .merge = below ? "continue" : NULL, .rule = 6};
        head_cell(table, &cell, below ? "" : column->title);
    }
    close_row(table);
}

/* ---- the body ---- */

static bool as_above(const struct mq_sheet *sheet, size_t row)
{
    return row > 0 && row < sheet->rows &&
           strcmp(sheet->cell[row * sheet->columns].text,
                  sheet->cell[(row - 1) * sheet->columns].text) == 0;
}

static bool has_kinds(const struct table *table)
{
    bool again = false;
    for (size_t row = 1; row < table->sheet->rows; row++)
        again |= as_above(table->sheet, row);
    return again && table->look->tight < 1 && table->sheet->column[0].kind == MQ_COLUMN_TEXT;
}

/* Ranks and moves stand below the middle of their heading, numbers below each other's point, texts
 * at the left; the band of a score, a short word, in the middle. */
static const char *cell_align(const struct table *table, size_t column)
{
    const struct mq_sheet *sheet = table->sheet;
    switch (sheet->column[column].kind) {
    case MQ_COLUMN_NUMBER:
    case MQ_COLUMN_CHANGE:
    case MQ_COLUMN_COUNT:
        return "right";
    case MQ_COLUMN_TEXT:
        if (column == 0 || (column == 1 && has_kinds(table)))
            return "left";
        for (size_t row = 0; row < sheet->rows; row++)
            if (mq_text_width(sheet->cell[row * sheet->columns + column].text) > 16)
                return "left";
        return "center";
    default:
        return "center";
    }
}

/* On pages that stay whole, rows of one kind (strengths, weaknesses) have its name once. */
static const char *merge_of(const struct table *table, size_t row)
{
    const struct mq_sheet *sheet = table->sheet;
    if (!has_kinds(table))
        return NULL;
    return as_above(sheet, row) ? "continue" : as_above(sheet, row + 1) ? "restart" : NULL;
}

static void body_row(struct table *table, size_t row)
{
    const struct mq_sheet *sheet = table->sheet;
    bool last = row + 1 == sheet->rows;
    open_row(table, false);
    for (size_t i = 0; i < table->end; i = next_column(table, i)) {
        struct cell cell = {.column = i, .span = 1};
        if (i == 0)
            cell.merge = merge_of(table, row);
        struct mq_docx_shape shape = {.role = MQ_DOCX_CELL,
                                      .align = cell_align(table, i),
                                      .size = table->plan.size,
                                      .right = table->plan.right[i]};
        shape.keep = table->whole && (!last || table->keep_last);
        shape.keep |= row == 0; /* no head without rows, no notes either */
        shape.keep |= table->keep_last && row + 2 >= sheet->rows;
        open_cell(table, &cell);
        bool again = cell.merge && strcmp(cell.merge, "continue") == 0;
        shape.bold = i == 0 && has_kinds(table);
        mq_docx_paragraph(table->xml, table->look, &shape,
                          again ? "" : sheet->cell[row * sheet->columns + i].text);
        close_cell(table);
    }
    close_row(table);
}

static void table_properties(struct table *table)
{
    double width = 0;
    for (size_t i = 0; i < table->end; i = next_column(table, i))
        width += wide(table, i);
    mq_buffer_text(table->xml, "<w:tbl><w:tblPr>");
    if (table->look->grid) {
        mq_buffer_text(table->xml, "<w:tblStyle w:val=\"");
        mq_docx_escape(table->xml, table->look->grid);
        mq_buffer_text(table->xml, "\"/>");
    }
    mq_buffer_format(table->xml, "<w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>",
                     twips(width));
    if (!table->look->grid)
        mq_buffer_text(table->xml,
                       "<w:tblBorders>"
                       "<w:top w:val=\"single\" w:sz=\"12\" w:space=\"0\" w:color=\"auto\"/>"
                       "<w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"0\" w:color=\"auto\"/>"
                       "</w:tblBorders>");
    int side = table->look->tight < 1 ? 30 : 60;
    mq_buffer_format(table->xml,
                     "<w:tblLayout w:type=\"fixed\"/><w:tblCellMar>"
                     "<w:left w:w=\"%d\" w:type=\"dxa\"/><w:right w:w=\"%d\" w:type=\"dxa\"/>"
                     "</w:tblCellMar></w:tblPr><w:tblGrid>",
                     side, side);
    for (size_t i = 0; i < table->end; i = next_column(table, i))
        mq_buffer_format(table->xml, "<w:gridCol w:w=\"%d\"/>", twips(wide(table, i)));
    mq_buffer_text(table->xml, "</w:tblGrid>");
}

static void grid(struct table *table)
{
    table_properties(table);
    head(table);
    for (size_t row = 0; row < table->sheet->rows; row++)
        body_row(table, row);
    mq_buffer_text(table->xml, "</w:tbl>");
}

/* ---- with all that belongs to it ---- */

static void above(struct table *table, const char *heading, bool again)
{
    const struct mq_sheet *sheet = table->sheet;
    bool tight = table->look->tight < 1;
    struct mq_docx_shape caption = {.role = MQ_DOCX_CAPTION_ABOVE, .keep = true};
    struct mq_docx_shape unit = {.role = MQ_DOCX_UNIT, .keep = true};
    if (tight) {
        caption.size = mq_docx_size(caption.role) * table->look->tight;
        unit.size = mq_docx_size(unit.role) * table->look->tight;
    }
    const char *more = table->look->chinese ? "（续）" : " (continued)";
    /* The number counts once: a continued table has it as plain text. */
    mq_docx_caption(table->xml, table->look, &caption, heading, again ? "" : sheet->number,
                    again ? more : "");
    if (sheet->unit[0])
        mq_docx_paragraph(table->xml, table->look, &unit, sheet->unit);
}

/* Two tables without a paragraph between them would become one. */
static void spacer(struct table *table)
{
    mq_buffer_text(table->xml, "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" "
                               "w:lineRule=\"exact\"/></w:pPr></w:p>");
}

bool mq_docx_sheet(struct mq_buffer *xml, const struct mq_docx_look *look,
                   const struct mq_sheets *sheets, const struct mq_sheet *sheet, bool bare)
{
    struct table table = {.xml = xml, .look = look, .sheet = sheet};
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct mq_buffer heading = MQ_BUFFER_EMPTY;
    mq_sheet_heading(sheets, sheet, &heading);
    mq_buffer_text(&heading, "");
    bool made =
        !heading.failed && sheet->columns > 0 && mq_docx_measure(sheet, look, &arena, &table.plan);
    if (made)
        table.whole = mq_docx_sheet_height(sheet, look, &table.plan) <
                      look->height * (look->direct ? 0.5 : 0.97);
    for (size_t block = 0; made && block < table.plan.blocks; block++) {
        mq_docx_block(sheet, &table.plan, block, &table.first, &table.end);
        table.keep_last = !bare && block + 1 == table.plan.blocks &&
                          sheet->notes + (sheet->source[0] != '\0') > 0;
        if (!bare)
            above(&table, heading.data, block > 0);
        else if (block > 0)
            spacer(&table);
        grid(&table);
    }
    if (made && !bare)
        mq_docx_notes(xml, look, sheet->note, sheet->notes, sheet->source);
    if (made && (bare || (sheet->notes == 0 && !sheet->source[0])))
        spacer(&table);
    mq_buffer_clear(&heading);
    mq_arena_clear(&arena);
    return made && !xml->failed;
}
