/* Weights that are asked for: judgements, combined sets, the best light; against closed forms and
 * cases done by hand. */
#include "index_fixture.h"

enum { CHILDREN = 5, UNITS = 8 };

#include "weigh_fixture.h"

/* ---- judgements ---- */

/* Saaty's choice of a school (1980): six criteria, weights .32 .14 .03 .13 .24 .14; its judgements
 * contradict each other. */
static const double school[] = {1, 4,      3, 1,      3,      4,      1 / 4., 1,      7,
                                3, 1 / 5., 1, 1 / 3., 1 / 7., 1,      1 / 5., 1 / 5., 1 / 6.,
                                1, 1 / 3., 5, 1,      1,      1 / 3., 1 / 3., 5,      5,
                                1, 1,      3, 1 / 4., 1,      6,      3,      1 / 3., 1};

static void test_ahp_school(void **state)
{
    static const double wanted[] = {0.32, 0.14, 0.03, 0.13, 0.24, 0.14};
    double weights[6];
    const double *column[6] = {NULL};
    struct chosen chosen;
    struct mq_weigh_table table = {column, 6, 0, wanted, choose(&chosen, "ahp", school, 6, 6)};
    enum mq_reason reason = MQ_FINE;

    (void)state;
    assert_int_equal(mq_weighers[chosen.choice.method]->weigh(&table, weights, &reason, NULL),
                     MQ_OK);
    assert_int_equal(reason, MQ_FINE);
    for (int i = 0; i < 6; i++)
        assert_close(weights[i], wanted[i], 0.0051);
    double root = 0;
    for (int k = 0; k < 6; k++)
        root += school[k] * weights[k] / weights[0];
    for (int i = 1; i < 6; i++) {
        double image = 0;
        for (int k = 0; k < 6; k++)
            image += school[6 * i + k] * weights[k];
        assert_close(image, root * weights[i], 1e-14);
    }
    assert_close((root - 6) / 5 / 1.25, 0.2272, 5e-5);
    assert_contains(fault_of(&chosen.choice), "consistency ratio is 0.23 (rounded up)");
    chosen.choice.param[1] = 0.25;
    assert_null(fault_of(&chosen.choice));
}

/* With three children the eigenvector is the rows' geometric means, and the eigenvalue 1 + t + 1/t
 * with t^3 = a13 / (a12 a23). */
static void test_ahp_three(void **state)
{
    static const double a = 1.83, b = 4.1, c = 3.27;
    const double matrix[] = {1, a, c, 1 / a, 1, b / 2, 1 / c, 2 / b, 1};
    double weights[3], wanted[3], sum = 0, t = cbrt(c / (a * b / 2));
    double ratio = (t + 1 / t - 2) / 2 / 0.52;
    struct cells cells = {0, 3, {{0}}};
    struct chosen chosen;

    (void)state;
    assert_int_equal(weigh(&cells, choose(&chosen, "ahp", matrix, 3, 3), weights), MQ_FINE);
    for (int i = 0; i < 3; i++)
        sum += wanted[i] = cbrt(matrix[3 * i] * matrix[3 * i + 1] * matrix[3 * i + 2]);
    for (int i = 0; i < 3; i++)
        assert_close(weights[i], wanted[i] / sum, 1e-14);
    chosen.choice.param[1] = ratio + 1e-9;
    assert_null(fault_of(&chosen.choice));
    chosen.choice.param[1] = ratio - 1e-9;
    assert_contains(fault_of(&chosen.choice), "contradict");
}

static void test_ahp_group(void **state)
{
    /* two experts: 2 and 8 times as important, together 4 times */
    static const double both[] = {1, 2, 0.5, 1, 1, 8, 0.125, 1};
    struct cells cells = {0, 2, {{0}}};
    struct chosen chosen;
    double weights[2];

    (void)state;
    assert_int_equal(weigh(&cells, choose(&chosen, "ahp", both, 4, 2), weights), MQ_FINE);
    assert_null(fault_of(&chosen.choice));
    assert_close(weights[0], 0.8, 1e-15);
}

static void test_ahp_refused(void **state)
{
    static const double crooked[] = {1, 3, 0.4, 1}, diagonal[] = {2, 3, 1 / 3., 1},
                        negative[] = {1, -3, -1 / 3., 1},
                        wild[] = {1, 9, 1 / 9., 1 / 9., 1, 9, 9, 1 / 9., 1};
    static const double rounded[] = {1, 3, 0.333, 1};
    struct chosen chosen;

    (void)state;
    assert_contains(fault_of(choose(&chosen, "ahp", crooked, 2, 2)), "reciprocal");
    assert_contains(fault_of(choose(&chosen, "ahp", diagonal, 2, 2)), "reciprocal");
    assert_contains(fault_of(choose(&chosen, "ahp", negative, 2, 2)), "greater than 0");
    assert_contains(fault_of(choose(&chosen, "ahp", wild, 3, 3)), "1 or more");
    assert_null(fault_of(choose(&chosen, "ahp", rounded, 2, 2)));
    chosen.choice.param[1] = -1;
    assert_contains(fault_of(&chosen.choice), "max_cr");
}

/* ---- combined ---- */

struct pair {
    struct chosen part[2];
    struct mq_choice choices[2];
    struct chosen both;
};

/* Sets of weights (.6, .4) and (.2, .8). */
static struct mq_choice *pair_of(struct pair *pair, int how, const double *alpha)
{
    static const double first[] = {1, 1.5, 2 / 3., 1}, second[] = {1, 0.25, 4, 1};

