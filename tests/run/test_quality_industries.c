/* Quality-competitive industries by the shipped model: shares, growth at current and constant
 * prices, contributions; the list is a file that another one can replace. */
#include "program.h"

#include "support.h"

#define HEADER                                                                                                                   \
    "统一社会信用代码,年份,行政区划代码,行业代码,企业规模,营业收入,工业总产值,出口交货值," \
    "研究开发费用,利润总额\n"

/* The shipped model with tables of the test's folder. */
static void put_model(void)
{
    struct outcome outcome =
        expect_shell(0, "sed -e 's#\\.\\./datasets/demo/quality/##' -e 's#\\.\\./datasets/codes/"
                        "quality-#quality-#' -e \"s#\\.\\./datasets/codes#$PWD/datasets/codes#\" "
                        "models/quality-competitive-industries.yaml > $TMP/m.yaml");
    outcome_clear(&outcome);
    put_file(in_folder("price-index.csv"), "year,index\n2023,100\n2024,98\n");
    put_file(in_folder("value-added-rates.csv"), "code,rate\n13,20\n36,25\n39,30\n");
}

static void put_list(const char *rows)
{
    char text[1024];
    snprintf(text, sizeof text, "code,name,valid_from,valid_to,rule,source\n%s", rows);
    put_file(in_folder("quality-competitive-industries.csv"), text);
}

static void put_enterprises(void)
{
    put_file(in_folder("e.csv"), HEADER
             "E1,2023,210102,1311,2,1000,1100,0,5,50\nE2,2023,210102,3611,2,2000,2100,300,60,"
             "150\nE3,2023,210203,3911,3,700,800,200,80,90\n"
             "E1,2024,210102,1311,2,1010,1090,0,6,40\nE2,2024,210102,3611,2,2300,2400,350,"
             "70,170\nE3,2024,210203,3911,3,650,730,210,85,60\n"
             "E4,2024,210203,3911,4,9000,9000,9000,9,9\n");
}

static char *run_model(void)
{
    struct outcome outcome =
        expect_shell(0, "rm -rf $TMP/q && $MQCI run $TMP/m.yaml $TMP/e.csv -o $TMP/q");
    outcome_clear(&outcome);
    return get_file(in_folder("q/indicators.csv"));
}

static const char *field(const char *csv, const char *period, const char *node, int column)
{
    static char text[128];
    char start[128];
    snprintf(start, sizeof start, "%s,province,210000,辽宁省,%s,", period, node);
    const char *line = strstr(csv, start);
    if (!line)
        fail_msg("no row %s in\n%s", start, csv);
    for (int i = 0; i < column; i++)
        line = strchr(line, ',') + 1;
    snprintf(text, sizeof text, "%.*s", (int)strcspn(line, ",\n"), line);
    return text;
}

static double value(const char *csv, const char *period, const char *node)
{
    const char *text = field(csv, period, node, 5);
    return *text ? strtod(text, NULL) : NAN;
}

static void shares_and_growth(void **state)
{
    (void)state;
    put_model();
    put_enterprises();
    put_list("36,汽车制造业,2023,,,\n39,电子,,,,\n");
    char *csv = run_model();
    assert_close(value(csv, "2024", "count"), 2, 0); /* E4 is out of scope */
    assert_close(value(csv, "2024", "count_share"), 200.0 / 3, 1e-15);
    assert_close(value(csv, "2023", "output"), 2900 / 1e5, 1e-15);
    assert_close(value(csv, "2024", "output_share"), 100 * 3130.0 / 4220, 1e-15);
    assert_close(value(csv, "2024", "revenue_share"), 100 * 2950.0 / 3960, 1e-15);
    assert_close(value(csv, "2023", "value_added"), (2100 * 0.25 + 800 * 0.3) / 1e5, 1e-14);
    assert_close(value(csv, "2023", "value_added_share"), 100 * 765.0 / (765 + 220), 1e-14);
    assert_close(value(csv, "2024", "profit"), 230 / 1e5, 1e-15);
    assert_close(value(csv, "2024", "rd_share"), 100 * 155.0 / 161, 1e-15);
    assert_close(value(csv, "2024", "exports_share"), 100, 1e-15);
    assert_close(value(csv, "2024", "all_output"), 4220 / 1e5, 1e-15);
    /* growth: 3130 over 2900; in prices of 2023: 3130 / 0.98 over 2900 */
    assert_close(value(csv, "2024", "output_growth"), 100 * 230.0 / 2900, 1e-13);
    assert_close(value(csv, "2024", "real_output"), 3130 / 0.98 / 1e5, 1e-14);
    assert_close(value(csv, "2024", "real_output_growth"), 100 * (3130 / 0.98 / 2900 - 1), 1e-13);
    assert_close(value(csv, "2024", "all_output_growth"), 100 * 220.0 / 4000, 1e-13);
    /* 230 of the 220 that manufacturing grew by: 5.75 points, 104.5 % */
    assert_close(value(csv, "2024", "pulled"), 100 * 230.0 / 4000, 1e-13);
    assert_close(value(csv, "2024", "contribution"), 100 * 230.0 / 220, 1e-12);
    assert_true(isnan(value(csv, "2023", "output_growth")));
    assert_string_equal(field(csv, "2023", "output_growth", 10), "no_previous");
    /* read back: growth is part of the output, not worked out again from other tables */
    struct outcome outcome = expect_shell(
        0, "$MQCI explain $TMP/q --unit 210000 --node contribution && cat $TMP/q/tables/*");
    assert_contains(outcome.out, "104.5");
    assert_contains(outcome.out, "100 * (output - output[-1]) / (all_output - all_output[-1])");
    assert_contains(outcome.out, "▽");
    outcome_clear(&outcome);
    free(csv);
}

