/*
 * figure: a figure ready to be drawn, whoever draws it (cairo, a spreadsheet, a word processor, a
 * browser). Numbers are as published: rounded, and withheld ones are gone.
 */
#ifndef MQ_FIGURE_H
#define MQ_FIGURE_H

#include "publish/sheet.h"

/* A row or column of the figure's matrix. */
struct mq_figure_item {
    const char *code, *name;
    bool strong; /* drawn with emphasis: a total, the unit the figure is about */
};

struct mq_geometry; /* geometry.h */

/*
 * The matrix `cell` by kind:
 *   trend      rows = periods, columns = series (the index first, strong)
 *   ranking    rows = units from the best on; columns = now [, before, change] (before and change
 *              only if there is a period before); `reference` is the top unit's score
 *   strip      rows = nodes (root first), columns = units; strong columns are the ones to name
 *   heatmap    rows and columns = units of the two axes
 *   waterfall  rows = before (strong), contributions in order of nodes, now (strong); one column.
 *              Contributions add up to the published change exactly
 *   tiles, map rows = units, column 0 = score; `place` or `geometry`
 *   profile    rows = nodes (parts of the index), columns = units compared: the unit (strong), then
 *              the units above it
 * A cell without a number has NaN and the sign that the tables print for it (its text), which the
 * notes explain; a cell of a heatmap for which there is no unit has the text "".
 */
struct mq_figure {
    enum mq_figure_kind kind;
    const char *id;     /* file name without extension, ASCII, unique among figures */
    const char *number; /* "图1", "Figure 1"; "" if it has none */
    const char *title;
    const char *unit; /* "分", "points", "%"; "" if none */
    const char *alt;  /* what there is to see, in a sentence or two, for people who cannot */
    size_t rows, columns;
    const struct mq_figure_item *row, *column;
    const struct mq_sheet_cell *cell; /* [rows * columns] */
    int decimals;
    double low, high;               /* all numbers of the value axis lie within; round numbers */
    struct mq_sheet_cell reference; /* NaN: none */
    const char *reference_name;     /* "辽宁省" */
    /* Classes of values, ascending, for tiles and maps (others may use them); 0: shade by value. */
    size_t bands;
    const char *const *band;     /* [bands] titles */
    const int16_t *cell_band;    /* [rows * columns] index in band, -1: none; NULL without bands */
    const struct mq_tile *place; /* tiles: [rows]; else NULL */
    const struct mq_geometry *geometry; /* map, else NULL */
    const char *stamp; /* map: "审图号：…" or "示意图，未经地图审核，不得公开出版"; "" */
    const char **note;
    size_t notes;
    const char *source;
    const char *level; /* id of the level it shows, "" if none */
};

struct mq_figures {
    size_t count;
    const struct mq_figure *figure;
    struct mq_arena arena;
};

/* "图1　title", "Figure 1. title". */
void mq_figure_heading(bool chinese, const struct mq_figure *figure, struct mq_buffer *text);
/* NULL if there is none. */
const struct mq_figure *mq_figures_find(const struct mq_figures *figures, const char *id);

/* ---- draw.c: figures on paper and screen, by cairo and pango ---- */

enum mq_drawing { MQ_DRAW_SVG, MQ_DRAW_PDF, MQ_DRAW_PNG };
/* Adds the whole file to `bytes`. The same figure gives the same bytes. `size` (may be NULL)
 * receives width and height in points; 1 point = 1/72 inch; PNG has 300 dots an inch. The figure
 * holds neither its title nor its notes: captions are text of the document around it. */
enum mq_status mq_draw_figure(const struct mq_figure *figure, bool chinese, enum mq_drawing drawing,
                              struct mq_buffer *bytes, double size[2], struct mq_error *error);

#endif
