/*
 * Growth: an indicator beside its own value in the period before, which is the one just before
 * among the periods of the data, as for changes of scores. Of x over y: 100 (x - x') / y'; of x as
 * a share of y: 100 (x - x') / (y - y'), where ' is the period before.
 */
#include <math.h>

#include "index/index_parts.h"

static void grow(struct mq_frame *frame, size_t unit, size_t before, size_t node)
{
    const struct mq_growth *growth = frame->model->node[node].growth;
    size_t nodes = frame->model->nodes, now = unit * nodes, then = before * nodes, at = now + node;
    size_t of = (size_t)growth->of, over = (size_t)growth->over;
    double base, value;

    frame->coverage[at] = frame->coverage[now + of];
    frame->reason[at] = frame->reason[now + of];
    if (isnan(frame->value[now + of]))
        return;
    frame->reason[at] = MQ_NO_PREVIOUS;
    if (before == SIZE_MAX || isnan(frame->value[then + of]) || isnan(frame->value[then + over]) ||
        (growth->share && isnan(frame->value[now + over])))
        return;
    base = growth->share ? frame->value[now + over] - frame->value[then + over]
                         : frame->value[then + over];
    value = 100 * (frame->value[now + of] - frame->value[then + of]) / base;
    frame->reason[at] = MQ_UNDEFINED;
    if (base == 0 || !isfinite(value))
        return;
    frame->value[at] = value;
    frame->reason[at] = MQ_FINE;
}

void mq_frame_grow(struct mq_frame *frame)
{
    for (size_t k = 0; k < frame->model->nodes; k++) {
        if (!frame->model->node[k].growth)
            continue;
        for (size_t i = 0; i < frame->units; i++) {
            const struct mq_unit *unit = &frame->unit[i];
            size_t before = SIZE_MAX;
            if (unit->period > 0)
                before = mq_frame_find(frame, unit->period - 1, unit->level, unit->code);
            grow(frame, i, before, k);
        }
    }
}
