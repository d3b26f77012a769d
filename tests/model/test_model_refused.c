/* Wrong models: every refusal with its place and words. */
#include "model_fixture.h"

#define REST        MODEL_LEVELS MODEL_LEAF
#define INPUT(text) "mqci: 1\nid: t\ninputs:\n  - {id: x, type: number}\n  - " text "\n" REST
#define NODES       MODEL_HEAD MODEL_LEVELS "indicators:\n"
#define PAIR(a, b)                                                                                 \
    NODES "  - {id: r}\n  - {id: a, parent: r, " a "formula: cost, normalise: none}\n"             \
          "  - {id: b, parent: r, " b "formula: rate, normalise: none}\n"
#define LEAF(text) NODES "  - {id: a, formula: cost, " text "}\n"

static void test_top(void **state)
{
    (void)state;
    assert_refused("- 1\n", 1, 1, "a model is written as keys with values");
    assert_refused("mqci: 1\nid: t\n" REST, 1, 1, "a model needs the key \"inputs\"");
    assert_refused("id: t\n", 1, 1, "needs the key \"mqci\"");
    assert_refused("mqci: 2\nid: t\n" REST, 1, 7, "\"mqci\" is a whole number from 1 to 1");
    assert_refused(MODEL_HEAD REST "titel: x\n", 12, 1,
                   "a model has no key \"titel\"; did you mean \"title\"?");
    assert_refused(MODEL_HEAD REST "qwertyuiop: x\n", 12, 1, "known keys: mqci, id, edition");
    assert_refused(MODEL_HEAD REST "id: x\n", 12, 1, "key \"id\" is already at 2:1");
    assert_refused("mqci: 1\nid: a b\n", 2, 5, "\"a b\" is no id");
    assert_refused("mqci: 1\nid: .a\n", 2, 5, "is no id");
    assert_refused("mqci: 1\nid: [a]\n", 2, 5, "\"id\" is text, not a list");
    assert_refused("mqci: 1\nid:\n", 2, 4, "\"id\" has no value");
    assert_refused(MODEL_HEAD REST "title: ~\n", 12, 8, "\"title\" has no value");
    assert_refused(MODEL_HEAD REST "rounding: up\n", 12, 11, "found \"up\"");
    assert_refused(MODEL_HEAD REST "decimals: 16\n", 12, 11, "whole number from 0 to 15");
    assert_refused(MODEL_HEAD REST "decimals: 2.5\n", 12, 11, "whole number");
    assert_refused(MODEL_HEAD REST "assumptions:\n  - a: b\n", 13, 5, "put quotes around");
    assert_refused(MODEL_HEAD REST "assumptions: {a: b}\n", 12, 14, "is a list");
    assert_refused(MODEL_HEAD REST "disclosure: 3\n", 12, 13, "disclosure is written as keys");
    assert_refused(MODEL_HEAD REST "disclosure: {min_enterprises: -1}\n", 12, 31, "from 0");
    assert_refused(MODEL_HEAD REST "bands: [{from: 1, title: a}, {from: 1, title: b}]\n", 12, 37,
                   "bands ascend: 1 does not lie above 1");
    assert_refused(MODEL_HEAD REST "bands: [{from: x, title: a}]\n", 12, 16,
                   "\"from\" is a number");
    assert_refused(MODEL_HEAD REST "bands: [{from: 1}]\n", 12, 9, "a band needs the key \"title\"");
    assert_refused("mqci: 1\nid: t\nti\xD6\n", 3, 3, "not UTF-8");
}

