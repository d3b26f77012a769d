/* Derived columns: values of all rows, group by group. */
#include <math.h>

#include "validate/late.h"

/* ---- values of rows ---- */

struct asking {
    struct mq_late *late;
    const struct mq_program *program;
    uint8_t *truth; /* [rows] */
};

static enum mq_status ask_block(void *context, size_t index, size_t worker, struct mq_error *error)
{
    const struct asking *asking = context;
    const struct mq_late_block *block = asking->late->block + index;
    struct mq_view *view = asking->late->view + worker;
    MQ_TRY(mq_late_look(asking->late, block, view, false, error));
    if (mq_program_truth(asking->program, view->column, block->of->rows, &view->scratch,
                         asking->truth + block->first) != MQ_OK)
        return mq_fail_memory(error);
    return MQ_OK;
}

/* Truths of a condition on one row, for all rows. */
static enum mq_status ask(struct mq_late *late, const struct mq_program *program,
                          struct mq_array *truth, struct mq_error *error)
{
    MQ_TRY(mq_array_new(truth, late->rows, 1, late->checker->directory, error));
    struct asking asking = {.late = late, .program = program, .truth = truth->data};
    return mq_each(late->workers, late->blocks, ask_block, &asking, error);
}

struct evaluation {
    struct mq_late *late;
    const struct mq_program *program;
    int amount;   /* the input, if the values are nothing but an amount */
    bool derived; /* the program looks at derived columns */
    struct mq_late_values *values;
};

static enum mq_status evaluate_block(void *context, size_t index, size_t worker,
                                     struct mq_error *error)
{
    const struct evaluation *evaluation = context;
    struct mq_late *late = evaluation->late;
    const struct mq_late_block *block = late->block + index;
    struct mq_view *view = late->view + worker;
    size_t rows = block->of->rows;
    uint8_t *absent = (uint8_t *)evaluation->values->absent.data + block->first;
    MQ_TRY(mq_late_look(late, block, view, evaluation->derived, error));
    if (evaluation->values->whole) {
        const struct mq_column *column = view->column + evaluation->amount;
        int64_t *amount = (int64_t *)evaluation->values->bits.data + block->first;
        for (size_t i = 0; i < rows; i++) {
            amount[i] = column->amount[i];
            absent[i] = column->state[i] != MQ_PRESENT;
        }
        return MQ_OK;
    }
    double *number = (double *)evaluation->values->bits.data + block->first;
    if (mq_program_value(evaluation->program, view->column, rows, &view->scratch, number) != MQ_OK)
        return mq_fail_memory(error);
    for (size_t i = 0; i < rows; i++)
        absent[i] = isnan(number[i]);
    return MQ_OK;
}

enum mq_status mq_late_values(struct mq_late *late, const struct mq_program *program, bool whole,
                              struct mq_late_values *values, struct mq_error *error)
{
    const char *directory = late->checker->directory;
    struct evaluation evaluation = {.late = late, .program = program, .values = values};
    *values = (struct mq_late_values){0};
    evaluation.amount = whole ? mq_program_amount(program, &values->decimals) : -1;
    values->whole = evaluation.amount >= 0;
    for (size_t d = 0; d < late->model->deriveds && !evaluation.derived; d++)
        evaluation.derived = mq_program_reads(program, (int)(late->model->inputs + d));
    enum mq_status status = mq_array_new(&values->bits, late->rows, 8, directory, error);
    if (status == MQ_OK)
        status = mq_array_new(&values->absent, late->rows, 1, directory, error);
    if (status == MQ_OK)
        status = mq_each(late->workers, late->blocks, evaluate_block, &evaluation, error);
    if (status != MQ_OK)
        mq_late_values_clear(values);
    return status;
}

void mq_late_values_clear(struct mq_late_values *values)
{
    mq_array_clear(&values->bits);
    mq_array_clear(&values->absent);
}

/* ---- kinds that say one thing of a group ---- */

