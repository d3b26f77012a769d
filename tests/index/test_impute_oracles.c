/* Imputing against COINr's (tests/oracle/README.md), through the whole stage, and by hand. */
#include "index_fixture.h"
#include "peer_tables.h"

enum { MOST_NODES = 80 };

/* COINr's example as a tree of two layers: pillars and their indicators. */
struct example {
    struct mq_arena arena;
    struct mq_table meta, raw;
    struct mq_model model;
    struct mq_level level;
    struct mq_node node[MOST_NODES];
    struct mq_argument argument[MQ_MAX_PARAMS];
    struct mq_frame *frame;
    char groups[100]; /* a file of groups */
};

static void add_node(struct example *example, const char *id, int parent, bool leaf, bool down)
{
    assert_true(example->model.nodes < MOST_NODES);
    example->node[example->model.nodes++] = (struct mq_node){.id = id,
                                                             .parent = parent,
                                                             .leaf = leaf,
                                                             .direction = down ? MQ_DOWN : MQ_UP,
                                                             .impute = {.method = -1},
                                                             .treat = {.method = -1}};
}

static int node_named(const struct example *example, const char *id)
{
    for (size_t i = 0; i < example->model.nodes; i++)
        if (strcmp(example->node[i].id, id) == 0)
            return (int)i;
    return -1;
}

/* Pillars as parents where the metadata names them, the leaves from the columns otherwise. */
static void build_model(struct example *example, const char *folder, const char *input)
{
    peer_read(folder, "A_example/imeta_sorted.csv", &example->meta);
    peer_read(folder, input, &example->raw);
    example->level = (struct mq_level){.id = "country", .title = "country", .rollup = {.of = -1}};
    example->model = (struct mq_model){.path = "asem",
                                       .directory = "",
                                       .node = example->node,
                                       .level = &example->level,
                                       .levels = 1};
    for (size_t i = 0; i < example->meta.rows; i++) {
        const char *id = peer_cell(&example->meta, i, "iCode");
        const char *pillar = peer_cell(&example->meta, i, "Parent");
        if (strcmp(peer_cell(&example->meta, i, "Type"), "Indicator") != 0 ||
            mq_table_find(&example->raw, id) < 0)
            continue;
        if (node_named(example, pillar) < 0)
            add_node(example, pillar, -1, false, false);
        add_node(example, id, node_named(example, pillar), true,
                 strcmp(peer_cell(&example->meta, i, "Direction"), "-1") == 0);
    }
}

static int text_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Different texts of a column in order. */
static size_t list_texts(const struct mq_table *table, const char *column, const char **text)
{
    size_t count = 0, kept = 0;

    for (size_t i = 0; i < table->rows; i++)
        text[count++] = peer_cell(table, i, column);
    qsort(text, count, sizeof *text, text_order);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(text[i], text[kept - 1]) != 0)
            text[kept++] = text[i];
    return kept;
}

static void build_frame(struct example *example)
{
    const struct mq_table *raw = &example->raw;
    const char **text = mq_arena_array(&example->arena, raw->rows, sizeof *text);
    size_t periods = list_texts(raw, "Time", text);
    struct mq_frame *frame = example->frame = mq_frame_alloc(&example->model, periods, raw->rows);
    size_t at = 0;

    for (size_t p = 0; p < periods; p++)
        frame->period[p] = text[p];
    const char **code = mq_arena_array(&example->arena, raw->rows, sizeof *code);
    size_t codes = list_texts(raw, "uCode", code);
    for (uint32_t p = 0; p < periods; p++)
        for (size_t c = 0; c < codes; c++)
            for (size_t r = 0; r < raw->rows; r++) {
                if (strcmp(peer_cell(raw, r, "Time"), frame->period[p]) != 0 ||
                    strcmp(peer_cell(raw, r, "uCode"), code[c]) != 0)
                    continue;
                frame->unit[at] =
                    (struct mq_unit){.code = code[c], .name = "", .period = p, .enterprises = 1};
                for (size_t k = 0; k < example->model.nodes; k++)
                    if (example->node[k].leaf)
                        fixture_set(frame, at, (int)k, peer_number(raw, r, example->node[k].id));
                at++;
            }
    assert_int_equal(at, raw->rows);
}

