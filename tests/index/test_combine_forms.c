/* Combiners against closed forms: cases worked out by hand, and other definitions of the same. */
#include "index_fixture.h"

static double combined(const char *method, const double *scores, const double *weights,
                       size_t count, const double *params)
{
    struct mq_argument argument[MQ_MAX_PARAMS] = {{.rows = 1, .columns = count, .value = params}};
    struct mq_choice choice = {.argument = argument};

    for (size_t i = 0; params && i < 2; i++)
        choice.param[i] = params[i];
    return mq_combiners[fixture_method(MQ_COMBINE, method)]->combine(scores, weights, count,
                                                                     &choice);
}

static void test_closed_forms(void **state)
{
    static const double half[] = {0.5, 0.5}, scores[] = {90, 60};

    (void)state;
    /* Compind's mean-min function standardises down the columns with the statistics of other ones
     * (91.753 where the formula gives 91.513), so there is nothing to compare with: gap 15, beta 8,
     * sqrt(225 + 64) = 17. */
    assert_close(combined("mean_min", scores, half, 2, (double[]){0.5, 8}), 70.5, 1e-15);
    assert_close(combined("mean_min", scores, half, 2, (double[]){1, 0}), 60, 1e-15);
    assert_close(combined("mean_min", scores, half, 2, (double[]){0, 3}), 75, 1e-15);
    /* a gap far below beta does not vanish: 15^2 / (2 * 1e9) */
    assert_close(75 - combined("mean_min", scores, half, 2, (double[]){1, 1e9}), 1.125e-7, 1e-6);
    assert_close(combined("power", scores, half, 2, (double[]){0, 0}), sqrt(5400), 1e-15);
    assert_close(combined("power", scores, half, 2, (double[]){1e-9, 0}), sqrt(5400), 1e-9);
    assert_close(combined("power", scores, half, 2, (double[]){-1, 0}), 72, 1e-15);
    assert_close(combined("power", scores, half, 2, (double[]){2, 0}), sqrt(5850), 1e-15);
    assert_close(combined("power", scores, half, 2, (double[]){900, 0}), 90 * pow(0.5, 1.0 / 900),
                 1e-14);
    assert_close(combined("harmonic", scores, half, 2, NULL), 72, 1e-15);
    assert_true(isnan(combined("harmonic", (double[]){5, 0}, half, 2, NULL)));
    assert_true(isnan(combined("power", (double[]){5, 0}, half, 2, (double[]){0, 0})));
    assert_close(combined("power", (double[]){5, 0}, half, 2, (double[]){2, 0}), sqrt(12.5), 1e-15);
    assert_true(isnan(combined("power", (double[]){5, -1}, half, 2, (double[]){3, 0})));
    assert_true(isnan(combined("mpi", (double[]){5, -7}, half, 2, (double[]){0, 0})));
    assert_close(combined("mpi", scores, half, 2, (double[]){0, 0}), 72, 1e-15); /* 75 - 225/75 */
    assert_close(combined("ampi", scores, half, 2, (double[]){1, 0}), 78, 1e-15);
}

static int ascending(const void *left, const void *right)
{
    return mq_compare_reals(left, right);
}

/* Weights of k/N are k copies of a score, each counting once. */
static void test_weighted_medians(void **state)
{
    uint64_t seed = 5;

    (void)state;
    for (int round = 0; round < 5000; round++) {
        double scores[8], weights[8], copies[64], wanted;
        size_t count = 1 + (size_t)fixture_uniform(&seed, 0, 8), total = 0, times[8];
        for (size_t i = 0; i < count; i++) {
            scores[i] = floor(fixture_uniform(&seed, 0, 20)) + fixture_uniform(&seed, 0, 0.5);
            times[i] = round % 2 ? 1 : 1 + (size_t)fixture_uniform(&seed, 0, 7);
            for (size_t k = 0; k < times[i]; k++)
                copies[total++] = scores[i];
        }
        for (size_t i = 0; i < count; i++)
            weights[i] = (double)times[i] / (double)total;
        qsort(copies, total, sizeof *copies, ascending);
        wanted = copies[(total - 1) / 2] / 2 + copies[total / 2] / 2;
        assert_same(combined("median", scores, weights, count, NULL), wanted);
    }
}

