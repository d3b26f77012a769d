/* Rows that leave after all have been read: they are read once more to say which they are and to
 * take them out of all results. */
#include "validate/checker.h"

#include <stdlib.h>
#include <string.h>

struct leaving {
    struct mq_checker *checker;
    const struct mq_leaver *row; /* in order of location and check */
    const size_t *first;         /* [places + 1] where the entries of a place start */
    mq_leave_fn leave;
    void *context;
};

enum mq_status mq_leavers_add(struct mq_leavers *leavers, struct mq_leaver leaver,
                              struct mq_error *error)
{
    void *grown = mq_make_room(leavers->row, &leavers->capacity, leavers->count, sizeof leaver);
    if (!grown)
        return mq_fail_memory(error);
    leavers->row = grown;
    leavers->row[leavers->count++] = leaver;
    return MQ_OK;
}

static int by_location_and_check(const void *left, const void *right)
{
    const struct mq_leaver *a = left, *b = right;
    int order = mq_location_compare(&a->at, &b->at);
    if (order)
        return order;
    if (a->check != b->check)
        return a->check < b->check ? -1 : 1;
    return (int)a->stays - (int)b->stays;
}

/* NULL: what any row that fails the check is told. */
static const char *message_of(const struct mq_checker *checker, struct mq_judge *judge,
                              const struct mq_leaver *leaver)
{
    const struct mq_check *check = checker->check + leaver->check;
    if (leaver->said) {
        judge->message.length = 0;
        mq_rule_message(checker->model, check, &judge->message);
        mq_buffer_text(&judge->message, checker->model->chinese ? "：" : ": ");
        mq_edit_message(checker->model, checker->model->edit + check->rule->edit,
                        checker->outcome + check->rule->edit, leaver->said - 1, &judge->message);
        return judge->message.data;
    }
    if (leaver->check != checker->duplicate)
        return NULL;
    return mq_phrase(leaver->fate == MQ_LEAVES_SAME ? MQ_PHRASE_SAME : MQ_PHRASE_CONFLICT,
                     checker->model->chinese);
}

/* What one place has to say; whether the row leaves. */
static enum mq_status report(const struct leaving *leaving, const struct mq_batch *batch,
                             size_t row, size_t place, bool *leaves, struct mq_error *error)
{
    struct mq_checker *checker = leaving->checker;
    struct mq_judge *judge = checker->judge + batch->worker;
    uint64_t line = 0;
    MQ_TRY(mq_row_line(checker, batch, row, &line, error));
    *leaves = false;
    for (size_t l = leaving->first[place]; l < leaving->first[place + 1]; l++) {
        const struct mq_leaver *leaver = leaving->row + l;
        struct mq_count *count = judge->count + leaver->check;
        mq_count_first(count, batch, row);
        if (count->fresh)
            count->first_line = line;
        count->fresh = false;
        if (leaver->check == checker->duplicate &&
            !mq_units_failed_row(judge, leaver->check, batch->column, row))
            return mq_fail_memory(error);
        if (leaver->stays && !leaver->lists)
            continue;
        *leaves = *leaves || !leaver->stays;
        const char *message = message_of(checker, judge, leaver);
        if (judge->message.failed)
            return mq_fail_memory(error);
        MQ_TRY(mq_rejects_add(checker, batch, row, line, checker->check + leaver->check, message,
                              error));
    }
    if (*leaves)
        mq_control_move(judge, checker->model, batch, row);
    return MQ_OK;
}

static enum mq_status let_leave(void *context, const struct mq_batch *batch, size_t first,
                                struct mq_error *error)
{
    const struct leaving *leaving = context;
    uint8_t *leaves = malloc(batch->rows + 1);
    if (!leaves)
        return mq_fail_memory(error);
    enum mq_status status = MQ_OK;
    bool any = false;
    for (size_t row = 0; row < batch->rows && status == MQ_OK; row++) {
        bool one = false;
        status = report(leaving, batch, row, first + row, &one, error);
        leaves[row] = one;
        any = any || one;
    }
    if (status == MQ_OK && any && leaving->leave)
        status = leaving->leave(leaving->context, batch, leaves, error);
    const struct mq_late_fix fix = {leaving->row, leaving->first + first, leaves, leaving->leave,
                                    leaving->context};
    if (status == MQ_OK)
        status = mq_correct_late(leaving->checker, batch, &fix, error);
    free(leaves);
    return status;
}

enum mq_status mq_leave(struct mq_checker *checker, size_t workers, struct mq_leavers *leavers,
                        mq_leave_fn leave, void *context, struct mq_error *error)
{
    if (!leavers->count)
        return MQ_OK;
    struct mq_location *place = calloc(leavers->count, sizeof *place);
    size_t *first = calloc(leavers->count + 1, sizeof *first), places = 0;
    enum mq_status status = MQ_INTERNAL;
    if (!place || !first) {
        status = mq_fail_memory(error);
    } else {
        const struct mq_leaver *row = leavers->row;
        qsort(leavers->row, leavers->count, sizeof *row, by_location_and_check);
        for (size_t l = 0; l < leavers->count; l++)
            if (l == 0 || mq_location_compare(&row[l - 1].at, &row[l].at) != 0) {
                first[places] = l;
                place[places++] = row[l].at;
            }
        first[places] = leavers->count;
        struct leaving leaving = {checker, row, first, leave, context};
        status = mq_reread(checker, workers, place, places, let_leave, &leaving, error);
    }
    free(place);
    free(first);
    return status;
}

enum mq_status mq_checker_late(struct mq_checker *checker, int workers, mq_leave_fn leave,
                               void *context, struct mq_error *error)
{
    size_t threads = workers < 1 ? 1 : (size_t)workers;
    if (threads > checker->workers)
        threads = checker->workers;
    struct mq_leavers leavers = {0};
    enum mq_status status = mq_duplicates_find(checker, threads, &leavers, error);
    if (status == MQ_OK && checker->late)
        status = mq_late_find(checker, threads, &leavers, error);
    if (status == MQ_OK)
        status = mq_leave(checker, threads, &leavers, leave, context, error);
    free(leavers.row);
    return status;
}
