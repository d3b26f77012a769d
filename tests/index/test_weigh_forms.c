/* Weights against closed forms and cases done by hand; what is special; the order of the units. */
#include "index/column_stats.h"
#include "index_fixture.h"

enum { CHILDREN = 5, UNITS = 613 };

#include "weigh_fixture.h"

/* Scores with a common part, so that they correlate. */
static void draw(struct cells *cells, size_t children, size_t units, uint64_t seed)
{
    cells->children = children;
    cells->units = units;
    for (size_t i = 0; i < units; i++) {
        double common = fixture_uniform(&seed, 0, 30);
        for (size_t c = 0; c < children; c++)
            cells->value[c][i] = 20 + common + fixture_uniform(&seed, 0, 7.3 * (double)(c + 1));
    }
}

static double correlation(const double *x, const double *y, size_t count)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;

    for (size_t i = 0; i < count; i++) {
        mx += x[i] / (double)count;
        my += y[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        xy += (x[i] - mx) * (y[i] - my);
    }
    return xy / sqrt(xx * yy);
}

/* ---- spread ---- */

static void test_by_hand(void **state)
{
    /* means 3 and 20, variances 4 and 28 (n - 1), Gini 4/9 * 2/3 and 5/18 */
    struct cells cells = {3, 2, {{1, 3, 5}, {16, 18, 26}}};
    double weights[2], entropy[2] = {0},
                       share[2][3] = {{1 / 9., 3 / 9., 5 / 9.}, {16 / 60., 18 / 60., 26 / 60.}};

    (void)state;
    assert_int_equal(weigh_as(&cells, "sd", weights), MQ_FINE);
    assert_close(weights[0], 2 / (2 + sqrt(28)), 1e-15);
    assert_int_equal(weigh_as(&cells, "cv", weights), MQ_FINE);
    assert_close(weights[0], 2 / 3. / (2 / 3. + sqrt(28) / 20), 1e-15);
    assert_int_equal(weigh_as(&cells, "gini", weights), MQ_FINE);
    assert_close(weights[0], (8 / 27.) / (8 / 27. + 1 / 9.), 1e-15);
    for (int c = 0; c < 2; c++)
        for (int i = 0; i < 3; i++)
            entropy[c] -= share[c][i] * log(share[c][i]) / log(3);
    assert_int_equal(weigh_as(&cells, "entropy", weights), MQ_FINE);
    assert_close(weights[0], (1 - entropy[0]) / (2 - entropy[0] - entropy[1]), 1e-14);
    /* two children conflict with each other alike: what is left is the spread */
    assert_int_equal(weigh_as(&cells, "critic", weights), MQ_FINE);
    assert_close(weights[0], 2 / (2 + sqrt(28)), 1e-13);
    assert_int_equal(weigh_as(&cells, "merec", weights), MQ_FINE);
    double whole[3], effect[2] = {0};
    for (int i = 0; i < 3; i++) {
        double a = log(cells.value[0][i]), b = log(cells.value[1][i] / 16);
        whole[i] = log(1 + (a + b) / 2);
        effect[0] += whole[i] - log(1 + b / 2);
        effect[1] += whole[i] - log(1 + a / 2);
    }
    assert_close(weights[0], effect[0] / (effect[0] + effect[1]), 1e-14);
}

/* Nearly even scores: 1 - e is the variance over 2 ln n to first order, digits and all. */
static void test_entropy_of_even_scores(void **state)
{
    struct cells cells = {4, 2, {{1 - 3e-9, 1 - 1e-9, 1 + 1e-9, 1 + 3e-9}, {5, 5, 5, 5 + 1e-7}}};
    double weights[2], d = 1e-7 / 5, first = 5 * 1e-18, second = 3 * d * d / 16;

    (void)state;
    assert_int_equal(weigh_as(&cells, "entropy", weights), MQ_FINE);
    assert_close(weights[0] / weights[1], first / second, 2e-6); /* of the rounded inputs */
}

