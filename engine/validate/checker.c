/* A checker and its judges: made, fed, freed. */
#include "validate/checker.h"

#include <stdlib.h>
#include <string.h>

/* Some rule rejects nobody. */
static bool warns(const struct mq_checker *checker)
{
    for (size_t c = 0; c < checker->checks; c++)
        if (checker->check[c].severity != MQ_REJECT && !checker->check[c].rule->broken)
            return true;
    return false;
}

static enum mq_status open_judge(const struct mq_checker *checker, struct mq_judge *judge,
                                 const char *directory, struct mq_error *error)
{
    judge->count = mq_arena_array(&judge->arena, checker->checks, sizeof *judge->count);
    bool made = judge->count != NULL;
    for (int t = 0; t < MQ_TOTALS && made; t++) {
        judge->total[t] =
            mq_arena_array(&judge->arena, checker->model->inputs + 1, sizeof *judge->total[t]);
        made = judge->total[t] != NULL;
    }
    judge->tally.role =
        mq_arena_array(&judge->arena, checker->model->inputs + 1, sizeof *judge->tally.role);
    if (!made || !judge->tally.role)
        return mq_fail_memory(error);
    judge->listing.taken =
        mq_arena_array(&judge->arena, checker->checks, sizeof *judge->listing.taken);
    if (!judge->listing.taken)
        return mq_fail_memory(error);
    MQ_TRY(mq_units_open(checker, judge, error));
    MQ_TRY(mq_records_open(judge, MQ_RECORDS_REJECTS, directory, error));
    if (warns(checker))
        MQ_TRY(mq_records_open(judge, MQ_RECORDS_WARNINGS, directory, error));
    MQ_TRY(mq_localiser_judge(checker, judge, directory, error));
    MQ_TRY(mq_corrected_open(checker, judge, directory, error));
    if (checker->late)
        MQ_TRY(mq_spill_open(&judge->kept.spill, directory, error));
    return checker->model->key >= 0 ? mq_keys_open(&judge->keys, directory, error) : MQ_OK;
}

static enum mq_status open_results(struct mq_checker *checker, struct mq_error *error)
{
    struct mq_control *control = &checker->control;
    size_t inputs = checker->model->inputs;
    struct mq_arena *arena = &checker->arena;
    checker->finding = mq_arena_array(arena, checker->checks, sizeof *checker->finding);
    control->inputs = inputs;
    control->total_in = mq_arena_array(arena, inputs + 1, sizeof(mq_int128));
    control->total_accepted = mq_arena_array(arena, inputs + 1, sizeof(mq_int128));
    control->total_rejected = mq_arena_array(arena, inputs + 1, sizeof(mq_int128));
    control->total_out_of_scope = mq_arena_array(arena, inputs + 1, sizeof(mq_int128));
    control->total_corrected = mq_arena_array(arena, inputs + 1, sizeof(mq_int128));
    checker->edit_count =
        mq_arena_array(arena, checker->model->edits + 1, sizeof *checker->edit_count);
    checker->outcome = mq_arena_array(arena, checker->model->edits + 1, sizeof *checker->outcome);
    bool made = checker->outcome && checker->finding && control->total_in &&
                control->total_accepted && control->total_rejected && control->total_out_of_scope &&
                control->total_corrected && checker->edit_count;
    return made ? MQ_OK : mq_fail_memory(error);
}

static enum mq_status build(struct mq_checker *checker, size_t workers, const char *directory,
                            struct mq_error *error)
{
    MQ_TRY(mq_checks_list(checker, error));
    MQ_TRY(open_results(checker, error));
    MQ_TRY(mq_units_choose(checker, error));
    MQ_TRY(mq_keep_choose(checker, error));
    MQ_TRY(mq_tallies_open(checker, error));
    MQ_TRY(mq_localiser_open(checker, error));
    MQ_TRY(mq_correcting_open(checker, error));
    checker->directory = mq_arena_string(&checker->arena, directory, strlen(directory));
    if (!checker->directory)
        return mq_fail_memory(error);
    checker->judge = calloc(workers + 1, sizeof *checker->judge);
    if (!checker->judge)
        return mq_fail_memory(error);
    while (checker->workers < workers) {
        struct mq_judge *judge = checker->judge + checker->workers++;
        MQ_TRY(open_judge(checker, judge, directory, error));
    }
    return MQ_OK;
}

enum mq_status mq_checker_new(const struct mq_model *model, struct mq_reader *reader, int workers,
                              const char *spill_directory, struct mq_checker **checker,
                              struct mq_error *error)
{
    struct mq_checker *made = calloc(1, sizeof *made);
    if (!made)
        return mq_fail_memory(error);
    made->model = model;
    made->reader = reader;
    made->list = MQ_LIST_ROWS;
    enum mq_status status = build(made, workers > 0 ? (size_t)workers : 1, spill_directory, error);
    if (status != MQ_OK) {
        mq_checker_free(made);
        return status;
    }
    *checker = made;
    return MQ_OK;
}

