/* prepared.csv: what was changed between raw values and scores, written and read back. */
#include <math.h>
#include <string.h>

#include "index/index_parts.h"

enum field { PERIOD, LEVEL, UNIT, INDICATOR, STAGE, METHOD, BEFORE, AFTER, FIELDS };
static const char *const fields[FIELDS] = {"period", "level",  "unit",   "indicator",
                                           "stage",  "method", "before", "after"};

/* A cell has at most one row of each, in this order. */
enum stage { SCREEN, IMPUTE, TREAT, STAGES };
static const char *const stages[STAGES] = {"screen", "impute", "treat"};

/* ---- writing ---- */

static const char *method_of(const struct mq_node *node, enum stage stage)
{
    return stage == IMPUTE  ? mq_imputers[node->impute.method]->method.name
           : stage == TREAT ? mq_treaters[node->treat.method]->method.name
                            : "";
}

static void add_text(struct mq_buffer *csv, const char *text)
{
    mq_buffer_csv(csv, text, strlen(text));
    mq_buffer_text(csv, ",");
}

static void add_number(struct mq_buffer *csv, double value, const char *end)
{
    if (!isnan(value))
        mq_buffer_real(csv, value);
    mq_buffer_text(csv, end);
}

/* `node` may be NULL: a unit that was screened out although it had no value at all. */
static void add_row(struct mq_buffer *csv, const struct mq_frame *frame, const struct mq_unit *unit,
                    const struct mq_node *node, enum stage stage)
{
    add_text(csv, frame->period[unit->period]);
    add_text(csv, frame->model->level[unit->level].id);
    add_text(csv, unit->code);
    add_text(csv, node ? node->id : "");
    add_text(csv, stages[stage]);
    add_text(csv, node ? method_of(node, stage) : "");
}

static void add_values(struct mq_buffer *csv, double before, double after)
{
    add_number(csv, before, ",");
    add_number(csv, after, "\n");
}

/* The changes of one value; returns how many. */
static size_t add_cell(struct mq_buffer *csv, const struct mq_frame *frame, size_t unit,
                       size_t node)
{
    size_t at = unit * frame->model->nodes + node, rows = 0;
    double value = frame->value[at], filled = frame->filled[at], used = frame->used[at];
    const struct mq_node *of = &frame->model->node[node];

    if (isnan(filled) != isnan(value)) {
        add_row(csv, frame, &frame->unit[unit], of, isnan(filled) ? SCREEN : IMPUTE);
        add_values(csv, value, filled);
        rows++;
    }
    if (!isnan(filled) && used != filled) {
        add_row(csv, frame, &frame->unit[unit], of, TREAT);
        add_values(csv, filled, used);
        rows++;
    }
    return rows;
}

enum mq_status mq_prepared_write(const struct mq_frame *frame, struct mq_buffer *csv)
{
    for (int i = 0; i < FIELDS; i++)
        mq_buffer_format(csv, "%s%s", fields[i], i + 1 < FIELDS ? "," : "\n");
    for (size_t unit = 0; frame->filled && unit < frame->units; unit++) {
        size_t rows = 0;
        for (size_t k = 0; k < frame->model->nodes; k++)
            if (frame->model->node[k].leaf)
                rows += add_cell(csv, frame, unit, k);
        if (frame->screened[unit] && rows == 0) {
            add_row(csv, frame, &frame->unit[unit], NULL, SCREEN);
            add_values(csv, NAN, NAN);
        }
    }
    return csv->failed ? MQ_INTERNAL : MQ_OK;
}

/* ---- reading ---- */

struct reading {
    struct mq_frame *frame;
    const struct mq_table *table;
    size_t column[FIELDS];
    struct mq_error *error;
};

static const char *cell(const struct reading *reading, size_t row, enum field field)
{
    return reading->table->cell[row * reading->table->columns + reading->column[field]];
}

