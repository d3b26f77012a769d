/*
 * Rows kept for the late stage: what late rules, derived columns and edits look at, set aside by
 * each worker as columns of a block, so that programs run over them where they lie.
 *
 * A block is: for every input kept its values, its text tests if it has any, its states; then the
 * rows' numbers in the block of the file; then what the statistics know of them. Every part is
 * filled up to 8 bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "validate/checker.h"

static size_t width_of(enum mq_type type)
{
    return type == MQ_CODE || type == MQ_PERIOD ? sizeof(uint32_t) : sizeof(uint64_t);
}

static bool has_tests(const struct mq_model *model, int input)
{
    for (size_t t = 0; t < model->tests; t++)
        if (model->test[t].input == input)
            return true;
    return false;
}

/* ---- which inputs ---- */

static bool is_one_of(int input, size_t count, const int *list)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == input)
            return true;
    return false;
}

static bool program_reads(const struct mq_program *program, int input)
{
    return program && mq_program_reads(program, input);
}

static bool late_rule_reads(const struct mq_model *model, int input)
{
    for (size_t r = 0; r < model->rules; r++)
        if (mq_rule_late(model->rule + r) && program_reads(model->rule[r].check, input))
            return true;
    for (size_t d = 0; d < model->deriveds; d++) {
        const struct mq_derived *derived = model->derived + d;
        if (program_reads(derived->value, input) || program_reads(derived->where, input) ||
            derived->label == input || is_one_of(input, derived->bys, derived->by) ||
            (derived->kind == MQ_EARLIER && (input == model->key || input == model->period)))
            return true;
    }
    for (size_t e = 0; e < model->edits; e++) {
        const struct mq_edit *edit = model->edit + e;
        if (program_reads(edit->value, input) || program_reads(edit->against, input) ||
            is_one_of(input, edit->bys, edit->by))
            return true;
    }
    return false;
}

enum mq_status mq_keep_choose(struct mq_checker *checker, struct mq_error *error)
{
    const struct mq_model *model = checker->model;
    for (size_t r = 0; r < model->rules; r++)
        checker->late = checker->late || mq_rule_late(model->rule + r);
    if (!checker->late)
        return MQ_OK;
    checker->keep = mq_arena_array(&checker->arena, model->inputs + 1, sizeof *checker->keep);
    if (!checker->keep)
        return mq_fail_memory(error);
    for (int i = 0; i < (int)model->inputs; i++)
        if (late_rule_reads(model, i) || mq_units_makes(checker, i))
            checker->keep[checker->keeps++] =
                (struct mq_keep){i, width_of(model->input[i].type), has_tests(model, i)};
    return MQ_OK;
}

/* ---- setting aside ---- */

void mq_kept_clear(struct mq_kept *kept)
{
    mq_spill_close(&kept->spill);
    free(kept->block);
    free(kept->row);
    free(kept->buffer);
    *kept = (struct mq_kept){0};
}

static enum mq_status reserve(struct mq_kept *kept, size_t rows, struct mq_error *error)
{
    if (rows <= kept->capacity)
        return MQ_OK;
    size_t capacity = rows + rows / 8;
    free(kept->row);
    free(kept->buffer);
    kept->row = calloc(capacity, sizeof *kept->row);
    kept->buffer = calloc(capacity, sizeof(uint64_t));
    kept->capacity = kept->row && kept->buffer ? capacity : 0;
    return kept->capacity ? MQ_OK : mq_fail_memory(error);
}

static enum mq_status put(struct mq_kept *kept, const void *bytes, size_t count,
                          struct mq_error *error)
{
    static const char fill[8];
    size_t rest = -count % 8;
    MQ_TRY(mq_spill_add(&kept->spill, bytes, count, error));
    kept->written += count + rest;
    return rest ? mq_spill_add(&kept->spill, fill, rest, error) : MQ_OK;
}

/* The cells of kept rows, which are not all of the batch. */
static const void *gather(struct mq_kept *kept, const void *cells, size_t width, size_t count)
{
    const uint32_t *row = kept->row;
    if (width == sizeof(uint64_t)) {
        const uint64_t *from = cells;
        uint64_t *to = (uint64_t *)kept->buffer;
        for (size_t i = 0; i < count; i++)
            to[i] = from[row[i]];
    } else if (width == sizeof(uint32_t)) {
        const uint32_t *from = cells;
        uint32_t *to = (uint32_t *)kept->buffer;
        for (size_t i = 0; i < count; i++)
            to[i] = from[row[i]];
    } else {
        const uint8_t *from = cells;
        uint8_t *to = (uint8_t *)kept->buffer;
        for (size_t i = 0; i < count; i++)
            to[i] = from[row[i]];
    }
    return kept->buffer;
}

