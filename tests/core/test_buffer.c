/* Buffers: growth, CSV quoting, the shortest text of a double. */
#include "core/core.h"
#include "support.h"

static void grows_and_stays_terminated(void **state)
{
    (void)state;
    struct mq_buffer buffer = MQ_BUFFER_EMPTY;
    for (int i = 0; i < 10000; i++) {
        mq_buffer_format(&buffer, "%d,", i);
        assert_int_equal(strlen(buffer.data), buffer.length);
    }
    assert_int_equal(buffer.length, 48890);
    assert_string_equal(buffer.data + buffer.length - 10, "9998,9999,");
    mq_buffer_add(&buffer, "x\0y", 3);
    assert_int_equal(buffer.length, 48893);
    mq_buffer_clear(&buffer);
    assert_null(buffer.data);
    mq_buffer_text(&buffer, "again");
    assert_string_equal(buffer.data, "again");
    assert_false(buffer.failed);
    mq_buffer_clear(&buffer);
}

static void impossible_sizes_fail_for_good(void **state)
{
    (void)state;
    struct mq_buffer buffer = MQ_BUFFER_EMPTY;
    mq_buffer_text(&buffer, "kept");
    mq_buffer_add(&buffer, "x", SIZE_MAX - 8);
    assert_true(buffer.failed);
    mq_buffer_text(&buffer, "lost");
    assert_string_equal(buffer.data, "kept");
    mq_buffer_clear(&buffer);
}

static const char *csv_of(struct mq_buffer *buffer, const char *text)
{
    mq_buffer_clear(buffer);
    mq_buffer_csv(buffer, text, strlen(text));
    return buffer->data;
}

static void csv_quotes_only_what_needs_it(void **state)
{
    (void)state;
    struct mq_buffer buffer = MQ_BUFFER_EMPTY;
    assert_string_equal(csv_of(&buffer, "大连市"), "大连市");
    assert_string_equal(csv_of(&buffer, "a,b"), "\"a,b\"");
    assert_string_equal(csv_of(&buffer, "\"a\"\"b"), "\"\"\"a\"\"\"\"b\"");
    assert_string_equal(csv_of(&buffer, "two\nlines"), "\"two\nlines\"");
    assert_string_equal(csv_of(&buffer, "cr\r"), "\"cr\r\"");
    assert_string_equal(csv_of(&buffer, " edge"), "\" edge\"");
    assert_string_equal(csv_of(&buffer, "in side"), "in side");
    assert_string_equal(csv_of(&buffer, ""), "");
    mq_buffer_clear(&buffer);
}

static const char *real_of(struct mq_buffer *buffer, double value)
{
    mq_buffer_clear(buffer);
    mq_buffer_text(buffer, "");
    mq_buffer_real(buffer, value);
    return buffer->data;
}

static void reals_are_short(void **state)
{
    (void)state;
    struct mq_buffer buffer = MQ_BUFFER_EMPTY;
    assert_string_equal(real_of(&buffer, 0.1), "0.1");
    assert_string_equal(real_of(&buffer, 0.1 + 0.2), "0.30000000000000004");
    assert_string_equal(real_of(&buffer, -80.985), "-80.985");
    assert_string_equal(real_of(&buffer, -0.0), "0");
    assert_string_equal(real_of(&buffer, NAN), "");
    assert_string_equal(real_of(&buffer, 9007199254740991.0), "9007199254740991");
    assert_string_equal(real_of(&buffer, 2000685508363942.0), "2000685508363942");
    assert_string_equal(real_of(&buffer, 1e300), "1e+300");
    assert_string_equal(real_of(&buffer, 5e-324), "5e-324");
    assert_string_equal(real_of(&buffer, 2.2250738585072014e-308), "2.2250738585072014e-308");
    assert_string_equal(real_of(&buffer, 1.0 / 3), "0.3333333333333333");
    mq_buffer_clear(&buffer);
}

static void reals_read_back_the_same(void **state)
{
    (void)state;
    struct mq_buffer buffer = MQ_BUFFER_EMPTY;
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        double value;
        uint64_t bits = i % 10 ? random : random & 0x800FFFFFFFFFFFFFu; /* some subnormal */
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value) || value == 0)
            continue;
        const char *text = real_of(&buffer, value);
        double again = strtod(text, NULL);
        assert_memory_equal(&again, &value, sizeof value);
        assert_true(strlen(text) <= 24);
    }
    mq_buffer_clear(&buffer);
}

/* The shortest of 15 to 17 digits that reads back, found the slow way. */
static void slow_real(double value, char *text, size_t size)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, size, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
}

static void reals_are_the_shortest_that_read_back(void **state)
{
    (void)state;
    uint64_t x = 0x243f6a8885a308d3u;
    for (int i = 0; i < 300000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        /* from 1e-6 to 1e16, random bits, quotients and numbers of few decimals, and their
         * neighbours */
        double value = ldexp((double)(x >> 11), -53) * pow(10, (double)(i % 23) - 6);
        if (i % 3 == 1)
            value = (double)(x % 1000003) / (double)(1 + (x >> 40) % 977);
        if (i % 3 == 2)
            value = (double)(x % 100000007) / pow(10, (double)(i % 9));
        if (i % 5 == 0)
            value = nextafter(value, i % 2 ? 0 : 1e300);
        if (value < 0x1p53 && value == trunc(value))
            continue;
        char wanted[40];
        struct mq_buffer buffer = MQ_BUFFER_EMPTY;
        slow_real(value, wanted, sizeof wanted);
        mq_buffer_real(&buffer, value);
        assert_string_equal(buffer.data, wanted);
        mq_buffer_clear(&buffer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reals_are_the_shortest_that_read_back),
        cmocka_unit_test(grows_and_stays_terminated),
        cmocka_unit_test(impossible_sizes_fail_for_good),
        cmocka_unit_test(csv_quotes_only_what_needs_it),
        cmocka_unit_test(reals_are_short),
        cmocka_unit_test(reals_read_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
