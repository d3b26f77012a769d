/* Normalisers and combiners against numbers made by COINr (see tests/oracle/README.md). */
#include "index_fixture.h"

#include <unistd.h>

enum { MAX_NODES = 80 };

/* COINr's example as a model: tree and directions from its metadata. */
struct example {
    const char *folder;
    struct mq_arena arena;
    struct mq_table meta, raw;
    struct mq_model model;
    struct mq_level level[1];
    struct mq_node node[MAX_NODES];
    int child[MAX_NODES][MAX_NODES], order[MAX_NODES];
};

static bool read_csv(struct example *example, const char *name, struct mq_table *table)
{
    const char *path = mq_arena_format(&example->arena, "%s/%s", example->folder, name);
    struct mq_error error;

    if (access(path, R_OK) != 0)
        return false;
    if (mq_table_read(path, table, &error) != MQ_OK)
        fail_msg("%s: %s", path, error.message);
    return true;
}

static const char *cell(const struct mq_table *table, size_t row, const char *column)
{
    int found = mq_table_find(table, column);

    assert_true(found >= 0);
    return table->cell[row * table->columns + (size_t)found];
}

static int node_named(const struct example *example, const char *id)
{
    for (size_t i = 0; i < example->model.nodes; i++)
        if (strcmp(example->node[i].id, id) == 0)
            return (int)i;
    return -1;
}

static void visit(struct example *example, int index, size_t *count)
{
    struct mq_node *node = &example->node[index];

    example->order[(*count)++] = index;
    for (int i = 0; i < (int)example->model.nodes; i++)
        if (example->node[i].parent == index) {
            example->child[index][node->children++] = i;
            visit(example, i, count);
        }
    node->child = example->child[index];
    node->leaf = node->children == 0;
}

/* The metadata lists children before parents; parents are linked in a second pass. */
static void build_tree(struct example *example)
{
    struct mq_model *model = &example->model;
    size_t count = 0;

    *model = (struct mq_model){.path = "coinr",
                               .directory = "",
                               .node = example->node,
                               .order = example->order,
                               .level = example->level,
                               .levels = 1};
    example->level[0] =
        (struct mq_level){.id = "country", .title = "country", .rollup = {.of = -1}};
    for (size_t i = 0; i < example->meta.rows; i++) {
        const char *type = cell(&example->meta, i, "Type");
        if (strcmp(type, "Indicator") != 0 && strcmp(type, "Aggregate") != 0)
            continue;
        example->node[model->nodes++] = (struct mq_node){
            .id = cell(&example->meta, i, "iCode"),
            .parent = (int)i,
            .weight = {1, 1},
            .direction = cell(&example->meta, i, "Direction")[0] == '-' ? MQ_DOWN : MQ_UP,
            .reference = MQ_REFERENCE_EACH,
            .weigh = {.method = -1},
            .min_share = {0, 1}};
    }
    for (size_t i = 0; i < model->nodes; i++)
        example->node[i].parent =
            node_named(example, cell(&example->meta, (size_t)example->node[i].parent, "Parent"));
    for (size_t i = 0; i < model->nodes; i++)
        if (example->node[i].parent < 0)
            visit(example, (int)i, &count);
    assert_int_equal(count, model->nodes);
}

/* The raw table holds values times direction. */
static struct mq_frame *build_frame(struct example *example)
{
    const struct mq_table *raw = &example->raw;
    struct mq_frame *frame = mq_frame_alloc(&example->model, 1, raw->rows);

    assert_non_null(frame);
    frame->period[0] = "2018";
    for (size_t i = 0; i < raw->rows; i++) {
        frame->unit[i] =
            (struct mq_unit){.code = cell(raw, i, "uCode"), .name = "", .enterprises = 1};
        for (size_t k = 0; k < example->model.nodes; k++) {
            const struct mq_node *node = &example->node[k];
            const char *text = node->leaf ? cell(raw, i, node->id) : "";
            double value = text[0] ? atof(text) : NAN;
            if (node->leaf)
                fixture_set(frame, i, (int)k, node->direction == MQ_DOWN ? -value : value);
        }
    }
    return frame;
}

static void choose(struct example *example, const char *normaliser, double low, double high,
                   const char *combiner)
{
    for (size_t i = 0; i < example->model.nodes; i++) {
        struct mq_node *node = &example->node[i];
        node->normalise = (struct mq_choice){.method = fixture_method(MQ_NORMALISE, normaliser),
                                             .param = {low, high},
                                             .given = {true, true}};
        node->combine.method = node->leaf ? -1 : fixture_method(MQ_COMBINE, combiner);
        node->weight = (struct mq_fraction){1, 1};
    }
}

