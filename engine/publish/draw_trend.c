/* trend: a line a series over the periods, named where it ends; lines differ in dash and marker. */
#include <math.h>
#include <stdlib.h>

#include "publish/draw.h"

struct plot {
    struct mq_scale x, y; /* x: index of the period; y: from the bottom up */
    double right;         /* of the names at the ends */
    double value_size;
    struct mq_box *taken; /* by labels in the plot */
    size_t taken_count;
};

/* A name at the end of a line. */
struct ending {
    size_t series;
    double at[2], wanted;
    char *text;
};

static struct mq_key look_of(const struct mq_figure *figure, size_t series)
{
    static const enum mq_dash dash[] = {MQ_DASHED, MQ_LONG, MQ_DASH_DOT, MQ_DOTTED, MQ_SOLID};
    static const struct mq_colour colour[] = {
        {0.25, 0.25, 0.25}, {0.16, 0.44, 0.66}, {0.45, 0.45, 0.45}, {0.50, 0.30, 0.12}};
    struct mq_key key = {.look = MQ_KEY_LINE, .marked = true, .colour = mq_accent};
    if (figure->column[series].strong)
        return key;
    size_t plain = 0;
    for (size_t i = 0; i < series; i++)
        plain += !figure->column[i].strong;
    key.dash = dash[plain % 5];
    key.marker = (enum mq_marker)((plain + 1) % MQ_MARKERS);
    key.hollow = plain / 2 % 2 == 0;
    key.colour = colour[plain % 4];
    return key;
}

static void point_of(const struct plot *plot, const struct mq_figure *figure, size_t row,
                     size_t series, double at[2])
{
    at[0] = mq_scale_at(&plot->x, (double)row);
    at[1] = mq_scale_at(&plot->y, mq_figure_cell(figure, row, series)->value);
}

static void draw_series(struct mq_canvas *canvas, const struct mq_figure *figure,
                        const struct plot *plot, size_t series)
{
    struct mq_key look = look_of(figure, series);
    bool strong = figure->column[series].strong;
    for (int pass = 0; pass < 2; pass++) /* markers lie on the lines */
        for (size_t row = 0; row < figure->rows; row++) {
            double at[2], before[2];
            point_of(plot, figure, row, series, at);
            if (isnan(at[1]))
                continue;
            if (pass == 1) {
                mq_marker_draw(canvas, look.marker, at, figure->rows > 12 ? 1.9 : 2.5, look.colour,
                               look.hollow);
                continue;
            }
            if (row == 0)
                continue;
            point_of(plot, figure, row - 1, series, before);
            if (!isnan(before[1]))
                mq_line_draw(canvas, before, at,
                             (struct mq_pen){look.colour, strong ? 1.8 : 1.0, look.dash});
        }
}

/* Signs of missing numbers, above the axis at their period, one over the other. */
static void draw_missing(struct mq_canvas *canvas, const struct mq_figure *figure,
                         const struct plot *plot)
{
    for (size_t row = 0; row < figure->rows; row++) {
        double y = plot->y.from - 3;
        for (size_t series = 0; series < figure->columns; series++) {
            const struct mq_sheet_cell *cell = mq_figure_cell(figure, row, series);
            if (!isnan(cell->value) || !cell->text[0])
                continue;
            struct mq_key look = look_of(figure, series);
            double x = mq_scale_at(&plot->x, (double)row);
            mq_marker_draw(canvas, look.marker, (double[]){x - 5, y - 4}, 2.2, look.colour,
                           look.hollow);
            mq_label_draw(canvas, &(struct mq_label){.text = cell->text,
                                                     .x = x,
                                                     .y = y,
                                                     .rise = 1,
                                                     .size = 8,
                                                     .plate = true,
                                                     .colour = mq_ink});
            y -= 10;
        }
    }
}

static bool free_place(const struct plot *plot, const struct mq_figure *figure,
                       const struct mq_box *box, size_t row)
{
    for (size_t i = 0; i < plot->taken_count; i++)
        if (mq_boxes_meet(&plot->taken[i], box))
            return false;
    for (size_t series = 0; series < figure->columns; series++)
        for (size_t near = row ? row - 1 : 0; near <= row + 1 && near < figure->rows; near++) {
            double at[2];
            point_of(plot, figure, near, series, at);
            struct mq_box marker = {at[0] - 3, at[1] - 3, at[0] + 3, at[1] + 3};
            if (!isnan(at[1]) && mq_boxes_meet(&marker, box))
                return false;
        }
    return box->left >= plot->x.from - 14 && box->top > plot->y.to - 6 &&
           box->bottom < plot->y.from - 1;
}

