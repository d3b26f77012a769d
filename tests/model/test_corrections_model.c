/* corrections: what may be asked for, what is refused, and that it prints as it was read. */
#include "model_fixture.h"

#define HEAD                                                                                       \
    "mqci: 1\n"                                                                                    \
    "id: small\n"                                                                                  \
    "inputs:\n"                                                                                    \
    "  - {id: k, type: key}\n"                                                                     \
    "  - {id: costs, type: amount, decimals: 1}\n"                                                 \
    "  - {id: wages, type: amount, decimals: 2}\n"                                                 \
    "  - {id: other, type: amount, decimals: 2}\n"                                                 \
    "  - {id: whole, type: amount}\n"                                                              \
    "  - {id: tiny, type: amount, decimals: 10}\n"                                                 \
    "  - {id: rate, type: number}\n"
#define REST         "levels: [{id: nation}]\nindicators: [{id: a, formula: costs, normalise: none}]\n"
#define LIST(text)   HEAD "corrections:\n  - " text "\n" REST
#define PRO(text)    LIST("{id: K, prorate: {total: costs, " text "}}")
#define PARTS(text)  PRO("parts: [wages, other], " text)
#define DIVIDE(text) LIST("{id: K, divide: {" text "}, if: costs > 9}")

static const struct mq_correction *must_bind(struct mq_model **model)
{
    *model = must_read(
        HEAD
        "corrections:\n"
        "  - {id: K01, title: 分项之和, prorate: {total: costs, parts: [other, wages], method: "
        "scaling, weights: {wages: 2.5}, fixed: [other], low: 0.5, high: 2}}\n"
        "  - {id: K02, prorate: {total: whole, parts: [wages, other]}, if: costs > 0}\n"
        "  - {id: K03, divide: {fields: [costs, tiny], by: 1000}, if: costs > 1000 * rate}\n"
        "  - {id: K04, multiply: {fields: [tiny], by: 1000000000}, if: missing(rate)}\n"
        "scope: costs > 1\n" REST);
    assert_int_equal((*model)->corrections, 4);
    return (*model)->correction;
}

static void test_bound(void **state)
{
    (void)state;
    struct mq_model *model;
    const struct mq_correction *k = must_bind(&model);
    assert_string_equal(k[0].id, "K01");
    assert_string_equal(k[0].title, "分项之和");
    assert_null(k[0].where);
    assert_int_equal(k[0].power, 0);
    assert_int_equal(k[0].total, 1);
    assert_int_equal(k[0].fields, 2);
    assert_int_equal(k[0].field[0], 3);
    assert_int_equal(k[0].field[1], 2);
    assert_true(k[0].scaling);
    assert_close(k[0].weight[0], 1, 0);
    assert_close(k[0].weight[1], 2.5, 0);
    assert_int_equal(k[0].fixed[0], 1);
    assert_int_equal(k[0].fixed[1], 0);
    assert_close(k[0].low, 0.5, 0);
    assert_close(k[0].high, 2, 0);
    assert_string_equal(k[1].title, "K02");
    assert_string_equal(k[1].where_text, "costs > 0");
    assert_non_null(k[1].where);
    assert_false(k[1].scaling);
    assert_close(k[1].weight[0], 1, 0);
    assert_close(k[1].low, 0, 0);
    assert_true(isinf(k[1].high));
    assert_int_equal(k[1].fixed[0] + k[1].fixed[1], 0);
    assert_int_equal(k[2].power, 3);
    assert_int_equal(k[2].fields, 2);
    assert_int_equal(k[2].field[1], 5);
    assert_int_equal(k[3].power, -9);
    mq_model_free(model);
}

