/* Checks that ask about other rows or about texts; what a rule that cannot be understood says, and
 * where. */
#include "rule_fixture.h"

/* ---- questions about other rows ---- */

static void check_derived(const struct mq_derived *derived, enum mq_derived_kind kind, bool value,
                          size_t bys, const int *by)
{
    assert_int_equal(derived->kind, kind);
    assert_int_equal(derived->value != NULL, value);
    assert_int_equal(derived->bys, bys);
    assert_memory_equal(derived->by, by, bys * sizeof *by);
}

static const struct {
    const char *check;
    enum mq_derived_kind kind;
    bool value;
    size_t bys;
    int by[3];
    size_t inputs;
    int input[4];
} derived_cases[] = {
    {"sales <= 10 * sum_by(cost + rate, region, year)",
     MQ_SUM_BY,
     true,
     2,
     {REGION, PERIOD},
     5,
     {SALES, COST, RATE, REGION}},
    {"mean_by(cost) > 1", MQ_MEAN_BY, true, 0, {0}, 1, {COST}},
    {"min_by(cost, usci) > 1", MQ_MIN_BY, true, 1, {KEY}, 2, {COST, KEY}},
    {"max_by(-abs(cost), sales) > 1", MQ_MAX_BY, true, 1, {SALES}, 2, {COST, SALES}},
    {"median_by(rate * 2, rate) > 1", MQ_MEDIAN_BY, true, 1, {RATE}, 1, {RATE}},
    {"count_by(region, parent) > 3", MQ_COUNT_BY, false, 2, {REGION, PARENT}, 2, {REGION, PARENT}},
    {"count_by() > 3", MQ_COUNT_BY, false, 0, {0}, 0, {0}},
    {"is_unique(usci, year)", MQ_IS_UNIQUE, false, 2, {KEY, PERIOD}, 2, {KEY, PERIOD}},
    {"not all_complete(usci, 出口)", MQ_ALL_COMPLETE, false, 2, {KEY, EXPORTS}, 2, {KEY, EXPORTS}},
    {"determines(region, parent, rate)",
     MQ_DETERMINES,
     false,
     3,
     {REGION, PARENT, RATE},
     3,
     {REGION, PARENT, RATE}},
    {"region ~ parent + (rate + [02])",
     MQ_DETERMINES,
     false,
     4,
     {REGION, PARENT, RATE},
     4,
     {REGION, PARENT, RATE, COST}},
    {"region ～ parent", MQ_DETERMINES, false, 2, {REGION, PARENT}, 2, {REGION, PARENT}},
    {"hierarchy(sales, region, year, usci)",
     MQ_HIERARCHY,
     true,
     2,
     {PERIOD, KEY},
     4,
     {SALES, REGION, PERIOD, KEY}},
    {"not hierarchy(cost - 出口, parent)", MQ_HIERARCHY, true, 0, {0}, 3, {COST, EXPORTS, PARENT}},
    {"part_whole(cost, parent, \"全部\", region)",
     MQ_PART_WHOLE,
     true,
     1,
     {REGION},
     3,
     {COST, PARENT, REGION}},
    {"count_by(where cost > 7 and parent == \"x\") > 3",
     MQ_COUNT_BY,
     false,
     0,
     {0},
     2,
     {COST, PARENT}},
    {"max_by(sales, region where rate in (1, 2)) > 3",
     MQ_MAX_BY,
     true,
     1,
     {REGION},
     3,
     {SALES, REGION, RATE}},
    {"sum_by(sales where matches(parent, \"^a\")) > 3",
     MQ_SUM_BY,
     true,
     0,
     {0},
     2,
     {SALES, PARENT}},
    {"sales >= sales[-1]", MQ_EARLIER, true, 0, {0}, 1, {SALES}},
    {"01行［－12］ > 0", MQ_EARLIER, true, 0, {0}, 1, {SALES}},
};

