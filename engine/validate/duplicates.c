/*
 * Rows whose key occurs more than once in a period. Candidates come from the hashes; they are read
 * again to compare texts and contents.
 */
#include "validate/checker.h"

#include <stdlib.h>
#include <string.h>

enum { CELL_BYTES = 1 + sizeof(uint64_t) };

/* Candidates while they are looked at. */
struct suspects {
    struct mq_checker *checker;
    struct mq_candidate *candidate; /* [candidates] in order of location */
    size_t candidates;
    struct mq_arena *texts; /* [checker->workers] */
};

/* ---- who is it, and what does the row say ---- */

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

static enum mq_status identify(void *context, const struct mq_batch *batch, size_t first,
                               struct mq_error *error)
{
    struct suspects *suspects = context;
    struct mq_checker *checker = suspects->checker;
    const struct mq_model *model = checker->model;
    struct mq_arena *texts = suspects->texts + batch->worker;
    char *cells = mq_arena_array(texts, model->inputs, CELL_BYTES);
    if (!cells)
        return mq_fail_memory(error);
    for (size_t row = 0; row < batch->rows; row++) {
        struct mq_candidate *at = suspects->candidate + first + row;
        struct mq_text key = {"", 0}, period = {"", 0};
        MQ_TRY(mq_row_cell(checker, batch, row, model->key, &key, error));
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
static void decide(struct suspects *suspects)
{
    struct mq_candidate *candidate = suspects->candidate;
    size_t candidates = suspects->candidates;
    qsort(candidate, candidates, sizeof *candidate, by_identity);
    for (size_t from = 0, to; from < candidates; from = to) {
        const struct mq_candidate *first = candidate + from;
        bool same = true;
        for (to = from + 1; to < candidates && compare_identity(first, candidate + to) == 0; to++)
            same = same && memcmp(first->print, candidate[to].print, sizeof first->print) == 0;
        if (to == from + 1)
            continue; /* met only its own hash */
        for (size_t c = from; c < to; c++)
            candidate[c].fate = !same ? MQ_LEAVES_CONFLICT : c > from ? MQ_LEAVES_SAME : MQ_STAYS;
    }
}

static enum mq_status list_leaving(struct suspects *suspects, struct mq_leavers *leavers,
                                   struct mq_error *error)
{
    struct mq_checker *checker = suspects->checker;
    qsort(suspects->candidate, suspects->candidates, sizeof *suspects->candidate, by_location);
    for (size_t c = 0; c < suspects->candidates; c++) {
        const struct mq_candidate *candidate = suspects->candidate + c;
        if (candidate->fate == MQ_STAYS)
            continue;
        struct mq_leaver leaver = {.at = candidate->at,
                                   .check = (uint32_t)checker->duplicate,
                                   .fate = (uint8_t)candidate->fate};
        MQ_TRY(mq_leavers_add(leavers, leaver, error));
        checker->judge->count[checker->duplicate].failed++;
    }
    return MQ_OK;
}

static enum mq_status look_closer(struct suspects *suspects, size_t workers,
                                  struct mq_leavers *leavers, struct mq_error *error)
{
    if (!suspects->candidates)
        return MQ_OK;
    struct mq_location *place = calloc(suspects->candidates, sizeof *place);
    if (!place)
        return mq_fail_memory(error);
    for (size_t c = 0; c < suspects->candidates; c++)
        place[c] = suspects->candidate[c].at;
    enum mq_status status = mq_reread(suspects->checker, workers, place, suspects->candidates,
                                      identify, suspects, error);
    free(place);
    if (status != MQ_OK)
        return status;
    decide(suspects);
    return list_leaving(suspects, leavers, error);
}

enum mq_status mq_duplicates_find(struct mq_checker *checker, size_t workers,
                                  struct mq_leavers *leavers, struct mq_error *error)
{
    if (checker->model->key < 0)
        return MQ_OK;
    for (size_t w = 0; w < checker->workers; w++)
        checker->judge[w].count[checker->duplicate].checked = checker->judge[w].keys.added;
    struct mq_candidates found = {0};
    MQ_TRY(mq_keys_search(checker, workers, &found, error));
    struct suspects suspects = {
        .checker = checker, .candidate = found.row, .candidates = found.count};
    suspects.texts = calloc(workers, sizeof *suspects.texts);
    enum mq_status status =
        suspects.texts ? look_closer(&suspects, workers, leavers, error) : mq_fail_memory(error);
    for (size_t w = 0; suspects.texts && w < workers; w++)
        mq_arena_clear(suspects.texts + w);
    free(suspects.texts);
    free(found.row);
    return status;
}
