/* Rules that look at other rows, and statistics of records: numbers of other tools and small
 * tables.
 */
#include "validate/checker.h"
#include "validate/late_table.h"

#define ENTERPRISES                                                                                \
    "mqci: 1\nid: sbs\nedition: \"1\"\ntitle: sbs\nmissing: [NA]\n"                                \
    "inputs:\n"                                                                                    \
    "  - {id: id, column: [id], type: key}\n"                                                      \
    "  - {id: size, column: [size], type: code}\n"                                                 \
    "  - {id: staff, column: [staff], type: amount, decimals: 0}\n"                                \
    "  - {id: turnover, column: [turnover], type: amount, decimals: 0}\n"                          \
    "  - {id: other, column: [other.rev], type: amount, decimals: 0}\n"                            \
    "  - {id: revenue, column: [total.rev], type: amount, decimals: 0}\n"                          \
    "  - {id: staff_costs, column: [staff.costs], type: amount, decimals: 0}\n"                    \
    "  - {id: costs, column: [total.costs], type: amount, decimals: 0}\n"                          \
    "  - {id: profit, column: [profit], type: amount, decimals: 0}\n"

static char *enterprises(void)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    assert_int_equal(mq_read_file(MQCI_SOURCE_DIR "/tests/oracle/official/SBS2000.csv", &csv, NULL),
                     MQ_OK);
    return csv.data;
}

static void test_the_enterprises_of_validate(void **state)
{
    (void)state;
    static const char yaml[] =
        ENTERPRISES "rules:\n"
                    "  - {id: V1, check: revenue - profit == costs}\n"
                    "  - {id: V2, check: turnover + other == revenue}\n"
                    "  - {id: V3, check: profit <= 0.6 * revenue}\n"
                    "  - {id: V4, check: if (staff >= 1) staff_costs >= 1}\n"
                    "  - {id: V5, check: 'turnover <= 10 * median_by(turnover, size)'}\n"
                    "levels: [{id: all, title: All}]\n"
                    "indicators: [{id: x, title: X, formula: revenue, normalise: {method: "
                    "none}}]\n";
    char *csv = enterprises();
    for (int workers = 1; workers < 4; workers++) {
        struct world world;
        judge_table(&world, yaml, csv, workers);
        assert_counts(&world, "V1", 39, 14, 7);
        assert_counts(&world, "V2", 19, 4, 37);
        assert_counts(&world, "V3", 49, 6, 5);
        assert_counts(&world, "V4", 50, 0, 10);
        assert_counts(&world, "V5", 53, 3, 4);
        world_close(&world);
    }
    free(csv);
}

static void test_statistics_of_the_enterprises(void **state)
{
    (void)state;
    static const char yaml[] = ENTERPRISES
        "rules:\n"
        "  - {id: V1, check: other >= 0}\n"
        "  - {id: V2, check: turnover >= 0}\n"
        "  - {id: V3, check: turnover + other == revenue}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: revenue, normalise: {method: none}}]\n";
    char *csv = enterprises();
    struct world world;
    judge_table(&world, yaml, csv, 2);
    const struct mq_statistics *all = mq_checker_statistics(world.checker);
    uint64_t passed = 0, missing = 0, failed = 0, records = 0;
    for (size_t k = 0; k <= all->rules; k++) {
        passed += k * all->rules_passed[k];
        missing += k * all->rules_missing[k];
        failed += k * all->rules_failed[k];
        records += all->rules_passed[k];
    }
    assert_true(all->gathered);
    assert_int_equal(all->rules, 3);
    assert_int_equal(records, 60);
    assert_int_equal(passed, 98);
    assert_int_equal(failed, 5);
    assert_int_equal(missing, 77);
    free(csv);
    world_close(&world);
}

