/* Standard errors and intervals of scores, read back from scores.csv. */
#include <math.h>
#include <string.h>

#include "index/index_parts.h"

struct mq_estimate *mq_estimates_new(struct mq_arena *arena, size_t count)
{
    struct mq_estimate *estimate = mq_arena_array(arena, count + 1, sizeof *estimate);

    for (size_t i = 0; estimate && i < count; i++)
        estimate[i] = (struct mq_estimate){NAN, NAN, NAN};
    return estimate;
}

static enum mq_status read_cell(const struct mq_table *table, size_t row, size_t column,
                                double *value, struct mq_error *error)
{
    const char *text = table->cell[row * table->columns + column];

    *value = NAN;
    if (text[0] && mq_real_parse(text, strlen(text), value) != MQ_NUMBER_OK)
        return mq_fail(error, MQ_DATA, table->path, table->line[row], (long)column + 1,
                       "%s is \"%s\", expected a number or nothing", table->header[column], text);
    return MQ_OK;
}

/* Rows stand as mq_scores_write writes them; whether they do shows when they are compared with what
 * it writes now. */
static enum mq_status read_rows(struct mq_scores *scores, const struct mq_table *table,
                                struct mq_error *error)
{
    static const char *const names[] = {"se", "low", "high"};
    size_t nodes = scores->model->nodes, column[3];

    for (int i = 0; i < 3; i++)
        MQ_TRY(mq_table_column(table, names[i], &column[i], error));
    if (table->rows != scores->frame->units * nodes)
        return mq_fail(error, MQ_DATA, table->path, 0, 0,
                       "has %zu rows, but the indicators beside it make %zu scores", table->rows,
                       scores->frame->units * nodes);
    for (size_t i = 0; i < table->rows; i++) {
        struct mq_estimate *into =
            &scores->estimate[i / nodes * nodes + (size_t)scores->model->order[i % nodes]];
        double *member[] = {&into->se, &into->low, &into->high};
        for (int k = 0; k < 3; k++)
            MQ_TRY(read_cell(table, i, column[k], member[k], error));
    }
    return MQ_OK;
}

enum mq_status mq_scores_read_estimates(struct mq_scores *scores, const char *path,
                                        struct mq_error *error)
{
    struct mq_table table = {0};

    MQ_TRY(mq_table_read(path, &table, error));
    scores->estimate =
        mq_estimates_new(&scores->arena, scores->frame->units * scores->model->nodes);
    enum mq_status status =
        scores->estimate ? read_rows(scores, &table, error) : mq_fail_memory(error);
    mq_table_clear(&table);
    return status;
}
