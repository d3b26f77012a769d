/* strip: a line a node, a dot a unit; dots that would lie upon each other are stacked. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "publish/draw.h"

#define RADIUS    2.5
#define NAME_SIZE 7.5
#define MISSING   84.0 /* most width of the column of missing ones */
#define APART     8.0  /* between names */
#define LEAD      9.0  /* least length of a line from a name to its dot */

/* A unit on its line. */
struct dot {
    size_t column;
    double x, lift; /* lift: above the line */
    double wanted;  /* where its name would stand */
};

struct strip {
    const struct mq_figure *figure;
    size_t row;
    struct mq_scale scale;
    struct dot *dot; /* [columns], by value */
    size_t count;    /* with a number */
    double top, base, height;
    double median; /* NaN: none */
    const char *missing;
};

static int by_place(const void *left, const void *right)
{
    const struct dot *a = left, *b = right;
    int order = (a->x > b->x) - (a->x < b->x);
    return order ? order : (a->column > b->column) - (a->column < b->column);
}

/* Units with a number from the lowest on, stacked where they would touch. */
static void place_dots(struct strip *strip)
{
    const struct mq_figure *figure = strip->figure;
    double highest = 0;
    strip->count = 0;
    for (size_t i = 0; i < figure->columns; i++) {
        double value = mq_figure_cell(figure, strip->row, i)->value;
        if (!isnan(value))
            strip->dot[strip->count++] =
                (struct dot){.column = i, .x = mq_scale_at(&strip->scale, value)};
    }
    qsort(strip->dot, strip->count, sizeof *strip->dot, by_place);
    for (size_t i = 0; i < strip->count; i++) {
        struct dot *self = &strip->dot[i];
        bool moved = true;
        while (moved) {
            moved = false;
            for (size_t j = i; j-- > 0 && !moved;)
                if (self->x - strip->dot[j].x < 2 * RADIUS + 0.4 &&
                    fabs(self->lift - strip->dot[j].lift) < 2 * RADIUS) {
                    self->lift = strip->dot[j].lift + 2 * RADIUS + 0.4;
                    moved = true;
                }
        }
        highest = fmax(highest, self->lift);
    }
    strip->median = NAN;
    size_t half = strip->count / 2;
    if (strip->count > 2)
        strip->median = strip->count % 2 ? strip->dot[half].x
                                         : (strip->dot[half - 1].x + strip->dot[half].x) / 2;
    strip->height = highest + 2 * RADIUS + 3;
}

/* "大连市 88.21" of strong units; "Sector 7: 88.21", as two numbers side by side would be read as
 * one. */
static char *strong_text(struct mq_arena *arena, const struct strip *strip, size_t column)
{
    const char *name = strip->figure->column[column].name;
    size_t length = strlen(name);
    bool digit = length && name[length - 1] >= '0' && name[length - 1] <= '9';
    return mq_arena_format(arena, digit ? "%s: %s" : "%s %s", name,
                           mq_figure_cell(strip->figure, strip->row, column)->text);
}

/* Names of strong units, moved apart, each led to its dot: above the dots, on two lines where they
 * are long, and where they need more room than that, in turn above and below. */
struct captions {
    const struct dot **dot; /* [count] */
    char **text;
    double *width;
    size_t count, sides;
    double wrap, height; /* of a name */
};

static struct mq_label caption_label(const struct captions *captions, size_t i)
{
    return (struct mq_label){.text = captions->text[i],
                             .align = 0.5,
                             .size = NAME_SIZE,
                             .wrap = captions->wrap,
                             .colour = mq_ink};
}

static void measure_captions(struct mq_canvas *canvas, struct captions *captions)
{
    captions->height = NAME_SIZE;
    for (size_t i = 0; i < captions->count; i++) {
        double size[2];
        struct mq_label label = caption_label(captions, i);
        mq_label_size(canvas, &label, size);
        captions->width[i] = size[0];
        captions->height = fmax(captions->height, size[1]);
    }
}

