/* Statistics of columns against closed forms, R, slow definitions, and themselves in another order.
 */
#include "analyse/analyse.h"
#include "support.h"

enum { COLUMNS = 6 };

static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state)
{
    return (double)(draw(state) >> 11) * 0x1p-53;
}

/* Everything about some columns. */
struct looked {
    struct mq_arena arena;
    struct mq_description is[COLUMNS];
    struct mq_correlation_matrix by[MQ_CORRELATIONS];
    double alpha;
    struct mq_components components;
};

static void look(struct looked *looked, const double *const *column, size_t columns, size_t units,
                 int threads)
{
    struct mq_columns all = {column, columns, units, threads};
    struct mq_rankings rankings;

    *looked = (struct looked){.alpha = NAN};
    assert_int_equal(mq_rankings_init(&all, &rankings, NULL), MQ_OK);
    mq_describe(&all, &rankings, looked->is);
    for (int kind = 0; kind < MQ_CORRELATIONS; kind++)
        assert_int_equal(mq_correlate(&all, &rankings, (enum mq_correlation)kind, &looked->arena,
                                      &looked->by[kind], NULL),
                         MQ_OK);
    assert_int_equal(mq_cronbach(&all, &looked->alpha, NULL), MQ_OK);
    assert_int_equal(mq_components(&all, &looked->arena, &looked->components, NULL), MQ_OK);
    mq_rankings_clear(&rankings);
}

/* x <- c(1.5, ...); y <- c(2, ...); cor.test(x, y, method, exact = FALSE) of R 4.2.2 */
static void numbers_of_r(void **state)
{
    static const double x[] = {1.5, 2.25, 2.25, 3, 7, 4.125, -1, 0, 12.5, 3, 9, 6.75},
                        y[] = {2, 1, 4, 4, 9.5, 3, -2, 1, 8, 5.5, 4, 10.25};
    static const double wanted[MQ_CORRELATIONS][2] = {{0.75059787852556747, 0.0049108762783071072},
                                                      {0.79824134109594636, 0.0018556773782832678},
                                                      {0.6350006350009525, 0.005334435601029688}};
    const double *column[] = {x, y};
    struct looked looked;

    (void)state;
    look(&looked, column, 2, 12, 1);
    for (int kind = 0; kind < MQ_CORRELATIONS; kind++) {
        assert_close(looked.by[kind].r[1], wanted[kind][0], 1e-14);
        assert_close(looked.by[kind].p[1] / wanted[kind][1], 1, 1e-13);
        assert_int_equal(looked.by[kind].count[1], 12);
        assert_true(looked.by[kind].r[0] == 1 && looked.by[kind].r[2] == looked.by[kind].r[1]);
    }
    mq_arena_clear(&looked.arena);
}

