/*
 * Rows of a sample, set aside one by one while they are read: what each gives to every slot, times
 * its weight, and where it belongs. A row that leaves later is set aside once more with the other
 * sign, as it came.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cells/cube.h"

void mq_kept_rows_free(struct mq_kept_rows *kept)
{
    if (!kept)
        return;
    mq_spill_close(&kept->spill);
    free(kept);
}

static enum mq_status open_rows(struct mq_cube *cube, struct mq_error *error)
{
    if (cube->kept)
        return MQ_OK;
    struct mq_kept_rows *kept = calloc(1, sizeof *kept);
    if (!kept)
        return mq_fail_memory(error);
    kept->stride = sizeof(struct mq_kept_row) + cube->model->slots * sizeof(double) +
                   (cube->model->design->raked + 1) / 2 * sizeof(uint64_t);
    enum mq_status status = mq_spill_open(&kept->spill, cube->spill_directory, error);
    if (status != MQ_OK) {
        free(kept);
        return status;
    }
    cube->kept = kept;
    return MQ_OK;
}

static struct mq_kept_row *row_at(char *block, size_t stride, size_t row)
{
    return (void *)(block + row * stride);
}

static double power_of_ten(int exponent)
{
    double power = 1;
    while (exponent-- > 0)
        power *= 10; /* exact up to 10^22 */
    return power;
}

/* The value of an amount or number; NaN where missing. */
static double real_of(const struct mq_batch *batch, int input, size_t row, double scale)
{
    const struct mq_column *column = batch->column + input;
    if (column->state[row] != MQ_PRESENT)
        return NAN;
    return column->type == MQ_AMOUNT ? (double)column->amount[row] / scale : column->number[row];
}

/* ---- where a row belongs ---- */

static uint64_t psu_of(const struct mq_column *column, size_t row)
{
    return column->type == MQ_KEY ? column->key[row] : column->code[row];
}

static bool present(const struct mq_batch *batch, int input, size_t row)
{
    return input < 0 || batch->column[input].state[row] == MQ_PRESENT;
}

static uint32_t flaw_of(const struct mq_design *design, const struct mq_batch *batch, size_t row,
                        const struct mq_kept_row *kept)
{
    if (!present(batch, design->strata, row))
        return MQ_FLAW_NO_STRATUM;
    if (!present(batch, design->psu, row))
        return MQ_FLAW_NO_PSU;
    if (!present(batch, design->weight, row))
        return MQ_FLAW_NO_WEIGHT;
    if (!(kept->weight > 0) || !isfinite(kept->weight))
        return MQ_FLAW_WEIGHT;
    for (size_t i = 0; i < design->raked; i++)
        if (!present(batch, design->raked_input[i], row))
            return MQ_FLAW_NO_MARGIN;
    return present(batch, design->fpc, row) ? MQ_FLAW_NONE : MQ_FLAW_NO_POPULATION;
}

static enum mq_status place_row(struct mq_cube *cube, const struct mq_batch *batch, size_t row,
                                const double scale[2], struct mq_kept_row *kept)
{
    const struct mq_design *design = cube->model->design;

    kept->at = mq_batch_location(batch, row);
    kept->cell = cube->cell[row];
    kept->stratum = MQ_NO_CODE;
    if (design->strata >= 0 && present(batch, design->strata, row))
        kept->stratum = batch->column[design->strata].code[row];
    if (design->psu >= 0 && present(batch, design->psu, row))
        kept->psu = psu_of(batch->column + design->psu, row);
    kept->weight = design->weight >= 0 ? real_of(batch, design->weight, row, scale[0]) : 1;
    kept->population = design->fpc >= 0 ? real_of(batch, design->fpc, row, scale[1]) : INFINITY;
    for (size_t i = 0; i < design->raked; i++)
        mq_kept_codes(kept, cube->model->slots)[i] =
            present(batch, design->raked_input[i], row)
                ? batch->column[design->raked_input[i]].code[row]
                : MQ_NO_CODE;
    kept->flaw = flaw_of(design, batch, row, kept);
    if (kept->flaw == MQ_FLAW_NONE)
        return MQ_OK;
    if (!(kept->weight > 0) || !isfinite(kept->weight))
        kept->weight = 0; /* NaN never equals itself: the row could not leave again */
    if (isnan(kept->population))
        kept->population = 0;
    return mq_reader_line(cube->reader, batch, row, &kept->line);
}

