/* Values that a rule found off by a power of ten, put right after all rows have been judged as they
 * were. */
#include <stdlib.h>
#include <string.h>

#include "validate/checker.h"

static uint32_t corrector_of(const struct mq_checker *checker, const struct mq_rule *rule)
{
    uint32_t c = 0;
    while (checker->correcting.corrector[c].rule != rule)
        c++;
    return c;
}

/* The value has been changed by a rule that comes first. */
static bool changed_before(const struct mq_corrected *corrected, uint32_t row, int input)
{
    for (size_t i = corrected->changes; i > 0 && corrected->change[i - 1].row == row; i--)
        if (corrected->change[i - 1].input == input)
            return true;
    return false;
}

/* Adds the change that a rule asks for, if there is one. */
static enum mq_status add_fix(const struct mq_checker *checker, struct mq_corrected *corrected,
                              const struct mq_leaver *leaver, uint32_t row, struct mq_error *error)
{
    const struct mq_rule *rule = checker->check[leaver->check].rule;
    int input = checker->model->edit[rule->edit].corrects;
    struct mq_change change = {.row = row,
                               .input = input,
                               .corrector = corrector_of(checker, rule),
                               .before = corrected->amount[input][row]};
    enum mq_correction_outcome outcome = MQ_CORRECTION_DONE;
    if (changed_before(corrected, row, input))
        outcome = MQ_CORRECTION_AGAIN;
    else if (!mq_correct_power(change.before, leaver->power, &change.after))
        outcome = MQ_CORRECTION_RANGE;
    else if (change.after == change.before)
        outcome = MQ_CORRECTION_SAME;
    corrected->count[change.corrector].rows[outcome]++;
    if (outcome == MQ_CORRECTION_DONE && !mq_change_add(corrected, change))
        return mq_fail_memory(error);
    return MQ_OK;
}

static void count_changes(struct mq_judge *judge)
{
    struct mq_corrected *corrected = &judge->corrected;
    for (size_t i = 0; i < corrected->changes; i++) {
        const struct mq_change *change = corrected->change + i;
        mq_int128 difference = (mq_int128)change->before - change->after;
        judge->total[MQ_TOTAL_VERDICT + MQ_ROW_ACCEPTED][change->input] -= difference;
        corrected->total[change->input] += difference;
        if (!corrected->changed[change->row])
            corrected->rows++;
        corrected->changed[change->row] = 1;
    }
}

/* Out of all results as they are, and back with their new values. */
static enum mq_status exchange(struct mq_checker *checker, struct mq_judge *judge,
                               const struct mq_late_fix *fix, struct mq_error *error)
{
    struct mq_corrected *corrected = &judge->corrected;
    uint8_t *changing = calloc(corrected->batch.rows + 1, 1);
    enum mq_status status = MQ_OK;
    if (!changing)
        return mq_fail_memory(error);
    for (size_t i = 0; i < corrected->changes; i++)
        changing[corrected->change[i].row] = 1;
    if (fix->leave)
        status = fix->leave(fix->context, &corrected->batch, changing, error);
    count_changes(judge);
    mq_changes_make(corrected, 0);
    if (status == MQ_OK && fix->leave && checker->join)
        status = checker->join(fix->context, &corrected->batch, changing, error);
    free(changing);
    return status;
}

enum mq_status mq_correct_late(struct mq_checker *checker, const struct mq_batch *batch,
                               const struct mq_late_fix *fix, struct mq_error *error)
{
    struct mq_judge *judge = checker->judge + batch->worker;
    struct mq_corrected *corrected = &judge->corrected;
    if (!checker->correcting.correctors)
        return MQ_OK;
    for (size_t row = 0; row < batch->rows; row++)
        for (size_t l = fix->first[row]; !fix->leaves[row] && l < fix->first[row + 1]; l++)
            if (fix->leaver[l].power)
                MQ_TRY(add_fix(checker, corrected, fix->leaver + l, (uint32_t)row, error));
    if (!corrected->changes)
        return MQ_OK;
    MQ_TRY(exchange(checker, judge, fix, error));
    return mq_changes_tell(checker, judge, error);
}

void mq_checker_join(struct mq_checker *checker, mq_leave_fn join)
{
    checker->join = join;
}
