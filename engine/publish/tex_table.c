/*
 * One table for LaTeX: three rules (booktabs), notes below the table (threeparttable), a group of
 * columns over a \cmidrule. What is wider than a page stands sideways, or is cut into parts that
 * repeat the first column; what is longer than a page is a longtable.
 */
#include "publish/tex_parts.h"

#include <math.h>
#include <string.h>

/* In half widths of a letter of 9 points on A4 with the margins of the example: what fits. */
enum {
    GAP = 2,
    PORTRAIT = 96,
    LANDSCAPE = 148,
    LONGEST_ROWS = 40,
    SIDEWAYS_ROWS = 24,
    HEAD = 10,        /* titles are broken into lines of about this width */
    WIDEST_NAME = 26, /* of the first column, where others stand beside it */
    WIDEST_TEXT = 40  /* a column of text wider than this is broken into lines */
};

/* A run of columns of a sheet, the first column of the sheet before it. */
struct part {
    const struct mq_sheets *sheets;
    const struct mq_sheet *sheet;
    size_t from, to; /* columns after the first */
    bool again;      /* not the first part */
    const int *width;
    int total;
};

static bool is_text(const struct mq_sheet *sheet, size_t column)
{
    return sheet->column[column].kind == MQ_COLUMN_TEXT;
}

static int column_width(const struct mq_sheet *sheet, size_t column)
{
    int title = mq_text_width(sheet->column[column].title);
    int widest = title < HEAD ? title : HEAD;
    for (size_t row = 0; row < sheet->rows; row++) {
        int width = mq_text_width(sheet->cell[row * sheet->columns + column].text);
        widest = width > widest ? width : widest;
    }
    if (column == 0 && sheet->columns > 3 && widest > WIDEST_NAME)
        return WIDEST_NAME;
    return widest > WIDEST_TEXT ? WIDEST_TEXT + 1 : widest;
}

/* ---- heads ---- */

static size_t character(const char *text)
{
    size_t bytes = text[0] != '\0';
    while (((unsigned char)text[bytes] & 0xC0) == 0x80)
        bytes++;
    return bytes;
}

static bool is_one_of(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (strncmp(text, *list, strlen(*list)) == 0)
            return true;
    return false;
}

/* May a line end before `next`, `last` being the character before it? After a space, or beside a
 * Chinese character; but no line begins with a closing sign or ends with an opening one. */
static bool may_end(const char *last, const char *next)
{
    static const char *const closing[] = {"）", "、", "，", "。", "；", "：", "”", "》",
                                          ")",  "%",  ",",  ".",  ";",  ":",  NULL};
    static const char *const opening[] = {"（", "“", "《", "(", NULL};
    if (*next == '\0' || *next == ' ')
        return true;
    bool chinese = character(last) >= 3 || character(next) >= 3;
    return chinese && !is_one_of(next, closing) && !is_one_of(last, opening);
}

/* Bytes of the first line of a title. */
static size_t line_length(const char *text)
{
    size_t end = 0, fits = 0;
    int width = 0;
    while (text[end]) {
        size_t bytes = character(text + end);
        width += bytes >= 3 ? 2 : 1;
        if (width > HEAD && fits > 0)
            return fits;
        if (may_end(text + end, text + end + bytes))
            fits = end + bytes;
        end += bytes;
    }
    return end;
}

/* A title in lines: \shortstack{a\\b}. */
static void add_title(struct mq_buffer *tex, const char *title, bool left)
{
    bool broken = line_length(title) < strlen(title);
    if (broken)
        mq_buffer_text(tex, left ? "\\shortstack[l]{" : "\\shortstack{");
    while (*title) {
        size_t length = line_length(title);
        mq_tex_span(tex, title, length);
        title += length;
        while (*title == ' ')
            title++;
        mq_buffer_text(tex, *title ? "\\\\" : "");
    }
    mq_buffer_text(tex, broken ? "}" : "");
}

/* The column of the sheet that stands in place `i` of the part; place 0 is the first column. */
static size_t column_at(const struct part *part, size_t i)
{
    return i == 0 ? 0 : part->from + i - 1;
}

static size_t columns_of(const struct part *part)
{
    return 1 + part->to - part->from;
}

static size_t group_end(const struct part *part, size_t start)
{
    const char *group = part->sheet->column[column_at(part, start)].group;
    size_t end = start + 1;
    while (end < columns_of(part) &&
           strcmp(part->sheet->column[column_at(part, end)].group, group) == 0)
        end++;
    return end;
}

static void add_groups(struct mq_buffer *tex, const struct part *part)
{
    size_t columns = columns_of(part);
    for (size_t at = 0; at < columns; at = group_end(part, at)) {
        mq_buffer_format(tex, "%s\\multicolumn{%zu}{c}{", at ? " & " : "",
                         group_end(part, at) - at);
        mq_tex_text(tex, part->sheet->column[column_at(part, at)].group);
        mq_buffer_text(tex, "}");
    }
    mq_buffer_text(tex, " \\\\\n");
    for (size_t at = 0; at < columns; at = group_end(part, at))
        if (part->sheet->column[column_at(part, at)].group[0])
            mq_buffer_format(tex, "\\cmidrule(lr){%zu-%zu}", at + 1, group_end(part, at));
    mq_buffer_text(tex, "\n");
}

