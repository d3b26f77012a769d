/* What the model says about empty units of rolled up levels, indicators that are not rolled up,
 * growth, and tables looked up by a level of a code list. */
#include "model_fixture.h"

#include "model/formula.h"

#define HEAD                                                                                       \
    "mqci: 1\n"                                                                                    \
    "id: t\n"                                                                                      \
    "codes: {r: files/region.csv}\n"                                                               \
    "inputs:\n"                                                                                    \
    "  - {id: reg, type: code, list: r}\n"                                                         \
    "  - {id: size, type: code}\n"                                                                 \
    "  - {id: year, type: period}\n"                                                               \
    "  - {id: cost, type: amount}\n"                                                               \
    "  - {id: sales, type: amount}\n"
#define LEVELS(rollup)                                                                             \
    HEAD                                                                                           \
        "levels:\n"                                                                                \
        "  - {id: city_size, by: [reg.city, size]}\n"                                              \
        "  - {id: size, by: [size]}\n"                                                             \
        "  - {id: province, by: [reg.province]}\n"                                                 \
        "  - {id: city, by: [reg.city], rollup: {of: city_size, weights: files/weights.csv" rollup \
        "}}\n"                                                                                     \
        "  - {id: top, rollup: {of: city, weights: files/weights.csv}}\n" MODEL_LEAF

static void test_policies(void **state)
{
    (void)state;
    struct mq_model *model =
        must_read(LEVELS(", empty: borrow, from: [size, province], else: renormalise"));
    const struct mq_rollup *rollup = &model->level[3].rollup;
    assert_int_equal(rollup->empty, MQ_EMPTY_BORROW);
    assert_int_equal(rollup->otherwise, MQ_EMPTY_RENORMALISE);
    assert_int_equal(rollup->froms, 2);
    assert_int_equal(rollup->from[0], 1);
    assert_int_equal(rollup->from[1], 2);
    assert_int_equal(model->level[4].rollup.empty, MQ_EMPTY_FAIL);
    char *text = settle(model, 0);
    assert_contains(text, ", empty: borrow, from: [size, province], else: renormalise}\n");
    assert_contains(text, ", empty: fail}\n");
    free(text);
    text = settle(must_read(LEVELS(", empty: borrow, from: size")), 0);
    assert_contains(text, ", empty: borrow, from: [size], else: fail}\n");
    free(text);
    text = settle(must_read(LEVELS(", empty: renormalise")), 0);
    assert_contains(text, ", empty: renormalise}\n");
    free(text);
}

static void test_wrong_policies(void **state)
{
    (void)state;
    assert_refused(LEVELS(", empty: drop"), 14, 91, "found \"drop\"");
    assert_refused(LEVELS(", empty: borrow"), 14, 40, "empty: borrow needs the key \"from\"");
    assert_refused(LEVELS(", empty: fail, from: size"), 14, 103,
                   "\"from\" belongs to empty: borrow");
    assert_refused(LEVELS(", empty: fail, else: fail"), 14, 103,
                   "\"else\" belongs to empty: borrow");
    assert_refused(LEVELS(", empty: borrow, from: sise"), 14, 105, "did you mean \"size\"?");
    assert_refused(LEVELS(", empty: borrow, from: []"), 14, 105, "names a level to borrow from");
    assert_refused(LEVELS(", empty: borrow, from: city_size"), 14, 105,
                   "nothing can be borrowed from city_size: it is the level rolled up itself");
    assert_refused(LEVELS(", empty: borrow, from: city"), 14, 105,
                   "nothing can be borrowed from city: it rests on this level");
    assert_refused(LEVELS(", empty: borrow, from: size, else: borrow"), 14, 117,
                   "found \"borrow\"");
    assert_refused(HEAD "levels:\n  - {id: a, by: [reg.city]}\n  - {id: b, by: [size]}\n"
                        "  - {id: c, rollup: {of: a, weights: files/weights.csv, empty: borrow, "
                        "from: b}}\n" MODEL_LEAF,
                   13, 78, "units of a do not lie in units of b");
    /* b is made of c, so c cannot borrow from b: told where b is rolled up */
    assert_refused(HEAD "levels:\n  - {id: a, by: [reg.city, size]}\n"
                        "  - {id: c, by: [reg.city], rollup: {of: a, weights: files/weights.csv, "
                        "empty: borrow, from: b}}\n"
                        "  - {id: b, rollup: {of: c, weights: files/weights.csv}}\n" MODEL_LEAF,
                   13, 26, "c borrows from b, which would rest on it");
}

#define NODES(nodes) HEAD "levels: [{id: nation}]\nindicators:\n" nodes