static void test_inputs(void **state)
{
    (void)state;
    assert_refused("mqci: 1\nid: t\ninputs: []\n" REST, 3, 9, "at least one input");
    assert_refused("mqci: 1\nid: t\ninputs: x\n" REST, 3, 9, "\"inputs\" is a list");
    assert_refused(INPUT("{id: x, type: code}"), 5, 10, "input \"x\" is already at 4:10");
    assert_refused(INPUT("{id: y, type: amuont}"), 5, 19, "did you mean \"amount\"?");
    assert_refused(INPUT("{id: y}"), 5, 5, "an input needs the key \"type\"");
    assert_refused(INPUT("{id: y, tipe: code}"), 5, 13, "did you mean \"type\"?");
    assert_refused(INPUT("{id: y-z, type: code}"), 5, 10, "cannot be used in formulas");
    assert_refused(INPUT("{id: and, type: code}"), 5, 10, "cannot be used in formulas");
    assert_refused(INPUT("{id: 9y, type: code}"), 5, 10, "cannot be used in formulas");
    assert_refused(INPUT("{id: y, type: number, decimals: 2}"), 5, 37, "only an amount");
    assert_refused(INPUT("{id: y, type: amount, decimals: 19}"), 5, 37, "from 0 to 18");
    assert_refused(INPUT("{id: y, type: amount, list: z}"), 5, 33, "only a code has");
    assert_refused(INPUT("{id: y, type: code, list: z}"), 5, 31, "no code lists");
    assert_refused(INPUT("{id: y, type: code, column: [a, x]}"), 5, 33,
                   "column \"x\" already belongs");
    assert_refused(INPUT("{id: y, type: code, column: []}"), 5, 33, "names no column");
    assert_refused(INPUT("{id: k, type: key}\n  - {id: l, type: key}"), 6, 19,
                   "a second key; the model already has one at 5:5");
    assert_refused(INPUT("{id: k, type: period}\n  - {id: l, type: period}"), 6, 19,
                   "a second period");
}

static void test_codes(void **state)
{
    (void)state;
    static const char rest[] = "inputs:\n  - {id: x, type: code, list: regoin}\n" MODEL_LEVELS
                               "indicators: [{id: a, formula: count(), normalise: none}]\n";
    char text[1024];
    snprintf(text, sizeof text, "mqci: 1\nid: t\ncodes: {region: files/region.csv}\n%s", rest);
    assert_refused(text, 5, 31, "found \"regoin\"; did you mean \"region\"?");
    snprintf(text, sizeof text, "mqci: 1\nid: t\ncodes: {region: files/none.csv}\n%s", rest);
    assert_refused(text, 3, 17, "cannot read the file \"files/none.csv\"");
    snprintf(text, sizeof text, "mqci: 1\nid: t\ncodes: [region]\n%s", rest);
    assert_refused(text, 3, 8, "names with files");
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    snprintf(text, sizeof text, "mqci: 1\nid: t\ncodes: {region: files/weights.csv}\n%s", rest);
    assert_int_not_equal(read_text(text, 0, &model, &error), MQ_OK);
    assert_contains(error.file, "weights.csv");
}

static void test_rules(void **state)
{
    (void)state;
#define RULES MODEL_HEAD REST "rules:\n"
    assert_refused(RULES "  - {id: A, check: cost > 0, severity: bad}\n", 13, 40,
                   "known severities: info, warn, reject");
    assert_refused(RULES "  - {id: A}\n", 13, 5, "a rule needs the key \"check\"");
    assert_refused(RULES "  - {id: A, check: cost > 0}\n  - {id: A, check: cost > 1}\n", 14, 10,
                   "rule \"A\" is already at 13:10");
    assert_refused(RULES "  - {id: A, check: [cost]}\n", 13, 20, "\"check\" is a formula");
    assert_refused(RULES "  - {id: A, check: 1 < 2}\n", 13, 20, "\"check\" names no input");
    assert_refused(RULES "  - {id: A, check: cost > sale}\n", 13, 27,
                   "no input is called \"sale\"; did you mean \"sales\"?");
    assert_refused(RULES "  - id: A\n    check: \"cost > 'a'\"\n", 14, 20,
                   "a text can only be compared with a code");
    assert_refused(RULES "  - id: A\n    check: >-\n      cost > 0 and\n      rate <\n", 16, 13,
                   "ends where a value is expected");
    assert_refused(MODEL_HEAD REST "scope: cost\n", 12, 8, "a number stands where a condition");
    assert_refused(MODEL_HEAD REST "scope: ''\n", 12, 8, "\"scope\" is a formula");
}

