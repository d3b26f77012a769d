/* Checks about one row: helpers, tolerance, rows of a form, look-ups. */
#include "rule_fixture.h"

/* ---- helpers of one row ---- */

static int truth_of(const struct mq_model *model, const struct mq_column *column)
{
    struct mq_scratch scratch = {0};
    uint8_t truth = 9;
    assert_int_equal(mq_program_truth(model->rule[0].check, column, 1, &scratch, &truth), MQ_OK);
    mq_scratch_clear(&scratch);
    return truth;
}

/* cost = whole, sales = hundredths, rate = real; NaN in `real` makes rate missing */
static int judge(const char *check, const char *rest, int64_t whole, int64_t hundredths,
                 double real)
{
    const uint8_t present = MQ_PRESENT, rate = isnan(real) ? MQ_MISSING : MQ_PRESENT;
    struct mq_column column[INPUTS] = {{.type = MQ_KEY}};
    column[COST] = (struct mq_column){.type = MQ_AMOUNT, .state = &present, .amount = &whole};
    column[SALES] = (struct mq_column){
        .type = MQ_AMOUNT, .decimals = 2, .state = &present, .amount = &hundredths};
    column[RATE] = (struct mq_column){.type = MQ_NUMBER, .state = &rate, .number = &real};
    struct mq_buffer quoted = MQ_BUFFER_EMPTY;
    mq_buffer_format(&quoted, "'%s'", check);
    struct mq_model *model = one_rule(quoted.data, rest, MQ_MODEL_STRICT);
    int truth = truth_of(model, column);
    mq_model_free(model);
    mq_buffer_clear(&quoted);
    return truth;
}

static void test_row_helpers(void **state)
{
    (void)state;
    assert_int_equal(judge("is_complete(cost, sales, rate)", "", 1, 1, 1), MQ_TRUE);
    assert_int_equal(judge("is_complete(cost, sales, rate)", "", 1, 1, NAN), MQ_FALSE);
    assert_int_equal(judge("is_complete(rate)", "", 1, 1, NAN), MQ_FALSE);
    assert_int_equal(judge("in_range(cost, 3, 5)", "", 3, 0, 0), MQ_TRUE);
    assert_int_equal(judge("in_range(cost, 3, 5)", "", 5, 0, 0), MQ_TRUE);
    assert_int_equal(judge("in_range(cost, 3, 5)", "", 6, 0, 0), MQ_FALSE);
    assert_int_equal(judge("in_range(cost, 3, 5)", "", 2, 0, 0), MQ_FALSE);
    assert_int_equal(judge("in_range(rate, cost, 2 * cost)", "", 3, 0, NAN), MQ_UNKNOWN);
    assert_int_equal(judge("in_range(rate, cost, 2 * cost)", "", 3, 0, 6.00000000001), MQ_TRUE);
    broken("is_complete()", 1, "is_complete has 0 in its brackets");
    broken("is_complete(cost + 1)", 18, "an input stands here: is_complete(a, b)");
    broken("in_range(cost, 3)", 1, "in_range has 2 in its brackets; it is written in_range(x, low");
    broken("in_range(cost, 3 > 2, 4)", 18, "a condition stands where a number");
}

/* ---- tolerance ---- */

