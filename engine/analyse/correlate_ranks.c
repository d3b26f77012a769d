/* Spearman and Kendall of one pair, in whole numbers. */
#include "analyse/correlate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool mq_pair_work_init(struct mq_pair_work *work, size_t units)
{
    size_t each = units + 2;

    *work = (struct mq_pair_work){.first = malloc(3 * each * sizeof *work->first)};
    if (work->first) {
        work->second = work->first + each;
        work->third = work->second + each;
    }
    return work->first != NULL;
}

void mq_pair_work_clear(struct mq_pair_work *work)
{
    free(work->first);
    *work = (struct mq_pair_work){0};
}

/* ---- Spearman ---- */

struct squares {
    mq_int128 xx, yy, xy;
};

static double quotient(const struct squares *sums)
{
    double r;

    if (!sums->xx || !sums->yy)
        return NAN;
    r = (double)sums->xy / sqrt((double)sums->xx * (double)sums->yy);
    return fmax(-1, fmin(1, r));
}

/* How many units of each place the other column lacks, and how many have both. */
static size_t count_absent(const struct mq_ranking *x, const struct mq_ranking *y, size_t units,
                           struct mq_pair_work *work)
{
    size_t common = 0;

    memset(work->first, 0, x->places * sizeof *work->first);
    memset(work->second, 0, y->places * sizeof *work->second);
    for (size_t i = 0; i < units; i++) {
        bool in_x = x->place[i] != MQ_NO_PLACE, in_y = y->place[i] != MQ_NO_PLACE;
        common += in_x && in_y;
        if (in_x == in_y)
            continue;
        if (in_x)
            work->first[x->place[i]]++;
        else
            work->second[y->place[i]]++;
    }
    return common;
}

/* Turns the units absent from each place into the centred rank of the place among the `count` units
 * left, and returns the sum of its squares. */
static mq_int128 rank_the_rest(const struct mq_ranking *ranking, size_t count, uint32_t *absent)
{
    int32_t *centred = (int32_t *)absent;
    mq_int128 squares = 0;
    int64_t below = 0;

    for (size_t k = 0; k < ranking->places; k++) {
        int64_t members = (int64_t)ranking->end[k] - (k ? ranking->end[k - 1] : 0) - absent[k];
        int64_t rank = members ? 2 * below + members - (int64_t)count : 0;
        squares += (mq_int128)rank * rank * members;
        below += members;
        centred[k] = (int32_t)rank;
    }
    return squares;
}

static mq_int128 common_products(const struct mq_ranking *x, const struct mq_ranking *y,
                                 size_t units, const struct mq_pair_work *work)
{
    const int32_t *of_x = (const int32_t *)work->first, *of_y = (const int32_t *)work->second;
    mq_int128 sum = 0;

    for (size_t i = 0; i < units; i++)
        if (x->place[i] != MQ_NO_PLACE && y->place[i] != MQ_NO_PLACE)
            sum += (mq_int128)of_x[x->place[i]] * of_y[y->place[i]];
    return sum;
}

static void add_complete(const int32_t *x, const int32_t *y, size_t units, struct squares *sums)
{
    for (size_t i = 0; i < units; i++) {
        sums->xx += (mq_int128)x[i] * x[i];
        sums->yy += (mq_int128)y[i] * y[i];
        sums->xy += (mq_int128)x[i] * y[i];
    }
}

void mq_spearman_pair(const struct mq_ranking *x, const struct mq_ranking *y, size_t units,
                      struct mq_pair_work *work, struct mq_pair *pair)
{
    struct squares sums = {0, 0, 0};

    *pair = (struct mq_pair){.count = count_absent(x, y, units, work)};
    if (pair->count == x->count && pair->count == y->count) {
        add_complete(x->centred, y->centred, units, &sums); /* 0 where missing */
    } else {
        sums.xx = rank_the_rest(x, pair->count, work->first);
        sums.yy = rank_the_rest(y, pair->count, work->second);
        sums.xy = common_products(x, y, units, work);
    }
    pair->r = quotient(&sums);
    pair->p = mq_correlation_p(pair->r, pair->count);
}

/* ---- Kendall ---- */

/* Sums over the groups of t equal values. */
struct ties {
    mq_int128 pairs;   /* t (t - 1) / 2 */
    mq_int128 triples; /* t (t - 1) (t - 2) */
    mq_int128 spread;  /* t (t - 1) (2 t + 5) */
};

static void add_tie(struct ties *ties, size_t size)
{
    mq_int128 t = (mq_int128)size;

    ties->pairs += t * (t - 1) / 2;
    ties->triples += t * (t - 1) * (t - 2);
    ties->spread += t * (t - 1) * (2 * t + 5);
}

/* work->second becomes the places in y of the common units by x, among equal x by y; work->first
 * the ends of the places of x in it. Returns how many there are. */
static size_t lay_out(const struct mq_ranking *x, const struct mq_ranking *y,
                      struct mq_pair_work *work, struct ties *ties_of_y)
{
    uint32_t *begin = work->first, *place = work->third;
    size_t count = 0, run = 0;

