/* The frame: one row per unit, one column per node of the model. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

static bool alloc_arrays(struct mq_frame *frame, size_t cells)
{
    double **columns[] = {&frame->value, &frame->numerator, &frame->denominator, &frame->coverage};

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        double *column = mq_arena_array(&frame->arena, cells, sizeof(double));
        if (!column)
            return false;
        for (size_t k = 0; k < cells; k++)
            column[k] = NAN;
        *columns[i] = column;
    }
    frame->used = frame->value;
    frame->reason = mq_arena_array(&frame->arena, cells, sizeof *frame->reason);
    return frame->reason != NULL;
}

struct mq_frame *mq_frame_alloc(const struct mq_model *model, size_t periods, size_t units)
{
    struct mq_frame *frame = calloc(1, sizeof *frame);

    if (!frame)
        return NULL;
    frame->model = model;
    frame->periods = periods;
    frame->units = units;
    frame->period = mq_arena_array(&frame->arena, periods, sizeof *frame->period);
    frame->unit = mq_arena_array(&frame->arena, units, sizeof *frame->unit);
    if (!frame->period || !frame->unit || (units && model->nodes > SIZE_MAX / units) ||
        !alloc_arrays(frame, units * model->nodes)) {
        mq_frame_free(frame);
        return NULL;
    }
    return frame;
}

void mq_frame_free(struct mq_frame *frame)
{
    if (!frame)
        return;
    mq_arena_clear(&frame->arena);
    free(frame);
}

size_t mq_frame_find(const struct mq_frame *frame, uint32_t period, uint32_t level,
                     const char *code)
{
    size_t low = 0, high = frame->units;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct mq_unit *unit = &frame->unit[middle];
        int order = (unit->period > period) - (unit->period < period);
        if (order == 0)
            order = (unit->level > level) - (unit->level < level);
        if (order == 0)
            order = strcmp(unit->code, code);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

size_t mq_frame_period(const struct mq_frame *frame, const char *period)
{
    for (size_t i = 0; i < frame->periods; i++)
        if (strcmp(frame->period[i], period) == 0)
            return i;
    return SIZE_MAX;
}
