/* The five tables against Banff's editstats example c02; the columns that are not published there
 * were worked out from its records by a separate program. */
#include "failing.h"
#include "support.h"

#include "model/model.h"
#include "validate/edit_statistics.h"

enum { A, B, C, D, E, F, G, H, TOT1, TOT2, TOT, VARIABLES, RECORDS = 5, EDITS = 14 };

static const double records[RECORDS][VARIABLES] = {{10, 0, -4, 0, 5, 6, 15, 0, 6, 26, 30},
                                                   {0, 10, 20, 1, 5, 7, 0, 12, 31, 24, 55},
                                                   {25, 55, 0, -2, -2, 20, 14, 30, 80, 62, NAN},
                                                   {-5, 15, 12, NAN, 12, 17, -3, 19, NAN, 45, 71},
                                                   {15, -4, -5, 2, 4, -1, 12, -20, 8, -5, 3}};

/* Sums that are at most 0 ('<'), or 0 ('='). */
static const struct {
    signed char coefficient[VARIABLES];
    char compare;
    double constant;
} edits[EDITS] = {{{[A] = 1, [B] = 1, [C] = 1, [D] = 1, [TOT1] = -1}, '=', 0},
                  {{[A] = 1, [E] = 1}, '<', 20},
                  {{[B] = 1, [C] = 1, [F] = 1, [H] = 1}, '<', 50},
                  {{[E] = 1, [F] = 1, [G] = 1, [H] = 1, [TOT2] = -1}, '=', 0},
                  {{[TOT1] = 1, [TOT2] = 1, [TOT] = -1}, '=', 0},
                  {{[D] = -1}, '<', -1},
                  {{[G] = 1}, '<', 30},
                  {{[A] = -1}, '<', 0},
                  {{[B] = -1}, '<', 0},
                  {{[C] = -1}, '<', 0},
                  {{[E] = -1}, '<', 0},
                  {{[F] = -1}, '<', 0},
                  {{[G] = -1}, '<', 0},
                  {{[H] = -1}, '<', 0}};

static const struct mq_edit_tally wanted_edits[EDITS] = {
    {3, 1, 1}, {4, 0, 1}, {3, 0, 2}, {5, 0, 0}, {2, 2, 1}, {2, 1, 2}, {5, 0, 0},
    {4, 0, 1}, {4, 0, 1}, {3, 0, 2}, {4, 0, 1}, {4, 0, 1}, {4, 0, 1}, {4, 0, 1}};
static const struct mq_edit_tally wanted_counts[EDITS + 1] = {
    {0, 3, 1}, {0, 1, 0}, {0, 0, 0}, {0, 1, 2}, {0, 0, 1}, {0, 0, 1}, {0, 0, 0}, {0, 0, 0},
    {2, 0, 0}, {0, 0, 0}, {1, 0, 0}, {1, 0, 0}, {0, 0, 0}, {0, 0, 0}, {1, 0, 0}};
static const struct mq_edit_tally wanted_involved[VARIABLES] = {
    {11, 1, 3}, {10, 1, 4}, {9, 1, 5}, {5, 2, 3}, {13, 0, 2}, {12, 0, 3},
    {14, 0, 1}, {12, 0, 3}, {5, 3, 2}, {7, 2, 1}, {2, 2, 1}};
static const uint64_t wanted_not_involved[VARIABLES] = {55, 55, 55, 60, 55, 55, 55, 55, 60, 60, 65};
static const struct mq_edit_tally wanted_roles[VARIABLES] = {
    {1, 0, 2}, {1, 0, 3}, {1, 0, 4}, {1, 0, 2}, {1, 0, 1}, {1, 0, 3},
    {1, 0, 1}, {1, 0, 3}, {1, 0, 2}, {1, 0, 1}, {1, 0, 1}};
static const uint64_t wanted_no_role[VARIABLES] = {2, 1, 0, 2, 3, 1, 3, 1, 2, 3, 3};

static void judge(uint8_t verdict[EDITS][RECORDS], uint8_t names[EDITS * VARIABLES])
{
    for (size_t e = 0; e < EDITS; e++)
        for (size_t r = 0; r < RECORDS; r++) {
            double sum = -edits[e].constant;
            for (size_t v = 0; v < VARIABLES; v++) {
                names[e * VARIABLES + v] = edits[e].coefficient[v] != 0;
                if (edits[e].coefficient[v] != 0)
                    sum += edits[e].coefficient[v] * records[r][v];
            }
            if (isnan(sum))
                verdict[e][r] = MQ_UNKNOWN;
            else
                verdict[e][r] =
                    (edits[e].compare == '=' ? sum == 0 : sum <= 0) ? MQ_TRUE : MQ_FALSE;
        }
}

static void assert_tallies(const struct mq_edit_tally *found, const struct mq_edit_tally *wanted,
                           size_t count, uint64_t times)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(found[i].passed, wanted[i].passed * times);
        assert_int_equal(found[i].missed, wanted[i].missed * times);
        assert_int_equal(found[i].failed, wanted[i].failed * times);
    }
}

