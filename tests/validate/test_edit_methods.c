/* Statistical edits against numbers that are known: the outlier examples of Banff, and cases small
 * enough to work out by hand. */
#include "edit_fixture.h"

static const double v1[] = {4, 14, 18, 7, 1, 5, 3, 16, 2, 6};
static const double history[] = {19, 5, 19, 6, 1, 2, 8, 14, 3, 2};

static void assert_statuses(const struct judged *judged, const char *wanted)
{
    char found[GROUP_ROWS] = {0};

    /* a accept, e/E exclude, i/I impute, u unit, M Z N - F S not judged */
    for (size_t i = 0; wanted[i]; i++)
        found[i] = "aeEiIuMZN-FS"[judged->status[i]];
    assert_string_equal(found, wanted);
}

/* Banff's outlier example C03. */
static void test_hb_against_history(void **state)
{
    struct judged judged;

    (void)state;
    choose(&judged, "hb", "exclude=2 impute=3");
    judge(&judged, v1, history, 10);
    assert_statuses(&judged, "iaaaaaeaaa");
    assert_close(judged.bounds.low_impute, -2.754166667, 1e-9);
    assert_close(judged.bounds.low_exclude, -1.836904762, 1e-9);
    assert_close(judged.bounds.high_exclude, 2.809047619, 1e-9);
    assert_close(judged.bounds.high_impute, 4.214761905, 1e-9);
    assert_close(judged.measure[0], -4.089285714, 1e-9);
    assert_close(judged.measure[6], -1.857142857, 1e-9);
    assert_close(judged.bounds.centre, (1.0 + 8.0 / 7) / 2, 1e-15);
    assert_int_equal(judged.bounds.used, 10);
}

static void test_hb_swapped(void **state)
{
    struct judged judged;

    (void)state;
    choose(&judged, "hb", "exclude=2 impute=3");
    judge(&judged, history, v1, 10);
    assert_statuses(&judged, "IaaaaaEaaa");
    assert_close(judged.bounds.low_impute, -4.237425595, 1e-9);
    assert_close(judged.bounds.low_exclude, -2.825744048, 1e-9);
    assert_close(judged.bounds.high_exclude, 1.824603175, 1e-9);
    assert_close(judged.bounds.high_impute, 2.738095238, 1e-9);
    assert_close(judged.measure[0], 4.066666667, 1e-9);
    assert_close(judged.measure[6], 1.844444444, 1e-9);
}

/* Every effect of C03, worked out in another way: symmetric in logarithms. */
static void test_hb_effects(void **state)
{
    static const double exponents[] = {0, 0.4, 1};
    struct judged judged;

    (void)state;
    choose(&judged, "hb", "impute=3");
    for (size_t u = 0; u < 3; u++) {
        judged.param[0] = exponents[u];
        judge(&judged, v1, history, 10);
        for (size_t i = 0; i < 10; i++) {
            double log_ratio = log(v1[i]) - log(history[i]) - log(15.0 / 14);
            double effect = copysign(expm1(fabs(log_ratio)), log_ratio);
            double size = v1[i] > history[i] ? v1[i] : history[i];
            assert_close(judged.measure[i], effect * exp(exponents[u] * log(size)), 1e-13);
        }
    }
}

/* Banff's outlier example B05: the values themselves, negative ones too. */
static void test_hb_current(void **state)
{
    static const double values[] = {4, 14, 18, 7, -1, 5, 3, -16, 2, 6};
    struct judged judged;

    (void)state;
    choose(&judged, "hb", "exclude=2 impute=3 negative=1");
    judge(&judged, values, NULL, 10);
    assert_close(judged.bounds.lower_quartile, 1.25, 1e-15);
    assert_close(judged.bounds.median, 4.5, 1e-15);
    assert_close(judged.bounds.upper_quartile, 8.75, 1e-15);
    assert_close(judged.bounds.low_impute, -5.25, 1e-15);
    assert_close(judged.bounds.low_exclude, -2, 1e-15);
    assert_close(judged.bounds.high_exclude, 13, 1e-15);
    assert_close(judged.bounds.high_impute, 17.25, 1e-15);
    assert_statuses(&judged, "aEIaaaaiaa");
    assert_true(isnan(judged.bounds.centre));
    choose(&judged, "hb", "exclude=2 impute=3");
    judge(&judged, values, NULL, 10);
    assert_int_equal(judged.bounds.used, 8);
    assert_int_equal(judged.status[4], MQ_EDIT_NEGATIVE);
    assert_int_equal(judged.status[7], MQ_EDIT_NEGATIVE);
}

