/* tiles: units as squares of equal size, placed about as on a map. */
#include <math.h>
#include <string.h>

#include "publish/draw.h"

#define GAP 3.0

struct tiles {
    const struct mq_figure *figure;
    double left, top, side;
    int row, column; /* of the first place used */
};

static void trace_round(cairo_t *cairo, struct mq_box box, double radius)
{
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, box.right - radius, box.top + radius, radius, -M_PI_2, 0);
    cairo_arc(cairo, box.right - radius, box.bottom - radius, radius, 0, M_PI_2);
    cairo_arc(cairo, box.left + radius, box.bottom - radius, radius, M_PI_2, M_PI);
    cairo_arc(cairo, box.left + radius, box.top + radius, radius, M_PI, 1.5 * M_PI);
    cairo_close_path(cairo);
}

/* "内蒙古自治区" -> "内蒙古", always, so that no region looks odd; "辽宁省" -> "辽宁" where the
 * tile is too small for the full name. */
static const char *short_name(struct mq_arena *arena, const char *name, bool small)
{
    static const char *const endings[] = {"维吾尔自治区", "壮族自治区", "回族自治区", "自治区",
                                          "特别行政区",   "省",         "市"};
    size_t length = strlen(name), most = small ? sizeof endings / sizeof *endings : 5;
    for (size_t i = 0; i < most; i++) {
        size_t end = strlen(endings[i]);
        if (length > end && strcmp(name + length - end, endings[i]) == 0)
            return mq_arena_string(arena, name, length - end);
    }
    return name;
}

static bool fits(struct mq_canvas *canvas, const struct mq_label *label, double wide, double high)
{
    double size[2];
    mq_label_size(canvas, label, size);
    return size[0] <= wide + 0.01 && size[1] <= high + 0.01;
}

/* The whole name on a line, else its short form, else on two lines. */
static void draw_name(struct mq_canvas *canvas, const char *name, struct mq_label label,
                      double wide, struct mq_arena *arena)
{
    label.text = canvas->chinese ? short_name(arena, name, false) : name;
    if (canvas->chinese && label.text && !fits(canvas, &label, wide, 99))
        label.text = short_name(arena, name, true);
    canvas->failed |= !label.text;
    if (canvas->failed)
        return;
    if (!fits(canvas, &label, wide, 99)) {
        bool words = canvas->chinese || strchr(label.text, ' ');
        label.size = mq_label_fit(canvas, &label, words ? label.size - 1 : 6, wide, 99);
        if (!fits(canvas, &label, wide, 99)) {
            label.wrap = wide;
            label.size = mq_label_fit(canvas, &label, 5, wide, 2.3 * label.size);
        }
    }
    mq_label_draw(canvas, &label);
}

static void draw_tile(struct mq_canvas *canvas, const struct tiles *tiles, size_t row,
                      struct mq_arena *arena)
{
    const struct mq_tile *place = &tiles->figure->place[row];
    size_t index = row * tiles->figure->columns;
    const struct mq_sheet_cell *cell = &tiles->figure->cell[index];
    double x = tiles->left + (tiles->side + GAP) * (place->column - tiles->column);
    double y = tiles->top + (tiles->side + GAP) * (place->row - tiles->row), side = tiles->side;
    struct mq_colour ground = mq_figure_shade(tiles->figure, index);
    struct mq_box box = {x, y, x + side, y + side};
    if (canvas->cairo) {
        trace_round(canvas->cairo, box, side * 0.1);
        if (isnan(cell->value))
            mq_path_hatch(canvas, mq_blank, (struct mq_pen){{0.72, 0.72, 0.72}, 0.4, MQ_SOLID});
        else
            cairo_set_source_rgb(canvas->cairo, ground.red, ground.green, ground.blue);
        cairo_fill(canvas->cairo);
        trace_round(canvas->cairo, box, side * 0.1);
        cairo_set_source_rgb(canvas->cairo, mq_soft.red, mq_soft.green, mq_soft.blue);
        cairo_set_dash(canvas->cairo, NULL, 0, 0);
        cairo_set_line_width(canvas->cairo, 0.4);
        cairo_stroke(canvas->cairo);
    }
    struct mq_label label = {.x = x + side / 2,
                             .y = y + side * 0.34,
                             .align = 0.5,
                             .rise = 0.5,
                             .size = fmin(9, side * 0.19),
                             .bold = tiles->figure->row[row].strong,
                             .colour = mq_ink_on(ground)};
    draw_name(canvas, tiles->figure->row[row].name, label, side - 7, arena);
    label.text = cell->text;
    label.y = y + side * 0.72;
    label.bold = false;
    label.size = mq_label_fit(canvas, &label, 5, side - 3, side);
    mq_label_draw(canvas, &label);
}

double mq_draw_tiles(struct mq_canvas *canvas, const struct mq_figure *figure)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct tiles tiles = {.figure = figure, .top = mq_header_draw(canvas, figure->unit, NULL, 0)};
    int last_row = 0, last_column = 0;
    for (size_t i = 0; i < figure->rows; i++) {
        const struct mq_tile *place = &figure->place[i];
        tiles.row = i && tiles.row < place->row ? tiles.row : place->row;
        tiles.column = i && tiles.column < place->column ? tiles.column : place->column;
        last_row = i && last_row > place->row ? last_row : place->row;
        last_column = i && last_column > place->column ? last_column : place->column;
    }
    int columns = last_column - tiles.column + 1, rows = last_row - tiles.row + 1;
    double room = canvas->width - 2 * MQ_FIGURE_MARGIN;
    tiles.side = fmin((room + GAP) / columns - GAP, 54);
    tiles.left = (canvas->width - (tiles.side + GAP) * columns + GAP) / 2;
    for (size_t i = 0; i < figure->rows; i++)
        draw_tile(canvas, &tiles, i, &arena);
    mq_arena_clear(&arena);
    return mq_legend_shades(canvas, figure, tiles.top + (tiles.side + GAP) * rows + 5);
}
