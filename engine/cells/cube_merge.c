/* Cubes add up: cell by cell, in any order to the same numbers. */
#include "cells/cube.h"

#include <stdlib.h>

static bool merge_cell(struct mq_cube *into, const struct mq_cube *from, size_t source,
                       uint32_t cell)
{
    const int64_t *row = mq_cube_row(from, source);
    for (size_t c = 0; c < from->width; c++)
        if (row[c] && !mq_cube_adjust(into, cell, c, row[c], 1))
            return false;
    for (size_t e = 0; e < from->layout.exacts; e++) {
        const struct mq_exact *sum = mq_cube_exact_find(from, source, e);
        struct mq_exact *target = sum ? mq_cube_exact(into, cell, e) : NULL;
        if (sum && !target)
            return false;
        if (sum)
            mq_exact_merge(target, sum);
    }
    return true;
}

static bool merge_carries(struct mq_cube *into, const struct mq_cube *from, const uint32_t *cell)
{
    for (size_t i = 0; i < from->carry_slots; i++) {
        const struct mq_carry *carry = from->carry + i;
        if (carry->column &&
            !mq_cube_carry(into, cell[(carry->column - 1) / from->width],
                           (size_t)((carry->column - 1) % from->width), carry->carry))
            return false;
    }
    return true;
}

enum mq_status mq_cube_merge(struct mq_cube *into, const struct mq_cube *from,
                             struct mq_error *error)
{
    uint32_t *cell = calloc(from->cells + 1, sizeof *cell);
    bool done = cell != NULL;
    for (size_t c = 0; done && c < from->cells; c++) {
        cell[c] = mq_cube_cell(into, from->words + c * from->axes.words);
        done = cell[c] != MQ_NO_CODE && merge_cell(into, from, c, cell[c]);
    }
    done = done && merge_carries(into, from, cell);
    enum mq_status status = done ? mq_order_merge(into, from, cell, error) : mq_fail_memory(error);
    if (status == MQ_OK && from->kept)
        status = mq_sample_merge(into, from, cell, error);
    free(cell);
    return status;
}
