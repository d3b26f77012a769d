/* Statistical edits: the rows of every group go through the method. */
#include "validate/late.h"

#include <stdlib.h>

struct editing {
    struct mq_late *late;
    const struct mq_edit *edit;
    const struct mq_edit_method *method;
    const struct mq_grouping *grouping;
    struct mq_late_values value, against; /* none without `against` */
    uint8_t *status;                      /* [rows] */
    struct mq_edit_outcome *part;         /* [workers] */
    int8_t *power;                        /* [rows], or NULL: nothing is corrected */
};

static void gather(const struct mq_late_values *values, const uint32_t *row, size_t rows,
                   double *number)
{
    const double *from = values->bits.data; /* NaN where there is none */
    for (size_t i = 0; i < rows; i++)
        number[i] = from[row[i]];
}

static enum mq_status edit_group(void *context, uint32_t group, size_t worker,
                                 struct mq_error *error)
{
    const struct editing *editing = context;
    const uint32_t *start = editing->grouping->start.data;
    const uint32_t *row = (const uint32_t *)editing->grouping->row.data + start[group];
    size_t rows = start[group + 1] - start[group];
    if (!rows)
        return MQ_OK;
    struct mq_view *view = editing->late->view + worker;
    MQ_TRY(mq_view_work(editing->late, view, mq_edit_work(rows) + 3 * rows + rows / 8 + 1, error));
    double *value = view->work.data, *against = value + rows, *measure = against + rows;
    double *work = measure + rows;
    struct mq_edit_result result = {.status = (uint8_t *)(work + mq_edit_work(rows)),
                                    .measure = measure};
    gather(&editing->value, row, rows, value);
    if (editing->edit->against)
        gather(&editing->against, row, rows, against);
    const struct mq_edit_group given = {.value = value,
                                        .against = editing->edit->against ? against : NULL,
                                        .count = rows,
                                        .param = editing->edit->choice.param};
    editing->method->run(&given, work, &result);
    for (size_t i = 0; i < rows; i++)
        editing->status[row[i]] = result.status[i];
    for (size_t i = 0; editing->power && i < rows; i++)
        if (result.status[i] == MQ_EDIT_UNIT)
            editing->power[row[i]] = (int8_t)measure[i];
    return mq_edit_outcome_add(editing->part + worker, &given, &result, row)
               ? MQ_OK
               : mq_fail_memory(error);
}

static enum mq_status run(struct editing *editing, struct mq_error *error)
{
    struct mq_late *late = editing->late;
    const struct mq_edit *edit = editing->edit;
    MQ_TRY(mq_late_group(late, edit->bys, edit->by, &editing->grouping, error));
    MQ_TRY(mq_late_values(late, edit->value, false, &editing->value, error));
    if (edit->against)
        MQ_TRY(mq_late_values(late, edit->against, false, &editing->against, error));
    for (uint32_t row = 0; row < late->rows; row++)
        editing->status[row] = MQ_EDIT_NO_MATCH; /* rows in no group */
    return mq_each_group(late, editing->grouping, edit_group, editing, error);
}

enum mq_status mq_late_edit(struct mq_late *late, size_t edit, struct mq_error *error)
{
    struct mq_array *status = late->edit_status + edit;
    MQ_TRY(mq_array_new(status, late->rows, 1, late->checker->directory, error));
    if (late->model->edit[edit].correct)
        MQ_TRY(
            mq_array_new(late->edit_power + edit, late->rows, 1, late->checker->directory, error));
    struct editing editing = {.late = late,
                              .edit = late->model->edit + edit,
                              .method = mq_edit_methods[late->model->edit[edit].choice.method],
                              .status = status->data,
                              .power = late->edit_power[edit].data};
    editing.part = calloc(late->workers + 1, sizeof *editing.part);
    enum mq_status done = editing.part ? run(&editing, error) : mq_fail_memory(error);
    if (done == MQ_OK)
        done = mq_edit_outcome_merge(late->checker->outcome + edit, editing.part, late->workers,
                                     error);
    for (size_t w = 0; editing.part && w < late->workers; w++)
        mq_edit_outcome_clear(editing.part + w);
    free(editing.part);
    mq_late_values_clear(&editing.value);
    mq_late_values_clear(&editing.against);
    return done;
}
