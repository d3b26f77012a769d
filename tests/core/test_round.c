/* Published digits: rounding in decimal, both rules. */
#include "core/core.h"
#include "support.h"

static void assert_rounds(double value, int decimals, const char *half_up, const char *half_even)
{
    char text[352];
    assert_string_equal(mq_round_text(value, decimals, MQ_HALF_UP, text), half_up);
    assert_string_equal(mq_round_text(value, decimals, MQ_HALF_EVEN, text), half_even);
}

static void rounds_the_decimal_not_the_double(void **state)
{
    (void)state;
    assert_rounds(0.5 * 84.76 + 0.5 * 77.21, 2, "80.99", "80.98"); /* 80.985 */
    assert_rounds(2.675, 2, "2.68", "2.68");
    assert_rounds(2.665, 2, "2.67", "2.66");
    assert_rounds(0.125, 2, "0.13", "0.12");
    assert_rounds(-0.125, 2, "-0.13", "-0.12");
    assert_rounds(1.005, 2, "1.01", "1.00");
    assert_rounds(1.00500000000001, 2, "1.01", "1.01"); /* beyond the half in the 15th digit */
    assert_rounds(0.1 + 0.2, 15, "0.300000000000000", "0.300000000000000");
    assert_rounds(79.9849, 2, "79.98", "79.98");
}

static void carries_run_through(void **state)
{
    (void)state;
    assert_rounds(99.995, 2, "100.00", "100.00");
    assert_rounds(9.5, 0, "10", "10");
    assert_rounds(8.5, 0, "9", "8");
    assert_rounds(0.5, 0, "1", "0");
    assert_rounds(0.5000001, 0, "1", "1");
    assert_rounds(0.95, 0, "1", "1");
    assert_rounds(0.005, 2, "0.01", "0.00");
    assert_rounds(0.0051, 2, "0.01", "0.01");
    assert_rounds(0.0049, 2, "0.00", "0.00");
    assert_rounds(0.00099, 2, "0.00", "0.00");
    assert_rounds(0.0999999, 3, "0.100", "0.100");
}

static void zero_has_no_sign_and_nan_no_text(void **state)
{
    (void)state;
    assert_rounds(-0.0, 2, "0.00", "0.00");
    assert_rounds(-0.001, 2, "0.00", "0.00");
    assert_rounds(-0.004999, 0, "0", "0");
    assert_rounds(0, 0, "0", "0");
    assert_rounds(NAN, 2, "", "");
    assert_rounds(INFINITY, 2, "", "");
}

static void large_and_small(void **state)
{
    (void)state;
    assert_rounds(123456789012345678.0, 1, "123456789012346000.0", "123456789012346000.0");
    assert_rounds(2000685508363.94, 2, "2000685508363.94", "2000685508363.94");
    assert_rounds(1e-300, 15, "0.000000000000000", "0.000000000000000");
    char text[352];
    assert_int_equal(strlen(mq_round_text(-1.7976931348623157e308, 15, MQ_HALF_UP, text)), 326);
    assert_memory_equal(text, "-17976931348623200000", 21);
}

/* Every half at three decimals, against whole-number arithmetic. */
static void all_halves(void **state)
{
    (void)state;
    for (int thousandths = -30005; thousandths <= 30005; thousandths += 10) {
        char up[352], even[352], wanted[48];
        double value = thousandths / 1000.0;
        int size = abs(thousandths), sign = thousandths < 0 ? -1 : 1;
        int low = size / 10, odd = low % 2;
        mq_round_text(value, 2, MQ_HALF_UP, up);
        mq_round_text(value, 2, MQ_HALF_EVEN, even);
        assert_string_equal(up, mq_decimal_text(sign * (low + 1), 2, wanted));
        assert_string_equal(even, mq_decimal_text(sign * (low + odd), 2, wanted));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_the_decimal_not_the_double),
        cmocka_unit_test(carries_run_through),
        cmocka_unit_test(zero_has_no_sign_and_nan_no_text),
        cmocka_unit_test(large_and_small),
        cmocka_unit_test(all_halves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
