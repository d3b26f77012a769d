/* Corrections of rows as they are read: values, records, refusals, control totals. */
#include "validate/corrections_fixture.h"

/* k = 20/100: a fifth more each, as in the test of prorating. */
static void test_prorated(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    world_model(
        &world,
        HEAD "corrections:\n"
             "  - {id: K1, title: 调整, prorate: {total: t, parts: [a, b, c], low: 0.5, high: 2}}\n"
             "scope: n > 0\n"
             "rules:\n"
             "  - {id: R1, check: a + b + c == t, severity: reject}\n" TAIL);
    world_data(&world, TABLE "A,120,20,30,50,1,1\n"     /* 24, 36, 60 */
                             "B,100,20,30,50,1,1\n"     /* balanced */
                             "C,,20,30,50,1,1\n"        /* no total; the rule cannot be asked */
                             "D,5,0,,0,1,1\n"           /* no parts */
                             "E,100,10,10,10,1,1\n"     /* bounds */
                             "F,100,x,30,50,1,1\n"      /* not tried */
                             "G,100,1\n"                /* not tried */
                             "H,5,10,-10,,1,1\n"        /* cancel out */
                             "I,120,20,30,50,1,-1\n"    /* corrected, out of scope */
                             "J,10,3.3,3.3,3.3,1,1\n"   /* remainder is carried */
                             "L,-12,,-4.2,-3.8,1,1\n"); /* half as much again */
    world_start(&world, 1, 0);
    world_read(&world, NULL, NULL);
    assert_int_equal(mq_checker_late(world.checker, 1, NULL, NULL, NULL), MQ_OK);
    assert_corrections(&world, HEADING "data0.csv,2,A,甲,20.0,24.0,K1\n"
                                       "data0.csv,2,A,乙,30.0,36.0,K1\n"
                                       "data0.csv,2,A,丙,50.0,60.0,K1\n"
                                       "data0.csv,10,I,甲,20.0,24.0,K1\n"
                                       "data0.csv,10,I,乙,30.0,36.0,K1\n"
                                       "data0.csv,10,I,丙,50.0,60.0,K1\n"
                                       "data0.csv,11,J,乙,3.3,3.4,K1\n"
                                       "data0.csv,12,L,乙,-4.2,-6.3,K1\n"
                                       "data0.csv,12,L,丙,-3.8,-5.7,K1\n");
    assert_int_equal(tried(&world, 0), 9);
    assert_int_equal(outcome_of(&world, 0, MQ_CORRECTION_DONE), 4);
    assert_int_equal(outcome_of(&world, 0, MQ_CORRECTION_BALANCED), 1);
    assert_int_equal(outcome_of(&world, 0, MQ_CORRECTION_NO_TOTAL), 1);
    assert_int_equal(outcome_of(&world, 0, MQ_CORRECTION_NO_PARTS), 1);
    assert_int_equal(outcome_of(&world, 0, MQ_CORRECTION_BOUNDS), 1);
    assert_int_equal(outcome_of(&world, 0, MQ_CORRECTION_SUM_ZERO), 1);
    const struct mq_control *control = mq_checker_control(world.checker);
    assert_int_equal(control->rows_in, 11);
    assert_int_equal(control->rows_corrected, 4);
    assert_int_equal(control->rejected, 3); /* E, F, G */
    assert_int_equal(control->out_of_scope, 1);
    assert_true(control->total_in[2] == 200 + 200 + 200 + 100 + 100 + 200 + 33); /* a as read */
    assert_true(control->total_accepted[2] == 240 + 200 + 200 + 100 + 33);
    assert_true(control->total_corrected[2] == -40 - 40);
    assert_true(control->total_corrected[3] == -60 - 60 - 1 + 21);
    assert_true(control->total_corrected[1] == 0);
    world_balance(&world);
    world_close(&world);
}