static void test_hb_bounds_are_included(void **state)
{
    /* quartiles 10, 20, 30: bounds 20 -+ 2 * 10 */
    static const double values[] = {0, 10, 20, 30, 40, 10, 30};
    static const double outside[] = {-0.0625, 10, 20, 30, 40.0625, 10, 30};
    struct judged judged;

    (void)state;
    choose(&judged, "hb", "exclude=2 impute=2 negative=1");
    judge(&judged, values, NULL, 7);
    assert_statuses(&judged, "aaaaaaa");
    judge(&judged, outside, NULL, 7);
    assert_statuses(&judged, "iaaaIaa"); /* of equal bounds imputation goes first */
    set_params(&judged, "impute=0");
    judge(&judged, outside, NULL, 7);
    assert_statuses(&judged, "eaaaEaa");
    assert_true(isnan(judged.bounds.low_impute));
    set_params(&judged, "side=1");
    judge(&judged, outside, NULL, 7);
    assert_statuses(&judged, "eaaaaaa");
    set_params(&judged, "side=2");
    judge(&judged, outside, NULL, 7);
    assert_statuses(&judged, "aaaaEaa");
}

static void test_hb_least_distance(void **state)
{
    static const double values[] = {200, 200, 200, 200, 200, 209, 211, 189};
    struct judged judged;

    (void)state;
    choose(&judged, "hb", "impute=1");
    judge(&judged, values, NULL, 8);
    assert_statuses(&judged, "aaaaaaIi");
    assert_close(judged.bounds.low_impute, 190, 1e-15);
    assert_close(judged.bounds.high_impute, 210, 1e-15);
    set_params(&judged, "distance=0.06");
    judge(&judged, values, NULL, 8);
    assert_statuses(&judged, "aaaaaaaa");
}

/* Why rows take no part. */
static void test_reasons(void **state)
{
    static const double values[] = {NAN, 0, -3, 5, 5, 5, 7, 8, 9, INFINITY, NAN, 1e300, 1e-300};
    static const double others[] = {4, 4, 4, NAN, 0, -2, 7, 8, 9, 3, NAN, 1e-300, 1e300};
    struct judged judged;

    (void)state;
    choose(&judged, "hb", "impute=3");
    judge(&judged, values, others, 13);
    assert_statuses(&judged, "MZN-ZNaaaMMMM");
    assert_int_equal(judged.bounds.used, 3);
    set_params(&judged, "min_obs=4");
    judge(&judged, values, others, 13);
    assert_statuses(&judged, "MZN-ZNFFFMMMM");
    assert_int_equal(judged.bounds.used, 3);
    assert_true(isnan(judged.bounds.low_impute) && isnan(judged.measure[6]));
    set_params(&judged, "min_obs=1 zero=0");
    judge(&judged, values, NULL, 4);
    assert_statuses(&judged, "MZNa");
    set_params(&judged, "zero=1 negative=1");
    judge(&judged, values, NULL, 4);
    assert_statuses(&judged, "Maaa");
    judge(&judged, values, others, 0);
    assert_int_equal(judged.bounds.used, 0);
}

/* Sorted 1 2 3 4 5 6 7 9 14 31: median 5.5, |x - 5.5| has median 3, sigma 4.4478. From the 75th
 * percentile (10.25) down to 9: gaps 5 and 17. */
