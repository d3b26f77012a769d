/* Sums of products are what the long accumulator says, and scores do not depend on threads. */
#include "index_fixture.h"

#include <float.h>

static uint64_t bits(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Numbers that provoke ties, cancellation, and the ends of the range. */
static double draw(uint64_t *state, int kind)
{
    double real = (double)(bits(state) >> 11) * 0x1p-53;

    switch (kind) {
    case 0:
        return 100 * real;
    case 1: /* few bits: exact sums and halves */
        return (double)(bits(state) % 64) / 16;
    case 2: /* next to a power of two */
        return ldexp(1, (int)(bits(state) % 4)) + ((double)(bits(state) % 5) - 2) * DBL_EPSILON;
    case 3: /* any magnitude and sign */
        return ldexp(real - 0.5, (int)(bits(state) % 240) - 120);
    case 4:
        return ldexp(real - 0.5, (int)(bits(state) % 980) - 490);
    default: /* what cancels */
        return (bits(state) % 2 ? 1 : -1) * (1 + (double)(bits(state) % 8) * 0x1p-52);
    }
}

static void test_dot_is_exact(void **state)
{
    uint64_t seed = 77;

    (void)state;
    for (size_t round = 0; round < 3000000; round++) {
        double a[12], b[12], found, wanted;
        struct mq_exact sum = {0};
        size_t count = bits(&seed) % 13;
        int left = (int)(bits(&seed) % 6), right = (int)(bits(&seed) % 6);
        for (size_t i = 0; i < count; i++) {
            a[i] = draw(&seed, left);
            b[i] = draw(&seed, right);
            if (left > 4 && i > count / 2) { /* all but a little cancels */
                a[i] = -a[i - count / 2];
                b[i] = b[i - count / 2];
            }
            mq_exact_product(&sum, a[i], b[i]);
        }
        found = mq_dot(a, b, count);
        wanted = mq_exact_value(&sum);
        if (memcmp(&found, &wanted, sizeof found) != 0)
            fail_msg("round %zu: %a, exactly %a", round, found, wanted);
    }
}

/* Exact halves go to the even neighbour, and what lies a trace beside them does not. */
static void test_dot_at_halves(void **state)
{
    const double one[] = {1, 1, 1};

    (void)state;
    assert_same(mq_dot((double[]){1, 0x1p-53, 0}, one, 3), 1);
    assert_same(mq_dot((double[]){1, 0x1p-53, 0x1p-300}, one, 3), 1 + DBL_EPSILON);
    assert_same(mq_dot((double[]){1 + DBL_EPSILON, 0x1p-53, 0}, one, 3), 1 + 2 * DBL_EPSILON);
    assert_same(mq_dot((double[]){1 + DBL_EPSILON, 0x1p-53, -0x1p-300}, one, 3), 1 + DBL_EPSILON);
    assert_same(mq_dot((double[]){0x1p-600, 0x1p-500, 0}, (double[]){0x1p-474, 0x1p-574, 0}, 3),
                0x1p-1073);
    assert_same(mq_dot((double[]){-0.0, -0.0, 0}, one, 3), 0.0);
    assert_same(mq_dot(one, one, 0), 0.0);
}

/* ---- threads ---- */

/* Three levels, a mix of methods: weights from the data, methods that compare units, others that
 * do not; three periods, two levels, holes, ties. */
static struct mq_frame *make(struct fixture *fixture, size_t units)
{
    static const char *const combiners[] = {"geometric", "copeland", "owa", "rank_sum_ratio"};
    static const char *const ids[3][4] = {
        {"g0", "x00", "x01", "x02"}, {"g1", "x10", "x11", "x12"}, {"g2", "x20", "x21", "x22"}};
    static const double places[] = {0.5, 0.25, 0.25};
    static const struct mq_argument argument[MQ_MAX_PARAMS] = {
        {.rows = 1, .columns = 3, .value = places}};
    uint64_t seed = 3;
    struct mq_frame *frame;

    fixture_init(fixture);
    fixture_level(fixture, "city");
    int root = fixture_parent(fixture, "index", NULL, 1, 1);
    fixture->nodes[root].combine.method = fixture_method(MQ_COMBINE, combiners[3]);
    for (int g = 0; g < 3; g++) {
        int parent = fixture_parent(fixture, ids[g][0], "index", 1 + g, 6);
        fixture->nodes[parent].combine.method = fixture_method(MQ_COMBINE, combiners[g]);
        fixture->nodes[parent].combine.argument = argument;
        fixture->nodes[parent].min_share = (struct mq_fraction){1, 2};
        if (g == 0)
            fixture->nodes[parent].weigh.method = fixture_method(MQ_WEIGH, "equal");
        for (int k = 0; k < 3; k++) {
            int made = fixture_leaf(fixture, ids[g][k + 1], ids[g][0], 1 + k, 6, "s0");
            fixture->nodes[made].reference = k ? MQ_REFERENCE_EACH : MQ_REFERENCE_POOLED;
            fixture_normalise(fixture, made, k == 2 ? "zscore" : "minmax",
                              k == 2 ? "mean=100 sd=10" : "low=1 high=100");
        }
    }
    fixture_finish(fixture);
    frame = fixture_frame(fixture, 3, units);
    for (size_t i = 0; i < frame->units; i++)
        for (size_t k = 0; k < fixture->model.nodes; k++)
            if (fixture->nodes[k].leaf && bits(&seed) % 12)
                fixture_set(frame, i, (int)k, k % 4 ? draw(&seed, 0) : (double)(bits(&seed) % 300));
    return frame;
}

static void test_threads(void **state)
{
    struct fixture fixture;
    struct mq_frame *frame = make(&fixture, 1100);
    size_t cells = frame->units * fixture.model.nodes;
    struct mq_scores *one = NULL, *many = NULL;
    struct mq_error error = {0};

    (void)state;
    if (mq_scores_new(frame, NULL, &one, &error) != MQ_OK)
        fail_msg("%s", error.message);
    for (int threads = 2; threads <= 7; threads++) {
        frame->threads = threads;
        assert_int_equal(mq_scores_new(frame, NULL, &many, NULL), MQ_OK);
        for (size_t i = 0; i < cells; i++) {
            assert_same(many->score[i].value, one->score[i].value);
            assert_same(many->score[i].coverage, one->score[i].coverage);
            assert_same(many->score[i].change, one->score[i].change);
            assert_same(many->weight[i], one->weight[i]);
            assert_int_equal(many->score[i].rank, one->score[i].rank);
            assert_int_equal(many->score[i].of, one->score[i].of);
            assert_int_equal(many->score[i].reason, one->score[i].reason);
            assert_int_equal(many->fitted[i] == NULL, one->fitted[i] == NULL);
            if (one->fitted[i])
                assert_memory_equal(many->fitted[i], one->fitted[i],
                                    MQ_MAX_PARAMS * sizeof(double));
        }
        mq_scores_free(many);
    }
    mq_scores_free(one);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

/* The first leaf in the order of work that cannot be fitted is told, by any number of threads. */
static void test_errors(void **state)
{
    struct fixture fixture;
    struct mq_frame *frame = make(&fixture, 40);
    struct mq_scores *scores = NULL;

    (void)state;
    for (size_t i = 0; i < fixture.model.nodes; i++)
        if (fixture.nodes[i].leaf && i % 4 == 3)
            fixture.nodes[i].normalise.method = -1;
    for (int threads = 1; threads < 5; threads++) {
        struct mq_error error = {0};
        frame->threads = threads;
        assert_int_equal(mq_scores_new(frame, NULL, &scores, &error), MQ_BAD_MODEL);
        assert_null(scores);
        assert_string_equal(error.message, "x21: the indicator has no normalise method");
    }
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

/* A radix sort of places: the ranks are those of counting, for close, negative and equal scores. */
static void test_ranks_of_many(void **state)
{
    enum { MANY = 6000 };
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_scores *scores = NULL;
    uint64_t seed = 8;
    static double value[MANY];

    (void)state;
    fixture_init(&fixture);
    fixture_leaf(&fixture, "x", NULL, 1, 1, "s0");
    fixture_finish(&fixture);
    for (int kind = 0; kind < 4; kind++) {
        frame = fixture_frame(&fixture, 1, MANY);
        for (size_t i = 0; i < MANY; i++) {
            value[i] = kind == 0   ? (double)(bits(&seed) % 4001) - 2000
                       : kind == 1 ? 50 + 1e-10 * (double)(bits(&seed) % 3000)
                       : kind == 2 ? draw(&seed, 3)
                                   : ldexp(draw(&seed, 0), -60);
            fixture_set(frame, i, 0, value[i]);
        }
        assert_int_equal(mq_scores_new(frame, NULL, &scores, NULL), MQ_OK);
        for (size_t i = 0; i < MANY; i += 17) {
            size_t above = 0;
            for (size_t k = 0; k < MANY; k++)
                above += value[k] > value[i];
            if (kind < 2) /* the others are told apart beyond 12 decimals */
                assert_int_equal(scores->score[i].rank, above + 1);
            else
                assert_true(scores->score[i].rank <= above + 1 && scores->score[i].rank > 0);
            assert_int_equal(scores->score[i].of, MANY);
        }
        mq_scores_free(scores);
        mq_frame_free(frame);
    }
    fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dot_is_exact),  cmocka_unit_test(test_dot_at_halves),
        cmocka_unit_test(test_threads),       cmocka_unit_test(test_errors),
        cmocka_unit_test(test_ranks_of_many),
    };

    return cmocka_run_group_tests_name("scores and threads", tests, NULL, NULL);
}
