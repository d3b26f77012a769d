/* What formulas about one row mean: truth tables, types, exact amounts, spellings. */
#include "formula_fixture.h"

static struct rows *rows;

/* Truth of a text for row 0. */
static int truth(const char *text)
{
    struct formula formula = formula_compile(text, MQ_ROLE_CONDITION);
    if (formula.status != MQ_OK)
        fail_msg("%s: %ld: %s", text, formula.error.column, formula.error.message);
    struct mq_scratch scratch = {0};
    uint8_t result = 9;
    assert_int_equal(mq_program_truth(formula.program, rows->column, 1, &scratch, &result), MQ_OK);
    mq_scratch_clear(&scratch);
    formula_clear(&formula);
    return result;
}

static double value(const char *text)
{
    struct formula formula = formula_compile(text, MQ_ROLE_VALUE);
    if (formula.status != MQ_OK)
        fail_msg("%s: %ld: %s", text, formula.error.column, formula.error.message);
    struct mq_scratch scratch = {0};
    double result = -9;
    assert_int_equal(mq_program_value(formula.program, rows->column, 1, &scratch, &result), MQ_OK);
    mq_scratch_clear(&scratch);
    formula_clear(&formula);
    return result;
}

/* cost is missing: F false, U unknown, T true */
static const char *const literal[] = {"(1 > 2)", "(cost > 2)", "(2 > 1)"};
enum { F, U, T };

static void check_table(const char *format, const int wanted[3][3])
{
    char text[128];
    for (int a = F; a <= T; a++)
        for (int b = F; b <= T; b++) {
            snprintf(text, sizeof text, format, literal[a], literal[b]);
            if (truth(text) != wanted[a][b])
                fail_msg("%s is %d, wanted %d", text, truth(text), wanted[a][b]);
        }
}

static void test_truth_tables(void **state)
{
    (void)state;
    static const int and[3][3] = {{F, F, F}, {F, U, U}, {F, U, T}};
    static const int or [3][3] = {{F, U, T}, {U, U, T}, {T, T, T}};
    static const int implies[3][3] = {{T, T, T}, {U, U, T}, {F, U, T}};
    check_table("%s and %s", and);
    check_table("%s且%s", and);
    check_table("%s并且%s", and);
    check_table("%s or %s", or);
    check_table("%s或%s", or);
    check_table("%s 或者 %s", or);
    check_table("if (%s) %s", implies);
    check_table("if (%s) then %s", implies);
    check_table("若%s则%s", implies);
    check_table("如果%s，那么%s", implies);
    check_table("not %s or %s", implies);
    static const int negated[] = {T, U, F};
    char text[64];
    for (int a = F; a <= T; a++) {
        snprintf(text, sizeof text, "not %s", literal[a]);
        assert_int_equal(truth(text), negated[a]);
        snprintf(text, sizeof text, "非%s", literal[a]);
        assert_int_equal(truth(text), negated[a]);
    }
}

/* Every comparison of smaller, equal, greater and missing. */
static void test_comparisons(void **state)
{
    (void)state;
    static const struct {
        const char *op;
        int wanted[3];
    } ops[] = {{"<", {T, F, F}},    {"<=", {T, T, F}}, {"≤", {T, T, F}},  {"==", {F, T, F}},
               {"=", {F, T, F}},    {"＝", {F, T, F}}, {"!=", {T, F, T}}, {"≠", {T, F, T}},
               {"！＝", {T, F, T}}, {">=", {F, T, T}}, {"≥", {F, T, T}},  {"＞＝", {F, T, T}},
               {">", {F, F, T}},    {"＞", {F, F, T}}, {"＜", {T, F, F}}, {"＜＝", {T, T, F}}};
    static const char *const lefts[] = {"-3.25", "12.5", "99"}, *const rights[] = {"sales", "rate"};
    put(rows, 0, SALES, "12.50");
    put(rows, 0, RATE, "12.5");
    char text[64];
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        for (int k = 0; k < 3; k++) {
            for (int r = 0; r < 2; r++) {
                snprintf(text, sizeof text, "%s%s%s", lefts[k], ops[i].op, rights[r]);
                if (truth(text) != ops[i].wanted[k])
                    fail_msg("%s", text);
                snprintf(text, sizeof text, "%s + 0 %s %s * 1", lefts[k], ops[i].op, rights[r]);
                assert_int_equal(truth(text), ops[i].wanted[k]);
            }
            snprintf(text, sizeof text, "%s%scost", lefts[k], ops[i].op);
            assert_int_equal(truth(text), U);
            snprintf(text, sizeof text, "cost %s rate", ops[i].op);
            assert_int_equal(truth(text), U);
        }
}

