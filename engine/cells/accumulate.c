/*
 * Rows into cells. Which rows count is settled column by column for the whole batch; then every row
 * walks once over its cell's integers, which lie side by side. Real sums and order statistics
 * follow, a column at a time.
 */
#include "cells/cube.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STRIP = 512, AHEAD = 6 };

static enum mq_status reserve(struct mq_cube *cube, size_t rows, struct mq_error *error)
{
    if (rows <= cube->rows)
        return MQ_OK;
    size_t room = rows + rows / 8;
    free(cube->include);
    free(cube->cell);
    free(cube->value);
    free(cube->truth);
    cube->rows = 0;
    cube->include = calloc(room, cube->layout.selections);
    cube->cell = calloc(room, sizeof *cube->cell);
    cube->value = calloc(room, sizeof *cube->value);
    cube->truth = calloc(room, 1);
    if (!cube->include || !cube->cell || !cube->value || !cube->truth)
        return mq_fail_memory(error);
    cube->rows = room;
    return MQ_OK;
}

/* ---- which rows count ---- */

static void keep_present(int8_t *include, const uint8_t *state, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        include[i] = (int8_t)(include[i] & -(state[i] == MQ_PRESENT));
}

static int8_t *include_of(const struct mq_cube *cube, size_t selection)
{
    return cube->include + selection * cube->rows;
}

/* Selection 0 is mask 0, all rows to be added; the others narrow it. */
static enum mq_status select_rows(struct mq_cube *cube, const struct mq_batch *batch,
                                  struct mq_error *error)
{
    for (size_t s = 1; s < cube->layout.selections; s++) {
        const struct mq_selection *selection = cube->layout.selection + s;
        int8_t *include = include_of(cube, s);
        bool whole = s < cube->model->masks;
        memcpy(include, include_of(cube, whole ? 0 : (size_t)selection->mask), batch->rows);
        const struct mq_mask *mask = cube->model->mask + selection->mask;
        for (size_t i = 0; whole && i < mask->count; i++)
            keep_present(include, batch->column[mask->input[i]].state, batch->rows);
        if (selection->present >= 0)
            keep_present(include, batch->column[selection->present].state, batch->rows);
        if (!selection->where)
            continue;
        if (mq_program_truth(selection->where, batch->column, batch->rows, &cube->scratch,
                             cube->truth) != MQ_OK)
            return mq_fail_memory(error);
        for (size_t i = 0; i < batch->rows; i++)
            include[i] = (int8_t)(include[i] & -(cube->truth[i] == MQ_TRUE));
    }
    return MQ_OK;
}

/* ---- which cells ---- */

/* One word of the cells of a strip, interleaved: words[row * count + at]. */
static void take_words(const struct mq_column *column, const struct mq_axis *axis, size_t from,
                       size_t rows, uint32_t *words, size_t count)
{
    for (size_t i = 0; i < rows; i++) {
        uint32_t code = column->state[from + i] == MQ_PRESENT ? column->code[from + i] : MQ_NO_CODE;
        if (axis && axis->finest)
            code = code < axis->codes ? axis->finest[code] : MQ_NO_CODE;
        words[i * count] = code;
    }
}

static bool find_strip(struct mq_cube *cube, const struct mq_batch *batch, size_t from, size_t rows,
                       uint32_t *words)
{
    size_t count = cube->axes.words, at = 0;
    if (cube->axes.period >= 0)
        take_words(batch->column + cube->axes.period, NULL, from, rows, words + at++, count);
    for (size_t a = 0; a < cube->axes.count; a++)
        take_words(batch->column + cube->axes.axis[a].input, cube->axes.axis + a, from, rows,
                   words + at++, count);
    size_t wanted = 0;
    for (size_t i = 0; i < rows;
         i++) /* only rows that count make cells: close up over the others */
        if (cube->include[from + i] && wanted++ < i)
            memcpy(words + (wanted - 1) * count, words + i * count, count * sizeof *words);
    uint32_t cell[STRIP];
    if (!mq_cube_find(cube, words, wanted, cell))
        return false;
    wanted = 0;
    for (size_t i = 0; i < rows; i++)
        if (cube->include[from + i])
            cube->cell[from + i] = cell[wanted++];
    return true;
}