static void assert_c02(const struct mq_edit_statistics *statistics, uint64_t times)
{
    static const struct mq_edit_tally overall = {1, 0, 4};

    assert_int_equal(statistics->records, RECORDS * times);
    assert_tallies(statistics->edit, wanted_edits, EDITS, times);
    assert_tallies(statistics->count, wanted_counts, EDITS + 1, times);
    assert_tallies(&statistics->record, &overall, 1, times);
    assert_tallies(statistics->involved, wanted_involved, VARIABLES, times);
    assert_tallies(statistics->role, wanted_roles, VARIABLES, times);
    for (size_t v = 0; v < VARIABLES; v++) {
        assert_int_equal(mq_edit_statistics_not_involved(statistics, v),
                         wanted_not_involved[v] * times);
        assert_int_equal(mq_edit_statistics_no_role(statistics, v), wanted_no_role[v] * times);
    }
    assert_int_equal(mq_edit_statistics_edits_naming(statistics, TOT), 1);
    assert_int_equal(mq_edit_statistics_edits_naming(statistics, A), 3);
}

static void test_c02(void **state)
{
    struct mq_edit_statistics whole, one, two;
    uint8_t verdict[EDITS][RECORDS], names[EDITS * VARIABLES];
    const uint8_t *all[EDITS], *tail[EDITS];

    (void)state;
    judge(verdict, names);
    for (size_t e = 0; e < EDITS; e++) {
        all[e] = verdict[e];
        tail[e] = verdict[e] + 2;
    }
    assert_int_equal(mq_edit_statistics_open(&whole, EDITS, VARIABLES, names, NULL), MQ_OK);
    assert_int_equal(mq_edit_statistics_open(&one, EDITS, VARIABLES, names, NULL), MQ_OK);
    assert_int_equal(mq_edit_statistics_open(&two, EDITS, VARIABLES, names, NULL), MQ_OK);
    memset(names, 0, sizeof names); /* copied */
    mq_edit_statistics_add(&whole, all, RECORDS);
    assert_c02(&whole, 1);
    mq_edit_statistics_add(&one, all, 2);
    mq_edit_statistics_add(&two, tail, 3);
    mq_edit_statistics_add(&two, tail, 0);
    mq_edit_statistics_merge(&one, &two);
    assert_c02(&one, 1);
    mq_edit_statistics_merge(&one, &whole);
    assert_c02(&one, 2);
    mq_edit_statistics_clear(&whole);
    mq_edit_statistics_clear(&one);
    mq_edit_statistics_clear(&two);
}

/* A record that misses something and fails nothing is missed; only what is missing has a role. */
static void test_missed(void **state)
{
    static const uint8_t names[] = {1, 1, 0, /**/ 0, 1, 0};
    static const uint8_t first[] = {MQ_TRUE, MQ_TRUE}, second[] = {MQ_UNKNOWN, MQ_TRUE};
    static const uint8_t *const verdict[] = {first, second};
    struct mq_edit_statistics statistics;

    (void)state;
    assert_int_equal(mq_edit_statistics_open(&statistics, 2, 3, names, NULL), MQ_OK);
    mq_edit_statistics_add(&statistics, verdict, 2);
    assert_tallies(&statistics.record, &(struct mq_edit_tally){1, 1, 0}, 1, 1);
    assert_tallies(statistics.role, (const struct mq_edit_tally[]){{1, 0, 0}, {1, 1, 0}, {0, 0, 0}},
                   3, 1);
    assert_tallies(statistics.involved,
                   (const struct mq_edit_tally[]){{2, 0, 0}, {3, 1, 0}, {0, 0, 0}}, 3, 1);
    assert_tallies(statistics.count,
                   (const struct mq_edit_tally[]){{0, 1, 2}, {1, 1, 0}, {1, 0, 0}}, 3, 1);
    mq_edit_statistics_clear(&statistics);
}

static void test_no_edits(void **state)
{
    struct mq_edit_statistics statistics;

    (void)state;
    assert_int_equal(mq_edit_statistics_open(&statistics, 0, 0, NULL, NULL), MQ_OK);
    mq_edit_statistics_add(&statistics, NULL, 7);
    assert_int_equal(statistics.record.passed, 7);
    mq_edit_statistics_clear(&statistics);
}

static void test_memory(void **state)
{
    static const uint8_t names[EDITS * VARIABLES] = {1};
    struct mq_edit_statistics statistics;
    long failures = 0;

    (void)state;
    for (;; failures++) {
        struct mq_error error = {0};
        enum mq_status status;
        fail_allocation(failures);
        status = mq_edit_statistics_open(&statistics, EDITS, VARIABLES, names, &error);
        mq_edit_statistics_clear(&statistics);
        if (!allocation_failed())
            break;
        assert_int_equal(status, MQ_INTERNAL);
        assert_string_equal(error.message, "out of memory");
    }
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_c02),
        cmocka_unit_test(test_missed),
        cmocka_unit_test(test_no_edits),
        cmocka_unit_test(test_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