static void test_printed(void **state)
{
    (void)state;
    struct mq_model *model;
    must_bind(&model);
    char *text = settle(model, 0);
    assert_contains(text,
                    "corrections:\n"
                    "  - id: K01\n    title: 分项之和\n"
                    "    prorate: {total: costs, parts: [other, wages], method: scaling, weights: "
                    "{other: 1, wages: 2.5}, fixed: [other], low: 0.5, high: 2}\n"
                    "  - id: K02\n    title: K02\n"
                    "    prorate: {total: whole, parts: [wages, other], method: basic, weights: "
                    "{wages: 1, other: 1}, fixed: [], low: 0}\n"
                    "    if: costs > 0\n"
                    "  - id: K03\n    title: K03\n"
                    "    divide: {fields: [costs, tiny], by: 1000}\n    if: costs > 1000 * rate\n"
                    "  - id: K04\n    title: K04\n"
                    "    multiply: {fields: [tiny], by: 1000000000}\n    if: missing(rate)\n"
                    "scope: ");
    free(text);
    text = settle(must_read(HEAD REST), 0);
    assert_null(strstr(text, "corrections"));
    free(text);
}

static void test_list(void **state)
{
    (void)state;
    assert_refused(HEAD "corrections: 3\n" REST, 11, 14, "\"corrections\" is a list");
    assert_refused(HEAD "correction: []\n" REST, 11, 1, "did you mean \"corrections\"?");
    assert_refused(LIST("K"), 12, 5, "a correction is written as keys");
    assert_refused(LIST("{title: x}"), 12, 5, "a correction needs the key \"id\"");
    assert_refused(LIST("{id: K, prorated: 3}"), 12, 13, "did you mean \"prorate\"?");
    assert_refused(LIST("{id: K}"), 12, 5, "needs the key \"prorate\", \"divide\" or \"multiply\"");
    assert_refused(LIST("{id: K, divide: {fields: [costs], by: 10}, multiply: {}}"), 12, 58,
                   "has one of \"prorate\", \"divide\" and \"multiply\"");
    assert_refused(LIST("{id: K, divide: {fields: [costs], by: 10}}"), 12, 5,
                   "a correction that divides needs the key \"if\"");
    assert_refused(LIST("{id: K, multiply: {fields: [costs], by: 10}}"), 12, 5,
                   "a correction that multiplies needs the key \"if\"");
    assert_refused(LIST("{id: K, divide: {fields: [costs], by: 10}, if: costs > cots}"), 12, 60,
                   "did you mean \"costs\"?");
    assert_refused(LIST("{id: K, divide: {fields: [costs], by: 10}, if: 1 > 2}"), 12, 52,
                   "\"if\" names no input");
    assert_refused(LIST("{id: K, divide: {fields: [costs], by: 10}, if: 'costs > costs[-1]'}"), 12,
                   61, "");
    assert_refused(LIST("{id: K, divide: {fields: [costs], by: 10}, if: costs > 1}\n"
                        "  - {id: K, divide: {fields: [costs], by: 10}, if: costs > 1}"),
                   13, 10, "correction \"K\" is already at 12:10; ids must differ");
    assert_refused(LIST("{id: K, divide: {fields: [costs], by: 10}, if: costs > 1}\n"
                        "rules: [{id: K, check: costs > 0}]"),
                   12, 10, "a rule is called \"K\" too; ids must differ");
}

