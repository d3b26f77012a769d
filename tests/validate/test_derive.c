/* What is said of the values of a group: exact sums, middles, ends. */
#include "validate/late.h"

#include "support.h"

static double of_amounts(enum mq_derived_kind kind, const int64_t *amount, size_t count,
                         int decimals)
{
    int64_t copy[512];
    memcpy(copy, amount, count * sizeof *amount);
    struct mq_group_values values = {
        .rows = count + 1, .count = count, .whole = true, .decimals = decimals, .amount = copy};
    return mq_derive_group(kind, &values);
}

static double of_numbers(enum mq_derived_kind kind, const double *number, size_t count)
{
    double copy[512];
    memcpy(copy, number, count * sizeof *number);
    struct mq_group_values values = {.rows = count + 1, .count = count, .number = copy};
    return mq_derive_group(kind, &values);
}

static void test_sums_are_exact(void **state)
{
    (void)state;
    int64_t amount[300];
    double number[300];
    for (int i = 0; i < 300; i++) {
        amount[i] = INT64_MAX - 7 * i; /* beyond 64 bits together */
        number[i] = i % 3 == 0 ? 1e300 : i % 3 == 1 ? -1e300 : 0.1;
    }
    /* 300 * (2^63 - 1) - 7 * 44850 hundredths */
    assert_close(of_amounts(MQ_SUM_BY, amount, 300, 2), 27670116110564326950.0 - 3139.5, 1e-15);
    assert_true(of_numbers(MQ_SUM_BY, number, 300) == 10.0); /* 100 times 0.1, nothing lost */
    static const int64_t cents[] = {10, 20, 999999999999970};
    assert_true(of_amounts(MQ_SUM_BY, cents, 3, 2) == 10000000000000.0);
    assert_true(of_amounts(MQ_MEAN_BY, cents, 2, 2) == 0.15);
    assert_true(isnan(of_amounts(MQ_SUM_BY, cents, 0, 2)));
    assert_true(isnan(of_numbers(MQ_MEAN_BY, number, 0)));
}

static void test_middles_and_ends(void **state)
{
    (void)state;
    static const int64_t amount[] = {531, -77, 12, 12, 90001, 4};
    static const double number[] = {0.5, -0.0, 7.25, -3.5, 1e9};
    assert_true(of_amounts(MQ_MEDIAN_BY, amount, 6, 1) == 1.2);
    assert_true(of_amounts(MQ_MEDIAN_BY, amount, 4, 0) == 12);
    assert_true(of_amounts(MQ_MEDIAN_BY, amount, 2, 0) == 227);
    assert_true(of_amounts(MQ_MEDIAN_BY, amount, 1, 0) == 531);
    assert_true(of_numbers(MQ_MEDIAN_BY, number, 5) == 0.5);
    assert_true(of_numbers(MQ_MEDIAN_BY, number, 4) == 0.25);
    assert_true(of_amounts(MQ_MIN_BY, amount, 6, 1) == -7.7);
    assert_true(of_amounts(MQ_MAX_BY, amount, 6, 1) == 9000.1);
    assert_true(of_numbers(MQ_MIN_BY, number, 5) == -3.5);
    assert_false(signbit(of_numbers(MQ_MIN_BY, number, 2)));
    assert_true(isnan(of_amounts(MQ_MEDIAN_BY, amount, 0, 0)));
    assert_true(isnan(of_numbers(MQ_MAX_BY, number, 0)));
    assert_true(of_numbers(MQ_COUNT_BY, number, 5) == 6); /* rows, with or without a value */
    assert_true(of_numbers(MQ_IS_UNIQUE, number, 0) == 1);
    assert_true(of_numbers(MQ_IS_UNIQUE, number, 1) == 0);
}

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* Against sorting, with many equal values and in many orders. */
static void test_medians_of_many_kinds(void **state)
{
    (void)state;
    uint64_t seed = 99;
    for (int turn = 0; turn < 4000; turn++) {
        int64_t amount[64], sorted[64];
        double number[64];
        size_t count = 1 + (size_t)turn % 64;
        for (size_t i = 0; i < count; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            amount[i] = (int64_t)(seed >> 33) % (turn % 5 ? 7 : 1000003) - 3;
            if (turn % 7 == 0)
                amount[i] = (int64_t)i * (turn % 2 ? 3 : -3); /* in order already */
            sorted[i] = amount[i];
            number[i] = (double)amount[i];
        }
        qsort(sorted, count, sizeof *sorted, compare);
        double expected = (double)(sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        assert_true(of_amounts(MQ_MEDIAN_BY, amount, count, 0) == expected);
        assert_true(of_numbers(MQ_MEDIAN_BY, number, count) == expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_are_exact),
        cmocka_unit_test(test_middles_and_ends),
        cmocka_unit_test(test_medians_of_many_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
