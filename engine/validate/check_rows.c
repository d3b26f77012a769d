/* Every check over the columns of a batch. Most columns are clean: a look at their states is all
 * they cost. */
#include "validate/checker.h"

#include <string.h>

bool mq_bytes_zero(const uint8_t *bytes, size_t count)
{
    enum { STEP = 256 };
    size_t i = 0;
    for (; i + STEP <= count; i += STEP) {
        uint64_t word[STEP / sizeof(uint64_t)], any = 0;
        memcpy(word, bytes + i, STEP);
        for (size_t k = 0; k < STEP / sizeof *word; k++)
            any |= word[k];
        if (any)
            return false;
    }
    uint8_t any = 0;
    for (; i < count; i++)
        any |= bytes[i];
    return !any;
}

void mq_count_first(struct mq_count *count, const struct mq_batch *batch, size_t row)
{
    struct mq_location at = mq_batch_location(batch, row);
    if (count->any && mq_location_compare(&at, &count->first) >= 0)
        return;
    count->any = count->fresh = true;
    count->first = at;
    count->first_line = 0;
}

/* How many live rows hold a byte in low..high. */
static size_t count_between(const uint8_t *bytes, const uint8_t *live, size_t rows, uint8_t low,
                            uint8_t high)
{
    enum { STEP = 128 }; /* a byte counts that far */
    size_t total = 0;
    uint8_t span = (uint8_t)(high - low);
    for (size_t i = 0; i < rows; i += STEP) {
        size_t end = rows - i < STEP ? rows : i + STEP;
        uint8_t some = 0;
        for (size_t k = i; k < end; k++)
            some = (uint8_t)(some + (((uint8_t)(bytes[k] - low) <= span) & live[k]));
        total += some;
    }
    return total;
}

/* Counts the live rows with bytes in low..high as failures; they are rejected if `verdict` is
 * given. False without memory. */
static bool fail_between(struct mq_judge *judge, struct mq_count *count,
                         const struct mq_batch *batch, const uint8_t *bytes, uint8_t low,
                         uint8_t high, uint8_t *verdict)
{
    size_t failed = count_between(bytes, judge->live, batch->rows, low, high);
    if (!failed)
        return true;
    count->failed += failed;
    const uint8_t *live = judge->live;
    uint8_t span = (uint8_t)(high - low);
    size_t row = 0;
    while (!live[row] || (uint8_t)(bytes[row] - low) > span)
        row++;
    mq_count_first(count, batch, row);
    for (; verdict && row < batch->rows; row++) /* live rows are accepted or rejected by now */
        verdict[row] |= (uint8_t)(((uint8_t)(bytes[row] - low) <= span) & live[row]);
    return mq_units_failed(judge, (size_t)(count - judge->count), batch, bytes, low, high);
}

static void check_columns(struct mq_judge *judge, struct mq_count *count,
                          const struct mq_batch *batch, uint8_t *verdict)
{
    memset(verdict, MQ_ROW_ACCEPTED, batch->rows);
    memset(judge->live, 1, batch->rows);
    judge->live_rows = batch->rows;
    count->checked += batch->rows;
    uint32_t any = 0;
    for (size_t row = 0; row < batch->rows; row++)
        any |= batch->fields[row];
    for (size_t row = 0; any && row < batch->rows; row++)
        if (batch->fields[row]) {
            count->failed++;
            mq_count_first(count, batch, row);
            verdict[row] = MQ_ROW_REJECTED;
            judge->live[row] = 0;
            judge->live_rows--;
        }
}

static enum mq_status check_scope(const struct mq_model *model, struct mq_judge *judge,
                                  const struct mq_check *check, struct mq_count *count,
                                  const struct mq_batch *batch, uint8_t *verdict)
{
    uint8_t *truth = judge->truth + check->truth * judge->capacity;
    MQ_TRY(mq_program_truth(model->scope, batch->column, batch->rows, &judge->scratch, truth));
    count->checked += judge->live_rows;
    if (!fail_between(judge, count, batch, truth, MQ_UNKNOWN, MQ_UNKNOWN, verdict))
        return MQ_INTERNAL;
    for (size_t row = 0; row < batch->rows; row++)
        if (truth[row] == MQ_FALSE && judge->live[row]) {
            verdict[row] = MQ_ROW_OUT_OF_SCOPE;
            judge->live[row] = 0;
            judge->live_rows--;
        }
    return MQ_OK;
}

