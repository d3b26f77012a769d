/* Raking: closed forms, random tables to 1e-9, and what cannot be fitted. */
#include "core/rake.h"

#include "support.h"

static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
enum { MOST = 512 };

static double drawn(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return (double)(*random >> 11) / 9007199254740992.0;
}

static double sum_of(const struct mq_rake *rake, const double *factor, size_t margin, uint32_t k)
{
    double sum = 0;
    for (size_t c = 0; c < rake->cells; c++)
        if (rake->category[c * rake->margins + margin] == k)
            sum += rake->weight[c] * factor[c];
    return sum;
}

/* The sum of deviations, as a share, over all categories. */
static double deviation(const struct mq_rake *rake, const double *factor)
{
    double most = 0;
    for (size_t m = 0; m < rake->margins; m++)
        for (uint32_t k = 0; k < rake->margin[m].categories; k++)
            most = fmax(most, fabs(sum_of(rake, factor, m, k) / rake->margin[m].total[k] - 1));
    return most;
}

/* A 2 x 3 table of ones becomes the product of its margins. */
static void independent_margins(void **state)
{
    (void)state;
    static const double row[] = {30, 70}, column[] = {20, 30, 50}, weight[] = {1, 1, 1, 1, 1, 1};
    static const uint32_t category[] = {0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 2};
    const struct mq_rake_margin margin[] = {{"row", 2, names, row}, {"column", 3, names, column}};
    struct mq_rake rake = {.cells = 6,
                           .margins = 2,
                           .weight = weight,
                           .margin = margin,
                           .category = category,
                           .path = "margins.csv",
                           .note = ""};
    double factor[6];
    int rounds = -1;
    struct mq_error error = {0};
    assert_int_equal(mq_rake(&rake, factor, &rounds, &error), MQ_OK);
    assert_int_equal(rounds, 1);
    for (size_t c = 0; c < 6; c++)
        assert_close(factor[c], row[c / 3] * column[c % 3] / 100, 1e-14);
    /* one margin: post-stratification; the result agrees already: nothing happens */
    rake.margins = 1;
    rake.category = (const uint32_t[]){0, 0, 0, 1, 1, 1};
    assert_int_equal(mq_rake(&rake, factor, NULL, &error), MQ_OK);
    assert_close(factor[0], 10, 1e-15);
    assert_close(factor[5], 70. / 3, 1e-15);
    double fitted[6];
    for (size_t c = 0; c < 6; c++)
        fitted[c] = factor[c];
    rake.weight = fitted;
    assert_int_equal(mq_rake(&rake, factor, &rounds, &error), MQ_OK);
    assert_int_equal(rounds, 0);
    assert_true(factor[0] >= 1 && factor[0] <= 1);
}

/* The odds ratio of a 2 x 2 table stays. With odds 6 and margins 50 50 / 50 50: x^2 = 6 (50 - x)^2,
 * x = 50 sqrt 6 / (1 + sqrt 6). */
static void odds_ratios_stay(void **state)
{
    (void)state;
    static const double half[] = {50, 50}, weight[] = {2, 1, 3, 9};
    static const uint32_t category[] = {0, 0, 0, 1, 1, 0, 1, 1};
    const struct mq_rake_margin margin[] = {{"row", 2, names, half}, {"column", 2, names, half}};
    const struct mq_rake rake = {4, 2, weight, margin, category, "margins.csv", "", false};
    double factor[4];
    int rounds;
    struct mq_error error = {0};
    assert_int_equal(mq_rake(&rake, factor, &rounds, &error), MQ_OK);
    assert_true(rounds > 1);
    double x = 50 * sqrt(6) / (1 + sqrt(6));
    assert_close(weight[0] * factor[0], x, 1e-8);
    assert_close(weight[1] * factor[1], 50 - x, 1e-8);
    assert_close(weight[3] * factor[3], x, 1e-8);
}