static void test_prorate(void **state)
{
    (void)state;
    assert_refused(LIST("{id: K, prorate: costs}"), 12, 22, "prorate is written as keys");
    assert_refused(LIST("{id: K, prorate: {parts: [wages, other]}}"), 12, 22,
                   "prorate needs the key \"total\"");
    assert_refused(PRO("part: [wages]"), 12, 37, "did you mean \"parts\"?");
    assert_refused(PRO("method: basic"), 12, 22, "prorate needs the key \"parts\"");
    assert_refused(LIST("{id: K, prorate: {total: cots, parts: [wages, other]}}"), 12, 30,
                   "no amount is called \"cots\"; did you mean \"costs\"?");
    assert_refused(LIST("{id: K, prorate: {total: rate, parts: [wages, other]}}"), 12, 30,
                   "\"rate\" is no amount; only amounts are corrected");
    assert_refused(PRO("parts: wages"), 12, 44, "\"parts\" is a list");
    assert_refused(PRO("parts: [wages]"), 12, 44, "\"parts\" names at least 2 amounts");
    assert_refused(PRO("parts: [wages, k]"), 12, 52, "\"k\" is no amount");
    assert_refused(PRO("parts: [wages, othr]"), 12, 52, "did you mean \"other\"?");
    assert_refused(PRO("parts: [wages, [other]]"), 12, 52, "no amount is called");
    assert_refused(PRO("parts: [wages, other, wages]"), 12, 59,
                   "\"wages\" stands in \"parts\" twice");
    assert_refused(PRO("parts: [wages, costs]"), 12, 52,
                   "the total \"costs\" is no part of itself");
    assert_refused(PRO("parts: [wages, whole]"), 12, 52,
                   "\"whole\" has 0 decimals and \"wages\" 2; all parts have the same number");
    assert_refused(PRO("parts: [tiny, wages]"), 12, 45,
                   "\"tiny\" has 10 decimals; a part has at most 9");
    assert_refused(PARTS("method: scale"), 12, 68,
                   "found \"scale\"; known methods: basic, scaling");
    assert_refused(PARTS("weights: 2"), 12, 69, "\"weights\" is written as parts with weights");
    assert_refused(PARTS("weights: {wage: 2}"), 12, 70, "did you mean \"wages\"?");
    assert_refused(PARTS("weights: {costs: 2}"), 12, 70, "found \"costs\"");
    assert_refused(PARTS("weights: {wages: 0}"), 12, 77, "a weight is a number above 0");
    assert_refused(PARTS("weights: {wages: -1}"), 12, 77, "a weight is a number above 0");
    assert_refused(PARTS("weights: {wages: x}"), 12, 77, "a weight is a number above 0");
    assert_refused(PARTS("fixed: wages"), 12, 67, "\"fixed\" is a list");
    assert_refused(PARTS("fixed: [costs]"), 12, 68, "found \"costs\"");
    assert_refused(PARTS("fixed: [wages, other]"), 12, 67, "all parts are fixed");
    assert_refused(PARTS("low: x"), 12, 65, "\"low\" is a number");
    assert_refused(PARTS("low: 1.5"), 12, 65, "\"low\" is at most 1");
    assert_refused(PARTS("high: 0.5"), 12, 66, "\"high\" is at least 1");
    assert_refused(PARTS("high: .inf"), 12, 66, "\"high\" is a number");
}

static void test_factor(void **state)
{
    (void)state;
    assert_refused(LIST("{id: K, divide: 1000, if: costs > 1}"), 12, 21,
                   "divide is written as keys");
    assert_refused(DIVIDE("fields: [costs]"), 12, 21, "divide needs the key \"by\"");
    assert_refused(DIVIDE("by: 10"), 12, 21, "divide needs the key \"fields\"");
    assert_refused(DIVIDE("field: [costs], by: 10"), 12, 22, "did you mean \"fields\"?");
    assert_refused(DIVIDE("fields: costs, by: 10"), 12, 30, "\"fields\" is a list");
    assert_refused(DIVIDE("fields: [], by: 10"), 12, 30, "\"fields\" names at least 1 amount");
    assert_refused(DIVIDE("fields: [rate], by: 10"), 12, 31, "\"rate\" is no amount");
    assert_refused(DIVIDE("fields: [costs, costs], by: 10"), 12, 38, "twice");
    static const char *const wrong[] = {"1",   "0",     "-10", "100.5", "1001",
                                        "200", "110",   "x",   "",      "10000000000",
                                        "1e3", "1,000", "0.1", "99",    "-1000"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 HEAD "corrections:\n  - {id: K, multiply: {fields: [costs], "
                      "by: '%s'}, if: costs > 1}\n" REST,
                 wrong[i]);
        assert_refused(text, 12, 45, "\"by\" is a power of ten: 10, 100, 1000");
    }
    assert_refused(DIVIDE("fields: [costs], by: [10]"), 12, 43, "\"by\" is a power of ten");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bound),   cmocka_unit_test(test_printed), cmocka_unit_test(test_list),
        cmocka_unit_test(test_prorate), cmocka_unit_test(test_factor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