static enum mq_status check_cells(struct mq_judge *judge, const struct mq_check *check,
                                  struct mq_count *count, const struct mq_batch *batch,
                                  uint8_t *verdict)
{
    const uint8_t *state = batch->column[check->input[0]].state;
    count->checked += judge->live_rows;
    if (mq_bytes_zero(state, batch->rows))
        return MQ_OK;
    if (check->fails_from > MQ_MISSING) {
        size_t missing = count_between(state, judge->live, batch->rows, MQ_MISSING, MQ_MISSING);
        count->missing += missing;
        count->checked -= missing;
    }
    return fail_between(judge, count, batch, state, check->fails_from, UINT8_MAX, verdict)
               ? MQ_OK
               : MQ_INTERNAL;
}

/* For the statistics: which rows the rule has something to say of. */
static void mark(const struct mq_model *model, struct mq_judge *judge, const struct mq_check *check,
                 const uint8_t *truth, size_t rows)
{
    if (!judge->marked) {
        memset(judge->failed, 0, rows * sizeof *judge->failed);
        memset(judge->missed, 0, rows * sizeof *judge->missed);
    }
    unsigned bit = (unsigned)(check->rule - model->rule);
    if (mq_tally_mark(truth, judge->live, rows, bit, judge->failed, judge->missed))
        judge->marked = true;
}

static enum mq_status check_rule(const struct mq_checker *checker, struct mq_judge *judge,
                                 const struct mq_check *check, struct mq_count *count,
                                 const struct mq_batch *batch, uint8_t *verdict)
{
    uint8_t *truth = judge->truth + check->truth * judge->capacity;
    MQ_TRY(
        mq_program_truth(check->rule->check, batch->column, batch->rows, &judge->scratch, truth));
    size_t missing = count_between(truth, judge->live, batch->rows, MQ_UNKNOWN, MQ_UNKNOWN);
    count->missing += missing;
    uint64_t failed = count->failed;
    count->checked += judge->live_rows - missing;
    if (!fail_between(judge, count, batch, truth, MQ_FALSE, MQ_FALSE,
                      check->severity == MQ_REJECT ? verdict : NULL))
        return MQ_INTERNAL;
    if (count->failed > failed && check->severity != MQ_REJECT &&
        !mq_listing_take(checker, judge, (size_t)(check - checker->check), truth, batch->rows))
        return MQ_INTERNAL;
    if (checker->tallies && (missing || count->failed > failed))
        mark(checker->model, judge, check, truth, batch->rows);
    return MQ_OK;
}

/* Scope stands late in the list of checks but decides first which rows the others count. */
static enum mq_status find_scope(const struct mq_checker *checker, struct mq_judge *judge,
                                 const struct mq_batch *batch, uint8_t *verdict)
{
    for (size_t c = 0; c < checker->checks; c++)
        if (checker->check[c].kind == MQ_CHECK_SCOPE)
            return check_scope(checker->model, judge, checker->check + c, judge->count + c, batch,
                               verdict);
    return MQ_OK;
}

enum mq_status mq_check_rows(const struct mq_checker *checker, struct mq_judge *judge,
                             const struct mq_batch *batch, uint8_t *verdict, struct mq_error *error)
{
    judge->marked = false;
    check_columns(judge, judge->count, batch, verdict);
    enum mq_status status = find_scope(checker, judge, batch, verdict);
    if (status == MQ_OK && !mq_units_live(judge, batch))
        status = MQ_INTERNAL;
    for (size_t c = 0; c < checker->checks && status == MQ_OK; c++) {
        const struct mq_check *check = checker->check + c;
        if (check->kind >= MQ_CHECK_TYPE && check->kind <= MQ_CHECK_PERIOD)
            status = check_cells(judge, check, judge->count + c, batch, verdict);
        else if (check->kind == MQ_CHECK_RULE && !check->rule->late && !check->rule->broken)
            status = check_rule(checker, judge, check, judge->count + c, batch, verdict);
    }
    return status == MQ_OK ? MQ_OK : mq_fail_memory(error);
}

bool mq_check_fails(const struct mq_check *check, const struct mq_judge *judge,
                    const struct mq_batch *batch, size_t row)
{
    const uint8_t *truth = judge->truth + check->truth * judge->capacity;
    if (check->severity != MQ_REJECT)
        return false;
    if (batch->fields[row]) /* nothing more is known of a ragged row */
        return check->kind == MQ_CHECK_COLUMNS;
    switch (check->kind) {
    case MQ_CHECK_COLUMNS:
    case MQ_CHECK_DUPLICATE:
        return false;
    case MQ_CHECK_SCOPE:
        return truth[row] == MQ_UNKNOWN;
    case MQ_CHECK_RULE: /* late ones are not decided yet */
        return !check->rule->late && !check->rule->broken && truth[row] == MQ_FALSE;
    default:
        return batch->column[check->input[0]].state[row] >= check->fails_from;
    }
}