static void test_sigma_gap(void **state)
{
    static const double values[] = {31, 2, 7, 4, 1, 6, 3, 14, 5, 9};
    struct judged judged;

    (void)state;
    choose(&judged, "sigma_gap", "exclude=1 impute=3");
    judge(&judged, values, NULL, 10);
    assert_close(judged.bounds.spread, 1.4826 * 3, 1e-15);
    assert_statuses(&judged, "IaaaaaaEaa");
    assert_close(judged.bounds.high_exclude, 9, 0);
    assert_close(judged.bounds.high_impute, 14, 0);
    assert_true(isnan(judged.bounds.low_exclude));
    set_params(&judged, "exclude=1.13");
    judge(&judged, values, NULL, 10);
    assert_statuses(&judged, "Iaaaaaaaaa"); /* 5 is not wider than 1.13 sigma = 5.026014 */
    set_params(&judged, "exclude=1.12");
    judge(&judged, values, NULL, 10);
    assert_statuses(&judged, "IaaaaaaEaa"); /* but wider than 4.981536 */
    set_params(&judged, "impute=1.12 exclude=0");
    judge(&judged, values, NULL, 10);
    assert_statuses(&judged, "IaaaaaaIaa");
    set_params(&judged, "side=1");
    judge(&judged, values, NULL, 10);
    assert_statuses(&judged, "aaaaaaaaaa");
    set_params(&judged, "side=2 start=95");
    judge(&judged, values, NULL, 10);
    assert_statuses(&judged, "aaaaaaaaaa"); /* the search starts at the greatest value */
}

/* The mirror image, and the standard deviation: of 0 0 0 0 0 0 0 0 10 it is 10/3. */
static void test_sigma_gap_left_and_sd(void **state)
{
    static const double values[] = {-31, -2, -7, -4, -1, -6, -3, -14, -5, -9};
    static const double lonely[] = {0, 0, 0, 0, 10, 0, 0, 0, 0};
    struct judged judged;

    (void)state;
    choose(&judged, "sigma_gap", "exclude=1 impute=3 negative=1");
    judge(&judged, values, NULL, 10);
    assert_statuses(&judged, "iaaaaaaeaa");
    set_params(&judged, "side=2");
    judge(&judged, values, NULL, 10);
    assert_statuses(&judged, "aaaaaaaaaa");
    choose(&judged, "sigma_gap", "impute=2.9 sigma=1");
    judge(&judged, lonely, NULL, 9);
    assert_close(judged.bounds.spread, 10.0 / 3, 1e-15);
    assert_statuses(&judged, "aaaaIaaaa");
    set_params(&judged, "impute=3.01");
    judge(&judged, lonely, NULL, 9);
    assert_statuses(&judged, "aaaaaaaaa");
    set_params(&judged, "sigma=0");
    judge(&judged, lonely, NULL, 9);
    assert_statuses(&judged, "SSSSSSSSS");
    judge(&judged, lonely, NULL, 4);
    assert_statuses(&judged, "FFFF");
}

static void test_sigma_gap_of_ratios(void **state)
{
    static const double values[] = {620, 6, 77, 4, 3, 18, 12, 280, 5, 9, 4};
    static const double others[] = {20, 3, 11, 1, 3, 3, 4, 20, 1, 1, 0};
    struct judged judged;

    (void)state; /* the ratios are those of test_sigma_gap */
    choose(&judged, "sigma_gap", "exclude=1 impute=3");
    judge(&judged, values, others, 11);
    assert_statuses(&judged, "IaaaaaaEaaZ");
    assert_close(judged.measure[0], 31, 1e-15);
}

/* Median 7, |x - 7| = 5 4 1 0 1 3 93: median 3. */
static void test_mad(void **state)
{
    static const double values[] = {2, 3, 6, 7, 8, 10, 100, NAN};
    struct judged judged;

    (void)state;
    choose(&judged, "mad", "");
    judge(&judged, values, NULL, 8);
    assert_statuses(&judged, "aaaaaaIM");
    assert_close(judged.measure[6], 93 / (1.4826 * 3), 1e-15);
    assert_close(judged.measure[0], -5 / (1.4826 * 3), 1e-15);
    assert_close(judged.bounds.spread, 1.4826 * 3, 1e-15);
    set_params(&judged, "k=1.12");
    judge(&judged, values, NULL, 8);
    assert_statuses(&judged, "iaaaaaIM"); /* 5 > 1.12 * 4.4478 = 4.9815 */
    set_params(&judged, "k=1.13");
    judge(&judged, values, NULL, 8);
    assert_statuses(&judged, "aaaaaaIM");
    set_params(&judged, "k=1.12 side=2");
    judge(&judged, values, NULL, 8);
    assert_statuses(&judged, "aaaaaaIM");
}

