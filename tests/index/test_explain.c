/* explain: points add up at the printed decimals, from the root down. */
#include "index_fixture.h"

/* A tree of three levels: 2 halves, 3 + 2 parts, 2 leaves each where there are parents. */
static void tree(struct fixture *fixture)
{
    fixture_init(fixture);
    fixture_parent(fixture, "top", NULL, 1, 1);
    fixture_parent(fixture, "q", "top", 1, 2);
    fixture_parent(fixture, "d", "top", 1, 2);
    fixture_leaf(fixture, "q1", "q", 1, 3, NULL);
    fixture_leaf(fixture, "q2", "q", 1, 3, NULL);
    fixture_leaf(fixture, "q3", "q", 1, 3, NULL);
    fixture_parent(fixture, "d1", "d", 3, 7);
    fixture_leaf(fixture, "d2", "d", 4, 7, NULL);
    fixture_leaf(fixture, "d11", "d1", 1, 6, NULL);
    fixture_leaf(fixture, "d12", "d1", 5, 6, NULL);
    fixture_finish(fixture);
}

static struct mq_scores *score(const struct mq_frame *frame)
{
    struct mq_scores *scores = NULL;

    assert_int_equal(mq_scores_new(frame, NULL, &scores, NULL), MQ_OK);
    return scores;
}

static int64_t whole(double points, int decimals)
{
    return llround(points * pow(10, decimals));
}

/* Children of every entry add up to it, in whole units of the last decimal. */
static void check_sums(const struct mq_model *model, const struct mq_explained *e, size_t count,
                       int decimals)
{
    for (size_t i = 0; i < count; i++) {
        int64_t sum = 0;
        bool any = false;
        for (size_t k = i + 1; k < count; k++)
            if (model->node[e[k].node].parent == e[i].node && !isnan(e[k].points)) {
                sum += whole(e[k].points, decimals);
                any = true;
            }
        if (any)
            assert_int_equal(sum, whole(e[i].points, decimals));
    }
}

static void test_adds_up(void **state)
{
    static const int leaves[] = {3, 4, 5, 7, 8, 9};
    static const char *const combiners[] = {"arithmetic", "geometric"};
    uint64_t seed = 8;

    (void)state;
    for (int round = 0; round < 400; round++) {
        struct fixture fixture;
        struct mq_explained e[FIXTURE_NODES];
        struct mq_frame *frame;
        struct mq_scores *scores;
        size_t count;
        char text[352];
        int decimals = round % 7;
        tree(&fixture);
        for (int i = 0; i < 10; i++)
            if (!fixture.nodes[i].leaf)
                fixture.nodes[i].combine.method = fixture_method(MQ_COMBINE, combiners[round % 2]);
        frame = fixture_frame(&fixture, 1, 1);
        for (int i = 0; i < 6; i++)
            fixture_set(frame, 0, leaves[i],
                        round % 5 == 0 && i == 2
                            ? NAN
                            : fixture_uniform(&seed, round % 2 ? 1.5 : -90, 100));
        scores = score(frame);
        assert_int_equal(mq_explain(scores, 0, -1, decimals, e, &count, NULL), MQ_OK);
        assert_int_equal(count, 10);
        mq_round_text(scores->score[0].value, decimals, MQ_HALF_UP, text);
        assert_int_equal(whole(e[0].points, decimals), whole(atof(text), decimals));
        check_sums(&fixture.model, e, count, decimals);
        mq_scores_free(scores);
        mq_frame_free(frame);
        fixture_clear(&fixture);
    }
}

