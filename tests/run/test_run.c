/* The main job as its user sees it: files, columns, exit codes, replacement, explain, compare,
 * publish. */
#include "small.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void first_line_is(const char *path, const char *wanted)
{
    char *text = get_file(path);
    text[strcspn(text, "\n")] = '\0';
    assert_string_equal(text, wanted);
    free(text);
}

static void outputs_have_the_columns_of_the_design(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/out --max-rejects 20%%");
    assert_contains(outcome.out, "辽宁省");
    assert_contains(outcome.out, "沈阳市");
    assert_string_equal(outcome.err, "");
    outcome_clear(&outcome);
    first_line_is(
        in_folder("out/scores.csv"),
        "period,level,unit,name,node,value,rank,of,band,change,enterprises,coverage,status");
    first_line_is(
        in_folder("out/indicators.csv"),
        "period,level,unit,name,indicator,value,numerator,denominator,enterprises,coverage,status");
    first_line_is(in_folder("out/findings.csv"),
                  "rule,severity,title,checked,passed,failed,missing,first_file,first_line,error,"
                  "expression");
    first_line_is(in_folder("out/rejects.csv"), "file,line,key,column,value,rule,message");
    assert_true(has_file(in_folder("out/manifest.json")));
    assert_true(has_file(in_folder("out/tables.xlsx")));
    assert_true(has_file(in_folder("out/tables")));
    assert_false(has_file(in_folder("out/.lock")));
    assert_false(has_file(in_folder("out.building")));
}

static void numbers_are_those_of_a_hand_calculation(void **state)
{
    (void)state;
    char *text = get_file(in_folder("out/indicators.csv"));
    /* 沈阳 2023: 100 * (20.1 + 70.3) / (1000.5 + 2000) */
    assert_contains(text, "2023,city,210100,沈阳市,rd_share,3.0128311948008664,90.4,3000.5,2,1,ok");
    /* 大连 2024: B2 rejected, B3 out of scope, B4 without rd: only B1 counts, 100 * 66 / 1600.2 */
    assert_contains(text, "2024,city,210200,大连市,rd_share,4.1244844394450695,66,1600.2,2,0.5,ok");
    assert_contains(text,
                    "2024,city,210200,大连市,loss_rate,0.41246562786434465,9.9,2400.2,2,1,ok");
    free(text);
    text = get_file(in_folder("out/rejects.csv"));
    assert_string_equal(text, "file,line,key,column,value,rule,message\n"
                              "small.csv,9,B2,营业收入,0,R01,营业收入应大于零（revenue > 0）\n");
    free(text);
}

static void manifest_balances(void **state)
{
    (void)state;
    char *text = get_file(in_folder("out/manifest.json"));
    assert_contains(text, "\"in\": 10");
    assert_contains(text, "\"accepted\": 8");
    assert_contains(text, "\"rejected\": 1");
    assert_contains(text, "\"out_of_scope\": 1");
    assert_contains(text, "\"result_hash\": \"");
    assert_contains(text, "\"ignored_columns\": [\n        \"备注\"");
    free(text);
}

static void a_failed_run_leaves_the_output_as_it_was(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "cp -r $TMP/out $TMP/before && sed 's/,1000.5,/,-1,/' $TMP/small.csv > $TMP/worse.csv");
    outcome_clear(&outcome);
    outcome = expect_shell(1, "$MQCI run $TMP/small.yaml $TMP/worse.csv -o $TMP/out");
    assert_contains(outcome.err, "2 of 10 rows rejected");
    outcome_clear(&outcome);
    outcome = expect_shell(0, "diff -r $TMP/out $TMP/before");
    outcome_clear(&outcome);
    assert_true(has_file(in_folder("out.failed/rejects.csv")));
    assert_true(has_file(in_folder("out.failed/findings.csv")));
    assert_true(has_file(in_folder("out.failed/manifest.json")));
    assert_false(has_file(in_folder("out.failed/scores.csv")));
    outcome = expect_shell(
        0, "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/out --max-rejects 1 -j 3");
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("out.failed")));
    assert_same_file(in_folder("out/scores.csv"), in_folder("before/scores.csv"));
}

static void strict_turns_findings_into_failure(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        1, "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/strict --max-rejects 50%% --strict");
    assert_contains(outcome.err, "R01");
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("strict")));
}

