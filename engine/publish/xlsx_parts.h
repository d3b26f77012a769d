/* Inside write_xlsx: measures and formats of a worksheet. */
#ifndef MQ_XLSX_PARTS_H
#define MQ_XLSX_PARTS_H

#include <xlsxwriter.h>

#include "publish/draft.h"

/* ---- xlsx_measure.c ---- */

/* How a sheet lies on paper. Widths in characters (a CJK character is two), heights in points. */
struct mq_xlsx_plan {
    double *width;    /* [columns] */
    uint8_t indent;   /* of numbers from the right, so that they stand below the middle of their
                         heading */
    double ease;      /* Latin text of a proportional font takes less than a character per letter */
    size_t head_rows; /* 1, or 2 with groups */
    double title_height, head_height[2];
    bool landscape;
    int scale; /* percent; 0: fit to one page across and `tall` pages down (0: as many as needed) */
    unsigned tall;
    size_t pages;        /* side by side, the first column repeated on each */
    size_t page_columns; /* columns beside the first on each page */
    double span_width;   /* of the columns that titles and notes stretch over */
};

/* Lines a text takes in a column; words of Latin letters are not broken. At least 1. */
int mq_xlsx_lines(const char *text, double width);
/* Arrays of the plan come from the arena. False if out of memory. */
bool mq_xlsx_measure(const struct mq_sheet *sheet, bool chinese, struct mq_arena *arena,
                     struct mq_xlsx_plan *plan);
double mq_xlsx_row_height(const struct mq_sheet *sheet, const struct mq_xlsx_plan *plan,
                          size_t row);
double mq_xlsx_note_height(const struct mq_xlsx_plan *plan, const char *note);
enum { MQ_XLSX_UNIT_HEIGHT = 15, MQ_XLSX_GAP_HEIGHT = 9 };

/* ---- xlsx_style.c ---- */

struct mq_xlsx_body {
    char number[64]; /* number format, "" for text */
    uint8_t align, indent;
    bool last; /* carries the bottom rule */
    lxw_format *format;
};

struct mq_xlsx_style {
    lxw_workbook *book;
    bool chinese;
    lxw_format *title, *unit, *note;
    lxw_format *head_upper, *head_lower, *head_single; /* rules above, below, both */
    lxw_format *head_group;                            /* a heading over several columns: both */
    struct mq_xlsx_body body[64];
    size_t bodies;
};

/* False if out of memory. */
bool mq_xlsx_style_new(lxw_workbook *book, bool chinese, struct mq_xlsx_style *style);
/* The format of a cell; NULL if out of memory. */
lxw_format *mq_xlsx_cell_format(struct mq_xlsx_style *style, const struct mq_sheet *sheet,
                                const struct mq_xlsx_plan *plan, size_t row, size_t column);

/* ---- xlsx_page.c ---- */

/* A worksheet being filled. Errors of single calls are kept: the first one is reported at the end.
 */
struct mq_xlsx_page {
    lxw_worksheet *out;
    const struct mq_sheet *sheet;
    struct mq_xlsx_plan plan;
    struct mq_xlsx_style *style;
    lxw_row_t row; /* the next to be written */
    lxw_error fault;
};
void mq_xlsx_keep(struct mq_xlsx_page *page, lxw_error result);
/* Text over the columns [first, end). */
void mq_xlsx_span(struct mq_xlsx_page *page, lxw_row_t first_row, lxw_row_t last_row, size_t first,
                  size_t end, const char *text, lxw_format *format);
void mq_xlsx_set_height(struct mq_xlsx_page *page, lxw_row_t row, double height);
void mq_xlsx_write_header(struct mq_xlsx_page *page);
void mq_xlsx_write_body(struct mq_xlsx_page *page);
void mq_xlsx_footer(struct mq_xlsx_page *page);
lxw_error mq_xlsx_write_sheet(struct mq_xlsx_page *page, const struct mq_sheets *sheets);
/* A new worksheet whose name is as near to `name` as the format allows. NULL if out of memory. */
lxw_worksheet *mq_xlsx_add_tab(lxw_workbook *book, const char *name);

/* ---- xlsx_figures.c: a worksheet per native chart, its numbers below it ---- */

/* Profiles are left to documents. */
bool mq_xlsx_draws(const struct mq_figure *figure);
lxw_error mq_xlsx_write_figure(lxw_workbook *book, struct mq_xlsx_style *style,
                               const struct mq_figure *figure, struct mq_arena *arena);

/* ---- xlsx_story.c: the text ---- */

lxw_error mq_xlsx_write_story(lxw_workbook *book, struct mq_xlsx_style *style,
                              const struct mq_publication *publication);

/* ---- chart_data.c: the numbers of a native chart ---- */

/* More are not told apart on a page. */
enum { MQ_CHART_MOST_ROWS = 60, MQ_CHART_MOST_SERIES = 60 };

enum mq_chart_part {
    MQ_CHART_PLAIN,
    MQ_CHART_STRONG,
    MQ_CHART_BEFORE, /* beside the numbers of now */
    MQ_CHART_TOTAL,  /* the rest: pieces of a waterfall */
    MQ_CHART_RISE,
    MQ_CHART_FALL,
    MQ_CHART_HIDDEN, /* what the pieces stand on */
    MQ_CHART_CARRIER /* unseen, holds the labels */
};
struct mq_chart_series {
    size_t at; /* column of the table, or its row if series lie across */
    enum mq_chart_part part;
};
/* A table whose first column names things, and which lines of it are drawn. Cells without a number
 * are blank: charts draw a text as zero. */
struct mq_chart_data {
    struct mq_sheet table;
    bool across;
    size_t count;
    struct mq_chart_series *series; /* in order of drawing */
    size_t strong_row;              /* of a ranking, SIZE_MAX: none */
};
/* All from the arena. False if out of memory. The figure must be native. */
bool mq_chart_data(const struct mq_figure *figure, bool chinese, struct mq_arena *arena,
                   struct mq_chart_data *data);

/* ---- chart_draw.c ---- */

/* Where the table of a chart lies. */
struct mq_chart_place {
    lxw_workbook *book;
    const char *tab; /* name of the worksheet */
    lxw_row_t row;   /* of the heading */
    lxw_col_t column;
};
/* A chart over a table that stands in its place; NULL if out of memory. */
lxw_chart *mq_chart_new(const struct mq_chart_place *place, const struct mq_figure *figure,
                        const struct mq_chart_data *data, bool chinese);
/* What a chart from the library lacks to stand in a document: the link to its workbook, and the
 * choices that a word processor makes otherwise than a spreadsheet where nothing is said. Adds the
 * whole part to `out`. */
enum mq_status mq_chart_for_document(const struct mq_buffer *chart, bool chinese,
                                     struct mq_buffer *out, struct mq_error *error);

/* ---- write_xlsx.c ---- */

/* Documents carry a date; the same data must give the same bytes, so it is not today's: 2000-01-01
 * 00:00 UTC. */
#define MQ_XLSX_DATE ((time_t)946684800)
/* The library does not look at the results of writing its temporary files, so room is made sure of
 * before: the file is there afterwards and holds so many bytes. */
enum mq_status mq_xlsx_make_room(const char *partial, const char *path, uint64_t bytes,
                                 struct mq_error *error);
enum mq_status mq_xlsx_refused(const char *path, lxw_error fault, struct mq_error *error);

/* "0.00", "+0.00;-0.00;0.00" after the text of a cell; padded to the column's decimals. */
void mq_xlsx_number_format(const struct mq_sheet_column *column, const char *text, char *format,
                           size_t size);

#endif
