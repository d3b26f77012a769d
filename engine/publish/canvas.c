/* Texts by pango, lines and shapes by cairo. */
#include "publish/canvas.h"

#include <fontconfig/fontconfig.h>
#include <math.h>
#include <string.h>

#include "publish/draw.h"

const struct mq_colour mq_ink = {0.13, 0.13, 0.13}, mq_soft = {0.40, 0.40, 0.40},
                       mq_faint = {0.84, 0.84, 0.84}, mq_paper = {1, 1, 1},
                       mq_accent = {0.08, 0.28, 0.49}, mq_second = {0.55, 0.62, 0.70},
                       mq_blank = {0.93, 0.93, 0.93};

/* First the sans faces that Chinese documents use for figures, by the systems they come with. */
static const char families[] = "Noto Sans CJK SC,Source Han Sans SC,Source Han Sans CN,SimHei,"
                               "Microsoft YaHei,WenQuanYi Micro Hei,sans-serif";

/* ---- colours ---- */

struct mq_colour mq_shade(double share)
{
    static const struct mq_colour stop[] = {{0.925, 0.950, 0.975},
                                            {0.735, 0.830, 0.915},
                                            {0.490, 0.660, 0.820},
                                            {0.235, 0.460, 0.680},
                                            {0.060, 0.235, 0.430}};
    enum { LAST = sizeof stop / sizeof *stop - 1 };
    double place = fmin(fmax(share, 0), 1) * LAST;
    int first = place >= LAST ? LAST - 1 : (int)place;
    double part = place - first;
    const struct mq_colour *a = &stop[first], *b = &stop[first + 1];
    return (struct mq_colour){a->red + part * (b->red - a->red),
                              a->green + part * (b->green - a->green),
                              a->blue + part * (b->blue - a->blue)};
}

