/* Between raw values and scores: screening, imputing, treating, their record and their reasons. */
#include "failing.h"
#include "index_fixture.h"

enum { UNITS = 9, LEAVES = 4 };

/* A root with four indicators of one level. */
struct world {
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_argument argument[MQ_MAX_PARAMS];
    int root, leaf[LEAVES];
};

static const char *const ids[LEAVES] = {"a", "b", "c", "d"};

/* `turned`: the leaves stand in the model from the last to the first. */
static void world_init(struct world *world, size_t periods, bool turned)
{
    struct fixture *fixture = &world->fixture;

    memset(world, 0, sizeof *world);
    fixture_init(fixture);
    world->root = fixture_parent(fixture, "top", NULL, 1, 1);
    for (int i = 0; i < LEAVES; i++) {
        int which = turned ? LEAVES - 1 - i : i;
        world->leaf[which] = fixture_leaf(fixture, ids[which], "top", 1, LEAVES, NULL);
        struct mq_node *node = &fixture->nodes[world->leaf[which]];
        node->impute.method = node->treat.method = -1;
        node->direction = which == 2 ? MQ_DOWN : MQ_UP;
    }
    fixture_finish(fixture);
    world->frame = fixture_frame(fixture, periods, UNITS);
    world->frame->threads = turned ? 3 : 1;
}

static void world_clear(struct world *world)
{
    mq_frame_free(world->frame);
    fixture_clear(&world->fixture);
}

static double value_of(size_t period, size_t unit, int leaf)
{
    uint64_t seed = 1000 * period + 31 * unit + (uint64_t)leaf + 5;

    return fixture_uniform(&seed, -3, 90);
}

/* Some values are missing, in a pattern of their own for every leaf. */
static void fill_values(struct world *world)
{
    for (size_t i = 0; i < world->frame->units; i++)
        for (int k = 0; k < LEAVES; k++) {
            size_t unit = i % UNITS;
            bool missing =
                (unit * 5 + (size_t)k * 7 + i / UNITS) % 4 == 0 || (i / UNITS == 1 && unit == 8);
            fixture_set(world->frame, i, world->leaf[k],
                        missing ? NAN : value_of(i / UNITS, unit, k));
        }
}

static struct mq_choice imputing(struct world *world, const char *method, double param)
{
    return (struct mq_choice){
        .method = fixture_method(MQ_IMPUTE, method), .param = {param}, .argument = world->argument};
}

static void prepare(struct world *world)
{
    struct mq_error error = {0};

    if (mq_frame_prepare(world->frame, &error) != MQ_OK)
        fail_msg("%s", error.message);
}

static double used(const struct world *world, size_t unit, int leaf)
{
    return world->frame->used[unit * world->fixture.model.nodes + (size_t)world->leaf[leaf]];
}

static double raw(const struct world *world, size_t unit, int leaf)
{
    return world->frame->value[unit * world->fixture.model.nodes + (size_t)world->leaf[leaf]];
}

/* ---- screening ---- */

/* Unit u has u % 5 of the four values missing from the left, and u / 5 zeros from the right. */
static void fill_gaps(struct world *world)
{
    for (size_t u = 0; u < UNITS; u++)
        for (size_t k = 0; k < LEAVES; k++)
            fixture_set(world->frame, u, world->leaf[k],
                        k < u % 5                 ? NAN
                        : k + u / 5 * 2 >= LEAVES ? 0
                                                  : value_of(0, u, (int)k));
}

static void check_screened(struct world *world, const char *wanted)
{
    prepare(world);
    for (size_t u = 0; u < UNITS; u++) {
        if (world->frame->screened[u] != (wanted[u] == 'x'))
            fail_msg("unit %zu: %d", u, world->frame->screened[u]);
        for (int k = 0; k < LEAVES; k++)
            assert_same(used(world, u, k), wanted[u] == 'x' ? NAN : raw(world, u, k));
    }
}