static void test_exact(void **state)
{
    (void)state;
    assert_int_equal(truth("0.1 + 0.2 == 0.3"), T);
    assert_int_equal(truth("0.1 + 0.2 == 0.30000000000000004"), F);
    assert_int_equal(truth("1.1 * 1.1 = 1.21"), T);
    assert_int_equal(truth(".5 = 0.500"), T);
    assert_int_equal(truth(".0 = 0."), T);
    put(rows, 0, SALES, "0.10");
    put(rows, 0, EXPORTS, "3");
    assert_int_equal(truth("sales + 0.2 == 0.3"), T);
    assert_int_equal(truth("sales * 出口 == 0.3"), T);
    assert_int_equal(truth("3 * sales - 0.3 == 0"), T);
    assert_int_equal(truth("sales * sales * sales == 0.001"), T);
    assert_int_equal(truth("abs(-3 * sales) - 0.30 >= 0"), T);
    assert_int_equal(truth("sales / 出口 * 出口 == sales"), T);
    put(rows, 0, RATE, "0.1");
    assert_int_equal(truth("rate == sales"), T);
    assert_int_equal(truth("rate + 0.2 == 0.3"), F); /* a number is a double */
    put(rows, 0, SALES, "90071992547409.91");        /* 2^53 - 1 hundredths */
    assert_int_equal(truth("sales == 90071992547409.91"), T);
    assert_int_equal(truth("sales == 90071992547409.9"), F);
    /* many decimals leave the exact world, but still mean something */
    assert_close(value("0.123456789 * 0.123456789"), 0.123456789 * 0.123456789, 1e-15);
    assert_close(value("123456789012345678901234567890"), 123456789012345678901234567890.0, 0);
}

static void test_values(void **state)
{
    (void)state;
    put(rows, 0, SALES, "-1234.56");
    put(rows, 0, RATE, "0.7");
    put(rows, 0, EXPORTS, "8");
    put(rows, 0, SIZE, "3");
    put(rows, 0, YEAR, "2024");
    assert_close(value("sales"), -1234.56, 0);
    assert_close(value("abs(sales) + 出口"), 1242.56, 0);
    assert_close(value("2 - 3 - 4"), -5, 0);
    assert_close(value("2 - (3 - 4)"), 3, 0);
    assert_close(value("48 / 4 / 3"), 4, 0);
    assert_close(value("2 + 3 × 4 ÷ 6"), 4, 0);
    assert_close(value("－（２．５＋１）"), -3.5, 0);
    assert_close(value("−2 * +3"), -6, 0);
    assert_close(value("--rate"), 0.7, 0);
    assert_close(value("sales / 出口"), -154.32, 0);
    assert_close(value("year - 2000 + size"), 27, 0);
    assert_close(value("1 / 8 + rate"), 0.825, 1e-15);
    assert_close(value("7"), 7, 0);
    assert_true(isnan(value("cost")));
    assert_true(isnan(value("cost * 0 + 1")));
    assert_true(isnan(value("1 / 0")));
    assert_true(isnan(value("sales / (出口 - 8)")));
    assert_true(isnan(value("0 * (1 / (出口 - 8))")));
    put(rows, 0, RATE, "1e300");
    assert_true(isnan(value("rate * rate"))); /* beyond doubles: no value */
    assert_int_equal(truth("1 / 0 > 0"), U);
    assert_int_equal(truth("1 / (出口 - 8) > 0 or 出口 == 8"), T);
}

static void test_codes(void **state)
{
    (void)state;
    put(rows, 0, SIZE, "02");
    put(rows, 0, YEAR, "2024");
    put(rows, 0, USCI, "91210100MA0XXXXX1T");
    assert_int_equal(truth("size == \"02\""), T);
    assert_int_equal(truth("size == \"2\""), F);
    assert_int_equal(truth("size == 2"), T);
    assert_int_equal(truth("'02' != size"), F);
    assert_int_equal(truth("size <= 2 and size > 1.5"), T);
    assert_int_equal(truth("size in (\"a\", '02', 7)"), T);
    assert_int_equal(truth("size in (1, 2)"), T);
    assert_int_equal(truth("size in (-2, 3)"), F);
    assert_int_equal(truth("size not in (1, 3)"), T);
    assert_int_equal(truth("year = “2024”"), T);
    assert_int_equal(truth("year >= 2024"), T);
    assert_int_equal(truth("usci == \"91210100MA0XXXXX1T\""), T);
    assert_int_equal(truth("usci != \"x\""), T);
    assert_int_equal(truth("usci in (\"x\", \"y\")"), F);
    put(rows, 0, SIZE, "大型");
    assert_int_equal(truth("size == \"大型\""), T);
    assert_int_equal(truth("size == \"中型\""), F); /* a text that occurs nowhere */
    assert_int_equal(truth("size > 1"), U);         /* no number */
    assert_int_equal(truth("size in (\"中型\", 1)"), U);
    put(rows, 0, SIZE, NULL);
    assert_int_equal(truth("size == \"大型\""), U);
    assert_int_equal(truth("size in (\"大型\")"), U);
    put(rows, 0, USCI, NULL);
    assert_int_equal(truth("usci == \"x\""), U);
}

