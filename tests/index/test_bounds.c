/* Bounds of scores against scoring again with the worst or best in place of what is missing. */
#include "failing.h"
#include "index_fixture.h"

enum { UNITS = 8, LEAVES = 5 };

/* top = 1/4 a + 3/4 p (geometric of b, c) and q (of d, e) at equal weights, two levels. */
struct world {
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_scores *scores;
    int leaf[LEAVES], parent[3];
};

static double value_of(size_t unit, int leaf)
{
    uint64_t seed = 77 * unit + (uint64_t)leaf + 3;

    return fixture_uniform(&seed, 5, 95);
}

static bool missing(size_t unit, int leaf)
{
    return unit % UNITS > 1 && (unit * 3 + (size_t)leaf * 5) % 7 < 2;
}

static void world_init(struct world *world)
{
    struct fixture *fixture = &world->fixture;

    memset(world, 0, sizeof *world);
    fixture_init(fixture);
    fixture_level(fixture, "city");
    world->parent[0] = fixture_parent(fixture, "top", NULL, 1, 1);
    world->leaf[0] = fixture_leaf(fixture, "a", "top", 1, 4, NULL);
    world->parent[1] = fixture_parent(fixture, "p", "top", 1, 2);
    world->parent[2] = fixture_parent(fixture, "q", "top", 1, 4);
    for (int i = 1; i < LEAVES; i++)
        world->leaf[i] = fixture_leaf(fixture, (const char *[]){"", "b", "c", "d", "e"}[i],
                                      i < 3 ? "p" : "q", i % 2 ? 1 : 2, 3, NULL);
    fixture->nodes[world->parent[1]].combine.method = fixture_method(MQ_COMBINE, "geometric");
    fixture->nodes[world->parent[2]].weigh.method = fixture_method(MQ_WEIGH, "equal");
    for (size_t i = 0; i < fixture->model.nodes; i++)
        fixture->nodes[i].impute.method = fixture->nodes[i].treat.method = -1;
    fixture_finish(fixture);
    world->frame = fixture_frame(fixture, 1, UNITS);
    for (size_t u = 0; u < 2 * UNITS; u++)
        for (int k = 0; k < LEAVES; k++)
            fixture_set(world->frame, u, world->leaf[k], missing(u, k) ? NAN : value_of(u, k));
}

static void score(struct world *world)
{
    struct mq_error error = {0};

    mq_scores_free(world->scores);
    world->scores = NULL;
    if (mq_scores_new(world->frame, NULL, &world->scores, &error) != MQ_OK)
        fail_msg("%s", error.message);
}

static void world_clear(struct world *world)
{
    mq_scores_free(world->scores);
    mq_frame_free(world->frame);
    fixture_clear(&world->fixture);
}

static void read_bounds(struct world *world, struct mq_table *table)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    struct mq_error error = {0};

    assert_int_equal(mq_bounds_write(world->scores, &csv, &error), MQ_OK);
    assert_int_equal(
        mq_table_read(fixture_file(&world->fixture, "bounds.csv", csv.data), table, &error), MQ_OK);
    mq_buffer_clear(&csv);
}

static const char *cell(const struct mq_table *table, size_t row, const char *column)
{
    return table->cell[row * table->columns + (size_t)mq_table_find(table, column)];
}

static double number(const struct mq_table *table, size_t row, const char *column)
{
    const char *text = cell(table, row, column);

    return text[0] ? strtod(text, NULL) : NAN;
}

static double extreme(size_t unit, int leaf, bool best)
{
    double found = NAN;

    for (size_t u = unit / UNITS * UNITS; u < unit / UNITS * UNITS + UNITS; u++)
        if (!missing(u, leaf))
            found = best ? fmax(found, value_of(u, leaf)) : fmin(found, value_of(u, leaf));
    return found;
}

/* Scores the unit with its gaps filled, and looks up the node. */
static double scored_again(struct world *world, size_t unit, const char *node, bool best)
{
    double value = NAN;

    for (int k = 0; k < LEAVES; k++)
        if (missing(unit, k))
            fixture_set(world->frame, unit, world->leaf[k], extreme(unit, k, best));
    score(world);
    for (size_t i = 0; i < world->fixture.model.nodes; i++)
        if (strcmp(world->fixture.nodes[i].id, node) == 0)
            value = world->scores->score[unit * world->fixture.model.nodes + i].value;
    for (int k = 0; k < LEAVES; k++)
        if (missing(unit, k))
            fixture_set(world->frame, unit, world->leaf[k], NAN);
    return value;
}

static size_t missing_below(size_t unit, const char *node)
{
    static const char *const below[][2] = {{"top", "abcde"}, {"p", "bc"}, {"q", "de"}};
    const char *leaves = node;
    size_t count = 0;

    for (int i = 0; i < 3; i++)
        if (strcmp(below[i][0], node) == 0)
            leaves = below[i][1];
    for (; *leaves; leaves++)
        count += missing(unit, *leaves - 'a');
    return count;
}