static void test_tolerance(void **state)
{
    (void)state;
    static const struct {
        const char *check, *rest;
        int64_t whole, hundredths;
        double real;
        int truth;
    } cases[] = {
        /* real numbers: within 1e-8 */
        {"rate == 0.3", "", 0, 0, 0.1 + 0.2, MQ_TRUE},
        {"rate != 0.3", "", 0, 0, 0.1 + 0.2, MQ_FALSE},
        {"rate <= 1", "", 0, 0, 1 + 0.9e-8, MQ_TRUE},
        {"rate <= 1", "", 0, 0, 1 + 1.1e-8, MQ_FALSE},
        {"rate >= 1", "", 0, 0, 1 - 0.9e-8, MQ_TRUE},
        {"rate >= 1", "", 0, 0, 1 - 1.1e-8, MQ_FALSE},
        {"rate == cost", "", 1, 0, 1 + 1.1e-8, MQ_FALSE},
        {"rate < 1", "", 0, 0, 1 - 0.5e-8, MQ_TRUE}, /* strict stays strict */
        {"rate > 1", "", 0, 0, 1 + 0.5e-8, MQ_TRUE},
        {"rate < 1", "", 0, 0, 1, MQ_FALSE},
        {"rate in (1, 2)", "", 0, 0, 1 + 0.5e-8, MQ_FALSE}, /* lists are exact */
        {"rate == 1", "", 0, 0, NAN, MQ_UNKNOWN},
        {"rate != 1", ", tolerance: 5", 0, 0, NAN, MQ_UNKNOWN},
        {"rate == 1", ", tolerance: 0", 0, 0, 1 + 1e-9, MQ_FALSE},
        /* amounts: exact below their unit, else in natural units */
        {"sales == cost", ", tolerance: 0.009", 5, 501, 0, MQ_FALSE},
        {"sales == cost", ", tolerance: 0.01", 5, 501, 0, MQ_TRUE},
        {"sales == cost", ", tolerance: 0.01", 5, 502, 0, MQ_FALSE},
        {"sales == cost", ", tolerance: 0.29", 5, 529, 0, MQ_TRUE},
        {"sales == cost", ", tolerance: 0.29", 5, 530, 0, MQ_FALSE},
        {"sales != cost", ", tolerance: 0.29", 5, 471, 0, MQ_FALSE},
        {"sales != cost", ", tolerance: 0.29", 5, 470, 0, MQ_TRUE},
        {"cost <= 10", ", tolerance: 2", 12, 0, 0, MQ_TRUE},
        {"cost <= 10", ", tolerance: 2", 13, 0, 0, MQ_FALSE},
        {"cost >= 10", ", tolerance: 2", 8, 0, 0, MQ_TRUE},
        {"cost >= 10", ", tolerance: 2", 7, 0, 0, MQ_FALSE},
        {"10 >= cost", ", tolerance: 2", 12, 0, 0, MQ_TRUE},
        {"cost < 10", ", tolerance: 2", 10, 0, 0, MQ_FALSE},
        {"not cost == 10", ", tolerance: 2", 12, 0, 0, MQ_FALSE},
        {"in_range(cost, 3, 5)", ", tolerance: 2", 7, 0, 0, MQ_TRUE},
        {"cost in (10, 20)", ", tolerance: 2", 11, 0, 0, MQ_FALSE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int found = judge(cases[i].check, cases[i].rest, cases[i].whole, cases[i].hundredths,
                          cases[i].real);
        if (found != cases[i].truth)
            fail_msg("%s%s: %d", cases[i].check, cases[i].rest, found);
    }
}

static const struct mq_instruction *last(const struct mq_model *model)
{
    return &model->rule[0].check->code[model->rule[0].check->count - 1];
}

/* Where the tolerance cannot matter the program is that of a filter; codes have none. */
static void test_tolerance_costs_nothing(void **state)
{
    (void)state;
    static const char *const checks[] = {"sales + cost <= 3 * 出口", "cost == 0.5", "cost >= sales",
                                         "cost != 3", "rate < 3"};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        char scope[256];
        snprintf(scope, sizeof scope, "  - {id: R, check: '%s', tolerance: 0.004}\nscope: '%s'\n",
                 checks[i], checks[i]);
        struct mq_model *model = model_of(scope, MQ_MODEL_STRICT);
        assert_true(mq_program_equal(model->rule[0].check, model->scope));
        mq_model_free(model);
    }
    static const struct {
        const char *check;
        enum mq_op op;
    } cases[] = {{"rate <= 3", MQ_OP_NEAR_AT_MOST},    {"rate == 3", MQ_OP_NEAR_EQUAL},
                 {"rate != 3", MQ_OP_NEAR_DIFFERENT},  {"rate >= 3", MQ_OP_NEAR_AT_LEAST},
                 {"rate > 3", MQ_OP_GREATER},          {"cost / 3 == sales", MQ_OP_NEAR_EQUAL},
                 {"region == 3", MQ_OP_EQUAL},         {"2020 <= year", MQ_OP_AT_MOST},
                 {"region + 0 == 3", MQ_OP_NEAR_EQUAL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mq_model *model = good(cases[i].check);
        assert_int_equal(last(model)->op, cases[i].op);
        mq_model_free(model);
    }
    struct mq_model *model =
        model_of("  - {id: R, check: cost > 0}\nscope: rate <= 3\n", MQ_MODEL_STRICT);
    assert_int_equal(model->scope->code[model->scope->count - 1].op, MQ_OP_AT_MOST);
    mq_model_free(model);
}

/* Random amounts against whole numbers of 128 bits. */
static void test_tolerance_random(void **state)
{
    (void)state;
    static const char *const signs[] = {"<=", "==", "!=", ">="};
    static const struct {
        const char *text;
        int64_t hundredths;
    } tolerances[] = {{"0", 0}, {"0.005", 0}, {"0.01", 1}, {"0.07", 7}, {"1.15", 115}, {"2", 200}};
    enum { ROWS = 2000 };
    static uint8_t states[ROWS], truth[ROWS];
    static int64_t costs[ROWS], sales[ROWS];
    uint64_t seed = 7;
    struct mq_column column[INPUTS] = {{.type = MQ_KEY}};
    column[COST] = (struct mq_column){.type = MQ_AMOUNT, .state = states, .amount = costs};
    column[SALES] =
        (struct mq_column){.type = MQ_AMOUNT, .decimals = 2, .state = states, .amount = sales};
    for (size_t i = 0; i < ROWS; i++) {
        uint64_t draw = mq_hash64(&i, sizeof i, seed);
        costs[i] = (int64_t)(draw % 4000000) - 2000000;
        sales[i] = 300 * costs[i] + (int64_t)(draw >> 32) % 500 - 250;
    }
    for (size_t t = 0; t < 6; t++)
        for (int sign = 0; sign < 4; sign++) {
            char check[64], rest[32];
            snprintf(check, sizeof check, "'sales %s 3 * cost'", signs[sign]);
            snprintf(rest, sizeof rest, ", tolerance: %s", tolerances[t].text);
            struct mq_model *model = one_rule(check, rest, MQ_MODEL_STRICT);
            struct mq_scratch scratch = {0};
            assert_int_equal(mq_program_truth(model->rule[0].check, column, ROWS, &scratch, truth),
                             MQ_OK);
            for (size_t i = 0; i < ROWS; i++) {
                mq_int128 gap = (mq_int128)sales[i] - (mq_int128)300 * costs[i];
                int64_t slack = tolerances[t].hundredths;
                bool near = gap <= slack && gap >= -slack;
                bool holds = sign == 0   ? gap <= slack
                             : sign == 1 ? near
                             : sign == 2 ? !near
                                         : gap >= -slack;
                if (truth[i] != (holds ? MQ_TRUE : MQ_FALSE))
                    fail_msg("row %zu: %lld %s 300 * %lld%s", i, (long long)sales[i], signs[sign],
                             (long long)costs[i], rest);
            }
            mq_scratch_clear(&scratch);
            mq_model_free(model);
        }
}

/* ---- rows of a form ---- */

static void test_rows_of_a_form(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"01行>=02行+03行", "sales >= cost + rate"},
        {"０１栏 ≥ ０２栏＋０３栏", "sales >= cost + rate"},
        {"[01]>=[02]+［０３］", "sales >= cost + rate"},
        {"[ 4.1 ] > 0 and 4.1行<3", "出口 > 0 and 出口 < 3"},
        {"若 02行≠0，则 01行≤02行 且 01行≤201612",
         "if (cost != 0) sales <= cost and sales <= 201612"},
        {"若02行≠0则01行≤02行且01行≤201612或03行＝1",
         "if (cost != 0) sales <= cost and sales <= 201612 or rate == 1"},
        {"如果01行＞0并且02行＞0，那么非03行＜0", "if (sales > 0 and cost > 0) not rate < 0"},
        {"sum_by(01行, region) > [02]", "sum_by(sales, region) > cost"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        struct mq_model *a = good(same[i][0]), *b = good(same[i][1]);
        if (!mq_program_equal(a->rule[0].check, b->rule[0].check))
            fail_msg("%s is not %s", same[i][0], same[i][1]);
        assert_string_equal(a->rule[0].text, same[i][0]);
        mq_model_free(b);
        char *text = settle(a, MQ_MODEL_STRICT);
        assert_contains(text, "    row: \"01\"\n");
        free(text);
    }
    broken("07行 > 0", 1, "no input has the row \"07\"; ");
    broken("1行 > 0", 1, "no input has the row \"1\"; did you mean \"01\"?");
    broken("cost > [99]", 8, "no input has the row \"99\"; ");
    broken("cost > []", 8, "a row of the form is written [01]");
    broken("cost > [01", 8, "a row of the form is written [01]");
    broken("01行02行 > 0", 4, "\"02行\" stands where an operator or the end is expected");
    assert_refused("mqci: 1\nid: t\ninputs: [{id: x, type: number}]\nlevels: [{id: n}]\n"
                   "rules: [{id: R, check: 01行 > 0}]\n"
                   "indicators: [{id: a, formula: x, normalise: none}]\n",
                   5, 24, "no input has the row \"01\"; inputs get theirs by row: \"01\"");
    assert_refused("mqci: 1\nid: t\ninputs:\n  - {id: x, type: number, row: \"01\"}\n"
                   "  - {id: y, type: number, row: \"01\"}\n" MODEL_LEVELS MODEL_LEAF,
                   5, 32, "row \"01\" already belongs to the input at 4:5");
    assert_refused(
        "mqci: 1\nid: t\ninputs:\n  - {id: x, type: number, row: \"[01]\"}\n" MODEL_LEVELS
            MODEL_LEAF,
        4, 32, "\"[01]\" is no row: formulas write it in square brackets");
}

