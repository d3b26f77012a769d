/*
 * heatmap: cells shaded by value, with their numbers where they can be read. The axis with fewer
 * units lies across, so that long names stand level at the left.
 */
#include <math.h>
#include <string.h>

#include "publish/draw.h"

/* The matrix as drawn: `turned` where the figure's columns are the rows. */
struct grid {
    const struct mq_figure *figure;
    bool turned;
    size_t rows, columns;
    const struct mq_figure_item *row, *column;
    double left, top, wide, high; /* of the first cell */
    double number;                /* size of numbers, 0: none are printed */
};

static size_t cell_index(const struct grid *grid, size_t row, size_t column)
{
    return grid->turned ? column * grid->figure->columns + row
                        : row * grid->figure->columns + column;
}

/* How the names above the columns stand. */
struct heads {
    enum mq_turn turn;
    double size, wrap, height;
};

static struct mq_label head_label(const struct grid *grid, const struct heads *heads, size_t column)
{
    return (struct mq_label){.text = grid->column[column].name,
                             .x = grid->left + grid->wide * ((double)column + 0.5),
                             .y = grid->top - 4,
                             .align = 0.5,
                             .rise = 1,
                             .size = heads->size,
                             .wrap = heads->wrap,
                             .turn = heads->turn,
                             .bold = grid->column[column].strong,
                             .colour = mq_ink};
}

/* Whether all names fit their columns; their height goes to heads->height. */
static bool heads_fit(struct mq_canvas *canvas, const struct grid *grid, struct heads *heads)
{
    heads->height = 0;
    for (size_t i = 0; i < grid->columns; i++) {
        double size[2];
        struct mq_label label = head_label(grid, heads, i);
        mq_label_size(canvas, &label, size);
        if (size[0] > grid->wide - (heads->turn == MQ_LEVEL ? 3 : 0.5))
            return false;
        heads->height = fmax(heads->height, size[1]);
    }
    return heads->turn != MQ_LEVEL || heads->height <= 3 * heads->size;
}

/* Level if they fit, else upright Chinese or rising words; the longest are wrapped. */
static struct heads choose_heads(struct mq_canvas *canvas, const struct grid *grid)
{
    struct heads heads = {.turn = MQ_LEVEL, .size = 8};
    if (heads_fit(canvas, grid, &heads))
        return heads;
    heads.wrap = grid->wide - 3;
    if (canvas->chinese && grid->wide > 4.5 * heads.size && heads_fit(canvas, grid, &heads))
        return heads;
    heads = (struct heads){.turn = canvas->chinese ? MQ_VERTICAL : MQ_RISING, .wrap = 150};
    for (heads.size = 8; heads.size > 5.5; heads.size -= 0.5)
        if (heads_fit(canvas, grid, &heads))
            break;
    heads_fit(canvas, grid, &heads);
    return heads;
}

/* The size at which every number fits its cell; 0 if it would be too small to read. */
static double number_size(struct mq_canvas *canvas, const struct grid *grid)
{
    double width = 0;
    for (size_t i = 0; i < grid->rows * grid->columns; i++)
        if (!isnan(grid->figure->cell[i].value))
            width = fmax(width, mq_text_length(canvas, grid->figure->cell[i].text, 8));
    double size = width > 0 ? 8 * (grid->wide - 3) / width : 8;
    size = fmin(floor(fmin(size, grid->high * 0.75) * 4) / 4, 8);
    return size >= 5.75 ? size : 0;
}

static void draw_cell(struct mq_canvas *canvas, const struct grid *grid, size_t row, size_t column)
{
    size_t index = cell_index(grid, row, column);
    const struct mq_sheet_cell *cell = &grid->figure->cell[index];
    double x = grid->left + grid->wide * (double)column, y = grid->top + grid->high * (double)row;
    struct mq_box box = {x, y, x + grid->wide, y + grid->high};
    struct mq_colour ground = mq_figure_shade(grid->figure, index);
    bool none = isnan(cell->value);
    if (none && cell->text[0])
        mq_box_hatch(canvas, box);
    else if (!none)
        mq_box_fill(canvas, box, ground);
    if (none || grid->number > 0)
        mq_label_draw(canvas,
                      &(struct mq_label){.text = cell->text,
                                         .x = x + grid->wide / 2,
                                         .y = y + grid->high / 2,
                                         .align = 0.5,
                                         .rise = 0.5,
                                         .size = none ? fmin(8, grid->wide * 0.7) : grid->number,
                                         .colour = none ? mq_ink : mq_ink_on(ground)});
}

static void draw_rules(struct mq_canvas *canvas, const struct grid *grid)
{
    struct mq_pen pen = {mq_paper, 0.8, MQ_SOLID}, frame = {mq_soft, 0.5, MQ_SOLID};
    double right = grid->left + grid->wide * (double)grid->columns;
    double bottom = grid->top + grid->high * (double)grid->rows;
    for (size_t i = 1; i < grid->columns; i++) {
        double x = grid->left + grid->wide * (double)i;
        mq_line_draw(canvas, (double[]){x, grid->top}, (double[]){x, bottom}, pen);
    }
    for (size_t i = 1; i < grid->rows; i++) {
        double y = grid->top + grid->high * (double)i;
        mq_line_draw(canvas, (double[]){grid->left, y}, (double[]){right, y}, pen);
    }
    mq_box_frame(canvas, (struct mq_box){grid->left, grid->top, right, bottom}, frame);
}

double mq_draw_heatmap(struct mq_canvas *canvas, const struct mq_figure *figure)
{
    bool turned = figure->columns > figure->rows;
    struct grid grid = {.figure = figure,
                        .turned = turned,
                        .rows = turned ? figure->columns : figure->rows,
                        .columns = turned ? figure->rows : figure->columns,
                        .row = turned ? figure->column : figure->row,
                        .column = turned ? figure->row : figure->column};
    double y = mq_header_draw(canvas, figure->unit, NULL, 0);
    double size = grid.columns > 20 ? 7.5 : 8.5, most = grid.columns > 20 ? 118 : 164;
    struct mq_names names = mq_names_measure(canvas, grid.row, grid.rows, size, most);
    grid.left = MQ_FIGURE_MARGIN + names.width + 5;
    double room = canvas->width - MQ_FIGURE_MARGIN - grid.left;
    grid.wide = grid.columns ? fmin(room / (double)grid.columns, 60) : room;
    grid.high = fmax(grid.columns > 20 ? 12 : 14.5, names.height + 2);
    struct heads heads = choose_heads(canvas, &grid);
    grid.top = y + heads.height + 4;
    grid.number = number_size(canvas, &grid);
    for (size_t row = 0; row < grid.rows; row++) {
        mq_name_draw(canvas, &names, &grid.row[row], grid.left - 5,
                     grid.top + grid.high * ((double)row + 0.5));
        for (size_t column = 0; column < grid.columns; column++)
            draw_cell(canvas, &grid, row, column);
    }
    draw_rules(canvas, &grid);
    for (size_t column = 0; column < grid.columns; column++) {
        struct mq_label label = head_label(&grid, &heads, column);
        mq_label_draw(canvas, &label);
    }
    return mq_legend_shades(canvas, figure, grid.top + grid.high * (double)grid.rows + 8);
}
