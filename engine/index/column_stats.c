/* Moments of columns in whole numbers: deviations from the mean become multiples of a power of two,
 * their products are summed in 128 bits, and what the rounded mean left over is taken out exactly.
 */
#include "index/column_stats.h"

#include <gmp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ABSENT INT64_MIN

/* A column on its way: value = mean + whole * 2^exponent. */
struct column {
    double mean, least, greatest;
    size_t count;
    int exponent;
};

/* Sums over some units of two columns. */
struct sums {
    size_t count;
    mq_int128 x, y, xx, yy, xy;
    bool x_varies, y_varies;
};

/* Bits of a deviation, so that the sum of `units` squares stays below 2^126. */
static int bits_for(size_t units)
{
    int bits = 51;

    for (size_t most = (size_t)1 << 24; most < units && bits > 32; most *= 4)
        bits--;
    return bits;
}

void mq_scaled_open(struct mq_scaled_sum *sum, double largest)
{
    int exponent, half;

    frexp(largest, &exponent);
    half = (50 - exponent) / 2;
    *sum = (struct mq_scaled_sum){.up = ldexp(1, half),
                                  .further = ldexp(1, 50 - exponent - half),
                                  .exponent = exponent - 100};
}

double mq_scaled_value(const struct mq_scaled_sum *sum)
{
    mq_int128 total = sum->high * ((mq_int128)1 << 50) + sum->low;

    return ldexp((double)total, sum->exponent);
}

/* The mean of the values that are there and not masked. */
static double mean_of(const double *value, size_t units, const bool *masked,
                      const struct column *column)
{
    struct mq_scaled_sum sum;

    mq_scaled_open(&sum, fmax(fabs(column->least), fabs(column->greatest)));
    for (size_t i = 0; i < units; i++)
        if (!isnan(value[i]) && !(masked && masked[i]))
            mq_scaled_add(&sum, value[i]);
    return mq_scaled_value(&sum) / (double)column->count;
}

/* Mean, ends and scale of the values that are there and not masked. */
static void look(const double *value, size_t units, const bool *masked, struct column *column)
{
    double least = INFINITY, greatest = -INFINITY, largest;
    int exponent = 0;

    *column = (struct column){.mean = NAN, .least = NAN, .greatest = NAN};
    for (size_t i = 0; i < units; i++) {
        if (isnan(value[i]) || (masked && masked[i]))
            continue;
        least = least <= value[i] ? least : value[i];
        greatest = greatest >= value[i] ? greatest : value[i];
        column->count++;
    }
    if (!column->count)
        return;
    column->least = least;
    column->greatest = greatest;
    if (!isfinite(least) || !isfinite(greatest))
        return;
    column->mean = mean_of(value, units, masked, column);
    largest = fmax(greatest - column->mean, column->mean - least);
    if (!isfinite(column->mean) || !isfinite(largest)) {
        column->mean = NAN;
        return;
    }
    frexp(largest, &exponent);
    column->exponent = exponent - bits_for(units);
}

/* An ldexp() of a column: two factors, because one may be out of range. */
struct power {
    double first, second;
};

static struct power power_of(int exponent)
{
    int half = exponent / 2;

    return (struct power){ldexp(1, half), ldexp(1, exponent - half)};
}

static inline int64_t whole_of(double value, double mean, struct power power)
{
    double scaled = (value - mean) * power.first * power.second;

    /* |scaled| <= 2^51: adding and taking away 1.5 * 2^52 rounds half to even */
    return (int64_t)(scaled + 0x1.8p52 - 0x1.8p52);
}

static void to_whole(const double *value, size_t units, const bool *masked,
                     const struct column *column, int64_t *whole)
{
    struct power power = power_of(-column->exponent);

    for (size_t i = 0; i < units; i++)
        whole[i] = isnan(value[i]) || isnan(column->mean) || (masked && masked[i])
                       ? ABSENT
                       : whole_of(value[i], column->mean, power);
}

