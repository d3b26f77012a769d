/* Every allocation of ours fails once in a run with a sample: a status, no crash, no output; leaks
 * are the sanitizer build's to find. */
#include "program.h"

#include "support.h"

#include "failing.h"
#include "mqci/mqci.h"

static const struct mq_options options = {
    .threads = 1, .block_bytes = 4096, .reject_limit_given = 1, .reject_limit = 1};

static enum mq_status call_run(struct mq_error *error)
{
    struct mq_output text = {0};
    const char *data = in_folder("d.csv");
    enum mq_status status =
        mq_run(in_folder("m.yaml"), &data, 1, in_folder("swept"), &options, &text, error);
    mq_output_free(&text);
    return status;
}

static enum mq_status call_explain(struct mq_error *error)
{
    struct mq_output text = {0};
    struct mq_question question = {.level = "s", .unit = "A"};
    enum mq_status status = mq_explain_text(in_folder("ready"), &question, &text, error);
    mq_output_free(&text);
    return status;
}

/* Fails allocation 0, 1, 2, ... until the call needs no more. */
static void sweep(const char *what, enum mq_status (*call)(struct mq_error *), bool output)
{
    long n = 0;
    for (enum mq_status status = MQ_INTERNAL; status != MQ_OK; n++) {
        struct mq_error error = {0};
        fail_allocation(n);
        status = call(&error);
        bool reached = allocation_failed();
        if (!reached && status != MQ_OK)
            fail_msg("%s fails without a failing allocation: %s", what, error.message);
        if (status != MQ_OK) {
            assert_int_equal(status, MQ_INTERNAL);
            assert_contains(error.message, "memory");
            assert_false(output && has_file(in_folder("swept")));
        } else if (reached) {
            status = MQ_INTERNAL; /* it did without that block: go on */
            outcome_clear(&(struct outcome[]){expect_shell(0, "rm -rf $TMP/swept")}[0]);
        }
    }
    print_message("%s: %ld allocations failed one by one\n", what, n - 1);
    assert_true(n > 3);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    put_file(in_folder("strata.csv"), "stratum,population\nA,9\nB,9\n");
    put_file(in_folder("codes.csv"), "code,name,parent,level\nP,p,,top\nA,a,P,low\nB,b,P,low\n");
    put_file(in_folder("weights.csv"), "unit,weight\nA,3\nB,1\n");
    put_file(in_folder("margins.csv"),
             "input,code,total\ns.low,A,10\ns.low,B,20\np,1,8\np,2,10\np,3,6\np,4,6\n");
    put_file(
        in_folder("m.yaml"),
        "mqci: 1\nid: c\ntitle: c\ncodes: {s: codes.csv}\n"
        "inputs:\n"
        "  - {id: k, column: k, type: key}\n"
        "  - {id: s, column: s, type: code, list: s}\n"
        "  - {id: p, column: p, type: code}\n"
        "  - {id: w, column: w, type: number}\n"
        "  - {id: y, column: y, type: amount, decimals: 2}\n"
        "design: {weight: w, strata: s, psu: p, fpc: {file: strata.csv}, rake: {file: "
        "margins.csv}}\n"
        "levels: [{id: s, by: [s.low]}, {id: top, by: [s.top], rollup: {of: s, weights: "
        "weights.csv}}]\n"
        "indicators:\n"
        "  - {id: t, combine: geometric}\n"
        "  - {id: a, parent: t, weight: 1/2, formula: mean(y), normalise: none}\n"
        "  - {id: b, parent: t, weight: 1/2, formula: count(where y > 1) / count(), normalise: "
        "none}\n");
    put_file(in_folder("d.csv"), "k,s,p,w,y\n1,A,1,2,1\n2,A,1,2,2\n3,A,2,2,4\n4,B,1,3,1\n"
                                 "5,B,1,3,1\n6,B,2,3,4\n7,B,3,3,9\n8,A,4,4,2\n8,A,4,4,2\n");
    const char *data = in_folder("d.csv");
    struct mq_error error = {0};
    if (mq_run(in_folder("m.yaml"), &data, 1, in_folder("ready"), &options, NULL, &error) != MQ_OK)
        fail_msg("%s", error.message);
    sweep("mq_run", call_run, true);
    sweep("mq_explain_text", call_explain, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