static void test_levels(void **state)
{
    (void)state;
#define LEVELS(text)                                                                               \
    "mqci: 1\nid: t\ncodes: {r: files/region.csv}\ninputs:\n  - {id: reg, type: code, list: r}\n"  \
    "  - {id: size, type: code}\n  - {id: cost, type: amount}\n  - {id: sales, type: "             \
    "amount}\nlevels:\n  - " text "\n" MODEL_LEAF
    assert_refused(MODEL_HEAD "levels: []\n" MODEL_LEAF, 10, 9, "at least one level");
    assert_refused(LEVELS("{id: a, by: [reg.provinz]}"), 10, 18,
                   "the code list has no level \"provinz\"; did you mean \"province\"?");
    assert_refused(LEVELS("{id: a, by: [size.x]}"), 10, 18, "has no code list");
    assert_refused(LEVELS("{id: a, by: cost}"), 10, 17, "needs an input of type code");
    assert_refused(LEVELS("{id: a, by: [rag]}"), 10, 18, "did you mean \"reg\"?");
    assert_refused(LEVELS("{id: a, by: [[reg]]}"), 10, 18, "lists inputs");
    assert_refused(LEVELS("{id: a, by: [reg, reg]}"), 10, 23, "twice");
    assert_refused(LEVELS("{id: a, by: [reg, size, reg.city, reg.province, reg]}"), 10, 17,
                   "at most 4");
    assert_refused(LEVELS("{id: a}\n  - {id: a}"), 11, 10, "level \"a\" is already at 10:10");
    assert_refused(LEVELS("{id: a, rollup: {of: b}}"), 10, 21,
                   "a rollup needs the key \"weights\"");
    assert_refused(LEVELS("{id: a, rollup: {of: b, weights: files/weights.csv}}"), 10, 26,
                   "found \"b\"");
    assert_refused(LEVELS("{id: a, rollup: {of: a, weights: files/weights.csv}}"), 10, 26,
                   "rolled up from itself");
    assert_refused(LEVELS("{id: a, rollup: {of: b, weights: files/weights.csv}}\n"
                          "  - {id: b, rollup: {of: a, weights: files/weights.csv}}"),
                   11, 26, "rolled up from itself");
    assert_refused(LEVELS("{id: a, rollup: {of: b, weights: w.csv}}\n  - {id: b}"), 10, 38,
                   "cannot read the file \"w.csv\"");
}

static void test_tree(void **state)
{
    (void)state;
    assert_refused(MODEL_HEAD MODEL_LEVELS "indicators: []\n", 11, 13, "at least one indicator");
    assert_refused(NODES "  - {id: r}\n", 12, 5, "neither a formula nor children");
    assert_refused(PAIR("weight: 1/2, ", "weight: 1/3, "), 12, 5,
                   "the weights below \"r\" sum to 5/6, not to 1");
    assert_refused(PAIR("weight: 0.5, ", "weight: 0.50000000000000001, "), 12, 5, "not to 1");
    assert_refused(PAIR("weight: 1/2, ", ""), 14, 5, "\"b\" needs a weight within \"r\", like 1/2");
    assert_refused(PAIR("weight: 0, ", "weight: 1, "), 13, 32, "greater than 0");
    assert_refused(PAIR("weight: -1, ", "weight: 2, "), 13, 32, "greater than 0");
    assert_refused(PAIR("weight: half, ", "weight: 1/2, "), 13, 32, "fraction or a decimal");
    assert_refused(PAIR("weight: 1/4611686018427387847, ", "weight: 1/4611686018427387846, "), 12,
                   5, "too many digits");
    assert_refused(NODES "  - {id: a, parent: b, formula: cost, normalise: none}\n", 12, 21,
                   "no indicator is called \"b\"");
    assert_refused(
        NODES
        "  - {id: root}\n  - {id: a, parent: rot, weight: 1, formula: cost, normalise: none}\n",
        13, 21, "did you mean \"root\"?");
    assert_refused(NODES "  - {id: b, formula: cost, normalise: none}\n  - {id: a, parent: b, "
                         "formula: cost, normalise: none}\n",
                   13, 21, "\"b\" has a formula, so it cannot be a parent");
    assert_refused(NODES "  - {id: b, parent: a}\n  - {id: a, parent: b}\n", 12, 21,
                   "\"b\" is in a cycle");
    assert_refused(NODES "  - {id: b, parent: b}\n", 12, 21, "\"b\" is in a cycle");
    assert_refused(NODES "  - {id: a, formula: cost, normalise: none}\n  - {id: a, formula: cost, "
                         "normalise: none}\n",
                   13, 10, "indicator \"a\" is already at 12:10");
    assert_refused(NODES "  - {id: a, weight: 1/2, formula: cost, normalise: none}\n", 12, 21,
                   "no parent to weigh in");
    assert_refused(LEAF("normalise: none, combine: arithmetic"), 12, 45,
                   "\"combine\" is out of place");
    assert_refused(NODES "  - {id: r, direction: up}\n", 12, 13, "\"direction\" is out of place");
    assert_refused(NODES "  - {id: r, combine: harmonic}\n", 12, 22,
                   "no way to combine is called \"harmonic\"");
    assert_refused(NODES "  - {id: r, weights: entropi}\n", 12, 22, "known methods: fixed, equal");
    assert_refused(NODES "  - {id: r, missing_children: {method: renormalize}}\n", 12, 40,
                   "did you mean \"renormalise\"?");
    assert_refused(NODES "  - {id: r, missing_children: {method: fail, min_share: 1/2}}\n", 12, 57,
                   "belongs to renormalise");
    assert_refused(NODES "  - {id: r, missing_children: {method: renormalise, min_share: 4/3}}\n",
                   12, 64, "from 0 to 1");
}

