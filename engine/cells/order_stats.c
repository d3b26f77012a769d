/*
 * Smallest, largest and middle values. Values are set aside on disk with the cell they fall into; a
 * rank is found digit by digit from the top, counting how many values of a unit share the digits
 * found so far. Counts add and subtract, so rows that were taken out cancel, and memory is that of
 * the counts, not of the values.
 */
#include "cells/cube.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t SIGN_BIT = UINT64_C(1) << 63;

static uint64_t order_amount(int64_t value)
{
    return (uint64_t)value ^ SIGN_BIT;
}

static uint64_t order_real(double value)
{
    uint64_t bits;
    value += 0.0; /* -0 is 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits & SIGN_BIT ? ~bits : bits | SIGN_BIT;
}

static double real_of(uint64_t ordered)
{
    uint64_t bits = ordered & SIGN_BIT ? ordered & ~SIGN_BIT : ~ordered;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---- setting aside ---- */

/* The spill that takes more. */
static enum mq_status open_spill(struct mq_cube *cube, struct mq_spill **spill,
                                 struct mq_error *error)
{
    if (!cube->spills || cube->spill[cube->spills - 1].map) {
        struct mq_spill *grown = realloc(cube->spill, (cube->spills + 1) * sizeof *grown);
        if (!grown)
            return mq_fail_memory(error);
        cube->spill = grown;
        MQ_TRY(mq_spill_open(grown + cube->spills, cube->spill_directory, error));
        cube->spills++;
    }
    *spill = cube->spill + cube->spills - 1;
    return MQ_OK;
}

enum mq_status mq_order_add(struct mq_cube *cube, size_t order, const int8_t *include, size_t rows,
                            const struct mq_order_values *values, int sign, struct mq_error *error)
{
    const int64_t *amount = values->amount;
    struct mq_order_run run = {.order = order};
    for (size_t row = 0; row < rows; row++)
        run.records += include[row] && (amount || isfinite(values->real[row]));
    if (!run.records)
        return MQ_OK;
    struct mq_spill *spill = NULL;
    MQ_TRY(open_spill(cube, &spill, error));
    MQ_TRY(mq_spill_add(spill, &run, sizeof run, error));
    for (size_t row = 0; row < rows; row++) {
        if (!include[row] || (!amount && !isfinite(values->real[row])))
            continue;
        struct mq_order_record record = {
            .cell = cube->cell[row],
            .sign = sign,
            .ordered = amount ? order_amount(amount[row]) : order_real(values->real[row]),
        };
        MQ_TRY(mq_spill_add(spill, &record, sizeof record, error));
    }
    return MQ_OK;
}

/* ---- reading back ---- */

typedef enum mq_status (*run_fn)(void *context, const struct mq_order_run *run,
                                 const struct mq_order_record *record, struct mq_error *error);

static enum mq_status each_run(const struct mq_cube *cube, run_fn body, void *context,
                               struct mq_error *error)
{
    for (size_t s = 0; s < cube->spills; s++) {
        const void *bytes;
        size_t count;
        MQ_TRY(mq_spill_map(cube->spill + s, &bytes, &count, error));
        const char *at = bytes, *end = at + count;
        while (at < end) {
            const struct mq_order_run *run = (const void *)at;
            const struct mq_order_record *record = (const void *)(at + sizeof *run);
            MQ_TRY(body(context, run, record, error));
            at += sizeof *run + run->records * sizeof *record;
        }
    }
    return MQ_OK;
}

struct copying {
    struct mq_cube *into;
    const uint32_t *cell;
};

static enum mq_status copy_run(void *context, const struct mq_order_run *run,
                               const struct mq_order_record *record, struct mq_error *error)
{
    const struct copying *copying = context;
    struct mq_spill *spill = NULL;
    MQ_TRY(open_spill(copying->into, &spill, error));
    MQ_TRY(mq_spill_add(spill, run, sizeof *run, error));
    for (uint64_t r = 0; r < run->records; r++) {
        struct mq_order_record moved = record[r];
        moved.cell = copying->cell[moved.cell];
        MQ_TRY(mq_spill_add(spill, &moved, sizeof moved, error));
    }
    return MQ_OK;
}

enum mq_status mq_order_merge(struct mq_cube *into, const struct mq_cube *from,
                              const uint32_t *cell, struct mq_error *error)
{
    struct copying copying = {into, cell};
    return each_run(from, copy_run, &copying, error);
}

/* ---- ranks
 * -----------------------------------------------------------------------------------------------------
 */

enum { WIDE_DIGIT = 8, NARROW_DIGIT = 4, WIDE_UNITS = 1024 };

/* A look for the value of one rank in every unit of a level. */
struct ranking {
    size_t order;
    const uint32_t *unit; /* [cells] */
    size_t units;         /* of all levels */
    int digit, known;     /* bits a pass finds; bits found */
    uint64_t *prefix;     /* [units] bits found so far, right-aligned */
    int64_t *rank;        /* [units] among the values that share the prefix; -1: no values */
    int64_t *histogram;   /* [units << digit] */
};

static enum mq_status count_digits(void *context, const struct mq_order_run *run,
                                   const struct mq_order_record *record, struct mq_error *error)
{
    struct ranking *ranking = context;
    (void)error;
    if (run->order != ranking->order)
        return MQ_OK;
    int low = 64 - ranking->known - ranking->digit;
    uint64_t digits = (UINT64_C(1) << ranking->digit) - 1;
    for (uint64_t r = 0; r < run->records; r++) {
        uint32_t unit = ranking->unit[record[r].cell];
        uint64_t above = record[r].ordered >> low;
        if (unit != MQ_NO_CODE && above >> ranking->digit == ranking->prefix[unit])
            ranking->histogram[((size_t)unit << ranking->digit) + (above & digits)] +=
                record[r].sign;
    }
    return MQ_OK;
}

static enum mq_status count_values(void *context, const struct mq_order_run *run,
                                   const struct mq_order_record *record, struct mq_error *error)
{
    struct ranking *ranking = context;
    (void)error;
    for (uint64_t r = 0; run->order == ranking->order && r < run->records; r++)
        if (ranking->unit[record[r].cell] != MQ_NO_CODE)
            ranking->rank[ranking->unit[record[r].cell]] += record[r].sign;
    return MQ_OK;
}

/* Finds the next digit of every unit's value. */
static void take_digit(struct ranking *ranking)
{
    for (size_t unit = 0; unit < ranking->units; unit++) {
        const int64_t *count = ranking->histogram + (unit << ranking->digit);
        if (ranking->rank[unit] < 0)
            continue;
        uint64_t digit = 0;
        while (ranking->rank[unit] >= count[digit])
            ranking->rank[unit] -= count[digit++];
        ranking->prefix[unit] = ranking->prefix[unit] << ranking->digit | digit;
    }
}

/* ranking->prefix becomes the value of the rank ranking->rank of each unit. */
static enum mq_status find_ranks(const struct mq_cube *cube, struct ranking *ranking,
                                 struct mq_error *error)
{
    size_t room = ranking->units << ranking->digit;
    memset(ranking->prefix, 0, ranking->units * sizeof *ranking->prefix);
    for (ranking->known = 0; ranking->known < 64; ranking->known += ranking->digit) {
        memset(ranking->histogram, 0, room * sizeof *ranking->histogram);
        MQ_TRY(each_run(cube, count_digits, ranking, error));
        take_digit(ranking);
    }
    return MQ_OK;
}

/* ---- slots
 * -------------------------------------------------------------------------------------------------------
 */

/* Rank of a statistic among n values; the median of an even count has an upper one too. */
static int64_t rank_of(enum mq_aggregate aggregate, int64_t n, bool upper)
{
    if (aggregate == MQ_MIN)
        return n ? 0 : -1;
    if (aggregate == MQ_MAX)
        return n - 1;
    return n == 0 ? -1 : upper ? n / 2 : (n - 1) / 2;
}

static struct mq_value amount_value(int64_t low, int64_t high, bool mean, int decimals)
{
    mq_int128 scaled = mean ? ((mq_int128)low + high) * 5 : low;
    return (struct mq_value){
        .kind = MQ_VALUE_SCALED, .scaled = scaled, .decimals = decimals + (mean ? 1 : 0)};
}

static struct mq_value real_value(double low, double high)
{
    double sum = low + high;
    return (struct mq_value){.kind = MQ_VALUE_REAL,
                             .real = isfinite(sum) ? sum / 2 : low / 2 + high / 2};
}

/* One slot over the units of a level. `count` and `low` are work space of a number a unit. */
static enum mq_status fill_slot(const struct mq_cube *cube, struct ranking *ranking, size_t slot,
                                int64_t *count, uint64_t *low, struct mq_sums *sums,
                                struct mq_error *error)
{
    const struct mq_slot *of = cube->model->slot + slot;
    memset(ranking->rank, 0, ranking->units * sizeof *ranking->rank);
    MQ_TRY(each_run(cube, count_values, ranking, error));
    memcpy(count, ranking->rank, ranking->units * sizeof *count);
    for (int upper = 0; upper < 2; upper++) {
        if (upper)
            memcpy(low, ranking->prefix, ranking->units * sizeof *low);
        if (upper && of->aggregate != MQ_MEDIAN)
            break;
        for (size_t unit = 0; unit < ranking->units; unit++)
            ranking->rank[unit] = rank_of(of->aggregate, count[unit], upper != 0);
        MQ_TRY(find_ranks(cube, ranking, error));
    }
    bool amounts = of->input >= 0 && cube->model->input[of->input].type == MQ_AMOUNT;
    for (size_t unit = 0; unit < ranking->units; unit++) {
        uint64_t first = low[unit], second = ranking->prefix[unit];
        bool mean = of->aggregate == MQ_MEDIAN && count[unit] % 2 == 0;
        if (count[unit] > 0)
            sums->value[unit * cube->model->slots + slot] =
                amounts ? amount_value((int64_t)(first ^ SIGN_BIT), (int64_t)(second ^ SIGN_BIT),
                                       mean, cube->model->input[of->input].decimals)
                        : real_value(real_of(first), real_of(second));
    }
    return MQ_OK;
}

enum mq_status mq_order_fill(const struct mq_cube *cube, const uint32_t *unit, struct mq_sums *sums,
                             struct mq_error *error)
{
    if (!cube->layout.orders || !sums->units)
        return MQ_OK;
    struct ranking ranking = {.unit = unit,
                              .units = sums->units,
                              .digit = sums->units > WIDE_UNITS ? NARROW_DIGIT : WIDE_DIGIT};
    uint64_t *low = calloc(sums->units, sizeof *low);
    int64_t *count = calloc(sums->units, sizeof *count);
    ranking.prefix = calloc(sums->units, sizeof *ranking.prefix);
    ranking.rank = calloc(sums->units, sizeof *ranking.rank);
    ranking.histogram = calloc(sums->units << ranking.digit, sizeof *ranking.histogram);
    bool made = low && count && ranking.prefix && ranking.rank && ranking.histogram;
    enum mq_status status = MQ_OK;
    if (!made)
        mq_fail_memory(error);
    for (size_t slot = 0; made && slot < cube->model->slots && status == MQ_OK; slot++)
        if (cube->layout.place[slot].store == MQ_STORE_ORDER) {
            ranking.order = cube->layout.place[slot].index;
            status = fill_slot(cube, &ranking, slot, count, low, sums, error);
        }
    free(low);
    free(count);
    free(ranking.prefix);
    free(ranking.rank);
    free(ranking.histogram);
    return made ? status : MQ_INTERNAL;
}