static void test_mad_without_spread(void **state)
{
    static const double values[] = {5, 5, 5, 5, 900, 5, 4};
    struct judged judged;

    (void)state;
    choose(&judged, "mad", "");
    judge(&judged, values, NULL, 7);
    assert_statuses(&judged, "SSSSSSS");
    assert_true(isnan(judged.measure[4]));
    assert_close(judged.bounds.spread, 0, 0);
    assert_close(judged.bounds.median, 5, 0);
}

static void test_mad_of_logarithms(void **state)
{
    static const double values[] = {1, 10, 100, 1000, 10000, 1e9, 0, -4};
    struct judged judged;

    (void)state; /* log10: 0 1 2 3 4 9, median 2.5, deviations 2.5 1.5 .5 .5 1.5 6.5: median 1.5 */
    choose(&judged, "mad", "log=1 k=2.9");
    judge(&judged, values, NULL, 8);
    assert_statuses(&judged, "aaaaaIZN");
    assert_close(judged.measure[5], 6.5 / (1.4826 * 1.5), 1e-14);
    set_params(&judged, "log=0 k=3.5");
    judge(&judged, values, NULL, 8);
    /* zero and negative values count: median 55, |x - 55| has median 57 */
    assert_close(judged.bounds.spread, 1.4826 * 57, 1e-15);
    assert_statuses(&judged, "aaaIIIaa");
}

/* Quartiles of 1..7 with one far away: q1 2, q3 6, range 4. */
static void test_fences(void **state)
{
    static const double values[] = {1, 2, 3, 4, 5, 6, 12.5};
    struct judged judged;

    (void)state;
    choose(&judged, "fences", "");
    judge(&judged, values, NULL, 7);
    assert_statuses(&judged, "aaaaaaE");
    assert_close(judged.bounds.spread, 4, 0);
    assert_close(judged.bounds.low_exclude, -4, 0);
    assert_close(judged.bounds.high_exclude, 12, 0);
    assert_close(judged.bounds.high_impute, 18, 0);
    set_params(&judged, "impute=1.6 exclude=0");
    judge(&judged, values, NULL, 7);
    assert_statuses(&judged, "aaaaaaI");
    set_params(&judged, "impute=1.625");
    judge(&judged, values, NULL, 7);
    assert_statuses(&judged, "aaaaaaa"); /* on the fence */
    set_params(&judged, "log=1");
    judge(&judged, values, NULL, 7);
    assert_close(judged.measure[6], log(12.5), 1e-15);
    assert_close(judged.bounds.low_impute, log(2) - 1.625 * log(3), 1e-14);
}

static void test_ratio(void **state)
{
    static const double values[] = {50, 49.5, 151, 150, -1, 0, 7, NAN, 7};
    static const double others[] = {100, 100, 100, 100, 100, 100, 0, 100, NAN};
    struct judged judged;

    (void)state;
    choose(&judged, "ratio", "low=0.5 high=1.5");
    judge(&judged, values, others, 9);
    assert_statuses(&judged, "aiIaiiZM-");
    assert_close(judged.measure[2], 1.51, 1e-15);
    judge(&judged, values + 7, others + 7, 2);
    assert_int_equal(judged.bounds.used, 0);
    assert_statuses(&judged, "M-");
}

/* Most grew by a fifth, more or less; one wrote yuan, others tens or hundreds of the unit. */
static void test_unit(void **state)
{
    static const double others[] = {310, 4700, 88, 1234, 960, 71, 500, 42, 365};
    static const double factors[] = {1, 1000, 1.2, 0.1, 1.1, 0.9, 3.2, 1.3, 0.01};
    double values[9];
    struct judged judged;

    (void)state;
    for (size_t i = 0; i < 9; i++)
        values[i] = 1.1 * others[i] * factors[i];
    choose(&judged, "unit", "");
    judge(&judged, values, others, 9);
    assert_close(judged.bounds.centre, 1.1 * 1.1, 1e-14);
    assert_statuses(&judged, "auauaaaau");
    assert_close(judged.measure[1], 3, 0);
    assert_close(judged.measure[3], -1, 0);
    assert_close(judged.measure[6], 0, 0);
    assert_close(judged.measure[8], -2, 0);
}