static enum mq_status fail_cell(const struct reading *reading, size_t row, enum field field,
                                const char *expected)
{
    return mq_fail(reading->error, MQ_DATA, reading->table->path, reading->table->line[row],
                   (long)reading->column[field] + 1, "%s is \"%s\", expected %s", fields[field],
                   cell(reading, row, field), expected);
}

static enum mq_status read_number(const struct reading *reading, size_t row, enum field field,
                                  double *value)
{
    const char *text = cell(reading, row, field);

    *value = NAN;
    if (!text[0] || mq_real_parse(text, strlen(text), value) == MQ_NUMBER_OK)
        return MQ_OK;
    return fail_cell(reading, row, field, "a number or nothing");
}

static enum mq_status find_place(const struct reading *reading, size_t row, size_t *unit,
                                 size_t *node)
{
    const struct mq_model *model = reading->frame->model;
    size_t period = mq_frame_period(reading->frame, cell(reading, row, PERIOD)), level = 0;

    while (level < model->levels && strcmp(model->level[level].id, cell(reading, row, LEVEL)) != 0)
        level++;
    if (period == SIZE_MAX)
        return fail_cell(reading, row, PERIOD, "a period of indicators.csv");
    if (level == model->levels)
        return fail_cell(reading, row, LEVEL, "a level of the model");
    *unit =
        mq_frame_find(reading->frame, (uint32_t)period, (uint32_t)level, cell(reading, row, UNIT));
    if (*unit == SIZE_MAX)
        return fail_cell(reading, row, UNIT, "a unit of indicators.csv");
    *node = 0;
    while (*node < model->nodes &&
           strcmp(model->node[*node].id, cell(reading, row, INDICATOR)) != 0)
        ++*node;
    return *node < model->nodes || !cell(reading, row, INDICATOR)[0]
               ? MQ_OK
               : fail_cell(reading, row, INDICATOR, "an indicator of the model");
}

static enum mq_status read_row(const struct reading *reading, size_t row)
{
    struct mq_frame *frame = reading->frame;
    size_t unit = 0, node = 0, stage = 0;
    double before, after;

    MQ_TRY(find_place(reading, row, &unit, &node));
    while (stage < STAGES && strcmp(stages[stage], cell(reading, row, STAGE)) != 0)
        stage++;
    if (stage == STAGES)
        return fail_cell(reading, row, STAGE, "screen, impute or treat");
    if (stage == SCREEN)
        frame->screened[unit] = 1;
    if (node == frame->model->nodes)
        return MQ_OK;
    MQ_TRY(read_number(reading, row, BEFORE, &before));
    MQ_TRY(read_number(reading, row, AFTER, &after));
    double *used = &frame->used[unit * frame->model->nodes + node];
    if (before != *used && !(isnan(before) && isnan(*used)))
        return fail_cell(reading, row, BEFORE,
                         "what indicators.csv and the rows before have; the directory was altered");
    *used = after;
    if (stage != TREAT)
        frame->filled[unit * frame->model->nodes + node] = after;
    return MQ_OK;
}

static enum mq_status read_rows(struct reading *reading)
{
    for (int i = 0; i < FIELDS; i++) {
        int found = mq_table_find(reading->table, fields[i]);
        if (found < 0)
            return mq_fail(reading->error, MQ_DATA, reading->table->path,
                           reading->table->header_line, 0, "the column \"%s\" is missing",
                           fields[i]);
        reading->column[i] = (size_t)found;
    }
    for (size_t i = 0; i < reading->table->rows; i++)
        MQ_TRY(read_row(reading, i));
    return MQ_OK;
}

enum mq_status mq_prepared_read(struct mq_frame *frame, const char *path, struct mq_error *error)
{
    struct mq_table table = {0};
    struct reading reading = {.frame = frame, .table = &table, .error = error};

    MQ_TRY(mq_prepared_alloc(frame, error));
    enum mq_status status = mq_table_read(path, &table, error);
    if (status == MQ_OK)
        status = read_rows(&reading);
    mq_table_clear(&table);
    return status;
}
