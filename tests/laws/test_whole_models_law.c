/* Laws of whole models: any methods together, with holes and constant columns. */
#include "law_samples.h"

enum { LEAVES = 3, NODES = LEAVES + 1 };

/* One parent over LEAVES leaves of the given methods. */
struct tree {
    struct mq_model model;
    struct mq_node node[NODES];
    struct mq_level level[1];
    int child[LEAVES], order[NODES];
    struct sample leaf[NODES], weigh, combine;
};

/* Parameters the normaliser accepts, for direction down too if it can do that. */
static void draw_leaf(struct tree *tree, int i, size_t normaliser, uint64_t *seed)
{
    const struct mq_normaliser *row = mq_normalisers[normaliser];
    struct mq_node *node = &tree->node[i];

    node->direction = i == 2 ? MQ_DOWN : MQ_UP;
    for (int attempt = 0; attempt < 800; attempt++) {
        sample_params(&tree->leaf[i], &row->method, 1, attempt % 2, seed);
        tree->leaf[i].choice.method = (int)normaliser;
        node->normalise = tree->leaf[i].choice;
        if (attempt == 400)
            node->direction = MQ_UP;
        if (!row->check || !row->check(node, node->normalise.param))
            return;
    }
    fail_msg("no parameters found for normaliser %s", row->method.name);
}

static void draw_parent(struct tree *tree, size_t combiner, size_t weigher, uint64_t *seed)
{
    sample_params(&tree->weigh, &mq_weighers[weigher]->method, LEAVES, false, seed);
    sample_params(&tree->combine, &mq_combiners[combiner]->method, LEAVES, false, seed);
    tree->weigh.choice.method = (int)weigher;
    tree->combine.choice.method = (int)combiner;
    for (size_t i = 0; i < mq_weighers_count; i++) {
        if (strcmp(mq_weighers[i]->method.name, "equal") == 0)
            tree->weigh.part[0].method = (int)i;
        if (strcmp(mq_weighers[i]->method.name, "fixed") == 0)
            tree->weigh.part[1].method = (int)i;
    }
    tree->node[0].weigh = tree->weigh.choice;
    tree->node[0].combine = tree->combine.choice;
}

static void grow(struct tree *tree, size_t normaliser, size_t combiner, size_t weigher,
                 uint64_t *seed)
{
    static const char *const ids[] = {"top", "a", "b", "c"};

    memset(tree, 0, sizeof *tree);
    tree->model = (struct mq_model){.path = "model.yaml",
                                    .directory = "",
                                    .node = tree->node,
                                    .nodes = NODES,
                                    .order = tree->order,
                                    .level = tree->level,
                                    .levels = 1,
                                    .decimals = 2};
    tree->level[0] = (struct mq_level){.id = "unit", .title = "unit", .rollup = {.of = -1}};
    for (int i = 0; i < NODES; i++) {
        struct mq_node *node = &tree->node[i];
        *node = (struct mq_node){.id = ids[i],
                                 .title = ids[i],
                                 .unit = "",
                                 .parent = i ? 0 : -1,
                                 .weight = {1, i ? LEAVES : 1},
                                 .leaf = i > 0,
                                 .reference = MQ_REFERENCE_EACH,
                                 .min_share = {2, 3}};
        node->normalise.method = node->combine.method = node->weigh.method = -1;
        node->impute.method = node->treat.method = -1;
        tree->order[i] = i;
        if (i)
            tree->child[i - 1] = i;
        if (i)
            draw_leaf(tree, i, normaliser, seed);
        else
            draw_parent(tree, combiner, weigher, seed);
    }
    tree->node[0].child = tree->child;
    tree->node[0].children = LEAVES;
}

