/* datasets/real: what the sources say about themselves. */
#include "support.h"

#include "core/core.h"

static struct mq_table table;

static void read_table(const char *path)
{
    struct mq_error error = {0};
    if (mq_table_read(path, &table, &error) != MQ_OK)
        fail_msg("%s:%ld: %s", error.file, error.line, error.message);
}

static const char *cell(size_t row, const char *column)
{
    int at = mq_table_find(&table, column);
    assert_true(at >= 0);
    return table.cell[row * table.columns + (size_t)at];
}

static long sum(const char *column, const char *year)
{
    long total = 0;
    for (size_t row = 0; row < table.rows; row++)
        if (strcmp(cell(row, "year"), year) == 0)
            total += strtol(cell(row, column), NULL, 10);
    return total;
}

static void nbs_provinces_add_up_to_the_nation(void **state)
{
    (void)state;
    int blank = 0;
    read_table("datasets/real/nbs-rd.csv");
    assert_int_equal(table.rows, 62);
    assert_true(labs(sum("rd_fte_person_year", "2010") - 1369908) <= 2);
    assert_true(labs(sum("rd_expenditure_10k_yuan", "2010") - 40153965) <= 2);
    assert_true(labs(sum("rd_projects", "2010") - 145589) <= 2);
    /* 2008: what is missing to the published total is 西藏 and 新疆 */
    assert_int_equal(1014223 - sum("rd_fte_person_year", "2008"), 5144);
    assert_int_equal(26813110 - sum("rd_expenditure_10k_yuan", "2008"), 118191);
    assert_int_equal(103234 - sum("rd_projects", "2008"), 613);
    for (size_t row = 0; row < table.rows; row++) {
        if (cell(row, "rd_projects")[0])
            continue;
        blank++;
        assert_string_equal(cell(row, "year"), "2008");
        assert_true(strcmp(cell(row, "region_code"), "540000") == 0 ||
                    strcmp(cell(row, "region_code"), "650000") == 0);
    }
    assert_int_equal(blank, 2);
    mq_table_clear(&table);
}

static void published_halves_make_the_published_index(void **state)
{
    static const char *const published[][2] = {{"2006", "79.98"}, {"2007", "80.99"}};
    (void)state;
    read_table("datasets/real/published-mqci.csv");
    assert_int_equal(table.rows, 2);
    for (size_t row = 0; row < 2; row++) {
        int64_t quality, development;
        char text[352];
        assert_string_equal(cell(row, "year"), published[row][0]);
        assert_int_equal(
            mq_decimal_parse(cell(row, "quality"), strlen(cell(row, "quality")), 2, &quality),
            MQ_NUMBER_OK);
        assert_int_equal(mq_decimal_parse(cell(row, "development"),
                                          strlen(cell(row, "development")), 2, &development),
                         MQ_NUMBER_OK);
        assert_string_equal(
            mq_round_text((double)(quality + development) / 200, 2, MQ_HALF_UP, text),
            published[row][1]);
    }
    mq_table_clear(&table);
}

static void published_changes_fit_the_published_values(void **state)
{
    int checked = 0;
    (void)state;
    read_table("datasets/real/published-nation.csv");
    for (size_t row = 1; row < table.rows; row++) {
        const char *now = cell(row, "index"), *before = cell(row - 1, "index"),
                   *change = cell(row, "change");
        int64_t a, b, c;
        if (!now[0] || !before[0] || !change[0])
            continue;
        assert_int_equal(mq_decimal_parse(now, strlen(now), 2, &a), MQ_NUMBER_OK);
        assert_int_equal(mq_decimal_parse(before, strlen(before), 2, &b), MQ_NUMBER_OK);
        assert_int_equal(mq_decimal_parse(change, strlen(change), 2, &c), MQ_NUMBER_OK);
        assert_int_equal(a - b, c);
        checked++;
    }
    assert_int_equal(checked, 6);
    mq_table_clear(&table);
}

static void the_firm_panel_is_whole(void **state)
{
    int sectors[10] = {0}, firms[141] = {0}, different = 0;
    (void)state;
    read_table("datasets/real/empluk.csv");
    assert_int_equal(table.rows, 1031);
    for (size_t row = 0; row < table.rows; row++) {
        long sector = strtol(cell(row, "sector"), NULL, 10),
             firm = strtol(cell(row, "firm"), NULL, 10);
        double employment;
        assert_in_range(sector, 1, 9);
        assert_in_range(firm, 1, 140);
        assert_int_equal(mq_real_parse(cell(row, "emp"), strlen(cell(row, "emp")), &employment),
                         MQ_NUMBER_OK);
        assert_true(employment > 0);
        sectors[sector]++;
        different += firms[firm]++ == 0;
    }
    assert_int_equal(different, 140);
    assert_int_equal(sectors[4], 206);
    assert_int_equal(sectors[6], 36);
    mq_table_clear(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nbs_provinces_add_up_to_the_nation),
        cmocka_unit_test(published_halves_make_the_published_index),
        cmocka_unit_test(published_changes_fit_the_published_values),
        cmocka_unit_test(the_firm_panel_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
