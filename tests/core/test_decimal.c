/* Decimal text: both ends of the range, every verdict, full-width forms, correct rounding. */
#include "core/core.h"
#include "support.h"

static int64_t parsed(const char *text, int decimals)
{
    int64_t value = -987654321;
    enum mq_verdict verdict = mq_decimal_parse(text, strlen(text), decimals, &value);
    if (verdict != MQ_NUMBER_OK)
        fail_msg("\"%s\": verdict %d", text, (int)verdict);
    return value;
}

static void assert_refused(const char *text, int decimals, enum mq_verdict wanted)
{
    int64_t value = 4711;
    enum mq_verdict verdict = mq_decimal_parse(text, strlen(text), decimals, &value);
    if (verdict != wanted)
        fail_msg("\"%s\": verdict %d, wanted %d", text, (int)verdict, (int)wanted);
    assert_int_equal(value, 4711);
}

static void reads_what_people_write(void **state)
{
    (void)state;
    assert_int_equal(parsed("2385", 0), 2385);
    assert_int_equal(parsed("-12.3", 2), -1230);
    assert_int_equal(parsed("+0012.30", 2), 1230);
    assert_int_equal(parsed(".5", 1), 5);
    assert_int_equal(parsed("5.", 3), 5000);
    assert_int_equal(parsed("-0", 0), 0);
    assert_int_equal(parsed("7.000000000000000000000000000", 0), 7);
    assert_int_equal(parsed("0000000000000000000000000000042", 1), 420);
    assert_int_equal(parsed(" \t 42 \r", 0), 42);
    assert_int_equal(parsed("　４２．５　", 1), 425);
    assert_int_equal(parsed("－３", 0), -3);
    assert_int_equal(parsed("＋３", 0), 3);
    assert_int_equal(parsed("\xE2\x88\x92"
                            "3",
                            0),
                     -3);
    assert_int_equal(parsed("1２3", 0), 123);
    assert_int_equal(parsed("1.5", 18), INT64_C(1500000000000000000));
}

static void keeps_both_ends_exact(void **state)
{
    (void)state;
    assert_true(parsed("9223372036854775807", 0) == INT64_MAX);
    assert_true(parsed("-9223372036854775808", 0) == INT64_MIN);
    assert_true(parsed("-9.223372036854775808", 18) == INT64_MIN);
    assert_true(parsed("９２２３３７２０３６８５４７７．５８０７", 4) == INT64_MAX);
    assert_true(parsed("999999999999999999", 0) == INT64_C(999999999999999999));
    assert_refused("9223372036854775808", 0, MQ_NUMBER_RANGE);
    assert_refused("-9223372036854775809", 0, MQ_NUMBER_RANGE);
    assert_refused("9223372036854775810", 0, MQ_NUMBER_RANGE);
    assert_refused("18446744073709551617", 0, MQ_NUMBER_RANGE); /* 2^64 + 1 must not wrap to 1 */
    assert_refused("36893488147419103233", 0, MQ_NUMBER_RANGE);
    assert_refused("340282366920938463463374607431768211457", 0, MQ_NUMBER_RANGE);
    assert_refused("922337203685477580.8", 1, MQ_NUMBER_RANGE);
    assert_refused("10", 18, MQ_NUMBER_RANGE);
}

/* Short digit runs take a way of their own: every length, and every byte that is no digit. */
static void short_runs(void **state)
{
    (void)state;
    const char *digits = "9182736450";
    for (int n = 1; n <= 10; n++)
        for (int from = 0; from + n <= 10; from++) {
            char text[16];
            snprintf(text, sizeof text, "%.*s", n, digits + from);
            int64_t wanted = atoll(text);
            assert_true(parsed(text, 0) == wanted);
            assert_true(parsed(text, 8) == wanted * 100000000);
            for (int at = 0; at < n; at++)
                for (int byte = 0; byte < 256; byte++) {
                    bool fine = (byte >= '0' && byte <= '9') || byte == '.' ||
                                (byte && strchr(" \t\r\n", byte));
                    if (fine || (at == 0 && (byte == '-' || byte == '+')) || byte == ',')
                        continue;
                    char wrong[16];
                    memcpy(wrong, text, sizeof wrong);
                    wrong[at] = (char)byte;
                    int64_t value = 4711;
                    assert_int_equal(mq_decimal_parse(wrong, (size_t)n, 0, &value),
                                     MQ_NUMBER_MALFORMED);
                    assert_int_equal(value, 4711);
                }
        }
}