static void test_unit_limits(void **state)
{
    static const double others[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    static const double values[] = {1, 1, 1, 1, 1, 1, 1349, 1351, 1e5, 10, 1 / 13.4};
    struct judged judged;

    (void)state;
    choose(&judged, "unit", "");
    judge(&judged, values, others, 11);
    assert_statuses(&judged, "aaaaaauaauu");
    set_params(&judged, "least=2 most=5 tolerance=1");
    judge(&judged, values, others, 11);
    assert_statuses(&judged, "aaaaaauuuaa");
    assert_close(judged.measure[8], 5, 0);
    judge(&judged, values, others, 4);
    assert_statuses(&judged, "FFFF");
}

static const char *fault_of(const struct judged *judged)
{
    struct mq_choice choice = {0};

    memcpy(choice.param, judged->param, sizeof choice.param);
    return judged->method->method.fault(&choice);
}

static void refuse(const char *name, const char *params, const char *fault)
{
    struct judged judged;
    const char *found;

    choose(&judged, name, params);
    found = fault_of(&judged);
    assert_non_null(found);
    assert_string_equal(found, fault);
}

static void test_refused_parameters(void **state)
{
    struct judged judged;

    (void)state;
    refuse("hb", "", "`exclude` or `impute` must be given");
    refuse("hb", "exclude=3 impute=2", "`exclude` must not be greater than `impute`");
    refuse("hb", "exclude=-1 impute=2", "`exclude` and `impute` must not be negative");
    refuse("hb", "impute=2 exponent=1.5", "`exponent` must be from 0 to 1");
    refuse("hb", "impute=2 exponent=-0.5", "`exponent` must be from 0 to 1");
    refuse("hb", "impute=2 distance=-0.1", "`distance` must not be negative");
    refuse("hb", "impute=2 min_obs=2.5", "`min_obs` must be a whole number from 1");
    refuse("hb", "impute=2 min_obs=0", "`min_obs` must be a whole number from 1");
    refuse("sigma_gap", "", "`exclude` or `impute` must be given");
    refuse("sigma_gap", "impute=2 start=101", "`start` must be from 0 to 100");
    refuse("sigma_gap", "impute=2 start=40",
           "`start` must be from 50 when both sides are looked at");
    refuse("mad", "k=0", "`k` must be greater than 0");
    refuse("fences", "exclude=0 impute=0", "`exclude` or `impute` must be given");
    refuse("ratio", "low=2 high=1", "`low` must not be greater than `high`");
    refuse("unit", "tolerance=0",
           "`tolerance` must be greater than 0 and less than 2.16 (half way between powers)");
    refuse("unit", "least=3 most=2", "`least` and `most` must be 1 <= least <= most <= 9");
    refuse("unit", "least=1.5", "`least` and `most` must be whole numbers");
    choose(&judged, "sigma_gap", "impute=2 start=40 side=2");
    assert_null(fault_of(&judged));
    choose(&judged, "hb", "impute=2");
    assert_null(fault_of(&judged));
    choose(&judged, "ratio", "low=-2 high=1");
    assert_null(fault_of(&judged));
}

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(mq_edit_status_code(MQ_EDIT_IMPUTE_HIGH), "impute_high");
    assert_string_equal(mq_edit_status_title(MQ_EDIT_NO_MATCH, false), "nothing to compare with");
    assert_string_equal(mq_edit_status_title(MQ_EDIT_UNIT, true), "疑似计量单位错误");
    for (int a = 0; a < MQ_EDIT_STATUSES; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(mq_edit_status_code((enum mq_edit_status)a),
                                    mq_edit_status_code((enum mq_edit_status)b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hb_against_history),
        cmocka_unit_test(test_hb_swapped),
        cmocka_unit_test(test_hb_effects),
        cmocka_unit_test(test_hb_current),
        cmocka_unit_test(test_hb_bounds_are_included),
        cmocka_unit_test(test_hb_least_distance),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_sigma_gap),
        cmocka_unit_test(test_sigma_gap_left_and_sd),
        cmocka_unit_test(test_sigma_gap_of_ratios),
        cmocka_unit_test(test_mad),
        cmocka_unit_test(test_mad_without_spread),
        cmocka_unit_test(test_mad_of_logarithms),
        cmocka_unit_test(test_fences),
        cmocka_unit_test(test_ratio),
        cmocka_unit_test(test_unit),
        cmocka_unit_test(test_unit_limits),
        cmocka_unit_test(test_refused_parameters),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