static void a_foreign_directory_is_not_replaced(void **state)
{
    (void)state;
    assert_int_equal(mkdir(in_folder("mine"), 0755), 0);
    put_file(in_folder("mine/letter.txt"), "dear");
    struct outcome outcome =
        expect_shell(73, "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/mine --max-rejects 1");
    assert_contains(outcome.err, "not an output of mqci");
    outcome_clear(&outcome);
    assert_true(has_file(in_folder("mine/letter.txt")));
    outcome = expect_shell(73, "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/none/such/out");
    assert_contains(outcome.err, "none/such/out");
    outcome_clear(&outcome);
}

static void a_second_run_into_the_same_place_is_told_to_wait(void **state)
{
    (void)state;
    assert_int_equal(mkdir(in_folder("busy.building"), 0755), 0);
    int lock = open(in_folder("busy.building/.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(lock >= 0);
    assert_int_equal(flock(lock, LOCK_EX | LOCK_NB), 0);
    struct outcome outcome =
        expect_shell(75, "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/busy --max-rejects 1");
    assert_contains(outcome.err, "another run");
    outcome_clear(&outcome);
    close(lock);
    outcome = expect_shell(0, "touch $TMP/busy.building/leftover; $MQCI run $TMP/small.yaml "
                              "$TMP/small.csv -o $TMP/busy --max-rejects 1");
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("busy/leftover")));
}

/* Adds the points of the rows that are `depth` steps (two spaces each) deep below the first row. */
static void explain_adds_up(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(0, "$MQCI explain $TMP/out --unit 210100 --level city");
    assert_contains(outcome.out, "2024 沈阳市");
    double whole = 0, parts = 0;
    for (char *line = strtok(outcome.out, "\n"); line; line = strtok(NULL, "\n")) {
        double score, weight, points;
        if (sscanf(line, "质量指数 %lf %lf", &score, &points) == 2)
            whole = points;
        else if (sscanf(line, "  研发经费比重 %lf %lf %lf", &score, &weight, &points) == 3 ||
                 sscanf(line, "  质量损失率 %lf %lf %lf", &score, &weight, &points) == 3)
            parts += points;
    }
    assert_true(whole > 60);
    assert_close(parts, whole, 1e-12);
    outcome_clear(&outcome);
    outcome = expect_shell(64, "$MQCI explain $TMP/out --unit 999999");
    assert_contains(outcome.err, "999999");
    outcome_clear(&outcome);
    outcome = expect_shell(64, "$MQCI explain $TMP/out --unit 210100 --node rd_shar");
    assert_contains(outcome.err, "rd_share");
    outcome_clear(&outcome);
}

static void an_altered_output_is_noticed(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(65, "cp -r $TMP/out $TMP/altered; sed -i 's/,rank,/,RANK,/; "
                         "0,/,1,2,/s//,2,2,/' $TMP/altered/scores.csv; "
                         "$MQCI explain $TMP/altered --unit 210100");
    assert_contains(outcome.err, "altered");
    outcome_clear(&outcome);
}

static void compare_tells_data_from_method(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(0, "$MQCI compare $TMP/out $TMP/out");
    assert_contains(outcome.out, "0 moved");
    outcome_clear(&outcome);
    outcome = expect_shell(
        0, "sed 's/pass: 8/pass: 10/' $TMP/small.yaml > $TMP/other.yaml; "
           "$MQCI run $TMP/other.yaml $TMP/small.csv -o $TMP/other --max-rejects 1 > $TMP/null && "
           "$MQCI compare $TMP/out $TMP/other");
    assert_contains(outcome.out, "model  differs");
    assert_contains(outcome.out, "data   the same");
    assert_contains(outcome.out, "by method");
    outcome_clear(&outcome);
}

static void against_fills_the_first_period(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "cd $TMP && head -5 small.csv > y23.csv && (head -1 small.csv; tail -n +6 "
                        "small.csv) > y24.csv && "
                        "$MQCI run small.yaml y23.csv -o o23 > null && $MQCI run small.yaml "
                        "y24.csv -o o24 --against o23 --max-rejects 1 > null && "
                        "grep ^2024 o24/scores.csv > a && grep ^2024 out/scores.csv > b && cmp a b "
                        "&& $MQCI explain o24 --unit 210100 > null");
    outcome_clear(&outcome);
}

/* 沈阳 had two enterprises in 2023: its score of then (87.21) may not come out through the
 * comparison of 2024. */