    pair->choices[0] = *choose(&pair->part[0], "ahp", first, 2, 2);
    pair->choices[1] = *choose(&pair->part[1], "ahp", second, 2, 2);
    choose(&pair->both, "combined", NULL, 0, 0);
    pair->both.choice.param[1] = how;
    pair->both.argument[0] = (struct mq_argument){.choices = 2, .choice = pair->choices};
    if (alpha)
        pair->both.argument[2] = (struct mq_argument){.rows = 1, .columns = 2, .value = alpha};
    return &pair->both.choice;
}

static void test_combined(void **state)
{
    static const double alpha[] = {3, 1}, negative[] = {2, -1}, zero[] = {0, 0};
    struct cells cells = {0, 2, {{0}}};
    struct pair pair;
    double weights[2];

    (void)state;
    assert_int_equal(weigh(&cells, pair_of(&pair, 0, NULL), weights), MQ_FINE);
    assert_close(weights[0], 0.4, 1e-15);
    assert_int_equal(weigh(&cells, pair_of(&pair, 0, alpha), weights), MQ_FINE);
    assert_close(weights[0], 0.5, 1e-15);
    assert_int_equal(weigh(&cells, pair_of(&pair, 1, NULL), weights), MQ_FINE);
    assert_close(weights[0], 0.12 / 0.44, 1e-15);
    /* .52 a + .44 b = .52, .44 a + .68 b = .68: a = .34, b = .78 */
    assert_int_equal(weigh(&cells, pair_of(&pair, 2, NULL), weights), MQ_FINE);
    assert_close(weights[0], (0.34 * 0.6 + 0.78 * 0.2) / 1.12, 1e-13);
    assert_null(fault_of(pair_of(&pair, 0, alpha)));
    assert_contains(fault_of(pair_of(&pair, 2, alpha)), "how: linear");
    assert_contains(fault_of(pair_of(&pair, 0, negative)), "negative");
    assert_contains(fault_of(pair_of(&pair, 0, zero)), "greater than 0");
    pair_of(&pair, 0, alpha);
    pair.both.argument[2].columns = 1;
    assert_contains(fault_of(&pair.both.choice), "one number for each method");
    pair.choices[1] = (struct mq_choice){.method = fixture_method(MQ_WEIGH, "bod")};
    assert_contains(fault_of(&pair.both.choice), "weights of its own");
    pair_of(&pair, 0, NULL);
    pair.choices[1] = (struct mq_choice){.method = fixture_method(MQ_WEIGH, "entropy")};
    assert_int_equal(weigh(&cells, &pair.both.choice, weights), MQ_NO_GOALPOSTS);
    pair.choices[1] = (struct mq_choice){.method = fixture_method(MQ_WEIGH, "fixed")};
    assert_int_equal(weigh(&cells, &pair.both.choice, weights), MQ_FINE);
    assert_close(weights[0], (0.6 + 0.3) / (1 + 0.4), 1e-15); /* written .3 and .1 */
}

/* ---- benefit of the doubt ---- */

static double bod_score(const struct cells *cells, const double *weights, size_t unit)
{
    double score = 0;

    for (size_t c = 0; c < cells->children; c++)
        if (!isnan(cells->value[c][unit]))
            score += weights[unit * cells->children + c] * cells->value[c][unit];
    return score;
}

static void test_bod(void **state)
{
    /* the frontier goes from (2, 8) to (8, 2): weights .1 and .1; the fourth unit is half of (5,
     * 5), the fifth has zeros only, the sixth lacks a child */
    struct cells cells = {6, 2, {{2, 8, 3, 2.5, 0, 4}, {8, 2, 3, 2.5, 0, NAN}}};
    struct mq_choice shares = {.method = fixture_method(MQ_WEIGH, "bod"), .param = {0.5, 0.5}};
    double weights[12];

    (void)state;
    assert_int_equal(weigh_as(&cells, "bod", weights), MQ_FINE);
    assert_close(bod_score(&cells, weights, 0), 1, 1e-14);
    assert_close(bod_score(&cells, weights, 1), 1, 1e-14);
    assert_close(bod_score(&cells, weights, 2), 0.6, 1e-14);
    assert_close(weights[4], 0.1, 1e-14);
    assert_close(weights[5], 0.1, 1e-14);
    assert_close(bod_score(&cells, weights, 3), 0.5, 1e-14);
    assert_close(bod_score(&cells, weights, 4), 0, 1e-14);
    assert_true(weights[8] + weights[9] > 0); /* its score is 0, not missing */
    assert_close(bod_score(&cells, weights, 5), 0.5, 1e-14);
    assert_same(weights[11], 0);
    /* half and half: (2 v, 8 v / 4) against (8, 2): 8 v + v / 2 <= 1 */
    assert_int_equal(weigh(&cells, &shares, weights), MQ_FINE);
    assert_close(bod_score(&cells, weights, 0), 4 / 8.5, 1e-12);
    assert_close(weights[0] * 2, weights[1] * 8, 1e-12);
    assert_close(bod_score(&cells, weights, 5), 0.5, 1e-12); /* an only child has all */
    cells.value[0][2] = 0;
    assert_int_equal(weigh(&cells, &shares, weights), MQ_FINE);
    assert_close(bod_score(&cells, weights, 2), 0, 1e-12); /* half of nothing */
    shares.param[0] = 0.6;
    assert_contains(fault_of(&shares), "lower not above upper");
    shares.param[1] = 1.5;
    assert_contains(fault_of(&shares), "from 0 to 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ahp_school), cmocka_unit_test(test_ahp_three),
        cmocka_unit_test(test_ahp_group),  cmocka_unit_test(test_ahp_refused),
        cmocka_unit_test(test_combined),   cmocka_unit_test(test_bod),
    };

    return cmocka_run_group_tests_name("weights by choice", tests, NULL, NULL);
}