static void says_why_not(void **state)
{
    (void)state;
    const char *const malformed[] = {"",     " ",     "-",   ".",    "+.",       "--1",  "+-1",
                                     "1e3",  "1.2.3", "abc", "12a",  "1 2",      "0x10", "inf",
                                     "nan",  ",1",    "1,",  "1,,2", "1.,2",     "，１", "１，",
                                     "一千", "1-",    "¥5",  "5%",   "\xEF\xBC", "—"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        assert_refused(malformed[i], 2, MQ_NUMBER_MALFORMED);
    int64_t value = 0;
    assert_int_equal(mq_decimal_parse("1\0002", 3, 0, &value), MQ_NUMBER_MALFORMED);
    assert_refused("1,234", 0, MQ_NUMBER_SEPARATOR);
    assert_refused("１，２３４", 0, MQ_NUMBER_SEPARATOR);
    assert_refused("-1,234,567.80", 2, MQ_NUMBER_SEPARATOR);
    assert_refused("99,999,999,999,999,999,999", 2, MQ_NUMBER_SEPARATOR);
    assert_refused("1,234x", 0, MQ_NUMBER_MALFORMED);
    assert_refused("1.5", 0, MQ_NUMBER_DECIMALS);
    assert_refused("0.001", 2, MQ_NUMBER_DECIMALS);
    assert_refused("-9223372036854775808.5", 0, MQ_NUMBER_DECIMALS);
    assert_refused("9223372036854775808.5", 0, MQ_NUMBER_RANGE);
}

static void decimals_print_and_read_back(void **state)
{
    (void)state;
    char text[48];
    assert_string_equal(mq_decimal_text(-1230, 2, text), "-12.30");
    assert_string_equal(mq_decimal_text(5, 3, text), "0.005");
    assert_string_equal(mq_decimal_text(0, 2, text), "0.00");
    assert_string_equal(mq_decimal_text(-7, 0, text), "-7");
    assert_string_equal(mq_decimal_text(0, 0, text), "0");
    mq_int128 large = (mq_int128)1 << 126;
    mq_int128 lowest = -large - large;
    assert_string_equal(mq_decimal_text(lowest, 18, text),
                        "-170141183460469231731.687303715884105728");
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        int64_t value = (int64_t)random >> i % 60;
        assert_true(parsed(mq_decimal_text(value, i % 19, text), i % 19) == value);
    }
}

static double real_parsed(const char *text)
{
    double value = -4711;
    enum mq_verdict verdict = mq_real_parse(text, strlen(text), &value);
    if (verdict != MQ_NUMBER_OK)
        fail_msg("\"%s\": verdict %d", text, (int)verdict);
    return value;
}

static void assert_real_refused(const char *text, enum mq_verdict wanted)
{
    double value = 4711.5;
    enum mq_verdict verdict = mq_real_parse(text, strlen(text), &value);
    if (verdict != wanted)
        fail_msg("\"%s\": verdict %d, wanted %d", text, (int)verdict, (int)wanted);
    assert_true(value == 4711.5);
}

