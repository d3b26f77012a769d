/* Columns in order: a stable radix sort of the bits of their values. */
#include "analyse/analyse.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { DIGIT = 11, BUCKETS = 1 << DIGIT, PASSES = 6 };

struct keyed {
    uint64_t key;
    uint32_t unit;
};

/* Grows with the value; -0 is 0. */
static uint64_t key_of(double value)
{
    uint64_t bits;

    value += 0.0; /* -0 becomes 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static size_t digit_of(uint64_t key, int pass)
{
    return (size_t)(key >> (pass * DIGIT)) & (BUCKETS - 1);
}

/* Sorts list, with `other` for work; returns where the sorted list is. */
static struct keyed *sort(struct keyed *list, struct keyed *other, size_t count,
                          size_t (*histogram)[BUCKETS])
{
    memset(histogram, 0, PASSES * sizeof *histogram);
    for (size_t i = 0; i < count; i++)
        for (int pass = 0; pass < PASSES; pass++)
            histogram[pass][digit_of(list[i].key, pass)]++;
    for (int pass = 0; pass < PASSES; pass++) {
        size_t *begin = histogram[pass], sum = 0;
        if (count && begin[digit_of(list[0].key, pass)] == count)
            continue; /* all have the same digit */
        for (size_t k = 0; k < BUCKETS; k++) {
            size_t size = begin[k];
            begin[k] = sum;
            sum += size;
        }
        for (size_t i = 0; i < count; i++)
            other[begin[digit_of(list[i].key, pass)]++] = list[i];
        struct keyed *sorted = other;
        other = list;
        list = sorted;
    }
    return list;
}

/* Places and ranks from the sorted list. */
static void set_places(const struct keyed *sorted, struct mq_ranking *ranking)
{
    size_t n = ranking->count;

    for (size_t begin = 0, end; begin < n; begin = end) {
        for (end = begin; end < n && sorted[end].key == sorted[begin].key; end++) {
            ranking->order[end] = sorted[end].unit;
            ranking->place[sorted[end].unit] = ranking->places;
        }
        /* ranks begin + 1 .. end, doubled mean begin + 1 + end */
        int32_t centred = (int32_t)((int64_t)begin + (int64_t)end - (int64_t)n);
        for (size_t i = begin; i < end; i++)
            ranking->centred[sorted[i].unit] = centred;
        ranking->end[ranking->places++] = (uint32_t)end;
    }
}

struct ranker {
    const struct mq_columns *columns;
    struct mq_rankings *rankings;
    atomic_size_t next;
    atomic_bool failed;
};

static bool rank_column(const double *value, size_t units, struct mq_arena *arena,
                        struct mq_ranking *ranking)
{
    struct keyed *list = calloc(2 * units + 1, sizeof *list);
    size_t(*histogram)[BUCKETS] = malloc(PASSES * sizeof *histogram);

    ranking->place = mq_arena_array(arena, units + 1, sizeof *ranking->place);
    ranking->centred = mq_arena_array(arena, units + 1, sizeof *ranking->centred);
    if (list && histogram && ranking->place && ranking->centred) {
        for (size_t i = 0; i < units; i++) {
            ranking->place[i] = MQ_NO_PLACE;
            if (!isnan(value[i]))
                list[ranking->count++] = (struct keyed){key_of(value[i]), (uint32_t)i};
        }
        ranking->order = mq_arena_array(arena, ranking->count + 1, sizeof *ranking->order);
        ranking->end = mq_arena_array(arena, ranking->count + 1, sizeof *ranking->end);
        if (ranking->order && ranking->end)
            set_places(sort(list, list + units, ranking->count, histogram), ranking);
    }
    free(list);
    free(histogram);
    return ranking->order && ranking->end;
}

static void rank_some(int worker, void *context)
{
    struct ranker *ranker = context;

    (void)worker;
    for (size_t k; (k = atomic_fetch_add(&ranker->next, 1)) < ranker->columns->columns;)
        if (!rank_column(ranker->columns->column[k], ranker->columns->units,
                         &ranker->rankings->arenas[k], &ranker->rankings->column[k]))
            atomic_store(&ranker->failed, true);
}

enum mq_status mq_rankings_init(const struct mq_columns *columns, struct mq_rankings *rankings,
                                struct mq_error *error)
{
    struct ranker ranker = {.columns = columns, .rankings = rankings};

    *rankings = (struct mq_rankings){.columns = columns->columns};
    if (columns->units > INT32_MAX)
        return mq_fail(error, MQ_DATA, NULL, 0, 0, "more units than can be ranked: %zu, at most %d",
                       columns->units, INT32_MAX);
    rankings->column = calloc(columns->columns + 1, sizeof *rankings->column);
    rankings->arenas = calloc(columns->columns + 1, sizeof *rankings->arenas);
    if (rankings->column && rankings->arenas) {
        mq_parallel(columns->threads, rank_some, &ranker);
        if (!atomic_load(&ranker.failed))
            return MQ_OK;
    }
    mq_rankings_clear(rankings);
    return mq_fail_memory(error);
}

void mq_rankings_clear(struct mq_rankings *rankings)
{
    for (size_t k = 0; rankings->arenas && k < rankings->columns; k++)
        mq_arena_clear(&rankings->arenas[k]);
    free(rankings->column);
    free(rankings->arenas);
    *rankings = (struct mq_rankings){0};
}