/* 2 * pt(-|t|, n - 2) of R 4.2.2 */
static void probabilities(void **state)
{
    static const struct {
        double r;
        size_t count;
        double p;
    } cases[] = {
        {0.5, 10, 0.14111328125000003},        {0.01, 100, 0.92134057324756236},
        {-0.3, 50, 0.034286180032929957},      {0.999, 5, 3.7954974373400631e-05},
        {0.05, 1000, 0.11407259555107296},     {0.02, 500000, 2.0479480824144832e-45},
        {0.001, 500000, 0.47950111081937075},  {0.3, 400, 9.1934920313614371e-10},
        {0.7, 60, 4.8478491479463942e-10},     {1e-05, 4, 0.99998999999999993},
        {0.05, 100000, 2.226191232906396e-56}, {-0.9, 3, 0.28713258625741245},
        {0.004, 200000, 0.073638918499753014}, {0.36, 5000, 7.1305546179539605e-153},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_close(mq_correlation_p(cases[i].r, cases[i].count) / cases[i].p, 1, 1e-10);
    assert_true(mq_correlation_p(1, 3) == 0 && mq_correlation_p(-1, 3) == 0);
    assert_close(mq_correlation_p(0, 3), 1, 1e-15);
    assert_true(isnan(mq_correlation_p(0.5, 2)) && isnan(mq_correlation_p(NAN, 9)));
    assert_true(mq_correlation_p(0.9, 5000000) == 0); /* below the least double */
}

/* ---- slow definitions ---- */

static double slow_kendall(const double *x, const double *y, size_t units)
{
    double excess = 0, of_x = 0, of_y = 0;

    for (size_t i = 0; i < units; i++)
        for (size_t k = i + 1; k < units; k++) {
            if (isnan(x[i]) || isnan(y[i]) || isnan(x[k]) || isnan(y[k]))
                continue;
            int a = (x[i] > x[k]) - (x[i] < x[k]), b = (y[i] > y[k]) - (y[i] < y[k]);
            excess += a * b;
            of_x += a != 0;
            of_y += b != 0;
        }
    return of_x > 0 && of_y > 0 ? excess / sqrt(of_x * of_y) : NAN;
}

/* Average rank among the units that have both. */
static double slow_rank(const double *x, const double *y, size_t units, size_t of)
{
    double below = 0, same = 0;

    for (size_t i = 0; i < units; i++) {
        if (isnan(x[i]) || isnan(y[i]))
            continue;
        below += x[i] < x[of];
        same += x[i] == x[of];
    }
    return below + (same + 1) / 2;
}

static double slow_spearman(const double *x, const double *y, size_t units)
{
    double n = 0, xx = 0, yy = 0, xy = 0;

    for (size_t i = 0; i < units; i++)
        n += !isnan(x[i]) && !isnan(y[i]);
    for (size_t i = 0; i < units; i++) {
        if (isnan(x[i]) || isnan(y[i]))
            continue;
        double a = slow_rank(x, y, units, i) - (n + 1) / 2;
        double b = slow_rank(y, x, units, i) - (n + 1) / 2;
        xx += a * a;
        yy += b * b;
        xy += a * b;
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

static void ranks_as_defined(void **state)
{
    double x[400], y[400];
    const double *column[] = {x, y};
    uint64_t seed = 5;
    size_t undefined = 0;

    (void)state;
    for (int round = 0; round < 400; round++) {
        size_t units = draw(&seed) % (round % 40 ? 70 : 400);
        uint64_t values = 1 + draw(&seed) % 40, missing = 2 + draw(&seed) % 9;
        struct looked looked;
        for (size_t i = 0; i < units; i++) {
            x[i] = draw(&seed) % missing ? (double)(draw(&seed) % values) - 9.25 : NAN;
            y[i] = draw(&seed) % missing ? (double)(draw(&seed) % values) * -0.5 + 3 : NAN;
            y[i] += draw(&seed) % 3 ? 0 : x[i];
        }
        look(&looked, column, 2, units, 1);
        undefined += isnan(slow_kendall(x, y, units));
        assert_close(looked.by[MQ_KENDALL].r[1], slow_kendall(x, y, units), 1e-14);
        assert_close(looked.by[MQ_SPEARMAN].r[1], slow_spearman(x, y, units), 1e-14);
        assert_int_equal(looked.by[MQ_KENDALL].count[1], looked.by[MQ_PEARSON].count[1]);
        assert_int_equal(looked.by[MQ_SPEARMAN].count[1], looked.by[MQ_PEARSON].count[1]);
        mq_arena_clear(&looked.arena);
    }
    assert_true(undefined > 5 && undefined < 200);
}

/* ---- closed forms ---- */

static void a_row_of_whole_numbers(void **state)
{
    enum { MANY = 100000 };
    double *up = calloc(MANY, sizeof *up), *down = calloc(MANY, sizeof *down);
    const double *column[] = {up, down};
    struct looked looked;

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        up[i] = (double)(i + 1);
        down[i] = exp(-1e-3 * (double)i); /* falls all the way, not in a line */
    }
    look(&looked, column, 2, MANY, 2);
    assert_true(looked.is[0].least == 1 && looked.is[0].greatest == MANY);
    assert_true(looked.is[0].mean == (MANY + 1) / 2.0 && looked.is[0].median == (MANY + 1) / 2.0);
    assert_close(looked.is[0].sd, sqrt(MANY * (MANY + 1.0) / 12), 1e-14);
    assert_close(looked.is[0].skewness, 0, 1e-12);
    assert_close(looked.is[0].kurtosis, -1.2, 1e-10); /* of 1..n for every n */
    assert_int_equal(looked.is[0].unique, MANY);
    assert_int_equal(looked.is[0].same, 1);
    assert_true(looked.by[MQ_SPEARMAN].r[1] == -1 && looked.by[MQ_KENDALL].r[1] == -1);
    assert_true(looked.by[MQ_PEARSON].r[1] > -0.5 && looked.by[MQ_PEARSON].r[1] < 0);
    assert_true(looked.by[MQ_SPEARMAN].p[1] == 0 && looked.by[MQ_KENDALL].p[1] == 0);
    mq_arena_clear(&looked.arena);
    free(up);
    free(down);
}

static void zeros_and_repeats(void **state)
{
    static const double x[] = {0, -0.0, 3, NAN, 0, 3, 1e300, NAN};
    const double *column[] = {x};
    struct looked looked;

    (void)state;
    look(&looked, column, 1, 8, 1);
    assert_int_equal(looked.is[0].units, 8);
    assert_int_equal(looked.is[0].count, 6);
    assert_int_equal(looked.is[0].zeros, 3);
    assert_int_equal(looked.is[0].unique, 3); /* 0 and -0 are one value */
    assert_int_equal(looked.is[0].same, 3);
    assert_true(looked.is[0].median == 1.5);
    mq_arena_clear(&looked.arena);
}

static void two_columns_have_two_components(void **state)
{
    static const double x[] = {1, 2, 3, 4, 5, NAN, 7}, y[] = {2.5, 1, 4, 3.25, 9, 4, NAN},
                        flat[] = {2, 2, 2, 2, 2, 2, 2};
    const double *column[] = {x, flat, y};
    struct looked looked;
    double r;

    (void)state;
    look(&looked, column, 3, 7, 1);
    r = looked.by[MQ_PEARSON].r[2];
    assert_true(isnan(looked.by[MQ_PEARSON].r[1]) && isnan(looked.by[MQ_KENDALL].r[1]));
    assert_true(isnan(looked.by[MQ_SPEARMAN].r[1]) && isnan(looked.by[MQ_SPEARMAN].p[1]));
    assert_int_equal(looked.components.parts, 2);
    assert_int_equal(looked.components.units, 5);
    assert_close(looked.components.eigenvalue[0], 1 + r, 1e-14);
    assert_close(looked.components.eigenvalue[1], 1 - r, 1e-14);
    assert_close(looked.components.first_share, (1 + r) / 2, 1e-14);
    assert_int_equal(looked.components.above_one, 1);
    assert_close(looked.components.loading[0], sqrt(0.5), 1e-14);
    assert_close(looked.components.loading[4], sqrt(0.5), 1e-14);
    assert_close(looked.components.loading[1], sqrt(0.5), 1e-14); /* sum 0: the first is above 0 */
    assert_close(looked.components.loading[5], -sqrt(0.5), 1e-14);
    assert_true(isnan(looked.components.loading[2]) && isnan(looked.components.loading[3]));
    mq_arena_clear(&looked.arena);
}

static void alpha_of_known_columns(void **state)
{
    static const double x[] = {1, 2, 4, 8, 16}, y[] = {3, 4, 6, 10, 18}, z[] = {4, 3, 1, -3, -11};
    const double *same[] = {x, y, x}, *against[] = {x, z}, *alone[] = {x};
    struct looked looked;

    (void)state;
    look(&looked, same, 3, 5, 1);
    assert_close(looked.alpha, 1, 1e-14); /* they differ by constants */
    assert_close(looked.components.eigenvalue[0], 3, 1e-14);
    assert_true(looked.components.eigenvalue[2] >= 0);
    mq_arena_clear(&looked.arena);
    look(&looked, against, 2, 5, 1);
    assert_true(isnan(looked.alpha)); /* the sum does not vary */
    assert_true(looked.by[MQ_PEARSON].r[1] == -1);
    mq_arena_clear(&looked.arena);
    look(&looked, alone, 1, 5, 1);
    assert_true(isnan(looked.alpha));
    assert_true(looked.components.eigenvalue[0] == 1 && looked.components.loading[0] == 1);
    mq_arena_clear(&looked.arena);
}

/* ---- nothing to tell ---- */

static void few_units(void **state)
{
    static const double x[] = {NAN, 2, 5, 9, 11}, y[] = {NAN, 7, 3, 4, 4};
    const double *column[] = {x, y};

    (void)state;
    for (size_t units = 0; units <= 5; units++) {
        struct looked looked;
        size_t count = units ? units - 1 : 0;
        look(&looked, column, 2, units, 3);
        assert_int_equal(looked.is[0].count, count);
        assert_true(isnan(looked.is[0].mean) == (count < 1));
        assert_true(isnan(looked.is[0].median) == (count < 1));
        assert_true(isnan(looked.is[0].sd) == (count < 2));
        assert_true(isnan(looked.is[0].skewness) == (count < 3));
        assert_true(isnan(looked.is[0].kurtosis) == (count < 4));
        for (int kind = 0; kind < MQ_CORRELATIONS; kind++) {
            assert_int_equal(looked.by[kind].count[1], count);
            assert_true(isnan(looked.by[kind].r[1]) == (count < 2));
            assert_true(isnan(looked.by[kind].p[1]) == (count < 3));
        }
        assert_int_equal(looked.components.parts, count < 2 ? 0 : 2);
        assert_true(isnan(looked.components.first_share) == (count < 2));
        mq_arena_clear(&looked.arena);
    }
}

static void no_columns(void **state)
{
    const double *column[] = {NULL};
    struct looked looked;

    (void)state;
    look(&looked, column, 0, 9, 2);
    assert_true(isnan(looked.alpha) && looked.components.parts == 0);
    mq_arena_clear(&looked.arena);
}

/* ---- order and threads ---- */

static void same_bits(const void *a, const void *b, size_t bytes)
{
    assert_memory_equal(a, b, bytes);
}

static void assert_same_look(const struct looked *a, const struct looked *b)
{
    const size_t cells = COLUMNS * COLUMNS;

    same_bits(a->is, b->is, sizeof a->is);
    for (int kind = 0; kind < MQ_CORRELATIONS; kind++) {
        same_bits(a->by[kind].r, b->by[kind].r, cells * sizeof(double));
        same_bits(a->by[kind].p, b->by[kind].p, cells * sizeof(double));
        same_bits(a->by[kind].count, b->by[kind].count, cells * sizeof(size_t));
    }
    same_bits(&a->alpha, &b->alpha, sizeof a->alpha);
    assert_int_equal(a->components.parts, b->components.parts);
    same_bits(a->components.eigenvalue, b->components.eigenvalue,
              a->components.parts * sizeof(double));
    same_bits(a->components.loading, b->components.loading,
              COLUMNS * a->components.parts * sizeof(double));
}

static void order_and_threads_change_no_bit(void **state)
{
    enum { UNITS = 1500 };
    static double cells[2][COLUMNS][UNITS];
    const double *column[2][COLUMNS];
    struct looked first, other;
    uint64_t seed = 77;
    size_t order[UNITS];

    (void)state;
    for (size_t i = 0; i < UNITS; i++) {
        double common = uniform(&seed);
        for (size_t k = 0; k < COLUMNS; k++) {
            double value = exp(3 * common * (double)(k + 1) / COLUMNS + 2 * uniform(&seed)) + 1e6;
            cells[0][k][i] = k == 4 ? floor(20 * uniform(&seed)) : value; /* one with ties */
            if (k != 0 && draw(&seed) % 40 == 0)
                cells[0][k][i] = NAN;
        }
        order[i] = i;
    }
    for (size_t i = UNITS - 1; i > 0; i--) {
        size_t k = draw(&seed) % (i + 1), held = order[i];
        order[i] = order[k];
        order[k] = held;
    }
    for (size_t k = 0; k < COLUMNS; k++) {
        column[0][k] = cells[0][k];
        column[1][k] = cells[1][k];
        for (size_t i = 0; i < UNITS; i++)
            cells[1][k][i] = cells[0][k][order[i]];
    }
    look(&first, column[0], COLUMNS, UNITS, 1);
    assert_false(isnan(first.alpha));
    for (int threads = 1; threads <= 5; threads += 2) {
        look(&other, column[1], COLUMNS, UNITS, threads);
        assert_same_look(&first, &other);
        mq_arena_clear(&other.arena);
    }
    mq_arena_clear(&first.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_r),
        cmocka_unit_test(probabilities),
        cmocka_unit_test(ranks_as_defined),
        cmocka_unit_test(a_row_of_whole_numbers),
        cmocka_unit_test(zeros_and_repeats),
        cmocka_unit_test(two_columns_have_two_components),
        cmocka_unit_test(alpha_of_known_columns),
        cmocka_unit_test(few_units),
        cmocka_unit_test(no_columns),
        cmocka_unit_test(order_and_threads_change_no_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
