/* The late stage: kept rows are looked at once more, by rules that look at other rows. */
#include "validate/late.h"

#include <stdlib.h>
#include <string.h>

/* ---- blocks ---- */

static int by_place(const void *left, const void *right)
{
    const struct mq_kept_block *a = ((const struct mq_late_block *)left)->of;
    const struct mq_kept_block *b = ((const struct mq_late_block *)right)->of;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    return a->block < b->block ? -1 : a->block > b->block;
}

static enum mq_status open_blocks(struct mq_late *late, struct mq_error *error)
{
    const struct mq_checker *checker = late->checker;
    size_t blocks = 0;
    for (size_t w = 0; w < checker->workers; w++)
        blocks += checker->judge[w].kept.blocks;
    late->block = calloc(blocks + 1, sizeof *late->block);
    if (!late->block)
        return mq_fail_memory(error);
    for (size_t w = 0; w < checker->workers; w++) {
        struct mq_kept *kept = &checker->judge[w].kept;
        const void *bytes = NULL;
        size_t count = 0;
        MQ_TRY(mq_spill_map(&kept->spill, &bytes, &count, error));
        for (size_t b = 0; b < kept->blocks; b++)
            late->block[late->blocks++] = (struct mq_late_block){kept->block + b, bytes, 0};
    }
    qsort(late->block, blocks, sizeof *late->block, by_place);
    uint64_t rows = 0;
    for (size_t b = 0; b < blocks; b++) {
        late->block[b].first = (uint32_t)rows;
        rows += late->block[b].of->rows;
    }
    if (rows >= UINT32_MAX)
        return mq_fail(error, MQ_DATA, NULL, 0, 0,
                       "rules that look at other rows take at most %lu rows; there are %llu",
                       (unsigned long)UINT32_MAX - 1, (unsigned long long)rows);
    late->rows = (uint32_t)rows;
    return mq_array_new(&late->gone, late->rows, 1, checker->directory, error);
}

const struct mq_late_block *mq_late_block_of(const struct mq_late *late, uint32_t row)
{
    size_t low = 0, high = late->blocks;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (late->block[middle].first <= row)
            low = middle;
        else
            high = middle;
    }
    return late->block + low;
}

/* ---- a worker's view ---- */

static enum mq_status reserve(const struct mq_late *late, struct mq_view *view, size_t rows,
                              struct mq_error *error)
{
    if (rows <= view->capacity)
        return MQ_OK;
    size_t capacity = rows + rows / 8, deriveds = late->model->deriveds;
    free(view->number);
    free(view->state);
    free(view->truth);
    free(view->failed);
    view->capacity = 0;
    view->number = calloc(capacity, (deriveds + 1) * sizeof *view->number);
    view->state = calloc(capacity, deriveds + 1);
    view->truth = calloc(capacity, 1);
    view->failed = calloc(capacity, 2 * sizeof *view->failed);
    if (!view->number || !view->state || !view->truth || !view->failed)
        return mq_fail_memory(error);
    view->missed = view->failed + capacity;
    view->capacity = capacity;
    return MQ_OK;
}

/* Derived column d over the rows of the block. */
static void fill(const struct mq_late *late, const struct mq_late_block *block,
                 struct mq_view *view, size_t d)
{
    const struct mq_derive *derive = late->derive + d;
    double *number = view->number + d * view->capacity;
    uint8_t *state = view->state + d * view->capacity;
    for (uint32_t i = 0; i < block->of->rows; i++) {
        double value = derive->done ? mq_derive_value(derive, block->first + i) : NAN;
        number[i] = value;
        state[i] = isnan(value) ? MQ_MISSING : MQ_PRESENT;
    }
    view->column[late->model->inputs + d] =
        (struct mq_column){.type = MQ_NUMBER, .state = state, .number = number};
}

enum mq_status mq_late_look(struct mq_late *late, const struct mq_late_block *block,
                            struct mq_view *view, bool derived, struct mq_error *error)
{
    MQ_TRY(reserve(late, view, block->of->rows, error));
    struct mq_kept_sight sight = {.column = view->column};
    mq_kept_look(late->checker, block->of, block->bytes, &sight);
    view->row = sight.row;
    view->note = sight.note;
    for (size_t d = 0; derived && d < late->model->deriveds; d++)
        fill(late, block, view, d);
    return MQ_OK;
}