/* Whether the line comes down steeply to a point, so that its value stands better below it. */
static bool in_valley(const struct plot *plot, const struct mq_figure *figure, size_t row,
                      size_t series)
{
    double at[2], near[2];
    size_t sides = 0;
    point_of(plot, figure, row, series, at);
    for (size_t i = row ? row - 1 : row + 1; i <= row + 1 && i < figure->rows; i += 2) {
        point_of(plot, figure, i, series, near);
        if (near[1] >= at[1] - 6)
            return false;
        sides += !isnan(near[1]);
    }
    return sides > 0;
}

/* Values at points, above or below where there is room; the last ones stand at the line's end. */
static void draw_values(struct mq_canvas *canvas, const struct mq_figure *figure, struct plot *plot,
                        size_t series)
{
    for (size_t row = 0; row + 1 < figure->rows; row++) {
        const struct mq_sheet_cell *cell = mq_figure_cell(figure, row, series);
        double at[2];
        point_of(plot, figure, row, series, at);
        if (isnan(cell->value))
            continue;
        bool valley = in_valley(plot, figure, row, series);
        for (int turn = 0; turn < 2; turn++) {
            bool below = (turn == 1) != valley;
            struct mq_label label = {.text = cell->text,
                                     .x = at[0],
                                     .y = at[1] + (below ? 4.5 : -4.5),
                                     .align = 0.5,
                                     .rise = below ? 0 : 1,
                                     .size = plot->value_size,
                                     .plate = true,
                                     .bold = figure->column[series].strong,
                                     .colour = look_of(figure, series).colour};
            struct mq_box box = mq_label_box(canvas, &label);
            box.left -= 1.5, box.right += 1.5;
            if (!free_place(plot, figure, &box, row))
                continue;
            plot->taken[plot->taken_count++] = box;
            mq_label_draw(canvas, &label);
            break;
        }
    }
}

static int by_wish(const void *left, const void *right)
{
    const struct ending *a = left, *b = right;
    int order = (a->wanted > b->wanted) - (a->wanted < b->wanted);
    return order ? order : (a->series > b->series) - (a->series < b->series);
}

#define END_SIZE 8.0
#define END_WRAP 104.0

static struct mq_label end_label(const struct mq_figure *figure, const struct ending *ending)
{
    return (struct mq_label){.text = ending->text,
                             .size = END_SIZE,
                             .rise = 0.5,
                             .wrap = END_WRAP,
                             .bold = figure->column[ending->series].strong,
                             .colour = mq_ink};
}

/* "质量水平 83.21": the name and the last number. */
static char *end_text(struct mq_arena *arena, const struct mq_figure *figure, size_t series)
{
    return mq_arena_format(arena, "%s %s", figure->column[series].name,
                           mq_figure_cell(figure, figure->rows - 1, series)->text);
}

/* Signs of the lines stand beside their names, which are moved apart; a thin line leads there. */
static void draw_endings(struct mq_canvas *canvas, const struct mq_figure *figure,
                         const struct plot *plot, struct mq_arena *arena)
{
    size_t count = figure->columns;
    struct ending *ending = mq_arena_array(arena, count, sizeof *ending);
    double *place = mq_arena_array(arena, count, sizeof *place);
    double *gap = mq_arena_array(arena, count, sizeof *gap);
    canvas->failed |= !ending || !place || !gap;
    if (canvas->failed)
        return;
    for (size_t series = 0; series < count; series++) {
        struct ending *self = &ending[series];
        *self = (struct ending){
            .series = series, .at = {plot->x.to, NAN}, .text = end_text(arena, figure, series)};
        canvas->failed |= !self->text;
        if (!self->text)
            return;
        for (size_t row = figure->rows; row-- > 0 && isnan(self->at[1]);)
            point_of(plot, figure, row, series, self->at);
        self->wanted = isnan(self->at[1]) ? plot->y.from : self->at[1];
    }
    qsort(ending, count, sizeof *ending, by_wish);
    for (size_t i = 0; i < count; i++) {
        double size[2];
        struct mq_label label = end_label(figure, &ending[i]);
        mq_label_size(canvas, &label, size);
        place[i] = ending[i].wanted;
        gap[i] = size[1] + 4;
    }
    mq_spread(place, gap, count, plot->y.to - 6, plot->y.from + 10);
    for (size_t i = 0; i < count; i++) {
        struct mq_key look = look_of(figure, ending[i].series);
        struct mq_label label = end_label(figure, &ending[i]);
        double x = plot->right - END_WRAP - 32;
        if (!isnan(ending[i].at[1]))
            mq_line_draw(canvas, (double[]){ending[i].at[0] + 4, ending[i].at[1]},
                         (double[]){x + 10, place[i]}, (struct mq_pen){mq_second, 0.5, MQ_SOLID});
        mq_key_draw(canvas, &look, x + 12, place[i]);
        label.x = x + 30;
        label.y = place[i];
        mq_label_draw(canvas, &label);
    }
}