static void set_wide(mpz_ptr number, mq_int128 value)
{
    __extension__ unsigned __int128 size =
        value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
    uint64_t part[2] = {(uint64_t)size, (uint64_t)(size >> 64)};

    mpz_import(number, 2, -1, sizeof *part, 0, 0, part);
    if (value < 0)
        mpz_neg(number, number);
}

/* n * sum(xy) - sum(x) * sum(y), exact, as fraction * 2^*exponent. */
static double central(size_t count, mq_int128 x, mq_int128 y, mq_int128 xy, long *exponent)
{
    mpz_t product, left, right;
    double fraction;

    mpz_inits(product, left, right, NULL);
    set_wide(product, xy);
    mpz_mul_ui(product, product, (unsigned long)count);
    set_wide(left, x);
    set_wide(right, y);
    mpz_submul(product, left, right);
    fraction = mpz_get_d_2exp(exponent, product);
    mpz_clears(product, left, right, NULL);
    return fraction;
}

static double moment(size_t count, double fraction, long exponent)
{
    return ldexp(fraction / ((double)count * (double)(count - 1)), (int)exponent);
}

void mq_column_stats(const double *value, size_t units, struct mq_column_stats *stats)
{
    struct column column;
    struct power power;
    mq_int128 sum = 0, squares = 0;
    long exponent;
    double fraction;

    look(value, units, NULL, &column);
    *stats =
        (struct mq_column_stats){column.count, column.least, column.greatest, column.mean, NAN};
    if (column.count < 2 || isnan(column.mean))
        return;
    stats->sd = 0;
    if (!(column.least < column.greatest))
        return;
    power = power_of(-column.exponent);
    for (size_t i = 0; i < units; i++) {
        int64_t whole;
        if (isnan(value[i]))
            continue;
        whole = whole_of(value[i], column.mean, power);
        sum += whole;
        squares += (mq_int128)whole * whole;
    }
    fraction = central(column.count, sum, sum, squares, &exponent);
    if (exponent % 2) { /* an even power of two has a root */
        fraction *= 2;
        exponent--;
    }
    stats->sd =
        ldexp(sqrt(moment(column.count, fraction, 0)), (int)(exponent / 2) + column.exponent);
}

/* ---- pairs ---- */

/* Sums over the common units of two columns. */
static void add_pair(const int64_t *x, const int64_t *y, size_t units, struct sums *sums)
{
    int64_t first_x = 0, first_y = 0;

    *sums = (struct sums){0};
    for (size_t i = 0; i < units; i++) {
        if (x[i] == ABSENT || y[i] == ABSENT)
            continue;
        if (!sums->count++) {
            first_x = x[i];
            first_y = y[i];
        }
        sums->x_varies |= x[i] != first_x;
        sums->y_varies |= y[i] != first_y;
        sums->x += x[i];
        sums->y += y[i];
        sums->xx += (mq_int128)x[i] * x[i];
        sums->yy += (mq_int128)y[i] * y[i];
        sums->xy += (mq_int128)x[i] * y[i];
    }
}

/* The same where both columns have all units, and the sums of each alone are known. */
static void add_full_pair(const int64_t *x, const int64_t *y, size_t units, const struct sums *of_x,
                          const struct sums *of_y, struct sums *sums)
{
    mq_int128 products = 0;

    for (size_t i = 0; i < units; i++)
        products += (mq_int128)x[i] * y[i];
    *sums = (struct sums){units,    of_x->x,  of_y->x,        of_x->xx,
                          of_y->xx, products, of_x->x_varies, of_y->x_varies};
}

struct work {
    size_t columns, units;
    struct column *column;
    struct sums *alone; /* [columns] */
    int64_t *whole;     /* [columns * units] */
    bool *masked;       /* [units]; NULL: none */
};

static void work_clear(struct work *work)
{
    free(work->column);
    free(work->alone);
    free(work->whole);
    free(work->masked);
}

