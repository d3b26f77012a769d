/* Corrections of rows as they are read. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "validate/checker.h"
#include "validate/prorate.h"

/* ---- one row ---- */

static int64_t ten_to(int power)
{
    int64_t result = 1;
    while (power-- > 0)
        result *= 10;
    return result;
}

bool mq_correct_power(int64_t value, int power, int64_t *result)
{
    if (power < 0)
        return !__builtin_mul_overflow(value, ten_to(-power), result);
    int64_t by = ten_to(power), rest = value % by;
    *result = value / by;
    if (rest >= by - by / 2)
        ++*result;
    else if (rest <= by / 2 - by)
        --*result;
    return true;
}

static enum mq_correction_outcome scale_row(const struct mq_correction *of,
                                            struct mq_corrected *corrected, size_t row)
{
    bool same = true;
    for (size_t i = 0; i < of->fields; i++) {
        const struct mq_column *column = corrected->column + of->field[i];
        corrected->after[i] = column->amount[row];
        if (column->state[row] != MQ_PRESENT)
            continue;
        if (!mq_correct_power(column->amount[row], of->power, &corrected->after[i]))
            return MQ_CORRECTION_RANGE;
        same = same && corrected->after[i] == column->amount[row];
    }
    return same ? MQ_CORRECTION_SAME : MQ_CORRECTION_DONE;
}

/* The parts as whole numbers of their last decimal; they must add up to `wanted` exactly. */
static bool take_result(const struct mq_correction *of, struct mq_corrected *corrected, size_t row,
                        int64_t unit, mq_int128 wanted)
{
    mq_int128 sum = 0;
    for (size_t i = 0; i < of->fields; i++) {
        const struct mq_column *column = corrected->column + of->field[i];
        double whole = corrected->result[i] * (double)unit;
        corrected->after[i] = column->amount[row];
        if (column->state[row] != MQ_PRESENT)
            continue;
        if (!(fabs(whole) < 0x1p53))
            return false;
        corrected->after[i] = (int64_t)llround(whole);
        sum += corrected->after[i];
    }
    return sum == wanted;
}

static enum mq_correction_outcome prorate_row(const struct mq_correction *of,
                                              struct mq_corrected *corrected, size_t row)
{
    const struct mq_column *total = corrected->column + of->total;
    int decimals = corrected->column[of->field[0]].decimals;
    int64_t unit = ten_to(decimals);
    mq_int128 wanted = total->amount[row], gap;
    if (total->state[row] != MQ_PRESENT)
        return MQ_CORRECTION_NO_TOTAL;
    if (total->decimals > decimals && wanted % ten_to(total->decimals - decimals) != 0)
        return MQ_CORRECTION_DECIMALS;
    wanted = total->decimals > decimals ? wanted / ten_to(total->decimals - decimals)
                                        : wanted * ten_to(decimals - total->decimals);
    gap = wanted;
    for (size_t i = 0; i < of->fields; i++) {
        const struct mq_column *column = corrected->column + of->field[i];
        bool present = column->state[row] == MQ_PRESENT;
        corrected->part[i] = present ? (double)column->amount[row] / (double)unit : (double)NAN;
        gap -= present ? column->amount[row] : 0;
    }
    if (gap == 0)
        return MQ_CORRECTION_BALANCED;
    const struct mq_prorate prorate = {
        .method = of->scaling ? MQ_PRORATE_SCALING : MQ_PRORATE_BASIC,
        .count = of->fields,
        .part = corrected->part,
        .weight = of->weight,
        .fixed = of->fixed,
        .total = (double)total->amount[row] / (double)ten_to(total->decimals),
        .decimals = decimals,
        .low = of->low,
        .high = of->high};
    enum mq_prorate_outcome outcome = mq_prorate(&prorate, corrected->result, NULL);
    bool small = (gap < 0 ? -gap : gap) * 100000000 <= unit; /* 1e-8 */
    if (outcome == MQ_PRORATE_BALANCED && !small)
        return MQ_CORRECTION_DECIMALS; /* numbers too large to be told apart */
    if (outcome == MQ_PRORATE_DONE && !take_result(of, corrected, row, unit, wanted))
        return MQ_CORRECTION_DECIMALS;
    return (enum mq_correction_outcome)outcome;
}

