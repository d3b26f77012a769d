/* Moments of columns: against the GNU Scientific Library and by hand; holes, order, extremes. */
#include "index/column_stats.h"
#include "index_fixture.h"

#include <gsl/gsl_statistics_double.h>

enum { UNITS = 1009 };

static void draw(double *x, double *y, uint64_t seed, double offset)
{
    for (size_t i = 0; i < UNITS; i++) {
        double common = fixture_uniform(&seed, 0, 1);
        x[i] = offset + common * exp(fixture_uniform(&seed, -3, 3));
        y[i] = 40 - 7 * common + fixture_uniform(&seed, 0, 5);
    }
}

static void test_against_gsl(void **state)
{
    static double x[UNITS], y[UNITS];
    const double *column[] = {x, y};

    (void)state;
    for (uint64_t round = 0; round < 10; round++) {
        struct mq_column_stats stats;
        struct mq_column_pairs pairs;
        double offset = round % 2 ? 1e7 * (double)round : 0;
        double tolerance = round % 2 ? 1e-7 : 1e-13; /* of GSL's own rounding */
        draw(x, y, 50 + round, offset);
        mq_column_stats(x, UNITS, &stats);
        assert_int_equal(stats.count, UNITS);
        assert_close(stats.mean, gsl_stats_mean(x, 1, UNITS), 1e-14);
        assert_close(stats.sd, gsl_stats_sd(x, 1, UNITS), tolerance);
        assert_same(stats.least, gsl_stats_min(x, 1, UNITS));
        assert_same(stats.greatest, gsl_stats_max(x, 1, UNITS));
        assert_int_equal(mq_column_pairs(column, 2, UNITS, MQ_PAIRS_EACH, &pairs, NULL), MQ_OK);
        assert_close(pairs.covariance[1], gsl_stats_covariance(x, 1, y, 1, UNITS), tolerance);
        assert_close(pairs.correlation[2], gsl_stats_correlation(x, 1, y, 1, UNITS), tolerance);
        assert_close(sqrt(pairs.covariance[0]), stats.sd, 1e-15);
        assert_same(pairs.correlation[3], 1);
        assert_int_equal(pairs.count[1], UNITS);
        mq_column_pairs_clear(&pairs);
    }
}

/* A common offset changes no moment, however large it is beside the spread. */
static void test_offset(void **state)
{
    static const double near[] = {1, 2, 4, 9}, far[] = {1e15 + 1, 1e15 + 2, 1e15 + 4, 1e15 + 9};
    struct mq_column_stats one, other;

    (void)state;
    mq_column_stats(near, 4, &one);
    mq_column_stats(far, 4, &other);
    assert_close(one.sd, sqrt(38 / 3.), 1e-15);
    assert_close(other.sd, one.sd, 1e-15);
    assert_same(other.mean, 1e15 + 4);
}

static void test_holes(void **state)
{
    static const double x[] = {1, 2, NAN, 4, 6, 3}, y[] = {5, NAN, 7, 1, 3, 2},
                        z[] = {8, 8, 8, 8, NAN, 9};
    const double *column[] = {x, y, z};
    struct mq_column_pairs pairs;
    struct mq_column_stats stats;

    (void)state;
    mq_column_stats(x, 6, &stats);
    assert_int_equal(stats.count, 5);
    assert_close(stats.mean, 3.2, 1e-15);
    assert_int_equal(mq_column_pairs(column, 3, 6, MQ_PAIRS_EACH, &pairs, NULL), MQ_OK);
    assert_int_equal(pairs.count[1], 4); /* x 1 4 6 3, y 5 1 3 2: means 3.5 and 2.75 */
    assert_close(pairs.covariance[1], (33 - 38.5) / 3, 1e-15);
    assert_close(pairs.correlation[1], -5.5 / sqrt(13 * 8.75), 1e-15);
    assert_int_equal(pairs.count[5], 4); /* y 5 7 1 2, z 8 8 8 9 */
    assert_close(pairs.covariance[5], (8 * 13 + 18 - 15 * 33 / 4.) / 3, 1e-14);
    mq_column_pairs_clear(&pairs);
    assert_int_equal(mq_column_pairs(column, 3, 6, MQ_PAIRS_COMPLETE, &pairs, NULL), MQ_OK);
    assert_int_equal(pairs.count[0], 3); /* units 0, 3 and 5: x 1 4 3, y 5 1 2, z 8 8 9 */
    assert_close(pairs.covariance[0], (26 - 64 / 3.) / 2, 1e-15);
    assert_close(pairs.covariance[1], (15 - 64 / 3.) / 2, 1e-14);
    assert_close(pairs.covariance[8], 1 / 3., 1e-15);
    mq_column_pairs_clear(&pairs);
    assert_int_equal(mq_column_pairs(column, 3, 2, MQ_PAIRS_EACH, &pairs, NULL), MQ_OK);
    assert_true(isnan(pairs.correlation[8])); /* constant */
    assert_true(isnan(pairs.correlation[2])); /* with a constant one */
    assert_same(pairs.covariance[2], 0);
    assert_true(isnan(pairs.covariance[1])); /* one common unit */
    assert_same(pairs.correlation[0], 1);
    mq_column_pairs_clear(&pairs);
}

