/* Every allocation of ours fails once while a level is rolled up over empty units, growth is made
 * of it, and targets are told: a status, no crash, no leak, no output. */
#include "program.h"
#include "support.h"

#include "failing.h"
#include "mqci/mqci.h"

static const char model[] =
    "mqci: 1\n"
    "id: rolled\n"
    "title: 合格率\n"
    "codes: {region: region.csv}\n"
    "inputs:\n"
    "  - {id: year, type: period}\n"
    "  - {id: region, type: code, list: region}\n"
    "  - {id: kind, type: code}\n"
    "  - {id: sampled, type: amount}\n"
    "  - {id: passed, type: amount}\n"
    "tables: {listed: {file: listed.csv, key: code, by: region.province}}\n"
    "define: {counts: in_table(listed)}\n"
    "rules: []\n"
    "levels:\n"
    "  - {id: city, by: [region.city], rollup: {of: city_kind, weights: weights.csv, empty: "
    "borrow, "
    "from: kind, else: renormalise}}\n"
    "  - {id: kind, by: [kind]}\n"
    "  - {id: city_kind, by: [region.city, kind]}\n"
    "indicators:\n"
    "  - {id: rate, formula: 100 * sum(passed where counts) / sampled, normalise: none}\n"
    "  - {id: faster, growth: {of: rate}, normalise: none}\n"
    "  - {id: batches, formula: sampled, rollup: false, normalise: none}\n";

static const char targets[] =
    "mqci_targets: 1\n"
    "id: t\n"
    "tables: [figures.csv]\n"
    "figures: [{id: a, least: 0}]\n"
    "targets:\n"
    "  - {id: x, kind: reach, from: {model: rolled, level: city, unit: \"2102\", node: rate}, "
    "figure: a, baseline: {year: 2023}, target: 95, due: 2025}\n"
    "  - {id: y, kind: above, figure: a, beside: a, due: 2025}\n";

static void put_all(void)
{
    put_file(in_folder("region.csv"),
             "code,name,parent,level\n21,辽宁,,province\n2101,沈阳,21,city\n"
             "2102,大连,21,city\n");
    put_file(in_folder("listed.csv"), "code\n21\n");
    put_file(in_folder("weights.csv"), "unit,weight\n2101|a,1\n2101|b,2\n2102|a,3\n2102|b,1\n");
    put_file(in_folder("rolled.yaml"), model);
    put_file(
        in_folder("rolled.csv"),
        "year,region,kind,sampled,passed\n2023,2101,a,10,9\n2023,2101,b,20,17\n"
        "2023,2102,a,10,8\n2023,2102,b,,\n2024,2101,a,10,9\n2024,2101,b,20,19\n2024,2102,a,9,9\n"
        "2024,2102,b,9,9\n");
    put_file(in_folder("targets.yaml"), targets);
    put_file(in_folder("figures.csv"), "year,figure,value\n2023,a,80\n2024,a,85\n");
}

static const struct mq_options one_thread = {.threads = 1, .block_bytes = 4096};

static enum mq_status call_run(struct mq_error *error)
{
    struct mq_output text = {0};
    const char *data = in_folder("rolled.csv");
    enum mq_status status =
        mq_run(in_folder("rolled.yaml"), &data, 1, in_folder("swept"), &one_thread, &text, error);
    mq_output_free(&text);
    return status;
}

static enum mq_status call_targets(struct mq_error *error)
{
    struct mq_output text = {0};
    const char *out = in_folder("ready");
    struct mq_target_question question = {.out = &out, .outs = 1, .directory = in_folder("swept")};
    enum mq_status status = mq_targets_text(in_folder("targets.yaml"), &question, &text, error);
    mq_output_free(&text);
    return status;
}

/* Fails allocation 0, 1, 2, ... until the call ends well without reaching it. */
static long sweep(enum mq_status (*call)(struct mq_error *error), const char *made)
{
    for (long n = 0;; n++) {
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status = call(&error);
        if (!allocation_failed()) {
            assert_int_equal(status, MQ_OK);
            return n;
        }
        if (status == MQ_OK) { /* done without: made all the same */
            assert_int_equal(remove(in_folder(made)), 0);
            continue;
        }
        assert_true(error.message[0] != '\0');
        if (has_file(in_folder(made)))
            fail_msg("allocation %ld: %s, and yet %s is there", n, error.message, made);
    }
}

static void runs_and_targets(void **state)
{
    (void)state;
    put_all();
    assert_true(sweep(call_run, "swept/scores.csv") > 100);
    struct outcome outcome =
        expect_shell(0, "mv $TMP/swept $TMP/ready && cat $TMP/ready/rollup.csv");
    assert_contains(outcome.out,
                    "2023,city,2102,大连,rate,city_kind,2102|b,0.25,borrowed,kind,b,85\n");
    outcome_clear(&outcome);
    assert_true(sweep(call_targets, "swept/targets.csv") > 50);
    char *csv = get_file(in_folder("swept/targets.csv"));
    assert_contains(csv, "\nx,x,,reach,up,,2023,81.25,95,2025,2024,100,88.125,-5,18.75,,achieved,");
    assert_contains(csv, "\ny,y,,above,up,,,,85,2025,2024,85,,0,,0,behind,");
    free(csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(runs_and_targets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
