/* What is said of the values of a group: one function a kind. */
#include <math.h>

#include "validate/late.h"

static double power_of_ten(int decimals)
{
    double power = 1; /* exact up to 10^22 */
    for (int i = 0; i < decimals; i++)
        power *= 10;
    return power;
}

/* sum / 10^decimals; rounded once as long as the sum is below 2^53 in size. */
static double natural(mq_int128 sum, int decimals)
{
    mq_int128 power = 1;
    for (int i = 0; i < decimals; i++)
        power *= 10;
    if (sum < ((mq_int128)1 << 53) && sum > -((mq_int128)1 << 53))
        return (double)sum / power_of_ten(decimals);
    mq_int128 units = sum / power, rest = sum % power;
    return (double)units + (double)rest / power_of_ten(decimals);
}

static double sum_by(const struct mq_group_values *values)
{
    if (!values->count)
        return NAN;
    if (values->whole) {
        mq_int128 sum = 0;
        for (size_t i = 0; i < values->count; i++)
            sum += values->amount[i];
        return natural(sum, values->decimals);
    }
    struct mq_exact sum = {0};
    for (size_t i = 0; i < values->count; i++)
        mq_exact_add(&sum, values->number[i]);
    return mq_exact_value(&sum);
}

static double mean_by(const struct mq_group_values *values)
{
    return values->count ? sum_by(values) / (double)values->count : NAN;
}

static double nth_natural(const struct mq_group_values *values, size_t n)
{
    return values->whole ? natural(values->amount[n], values->decimals) : values->number[n];
}

static double least(const struct mq_group_values *values, bool greatest)
{
    size_t best = 0;
    for (size_t i = 1; i < values->count; i++) {
        bool less = values->whole ? values->amount[i] < values->amount[best]
                                  : values->number[i] < values->number[best];
        bool more = values->whole ? values->amount[i] > values->amount[best]
                                  : values->number[i] > values->number[best];
        best = (greatest ? more : less) ? i : best;
    }
    return values->count ? nth_natural(values, best) + 0.0 : NAN; /* -0 and 0 are the same */
}

static double min_by(const struct mq_group_values *values)
{
    return least(values, false);
}

static double max_by(const struct mq_group_values *values)
{
    return least(values, true);
}

/* The n-th smallest comes to stand at n, nothing greater before it, nothing less after it. */
#define SELECT(name, type)                                                                         \
    static void name(type *value, size_t count, size_t n) /* NOLINT(bugprone-macro-parentheses) */ \
    {                                                                                              \
        size_t low = 0, high = count - 1;                                                          \
        while (low < high) {                                                                       \
            type pivot = value[low + (high - low) / 2];                                            \
            size_t i = low, k = high;                                                              \
            for (;;) {                                                                             \
                while (value[i] < pivot)                                                           \
                    i++;                                                                           \
                while (pivot < value[k])                                                           \
                    k--;                                                                           \
                if (i >= k)                                                                        \
                    break;                                                                         \
                type other = value[i];                                                             \
                value[i++] = value[k];                                                             \
                value[k--] = other;                                                                \
            }                                                                                      \
            /* [low, k] <= pivot <= [k + 1, high] */                                               \
            if (n <= k)                                                                            \
                high = k;                                                                          \
            else                                                                                   \
                low = k + 1;                                                                       \
        }                                                                                          \
    }
SELECT(select_amount, int64_t)
SELECT(select_number, double)

/* The mean of the two in the middle if their number is even. */
static double median_by(const struct mq_group_values *values)
{
    size_t count = values->count, middle = count / 2;
    if (!count)
        return NAN;
    if (values->whole)
        select_amount(values->amount, count, middle);
    else
        select_number(values->number, count, middle);
    if (count % 2)
        return nth_natural(values, middle) + 0.0;
    size_t below = 0; /* the greatest of the lower half */
    for (size_t i = 1; i < middle; i++)
        below = (values->whole ? values->amount[i] > values->amount[below]
                               : values->number[i] > values->number[below])
                    ? i
                    : below;
    if (values->whole)
        return natural((mq_int128)values->amount[below] + values->amount[middle],
                       values->decimals) /
               2;
    return values->number[below] / 2 + values->number[middle] / 2;
}

static double count_by(const struct mq_group_values *values)
{
    return (double)values->rows;
}

static double is_unique(const struct mq_group_values *values)
{
    return values->rows == 1;
}

static double (*const kinds[])(const struct mq_group_values *) = {
    [MQ_SUM_BY] = sum_by,       [MQ_MEAN_BY] = mean_by,     [MQ_MIN_BY] = min_by,
    [MQ_MAX_BY] = max_by,       [MQ_MEDIAN_BY] = median_by, [MQ_COUNT_BY] = count_by,
    [MQ_IS_UNIQUE] = is_unique,
};

double mq_derive_group(enum mq_derived_kind kind, const struct mq_group_values *values)
{
    return kinds[kind](values);
}