static void test_leaves(void **state)
{
    (void)state;
    assert_refused(NODES "  - {id: a, formula: cost}\n", 12, 5, "how is \"a\" scored?");
    assert_refused(LEAF("normalise: efficiency"), 12, 39, "did you mean \"efficacy\"?");
    assert_refused(LEAF("normalise: {fail: 1}"), 12, 39, "write which method");
    assert_refused(LEAF("normalise: {method: efficacy, fail: 1}"), 12, 39,
                   "efficacy needs the parameter \"pass\": value that scores high");
    assert_refused(LEAF("normalise: {method: efficacy, fail: 1, pas: 1}"), 12, 67,
                   "efficacy takes no parameter \"pas\"; did you mean \"pass\"?");
    assert_refused(LEAF("normalise: {method: efficacy, fail: 1, pass: x}"), 12, 73,
                   "\"pass\" is a number");
    assert_refused(LEAF("normalise: {method: efficacy, fail: 1, pass: 1}"), 12, 39,
                   "must differ, both are 1");
    assert_refused(LEAF("normalise: {method: efficacy, fail: 2, pass: 1}"), 12, 39,
                   "direction is up, yet pass (1) is below fail (2)");
    assert_refused(LEAF("direction: down, normalise: {method: efficacy, fail: 1, pass: 2}"), 12, 56,
                   "direction is down");
    assert_refused(LEAF("normalise: {method: efficacy, fail: 1, pass: 2, low: 100}"), 12, 39,
                   "low (100) must be less than high (100)");
    assert_refused(LEAF("normalise: {method: efficacy, fail: 1, pass: 2, clip: maybe}"), 12, 82,
                   "found \"maybe\"");
    assert_refused(LEAF("normalise: {method: minmax, spread: linaer}"), 12, 64,
                   "did you mean \"linear\"?");
    assert_refused(LEAF("normalise: {method: minmax, reference: fixed}"), 12, 67,
                   "takes its reference points from the data");
    assert_refused(LEAF("normalise: {method: minmax, reference: all}"), 12, 67, "known references");
    assert_refused(LEAF("normalise: {method: none, reference: each}"), 12, 65,
                   "takes nothing from the data");
    assert_refused(LEAF("normalise: {method: none, goalposts: files/goalposts.csv}"), 12, 65,
                   "no parameters a file could bring");
    assert_refused(LEAF("normalise: {method: efficacy, goalposts: none.csv}"), 12, 69,
                   "cannot read the file");
    assert_refused(
        "mqci: 1\nid: t\ninputs: [{id: x, type: number}]\n" MODEL_LEVELS
        "indicators: [{id: a, formula: x, normalise: {method: minmax, reference: {period: 1}}}]\n",
        5, 73, "no input of type period");
    assert_refused(LEAF("normalise: none, min_coverage: 1.5"), 12, 59, "from 0 to 1");
    assert_refused(LEAF("normalise: none, missing: skip"), 12, 54,
                   "known policies: complete, zero");
    assert_refused(LEAF("normalise: none, direction: dwon"), 12, 56, "did you mean \"down\"?");
    assert_refused(NODES "  - {id: a, formula: cost / salse, normalise: none}\n", 12, 29,
                   "did you mean \"sales\"?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_top),    cmocka_unit_test(test_inputs), cmocka_unit_test(test_codes),
        cmocka_unit_test(test_rules),  cmocka_unit_test(test_levels), cmocka_unit_test(test_tree),
        cmocka_unit_test(test_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