static void reals_are_correctly_rounded(void **state)
{
    (void)state;
    assert_true(real_parsed("80.985") == 80.985);
    assert_true(real_parsed("-.5e1") == -5);
    assert_true(real_parsed(" ６．０２ｅ２３ ") == 6.02e23);
    assert_true(real_parsed("9007199254740993") == 9007199254740992.0); /* half to even */
    assert_true(real_parsed("9007199254740993.00000000000000000000000001") == 9007199254740994.0);
    assert_true(real_parsed("2.2250738585072011e-308") == 2.2250738585072011e-308);
    assert_true(real_parsed("1.7976931348623157e308") == 1.7976931348623157e308);
    assert_true(real_parsed("1e-400") == 0);
    assert_true(real_parsed("1e-99999999999999999999") == 0);
    assert_true(real_parsed("0e99999999999999999999") == 0);
    assert_true(real_parsed("123456789e-22") == 123456789e-22);
    assert_true(real_parsed("123456789e-23") == 123456789e-23);
    assert_true(real_parsed("8.5e21") == 8.5e21);
    assert_real_refused("1.8e308", MQ_NUMBER_RANGE);
    assert_real_refused("-1e99999999999999999999", MQ_NUMBER_RANGE);
    const char *const malformed[] = {"",     "e5", "1e",   "1e+",   "0x1p3", "inf",     "-nan",
                                     "1e5.", ".",  "1,e5", "1e1,0", "1e ",   "infinity"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        assert_real_refused(malformed[i], MQ_NUMBER_MALFORMED);
    assert_real_refused("1,234.5", MQ_NUMBER_SEPARATOR);
    assert_real_refused("１，２３４e5", MQ_NUMBER_SEPARATOR);
}

/* The exact decimal of 1 + 2^-53 lies midway between two doubles; a digit far behind decides. */
static void far_digits_decide(void **state)
{
    (void)state;
    char text[4000];
    const char *half = "1.00000000000000011102230246251565404236316680908203125";
    assert_true(real_parsed(half) == 1);
    snprintf(text, sizeof text, "%s%01500d1", half, 0);
    assert_true(real_parsed(text) == 1 + 0x1p-52);
    snprintf(text, sizeof text, "%s%01500d", half, 0);
    assert_true(real_parsed(text) == 1);
    snprintf(text, sizeof text, "%01200d.%02000d1e2005", 0, 0);
    assert_true(real_parsed(text) == 1e4);
    memset(text, '7', 1000);
    snprintf(text + 1000, 100, "e-999");
    assert_true(real_parsed(text) == strtod(text, NULL));
}

static void assert_fraction(const char *text, int64_t top, int64_t bottom)
{
    int64_t numerator = 0, denominator = 0;
    enum mq_verdict verdict = mq_fraction_parse(text, strlen(text), &numerator, &denominator);
    assert_int_equal(verdict, MQ_NUMBER_OK);
    assert_true(numerator == top);
    assert_true(denominator == bottom);
}

static enum mq_verdict fraction_verdict(const char *text)
{
    int64_t numerator = 31, denominator = 37;
    enum mq_verdict verdict = mq_fraction_parse(text, strlen(text), &numerator, &denominator);
    assert_true(numerator == 31 && denominator == 37);
    return verdict;
}

static void fractions_in_lowest_terms(void **state)
{
    (void)state;
    assert_fraction("1/2", 1, 2);
    assert_fraction(" 18 / 24 ", 3, 4);
    assert_fraction("２／６", 1, 3);
    assert_fraction("-6/4", -3, 2);
    assert_fraction("0.25", 1, 4);
    assert_fraction("0.250000000000000000000000", 1, 4);
    assert_fraction("12", 12, 1);
    assert_fraction("0", 0, 1);
    assert_fraction("0/7", 0, 1);
    assert_fraction("-9223372036854775808/2", -INT64_C(4611686018427387904), 1);
    assert_fraction("0.123456789012345678", INT64_C(61728394506172839),
                    INT64_C(500000000000000000));
    assert_int_equal(fraction_verdict("1/0"), MQ_NUMBER_MALFORMED);
    assert_int_equal(fraction_verdict("1/-2"), MQ_NUMBER_MALFORMED);
    assert_int_equal(fraction_verdict("1/2/3"), MQ_NUMBER_MALFORMED);
    assert_int_equal(fraction_verdict("0.5/2"), MQ_NUMBER_MALFORMED);
    assert_int_equal(fraction_verdict("1/"), MQ_NUMBER_MALFORMED);
    assert_int_equal(fraction_verdict(""), MQ_NUMBER_MALFORMED);
    assert_int_equal(fraction_verdict("half"), MQ_NUMBER_MALFORMED);
    assert_int_equal(fraction_verdict("1,000/3"), MQ_NUMBER_SEPARATOR);
    assert_int_equal(fraction_verdict("1/9223372036854775808"), MQ_NUMBER_RANGE);
    assert_int_equal(fraction_verdict("0.1234567890123456789"), MQ_NUMBER_DECIMALS);
    assert_int_equal(fraction_verdict("9223372036854775807.5"), MQ_NUMBER_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_people_write),
        cmocka_unit_test(keeps_both_ends_exact),
        cmocka_unit_test(short_runs),
        cmocka_unit_test(says_why_not),
        cmocka_unit_test(decimals_print_and_read_back),
        cmocka_unit_test(reals_are_correctly_rounded),
        cmocka_unit_test(far_digits_decide),
        cmocka_unit_test(fractions_in_lowest_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