static void test_dependency_takes_the_most_frequent(void **state)
{
    (void)state;
    static const char yaml[] =
        "mqci: 1\nid: fd\nedition: \"1\"\ntitle: fd\n"
        "inputs:\n"
        "  - {id: postcode, column: [postcode], type: code}\n"
        "  - {id: city, column: [city], type: code}\n"
        "  - {id: fee, column: [fee], type: amount, decimals: 1}\n"
        "rules:\n"
        "  - {id: F1, check: postcode ~ city, severity: reject}\n"
        "  - {id: F2, check: city ~ fee}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: fee, normalise: {method: none}}]\n";
    /* 100: Haarlem twice, Amsterdam once; 200: one each, Breda comes before Zwolle; 300: alone. */
    static const char csv[] = "postcode,city,fee\n"
                              "200,Zwolle,7\n100,Amsterdam,3\n100,Haarlem,1.5\n100,Haarlem,1\n"
                              "200,Breda,2\n300,Breda,2\n,Breda,9\n100,,4\n";
    struct world world;
    judge_table(&world, yaml, csv, 2);
    assert_counts(&world, "F1", 4, 2, 2);
    assert_counts(&world, "F2", 5, 2, 1); /* Haarlem 1 before 1.5; Breda 2 twice, 9 once */
    char *rejects = world_file(&world, true);
    assert_string_equal(rejects, "file,line,key,column,value,rule,message\n"
                                 "data0.csv,2,,postcode|city,200|Zwolle,F1,postcode ~ city\n"
                                 "data0.csv,3,,postcode|city,100|Amsterdam,F1,postcode ~ city\n");
    assert_int_equal(finding_of(&world, "F2")->first_line, 4);
    free(rejects);
    world_close(&world);
}

static void test_earlier_periods(void **state)
{
    (void)state;
    static const char years[] =
        "mqci: 1\nid: back\nedition: \"1\"\ntitle: back\n"
        "inputs:\n"
        "  - {id: id, column: [id], type: key}\n  - {id: p, column: [p], type: period}\n"
        "  - {id: a, column: [a], type: amount, decimals: 0}\n"
        "rules:\n  - {id: E1, check: 'a > a[-1]'}\n  - {id: E2, check: 'a == a[-2] + 5'}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n";
    struct world world;
    /* Of years the one before is asked for, also if nobody has it. */
    judge_table(&world, years, "id,p,a\nB,2021,1\nA,2024,25\nA,2022,20\nA,2021,30\nB,2024,9\n", 2);
    assert_counts(&world, "E1", 0, 1, 4);
    assert_counts(&world, "E2", 1, 0, 4);
    assert_int_equal(finding_of(&world, "E1")->first_line, 4);
    world_close(&world);
    /* Of others the one that stands before, among the rows that take part. */
    judge_table(&world, years, "id,p,a\nA,2024Q4,25\nA,2024Q1,30\nA,2023Q4,20\nA,2023Q3,x\n", 1);
    assert_counts(&world, "E1", 1, 1, 1);
    assert_counts(&world, "E2", 1, 0, 2);
    world_close(&world);
}

/* A late rule may ask of texts too. */
static void test_tests_of_texts_are_kept(void **state)
{
    (void)state;
    static const char yaml[] =
        "mqci: 1\nid: text\nedition: \"1\"\ntitle: text\n"
        "inputs:\n  - {id: id, column: [id], type: key}\n"
        "  - {id: kind, column: [kind], type: code}\n"
        "  - {id: a, column: [a], type: amount, decimals: 0}\n"
        "rules:\n"
        "  - {id: T0, check: a > 0, severity: reject}\n"
        "  - {id: T1, check: 'matches(id, \"^[A-C]$\") or count_by(kind) > 2'}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n";
    struct world world;
    judge_table(&world, yaml, "id,kind,a\nD,k,1\nA,m,2\nE,m,3\nF,k,0\nB,n,4\nG,k,5\nH,k,6\nI,n,7\n",
                2);
    /* Without F, which T0 rejects, k has three rows; E and I fail. */
    assert_counts(&world, "T1", 5, 2, 0);
    assert_int_equal(finding_of(&world, "T1")->first_line, 4);
    world_close(&world);
}

/* Rows out of scope, rejected or repeated: which rules they meet, and that the late stage does not
 * see them. */
static void test_rows_that_left_take_no_part(void **state)
{
    (void)state;
    static const char yaml[] =
        "mqci: 1\nid: left\nedition: \"1\"\ntitle: left\n"
        "inputs:\n"
        "  - {id: id, column: [id], type: key}\n  - {id: p, column: [p], type: period}\n"
        "  - {id: kind, column: [kind], type: code}\n"
        "  - {id: a, column: [a], type: amount, decimals: 0}\n"
        "scope: a < 100\n"
        "rules:\n"
        "  - {id: L0, check: a > 0, severity: reject}\n"
        "  - {id: L1, check: a != 7}\n"
        "  - {id: L2, check: all_complete(kind)}\n"
        "  - {id: L3, check: 'a > a[-1]'}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n";
    static const char csv[] = "id,p,kind,a\n"
                              "A,Q1,k,5\nA,Q3,k,7\n" /* Q2 is nobody's once D has left */
                              "B,Q3,,700\n"          /* out of scope */
                              "C,Q3,,0\n"            /* rejected */
                              "D,Q2,,7\nD,Q2,k,8\n"  /* a conflict */
                              "E,Q3\n"               /* ragged */
                              "F,Q1,k,7\n";
    struct world world;
    judge_table(&world, yaml, csv, 1);
    assert_counts(&world, "L1", 3, 3, 0);
    assert_counts(&world, "L2", 3, 0, 0);
    assert_counts(&world, "L3", 1, 0, 2);
    const struct mq_statistics *all = mq_checker_statistics(world.checker);
    assert_int_equal(all->records, 6);                    /* not B, not E */
    assert_int_equal(all->failed, 4);                     /* A in Q3, C, D with 7, F */
    assert_int_equal(all->missing, 1);                    /* A in Q1 */
    assert_int_equal(all->passed, 1);                     /* D with 8, by two rules */
    assert_int_equal(all->rules_passed[1], 2);            /* C, D with 7 */
    assert_int_equal(all->rules_passed[2], 2);            /* D with 8, F: L3 cannot be asked */
    assert_int_equal(all->rules_passed[3], 2);            /* A */
    assert_int_equal(all->variable[2].records_failed, 0); /* kind: L2 passes */
    assert_int_equal(all->variable[2].records_without, 6);
    world_close(&world);
}