/* Zeros, negative scores, constant children, holes. */
static void test_special_scores(void **state)
{
    static const char *const shifted[] = {"entropy", "gini"};
    struct cells down = {4, 3, {{-2, 0, 1, 5}, {4, 4, 4, 4}, {0, 0, 0, 9}}}, moved = down;
    double weights[3], again[3];

    (void)state;
    for (size_t i = 0; i < 4; i++)
        moved.value[0][i] += 2;
    for (int m = 0; m < 2; m++) {
        assert_int_equal(weigh_as(&down, shifted[m], weights), MQ_FINE);
        assert_int_equal(weigh_as(&moved, shifted[m], again), MQ_FINE);
        for (int c = 0; c < 3; c++)
            assert_close(weights[c], again[c], 1e-15);
        assert_same(weights[1], 0);
        assert_true(weights[2] > weights[0]); /* all of it in one unit */
    }
    assert_int_equal(weigh_as(&down, "merec", weights), MQ_UNDEFINED);
    assert_int_equal(weigh_as(&down, "bod", weights), MQ_UNDEFINED);
    memcpy(down.value[0], (double[]){-1, 1, -3, 3}, 4 * sizeof(double));
    assert_int_equal(weigh_as(&down, "cv", weights), MQ_UNDEFINED); /* a mean of 0 */
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < 4; i++)
            down.value[c][i] = i == c ? NAN : 7.5;
    for (size_t m = 0; m < mq_weighers_count; m++) {
        const char *name = mq_weighers[m]->method.name;
        const char *const of_data[] = {"entropy", "critic", "cv",           "sd",
                                       "gini",    "merec",  "independence", "pca"};
        for (size_t k = 0; k < sizeof of_data / sizeof *of_data; k++)
            if (strcmp(name, of_data[k]) == 0)
                assert_int_equal(weigh_as(&down, name, weights), MQ_NO_GOALPOSTS);
    }
    down.children = 1;
    assert_int_equal(weigh_as(&down, "entropy", weights), MQ_FINE);
    assert_same(weights[0], 1); /* an only child */
}

/* ---- relations ---- */

static void test_unrelated(void **state)
{
    struct cells cells = {4, 3, {{1, 1, -1, -1}, {3, -3, 3, -3}, {2, -2, -2, 2}}};
    double weights[3];

    (void)state;
    assert_int_equal(weigh_as(&cells, "pca", weights), MQ_UNDEFINED);
    assert_int_equal(weigh_as(&cells, "independence", weights), MQ_UNDEFINED);
    assert_int_equal(weigh_as(&cells, "critic", weights), MQ_FINE);
    assert_close(weights[1], 0.5, 1e-15);
    memcpy(cells.value[1], (double[]){7, 7, -7, -7}, 4 * sizeof(double));
    memcpy(cells.value[2], (double[]){9, 9, -5, -5}, 4 * sizeof(double));
    assert_int_equal(weigh_as(&cells, "critic", weights), MQ_NO_GOALPOSTS); /* all in step */
    assert_int_equal(weigh_as(&cells, "pca", weights), MQ_FINE);
    assert_close(weights[2], 1 / 3., 1e-14);
    assert_int_equal(weigh_as(&cells, "independence", weights), MQ_FINE);
    assert_close(weights[2], 1 / 3., 1e-14);
}

/* Three children: multiple correlations have a formula of their own. */
static void test_independence(void **state)
{
    struct cells cells;
    double weights[3], inverse[3], sum = 0;

    (void)state;
    draw(&cells, 3, 211, 77);
    for (int j = 0; j < 3; j++) {
        const double *x = cells.value[j], *y = cells.value[(j + 1) % 3],
                     *z = cells.value[(j + 2) % 3];
        double xy = correlation(x, y, 211), xz = correlation(x, z, 211),
               yz = correlation(y, z, 211);
        inverse[j] = 1 / sqrt((xy * xy + xz * xz - 2 * xy * xz * yz) / (1 - yz * yz));
        sum += inverse[j];
    }
    assert_int_equal(weigh_as(&cells, "independence", weights), MQ_FINE);
    for (int j = 0; j < 3; j++)
        assert_close(weights[j], inverse[j] / sum, 1e-12);
}