/* Linear light of one part of an sRGB colour. */
static double linear(double part)
{
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

struct mq_colour mq_ink_on(struct mq_colour ground)
{
    static const struct mq_colour black = {0, 0, 0};
    double light =
        0.2126 * linear(ground.red) + 0.7152 * linear(ground.green) + 0.0722 * linear(ground.blue);
    /* Where white and black are told from the ground alike: (1 + 0.05) / (l + 0.05) =
     * (l + 0.05) / 0.05, the contrast of WCAG 2.1; never below 4.5. */
    return light < 0.179 ? mq_paper : black;
}

bool mq_boxes_meet(const struct mq_box *a, const struct mq_box *b)
{
    return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

/* ---- opening ---- */

/* Whether an installed font has the character: without one all text would be empty boxes. */
static bool has_font(FcChar32 character)
{
    bool found = false;
    FcCharSet *set = FcCharSetCreate();
    FcPattern *pattern = FcPatternCreate();
    FcObjectSet *objects = FcObjectSetBuild(FC_FAMILY, (char *)NULL);
    if (set && pattern && objects && FcCharSetAddChar(set, character) &&
        FcPatternAddCharSet(pattern, FC_CHARSET, set)) {
        FcFontSet *fonts = FcFontList(NULL, pattern, objects);
        found = fonts && fonts->nfont > 0;
        if (fonts)
            FcFontSetDestroy(fonts);
    }
    if (objects)
        FcObjectSetDestroy(objects);
    if (pattern)
        FcPatternDestroy(pattern);
    if (set)
        FcCharSetDestroy(set);
    return found;
}

static PangoContext *new_context(bool chinese)
{
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string(chinese ? "zh-cn" : "en"));
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    return context;
}

enum mq_status mq_canvas_open(struct mq_canvas *canvas, bool chinese, struct mq_error *error)
{
    *canvas = (struct mq_canvas){.chinese = chinese, .width = MQ_FIGURE_WIDTH};
    if (!has_font(chinese ? 0x8D28 : 'A'))
        return mq_fail(error, MQ_NO_INPUT, NULL, 0, 0, "%s",
                       chinese ? "没有中文字体，不能绘图：请安装一种中文字体"
                                 "（Debian：apt install fonts-noto-cjk）"
                               : "no font to draw figures with: install one (Debian: apt install "
                                 "fonts-noto-cjk)");
    canvas->context = new_context(chinese);
    canvas->upright = new_context(chinese);
    pango_context_set_base_gravity(canvas->upright, PANGO_GRAVITY_EAST);
    pango_context_set_gravity_hint(canvas->upright, PANGO_GRAVITY_HINT_NATURAL);
    canvas->layout = pango_layout_new(canvas->context);
    canvas->column = pango_layout_new(canvas->upright);
    canvas->font = pango_font_description_from_string(families);
    return MQ_OK;
}

void mq_canvas_close(struct mq_canvas *canvas)
{
    if (canvas->font)
        pango_font_description_free(canvas->font);
    if (canvas->layout)
        g_object_unref(canvas->layout);
    if (canvas->column)
        g_object_unref(canvas->column);
    if (canvas->context)
        g_object_unref(canvas->context);
    if (canvas->upright)
        g_object_unref(canvas->upright);
    *canvas = (struct mq_canvas){0};
}

/* ---- texts ---- */

/* A text set: its block and where the layout lies in it, along the lines (u) and across (v). */
struct setting {
    PangoLayout *layout;
    double length, height; /* of the block */
    double u, v;           /* the layout's origin in the block */
};

/* Shares of the size of the font above and below the line that Chinese characters and capitals
 * stand on: they fill the block evenly, so that its middle is the middle of the text. */
#define ASCENT  0.88
#define DESCENT 0.12
#define PITCH   0.87 /* of the line height that the font asks for */

static PangoAlignment alignment(const struct mq_label *label)
{
    double side = label->turn == MQ_LEVEL    ? label->align
                  : label->turn == MQ_RISING ? 1 - label->rise
                                             : label->rise;
    return side < 0.3 ? PANGO_ALIGN_LEFT : side > 0.7 ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_CENTER;
}

static struct setting set_text(struct mq_canvas *canvas, const struct mq_label *label)
{
    bool vertical = label->turn == MQ_VERTICAL;
    PangoLayout *layout = vertical ? canvas->column : canvas->layout;
    pango_font_description_set_absolute_size(canvas->font, label->size * PANGO_SCALE);
    pango_font_description_set_weight(canvas->font,
                                      label->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, canvas->font);
    pango_layout_set_width(layout, label->wrap > 0 ? (int)(label->wrap * PANGO_SCALE) : -1);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, alignment(label));
    pango_layout_set_line_spacing(layout, (float)PITCH);
    pango_layout_set_text(layout, label->text, -1);
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    double first = (double)pango_layout_iter_get_baseline(iter) / PANGO_SCALE;
    while (pango_layout_iter_next_line(iter)) {
    }
    double last = (double)pango_layout_iter_get_baseline(iter) / PANGO_SCALE;
    pango_layout_iter_free(iter);
    struct setting set = {.layout = layout,
                          .length = (double)logical.width / PANGO_SCALE,
                          .height = last - first + label->size,
                          .u = -(double)logical.x / PANGO_SCALE,
                          .v = ASCENT * label->size - first};
    if (vertical) { /* lines of upright characters lie evenly about their middle */
        set.height = (double)logical.height / PANGO_SCALE;
        set.v = -(double)logical.y / PANGO_SCALE;
        double spare = set.height - last + first - label->size;
        set.height -= spare;
        set.v -= spare / 2;
    }
    return set;
}

static struct mq_box block_box(const struct setting *set, const struct mq_label *label)
{
    bool level = label->turn == MQ_LEVEL;
    double width = level ? set->length : set->height, height = level ? set->height : set->length;
    double left = label->x - label->align * width, top = label->y - label->rise * height;
    return (struct mq_box){left, top, left + width, top + height};
}

void mq_label_size(struct mq_canvas *canvas, const struct mq_label *label, double size[2])
{
    struct mq_box box = mq_label_box(canvas, label);
    size[0] = box.right - box.left;
    size[1] = box.bottom - box.top;
}

struct mq_box mq_label_box(struct mq_canvas *canvas, const struct mq_label *label)
{
    struct setting set = set_text(canvas, label);
    return block_box(&set, label);
}

double mq_text_length(struct mq_canvas *canvas, const char *text, double size)
{
    double found[2];
    mq_label_size(canvas, &(struct mq_label){.text = text, .size = size}, found);
    return found[0];
}

double mq_label_fit(struct mq_canvas *canvas, const struct mq_label *label, double least,
                    double wide, double high)
{
    struct mq_label trial = *label;
    for (; trial.size > least; trial.size -= 0.25) {
        double size[2];
        mq_label_size(canvas, &trial, size);
        if (size[0] <= wide && size[1] <= high)
            return trial.size;
    }
    return least;
}

