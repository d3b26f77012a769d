/* Real tables through the shipped models: published numbers come out. */
#include "program.h"

#include "support.h"

/* The value column of the row of a CSV that starts with `start`, NaN if blank; fails if there is
 * none. */
static double value_after(const char *csv, const char *start)
{
    size_t length = strlen(start);
    for (const char *line = csv; line && *line;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncmp(line, start, length) == 0)
            return line[length] == ',' || line[length] == '\n' ? NAN : strtod(line + length, NULL);
    fail_msg("no row starts with %s", start);
    return NAN;
}

static char *field(const char *csv, const char *start, int wanted)
{
    static char text[256];
    const char *line = strstr(csv, start);
    assert_non_null(line);
    for (int i = 0; i < wanted; i++)
        line = strchr(line, ',') + 1;
    snprintf(text, sizeof text, "%.*s", (int)strcspn(line, ",\n"), line);
    return text;
}

static void published_sub_scores_give_the_published_index(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0,
        "$MQCI run models/published-mqci.yaml datasets/real/published-mqci.csv -o $TMP/published");
    assert_contains(outcome.out, "80.99");
    outcome_clear(&outcome);
    char *text = get_file(in_folder("published/scores.csv"));
    assert_close(value_after(text, "2006,nation,,全国,mqci,"), 79.98, 1e-12);
    assert_close(value_after(text, "2007,nation,,全国,mqci,"), 80.985, 1e-12);
    free(text);
    /* 80.985 is published as 80.99 (half up in decimal) */
    outcome = expect_shell(0, "cat $TMP/published/tables/*.csv");
    assert_contains(outcome.out, "80.99");
    assert_contains(outcome.out, "79.98");
    outcome_clear(&outcome);
}

static void provinces_add_up_to_the_published_nation(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI run models/nbs-rd.yaml datasets/real/nbs-rd.csv -o $TMP/nbs");
    outcome_clear(&outcome);
    char *text = get_file(in_folder("nbs/indicators.csv"));
    /* Published totals, person-years / 10,000 yuan / projects: 2010 1,369,908 / 40,153,965 /
     * 145,589; 2008 1,014,223 / 26,813,110 / 103,234, of which 西藏 and 新疆 (blank in the table at
     * hand) are 5,144 / 118,191 / 613. */
    static const struct {
        const char *start;
        int column;
        double published;
    } total[] = {
        {"2010,nation,,全国,expenditure_per_person", 6, 40153965},
        {"2010,nation,,全国,expenditure_per_person", 7, 1369908},
        {"2010,nation,,全国,expenditure_per_project", 7, 145589},
        {"2008,nation,,全国,expenditure_per_person", 6, 26813110 - 118191},
        {"2008,nation,,全国,expenditure_per_person", 7, 1014223 - 5144},
        {"2008,nation,,全国,expenditure_per_project", 7, 103234 - 613},
    };
    for (size_t i = 0; i < sizeof total / sizeof *total; i++)
        assert_true(fabs(strtod(field(text, total[i].start, total[i].column), NULL) -
                         total[i].published) <= 2);
    free(text);
    text = get_file(in_folder("nbs/scores.csv"));
    assert_string_equal(field(text, "2008,province,540000,西藏自治区,", 5), "");
    assert_string_equal(field(text, "2008,province,540000,西藏自治区,", 6), "");
    assert_string_not_equal(field(text, "2008,province,540000,西藏自治区,", 12), "ok");
    assert_string_equal(field(text, "2008,province,650000,新疆维吾尔自治区,", 5), "");
    assert_string_equal(field(text, "2008,province,110000,北京市,", 7), "29");
    assert_string_equal(field(text, "2010,province,110000,北京市,", 7), "31");
    free(text);
}

static void sectors_of_real_firms_are_scored(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI run models/empluk.yaml datasets/real/empluk.csv -o $TMP/empluk");
    assert_contains(outcome.out, "1031 rows read = 1031 accepted");
    outcome_clear(&outcome);
    char *text = get_file(in_folder("empluk/scores.csv"));
    int rows = 0, missing = 0;
    for (char *line = strchr(text, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
        rows++;
        missing += strncmp(field(line + 1, "", 12), "ok", 2) != 0;
    }
    assert_true(rows > 300);
    assert_true(missing < rows / 20);
    free(text);
}

int main(void)
{
    test_folder();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_sub_scores_give_the_published_index),
        cmocka_unit_test(provinces_add_up_to_the_published_nation),
        cmocka_unit_test(sectors_of_real_firms_are_scored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
