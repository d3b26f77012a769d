/* Rules in files, rules that look at other rows, wrong rules, and what is told of all of them. */
#include "small.h"

static const char rule_file[] =
    "origin: 统计局审核关系\n"
    "date: 2024-03-01\n"
    "rules:\n"
    "  - {id: B01, check: 'revenue <= 1000 * median_by(revenue, year)', title: 同年中位数}\n"
    "  - {id: B02, check: 'if (missing(revenue[-1])) rd >= 0', title: 上年}\n"
    "  - {id: B03, check: revenu > 0, title: 写错的规则}\n"
    "  - {id: B04, check: 'matches(usci, \"^[A-Z]\")', severity: reject, title: 代码以字母开头}\n";

static void make_model(void)
{
    char model[4096];
    const char *rules = strstr(small_model, "rules:\n");
    size_t before = (size_t)(rules - small_model) + strlen("rules:\n");
    snprintf(model, sizeof model, "%.*s  - bureau.yaml\n%s", (int)before, small_model,
             small_model + before);
    put_file(in_folder("small.yaml"), model);
    put_file(in_folder("bureau.yaml"), rule_file);
    put_file(in_folder("region.csv"), small_codes);
    put_file(in_folder("small.csv"), small_table);
}

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not said in:\n%s", part, text);
}

static void a_wrong_rule_is_told_and_stops_nothing(void **state)
{
    (void)state;
    make_model();
    struct outcome outcome =
        expect_shell(0, "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/out --max-rejects 50%%");
    assert_says(outcome.out, "B03");
    assert_says(outcome.out, "bureau.yaml:6:22: no input is called \"revenu\"; did you mean "
                             "\"revenue\"?");
    outcome_clear(&outcome);
    char *findings = get_file(in_folder("out/findings.csv"));
    assert_says(findings, "first_file,first_line,error,expression\n");
    assert_says(findings, "\nB03,warn,写错的规则,0,0,0,0,,,\"");
    assert_says(findings, ",\"revenue <= 1000 * median_by(revenue, year)\"\n");
    free(findings);
    outcome = expect_shell(78, "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/strict --strict");
    assert_says(outcome.err, "bureau.yaml:6:22: no input is called \"revenu\"");
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("strict")));
}

static void machines_are_told_the_same(void **state)
{
    (void)state;
    make_model();
    struct outcome outcome = expect_shell(
        0, "$MQCI check $TMP/small.yaml $TMP/small.csv --json --max-rejects 50%% > $TMP/a.json && "
           "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/out2 --max-rejects 50%%");
    outcome_clear(&outcome);
    assert_same_file(in_folder("a.json"), in_folder("out2/validation.json"));
    char *json = get_file(in_folder("a.json"));
    assert_says(json, "\"origin\": \"统计局审核关系\"");
    assert_says(json, "\"date\": \"2024-03-01\"");
    assert_says(json, "\"expression\": \"revenue <= 1000 * median_by(revenue, year)\"");
    assert_says(json, "\"records\": {\n    \"records\": ");
    free(json);
}

/* What no parameter shows alone: without bounds an edit would let everything pass. */
static void an_edit_without_bounds_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *edit, *say;
    } cases[] = {{"{method: hb, of: revenue}", "bureau.yaml:7:21: hb: "},
                 {"{method: ratio, of: revenue, low: 1, high: 2}",
                  "bureau.yaml:7:21: ratio needs the key \"against\""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_model();
        struct outcome outcome = expect_shell(
            0,
            "sed -i 's/  - {id: B04.*/  - {id: E01, edit: %s}/' $TMP/bureau.yaml && $MQCI check "
            "$TMP/small.yaml $TMP/small.csv --max-rejects 50%%",
            cases[i].edit);
        assert_says(outcome.out, cases[i].say);
        outcome_clear(&outcome);
    }
}

/* In {check: f(a, b)} the comma belongs to YAML. */
static void a_check_with_a_comma_wants_quotes(void **state)
{
    (void)state;
    make_model();
    struct outcome outcome = expect_shell(
        78, "sed -i 's/check: .revenue <= 1000.*year).,/check: count_by(year, size) > 1,/' "
            "$TMP/bureau.yaml && $MQCI check $TMP/small.yaml");
    assert_says(outcome.err, "bureau.yaml:4:");
    assert_says(outcome.err, "put what holds a comma in quotes");
    outcome_clear(&outcome);
}

/* The digest of the model covers the files of rules, so a changed rule is a changed method. */
static void a_changed_rule_file_is_a_changed_model(void **state)
{
    (void)state;
    make_model();
    struct outcome outcome = expect_shell(
        0, "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/before --max-rejects 50%% && "
           "sed -i 's/1000/2000/' $TMP/bureau.yaml && "
           "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/after --max-rejects 50%% && "
           "! diff <(grep -A8 '\"model\"' $TMP/before/manifest.json) <(grep -A8 '\"model\"' "
           "$TMP/after/manifest.json)");
    outcome_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_rule_is_told_and_stops_nothing),
        cmocka_unit_test(machines_are_told_the_same),
        cmocka_unit_test(an_edit_without_bounds_is_told),
        cmocka_unit_test(a_check_with_a_comma_wants_quotes),
        cmocka_unit_test(a_changed_rule_file_is_a_changed_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
