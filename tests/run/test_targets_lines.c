/* Targets as lines for a publication: texts, disclosure, errors, every failing allocation. */
#include "small.h"

#include "failing.h"
#include "run/targets.h"

static void put_targets(const char *title, const char *targets, const char *figures)
{
    char text[4096];
    snprintf(text, sizeof text,
             "mqci_targets: 1\nid: t\ntitle: %s\ntables: [f.csv]\nfigures:\n"
             "  - {id: a, title: %s}\n  - {id: b, title: beside}\ntargets:\n%s",
             title, title, targets);
    put_file(in_folder("t.yaml"), text);
    snprintf(text, sizeof text, "year,figure,value\n%s", figures);
    put_file(in_folder("f.csv"), text);
}

static struct mq_results *run_small(const char *model, const char *out)
{
    struct mq_results *results = NULL;
    struct mq_error error = {0};
    put_small();
    put_file(in_folder("small.yaml"), model);
    struct outcome outcome =
        expect_shell(0, "$MQCI run $TMP/small.yaml $TMP/small.csv -o $TMP/%s --max-rejects 3", out);
    outcome_clear(&outcome);
    assert_int_equal(mq_results_read(in_folder(out), &results, &error), MQ_OK);
    return results;
}

static void assert_line(const struct mq_target_line *line, const char *title, const char *wanted,
                        const char *actual, const char *standing)
{
    assert_string_equal(line->title, title);
    assert_string_equal(line->wanted, wanted);
    assert_string_equal(line->actual, actual);
    assert_string_equal(line->standing, standing);
}

static const char kinds[] =
    "  - {id: t1, title: 甲, unit: 项, kind: reach, figure: a, baseline: {year: 2021, value: 40}, "
    "target: 80, due: 2025, decimals: 0}\n"
    "  - {id: t2, title: 乙, unit: \"%\", kind: hold, figure: a, target: 50, due: 2025, "
    "decimals: 1}\n"
    "  - {id: t3, title: 丙, kind: above, figure: a, beside: b, due: 2025, decimals: 1}\n"
    "  - {id: t4, title: 丁, kind: rise, figure: b, baseline: {year: 2019}, due: 2025}\n"
    "  - {id: t5, title: 戊, kind: reach, direction: down, figure: b, baseline: {year: 2021, "
    "value: "
    "9}, target: 3, due: 2024, decimals: 1}\n";
static const char figures[] = "2023,a,55\n2023,b,56.04\n2024,a,59\n2024,b,-4.5\n";

static void texts(void **state)
{
    (void)state;
    struct mq_results *results = run_small(small_model, "small");
    struct mq_target_lines lines;
    struct mq_error error = {0};
    put_targets("目标", kinds, figures);
    assert_int_equal(mq_target_lines_new(in_folder("t.yaml"), results, "out", 2023, &lines, &error),
                     MQ_OK);
    assert_int_equal(lines.count, 5);
    assert_line(&lines.line[0], "甲", "≥80项", "55项（2023年）", "落后");
    assert_line(&lines.line[1], "乙", "≥50.0%", "55.0%（2023年）", "已达到");
    assert_line(&lines.line[2], "丙", "高于56.0", "55.0（2023年）", "落后");
    assert_line(&lines.line[3], "丁", "高于基期", "—", "无数据");
    assert_line(&lines.line[4], "戊", "≤3.0", "56.0（2023年）", "落后");
    static const bool behind[] = {true, false, true, false, true};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(lines.line[i].behind, behind[i]);
    mq_target_lines_clear(&lines);
    put_targets("targets", kinds, figures);
    assert_int_equal(mq_target_lines_new(in_folder("t.yaml"), results, "out", 0, &lines, &error),
                     MQ_OK);
    assert_line(&lines.line[0], "甲", "≥80 项", "59 项 (2024)", "behind");
    assert_line(&lines.line[1], "乙", "≥50.0%", "59.0% (2024)", "achieved");
    assert_line(&lines.line[2], "丙", "above −4.5", "59.0 (2024)", "achieved");
    assert_line(&lines.line[3], "丁", "above the baseline", "—", "no data");
    assert_line(&lines.line[4], "戊", "≤3.0", "−4.5 (2024)", "achieved");
    mq_target_lines_clear(&lines);
    mq_results_free(results);
}