static double scale_of(const struct mq_model *model, int input)
{
    return input >= 0 && model->input[input].type == MQ_AMOUNT
               ? power_of_ten(model->input[input].decimals)
               : 1;
}

static enum mq_status place_rows(struct mq_cube *cube, const struct mq_batch *batch, int sign,
                                 char *block, struct mq_error *error)
{
    const struct mq_design *design = cube->model->design;
    double scale[2] = {scale_of(cube->model, design->weight), scale_of(cube->model, design->fpc)};

    for (size_t row = 0, to = 0; row < batch->rows; row++) {
        if (!cube->include[row])
            continue;
        struct mq_kept_row *kept = row_at(block, cube->kept->stride, to++);
        kept->sign = sign;
        if (place_row(cube, batch, row, scale, kept) != MQ_OK)
            return mq_fail_memory(error);
    }
    return MQ_OK;
}

/* ---- what it gives ---- */

static enum mq_status fill_slot(struct mq_cube *cube, const struct mq_batch *batch, size_t slot,
                                char *block, struct mq_error *error)
{
    const struct mq_layout *layout = &cube->layout;
    const struct mq_place *place = layout->place + slot;
    const struct mq_quantity *quantity =
        place->store == MQ_STORE_SUM ? layout->sum + place->index : layout->exact + place->index;
    bool counts = place->store == MQ_STORE_COUNT, sums = place->store == MQ_STORE_SUM;
    size_t selection = counts ? layout->count[place->index] : quantity->selection;
    const int8_t *include = cube->include + selection * cube->rows;
    const double *value = NULL;
    double scale = sums ? scale_of(cube->model, quantity->input) : 1;

    if (!counts && !sums)
        MQ_TRY(mq_cube_values(cube, quantity, batch, &value, error));
    for (size_t row = 0, to = 0; row < batch->rows; row++) {
        if (!cube->include[row])
            continue;
        struct mq_kept_row *kept = row_at(block, cube->kept->stride, to++);
        double given = 0;
        if (include[row])
            given = counts ? 1
                    : sums ? (double)batch->column[quantity->input].amount[row] / scale
                           : value[row];
        given *= kept->weight;
        kept->value[slot] = isfinite(given) ? given : 0;
    }
    return MQ_OK;
}

enum mq_status mq_sample_keep(struct mq_cube *cube, const struct mq_batch *batch, int sign,
                              struct mq_error *error)
{
    size_t rows = 0;
    MQ_TRY(open_rows(cube, error));
    for (size_t row = 0; row < batch->rows; row++)
        rows += cube->include[row] != 0;
    char *block = calloc(rows + 1, cube->kept->stride);
    if (!block)
        return mq_fail_memory(error);
    enum mq_status status = place_rows(cube, batch, sign, block, error);
    for (size_t slot = 0; slot < cube->model->slots && status == MQ_OK; slot++)
        status = fill_slot(cube, batch, slot, block, error);
    if (status == MQ_OK)
        status = mq_spill_add(&cube->kept->spill, block, rows * cube->kept->stride, error);
    free(block);
    return status;
}

enum mq_status mq_sample_merge(struct mq_cube *into, const struct mq_cube *from,
                               const uint32_t *cell, struct mq_error *error)
{
    const void *bytes;
    size_t count, stride = from->kept->stride;
    MQ_TRY(open_rows(into, error));
    MQ_TRY(mq_spill_map(&from->kept->spill, &bytes, &count, error));
    struct mq_kept_row *moved = malloc(stride);
    if (!moved)
        return mq_fail_memory(error);
    enum mq_status status = MQ_OK;
    for (size_t at = 0; at < count && status == MQ_OK; at += stride) {
        memcpy(moved, (const char *)bytes + at, stride);
        moved->cell = cell[moved->cell];
        status = mq_spill_add(&into->kept->spill, moved, stride, error);
    }
    free(moved);
    return status;
}