static void screening(void **state)
{
    static const char *keep[] = {"u03", "u04", "u08"}, *drop[] = {"u00", "u03"};
    static const struct {
        struct mq_screen screen;
        const char *wanted;
    } cases[] = {
        /* units 0..4 have 4 3 2 1 0 values, 5..8 have 4 3 2 1, of these 2 2 2 1 zeros */
        {{.min_available = 0.5}, "...xx...x"},
        {{.min_available = 0.51}, "..xxx..xx"},
        {{.min_available = 1}, ".xxxx.xxx"},
        {{.min_nonzero = 0.5}, "......xxx"},
        {{.min_available = 0.75, .min_nonzero = 0.3}, "..xxx..xx"},
        {{.min_available = 0.5, .keep = keep, .keeps = 3}, "........."},
        {{.min_available = 0.5, .keep = keep, .keeps = 3, .drop = drop, .drops = 2}, "x..x....."},
        {{.drop = drop, .drops = 1}, "x........"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world world;
        world_init(&world, 1, i % 2);
        fill_gaps(&world);
        world.fixture.model.screen = cases[i].screen;
        world.fixture.model.screen.asked = true;
        check_screened(&world, cases[i].wanted);
        world_clear(&world);
    }
}

/* Who is left out has no say in what is imputed or how outliers are treated. */
static void screened_units_do_not_count(void **state)
{
    static const char *drop[] = {"u08"};
    struct world world;

    (void)state;
    world_init(&world, 1, false);
    for (size_t u = 0; u < UNITS; u++)
        fixture_set(world.frame, u, world.leaf[0], u == 0 ? NAN : u == 8 ? 1e6 : (double)u / 7);
    world.fixture.model.screen = (struct mq_screen){.asked = true, .drop = drop, .drops = 1};
    world.fixture.nodes[world.leaf[0]].impute = imputing(&world, "mean", 0);
    prepare(&world);
    assert_close(used(&world, 0, 0), (1 + 2 + 3 + 4 + 5 + 6 + 7) / 49.0, 1e-15);
    assert_true(isnan(used(&world, 8, 0)));
    assert_same(raw(&world, 8, 0), 1e6);
    world_clear(&world);
}

/* ---- order ---- */

static void prepare_all(struct world *world)
{
    static const char *const methods[LEAVES] = {"row_mean", "mean", "row_mean", "median"};

    for (int k = 0; k < LEAVES; k++) {
        struct mq_node *node = &world->fixture.nodes[world->leaf[k]];
        node->impute = imputing(world, methods[k], 0);
        node->treat = (struct mq_choice){.method = fixture_method(MQ_TREAT, "quantile_clip"),
                                         .param = {0.1, 0.85}};
    }
    world->fixture.model.screen = (struct mq_screen){.asked = true, .min_available = 0.3};
    fill_values(world);
    prepare(world);
}

/* Leaves see each other as they were reported, so the one that comes first has no advantage. */
static void order_of_leaves(void **state)
{
    struct world one, other;
    size_t filled = 0;

    (void)state;
    world_init(&one, 2, false);
    world_init(&other, 2, true);
    prepare_all(&one);
    prepare_all(&other);
    for (size_t i = 0; i < 2 * UNITS; i++)
        for (int k = 0; k < LEAVES; k++) {
            assert_same(used(&one, i, k), used(&other, i, k));
            filled += isnan(raw(&one, i, k)) && !isnan(used(&one, i, k));
        }
    assert_true(filled >= 12);
    world_clear(&one);
    world_clear(&other);
}

/* The same values at other places of the list of units. */
static void order_of_units(void **state)
{
    static const size_t place[UNITS] = {4, 7, 0, 8, 2, 6, 1, 3, 5};
    struct world one, other;

    (void)state;
    world_init(&one, 1, false);
    world_init(&other, 1, false);
    prepare_all(&one);
    for (int k = 0; k < LEAVES; k++)
        for (size_t u = 0; u < UNITS; u++)
            fixture_set(other.frame, place[u], other.leaf[k], raw(&one, u, k));
    for (int k = 0; k < LEAVES; k++) {
        struct mq_node *node = &other.fixture.nodes[other.leaf[k]];
        node->impute = one.fixture.nodes[one.leaf[k]].impute;
        node->treat = one.fixture.nodes[one.leaf[k]].treat;
    }
    other.fixture.model.screen = one.fixture.model.screen;
    prepare(&other);
    for (int k = 0; k < LEAVES; k++)
        for (size_t u = 0; u < UNITS; u++)
            assert_same(used(&other, place[u], k), used(&one, u, k));
    world_clear(&one);
    world_clear(&other);
}

/* ---- the record ---- */

/* Where nothing was asked for, the stages are the same value. */
static void stages_follow_each_other(void **state)
{
    struct world world;
    size_t filled = 0, treated = 0;

    (void)state;
    world_init(&world, 2, true);
    prepare_all(&world);
    for (size_t i = 0; i < 2 * UNITS; i++)
        for (size_t k = 0; k < world.fixture.model.nodes; k++) {
            size_t at = i * world.fixture.model.nodes + k;
            double raw_value = world.frame->value[at], value = world.frame->filled[at];
            if (!isnan(raw_value) && !world.frame->screened[i])
                assert_same(value, raw_value);
            filled += isnan(raw_value) && !isnan(value);
            assert_int_equal(isnan(world.frame->used[at]), isnan(value));
            if (world.fixture.nodes[k].treat.method < 0)
                assert_same(world.frame->used[at], value);
            treated += !isnan(value) && world.frame->used[at] != value;
        }
    assert_true(filled > 0 && treated > 0);
    world_clear(&world);
}

static const char *write_record(struct world *world, struct mq_buffer *csv)
{
    struct mq_buffer empty = MQ_BUFFER_EMPTY;

    *csv = empty;
    assert_int_equal(mq_prepared_write(world->frame, csv), MQ_OK);
    return csv->data;
}

static void record_is_read_back(void **state)
{
    struct world world, again;
    struct mq_buffer csv, other;
    struct mq_error error = {0};

    (void)state;
    world_init(&world, 2, false);
    prepare_all(&world);
    world_init(&again, 2, false);
    for (int k = 0; k < LEAVES; k++) {
        struct mq_node *node = &again.fixture.nodes[again.leaf[k]];
        node->impute = world.fixture.nodes[world.leaf[k]].impute;
        node->treat = world.fixture.nodes[world.leaf[k]].treat;
    }
    fill_values(&again);
    /* one without any value is screened too: a row without an indicator */
    assert_contains(write_record(&world, &csv), "2022,province,u08,,screen,,,\n");
    const char *path = fixture_file(&again.fixture, "prepared.csv", csv.data);
    if (mq_prepared_read(again.frame, path, &error) != MQ_OK)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < 2 * UNITS; i++) {
        assert_int_equal(again.frame->screened[i], world.frame->screened[i]);
        for (int k = 0; k < LEAVES; k++)
            assert_same(used(&again, i, k), used(&world, i, k));
    }
    assert_string_equal(write_record(&again, &other), csv.data);
    mq_buffer_clear(&csv);
    mq_buffer_clear(&other);
    world_clear(&world);
    world_clear(&again);
}

