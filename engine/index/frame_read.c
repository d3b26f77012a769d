/*
 * indicators.csv -> frame, so that an earlier run can be scored again, compared and explained.
 *
 * Rows may stand in any order. Every unit must have every indicator of the model exactly once, else
 * the file belongs to another model.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

enum field {
    PERIOD,
    LEVEL,
    UNIT,
    NAME,
    INDICATOR,
    VALUE,
    NUMERATOR,
    DENOMINATOR,
    ENTERPRISES,
    COVERAGE,
    STATUS,
    SE, /* from here on with a design only */
    LOW,
    HIGH,
    FIELDS
};
static const char *const fields[FIELDS] = {
    "period",      "level",       "unit",     "name",   "indicator", "value", "numerator",
    "denominator", "enterprises", "coverage", "status", "se",        "low",   "high"};

/* A row of the file with its ids looked up. */
struct row {
    size_t row;
    const char *period, *unit;
    uint32_t level, node;
};

struct reading {
    const struct mq_model *model;
    const struct mq_table *table;
    size_t column[FIELDS];
    struct row *rows; /* [table->rows] sorted by period, level, unit, node */
    size_t leaves, periods, units;
};

static const char *cell(const struct reading *reading, size_t row, enum field field)
{
    return reading->table->cell[row * reading->table->columns + reading->column[field]];
}

static enum mq_status fail_cell(const struct reading *reading, size_t row, enum field field,
                                const char *expected, struct mq_error *error)
{
    return mq_fail(error, MQ_DATA, reading->table->path, reading->table->line[row],
                   (long)reading->column[field] + 1, "%s is \"%s\", expected %s", fields[field],
                   cell(reading, row, field), expected);
}

/* ---- ids ---- */

static int same_unit(const struct row *a, const struct row *b)
{
    int order = strcmp(a->period, b->period);

    if (order == 0)
        order = (a->level > b->level) - (a->level < b->level);
    return order ? order : strcmp(a->unit, b->unit);
}

static int by_place(const void *a, const void *b)
{
    const struct row *left = a, *right = b;
    int order = same_unit(left, right);

    if (order == 0)
        order = (left->node > right->node) - (left->node < right->node);
    return order ? order : (left->row > right->row) - (left->row < right->row);
}

static enum mq_status look_up(const struct reading *reading, size_t i, struct row *row,
                              struct mq_error *error)
{
    const struct mq_model *model = reading->model;
    const char *level = cell(reading, i, LEVEL), *node = cell(reading, i, INDICATOR);

    *row =
        (struct row){.row = i, .period = cell(reading, i, PERIOD), .unit = cell(reading, i, UNIT)};
    while (row->level < model->levels && strcmp(model->level[row->level].id, level) != 0)
        row->level++;
    if (row->level == model->levels)
        return fail_cell(reading, i, LEVEL, "a level of the model", error);
    while (row->node < model->nodes &&
           (!model->node[row->node].leaf || strcmp(model->node[row->node].id, node) != 0))
        row->node++;
    if (row->node == model->nodes)
        return fail_cell(reading, i, INDICATOR, "an indicator of the model", error);
    return MQ_OK;
}

/* Sorts the rows, counts periods and units, and sees that every unit has all indicators once. */
static enum mq_status sort_rows(struct reading *reading, struct mq_error *error)
{
    const struct mq_table *table = reading->table;
    struct row *rows = reading->rows;
    size_t run = 0;

    for (size_t i = 0; i < table->rows; i++)
        MQ_TRY(look_up(reading, i, &rows[i], error));
    if (table->rows)
        qsort(rows, table->rows, sizeof *rows, by_place);
    for (size_t i = 0; i < table->rows; i++) {
        bool first = i == 0 || same_unit(&rows[i - 1], &rows[i]) != 0;
        bool last = i + 1 == table->rows || same_unit(&rows[i], &rows[i + 1]) != 0;
        run = first ? 1 : run + 1;
        if (!first && rows[i].node == rows[i - 1].node)
            return mq_fail(
                error, MQ_DATA, table->path, table->line[rows[i].row], 1,
                "indicator %s of unit %s is given a second time; the first is on line %ld",
                reading->model->node[rows[i].node].id, rows[i].unit, table->line[rows[i - 1].row]);
        if (last && run != reading->leaves)
            return mq_fail(
                error, MQ_DATA, table->path, table->line[rows[i].row], 1,
                "unit \"%s\" of level %s has %zu of the model's %zu indicators; the file "
                "was made with another model",
                rows[i].unit, reading->model->level[rows[i].level].id, run, reading->leaves);
        reading->units += first;
        reading->periods += i == 0 || strcmp(rows[i - 1].period, rows[i].period) != 0;
    }
    return MQ_OK;
}

/* ---- numbers ---- */

/* A number or, if blank, NaN. */
static enum mq_status read_real(const struct reading *reading, size_t row, enum field field,
                                double *value, struct mq_error *error)
{
    const char *text = cell(reading, row, field);

    *value = NAN;
    if (text[0] && mq_real_parse(text, strlen(text), value) != MQ_NUMBER_OK)
        return fail_cell(reading, row, field, "a number or nothing", error);
    return MQ_OK;
}

