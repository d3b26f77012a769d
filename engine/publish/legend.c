/* What several kinds of figures share: keys, shades, names at the left. */
#include <math.h>
#include <string.h>

#include "publish/draw.h"
#include "publish/geometry.h"

#define KEY_SIZE   8.0
#define SIGN_WIDTH 14.0

void mq_box_striped(struct mq_canvas *canvas, struct mq_box box, struct mq_colour colour)
{
    if (!canvas->cairo)
        return;
    cairo_rectangle(canvas->cairo, box.left, box.top, box.right - box.left, box.bottom - box.top);
    mq_path_hatch(canvas, mq_paper, (struct mq_pen){colour, 0.9, MQ_SOLID});
    mq_box_frame(canvas, box, (struct mq_pen){colour, 0.8, MQ_SOLID});
}

void mq_key_draw(struct mq_canvas *canvas, const struct mq_key *key, double x, double y)
{
    double middle = x + SIGN_WIDTH / 2;
    struct mq_box box = {x + 1, y - 3.5, x + SIGN_WIDTH - 1, y + 3.5};
    if (key->look == MQ_KEY_LINE) { /* whole dashes: three, or one at each side of a marker */
        double half = key->dash != MQ_DASHED ? SIGN_WIDTH / 2 : key->marked ? 5.25 : 8.5;
        double right = fmin(middle + half, x + SIGN_WIDTH + 0.5);
        mq_line_draw(canvas, (double[]){right - 2 * half, y}, (double[]){right, y},
                     (struct mq_pen){key->colour, 1, key->dash});
    }
    if (key->look == MQ_KEY_MARKER || (key->look == MQ_KEY_LINE && key->marked))
        mq_marker_draw(canvas, key->marker, (double[]){middle, y}, 2.8, key->colour, key->hollow);
    if (key->look == MQ_KEY_FILL) {
        mq_box_fill(canvas, box, key->colour);
        mq_box_frame(canvas, box, (struct mq_pen){mq_soft, 0.4, MQ_SOLID});
    }
    if (key->look == MQ_KEY_MEDIAN)
        mq_line_draw(canvas, (double[]){middle, y - 4}, (double[]){middle, y + 4},
                     (struct mq_pen){key->colour, 1.4, MQ_SOLID});
    if (key->look == MQ_KEY_STRIPED)
        mq_box_striped(canvas, box, key->colour);
    if (key->look == MQ_KEY_HATCHED) {
        mq_box_hatch(canvas, box);
        mq_box_frame(canvas, box, (struct mq_pen){mq_soft, 0.4, MQ_SOLID});
    }
}

/* Lays keys out in lines between left and right; draws them if `ink`. Returns the lines needed. */
static size_t place_keys(struct mq_canvas *canvas, const struct mq_key *key, size_t keys,
                         const double between[2], double y)
{
    double x = between[0];
    size_t lines = keys ? 1 : 0;
    for (size_t i = 0; i < keys; i++) {
        double width = SIGN_WIDTH + 3 + mq_text_length(canvas, key[i].text, KEY_SIZE);
        if (x > between[0] && x + width > between[1]) {
            x = between[0];
            y += 12;
            lines++;
        }
        mq_key_draw(canvas, &key[i], x, y);
        mq_label_draw(canvas, &(struct mq_label){.text = key[i].text,
                                                 .x = x + SIGN_WIDTH + 3,
                                                 .y = y,
                                                 .rise = 0.5,
                                                 .size = KEY_SIZE,
                                                 .colour = mq_ink});
        x += width + 14;
    }
    return lines;
}