/* Records alike but for the rules they met. */
static void test_statistics_know_who_left(void **state)
{
    (void)state;
    static const char yaml[] =
        "mqci: 1\nid: alike\nedition: \"1\"\ntitle: alike\n"
        "inputs:\n  - {id: id, column: [id], type: key}\n"
        "  - {id: a, column: [a], type: amount, decimals: 0}\n"
        "rules:\n  - {id: A0, check: a != 7}\n  - {id: A1, check: 'count_by() > 1'}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n";
    struct world world;
    judge_table(&world, yaml, "id,a\nA,7\nB,7\nB,8\nC,7\nD,9\n", 1);
    const struct mq_statistics *all = mq_checker_statistics(world.checker);
    assert_int_equal(all->rules_passed[0], 1); /* B with 7 */
    assert_int_equal(all->rules_passed[1], 3); /* A, C, B with 8 */
    assert_int_equal(all->rules_passed[2], 1);
    assert_int_equal(all->rules_failed[1], 3);
    world_close(&world);
}

/* ---- statistical edits ----------------------------------------------------------------------- */

/* Banff's outlier C03: one record far below the imputation bound, one below the exclusion bound. */
static void test_edits_by_group(void **state)
{
    (void)state;
    static const char yaml[] =
        "mqci: 1\nid: c03\nedition: \"1\"\ntitle: c03\n"
        "inputs:\n"
        "  - {id: id, column: [id], type: key}\n  - {id: year, column: [year], type: period}\n"
        "  - {id: kind, column: [kind], type: code}\n"
        "  - {id: v, column: [v], type: amount, decimals: 0}\n"
        "rules:\n"
        "  - {id: H1, edit: {method: hb, exclude: 2, impute: 3, of: v, against: 'v[-1]', by: "
        "[kind, year]}, severity: reject}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: v, normalise: {method: none}}]\n";
    static const int now[] = {4, 14, 18, 7, 1, 5, 3, 16, 2, 6},
                     then[] = {19, 5, 19, 6, 1, 2, 8, 14, 3, 2};
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "id,year,kind,v\n");
    for (int i = 9; i >= 0; i--)
        for (int kind = 0; kind < 2; kind++) /* the second kind the other way round */
            mq_buffer_format(&csv, "R%d%d,2023,k%d,%d\nR%d%d,2024,k%d,%d\n", i, kind, kind,
                             (kind ? now : then)[i], i, kind, kind, (kind ? then : now)[i]);
    mq_buffer_text(&csv, "A,2024,k0,5\nB,2023,,7\nB,2024,,9\nC,2023,k1,0\nC,2024,k1,3\n");
    struct world world;
    judge_table(&world, yaml, csv.data, 2);
    /* Not judged: the years 2023, A without a year before, B without a kind, C with a zero. */
    assert_counts(&world, "H1", 16, 4, 20 + 1 + 2 + 2);
    const struct mq_edit_count *count = mq_checker_edits(world.checker);
    assert_int_equal(count->rows[MQ_EDIT_ACCEPT], 16);
    assert_int_equal(count->rows[MQ_EDIT_IMPUTE_LOW], 1);
    assert_int_equal(count->rows[MQ_EDIT_EXCLUDE_LOW], 1);
    assert_int_equal(count->rows[MQ_EDIT_IMPUTE_HIGH], 1);
    assert_int_equal(count->rows[MQ_EDIT_EXCLUDE_HIGH], 1);
    assert_int_equal(count->rows[MQ_EDIT_ZERO], 2); /* C in both years */
    char *rejects = world_file(&world, true);
    for (int kind = 0; kind < 2; kind++)
        for (int r = 0; r <= 6; r += 6) {
            char key[16];
            snprintf(key, sizeof key, ",R%d%d,", r, kind);
            assert_contains(rejects, key);
        }
    assert_int_equal(mq_checker_control(world.checker)->rejected, 4);
    mq_buffer_clear(&csv);
    free(rejects);
    world_close(&world);
}