static enum mq_status read_numbers(const struct reading *reading, const struct row *row,
                                   struct mq_frame *frame, size_t at, struct mq_error *error)
{
    enum mq_reason reason = mq_reason_find(cell(reading, row->row, STATUS));

    if (reason == MQ_REASONS)
        return fail_cell(reading, row->row, STATUS, "a status such as ok or not_reported", error);
    MQ_TRY(read_real(reading, row->row, VALUE, &frame->value[at], error));
    MQ_TRY(read_real(reading, row->row, NUMERATOR, &frame->numerator[at], error));
    MQ_TRY(read_real(reading, row->row, DENOMINATOR, &frame->denominator[at], error));
    MQ_TRY(read_real(reading, row->row, COVERAGE, &frame->coverage[at], error));
    if (frame->estimate) {
        MQ_TRY(read_real(reading, row->row, SE, &frame->estimate[at].se, error));
        MQ_TRY(read_real(reading, row->row, LOW, &frame->estimate[at].low, error));
        MQ_TRY(read_real(reading, row->row, HIGH, &frame->estimate[at].high, error));
    }
    if (isnan(frame->value[at]) == mq_reason_present(reason))
        return fail_cell(reading, row->row, VALUE,
                         mq_reason_present(reason)
                             ? "a number, as the status is ok"
                             : "nothing, as the status says why it is missing",
                         error);
    frame->reason[at] = (uint8_t)reason;
    return MQ_OK;
}

static enum mq_status read_unit(const struct reading *reading, const struct row *row,
                                struct mq_frame *frame, size_t unit, struct mq_error *error)
{
    const char *name = cell(reading, row->row, NAME), *count = cell(reading, row->row, ENTERPRISES);
    int64_t enterprises;

    if (mq_decimal_parse(count, strlen(count), 0, &enterprises) != MQ_NUMBER_OK || enterprises < 0)
        return fail_cell(reading, row->row, ENTERPRISES, "a whole number of at least 0", error);
    frame->unit[unit] = (struct mq_unit){
        .level = row->level,
        .code = mq_arena_string(&frame->arena, row->unit, strlen(row->unit)),
        .name = mq_arena_string(&frame->arena, name, strlen(name)),
        .enterprises = (uint64_t)enterprises,
    };
    return frame->unit[unit].code && frame->unit[unit].name ? MQ_OK : mq_fail_memory(error);
}

static enum mq_status fill(const struct reading *reading, struct mq_frame *frame,
                           struct mq_error *error)
{
    size_t period = 0;

    for (size_t i = 0; i < reading->table->rows; i++) {
        const struct row *row = &reading->rows[i];
        size_t unit = i / reading->leaves;
        if (i == 0 || strcmp(row->period, reading->rows[i - 1].period) != 0) {
            period += i > 0;
            frame->period[period] =
                mq_arena_string(&frame->arena, row->period, strlen(row->period));
            if (!frame->period[period])
                return mq_fail_memory(error);
        }
        if (i % reading->leaves == 0) {
            MQ_TRY(read_unit(reading, row, frame, unit, error));
            frame->unit[unit].period = (uint32_t)period;
        }
        MQ_TRY(read_numbers(reading, row, frame, unit * reading->model->nodes + row->node, error));
    }
    return MQ_OK;
}

/* ---- the file ---- */

static enum mq_status read_table(struct reading *reading, struct mq_frame **frame,
                                 struct mq_error *error)
{
    enum mq_status status;

    for (int field = 0; field < (reading->model->design ? FIELDS : SE); field++)
        MQ_TRY(mq_table_column(reading->table, fields[field], &reading->column[field], error));
    for (size_t i = 0; i < reading->model->nodes; i++)
        reading->leaves += reading->model->node[i].leaf;
    MQ_TRY(sort_rows(reading, error));
    *frame = mq_frame_alloc(reading->model, reading->periods, reading->units);
    if (!*frame)
        return mq_fail_memory(error);
    if (reading->model->design)
        (*frame)->estimate =
            mq_estimates_new(&(*frame)->arena, reading->units * reading->model->nodes);
    status = reading->model->design && !(*frame)->estimate ? mq_fail_memory(error)
                                                           : fill(reading, *frame, error);
    if (status != MQ_OK) {
        mq_frame_free(*frame);
        *frame = NULL;
    }
    return status;
}

enum mq_status mq_frame_read(const struct mq_model *model, const char *path,
                             struct mq_frame **frame, struct mq_error *error)
{
    struct mq_table table = {0};
    struct reading reading = {.model = model, .table = &table};
    enum mq_status status = mq_table_read(path, &table, error);

    *frame = NULL;
    if (status != MQ_OK)
        return status;
    reading.rows = calloc(table.rows + 1, sizeof *reading.rows);
    status = reading.rows ? read_table(&reading, frame, error) : mq_fail_memory(error);
    free(reading.rows);
    mq_table_clear(&table);
    return status;
}