    memset(begin, 0, ((size_t)x->places + 1) * sizeof *begin);
    for (size_t i = 0; i < y->count; i++)
        place[i] = x->place[y->order[i]];
    for (size_t k = 0, i = 0; k < y->places; k++, run = 0) {
        for (; i < y->end[k]; i++)
            if (place[i] != MQ_NO_PLACE) {
                begin[place[i] + 1]++;
                run++;
            }
        add_tie(ties_of_y, run);
        count += run;
    }
    for (size_t k = 1; k <= x->places; k++)
        begin[k] += begin[k - 1];
    for (size_t k = 0, i = 0; k < y->places; k++)
        for (; i < y->end[k]; i++)
            if (place[i] != MQ_NO_PLACE)
                work->second[begin[place[i]]++] = (uint32_t)k;
    return count;
}

/* Ties of x, and pairs that are tied in both. */
static mq_int128 tie_both(const struct mq_ranking *x, const struct mq_pair_work *work,
                          struct ties *ties_of_x)
{
    struct ties both = {0, 0, 0};

    for (size_t k = 0, from = 0; k < x->places; k++) {
        size_t to = work->first[k];
        add_tie(ties_of_x, to - from);
        for (size_t begin = from, end; begin < to; begin = end) {
            for (end = begin; end < to && work->second[end] == work->second[begin]; end++)
                ;
            add_tie(&both, end - begin);
        }
        from = to;
    }
    return both.pairs;
}

enum { SHORT_RUN = 12 };

/* Sorts short runs in place and counts what had to pass each other. */
static uint64_t sort_runs(uint32_t *list, size_t count)
{
    uint64_t passed = 0;

    for (size_t begin = 0; begin < count; begin += SHORT_RUN) {
        size_t end = begin + SHORT_RUN < count ? begin + SHORT_RUN : count;
        for (size_t i = begin + 1; i < end; i++) {
            uint32_t held = list[i];
            size_t k = i;
            for (; k > begin && list[k - 1] > held; k--)
                list[k] = list[k - 1];
            list[k] = held;
            passed += i - k;
        }
    }
    return passed;
}

/* Merges two sorted runs and counts what had to pass each other. */
static uint64_t merge(const uint32_t *list, size_t middle, size_t end, uint32_t *merged)
{
    size_t a = 0, b = middle, to = 0;
    uint64_t passed = 0;

    while (a < middle && b < end) {
        bool right = list[b] < list[a];
        merged[to++] = right ? list[b] : list[a];
        passed += right ? middle - a : 0;
        b += right;
        a += !right;
    }
    memcpy(merged + to, list + a, (middle - a) * sizeof *list);
    memcpy(merged + to + (middle - a), list + b, (end - b) * sizeof *list);
    return passed;
}

/* The same for two runs of one width, from both ends at the same time: neither end can use up a
 * run, and the two do not wait for each other. */
static uint64_t merge_even(const uint32_t *list, size_t width, uint32_t *merged)
{
    size_t a = 0, b = width, a_end = width, b_end = 2 * width;
    uint64_t passed = 0;

    for (size_t i = 0; i < width; i++) {
        bool right = list[b]<list[a], left = list[a_end - 1]> list[b_end - 1];
        merged[i] = right ? list[b] : list[a];
        passed += right ? width - a : 0;
        b += right;
        a += !right;
        merged[2 * width - 1 - i] = left ? list[a_end - 1] : list[b_end - 1];
        passed += left ? 0 : width - a_end; /* what of the left run came out behind it */
        a_end -= left;
        b_end -= !left;
    }
    return passed;
}

/* Pairs of the sequence that stand the wrong way round; equal ones do not. Both lists are written
 * over. */
static uint64_t inversions(uint32_t *list, uint32_t *other, size_t count)
{
    uint64_t passed = sort_runs(list, count);

    for (size_t width = SHORT_RUN; width < count; width *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * width) {
            size_t left = count - begin;
            if (left >= 2 * width)
                passed += merge_even(list + begin, width, other + begin);
            else
                passed += merge(list + begin, width < left ? width : left, left, other + begin);
        }
        uint32_t *sorted = other;
        other = list;
        list = sorted;
    }
    return passed;
}

/* Normal approximation: variance of the concordant less the discordant pairs (Kendall 1970, 4). */
static double kendall_p(double excess, size_t count, const struct ties *x, const struct ties *y)
{
    double n = (double)count, spread = n * (n - 1) * (2 * n + 5), variance;

    if (count < 3)
        return NAN;
    variance = (spread - (double)x->spread - (double)y->spread) / 18;
    variance += 2 * (double)x->pairs * (double)y->pairs / (n * (n - 1));
    variance += (double)x->triples * (double)y->triples / (9 * n * (n - 1) * (n - 2));
    return variance > 0 ? erfc(fabs(excess) / sqrt(2 * variance)) : NAN;
}

void mq_kendall_pair(const struct mq_ranking *x, const struct mq_ranking *y,
                     struct mq_pair_work *work, struct mq_pair *pair)
{
    struct ties of_x = {0, 0, 0}, of_y = {0, 0, 0};
    mq_int128 all, both, excess;

    *pair = (struct mq_pair){.r = NAN, .p = NAN};
    pair->count = lay_out(x, y, work, &of_y);
    both = tie_both(x, work, &of_x);
    all = (mq_int128)pair->count * ((mq_int128)pair->count - 1) / 2;
    if (all <= of_x.pairs || all <= of_y.pairs)
        return;
    excess = all - of_x.pairs - of_y.pairs + both -
             2 * (mq_int128)inversions(work->second, work->third, pair->count);
    pair->r = (double)excess / sqrt((double)(all - of_x.pairs) * (double)(all - of_y.pairs));
    pair->r = fmax(-1, fmin(1, pair->r));
    pair->p = kendall_p((double)excess, pair->count, &of_x, &of_y);
}
