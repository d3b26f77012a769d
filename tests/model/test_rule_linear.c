/* Checks that are linear comparisons, and what to do with rows that fail them. */
#include <math.h>

#include "rule_fixture.h"

/* `wanted`: "2 sales -0.6 cost >= 10", comparisons joined by "; ", "" if the check is not linear.
 */
static void check_linear(const struct mq_model *model, size_t index, const char *wanted)
{
    static const char *const signs[] = {"<=", "==", ">=", "<", ">"};
    const struct mq_rule *rule = &model->rule[index];
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    mq_buffer_text(&text, "");
    for (size_t l = 0; l < rule->linears; l++) {
        const struct mq_linear *linear = &rule->linear[l];
        mq_buffer_text(&text, l ? "; " : "");
        for (size_t k = 0; k < linear->count; k++) {
            mq_buffer_real(&text, linear->coefficient[k]);
            mq_buffer_format(&text, " %s ", model->input[linear->input[k]].id);
        }
        mq_buffer_format(&text, "%s ", signs[linear->compare]);
        mq_buffer_real(&text, linear->constant);
    }
    assert_string_equal(text.length ? text.data : "", wanted);
    mq_buffer_clear(&text);
}

/* 10^40; eight of them are more than a number can be. */
#define FORTY "10000000000000000000000000000000000000000"
#define TIMES " * " FORTY " * " FORTY " * " FORTY " * " FORTY

static const struct {
    const char *check, *wanted;
} cases[] = {
    {"sales + cost == rate", "1 sales 1 cost -1 rate == 0"},
    {"sales > 0", "1 sales > 0"},
    {"0 < sales", "-1 sales < 0"},
    {"cost >= 0.6 * sales", "-0.6 sales 1 cost >= 0"},
    {"-(sales - 2.5 * (cost - 4)) / 5 + 7 <= rate - 1000", "-0.2 sales 0.5 cost -1 rate <= -1005"},
    {"(3 - 1) * sales * (1 / 4) <= +cost", "0.5 sales -1 cost <= 0"},
    {"sales * -2 + sales < 17.25 - sales + 出口", "-1 出口 < 17.25"},
    {"01行 + [02] = [4.1]", "1 sales 1 cost -1 出口 == 0"},
    {"sales >= 0 and cost <= sales and (rate < 2 and rate > 1)",
     "1 sales >= 0; -1 sales 1 cost <= 0; 1 rate < 2; 1 rate > 1"},
    {"sales * cost > 0", ""},
    {"sales / cost > 2", ""},
    {"2 / sales > 2", ""},
    {"sales / 0 > 2", ""},
    {"sales - sales >= 0 * cost", ""},
    {"sales" TIMES TIMES " > 2", ""},
    {"abs(sales) > 2", ""},
    {"sales != 2", ""},
    {"not sales > 2", ""},
    {"sales > 2 or cost > 2", ""},
    {"if (sales > 2) cost > 2", ""},
    {"sales > 2 and missing(cost)", ""},
    {"sales > 2 and (cost > 1 or cost < 0)", ""},
    {"sales > 2 and sales * cost > 1", ""},
    {"region == 3", ""},
    {"region > sales", ""},
    {"year >= 2020", ""},
    {"parent == \"a\"", ""},
    {"sales <= 2 * sum_by(cost, region)", ""},
    {"sales <= 2 * sales[-1]", ""},
    {"sales in (1, 2)", ""},
};

static void test_recognised(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mq_model *model = good(cases[i].check);
        check_linear(model, 0, cases[i].wanted);
        free(settle(model, MQ_MODEL_STRICT));
    }
}

/* Names stand for what they mean, also inside a linear check. */
static void test_names(void **state)
{
    (void)state;
    struct mq_model *model =
        model_of("  - {id: A, check: 'parts <= 3 * total', tolerance: 0.5}\n"
                 "  - {id: B, check: 'total > limit', severity: info}\n"
                 "  - {id: C, check: nought > 1}\n"
                 "define: {total: sales + cost, limit: 2 * 8 + 1}\ngroups: {parts: [rate, cost]}\n",
                 0);
    assert_int_equal(model->rules, 4);
    check_linear(model, 0, "-3 sales -3 cost 1 rate <= 0");
    check_linear(model, 1, "-3 sales -2 cost <= 0");
    check_linear(model, 2, "1 sales 1 cost > 17");
    check_linear(model, 3, ""); /* broken */
    assert_true(model->rule[0].tolerance == 0.5);
    mq_model_free(model);
}

/* ---- localise: ---- */

#define LINES MODEL_HEAD MODEL_LEVELS MODEL_LEAF

static void test_localise(void **state)
{
    (void)state;
    struct mq_model *model = must_read(LINES);
    assert_null(model->localise);
    char *text = settle(model, 0);
    assert_null(strstr(text, "localise"));
    free(text);
    model = must_read(LINES "localise: {}\n");
    for (size_t i = 0; i < model->inputs; i++)
        assert_true(model->localise->weight[i] == 1);
    assert_int_equal(model->localise->most_fields, 0);
    text = settle(model, 0);
    assert_contains(text, "localise: {weights: {sales: 1, cost: 1, rate: 1}, most_fields: 0}\n");
    free(text);
    model = must_read(LINES "localise: {most_fields: 4, weights: {rate: never, sales: 2.75}}\n");
    assert_true(model->localise->weight[3] == 2.75 && model->localise->weight[4] == 1);
    assert_true(isinf(model->localise->weight[5]));
    assert_int_equal(model->localise->most_fields, 4);
    text = settle(model, 0);
    assert_contains(text,
                    "localise: {weights: {sales: 2.75, cost: 1, rate: never}, most_fields: 4}\n");
    free(text);
    text = settle(
        must_read("mqci: 1\nid: t\ninputs: [{id: c, type: code}]\nlocalise: {}\n" MODEL_LEVELS
                  "indicators: [{id: a, formula: count(), normalise: none}]\n"),
        0);
    assert_contains(text, "localise: {weights: {}, most_fields: 0}\n");
    free(text);
}

static void test_refused(void **state)
{
    (void)state;
    assert_refused(LINES "localise: yes\n", 12, 11, "localise is written as keys with values");
    assert_refused(LINES "localise: {weight: {cost: 2}}\n", 12, 12, "did you mean \"weights\"?");
    assert_refused(LINES "localise: {weights: [cost]}\n", 12, 21,
                   "\"weights\" is written as inputs with weights, like {sales: 2}");
    assert_refused(LINES "localise: {weights: {csot: 2}}\n", 12, 22,
                   "no input is called \"csot\"; did you mean \"cost\"?");
    assert_refused(LINES "localise: {weights: {region: 2}}\n", 12, 22,
                   "\"region\" is no amount or number; only these are weighed");
    assert_refused(LINES "localise: {weights: {cost: 0}}\n", 12, 28,
                   "a weight is a number above 0");
    assert_refused(LINES "localise: {weights: {cost: -1}}\n", 12, 28, "or never");
    assert_refused(LINES "localise: {weights: {cost: nan}}\n", 12, 28, "a weight is a number");
    assert_refused(LINES "localise: {weights: {cost: always}}\n", 12, 28, "a weight is a number");
    assert_refused(LINES "localise: {weights: {cost: [2]}}\n", 12, 28, "a weight is a number");
    assert_refused(LINES "localise: {most_fields: -1}\n", 12, 25, "whole number from 0");
    assert_refused(LINES "localise: {most_fields: 1.5}\n", 12, 25, "whole number");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recognised),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_localise),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