/* ---- look-ups ---- */

static void test_lookups(void **state)
{
    (void)state;
    enum { ROWS = 6 };
    static const char *const parents[ROWS] = {"p1", "p2", "p3", "p4", "p5", NULL};
    static const struct {
        const char *check;
        uint8_t truth[ROWS];
    } cases[] = {
        {"persons.year_of_birth < 1950", {2, 0, 1, 1, 0, 1}},
        {"persons.year_of_birth == 1957.5", {0, 2, 1, 1, 0, 1}},
        {"missing(persons.year_of_birth + 1)", {0, 0, 2, 2, 0, 2}},
        {"missing(persons.year_of_birth)", {0, 0, 2, 2, 0, 2}},
        {"missing(persons.sex)", {0, 0, 0, 2, 2, 2}},
        {"persons.sex == \"F\"", {2, 0, 2, 1, 1, 1}},
        {"persons.sex != \"F\"", {0, 2, 0, 1, 1, 1}},
        {"persons.sex in (\"F\", \"M\")", {2, 2, 2, 1, 1, 1}},
        {"\"a, b\" == persons.remark", {1, 0, 2, 1, 1, 1}},
        {"in_table(persons)", {2, 2, 2, 0, 2, 1}},
        {"not in_table(persons) or persons.sex == \"M\"", {0, 2, 0, 2, 1, 1}},
    };
    struct mq_dict *dict;
    assert_int_equal(mq_dict_new(&dict, NULL), MQ_OK);
    uint8_t states[ROWS], truth[ROWS];
    uint32_t codes[ROWS] = {0};
    uint64_t keys[ROWS] = {0};
    for (size_t i = 0; i < ROWS; i++) {
        states[i] = parents[i] ? MQ_PRESENT : MQ_MISSING;
        if (parents[i]) {
            codes[i] = mq_dict_intern(dict, mq_text(parents[i]));
            keys[i] = mq_hash64(parents[i], strlen(parents[i]), 0);
        }
    }
    struct mq_column column[INPUTS] = {
        [PARENT] = {.type = MQ_CODE, .state = states, .code = codes, .dict = dict}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mq_scratch scratch = {0};
        struct mq_model *model = good(cases[i].check);
        assert_false(model->rule[0].late);
        assert_int_equal(model->rule[0].inputs, 1);
        assert_int_equal(model->rule[0].input[0], PARENT);
        for (int key = 0; key < 2; key++) {
            column[PARENT].type = key ? MQ_KEY : MQ_CODE; /* the same by hash */
            column[PARENT].key = keys;
            assert_int_equal(mq_program_truth(model->rule[0].check, column, ROWS, &scratch, truth),
                             MQ_OK);
            if (memcmp(truth, cases[i].truth, ROWS) != 0)
                fail_msg("%s: %d %d %d %d %d %d", cases[i].check, truth[0], truth[1], truth[2],
                         truth[3], truth[4], truth[5]);
        }
        mq_scratch_clear(&scratch);
        char *text = settle(model, MQ_MODEL_STRICT);
        assert_contains(text, "tables:\n  persons: {file: \"/");
        assert_contains(text, "/tests/model/files/persons.csv\", key: person_id, by: parent}\n");
        free(text);
    }
    mq_dict_free(dict);
    struct mq_model *model = good("sum_by(persons.year_of_birth, region) > "
                                  "sum_by(persons.year_of_birth, region)");
    assert_int_equal(model->deriveds, 1);
    mq_model_free(model);
}

