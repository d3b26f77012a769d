/* Dates as people write them, compared in what both tell. */
#include "core/date.h"
#include "support.h"

static void check_date(const char *text, int parts, int year, int month, int day)
{
    struct mq_date date = mq_date_of(text);
    if (date.parts != parts || (parts > 0 && date.part[0] != year) ||
        (parts > 1 && date.part[1] != month) || (parts > 2 && date.part[2] != day))
        fail_msg("%s: %d parts, %d %d %d", text, date.parts, date.part[0], date.part[1],
                 date.part[2]);
}

static void reads_dates(void **state)
{
    (void)state;
    check_date("2010", 1, 2010, 0, 0);
    check_date("2010年", 1, 2010, 0, 0);
    check_date("2010年报", 1, 2010, 0, 0);
    check_date("2010Q1", 1, 2010, 0, 0);
    check_date("2010-13", 1, 2010, 0, 0);
    check_date("20106", 1, 2010, 0, 0);
    check_date("2010-6", 2, 2010, 6, 0);
    check_date("201006", 2, 2010, 6, 0);
    check_date("2010年6月", 2, 2010, 6, 0);
    check_date("2010-06-32", 2, 2010, 6, 0);
    check_date("2010/6/30", 3, 2010, 6, 30);
    check_date("20100630", 3, 2010, 6, 30);
    check_date("2010年6月30日", 3, 2010, 6, 30);
    check_date("2010.12.31 24:00", 3, 2010, 12, 31);
    check_date("", 0, 0, 0, 0);
    check_date("201", 0, 0, 0, 0);
    check_date("第一期", 0, 0, 0, 0);
}

static int compare(const char *a, const char *b)
{
    struct mq_date left = mq_date_of(a), right = mq_date_of(b);
    assert_int_equal(mq_date_compare(&right, &left), -mq_date_compare(&left, &right));
    return mq_date_compare(&left, &right);
}

static void compares_what_both_tell(void **state)
{
    (void)state;
    assert_int_equal(compare("2010", "2011"), -1);
    assert_int_equal(compare("2010-12", "2011-01"), -1);
    assert_int_equal(compare("2010-07", "2010-06-30"), 1);
    assert_int_equal(compare("2010-06-29", "2010-06-30"), -1);
    assert_int_equal(compare("2010", "2010-06-30"), 0);
    assert_int_equal(compare("2010-06", "201006"), 0);
    assert_int_equal(compare("", "2010"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_dates),
                                       cmocka_unit_test(compares_what_both_tell)};
    return cmocka_run_group_tests_name("core.date", tests, NULL, NULL);
}