void mq_checker_free(struct mq_checker *checker)
{
    if (!checker)
        return;
    for (size_t w = 0; w < checker->workers; w++) {
        struct mq_judge *judge = checker->judge + w;
        mq_scratch_clear(&judge->scratch);
        free(judge->live);
        free(judge->failed);
        mq_kept_clear(&judge->kept);
        mq_buffer_clear(&judge->text);
        mq_buffer_clear(&judge->field);
        mq_buffer_clear(&judge->message);
        free(judge->listing.row);
        mq_units_clear(checker, judge);
        for (int kind = 0; kind < MQ_RECORDS; kind++)
            mq_records_clear(&judge->records[kind]);
        mq_keys_clear(&judge->keys);
        mq_corrected_clear(&judge->corrected);
        mq_arena_clear(&judge->arena);
    }
    for (size_t e = 0; checker->outcome && e < checker->model->edits; e++)
        mq_edit_outcome_clear(checker->outcome + e);
    free(checker->offender);
    free(checker->judge);
    mq_arena_clear(&checker->arena);
    free(checker);
}

enum mq_status mq_row_line(const struct mq_checker *checker, const struct mq_batch *batch,
                           size_t row, uint64_t *line, struct mq_error *error)
{
    return mq_reader_line(checker->reader, batch, row, line) == MQ_OK ? MQ_OK
                                                                      : mq_fail_memory(error);
}

enum mq_status mq_row_cell(const struct mq_checker *checker, const struct mq_batch *batch,
                           size_t row, int input, struct mq_text *text, struct mq_error *error)
{
    if (mq_corrected_cell(checker->judge + batch->worker, batch, row, input, text))
        return MQ_OK;
    return mq_reader_cell(checker->reader, batch, row, (size_t)input, text) == MQ_OK
               ? MQ_OK
               : mq_fail_memory(error);
}

int mq_location_compare(const struct mq_location *a, const struct mq_location *b)
{
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

void *mq_make_room(void *array, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return array;
    size_t wanted = *capacity ? *capacity * 2 : 64;
    void *grown = wanted > SIZE_MAX / size ? NULL : realloc(array, wanted * size);
    if (grown)
        *capacity = wanted;
    return grown;
}

/* The arrays of one byte a row, in one piece, and those of the tallies. */
static enum mq_status reserve(struct mq_judge *judge, size_t rows, size_t truths, bool tallies,
                              struct mq_error *error)
{
    if (rows <= judge->capacity)
        return MQ_OK;
    size_t capacity = rows + rows / 8, columns = truths + 2;
    uint8_t *bytes = capacity > SIZE_MAX / columns ? NULL : malloc(capacity * columns);
    if (!bytes)
        return mq_fail_memory(error);
    free(judge->live);
    free(judge->failed);
    judge->failed = tallies ? calloc(capacity, 2 * sizeof *judge->failed) : NULL;
    judge->missed = judge->failed ? judge->failed + capacity : NULL;
    judge->live = bytes;
    if (tallies && !judge->failed)
        return mq_fail_memory(error); /* the capacity stays what it was */
    judge->want = bytes + capacity;
    judge->truth = bytes + 2 * capacity;
    judge->capacity = capacity;
    return MQ_OK;
}

/* Marks the rows whose line is needed: the rejected ones and new first failures. */
static bool mark_wanted(const struct mq_checker *checker, struct mq_judge *judge,
                        const struct mq_batch *batch, const uint8_t *verdict)
{
    uint8_t any = 0;
    for (size_t row = 0; row < batch->rows; row++) {
        judge->want[row] = verdict[row] == MQ_ROW_REJECTED;
        any |= judge->want[row];
    }
    for (size_t c = 0; c < checker->checks; c++)
        if (judge->count[c].fresh) /* a row of this batch, which is a whole block */
            any = judge->want[judge->count[c].first.row] = 1;
    return any;
}

static enum mq_status report_row(struct mq_checker *checker, struct mq_judge *judge,
                                 const struct mq_batch *batch, size_t row, bool rejected,
                                 struct mq_error *error)
{
    uint64_t line = 0;
    MQ_TRY(mq_row_line(checker, batch, row, &line, error));
    for (size_t c = 0; c < checker->checks; c++) {
        struct mq_count *count = judge->count + c;
        if (count->fresh && count->first.row == row) {
            count->first_line = line;
            count->fresh = false;
        }
        if (rejected && mq_check_fails(checker->check + c, judge, batch, row))
            MQ_TRY(mq_rejects_add(checker, batch, row, line, checker->check + c, NULL, error));
    }
    return MQ_OK;
}

enum mq_status mq_checker_batch(struct mq_checker *checker, const struct mq_batch *batch,
                                uint8_t *verdict, struct mq_error *error)
{
    struct mq_judge *judge = checker->judge + batch->worker;
    if (batch->rows == 0)
        return MQ_OK;
    MQ_TRY(reserve(judge, batch->rows, checker->truths, checker->tallies, error));
    MQ_TRY(mq_check_rows(checker, judge, batch, verdict, error));
    mq_control_add(judge, checker->model, batch, verdict);
    if (checker->tallies)
        mq_tally_batch(checker, judge, batch, verdict);
    if (checker->late)
        MQ_TRY(mq_kept_add(checker, judge, batch, verdict, error));
    if (checker->localiser.checks)
        MQ_TRY(mq_localise_batch(checker, judge, batch, error));
    if (mark_wanted(checker, judge, batch, verdict))
        for (size_t row = 0; row < batch->rows; row++)
            if (judge->want[row])
                MQ_TRY(
                    report_row(checker, judge, batch, row, verdict[row] == MQ_ROW_REJECTED, error));
    MQ_TRY(mq_listing_report(checker, batch, error));
    return checker->model->key >= 0 ? mq_keys_add(&judge->keys, checker, batch, verdict, error)
                                    : MQ_OK;
}

const struct mq_edit_count *mq_checker_edits(const struct mq_checker *checker)
{
    return checker->edit_count;
}