static void wrong_records_are_refused(void **state)
{
#define HEAD "period,level,unit,indicator,stage,method,before,after\n"
    static const struct {
        const char *text, *message;
        long line, column;
    } wrong[] = {
        {"period,level,unit,indicator,stage,method,before\n", "\"after\" is missing", 1, 0},
        {HEAD "2020,province,u00,a,treat,,1,2\n", "period is \"2020\"", 2, 1},
        {HEAD "2021,city,u00,a,treat,,1,2\n", "expected a level of the model", 2, 2},
        {HEAD "2021,province,u00,a,impute,,,2\n2021,province,u77,a,treat,,1,2\n", "unit is \"u77\"",
         3, 3},
        {HEAD "2021,province,u00,e,treat,,1,2\n", "expected an indicator of the model", 2, 4},
        {HEAD "2021,province,u00,a,threat,,1,2\n", "expected screen, impute or treat", 2, 5},
        {HEAD "2021,province,u00,a,treat,,1x,2\n", "before is \"1x\"", 2, 7},
        {HEAD "2021,province,u00,a,treat,,1,two\n", "after is \"two\"", 2, 8},
        {HEAD "2021,province,u00,a,treat,,-1e9,2\n", "the directory was altered", 2, 7},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct world world;
        struct mq_error error = {0};
        world_init(&world, 1, false);
        const char *path = fixture_file(&world.fixture, "prepared.csv", wrong[i].text);
        assert_int_equal(mq_prepared_read(world.frame, path, &error), MQ_DATA);
        assert_contains(error.message, wrong[i].message);
        assert_string_equal(error.file, path);
        assert_int_equal(error.line, wrong[i].line);
        assert_int_equal(error.column, wrong[i].column);
        world_clear(&world);
    }
}