static void add_head(struct mq_buffer *tex, const struct part *part)
{
    mq_buffer_text(tex, "\\toprule\n");
    bool groups = false;
    for (size_t i = 0; i < columns_of(part); i++)
        groups |= part->sheet->column[column_at(part, i)].group[0] != '\0';
    if (groups)
        add_groups(tex, part);
    for (size_t i = 0; i < columns_of(part); i++) {
        size_t column = column_at(part, i);
        bool text = is_text(part->sheet, column);
        mq_buffer_format(tex, "%s\\multicolumn{1}{%s%s%s}{", i ? " & " : "", i ? "" : "@{}",
                         text ? "l" : "c", i + 1 < columns_of(part) ? "" : "@{}");
        add_title(tex, part->sheet->column[column].title, text);
        mq_buffer_text(tex, "}");
    }
    mq_buffer_text(tex, " \\\\\n\\midrule\n");
}

/* ---- body ---- */

static void add_rows(struct mq_buffer *tex, const struct part *part)
{
    const struct mq_sheet *sheet = part->sheet;
    for (size_t row = 0; row < sheet->rows; row++) {
        for (size_t i = 0; i < columns_of(part); i++) {
            mq_buffer_text(tex, i ? " & " : "");
            mq_tex_text(tex, sheet->cell[row * sheet->columns + column_at(part, i)].text);
        }
        mq_buffer_text(tex, " \\\\\n");
    }
}

/* What a column with long text gets of the page: as much as the others leave. */
static int wide_width(const struct part *part)
{
    int wide = 0, others = 0;
    for (size_t i = 0; i < columns_of(part); i++) {
        int width = part->width[column_at(part, i)];
        wide += width > WIDEST_TEXT;
        others += (width > WIDEST_TEXT ? 0 : width) + GAP;
    }
    int each = wide ? (PORTRAIT - others) / wide : PORTRAIT;
    return each < 16 ? 16 : each;
}

/* {lrr}; two half widths are an em. */
static void add_columns(struct mq_buffer *tex, const struct part *part)
{
    mq_buffer_text(tex, "{@{}");
    for (size_t i = 0; i < columns_of(part); i++) {
        size_t column = column_at(part, i);
        int broken = part->width[column] > WIDEST_TEXT              ? wide_width(part)
                     : column == 0 && part->width[0] == WIDEST_NAME ? WIDEST_NAME
                                                                    : 0;
        if (broken)
            mq_buffer_format(tex, ">{\\raggedright\\arraybackslash}p{%d.%dem}", broken / 2,
                             broken % 2 * 5);
        else
            mq_buffer_text(tex, is_text(part->sheet, column) ? "l" : "r");
    }
    mq_buffer_text(tex, "@{}}\n");
}

/* Lines of the body, those of broken text counted. */
static size_t lines_of(const struct part *part)
{
    const struct mq_sheet *sheet = part->sheet;
    size_t lines = 0;
    for (size_t row = 0; row < sheet->rows; row++) {
        int most = 1;
        for (size_t i = 0; i < columns_of(part); i++) {
            size_t column = column_at(part, i);
            int room = part->width[column] > WIDEST_TEXT ? wide_width(part) : part->width[column];
            int width = mq_text_width(sheet->cell[row * sheet->columns + column].text);
            if (room > 0 && (width + room - 1) / room > most)
                most = (width + room - 1) / room;
        }
        lines += (size_t)most;
    }
    return lines;
}

/* ---- caption and notes ---- */

static void add_caption(struct mq_buffer *tex, const struct part *part)
{
    if (!part->sheet->number[0])
        return;
    mq_buffer_text(tex, part->again ? "\\caption[]{" : "\\caption{");
    mq_tex_text(tex, part->sheet->title);
    if (part->again)
        mq_buffer_text(tex, part->sheets->chinese ? "（续）" : " (continued)");
    mq_buffer_text(tex, "}");
    if (!part->again)
        mq_buffer_format(tex, "\\label{tab:%s}", part->sheet->id);
}

/* Rows above the head: the title of a table without a number, and the unit. */
static void add_above(struct mq_buffer *tex, const struct part *part)
{
    size_t columns = columns_of(part);
    if (!part->sheet->number[0]) {
        mq_buffer_format(tex, "\\multicolumn{%zu}{@{}c@{}}{\\bfseries ", columns);
        mq_tex_text(tex, part->sheet->title);
        mq_buffer_text(tex, "} \\\\[4pt]\n");
    }
    if (part->sheet->unit[0]) {
        mq_buffer_format(tex, "\\multicolumn{%zu}{@{}r@{}}{\\footnotesize ", columns);
        mq_tex_text(tex, part->sheet->unit);
        mq_buffer_text(tex, "} \\\\\n");
    }
}