static enum mq_status find_cells(struct mq_cube *cube, const struct mq_batch *batch,
                                 struct mq_error *error)
{
    uint32_t *words = calloc(STRIP * cube->axes.words + 1, sizeof *words);
    bool done = words != NULL;
    for (size_t from = 0; done && from < batch->rows; from += STRIP)
        done = find_strip(cube, batch, from,
                          batch->rows - from < STRIP ? batch->rows - from : STRIP, words);
    free(words);
    return done ? MQ_OK : mq_fail_memory(error);
}

/* ---- integers ---- */

/* The columns of a batch in the order of a cell's integers. */
struct lanes {
    size_t counts, sums;
    const int8_t **counted;  /* [counts] */
    const int8_t **included; /* [sums] */
    const int64_t **amount;  /* [sums] */
};

/* The row has been added to `sum` and some of its 64 bits have wrapped: which, and which way. */
static bool settle(struct mq_cube *cube, const struct lanes *lanes, size_t row, const int64_t *sum)
{
    for (size_t s = 0; s < lanes->sums; s++) {
        int64_t value = lanes->included[s][row] ? lanes->amount[s][row] : 0;
        int64_t old = (int64_t)((uint64_t)sum[s] - (uint64_t)value);
        if (((old ^ sum[s]) & (value ^ sum[s])) < 0 &&
            !mq_cube_carry(cube, cube->cell[row], lanes->counts + s, value > 0 ? 1 : -1))
            return false;
    }
    return true;
}

static bool add_rows(struct mq_cube *cube, const struct lanes *lanes, size_t rows)
{
    for (size_t row = 0; row < rows; row++) {
        if (row + AHEAD < rows && cube->include[row + AHEAD]) {
            const int64_t *next = mq_cube_row(cube, cube->cell[row + AHEAD]);
            for (size_t i = 0; i < cube->width; i += 8)
                __builtin_prefetch(next + i, 1);
        }
        if (!cube->include[row])
            continue;
        int64_t *count = mq_cube_row(cube, cube->cell[row]), *sum = count + lanes->counts;
        for (size_t c = 0; c < lanes->counts; c++)
            count[c] -= lanes->counted[c][row];
        int64_t over = 0;
        for (size_t s = 0; s < lanes->sums; s++) {
            int64_t value = lanes->amount[s][row] & lanes->included[s][row];
            int64_t old = sum[s], now = (int64_t)((uint64_t)old + (uint64_t)value);
            over |= (old ^ now) & (value ^ now);
            sum[s] = now;
        }
        if (over < 0 && !settle(cube, lanes, row, sum))
            return false;
    }
    return true;
}

static bool remove_rows(struct mq_cube *cube, const struct lanes *lanes, size_t rows)
{
    for (size_t row = 0; row < rows; row++) {
        if (!cube->include[row])
            continue;
        int64_t *count = mq_cube_row(cube, cube->cell[row]);
        for (size_t c = 0; c < lanes->counts; c++)
            count[c] += lanes->counted[c][row];
        for (size_t s = 0; s < lanes->sums; s++)
            if (lanes->included[s][row] && !mq_cube_adjust(cube, cube->cell[row], lanes->counts + s,
                                                           lanes->amount[s][row], -1))
                return false;
    }
    return true;
}

static enum mq_status add_integers(struct mq_cube *cube, const struct mq_batch *batch, int sign,
                                   struct mq_error *error)
{
    const struct mq_layout *layout = &cube->layout;
    struct lanes lanes = {.counts = layout->counts, .sums = layout->sums};
    lanes.counted = calloc(lanes.counts + 1, sizeof *lanes.counted);
    lanes.included = calloc(lanes.sums + 1, sizeof *lanes.included);
    lanes.amount = calloc(lanes.sums + 1, sizeof *lanes.amount);
    bool done = lanes.counted && lanes.included && lanes.amount;
    for (size_t c = 0; done && c < lanes.counts; c++)
        lanes.counted[c] = include_of(cube, layout->count[c]);
    for (size_t s = 0; done && s < lanes.sums; s++) {
        lanes.included[s] = include_of(cube, layout->sum[s].selection);
        lanes.amount[s] = batch->column[layout->sum[s].input].amount;
    }
    if (done)
        done = (sign > 0 ? add_rows : remove_rows)(cube, &lanes, batch->rows);
    free((void *)lanes.counted);
    free((void *)lanes.included);
    free((void *)lanes.amount);
    return done ? MQ_OK : mq_fail_memory(error);
}

