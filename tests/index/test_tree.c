/* Combining up the tree: published numbers, missing children, weights, coverage. */
#include "index_fixture.h"

static struct mq_scores *score(const struct mq_frame *frame)
{
    struct mq_scores *scores = NULL;
    struct mq_error error = {0};

    if (mq_scores_new(frame, NULL, &scores, &error) != MQ_OK)
        fail_msg("%s", error.message);
    return scores;
}

static void test_published(void **state)
{
    /* 2006: 83.41 and 76.55 give 79.98; 2007: 84.76 and 77.21 give 80.99 (AQSIQ communiques) */
    static const double halves[2][2] = {{83.41, 76.55}, {84.76, 77.21}};
    static const char *const published[] = {"79.98", "80.99"};
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_scores *scores;
    char text[352];

    (void)state;
    fixture_init(&fixture);
    fixture_parent(&fixture, "mqci", NULL, 1, 1);
    fixture_leaf(&fixture, "quality", "mqci", 1, 2, NULL);
    fixture_leaf(&fixture, "development", "mqci", 1, 2, NULL);
    fixture_finish(&fixture);
    frame = fixture_frame(&fixture, 2, 1);
    for (size_t i = 0; i < 4; i++)
        fixture_set(frame, i / 2, 1 + (int)(i % 2), halves[i / 2][i % 2]);
    scores = score(frame);
    for (int i = 0; i < 2; i++)
        assert_string_equal(mq_round_text(scores->score[i * 3].value, 2, MQ_HALF_UP, text),
                            published[i]);
    assert_same(scores->score[3].value, 80.985);
    mq_round_text(scores->score[3].change, 2, MQ_HALF_UP, text);
    assert_string_equal(text, "1.01"); /* 80.985 - 79.98 = 1.005 */
    mq_scores_free(scores);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

/* Six children of weight 1/12, 1/6, 1/4, 1/4, 1/6, 1/12. */
static struct mq_frame *six(struct fixture *fixture, const double *values)
{
    static const char *const ids[] = {"a", "b", "c", "d", "e", "f"};
    static const int64_t parts[] = {1, 2, 3, 3, 2, 1};
    struct mq_frame *frame;

    fixture_init(fixture);
    fixture_parent(fixture, "top", NULL, 1, 1);
    for (int i = 0; i < 6; i++)
        fixture_leaf(fixture, ids[i], "top", parts[i], 12, NULL);
    fixture_finish(fixture);
    frame = fixture_frame(fixture, 1, 1);
    for (int i = 0; i < 6; i++)
        fixture_set(frame, 0, 1 + i, values[i]);
    return frame;
}

static void done(struct fixture *fixture, struct mq_frame *frame, struct mq_scores *scores)
{
    mq_scores_free(scores);
    mq_frame_free(frame);
    fixture_clear(fixture);
}

static void test_missing_children(void **state)
{
    static const double values[] = {61.3, NAN, 77.7, 83.1, NAN, 99.2};
    struct fixture fixture;
    struct mq_frame *frame = six(&fixture, values);
    struct mq_scores *scores = score(frame);

    (void)state;
    /* 4 of 6 is exactly 2/3; the weights left are 1, 3, 3, 1 eighths, exactly */
    assert_int_equal(scores->score[0].reason, MQ_RENORMALISED);
    assert_close(scores->score[0].value, (61.3 + 3 * 77.7 + 3 * 83.1 + 99.2) / 8, 1e-15);
    assert_same(scores->weight[1], 0.125);
    assert_same(scores->weight[3], 0.375);
    assert_same(scores->weight[2], NAN);
    assert_same(scores->weight[0], NAN);
    assert_close(scores->score[0].coverage, 8.0 / 12,
                 1e-15); /* what is missing counts as not covered */
    mq_scores_free(scores);
    fixture.nodes[0].min_share = (struct mq_fraction){667, 1000};
    scores = score(frame);
    assert_int_equal(scores->score[0].reason, MQ_MISSING_CHILDREN);
    assert_same(scores->score[0].value, NAN);
    assert_same(scores->weight[1], NAN);
    assert_close(scores->score[0].coverage, 8.0 / 12, 1e-15);
    mq_scores_free(scores);
    fixture.nodes[0].min_share = (struct mq_fraction){0, 1};
    fixture.nodes[0].missing_fail = true;
    scores = score(frame);
    assert_int_equal(scores->score[0].reason, MQ_MISSING_CHILDREN);
    done(&fixture, frame, scores);
}

static void test_nothing_there(void **state)
{
    static const double none[] = {NAN, NAN, NAN, NAN, NAN, NAN};
    static const double weightless[] = {71.3, NAN, NAN, NAN, NAN, NAN};
    struct fixture fixture;
    struct mq_frame *frame = six(&fixture, none);
    struct mq_scores *scores;

    (void)state;
    fixture.nodes[0].min_share = (struct mq_fraction){0, 1};
    scores = score(frame);
    assert_int_equal(scores->score[0].reason, MQ_MISSING_CHILDREN);
    done(&fixture, frame, scores);
    frame = six(&fixture, weightless);
    fixture.nodes[0].min_share = (struct mq_fraction){0, 1};
    fixture.nodes[1].weight.numerator = 0;
    scores = score(frame);
    assert_int_equal(scores->score[0].reason, MQ_MISSING_CHILDREN);
    assert_same(scores->score[0].value, NAN);
    done(&fixture, frame, scores);
}

/* The footnote reaches the top: a score that rests on scaled weights says so. */
static void test_renormalised_above(void **state)
{
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_scores *scores;

    (void)state;
    fixture_init(&fixture);
    fixture_parent(&fixture, "top", NULL, 1, 1);
    fixture_parent(&fixture, "left", "top", 1, 3);
    fixture_leaf(&fixture, "right", "top", 2, 3, NULL);
    fixture_leaf(&fixture, "a", "left", 1, 2, NULL);
    fixture_leaf(&fixture, "b", "left", 1, 2, NULL);
    fixture.nodes[1].min_share = (struct mq_fraction){1, 2};
    fixture_finish(&fixture);
    frame = fixture_frame(&fixture, 1, 1);
    fixture_set(frame, 0, 2, 65.5);
    fixture_set(frame, 0, 3, 92.5);
    scores = score(frame);
    assert_int_equal(scores->score[1].reason, MQ_RENORMALISED);
    assert_int_equal(scores->score[0].reason, MQ_RENORMALISED);
    assert_close(scores->score[0].value, (92.5 + 2 * 65.5) / 3, 1e-15);
    assert_close(scores->score[0].coverage, 1 - 1.0 / 6, 1e-15);
    done(&fixture, frame, scores);
}

static void test_geometric(void **state)
{
    static const double values[] = {61.3, 88.1, 77.7, 83.1, 64.9, 99.2};
    struct fixture fixture;
    struct mq_frame *frame = six(&fixture, values);
    struct mq_scores *scores;
    double wanted = 0;

    (void)state;
    fixture.nodes[0].combine.method = fixture_method(MQ_COMBINE, "geometric");
    scores = score(frame);
    for (int i = 0; i < 6; i++)
        wanted += log(values[i]) * (double)fixture.nodes[1 + i].weight.numerator / 12;
    assert_close(scores->score[0].value, exp(wanted), 1e-15);
    mq_scores_free(scores);
    fixture_set(frame, 0, 4, 0);
    scores = score(frame);
    assert_int_equal(scores->score[0].reason, MQ_UNDEFINED);
    assert_same(scores->score[0].value, NAN);
    assert_same(scores->weight[1], NAN);
    mq_scores_free(scores);
    fixture.nodes[4].weight.numerator = 0; /* what weighs nothing cannot spoil the mean */
    scores = score(frame);
    assert_int_equal(scores->score[0].reason, MQ_FINE);
    done(&fixture, frame, scores);
}

static void test_equal_weights(void **state)
{
    static const double values[] = {61.3, 88.1, 77.7, 83.1, 64.9, 99.2};
    struct fixture fixture;
    struct mq_frame *frame = six(&fixture, values);
    struct mq_scores *scores;

    (void)state;
    fixture.nodes[0].weigh.method = fixture_method(MQ_WEIGH, "equal");
    scores = score(frame);
    assert_close(scores->score[0].value, (61.3 + 88.1 + 77.7 + 83.1 + 64.9 + 99.2) / 6, 1e-15);
    assert_same(scores->weight[3], 1.0 / 6);
    mq_scores_free(scores);
    fixture_set(frame, 0, 2, NAN);
    fixture_set(frame, 0, 5, NAN);
    scores = score(frame);
    assert_close(scores->score[0].value, (61.3 + 77.7 + 83.1 + 99.2) / 4, 1e-15);
    assert_same(scores->weight[3], 0.25);
    assert_int_equal(scores->score[0].reason, MQ_RENORMALISED);
    mq_scores_free(scores);
    fixture.nodes[0].weigh.method = fixture_method(MQ_WEIGH, "fixed");
    fixture_set(frame, 0, 2, 88.1);
    fixture_set(frame, 0, 5, 64.9);
    scores = score(frame);
    assert_close(scores->weight[3], 0.25, 1e-15);
    done(&fixture, frame, scores);
}

/* The order of siblings in the file leaves no trace in the score. */
static void test_order_of_children(void **state)
{
    static const int orders[][6] = {{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {2, 0, 5, 1, 4, 3}};
    uint64_t seed = 5;

    (void)state;
    for (int round = 0; round < 300; round++) {
        double values[6], first = 0;
        for (int i = 0; i < 6; i++)
            values[i] = fixture_uniform(&seed, -1e3, 1e3);
        for (int k = 0; k < 3; k++) {
            struct fixture fixture;
            struct mq_frame *frame;
            struct mq_scores *scores;
            int order[6];
            frame = six(&fixture, values);
            for (int i = 0; i < 6; i++)
                order[i] = 1 + orders[k][i];
            fixture.nodes[0].child = order;
            scores = score(frame);
            if (k == 0)
                first = scores->score[0].value;
            assert_same(scores->score[0].value, first);
            done(&fixture, frame, scores);
        }
    }
}

static void test_no_children(void **state)
{
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_scores *scores = NULL;
    struct mq_error error;

    (void)state;
    fixture_init(&fixture);
    fixture_parent(&fixture, "alone", NULL, 1, 1);
    fixture_finish(&fixture);
    frame = fixture_frame(&fixture, 1, 1);
    assert_int_equal(mq_scores_new(frame, NULL, &scores, &error), MQ_BAD_MODEL);
    assert_contains(error.message, "alone has neither a formula nor children");
    assert_int_equal(error.line, 10);
    done(&fixture, frame, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),         cmocka_unit_test(test_missing_children),
        cmocka_unit_test(test_nothing_there),     cmocka_unit_test(test_renormalised_above),
        cmocka_unit_test(test_geometric),         cmocka_unit_test(test_equal_weights),
        cmocka_unit_test(test_order_of_children), cmocka_unit_test(test_no_children),
    };

    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