static void test_derived(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof derived_cases / sizeof *derived_cases; i++) {
        struct mq_model *model = good(derived_cases[i].check);
        const struct mq_rule *rule = &model->rule[0];
        assert_int_equal(model->deriveds, 1);
        size_t known = derived_cases[i].bys < 3 ? derived_cases[i].bys : 3;
        assert_int_equal(model->derived[0].bys, derived_cases[i].bys);
        check_derived(&model->derived[0], derived_cases[i].kind, derived_cases[i].value,
                      derived_cases[i].bys, model->derived[0].by);
        assert_memory_equal(model->derived[0].by, derived_cases[i].by, known * sizeof(int));
        assert_true(rule->late);
        assert_int_equal(rule->inputs, derived_cases[i].inputs);
        for (size_t k = 0; k < rule->inputs && k < 4; k++)
            assert_int_equal(rule->input[k], derived_cases[i].input[k]);
        free(settle(model, MQ_MODEL_STRICT));
    }
    struct mq_model *model = good("sales[-3] > 0");
    assert_int_equal(model->derived[0].back, 3);
    mq_model_free(model);
    model = good("sales > 0");
    assert_false(model->rule[0].late);
    mq_model_free(model);
}

static void test_derived_are_shared(void **state)
{
    (void)state;
    struct mq_model *model =
        model_of("  - {id: A, check: 'sales < sum_by(cost, region) and sum_by(cost,region) > 0'}\n"
                 "  - {id: B, check: 'cost > 0'}\n"
                 "  - {id: C, check: 'sum_by(02行, region) > mean_by(cost, region)'}\n"
                 "  - {id: D, check: 'sum_by(cost, region, year) > sum_by(cost + 1, region)'}\n"
                 "  - {id: E, check: 'cost[-1] > cost[-2] or cost[-1] < 0'}\n",
                 MQ_MODEL_STRICT);
    assert_int_equal(model->deriveds, 6);
    assert_true(model->rule[0].late && !model->rule[1].late && model->rule[2].late);
    mq_model_free(model);
}

/* The condition, the label and the tolerance tell columns apart. */
static void test_sums_and_conditions(void **state)
{
    (void)state;
    struct mq_model *model = model_of(
        "  - {id: A, check: 'count_by(region where cost > 1) > 2'}\n"
        "  - {id: B, check: 'count_by(region where 02行 > 1) < 9 and count_by(region) > 0'}\n"
        "  - {id: C, check: 'count_by(region where cost > 2) > 2'}\n"
        "  - {id: D, check: 'hierarchy(cost, parent) and hierarchy(cost, region)'}\n"
        "  - {id: E, check: 'hierarchy(cost, parent)', tolerance: 0.5}\n"
        "  - {id: F, check: 'part_whole(cost, parent, \"b\")'}\n"
        "  - {id: G, check: 'part_whole(cost, parent, \"c\") or hierarchy(cost, parent)'}\n",
        MQ_MODEL_STRICT);
    const struct mq_derived *derived = model->derived;
    assert_int_equal(model->deriveds, 8);
    assert_true(derived[0].where && !derived[1].where && derived[2].where);
    assert_true(mq_program_reads(derived[0].where, COST));
    assert_false(mq_program_reads(derived[0].where, REGION));
    assert_int_equal(derived[0].label, -1);
    assert_true(derived[0].tolerance == 0);
    assert_int_equal(derived[3].label, PARENT);
    assert_int_equal(derived[4].label, REGION);
    assert_true(derived[3].tolerance == MQ_TOLERANCE && derived[5].tolerance == 0.5);
    assert_string_equal(derived[3].whole, "");
    assert_string_equal(derived[6].whole, "b");
    assert_string_equal(derived[7].whole, "c");
    free(settle(model, MQ_MODEL_STRICT));
}

