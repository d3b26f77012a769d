/*
 * map: regions shaded by value. Nothing is dropped: a region without a number is hatched, one that
 * is no unit is grey, and a unit without a region is an error before drawing begins.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "publish/draw.h"
#include "publish/project.h"

#define MOST_HIGH 470.0
#define SEEN      0.2 /* points nearer than this are one on paper */
#define ROUGH     1.5 /* exact enough to find a place for a name */

/* A name, and the number of a unit. */
struct place {
    const struct mq_region *region;
    size_t row; /* of the figure, SIZE_MAX: no unit */
    struct mq_outline shape;
    double middle[2], clear;
    struct mq_colour ground;
    char *text;
};

struct map {
    const struct mq_figure *figure;
    struct mq_projection projection;
    struct mq_box used;
    struct place *place;
    size_t count;
    struct mq_box *taken; /* by labels */
    size_t taken_count;
    struct mq_arena arena;
};

static size_t row_of(const struct mq_figure *figure, const struct mq_region *region)
{
    for (size_t row = 0; row < figure->rows; row++)
        if (mq_geometry_find(figure->geometry, figure->row[row].code) == region)
            return row;
    return SIZE_MAX;
}

static int larger(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int order = (a->shape.area < b->shape.area) - (a->shape.area > b->shape.area);
    return order ? order : (a->region > b->region) - (a->region < b->region);
}

/* All regions, the largest first: names of small ones find their place around them. */
static bool find_places(struct mq_canvas *canvas, struct map *map)
{
    const struct mq_figure *figure = map->figure;
    const struct mq_geometry *geometry = figure->geometry;
    map->count = geometry->regions;
    map->place = mq_arena_array(&map->arena, map->count + 1, sizeof *map->place);
    map->taken = mq_arena_array(&map->arena, map->count + 1, sizeof *map->taken);
    bool whole = map->place && map->taken;
    for (size_t i = 0; whole && i < map->count; i++) {
        struct place *place = &map->place[i];
        place->region = &geometry->region[i];
        place->row = row_of(figure, place->region);
        bool unit = place->row != SIZE_MAX;
        place->ground = unit ? mq_figure_shade(figure, place->row * figure->columns) : mq_blank;
        place->text = unit ? mq_arena_format(&map->arena, "%s\n%s", figure->row[place->row].name,
                                             mq_figure_cell(figure, place->row, 0)->text)
                           : mq_arena_format(&map->arena, "%s", place->region->name);
        whole = place->text &&
                mq_outline_make(&map->arena, &map->projection, place->region, ROUGH, &place->shape);
        if (whole)
            place->clear = mq_outline_middle(&place->shape, place->middle);
    }
    canvas->failed |= !whole;
    if (whole)
        qsort(map->place, map->count, sizeof *map->place, larger);
    return whole;
}

/* ---- shapes ---- */

static void trace_shape(cairo_t *cairo, const struct mq_outline *shape)
{
    for (size_t part = 0, first = 0; part < shape->parts; first = shape->end[part++]) {
        cairo_new_sub_path(cairo);
        for (size_t i = first; i < shape->end[part]; i++)
            cairo_line_to(cairo, shape->point[i][0], shape->point[i][1]);
        if (!shape->open[part])
            cairo_close_path(cairo);
    }
}

static void draw_region(struct mq_canvas *canvas, struct map *map, const struct place *place)
{
    cairo_t *cairo = canvas->cairo;
    struct mq_outline shape;
    if (!cairo)
        return;
    if (!mq_outline_make(&map->arena, &map->projection, place->region, SEEN, &shape)) {
        canvas->failed = true;
        return;
    }
    cairo_new_path(cairo);
    trace_shape(cairo, &shape);
    cairo_set_fill_rule(cairo, CAIRO_FILL_RULE_EVEN_ODD);
    bool unit = place->row != SIZE_MAX;
    if (unit && isnan(mq_figure_cell(map->figure, place->row, 0)->value)) {
        mq_path_hatch(canvas, mq_blank, (struct mq_pen){{0.72, 0.72, 0.72}, 0.4, MQ_SOLID});
    } else if (!place->region->sea) {
        cairo_set_source_rgb(cairo, place->ground.red, place->ground.green, place->ground.blue);
        cairo_fill(cairo);
    }
    cairo_new_path(cairo);
    trace_shape(cairo, &shape);
    cairo_set_source_rgb(cairo, mq_soft.red, mq_soft.green, mq_soft.blue);
    cairo_set_dash(cairo, NULL, 0, 0);
    cairo_set_line_width(cairo, place->region->sea ? 0.9 : 0.45);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND); /* islands of one point are dots */
    cairo_stroke(cairo);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_BUTT);
}