struct summary {
    struct mq_late *late;
    enum mq_derived_kind kind;
    const struct mq_grouping *grouping;
    struct mq_late_values values; /* none for kinds that count rows */
    struct mq_array truth;        /* enum mq_truth [rows]: only true rows count; none: all do */
    double *result;               /* [groups] */
};

static size_t count_true(const uint8_t *truth, const uint32_t *row, size_t rows)
{
    size_t count = 0;
    for (size_t i = 0; i < rows; i++)
        count += truth[row[i]] == MQ_TRUE;
    return count;
}

static void gather(const struct summary *summary, const uint32_t *row, size_t rows,
                   struct mq_group_values *group)
{
    const struct mq_late_values *values = &summary->values;
    const uint8_t *absent = values->absent.data, *truth = summary->truth.data;
    const int64_t *amount = values->bits.data;
    const double *number = values->bits.data;
    for (size_t i = 0; i < rows; i++) {
        if (absent[row[i]] || (truth && truth[row[i]] != MQ_TRUE))
            continue;
        if (values->whole)
            group->amount[group->count++] = amount[row[i]];
        else
            group->number[group->count++] = number[row[i]];
    }
}

static enum mq_status summarise_group(void *context, uint32_t group, size_t worker,
                                      struct mq_error *error)
{
    const struct summary *summary = context;
    const uint32_t *start = summary->grouping->start.data, *row = summary->grouping->row.data;
    struct mq_view *view = summary->late->view + worker;
    struct mq_group_values values = {.rows = start[group + 1] - start[group],
                                     .whole = summary->values.whole,
                                     .decimals = summary->values.decimals};
    if (summary->values.bits.data) {
        MQ_TRY(mq_view_work(summary->late, view, values.rows, error));
        values.number = view->work.data;
        values.amount = view->work.data;
        gather(summary, row + start[group], values.rows, &values);
    }
    if (summary->truth.data)
        values.rows = count_true(summary->truth.data, row + start[group], values.rows);
    double result = mq_derive_group(summary->kind, &values);
    summary->result[group] = isfinite(result) ? result : NAN;
    return MQ_OK;
}

static enum mq_status summarise(struct mq_late *late, const struct mq_derived *derived,
                                struct mq_derive *made, struct mq_error *error)
{
    MQ_TRY(mq_late_group(late, derived->bys, derived->by, &made->grouping, error));
    MQ_TRY(mq_array_new(&made->value, made->grouping->groups, sizeof(double),
                        late->checker->directory, error));
    struct summary summary = {.late = late,
                              .kind = derived->kind,
                              .grouping = made->grouping,
                              .result = made->value.data};
    enum mq_status status = MQ_OK;
    if (derived->value)
        status = mq_late_values(late, derived->value, true, &summary.values, error);
    if (status == MQ_OK && derived->where)
        status = ask(late, derived->where, &summary.truth, error);
    if (status == MQ_OK)
        status = mq_each_group(late, made->grouping, summarise_group, &summary, error);
    mq_late_values_clear(&summary.values);
    mq_array_clear(&summary.truth);
    return status;
}

enum mq_status mq_late_derive(struct mq_late *late, size_t derived, struct mq_error *error)
{
    const struct mq_derived *of = late->model->derived + derived;
    struct mq_derive *made = late->derive + derived;
    enum mq_status status;
    switch (of->kind) {
    case MQ_ALL_COMPLETE:
        status = mq_derive_complete(late, of, made, error);
        break;
    case MQ_DETERMINES:
        status = mq_derive_determines(late, of, made, error);
        break;
    case MQ_HIERARCHY:
    case MQ_PART_WHOLE:
        status = mq_derive_sums(late, of, made, error);
        break;
    case MQ_EARLIER:
        status = mq_derive_earlier(late, of, made, error);
        break;
    default:
        status = summarise(late, of, made, error);
    }
    made->done = status == MQ_OK;
    return status;
}
