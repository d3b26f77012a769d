/* Weights of a level that is rolled up: a file unit,weight[,period] with units of the finer level.
 */
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

static int by_unit_and_period(const void *a, const void *b)
{
    const struct mq_weight *left = a, *right = b;
    int order = strcmp(left->unit, right->unit);

    return order ? order : strcmp(left->period, right->period);
}

const struct mq_weight *mq_weights_find(const struct mq_weights *weights, const char *unit,
                                        const char *period)
{
    struct mq_weight wanted = {.unit = unit, .period = period};
    const struct mq_weight *found;

    if (!weights->count)
        return NULL;
    found = bsearch(&wanted, weights->row, weights->count, sizeof wanted, by_unit_and_period);
    wanted.period = "";
    return found
               ? found
               : bsearch(&wanted, weights->row, weights->count, sizeof wanted, by_unit_and_period);
}

static enum mq_status parse_rows(struct mq_weights *weights, struct mq_error *error)
{
    const struct mq_table *table = &weights->table;
    int period = mq_table_find(table, "period");
    size_t unit, weight;

    MQ_TRY(mq_table_column(table, "unit", &unit, error));
    MQ_TRY(mq_table_column(table, "weight", &weight, error));
    for (size_t i = 0; i < table->rows; i++) {
        char **cell = &table->cell[i * table->columns];
        struct mq_weight *row = &weights->row[i];
        *row = (struct mq_weight){cell[unit], period < 0 ? "" : cell[period], 0, table->line[i]};
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

/* Could there be such a unit? Every part of its code is in the list at the level's part; an input
 * without a list cannot tell. */
static bool possible(const struct mq_model *model, const struct mq_level *level, const char *code)
{
    for (size_t i = 0; i < level->axes; i++) {
        const struct mq_level_axis *axis = &level->axis[i];
        struct mq_text part = {code, strcspn(code, "|")};
        int list = model->input[axis->input].list;
        uint32_t ordinal = list < 0 ? MQ_NO_CODE : mq_dict_find(model->list[list].dict, part);
        if (ordinal == MQ_NO_CODE ||
            (axis->part[0] && strcmp(model->list[list].code[ordinal].level, axis->part) != 0))
            return false;
        code += part.n;
        if ((*code == '|') != (i + 1 < level->axes))
            return false;
        code += *code == '|';
    }
    return *code == '\0';
}

/* Every unit of the file must be one of the data, or one that could be and may be empty: a weight
 * that silently does nothing is a mistake. */
static enum mq_status check_units(const struct mq_frame *frame, uint32_t level,
                                  const struct mq_weights *weights, struct mq_error *error)
{
    const struct mq_rollup *rollup = &frame->model->level[level].rollup;
    const struct mq_level *fine = &frame->model->level[rollup->of];

    for (size_t i = 0; i < weights->count; i++) {
        bool found = false;
        for (uint32_t period = 0; period < frame->periods && !found; period++)
            found = mq_frame_find(frame, period, (uint32_t)rollup->of, weights->row[i].unit) !=
                    SIZE_MAX;
        if (found)
            continue;
        if (rollup->empty == MQ_EMPTY_FAIL)
            return mq_fail(error, MQ_BAD_MODEL, weights->path, weights->row[i].line, 1,
                           "unit %s has a weight but is not among the data at level %s; take the "
                           "line out, correct the code, or write in the model what becomes of "
                           "empty units (empty: renormalise or borrow)",
                           weights->row[i].unit, fine->id);
        if (!possible(frame->model, fine, weights->row[i].unit))
            return mq_fail(error, MQ_BAD_MODEL, weights->path, weights->row[i].line, 1,
                           "unit %s has a weight but is neither among the data at level %s nor in "
                           "the code lists; take the line out or correct the code",
                           weights->row[i].unit, fine->id);
    }
    return MQ_OK;
}

enum mq_status mq_weights_read(const struct mq_frame *frame, uint32_t level, struct mq_arena *arena,
                               struct mq_weights *weights, struct mq_error *error)
{
    weights->path = mq_model_path(frame->model, frame->model->level[level].rollup.path, arena);
    if (!weights->path)
        return mq_fail_memory(error);
    MQ_TRY(mq_table_read(weights->path, &weights->table, error));
    weights->row = mq_arena_array(arena, weights->table.rows + 1, sizeof *weights->row);
    if (!weights->row)
        return mq_fail_memory(error);
    MQ_TRY(parse_rows(weights, error));
    return check_units(frame, level, weights, error);
}