static bool work_init(struct work *work, const double *const *column, enum mq_pairing pairing)
{
    work->column = calloc(work->columns + 1, sizeof *work->column);
    work->alone = calloc(work->columns + 1, sizeof *work->alone);
    work->whole = calloc(work->columns * work->units + 1, sizeof *work->whole);
    if (pairing == MQ_PAIRS_COMPLETE) {
        work->masked = calloc(work->units + 1, sizeof *work->masked);
        for (size_t k = 0; work->masked && k < work->columns; k++)
            for (size_t i = 0; i < work->units; i++)
                work->masked[i] |= isnan(column[k][i]);
    }
    return work->column && work->alone && work->whole && (work->masked || pairing == MQ_PAIRS_EACH);
}

static void set_pair(const struct work *work, size_t a, size_t b, struct mq_column_pairs *pairs)
{
    const struct sums *of_a = &work->alone[a], *of_b = &work->alone[b];
    size_t n = work->columns;
    struct sums sums;
    double xx, yy, xy, correlation = NAN, covariance = NAN;
    long to_xx, to_yy, to_xy, over;

    if (a == b)
        sums = *of_a;
    else if (of_a->count == work->units && of_b->count == work->units)
        add_full_pair(work->whole + a * work->units, work->whole + b * work->units, work->units,
                      of_a, of_b, &sums);
    else
        add_pair(work->whole + a * work->units, work->whole + b * work->units, work->units, &sums);
    if (sums.count >= 2) {
        xy = central(sums.count, sums.x, sums.y, sums.xy, &to_xy);
        covariance =
            moment(sums.count, xy, to_xy + work->column[a].exponent + work->column[b].exponent);
        if (sums.x_varies && sums.y_varies) {
            xx = central(sums.count, sums.x, sums.x, sums.xx, &to_xx);
            yy = central(sums.count, sums.y, sums.y, sums.yy, &to_yy);
            over = to_xx + to_yy; /* an odd power of two cannot leave the root */
            correlation = xy / sqrt(over % 2 ? xx * yy * 2 : xx * yy);
            correlation = ldexp(correlation, (int)(to_xy - (over % 2 ? over - 1 : over) / 2));
            correlation = a == b ? 1 : fmax(-1, fmin(1, correlation));
        }
    }
    pairs->covariance[a * n + b] = pairs->covariance[b * n + a] = covariance;
    pairs->correlation[a * n + b] = pairs->correlation[b * n + a] = correlation;
    pairs->count[a * n + b] = pairs->count[b * n + a] = sums.count;
}

enum mq_status mq_column_pairs(const double *const *column, size_t columns, size_t units,
                               enum mq_pairing pairing, struct mq_column_pairs *pairs,
                               struct mq_error *error)
{
    struct work work = {.columns = columns, .units = units};
    bool fine = work_init(&work, column, pairing);

    *pairs = (struct mq_column_pairs){.columns = columns};
    pairs->covariance = calloc(columns * columns + 1, sizeof *pairs->covariance);
    pairs->correlation = calloc(columns * columns + 1, sizeof *pairs->correlation);
    pairs->count = calloc(columns * columns + 1, sizeof *pairs->count);
    fine = fine && pairs->covariance && pairs->correlation && pairs->count;
    for (size_t k = 0; fine && k < columns; k++) {
        int64_t *whole = work.whole + k * units;
        look(column[k], units, work.masked, &work.column[k]);
        to_whole(column[k], units, work.masked, &work.column[k], whole);
        add_pair(whole, whole, units, &work.alone[k]);
    }
    for (size_t a = 0; fine && a < columns; a++)
        for (size_t b = a; b < columns; b++)
            set_pair(&work, a, b, pairs);
    work_clear(&work);
    if (fine)
        return MQ_OK;
    mq_column_pairs_clear(pairs);
    return mq_fail_memory(error);
}

void mq_column_pairs_clear(struct mq_column_pairs *pairs)
{
    free(pairs->covariance);
    free(pairs->correlation);
    free(pairs->count);
    *pairs = (struct mq_column_pairs){0};
}