/* A frame whose unit k holds row order[k] of the values, and the code of that row. */
static struct mq_frame *frame_of(struct tree *tree, double values[UNITS][NODES],
                                 const size_t *order)
{
    static char codes[UNITS][8];
    struct mq_frame *frame = calloc(1, sizeof *frame);

    frame->model = &tree->model;
    frame->periods = 1;
    frame->units = UNITS;
    frame->period = mq_arena_array(&frame->arena, 1, sizeof *frame->period);
    frame->unit = mq_arena_array(&frame->arena, UNITS, sizeof *frame->unit);
    frame->value = mq_arena_array(&frame->arena, UNITS * NODES, sizeof(double));
    frame->used = frame->value;
    frame->numerator = mq_arena_array(&frame->arena, UNITS * NODES, sizeof(double));
    frame->denominator = mq_arena_array(&frame->arena, UNITS * NODES, sizeof(double));
    frame->coverage = mq_arena_array(&frame->arena, UNITS * NODES, sizeof(double));
    frame->reason = mq_arena_array(&frame->arena, UNITS * NODES, 1);
    frame->period[0] = "2024";
    for (size_t i = 0; i < UNITS; i++) {
        char *code = codes[order[i]];
        snprintf(code, sizeof codes[0], "u%02zu", order[i]);
        frame->unit[i] = (struct mq_unit){.code = code, .name = code, .enterprises = 5};
        for (size_t k = 0; k < NODES; k++) {
            double value = k ? values[order[i]][k] : NAN;
            frame->value[i * NODES + k] = value;
            frame->reason[i * NODES + k] = k && isnan(value) ? MQ_NOT_REPORTED : MQ_FINE;
            frame->coverage[i * NODES + k] = !isnan(value);
        }
    }
    return frame;
}

static void check_scores(const struct mq_scores *scores)
{
    for (size_t i = 0; i < UNITS * NODES; i++) {
        const struct mq_score *score = &scores->score[i];
        bool fine = mq_reason_present((enum mq_reason)score->reason);
        assert_false(isinf(score->value));
        assert_int_equal(isnan(score->value), !fine);
        assert_int_equal(score->rank == 0, isnan(score->value));
        if (i % NODES && isnan(scores->frame->value[i]))
            assert_int_equal(score->reason, MQ_NOT_REPORTED);
    }
}

/* Every method in a whole model, with holes and a constant column: missing stays missing and says
 * why, and units in another order give the same bits. */
static void try_methods(size_t normaliser, size_t combiner, size_t weigher, uint64_t *seed)
{
    double values[UNITS][NODES];
    size_t straight[UNITS], mixed[UNITS];
    struct tree tree;
    struct mq_frame *frame, *other;
    struct mq_scores *scores = NULL, *others = NULL;

    grow(&tree, normaliser, combiner, weigher, seed);
    shuffle(seed, mixed, UNITS);
    for (size_t i = 0; i < UNITS; i++) {
        straight[i] = i;
        for (int k = 1; k < NODES; k++)
            values[i][k] = bits(seed) % 7 ? uniform(seed, 1, 90) : NAN;
        if (bits(seed) % 2)
            values[i][3] = 41.25;
    }
    if (bits(seed) % 3 == 0)
        for (size_t i = 0; i < UNITS; i++)
            values[i][3] = 41.25;
    frame = frame_of(&tree, values, straight);
    other = frame_of(&tree, values, mixed);
    assert_int_equal(mq_scores_new(frame, NULL, &scores, NULL), MQ_OK);
    assert_int_equal(mq_scores_new(other, NULL, &others, NULL), MQ_OK);
    check_scores(scores);
    for (size_t i = 0; i < UNITS; i++)
        for (size_t k = 0; k < NODES; k++) {
            const struct mq_score *a = &others->score[i * NODES + k];
            const struct mq_score *b = &scores->score[mixed[i] * NODES + k];
            assert_true(same_bits(a->value, b->value));
            assert_int_equal(a->rank, b->rank);
            assert_int_equal(a->reason, b->reason);
        }
    mq_scores_free(scores);
    mq_scores_free(others);
    mq_frame_free(frame);
    mq_frame_free(other);
}

/* Every method beside plain ones of the other families, then any three together. */
static void test_whole_models(void **state)
{
    uint64_t seed = 99;
    size_t plain = 0;

    (void)state;
    while (strcmp(mq_normalisers[plain]->method.name, "minmax") != 0)
        plain++;
    for (size_t n = 0; n < mq_normalisers_count; n++)
        for (int round = 0; round < 40; round++)
            try_methods(n, 0, 0, &seed);
    for (size_t c = 0; c < mq_combiners_count; c++)
        for (int round = 0; round < 40; round++)
            try_methods(plain, c, 0, &seed);
    for (size_t w = 0; w < mq_weighers_count; w++)
        for (int round = 0; round < 40; round++)
            try_methods(plain, 0, w, &seed);
    for (int round = 0; round < 2000; round++)
        try_methods(bits(&seed) % mq_normalisers_count, bits(&seed) % mq_combiners_count,
                    bits(&seed) % mq_weighers_count, &seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_models),
    };

    return cmocka_run_group_tests_name("laws of whole models", tests, NULL, NULL);
}