static void test_nothing(void **state)
{
    static const double none[] = {NAN, NAN}, one[] = {NAN, 7.25}, same[] = {0.1, 0.1, 0.1};
    struct mq_column_stats stats;

    (void)state;
    mq_column_stats(none, 2, &stats);
    assert_int_equal(stats.count, 0);
    assert_true(isnan(stats.mean) && isnan(stats.sd) && isnan(stats.least));
    assert_true(mq_column_constant(&stats));
    mq_column_stats(one, 2, &stats);
    assert_same(stats.mean, 7.25);
    assert_true(isnan(stats.sd) && mq_column_constant(&stats));
    mq_column_stats(same, 3, &stats);
    assert_close(stats.mean, 0.1, 1e-16);
    assert_same(stats.sd, 0);
    assert_true(mq_column_constant(&stats));
}

/* The same numbers at both ends of the range of doubles. */
static void test_extremes(void **state)
{
    static const double plain[] = {1, 2, 4, 9};
    static const int exponents[] = {1019, 400, -400, -1000};
    struct mq_column_stats stats;

    (void)state;
    for (size_t k = 0; k < 4; k++) {
        double scaled[4];
        for (int i = 0; i < 4; i++)
            scaled[i] = ldexp(plain[i], exponents[k]);
        mq_column_stats(scaled, 4, &stats);
        assert_close(ldexp(stats.mean, -exponents[k]), 4, 1e-15);
        assert_close(ldexp(stats.sd, -exponents[k]), sqrt(38 / 3.), 1e-15);
    }
}

static void test_order(void **state)
{
    static double x[UNITS], y[UNITS], turned_x[UNITS], turned_y[UNITS];
    const double *column[] = {x, y}, *turned[] = {turned_x, turned_y};
    struct mq_column_pairs pairs, again;

    (void)state;
    draw(x, y, 3, 0);
    for (size_t i = 0; i < UNITS; i++) {
        x[i] = i % 37 == 5 ? NAN : x[i];
        turned_x[UNITS - 1 - i] = x[i];
        turned_y[UNITS - 1 - i] = y[i];
    }
    for (int pairing = MQ_PAIRS_EACH; pairing <= MQ_PAIRS_COMPLETE; pairing++) {
        assert_int_equal(mq_column_pairs(column, 2, UNITS, (enum mq_pairing)pairing, &pairs, NULL),
                         MQ_OK);
        assert_int_equal(mq_column_pairs(turned, 2, UNITS, (enum mq_pairing)pairing, &again, NULL),
                         MQ_OK);
        assert_memory_equal(pairs.covariance, again.covariance, 4 * sizeof(double));
        assert_memory_equal(pairs.correlation, again.correlation, 4 * sizeof(double));
        mq_column_pairs_clear(&pairs);
        mq_column_pairs_clear(&again);
    }
}

static void test_sorting(void **state)
{
    static double value[5000], wanted[5000];
    uint64_t seed = 12;

    (void)state;
    for (size_t count = 0; count <= 5000; count = count ? 10 * count : 5) {
        for (size_t i = 0; i < count; i++)
            wanted[i] = value[i] =
                i % 11 ? exp(fixture_uniform(&seed, -300, 300)) * fixture_uniform(&seed, -1, 1)
                       : (double)(i % 3) - 1;
        qsort(wanted, count, sizeof *wanted, mq_compare_reals);
        assert_true(mq_sort_reals(value, count));
        for (size_t i = 0; i < count; i++)
            assert_true(value[i] == wanted[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_gsl), cmocka_unit_test(test_offset),
        cmocka_unit_test(test_holes),       cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_extremes),    cmocka_unit_test(test_order),
        cmocka_unit_test(test_sorting),
    };

    return cmocka_run_group_tests_name("column statistics", tests, NULL, NULL);
}
