#include "coinr_example.h"

#include <unistd.h>

bool coinr_read_csv(struct coinr_example *example, const char *folder, const char *name,
                    struct mq_table *table)
{
    const char *path = mq_arena_format(&example->arena, "%s/%s", folder, name);
    struct mq_error error;

    if (access(path, R_OK) != 0)
        return false;
    if (mq_table_read(path, table, &error) != MQ_OK)
        fail_msg("%s: %s", path, error.message);
    return true;
}

const char *coinr_cell(const struct mq_table *table, size_t row, const char *column)
{
    int found = mq_table_find(table, column);

    assert_true(found >= 0);
    return table->cell[row * table->columns + (size_t)found];
}

double coinr_number(const struct mq_table *table, size_t row, const char *column)
{
    const char *text = coinr_cell(table, row, column);

    return text[0] && strcmp(text, "NA") != 0 ? atof(text) : NAN;
}

int coinr_node_named(const struct coinr_example *example, const char *id)
{
    for (size_t i = 0; i < example->model.nodes; i++)
        if (strcmp(example->node[i].id, id) == 0)
            return (int)i;
    return -1;
}

static void visit(struct coinr_example *example, int index, int depth, size_t *count)
{
    struct mq_node *node = &example->node[index];

    example->order[(*count)++] = index;
    node->depth = depth;
    example->depth = depth > example->depth ? depth : example->depth;
    for (int i = 0; i < (int)example->model.nodes; i++)
        if (example->node[i].parent == index) {
            example->child[index][node->children++] = i;
            visit(example, i, depth + 1, count);
        }
    node->child = example->child[index];
    node->leaf = node->children == 0;
}

void coinr_build_tree(struct coinr_example *example)
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
        const char *type = coinr_cell(&example->meta, i, "Type");
        if (strcmp(type, "Indicator") != 0 && strcmp(type, "Aggregate") != 0)
            continue;
        example->node[model->nodes++] =
            (struct mq_node){.id = coinr_cell(&example->meta, i, "iCode"),
                             .parent = (int)i,
                             .reference = MQ_REFERENCE_EACH,
                             .normalise = {.method = fixture_method(MQ_NORMALISE, "none")},
                             .combine = {.method = -1},
                             .weigh = {.method = -1},
                             .impute = {.method = -1},
                             .treat = {.method = -1}};
    }
    for (size_t i = 0; i < model->nodes; i++)
        example->node[i].parent = coinr_node_named(
            example, coinr_cell(&example->meta, (size_t)example->node[i].parent, "Parent"));
    for (size_t i = 0; i < model->nodes; i++)
        if (example->node[i].parent < 0)
            visit(example, (int)i, 0, &count);
    assert_int_equal(count, model->nodes);
}

struct mq_frame *coinr_build_frame(struct coinr_example *example, const struct mq_table *scores)
{
    struct mq_frame *frame = mq_frame_alloc(&example->model, 1, scores->rows);

    assert_non_null(frame);
    frame->period[0] = "2018";
    for (size_t i = 0; i < scores->rows; i++) {
        frame->unit[i] =
            (struct mq_unit){.code = coinr_cell(scores, i, "uCode"), .name = "", .enterprises = 1};
        for (size_t k = 0; k < example->model.nodes; k++)
            if (example->node[k].leaf)
                fixture_set(frame, i, (int)k, coinr_number(scores, i, example->node[k].id));
    }
    return frame;
}

void coinr_choose_weights(struct coinr_example *example, bool unequal)
{
    struct mq_table table = {0};

    for (size_t i = 0; i < example->model.nodes; i++)
        example->node[i].weight = (struct mq_fraction){1, 1};
    if (!unequal)
        return;
    assert_true(
        coinr_read_csv(example, example->folder, "C_aggregate/weights_unequal.csv", &table));
    for (size_t i = 0; i < table.rows; i++) {
        struct mq_fraction *weight =
            &example->node[coinr_node_named(example, coinr_cell(&table, i, "iCode"))].weight;
        char rounded[352]; /* 0.98999999999999999 is 0.99 */
        mq_round_text(coinr_number(&table, i, "Weight"), 6, MQ_HALF_UP, rounded);
        assert_int_equal(
            mq_fraction_parse(rounded, strlen(rounded), &weight->numerator, &weight->denominator),
            MQ_NUMBER_OK);
    }
    mq_table_clear(&table);
}
