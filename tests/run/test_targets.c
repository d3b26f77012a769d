/* Targets: standing, distance and pace by hand-made figures, scores of outputs, and every wrong
 * file. */
#include "small.h"

#define TARGETS_HEAD                                                                               \
    "mqci_targets: 1\n"                                                                            \
    "id: t\n"                                                                                      \
    "title: 目标\n"                                                                              \
    "tables: [f.csv]\n"                                                                            \
    "figures:\n"                                                                                   \
    "  - {id: a, title: 甲, least: 0, most: 100}\n"                                               \
    "  - {id: b}\n"                                                                                \
    "targets:\n"

static void put_targets(const char *targets, const char *figures)
{
    char text[4096];
    snprintf(text, sizeof text, TARGETS_HEAD "%s", targets);
    put_file(in_folder("t.yaml"), text);
    snprintf(text, sizeof text, "year,figure,value\n%s", figures);
    put_file(in_folder("f.csv"), text);
}

/* targets.csv of a run with `options`; freed by the caller. */
static char *judge(const char *options)
{
    struct outcome outcome =
        expect_shell(0, "$MQCI targets $TMP/t.yaml %s -o $TMP/judged", options);
    outcome_clear(&outcome);
    return get_file(in_folder("judged/targets.csv"));
}

enum {
    BASELINE = 7,
    WANTED = 8,
    YEAR = 10,
    ACTUAL = 11,
    PATH = 12,
    DISTANCE = 13,
    PACE = 14,
    REQUIRED = 15,
    STATUS = 16
};

static const char *field(const char *csv, const char *id, int column)
{
    static char text[128];
    char start[64];
    snprintf(start, sizeof start, "\n%s,", id);
    const char *line = strstr(csv, start);
    if (!line)
        fail_msg("no row %s in\n%s", id, csv);
    line++;
    for (int i = 0; i < column; i++)
        line = strchr(line, ',') + 1;
    snprintf(text, sizeof text, "%.*s", (int)strcspn(line, ",\n"), line);
    return text;
}

static double number(const char *csv, const char *id, int column)
{
    const char *text = field(csv, id, column);
    return *text ? strtod(text, NULL) : NAN;
}