/* Half up in decimal, away from zero; the scaled numbers are told, the one after the other. */
static void test_divided(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    world_model(&world, HEAD "corrections:\n"
                             "  - {id: K1, divide: {fields: [t, r], by: 1000}, if: n > 10}\n"
                             "  - {id: K2, multiply: {fields: [a], by: 10}, if: r > 5}\n"
                             "  - {id: K3, prorate: {total: t, parts: [a, b], fixed: [a]}, if: r > "
                             "5}\n" TAIL);
    world_data(&world, TABLE "A,12345.5,1,2,,1234.56,11\n"     /* 12.3, 1.23; r is 1.23 */
                             "B,-12350,1,2,,-1235.00,11\n"     /* -12.4 (of 12.35), -1.24 */
                             "C,49.9,1,2,,4.99,11\n"           /* 0.0, 0.00 */
                             "D,50.0,1,2,,5.00,11\n"           /* 0.1, 0.01 */
                             "E,0,1,2,,,11\n"                  /* nothing to change */
                             "F,8000,1,2,3,9000,10\n"          /* not K1; a: 10; b: 7990 */
                             "G,8000,1,2,3,9000,\n"            /* unknown is not true; as F */
                             "H,1,922337203685477580,2,,9,1\n" /* too large; K3: decimals */
                             "I,1,92233720368547757,2,,9,1\n"  /* just fits */
                             "J,92233720368547757.5,1,2,,92233720368547757.05,12\n");
    world_start(&world, 1, 0);
    world_read(&world, NULL, NULL);
    assert_corrections(&world,
                       HEADING "data0.csv,2,A,合计,12345.5,12.3,K1\n"
                               "data0.csv,2,A,收入,1234.56,1.23,K1\n"
                               "data0.csv,3,B,合计,-12350.0,-12.4,K1\n"
                               "data0.csv,3,B,收入,-1235.00,-1.24,K1\n"
                               "data0.csv,4,C,合计,49.9,0.0,K1\n"
                               "data0.csv,4,C,收入,4.99,0.00,K1\n"
                               "data0.csv,5,D,合计,50.0,0.1,K1\n"
                               "data0.csv,5,D,收入,5.00,0.01,K1\n"
                               "data0.csv,7,F,甲,1.0,10.0,K2\n"
                               "data0.csv,7,F,乙,2.0,7990.0,K3\n"
                               "data0.csv,8,G,甲,1.0,10.0,K2\n"
                               "data0.csv,8,G,乙,2.0,7990.0,K3\n"
                               "data0.csv,10,I,甲,92233720368547757.0,922337203685477570.0,K2\n"
                               "data0.csv,11,J,合计,92233720368547757.5,92233720368547.8,K1\n"
                               "data0.csv,11,J,收入,92233720368547757.05,92233720368547.76,K1\n"
                               "data0.csv,11,J,甲,1.0,10.0,K2\n");
    assert_int_equal(tried(&world, 0), 6);
    assert_int_equal(outcome_of(&world, 0, MQ_CORRECTION_SAME), 1);
    assert_int_equal(tried(&world, 1), 5);
    assert_int_equal(outcome_of(&world, 1, MQ_CORRECTION_RANGE), 1);
    assert_int_equal(outcome_of(&world, 2, MQ_CORRECTION_DONE), 2);
    assert_int_equal(outcome_of(&world, 2, MQ_CORRECTION_DECIMALS), 3);
    assert_int_equal(mq_checker_control(world.checker)->rows_corrected, 8);
    world_balance(&world);
    world_close(&world);
}

/* What a check says of a row is about the values as corrected, and so is what rejects.csv shows. */
static void test_rejects_show_what_was_judged(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    world_model(&world, HEAD "corrections:\n"
                             "  - {id: K1, divide: {fields: [r], by: 100}, if: n > 10}\n"
                             "rules:\n"
                             "  - {id: R1, check: r + t >= 5, severity: reject}\n" TAIL);
    world_data(&world, TABLE "A,\"1.50\",,,,250.00,11\n"
                             "B,1.50,,,,2.50,10\n"
                             "C,1.50,,,,350.00,11\n");
    world_start(&world, 1, 0);
    world_read(&world, NULL, NULL);
    char *rejects = first_fields(world_file(&world, true), 6);
    assert_string_equal(rejects, "file,line,key,column,value,rule\n"
                                 "data0.csv,2,A,收入|合计,2.50|1.50,R1\n"
                                 "data0.csv,3,B,收入|合计,2.50|1.50,R1\n");
    free(rejects);
    world_close(&world);
}

/* A model that corrects nothing gets its own batch back. */
static enum mq_status same_batch(void *context, const struct mq_batch *batch,
                                 const uint8_t *verdict, struct mq_error *error)
{
    struct world *world = context;
    const struct mq_batch *found = NULL;
    (void)verdict;
    MQ_TRY(mq_correct(world->checker, batch, &found, error));
    return found == batch ? MQ_OK : MQ_INTERNAL;
}

static void test_nothing_asked_for(void **state)
{
    (void)state;
    struct world world;
    size_t count = 9;
    world_open(&world);
    world_model(&world, HEAD TAIL);
    world_data(&world, TABLE "A,120,20,30,50,1,1\n");
    world_start(&world, 1, 0);
    world_read(&world, same_batch, &world);
    mq_checker_corrections(world.checker, &count);
    assert_int_equal(count, 0);
    assert_int_equal(mq_checker_control(world.checker)->rows_corrected, 0);
    assert_corrections(&world, HEADING);
    world_close(&world);
}

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(mq_correction_code(MQ_CORRECTION_DONE), "done");
    assert_string_equal(mq_correction_code(MQ_CORRECTION_WEIGHT), "weight");
    assert_string_equal(mq_correction_code(MQ_CORRECTION_SAME), "unchanged");
    assert_string_equal(mq_correction_code(MQ_CORRECTION_AGAIN), "again");
    assert_string_equal(mq_correction_title(MQ_CORRECTION_DONE, true), "已更正");
    assert_string_equal(mq_correction_title(MQ_CORRECTION_NO_TOTAL, true), "合计缺失");
    assert_string_equal(mq_correction_title(MQ_CORRECTION_RANGE, false),
                        "the corrected value would be too large");
    assert_false(mq_correction_refused(MQ_CORRECTION_SAME));
    assert_false(mq_correction_refused(MQ_CORRECTION_BALANCED));
    assert_true(mq_correction_refused(MQ_CORRECTION_NO_TOTAL));
    assert_true(mq_correction_refused(MQ_CORRECTION_AGAIN));
}

