/* Corrections in a run: the file, the totals, what people and machines are told, the same bytes for
 * any number of threads and order of rows. */
#include "program.h"

#include "core/core.h"
#include "support.h"

static const char model[] =
    "mqci: 1\n"
    "id: amended\n"
    "title: 更正示例\n"
    "inputs:\n"
    "  - {id: k, column: [统一社会信用代码], type: key}\n"
    "  - {id: costs, column: [成本], type: amount, decimals: 1, unit: 千元}\n"
    "  - {id: wages, column: [工资], type: amount, decimals: 1, unit: 千元}\n"
    "  - {id: other, column: [其他], type: amount, decimals: 1, unit: 千元}\n"
    "  - {id: revenue, column: [收入], type: amount, decimals: 1, unit: 千元}\n"
    "  - {id: persons, column: [人数], type: number}\n"
    "disclosure: {min_enterprises: 0}\n"
    "rules:\n"
    "  - {id: R1, check: wages + other == costs, severity: reject, title: 合计}\n"
    "  - {id: U1, edit: {method: unit, of: revenue, against: persons, correct: true}, title: "
    "单位, severity: info}\n"
    "levels: [{id: all}]\n"
    "indicators: [{id: x, formula: revenue / costs, normalise: none},\n"
    "  {id: m, formula: median(revenue), normalise: none}]\n"
    "corrections:\n"
    "  - {id: K01, title: 分项之和调整为合计, prorate: {total: costs, parts: [wages, other], "
    "high: 2}}\n"
    "  - {id: K02, title: 元误作千元, divide: {fields: [revenue], by: 1000}, if: revenue > 100000 "
    "* persons}\n";

/* Twelve rows: E2 is prorated, E3 beyond bounds, E4 without a total, E6 100 times
 * too large, E7 a million times. */
static void put_rows(const char *name)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "统一社会信用代码,成本,工资,其他,收入,人数\n");
    for (int i = 0; i < 12; i++) {
        const char *costs = i == 4 ? "" : "100";
        int wages = i == 3 ? 10 : 40, other = i == 3 ? 10 : i == 2 ? 40 : 60;
        mq_buffer_format(&csv, "E%d,%s,%d,%d,%d%s,%d\n", i, costs, wages, other, 20 * (i + 5),
                         i == 6   ? "00"
                         : i == 7 ? "000000"
                                  : "",
                         i + 5);
    }
    put_file(in_folder(name), csv.data);
    mq_buffer_clear(&csv);
}

static void put_all(void)
{
    put_file(in_folder("m.yaml"), model);
    put_rows("d.csv");
}

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not said in:\n%s", part, text);
}

static void a_line_for_every_changed_value(void **state)
{
    (void)state;
    put_all();
    struct outcome outcome =
        expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/out --max-rejects 50%%");
    char *text = get_file(in_folder("out/corrections.csv"));
    assert_string_equal(text, "file,line,key,column,before,after,correction\n"
                              "d.csv,4,E2,工资,40.0,50.0,K01\n"
                              "d.csv,4,E2,其他,40.0,50.0,K01\n"
                              "d.csv,8,E6,收入,22000.0,220.0,U1\n"
                              "d.csv,9,E7,收入,240000000.0,240000.0,K02\n"
                              "d.csv,9,E7,收入,240000.0,240.0,U1\n");
    free(text);
    assert_says(outcome.out,
                "更正了 3 行的数值（见 corrections.csv）：\n"
                "  K01  分项之和调整为合计：检查 12 行，更正 1，不能更正 2"
                "（合计缺失 1、分项调整幅度超出允许范围 1）\n"
                "  K02  元误作千元：检查 1 行，更正 1，不能更正 0\n"
                "  U1  单位：检查 2 行，更正 2，不能更正 0\n"
                "  wages：读入 450.0 = 采用 450.0 + 剔除 10.0 + 范围外 0.0 + 更正 -10.0\n");
    /* 20 a head but E3, which R1 rejects: 20 (5 + ... + 16) - 160 */
    assert_says(outcome.out,
                "  revenue：读入 240024060.0 = 采用 2360.0 + 剔除 160.0 + 范围外 0.0 + "
                "更正 240021540.0\n");
    assert_says(outcome.out, " corrections.csv ");
    outcome_clear(&outcome);
}

/* The indicators are those of the table with the right values in it. */
static void as_if_it_had_been_right(void **state)
{
    (void)state;
    put_all();
    struct outcome outcome =
        expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/out --max-rejects 50%% && "
                        "sed -e 's/^E2,100,40,40/E2,100,50,50/' -e 's/,22000,/,220,/' -e "
                        "'s/,240000000,/,240,/' $TMP/d.csv > $TMP/right.csv && "
                        "$MQCI run $TMP/m.yaml $TMP/right.csv -o $TMP/right --max-rejects 50%%");
    outcome_clear(&outcome);
    assert_same_file(in_folder("out/scores.csv"), in_folder("right/scores.csv"));
    assert_same_file(in_folder("out/indicators.csv"), in_folder("right/indicators.csv"));
    char *text = get_file(in_folder("right/corrections.csv"));
    assert_string_equal(text, "file,line,key,column,before,after,correction\n");
    free(text);
    text = get_file(in_folder("out/indicators.csv"));
    assert_says(text, ",all,,all,x,2.18,2180,1000,11,"); /* without E4, which lacks the total */
    free(text);
}