/* ---- reals
 * --------------------------------------------------------------------------------------------------
 */

enum mq_status mq_cube_values(struct mq_cube *cube, const struct mq_quantity *quantity,
                              const struct mq_batch *batch, const double **value,
                              struct mq_error *error)
{
    *value = cube->value;
    if (quantity->input >= 0)
        *value = batch->column[quantity->input].number;
    else if (mq_program_value(quantity->value, batch->column, batch->rows, &cube->scratch,
                              cube->value) != MQ_OK)
        return mq_fail_memory(error);
    return MQ_OK;
}

static enum mq_status add_exacts(struct mq_cube *cube, const struct mq_batch *batch, int sign,
                                 struct mq_error *error)
{
    for (size_t e = 0; e < cube->layout.exacts; e++) {
        const struct mq_quantity *quantity = cube->layout.exact + e;
        const int8_t *include = include_of(cube, quantity->selection);
        const double *value;
        MQ_TRY(mq_cube_values(cube, quantity, batch, &value, error));
        for (size_t row = 0; row < batch->rows; row++) {
            if (!include[row] || !isfinite(value[row]))
                continue;
            struct mq_exact *sum = mq_cube_exact(cube, cube->cell[row], e);
            if (!sum)
                return mq_fail_memory(error);
            (sign > 0 ? mq_exact_add : mq_exact_subtract)(sum, value[row]);
        }
    }
    return MQ_OK;
}

static enum mq_status add_orders(struct mq_cube *cube, const struct mq_batch *batch, int sign,
                                 struct mq_error *error)
{
    for (size_t o = 0; o < cube->layout.orders; o++) {
        const struct mq_quantity *quantity = cube->layout.order + o;
        struct mq_order_values values = {NULL, NULL};
        if (quantity->input >= 0 && batch->column[quantity->input].type == MQ_AMOUNT)
            values.amount = batch->column[quantity->input].amount;
        else
            MQ_TRY(mq_cube_values(cube, quantity, batch, &values.real, error));
        MQ_TRY(mq_order_add(cube, o, include_of(cube, quantity->selection), batch->rows, &values,
                            sign, error));
    }
    return MQ_OK;
}

/* ---- all
 * ------------------------------------------------------------------------------------------------------
 */

static enum mq_status add_batch(struct mq_cube *cube, const struct mq_batch *batch, int sign,
                                struct mq_error *error)
{
    MQ_TRY(select_rows(cube, batch, error));
    MQ_TRY(find_cells(cube, batch, error));
    MQ_TRY(add_integers(cube, batch, sign, error));
    MQ_TRY(add_exacts(cube, batch, sign, error));
    MQ_TRY(add_orders(cube, batch, sign, error));
    return cube->model->design ? mq_sample_keep(cube, batch, sign, error) : MQ_OK;
}

enum mq_status mq_cube_add(struct mq_cube *cube, const struct mq_batch *batch,
                           const uint8_t *verdict, struct mq_error *error)
{
    MQ_TRY(reserve(cube, batch->rows, error));
    for (size_t row = 0; row < batch->rows; row++)
        cube->include[row] = (int8_t) - (verdict[row] == MQ_ROW_ACCEPTED);
    return add_batch(cube, batch, 1, error);
}

enum mq_status mq_cube_remove(struct mq_cube *cube, const struct mq_batch *batch,
                              const uint8_t *leaving, struct mq_error *error)
{
    MQ_TRY(reserve(cube, batch->rows, error));
    for (size_t row = 0; row < batch->rows; row++)
        cube->include[row] = (int8_t) - (leaving[row] != 0);
    return add_batch(cube, batch, -1, error);
}