double mq_header_draw(struct mq_canvas *canvas, const char *unit, const struct mq_key *key,
                      size_t keys)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    double right = canvas->width - MQ_FIGURE_MARGIN, y = MQ_FIGURE_MARGIN + 5;
    if (unit[0])
        mq_buffer_format(&text, canvas->chinese ? "单位：%s" : "Unit: %s", unit);
    canvas->failed |= text.failed;
    if (text.data) {
        struct mq_label label = {.text = text.data,
                                 .x = right,
                                 .y = y,
                                 .align = 1,
                                 .rise = 0.5,
                                 .size = KEY_SIZE,
                                 .colour = mq_soft};
        mq_label_draw(canvas, &label);
        right -= mq_text_length(canvas, text.data, KEY_SIZE) + 10;
    }
    size_t lines = place_keys(canvas, key, keys, (double[]){MQ_FIGURE_MARGIN, right}, y);
    if (text.data && lines == 0)
        lines = 1;
    mq_buffer_clear(&text);
    return MQ_FIGURE_MARGIN + (lines ? 12 * (double)lines + 3 : 0);
}

/* ---- shades ---- */

struct mq_colour mq_figure_shade(const struct mq_figure *figure, size_t cell)
{
    double value = figure->cell[cell].value;
    if (isnan(value))
        return mq_blank;
    if (figure->bands && figure->cell_band) {
        int band = figure->cell_band[cell];
        return band < 0
                   ? mq_paper
                   : mq_shade(figure->bands > 1 ? (double)band / (double)(figure->bands - 1) : 0.5);
    }
    double range = figure->high - figure->low;
    return mq_shade(range > 0 ? (value - figure->low) / range : 0.5);
}

/* A level bar from light to dark with numbers below. */
static void draw_ramp(struct mq_canvas *canvas, const struct mq_figure *figure, struct mq_box box)
{
    enum { STEPS = 60 };
    double width = (box.right - box.left) / STEPS;
    for (int i = 0; i < STEPS; i++)
        mq_box_fill(canvas,
                    (struct mq_box){box.left + i * width, box.top,
                                    i + 1 < STEPS ? box.left + (i + 1.5) * width : box.right,
                                    box.bottom},
                    mq_shade((i + 0.5) / STEPS));
    mq_box_frame(canvas, box, (struct mq_pen){mq_soft, 0.4, MQ_SOLID});
    struct mq_scale scale = {figure->low, figure->high, box.left, box.right};
    double step = mq_scale_step(scale.low, scale.high, 5);
    char text[64];
    for (long i = (long)ceil(scale.low / step - 1e-9); i <= (long)floor(scale.high / step + 1e-9);
         i++) {
        double x = mq_scale_at(&scale, (double)i * step);
        mq_line_draw(canvas, (double[]){x, box.bottom}, (double[]){x, box.bottom + 2},
                     (struct mq_pen){mq_soft, 0.5, MQ_SOLID});
        mq_label_draw(canvas,
                      &(struct mq_label){.text = mq_scale_text((double)i * step, step, text),
                                         .x = x,
                                         .y = box.bottom + 3,
                                         .align = 0.5,
                                         .size = 7,
                                         .colour = mq_soft});
    }
}

/* Whether some regions of a map are no units. */
static bool has_others(const struct mq_figure *figure)
{
    size_t regions = 0;
    for (size_t i = 0; figure->geometry && i < figure->geometry->regions; i++)
        regions += !figure->geometry->region[i].sea;
    return regions > figure->rows;
}

/* Whether there are cells without a number; [0] with a sign, [1] empty, [2] below all bands. */
static void find_blanks(const struct mq_figure *figure, bool blank[3])
{
    memset(blank, 0, 3 * sizeof *blank);
    for (size_t i = 0; i < figure->rows * figure->columns; i++) {
        bool none = isnan(figure->cell[i].value);
        blank[0] |= none && figure->cell[i].text[0];
        blank[1] |= none && !figure->cell[i].text[0];
        blank[2] |= !none && figure->bands && figure->cell_band && figure->cell_band[i] < 0;
    }
}

