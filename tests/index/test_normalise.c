/* Normalisers over frames: references, directions, goalposts files, what is refused. */
#include "index_fixture.h"

static struct mq_scores *score(const struct mq_frame *frame)
{
    struct mq_scores *scores = NULL;
    struct mq_error error = {0};

    if (mq_scores_new(frame, NULL, &scores, &error) != MQ_OK)
        fail_msg("%s", error.message);
    return scores;
}

static void refuse(const struct mq_frame *frame, const char *file, long line, const char *part)
{
    struct mq_scores *scores = NULL;
    struct mq_error error = {0};

    assert_int_equal(mq_scores_new(frame, NULL, &scores, &error), MQ_BAD_MODEL);
    assert_null(scores);
    assert_contains(error.message, part);
    assert_contains(error.file, file);
    assert_int_equal(error.line, line);
}

/* One leaf `x`; values given per unit. */
static struct mq_frame *one_leaf(struct fixture *fixture, const char *method, const char *params,
                                 size_t periods, size_t units, const double *values)
{
    struct mq_frame *frame;
    int leaf;

    fixture_init(fixture);
    leaf = fixture_leaf(fixture, "x", NULL, 1, 1, NULL);
    fixture_normalise(fixture, leaf, method, params);
    fixture_finish(fixture);
    frame = fixture_frame(fixture, periods, units);
    for (size_t i = 0; i < frame->units; i++)
        fixture_set(frame, i, leaf, values[i]);
    return frame;
}

static void done(struct fixture *fixture, struct mq_frame *frame, struct mq_scores *scores)
{
    mq_scores_free(scores);
    mq_frame_free(frame);
    fixture_clear(fixture);
}

static void test_efficacy(void **state)
{
    /* A22 质量损失率, 5 % earns 60 and 0 earns 100 */
    static const double values[] = {5, 0, 2.385, 7.5, -1, NAN};
    static const double wanted[] = {60, 100, 80.92, 60, 100, NAN};
    struct fixture fixture;
    struct mq_frame *frame = one_leaf(&fixture, "efficacy", "fail=5 pass=0", 1, 6, values);
    struct mq_scores *scores;

    (void)state;
    fixture.nodes[0].direction = MQ_DOWN;
    scores = score(frame);
    for (int i = 0; i < 6; i++)
        assert_close(scores->score[i].value, wanted[i], 1e-15);
    assert_int_equal(scores->score[5].reason, MQ_NOT_REPORTED);
    assert_same(scores->fitted[2][0], 5);
    assert_same(scores->fitted[2][3], 100);
    mq_scores_free(scores);
    fixture_normalise(&fixture, 0, "efficacy", "fail=5 pass=0 clip=0 low=0 high=10");
    scores = score(frame);
    assert_close(scores->score[3].value, -5, 1e-15);
    assert_close(scores->score[4].value, 12, 1e-15);
    done(&fixture, frame, scores);
}

static void test_refused_parameters(void **state)
{
    static const double values[] = {1, 2};
    struct fixture fixture;
    struct mq_frame *frame = one_leaf(&fixture, "efficacy", "fail=5 pass=0", 1, 2, values);

    (void)state;
    refuse(frame, "model.yaml", 10, "x: direction is up, but `fail` is greater than `pass`");
    fixture.nodes[0].direction = MQ_DOWN;
    fixture_normalise(&fixture, 0, "efficacy", "fail=0 pass=5");
    refuse(frame, "model.yaml", 10, "x: direction is down, but `fail` is less than `pass`");
    fixture_normalise(&fixture, 0, "efficacy", "fail=5 pass=0 low=100 high=60");
    refuse(frame, "model.yaml", 10, "`low` must be less than `high`");
    fixture_normalise(&fixture, 0, "minmax", "low=3 high=3");
    refuse(frame, "model.yaml", 10, "`low` must be less than `high`");
    fixture_normalise(&fixture, 0, "zscore", "sd=0");
    refuse(frame, "model.yaml", 10, "`sd` must be greater than 0");
    fixture_normalise(&fixture, 0, "none", "");
    refuse(frame, "model.yaml", 10, "normalise none keeps the raw value");
    fixture_normalise(&fixture, 0, "minmax", "");
    fixture.nodes[0].reference = MQ_REFERENCE_FIXED;
    refuse(frame, "model.yaml", 10, "each, pooled or {period: ...}");
    fixture.nodes[0].reference = MQ_REFERENCE_PERIOD;
    fixture.nodes[0].reference_period = "1999";
    refuse(frame, "model.yaml", 10, "the reference period 1999 is not among the periods");
    fixture.nodes[0].normalise.method = -1;
    refuse(frame, "model.yaml", 10, "no normalise method");
    fixture_normalise(&fixture, 0, "efficacy", "fail=5");
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

/* fail = pass, or a parameter nobody gave: no goalposts, never infinity. */
static void test_unusable_goalposts(void **state)
{
    static const double values[] = {1.5, 2.5};
    static const char *const params[] = {"fail=2 pass=2", "fail=2", ""};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fixture fixture;
        struct mq_frame *frame = one_leaf(&fixture, "efficacy", params[i], 1, 2, values);
        struct mq_scores *scores = score(frame);
        assert_same(scores->score[0].value, NAN);
        assert_int_equal(scores->score[0].reason, MQ_NO_GOALPOSTS);
        assert_null(scores->fitted[0]);
        done(&fixture, frame, scores);
    }
}