static void open_example(struct example *example, const char *folder, const char *input)
{
    memset(example, 0, sizeof *example);
    build_model(example, folder, input);
    build_frame(example);
}

static void close_example(struct example *example)
{
    mq_frame_free(example->frame);
    mq_table_clear(&example->meta);
    mq_table_clear(&example->raw);
    mq_arena_clear(&example->arena);
    if (example->groups[0])
        unlink(example->groups);
}

/* Writes the file of groups from a column of the data; its path becomes the argument `by`. */
static void group_by(struct example *example, const char *column)
{
    snprintf(example->groups, sizeof example->groups, "/tmp/mqci-groups-XXXXXX");
    int handle = mkstemp(example->groups);
    FILE *file = fdopen(handle, "w");

    assert_non_null(file);
    fprintf(file, "unit,group\n");
    for (size_t i = 0; i < example->raw.rows; i++)
        fprintf(file, "%s,%s\n", peer_cell(&example->raw, i, "uCode"),
                peer_cell(&example->raw, i, column));
    assert_int_equal(fclose(file), 0);
    example->argument[0] = (struct mq_argument){.text = example->groups};
}

static void impute(struct example *example, const char *method, double param)
{
    struct mq_error error = {0};

    for (size_t k = 0; k < example->model.nodes; k++)
        if (example->node[k].leaf)
            example->node[k].impute =
                (struct mq_choice){.method = fixture_method(MQ_IMPUTE, method),
                                   .param = {param},
                                   .argument = example->argument};
    if (mq_frame_prepare(example->frame, &error) != MQ_OK)
        fail_msg("%s: %s", method, error.message);
}

/* Returns how many of the compared numbers were missing before. */
static size_t compare(const struct example *example, const struct mq_table *wanted,
                      struct peer_tally *tally)
{
    const struct mq_frame *frame = example->frame;
    size_t filled = 0;

    for (size_t i = 0; i < wanted->rows; i++) {
        const char *unit = peer_cell(wanted, i, "uCode");
        uint32_t period = 0;
        if (mq_table_find(wanted, "Time") >= 0)
            period = (uint32_t)mq_frame_period(frame, peer_cell(wanted, i, "Time"));
        size_t at = mq_frame_find(frame, period, 0, unit);
        assert_true(at != SIZE_MAX);
        for (size_t k = 0; k < example->model.nodes; k++) {
            size_t place = at * example->model.nodes + k;
            if (!example->node[k].leaf)
                continue;
            peer_same(tally, frame->used[place], peer_number(wanted, i, example->node[k].id),
                      example->node[k].id, unit);
            filled += isnan(frame->value[place]) && !isnan(frame->used[place]);
        }
    }
    tally->files++;
    return filled;
}

struct setting {
    const char *input, *file, *method;
    double param;
    const char *by;
};
static const struct setting settings[] = {
    {"input/asem_idata.csv", "mean", "mean", 0, NULL},
    {"input/asem_idata.csv", "median", "median", 0, NULL},
    {"input/asem_idata.csv", "mean_grp_EurAsia", "group_mean", 0, "EurAsia_group"},
    {"input/asem_idata.csv", "median_grp_GDP", "group_median", 0, "GDP_group"},
    {"input/asem_idata.csv", "rowmean_in_pillar_normalised", "row_mean", 0, NULL},
    {"E_impute/panel_in.csv", "panel_latest", "latest", 0, NULL},
    {"E_impute/panel_in.csv", "panel_latest_max1", "latest", 1, NULL},
    {"E_impute/panel_in.csv", "panel_linear-constant", "linear", 0, NULL},
};

