/* Indicator formulas: slots, masks and steps. */
#include "model_fixture.h"

#define LEVELS MODEL_LEVELS "indicators:\n"

/* A model whose leaves have these formulas (NULL-ended), all with missing: `policy`. */
static struct mq_model *read_formulas(const char *const *formulas, const char *policy)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    mq_buffer_text(&text, MODEL_HEAD LEVELS);
    for (int i = 0; formulas[i]; i++)
        mq_buffer_format(&text, "  - {id: n%d, missing: %s, normalise: none, formula: '%s'}\n", i,
                         policy, formulas[i]);
    struct mq_model *model = must_read(text.data);
    mq_buffer_clear(&text);
    return model;
}

static void write_steps(const struct mq_steps *steps, char *out)
{
    static const char signs[] = "??+-*/~";
    out[0] = '\0';
    for (size_t i = 0; i < steps->count; i++) {
        const struct mq_step *step = &steps->step[i];
        size_t length = strlen(out);
        if (step->kind == MQ_STEP_CONSTANT)
            sprintf(out + length, " %s", step->constant);
        else if (step->kind == MQ_STEP_SLOT)
            sprintf(out + length, " #%d", step->slot);
        else
            sprintf(out + length, " %c", signs[step->kind]);
    }
}

/* Steps as text: constants, #slot, operators; ~ is negation. */
static void check_steps(const char *formula, const char *value, const char *numerator,
                        const char *denominator)
{
    char text[512];
    const char *const one[] = {formula, NULL};
    struct mq_model *model = read_formulas(one, "complete");
    const struct mq_formula *found = &model->node[0].formula;
    write_steps(&found->value, text);
    assert_string_equal(text, value);
    write_steps(&found->numerator, text);
    assert_string_equal(text, numerator);
    write_steps(&found->denominator, text);
    assert_string_equal(text, denominator);
    mq_model_free(model);
}

static void test_steps(void **state)
{
    (void)state;
    check_steps("cost", " #0", "", "");
    check_steps("100 * (sales + cost) / rate", " 100 #0 #1 + * #2 /", " #0 #1 +", " #2");
    check_steps("sales / cost * 1000", " #0 #1 / 1000 *", " #0", " #1");
    check_steps("1.5 * (sales / (cost * 2)) / 4", " 1.5 #0 #1 2 * / * 4 /", " #0", " #1");
    check_steps("(2 * sales) / (cost / 3)", " 2 #0 * #1 3 / /", " #0", " #1");
    check_steps("100 - 100 * sales / cost", " 100 100 #0 * #1 / -", "", "");
    check_steps("-sales", " #0 ~", "", "");
    check_steps("-sales / +cost", " #0 ~ #1 /", " #0 ~", " #1");
    check_steps("1 / sales", " 1 #0 /", " 1", " #0");
    check_steps("sales / 4", " #0 4 /", "", "");
    check_steps("sales / sales", " #0 #0 /", " #0", " #0");
    check_steps("sales / cost / rate", " #0 #1 / #2 /", " #0 #1 /", " #2");
    check_steps("mean(rate)", " #0 #1 /", " #0", " #1");
    check_steps("100 * mean(rate)", " 100 #0 #1 / *", " #0", " #1");
    check_steps("mean(rate) / mean(cost)", " #0 #1 / #2 #3 / /", " #0 #1 /", " #2 #3 /");
    check_steps("100 * count(where cost > 0) / count()", " 100 #0 * #1 /", " #0", " #1");
    check_steps("１００ × sales ÷ cost", " 100 #0 * #1 /", " #0", " #1");
}

static void check_slot(const struct mq_model *model, size_t index, enum mq_aggregate aggregate,
                       int input, bool value, bool where)
{
    const struct mq_slot *slot = &model->slot[index];
    assert_int_equal(slot->aggregate, aggregate);
    assert_int_equal(slot->input, input);
    assert_int_equal(slot->value != NULL, value);
    assert_int_equal(slot->where != NULL, where);
}