enum mq_status mq_view_work(const struct mq_late *late, struct mq_view *view, size_t doubles,
                            struct mq_error *error)
{
    if (doubles * sizeof(double) <= view->work.bytes && view->work.data)
        return MQ_OK;
    mq_array_clear(&view->work);
    return mq_array_new(&view->work, doubles + doubles / 2, sizeof(double),
                        late->checker->directory, error);
}

static enum mq_status open_views(struct mq_late *late, struct mq_error *error)
{
    const struct mq_model *model = late->model;
    late->view = calloc(late->workers, sizeof *late->view);
    if (!late->view)
        return mq_fail_memory(error);
    for (size_t w = 0; w < late->workers; w++) {
        struct mq_view *view = late->view + w;
        view->column = calloc(model->inputs + model->deriveds + 1, sizeof *view->column);
        view->first = calloc(late->checker->checks + 1, sizeof *view->first);
        view->edits = calloc(model->edits + 1, sizeof *view->edits);
        if (!view->column || !view->first || !view->edits)
            return mq_fail_memory(error);
    }
    return MQ_OK;
}

static void clear_view(struct mq_view *view)
{
    mq_scratch_clear(&view->scratch);
    mq_array_clear(&view->work);
    free(view->column);
    free(view->number);
    free(view->state);
    free(view->truth);
    free(view->failed);
    free(view->first);
    free(view->edits);
    free(view->leavers.row);
}

/* ---- duplicates take no part ---- */

static int compare_block(const struct mq_late_block *block, const struct mq_location *at)
{
    if (block->of->file != at->file)
        return block->of->file < at->file ? -1 : 1;
    return block->of->block < at->block ? -1 : block->of->block > at->block;
}

static enum mq_status send_away(struct mq_late *late, const struct mq_leavers *leavers,
                                struct mq_error *error)
{
    uint8_t *gone = late->gone.data;
    size_t b = 0;
    uint32_t i = 0;
    const uint32_t *row = NULL;
    for (size_t l = 0; l < leavers->count; l++) { /* both ascend */
        const struct mq_location *at = &leavers->row[l].at;
        while (b < late->blocks && compare_block(late->block + b, at) < 0) {
            b++;
            row = NULL;
        }
        if (b == late->blocks)
            break;
        if (!row) {
            MQ_TRY(mq_late_look(late, late->block + b, late->view, false, error));
            row = late->view->row;
            i = 0;
        }
        while (i < late->block[b].of->rows && row[i] < at->row)
            i++;
        if (i < late->block[b].of->rows && row[i] == at->row &&
            compare_block(late->block + b, at) == 0)
            gone[late->block[b].first + i] = 1;
    }
    return MQ_OK;
}

/* ---- the rules ---- */

struct judging {
    struct mq_late *late;
    const struct mq_late_block *block;
    struct mq_view *view;
    size_t worker;
    uint32_t live; /* rows that take part */
};

/* What an edit says of the block's rows. */
static void read_statuses(const struct judging *judging, int edit)
{
    const struct mq_late *late = judging->late;
    const uint8_t *status = (const uint8_t *)late->edit_status[edit].data + judging->block->first;
    const uint8_t *gone = (const uint8_t *)late->gone.data + judging->block->first;
    for (uint32_t i = 0; i < judging->block->of->rows; i++) {
        enum mq_edit_status is = (enum mq_edit_status)status[i];
        judging->view->truth[i] = mq_edit_fails(is)    ? MQ_FALSE
                                  : mq_edit_judged(is) ? MQ_TRUE
                                                       : MQ_UNKNOWN;
        judging->view->edits[edit][is] += !gone[i];
    }
}

/* By which power of ten the edit corrects row i of the block; 0: not at all. */
static int8_t power_of(const struct judging *judging, int edit, uint32_t i)
{
    const int8_t *power = edit < 0 ? NULL : judging->late->edit_power[edit].data;
    return power ? power[judging->block->first + i] : 0;
}