static void bounds_are_those_of_scoring_again(void **state)
{
    struct world world;
    struct mq_table table = {0};
    size_t expected = 0;

    (void)state;
    world_init(&world);
    score(&world);
    read_bounds(&world, &table);
    for (size_t u = 0; u < 2 * UNITS; u++)
        for (int k = 0; k < LEAVES + 3; k++)
            expected +=
                missing_below(u, (const char *[]){"a", "b", "c", "d", "e", "top", "p", "q"}[k]) > 0;
    assert_true(expected > 40);
    assert_int_equal(table.rows, expected);
    for (size_t i = 0; i < table.rows; i++) {
        uint32_t level = strcmp(cell(&table, i, "level"), "city") == 0;
        size_t unit = mq_frame_find(world.frame, 0, level, cell(&table, i, "unit"));
        const char *node = cell(&table, i, "node");
        double low = number(&table, i, "low"), high = number(&table, i, "high");
        assert_close(low, scored_again(&world, unit, node, false), 1e-13);
        assert_close(high, scored_again(&world, unit, node, true), 1e-13);
        assert_true(low < high);
        assert_int_equal(number(&table, i, "missing"), missing_below(unit, node));
    }
    mq_table_clear(&table);
    world_clear(&world);
}

/* Imputing changes the score, not what it might have been; who is screened has no bounds. */
static void imputed_values_count_as_missing(void **state)
{
    static const char *drop[] = {"u03"};
    struct world plain, imputed;
    struct mq_table before = {0}, after = {0};
    struct mq_error error = {0};

    (void)state;
    world_init(&plain);
    world_init(&imputed);
    for (int k = 0; k < LEAVES; k++)
        imputed.fixture.nodes[imputed.leaf[k]].impute.method = fixture_method(MQ_IMPUTE, "median");
    score(&plain);
    read_bounds(&plain, &before);
    assert_int_equal(mq_frame_prepare(imputed.frame, &error), MQ_OK);
    score(&imputed);
    read_bounds(&imputed, &after);
    assert_int_equal(before.rows, after.rows);
    for (size_t i = 0; i < before.rows; i++) {
        assert_string_equal(cell(&before, i, "low"), cell(&after, i, "low"));
        assert_string_equal(cell(&before, i, "high"), cell(&after, i, "high"));
        double value = number(&after, i, "value");
        assert_true(value > number(&after, i, "low") && value < number(&after, i, "high"));
    }
    mq_table_clear(&after);
    imputed.fixture.model.screen = (struct mq_screen){.asked = true, .drop = drop, .drops = 1};
    assert_int_equal(mq_frame_prepare(imputed.frame, &error), MQ_OK);
    score(&imputed);
    read_bounds(&imputed, &after);
    for (size_t i = 0; i < after.rows; i++)
        assert_string_not_equal(cell(&after, i, "unit"), "u03");
    assert_true(after.rows > 0 && after.rows < before.rows);
    mq_table_clear(&before);
    mq_table_clear(&after);
    world_clear(&plain);
    world_clear(&imputed);
}

/* A method that compares units has no answer for one unit alone. */
static void comparing_methods_have_none(void **state)
{
    struct world world;
    struct mq_table table = {0};
    size_t blanks = 0;

    (void)state;
    world_init(&world);
    world.fixture.nodes[world.parent[2]].combine.method = fixture_method(MQ_COMBINE, "copeland");
    score(&world);
    read_bounds(&world, &table);
    for (size_t i = 0; i < table.rows; i++) {
        bool blank = isnan(number(&table, i, "low"));
        uint32_t level = strcmp(cell(&table, i, "level"), "city") == 0;
        size_t unit = mq_frame_find(world.frame, 0, level, cell(&table, i, "unit"));
        const char *node = cell(&table, i, "node");
        bool compares =
            strcmp(node, "q") == 0 || (strcmp(node, "top") == 0 && missing_below(unit, "q"));
        assert_int_equal(blank, compares);
        assert_int_equal(isnan(number(&table, i, "high")), compares);
        blanks += blank;
    }
    assert_true(blanks > 5 && blanks < table.rows);
    mq_table_clear(&table);
    world_clear(&world);
}

static void any_allocation_may_fail(void **state)
{
    struct world world;
    bool failed = true;
    long n = 0;

    (void)state;
    world_init(&world);
    score(&world);
    for (; failed; n++) {
        struct mq_buffer csv = MQ_BUFFER_EMPTY;
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status = mq_bounds_write(world.scores, &csv, &error);
        failed = allocation_failed();
        assert_int_equal(status == MQ_OK, !failed);
        mq_buffer_clear(&csv);
    }
    assert_true(n > 20);
    world_clear(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_those_of_scoring_again),
        cmocka_unit_test(imputed_values_count_as_missing),
        cmocka_unit_test(comparing_methods_have_none),
        cmocka_unit_test(any_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("bounds", tests, NULL, NULL);
}