static void test_slots(void **state)
{
    (void)state;
    static const char *const formulas[] = {
        "sum(sales) - sales",                                  /* 0 */
        "count(usci)",                                         /* 1 */
        "min(rate where cost > 1) + max(rate) + median(cost)", /* 2 3 4 */
        "sum(sales * rate)",                                   /* 5 */
        "mean(sales / cost where rate > 0)",                   /* 6 7 */
        "count() + count(where cost>1)",                       /* 8 9 */
        "count(year where cost > 1)",                          /* 10 */
        NULL};
    struct mq_model *model = read_formulas(formulas, "zero");
    assert_int_equal(model->slots, 11);
    check_slot(model, 0, MQ_SUM, 3, false, false);
    check_slot(model, 1, MQ_COUNT, 0, false, false);
    check_slot(model, 2, MQ_MIN, 5, false, true);
    check_slot(model, 3, MQ_MAX, 5, false, false);
    check_slot(model, 4, MQ_MEDIAN, 4, false, false);
    check_slot(model, 5, MQ_SUM, -1, true, false);
    check_slot(model, 6, MQ_SUM, -1, true, true);
    check_slot(model, 7, MQ_COUNT, -1, false, true);
    check_slot(model, 8, MQ_COUNT, -1, false, false);
    check_slot(model, 9, MQ_COUNT, -1, false, true);
    check_slot(model, 10, MQ_COUNT, 1, false, true);
    mq_model_free(model);
}

/* mean of an expression counts the rows where it has a value and the condition holds. */
static void test_mean_rows(void **state)
{
    (void)state;
    static const char *const formulas[] = {"mean(sales / cost where rate > 0)", NULL};
    struct mq_model *model = read_formulas(formulas, "zero");
    const uint8_t states[3][4] = {{0, 0, 0, 0}, {0, 0, MQ_MISSING, 0}, {0, 0, 0, MQ_MISSING}};
    const int64_t sales[4] = {100, 250, 300, 400}, cost[4] = {4, 0, 5, 6};
    const double rate[4] = {1, 1, 1, 1};
    struct mq_column column[6] = {{.type = MQ_KEY}};
    column[3] =
        (struct mq_column){.type = MQ_AMOUNT, .decimals = 2, .state = states[0], .amount = sales};
    column[4] = (struct mq_column){.type = MQ_AMOUNT, .state = states[1], .amount = cost};
    column[5] = (struct mq_column){.type = MQ_NUMBER, .state = states[2], .number = rate};
    struct mq_scratch scratch = {0};
    uint8_t counts[4];
    double values[4];
    assert_int_equal(mq_program_truth(model->slot[1].where, column, 4, &scratch, counts), MQ_OK);
    assert_int_equal(mq_program_value(model->slot[0].value, column, 4, &scratch, values), MQ_OK);
    assert_int_equal(counts[0], MQ_TRUE);
    assert_int_equal(counts[1], MQ_FALSE); /* division by zero has no value */
    assert_int_equal(counts[2], MQ_FALSE);
    assert_int_equal(counts[3], MQ_UNKNOWN);
    assert_close(values[0], 0.25, 0);
    assert_true(isnan(values[1]) && isnan(values[2]));
    mq_scratch_clear(&scratch);
    mq_model_free(model);
}