/* From 40 in 2021 to 80 in 2025: 50, 60, 70 on the way. */
static void straight_line(void **state)
{
    (void)state;
    static const char target[] =
        "  - {id: x, kind: reach, figure: a, baseline: {year: 2021, value: 40}, target: 80, due: "
        "2025}\n";
    static const struct {
        const char *figures, *options, *status;
        double actual, path, distance, pace, required;
    } cases[] = {
        {"2023,a,60\n", "", "on_course", 60, 60, 20, 10, 10},
        {"2023,a,59.99\n", "", "behind", 59.99, 60, 20.01, 9.995, 10.005},
        {"2023,a,59.996\n", "", "on_course", 59.996, 60, 20.004, 9.998, 10.002}, /* 60.00 */
        {"2023,a,80\n", "", "achieved", 80, 60, 0, 20, NAN},
        {"2022,a,55\n2023,a,\n2024,a,66\n", "", "behind", 66, 70, 14, 26 / 3.0, 14},
        {"2022,a,55\n2024,a,66\n", "--year 2023", "on_course", 55, 50, 25, 15, 25 / 3.0},
        {"2025,a,79\n", "", "missed", 79, 80, 1, 39 / 4.0, NAN},
        {"2027,a,79\n", "", "missed", 79, 80, 1, 39 / 6.0, NAN},
        {"2025,a,80\n", "", "achieved", 80, 80, 0, 10, NAN},
        {"2019,a,90\n", "", "no_data", NAN, NAN, NAN, NAN, NAN}, /* before the baseline */
        {"", "", "no_data", NAN, NAN, NAN, NAN, NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put_targets(target, cases[i].figures);
        char *csv = judge(cases[i].options);
        assert_string_equal(field(csv, "x", STATUS), cases[i].status);
        assert_close(number(csv, "x", ACTUAL), cases[i].actual, 1e-15);
        assert_close(number(csv, "x", PATH), cases[i].path, 1e-15);
        assert_close(number(csv, "x", DISTANCE), cases[i].distance, 1e-13);
        assert_close(number(csv, "x", PACE), cases[i].pace, 1e-13);
        assert_close(number(csv, "x", REQUIRED), cases[i].required, 1e-13);
        free(csv);
    }
}

static void downwards(void **state)
{
    (void)state;
    put_targets("  - {id: x, kind: reach, direction: down, figure: a, baseline: {year: 2021}, "
                "target: 2, due: 2025}\n"
                "  - {id: y, kind: hold, direction: down, figure: a, target: 7, due: 2025}\n"
                "  - {id: z, kind: rise, direction: down, figure: a, baseline: {year: 2021}, due: "
                "2025}\n",
                "2021,a,10\n2022,a,7.9\n");
    char *csv = judge("");
    assert_string_equal(field(csv, "x", STATUS), "on_course"); /* path: 8 */
    assert_close(number(csv, "x", BASELINE), 10, 0);
    assert_close(number(csv, "x", REQUIRED), -5.9 / 3, 1e-13);
    assert_string_equal(field(csv, "y", STATUS), "behind");
    assert_string_equal(field(csv, "z", STATUS), "achieved");
    free(csv);
}

static void kinds(void **state)
{
    (void)state;
    put_targets("  - {id: hold, kind: hold, figure: a, target: 98, due: 2025, decimals: 1}\n"
                "  - {id: rise, kind: rise, figure: a, baseline: {year: 2023}, due: 2025}\n"
                "  - {id: above, kind: above, figure: a, beside: b, due: 2025}\n"
                "  - {id: least, kind: at_least, figure: a, beside: b, due: 2025}\n"
                "  - {id: sum, kind: reach, figure: b, total: true, baseline: {year: 2022}, "
                "target: 300, due: 2025}\n",
                "2023,a,97.5\n2024,a,97.96\n2023,b,97.4\n2024,b,97.96\n2025,a,99\n");
    char *csv = judge("--year 2024");
    assert_string_equal(field(csv, "hold", STATUS), "achieved"); /* 98.0 at one decimal */
    assert_string_equal(field(csv, "rise", STATUS), "achieved");
    assert_close(number(csv, "rise", WANTED), 97.5, 0);
    assert_string_equal(field(csv, "above", STATUS), "behind"); /* equal is not above */
    assert_string_equal(field(csv, "least", STATUS), "achieved");
    assert_close(number(csv, "sum", ACTUAL), 97.4 + 97.96, 1e-15);
    assert_close(number(csv, "sum", PATH), 200, 1e-15);
    assert_string_equal(field(csv, "sum", STATUS), "behind");
    free(csv);
    /* without --year: 2025 has no b, so what is compared with b stays at 2024 */
    csv = judge("");
    assert_string_equal(field(csv, "hold", YEAR), "2025");
    assert_string_equal(field(csv, "above", YEAR), "2024");
    free(csv);
    csv = judge("--year 2023");
    assert_string_equal(field(csv, "hold", STATUS), "behind");
    assert_string_equal(field(csv, "rise", STATUS), "behind");
    assert_string_equal(field(csv, "above", STATUS), "achieved");
    free(csv);
}

/* A sum needs every year since the baseline. */
static void gaps_in_totals(void **state)
{
    (void)state;
    put_targets("  - {id: sum, kind: reach, figure: b, total: true, baseline: {year: 2021}, "
                "target: 300, due: 2025}\n",
                "2022,b,80\n2024,b,90\n");
    char *csv = judge("");
    assert_string_equal(field(csv, "sum", YEAR), "2022");
    assert_close(number(csv, "sum", ACTUAL), 80, 0);
    assert_string_equal(field(csv, "sum", STATUS), "on_course");
    free(csv);
}

static void scores_of_outputs(void **state)
{
    (void)state;
    put_small();
    struct outcome outcome =
        expect_shell(0, "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/small --max-rejects 3");
    outcome_clear(&outcome);
    put_targets("  - {id: x, kind: rise, from: {model: small, level: city, unit: 沈阳市, node: "
                "index}, figure: a, baseline: {year: 2023}, due: 2025}\n",
                "2023,a,1\n2024,a,0\n");
    char *scores = get_file(in_folder("small/scores.csv"));
    const char *line = strstr(scores, "2024,city,210100,沈阳市,index,");
    assert_non_null(line);
    double wanted = strtod(strstr(line, "index,") + 6, NULL);
    char *csv = judge(in_folder("small"));
    assert_close(number(csv, "x", ACTUAL), wanted, 0);
    assert_string_equal(field(csv, "x", YEAR), "2024");
    free(csv);
    free(scores);
    csv = judge(""); /* without the output the table counts */
    assert_close(number(csv, "x", ACTUAL), 0, 0);
    assert_string_equal(field(csv, "x", STATUS), "behind");
    free(csv);
    outcome = expect_shell(64, "$MQCI targets $TMP/t.yaml $TMP/small $TMP/small");
    assert_contains(outcome.err, "has a value of target x in 2023, and so has");
    outcome_clear(&outcome);
    put_targets(
        "  - {id: x, kind: rise, from: {model: small, unit: \"210100\", node: indx}, baseline: "
        "{year: 2023}, due: 2025}\n",
        "");
    outcome = expect_shell(65, "$MQCI targets $TMP/t.yaml $TMP/small");
    assert_contains(outcome.err, "t.yaml:9:5: target x is not in");
    assert_contains(outcome.err, "no node `indx` in the model; did you mean `index`?");
    outcome_clear(&outcome);
    put_targets("  - {id: x, kind: hold, figure: a, target: 3, due: 2025}\n", "");
    outcome = expect_shell(64, "$MQCI targets $TMP/t.yaml $TMP/small");
    assert_contains(outcome.err, "no target takes its value from the model small of this output");
    outcome_clear(&outcome);
}

static void wrong_targets(void **state)
{
    (void)state;
    static const struct {
        const char *line, *part;
    } cases[] = {
        {"{id: x, kind: hold, figure: a, target: 3}", "t.yaml:9:5: a target needs the key \"due\""},
        {"{id: x, kind: hold, figure: a, due: 2025}",
         "t.yaml:9:5: a target of kind hold needs the key \"target\""},
        {"{id: x, kind: reach, figure: a, target: 3, due: 2025}",
         "t.yaml:9:5: a target of kind reach needs the key \"baseline\""},
        {"{id: x, kind: above, figure: a, due: 2025}",
         "t.yaml:9:5: a target of kind above needs the key \"beside\""},
        {"{id: x, kind: rise, figure: a, baseline: {year: 2022}, target: 3, due: 2025}",
         "t.yaml:9:68: a target of kind rise has no \"target\""},
        {"{id: x, kind: hold, target: 3, due: 2025}",
         "t.yaml:9:5: where does the actual value come from?"},
        {"{id: x, kind: hold, figure: aa, target: 3, due: 2025}",
         "t.yaml:9:33: found \"aa\"; did you mean \"a\"?"},
        {"{id: x, kind: held, figure: a, target: 3, due: 2025}",
         "t.yaml:9:19: found \"held\"; did you mean \"hold\"?"},
        {"{id: x, kind: hold, figure: a, target: many, due: 2025}", "t.yaml:9:44:"},
        {"{id: x, kind: hold, figure: a, target: 3, due: 25}", "t.yaml:9:52:"},
        {"{id: x, kind: hold, figure: a, goal: 3, due: 2025}", "t.yaml:9:36: "},
        {"{id: x, kind: reach, figure: a, baseline: {year: 2025}, target: 3, due: 2025}",
         "due in 2025, not after the year of its baseline"},
        {"{id: x, kind: reach, total: true, figure: a, baseline: {year: 2022, value: 1}, target: "
         "3, due: 2025}",
         "t.yaml:9:60: with total: true the baseline has a year alone"},
        {"{id: x, kind: hold, figure: a, target: 3, due: 2025}\n  - {id: x, kind: hold, figure: a, "
         "target: 3, due: 2025}",
         "t.yaml:10:10: target \"x\" is already at 9:10"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[512];
        snprintf(line, sizeof line, "  - %s\n", cases[i].line);
        put_targets(line, "");
        struct outcome outcome = expect_shell(78, "$MQCI targets $TMP/t.yaml");
        assert_contains(outcome.err, cases[i].part);
        outcome_clear(&outcome);
    }
}

static void wrong_figures(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *part;
    } cases[] = {
        {"2023,c,1\n", "f.csv:2:2: no figure is called \"c\""},
        {"2023,a,1\n23,a,1\n", "f.csv:3:1: year is \"23\", expected four digits"},
        {"2023,a,about 7\n", "f.csv:2:3: value of a is \"about 7\", expected a number or nothing"},
        {"2023,a,100.1\n", "f.csv:2:3: value of a is 100.1, above the 100 that the figure may be "
                           "at most"},
        {"2023,a,-1\n", "f.csv:2:3: value of a is -1, below the 0 that the figure may be at least"},
        {"2023,a,1\n2024,a,2\n2023,a,1\n", "f.csv:4: figure a has a second value in 2023; the "
                                           "first is at "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put_targets("  - {id: x, kind: hold, figure: a, target: 3, due: 2025}\n", cases[i].rows);
        struct outcome outcome = expect_shell(65, "$MQCI targets $TMP/t.yaml");
        assert_contains(outcome.err, cases[i].part);
        outcome_clear(&outcome);
    }
    put_file(in_folder("f.csv"), "year,value\n2023,1\n");
    struct outcome outcome = expect_shell(65, "$MQCI targets $TMP/t.yaml");
    assert_contains(outcome.err, "figure");
    outcome_clear(&outcome);
    outcome = expect_shell(66, "$MQCI targets $TMP/none.yaml");
    outcome_clear(&outcome);
    outcome = expect_shell(64, "$MQCI targets $TMP/t.yaml --year 24");
    assert_contains(outcome.err, "--year 24: not possible");
    outcome_clear(&outcome);
}

/* Tables on the command line take the place of those of the file; the shipped targets stand as the
 * shipped figures say. */
static void shipped_targets(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI targets models/liaoning-2025-targets.yaml -o $TMP/shipped");
    assert_contains(outcome.out, "辽宁省质量强省建设纲要 2025 年主要目标");
    assert_contains(outcome.out, "14 项目标：已达到 3，进度正常 5，落后 4，无数据 2");
    outcome_clear(&outcome);
    char *csv = get_file(in_folder("shipped/targets.csv"));
    assert_string_equal(field(csv, "certificates", STATUS), "achieved");
    assert_string_equal(field(csv, "governor_awards", STATUS), "on_course");
    assert_close(number(csv, "governor_awards", REQUIRED), 7, 1e-15);
    assert_string_equal(field(csv, "new_local_standards", STATUS), "behind");
    assert_string_equal(field(csv, "food_rate", STATUS), "behind");
    assert_string_equal(field(csv, "mqci", STATUS), "no_data");
    free(csv);
    put_file(in_folder("mine.csv"), "year,figure,value\n2025,governor_awards,70\n"
                                    "2022,governor_awards,49\n");
    outcome = expect_shell(0, "$MQCI targets models/liaoning-2025-targets.yaml --actual "
                              "$TMP/mine.csv -o $TMP/shipped");
    assert_contains(outcome.out, "已达到 1，无数据 13");
    outcome_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_line),
        cmocka_unit_test(downwards),
        cmocka_unit_test(kinds),
        cmocka_unit_test(gaps_in_totals),
        cmocka_unit_test(scores_of_outputs),
        cmocka_unit_test(wrong_targets),
        cmocka_unit_test(wrong_figures),
        cmocka_unit_test(shipped_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
