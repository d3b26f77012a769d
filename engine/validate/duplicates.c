/*
 * Rows whose key occurs more than once in a period. Candidates come from the hashes; they are read
 * again to compare texts and contents, and those that leave once more to take them out of all
 * results.
 */
#include "validate/checker.h"

#include <stdlib.h>
#include <string.h>

enum { CELL_BYTES = 1 + sizeof(uint64_t) };

struct pass;
/* What a pass does with a batch; its rows are candidate[0 .. batch->rows). */
typedef enum mq_status (*pass_fn)(struct pass *pass, const struct mq_batch *batch,
                                  struct mq_candidate *candidate, struct mq_error *error);

/* One more reading of the candidates. */
struct pass {
    struct mq_checker *checker;
    struct mq_candidate *candidate; /* [candidates] in order of location */
    size_t candidates;
    const struct mq_location *place; /* [candidates] where they are, in the same order */
    pass_fn body;
    struct mq_arena *texts; /* [checker->workers] */
    mq_leave_fn leave;
    void *context;
    enum mq_status *status; /* [checker->workers] */
    struct mq_error *error; /* [checker->workers] */
};

/* ---- reading rows again ---- */

static enum mq_status run_worker(struct pass *pass, int worker, struct mq_error *error)
{
    for (;;) {
        const struct mq_batch *batch = NULL;
        MQ_TRY(mq_reader_next(pass->checker->reader, worker, &batch, error));
        if (!batch)
            return MQ_OK;
        MQ_TRY(pass->body(pass, batch, pass->candidate + (batch->at - pass->place), error));
    }
}

static void run_pass_worker(int worker, void *context)
{
    struct pass *pass = context;
    pass->status[worker] = run_worker(pass, worker, pass->error + worker);
}

static enum mq_status run_pass(struct pass *pass, size_t workers, struct mq_error *error)
{
    struct mq_location *place = calloc(pass->candidates, sizeof *place);
    if (!place)
        return mq_fail_memory(error);
    for (size_t c = 0; c < pass->candidates; c++)
        place[c] = pass->candidate[c].at;
    pass->place = place;
    mq_reader_rewind(pass->checker->reader, place, pass->candidates);
    mq_parallel((int)workers, run_pass_worker, pass);
    free(place);
    for (size_t w = 0; w < workers; w++)
        if (pass->status[w] != MQ_OK) {
            if (error)
                *error = pass->error[w];
            return pass->status[w];
        }
    return MQ_OK;
}

/* ---- first pass: who is it, and what does the row say ---- */

/* A cell as bytes that do not depend on ordinals. */
static void put_cell(const struct mq_column *column, size_t row, char *bytes)
{
    uint64_t value = 0;
    bytes[0] = (char)column->state[row];
    if (column->state[row] == MQ_PRESENT && column->type == MQ_AMOUNT) {
        value = (uint64_t)column->amount[row];
    } else if (column->state[row] == MQ_PRESENT && column->type == MQ_NUMBER) {
        double number = column->number[row] + 0.0; /* -0 and 0 are the same */
        memcpy(&value, &number, sizeof value);
    } else if (column->state[row] == MQ_PRESENT && column->type == MQ_KEY) {
        value = column->key[row];
    } else if (column->state[row] == MQ_PRESENT) {
        struct mq_text text = mq_dict_text(column->dict, column->code[row]);
        value = mq_hash64(text.s, text.n, 0);
    }
    memcpy(bytes + 1, &value, sizeof value);
}

static enum mq_status identify(struct pass *pass, const struct mq_batch *batch,
                               struct mq_candidate *candidate, struct mq_error *error)
{
    const struct mq_model *model = pass->checker->model;
    struct mq_arena *texts = pass->texts + batch->worker;
    char *cells = mq_arena_array(texts, model->inputs, CELL_BYTES);
    if (!cells)
        return mq_fail_memory(error);
    for (size_t row = 0; row < batch->rows; row++) {
        struct mq_candidate *at = candidate + row;
        struct mq_text key = {"", 0}, period = {"", 0};
        MQ_TRY(mq_row_cell(pass->checker, batch, row, model->key, &key, error));
        if (model->period >= 0)
            period = mq_dict_text(batch->column[model->period].dict,
                                  batch->column[model->period].code[row]);
        char *identity = mq_arena_alloc(texts, key.n + period.n + 1);
        if (!identity)
            return mq_fail_memory(error);
        memcpy(identity, key.s, key.n);
        memcpy(identity + key.n, period.s, period.n);
        at->identity = identity;
        at->key_length = (uint32_t)key.n;
        at->length = (uint32_t)(key.n + period.n);
        for (size_t i = 0; i < model->inputs; i++)
            put_cell(batch->column + i, row, cells + i * CELL_BYTES);
        for (uint64_t seed = 0; seed < 2; seed++)
            at->print[seed] = mq_hash64(cells, model->inputs * CELL_BYTES, seed + 2);
    }
    return MQ_OK;
}

static int compare_identity(const struct mq_candidate *a, const struct mq_candidate *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->key_length != b->key_length)
        return a->key_length < b->key_length ? -1 : 1;
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return a->length ? memcmp(a->identity, b->identity, a->length) : 0;
}