static void test_references(void **state)
{
    /* two periods of four units */
    static const double values[] = {3.1, 7.9, NAN, 5.5, 4.2, 9.9, 1.7, 6.6};
    struct fixture fixture;
    struct mq_frame *frame = one_leaf(&fixture, "minmax", "low=10 high=20", 2, 4, values);
    struct mq_scores *scores = score(frame);

    (void)state;
    assert_close(scores->score[3].value, 10 + 10 * 2.4 / 4.8, 1e-15);
    assert_close(scores->score[7].value, 10 + 10 * 4.9 / 8.2, 1e-15);
    assert_same(scores->score[2].value, NAN);
    mq_scores_free(scores);
    fixture.nodes[0].reference = MQ_REFERENCE_POOLED;
    scores = score(frame);
    assert_close(scores->score[3].value, 10 + 10 * 3.8 / 8.2, 1e-15);
    assert_same(scores->score[6].value, 10);
    assert_same(scores->fitted[0][2], 1.7);
    mq_scores_free(scores);
    fixture.nodes[0].reference = MQ_REFERENCE_PERIOD;
    fixture.nodes[0].reference_period = "2021";
    fixture.nodes[0].direction = MQ_DOWN;
    scores = score(frame);
    assert_close(scores->score[3].value, 10 + 10 * 2.4 / 4.8, 1e-15);
    assert_close(scores->score[5].value, 10 - 10 * 2.0 / 4.8, 1e-15); /* beyond the reference */
    mq_scores_free(scores);
    /* zscore in base R: scale(c(3.1, 7.9, 5.5)) = -1, 1, 0 */
    fixture_normalise(&fixture, 0, "zscore", "mean=100 sd=10");
    scores = score(frame);
    assert_close(scores->score[0].value, 110, 1e-15);
    assert_close(scores->score[1].value, 90, 1e-15);
    assert_close(scores->fitted[0][3], 2.4, 1e-15);
    done(&fixture, frame, scores);
}

/* Each level is its own world; a level of one unit has no range. */
static void test_levels_apart(void **state)
{
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_scores *scores;

    (void)state;
    fixture_init(&fixture);
    fixture_level(&fixture, "city");
    fixture_leaf(&fixture, "x", NULL, 1, 1, NULL);
    fixture_normalise(&fixture, 0, "minmax", "");
    fixture_finish(&fixture);
    frame = fixture_frame(&fixture, 1, 2);
    fixture_set(frame, 0, 0, 12.5);
    fixture_set(frame, 1, 0, 12.75);
    fixture_set(frame, 2, 0, 1000);
    scores = score(frame);
    assert_same(scores->score[0].value, 0);
    assert_same(scores->score[1].value, 100);
    assert_same(scores->score[2].value, NAN);
    assert_int_equal(scores->score[2].reason, MQ_NO_GOALPOSTS);
    assert_int_equal(scores->score[3].reason, MQ_NOT_REPORTED);
    done(&fixture, frame, scores);
}