/* ---- changes ---- */

bool mq_change_add(struct mq_corrected *corrected, struct mq_change change)
{
    void *grown = mq_make_room(corrected->change, &corrected->change_capacity, corrected->changes,
                               sizeof change);
    if (!grown)
        return false;
    corrected->change = grown;
    change.order = (uint32_t)corrected->changes;
    corrected->change[corrected->changes++] = change;
    return true;
}

void mq_changes_make(struct mq_corrected *corrected, size_t from)
{
    for (size_t i = from; i < corrected->changes; i++) {
        const struct mq_change *change = corrected->change + i;
        corrected->amount[change->input][change->row] = change->after;
        corrected->changed[change->row] = 1;
    }
}

static int by_row(const void *left, const void *right)
{
    const struct mq_change *a = left, *b = right;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* column,before,after,correction */
static void format_change(const struct mq_checker *checker, struct mq_judge *judge,
                          const struct mq_change *change)
{
    const struct mq_corrector *by = checker->correcting.corrector + change->corrector;
    const struct mq_input *input = checker->model->input + change->input;
    struct mq_buffer *text = &judge->text, *field = &judge->field;
    char number[48];
    mq_buffer_text(field, mq_input_heading(input));
    mq_record_field(judge, ",");
    mq_buffer_format(text, "%s,", mq_decimal_text(change->before, input->decimals, number));
    mq_buffer_format(text, "%s,", mq_decimal_text(change->after, input->decimals, number));
    mq_buffer_text(field, by->correction ? by->correction->id : by->rule->id);
    mq_record_field(judge, "\n");
}

enum mq_status mq_changes_tell(struct mq_checker *checker, struct mq_judge *judge,
                               struct mq_error *error)
{
    struct mq_corrected *corrected = &judge->corrected;
    uint64_t line = 0;
    if (corrected->changes)
        qsort(corrected->change, corrected->changes, sizeof *corrected->change, by_row);
    for (size_t i = 0; i < corrected->changes; i++) {
        const struct mq_change *change = corrected->change + i;
        if (i == 0 || change->row != change[-1].row)
            MQ_TRY(mq_row_line(checker, &corrected->batch, change->row, &line, error));
        MQ_TRY(mq_record_open(checker, &corrected->batch, change->row, line, error));
        format_change(checker, judge, change);
        MQ_TRY(mq_records_add(judge, MQ_RECORDS_CORRECTED, &corrected->batch, change->row, error));
    }
    corrected->changes = 0;
    return MQ_OK;
}

/* ---- a batch ---- */

/* A ragged row says nothing, and one with a cell that cannot be read leaves for that. */
static bool readable(const struct mq_correction *of, const struct mq_batch *batch, size_t row)
{
    if (batch->fields[row] || (!of->power && batch->column[of->total].state[row] > MQ_MISSING))
        return false;
    for (size_t i = 0; i < of->fields; i++)
        if (batch->column[of->field[i]].state[row] > MQ_MISSING)
            return false;
    return true;
}

static bool add_changes(struct mq_corrected *corrected, const struct mq_correction *of,
                        uint32_t corrector, size_t row)
{
    size_t from = corrected->changes;
    for (size_t i = 0; i < of->fields; i++) {
        int64_t before = corrected->amount[of->field[i]][row];
        struct mq_change change = {.row = (uint32_t)row,
                                   .input = of->field[i],
                                   .corrector = corrector,
                                   .before = before,
                                   .after = corrected->after[i]};
        if (change.after != before && !mq_change_add(corrected, change))
            return false;
    }
    mq_changes_make(corrected, from);
    return true;
}

static enum mq_status apply(struct mq_judge *judge, const struct mq_correction *of, size_t c,
                            struct mq_error *error)
{
    struct mq_corrected *corrected = &judge->corrected;
    const struct mq_batch *batch = &corrected->batch;
    uint64_t *outcomes = corrected->count[c].rows;
    uint64_t unheard[MQ_CORRECTION_OUTCOMES] = {0};
    if (batch->at) /* read again: it has been counted before */
        outcomes = unheard;
    if (of->where && mq_program_truth(of->where, corrected->column, batch->rows, &judge->scratch,
                                      corrected->truth) != MQ_OK)
        return mq_fail_memory(error);
    for (size_t row = 0; row < batch->rows; row++) {
        if ((of->where && corrected->truth[row] != MQ_TRUE) || !readable(of, batch, row))
            continue;
        enum mq_correction_outcome outcome =
            of->power ? scale_row(of, corrected, row) : prorate_row(of, corrected, row);
        outcomes[outcome]++;
        if (outcome == MQ_CORRECTION_DONE && !add_changes(corrected, of, (uint32_t)c, row))
            return mq_fail_memory(error);
    }
    return MQ_OK;
}

static enum mq_status reserve(const struct mq_correcting *correcting,
                              struct mq_corrected *corrected, size_t rows, struct mq_error *error)
{
    if (rows <= corrected->capacity)
        return MQ_OK;
    size_t capacity = rows + rows / 8;
    corrected->capacity = 0;
    free(corrected->changed);
    corrected->changed = malloc(2 * capacity);
    if (!corrected->changed)
        return mq_fail_memory(error);
    corrected->truth = corrected->changed + capacity;
    for (size_t i = 0; i < correcting->inputs; i++) {
        int64_t **amount = &corrected->amount[correcting->input[i]];
        free(*amount);
        *amount = calloc(capacity, sizeof **amount);
        if (!*amount)
            return mq_fail_memory(error);
    }
    corrected->capacity = capacity;
    return MQ_OK;
}

/* Control totals speak of amounts as read. */
static void count_changes(struct mq_judge *judge)
{
    struct mq_corrected *corrected = &judge->corrected;
    for (size_t i = 0; i < corrected->changes; i++) {
        const struct mq_change *change = corrected->change + i;
        mq_int128 difference = (mq_int128)change->before - change->after;
        judge->total[MQ_TOTAL_IN][change->input] += difference;
        corrected->total[change->input] += difference;
    }
    for (size_t row = 0; corrected->changes && row < corrected->batch.rows; row++)
        corrected->rows += corrected->changed[row];
}

enum mq_status mq_correct(struct mq_checker *checker, const struct mq_batch *batch,
                          const struct mq_batch **result, struct mq_error *error)
{
    const struct mq_correcting *correcting = &checker->correcting;
    struct mq_judge *judge = checker->judge + batch->worker;
    struct mq_corrected *corrected = &judge->corrected;
    *result = batch;
    if (!correcting->correctors || batch->rows == 0)
        return MQ_OK;
    MQ_TRY(reserve(correcting, corrected, batch->rows, error));
    memset(corrected->changed, 0, batch->rows);
    memcpy(corrected->column, batch->column, checker->model->inputs * sizeof *corrected->column);
    for (size_t i = 0; i < correcting->inputs; i++) {
        int input = correcting->input[i];
        memcpy(corrected->amount[input], batch->column[input].amount,
               batch->rows * sizeof(int64_t));
        corrected->column[input].amount = corrected->amount[input];
    }
    corrected->origin = batch;
    corrected->batch = *batch;
    corrected->batch.column = corrected->column;
    corrected->changes = 0;
    for (size_t c = 0; c < correcting->correctors && correcting->corrector[c].correction; c++)
        MQ_TRY(apply(judge, correcting->corrector[c].correction, c, error));
    *result = &corrected->batch;
    if (!batch->at) {
        count_changes(judge);
        MQ_TRY(mq_changes_tell(checker, judge, error));
    }
    corrected->changes = 0;
    return MQ_OK;
}

bool mq_corrected_cell(struct mq_judge *judge, const struct mq_batch *batch, size_t row, int input,
                       struct mq_text *text)
{
    struct mq_corrected *corrected = &judge->corrected;
    if (batch != &corrected->batch || !corrected->amount[input])
        return false;
    int64_t value = corrected->amount[input][row];
    if (corrected->origin->column[input].amount[row] == value)
        return false;
    *text = mq_text(mq_decimal_text(value, batch->column[input].decimals, corrected->text));
    return true;
}
