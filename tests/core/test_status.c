/* Errors say where and why, whole characters only, and do nothing when nobody listens. */
#include "core/core.h"
#include "support.h"

static void fills_every_field(void **state)
{
    (void)state;
    struct mq_error error;
    memset(&error, 0x5A, sizeof error);
    enum mq_status status =
        mq_fail(&error, MQ_DATA, "a/b.csv", 17, 5, "found %d, expected %s", 42, "a date");
    assert_int_equal(status, MQ_DATA);
    assert_int_equal(error.status, MQ_DATA);
    assert_int_equal(error.line, 17);
    assert_int_equal(error.column, 5);
    assert_string_equal(error.file, "a/b.csv");
    assert_string_equal(error.message, "found 42, expected a date");
    assert_int_equal(mq_fail(NULL, MQ_IO, NULL, 0, 0, "%s", "unheard"), MQ_IO);
    assert_int_equal(mq_fail_memory(&error), MQ_INTERNAL);
    assert_string_equal(error.message, "out of memory");
    assert_string_equal(error.file, "");
}

static void text_leaves_out_what_is_unknown(void **state)
{
    (void)state;
    char text[200];
    struct mq_error error;
    mq_fail(&error, MQ_DATA, "x.csv", 17, 5, "wrong");
    assert_string_equal(mq_error_text(&error, text, sizeof text), "x.csv:17:5: wrong");
    mq_fail(&error, MQ_DATA, "x.csv", 17, 0, "wrong");
    assert_string_equal(mq_error_text(&error, text, sizeof text), "x.csv:17: wrong");
    mq_fail(&error, MQ_DATA, "x.csv", 0, 5, "wrong");
    assert_string_equal(mq_error_text(&error, text, sizeof text), "x.csv: wrong");
    mq_fail(&error, MQ_DATA, NULL, 0, 0, "wrong");
    assert_string_equal(mq_error_text(&error, text, sizeof text), "wrong");
    mq_fail(&error, MQ_DATA, NULL, 17, 0, "wrong");
    assert_string_equal(mq_error_text(&error, text, sizeof text), "17: wrong");
    assert_string_equal(mq_error_text(&error, text, 6), "17: w");
}

static void long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    char text[3001];
    for (int i = 0; i < 1000; i++)
        memcpy(text + 3 * i, "质", 3);
    text[3000] = '\0';
    struct mq_error error;
    for (int shift = 0; shift < 3; shift++) {
        mq_fail(&error, MQ_DATA, text, 1, 1, "%.*s%s", shift, "ab", text);
        size_t n = strlen(error.message);
        assert_int_equal(mq_utf8_valid(error.message, n), n);
        assert_in_range(n, 1020, 1023);
        assert_int_equal(strlen(error.file), 510);
    }
}

static void a_message_may_wrap_itself(void **state)
{
    (void)state;
    struct mq_error error;
    mq_fail(&error, MQ_DATA, "inner.csv", 3, 0, "inner");
    mq_fail(&error, MQ_BAD_MODEL, error.file, error.line, 0, "outer: %s", error.message);
    assert_string_equal(error.message, "outer: inner");
    assert_string_equal(error.file, "inner.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_every_field),
        cmocka_unit_test(text_leaves_out_what_is_unknown),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(a_message_may_wrap_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
