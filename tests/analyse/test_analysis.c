/* The whole analysis of a frame made by hand: what is flagged and why, weights, tables. */
#include "analyse/analyse.h"
#include "index_fixture.h"

enum { UNITS = 40 };

enum node {
    INDEX,
    PAIR,
    TWIN,
    COPY,
    ODD,
    RARE,
    SPIKY,
    STILL,
    EMPTY,
    CROSS,
    LEFT,
    LEFT_TOO,
    RIGHT,
    RIGHT_TOO,
    CONTRARY,
    QUIET,
    NODES
};

static void grow(struct fixture *fixture)
{
    static const struct {
        const char *id, *parent;
        int64_t share;
    } rows[NODES] = {{"index", NULL, 1},    {"pair", "index", 3},      {"twin", "pair", 2},
                     {"copy", "pair", 2},   {"odd", "index", 3},       {"rare", "odd", 4},
                     {"spiky", "odd", 4},   {"still", "odd", 4},       {"empty", "odd", 4},
                     {"cross", "index", 3}, {"left", "cross", 6},      {"left_too", "cross", 6},
                     {"right", "cross", 6}, {"right_too", "cross", 6}, {"contrary", "cross", 6},
                     {"quiet", "cross", 6}};

    fixture_init(fixture);
    fixture_level(fixture, "city");
    for (int i = 0; i < NODES; i++) {
        bool leaf = i != INDEX && i != PAIR && i != ODD && i != CROSS;
        if (leaf)
            fixture_leaf(fixture, rows[i].id, rows[i].parent, 1, rows[i].share, NULL);
        else
            fixture_parent(fixture, rows[i].id, rows[i].parent, 1, rows[i].share);
        fixture->nodes[i].impute.method = fixture->nodes[i].treat.method = -1;
    }
    fixture->nodes[PAIR].weigh.method = fixture_method(MQ_WEIGH, "cv");
    fixture_finish(fixture);
}

/* 40 units of the level "city" in the second of two periods; the others get noise. */
static struct mq_frame *fill(struct fixture *fixture)
{
    struct mq_frame *frame = fixture_frame(fixture, 2, UNITS);
    uint64_t seed = 4;

    for (size_t u = 0; u < frame->units; u++) {
        double a = fixture_uniform(&seed, 1, 9), b = fixture_uniform(&seed, 1, 9), v[NODES] = {0};
        bool looked_at = u >= 3 * UNITS;
        v[TWIN] = fixture_uniform(&seed, 5, 15);
        v[COPY] = 2 * v[TWIN] + fixture_uniform(&seed, 0, 1);
        v[RARE] = u % 4 ? NAN : fixture_uniform(&seed, 1, 4);
        v[SPIKY] = u % UNITS == 7 ? 1000 : fixture_uniform(&seed, 1, 4);
        v[STILL] = 2.5;
        v[EMPTY] = u % 8 ? 0 : fixture_uniform(&seed, 1, 4);
        v[LEFT] = a;
        v[LEFT_TOO] = a + fixture_uniform(&seed, 0, 4);
        v[RIGHT] = b;
        v[RIGHT_TOO] = b + fixture_uniform(&seed, 0, 4);
        v[CONTRARY] = fixture_uniform(&seed, 0, 1) - 0.3 * (a + b);
        v[QUIET] = 0.01 * (fixture_uniform(&seed, 0, 40) + a + b);
        for (int k = 0; k < NODES; k++)
            if (fixture->nodes[k].leaf)
                fixture_set(frame, u, k, looked_at ? v[k] : fixture_uniform(&seed, 1, 2));
    }
    return frame;
}

struct made {
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_scores *scores;
    struct mq_analysis *analysis;
};

static void analyse(struct made *made, int threads)
{
    assert_int_equal(mq_scores_new(made->frame, NULL, &made->scores, NULL), MQ_OK);
    assert_int_equal(mq_analyse(made->scores, 1, 1, threads, &made->analysis, NULL), MQ_OK);
}