/* A child that goes against the others: whatever the sign of the decomposition, squares. */
static void test_pca_against(void **state)
{
    struct cells cells;
    double weights[3], turned[3];

    (void)state;
    draw(&cells, 3, 100, 5);
    assert_int_equal(weigh_as(&cells, "pca", weights), MQ_FINE);
    for (size_t i = 0; i < 100; i++)
        cells.value[1][i] = 100 - cells.value[1][i];
    assert_int_equal(weigh_as(&cells, "pca", turned), MQ_FINE);
    for (int c = 0; c < 3; c++)
        assert_close(turned[c] / turned[0], pow(weights[c] / weights[0], 2), 1e-10);
}

static void scores_of(const struct cells *cells, const double *weights, double *score)
{
    for (size_t i = 0; i < cells->units; i++) {
        score[i] = 0;
        for (size_t c = 0; c < cells->children; c++)
            score[i] += weights[c] * cells->value[c][i];
    }
}

static void test_target_influence(void **state)
{
    static const double asked[] = {0.1, 0.2, 0.4, 0.3}, uneven[] = {1, 1, 0, 3};
    struct cells cells;
    struct chosen chosen;
    double weights[4], score[UNITS], reached[4];

    (void)state;
    draw(&cells, 4, 300, 9);
    scores_of(&cells, asked, score);
    for (int c = 0; c < 4; c++)
        reached[c] = 7.3 * correlation(cells.value[c], score, 300);
    assert_int_equal(weigh(&cells, choose(&chosen, "target_influence", reached, 1, 4), weights),
                     MQ_FINE);
    for (int c = 0; c < 4; c++)
        assert_close(weights[c], asked[c], 1e-11);
    /* out of reach: with v = w * sd the gradient R (R v - t) is 0 where v > 0 and >= 0 elsewhere,
     * for the scale at which v fits best */
    assert_int_equal(weigh(&cells, choose(&chosen, "target_influence", uneven, 1, 4), weights),
                     MQ_FINE);
    double r[4][4], fit[4] = {0}, v[4], up = 0, down = 0;
    for (int c = 0; c < 4; c++) {
        struct mq_column_stats stats;
        mq_column_stats(cells.value[c], 300, &stats);
        v[c] = weights[c] * stats.sd;
        for (int k = 0; k < 4; k++)
            r[c][k] = correlation(cells.value[c], cells.value[k], 300);
    }
    for (int c = 0; c < 4; c++) {
        for (int k = 0; k < 4; k++)
            fit[c] += r[c][k] * v[k];
        up += fit[c] * uneven[c];
        down += fit[c] * fit[c];
    }
    int held = 0;
    for (int c = 0; c < 4; c++) {
        double gradient = 0;
        for (int k = 0; k < 4; k++)
            gradient += r[c][k] * (fit[k] * up / down - uneven[k]);
        held += weights[c] == 0;
        if (weights[c] > 0)
            assert_close(gradient, 0, 1e-10);
        else
            assert_true(gradient >= -1e-10);
    }
    assert_true(held > 0);
    assert_true(weights[3] > 0.5);
}

static void test_targets_refused(void **state)
{
    static const double negative[] = {1, -0.5}, none[] = {0, 0}, one[] = {0, 1};
    struct cells cells = {3, 2, {{4, 4, 4}, {1, 2, 9}}};
    struct chosen chosen;
    double weights[2];

    (void)state;
    assert_contains(fault_of(choose(&chosen, "target_influence", negative, 1, 2)), "negative");
    assert_contains(fault_of(choose(&chosen, "target_influence", none, 1, 2)), "greater than 0");
    assert_null(fault_of(choose(&chosen, "target_influence", one, 1, 2)));
    assert_int_equal(weigh(&cells, &chosen.choice, weights), MQ_FINE);
    assert_same(weights[1], 1);
    choose(&chosen, "target_influence", (const double[]){1, 1}, 1, 2);
    assert_int_equal(weigh(&cells, &chosen.choice, weights), MQ_NO_GOALPOSTS);
    memcpy(cells.value[0], (double[]){2, 4, 18}, 3 * sizeof(double));
    assert_int_equal(weigh(&cells, &chosen.choice, weights), MQ_UNDEFINED); /* one is twice the
                                                                               other */
}