static void test_weights_and_order(void **state)
{
    static const int order[] = {0, 1, 3, 4, 5, 2, 6, 8, 9, 7};
    static const int depth[] = {0, 1, 2, 2, 2, 1, 2, 3, 3, 2};
    struct fixture fixture;
    struct mq_explained e[FIXTURE_NODES];
    struct mq_frame *frame;
    struct mq_scores *scores;
    size_t count;

    (void)state;
    tree(&fixture);
    frame = fixture_frame(&fixture, 1, 1);
    for (int i = 3; i < 10; i++)
        if (i != 6)
            fixture_set(frame, 0, i, 70.0 + i);
    fixture_set(frame, 0, 5, NAN);
    scores = score(frame);
    assert_int_equal(mq_explain(scores, 0, -1, 2, e, &count, NULL), MQ_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(e[i].node, order[i]);
        assert_int_equal(e[i].depth, depth[i]);
        assert_ptr_equal(e[i].score, &scores->score[order[i]]);
    }
    assert_same(e[0].weight, 1);
    assert_same(e[2].weight, 0.5); /* q3 is missing: halves instead of thirds */
    assert_same(e[2].effective, 0.25);
    assert_same(e[4].weight, NAN);
    assert_same(e[4].points, NAN);
    assert_int_equal(e[4].score->reason, MQ_NOT_REPORTED);
    assert_close(e[8].effective, 5.0 / 28, 1e-15);
    assert_same(e[2].points, 18.25); /* 73 / 4 */
    /* one node on its own */
    assert_int_equal(mq_explain(scores, 0, 2, 2, e, &count, NULL), MQ_OK);
    assert_int_equal(count, 5);
    assert_same(e[0].weight, 1);
    assert_int_equal(e[0].depth, 0);
    assert_close(e[4].effective, 4.0 / 7, 1e-15);
    mq_scores_free(scores);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

/* Three equal thirds of 80.00: 26.67, 26.67, 26.66; the earlier siblings take the rest. */
static void test_ties_go_to_the_earlier(void **state)
{
    struct fixture fixture;
    struct mq_explained e[FIXTURE_NODES];
    struct mq_frame *frame;
    struct mq_scores *scores;
    size_t count;

    (void)state;
    tree(&fixture);
    frame = fixture_frame(&fixture, 1, 1);
    for (int i = 3; i < 6; i++)
        fixture_set(frame, 0, i, 80);
    scores = score(frame);
    assert_int_equal(mq_explain(scores, 0, 1, 2, e, &count, NULL), MQ_OK);
    assert_same(e[1].points, 26.67);
    assert_same(e[2].points, 26.67);
    assert_same(e[3].points, 26.66);
    /* the top is missing: everything below is there, but nothing of it is a part of it */
    assert_int_equal(mq_explain(scores, 0, 0, 2, e, &count, NULL), MQ_OK);
    assert_int_equal(count, 10);
    for (size_t i = 0; i < count; i++)
        assert_same(e[i].points, NAN);
    assert_same(e[1].score->value, 80);
    mq_scores_free(scores);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

/* Scores around zero: parts that cancel, and a logarithm of zero. */
static void test_zero_scores(void **state)
{
    struct fixture fixture;
    struct mq_explained e[FIXTURE_NODES];
    struct mq_frame *frame;
    struct mq_scores *scores;
    size_t count;

    (void)state;
    tree(&fixture);
    frame = fixture_frame(&fixture, 1, 1);
    fixture_set(frame, 0, 3, -1.5);
    fixture_set(frame, 0, 4, 0.5);
    fixture_set(frame, 0, 5, 1);
    scores = score(frame);
    assert_same(scores->score[1].value, 0);
    assert_int_equal(mq_explain(scores, 0, 1, 3, e, &count, NULL), MQ_OK);
    assert_same(e[0].points, 0);
    assert_same(e[1].points, -0.5);
    assert_close(e[2].points + e[3].points, 0.5, 1e-15);
    mq_scores_free(scores);
    for (int i = 3; i < 6; i++)
        fixture_set(frame, 0, i, 1);
    fixture.nodes[1].combine.method = fixture_method(MQ_COMBINE, "geometric");
    scores = score(frame);
    assert_int_equal(mq_explain(scores, 0, 1, 2, e, &count, NULL), MQ_OK);
    assert_same(e[1].points, 0.34);
    assert_same(e[3].points, 0.33);
    mq_scores_free(scores);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

/* Geometric shares: w ln r over their sum. */
static void test_geometric_points(void **state)
{
    struct fixture fixture;
    struct mq_explained e[FIXTURE_NODES];
    struct mq_frame *frame;
    struct mq_scores *scores;
    size_t count;

    (void)state;
    tree(&fixture);
    fixture.nodes[1].combine.method = fixture_method(MQ_COMBINE, "geometric");
    frame = fixture_frame(&fixture, 1, 1);
    fixture_set(frame, 0, 3, 8);
    fixture_set(frame, 0, 4, 64);
    fixture_set(frame, 0, 5, 512);
    scores = score(frame);
    assert_close(scores->score[1].value, 64, 1e-14);
    assert_int_equal(mq_explain(scores, 0, 1, 2, e, &count, NULL), MQ_OK);
    /* logarithms 3 : 6 : 9 of 64 points */
    assert_same(e[1].points, 10.67);
    assert_same(e[2].points, 21.33);
    assert_same(e[3].points, 32);
    mq_scores_free(scores);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

static void test_refused(void **state)
{
    struct fixture fixture;
    struct mq_explained e[FIXTURE_NODES];
    struct mq_frame *frame;
    struct mq_scores *scores;
    struct mq_error error = {0};
    size_t count;

    (void)state;
    tree(&fixture);
    frame = fixture_frame(&fixture, 1, 1);
    scores = score(frame);
    assert_int_equal(mq_explain(scores, 1, -1, 2, e, &count, &error), MQ_USAGE);
    assert_int_equal(mq_explain(scores, 0, 10, 2, e, &count, &error), MQ_USAGE);
    assert_int_equal(mq_explain(scores, 0, 0, 16, e, &count, &error), MQ_USAGE);
    assert_contains(error.message, "16 is not between 0 and 15");
    mq_scores_free(scores);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adds_up),
        cmocka_unit_test(test_weights_and_order),
        cmocka_unit_test(test_ties_go_to_the_earlier),
        cmocka_unit_test(test_zero_scores),
        cmocka_unit_test(test_geometric_points),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