static enum mq_status note_failure(const struct judging *judging, size_t c, uint32_t i,
                                   struct mq_error *error)
{
    struct mq_view *view = judging->view;
    const struct mq_kept_block *of = judging->block->of;
    struct mq_location at = {of->file, of->block, view->row[i]};
    struct mq_first *first = view->first + c;
    const struct mq_checker *checker = judging->late->checker;
    struct mq_leaver leaver = {.at = at, .check = (uint32_t)c};
    struct mq_judge *judge = checker->judge + judging->worker;
    int edit = checker->check[c].rule->edit;
    if (!mq_units_failed_row(judge, c, view->column, i))
        return mq_fail_memory(error);
    leaver.lists =
        checker->check[c].severity != MQ_REJECT && judge->listing.taken[c] < checker->list;
    leaver.power = power_of(judging, edit, i);
    leaver.stays = leaver.lists || leaver.power;
    judge->listing.taken[c] += leaver.lists;
    if (leaver.lists || leaver.power || checker->check[c].severity == MQ_REJECT) {
        if (edit >= 0)
            leaver.said =
                (uint32_t)mq_edit_outcome_find(checker->outcome + edit, judging->block->first + i) +
                1;
        return mq_leavers_add(&view->leavers, leaver, error);
    }
    if (!first->any || mq_location_compare(&at, &first->at) < 0)
        *first = (struct mq_first){true, at};
    return MQ_OK;
}

static enum mq_status judge_rule(const struct judging *judging, size_t c, struct mq_error *error)
{
    const struct mq_late *late = judging->late;
    struct mq_view *view = judging->view;
    const struct mq_rule *rule = late->checker->check[c].rule;
    const uint8_t *gone = (const uint8_t *)late->gone.data + judging->block->first;
    uint32_t rows = judging->block->of->rows;
    uint64_t failed = 0, missing = 0;
    if (rule->edit >= 0)
        read_statuses(judging, rule->edit);
    else if (mq_program_truth(rule->check, view->column, rows, &view->scratch, view->truth))
        return mq_fail_memory(error);
    for (uint32_t i = 0; i < rows; i++) {
        uint8_t truth = gone[i] ? MQ_TRUE : view->truth[i];
        view->truth[i] = truth;
        missing += truth == MQ_UNKNOWN;
        failed += truth == MQ_FALSE;
    }
    for (uint32_t i = 0, left = (uint32_t)failed; left; i++)
        if (view->truth[i] == MQ_FALSE) {
            MQ_TRY(note_failure(judging, c, i, error));
            left--;
        }
    struct mq_count *count = late->checker->judge[judging->worker].count + c;
    count->checked += judging->live - missing;
    count->failed += failed;
    count->missing += missing;
    if (late->checker->tallies && failed + missing)
        mq_tally_mark(view->truth, NULL, rows, (unsigned)(rule - late->model->rule), view->failed,
                      view->missed);
    return MQ_OK;
}

static void tally(const struct judging *judging)
{
    const struct mq_late *late = judging->late;
    const struct mq_view *view = judging->view;
    struct mq_tally *tally = &late->checker->judge[judging->worker].tally;
    const uint8_t *gone = (const uint8_t *)late->gone.data + judging->block->first;
    for (uint32_t i = 0; i < judging->block->of->rows; i++)
        if (view->failed[i] | view->missed[i])
            mq_tally_record(late->checker, tally, !gone[i], view->failed[i], view->missed[i]);
        else
            tally->clean[!gone[i]]++;
}

static enum mq_status judge_block(void *context, size_t index, size_t worker,
                                  struct mq_error *error)
{
    struct mq_late *late = context;
    struct judging judging = {
        .late = late, .block = late->block + index, .view = late->view + worker, .worker = worker};
    const struct mq_kept_block *of = judging.block->of;
    const uint8_t *gone = (const uint8_t *)late->gone.data + judging.block->first;
    MQ_TRY(mq_late_look(late, judging.block, judging.view, true, error));
    for (uint32_t i = 0; i < of->rows; i++)
        judging.live += !gone[i];
    memset(judging.view->failed, 0, of->rows * sizeof *judging.view->failed);
    memset(judging.view->missed, 0, of->rows * sizeof *judging.view->missed);
    for (uint32_t n = 0; n < of->notes; n++) {
        const struct mq_kept_note *note = judging.view->note + n;
        judging.view->failed[note->row] = note->failed;
        judging.view->missed[note->row] = note->missed;
    }
    for (size_t c = 0; c < late->checker->checks; c++) {
        const struct mq_check *check = late->checker->check + c;
        if (check->kind == MQ_CHECK_RULE && mq_rule_late(check->rule))
            MQ_TRY(judge_rule(&judging, c, error));
    }
    if (late->checker->tallies)
        tally(&judging);
    return MQ_OK;
}

