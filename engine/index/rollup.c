/*
 * Levels that are weighted means of finer ones.
 *
 * The weights file names units of the finer level; a unit belongs to the coarser one that its codes
 * lie in. Sums of weight * value are exact, so neither the order of units nor that of the file
 * matters.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

struct weight {
    const char *unit, *period; /* period "" = any */
    double value;
    long line;
};

struct weights {
    const char *path;
    size_t count;
    struct weight *row; /* sorted by unit, period */
};

/* A unit of the finer level inside a unit of the coarser one. */
struct member {
    size_t parent, child;
    double weight;
};

/* ---- the weights file ---- */

static int by_unit_and_period(const void *a, const void *b)
{
    const struct weight *left = a, *right = b;
    int order = strcmp(left->unit, right->unit);

    return order ? order : strcmp(left->period, right->period);
}

static const struct weight *find_weight(const struct weights *weights, const char *unit,
                                        const char *period)
{
    struct weight wanted = {.unit = unit, .period = period};
    const struct weight *found;

    if (!weights->count)
        return NULL;
    found = bsearch(&wanted, weights->row, weights->count, sizeof wanted, by_unit_and_period);
    wanted.period = "";
    return found
               ? found
               : bsearch(&wanted, weights->row, weights->count, sizeof wanted, by_unit_and_period);
}

static enum mq_status parse_rows(const struct mq_table *table, struct weights *weights,
                                 struct mq_error *error)
{
    int period = mq_table_find(table, "period");
    size_t unit, weight;

    MQ_TRY(mq_table_column(table, "unit", &unit, error));
    MQ_TRY(mq_table_column(table, "weight", &weight, error));
    for (size_t i = 0; i < table->rows; i++) {
        char **cell = &table->cell[i * table->columns];
        struct weight *row = &weights->row[i];
        *row = (struct weight){cell[unit], period < 0 ? "" : cell[period], 0, table->line[i]};
        if (mq_real_parse(cell[weight], strlen(cell[weight]), &row->value) != MQ_NUMBER_OK ||
            row->value < 0)
            return mq_fail(error, MQ_BAD_MODEL, table->path, row->line, (long)weight + 1,
                           "weight of unit %s is \"%s\", expected a number of at least 0",
                           row->unit, cell[weight]);
    }
    weights->count = table->rows;
    if (weights->count)
        qsort(weights->row, weights->count, sizeof *weights->row, by_unit_and_period);
    for (size_t i = 1; i < weights->count; i++)
        if (by_unit_and_period(&weights->row[i - 1], &weights->row[i]) == 0) {
            long first = weights->row[i - 1].line, second = weights->row[i].line;
            return mq_fail(error, MQ_BAD_MODEL, table->path, first > second ? first : second, 1,
                           "unit %s has a second weight%s%s; the first is on line %ld",
                           weights->row[i].unit, weights->row[i].period[0] ? " for period " : "",
                           weights->row[i].period, first > second ? second : first);
        }
    return MQ_OK;
}

/* Every unit of the file must be one of the data: a weight that silently does nothing is a mistake.
 */
static enum mq_status check_units(const struct mq_frame *frame, uint32_t level,
                                  const struct weights *weights, struct mq_error *error)
{
    for (size_t i = 0; i < weights->count; i++) {
        bool found = false;
        for (uint32_t period = 0; period < frame->periods && !found; period++)
            found = mq_frame_find(frame, period, level, weights->row[i].unit) != SIZE_MAX;
        if (!found)
            return mq_fail(error, MQ_BAD_MODEL, weights->path, weights->row[i].line, 1,
                           "unit %s has a weight but is not among the data at level %s; take the "
                           "line out or correct the code",
                           weights->row[i].unit, frame->model->level[level].id);
    }
    return MQ_OK;
}

/* ---- which unit lies in which ---- */

static enum mq_status find_members(const struct mq_frame *frame, uint32_t coarse,
                                   const struct weights *weights, struct member *members,
                                   size_t *count, struct mq_error *error)
{
    const struct mq_model *model = frame->model;
    uint32_t fine = (uint32_t)model->level[coarse].rollup.of;
    struct mq_around around = {0};
    enum mq_status status = MQ_OK;

    *count = 0;
    if (!mq_around_open(&around, frame, fine, coarse)) {
        const struct mq_level *level = &model->level[coarse];
        const struct mq_level_axis *axis = &level->axis[around.lacking];
        return mq_fail(error, MQ_BAD_MODEL, model->path, level->at.line, level->at.column,
                       "level %s cannot be rolled up from %s: units of %s have no %s%s%s",
                       level->id, model->level[fine].id, model->level[fine].id,
                       model->input[axis->input].id, axis->part[0] ? "." : "", axis->part);
    }
    for (size_t i = 0; i < frame->units && status == MQ_OK; i++) {
        const struct mq_unit *unit = &frame->unit[i];
        const char *period = frame->period[unit->period];
        const struct weight *weight;
        size_t parent;
        if (unit->level != fine)
            continue;
        weight = find_weight(weights, unit->code, period);
        if (!weight) {
            status =
                mq_fail(error, MQ_BAD_MODEL, weights->path, 0, 0,
                        "unit %s (%s) of level %s is in the data%s%s but has no weight; add a line",
                        unit->code, unit->name, model->level[fine].id,
                        period[0] ? " of period " : "", period);
            break;
        }
        status = mq_around_find(&around, i, &parent, error);
        if (status == MQ_OK && parent != SIZE_MAX)
            members[(*count)++] = (struct member){parent, i, weight->value};
    }
    mq_around_close(&around);
    return status;
}