static void against_does_not_disclose_small_units_of_then(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "cd $TMP && sed 's/min_enterprises: 0/min_enterprises: 3/' small.yaml > shy.yaml && "
           "(cat y24.csv; sed -n 's/^A1,/A3,/p' y24.csv) > more24.csv && "
           "$MQCI run shy.yaml more24.csv -o shy24 --against o23 --max-rejects 1 > null && "
           "grep -q 沈阳 shy24/tables/city.csv && ! grep -rq 87.21 shy24/tables && "
           "$MQCI run small.yaml more24.csv -o open24 --against o23 --max-rejects 1 > null && "
           "grep -rq 87.21 open24/tables");
    outcome_clear(&outcome);
}

static void publish_writes_the_tables_again(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI publish $TMP/out -o $TMP/again --formats csv && "
                        "diff <(cd $TMP/out/tables && grep -v 摘要 city.csv) <(cd "
                        "$TMP/again/tables && grep -v 摘要 city.csv)");
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("again/tables.xlsx")));
    outcome = expect_shell(64, "$MQCI publish $TMP/out -o $TMP/again --formats csv,pptx");
    assert_contains(outcome.err, "pptx");
    assert_contains(outcome.err, "known are csv, xlsx, docx, html");
    outcome_clear(&outcome);
    outcome = expect_shell(64, "$MQCI publish $TMP/out $TMP/out -o $TMP/again");
    assert_contains(outcome.err, "one output is published at a time");
    outcome_clear(&outcome);
    outcome = expect_shell(64, "$MQCI publish $TMP/out -o $TMP/again --approval 'GS(2024)1'");
    assert_contains(outcome.err, "--map FILE");
    outcome_clear(&outcome);
    outcome =
        expect_shell(64, "$MQCI publish $TMP/out -o $TMP/a.docx --template b.docx --formats csv");
    assert_contains(outcome.err, "leave out --formats");
    outcome_clear(&outcome);
    outcome = expect_shell(66, "$MQCI publish $TMP/nothing -o $TMP/again");
    assert_contains(outcome.err, "is not an output of mqci");
    outcome_clear(&outcome);
}

static void a_run_publishes_what_is_asked_for(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "cd $TMP && $MQCI run small.yaml *23.csv *24.csv -o formats --formats "
                        "tex,json --max-rejects 9 > null && test -e formats/tex/summary.tex && "
                        "test -e formats/data/collection.json && test ! -e formats/tables.xlsx");
    outcome_clear(&outcome);
    outcome = expect_shell(64, "cd $TMP && $MQCI run small.yaml *24.csv -o unknown --formats doc");
    assert_contains(outcome.err, "no format `doc`");
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("unknown")));
}

static void the_resolved_model_loads_again(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI model $TMP/small.yaml > $TMP/a.yaml && $MQCI model $TMP/a.yaml > "
                        "$TMP/b.yaml && cmp $TMP/a.yaml $TMP/b.yaml");
    outcome_clear(&outcome);
}

static void help_and_methods_come_from_the_tables(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(0, "$MQCI --help");
    assert_contains(outcome.out, "explain");
    assert_contains(outcome.out, "--max-rejects");
    outcome_clear(&outcome);
    outcome = expect_shell(0, "$MQCI methods normalise efficacy");
    assert_contains(outcome.out, "fail");
    outcome_clear(&outcome);
    outcome = expect_shell(64, "$MQCI methods normalise eficacy");
    assert_contains(outcome.err, "efficacy");
    outcome_clear(&outcome);
    outcome =
        expect_shell(0, "$MQCI completion bash | bash -n && $MQCI completion fish > $TMP/null");
    outcome_clear(&outcome);
    outcome = expect_shell(64, "$MQCI");
    outcome_clear(&outcome);
}

int main(void)
{
    put_small();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_have_the_columns_of_the_design),
        cmocka_unit_test(numbers_are_those_of_a_hand_calculation),
        cmocka_unit_test(manifest_balances),
        cmocka_unit_test(a_failed_run_leaves_the_output_as_it_was),
        cmocka_unit_test(strict_turns_findings_into_failure),
        cmocka_unit_test(a_foreign_directory_is_not_replaced),
        cmocka_unit_test(a_second_run_into_the_same_place_is_told_to_wait),
        cmocka_unit_test(explain_adds_up),
        cmocka_unit_test(an_altered_output_is_noticed),
        cmocka_unit_test(compare_tells_data_from_method),
        cmocka_unit_test(against_fills_the_first_period),
        cmocka_unit_test(against_does_not_disclose_small_units_of_then),
        cmocka_unit_test(publish_writes_the_tables_again),
        cmocka_unit_test(a_run_publishes_what_is_asked_for),
        cmocka_unit_test(the_resolved_model_loads_again),
        cmocka_unit_test(help_and_methods_come_from_the_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