static const char from_output[] = "  - {id: x, title: 指数, kind: rise, from: {model: small, "
                                  "level: city, unit: \"210100\", node: "
                                  "index}, baseline: {year: 2023}, due: 2025, decimals: 2}\n";

/* Scores of the output itself, as printed; those that its tables withhold are no data here. */
static void scores(void **state)
{
    (void)state;
    char text[8192], wanted[64];
    struct mq_results *results = run_small(small_model, "small");
    struct mq_target_lines lines;
    struct mq_error error = {0};
    size_t unit;
    int node;
    struct mq_question question = {.unit = "210100", .level = "city", .node = "index"};
    put_targets("目标", from_output, "");
    assert_int_equal(mq_results_find(results, &question, &unit, &node, &error), MQ_OK);
    double score = results->scores->score[unit * results->model->nodes + (size_t)node].value;
    mq_round_text(score, 2, MQ_HALF_UP, text);
    snprintf(wanted, sizeof wanted, "%.32s（2024年）", text);
    assert_int_equal(mq_target_lines_new(in_folder("t.yaml"), results, "out", 0, &lines, &error),
                     MQ_OK);
    assert_int_equal(lines.count, 1);
    assert_string_equal(lines.line[0].actual, wanted);
    mq_target_lines_clear(&lines);
    mq_results_free(results);

    snprintf(text, sizeof text, "%.*s{min_enterprises: 3}\n",
             (int)(strstr(small_model, "{min_enterprises") - small_model), small_model);
    results = run_small(text, "withheld");
    put_targets("目标", from_output, "");
    assert_int_equal(mq_target_lines_new(in_folder("t.yaml"), results, "out", 0, &lines, &error),
                     MQ_OK);
    assert_line(&lines.line[0], "指数", "高于基期", "—", "无数据");
    mq_target_lines_clear(&lines);
    mq_results_free(results);
}

static void errors(void **state)
{
    (void)state;
    struct mq_results *results = run_small(small_model, "small");
    struct mq_target_lines lines;
    struct mq_error error = {0};
    assert_int_equal(mq_target_lines_new(in_folder("no.yaml"), results, "out", 0, &lines, &error),
                     MQ_NO_INPUT);
    put_targets("目标", kinds, "2023,c,1\n");
    assert_int_equal(mq_target_lines_new(in_folder("t.yaml"), results, "out", 0, &lines, &error),
                     MQ_DATA);
    assert_contains(error.message, "no figure is called \"c\"");
    put_targets("目标",
                "  - {id: x, kind: rise, from: {model: small, unit: \"210100\", node: indx}, "
                "baseline: {year: 2023}, due: 2025}\n",
                "");
    assert_int_equal(mq_target_lines_new(in_folder("t.yaml"), results, "out", 0, &lines, &error),
                     MQ_DATA);
    assert_contains(error.message, "target x is not in out");
    assert_int_equal(lines.count, 0);
    mq_target_lines_clear(&lines); /* safe after a failure */
    mq_results_free(results);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    char all[2048];
    struct mq_results *results = run_small(small_model, "small");
    snprintf(all, sizeof all, "%s%s", kinds, from_output);
    put_targets("目标", all, figures);
    long failed = 0;
    for (long n = 0;; n++) {
        struct mq_target_lines lines;
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status =
            mq_target_lines_new(in_folder("t.yaml"), results, "out", 0, &lines, &error);
        if (!allocation_failed()) {
            assert_int_equal(status, MQ_OK);
            assert_int_equal(lines.count, 6);
            mq_target_lines_clear(&lines);
            break;
        }
        if (status == MQ_OK) { /* it did without that block */
            mq_target_lines_clear(&lines);
            continue;
        }
        assert_int_equal(status, MQ_INTERNAL);
        assert_contains(error.message, "memory");
        failed++;
    }
    assert_true(failed > 8);
    mq_results_free(results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(scores),
        cmocka_unit_test(errors),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
