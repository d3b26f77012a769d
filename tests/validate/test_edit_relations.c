/* Hierarchies and part-whole sums: who is false, who cannot be judged. */
#include "failing.h"
#include "support.h"

#include "model/model.h"
#include "validate/relations.h"

/* nace: 01 above 01.1 and 01.2, 01.1 above 01.11 and 01.12, 02 above 02.1 */
enum { N01, N011, N0111, N0112, N012, N02, N021, LABELS };
static const uint32_t parent[LABELS] = {MQ_NO_CODE, N01, N011, N011, N01, MQ_NO_CODE, N02};

struct row {
    uint32_t label;
    double value;
};

static size_t assert_truths(const struct row *rows, const char *wanted)
{
    uint32_t label[16];
    double value[16];
    uint8_t truth[16];
    char found[16] = {0};
    size_t count = strlen(wanted), twice = 99;
    struct mq_hierarchy hierarchy = {count, label, value, LABELS, parent, 1e-8};

    for (size_t turn = 0; turn < count; turn++) { /* every rotation of the rows */
        for (size_t i = 0; i < count; i++) {
            label[(i + turn) % count] = rows[i].label;
            value[(i + turn) % count] = rows[i].value;
        }
        assert_int_equal(mq_hierarchy_check(&hierarchy, truth, &twice, NULL), MQ_OK);
        for (size_t i = 0; i < count; i++)
            found[i] = "FUT"[truth[(i + turn) % count]];
        assert_string_equal(found, wanted);
    }
    return twice;
}

/* The example of the R package validate: 70 + 25 is not 100, 30 + 40 is 70. */
static void test_nace(void **state)
{
    static const struct row rows[] = {{N01, 100}, {N011, 70}, {N0111, 30}, {N0112, 40}, {N012, 25}};

    (void)state;
    assert_int_equal(assert_truths(rows, "FFTTF"), 0);
}

static void test_sums_hold(void **state)
{
    static const struct row rows[] = {{N01, 0.3}, {N011, 0.1}, {N012, 0.2}};
    static const struct row near[] = {{N01, 1000.000000009}, {N011, 700}, {N012, 300}};
    static const struct row off[] = {{N01, 1000.000000011}, {N011, 700}, {N012, 300}};
    static const struct row great[] = {{N01, 1}, {N011, 1e17}, {N012, -1e17}, {N012, 1}};

    (void)state;
    assert_truths(rows, "TTT");
    assert_truths(near, "TTT");
    assert_truths(off, "FFF");
    assert_truths(great, "TTTT"); /* exact in any order; a part may come in two rows */
}

static void test_total_twice_is_not_guessed(void **state)
{
    static const struct row rows[] = {{N01, 100}, {N01, 95},   {N011, 70},
                                      {N012, 25}, {N0111, 30}, {N0112, 41}};
    static const struct row lower[] = {{N01, 95}, {N011, 70}, {N012, 25},
                                       {N02, 5},  {N02, 5},   {N021, 5}};

    (void)state;
    assert_int_equal(assert_truths(rows, "UUFUFF"), 1);
    assert_int_equal(assert_truths(lower, "TTTUUU"), 1);
}

static void test_missing(void **state)
{
    static const struct row part[] = {{N01, 100}, {N011, NAN}, {N012, 25}, {N02, 4}, {N021, 5}};
    static const struct row whole[] = {{N01, NAN}, {N011, 70}, {N012, 25}, {N021, 5}};
    static const struct row label[] = {{N01, 5}, {MQ_NO_CODE, 5}, {N012, 5}, {LABELS, 5}};

    (void)state;
    assert_truths(part, "UUUFF");
    assert_truths(whole, "UUUT"); /* 02 is not there: its sum is not asked for */
    assert_truths(label, "TUTU");
    assert_truths(part, "");
}

static void assert_parts(const uint8_t *roles, const double *values, const char *wanted,
                         bool wanted_twice)
{
    uint8_t truth[8];
    bool twice;
    struct mq_part_whole relation = {strlen(wanted), roles, values, 1e-8};

    mq_part_whole_check(&relation, truth, &twice);
    assert_int_equal(twice, wanted_twice);
    for (size_t i = 0; wanted[i]; i++)
        assert_int_equal("FUT"[truth[i]], wanted[i]);
}

static void test_part_whole(void **state)
{
    static const uint8_t roles[] = {MQ_PART, MQ_WHOLE, MQ_NO_PART, MQ_PART, MQ_WHOLE};
    static const double good[] = {0.1, 0.3, 77, 0.2, 0.3}, bad[] = {0.1, 0.4, 77, 0.2, 0.4};
    static const double hole[] = {NAN, 0.4, 77, 0.2, 0.4};

    (void)state;
    assert_parts(roles, good, "TTTT", false);
    assert_parts(roles, bad, "FFTF", false);
    assert_parts(roles, hole, "UUTU", false);
    assert_parts(roles, good, "UUTUU", true);
    assert_parts(roles, good, "U", false);          /* no whole */
    assert_parts(roles + 1, good + 1, "UT", false); /* no parts */
    assert_parts(roles + 2, good + 2, "T", false);
}

static void test_memory(void **state)
{
    static const uint32_t labels[] = {N01, N011};
    static const double values[] = {1, 1};
    struct mq_hierarchy hierarchy = {2, labels, values, LABELS, parent, 1e-8};
    struct mq_error error = {0};
    uint8_t truth[2];
    size_t twice;

    (void)state;
    fail_allocation(0);
    assert_int_equal(mq_hierarchy_check(&hierarchy, truth, &twice, &error), MQ_INTERNAL);
    assert_true(allocation_failed());
    assert_string_equal(error.message, "out of memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nace),
        cmocka_unit_test(test_sums_hold),
        cmocka_unit_test(test_total_twice_is_not_guessed),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_part_whole),
        cmocka_unit_test(test_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