double mq_legend_shades(struct mq_canvas *canvas, const struct mq_figure *figure, double y)
{
    enum { MOST = 24 };
    static const char *const texts[2][4] = {
        {"no number", "no such unit", "below all bands", "not covered"},
        {"无数值", "没有相应单位", "低于最低等级", "未列入统计"}};
    struct mq_key key[MOST];
    bool blank[3];
    size_t keys = 0;
    find_blanks(figure, blank);
    if (blank[2])
        key[keys++] = (struct mq_key){
            .text = texts[canvas->chinese][2], .look = MQ_KEY_FILL, .colour = mq_paper};
    size_t bands = figure->cell_band ? figure->bands : 0;
    for (size_t i = 0; i < bands && keys < MOST - 3; i++)
        key[keys++] =
            (struct mq_key){.text = figure->band[i],
                            .look = MQ_KEY_FILL,
                            .colour = mq_shade(bands > 1 ? (double)i / (double)(bands - 1) : 0.5)};
    if (blank[0])
        key[keys++] = (struct mq_key){.text = texts[canvas->chinese][0], .look = MQ_KEY_HATCHED};
    if (blank[1])
        key[keys++] = (struct mq_key){
            .text = texts[canvas->chinese][1], .look = MQ_KEY_FILL, .colour = mq_paper};
    if (has_others(figure))
        key[keys++] = (struct mq_key){
            .text = texts[canvas->chinese][3], .look = MQ_KEY_FILL, .colour = mq_blank};
    double ramp = bands ? 0 : 150, width = ramp, most = canvas->width - 2 * MQ_FIGURE_MARGIN;
    for (size_t i = 0; i < keys; i++)
        width += SIGN_WIDTH + 3 + mq_text_length(canvas, key[i].text, KEY_SIZE) + (i ? 14 : 0);
    width += ramp > 0 && keys ? 24 : 0;
    double left = (canvas->width - fmin(width, most)) / 2;
    if (ramp > 0)
        draw_ramp(canvas, figure, (struct mq_box){left + 8, y + 1, left + ramp, y + 9});
    double start = left + (ramp > 0 ? ramp + 24 : 0);
    size_t lines =
        place_keys(canvas, key, keys, (double[]){start, canvas->width - MQ_FIGURE_MARGIN}, y + 5);
    double used = 12 * (double)lines;
    return y + (ramp > 0 ? fmax(used, 20) : used);
}

/* ---- names ---- */

#define LEAST_NAME 6.5

/* A name that is too long for one line is broken so that its lines are of about the same length. */
static struct mq_label name_label(struct mq_canvas *canvas, const struct mq_figure_item *item,
                                  double size, double most)
{
    struct mq_label label = {.text = item->name,
                             .align = 1,
                             .rise = 0.5,
                             .size = size,
                             .bold = item->strong,
                             .colour = mq_ink};
    double found[2];
    mq_label_size(canvas, &label, found);
    if (found[0] <= most + 0.01)
        return label;
    label.wrap = most;
    mq_label_size(canvas, &label, found);
    for (double high = found[1]; label.wrap > most / 2;) {
        struct mq_label trial = label;
        trial.wrap -= size / 2;
        mq_label_size(canvas, &trial, found);
        if (found[1] > high + 0.01 || found[0] > trial.wrap + 0.01)
            break;
        label = trial;
    }
    return label;
}

struct mq_names mq_names_measure(struct mq_canvas *canvas, const struct mq_figure_item *item,
                                 size_t count, double size, double most)
{
    struct mq_names names = {.size = size, .height = size};
    double widest = most + 1;
    for (; widest > most && names.size >= LEAST_NAME; names.size -= 0.5) {
        widest = 0;
        for (size_t i = 0; i < count; i++)
            widest = fmax(widest, mq_text_length(canvas, item[i].name, names.size) *
                                      (item[i].strong ? 1.06 : 1));
    }
    /* Where one must be wrapped anyway, the others need not be so small. */
    names.size = widest > most ? fmax(size - 1, LEAST_NAME) : names.size + 0.5;
    for (size_t i = 0; i < count; i++) {
        double found[2];
        struct mq_label label = name_label(canvas, &item[i], names.size, most);
        mq_label_size(canvas, &label, found);
        names.width = fmax(names.width, found[0]);
        names.height = fmax(names.height, found[1]);
    }
    names.most = most;
    return names;
}

void mq_name_draw(struct mq_canvas *canvas, const struct mq_names *names,
                  const struct mq_figure_item *item, double x, double y)
{
    struct mq_label label = name_label(canvas, item, names->size, names->most);
    label.x = x;
    label.y = y;
    mq_label_draw(canvas, &label);
}