/* A truth is 1 or 0 in its column; where that is missing nothing is known. */
static void test_derived_columns_are_read(void **state)
{
    (void)state;
    static const uint8_t present[] = {MQ_PRESENT, MQ_PRESENT, MQ_MISSING};
    static const double truths[] = {1, 0, 1}, sums[] = {10, 2.5, 7};
    static const int64_t costs[] = {3, 3, 3};
    struct mq_model *model = good("is_unique(usci)");
    struct mq_scratch scratch = {0};
    struct mq_column column[INPUTS + 1] = {{.type = MQ_KEY}};
    uint8_t truth[3];
    column[INPUTS] = (struct mq_column){.type = MQ_NUMBER, .state = present, .number = truths};
    assert_int_equal(mq_program_truth(model->rule[0].check, column, 3, &scratch, truth), MQ_OK);
    assert_memory_equal(truth, ((uint8_t[]){MQ_TRUE, MQ_FALSE, MQ_UNKNOWN}), 3);
    mq_model_free(model);
    model = good("cost <= sum_by(sales, region)");
    column[COST] = (struct mq_column){.type = MQ_AMOUNT, .state = present, .amount = costs};
    column[INPUTS].number = sums;
    assert_int_equal(mq_program_truth(model->rule[0].check, column, 3, &scratch, truth), MQ_OK);
    assert_memory_equal(truth, ((uint8_t[]){MQ_TRUE, MQ_FALSE, MQ_UNKNOWN}), 3);
    mq_model_free(model);
    mq_scratch_clear(&scratch);
}

static void test_derived_refused(void **state)
{
    (void)state;
    broken("sum_by(sum_by(cost), region) > 1", 8, "sum_by inside sum_by: what is asked of other");
    broken("mean_by(cost[-1]) > 1", 9, "an earlier period inside mean_by");
    broken("sum_by() > 1", 1, "sum_by has 0 in its brackets; it is written sum_by(x, a, b)");
    broken("is_unique()", 1, "is_unique has 0 in its brackets; it is written is_unique(a, b)");
    broken("determines(region)", 1, "determines has 1 in its brackets");
    broken("sum_by(cost, region + 1) > 1", 21, "an input stands here: sum_by(x, a, b)");
    broken("sum_by(usci, region) > 1", 8, "a key stands where a number is expected");
    broken("sum_by(cost > 1, region) > 1", 13, "a condition stands where a number is expected");
    broken("is_unique(usci) + 1 > 1", 1, "a condition stands where a number is expected");
    broken("sum_by(cost)", 1, "a number stands where a condition is expected");
    broken("hierarchy(cost)", 1, "it is written hierarchy(x, label, a, b)");
    broken("hierarchy(cost, usci)", 17, "usci is no code, so it says no label");
    broken("hierarchy(cost, \"x\")", 17, "an input stands here: hierarchy(x, label, a, b)");
    broken("hierarchy(cost, region, 2)", 25, "an input stands here");
    broken("hierarchy(region ~ parent, region)", 18, "a condition stands where a number");
    broken("hierarchy(cost, region where cost > 1)", 24, "hierarchy takes no where; it is written");
    broken("hierarchy(cost, region) > 1", 1, "a condition stands where a number is expected");
    broken("part_whole(cost, region)", 1, "part_whole has 2 in its brackets");
    broken("part_whole(cost, parent, region)", 26, "the label of the whole stands here in quotes");
    broken("part_whole(cost, parent, \"\")", 26, "the label of the whole stands here in quotes");
    broken("part_whole(cost, parent, \"a\", 1 + 1)", 33, "an input stands here: part_whole(");
    broken("part_whole(count_by(), parent, \"a\") > 1", 1, "a condition stands where a number");
    broken("part_whole(count_by(), parent, \"a\")", 12, "count_by inside part_whole");
    broken("count_by(region where is_unique(usci)) > 1", 23, "is_unique inside count_by");
    broken("count_by(region where cost) > 1", 23, "a number stands where a condition is expected");
    broken("count_by(region where) > 1", 22, "\")\" stands where");
    broken("sum_by(where cost > 1) > 1", 1, "sum_by has 0 in its brackets");
    broken("count_by(region where cost > 1, year) > 1", 31, "\",\" stands where");
    broken("region + year ~ parent", 8, "one input stands before ~");
    broken("region ~ parent + 1", 19, "with inputs only");
    broken("region ~ parent - cost", 17, "with inputs only");
    broken("1 ~ parent", 1, "with inputs only");
    broken("region ~", 9, "ends where a value");
    broken("cost[1] > 0", 5, "an earlier period is written [-1], [-2]");
    broken("cost[-0] > 0", 5, "an earlier period is written");
    broken("cost[-1.5] > 0", 5, "an earlier period is written");
    broken("cost[-1001] > 0", 5, "up to [-1000]");
    broken("cost[-1 > 0", 5, "an earlier period is written");
    broken("usci[-1] > 0", 1, "a key stands where a number");
    broken("sum(cost) > 1", 1,
           "sum adds up many rows; a rule or filter speaks of one row; write sum_by(x, a, ...)");
    broken("cost > count()", 8, "write count_by(a, ...)");
    broken("sumby(cost) > 1", 1, "no function is called \"sumby\"; did you mean \"sum_by\"?");
}

