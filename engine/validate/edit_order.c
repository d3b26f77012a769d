/* Order statistics of a group: sorting that takes the same time for any order of rows. */
#include <math.h>
#include <string.h>

#include "validate/edit_parts.h"

enum { FEW = 48, DIGITS = 8, VALUES = 256 };

static void sort_few(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        double value = values[i];
        size_t k = i;
        for (; k > 0 && values[k - 1] > value; k--)
            values[k] = values[k - 1];
        values[k] = value;
    }
}

/* Unsigned integers in the order of the doubles. */
static uint64_t key_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static void sort_digit(const double *from, double *to, size_t count, int digit)
{
    size_t start[VALUES + 1] = {0};

    for (size_t i = 0; i < count; i++)
        start[(key_of(from[i]) >> 8 * digit & 0xff) + 1]++;
    for (size_t i = 0; i < VALUES; i++)
        start[i + 1] += start[i];
    for (size_t i = 0; i < count; i++)
        to[start[key_of(from[i]) >> 8 * digit & 0xff]++] = from[i];
}

void mq_edit_sort(double *values, double *spare, size_t count)
{
    double *from = values, *to = spare;

    for (size_t i = 0; i < count; i++)
        values[i] += 0.0; /* -0 to 0 */
    if (count <= FEW) {
        sort_few(values, count);
        return;
    }
    for (int digit = 0; digit < DIGITS; digit++) { /* an even number: ends in `values` */
        double *swap = from;
        sort_digit(from, to, count, digit);
        from = to;
        to = swap;
    }
}

double mq_edit_percentile(const double *sorted, size_t count, double percent)
{
    double place = percent / 100 * ((double)count + 1), whole = floor(place), part = place - whole;
    size_t below;

    if (whole < 1)
        return sorted[0];
    if (whole >= (double)count)
        return sorted[count - 1];
    below = (size_t)whole;
    if (part == 0 || sorted[below - 1] == sorted[below]) /* no rounding between equals */
        return sorted[below - 1];
    return (1 - part) * sorted[below - 1] + part * sorted[below];
}

double mq_edit_deviation(const double *sorted, size_t count, double *distances)
{
    double median = mq_edit_percentile(sorted, count, 50);

    for (size_t i = 0; i < count; i++)
        distances[i] = fabs(sorted[i] - median);
    mq_edit_sort(distances, distances + count, count);
    return 1.4826 * mq_edit_percentile(distances, count, 50);
}