static enum mq_status put_cells(struct mq_kept *kept, const void *cells, size_t width,
                                const struct mq_batch *batch, struct mq_error *error)
{
    size_t count = kept->block[kept->blocks - 1].rows;
    if (count < batch->rows)
        cells = gather(kept, cells, width, count);
    return put(kept, cells, count * width, error);
}

static const void *cells_of(const struct mq_column *column)
{
    switch (column->type) {
    case MQ_AMOUNT:
        return column->amount;
    case MQ_NUMBER:
        return column->number;
    case MQ_KEY:
        return column->key;
    default:
        return column->code;
    }
}

/* Rows that failed a rule or could not be checked, if anyone wants statistics. */
static enum mq_status put_notes(struct mq_kept *kept, const struct mq_judge *judge,
                                struct mq_error *error)
{
    struct mq_kept_block *block = kept->block + kept->blocks - 1;
    for (uint32_t i = 0; judge->marked && i < block->rows; i++) {
        uint32_t row = kept->row[i];
        if (!(judge->failed[row] | judge->missed[row]))
            continue;
        struct mq_kept_note note = {i, judge->failed[row], judge->missed[row]};
        block->notes++;
        MQ_TRY(put(kept, &note, sizeof note, error));
    }
    return MQ_OK;
}

static enum mq_status begin_block(struct mq_kept *kept, const struct mq_batch *batch, uint32_t rows,
                                  struct mq_error *error)
{
    void *grown =
        mq_make_room(kept->block, &kept->block_capacity, kept->blocks, sizeof *kept->block);
    if (!grown)
        return mq_fail_memory(error);
    kept->block = grown;
    kept->block[kept->blocks++] = (struct mq_kept_block){.file = batch->file,
                                                         .block = batch->block,
                                                         .worker = (uint32_t)batch->worker,
                                                         .rows = rows,
                                                         .offset = kept->written};
    return MQ_OK;
}

enum mq_status mq_kept_add(struct mq_checker *checker, struct mq_judge *judge,
                           const struct mq_batch *batch, const uint8_t *verdict,
                           struct mq_error *error)
{
    struct mq_kept *kept = &judge->kept;
    MQ_TRY(reserve(kept, batch->rows, error));
    uint32_t rows = 0;
    for (size_t row = 0; row < batch->rows; row++) {
        kept->row[rows] = (uint32_t)row;
        rows += verdict[row] == MQ_ROW_ACCEPTED;
    }
    if (!rows)
        return MQ_OK;
    MQ_TRY(begin_block(kept, batch, rows, error));
    for (size_t k = 0; k < checker->keeps; k++) {
        const struct mq_keep *keep = checker->keep + k;
        const struct mq_column *column = batch->column + keep->input;
        MQ_TRY(put_cells(kept, cells_of(column), keep->width, batch, error));
        if (keep->tests)
            MQ_TRY(put_cells(kept, column->tests, sizeof *column->tests, batch, error));
        MQ_TRY(put_cells(kept, column->state, sizeof *column->state, batch, error));
    }
    MQ_TRY(put(kept, kept->row, rows * sizeof *kept->row, error));
    return put_notes(kept, judge, error);
}

/* ---- looking at it again ---- */

static const void *take(const char **at, size_t count)
{
    const char *from = *at;
    *at += count + -count % 8;
    return from;
}

void mq_kept_look(const struct mq_checker *checker, const struct mq_kept_block *block,
                  const char *bytes, struct mq_kept_sight *sight)
{
    const char *at = bytes + block->offset;
    for (size_t k = 0; k < checker->keeps; k++) {
        const struct mq_keep *keep = checker->keep + k;
        const struct mq_input *input = checker->model->input + keep->input;
        struct mq_column *column = sight->column + keep->input;
        *column = (struct mq_column){.type = input->type, .decimals = input->decimals};
        const void *cells = take(&at, block->rows * keep->width);
        if (input->type == MQ_AMOUNT)
            column->amount = cells;
        else if (input->type == MQ_NUMBER)
            column->number = cells;
        else if (input->type == MQ_KEY)
            column->key = cells;
        else
            column->code = cells;
        column->dict = mq_reader_dict(checker->reader, (size_t)keep->input);
        if (keep->tests)
            column->tests = take(&at, block->rows * sizeof *column->tests);
        column->state = take(&at, block->rows);
    }
    sight->row = take(&at, block->rows * sizeof *sight->row);
    sight->note = (const struct mq_kept_note *)(const void *)at;
}