/* All workers' failures in one list; of rules that reject nobody the lowest row, for its line. */
static enum mq_status gather(const struct mq_late *late, struct mq_leavers *leavers,
                             struct mq_error *error)
{
    for (size_t w = 0; w < late->workers; w++)
        for (size_t l = 0; l < late->view[w].leavers.count; l++)
            MQ_TRY(mq_leavers_add(leavers, late->view[w].leavers.row[l], error));
    for (size_t c = 0; c < late->checker->checks; c++) {
        struct mq_first lowest = {0};
        for (size_t w = 0; w < late->workers; w++) {
            const struct mq_first *first = late->view[w].first + c;
            if (first->any && (!lowest.any || mq_location_compare(&first->at, &lowest.at) < 0))
                lowest = *first;
        }
        struct mq_leaver leaver = {.at = lowest.at, .check = (uint32_t)c, .stays = true};
        if (lowest.any)
            MQ_TRY(mq_leavers_add(leavers, leaver, error));
    }
    return MQ_OK;
}

static enum mq_status open_late(struct mq_late *late, struct mq_error *error)
{
    const struct mq_model *model = late->model;
    /* One grouping for every edit, at most two for a derived column. */
    late->grouping = calloc(2 * model->deriveds + model->edits + 1, sizeof *late->grouping);
    late->derive = calloc(model->deriveds + 1, sizeof *late->derive);
    late->edit_status = calloc(model->edits + 1, sizeof *late->edit_status);
    late->edit_power = calloc(model->edits + 1, sizeof *late->edit_power);
    if (!late->grouping || !late->derive || !late->edit_status || !late->edit_power)
        return mq_fail_memory(error);
    MQ_TRY(open_views(late, error));
    return open_blocks(late, error);
}

static enum mq_status run(struct mq_late *late, struct mq_leavers *leavers, struct mq_error *error)
{
    MQ_TRY(open_late(late, error));
    MQ_TRY(send_away(late, leavers, error));
    for (size_t d = 0; d < late->model->deriveds; d++)
        MQ_TRY(mq_late_derive(late, d, error));
    for (size_t r = 0; r < late->model->rules; r++)
        if (mq_rule_late(late->model->rule + r) && late->model->rule[r].edit >= 0)
            MQ_TRY(mq_late_edit(late, (size_t)late->model->rule[r].edit, error));
    MQ_TRY(mq_each(late->workers, late->blocks, judge_block, late, error));
    for (size_t w = 0; w < late->workers; w++)
        for (size_t e = 0; e < late->model->edits; e++)
            for (int s = 0; s < MQ_EDIT_STATUSES; s++)
                late->checker->edit_count[e].rows[s] += late->view[w].edits[e][s];
    return gather(late, leavers, error);
}

enum mq_status mq_late_find(struct mq_checker *checker, size_t workers, struct mq_leavers *leavers,
                            struct mq_error *error)
{
    struct mq_late late = {.checker = checker, .model = checker->model, .workers = workers};
    enum mq_status status = run(&late, leavers, error);
    for (size_t g = 0; g < late.groupings; g++)
        mq_grouping_clear(late.grouping + g);
    for (size_t d = 0; late.derive && d < late.model->deriveds; d++)
        mq_array_clear(&late.derive[d].value);
    for (size_t e = 0; late.edit_status && e < late.model->edits; e++)
        mq_array_clear(late.edit_status + e);
    for (size_t e = 0; late.edit_power && e < late.model->edits; e++)
        mq_array_clear(late.edit_power + e);
    for (size_t w = 0; late.view && w < workers; w++)
        clear_view(late.view + w);
    mq_array_clear(&late.gone);
    free(late.grouping);
    free(late.derive);
    free(late.edit_status);
    free(late.edit_power);
    free(late.view);
    free(late.block);
    return status;
}
