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

#endif