static void machines_are_told(void **state)
{
    (void)state;
    put_all();
    struct outcome outcome = expect_shell(
        0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/out --max-rejects 50%% && "
           "$MQCI check $TMP/m.yaml $TMP/d.csv --json --max-rejects 50%% > $TMP/a.json && "
           "$MQCI publish $TMP/out -o $TMP/published");
    outcome_clear(&outcome);
    assert_same_file(in_folder("a.json"), in_folder("out/validation.json"));
    static const char *const names[] = {"out/validation.json", "out/manifest.json"};
    for (size_t i = 0; i < 2; i++) {
        char *json = get_file(in_folder(names[i]));
        assert_says(json, "    \"out_of_scope\": 0,\n    \"corrected\": 3\n");
        assert_says(json,
                    "      \"correction\": \"K01\",\n      \"title\": \"分项之和调整为合计\",\n"
                    "      \"tried\": 12,\n      \"corrected\": 1,\n      \"unchanged\": 9,\n"
                    "      \"refused\": {\n        \"no_total\": 1,\n        \"bounds\": 1\n");
        assert_says(json, "      \"in\": \"240024060.0\",\n      \"accepted\": \"2360.0\",\n"
                          "      \"rejected\": \"160.0\",\n      \"out_of_scope\": \"0.0\",\n"
                          "      \"corrected\": \"240021540.0\"\n");
        if (i == 1)
            assert_says(json, "\"corrections.csv\": \"");
        free(json);
    }
    char *notes = get_file(in_folder("out/tables/notes.csv"));
    assert_says(notes, "更正记录,3");
    free(notes);
    notes = get_file(in_folder("published/tables/notes.csv"));
    assert_says(notes, "更正记录,3");
    free(notes);
}

/* Corrections alone are no finding: only U1 and R1 are. */
static void strict_is_no_stricter(void **state)
{
    (void)state;
    put_all();
    struct outcome outcome =
        expect_shell(0, "sed -i -e 's/^E3,100,10/E3,100,90/' $TMP/d.csv && "
                        "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/strict --strict --max-rejects 0");
    outcome_clear(&outcome);
    assert_true(has_file(in_folder("strict/corrections.csv")));
}

/* Every seventeenth row does not add up, every nineteenth is 1000 times too large, every 23rd a
 * million times; 4000 rows in many blocks. */
static void put_many(const char *name, bool turned)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "统一社会信用代码,成本,工资,其他,收入,人数\n");
    for (int at = 0; at < 4000; at++) {
        int i = turned ? 3999 - at : at, persons = 5 + i % 31, wages = 40 + i % 13;
        mq_buffer_format(&csv, "E%d,%d,%d,60,%d%s,%d\n", i, wages + 60 + (i % 17 ? 0 : 7), wages,
                         20 * persons + i % 5,
                         i % 19 == 0   ? "000"
                         : i % 23 == 0 ? "000000"
                                       : "",
                         persons);
    }
    put_file(in_folder(name), csv.data);
    mq_buffer_clear(&csv);
}

static void same_for_any_threads_and_order(void **state)
{
    (void)state;
    put_all();
    put_many("d.csv", false);
    put_many("turned.csv", true);
    struct outcome outcome = expect_shell(
        0, "for t in 1 2 3; do $MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/t$t --threads $t "
           "--block-size 4K || exit 1; done; for t in 2 3; do "
           "for f in corrections.csv scores.csv indicators.csv findings.csv rejects.csv "
           "validation.json tables/notes.csv; do cmp $TMP/t1/$f $TMP/t$t/$f || exit 1; done; done; "
           "$MQCI run $TMP/m.yaml $TMP/turned.csv -o $TMP/turned && "
           "for f in scores.csv indicators.csv; do cmp $TMP/t1/$f $TMP/turned/$f || exit 1; done; "
           "cut -d, -f3- $TMP/t1/corrections.csv | sort > $TMP/x && "
           "cut -d, -f3- $TMP/turned/corrections.csv | sort | cmp - $TMP/x && wc -l < $TMP/x");
    /* 236 rows that do not add up, of two values each; 211 of a thousand; 174 - 10 of a million,
     * corrected twice; and the heading */
    assert_says(outcome.out, "\n1012\n");
    outcome_clear(&outcome);
}

/* What a run without corrections leaves says nothing of them. */
static void silent_without(void **state)
{
    (void)state;
    put_all();
    struct outcome outcome = expect_shell(
        0, "sed -e '/^corrections:/,$d' -e 's/, correct: true//' $TMP/m.yaml > $TMP/plain.yaml && "
           "$MQCI run $TMP/plain.yaml $TMP/d.csv -o $TMP/plain --max-rejects 50%% && "
           "! grep -rl -e corrected -e 更正记录 -e 更正了 $TMP/plain/*.csv $TMP/plain/*.json "
           "$TMP/plain/tables | grep -v model");
    assert_null(strstr(outcome.out, "更正了"));
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("plain/corrections.csv")));
}

/* The model as resolved corrects the same. */
static void the_resolved_model_does_the_same(void **state)
{
    (void)state;
    put_all();
    struct outcome outcome = expect_shell(
        0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/out --max-rejects 50%% && "
           "$MQCI run $TMP/out/model.yaml $TMP/d.csv -o $TMP/again --max-rejects 50%%");
    outcome_clear(&outcome);
    assert_same_file(in_folder("out/corrections.csv"), in_folder("again/corrections.csv"));
    assert_same_file(in_folder("out/model.yaml"), in_folder("again/model.yaml"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_for_every_changed_value),
        cmocka_unit_test(as_if_it_had_been_right),
        cmocka_unit_test(machines_are_told),
        cmocka_unit_test(strict_is_no_stricter),
        cmocka_unit_test(same_for_any_threads_and_order),
        cmocka_unit_test(silent_without),
        cmocka_unit_test(the_resolved_model_does_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