/* Everywhere else the language speaks of one row. */
static void test_derived_out_of_place(void **state)
{
    (void)state;
#define PLACE         MODEL_HEAD MODEL_LEVELS
#define FORMULA(text) "indicators: [{id: a, formula: '" text "', normalise: none}]\n"
    assert_refused(PLACE "scope: sum_by(cost, region) > 1\n" MODEL_LEAF, 11, 8,
                   "sum_by asks about other rows; only the check of a rule may, not scope");
    assert_refused(PLACE "scope: is_unique(usci)\n" MODEL_LEAF, 11, 8, "is_unique asks about");
    assert_refused(PLACE FORMULA("sum(cost where is_unique(usci))"), 11, 47,
                   "is_unique asks about other rows");
    assert_refused(PLACE FORMULA("sum(cost[-1])"), 11, 36, "an earlier period asks about");
    assert_refused(PLACE FORMULA("mean_by(cost, region)"), 11, 32, "mean_by asks about other rows");
    assert_refused(PLACE FORMULA("cost[-1]"), 11, 32, "an earlier period asks about");
    assert_refused("mqci: 1\nid: t\ninputs: [{id: x, type: number}, {id: k, type: key}]\n"
                   "levels: [{id: n}]\nrules: [{id: R, check: 'x[-1] > 0'}]\n"
                   "indicators: [{id: a, formula: x, normalise: none}]\n",
                   5, 25, "found by key and period; the model has no input of type period");
    assert_refused("mqci: 1\nid: t\ninputs: [{id: x, type: number}, {id: p, type: period}]\n"
                   "levels: [{id: n}]\nrules: [{id: R, check: 'x[-1] > 0'}]\n"
                   "indicators: [{id: a, formula: x, normalise: none}]\n",
                   5, 25, "no input of type key");
}

/* ---- tests of texts ---- */