/* ---- many rows, many groups ------------------------------------------------------------------ */

/* So many that arrays are mapped files and groups are found share by share. */
static void test_many_rows_in_many_groups(void **state)
{
    (void)state;
    enum { MANY = 560000, PAIR = 1000 };
    static const char yaml[] =
        "mqci: 1\nid: many\nedition: \"1\"\ntitle: many\n"
        "inputs:\n"
        "  - {id: id, column: [id], type: key}\n  - {id: name, column: [name], type: number}\n"
        "  - {id: kind, column: [kind], type: code}\n"
        "  - {id: a, column: [a], type: amount, decimals: 1}\n"
        "rules:\n"
        "  - {id: M1, check: 'is_unique(name, kind)', severity: reject}\n"
        "  - {id: M2, check: 'sum_by(a, name) == a'}\n"
        "  - {id: M3, check: 'sum_by(a, kind) == 5600010'}\n"
        "  - {id: M4, check: 'count_by(kind, a) == 1'}\n"
        "  - {id: M5, check: 'median_by(a) == 28000.05'}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n";
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "id,name,kind,a\n");
    for (int i = 0; i < MANY; i++) { /* a: 0.1 to 56000.0; kinds pair the least with the greatest */
        int mirrored = i < MANY / 2 ? i : MANY - 1 - i;
        mq_buffer_format(&csv, "%d,%d,k%d,%d.%d\n", i, i < MANY - PAIR ? i : i - PAIR,
                         mirrored % 2800, (i + 1) / 10, (i + 1) % 10);
    }
    struct world world;
    judge_table(&world, yaml, csv.data, 2);
    /* The last thousand have the names of the thousand before them; both of a pair count. */
    assert_counts(&world, "M2", MANY - 2 * PAIR, 2 * PAIR, 0);
    assert_counts(&world, "M3", MANY, 0, 0);
    assert_counts(&world, "M4", MANY, 0, 0);
    assert_counts(&world, "M5", MANY, 0, 0);
    assert_counts(&world, "M1", MANY, 0, 0);
    mq_buffer_clear(&csv);
    world_close(&world);
}

/* ---- broken rules ---------------------------------------------------------------------------- */

static void test_a_broken_rule_is_an_error_and_stops_nothing(void **state)
{
    (void)state;
    static const char yaml[] =
        "mqci: 1\nid: broken\nedition: \"1\"\ntitle: broken\n"
        "inputs: [{id: a, column: [a], type: amount, decimals: 0}]\n"
        "rules:\n  - {id: B1, check: a > nothing, severity: reject}\n  - {id: B2, check: a > 2}\n"
        "  - {id: B3, check: a < count_by(), severity: reject}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n";
    struct world world;
    judge_table(&world, yaml, "a\n1\n2\n3\n5\n", 1);
    const struct mq_finding *finding = finding_of(&world, "B1");
    assert_int_equal(finding->errors, 1);
    assert_int_equal(finding->checked + finding->missing, 0);
    assert_non_null(finding->broken);
    assert_contains(finding->broken, "model.yaml:7:");
    assert_string_equal(finding_of(&world, "B2")->expression, "a > 2");
    assert_int_equal(finding_of(&world, "B2")->errors, 0);
    assert_counts(&world, "B2", 2, 2, 0);
    assert_counts(&world, "B3", 3, 1, 0);
    assert_int_equal(mq_checker_control(world.checker)->accepted, 3);
    assert_int_equal(mq_checker_statistics(world.checker)->rules, 2);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_enterprises_of_validate),
        cmocka_unit_test(test_statistics_of_the_enterprises),
        cmocka_unit_test(test_dependency_takes_the_most_frequent),
        cmocka_unit_test(test_earlier_periods),
        cmocka_unit_test(test_tests_of_texts_are_kept),
        cmocka_unit_test(test_rows_that_left_take_no_part),
        cmocka_unit_test(test_statistics_know_who_left),
        cmocka_unit_test(test_edits_by_group),
        cmocka_unit_test(test_many_rows_in_many_groups),
        cmocka_unit_test(test_a_broken_rule_is_an_error_and_stops_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
