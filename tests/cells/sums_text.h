/* Sums as text, to be compared byte by byte. */
#ifndef MQ_TEST_SUMS_TEXT_H
#define MQ_TEST_SUMS_TEXT_H

#include "cells/cells.h"
#include "validate/world.h"

static inline void sums_value(struct mq_buffer *text, const struct mq_value *value)
{
    char digits[48];
    if (value->kind == MQ_VALUE_NONE)
        mq_buffer_text(text, " none");
    else if (value->kind == MQ_VALUE_SCALED)
        mq_buffer_format(text, " %s", mq_decimal_text(value->scaled, value->decimals, digits));
    else
        mq_buffer_format(text, " %a", value->real);
}

/* "period level code name rows: complete...; values..." a line a unit; to be freed. */
static inline char *sums_text(const struct mq_cube *cube)
{
    struct mq_sums *sums = NULL;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    assert_int_equal(mq_cube_sums(cube, 1, &sums, NULL), MQ_OK);
    const struct mq_model *model = sums->model;
    mq_buffer_format(&text, "%zu periods\n", sums->periods);
    for (size_t u = 0; u < sums->units; u++) {
        const struct mq_unit *unit = sums->unit + u;
        mq_buffer_format(&text, "%s %s %s %s %llu:", sums->period[unit->period],
                         model->level[unit->level].id, unit->code, unit->name,
                         (unsigned long long)unit->enterprises);
        for (size_t m = 0; m < model->masks; m++)
            mq_buffer_format(&text, " %llu",
                             (unsigned long long)sums->complete[u * model->masks + m]);
        mq_buffer_text(&text, ";");
        for (size_t s = 0; s < model->slots; s++)
            sums_value(&text, sums->value + u * model->slots + s);
        mq_buffer_text(&text, "\n");
    }
    assert_false(text.failed);
    mq_sums_free(sums);
    return text.data;
}

/* One cube a worker; context of the reading functions below. */
struct cubes {
    struct mq_cube *cube[8];
    int count;
};

static inline void cubes_open(struct cubes *cubes, const struct world *world)
{
    *cubes = (struct cubes){.count = world->workers};
    for (int w = 0; w < cubes->count; w++)
        assert_int_equal(
            mq_cube_new(world->model, world->reader, world->directory, &cubes->cube[w], NULL),
            MQ_OK);
}

static inline void cubes_close(struct cubes *cubes)
{
    for (int w = 0; w < cubes->count; w++)
        mq_cube_free(cubes->cube[w]);
}

static inline enum mq_status cubes_add(void *context, const struct mq_batch *batch,
                                       const uint8_t *verdict, struct mq_error *error)
{
    struct cubes *cubes = context;
    return mq_cube_add(cubes->cube[batch->worker], batch, verdict, error);
}

/* Merges all into the first, last or first in line first; sums as text, to be freed. */
static inline char *cubes_text(struct cubes *cubes, bool backwards)
{
    for (int i = 1; i < cubes->count; i++) {
        int w = backwards ? cubes->count - i : i;
        assert_int_equal(mq_cube_merge(cubes->cube[0], cubes->cube[w], NULL), MQ_OK);
    }
    return sums_text(cubes->cube[0]);
}

#endif
