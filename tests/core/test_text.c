/* Slices, full-width forms, columns, strict UTF-8, suggestions. */
#include "core/core.h"
#include "support.h"

static void compares_by_bytes(void **state)
{
    (void)state;
    assert_true(mq_text_is((struct mq_text){"辽宁省", 9}, "辽宁省"));
    assert_false(mq_text_is((struct mq_text){"辽宁省", 6}, "辽宁省"));
    assert_true(mq_text_equal((struct mq_text){NULL, 0}, mq_text("")));
    assert_int_equal(mq_text(NULL).n, 0);
    assert_int_equal(mq_text_compare(mq_text("21"), mq_text("2101")), -1);
    assert_int_equal(mq_text_compare(mq_text("22"), mq_text("2101")), 1);
    assert_int_equal(mq_text_compare(mq_text("z"), mq_text("辽")), -1); /* bytes are unsigned */
    assert_int_equal(mq_text_compare(mq_text("21"), mq_text("21")), 0);
}

static void trims_blanks_of_both_widths(void **state)
{
    (void)state;
    struct mq_text text = mq_text_trim(mq_text("\xEF\xBB\xBF \t\xE3\x80\x80 a b\xE3\x80\x80\r\n"));
    assert_true(mq_text_is(text, "a b"));
    assert_int_equal(mq_text_trim(mq_text(" \xE3\x80\x80 ")).n, 0);
    assert_int_equal(mq_text_trim(mq_text("")).n, 0);
    assert_true(mq_text_is(mq_text_trim(mq_text("\xE3\x80\x81x")), "\xE3\x80\x81x"));
}

static void narrows(void **state)
{
    (void)state;
    struct mq_text text = mq_text("ＡＢｚ０９！～　（甲）\xFF.");
    char out[64];
    size_t n = mq_text_narrow(text, out);
    assert_true(mq_text_is((struct mq_text){out, n}, "ABz09!~ (甲)\xFF."));
    assert_int_equal(mq_text_narrow(mq_text("\xEF\xBC"), out), 2); /* cut short: passed on */
}

static void measures_columns(void **state)
{
    (void)state;
    assert_int_equal(mq_text_width("index"), 5);
    assert_int_equal(mq_text_width("质量Q１。"), 9);
    assert_int_equal(mq_text_width("e\xCC\x81"), 1);        /* combining accent */
    assert_int_equal(mq_text_width("\xF0\xA0\x80\x80"), 2); /* U+20000 */
    assert_int_equal(mq_text_width("é–°"), 3);
    assert_int_equal(mq_text_width(""), 0);
}

static void knows_strict_utf8(void **state)
{
    (void)state;
    const char *good = "abcdefgh质量ijklmnopq\xF4\x8F\xBF\xBF\xC2\x80\xED\x9F\xBF\xEE\x80\x80.";
    assert_int_equal(mq_utf8_valid(good, strlen(good)), strlen(good));
    const char *const bad[] = {
        "\x80",         "\xC0\x80",     "\xC1\xBF",         "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xF0\x8F\x80", "\xF0\x8F\xBF\xBF", "\xF5\x80",     "\xF4\x90\x80\x80",
        "\xE8\xB4",     "\xFF",         "\xE8\xB4 ",        "\xC2",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (size_t lead = 0; lead < 20; lead++) {
            char text[64];
            int n = snprintf(text, sizeof text, "%.*s质%s", (int)lead, "abcdefghijklmnopqrstuv",
                             bad[i]);
            assert_int_equal(mq_utf8_valid(text, (size_t)n), lead + 3);
        }
    assert_int_equal(mq_utf8_valid("质", 2), 0);
    assert_int_equal(mq_utf8_valid("", 0), 0);
}

static void suggests_near_words_only(void **state)
{
    (void)state;
    const char *const keys[] = {"normalise", "indicators", "direction", "质量管理水平", "id"};
    assert_string_equal(mq_text_nearest("normalize", keys, 5), "normalise");
    assert_string_equal(mq_text_nearest("NORMALISE", keys, 5), "normalise");
    assert_string_equal(mq_text_nearest("indicatros", keys, 5), "indicators"); /* swapped */
    assert_string_equal(mq_text_nearest("di", keys, 5), "id");
    assert_string_equal(mq_text_nearest("质量管里水平", keys, 5), "质量管理水平");
    assert_null(mq_text_nearest("weights", keys, 5));
    assert_null(mq_text_nearest("xy", keys, 5));
    assert_null(mq_text_nearest("", keys, 5));
    assert_null(mq_text_nearest("q", (const char *const[]){"z"}, 1));
    assert_null(mq_text_nearest("direction", keys, 0));
    char longest[200];
    memset(longest, 'a', sizeof longest);
    longest[199] = '\0';
    assert_null(mq_text_nearest(longest, keys, 5));
    const char *const twins[] = {"loss_rate", "pass_rate", "lass_rate"};
    assert_string_equal(mq_text_nearest("lass_rate", twins, 3), "lass_rate");
    assert_string_equal(mq_text_nearest("poss_rate", twins, 3), "loss_rate"); /* first of equals */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_by_bytes), cmocka_unit_test(trims_blanks_of_both_widths),
        cmocka_unit_test(narrows),           cmocka_unit_test(measures_columns),
        cmocka_unit_test(knows_strict_utf8), cmocka_unit_test(suggests_near_words_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
