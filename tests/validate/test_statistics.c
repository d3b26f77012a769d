/* Statistics of records and variables: the five tables of Banff's editstats, example c02, counted
 * on the way of every run. Columns that are not published there were worked out from its records by
 * a separate program. */
#include "validate/checker.h"
#include "validate/late_table.h"

enum { A, B, C, D, E, F, G, H, T1, T2, T, VARIABLES, RECORDS = 5, EDITS = 14 };

#define HEAD                                                                                       \
    "mqci: 1\nid: c02\nedition: \"1\"\ntitle: c02\nmissing: [NA]\n"                                \
    "inputs:\n"                                                                                    \
    "  - {id: a, column: [A], type: amount}\n  - {id: b, column: [B], type: amount}\n"             \
    "  - {id: c, column: [C], type: amount}\n  - {id: d, column: [D], type: amount}\n"             \
    "  - {id: e, column: [E], type: amount}\n  - {id: f, column: [F], type: amount}\n"             \
    "  - {id: g, column: [G], type: amount}\n  - {id: h, column: [H], type: amount}\n"             \
    "  - {id: t1, column: [T1], type: amount}\n  - {id: t2, column: [T2], type: amount}\n"         \
    "  - {id: t, column: [T], type: amount}\n"                                                     \
    "rules:\n"
#define REST                                                                                       \
    "  - {id: S3, check: b + c + f + h <= 50}\n  - {id: S4, check: e + f + g + h == t2}\n"         \
    "  - {id: S5, check: t1 + t2 == t}\n  - {id: S6, check: d >= 1}\n"                             \
    "  - {id: S7, check: g <= 30}\n"                                                               \
    "  - {id: PA, check: a >= 0}\n  - {id: PB, check: b >= 0}\n  - {id: PC, check: c >= 0}\n"      \
    "  - {id: PE, check: e >= 0}\n  - {id: PF, check: f >= 0}\n  - {id: PG, check: g >= 0}\n"      \
    "  - {id: PH, check: h >= 0}\n"                                                                \
    "levels: [{id: all, title: All}]\n"                                                            \
    "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n"

static const char by_row[] = HEAD "  - {id: S1, check: a + b + c + d == t1}\n"
                                  "  - {id: S2, check: a + e <= 20}\n" REST;
/* The same two rules in the late stage. */
static const char some_late[] = HEAD "  - {id: S1, check: a + b + c + d == t1 and count_by() > 0}\n"
                                     "  - {id: S2, check: a + e <= 20 and count_by() > 0}\n" REST;

static const char header[] = "A,B,C,D,E,F,G,H,T1,T2,T\n";
static const char records[] = "10,0,-4,0,5,6,15,0,6,26,30\n"
                              "0,10,20,1,5,7,0,12,31,24,55\n"
                              "25,55,0,-2,-2,20,14,30,80,62,NA\n"
                              "-5,15,12,NA,12,17,-3,19,NA,45,71\n"
                              "15,-4,-5,2,4,-1,12,-20,8,-5,3\n";

struct tally {
    uint64_t passed, missing, failed;
};
static const char *const edit[EDITS] = {"S1", "S2", "S3", "S4", "S5", "S6", "S7",
                                        "PA", "PB", "PC", "PE", "PF", "PG", "PH"};
static const struct tally wanted_edits[EDITS] = {
    {3, 1, 1}, {4, 0, 1}, {3, 0, 2}, {5, 0, 0}, {2, 2, 1}, {2, 1, 2}, {5, 0, 0},
    {4, 0, 1}, {4, 0, 1}, {3, 0, 2}, {4, 0, 1}, {4, 0, 1}, {4, 0, 1}, {4, 0, 1}};
static const struct tally wanted_counts[EDITS + 1] = {
    {0, 3, 1}, {0, 1, 0}, {0, 0, 0}, {0, 1, 2}, {0, 0, 1}, {0, 0, 1}, {0, 0, 0}, {0, 0, 0},
    {2, 0, 0}, {0, 0, 0}, {1, 0, 0}, {1, 0, 0}, {0, 0, 0}, {0, 0, 0}, {1, 0, 0}};
static const struct tally wanted_involved[VARIABLES] = {
    {11, 1, 3}, {10, 1, 4}, {9, 1, 5}, {5, 2, 3}, {13, 0, 2}, {12, 0, 3},
    {14, 0, 1}, {12, 0, 3}, {5, 3, 2}, {7, 2, 1}, {2, 2, 1}};
static const struct tally wanted_roles[VARIABLES] = {{1, 0, 2}, {1, 0, 3}, {1, 0, 4}, {1, 0, 2},
                                                     {1, 0, 1}, {1, 0, 3}, {1, 0, 1}, {1, 0, 3},
                                                     {1, 0, 2}, {1, 0, 1}, {1, 0, 1}};
