/* Every allocation of this room may fail: a status, no crash, no leak. */
#include "failing.h"
#include "index_fixture.h"

struct world {
    struct fixture fixture;
    struct mq_sums sums;
    struct mq_unit unit[4];
    struct mq_value value[4 * 2];
    uint64_t complete[4 * 2];
    const char *period[2];
    struct mq_input input[1];
    const char *indicators; /* path of an indicators.csv that fits */
};

static void world_init(struct world *world, const char *combiner)
{
    struct fixture *fixture = &world->fixture;
    struct mq_model *model = &fixture->model;
    struct mq_frame *frame = NULL;
    struct mq_buffer csv = MQ_BUFFER_EMPTY;

    memset(world, 0, sizeof *world);
    fixture_init(fixture);
    fixture_level(fixture, "nation");
    model->slots = model->masks = 2;
    world->input[0] = (struct mq_input){.id = "region", .type = MQ_CODE, .list = -1};
    model->input = world->input;
    fixture->levels[0].axes = 1;
    fixture->levels[1].rollup.of = 0;
    fixture->levels[1].rollup.path =
        fixture_file(fixture, "weights.csv", "unit,weight\n21,3.5\n22,1.25\n");
    fixture_parent(fixture, "top", NULL, 1, 1);
    fixture_leaf(fixture, "a", "top", 1, 3, "100 s0 * s1 /");
    fixture_leaf(fixture, "b", "top", 1, 3, "s1 s0 -");
    fixture_leaf(fixture, "c", "top", 1, 3, "s1");
    fixture->nodes[1].formula.numerator = fixture_steps(fixture, "s0");
    fixture->nodes[1].formula.denominator = fixture_steps(fixture, "s1");
    fixture_normalise(fixture, 1, "efficacy", "pass=100");
    fixture_normalise(fixture, 2, "minmax", "");
    fixture_normalise(fixture, 3, "zscore", "");
    fixture->nodes[1].goalposts =
        fixture_file(fixture, "posts.csv", "indicator,level,unit,fail\na,,,1.5\na,province,21,2\n");
    fixture->nodes[0].combine.method = fixture_method(MQ_COMBINE, combiner);
    fixture->nodes[0].weigh.method = fixture_method(MQ_WEIGH, "equal");
    fixture_finish(fixture);
    for (size_t i = 0; i < 3; i++) {
        static const char *const codes[] = {"21", "22", ""};
        world->unit[i] = (struct mq_unit){0, i == 2, codes[i], codes[i], 9 + i};
        for (size_t k = 0; k < 2; k++) {
            world->value[i * 2 + k].kind = MQ_VALUE_SCALED;
            world->value[i * 2 + k].scaled = (mq_int128)(71 * (i + 1) * (k + 1) + 13 * i * i);
            world->complete[i * 2 + k] = 9;
        }
    }
    world->period[0] = "2023";
    world->sums = (struct mq_sums){.model = model,
                                   .periods = 1,
                                   .period = world->period,
                                   .units = 3,
                                   .unit = world->unit,
                                   .value = world->value,
                                   .complete = world->complete};
    assert_int_equal(mq_frame_from_sums(&world->sums, &frame, NULL), MQ_OK);
    assert_int_equal(mq_frame_write(frame, &csv), MQ_OK);
    world->indicators = fixture_file(fixture, "indicators.csv", csv.data);
    mq_buffer_clear(&csv);
    mq_frame_free(frame);
}

/* The whole room once; frees whatever came about. */
static enum mq_status everything(const struct world *world, struct mq_error *error)
{
    struct mq_frame *frame = NULL, *back = NULL;
    struct mq_scores *scores = NULL, *again = NULL;
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    struct mq_explained explained[FIXTURE_NODES];
    size_t count;
    enum mq_status status = mq_frame_from_sums(&world->sums, &frame, error);

    if (status == MQ_OK)
        status = mq_frame_read(&world->fixture.model, world->indicators, &back, error);
    if (status == MQ_OK) {
        back->period[0] = "2022"; /* an earlier run to compare with */
        status = mq_scores_new(back, NULL, &again, error);
    }
    if (status == MQ_OK)
        status = mq_scores_new(frame, again, &scores, error);
    if (status == MQ_OK)
        status = mq_explain(scores, 0, -1, 2, explained, &count, error);
    if (status == MQ_OK)
        status = mq_scores_write(scores, &csv);
    if (status == MQ_OK)
        status = mq_frame_write(frame, &csv);
    mq_buffer_clear(&csv);
    mq_scores_free(scores);
    mq_scores_free(again);
    mq_frame_free(frame);
    mq_frame_free(back);
    return status;
}

static void try_combiner(const char *combiner)
{
    struct world world;
    bool reached = true;
    long n = 0;

    world_init(&world, combiner);
    for (; reached; n++) {
        struct mq_error error = {0};
        enum mq_status status;
        fail_allocation(n);
        status = everything(&world, &error);
        reached = allocation_failed();
        assert_int_equal(status, reached ? MQ_INTERNAL : MQ_OK);
        if (error.message[0]) /* the writers have no error to fill */
            assert_contains(error.message, "memory");
    }
    assert_true(n > 50);
    fixture_clear(&world.fixture);
}

static void test_every_allocation(void **state)
{
    (void)state;
    try_combiner("arithmetic");
    try_combiner("topsis"); /* compares units */
    try_combiner("rank_sum_ratio");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation)};

    return cmocka_run_group_tests_name("index memory", tests, NULL, NULL);
}
