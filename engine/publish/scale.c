/* Axes and places along a line. */
#include "publish/canvas.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

double mq_scale_at(const struct mq_scale *scale, double value)
{
    double range = scale->high - scale->low;
    double share = range > 0 ? (value - scale->low) / range : 0.5;
    return scale->from + share * (scale->to - scale->from);
}

double mq_scale_step(double low, double high, int most)
{
    double range = high - low;
    if (!(range > 0) || most < 1)
        return 1;
    static const double round[] = {1, 2, 5, 10};
    double unit = pow(10, floor(log10(range / most)));
    for (int i = 0; i < 4; i++)
        if (range / (round[i] * unit) <= most + 1e-9)
            return round[i] * unit;
    return 10 * unit;
}

const char *mq_scale_text(double value, double step, char *text)
{
    int decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);
    double magnitude = fabs(value) < step / 1e6 ? 0 : fabs(value);
    snprintf(text, 64, "%s%.*f", value < 0 && magnitude > 0 ? "−" : "", decimals, magnitude);
    return text;
}

/* Two strokes across the axis: it does not begin at zero. */
static void draw_break(struct mq_canvas *canvas, double x, double y)
{
    struct mq_pen pen = {mq_soft, 0.7, MQ_SOLID};
    mq_line_draw(canvas, (double[]){x - 0.6, y}, (double[]){x + 3.1, y},
                 (struct mq_pen){mq_paper, 2, MQ_SOLID});
    for (int i = 0; i < 2; i++)
        mq_line_draw(canvas, (double[]){x - 1.2 + 2.5 * i, y + 3},
                     (double[]){x + 1.2 + 2.5 * i, y - 3}, pen);
}

double mq_scale_draw(struct mq_canvas *canvas, const struct mq_scale *scale, double top, double y)
{
    double step =
        mq_scale_step(scale->low, scale->high, (int)fmax((scale->to - scale->from) / 38, 1));
    struct mq_pen axis = {mq_soft, 0.6, MQ_SOLID};
    long first = (long)ceil(scale->low / step - 1e-9),
         last = (long)floor(scale->high / step + 1e-9);
    char text[64];
    for (long i = first; i <= last; i++) {
        double x = mq_scale_at(scale, (double)i * step);
        mq_line_draw(canvas, (double[]){x, top}, (double[]){x, y},
                     (struct mq_pen){mq_faint, 0.5, MQ_SOLID});
    }
    mq_line_draw(canvas, (double[]){scale->from, y}, (double[]){scale->to, y}, axis);
    for (long i = first; i <= last; i++) {
        double x = mq_scale_at(scale, (double)i * step);
        mq_line_draw(canvas, (double[]){x, y}, (double[]){x, y + 2.5}, axis);
        mq_label_draw(canvas,
                      &(struct mq_label){.text = mq_scale_text((double)i * step, step, text),
                                         .x = x,
                                         .y = y + 4,
                                         .align = 0.5,
                                         .size = 7.5,
                                         .colour = mq_soft});
    }
    if (scale->low > 0)
        draw_break(canvas, scale->from + 4, y);
    return y + 13;
}

void mq_spread(double *place, const double *gap, size_t count, double low, double high)
{
    double need = 0;
    for (size_t i = 1; i < count; i++)
        need += (gap[i - 1] + gap[i]) / 2;
    if (count == 0)
        return;
    double ends = (gap[0] + gap[count - 1]) / 2;
    double squeeze = need + ends > high - low && need > 0 ? (high - low - ends) / need : 1;
    if (squeeze < 0.1)
        squeeze = 0.1;
    /* Down as far as needed, then up again from the end: twice is enough to settle. */
    double at = low + gap[0] / 2;
    for (size_t i = 0; i < count; i++) {
        if (place[i] < at)
            place[i] = at;
        at = place[i] + (i + 1 < count ? squeeze * (gap[i] + gap[i + 1]) / 2 : 0);
    }
    at = high - gap[count - 1] / 2;
    for (size_t i = count; i-- > 0;) {
        if (place[i] > at)
            place[i] = at;
        at = place[i] - (i > 0 ? squeeze * (gap[i] + gap[i - 1]) / 2 : 0);
    }
}