static void make(struct made *made)
{
    grow(&made->fixture);
    made->frame = fill(&made->fixture);
    analyse(made, 2);
}

static void clear(struct made *made)
{
    mq_analysis_free(made->analysis);
    mq_scores_free(made->scores);
    mq_frame_free(made->frame);
    fixture_clear(&made->fixture);
}

static const struct mq_flag *flag_of(const struct mq_analysis *analysis, enum mq_flag_kind kind,
                                     int node)
{
    for (size_t i = 0; i < analysis->flags; i++)
        if (analysis->flag[i].kind == kind && analysis->flag[i].node == node)
            return &analysis->flag[i];
    return NULL;
}

static size_t flags_of(const struct mq_analysis *analysis, enum mq_flag_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < analysis->flags; i++)
        count += analysis->flag[i].kind == kind;
    return count;
}

/* ---- flags ---- */

static void every_flag_has_its_node(void **state)
{
    static const struct {
        enum mq_flag_kind kind;
        int node, other;
    } only[] = {{MQ_FLAG_AVAILABILITY, RARE, -1},   {MQ_FLAG_OUTLIERS, SPIKY, -1},
                {MQ_FLAG_ZEROS, EMPTY, -1},         {MQ_FLAG_UNIQUE, EMPTY, -1},
                {MQ_FLAG_CONSTANT, STILL, -1},      {MQ_FLAG_REDUNDANT, TWIN, COPY},
                {MQ_FLAG_NEGATIVE, CONTRARY, CROSS}};
    struct made made;

    (void)state;
    make(&made);
    for (size_t i = 0; i < sizeof only / sizeof *only; i++) {
        const struct mq_flag *flag = flag_of(made.analysis, only[i].kind, only[i].node);
        if (!flag)
            fail_msg("no flag %s", mq_flag_code(only[i].kind));
        assert_int_equal(flag->other, only[i].other);
        if (only[i].kind != MQ_FLAG_NEGATIVE && only[i].kind != MQ_FLAG_OUTLIERS)
            assert_int_equal(flags_of(made.analysis, only[i].kind), 1);
    }
    assert_true(flag_of(made.analysis, MQ_FLAG_AVAILABILITY, RARE)->value == 0.25);
    assert_true(flag_of(made.analysis, MQ_FLAG_ZEROS, EMPTY)->value == 0.125);
    assert_true(flag_of(made.analysis, MQ_FLAG_REDUNDANT, TWIN)->value > 0.99);
    assert_true(flag_of(made.analysis, MQ_FLAG_NEGATIVE, CONTRARY)->value < -0.5);
    assert_non_null(flag_of(made.analysis, MQ_FLAG_WEAK, QUIET));
    assert_non_null(flag_of(made.analysis, MQ_FLAG_DIMENSIONS, CROSS));
    assert_true(flag_of(made.analysis, MQ_FLAG_DIMENSIONS, CROSS)->value == 2);
    assert_non_null(flag_of(made.analysis, MQ_FLAG_CONSISTENCY, ODD));
    assert_null(flag_of(made.analysis, MQ_FLAG_CONSISTENCY, PAIR));
    assert_non_null(flag_of(made.analysis, MQ_FLAG_IMPORTANCE, SPIKY));
    assert_true(flag_of(made.analysis, MQ_FLAG_IMPORTANCE, SPIKY)->limit == 2);
    assert_true(flag_of(made.analysis, MQ_FLAG_IMPORTANCE, EMPTY)->limit == 0.5);
    assert_null(flag_of(made.analysis, MQ_FLAG_IMPORTANCE, TWIN));
    clear(&made);
}