static bool make_captions(struct mq_canvas *canvas, const struct strip *strip,
                          struct mq_arena *arena, struct captions *captions)
{
    size_t most = strip->count + 1;
    double room = strip->scale.to - strip->scale.from + 16, need = 0;
    *captions = (struct captions){.dot = mq_arena_array(arena, most, sizeof *captions->dot),
                                  .text = mq_arena_array(arena, most, sizeof *captions->text),
                                  .width = mq_arena_array(arena, most, sizeof(double)),
                                  .sides = 1,
                                  .height = NAME_SIZE};
    bool whole = captions->dot && captions->text && captions->width;
    for (size_t i = 0; whole && i < strip->count; i++) {
        const struct dot *self = &strip->dot[i];
        if (!strip->figure->column[self->column].strong)
            continue;
        char *text = strong_text(arena, strip, self->column);
        whole = text;
        if (!whole)
            break;
        need += mq_text_length(canvas, text, NAME_SIZE) + APART;
        captions->text[captions->count] = text;
        captions->dot[captions->count++] = self;
    }
    canvas->failed |= !whole;
    for (captions->sides = 1; whole; captions->sides = 2) {
        size_t a_side = (captions->count + captions->sides - 1) / captions->sides;
        captions->wrap = a_side ? fmax(room / (double)a_side - APART, 30) : room;
        captions->wrap = need <= 0.95 * room ? 0 : captions->wrap;
        measure_captions(canvas, captions);
        if (captions->height < 2.5 * NAME_SIZE || captions->sides == 2 || captions->count < 2)
            break;
    }
    return whole;
}

/* The names of one side: 0 above, 1 below. */
static void draw_side(struct mq_canvas *canvas, const struct strip *strip,
                      const struct captions *captions, size_t side, double *work)
{
    double *place = work, *gap = work + captions->count;
    size_t count = 0;
    for (size_t i = side; i < captions->count; i += captions->sides) {
        place[count] = captions->dot[i]->x;
        gap[count++] = captions->width[i] + APART;
    }
    mq_spread(place, gap, count, strip->scale.from - 8, strip->scale.to + 8);
    for (size_t i = 0; i < count; i++) {
        size_t which = side + i * captions->sides;
        const struct dot *dot = captions->dot[which];
        struct mq_label label = caption_label(captions, which);
        double y = strip->base - RADIUS - 0.8 - dot->lift;
        label.x = place[i];
        label.y = side == 0 ? strip->top + captions->height : strip->base + LEAD;
        label.rise = side == 0 ? 1 : 0;
        mq_line_draw(canvas, (double[]){place[i], label.y + (side == 0 ? 1.5 : -1.5)},
                     (double[]){dot->x, side == 0 ? y - RADIUS : y + RADIUS},
                     (struct mq_pen){mq_soft, 0.45, MQ_SOLID});
        mq_label_draw(canvas, &label);
    }
}

static void draw_names(struct mq_canvas *canvas, const struct strip *strip, struct mq_arena *arena)
{
    struct captions captions;
    if (!make_captions(canvas, strip, arena, &captions))
        return;
    double *work = mq_arena_array(arena, 2 * captions.count + 1, sizeof *work);
    canvas->failed |= !work;
    for (size_t side = 0; work && side < captions.sides; side++)
        draw_side(canvas, strip, &captions, side, work);
}

/* Units without a number at the right, by sign: strong ones by name, the others counted. */
static char *missing_text(struct mq_arena *arena, const struct mq_figure *figure, size_t row)
{
    char *text = mq_arena_string(arena, "", 0);
    for (size_t i = 0; i < figure->columns && text; i++) {
        const struct mq_sheet_cell *cell = mq_figure_cell(figure, row, i);
        size_t same = 1;
        bool counted = false;
        if (!isnan(cell->value) || !cell->text[0])
            continue;
        for (size_t j = 0; j < figure->columns && !figure->column[i].strong; j++) {
            const struct mq_sheet_cell *other = mq_figure_cell(figure, row, j);
            if (j == i || !isnan(other->value) || figure->column[j].strong ||
                strcmp(other->text, cell->text) != 0)
                continue;
            counted |= j < i;
            same++;
        }
        const char *gap = text[0] ? "\n" : "";
        if (figure->column[i].strong)
            text =
                mq_arena_format(arena, "%s%s%s %s", text, gap, figure->column[i].name, cell->text);
        else if (!counted)
            text = mq_arena_format(arena, "%s%s%s (%zu)", text, gap, cell->text, same);
    }
    return text;
}