/* 36 leaves the list after 2023; 39 enters in 2024. Finer codes than divisions by another `by`. */
static void dated_lists(void **state)
{
    (void)state;
    put_model();
    put_enterprises();
    put_list("36,汽车制造业,2020,2023,,\n39,电子,2024,,,\n");
    char *csv = run_model();
    assert_close(value(csv, "2023", "output"), 2100 / 1e5, 1e-15);
    assert_close(value(csv, "2024", "output"), 730 / 1e5, 1e-15);
    assert_close(value(csv, "2024", "count"), 1, 0);
    free(csv);
    struct outcome outcome =
        expect_shell(0, "sed -i '/listed:/s/industry.division/industry/' $TMP/m.yaml");
    outcome_clear(&outcome);
    put_list("3911,计算机整机制造,,,,\n");
    csv = run_model();
    assert_close(value(csv, "2023", "output"), 800 / 1e5, 1e-15);
    free(csv);
}

static void wrong_lists(void **state)
{
    (void)state;
    put_model();
    put_enterprises();
    static const struct {
        const char *rows, *part;
    } lists[] = {
        {"36,,,,,\n99,,,,,\n",
         "quality-competitive-industries.csv:3: code \"99\" is no division of "
         "the code list"},
        {"3611,,,,,\n", "quality-competitive-industries.csv:2: code \"3611\" is no division"},
        {"36,,,,,\n36,,,,,\n", "quality-competitive-industries.csv:3: code \"36\" already stands"},
        {"36,,soon,,,\n", "quality-competitive-industries.csv:2: \"soon\" in column valid_from is "
                          "no number"},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        put_list(lists[i].rows);
        struct outcome outcome =
            expect_shell(78, "rm -rf $TMP/q; $MQCI run $TMP/m.yaml $TMP/e.csv -o $TMP/q");
        assert_contains(outcome.err, lists[i].part);
        outcome_clear(&outcome);
    }
    /* a year without a price, an industry without a rate: rejected by rule */
    put_list("36,,,,,\n");
    put_file(in_folder("price-index.csv"), "year,index\n2023,100\n");
    put_file(in_folder("value-added-rates.csv"), "code,rate\n36,25\n39,30\n");
    struct outcome outcome = expect_shell(
        0,
        "$MQCI run $TMP/m.yaml $TMP/e.csv -o $TMP/q --max-rejects 100%% && cat $TMP/q/rejects.csv");
    assert_contains(outcome.out, "年份应在价格指数表中");
    assert_contains(outcome.out, "行业应有增加值率");
    outcome_clear(&outcome);
}

/* The shipped list is what its rule makes of the shipped enterprises: divisions whose index of 2023
 * is at least 85. */
static void shipped_list_follows_its_rule(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "$MQCI run models/mqci-liaoning.yaml datasets/demo/liaoning-2023.csv -o $TMP/index "
           ">/dev/null "
           "&& grep '^2023,industry,[0-9]*,[^,]*,mqci,' $TMP/index/scores.csv | "
           "awk -F, '$6 >= 85 {print $3 \",\" $4 sprintf(\" %%.2f\", $6)}' > $TMP/rule && "
           "test $(wc -l < $TMP/rule) -eq 8 && tail -n +2 "
           "datasets/codes/quality-competitive-industries.csv "
           "| sed 's/,2023,.*得分 \\(.*\\)）,.*/ \\1/' | cmp - $TMP/rule");
    outcome_clear(&outcome);
}

static void any_threads(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "run() { $MQCI run models/quality-competitive-industries.yaml "
           "datasets/demo/liaoning-2023.csv datasets/demo/liaoning-2024.csv -o $TMP/$1 -j $2 "
           "--block-size $3; }; run one 1 1M && run four 4 8K && "
           "for file in scores.csv indicators.csv findings.csv model.yaml tables.xlsx; do "
           "cmp $TMP/one/$file $TMP/four/$file || exit 1; done; diff -r $TMP/one/tables "
           "$TMP/four/tables && $MQCI model $TMP/one/model.yaml | cmp - $TMP/one/model.yaml");
    outcome_clear(&outcome);
}

/* Amounts and shares side by side: each names its unit, and nothing has a weight. */
static void printed_with_their_units(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "$MQCI run models/quality-competitive-industries.yaml datasets/demo/liaoning-*.csv "
           "-o $TMP/printed > $TMP/said && cat $TMP/printed/tables/summary.csv");
    assert_contains(outcome.out,
                    "\r\n指标,2024年,2023年,变动\r\n增加值占比（%）,37.99,37.56,+0.43\r\n");
    assert_contains(outcome.out, "\r\n增加值（亿元）,2623.45,2462.67,+160.78\r\n");
    assert_null(strstr(outcome.out, "单位："));
    outcome_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_and_growth), cmocka_unit_test(dated_lists),
        cmocka_unit_test(wrong_lists),       cmocka_unit_test(shipped_list_follows_its_rule),
        cmocka_unit_test(any_threads),       cmocka_unit_test(printed_with_their_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