/* ---- weighted means ---- */

static int by_parent(const void *a, const void *b)
{
    const struct member *left = a, *right = b;

    return (left->parent > right->parent) - (left->parent < right->parent);
}

static void mean_of_members(struct mq_frame *frame, size_t node, const struct member *member,
                            size_t count)
{
    struct mq_exact sum = {0}, weights = {0};
    size_t nodes = frame->model->nodes, at = member->parent * nodes + node;
    double total;

    for (size_t i = 0; i < count; i++) {
        double value = frame->value[member[i].child * nodes + node];
        if (isnan(value))
            continue;
        if (!isfinite(member[i].weight * value)) {
            frame->reason[at] = MQ_UNDEFINED;
            return;
        }
        mq_exact_product(&sum, member[i].weight, value);
        mq_exact_add(&weights, member[i].weight);
    }
    total = mq_exact_value(&weights);
    if (total > 0 && isfinite(mq_exact_value(&sum) / total)) {
        frame->value[at] = mq_exact_value(&sum) / total;
        frame->reason[at] = MQ_FINE;
    }
}

static void clear_level(struct mq_frame *frame, uint32_t level)
{
    const struct mq_model *model = frame->model;

    for (size_t i = 0; i < frame->units; i++)
        for (size_t k = 0; k < model->nodes && frame->unit[i].level == level; k++) {
            size_t at = i * model->nodes + k;
            frame->value[at] = frame->numerator[at] = frame->denominator[at] = NAN;
            frame->reason[at] = model->node[k].leaf ? MQ_NOT_REPORTED : MQ_FINE;
        }
}

static enum mq_status roll_level(struct mq_frame *frame, uint32_t level, struct member *members,
                                 struct mq_error *error)
{
    const struct mq_model *model = frame->model;
    struct mq_table table = {0};
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct weights weights = {0};
    enum mq_status status = MQ_OK;
    size_t count = 0;

    weights.path = mq_model_path(model, model->level[level].rollup.path, &arena);
    if (!weights.path)
        status = mq_fail_memory(error);
    if (status == MQ_OK)
        status = mq_table_read(weights.path, &table, error);
    if (status == MQ_OK) {
        weights.row = mq_arena_array(&arena, table.rows + 1, sizeof *weights.row);
        status = weights.row ? parse_rows(&table, &weights, error) : mq_fail_memory(error);
    }
    if (status == MQ_OK)
        status = check_units(frame, (uint32_t)model->level[level].rollup.of, &weights, error);
    if (status == MQ_OK)
        status = find_members(frame, level, &weights, members, &count, error);
    if (status == MQ_OK)
        clear_level(frame, level);
    if (count)
        qsort(members, count, sizeof *members, by_parent);
    for (size_t begin = 0, end; status == MQ_OK && begin < count; begin = end) {
        for (end = begin; end < count && members[end].parent == members[begin].parent;)
            end++;
        for (size_t k = 0; k < model->nodes; k++)
            if (model->node[k].leaf)
                mean_of_members(frame, k, &members[begin], end - begin);
    }
    mq_table_clear(&table);
    mq_arena_clear(&arena);
    return status;
}

/* A level may be rolled up from one that is itself rolled up: that one first. */
static enum mq_status roll_levels(struct mq_frame *frame, struct member *members, bool *done,
                                  struct mq_error *error)
{
    const struct mq_model *model = frame->model;
    bool progress = true, waiting = true;

    for (size_t i = 0; i < model->levels; i++)
        done[i] = model->level[i].rollup.of < 0;
    while (progress) {
        progress = waiting = false;
        for (size_t i = 0; i < model->levels; i++) {
            if (done[i])
                continue;
            waiting = true;
            if (!done[model->level[i].rollup.of])
                continue;
            MQ_TRY(roll_level(frame, (uint32_t)i, members, error));
            done[i] = progress = true;
        }
    }
    return waiting ? mq_fail(error, MQ_BAD_MODEL, model->path, 0, 0,
                             "levels are rolled up from each other in a circle")
                   : MQ_OK;
}

enum mq_status mq_rollup(struct mq_frame *frame, struct mq_error *error)
{
    struct member *members = malloc((frame->units + 1) * sizeof *members);
    bool *done = calloc(frame->model->levels + 1, sizeof *done);
    enum mq_status status =
        members && done ? roll_levels(frame, members, done, error) : mq_fail_memory(error);

    free(members);
    free(done);
    return status;
}
