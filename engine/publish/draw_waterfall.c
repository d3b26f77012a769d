/*
 * waterfall: the value before, what each part added or took away, the value now. Gains are filled,
 * losses striped, and both carry their sign.
 */
#include <math.h>

#include "publish/draw.h"

struct fall {
    const struct mq_figure *figure;
    struct mq_scale scale;
    struct mq_names names;
    double top, pitch;
};

/* The axis holds every sum on the way. */
static void find_range(const struct mq_figure *figure, struct mq_scale *scale)
{
    double sum = NAN, low = figure->low, high = figure->high;
    for (size_t row = 0; row < figure->rows; row++) {
        double value = figure->cell[row * figure->columns].value;
        if (isnan(value))
            continue;
        sum = figure->row[row].strong || isnan(sum) ? value : sum + value;
        low = fmin(low, sum);
        high = fmax(high, sum);
    }
    scale->low = low;
    scale->high = high;
}

/* A full bar from the edge of the plot; cut open where the axis does not begin at zero. */
static void draw_total(struct mq_canvas *canvas, const struct fall *fall, double x, double y)
{
    double half = fall->pitch * 0.33, from = fall->scale.from;
    mq_box_fill(canvas, (struct mq_box){from, y - half, x, y + half}, mq_accent);
    if (fall->scale.low > 0)
        for (int i = 0; i < 2; i++)
            mq_line_draw(canvas, (double[]){from + 8 + 4 * i, y + half + 1},
                         (double[]){from + 12 + 4 * i, y - half - 1},
                         (struct mq_pen){mq_paper, 1.4, MQ_SOLID});
}

static void draw_part(struct mq_canvas *canvas, const struct fall *fall, const double x[2],
                      double y)
{
    double half = fall->pitch * 0.33;
    struct mq_box box = {fmin(x[0], x[1]), y - half, fmax(x[0], x[1]), y + half};
    if (x[0] == x[1])
        mq_line_draw(canvas, (double[]){x[0], y - half}, (double[]){x[0], y + half},
                     (struct mq_pen){mq_ink, 1.2, MQ_SOLID});
    else if (x[1] > x[0])
        mq_box_fill(canvas, box, (struct mq_colour){0.25, 0.52, 0.74});
    else
        mq_box_striped(canvas, box, mq_ink);
}

static void draw_row(struct mq_canvas *canvas, const struct fall *fall, size_t row, double *sum)
{
    const struct mq_figure_item *item = &fall->figure->row[row];
    const struct mq_sheet_cell *cell = mq_figure_cell(fall->figure, row, 0);
    double y = fall->top + fall->pitch * ((double)row + 0.5), half = fall->pitch * 0.33;
    double start = isnan(*sum) ? fall->scale.from : mq_scale_at(&fall->scale, *sum), end = start;
    if (!isnan(cell->value)) {
        *sum = item->strong || isnan(*sum) ? cell->value : *sum + cell->value;
        end = mq_scale_at(&fall->scale, *sum);
        if (item->strong)
            draw_total(canvas, fall, end, y);
        else
            draw_part(canvas, fall, (double[]){start, end}, y);
    }
    if (row + 1 < fall->figure->rows && !isnan(*sum))
        mq_line_draw(canvas, (double[]){end, y + half}, (double[]){end, y + fall->pitch - half},
                     (struct mq_pen){mq_soft, 0.6, MQ_SOLID});
    mq_name_draw(canvas, &fall->names, item, fall->scale.from - 6, y);
    struct mq_label label = {.text = cell->text,
                             .x = fmax(start, end) + 4,
                             .y = y,
                             .rise = 0.5,
                             .size = 8.5,
                             .bold = item->strong,
                             .plate = true,
                             .colour = mq_ink};
    if (item->strong && !isnan(cell->value))
        label.x = end + 4;
    if (isnan(cell->value)) {
        struct mq_box box = {start, y - half, start + 20, y + half};
        mq_box_hatch(canvas, box);
        label.x = box.right + 4;
    }
    mq_label_draw(canvas, &label);
}

double mq_draw_waterfall(struct mq_canvas *canvas, const struct mq_figure *figure)
{
    static const char *const keys[2][2] = {{"raises the index", "lowers the index"},
                                           {"拉动上升", "拉动下降"}};
    const char *const *text = keys[canvas->chinese];
    struct mq_key key[] = {{.text = text[0], .look = MQ_KEY_FILL, .colour = {0.25, 0.52, 0.74}},
                           {.text = text[1], .look = MQ_KEY_STRIPED, .colour = mq_ink}};
    struct fall fall = {.figure = figure, .top = mq_header_draw(canvas, figure->unit, key, 2)};
    fall.names = mq_names_measure(canvas, figure->row, figure->rows, 8.5, 150);
    fall.pitch = fmax(figure->rows > 12 ? 17 : 20, fall.names.height + 4);
    double label = 0;
    for (size_t row = 0; row < figure->rows; row++)
        label = fmax(label, mq_text_length(canvas, mq_figure_cell(figure, row, 0)->text, 8.5));
    find_range(figure, &fall.scale);
    fall.scale.from = MQ_FIGURE_MARGIN + fall.names.width + 8;
    fall.scale.to = canvas->width - MQ_FIGURE_MARGIN - label * 1.06 - 8;
    double sum = NAN, bottom = fall.top + fall.pitch * (double)figure->rows + 2;
    double end = mq_scale_draw(canvas, &fall.scale, fall.top, bottom);
    for (size_t row = 0; row < figure->rows; row++)
        draw_row(canvas, &fall, row, &sum);
    return end;
}