static void test_growth(void **state)
{
    (void)state;
    struct mq_model *model = must_read(
        NODES("  - {id: a, growth: x, normalise: none}\n"
              "  - {id: x, formula: cost / sales, normalise: none, rollup: false}\n"
              "  - {id: z, formula: sales, normalise: none, rollup: true}\n"
              "  - {id: b, growth: {of: x, over: z}, normalise: none}\n"
              "  - {id: c, growth: {of: x, share_of: z}, direction: down, normalise: none}\n"));
    assert_null(model->node[1].growth);
    assert_true(model->node[1].pooled);
    assert_false(model->node[2].pooled);
    assert_int_equal(model->node[0].growth->of, 1);
    assert_int_equal(model->node[0].growth->over, 1);
    assert_false(model->node[3].growth->share);
    assert_int_equal(model->node[3].growth->over, 2);
    assert_true(model->node[4].growth->share);
    assert_string_equal(model->node[0].formula.text, "100 * (x - x[-1]) / x[-1]");
    assert_string_equal(model->node[4].formula.text, "100 * (x - x[-1]) / (z - z[-1])");
    assert_int_equal(model->node[0].formula.coverage_mask, model->node[1].formula.coverage_mask);
    char *text = settle(model, 0);
    assert_contains(text, "    growth: {of: x, over: x}\n    direction: up\n    normalise:");
    assert_contains(text, "    growth: {of: x, share_of: z}\n    direction: down\n");
    assert_contains(text, "    formula: cost / sales\n    rollup: false\n");
    free(text);
}

static void test_wrong_growth(void **state)
{
    (void)state;
#define ONE(text)                                                                                  \
    NODES("  - {id: x, formula: cost, normalise: none}\n"                                          \
          "  - {id: g, growth: x, normalise: none}\n  - {id: a, " text "}\n")
    assert_refused(ONE("growth: xx, normalise: none"), 14, 21, "did you mean \"x\"?");
    assert_refused(ONE("growth: {of: g}, normalise: none"), 14, 26, "\"g\" has growth itself");
    assert_refused(ONE("growth: {of: x, over: p}, normalise: none}\n  - {id: p"), 14, 35,
                   "growth is that of an indicator with a formula; \"p\" has none");
    assert_refused(ONE("growth: {over: x}, normalise: none"), 14, 21,
                   "growth needs the key \"of\"");
    assert_refused(ONE("growth: {of: x, over: x, share_of: x}, normalise: none"), 14, 48,
                   "exclude each other");
    assert_refused(ONE("growth: x, formula: cost, normalise: none"), 14, 24,
                   "\"formula\" is out of place: growth is computed from other indicators");
    assert_refused(ONE("growth: x, missing: zero, normalise: none"), 14, 24,
                   "\"missing\" is out of place");
    assert_refused(ONE("growth: x"), 14, 5, "how is \"a\" scored?");
    assert_refused(ONE("formula: cost, rollup: maybe, normalise: none"), 14, 36, "found \"maybe\"");
    assert_refused(ONE("rollup: false"), 14, 13,
                   "\"rollup\" is out of place: only an indicator with a formula has it");
    assert_refused("mqci: 1\nid: t\ninputs: [{id: cost, type: amount}]\nlevels: [{id: n}]\n"
                   "indicators:\n  - {id: x, formula: cost, normalise: none}\n"
                   "  - {id: g, growth: x, normalise: none}\n",
                   7, 21, "growth needs an input of type period");
}

/* Definitions serve indicators as they serve rules; printed models do without them. */
static void test_definitions(void **state)
{
    (void)state;
    char *text = settle(must_read(HEAD "define: {big: cost > 10}\nlevels: [{id: n}]\nindicators:\n"
                                       "  - {id: x, formula: sum(sales where big), normalise: "
                                       "none}\n"),
                        0);
    assert_contains(text, "    formula: sum(sales where (cost > 10))\n");
    free(text);
    assert_refused(HEAD "define: {big: cost > 10}\nlevels: [{id: n}]\nindicators:\n"
                        "  - {id: x, formula: sum(sales where bigg), normalise: none}\n",
                   13, 38, "did you mean \"big\"?");
}

static void test_tables_by_level(void **state)
{
    (void)state;
#define TABLE(by)                                                                                  \
    HEAD "tables: {t: {file: files/provinces.csv, key: code, by: " by "}}\n" MODEL_LEVELS          \
         "indicators: [{id: x, formula: sum(cost * t.rate), normalise: none}]\n"
    struct mq_model *model = must_read(TABLE("reg.province"));
    assert_string_equal(model->lookup[0].part, "province");
    /* a city of the province finds its row, one elsewhere none */
    const struct mq_codes *codes = &model->list[0];
    size_t inside = 0;
    for (size_t i = 0; i < codes->count; i++) {
        const char *code = codes->code[i].code;
        uint32_t row = mq_key_rows_find(model->lookup[0].rows, mq_hash64(code, strlen(code), 0));
        assert_int_equal(row, strncmp(code, "21", 2) == 0 ? 0u : MQ_NO_CODE);
        inside += row == 0;
    }
    assert_true(inside > 1);
    char *text = settle(model, 0);
    assert_contains(text, ", key: code, by: reg.province}\n");
    free(text);
    assert_refused(TABLE("reg.town"), 10, 56, "the code list has no level \"town\"");
    assert_refused(TABLE("size.x"), 10, 56, "input \"size\" has no code list");
    assert_refused(TABLE("rag.city"), 10, 56, "no input is called");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policies),    cmocka_unit_test(test_wrong_policies),
        cmocka_unit_test(test_growth),      cmocka_unit_test(test_wrong_growth),
        cmocka_unit_test(test_definitions), cmocka_unit_test(test_tables_by_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