/* The k-th place takes v_k; weights of children stretch the places; a missing child shrinks them
 * all alike. */
static void test_ordered_weights(void **state)
{
    static const double v[] = {0.5, 0.3, 0.2}, equal[] = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    struct mq_argument places = {.rows = 1, .columns = 3, .value = v};
    struct mq_choice choice = {.argument = &places};
    const struct mq_combiner *owa = mq_combiners[fixture_method(MQ_COMBINE, "owa")];

    (void)state;
    assert_close(owa->combine((double[]){60, 90, 75}, equal, 3, &choice),
                 0.5 * 90 + 0.3 * 75 + 0.2 * 60, 1e-15);
    /* 90 weighs 1/2: Q(1/2) = 0.5 + 0.3/2; 75 weighs 1/4: Q(3/4) = 0.8 + 0.2/4 */
    assert_close(owa->combine((double[]){60, 90, 75}, (double[]){0.25, 0.5, 0.25}, 3, &choice),
                 0.65 * 90 + 0.2 * 75 + 0.15 * 60, 1e-15);
    /* two of three: Q(1/2) = 0.65 */
    assert_close(owa->combine((double[]){60, 90}, (double[]){0.5, 0.5}, 2, &choice),
                 0.65 * 90 + 0.35 * 60, 1e-15);
    assert_null(owa->method.fault(&choice));
    places.value = (double[]){0.5, 0.6, -0.1};
    assert_string_equal(owa->method.fault(&choice), "no weight of a place may be negative");
    places.value = (double[]){0.5, 0.3, 0.1};
    assert_string_equal(owa->method.fault(&choice), "the weights of the places must sum to 1");
}

static void table_of(const char *method, const double *const *column, const double *weight,
                     size_t children, size_t units, double *value)
{
    struct mq_combine_table table = {column, weight, children, units, &(struct mq_choice){0}};

    assert_int_equal(mq_combiners[fixture_method(MQ_COMBINE, method)]->table(&table, value, NULL),
                     MQ_OK);
}

/* b lacks the third indicator: a beats it by 0.5 to 0.3 in the others; c has nothing in common
 * with d. */
static void test_missing_in_comparisons(void **state)
{
    const double x[] = {5, 4, NAN, 1}, y[] = {1, 2, NAN, 1}, z[] = {3, NAN, 9, NAN};
    const double *column[] = {x, y, z};
    const double weight[] = {0.5, 0.3, 0.2, 0.625, 0.375, 0, 0, 0, 1, 0.625, 0.375, 0};
    double value[4];

    (void)state;
    table_of("copeland", column, weight, 3, 4, value);
    assert_close(value[0], 1 + 1 - 1, 0); /* beats b and d, loses to c in z */
    assert_close(value[1], -1 + 1, 0);
    assert_close(value[2], 1, 0);
    assert_close(value[3], -2, 0);
    table_of("rank_sum_ratio", column, weight, 3, 4, value);
    assert_close(value[0], 0.5 * 1 + 0.3 * 0.5 + 0.2 * 0.5, 1e-15); /* y: 1.5 of 3 */
    assert_close(value[2], 1, 1e-15);
    /* nothing differs: no nearness */
    table_of("topsis", (const double *[]){(double[]){4, 4}}, (double[]){1, 1}, 1, 2, value);
    assert_true(isnan(value[0]) && isnan(value[1]));
    /* squares beyond the range of doubles */
    table_of("topsis", (const double *[]){(double[]){1e300, 4e300, 2e300}}, (double[]){1, 1, 1}, 1,
             3, value);
    assert_close(value[2], 1.0 / 3, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed_forms),
        cmocka_unit_test(test_weighted_medians),
        cmocka_unit_test(test_ordered_weights),
        cmocka_unit_test(test_missing_in_comparisons),
    };

    return cmocka_run_group_tests_name("closed forms of combiners", tests, NULL, NULL);
}