static void test_masks(void **state)
{
    (void)state;
    static const char *const formulas[] = {
        "cost / sales", "sales * cost", "sum(rate where cost > 0 and year == 2020)",
        "count()",      "sales",        NULL};
    struct mq_model *model = read_formulas(formulas, "complete");
    assert_int_equal(model->masks, 4);
    assert_int_equal(model->mask[0].count, 0);
    assert_int_equal(model->mask[1].count, 2);
    assert_int_equal(model->mask[1].input[0], 3); /* ascending, whatever the order in the formula */
    assert_int_equal(model->mask[1].input[1], 4);
    assert_int_equal(model->mask[2].count, 3);
    assert_int_equal(model->mask[2].input[0], 1);
    assert_int_equal(model->node[0].formula.coverage_mask, 1);
    assert_int_equal(model->node[1].formula.coverage_mask, 1);
    assert_int_equal(model->node[2].formula.coverage_mask, 2);
    assert_int_equal(model->node[3].formula.coverage_mask, 0);
    assert_int_equal(model->node[4].formula.coverage_mask, 3);
    /* cost and sales under {sales, cost} once; sales alone is another sum */
    assert_int_equal(model->slots, 5);
    assert_int_equal(model->slot[0].mask, 1);
    assert_int_equal(model->slot[2].mask, 2);
    assert_int_equal(model->slot[4].mask, 3);
    mq_model_free(model);
    model = read_formulas(formulas, "zero");
    assert_int_equal(model->slots, 4); /* without masks both sums of sales are the same */
    for (size_t i = 0; i < model->slots; i++)
        assert_int_equal(model->slot[i].mask, 0);
    assert_int_equal(model->node[0].formula.coverage_mask, 1);
    mq_model_free(model);
}

/* Conditions are the same if they do the same, however spaced or spelled. */
static void test_same_conditions(void **state)
{
    (void)state;
    static const char *const same[] = {"count(where sales>1 and cost≤0.5)",
                                       "count(where (sales > 1.0) 且 cost <= .50)", NULL};
    static const char *const texts[] = {"count(where region == \"a\")",
                                        "count(where region == \"b\")",
                                        "count(where usci == \"a\")",
                                        "count(where usci == \"b\")",
                                        "count(where region == 1)",
                                        "count(where region == 2)",
                                        NULL};
    struct mq_model *model = read_formulas(same, "zero");
    assert_int_equal(model->slots, 1);
    mq_model_free(model);
    model = read_formulas(texts, "zero");
    assert_int_equal(model->slots, 6);
    mq_model_free(model);
}

/* Column of the word at fault in `formula: <text>`. */
static void refused(const char *formula, long column, const char *part)
{
    char text[2048];
    snprintf(text, sizeof text,
             MODEL_HEAD LEVELS "  - id: a\n    normalise: none\n    formula: %s\n", formula);
    assert_refused(text, 14, column + 13, part);
}

static void test_refused(void **state)
{
    (void)state;
    refused("100", 1, "names no input");
    refused("sum(sum(sales))", 5, "sum inside sum: an aggregate cannot hold another");
    refused("count(where mean(sales) > 0)", 13, "mean inside count");
    refused("sales > 0", 7, "conditions belong behind where");
    refused("missing(sales)", 1, "a condition stands");
    refused("abs(sales)", 1, "write sum(abs(...))");
    refused("sales + 'a'", 9, "a text stands where a number");
    refused("year", 1,
            "year is a period: the sum over a unit needs an amount or a number; count(year)");
    refused("sum(region)", 5, "region is a code");
    refused("median(usci)", 8, "usci is a key");
    refused("sum()", 1, "sum needs an input or an expression");
    refused("mean(where sales > 0)", 1, "mean needs an input");
    refused("count(sales + 1)", 13, "count takes an input, or a condition");
    refused("sum(sales where cost)", 17, "a number stands where a condition");
    refused("sum(sales > 0)", 11, "a condition stands where a number");
    refused("sum(sales, cost)", 10, "\",\" stands where \")\"");
    refused("cuont()", 1, "did you mean \"count\"?");
    refused("sales / csot", 9, "did you mean \"cost\"?");
    refused("sales where cost > 0", 7, "an operator or the end");
    refused("usci == 'a'", 6, "a condition stands where a number");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),           cmocka_unit_test(test_slots),
        cmocka_unit_test(test_mean_rows),       cmocka_unit_test(test_masks),
        cmocka_unit_test(test_same_conditions), cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
