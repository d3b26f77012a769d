/* `mqci stats` as its user sees it: the demo, both languages, files, exit codes. */
#include "small.h"

#include <sys/stat.h>

/* The demo's output, made once. */
static int run_the_demo(void **state)
{
    (void)state;
    put_small();
    struct outcome outcome =
        expect_shell(0, "$MQCI run models/mqci-liaoning.yaml datasets/demo/*.csv -o $TMP/demo && "
                        "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/small --max-rejects 1");
    outcome_clear(&outcome);
    return 0;
}

static void tables_for_people(void **state)
{
    static const char *const parts[] = {
        "2024  行业（industry）  单位 29 个，指标 12 项\n",
        "指标统计（计分所用的值）",
        "与上级的相关（得分，越高越好）",
        "相关最强的指标对（得分）",
        "下级的一致性（Cronbach α）与主成分",
        "权重：",
        "有离群值",
        "下级一致性不足",
    };
    (void)state;
    struct outcome outcome = expect_shell(0, "$MQCI stats $TMP/demo");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_contains(outcome.out, parts[i]);
    assert_string_equal(outcome.err, "");
    assert_null(strstr(outcome.out, "nan"));
    outcome_clear(&outcome);
}

static void tables_in_english(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "sed 's/^title: .*/title: Quality/' $TMP/small.yaml > $TMP/english.yaml && "
                        "$MQCI run $TMP/english.yaml $TMP/small.csv -o $TMP/english --max-rejects "
                        "1 > $TMP/talk && $MQCI stats $TMP/english --level city --period 2023");
    assert_contains(outcome.out, "2023  市 (city)  2 units, 2 indicators\n");
    assert_contains(outcome.out, "correlation with the parent (scores: higher is better)");
    assert_contains(outcome.out, "consistency (Cronbach's alpha)");
    outcome_clear(&outcome);
}

/* Level and period as asked for, by id or title; two cities: numbers by hand. */
static void small_numbers(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI stats $TMP/small --level 市 --period 2024 -o $TMP/two");
    assert_contains(outcome.out, "2024  市（city）  单位 2 个，指标 2 项\n");
    outcome_clear(&outcome);
    char *text = get_file(in_folder("two/statistics.csv"));
    /* 100 * (25.1 + 80.3) / 3200.5 and 100 * 66 / 1600.2 */
    assert_contains(text, "2024,city,rd_share,value,2,2,1,2,3.2932354319637556,4.1244844394450695,"
                          "3.7088599357044125,3.7088599357044125,");
    free(text);
    text = get_file(in_folder("two/correlations.csv"));
    assert_contains(text, "2024,city,rd_share,loss_rate,value,sibling,2,-1,,-1,,-1,\n");
    assert_contains(text, "2024,city,rd_share,loss_rate,score,sibling,2,1,,1,,1,\n");
    free(text);
    text = get_file(in_folder("two/weights.csv"));
    assert_contains(text, "2024,city,loss_rate,index,0.6666666666666666,0.6666666666666666,0.5\n");
    free(text);
}

static size_t count_of(const char *text, char wanted)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == wanted;
    return count;
}

static void files_parse_and_threads_change_no_byte(void **state)
{
    static const struct {
        const char *name;
        size_t rows;
    } files[] = {{"statistics.csv", 12 + 21}, {"correlations.csv", 66 + 210},
                 {"consistency.csv", 9},      {"components.csv", 2 * 2 * 7 + 3 * 3 * 2},
                 {"weights.csv", 21},         {"flags.csv", 9}};
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI stats $TMP/demo -j 1 -o $TMP/one > $TMP/one.txt && "
                        "$MQCI stats $TMP/demo -j 3 -o $TMP/three > $TMP/three.txt && "
                        "diff -r $TMP/one $TMP/three && cmp $TMP/one.txt $TMP/three.txt");
    outcome_clear(&outcome);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char name[64];
        snprintf(name, sizeof name, "one/%s", files[i].name);
        char *text = get_file(in_folder(name));
        size_t lines = count_of(text, '\n');
        assert_int_equal(lines, 1 + files[i].rows);
        assert_int_equal(count_of(text, ',') % lines, 0);
        assert_null(strchr(text, '\r'));
        free(text);
    }
}

/* The files again replace those of before; what is not ours stays. */
static void files_appear_whole_or_not_at_all(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(0, "$MQCI stats $TMP/demo --level city -o $TMP/one");
    outcome_clear(&outcome);
    char *text = get_file(in_folder("one/weights.csv"));
    assert_contains(text, "2024,city,mqci,,,1,\n");
    free(text);
    assert_false(has_file(in_folder("one.building")));
    outcome = expect_shell(73, "mkdir $TMP/mine && echo dear > $TMP/mine/letter.txt && "
                               "$MQCI stats $TMP/demo -o $TMP/mine");
    assert_contains(outcome.err, "not an output of mqci");
    assert_string_equal(outcome.out, "");
    outcome_clear(&outcome);
    assert_true(has_file(in_folder("mine/letter.txt")));
    outcome = expect_shell(64, "$MQCI stats $TMP/demo -o $TMP/demo/");
    assert_contains(outcome.err, "is the output that is looked at; choose another place with -o");
    outcome_clear(&outcome);
    assert_true(has_file(in_folder("demo/scores.csv")));
    outcome = expect_shell(74, "$MQCI stats $TMP/demo > /dev/full");
    outcome_clear(&outcome);
}

static void wrong_questions(void **state)
{
    static const struct {
        int status;
        const char *words, *message;
    } cases[] = {
        {64, "$TMP/demo --level town",
         "no level `town` in this output; its levels are province, city, industry, city_industry"},
        {64, "$TMP/demo --period 2020",
         "no period `2020` in this output; its periods are 2023, 2024"},
        {64, "$TMP/demo --unit 210100", "`mqci stats` has no option --unit"},
        {64, "$TMP/demo --threads 0", "--threads 0: not possible"},
        {64, "", "usage: mqci stats OUT"},
        {66, "$TMP/nowhere", "is not an output of mqci: it has no manifest.json"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outcome outcome = expect_shell(cases[i].status, "$MQCI stats %s", cases[i].words);
        assert_contains(outcome.err, cases[i].message);
        assert_string_equal(outcome.out, "");
        outcome_clear(&outcome);
    }
}

/* A level of the model that no accepted row falls into in that period. */
static void a_level_without_units(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "grep -v ,2024,2102 $TMP/small.csv | sed 's/2024,210100/2024,999999/' > $TMP/gap.csv; "
           "$MQCI run $TMP/small.yaml $TMP/gap.csv -o $TMP/gap --max-rejects 100%%");
    outcome_clear(&outcome);
    outcome = expect_shell(0, "$MQCI stats $TMP/gap --level city");
    assert_contains(outcome.out, "2023  市");
    outcome_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_for_people),
        cmocka_unit_test(tables_in_english),
        cmocka_unit_test(small_numbers),
        cmocka_unit_test(files_parse_and_threads_change_no_byte),
        cmocka_unit_test(files_appear_whole_or_not_at_all),
        cmocka_unit_test(wrong_questions),
        cmocka_unit_test(a_level_without_units),
    };
    return cmocka_run_group_tests(tests, run_the_demo, NULL);
}
