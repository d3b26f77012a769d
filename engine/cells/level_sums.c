/* Cells add up to units: every level from its cells, exactly. */
#include "cells/cube.h"

#include <stdlib.h>

/* Values of nothing: sums are 0, order statistics are none. */
static void start_values(const struct mq_cube *cube, struct mq_sums *sums)
{
    const struct mq_model *model = cube->model;
    for (size_t v = 0; v < sums->units * model->slots; v++) {
        size_t slot = v % model->slots;
        const struct mq_place *place = cube->layout.place + slot;
        int input = model->slot[slot].input;
        struct mq_value *value = sums->value + v;
        if (place->store == MQ_STORE_EXACT)
            value->kind = MQ_VALUE_REAL;
        else if (place->store != MQ_STORE_ORDER)
            value->kind = MQ_VALUE_SCALED;
        if (place->store == MQ_STORE_SUM)
            value->decimals = model->input[input].decimals;
    }
}

static void add_cell(const struct mq_cube *cube, size_t cell, uint32_t unit, struct mq_sums *sums)
{
    const struct mq_model *model = cube->model;
    const struct mq_layout *layout = &cube->layout;
    const int64_t *count = mq_cube_row(cube, cell);
    sums->unit[unit].enterprises += (uint64_t)count[0];
    for (size_t m = 0; m < model->masks; m++)
        sums->complete[unit * model->masks + m] += (uint64_t)count[m];
    struct mq_value *value = sums->value + unit * model->slots;
    for (size_t s = 0; s < model->slots; s++)
        if (layout->place[s].store == MQ_STORE_COUNT)
            value[s].scaled += count[layout->place[s].index];
        else if (layout->place[s].store == MQ_STORE_SUM)
            value[s].scaled += mq_cube_integer(cube, cell, layout->counts + layout->place[s].index);
}

/* Real sums, a unit at a time, because an exact real number is large: cells listed by unit. */
static enum mq_status add_exacts(const struct mq_cube *cube, const uint32_t *unit,
                                 struct mq_sums *sums, struct mq_error *error)
{
    size_t slots = cube->model->slots;
    uint32_t *next = calloc(cube->cells + 1, sizeof *next); /* cell + 1 of the same unit */
    uint32_t *first = calloc(sums->units + 1, sizeof *first);
    struct mq_exact *sum = calloc(1, sizeof *sum);
    bool made = next && first && sum;
    for (size_t cell = 0; made && cell < cube->cells; cell++)
        if (unit[cell] != MQ_NO_CODE) {
            next[cell] = first[unit[cell]];
            first[unit[cell]] = (uint32_t)cell + 1;
        }
    for (size_t u = 0; made && u < sums->units; u++)
        for (size_t s = 0; first[u] && s < slots; s++) {
            if (cube->layout.place[s].store != MQ_STORE_EXACT)
                continue;
            *sum = (struct mq_exact){0};
            for (uint32_t cell = first[u]; cell; cell = next[cell - 1]) {
                const struct mq_exact *part =
                    mq_cube_exact_find(cube, cell - 1, cube->layout.place[s].index);
                if (part)
                    mq_exact_merge(sum, part);
            }
            sums->value[u * slots + s].real = mq_exact_value(sum);
        }
    free(next);
    free(first);
    free(sum);
    return made ? MQ_OK : mq_fail_memory(error);
}

static enum mq_status fill(const struct mq_cube *cube, uint32_t *unit, struct mq_sums *sums,
                           struct mq_error *error)
{
    const struct mq_model *model = cube->model;
    MQ_TRY(mq_units_find(cube, sums, unit, error));
    sums->value = mq_arena_array(&sums->arena, sums->units * model->slots + 1, sizeof *sums->value);
    sums->complete =
        mq_arena_array(&sums->arena, sums->units * model->masks + 1, sizeof *sums->complete);
    if (!sums->value || !sums->complete)
        return mq_fail_memory(error);
    start_values(cube, sums);
    for (size_t level = 0; level < model->levels; level++) {
        const uint32_t *of = unit + level * cube->cells;
        for (size_t cell = 0; cell < cube->cells; cell++)
            if (of[cell] != MQ_NO_CODE)
                add_cell(cube, cell, of[cell], sums);
        if (cube->layout.exacts)
            MQ_TRY(add_exacts(cube, of, sums, error));
        MQ_TRY(mq_order_fill(cube, of, sums, error));
    }
    return MQ_OK;
}

/* The rows once more, and with them the sums of the population. */
static enum mq_status add_sample(const struct mq_cube *cube, const uint32_t *unit,
                                 struct mq_sums *sums, struct mq_error *error)
{
    size_t cells = cube->cells * cube->model->levels, values = sums->units * cube->model->slots;
    sums->cells = cube->cells;
    sums->unit_of = mq_arena_copy(&sums->arena, unit, (cells + 1) * sizeof *unit);
    sums->unweighted = mq_arena_copy(&sums->arena, sums->value, (values + 1) * sizeof *sums->value);
    if (!sums->unit_of || !sums->unweighted)
        return mq_fail_memory(error);
    MQ_TRY(mq_sample_build(cube, sums, error));
    return mq_sample_weigh(sums, error);
}

enum mq_status mq_cube_sums(const struct mq_cube *cube, int threads, struct mq_sums **sums,
                            struct mq_error *error)
{
    struct mq_sums *made = calloc(1, sizeof *made);
    if (!made)
        return mq_fail_memory(error);
    made->model = cube->model;
    made->threads = threads;
    uint32_t *unit = calloc(cube->cells * cube->model->levels + 1, sizeof *unit);
    enum mq_status status = unit ? fill(cube, unit, made, error) : mq_fail_memory(error);
    if (status == MQ_OK && cube->model->design)
        status = add_sample(cube, unit, made, error);
    free(unit);
    if (status != MQ_OK) {
        mq_sums_free(made);
        return status;
    }
    *sums = made;
    return MQ_OK;
}

void mq_sums_free(struct mq_sums *sums)
{
    if (!sums)
        return;
    mq_sample_free(sums->sample);
    mq_arena_clear(&sums->arena);
    free(sums);
}