static const uint64_t wanted_no_role[VARIABLES] = {2, 1, 0, 2, 3, 1, 3, 1, 2, 3, 3};
static const uint64_t wanted_not_involved[VARIABLES] = {55, 55, 55, 60, 55, 55, 55, 55, 60, 60, 65};

static void assert_c02(struct world *world, uint64_t times)
{
    for (size_t e = 0; e < EDITS; e++)
        assert_counts(world, edit[e], wanted_edits[e].passed * times,
                      wanted_edits[e].failed * times, wanted_edits[e].missing * times);
    const struct mq_statistics *all = mq_checker_statistics(world->checker);
    assert_true(all->gathered);
    assert_int_equal(all->rules, EDITS);
    assert_int_equal(all->records, RECORDS * times);
    assert_int_equal(all->passed, times);
    assert_int_equal(all->missing, 0);
    assert_int_equal(all->failed, 4 * times);
    for (size_t k = 0; k <= EDITS; k++) {
        assert_int_equal(all->rules_passed[k], wanted_counts[k].passed * times);
        assert_int_equal(all->rules_missing[k], wanted_counts[k].missing * times);
        assert_int_equal(all->rules_failed[k], wanted_counts[k].failed * times);
    }
    for (size_t v = 0; v < VARIABLES; v++) {
        const struct mq_variable_statistics *of = &all->variable[v];
        assert_int_equal(of->passed, wanted_involved[v].passed * times);
        assert_int_equal(of->missing, wanted_involved[v].missing * times);
        assert_int_equal(of->failed, wanted_involved[v].failed * times);
        assert_int_equal(of->passed + of->missing + of->failed,
                         EDITS * RECORDS * times - wanted_not_involved[v] * times);
        assert_int_equal(of->records_passed, wanted_roles[v].passed * times);
        assert_int_equal(of->records_missing, wanted_roles[v].missing * times);
        assert_int_equal(of->records_failed, wanted_roles[v].failed * times);
        assert_int_equal(of->records_without, wanted_no_role[v] * times);
    }
}

/* Once and many times over, so that several blocks and workers have a share. */
static void tables_of_c02(const char *yaml)
{
    for (int workers = 1; workers <= 4; workers++)
        for (uint64_t times = 1; times <= 20000; times *= 20000) {
            struct mq_buffer csv = MQ_BUFFER_EMPTY;
            struct world world;
            mq_buffer_text(&csv, header);
            for (uint64_t t = 0; t < times; t++)
                mq_buffer_text(&csv, records);
            assert_false(csv.failed);
            judge_table(&world, yaml, csv.data, workers);
            assert_c02(&world, times);
            world_close(&world);
            mq_buffer_clear(&csv);
        }
}

static void test_tables_of_banff(void **state)
{
    (void)state;
    tables_of_c02(by_row);
}

static void test_tables_do_not_depend_on_the_stage(void **state)
{
    (void)state;
    tables_of_c02(some_late);
}

/* A record that misses something and fails nothing is missing; only what is missing has a role. */
static void test_a_record_that_only_misses(void **state)
{
    (void)state;
    static const char yaml[] =
        "mqci: 1\nid: m\nedition: \"1\"\ntitle: m\n"
        "inputs:\n  - {id: a, type: amount}\n  - {id: b, type: amount}\n  - {id: c, type: amount}\n"
        "rules:\n  - {id: R1, check: a >= 0}\n  - {id: R2, check: b >= 0}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n";
    struct world world;
    judge_table(&world, yaml, "a,b,c\n1,,5\n1,1,5\n", 1);
    const struct mq_statistics *all = mq_checker_statistics(world.checker);
    assert_int_equal(all->passed, 1);
    assert_int_equal(all->missing, 1);
    assert_int_equal(all->failed, 0);
    assert_int_equal(all->variable[0].records_missing, 0);
    assert_int_equal(all->variable[1].records_missing, 1);
    assert_int_equal(all->variable[0].records_passed, 1);
    assert_int_equal(all->variable[2].passed + all->variable[2].missing, 0);
    assert_int_equal(all->rules_missing[1], 1);
    assert_int_equal(all->rules_missing[0], 1);
    world_close(&world);
}

static void test_without_rules_nothing_is_counted(void **state)
{
    (void)state;
    static const char yaml[] = "mqci: 1\nid: n\nedition: \"1\"\ntitle: n\n"
                               "inputs: [{id: a, type: amount}]\n"
                               "levels: [{id: all, title: All}]\n"
                               "indicators: [{id: x, title: X, formula: a, "
                               "normalise: {method: none}}]\n";
    struct world world;
    judge_table(&world, yaml, "a\n1\n2\n", 1);
    const struct mq_statistics *all = mq_checker_statistics(world.checker);
    assert_false(all->gathered);
    assert_int_equal(all->rules, 0);
    assert_int_equal(all->records, 0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_of_banff),
        cmocka_unit_test(test_tables_do_not_depend_on_the_stage),
        cmocka_unit_test(test_a_record_that_only_misses),
        cmocka_unit_test(test_without_rules_nothing_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
