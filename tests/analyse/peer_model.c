/* COINr's example as a model and a frame: effective weights and flags. */
#include "index_fixture.h"
#include "peer.h"

struct example {
    struct mq_model model;
    struct mq_level level[1];
    struct mq_node node[MOST];
    int child[MOST][MOST], order[MOST];
};

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

/* The tree over the columns of the table of scores. */
static void grow(const struct peer *peer, struct example *example)
{
    size_t count = 0;

    *example = (struct example){.model = {.path = "coinr",
                                          .directory = "",
                                          .node = example->node,
                                          .order = example->order,
                                          .level = example->level,
                                          .levels = 1}};
    example->level[0] = (struct mq_level){.id = "unit", .title = "unit", .rollup = {.of = -1}};
    for (size_t i = 0; i < peer->meta.rows; i++) {
        const char *id = cell(&peer->meta, i, "iCode");
        if (mq_table_find(&peer->scores, id) < 0)
            continue;
        example->node[example->model.nodes++] = (struct mq_node){
            .id = id,
            .title = id,
            .unit = "",
            .weight = {1, 1},
            .direction = cell(&peer->meta, i, "Direction")[0] == '-' ? MQ_DOWN : MQ_UP,
            .reference = MQ_REFERENCE_EACH,
            .weigh = {.method = -1},
            .impute = {.method = -1},
            .treat = {.method = -1}};
    }
    for (size_t i = 0; i < example->model.nodes; i++)
        example->node[i].parent = node_named(example, parent_of(peer, example->node[i].id));
    for (size_t i = 0; i < example->model.nodes; i++)
        if (example->node[i].parent < 0)
            visit(example, (int)i, &count);
    assert_int_equal(count, example->model.nodes);
    for (size_t i = 0; i < example->model.nodes; i++) {
        struct mq_node *node = &example->node[i];
        node->min_share = (struct mq_fraction){0, 1};
        node->normalise =
            (struct mq_choice){.method = fixture_method(MQ_NORMALISE, "minmax"), .param = {0, 100}};
        node->combine.method = node->leaf ? -1 : fixture_method(MQ_COMBINE, "arithmetic");
    }
}

static struct mq_frame *fill(const struct peer *peer, const struct example *example)
{
    struct mq_frame *frame = mq_frame_alloc(&example->model, 1, peer->raw.rows);

    assert_non_null(frame);
    frame->period[0] = "2018";
    for (size_t i = 0; i < peer->raw.rows; i++) {
        frame->unit[i] =
            (struct mq_unit){.code = cell(&peer->raw, i, "uCode"), .name = "", .enterprises = 1};
        for (size_t k = 0; k < example->model.nodes; k++)
            if (example->node[k].leaf)
                fixture_set(frame, i, (int)k, number(&peer->raw, i, example->node[k].id));
    }
    return frame;
}

static bool flagged(const struct mq_analysis *analysis, int node, enum mq_flag_kind kind)
{
    for (size_t i = 0; i < analysis->flags; i++)
        if (analysis->flag[i].node == node && analysis->flag[i].kind == kind)
            return true;
    return false;
}

static void compare_flags(struct peer *peer, const struct example *example,
                          const struct mq_analysis *analysis, const struct mq_table *table)
{
    static const struct {
        const char *column;
        enum mq_flag_kind kind;
    } flags[] = {{"Flag.Avail", MQ_FLAG_AVAILABILITY},
                 {"Flag.NonZero", MQ_FLAG_ZEROS},
                 {"Flag.Unique", MQ_FLAG_UNIQUE},
                 {"Flag.SkewKurt", MQ_FLAG_OUTLIERS}};

    for (size_t i = 0; i < table->rows; i++)
        for (size_t k = 0; k < sizeof flags / sizeof *flags; k++) {
            const char *id = cell(table, i, "iCode");
            bool wanted = strcmp(cell(table, i, flags[k].column), "ok") != 0;
            if (flagged(analysis, node_named(example, id), flags[k].kind) != wanted)
                fail_msg("%s of %s: %s", flags[k].column, id, wanted ? "missing" : "too much");
            peer->numbers++;
        }
}

void try_model(struct peer *peer)
{
    struct example *example = calloc(1, sizeof *example);
    struct mq_table weights, flags;
    struct mq_scores *scores;
    struct mq_analysis *analysis;
    struct mq_frame *frame;
    double top = 1;

    grow(peer, example);
    frame = fill(peer, example);
    assert_int_equal(mq_scores_new(frame, NULL, &scores, NULL), MQ_OK);
    assert_int_equal(mq_analyse(scores, 0, 0, 2, &analysis, NULL), MQ_OK);
    assert_true(read_csv(peer, "G_analysis/eff_weights.csv", &weights));
    for (size_t i = 0; i < weights.rows; i++) /* down from the root of the tree at hand */
        if (strcmp(cell(&weights, i, "iCode"), example->node[example->order[0]].id) == 0)
            top = number(&weights, i, "EffWeight");
    for (size_t i = 0; i < weights.rows; i++)
        compare(peer,
                analysis->weight[node_named(example, cell(&weights, i, "iCode"))].effective * top,
                number(&weights, i, "EffWeight"), "effective weight");
    assert_true(read_csv(peer, "G_analysis/stats_raw.csv", &flags));
    peer->files--; /* seen before */
    compare_flags(peer, example, analysis, &flags);
    mq_table_clear(&weights);
    mq_table_clear(&flags);
    mq_analysis_free(analysis);
    mq_scores_free(scores);
    mq_frame_free(frame);
    free(example);
}