static void add_lines(struct mq_buffer *tex, const struct mq_sheet *sheet, const char *before,
                      const char *after)
{
    for (size_t i = 0; i < sheet->notes + (sheet->source[0] != '\0'); i++) {
        mq_buffer_text(tex, before);
        mq_tex_text(tex, i < sheet->notes ? sheet->note[i] : sheet->source);
        mq_buffer_text(tex, after);
    }
}

static bool has_lines(const struct part *part)
{
    return part->to == part->sheet->columns &&
           part->sheet->notes + (part->sheet->source[0] != '\0') > 0;
}

/* ---- the three forms ---- */

static void add_float(struct mq_buffer *tex, const struct part *part, bool sideways)
{
    const char *kind = sideways ? "sidewaystable" : "table";
    mq_buffer_format(tex, "\\begin{%s}%s\n\\centering\\small\\setlength{\\tabcolsep}{4pt}\n", kind,
                     sideways ? "" : "[htbp]");
    if (part->again && part->sheet->number[0]) /* the same number as the part before */
        mq_buffer_text(tex, "\\addtocounter{table}{-1}\n");
    mq_buffer_text(tex, "\\begin{threeparttable}\n");
    add_caption(tex, part);
    mq_buffer_text(tex, part->sheet->number[0] ? "\n" : "");
    mq_buffer_text(tex, "\\begin{tabular}");
    add_columns(tex, part);
    add_above(tex, part);
    add_head(tex, part);
    add_rows(tex, part);
    mq_buffer_text(tex, "\\bottomrule\n\\end{tabular}\n");
    if (has_lines(part)) {
        mq_buffer_text(tex, "\\begin{tablenotes}[flushleft]\\footnotesize\n");
        add_lines(tex, part->sheet, "\\item ", "\n");
        mq_buffer_text(tex, "\\end{tablenotes}\n");
    }
    mq_buffer_format(tex, "\\end{threeparttable}\n\\end{%s}\n", kind);
}

/* A longtable takes a number whether it has a caption or not. */
static void add_long(struct mq_buffer *tex, const struct part *part)
{
    bool numbered = part->sheet->number[0] != '\0';
    if (part->again || !numbered)
        mq_buffer_text(tex, "\\addtocounter{table}{-1}\n");
    mq_buffer_text(tex, "{\\small\\setlength{\\tabcolsep}{4pt}\n\\begin{longtable}");
    add_columns(tex, part);
    add_caption(tex, part);
    mq_buffer_text(tex, numbered ? " \\\\\n" : "");
    add_above(tex, part);
    add_head(tex, part);
    mq_buffer_text(tex, "\\endfirsthead\n");
    add_head(tex, part);
    mq_buffer_text(tex, "\\endhead\n\\bottomrule\n\\endfoot\n");
    add_rows(tex, part);
    mq_buffer_text(tex, "\\end{longtable}}\n");
    if (has_lines(part)) {
        mq_buffer_text(tex, "{\\footnotesize\n");
        add_lines(tex, part->sheet, "\\noindent ", "\\par\n");
        mq_buffer_text(tex, "}\n");
    }
}

static void add_part(struct mq_buffer *tex, const struct part *part)
{
    size_t lines = lines_of(part);
    bool wide = part->total > PORTRAIT;
    if (lines > LONGEST_ROWS || (wide && lines > SIDEWAYS_ROWS))
        add_long(tex, part);
    else
        add_float(tex, part, wide);
}

/* Columns from `from` on that fit beside the first; at least one. */
static void fit(struct part *part, int most)
{
    part->to = part->from;
    part->total = part->width[0] + GAP;
    while (part->to < part->sheet->columns &&
           (part->to == part->from || part->total + part->width[part->to] + GAP <= most))
        part->total += part->width[part->to++] + GAP;
}

static void add_parts(struct mq_buffer *tex, const struct mq_sheets *sheets,
                      const struct mq_sheet *sheet, const int *width)
{
    int total = 0;
    for (size_t i = 0; i < sheet->columns; i++)
        total += width[i] + GAP;
    bool sideways = total > PORTRAIT && total <= LANDSCAPE && sheet->rows <= SIDEWAYS_ROWS;
    struct part part = {.sheets = sheets, .sheet = sheet, .from = 1, .width = width};
    do {
        fit(&part, sideways ? LANDSCAPE : PORTRAIT);
        add_part(tex, &part);
        part.from = part.to;
        part.again = true;
    } while (part.to < sheet->columns);
}

void mq_tex_table(struct mq_buffer *tex, const struct mq_sheets *sheets,
                  const struct mq_sheet *sheet)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    int *width = mq_arena_array(&arena, sheet->columns, sizeof *width);
    tex->failed |= !width;
    for (size_t i = 0; width && i < sheet->columns; i++)
        width[i] = column_width(sheet, i);
    if (width && sheet->columns > 0)
        add_parts(tex, sheets, sheet, width);
    mq_arena_clear(&arena);
}
