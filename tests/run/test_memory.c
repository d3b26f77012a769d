/* Every allocation of ours fails once: each public call must end with a status, without a crash or
 * a leak (the sanitizer build looks for leaks), and without an output. */
#include "small.h"

#include "failing.h"
#include "mqci/mqci.h"

static enum mq_status call_model(struct mq_error *error)
{
    struct mq_model *model;
    struct mq_output text = {0};
    enum mq_status status = mq_model_load(in_folder("small.yaml"), &model, error);
    if (status != MQ_OK)
        return status;
    status = mq_model_text(model, &text, error);
    mq_model_free(model);
    mq_output_free(&text);
    return status;
}

static const struct mq_options one_thread = {
    .threads = 1, .block_bytes = 4096, .reject_limit_given = 1, .reject_limit = 1};

static const char *model_name = "small.yaml";

static enum mq_status call_run(struct mq_error *error)
{
    struct mq_output text = {0};
    const char *data = in_folder("small.csv");
    enum mq_status status =
        mq_run(in_folder(model_name), &data, 1, in_folder("swept"), &one_thread, &text, error);
    mq_output_free(&text);
    return status;
}

static enum mq_status call_check(struct mq_error *error)
{
    struct mq_output text = {0};
    const char *data = in_folder("small.csv");
    enum mq_status status = mq_check(in_folder(model_name), &data, 1, &one_thread, &text, error);
    mq_output_free(&text);
    return status;
}

static enum mq_status call_explain(struct mq_error *error)
{
    struct mq_output text = {0};
    struct mq_question question = {.unit = "210100"};
    enum mq_status status = mq_explain_text(in_folder("ready"), &question, &text, error);
    mq_output_free(&text);
    return status;
}

static enum mq_status call_compare(struct mq_error *error)
{
    struct mq_output text = {0};
    enum mq_status status = mq_compare_text(in_folder("ready"), in_folder("ready"), &text, error);
    mq_output_free(&text);
    return status;
}

static enum mq_status call_publish(struct mq_error *error)
{
    /* writers of other formats are gone through one by one in publish */
    const struct mq_publish_options options = {.formats = "csv,xlsx"};
    const char *out = in_folder("ready");
    return mq_publish(&out, 1, in_folder("printed"), &options, NULL, error);
}

static enum mq_status call_stats(struct mq_error *error)
{
    struct mq_output text = {0};
    struct mq_question question = {.level = "city"};
    enum mq_status status =
        mq_stats_text(in_folder("ready"), &question, in_folder("looked"), 1, &text, error);
    mq_output_free(&text);
    return status;
}

static enum mq_status call_methods(struct mq_error *error)
{
    struct mq_output text = {0};
    enum mq_status status = mq_methods_text(NULL, NULL, &text, error);
    mq_output_free(&text);
    return status;
}

/* Fails allocation 0, 1, 2, ... until the call needs no more. */
static void sweep(const char *what, enum mq_status (*call)(struct mq_error *), const char *name)
{
    long n = 0;
    char place[512];
    const char *output = name ? place : NULL;
    snprintf(place, sizeof place, "%s", name ? in_folder(name) : "");
    for (enum mq_status status = MQ_INTERNAL; status != MQ_OK; n++) {
        struct mq_error error = {0};
        fail_allocation(n);
        status = call(&error);
        bool reached = allocation_failed();
        if (!reached && status != MQ_OK)
            fail_msg("%s fails without a failing allocation: %s", what, error.message);
        if (status != MQ_OK) {
            assert_int_equal(status, MQ_INTERNAL);
            assert_int_equal(error.status, status);
            assert_contains(error.message, "memory");
            if (output)
                assert_false(has_file(output));
        } else if (reached) {
            status = MQ_INTERNAL; /* it did without that block: go on */
            if (output)
                outcome_clear(&(struct outcome[]){expect_shell(0, "rm -rf %s", output)}[0]);
        }
    }
    print_message("%s: %ld allocations failed one by one\n", what, n - 1);
    assert_true(n > 3);
}

static void every_public_call_survives(void **state)
{
    (void)state;
    const char *data = in_folder("small.csv");
    struct mq_error error = {0};
    assert_int_equal(
        mq_run(in_folder("small.yaml"), &data, 1, in_folder("ready"), &one_thread, NULL, &error),
        MQ_OK);
    sweep("mq_methods_text", call_methods, NULL);
    sweep("mq_model_load", call_model, NULL);
    sweep("mq_check", call_check, NULL);
    sweep("mq_run", call_run, "swept");
    sweep("mq_explain_text", call_explain, NULL);
    sweep("mq_compare_text", call_compare, NULL);
    sweep("mq_publish", call_publish, "printed");
    sweep("mq_stats_text", call_stats, "looked");
}

static void old_codes_survive(void **state)
{
    (void)state;
    char text[8192];
    snprintf(text, sizeof text,
             "%sconcordance: {region: {file: regions.csv, until: {2023: old}}}\n", small_model);
    put_file(in_folder("old.yaml"), text);
    put_file(in_folder("regions.csv"), "edition,code,new,kind\nold,210100,210100,main\n"
                                       "old,210100,210200,part\nold,2102,210200,whole\n");
    model_name = "old.yaml";
    outcome_clear(&(struct outcome[]){expect_shell(0, "rm -rf $TMP/swept")}[0]);
    sweep("mq_check, old codes", call_check, NULL);
    sweep("mq_run, old codes", call_run, "swept");
    model_name = "small.yaml";
}

static void corrections_survive(void **state)
{
    (void)state;
    char text[8192];
    const char *rules = strstr(small_model, "rules:\n") + strlen("rules:\n");
    snprintf(text, sizeof text,
             "%.*s  - {id: U9, edit: {method: unit, of: rd, against: revenue, tolerance: 1, "
             "correct: true}}\n%s"
             "corrections:\n"
             "  - {id: K9, divide: {fields: [loss], by: 10}, if: revenue > 1500}\n"
             "  - {id: K8, prorate: {total: revenue, parts: [rd, loss], weights: {rd: 2}, fixed: "
             "[loss], high: 2}}\n",
             (int)(rules - small_model), small_model, rules);
    put_file(in_folder("corrected.yaml"), text);
    model_name = "corrected.yaml";
    outcome_clear(&(struct outcome[]){expect_shell(0, "rm -rf $TMP/swept")}[0]);
    sweep("mq_check, corrections", call_check, NULL);
    sweep("mq_run, corrections", call_run, "swept");
    char *records = get_file(in_folder("swept/corrections.csv"));
    assert_contains(records, ",K9\n");
    assert_contains(records, ",U9\n");
    free(records);
    model_name = "small.yaml";
}

int main(void)
{
    put_small();
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_public_call_survives),
                                       cmocka_unit_test(old_codes_survive),
                                       cmocka_unit_test(corrections_survive)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
