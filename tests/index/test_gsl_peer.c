/* Fitted parameters against the GNU Scientific Library on skewed and badly scaled columns. */
#include "index/index.h"
#include "support.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics_double.h>

enum { COUNT = 337, COLUMNS = 40 };

static const struct mq_normaliser *named(const char *name)
{
    for (size_t i = 0; i < mq_normalisers_count; i++)
        if (strcmp(mq_normalisers[i]->method.name, name) == 0)
            return mq_normalisers[i];
    fail_msg("no normaliser %s", name);
    return NULL;
}

static void fill(gsl_rng *random, int column, double *values)
{
    double offset = column % 4 ? 0 : 1e6 * column; /* a large mean beside a small spread */
    for (int i = 0; i < COUNT; i++)
        values[i] =
            offset + gsl_ran_lognormal(random, -2.385 + 0.31 * column, 0.17 + 0.05 * column);
}

static void standardised_as_gsl_says(void **state)
{
    (void)state;
    const struct mq_normaliser *zscore = named("zscore"), *minmax = named("minmax");
    const struct mq_node up = {.direction = MQ_UP}, down = {.direction = MQ_DOWN};
    const double standard[MQ_MAX_PARAMS] = {3.7, 2.1}, range[MQ_MAX_PARAMS] = {60, 100};
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    assert_non_null(random);
    for (int column = 0; column < COLUMNS; column++) {
        double values[COUNT], fitted[MQ_MAX_PARAMS], least, most;
        struct mq_reference_values reference = {.value = values, .count = COUNT};
        fill(random, column, values);
        assert_int_equal(zscore->fit(&reference, &up, standard, fitted), MQ_FINE);
        double mean = gsl_stats_mean(values, 1, COUNT), sd = gsl_stats_sd(values, 1, COUNT);
        double z = (values[7] - mean) / sd;
        double tolerance = 1e-12 * (1 + fabs(mean) / sd); /* what GSL's own rounding allows */
        assert_close(zscore->apply(values[7], &up, fitted, NULL), 3.7 + 2.1 * z, tolerance);
        assert_close(zscore->apply(values[7], &down, fitted, NULL), 3.7 - 2.1 * z, tolerance);
        gsl_stats_minmax(&least, &most, values, 1, COUNT);
        assert_int_equal(minmax->fit(&reference, &up, range, fitted), MQ_FINE);
        double share = (values[7] - least) / (most - least);
        assert_close(minmax->apply(values[7], &up, fitted, NULL), 60 + 40 * share, 1e-13);
        assert_close(minmax->apply(values[7], &down, fitted, NULL), 100 - 40 * share, 1e-13);
    }
    gsl_rng_free(random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(standardised_as_gsl_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
