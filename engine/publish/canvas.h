/*
 * canvas: what all figures are drawn with. Lengths are points, y grows downwards. A drawer is run
 * twice, first without ink to learn the height; measures are the same on every surface.
 */
#ifndef MQ_CANVAS_H
#define MQ_CANVAS_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "publish/figure.h"

/* Width of all figures: 16 cm, the text block of an A4 page. */
#define MQ_FIGURE_WIDTH  453.5
#define MQ_FIGURE_MARGIN 5.0

struct mq_colour {
    double red, green, blue;
};
/* Lightness carries the meaning: told apart in greyscale and by the colour-blind. */
extern const struct mq_colour mq_ink, mq_soft, mq_faint, mq_paper, mq_accent, mq_second, mq_blank;
/* Light to dark blue, `share` from 0 to 1. */
struct mq_colour mq_shade(double share);
/* Black or paper, whichever can be read on `ground`. */
struct mq_colour mq_ink_on(struct mq_colour ground);

struct mq_box {
    double left, top, right, bottom;
};
bool mq_boxes_meet(const struct mq_box *a, const struct mq_box *b);

/* The texts drawn and where their ink is: for tests. */
struct mq_inked {
    size_t count, capacity;
    struct mq_box *box;
    const char **text;
    struct mq_arena arena;
};

struct mq_canvas {
    bool chinese;
    cairo_t *cairo; /* NULL: nothing is drawn, only measured */
    PangoContext *context, *upright;
    PangoLayout *layout, *column; /* lines; vertical text */
    PangoFontDescription *font;
    double width;
    struct mq_inked *inked; /* may be NULL */
    bool failed;            /* out of memory: test once at the end */
};

/* The way a text is turned. */
enum mq_turn {
    MQ_LEVEL,
    MQ_RISING,  /* reads from the bottom to the top */
    MQ_VERTICAL /* Chinese, from the top down */
};

struct mq_label {
    const char *text;
    double x, y;
    double align; /* 0: x is its left end, 0.5: its middle, 1: its right end */
    double rise;  /* 0: y is its top, 0.5: its middle, 1: its bottom */
    double size;  /* of the font */
    double wrap;  /* most length of a line; 0: one line */
    bool bold;
    bool plate, halo; /* on a ground of paper; with a rim of paper */
    enum mq_turn turn;
    struct mq_colour colour; /* black unless given */
};

enum mq_status mq_canvas_open(struct mq_canvas *canvas, bool chinese, struct mq_error *error);
void mq_canvas_close(struct mq_canvas *canvas);

/* Of the text as it would be drawn, turned; no ink. */
void mq_label_size(struct mq_canvas *canvas, const struct mq_label *label, double size[2]);
struct mq_box mq_label_box(struct mq_canvas *canvas, const struct mq_label *label);
void mq_label_draw(struct mq_canvas *canvas, const struct mq_label *label);
/* The largest size of font from label->size down to `least` at which the text is no wider and no
 * higher than given, lines wrapped at `wide`; `least` if none is. */
double mq_label_fit(struct mq_canvas *canvas, const struct mq_label *label, double least,
                    double wide, double high);
/* Width of the text on one line. */
double mq_text_length(struct mq_canvas *canvas, const char *text, double size);

enum mq_dash { MQ_SOLID, MQ_DASHED, MQ_DOTTED, MQ_LONG, MQ_DASH_DOT, MQ_DASHES };
struct mq_pen {
    struct mq_colour colour;
    double width;
    enum mq_dash dash;
};
void mq_line_draw(struct mq_canvas *canvas, const double from[2], const double to[2],
                  struct mq_pen pen);
void mq_box_fill(struct mq_canvas *canvas, struct mq_box box, struct mq_colour colour);
void mq_box_frame(struct mq_canvas *canvas, struct mq_box box, struct mq_pen pen);
/* The ground of things without a number: grey, with slanting lines. */
void mq_box_hatch(struct mq_canvas *canvas, struct mq_box box);
/* Fills the current path of canvas->cairo that way; only with ink. */
void mq_path_hatch(struct mq_canvas *canvas, struct mq_colour ground, struct mq_pen pen);

enum mq_marker { MQ_CIRCLE, MQ_SQUARE, MQ_DIAMOND, MQ_TRIANGLE, MQ_CROSS, MQ_MARKERS };
/* Hollow markers are filled with paper. */
void mq_marker_draw(struct mq_canvas *canvas, enum mq_marker marker, const double at[2],
                    double radius, struct mq_colour colour, bool hollow);

/* ---- scale.c: axes ---- */

struct mq_scale {
    double low, high; /* of the values */
    double from, to;  /* where they lie */
};
double mq_scale_at(const struct mq_scale *scale, double value);
/* The distance of at most `most` marks that are round numbers. */
double mq_scale_step(double low, double high, int most);
/* A mark as text: no more decimals than the step needs; `text` needs 64 bytes. */
const char *mq_scale_text(double value, double step, char *text);
/* A level axis below a plot, with faint rules up to `top` and numbers; a break is drawn where it
 * does not begin at zero. Returns where it ends below. */
double mq_scale_draw(struct mq_canvas *canvas, const struct mq_scale *scale, double top, double y);
/* Moves wished places apart so that neighbours (sorted by wish) are `gap` apart and all lie within
 * low and high if there is room, else evenly spread. */
void mq_spread(double *place, const double *gap, size_t count, double low, double high);

#endif
