/*
 * ranking: a line of dots from the best on. Dots, not bars: the axis need not begin at zero, and
 * the length of a bar would then mislead. More units than one page holds stand side by side.
 */
#include <math.h>
#include <stdlib.h>

#include "publish/draw.h"

enum { MOST_A_PANEL = 48, MOST_PANELS = 3, NOW = 0, BEFORE = 1, CHANGE = 2 };

struct panel {
    double left, right, top;
    size_t first, end; /* rows */
    double pitch, value_size;
    struct mq_names names;
    struct mq_scale scale;
    double change_width;
};

static double widest(struct mq_canvas *canvas, const struct mq_figure *figure, size_t column,
                     double size)
{
    double width = 0;
    for (size_t row = 0; row < figure->rows; row++)
        width =
            fmax(width, mq_text_length(canvas, mq_figure_cell(figure, row, column)->text, size));
    return width;
}

static void draw_row(struct mq_canvas *canvas, const struct mq_figure *figure,
                     const struct panel *panel, size_t row)
{
    const struct mq_sheet_cell *now = mq_figure_cell(figure, row, NOW);
    double y = panel->top + panel->pitch * ((double)(row - panel->first) + 0.5);
    mq_name_draw(canvas, &panel->names, &figure->row[row], panel->scale.from - 6, y);
    struct mq_label label = {.text = now->text,
                             .x = panel->scale.from + 8,
                             .y = y,
                             .rise = 0.5,
                             .size = panel->value_size,
                             .plate = true,
                             .bold = figure->row[row].strong,
                             .colour = mq_ink};
    double before = figure->columns > BEFORE ? mq_figure_cell(figure, row, BEFORE)->value : NAN;
    double was = isnan(before) ? NAN : mq_scale_at(&panel->scale, before);
    if (isnan(now->value)) {
        struct mq_box box = {panel->scale.from, y - 3.5, panel->scale.from + 26, y + 3.5};
        mq_box_hatch(canvas, box);
        label.x = box.right + 3;
    } else {
        double x = mq_scale_at(&panel->scale, now->value);
        mq_line_draw(canvas, (double[]){panel->scale.from, y}, (double[]){x, y},
                     (struct mq_pen){mq_second, 1, MQ_SOLID});
        if (!isnan(was))
            mq_line_draw(canvas, (double[]){was, y}, (double[]){x, y},
                         (struct mq_pen){mq_soft, 0.6, MQ_SOLID});
        label.x = fmax(x, isnan(was) ? x : was) + 6;
        if (!isnan(was))
            mq_marker_draw(canvas, MQ_CIRCLE, (double[]){was, y}, 2.5, mq_soft, true);
        mq_marker_draw(canvas, MQ_CIRCLE, (double[]){x, y}, 3.0, mq_accent, false);
    }
    mq_label_draw(canvas, &label);
    if (figure->columns > CHANGE) {
        const struct mq_sheet_cell *change = mq_figure_cell(figure, row, CHANGE);
        mq_label_draw(canvas, &(struct mq_label){.text = change->text,
                                                 .x = panel->right,
                                                 .y = y,
                                                 .align = 1,
                                                 .rise = 0.5,
                                                 .size = panel->value_size,
                                                 .colour = mq_ink});
    }
}

static double draw_panel(struct mq_canvas *canvas, const struct mq_figure *figure,
                         const struct panel *panel)
{
    double bottom = panel->top + panel->pitch * (double)(panel->end - panel->first) + 2;
    double end = mq_scale_draw(canvas, &panel->scale, panel->top, bottom);
    if (!isnan(figure->reference.value)) {
        double x = mq_scale_at(&panel->scale, figure->reference.value);
        mq_line_draw(canvas, (double[]){x, panel->top - 2}, (double[]){x, bottom},
                     (struct mq_pen){mq_ink, 0.8, MQ_DASHED});
    }
    for (size_t row = panel->first; row < panel->end; row++)
        draw_row(canvas, figure, panel, row);
    if (figure->columns > CHANGE)
        mq_label_draw(canvas, &(struct mq_label){.text = figure->column[CHANGE].name,
                                                 .x = panel->right,
                                                 .y = panel->top - 5,
                                                 .align = 1,
                                                 .rise = 0.5,
                                                 .size = panel->value_size,
                                                 .colour = mq_soft});
    return end;
}

static double draw_keys(struct mq_canvas *canvas, const struct mq_figure *figure)
{
    struct mq_key key[3];
    size_t keys = 0;
    struct mq_buffer reference = MQ_BUFFER_EMPTY;
    if (figure->columns > BEFORE) {
        key[keys++] = (struct mq_key){.text = figure->column[NOW].name, .colour = mq_accent};
        key[keys++] =
            (struct mq_key){.text = figure->column[BEFORE].name, .hollow = true, .colour = mq_soft};
    }
    if (!isnan(figure->reference.value)) {
        mq_buffer_format(&reference, "%s %s", figure->reference_name, figure->reference.text);
        canvas->failed |= reference.failed;
        key[keys++] = (struct mq_key){.text = reference.data ? reference.data : "",
                                      .look = MQ_KEY_LINE,
                                      .dash = MQ_DASHED,
                                      .colour = mq_ink};
    }
    double y = mq_header_draw(canvas, figure->unit, key, keys);
    mq_buffer_clear(&reference);
    return y;
}

double mq_draw_ranking(struct mq_canvas *canvas, const struct mq_figure *figure)
{
    size_t panels = (figure->rows + MOST_A_PANEL - 1) / MOST_A_PANEL;
    panels = panels < MOST_PANELS ? panels : MOST_PANELS;
    size_t a_panel = panels ? (figure->rows + panels - 1) / panels : 0;
    double y = draw_keys(canvas, figure), end = y;
    double between = 14, room = canvas->width - 2 * MQ_FIGURE_MARGIN;
    double width = panels ? (room - between * (double)(panels - 1)) / (double)panels : room;
    struct panel panel = {.value_size = panels > 1 ? 7 : 8.5, .top = y};
    panel.names = mq_names_measure(canvas, figure->row, figure->rows, panel.value_size,
                                   width * (panels > 1 ? 0.34 : 0.4));
    panel.pitch = fmax(panels > 1 ? 12 : a_panel > 20 ? 13.5 : 15.5, panel.names.height + 3);
    if (figure->columns > CHANGE) {
        panel.top += 8;
        panel.change_width =
            fmax(widest(canvas, figure, CHANGE, panel.value_size),
                 mq_text_length(canvas, figure->column[CHANGE].name, panel.value_size)) +
            8;
    }
    double label = widest(canvas, figure, NOW, panel.value_size) + 8;
    for (size_t i = 0; i < panels; i++) {
        panel.left = MQ_FIGURE_MARGIN + (width + between) * (double)i;
        panel.right = panel.left + width;
        panel.first = i * a_panel;
        panel.end = panel.first + a_panel < figure->rows ? panel.first + a_panel : figure->rows;
        panel.scale =
            (struct mq_scale){figure->low, figure->high, panel.left + panel.names.width + 6,
                              panel.right - panel.change_width - label};
        end = fmax(end, draw_panel(canvas, figure, &panel));
    }
    return end;
}