static void compare_folder(const char *folder, const char *where)
{
    struct peer_tally tally = {0};
    size_t filled = 0;

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct example example;
        struct mq_table wanted;
        char name[100];
        open_example(&example, folder, settings[i].input);
        if (settings[i].by)
            group_by(&example, settings[i].by);
        impute(&example, settings[i].method, settings[i].param);
        snprintf(name, sizeof name, "E_impute/%s.csv", settings[i].file);
        peer_read(folder, name, &wanted);
        size_t now = compare(&example, &wanted, &tally);
        assert_true(now > 30);
        filled += now;
        mq_table_clear(&wanted);
        close_example(&example);
    }
    peer_say(&tally, where);
    print_message("  %zu of them imputed\n", filled);
}

static void carried_numbers(void **state)
{
    (void)state;
    compare_folder(peer_folders().carried, "carried");
}

static void whole_set(void **state)
{
    struct peer_folders folders = peer_folders();

    (void)state;
    if (!folders.has_whole) {
        print_message("skipped: no folder of reference numbers\n");
        skip();
    }
    compare_folder(folders.whole, "whole set");
}

/* ---- by hand ---- */

enum { UNITS = 4, PERIODS = 5, CELLS = UNITS * PERIODS };

/* Rows are periods. */
static const double grid[CELLS] = {
    NAN, 10.5, NAN,  NAN, /* 2010 */
    3.5, NAN,  NAN,  NAN, /* 2011 */
    NAN, NAN,  -2.0, NAN, /* 2013 */
    NAN, 20.5, 4.25, NAN, /* 2020 */
    8.5, NAN,  NAN,  NAN, /* 2021 */
};
static const double years[PERIODS] = {2010, 2011, 2013, 2020, 2021};

static void fill(const char *method, const double *params, struct mq_panel *panel, double *made)
{
    struct mq_choice choice = {.method = fixture_method(MQ_IMPUTE, method)};
    struct mq_error error = {0};

    if (params)
        memcpy(choice.param, params, 2 * sizeof *params);
    panel->units = UNITS;
    panel->periods = PERIODS;
    panel->value = panel->value ? panel->value : grid;
    panel->time = panel->time ? panel->time : years;
    assert_int_equal(mq_imputers[choice.method]->impute(panel, &choice, made, &error), MQ_OK);
}

/* NaN in `wanted` for what is present may be anything. */
static void assert_made(const double *made, const double *wanted)
{
    for (int i = 0; i < CELLS; i++)
        if (isnan(grid[i]))
            assert_close(made[i], wanted[i], 1e-14);
}

static void lines_over_time(void **state)
{
    static const double wanted[CELLS] = {
        3.5, NAN,  -2.0, NAN, /* the first value backwards */
        NAN, 11.5, -2.0, NAN, /* 10.5 + 10 * 1 / 10 */
        4.5, 13.5, NAN,  NAN, /* 3.5 + 5 * 2 / 10 */
        8.0, NAN,  NAN,  NAN, /* 3.5 + 5 * 9 / 10 */
        NAN, 20.5, 4.25, NAN,
    };
    static const double places[CELLS] = {
        3.5,
        NAN,
        -2.0,
        NAN,
        NAN,
        10.5 + 10 / 3.0,
        -2.0,
        NAN,
        3.5 + 5 / 3.0,
        10.5 + 20 / 3.0,
        NAN,
        NAN,
        3.5 + 10 / 3.0,
        NAN,
        NAN,
        NAN,
        NAN,
        20.5,
        4.25,
        NAN,
    };
    static const double unknown[PERIODS] = {2010, NAN, 2013, 2020, 2021};
    static const double turned[PERIODS] = {2010, 2011, 2011, 2020, 2021};
    double made[CELLS];

    (void)state;
    fill("linear", NULL, &(struct mq_panel){0}, made);
    assert_made(made, wanted);
    fill("linear", NULL, &(struct mq_panel){.time = unknown}, made); /* places instead of years */
    assert_made(made, places);
    fill("linear", NULL, &(struct mq_panel){.time = turned}, made);
    assert_made(made, places);
}

