/* What a sample says the sums of the population are: every unit and slot exactly, so that the order
 * of rows does not matter. */
#include <stdatomic.h>
#include <stdlib.h>

#include "cells/cube.h"

/* Exact sums are large: as many slots at once as fit in this. */
enum { ROOM = 64 << 20 };
/* From this many rows a cell on, rows are added to cells and these to the units of all levels. */
enum { MANY = 16 };

/* Some slots, each by one thread; what is added up is the same whoever does it. */
struct weighing {
    const struct mq_sums *sums;
    size_t from, some, cells;
    struct mq_exact *sum;  /* [units * some] */
    struct mq_exact *cell; /* [cells * some], behind the units */
    _Atomic size_t next;
};

/* Slots [first, end) of those that are added up now. */
static void add_rows(const struct weighing *w, const uint32_t *unit, struct mq_exact *sum,
                     size_t first, size_t end)
{
    for (size_t i = 0; i < w->sums->sample->rows; i++) {
        const struct mq_sampled *row = mq_sampled(w->sums->sample, i);
        uint32_t at = unit ? unit[row->cell] : row->cell;
        for (size_t s = first; at != MQ_NO_CODE && s < end; s++)
            if (row->value[w->from + s] < 0 || row->value[w->from + s] > 0)
                mq_exact_add(&sum[at * w->some + s], row->value[w->from + s]);
    }
}

static void add_cells(const struct weighing *w, const uint32_t *unit, size_t first, size_t end)
{
    for (size_t c = 0; c < w->sums->cells; c++)
        for (size_t s = first; unit[c] != MQ_NO_CODE && s < end; s++)
            mq_exact_merge(&w->sum[unit[c] * w->some + s], &w->cell[c * w->some + s]);
}

static void weigh_some(int worker, void *context)
{
    enum { AT_ONCE = 8 }; /* a cache line of the row's values */
    struct weighing *w = context;
    size_t first;
    (void)worker;
    while ((first = atomic_fetch_add(&w->next, AT_ONCE)) < w->some) {
        size_t end = w->some - first < AT_ONCE ? w->some : first + AT_ONCE;
        if (w->cells)
            add_rows(w, NULL, w->cell, first, end);
        for (size_t level = 0; level < w->sums->model->levels; level++) {
            const uint32_t *unit = w->sums->unit_of + level * w->sums->cells;
            if (w->cells)
                add_cells(w, unit, first, end);
            else
                add_rows(w, unit, w->sum, first, end);
        }
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
        struct weighing weighing = {.sums = sums,
                                    .from = from,
                                    .some = now,
                                    .cells = cells,
                                    .sum = sum,
                                    .cell = sum + sums->units * now};
        mq_parallel(sums->threads > 1 ? sums->threads : 1, weigh_some, &weighing);
        for (size_t i = 0; i < sums->units * now; i++)
            sums->value[i / now * slots + from + i % now] =
                (struct mq_value){.real = mq_exact_value(&sum[i]), .kind = MQ_VALUE_REAL};
        free(sum);
    }
    return MQ_OK;
}
