/* profile: the unit and those above it, a line of dots a node, with the numbers at the right. */
#include <math.h>

#include "publish/draw.h"

enum { MOST_UNITS = 12 };

struct profile {
    const struct mq_figure *figure;
    struct mq_scale scale;
    struct mq_names names;
    double top, pitch, right, column, size; /* column: width of a column of numbers */
};

static struct mq_key look_of(const struct mq_figure *figure, size_t column)
{
    static const enum mq_marker marker[] = {MQ_SQUARE, MQ_DIAMOND, MQ_TRIANGLE, MQ_CROSS};
    struct mq_key key = {.text = figure->column[column].name, .colour = mq_accent};
    if (figure->column[column].strong)
        return key;
    size_t plain = 0;
    for (size_t i = 0; i < column; i++)
        plain += !figure->column[i].strong;
    key.marker = marker[plain % 4];
    key.hollow = true;
    key.colour = mq_soft;
    return key;
}

static void draw_row(struct mq_canvas *canvas, const struct profile *profile, size_t row)
{
    const struct mq_figure *figure = profile->figure;
    double y = profile->top + profile->pitch * ((double)row + 0.5), low = NAN, high = NAN;
    for (size_t i = 0; i < figure->columns; i++) {
        double value = mq_figure_cell(figure, row, i)->value;
        low = fmin(isnan(low) ? value : low, isnan(value) ? low : value);
        high = fmax(isnan(high) ? value : high, isnan(value) ? high : value);
    }
    mq_line_draw(canvas, (double[]){profile->scale.from, y}, (double[]){profile->scale.to, y},
                 (struct mq_pen){mq_faint, 0.5, MQ_DOTTED});
    if (!isnan(low))
        mq_line_draw(canvas, (double[]){mq_scale_at(&profile->scale, low), y},
                     (double[]){mq_scale_at(&profile->scale, high), y},
                     (struct mq_pen){mq_second, 1.4, MQ_SOLID});
    for (size_t i = figure->columns; i-- > 0;) { /* the unit, first, lies on top */
        const struct mq_sheet_cell *cell = mq_figure_cell(figure, row, i);
        struct mq_key look = look_of(figure, i);
        double right = profile->right - profile->column * (double)(figure->columns - 1 - i);
        if (!isnan(cell->value))
            mq_marker_draw(canvas, look.marker,
                           (double[]){mq_scale_at(&profile->scale, cell->value), y},
                           look.hollow ? 2.7 : 3.2, look.colour, look.hollow);
        mq_label_draw(canvas, &(struct mq_label){.text = cell->text,
                                                 .x = right,
                                                 .y = y,
                                                 .align = 1,
                                                 .rise = 0.5,
                                                 .size = profile->size,
                                                 .bold = figure->column[i].strong,
                                                 .colour = mq_ink});
    }
    mq_name_draw(canvas, &profile->names, &figure->row[row], profile->scale.from - 8, y);
}

/* Names over the columns of numbers, where they fit. */
static struct mq_label head_label(const struct profile *profile, size_t column, double size)
{
    const struct mq_figure *figure = profile->figure;
    return (struct mq_label){.text = figure->column[column].name,
                             .x = profile->right -
                                  profile->column * (double)(figure->columns - 1 - column),
                             .y = profile->top - 2,
                             .align = 1,
                             .rise = 1,
                             .size = size,
                             .wrap = profile->column - 5,
                             .bold = figure->column[column].strong,
                             .colour = mq_ink};
}

double mq_draw_profile(struct mq_canvas *canvas, const struct mq_figure *figure)
{
    struct mq_key key[MOST_UNITS];
    size_t keys = figure->columns < MOST_UNITS ? figure->columns : MOST_UNITS;
    for (size_t i = 0; i < keys; i++)
        key[i] = look_of(figure, i);
    struct profile profile = {.figure = figure, .size = 8};
    profile.top = mq_header_draw(canvas, figure->unit, key, keys);
    profile.names = mq_names_measure(canvas, figure->row, figure->rows, 8.5, 130);
    profile.pitch = fmax(17, profile.names.height + 5);
    profile.right = canvas->width - MQ_FIGURE_MARGIN;
    for (size_t i = 0; i < figure->rows * figure->columns; i++)
        profile.column =
            fmax(profile.column, mq_text_length(canvas, figure->cell[i].text, profile.size) * 1.06);
    for (size_t i = 0; i < figure->columns; i++)
        profile.column =
            fmax(profile.column, fmin(mq_text_length(canvas, figure->column[i].name, 8), 34));
    profile.column += 9;
    double high = 0, head = 8;
    for (size_t i = 0; i < figure->columns; i++) {
        struct mq_label label = head_label(&profile, i, 8);
        head = fmin(head, mq_label_fit(canvas, &label, 6, profile.column - 5, 30));
    }
    for (size_t i = 0; i < figure->columns; i++) {
        double size[2];
        struct mq_label label = head_label(&profile, i, head);
        mq_label_size(canvas, &label, size);
        high = fmax(high, size[1]);
    }
    profile.top += high + 4;
    for (size_t i = 0; i < figure->columns; i++) {
        struct mq_label label = head_label(&profile, i, head);
        mq_label_draw(canvas, &label);
    }
    profile.scale =
        (struct mq_scale){figure->low, figure->high, MQ_FIGURE_MARGIN + profile.names.width + 10,
                          profile.right - profile.column * (double)figure->columns - 8};
    double end = mq_scale_draw(canvas, &profile.scale, profile.top,
                               profile.top + profile.pitch * (double)figure->rows + 2);
    for (size_t row = 0; row < figure->rows; row++)
        draw_row(canvas, &profile, row);
    return end;
}
