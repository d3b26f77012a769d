/* Ranks, bands and changes. */
#include "index_fixture.h"

static struct mq_frame *one_leaf(struct fixture *fixture, size_t periods, size_t units,
                                 const double *values)
{
    struct mq_frame *frame;

    fixture_init(fixture);
    fixture_leaf(fixture, "x", NULL, 1, 1, NULL);
    fixture_finish(fixture);
    frame = fixture_frame(fixture, periods, units);
    for (size_t i = 0; i < frame->units; i++)
        fixture_set(frame, i, 0, values[i]);
    return frame;
}

static struct mq_scores *score(const struct mq_frame *frame, const struct mq_scores *against)
{
    struct mq_scores *scores = NULL;
    struct mq_error error = {0};

    if (mq_scores_new(frame, against, &scores, &error) != MQ_OK)
        fail_msg("%s", error.message);
    return scores;
}

static void done(struct fixture *fixture, struct mq_frame *frame, struct mq_scores *scores)
{
    mq_scores_free(scores);
    mq_frame_free(frame);
    fixture_clear(fixture);
}

static void test_ties(void **state)
{
    /* the second and fifth differ in the last bit only, the sixth at the 12th decimal */
    double values[] = {71.25, 80.985, NAN, 90.5, 80.985, 80.985000000002, 71.25, 60.125};
    static const uint32_t wanted[] = {5, 3, 0, 1, 3, 2, 5, 7};
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_scores *scores;

    (void)state;
    values[4] = nextafter(80.985, 0);
    frame = one_leaf(&fixture, 1, 8, values);
    scores = score(frame, NULL);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(scores->score[i].rank, wanted[i]);
        assert_int_equal(scores->score[i].of, wanted[i] ? 7 : 0);
    }
    done(&fixture, frame, scores);
}

static void test_ranks_by_level_and_period(void **state)
{
    static const double values[] = {61.5, 62.5, 63.5, 70.5, 50.5, 60.5};
    struct fixture fixture;
    struct mq_frame *frame = one_leaf(&fixture, 2, 3, values);
    struct mq_scores *scores = score(frame, NULL);

    (void)state;
    assert_int_equal(scores->score[2].rank, 1);
    assert_int_equal(scores->score[3].rank, 1);
    assert_int_equal(scores->score[4].rank, 3);
    assert_int_equal(scores->score[4].of, 3);
    assert_int_equal(scores->score[4].previous_rank, 2);
    done(&fixture, frame, scores);
}

/* The band goes by the score as published. */
static void test_bands(void **state)
{
    static const double values[] = {74.99, 74.994, 74.995, 75,      79.9949, 84.997,
                                    85,    90,     -3.5,   59.9949, 1e9,     NAN};
    static const int wanted[] = {0, 0, 1, 1, 1, 3, 3, 4, -1, -1, 4, -1};
    struct fixture fixture;
    struct mq_frame *frame = one_leaf(&fixture, 1, 12, values);
    struct mq_scores *scores;

    (void)state;
    fixture.bands[0] = (struct mq_band){60, "没有竞争力"};
    fixture.bands[1] = (struct mq_band){75, "竞争力不足"};
    fixture.bands[2] = (struct mq_band){80, "初步竞争力"};
    fixture.bands[3] = (struct mq_band){85, "中等竞争力"};
    fixture.bands[4] = (struct mq_band){90, "较强竞争力"};
    fixture.model.bands = 5;
    scores = score(frame, NULL);
    for (int i = 0; i < 12; i++)
        assert_int_equal(scores->score[i].band, wanted[i]);
    mq_scores_free(scores);
    fixture.model.decimals = 3;
    scores = score(frame, NULL);
    assert_int_equal(scores->score[5].band, 2); /* 84.997 is printed as it is */
    assert_int_equal(scores->score[2].band, 0);
    done(&fixture, frame, scores);
}

static void test_changes(void **state)
{
    static const double values[] = {61.5, NAN, 63.25, 70.5, 50.5, NAN, 71.75, 40.125, 33.5};
    struct fixture fixture;
    struct mq_frame *frame = one_leaf(&fixture, 3, 3, values);
    struct mq_scores *scores;

    (void)state;
    frame->unit[7].code = "u99"; /* a unit that was not there before */
    frame->unit[8].code = "u99z";
    scores = score(frame, NULL);
    assert_same(scores->score[0].change, NAN);
    assert_same(scores->score[3].change, 9);
    assert_same(scores->score[3].previous, 61.5);
    assert_int_equal(scores->score[3].previous_rank, 2);
    assert_same(scores->score[4].change, NAN);
    assert_int_equal(scores->score[4].previous_rank, 0);
    assert_same(scores->score[5].previous, 63.25);
    assert_same(scores->score[5].change, NAN);
    assert_same(scores->score[6].change, 1.25);
    assert_same(scores->score[7].previous, NAN);
    done(&fixture, frame, scores);
}

static void test_against(void **state)
{
    static const double earlier[] = {10.5, 20.5, 30.5, 11.25, 21.25, 31.25, 12.5, 22.5, 32.5};
    static const double now[] = {15.5, 25.25, 35, 16, 26, 36};
    struct fixture old_fixture, fixture;
    struct mq_frame *old_frame = one_leaf(&old_fixture, 3, 3, earlier);
    struct mq_frame *frame = one_leaf(&fixture, 2, 3, now);
    struct mq_scores *old_scores = score(old_frame, NULL), *scores;

    (void)state;
    /* 2021, 2022, 2023 before; 2023 and 2024 now: 2023 is compared with 2022 */
    frame->period[0] = "2023";
    frame->period[1] = "2024";
    scores = score(frame, old_scores);
    assert_same(scores->score[0].previous, 11.25);
    assert_same(scores->score[0].change, 4.25);
    assert_int_equal(scores->score[0].previous_rank, 3);
    assert_same(scores->score[3].previous, 15.5); /* the data's own period comes first */
    mq_scores_free(scores);
    /* nodes and levels are found by id, wherever they stand in the other model */
    old_fixture.nodes[0].id = "y";
    scores = score(frame, old_scores);
    assert_same(scores->score[0].previous, NAN);
    mq_scores_free(scores);
    old_fixture.nodes[0].id = "x";
    old_fixture.levels[0].id = "city";
    scores = score(frame, old_scores);
    assert_same(scores->score[0].previous, NAN);
    mq_scores_free(scores);
    old_fixture.levels[0].id = "province";
    frame->period[0] = "2021"; /* nothing earlier there */
    scores = score(frame, old_scores);
    assert_same(scores->score[0].previous, NAN);
    mq_scores_free(scores);
    frame->period[0] = ""; /* no periods: the latest of the other run */
    scores = score(frame, old_scores);
    assert_same(scores->score[0].previous, 12.5);
    done(&fixture, frame, scores);
    done(&old_fixture, old_frame, old_scores);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ties),    cmocka_unit_test(test_ranks_by_level_and_period),
        cmocka_unit_test(test_bands),   cmocka_unit_test(test_changes),
        cmocka_unit_test(test_against),
    };

    return cmocka_run_group_tests_name("rank", tests, NULL, NULL);
}