/* ---- names ---- */

static bool is_free(const struct map *map, const struct mq_box *box)
{
    for (size_t i = 0; i < map->taken_count; i++)
        if (mq_boxes_meet(&map->taken[i], box))
            return false;
    return box->left >= MQ_FIGURE_MARGIN && box->right <= MQ_FIGURE_WIDTH - MQ_FIGURE_MARGIN &&
           box->top >= map->used.top - 8 && box->bottom <= map->used.bottom + 8;
}

static struct mq_box label_box(struct mq_canvas *canvas, const struct mq_label *label)
{
    struct mq_box box = mq_label_box(canvas, label);
    return (struct mq_box){box.left - 1, box.top - 1, box.right + 1, box.bottom + 1};
}

static bool within(const struct mq_outline *shape, const struct mq_box *box)
{
    for (int i = 0; i < 9; i++) {
        int row = i / 3;
        if (!mq_outline_holds(shape, box->left + (box->right - box->left) * (i % 3) / 2,
                              box->top + (box->bottom - box->top) * row / 2))
            return false;
    }
    return true;
}

/* Looks for a free place: at the middle of the region, set smaller, then around it, farther and
 * farther. True if the label needs a line that leads to its region. */
static bool find_label(struct mq_canvas *canvas, const struct map *map, const struct place *place,
                       struct mq_label *label)
{
    enum { WAYS = 24 };
    for (label->size = 8; label->size >= 6; label->size -= 0.5) {
        struct mq_box box = label_box(canvas, label);
        if (is_free(map, &box) && (within(&place->shape, &box) || label->size <= 6.5))
            return false;
    }
    label->size = 6.5;
    for (int ring = 0; 12 + 5 * ring < MQ_FIGURE_WIDTH; ring++)
        for (int i = 0; i < WAYS; i++) {
            double angle = 2 * M_PI * i / WAYS, away = 12 + 5 * ring;
            label->x = place->middle[0] + 1.4 * away * cos(angle);
            label->y = place->middle[1] + away * sin(angle);
            struct mq_box box = label_box(canvas, label);
            if (is_free(map, &box))
                return true;
        }
    label->x = place->middle[0];
    label->y = place->middle[1];
    return false;
}

static void draw_name(struct mq_canvas *canvas, struct map *map, const struct place *place)
{
    bool unit = place->row != SIZE_MAX;
    struct mq_label label = {.text = place->text,
                             .x = place->middle[0],
                             .y = place->middle[1],
                             .align = 0.5,
                             .rise = 0.5,
                             .halo = true,
                             .bold = unit && map->figure->row[place->row].strong,
                             .colour = unit ? mq_ink : mq_soft};
    bool led = find_label(canvas, map, place, &label);
    struct mq_box box = label_box(canvas, &label);
    map->taken[map->taken_count++] = box;
    if (led) {
        mq_line_draw(canvas, place->middle, (double[]){label.x, label.y},
                     (struct mq_pen){mq_soft, 0.5, MQ_SOLID});
        mq_marker_draw(canvas, MQ_CIRCLE, place->middle, 0.9, mq_soft, false);
    } else if (unit && within(&place->shape, &box)) {
        label.halo = false;
        label.colour = mq_ink_on(place->ground);
    }
    mq_label_draw(canvas, &label);
}

double mq_draw_map(struct mq_canvas *canvas, const struct mq_figure *figure)
{
    struct map map = {.figure = figure};
    double y = mq_header_draw(canvas, figure->unit, NULL, 0);
    struct mq_box room = {MQ_FIGURE_MARGIN + 4, y, canvas->width - MQ_FIGURE_MARGIN - 4,
                          y + MOST_HIGH};
    mq_projection_fit(&map.projection, figure->geometry, &room, &map.used);
    if (find_places(canvas, &map)) {
        for (size_t i = 0; i < map.count; i++)
            draw_region(canvas, &map, &map.place[i]);
        for (size_t i = 0; i < map.count && canvas->cairo; i++)
            if (map.place[i].text[0])
                draw_name(canvas, &map, &map.place[i]);
    }
    y = mq_legend_shades(canvas, figure, map.used.bottom + 12);
    if (figure->stamp[0]) {
        mq_label_draw(canvas, &(struct mq_label){.text = figure->stamp,
                                                 .x = canvas->width / 2,
                                                 .y = y + 4,
                                                 .align = 0.5,
                                                 .size = 8.5,
                                                 .bold = true,
                                                 .colour = mq_ink});
        y += 14;
    }
    mq_arena_clear(&map.arena);
    return y;
}
