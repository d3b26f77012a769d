/* Sums of products without rounding: what weighted means are made of. */
#include <math.h>

#include "index/index_parts.h"

void mq_exact_product(struct mq_exact *sum, double a, double b)
{
    double product = a * b;

    /* fma() gives what the rounding of the product lost; both parts are doubles. */
    mq_exact_add(sum, product);
    mq_exact_add(sum, fma(a, b, -product));
}

static double exact_dot(const double *a, const double *b, size_t count)
{
    struct mq_exact sum = {0};

    for (size_t i = 0; i < count; i++)
        mq_exact_product(&sum, a[i], b[i]);
    return mq_exact_value(&sum);
}

/* A sum in two parts, high + low, and what is known about the rest. */
struct pair {
    double high, low;
    bool exact; /* high + low is the sum itself */
};

/* What the rounding of a + b = sum lost. */
static inline double lost(double a, double b, double sum)
{
    double part = sum - a;

    return (a - (sum - part)) + (b - part);
}

static inline void add_low(struct pair *pair, double value)
{
    double sum = pair->low + value;

    pair->exact = pair->exact && lost(pair->low, value, sum) == 0;
    pair->low = sum;
}

double mq_dot(const double *a, const double *b, size_t count)
{
    struct pair pair = {0, 0, true};
    double size = 0, least = INFINITY, sum, rest, doubt;

    if (count > 1 << 10)
        return exact_dot(a, b, count);
    for (size_t i = 0; i < count; i++) {
        double product = a[i] * b[i], next = pair.high + product, magnitude = fabs(product);
        if (product == 0 && (a[i] == 0 || b[i] == 0))
            continue;
        size += magnitude;
        least = magnitude < least ? magnitude : least;
        add_low(&pair, lost(pair.high, product, next));
        add_low(&pair, fma(a[i], b[i], -product));
        pair.high = next;
    }
    /* The parts are doubles only away from the ends of the range. */
    if (!(size < 0x1p1000 && least > 0x1p-900))
        return exact_dot(a, b, count);
    sum = pair.high + pair.low;
    if (pair.exact)
        return sum;
    /* Each of the 2n additions to `low` loses less than 2^-53 of (n + 1) * 2^-53 * size. If all
     * that is within that reach rounds alike, it is the rounding of the sum. */
    rest = lost(pair.high, pair.low, sum);
    doubt = (double)((count + 2) * (count + 2)) * 0x1p-104 * size;
    if (sum + (rest + doubt) == sum && sum + (rest - doubt) == sum)
        return sum;
    return exact_dot(a, b, count);
}

double mq_mean(const double *scores, const double *weights, size_t count)
{
    double least = scores[0], greatest = scores[0], mean = mq_dot(scores, weights, count);

    for (size_t i = 1; i < count; i++) {
        least = scores[i] < least ? scores[i] : least;
        greatest = scores[i] > greatest ? scores[i] : greatest;
    }
    /* Rounded weights may sum to 1 only nearly; a mean still lies between its ends. */
    return mean < least ? least : mean > greatest ? greatest : mean;
}

double mq_least(const double *values, size_t count)
{
    double least = values[0];

    for (size_t i = 1; i < count; i++)
        least = values[i] < least ? values[i] : least;
    return least;
}