static void latest_values(void **state)
{
    static const double any[CELLS] = {
        NAN, NAN, NAN, NAN, NAN, 10.5, NAN, NAN,  3.5,  10.5,
        NAN, NAN, 3.5, NAN, NAN, NAN,  NAN, 20.5, 4.25, NAN,
    };
    static const double young[CELLS] = {
        NAN, NAN, NAN, NAN, NAN, 10.5, NAN, NAN,  3.5,  NAN,
        NAN, NAN, NAN, NAN, NAN, NAN,  NAN, 20.5, 4.25, NAN,
    };
    double made[CELLS];

    (void)state;
    fill("latest", NULL, &(struct mq_panel){0}, made);
    assert_made(made, any);
    fill("latest", (double[]){2, 0}, &(struct mq_panel){0}, made); /* 2013 - 2011, not - 2010 */
    assert_made(made, young);
}

static void centres_of_groups(void **state)
{
    static const double value[CELLS] = {0.1, NAN, 0.7, NAN, NAN, NAN, NAN, NAN, 1e308, 1.5e308,
                                        NAN, 2.5, NAN, 1,   2,   4,   NAN, NAN, NAN,   NAN};
    static const uint32_t group[UNITS] = {9, 9, 2, UINT32_MAX};
    struct mq_panel panel = {.value = value, .group = group};
    double made[CELLS];

    (void)state;
    fill("group_mean", NULL, &panel, made);
    assert_same(made[1], 0.1);
    assert_true(isnan(made[3]) && isnan(made[4]) && isnan(made[10]));
    assert_same(made[12], 1);
    fill("group_median", NULL, &panel, made);
    assert_same(made[1], 0.1);
    assert_true(isnan(made[3]) && isnan(made[11]));
    fill("mean", NULL, &panel, made);
    assert_close(made[1], 0.4, 1e-15);
    assert_true(isfinite(made[10])); /* the sum is beyond doubles, a mean is not */
    assert_close(made[12], 7 / 3.0, 1e-15);
    assert_true(isnan(made[4]) && isnan(made[16])); /* nobody has a value */
    fill("median", NULL, &panel, made);
    assert_close(made[1], 0.4, 1e-15);
    assert_same(made[10], 1e308);
    assert_same(made[12], 2);
}

static void others_stand_in(void **state)
{
    static double other[CELLS];
    struct mq_panel panel = {.parent = other, .row = other};
    double made[CELLS];

    (void)state;
    for (int i = 0; i < CELLS; i++)
        other[i] = i % 7 ? i / 7.0 : NAN;
    fill("parent_unit", NULL, &panel, made);
    assert_made(made, other);
    fill("row_mean", NULL, &panel, made);
    assert_made(made, other);
    fill("constant", (double[]){-3.75, 0}, &panel, made);
    for (int i = 0; i < CELLS; i++)
        assert_same(made[i], -3.75);
    fill("none", NULL, &panel, made);
    for (int i = 0; i < CELLS; i++)
        assert_true(isnan(made[i]));
}

static void parameters_are_judged(void **state)
{
    struct mq_choice choice = {.param = {-1}};

    (void)state;
    assert_contains(mq_impute_latest.method.fault(&choice), "must not be negative");
    choice.param[0] = NAN;
    assert_contains(mq_impute_constant.method.fault(&choice), "must be a number");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carried_numbers),       cmocka_unit_test(whole_set),
        cmocka_unit_test(lines_over_time),       cmocka_unit_test(latest_values),
        cmocka_unit_test(centres_of_groups),     cmocka_unit_test(others_stand_in),
        cmocka_unit_test(parameters_are_judged),
    };

    return cmocka_run_group_tests_name("imputing", tests, NULL, NULL);
}