/* ---- order ---- */

static void shuffle_units(struct cells *cells, uint64_t seed)
{
    for (size_t i = cells->units - 1; i > 0; i--) {
        size_t k = (size_t)fixture_uniform(&seed, 0, (double)i + 0.999);
        for (size_t c = 0; c < cells->children; c++) {
            double kept = cells->value[c][i];
            cells->value[c][i] = cells->value[c][k];
            cells->value[c][k] = kept;
        }
    }
}

/* Not a bit depends on the order of the units: long tails, holes, values of every size. */
static void test_order_of_units(void **state)
{
    static const char *const methods[] = {"entropy", "critic", "cv",           "sd",
                                          "gini",    "merec",  "independence", "pca"};
    static const double targets[] = {0.2, 0.3, 0.1, 0.25, 0.15};
    struct cells cells, mixed;
    struct chosen chosen;
    double weights[CHILDREN], again[CHILDREN];
    uint64_t seed = 31;

    (void)state;
    for (uint64_t round = 0; round < 20; round++) {
        draw(&cells, CHILDREN, UNITS, 100 + round);
        for (size_t i = 0; i < UNITS; i++)
            for (size_t c = 0; c < CHILDREN; c++)
                cells.value[c][i] = fixture_uniform(&seed, 0, 1) < 0.03
                                        ? NAN
                                        : pow(cells.value[c][i], 1 + (double)c) * 1e-3;
        mixed = cells;
        shuffle_units(&mixed, round);
        for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
            assert_int_equal(weigh_as(&cells, methods[m], weights), MQ_FINE);
            assert_int_equal(weigh_as(&mixed, methods[m], again), MQ_FINE);
            assert_memory_equal(weights, again, sizeof weights);
        }
        choose(&chosen, "target_influence", targets, 1, CHILDREN);
        assert_int_equal(weigh(&cells, &chosen.choice, weights), MQ_FINE);
        assert_int_equal(weigh(&mixed, &chosen.choice, again), MQ_FINE);
        assert_memory_equal(weights, again, sizeof weights);
    }
}

/* The same unit has the same weights by the benefit of the doubt, wherever it stands. */
static void test_order_for_bod(void **state)
{
    static double weights[80 * CHILDREN], again[80 * CHILDREN];
    struct cells cells, mixed;

    (void)state;
    for (uint64_t round = 0; round < 5; round++) {
        draw(&cells, CHILDREN, 80, 900 + round);
        mixed = cells;
        shuffle_units(&mixed, round);
        assert_int_equal(weigh_as(&cells, "bod", weights), MQ_FINE);
        assert_int_equal(weigh_as(&mixed, "bod", again), MQ_FINE);
        for (size_t i = 0; i < 80; i++) {
            size_t k = 0;
            while (mixed.value[0][k] != cells.value[0][i])
                k++;
            assert_memory_equal(weights + i * CHILDREN, again + k * CHILDREN,
                                CHILDREN * sizeof *weights);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),          cmocka_unit_test(test_entropy_of_even_scores),
        cmocka_unit_test(test_special_scores),   cmocka_unit_test(test_unrelated),
        cmocka_unit_test(test_independence),     cmocka_unit_test(test_pca_against),
        cmocka_unit_test(test_target_influence), cmocka_unit_test(test_targets_refused),
        cmocka_unit_test(test_order_of_units),   cmocka_unit_test(test_order_for_bod),
    };

    return cmocka_run_group_tests_name("weights by formula", tests, NULL, NULL);
}
