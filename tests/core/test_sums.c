/* Exact sums: correct rounding, any order the same bits, subtraction undoes. */
#include <float.h>

#include "core/core.h"
#include "support.h"

static uint64_t next_random(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random;
}

static double sum_of(const double *values, size_t count)
{
    struct mq_exact sum = {0};
    for (size_t i = 0; i < count; i++)
        mq_exact_add(&sum, values[i]);
    return mq_exact_value(&sum);
}
#define assert_sum(wanted, ...)                                                                    \
    do {                                                                                           \
        const double values_[] = {__VA_ARGS__};                                                    \
        double found_ = sum_of(values_, sizeof values_ / sizeof *values_), wanted_ = (wanted);     \
        if (memcmp(&found_, &wanted_, sizeof found_) != 0)                                         \
            fail_msg("%.17g found, %.17g wanted", found_, wanted_);                                \
    } while (0)

static void hard_cases(void **state)
{
    (void)state;
    assert_sum(1, 1e16, 1, -1e16);
    assert_sum(1e308, 1e308, 1e308, -1e308);
    assert_sum(0.0, 1e308, -1e308);
    assert_sum(0.0, -0.0, -0.0);
    assert_sum(-5e-324, 1e300, -1e300, -5e-324);
    assert_sum(3 * 5e-324, 5e-324, 5e-324, 5e-324);
    assert_sum(DBL_MIN, DBL_MIN, 5e-324, -5e-324);
    assert_sum(DBL_MIN - 5e-324, DBL_MIN, -5e-324); /* back among the subnormals */
    assert_sum(2 * DBL_MIN, DBL_MIN, DBL_MIN);
    assert_sum(0x1.8p-1021, DBL_MIN, DBL_MIN, DBL_MIN);
    assert_sum(DBL_MAX, DBL_MAX, 0x1p969);
    assert_sum(INFINITY, DBL_MAX, 0x1p970);
    assert_sum(-INFINITY, -DBL_MAX, -DBL_MAX);
    assert_sum(DBL_MAX, DBL_MAX, DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX);
    assert_sum(-2.5, 1e200, -2.5, -1e200);
}

static void halves_go_to_even(void **state)
{
    (void)state;
    assert_sum(1, 1, 0x1p-53);
    assert_sum(1 + 0x1p-52, 1, 0x1p-53, 5e-324);
    assert_sum(1 + 0x1p-51, 1 + 0x1p-52, 0x1p-53);
    assert_sum(1 + 0x1p-52, 1 + 0x1p-52, 0x1p-53, -5e-324);
    assert_sum(-1, -1, -0x1p-53);
    assert_sum(-1 - 0x1p-52, -1, -0x1p-53, -5e-324);
    assert_sum(2, 2 - 0x1p-52, 0x1p-53); /* the carry lengthens the mantissa */
    assert_sum(1, 1, -0x1p-54);
    assert_sum(1 - 0x1p-53, 1, -0x1p-54, -5e-324);
}

/* Mantissas of 53 bits with shifts that still fit 128 bits: whole numbers know the exact sum. */
static void agrees_with_whole_numbers(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252u;
    for (int round = 0; round < 300; round++) {
        struct mq_exact sum = {0};
        mq_int128 whole = 0;
        for (int i = 0; i < 200; i++) {
            int64_t mantissa = (int64_t)next_random(&random) >> 11;
            int shift = (int)(next_random(&random) % 60);
            if (i == 199 && round % 3 == 0) { /* nearly all cancels */
                int64_t close = (int64_t)(whole >> 62);
                close &= -(INT64_C(1) << 11);
                mq_exact_subtract(&sum, ldexp((double)close, 62));
                whole -= (mq_int128)close * ((mq_int128)1 << 62);
                break;
            }
            mq_exact_add(&sum, ldexp((double)mantissa, shift));
            whole += (mq_int128)mantissa * ((mq_int128)1 << shift);
        }
        double found = mq_exact_value(&sum), wanted = (double)whole;
        assert_memory_equal(&found, &wanted, sizeof found);
    }
}

static void any_order_the_same_bits(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    static double values[COUNT];
    uint64_t random = 0x9E3779B97F4A7C15u;
    for (int i = 0; i < COUNT; i++) {
        uint64_t bits = next_random(&random);
        memcpy(&values[i], &bits, sizeof bits);
        if (!isfinite(values[i]) || fabs(values[i]) > 0x1p1000)
            values[i] = (double)(int64_t)bits;
    }
    double first = sum_of(values, COUNT);
    for (int round = 0; round < 20; round++) {
        for (size_t i = COUNT - 1; i > 0; i--) {
            size_t k = next_random(&random) % (i + 1);
            double other = values[i];
            values[i] = values[k];
            values[k] = other;
        }
        struct mq_exact part[3] = {0};
        for (int i = 0; i < COUNT; i++)
            mq_exact_add(&part[next_random(&random) % 3], values[i]);
        mq_exact_merge(&part[2], &part[0]);
        mq_exact_merge(&part[2], &part[1]);
        double again = mq_exact_value(&part[2]), twice = mq_exact_value(&part[2]);
        assert_memory_equal(&again, &first, sizeof first);
        assert_memory_equal(&twice, &first, sizeof first);
    }
}

static void subtracting_undoes_adding(void **state)
{
    (void)state;
    struct mq_exact sum = {0};
    mq_exact_add(&sum, 2.385);
    uint64_t random = 77;
    double values[100];
    for (int i = 0; i < 100; i++) {
        values[i] = ldexp((double)(int64_t)next_random(&random), i * 9 - 500);
        mq_exact_add(&sum, values[i]);
    }
    for (int i = 0; i < 100; i++)
        mq_exact_subtract(&sum, values[i]);
    assert_true(mq_exact_value(&sum) == 2.385);
}

/* Merging a sum into itself doubles it: 2^60 additions, far beyond what a limb holds unsettled. */
static void carries_never_overflow(void **state)
{
    (void)state;
    struct mq_exact sum = {0}, copy;
    double value = -(0x1p53 - 1);
    mq_exact_add(&sum, value);
    mq_exact_add(&sum, 0.25);
    for (int i = 0; i < 60; i++) {
        copy = sum;
        mq_exact_merge(&sum, &copy);
    }
    assert_true(mq_exact_value(&sum) == ldexp(value, 60)); /* 0.25 decides nothing */
    mq_exact_subtract(&sum, ldexp(value, 60));
    assert_true(mq_exact_value(&sum) == ldexp(0.25, 60));
    sum.pending = (1u << 29) - 3; /* as after very many additions: settled on the way */
    for (int i = 0; i < 10; i++)
        mq_exact_add(&sum, -ldexp(0.025, 60));
    assert_close(mq_exact_value(&sum), 0, ldexp(1e-16, 60));
    assert_true(sum.pending < 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hard_cases),
        cmocka_unit_test(halves_go_to_even),
        cmocka_unit_test(agrees_with_whole_numbers),
        cmocka_unit_test(any_order_the_same_bits),
        cmocka_unit_test(subtracting_undoes_adding),
        cmocka_unit_test(carries_never_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