/* ---- reasons up the tree ---- */

static enum mq_reason reason_of(const struct mq_scores *scores, size_t unit, int node)
{
    return (enum mq_reason)scores->score[unit * scores->model->nodes + (size_t)node].reason;
}

static void reasons_reach_the_top(void **state)
{
    static const char *drop[] = {"u03"};
    struct mq_scores *scores = NULL;
    struct mq_error error = {0};
    struct world world;

    (void)state;
    world_init(&world, 1, false);
    for (size_t u = 0; u < UNITS; u++)
        for (int k = 0; k < LEAVES; k++)
            fixture_set(world.frame, u, world.leaf[k], value_of(0, u, k));
    fixture_set(world.frame, 1, world.leaf[0], NAN); /* imputed */
    fixture_set(world.frame, 2, world.leaf[3], NAN); /* nothing stands in */
    fixture_set(world.frame, 4, world.leaf[0], NAN);
    fixture_set(world.frame, 4, world.leaf[3], NAN); /* both */
    world.fixture.nodes[world.leaf[0]].impute = imputing(&world, "constant", 12.5);
    world.fixture.nodes[world.leaf[2]].direction = MQ_UP;
    world.fixture.model.screen = (struct mq_screen){.asked = true, .drop = drop, .drops = 1};
    prepare(&world);
    if (mq_scores_new(world.frame, NULL, &scores, &error) != MQ_OK)
        fail_msg("%s", error.message);
    assert_int_equal(reason_of(scores, 0, world.root), MQ_FINE);
    assert_int_equal(reason_of(scores, 1, world.leaf[0]), MQ_IMPUTED);
    assert_int_equal(reason_of(scores, 1, world.leaf[1]), MQ_FINE);
    assert_int_equal(reason_of(scores, 1, world.root), MQ_IMPUTED);
    assert_int_equal(reason_of(scores, 2, world.leaf[3]), MQ_NOT_REPORTED);
    assert_int_equal(reason_of(scores, 2, world.root), MQ_RENORMALISED);
    for (int k = 0; k < LEAVES; k++)
        assert_int_equal(reason_of(scores, 3, world.leaf[k]), MQ_SCREENED);
    assert_int_equal(reason_of(scores, 3, world.root), MQ_SCREENED);
    assert_int_equal(reason_of(scores, 4, world.root), MQ_IMPUTED_RENORMALISED);
    assert_close(scores->score[1 * world.fixture.model.nodes + (size_t)world.root].value,
                 (12.5 + raw(&world, 1, 1) + raw(&world, 1, 2) + raw(&world, 1, 3)) / 4, 1e-14);
    assert_int_equal(scores->score[(size_t)world.root].of, UNITS - 1);
    mq_scores_free(scores);
    world_clear(&world);
}

/* Nothing asked: the raw values themselves are used, and there is no record. */
static void nothing_is_asked(void **state)
{
    struct world world;

    (void)state;
    world_init(&world, 1, false);
    fill_values(&world);
    prepare(&world);
    assert_ptr_equal(world.frame->used, world.frame->value);
    assert_null(world.frame->screened);
    assert_false(mq_prepares(&world.fixture.model));
    world_clear(&world);
}

/* ---- groups ---- */