/* From the block's frame to the page, by the way the text is turned. */
static struct mq_box turned(const struct mq_box *block, enum mq_turn turn, const double u[2],
                            const double v[2])
{
    if (turn == MQ_RISING)
        return (struct mq_box){block->left + v[0], block->bottom - u[1], block->left + v[1],
                               block->bottom - u[0]};
    if (turn == MQ_VERTICAL)
        return (struct mq_box){block->right - v[1], block->top + u[0], block->right - v[0],
                               block->top + u[1]};
    return (struct mq_box){block->left + u[0], block->top + v[0], block->left + u[1],
                           block->top + v[1]};
}

static void remember(struct mq_canvas *canvas, const char *text, struct mq_box box)
{
    struct mq_inked *inked = canvas->inked;
    if (inked->count == inked->capacity) {
        size_t capacity = inked->capacity ? 2 * inked->capacity : 256;
        struct mq_box *boxes = mq_arena_array(&inked->arena, capacity, sizeof *boxes);
        const char **texts = mq_arena_array(&inked->arena, capacity, sizeof *texts);
        canvas->failed |= !boxes || !texts;
        if (canvas->failed)
            return;
        if (inked->count) {
            memcpy(boxes, inked->box, inked->count * sizeof *boxes);
            memcpy(texts, inked->text, inked->count * sizeof *texts);
        }
        inked->box = boxes;
        inked->text = texts;
        inked->capacity = capacity;
    }
    inked->box[inked->count] = box;
    inked->text[inked->count] = mq_arena_string(&inked->arena, text, strlen(text));
    canvas->failed |= !inked->text[inked->count];
    inked->count++;
}

void mq_inked_clear(struct mq_inked *inked)
{
    mq_arena_clear(&inked->arena);
    *inked = (struct mq_inked){0};
}

static void set_colour(struct mq_canvas *canvas, struct mq_colour colour)
{
    cairo_set_source_rgb(canvas->cairo, colour.red, colour.green, colour.blue);
}

static void set_pen(struct mq_canvas *canvas, struct mq_pen pen)
{
    static const double dashes[MQ_DASHES][4] = {[MQ_DASHED] = {4, 2.5, 4, 2.5},
                                                [MQ_DOTTED] = {1, 2, 1, 2},
                                                [MQ_LONG] = {8, 2.5, 8, 2.5},
                                                [MQ_DASH_DOT] = {6, 2, 1.2, 2}};
    set_colour(canvas, pen.colour);
    cairo_set_line_width(canvas->cairo, pen.width);
    cairo_set_dash(canvas->cairo, dashes[pen.dash], pen.dash == MQ_SOLID ? 0 : 4, 0);
}

void mq_label_draw(struct mq_canvas *canvas, const struct mq_label *label)
{
    if (!canvas->cairo || !label->text[0])
        return;
    struct setting set = set_text(canvas, label);
    struct mq_box block = block_box(&set, label);
    PangoRectangle ink;
    pango_layout_get_extents(set.layout, &ink, NULL);
    double u[2] = {set.u + (double)ink.x / PANGO_SCALE, 0};
    double v[2] = {set.v + (double)ink.y / PANGO_SCALE, 0};
    u[1] = u[0] + (double)ink.width / PANGO_SCALE;
    v[1] = v[0] + (double)ink.height / PANGO_SCALE;
    struct mq_box box = turned(&block, label->turn, u, v);
    if (canvas->inked)
        remember(canvas, label->text, box);
    if (label->plate)
        mq_box_fill(canvas,
                    (struct mq_box){box.left - 1, box.top - 0.5, box.right + 1, box.bottom + 0.5},
                    mq_paper);
    cairo_save(canvas->cairo);
    set_colour(canvas, label->colour);
    cairo_translate(canvas->cairo, label->turn == MQ_VERTICAL ? block.right : block.left,
                    label->turn == MQ_RISING ? block.bottom : block.top);
    if (label->turn != MQ_LEVEL)
        cairo_rotate(canvas->cairo, label->turn == MQ_RISING ? -M_PI_2 : M_PI_2);
    if (label->halo) {
        cairo_move_to(canvas->cairo, set.u, set.v);
        pango_cairo_layout_path(canvas->cairo, set.layout);
        set_pen(canvas, (struct mq_pen){mq_paper, 1.8, MQ_SOLID});
        cairo_set_line_join(canvas->cairo, CAIRO_LINE_JOIN_ROUND);
        cairo_stroke(canvas->cairo);
        set_colour(canvas, label->colour);
    }
    cairo_move_to(canvas->cairo, set.u, set.v);
    pango_cairo_show_layout(canvas->cairo, set.layout);
    cairo_restore(canvas->cairo);
}