static void test_missing(void **state)
{
    (void)state;
    put(rows, 0, SALES, "1");
    put(rows, 0, EXPORTS, "0");
    assert_int_equal(truth("missing(cost)"), T);
    assert_int_equal(truth("missing(sales)"), F);
    assert_int_equal(truth("missing(sales + cost)"), T);
    assert_int_equal(truth("missing(sales / 出口)"), T);
    assert_int_equal(truth("missing(usci) and missing(size)"), T);
    assert_int_equal(truth("missing(3)"), F);
    rows->state[SALES][0] = MQ_BAD_MALFORMED; /* a bad cell has no value either */
    assert_int_equal(truth("missing(sales)"), T);
    assert_int_equal(truth("sales > 0"), U);
}

/* Precedence, and Chinese without spaces. */
static void test_grammar(void **state)
{
    (void)state;
    put(rows, 0, EXPORTS, "5");
    put(rows, 0, SALES, "0");
    assert_int_equal(truth("1 > 2 and 1 > 2 or 2 > 1"), T);
    assert_int_equal(truth("2 > 1 or 1 > 2 and 1 > 2"), T);
    assert_int_equal(truth("not 1 > 2 and 2 > 1"), T);
    assert_int_equal(truth("not not 2 > 1"), T);
    assert_int_equal(truth("若出口>0则sales>0"), F);
    assert_int_equal(truth("若 出口 ＞ 0 则 sales ≥ 0"), T);
    assert_int_equal(truth("出口>0且非sales>0"), T);
    assert_int_equal(truth("如果出口 > 9，那么 sales > 0"), T);
    assert_int_equal(truth("if (出口 > 0) if (sales > 0) 1 > 2"), T);
    assert_int_equal(truth("(if (出口 > 9) sales > 0) and 出口 == 5"), T);
    assert_int_equal(truth("sales\n\t>=　0"), T);
}

/* Amounts of any size become the nearest double. */
static void test_amounts(void **state)
{
    (void)state;
    static const int64_t amounts[] = {0,
                                      1,
                                      -1,
                                      4294967295,
                                      4294967296,
                                      -4294967297,
                                      9007199254740991,
                                      9007199254740993,
                                      -9007199254740995,
                                      1234567890123456789,
                                      -8765432109876543211,
                                      INT64_MAX,
                                      INT64_MAX - 512,
                                      INT64_MIN};
    enum { COUNT = sizeof amounts / sizeof *amounts };
    struct rows *many = rows_new(COUNT);
    struct formula same = formula_compile("cost", MQ_ROLE_VALUE);
    struct mq_scratch scratch = {0};
    double values[COUNT];
    memcpy(many->amount[COST], amounts, sizeof amounts);
    memset(many->state[COST], MQ_PRESENT, COUNT);
    many->state[COST][3] = MQ_BAD_RANGE;
    assert_int_equal(mq_program_value(same.program, many->column, COUNT, &scratch, values), MQ_OK);
    for (size_t i = 0; i < COUNT; i++)
        assert_close(values[i], i == 3 ? NAN : (double)amounts[i], 0);
    mq_scratch_clear(&scratch);
    formula_clear(&same);
    rows_free(many);
}

/* Enough rows for several strips: each gets its own answer. */
static void test_strips(void **state)
{
    (void)state;
    enum { MANY = 2 * 1024 + 77 };
    struct rows *many = rows_new(MANY);
    for (size_t i = 0; i < MANY; i++) {
        char text[32];
        snprintf(text, sizeof text, "%zu", i * 7919 % 1009);
        put(many, i, COST, i % 13 ? text : NULL);
    }
    struct formula check = formula_compile("cost > 500 and cost - 1 < 900", MQ_ROLE_CONDITION);
    struct formula twice = formula_compile("cost * 2 - 1", MQ_ROLE_VALUE);
    struct mq_scratch scratch = {0};
    uint8_t truths[MANY];
    double values[MANY];
    assert_int_equal(mq_program_truth(check.program, many->column, MANY, &scratch, truths), MQ_OK);
    assert_int_equal(mq_program_value(twice.program, many->column, MANY, &scratch, values), MQ_OK);
    for (size_t i = 0; i < MANY; i++) {
        double cost = (double)(i * 7919 % 1009);
        assert_int_equal(truths[i], i % 13 == 0 ? U : cost > 500 && cost - 1 < 900 ? T : F);
        assert_close(values[i], i % 13 == 0 ? NAN : cost * 2 - 1, 0);
    }
    assert_int_equal(mq_program_truth(check.program, many->column, 0, &scratch, truths), MQ_OK);
    mq_scratch_clear(&scratch);
    assert_null(scratch.memory);
    formula_clear(&check);
    formula_clear(&twice);
    rows_free(many);
}

static int setup(void **state)
{
    (void)state;
    rows = rows_new(1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    rows_free(rows);
    return 0;
}

#define ONE_ROW(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ONE_ROW(test_truth_tables),    ONE_ROW(test_comparisons),
        ONE_ROW(test_exact),           ONE_ROW(test_values),
        ONE_ROW(test_codes),           ONE_ROW(test_missing),
        ONE_ROW(test_grammar),         cmocka_unit_test(test_amounts),
        cmocka_unit_test(test_strips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
