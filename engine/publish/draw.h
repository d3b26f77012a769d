/* Inside the drawing of figures: one drawer a kind. */
#ifndef MQ_DRAW_H
#define MQ_DRAW_H

#include "publish/canvas.h"

/* Draws onto the canvas, from y = 0 down; returns where it ends. */
typedef double (*mq_drawer)(struct mq_canvas *canvas, const struct mq_figure *figure);

double mq_draw_trend(struct mq_canvas *canvas, const struct mq_figure *figure);
double mq_draw_ranking(struct mq_canvas *canvas, const struct mq_figure *figure);
double mq_draw_strip(struct mq_canvas *canvas, const struct mq_figure *figure);
double mq_draw_heatmap(struct mq_canvas *canvas, const struct mq_figure *figure);
double mq_draw_waterfall(struct mq_canvas *canvas, const struct mq_figure *figure);
double mq_draw_tiles(struct mq_canvas *canvas, const struct mq_figure *figure);
double mq_draw_map(struct mq_canvas *canvas, const struct mq_figure *figure);
double mq_draw_profile(struct mq_canvas *canvas, const struct mq_figure *figure);

/* mq_draw_figure that also tells where texts are; `inked` may be NULL and is the caller's to clear.
 */
enum mq_status mq_draw_inked(const struct mq_figure *figure, bool chinese, enum mq_drawing drawing,
                             struct mq_buffer *bytes, double size[2], struct mq_inked *inked,
                             struct mq_error *error);
void mq_inked_clear(struct mq_inked *inked);

static inline const struct mq_sheet_cell *mq_figure_cell(const struct mq_figure *figure, size_t row,
                                                         size_t column)
{
    return &figure->cell[row * figure->columns + column];
}

/* ---- png.c ---- */

struct mq_pixels {
    const unsigned char *data; /* as CAIRO_FORMAT_RGB24; NULL: there are none, out of memory */
    size_t width, height, stride;
};
/* Adds a PNG file, 8 bits a colour, or sets `failed`. */
void mq_png_add(const struct mq_pixels *pixels, uint32_t dots_a_metre, struct mq_buffer *bytes);

/* ---- legend.c: parts that several kinds share ---- */

/* What a sign in the drawing stands for. */
enum mq_key_look {
    MQ_KEY_MARKER,
    MQ_KEY_LINE,
    MQ_KEY_FILL,
    MQ_KEY_STRIPED,
    MQ_KEY_HATCHED,
    MQ_KEY_MEDIAN
};
struct mq_key {
    const char *text;
    enum mq_key_look look;
    enum mq_marker marker; /* markers, and on lines where `hollow` or `marked` */
    bool hollow, marked;
    enum mq_dash dash;
    struct mq_colour colour;
};
/* Keys from the left, as many lines as they need, and "单位：分" at the right of the first. Returns
 * where the plot may begin. */
double mq_header_draw(struct mq_canvas *canvas, const char *unit, const struct mq_key *key,
                      size_t keys);
/* The sign of a key, 14 points wide, about the middle `y`. */
void mq_key_draw(struct mq_canvas *canvas, const struct mq_key *key, double x, double y);
/* Bars that go down: stripes on paper, with a frame. */
void mq_box_striped(struct mq_canvas *canvas, struct mq_box box, struct mq_colour colour);

/* Shade of a value by band, else by its place between low and high; mq_blank if it is none. */
struct mq_colour mq_figure_shade(const struct mq_figure *figure, size_t cell);
/* The bands, or the ramp with its numbers, and what hatching stands for; in the middle below `y`.
 * Returns where it ends. */
double mq_legend_shades(struct mq_canvas *canvas, const struct mq_figure *figure, double y);

/* How names stand at the left of a plot: all of one size, set smaller, then wrapped, where one is
 * wider than `most`. */
struct mq_names {
    double size, most, width, height; /* as wide as the widest, as high as the highest */
};
struct mq_names mq_names_measure(struct mq_canvas *canvas, const struct mq_figure_item *item,
                                 size_t count, double size, double most);
/* Right-aligned at x, about the middle y. */
void mq_name_draw(struct mq_canvas *canvas, const struct mq_names *names,
                  const struct mq_figure_item *item, double x, double y);

#endif