/* ---- shapes ---- */

void mq_line_draw(struct mq_canvas *canvas, const double from[2], const double to[2],
                  struct mq_pen pen)
{
    if (!canvas->cairo)
        return;
    set_pen(canvas, pen);
    cairo_move_to(canvas->cairo, from[0], from[1]);
    cairo_line_to(canvas->cairo, to[0], to[1]);
    cairo_stroke(canvas->cairo);
}

static void trace(struct mq_canvas *canvas, struct mq_box box)
{
    cairo_rectangle(canvas->cairo, box.left, box.top, box.right - box.left, box.bottom - box.top);
}

void mq_box_fill(struct mq_canvas *canvas, struct mq_box box, struct mq_colour colour)
{
    if (!canvas->cairo)
        return;
    set_colour(canvas, colour);
    trace(canvas, box);
    cairo_fill(canvas->cairo);
}

void mq_box_frame(struct mq_canvas *canvas, struct mq_box box, struct mq_pen pen)
{
    if (!canvas->cairo)
        return;
    set_pen(canvas, pen);
    trace(canvas, box);
    cairo_stroke(canvas->cairo);
}

void mq_path_hatch(struct mq_canvas *canvas, struct mq_colour ground, struct mq_pen pen)
{
    cairo_t *cairo = canvas->cairo;
    double left, top, right, bottom, apart = 3.2;
    cairo_path_extents(cairo, &left, &top, &right, &bottom);
    set_colour(canvas, ground);
    cairo_fill_preserve(cairo);
    cairo_save(cairo);
    cairo_clip(cairo);
    set_pen(canvas, pen);
    /* Lines x + y = a multiple of the distance: neighbours' hatching joins. */
    double first = ceil((left + top) / apart) * apart;
    size_t lines = right + bottom > first ? (size_t)ceil((right + bottom - first) / apart) : 0;
    for (size_t i = 0; i < lines; i++) {
        double sum = first + (double)i * apart;
        cairo_move_to(cairo, fmin(right, sum - top), fmax(top, sum - right));
        cairo_line_to(cairo, fmax(left, sum - bottom), fmin(bottom, sum - left));
    }
    cairo_stroke(cairo);
    cairo_restore(cairo);
    cairo_new_path(cairo);
}

void mq_box_hatch(struct mq_canvas *canvas, struct mq_box box)
{
    if (!canvas->cairo)
        return;
    trace(canvas, box);
    mq_path_hatch(canvas, mq_blank, (struct mq_pen){{0.72, 0.72, 0.72}, 0.4, MQ_SOLID});
}

static void trace_corners(cairo_t *cairo, const double at[2], double radius, int corners,
                          double turn)
{
    for (int i = 0; i < corners; i++) {
        double angle = turn + 2 * M_PI * i / corners;
        cairo_line_to(cairo, at[0] + radius * cos(angle), at[1] + radius * sin(angle));
    }
    cairo_close_path(cairo);
}

void mq_marker_draw(struct mq_canvas *canvas, enum mq_marker marker, const double at[2],
                    double radius, struct mq_colour colour, bool hollow)
{
    cairo_t *cairo = canvas->cairo;
    if (!cairo)
        return;
    cairo_new_path(cairo);
    if (marker == MQ_CIRCLE) {
        cairo_arc(cairo, at[0], at[1], radius, 0, 2 * M_PI);
        cairo_close_path(cairo);
    } else if (marker == MQ_SQUARE) {
        trace_corners(cairo, at, radius * 1.25, 4, M_PI_4);
    } else if (marker == MQ_DIAMOND) {
        trace_corners(cairo, at, radius * 1.35, 4, 0);
    } else if (marker == MQ_TRIANGLE) {
        trace_corners(cairo, at, radius * 1.35, 3, -M_PI_2);
    } else {
        for (int i = 0; i < 4; i++) {
            double angle = M_PI_4 + M_PI_2 * i;
            cairo_move_to(cairo, at[0], at[1]);
            cairo_line_to(cairo, at[0] + radius * 1.2 * cos(angle),
                          at[1] + radius * 1.2 * sin(angle));
        }
    }
    if (marker != MQ_CROSS) {
        set_colour(canvas, hollow ? mq_paper : colour);
        cairo_fill_preserve(cairo);
    }
    set_pen(canvas, (struct mq_pen){colour, hollow ? 1.0 : 0.7, MQ_SOLID});
    cairo_stroke(cairo);
}