static void flags_have_names(void **state)
{
    (void)state;
    for (int kind = 0; kind < MQ_FLAGS; kind++) {
        assert_true(mq_flag_code((enum mq_flag_kind)kind)[0] >= 'a');
        assert_true(mq_flag_title((enum mq_flag_kind)kind, true)[0] & 0x80); /* not ASCII */
        assert_true(mq_flag_title((enum mq_flag_kind)kind, false)[0] >= 'a');
    }
}

/* ---- what is looked at ---- */

static void units_of_one_level_and_period(void **state)
{
    struct made made;
    double column[UNITS], total = 0;

    (void)state;
    make(&made);
    for (size_t u = 0; u < UNITS; u++) {
        column[u] = made.frame->value[(3 * UNITS + u) * NODES + TWIN];
        total += column[u];
    }
    assert_int_equal(made.analysis->begin, 3 * UNITS);
    assert_int_equal(made.analysis->units, UNITS);
    assert_int_equal(made.analysis->leaves, 12);
    assert_close(made.analysis->value[TWIN].mean, total / UNITS, 1e-14);
    assert_int_equal(made.analysis->value[RARE].count, UNITS / 4);
    assert_int_equal(made.analysis->reported[RARE], UNITS / 4);
    assert_int_equal(made.analysis->score[INDEX].count, UNITS);
    assert_true(made.analysis->score[TWIN].mean == made.analysis->value[TWIN].mean);
    clear(&made);
}

/* Availability is about what was reported, the rest about what is scored. */
static void imputed_values_are_not_reported(void **state)
{
    struct made made;

    (void)state;
    grow(&made.fixture);
    made.frame = fill(&made.fixture);
    assert_int_equal(mq_prepared_alloc(made.frame, NULL), MQ_OK);
    for (size_t u = 0; u < made.frame->units; u++)
        if (isnan(made.frame->used[u * NODES + RARE]))
            made.frame->used[u * NODES + RARE] = 3;
    analyse(&made, 1);
    assert_int_equal(made.analysis->reported[RARE], UNITS / 4);
    assert_int_equal(made.analysis->value[RARE].count, UNITS);
    assert_int_equal(made.analysis->value[RARE].same, UNITS * 3 / 4);
    assert_non_null(flag_of(made.analysis, MQ_FLAG_AVAILABILITY, RARE));
    clear(&made);
}

static void no_units_and_one_unit(void **state)
{
    (void)state;
    for (size_t units = 0; units <= 1; units++) {
        struct made made;
        grow(&made.fixture);
        made.frame = fixture_frame(&made.fixture, 2, units);
        for (size_t u = 0; u < made.frame->units; u++)
            fixture_set(made.frame, u, TWIN, 4.5);
        analyse(&made, 2);
        assert_int_equal(made.analysis->units, units);
        assert_int_equal(made.analysis->value[TWIN].count, units);
        assert_true(isnan(made.analysis->value[TWIN].sd));
        assert_true(isnan(made.analysis->kinship[PAIR].alpha));
        assert_true(isnan(made.analysis->scores_by[MQ_KENDALL].r[TWIN]));
        for (const struct mq_analysis_table *table = mq_analysis_tables; table->file; table++) {
            struct mq_buffer csv = MQ_BUFFER_EMPTY;
            table->write(made.analysis, &csv);
            assert_false(csv.failed);
            assert_null(strstr(csv.data, "nan"));
            mq_buffer_clear(&csv);
        }
        clear(&made);
    }
}

/* ---- weights ---- */