static void test_goalposts_file(void **state)
{
    static const double values[] = {30, 30, 30, 30, 30, 30};
    static const char *const csv = "indicator,level,unit,period,fail,pass,clip\n"
                                   "x,,,,0,100,\n"
                                   "x,,,2022,0,50,\n"
                                   "x,province,,,0,40,\n"
                                   "x,province,u01,,0,60,\n"
                                   "x,,u02,,0,10,false\n"
                                   "x,,u02,2022,,,\n"
                                   "y,,,,7,7,\n";
    struct fixture fixture;
    struct mq_frame *frame = one_leaf(&fixture, "efficacy", "", 2, 3, values);
    struct mq_scores *scores;

    (void)state;
    fixture_leaf(&fixture, "y", NULL, 1, 1, NULL);
    mq_frame_free(frame);
    fixture_finish(&fixture);
    frame = fixture_frame(&fixture, 2, 3);
    for (size_t i = 0; i < 6; i++)
        fixture_set(frame, i, 0, 30);
    fixture.nodes[0].goalposts = fixture_file(&fixture, "posts.csv", csv);
    scores = score(frame);
    assert_close(scores->score[0 * 2].value, 90, 1e-15);  /* province: 30 of 40 */
    assert_close(scores->score[1 * 2].value, 80, 1e-15);  /* u01: 30 of 60 */
    assert_close(scores->score[2 * 2].value, 180, 1e-15); /* u02: 30 of 10, not clipped */
    assert_close(scores->score[3 * 2].value, 90, 1e-15);  /* level comes before period */
    assert_int_equal(scores->score[5 * 2].reason,
                     MQ_NO_GOALPOSTS); /* nothing given, nothing written */
    mq_scores_free(scores);
    fixture_normalise(&fixture, 0, "efficacy", "fail=20 pass=60 low=0");
    scores = score(frame);
    assert_close(scores->score[5 * 2].value, 25, 1e-15); /* blank cells: as written */
    done(&fixture, frame, scores);
}

static void refuse_posts(const char *csv, long line, const char *part)
{
    static const double values[] = {1.25, 2.5};
    struct fixture fixture;
    struct mq_frame *frame = one_leaf(&fixture, "efficacy", "", 1, 2, values);

    fixture.nodes[0].goalposts = fixture_file(&fixture, "posts.csv", csv);
    refuse(frame, "posts.csv", line, part);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

static void test_bad_goalposts(void **state)
{
    static const double values[] = {1.25, 2.5};
    struct fixture fixture;
    struct mq_frame *frame;

    (void)state;
    refuse_posts("indicator,level,fail,pass\nx,,1,2\n", 1, "needs a column \"unit\"");
    refuse_posts("indicator,level,unit,fial,pass\nx,,,1,2\n", 1, "column \"fial\" is neither");
    refuse_posts("indicator,level,unit,fail,pass\nx,,,1,2\nz,,,1,2\n", 3,
                 "\"z\" is no indicator with a formula");
    refuse_posts("indicator,level,unit,fail,pass\nx,county,,1,2\n", 2, "\"county\" is no level");
    refuse_posts("indicator,level,unit,fail,pass\nx,,,1,two\n", 2,
                 "pass of x is \"two\", expected a number");
    refuse_posts("indicator,level,unit,clip\nx,,,yes\n", 2, "expected true or false");
    refuse_posts("indicator,level,unit,fail,pass\nx,,u01,1,2\nx,,u02,1,2\nx,,u01,1,3\n", 4,
                 "on line 2");
    refuse_posts("indicator,level,unit,fail,pass\nx,,u01,3,2\n", 2, "x: direction is up");
    frame = one_leaf(&fixture, "minmax", "", 1, 2, values);
    fixture.nodes[0].goalposts = "posts.csv";
    refuse(frame, "model.yaml", 10, "a goalposts file goes with methods whose points are written");
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

/* Squares of the deviations of such numbers are beyond the range of doubles. */
static void test_extreme_columns(void **state)
{
    static const double values[] = {1e200, 3e200, 5e200};
    static const double close[] = {1.00000001, 1, 1.00000002};
    struct fixture fixture;
    struct mq_frame *frame = one_leaf(&fixture, "zscore", "", 1, 3, values);
    struct mq_scores *scores = score(frame);

    (void)state;
    assert_close(scores->score[0].value, -1, 1e-15);
    assert_close(scores->fitted[0][3] / 2e200, 1, 1e-15);
    done(&fixture, frame, scores);
    frame = one_leaf(&fixture, "zscore", "", 1, 3, close);
    scores = score(frame);
    assert_close(scores->score[1].value, -1, 5e-8); /* the inputs themselves are that coarse */
    assert_close(scores->fitted[0][3], 1e-8, 1e-16);
    done(&fixture, frame, scores);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_efficacy),           cmocka_unit_test(test_refused_parameters),
        cmocka_unit_test(test_unusable_goalposts), cmocka_unit_test(test_references),
        cmocka_unit_test(test_levels_apart),       cmocka_unit_test(test_goalposts_file),
        cmocka_unit_test(test_bad_goalposts),      cmocka_unit_test(test_extreme_columns),
    };

    return cmocka_run_group_tests_name("normalise", tests, NULL, NULL);
}