static void test_power(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        int power;
        int64_t wanted;
    } cases[] = {{49, 2, 0},
                 {50, 2, 1},
                 {-50, 2, -1},
                 {-49, 2, 0},
                 {149, 2, 1},
                 {150, 2, 2},
                 {-150, 2, -2},
                 {5, 1, 1},
                 {4, 1, 0},
                 {0, 9, 0},
                 {INT64_MAX, 1, 922337203685477581},
                 {INT64_MIN, 1, -922337203685477581},
                 {INT64_MAX, 9, 9223372037},
                 {-7, -3, -7000}};
    int64_t result = 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(mq_correct_power(cases[i].value, cases[i].power, &result));
        assert_true(result == cases[i].wanted);
    }
    assert_false(mq_correct_power(INT64_MAX / 10 + 1, -1, &result));
    assert_false(mq_correct_power(INT64_MIN / 10 - 1, -1, &result));
}

/* A rule that cannot correct as it says is told, with its place, and corrects nothing. */
static void test_rules_that_cannot_correct(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *say;
    } cases[] = {{"edit: {method: mad, k: 3, of: r, correct: true}",
                  "model.yaml:13:56: mad only finds values; the method unit can correct them"},
                 {"edit: {method: unit, of: r, against: n, correct: true}, severity: reject",
                  "model.yaml:13:63: a rule that rejects rows cannot correct them"},
                 {"edit: {method: unit, of: r / 10, against: n, correct: true}",
                  "model.yaml:13:68: only an amount as it stands can be corrected"},
                 {"edit: {method: unit, of: n, against: r, correct: true}",
                  "model.yaml:13:63: only an amount as it stands can be corrected"},
                 {"edit: {method: unit, of: r + 0, against: n, correct: true}",
                  "model.yaml:13:67: only an amount as it stands can be corrected"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world world;
        char yaml[2048];
        size_t count = 9;
        snprintf(yaml, sizeof yaml, HEAD "rules:\n  - {id: U1, %s}\n" TAIL, cases[i].rule);
        world_open(&world);
        world_model(&world, yaml);
        assert_non_null(world.model->rule[0].broken);
        assert_contains(world.model->rule[0].broken, cases[i].say);
        world_data(&world, TABLE "A,120,20,30,50,1,1\n");
        world_start(&world, 1, 0);
        world_read(&world, NULL, NULL);
        mq_checker_corrections(world.checker, &count);
        assert_int_equal(count, 0);
        world_close(&world);
    }
}

/* The printed model asks for the same. */
static void test_rules_printed(void **state)
{
    (void)state;
    struct world world;
    struct mq_buffer first = MQ_BUFFER_EMPTY, next = MQ_BUFFER_EMPTY;
    world_open(&world);
    world_model(&world, HEAD
                "rules:\n"
                "  - {id: U1, edit: {method: unit, of: r, against: n, by: [k], correct: true}}\n"
                "  - {id: U2, edit: {method: unit, of: r, against: n, correct: false}}\n" TAIL);
    assert_int_equal(mq_model_write(world.model, world_catalogue(), &first, NULL), MQ_OK);
    assert_contains(first.data, "of: r, against: \"n\", by: [k], correct: true}\n");
    assert_contains(first.data, "of: r, against: \"n\", by: []}\n");
    mq_model_free(world.model);
    world.model = NULL;
    world_model(&world, first.data);
    assert_int_equal(mq_model_write(world.model, world_catalogue(), &next, NULL), MQ_OK);
    assert_string_equal(first.data, next.data);
    mq_buffer_clear(&first);
    mq_buffer_clear(&next);
    world_close(&world);
}

/* Powers of ten on whole numbers: halves go away from 0, and what does not fit is told. */
static void powers_of_ten(void **state)
{
    static const struct {
        int64_t value;
        int power;
        int64_t wanted;
    } cases[] = {{123456000, 3, 123456},
                 {123456, -3, 123456000},
                 {17, 0, 17},
                 {1499, 3, 1},
                 {1500, 3, 2},
                 {-1499, 3, -1},
                 {-1500, 3, -2},
                 {499, 3, 0},
                 {INT64_MAX, 1, 922337203685477581}};
    int64_t found;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(mq_correct_power(cases[i].value, cases[i].power, &found));
        assert_int_equal(found, cases[i].wanted);
    }
    assert_false(mq_correct_power(INT64_MAX / 10 + 1, -1, &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powers_of_ten),
        cmocka_unit_test(test_prorated),
        cmocka_unit_test(test_divided),
        cmocka_unit_test(test_rejects_show_what_was_judged),
        cmocka_unit_test(test_nothing_asked_for),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_power),
        cmocka_unit_test(test_rules_that_cannot_correct),
        cmocka_unit_test(test_rules_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