/* Names of periods; their codes where names are too long, and not all where there is no room. */
static double draw_periods(struct mq_canvas *canvas, const struct mq_figure *figure,
                           const struct plot *plot)
{
    double name = 0, code = 0, size = 8, y = plot->y.from;
    for (size_t row = 0; row < figure->rows; row++) {
        name = fmax(name, mq_text_length(canvas, figure->row[row].name, size));
        code = fmax(code, mq_text_length(canvas, figure->row[row].code, size));
    }
    double slot = figure->rows > 1 ? (plot->x.to - plot->x.from) / (double)(figure->rows - 1) : 100;
    bool named = name + 6 <= slot || figure->rows < 2;
    double need = named ? name : code;
    size_t every = (size_t)fmax(1, ceil((need + 6) / slot));
    for (size_t row = 0; row < figure->rows; row++) {
        double x = mq_scale_at(&plot->x, (double)row);
        mq_line_draw(canvas, (double[]){x, y}, (double[]){x, y + 2.5},
                     (struct mq_pen){mq_soft, 0.6, MQ_SOLID});
        if ((figure->rows - 1 - row) % every == 0)
            mq_label_draw(canvas, &(struct mq_label){.text = named ? figure->row[row].name
                                                                   : figure->row[row].code,
                                                     .x = x,
                                                     .y = y + 5,
                                                     .align = 0.5,
                                                     .size = size,
                                                     .colour = mq_ink});
    }
    return y + 5 + size;
}

static void draw_axis(struct mq_canvas *canvas, const struct plot *plot, double left)
{
    double step = mq_scale_step(plot->y.low, plot->y.high, 6);
    char text[64];
    for (long i = (long)ceil(plot->y.low / step - 1e-9);
         i <= (long)floor(plot->y.high / step + 1e-9); i++) {
        double y = mq_scale_at(&plot->y, (double)i * step);
        mq_line_draw(canvas, (double[]){left, y}, (double[]){plot->x.to + 10, y},
                     (struct mq_pen){mq_faint, 0.5, MQ_SOLID});
        mq_label_draw(canvas,
                      &(struct mq_label){.text = mq_scale_text((double)i * step, step, text),
                                         .x = left - 4,
                                         .y = y,
                                         .align = 1,
                                         .rise = 0.5,
                                         .size = 7.5,
                                         .colour = mq_soft});
    }
    struct mq_pen axis = {mq_soft, 0.6, MQ_SOLID};
    mq_line_draw(canvas, (double[]){left, plot->y.from}, (double[]){plot->x.to + 10, plot->y.from},
                 axis);
    mq_line_draw(canvas, (double[]){left, plot->y.from}, (double[]){left, plot->y.to - 4}, axis);
    if (plot->y.low > 0) { /* two strokes: the axis does not begin at zero */
        double y = plot->y.from - 5;
        mq_line_draw(canvas, (double[]){left, y - 0.4}, (double[]){left, y - 2.1},
                     (struct mq_pen){mq_paper, 2, MQ_SOLID});
        for (int i = 0; i < 2; i++)
            mq_line_draw(canvas, (double[]){left - 3, y + 1 - 2.5 * i},
                         (double[]){left + 3, y - 1 - 2.5 * i}, axis);
    }
}

double mq_draw_trend(struct mq_canvas *canvas, const struct mq_figure *figure)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    double top = mq_header_draw(canvas, figure->unit, NULL, 0) + 6, need = 0;
    for (size_t i = 0; i < figure->columns; i++) {
        struct ending ending = {.series = i, .text = end_text(&arena, figure, i)};
        struct mq_label label = end_label(figure, &ending);
        double size[2] = {0, 0};
        if (ending.text)
            mq_label_size(canvas, &label, size);
        canvas->failed |= !ending.text;
        need += size[1] + 4;
    }
    double left = MQ_FIGURE_MARGIN + 28, right = canvas->width - MQ_FIGURE_MARGIN;
    double bottom = top + fmax(190, need);
    struct plot plot = {.x = {0, figure->rows > 1 ? (double)(figure->rows - 1) : 0, left + 16,
                              right - END_WRAP - 46},
                        .y = {figure->low, figure->high, bottom, top},
                        .right = right,
                        .value_size = 7.5};
    plot.taken = mq_arena_array(&arena, figure->rows * figure->columns + 1, sizeof *plot.taken);
    canvas->failed |= !plot.taken;
    draw_axis(canvas, &plot, left);
    for (size_t i = figure->columns; i-- > 0;)
        draw_series(canvas, figure, &plot, i);
    for (int strong = 1; strong >= 0 && plot.taken; strong--)
        for (size_t i = 0; i < figure->columns; i++)
            if (figure->column[i].strong == (strong == 1) && (strong || figure->columns <= 3))
                draw_values(canvas, figure, &plot, i);
    draw_missing(canvas, figure, &plot);
    draw_endings(canvas, figure, &plot, &arena);
    double end = draw_periods(canvas, figure, &plot);
    mq_arena_clear(&arena);
    return end;
}
