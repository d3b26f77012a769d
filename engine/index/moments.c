/* Third and fourth moments: deviations are brought to -1 .. 1 by a power of two, their powers to
 * multiples of 2^-60, and those summed in 128 bits. */
#include "index/moments.h"

#include <math.h>

struct powers {
    mq_int128 of[4]; /* sums of t, t^2, t^3, t^4 as multiples of 2^-60 */
    size_t count;
};

static const double unit = 0x1p60;

static inline int64_t whole(double share)
{
    return (int64_t)(share * unit);
}

/* t = (value - mean) * first * second: one factor alone may be out of range. */
static void add_powers(const double *value, size_t count, double mean, int exponent,
                       struct powers *powers)
{
    double first = ldexp(1, exponent / 2), second = ldexp(1, exponent - exponent / 2);

    *powers = (struct powers){.count = 0};
    for (size_t i = 0; i < count; i++) {
        double t = (value[i] - mean) * first * second, square = t * t;
        if (isnan(t))
            continue;
        powers->count++;
        powers->of[0] += whole(t);
        powers->of[1] += whole(square);
        powers->of[2] += whole(square * t);
        powers->of[3] += whole(square * square);
    }
}

/* Largest distance from the mean. */
static double reach_of(const double *value, size_t count, double mean)
{
    double least = mean, greatest = mean;

    for (size_t i = 0; i < count; i++) {
        least = value[i] < least ? value[i] : least;
        greatest = value[i] > greatest ? value[i] : greatest;
    }
    return fmax(greatest - mean, mean - least);
}

/* From sums about a point that is the mean but for rounding to moments about the mean itself. */
static void set_shape(const struct powers *powers, struct mq_shape *shape)
{
    double n = (double)powers->count, s[4], m2, m3, m4, g, r;

    for (int k = 0; k < 4; k++)
        s[k] = (double)powers->of[k] / unit / n;
    m2 = s[1] - s[0] * s[0];
    m3 = s[2] - 3 * s[0] * s[1] + 2 * s[0] * s[0] * s[0];
    m4 = s[3] - 4 * s[0] * s[2] + 6 * s[0] * s[0] * s[1] - 3 * s[0] * s[0] * s[0] * s[0];
    if (!(m2 > 0))
        return;
    g = m3 / (m2 * sqrt(m2));
    r = m4 / (m2 * m2);
    if (powers->count >= 3)
        shape->skewness = g * sqrt(n * (n - 1)) / (n - 2);
    if (powers->count >= 4)
        shape->kurtosis = ((n + 1) * (r - 3) + 6) * (n - 1) / ((n - 2) * (n - 3));
}

static void shape_about(const double *value, size_t count, struct mq_shape *shape)
{
    double reach = isfinite(shape->mean) ? reach_of(value, count, shape->mean) : NAN;
    struct powers powers;
    int exponent;

    if (!isfinite(reach) || reach == 0)
        return;
    frexp(reach, &exponent);
    add_powers(value, count, shape->mean, -exponent, &powers);
    set_shape(&powers, shape);
}

void mq_shape_about(const double *value, size_t count, const struct mq_exact *sum,
                    struct mq_shape *shape)
{
    *shape = (struct mq_shape){count, NAN, NAN, NAN};
    if (count)
        shape->mean = mq_exact_value(sum) / (double)count;
    shape_about(value, count, shape);
}

void mq_shape_of(const double *value, size_t count, struct mq_shape *shape)
{
    struct mq_exact sum = {0};

    *shape = (struct mq_shape){0, NAN, NAN, NAN};
    for (size_t i = 0; i < count; i++) {
        if (isnan(value[i]))
            continue;
        mq_exact_add(&sum, value[i]);
        shape->count++;
    }
    if (shape->count)
        shape->mean = mq_exact_value(&sum) / (double)shape->count;
    shape_about(value, count, shape);
}

bool mq_shape_bad(const struct mq_shape *shape, double skewness, double kurtosis)
{
    return fabs(shape->skewness) >= skewness && shape->kurtosis >= kurtosis;
}