static void choose_weights(struct example *example)
{
    struct mq_table table = {0};

    assert_true(read_csv(example, "C_aggregate/weights_unequal.csv", &table));
    for (size_t i = 0; i < table.rows; i++) {
        const char *text = cell(&table, i, "Weight");
        struct mq_fraction *weight =
            &example->node[node_named(example, cell(&table, i, "iCode"))].weight;
        char rounded[352]; /* 0.98999999999999999 is 0.99 */
        mq_round_text(atof(text), 6, MQ_HALF_UP, rounded);
        assert_int_equal(
            mq_fraction_parse(rounded, strlen(rounded), &weight->numerator, &weight->denominator),
            MQ_NUMBER_OK);
    }
    mq_table_clear(&table);
}

/* Numbers of the table that agree with the scores, node by node; all of them must. */
static size_t compare(const struct example *example, const struct mq_scores *scores,
                      const struct mq_table *table)
{
    size_t compared = 0;

    assert_int_equal(table->rows, scores->frame->units);
    for (size_t i = 0; i < table->rows; i++) {
        size_t unit = mq_frame_find(scores->frame, 0, 0, cell(table, i, "uCode"));
        assert_true(unit != SIZE_MAX);
        for (size_t k = 0; k < table->columns; k++) {
            int node = node_named(example, table->header[k]);
            const char *text = table->cell[i * table->columns + k];
            double found;
            if (node < 0)
                continue;
            found = scores->score[unit * example->model.nodes + (size_t)node].value;
            assert_close(found, text[0] ? atof(text) : NAN, 1e-12);
            compared++;
        }
    }
    return compared;
}

struct setting {
    const char *normaliser;
    double low, high;
    const char *normalised; /* file part */
    const char *combiner, *aggregator;
    bool unequal;
};

static const struct setting settings[] = {
    {"minmax", 1, 100, "minmax_1_100", "arithmetic", "amean", false},
    {"minmax", 1, 100, "minmax_1_100", "geometric", "gmean", false},
    {"minmax", 1, 100, "minmax_1_100", "arithmetic", "amean", true},
    {"minmax", 1, 100, "minmax_1_100", "geometric", "gmean", true},
    {"minmax", 0, 100, "minmax_0_100", "arithmetic", "amean", false},
    {"zscore", 100, 10, "zscore_100_10", "arithmetic", "amean", false},
    {"zscore", 100, 10, "zscore_100_10", "geometric", "gmean", false},
    {"zscore", 0, 1, "zscore_0_1", "arithmetic", "amean", false},
};

static size_t try_setting(struct example *example, const struct setting *setting,
                          const char *source)
{
    struct mq_table table = {0};
    struct mq_scores *scores = NULL;
    struct mq_frame *frame = build_frame(example);
    size_t compared = 0;
    char name[160];

    choose(example, setting->normaliser, setting->low, setting->high, setting->combiner);
    if (setting->unequal)
        choose_weights(example);
    assert_int_equal(mq_scores_new(frame, NULL, &scores, NULL), MQ_OK);
    snprintf(name, sizeof name, "B_normalise/%s_%s.csv", source, setting->normalised);
    if (read_csv(example, name, &table)) {
        compared += compare(example, scores, &table);
        mq_table_clear(&table);
    }
    snprintf(name, sizeof name, "C_aggregate/%s__%s__%s%s.csv", source, setting->normalised,
             setting->aggregator, setting->unequal ? "__wunequal" : "");
    if (read_csv(example, name, &table)) {
        compared += compare(example, scores, &table);
        mq_table_clear(&table);
    }
    mq_scores_free(scores);
    mq_frame_free(frame);
    return compared;
}

/* How many numbers of a folder agree. */
static size_t try_folder(const char *folder, const char *source)
{
    struct example example = {.folder = folder};
    size_t compared = 0;
    char name[160];

    assert_true(read_csv(&example, "input/asem_imeta.csv", &example.meta));
    snprintf(name, sizeof name, "B_normalise/%s_none.csv", source);
    assert_true(read_csv(&example, name, &example.raw));
    build_tree(&example);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        compared += try_setting(&example, &settings[i], source);
    mq_table_clear(&example.meta);
    mq_table_clear(&example.raw);
    mq_arena_clear(&example.arena);
    return compared;
}

static void test_carried(void **state)
{
    (void)state;
    /* 6 settings x 9 indicators and 4 aggregations, of 51 countries */
    assert_int_equal(try_folder(MQCI_SOURCE_DIR "/tests/oracle/coinr", "raw"), 51 * (6 * 9 + 4));
}

static void test_whole_example(void **state)
{
    static const char *const places[] = {NULL, MQCI_SOURCE_DIR "/../shared"};
    const char *shared = getenv("MQCI_SHARED");
    char folder[1024];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const char *place = i ? places[i] : shared;
        if (!place)
            continue;
        snprintf(folder, sizeof folder, "%s/oracles", place);
        if (access(folder, R_OK) == 0) {
            size_t compared = try_folder(folder, "raw") + try_folder(folder, "treated");
            print_message("%zu numbers agree\n", compared);
            assert_true(compared > 40000);
            return;
        }
    }
    print_message("skipped: no folder of reference numbers\n");
    skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_carried),
        cmocka_unit_test(test_whole_example),
    };

    return cmocka_run_group_tests_name("peer numbers", tests, NULL, NULL);
}
