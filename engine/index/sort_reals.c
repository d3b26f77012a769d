/* Ascending order of many doubles: by the digits of their bits, lowest first. */
#include <stdlib.h>
#include <string.h>

#include "index/column_stats.h"
#include "index/index_parts.h"

enum { DIGIT = 11, DIGITS = 6, KINDS = 1 << DIGIT, FEW = 512 };

static const uint64_t sign = UINT64_C(1) << 63;

/* Bits that are in order as whole numbers when the doubles are. */
static uint64_t key_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits & sign ? ~bits : bits | sign;
}

static double value_of(uint64_t key)
{
    uint64_t bits = key & sign ? key & ~sign : ~key;
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static size_t digit_of(uint64_t key, int pass)
{
    return (size_t)(key >> (DIGIT * pass)) & (KINDS - 1);
}

/* One pass; false: all have the same digit, and nothing was moved. */
static bool distribute(const uint64_t *from, uint64_t *to, size_t count, int pass)
{
    size_t place[KINDS] = {0}, next = 0;

    for (size_t i = 0; i < count; i++)
        place[digit_of(from[i], pass)]++;
    if (place[digit_of(from[0], pass)] == count)
        return false;
    for (size_t k = 0; k < KINDS; k++) {
        size_t here = place[k];
        place[k] = next;
        next += here;
    }
    for (size_t i = 0; i < count; i++)
        to[place[digit_of(from[i], pass)]++] = from[i];
    return true;
}

bool mq_sort_reals(double *value, size_t count)
{
    uint64_t *from, *to, *both;

    if (count < FEW) {
        qsort(value, count, sizeof *value, mq_compare_reals);
        return true;
    }
    both = from = calloc(2 * count, sizeof *both);
    if (!both)
        return false;
    to = both + count;
    for (size_t i = 0; i < count; i++)
        from[i] = key_of(value[i]);
    for (int pass = 0; pass < DIGITS; pass++)
        if (distribute(from, to, count, pass)) {
            uint64_t *kept = from;
            from = to;
            to = kept;
        }
    for (size_t i = 0; i < count; i++)
        value[i] = value_of(from[i]);
    free(both);
    return true;
}