static void weights_down_from_the_root(void **state)
{
    struct made made;
    const struct mq_node_weight *weight;
    const double *used;
    double sum = 0, importance = 0;

    (void)state;
    make(&made);
    weight = made.analysis->weight;
    used = &made.scores->weight[(3 * UNITS + 5) * NODES];
    assert_true(isnan(weight[INDEX].weight) && weight[INDEX].effective == 1);
    assert_close(weight[RIGHT].weight, 1.0 / 6, 1e-15);
    assert_close(weight[RIGHT].effective, 1.0 / 18, 1e-15);
    assert_same(weight[TWIN].weight, used[TWIN]); /* worked out by the method, not 1/2 */
    assert_same(weight[COPY].weight, used[COPY]);
    assert_true(fabs(weight[TWIN].weight - 0.5) > 1e-4);
    for (int k = 0; k < NODES; k++) {
        if (made.fixture.nodes[k].leaf)
            sum += weight[k].effective;
        if (made.fixture.nodes[k].parent == CROSS)
            importance += weight[k].importance;
    }
    assert_close(sum, 1, 1e-14);
    assert_close(importance, 1, 1e-14);
    clear(&made);
}

/* ---- tables ---- */

static size_t count_of(const char *text, char wanted)
{
    size_t count = 0;

    for (; *text; text++)
        count += *text == wanted;
    return count;
}

static void tables_have_full_rows(void **state)
{
    /* rows: leaves + nodes; pairs of leaves + pairs of nodes; parents; parts * children; nodes */
    static const size_t rows[] = {12 + 16, 66 + 120, 4, 3 * 3 + 2 * 2 + 3 * 4 + 6 * 6, 16};
    struct made made;

    (void)state;
    make(&made);
    for (int k = 0; mq_analysis_tables[k].file; k++) {
        struct mq_buffer csv = MQ_BUFFER_EMPTY;
        size_t lines, fields;
        mq_analysis_tables[k].write(made.analysis, &csv);
        lines = count_of(csv.data, '\n');
        if (k < 5)
            assert_int_equal(lines, 1 + rows[k]);
        else
            assert_int_equal(lines, 1 + made.analysis->flags);
        fields = count_of(csv.data, ',') / lines;
        assert_int_equal(count_of(csv.data, ','), lines * fields);
        for (char *line = csv.data, *end; (end = strchr(line, '\n')); line = end + 1) {
            *end = '\0';
            assert_int_equal(count_of(line, ','), fields);
        }
        mq_buffer_clear(&csv);
    }
    clear(&made);
}

static void write_all(const struct mq_analysis *analysis, struct mq_buffer *csv)
{
    for (const struct mq_analysis_table *table = mq_analysis_tables; table->file; table++)
        table->write(analysis, csv);
}

/* The values of the units in another order: the tables name no unit. */
static void order_and_threads_change_no_byte(void **state)
{
    struct mq_buffer first = MQ_BUFFER_EMPTY;

    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        struct made made;
        struct mq_buffer csv = MQ_BUFFER_EMPTY;
        grow(&made.fixture);
        made.frame = fill(&made.fixture);
        for (size_t u = 0; threads > 1 && u < UNITS / 2; u++)
            for (int k = 0; k < NODES; k++) {
                size_t a = (3 * UNITS + u) * NODES + (size_t)k;
                size_t b = (3 * UNITS + (u * 17 + (size_t)threads) % UNITS) * NODES + (size_t)k;
                double held = made.frame->value[a];
                if (!made.fixture.nodes[k].leaf)
                    continue;
                fixture_set(made.frame, a / NODES, k, made.frame->value[b]);
                fixture_set(made.frame, b / NODES, k, held);
            }
        analyse(&made, threads);
        write_all(made.analysis, threads == 1 ? &first : &csv);
        if (threads > 1)
            assert_string_equal(csv.data, first.data);
        mq_buffer_clear(&csv);
        clear(&made);
    }
    assert_true(first.length > 10000);
    mq_buffer_clear(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_flag_has_its_node),
        cmocka_unit_test(flags_have_names),
        cmocka_unit_test(units_of_one_level_and_period),
        cmocka_unit_test(imputed_values_are_not_reported),
        cmocka_unit_test(no_units_and_one_unit),
        cmocka_unit_test(weights_down_from_the_root),
        cmocka_unit_test(tables_have_full_rows),
        cmocka_unit_test(order_and_threads_change_no_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