static void test_code_lists(void **state)
{
    (void)state;
    static const char *const texts[] = {"210100", "210300", "x"};
    static const uint8_t states[] = {MQ_PRESENT, MQ_PRESENT, MQ_PRESENT, MQ_BAD_CODE};
    uint64_t keys[4] = {0};
    uint8_t truth[4];
    for (size_t i = 0; i < 3; i++)
        keys[i] = mq_hash64(texts[i], strlen(texts[i]), 0);
    struct mq_column column[INPUTS] = {{.type = MQ_KEY, .state = states, .key = keys}};
    struct mq_scratch scratch = {0};
    struct mq_model *model = good("usci in regions");
    assert_int_equal(mq_program_truth(model->rule[0].check, column, 4, &scratch, truth), MQ_OK);
    assert_memory_equal(truth, ((uint8_t[]){MQ_TRUE, MQ_FALSE, MQ_FALSE, MQ_UNKNOWN}), 4);
    free(settle(model, MQ_MODEL_STRICT));
    model = good("usci not in regions");
    assert_int_equal(mq_program_truth(model->rule[0].check, column, 4, &scratch, truth), MQ_OK);
    assert_memory_equal(truth, ((uint8_t[]){MQ_FALSE, MQ_TRUE, MQ_TRUE, MQ_UNKNOWN}), 4);
    mq_model_free(model);
    mq_scratch_clear(&scratch);
}

