/* Wrong formulas: the column of the word at fault, and what is wrong with it. */
#include "formula_fixture.h"

static void refuse(const char *text, enum mq_formula_role role, long column, const char *part)
{
    struct formula formula = formula_compile(text, role);
    if (formula.status != MQ_BAD_MODEL || formula.error.column != column ||
        !strstr(formula.error.message, part))
        fail_msg("%s: status %d, column %ld: %s\nwanted %ld: %s", text, formula.status,
                 formula.error.column, formula.error.message, column, part);
    assert_int_equal(formula.error.line, 1);
    formula_clear(&formula);
}

static void condition(const char *text, long column, const char *part)
{
    refuse(text, MQ_ROLE_CONDITION, column, part);
}

static void test_words(void **state)
{
    (void)state;
    condition("", 1, "the formula ends where a value is expected");
    condition("sales > ", 9, "ends where a value is expected");
    condition("sales > salse", 9, "no input is called \"salse\"; did you mean \"sales\"?");
    condition("qqqqqq > 1", 1, "known inputs: usci, year, size, sales, cost, rate, 出口");
    condition("出口 > 0 且 进口 > 0", 10, "no input is called \"进口\"");
    condition("若进口额>0则sales>0", 2, "no input is called \"进口额\"");
    condition("sales > 0 sales", 11, "\"sales\" stands where an operator or the end is expected");
    condition("sales > 0)", 10, "\")\" stands where an operator");
    condition("(sales > 0", 11, "ends where \")\" is expected");
    condition("sales > (", 10, "ends where a value");
    condition("sales > 1,000", 10, "\",\" stands where an operator");
    condition("sales > 1e6", 10, "1000000 instead of 1e6");
    condition("sales > 3万", 10, "a number runs into letters");
    condition("sales > 1.2.3", 9, "one decimal point");
    condition("sales > .", 9, "a point without digits");
    condition("sales > 111111111111111111111111111111111111111111111111", 9, "47 digits");
    condition("sales & cost", 7, "\"&\" has no meaning");
    condition("sales ! cost", 7, "\"!\" has no meaning");
    condition("Ａ > 1", 1, "\"Ａ\" has no meaning");
    condition("sales > 0 €", 11, "\"€\" has no meaning");
    condition("size == \"2", 9, "no closing quote");
    condition("size == '2\"", 9, "no closing quote");
    condition("sqrt(sales) > 1", 1, "no function is called \"sqrt\"");
    condition("mising(sales)", 1, "did you mean \"missing\"?");
    condition("1 < sales < 3", 11, "write a < b and b < c");
    condition("size in 1", 9, "\"1\" stands where \"(\"");
    condition("size in ()", 10, "a number or a text in quotes");
    condition("size in (sales)", 10, "a number or a text in quotes");
    condition("size in (-'a')", 11, "a number or a text in quotes");
    condition("size in (1 2)", 12, "\",\" or \")\"");
    condition("size not 3", 10, "\"3\" stands where \"in\"");
    condition("if sales > 0 cost > 0", 4, "\"sales\" stands where \"(\"");
    condition("若 sales > 0 cost > 0", 13, "\"则\" is expected");
    condition("sales > 0 and if (cost > 0) cost > 1", 15, "put an if inside a formula in brackets");
    condition("sales where cost", 7, "an operator or the end");
    condition("missing()", 9, "a value");
    condition("and", 1, "a value");
    condition("sales > \xFF", 1, "not UTF-8");
}

static void test_types(void **state)
{
    (void)state;
    condition("sales", 1, "a number stands where a condition is expected");
    condition("sales + 1", 7, "a number stands where a condition");
    condition("\"a\"", 1, "a text stands where a condition");
    condition("usci", 1, "a key stands where a condition");
    condition("sales > 0 and cost", 15, "a number stands where a condition");
    condition("not sales", 5, "a number stands where a condition");
    condition("(sales > 0) + 1 > 0", 8, "a condition stands where a number");
    condition("(sales > 0) == (cost > 0)", 8, "a condition stands where a number");
    condition("abs(sales > 0) > 0", 11, "a condition stands where a number");
    condition("sales == \"12\"", 10, "a text can only be compared with a code, period or key");
    condition("sales + \"12\" > 0", 9, "a text stands where a number");
    condition("size + 0 == \"a\"", 13, "a text can only be compared");
    condition("\"a\" == \"b\"", 1, "a text can only be compared");
    condition("size < \"a\"", 6, "texts are compared with == and != only");
    condition("usci == 3", 6, "a key can only be compared with a text");
    condition("usci > 'a'", 6, "texts are compared");
    condition("usci + 1 > 0", 1, "a key stands where a number");
    condition("usci in (1)", 10, "a key can only be compared with a text");
    condition("size == year", 6, "not with another code");
    condition("sales in (\"a\")", 11, "a text can only be compared");
    condition("missing(sales > 0)", 15, "a condition stands where a number");
    condition("sum(sales) > 0", 1, "sum adds up many rows; a rule or filter speaks of one row");
    condition("cost > count()", 8, "count adds up many rows");
    refuse("sales > 0", MQ_ROLE_VALUE, 7, "a condition stands where a number");
}

/* Nothing long or deep makes the compiler fall over. */
static void test_limits(void **state)
{
    (void)state;
    enum { LONG = 70000 };
    char *text = malloc(LONG + 1);
    assert_non_null(text);
    memset(text, '(', LONG);
    text[400] = '\0';
    condition(text, 101, "nested too deeply");
    memset(text, '-', 400);
    condition(text, 201, "nested too deeply");
    text[0] = '\0';
    for (size_t used = 0; used < 2400; used += 4)
        memcpy(text + used, "not ", 5);
    condition(text, 805, "nested too deeply");
    memset(text, ' ', LONG);
    text[LONG] = '\0';
    condition(text, 1, "64 KiB");
    memcpy(text, "0", 2);
    for (size_t used = 1; used < 2400; used += 2)
        memcpy(text + used, "+1", 3);
    refuse(text, MQ_ROLE_VALUE, 2000, "more than 1000 operations");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