static void test_texts(void **state)
{
    (void)state;
    struct mq_model *model = model_of(
        "  - {id: A, check: 'matches(region, \"^21\\d{4}$\") and is_uscc(usci)'}\n"
        "  - {id: B, check: 'is_organisation_code(usci) or matches(usci, \"^9\")'}\n"
        "  - {id: C, check: 'if (matches(region, \"^21\\d{4}$\")) matches(year, \"^20\")'}\n"
        "  - {id: D, check: 'matches(usci, \"^9\") and matches(usci, \"^9[12]\")'}\n"
        "scope: matches(year, \"20\")\n",
        MQ_MODEL_STRICT);
    static const struct {
        int input;
        enum mq_text_test_kind kind;
        const char *pattern;
        unsigned bit;
    } wanted[] = {
        {PERIOD, MQ_MATCHES, "20", 0},  {REGION, MQ_MATCHES, "^21\\d{4}$", 0},
        {KEY, MQ_IS_USCC, NULL, 0},     {KEY, MQ_IS_ORGANISATION_CODE, NULL, 1},
        {KEY, MQ_MATCHES, "^9", 2},     {PERIOD, MQ_MATCHES, "^20", 1},
        {KEY, MQ_MATCHES, "^9[12]", 3},
    };
    assert_int_equal(model->tests, 7);
    for (size_t i = 0; i < model->tests; i++) {
        const struct mq_text_test *test = &model->test[i];
        assert_int_equal(test->input, wanted[i].input);
        assert_int_equal(test->kind, wanted[i].kind);
        assert_int_equal(test->bit, wanted[i].bit);
        assert_int_equal(test->matcher != NULL, test->kind == MQ_MATCHES);
        if (wanted[i].pattern)
            assert_string_equal(test->pattern, wanted[i].pattern);
    }
    /* D: bits 2 and 3 of the key's tests */
    static const uint8_t states[] = {MQ_PRESENT, MQ_PRESENT, MQ_PRESENT, MQ_MISSING};
    static const uint32_t bits[] = {0x0C, 0x04, 0xF3, 0x0C};
    struct mq_column column[INPUTS] = {{.type = MQ_KEY, .state = states, .tests = bits}};
    struct mq_scratch scratch = {0};
    uint8_t truth[4];
    assert_int_equal(mq_program_truth(model->rule[3].check, column, 4, &scratch, truth), MQ_OK);
    assert_memory_equal(truth, ((uint8_t[]){MQ_TRUE, MQ_FALSE, MQ_FALSE, MQ_UNKNOWN}), 4);
    mq_scratch_clear(&scratch);
    free(settle(model, MQ_MODEL_STRICT));
    mq_model_free(model_of("  - {id: A, check: cost > 0}\n"
                           "scope: matches(region, \"a\") and not is_uscc(usci)\n",
                           MQ_MODEL_STRICT));
}

static void test_texts_refused(void **state)
{
    (void)state;
    broken("matches(region, \"a(b\")", 21, "this is no regular expression: ");
    broken("matches(cost, \"a\")", 9, "cost is no key, code or period, so its text cannot be");
    broken("matches(region, usci)", 17, "a pattern in quotes stands here: matches(x");
    broken("matches(region)", 1, "matches has 1 in its brackets");
    broken("matches(\"a\", \"b\")", 9, "an input stands here: matches(x");
    broken("is_uscc(rate)", 9, "rate is no key");
    broken("is_uscc(usci, region)", 1, "is_uscc has 2 in its brackets; it is written is_uscc(x)");
    broken("is_uscc(usci) > 0", 1, "a condition stands where a number");
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    for (int i = 0; i < 33; i++)
        mq_buffer_format(&text, "%smatches(usci, \"%d\")", i ? " or " : "", 100 + i);
    mq_buffer_text(&text, " or matches(region, \"1\")");
    broken(text.data, 1 + 32 * (4 + 20), "more than 32 tests of the text of usci");
    mq_buffer_clear(&text);
}

/* A broken rule takes its own columns back and leaves those of others. */
static void test_broken_leaves_nothing(void **state)
{
    (void)state;
    struct mq_model *model =
        model_of("  - {id: A, check: 'matches(usci, \"1\") and sum_by(cost) > 0'}\n"
                 "  - {id: B, check: 'matches(usci, \"2\") and sum_by(sales) > 0 and "
                 "matches(usci, \"1\") and nought'}\n"
                 "  - {id: C, check: 'matches(usci, \"3\") and sum_by(rate) > 0'}\n",
                 0);
    assert_int_equal(model->tests, 2);
    assert_int_equal(model->deriveds, 2);
    assert_string_equal(model->test[1].pattern, "3");
    assert_int_equal(model->test[1].bit, 1);
    assert_null(model->rule[0].broken);
    assert_string_equal(model->rule[1].broken,
                        "m.yaml:17:89: no input is called \"nought\"; known names: usci, year, "
                        "region, sales, cost, rate, parent, 出口, persons, regions");
    assert_null(model->rule[2].broken);
    free(settle(model, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derived),
        cmocka_unit_test(test_derived_are_shared),
        cmocka_unit_test(test_sums_and_conditions),
        cmocka_unit_test(test_derived_columns_are_read),
        cmocka_unit_test(test_derived_refused),
        cmocka_unit_test(test_derived_out_of_place),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_texts_refused),
        cmocka_unit_test(test_broken_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