static void check_groups(const char *text, const char *message, long line)
{
    struct world world;
    struct mq_error error = {0};

    world_init(&world, 2, false);
    fill_values(&world);
    world.argument[0].text = fixture_file(&world.fixture, "groups.csv", text);
    world.fixture.nodes[world.leaf[1]].impute = imputing(&world, "group_mean", 0);
    enum mq_status status = mq_frame_prepare(world.frame, &error);
    assert_int_equal(status, message ? MQ_BAD_MODEL : MQ_OK);
    if (message) {
        assert_contains(error.message, message);
        assert_int_equal(error.line, line);
        assert_string_equal(error.file, world.argument[0].text);
    } else {
        for (size_t p = 0; p < 2; p++) { /* u01, u05: x; u02: y; the rest none */
            double a = raw(&world, p * UNITS + 1, 1), b = raw(&world, p * UNITS + 5, 1);
            assert_true(isnan(a) || isnan(b) || p);
            if (isnan(a))
                assert_same(used(&world, p * UNITS + 1, 1), b);
            if (isnan(b))
                assert_same(used(&world, p * UNITS + 5, 1), a);
            for (size_t u = 6; u < UNITS; u++)
                assert_same(used(&world, p * UNITS + u, 1), raw(&world, p * UNITS + u, 1));
        }
    }
    world_clear(&world);
}

static void groups_of_a_table(void **state)
{
    (void)state;
    check_groups("unit,group\nu05,x\nu02,y\nu01,x\nu08,\nu77,z\nu01,x\n", NULL, 0);
    check_groups("group,code\nx,u01\n", "needs the columns \"unit\" and \"group\"", 1);
    check_groups("unit,group\nu05,x\nu02,y\n\nu05,y\n",
                 "\"u05\" is in the group \"y\" here and in \"x\" on line 2", 5);
}

/* ---- want of memory ---- */

static enum mq_status everything(struct world *world, const char *path, struct mq_error *error)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    enum mq_status status = mq_frame_prepare(world->frame, error);

    if (status == MQ_OK)
        status = mq_prepared_write(world->frame, &csv);
    mq_buffer_clear(&csv);
    return status == MQ_OK ? mq_prepared_read(world->frame, path, error) : status;
}

static void any_allocation_may_fail(void **state)
{
    static const char *const imputers[LEAVES] = {"row_mean", "group_median", "linear", "mean"};
    static const char *const treaters[LEAVES] = {"quantile_clip", "mad_clip", "winsorise_then_log",
                                                 "log_ct"};
    static const double params[LEAVES][8] = {{0.1, 0.9}, {2}, {1, 0.1, -9, 1, 1}, {0}};
    bool failed = true;
    long n = 0;

    (void)state;
    for (; failed; n++) {
        struct world world;
        struct mq_error error = {0};
        world_init(&world, 2, false);
        fill_values(&world);
        for (int k = 0; k < LEAVES; k++) {
            struct mq_node *node = &world.fixture.nodes[world.leaf[k]];
            node->impute = imputing(&world, imputers[k], 0);
            node->treat.method = fixture_method(MQ_TREAT, treaters[k]);
            memcpy(node->treat.param, params[k], sizeof params[k]);
        }
        world.argument[0].text =
            fixture_file(&world.fixture, "groups.csv", "unit,group\nu00,x\nu01,x\nu02,y\n");
        const char *path = fixture_file(&world.fixture, "prepared.csv",
                                        "period,level,unit,indicator,stage,method,before,"
                                        "after\n2021,province,u00,a,impute,,,2\n");
        fail_allocation(n);
        enum mq_status status = everything(&world, path, &error);
        failed = allocation_failed();
        assert_int_equal(status == MQ_OK, !failed);
        world_clear(&world);
    }
    assert_true(n > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screening),
        cmocka_unit_test(screened_units_do_not_count),
        cmocka_unit_test(order_of_leaves),
        cmocka_unit_test(order_of_units),
        cmocka_unit_test(stages_follow_each_other),
        cmocka_unit_test(record_is_read_back),
        cmocka_unit_test(wrong_records_are_refused),
        cmocka_unit_test(reasons_reach_the_top),
        cmocka_unit_test(nothing_is_asked),
        cmocka_unit_test(groups_of_a_table),
        cmocka_unit_test(any_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("preparing", tests, NULL, NULL);
}