/* Three margins of random tables with holes; totals of another random table with the same holes. */
static void random_tables(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252u;
    for (int round = 0; round < 200; round++) {
        static double weight[MOST], wanted[MOST], factor[MOST], again[MOST];
        static uint32_t category[MOST * 3];
        double total[3][6] = {{0}};
        size_t size[3], cells = 0;
        for (size_t m = 0; m < 3; m++)
            size[m] = 2 + (size_t)(drawn(&random) * 5);
        for (uint32_t i = 0; i < size[0] * size[1] * size[2]; i++) {
            uint32_t k[3] = {i % (uint32_t)size[0], i / (uint32_t)size[0] % (uint32_t)size[1],
                             i / (uint32_t)(size[0] * size[1])};
            bool diagonal = k[0] % size[1] == k[1] || k[1] % size[2] == k[2];
            if (!diagonal && drawn(&random) < 0.2)
                continue;
            weight[cells] = 0.1 + 100 * drawn(&random);
            wanted[cells] = 0.1 + 100 * drawn(&random);
            for (size_t m = 0; m < 3; m++) {
                category[cells * 3 + m] = k[m];
                total[m][k[m]] += wanted[cells];
            }
            cells++;
        }
        const struct mq_rake_margin margin[] = {{"x", size[0], names, total[0]},
                                                {"y", size[1], names, total[1]},
                                                {"z", size[2], names, total[2]}};
        const struct mq_rake rake = {cells, 3, weight, margin, category, "m.csv", "", false};
        struct mq_error error = {0};
        if (mq_rake(&rake, factor, NULL, &error) != MQ_OK)
            fail_msg("round %d: %s", round, error.message);
        assert_true(deviation(&rake, factor) <= 1.0000001e-9);
        assert_int_equal(mq_rake(&rake, again, NULL, &error), MQ_OK);
        assert_memory_equal(factor, again, cells * sizeof *factor);
        for (size_t c = 0; c < cells; c++)
            assert_true(factor[c] > 0 && isfinite(factor[c]));
    }
}

/* ---- what cannot be fitted ---- */

static void assert_refused(const struct mq_rake *rake, const char *message)
{
    double factor[4];
    struct mq_error error = {0};
    assert_int_equal(mq_rake(rake, factor, NULL, &error), MQ_DATA);
    assert_string_equal(error.file, "margins.csv");
    assert_contains(error.message, message);
}

static void failures_say_why(void **state)
{
    (void)state;
    static const double weight[] = {1, 1, 1}, sexes[] = {49, 51}, ages[] = {30, 60, 10},
                        more[] = {30, 60, 11}, none[] = {0, 100};
    /* nobody is both 0 and 1: the first column is the first row */
    static const uint32_t category[] = {0, 0, 1, 1, 1, 1};
    struct mq_rake_margin margin[] = {{"sex", 2, names, sexes}, {"age", 3, names, ages}};
    struct mq_rake rake = {3, 2, weight, margin, category, "margins.csv", ", period 2024", false};

    assert_refused(&rake,
                   "age: category c has a total of 10, period 2024 but nobody in the sample");
    rake.category = (const uint32_t[]){0, 0, 1, 1, 1, 2};
    margin[1].total = more;
    assert_refused(&rake, "the totals of two margins differ, period 2024: those of sex add up to "
                          "100, those of age to 101");
    margin[1].total = ages;
    assert_refused(&rake, "the weights do not settle in 1000 rounds, period 2024: farthest off is "
                          "sex, whose category a has 30 instead of 49");
    rake.chinese = true;
    assert_refused(&rake, "加权调整 1000 轮后仍未收敛, period 2024：相差最大的是 sex 的类别 a，为 "
                          "30，应为 49");
    margin[0].total = none;
    assert_refused(&rake, "sex 的类别 a 有样本，但总数为 0");
    rake.chinese = false;
    assert_refused(&rake, "sex: category a is in the sample but its total is 0");
    margin[0].total = (const double[]){NAN, 51};
    assert_refused(&rake, "sex: category a is in the sample but its total is nan");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(independent_margins),
        cmocka_unit_test(odds_ratios_stay),
        cmocka_unit_test(random_tables),
        cmocka_unit_test(failures_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
