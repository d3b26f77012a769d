/* What a sample says the sums of the population are: every unit and slot exactly, so that the order
 * of rows does not matter. */
#include <math.h>
#include <stdlib.h>

#include "cells/cube.h"

/* Exact sums are large: as many slots at once as fit in this. */
enum { ROOM = 64 << 20 };
/* From this many rows a cell on, rows are added to cells and these to the units of all levels. */
enum { MANY = 16 };

static void add_rows(const struct mq_sums *sums, const uint32_t *unit, size_t from, size_t some,
                     struct mq_exact *sum)
{
    for (size_t i = 0; i < sums->sample->rows; i++) {
        const struct mq_sampled *row = mq_sampled(sums->sample, i);
        uint32_t at = unit[row->cell];
        for (size_t s = 0; at != MQ_NO_CODE && s < some; s++)
            if (row->value[from + s] < 0 || row->value[from + s] > 0)
                mq_exact_add(&sum[at * some + s], row->value[from + s]);
    }
}

/* The same by way of the sums of cells, which are 0 before. */
static void add_cells(const struct mq_sums *sums, size_t from, size_t some, struct mq_exact *cell,
                      struct mq_exact *sum)
{
    for (size_t i = 0; i < sums->sample->rows; i++) {
        const struct mq_sampled *row = mq_sampled(sums->sample, i);
        for (size_t s = 0; s < some; s++)
            if (row->value[from + s] < 0 || row->value[from + s] > 0)
                mq_exact_add(&cell[row->cell * some + s], row->value[from + s]);
    }
    for (size_t level = 0; level < sums->model->levels; level++)
        for (size_t c = 0; c < sums->cells; c++) {
            uint32_t at = sums->unit_of[level * sums->cells + c];
            for (size_t s = 0; at != MQ_NO_CODE && s < some; s++)
                mq_exact_merge(&sum[at * some + s], &cell[c * some + s]);
        }
}

enum mq_status mq_sample_weigh(struct mq_sums *sums, struct mq_error *error)
{
    size_t slots = sums->model->slots;
    size_t cells = sums->cells * MANY <= sums->sample->rows ? sums->cells : 0;
    size_t some = ROOM / sizeof(struct mq_exact) / (sums->units + cells + 1);
    some = some < 1 ? 1 : some > slots ? slots : some;
    for (size_t from = 0; from < slots; from += some) {
        size_t now = slots - from < some ? slots - from : some;
        struct mq_exact *sum = calloc((sums->units + cells) * now + 1, sizeof *sum);
        if (!sum)
            return mq_fail_memory(error);
        if (cells)
            add_cells(sums, from, now, sum + sums->units * now, sum);
        for (size_t level = 0; !cells && level < sums->model->levels; level++)
            add_rows(sums, sums->unit_of + level * sums->cells, from, now, sum);
        for (size_t i = 0; i < sums->units * now; i++)
            sums->value[i / now * slots + from + i % now] =
                (struct mq_value){.real = mq_exact_value(&sum[i]), .kind = MQ_VALUE_REAL};
        free(sum);
    }
    return MQ_OK;
}