static void test_lookups_refused(void **state)
{
    (void)state;
    broken("persons.sexe == \"F\"", 9, "the table persons has no column \"sexe\"; did you mean");
    broken("persons > 1", 1, "persons is a table; write persons.column, or in_table(persons)");
    broken("in_table(person)", 10, "no table is called \"person\"");
    broken("in_table(3)", 10, "a table of the model");
    broken("persons.sex < \"F\"", 13, "texts are compared with == and != only");
    broken("usci in regionen", 9, "no code list is called \"regionen\"; did you mean \"regions\"?");
    broken("cost in regions", 1, "cost is no key, code or period");
    broken("cost + 1 in regions", 6, "an input before");
    struct mq_model *model = good("persons.year_of_birth > 1900");
    mq_model_free(model);
    model = one_rule("'persons.sex > 1'", "", 0);
    assert_string_equal(model->rule[0].broken,
                        "tests/model/files/persons.csv:2: \"F\" in column sex is no number; "
                        "compare a column of texts with a text in quotes");
    mq_model_free(model);
}

/* Without its files the model still reads: nothing is found then. */
static void test_without_tables(void **state)
{
    (void)state;
    static const uint8_t present = MQ_PRESENT;
    static const uint64_t key = 5;
    struct mq_model *model =
        one_rule("'persons.whatever > 1 or in_table(persons) or parent in regions'", "",
                 MQ_MODEL_NO_CODES | MQ_MODEL_STRICT);
    struct mq_column column[INPUTS] = {[PARENT] = {.type = MQ_KEY, .state = &present, .key = &key}};
    assert_int_equal(truth_of(model, column), MQ_UNKNOWN);
    free(settle(model, MQ_MODEL_NO_CODES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_row_helpers),
        cmocka_unit_test(test_tolerance),
        cmocka_unit_test(test_tolerance_costs_nothing),
        cmocka_unit_test(test_tolerance_random),
        cmocka_unit_test(test_rows_of_a_form),
        cmocka_unit_test(test_lookups),
        cmocka_unit_test(test_code_lists),
        cmocka_unit_test(test_lookups_refused),
        cmocka_unit_test(test_without_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