static int by_location(const void *left, const void *right)
{
    const struct mq_candidate *a = left, *b = right;
    return mq_location_compare(&a->at, &b->at);
}

static int by_identity(const void *left, const void *right)
{
    int order = compare_identity(left, right);
    return order ? order : by_location(left, right);
}

/* Of rows that agree in everything the first stays; of rows that do not, none. */
static void decide(struct pass *pass)
{
    qsort(pass->candidate, pass->candidates, sizeof *pass->candidate, by_identity);
    for (size_t from = 0, to; from < pass->candidates; from = to) {
        struct mq_candidate *first = pass->candidate + from;
        bool same = true;
        for (to = from + 1;
             to < pass->candidates && compare_identity(first, pass->candidate + to) == 0; to++)
            same =
                same && memcmp(first->print, pass->candidate[to].print, sizeof first->print) == 0;
        if (to == from + 1)
            continue; /* met only its own hash */
        for (size_t c = from; c < to; c++)
            pass->candidate[c].fate = !same      ? MQ_LEAVES_CONFLICT
                                      : c > from ? MQ_LEAVES_SAME
                                                 : MQ_STAYS;
    }
    size_t leaving = 0;
    for (size_t c = 0; c < pass->candidates; c++)
        if (pass->candidate[c].fate != MQ_STAYS)
            pass->candidate[leaving++] = pass->candidate[c];
    pass->candidates = leaving;
    qsort(pass->candidate, leaving, sizeof *pass->candidate, by_location);
}

/* ---- second pass: out ---- */

static enum mq_status record_leaving(struct pass *pass, const struct mq_batch *batch, size_t row,
                                     enum mq_fate fate, struct mq_error *error)
{
    struct mq_checker *checker = pass->checker;
    const struct mq_model *model = checker->model;
    struct mq_judge *judge = checker->judge + batch->worker;
    struct mq_count *count = judge->count + checker->duplicate;
    enum mq_phrase phrase = fate == MQ_LEAVES_SAME ? MQ_PHRASE_SAME : MQ_PHRASE_CONFLICT;
    uint64_t line = 0;
    MQ_TRY(mq_row_line(checker, batch, row, &line, error));
    count->failed++;
    mq_count_first(count, batch, row);
    if (count->fresh)
        count->first_line = line;
    count->fresh = false;
    mq_control_move(judge, model, batch, row);
    return mq_rejects_add(checker, batch, row, line, checker->check + checker->duplicate,
                          mq_phrase(phrase, model->chinese), error);
}

static enum mq_status let_leave(struct pass *pass, const struct mq_batch *batch,
                                struct mq_candidate *candidate, struct mq_error *error)
{
    uint8_t *leaving = malloc(batch->rows);
    if (!leaving)
        return mq_fail_memory(error);
    memset(leaving, 1, batch->rows);
    enum mq_status status = MQ_OK;
    for (size_t row = 0; row < batch->rows && status == MQ_OK; row++)
        status = record_leaving(pass, batch, row, (enum mq_fate)candidate[row].fate, error);
    if (status == MQ_OK && pass->leave)
        status = pass->leave(pass->context, batch, leaving, error);
    free(leaving);
    return status;
}

/* ---- both
 * -------------------------------------------------------------------------------------------------
 */

static enum mq_status run_passes(struct pass *pass, size_t workers, struct mq_error *error)
{
    if (!pass->candidates)
        return MQ_OK;
    pass->body = identify;
    MQ_TRY(run_pass(pass, workers, error));
    decide(pass);
    if (!pass->candidates)
        return MQ_OK;
    pass->body = let_leave;
    return run_pass(pass, workers, error);
}

enum mq_status mq_checker_duplicates(struct mq_checker *checker, int threads, mq_leave_fn leave,
                                     void *context, struct mq_error *error)
{
    if (checker->model->key < 0)
        return MQ_OK;
    size_t workers = threads < 1 ? 1 : (size_t)threads;
    if (workers > checker->workers)
        workers = checker->workers;
    for (size_t w = 0; w < checker->workers; w++)
        checker->judge[w].count[checker->duplicate].checked = checker->judge[w].keys.added;
    struct mq_candidates found = {0};
    MQ_TRY(mq_keys_search(checker, workers, &found, error));
    struct pass pass = {.checker = checker,
                        .candidate = found.row,
                        .candidates = found.count,
                        .leave = leave,
                        .context = context};
    pass.texts = calloc(workers + 1, sizeof *pass.texts);
    pass.status = calloc(workers + 1, sizeof *pass.status);
    pass.error = calloc(workers + 1, sizeof *pass.error);
    enum mq_status status = pass.texts && pass.status && pass.error
                                ? run_passes(&pass, workers, error)
                                : mq_fail_memory(error);
    for (size_t w = 0; pass.texts && w < workers; w++)
        mq_arena_clear(pass.texts + w);
    free(pass.texts);
    free(pass.status);
    free(pass.error);
    free(found.row);
    return status;
}
