/*
 * Ranks: highest 1, ties share the better rank and the next is skipped.
 *
 * Two scores tie when they are the same at 12 decimals: what differs only beyond that is a trace of
 * arithmetic, and must not put one unit before another. (Rounding keeps order, so ties are
 * neighbours in a sorted list.)
 */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

enum { TIE_DECIMALS = 12 };

/* A unit of a group with a key that is the less the better the score. */
struct place {
    uint64_t key;
    uint32_t unit;
};

/* Of one worker: [units of the largest group] each. */
struct ranking {
    struct place *place, *other;
    uint32_t *rank;
};

static uint64_t key_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? bits : ~bits & (UINT64_MAX >> 1);
}

static double value_of(uint64_t key)
{
    uint64_t bits = key >> 63 ? key : ~key & (UINT64_MAX >> 1);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static int best_first(const void *a, const void *b)
{
    const struct place *left = a, *right = b;

    if (left->key != right->key)
        return left->key > right->key ? 1 : -1;
    return (left->unit > right->unit) - (left->unit < right->unit);
}

enum { DIGIT = 11, BINS = 1 << DIGIT, FEW = 16 };

/* One pass of a radix sort; false: all keys have the same digit, and nothing was moved. */
static bool pass(const struct place *from, struct place *to, size_t count, int shift)
{
    size_t start[BINS] = {0}, sum = 0;

    for (size_t i = 0; i < count; i++)
        start[from[i].key >> shift & (BINS - 1)]++;
    if (start[from[0].key >> shift & (BINS - 1)] == count)
        return false;
    for (size_t bin = 0; bin < BINS; bin++) {
        size_t here = start[bin];
        start[bin] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++)
        to[start[from[i].key >> shift & (BINS - 1)]++] = from[i];
    return true;
}

static void sort_few(struct place *places, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct place moving = places[i];
        size_t at = i;
        for (; at > 0 && best_first(&places[at - 1], &moving) > 0; at--)
            places[at] = places[at - 1];
        places[at] = moving;
    }
}

/* Sorts by the upper 33 bits in three passes; what those leave together is little, or sorted by
 * comparing. Returns the sorted places, one of the two arrays. */
static struct place *sort_places(struct place *places, struct place *other, size_t count)
{
    if (count < BINS) {
        if (count)
            qsort(places, count, sizeof *places, best_first);
        return places;
    }
    for (int shift = 31; shift < 64; shift += DIGIT)
        if (pass(places, other, count, shift)) {
            struct place *kept = places;
            places = other;
            other = kept;
        }
    for (size_t k = 0, end; k < count; k = end) {
        for (end = k + 1; end < count && places[end].key >> 31 == places[k].key >> 31;)
            end++;
        if (end - k > FEW)
            qsort(places + k, end - k, sizeof *places, best_first);
        else
            sort_few(places + k, end - k);
    }
    return places;
}

static bool tie(double a, double b, enum mq_rounding rounding)
{
    char left[352], right[352];

    if (a == b)
        return true;
    if (fabs(a - b) > 1e-11 * (1 + fabs(a))) /* far apart at 12 decimals and at 15 digits */
        return false;
    return strcmp(mq_round_text(a, TIE_DECIMALS, rounding, left),
                  mq_round_text(b, TIE_DECIMALS, rounding, right)) == 0;
}

static void rank_group(struct mq_scores *scores, const struct mq_group *group, size_t node,
                       const struct ranking *ranking)
{
    const struct mq_model *model = scores->model;
    const struct place *sorted;
    size_t count = 0;

    for (size_t i = group->begin; i < group->end; i++) {
        double value = scores->score[i * model->nodes + node].value;
        if (!isnan(value))
            ranking->place[count++] = (struct place){key_of(value), (uint32_t)(i - group->begin)};
    }
    sorted = sort_places(ranking->place, ranking->other, count);
    memset(ranking->rank, 0, (group->end - group->begin) * sizeof *ranking->rank);
    for (size_t k = 0, rank = 1; k < count; k++) {
        if (k > 0 && !tie(value_of(sorted[k - 1].key), value_of(sorted[k].key), model->rounding))
            rank = k + 1;
        ranking->rank[sorted[k].unit] = (uint32_t)rank;
    }
    /* In the order of memory. */
    for (size_t i = group->begin; i < group->end; i++) {
        struct mq_score *score = &scores->score[i * model->nodes + node];
        score->rank = ranking->rank[i - group->begin];
        score->of = score->rank ? (uint32_t)count : 0;
    }
}

/* Nodes of groups, taken one by one by the workers. */
struct rank_job {
    struct mq_scores *scores;
    const struct mq_groups *groups;
    struct ranking *ranking; /* [workers] */
    atomic_size_t next;
};

static void rank_some(int worker, void *context)
{
    struct rank_job *job = context;
    size_t nodes = job->scores->model->nodes, task;

    while ((task = atomic_fetch_add(&job->next, 1)) < nodes * job->groups->count)
        rank_group(job->scores, &job->groups->group[task / nodes], task % nodes,
                   &job->ranking[worker]);
}

enum mq_status mq_rank(struct mq_scores *scores, const struct mq_groups *groups, int threads,
                       struct mq_error *error)
{
    struct rank_job job = {.scores = scores, .groups = groups};
    size_t most = 1;
    bool done;

    for (size_t g = 0; g < groups->count; g++)
        if (groups->group[g].end - groups->group[g].begin > most)
            most = groups->group[g].end - groups->group[g].begin;
    job.ranking = calloc((size_t)threads, sizeof *job.ranking);
    done = job.ranking;
    for (int i = 0; done && i < threads; i++) {
        job.ranking[i].place = malloc(most * sizeof *job.ranking->place);
        job.ranking[i].other = malloc(most * sizeof *job.ranking->other);
        job.ranking[i].rank = malloc(most * sizeof *job.ranking->rank);
        done = job.ranking[i].place && job.ranking[i].other && job.ranking[i].rank;
    }
    if (done)
        mq_parallel(threads, rank_some, &job);
    for (int i = 0; job.ranking && i < threads; i++) {
        free(job.ranking[i].place);
        free(job.ranking[i].other);
        free(job.ranking[i].rank);
    }
    free(job.ranking);
    return done ? MQ_OK : mq_fail_memory(error);
}