static void draw_strip(struct mq_canvas *canvas, const struct strip *strip, struct mq_arena *arena)
{
    const struct mq_figure *figure = strip->figure;
    double y = strip->base;
    mq_line_draw(canvas, (double[]){strip->scale.from, y}, (double[]){strip->scale.to, y},
                 (struct mq_pen){mq_second, 0.6, MQ_SOLID});
    if (!isnan(strip->median))
        mq_line_draw(canvas, (double[]){strip->median, y + 3.5},
                     (double[]){strip->median, y - 2 * RADIUS - 4},
                     (struct mq_pen){mq_ink, 1.4, MQ_SOLID});
    draw_names(canvas, strip, arena);
    for (int strong = 0; strong < 2; strong++)
        for (size_t i = 0; i < strip->count; i++)
            if (figure->column[strip->dot[i].column].strong == (strong == 1))
                mq_marker_draw(canvas, MQ_CIRCLE,
                               (double[]){strip->dot[i].x, y - RADIUS - 0.8 - strip->dot[i].lift},
                               strong ? RADIUS + 0.3 : RADIUS - 0.3, strong ? mq_accent : mq_second,
                               false);
}

/* Places the row from `y` down; returns where it ends. */
static double place_row(struct mq_canvas *canvas, struct strip *strip, double names, double y,
                        struct mq_arena *arena)
{
    struct captions captions;
    place_dots(strip);
    strip->missing = missing_text(arena, strip->figure, strip->row);
    canvas->failed |= !strip->missing;
    if (!make_captions(canvas, strip, arena, &captions) || canvas->failed)
        return y;
    double size[2];
    mq_label_size(canvas,
                  &(struct mq_label){.text = strip->missing, .size = NAME_SIZE, .wrap = MISSING},
                  size);
    double beside = fmax(names, size[1]);
    strip->top = y + 3;
    strip->base =
        fmax(strip->top + captions.height + LEAD + strip->height, y + beside / 2 + RADIUS + 8);
    double below = captions.sides > 1 ? LEAD + captions.height : 0;
    return fmax(strip->base + 5 + below, strip->base - RADIUS - 2 + beside / 2 + 4);
}

static void draw_row(struct mq_canvas *canvas, struct strip *strip, const struct mq_names *names,
                     struct mq_arena *arena)
{
    double middle = strip->base - RADIUS - 2;
    draw_strip(canvas, strip, arena);
    mq_name_draw(canvas, names, &strip->figure->row[strip->row], strip->scale.from - 10, middle);
    mq_label_draw(canvas, &(struct mq_label){.text = strip->missing,
                                             .x = canvas->width - MQ_FIGURE_MARGIN,
                                             .y = middle,
                                             .align = 1,
                                             .rise = 0.5,
                                             .size = NAME_SIZE,
                                             .wrap = MISSING,
                                             .colour = mq_ink});
}

static double draw_keys(struct mq_canvas *canvas, const struct mq_figure *figure)
{
    static const char *const keys[2][3] = {{"other units", "named units", "median"},
                                           {"其他单位", "标出名称的单位", "中位数"}};
    const char *const *text = keys[canvas->chinese];
    return mq_header_draw(
        canvas, figure->unit,
        (struct mq_key[]){{.text = text[1], .colour = mq_accent},
                          {.text = text[0], .colour = mq_second},
                          {.text = text[2], .look = MQ_KEY_MEDIAN, .colour = mq_ink}},
        3);
}

double mq_draw_strip(struct mq_canvas *canvas, const struct mq_figure *figure)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    double top = draw_keys(canvas, figure), y = top, lacking = 0;
    struct mq_names names = mq_names_measure(canvas, figure->row, figure->rows, 8.5, 120);
    for (size_t row = 0; row < figure->rows; row++) {
        const char *missing = missing_text(&arena, figure, row);
        canvas->failed |= !missing;
        lacking = fmax(lacking,
                       missing ? fmin(mq_text_length(canvas, missing, NAME_SIZE), MISSING) + 8 : 0);
    }
    struct strip strip = {.figure = figure,
                          .scale = {figure->low, figure->high, MQ_FIGURE_MARGIN + names.width + 14,
                                    canvas->width - MQ_FIGURE_MARGIN - lacking - 10}};
    strip.dot = mq_arena_array(&arena, figure->columns + 1, sizeof *strip.dot);
    canvas->failed |= !strip.dot;
    /* The axis lies below the dots, so that all rows are placed before one is drawn. */
    for (int pass = 0; pass < 2; pass++) {
        y = top;
        for (strip.row = 0; strip.row < figure->rows && !canvas->failed; strip.row++) {
            y = place_row(canvas, &strip, names.height, y, &arena);
            if (pass == 1 && !canvas->failed)
                draw_row(canvas, &strip, &names, &arena);
        }
        if (pass == 0)
            mq_scale_draw(canvas, &strip.scale, top, y + 2);
    }
    mq_arena_clear(&arena);
    return y + 15;
}
