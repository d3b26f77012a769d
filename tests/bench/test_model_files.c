/* models/: every file loads, and the two trees of the index are one tree. */
#include "support.h"

#include "index/index.h"

static struct mq_model *load(const char *path)
{
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    if (mq_model_read(path, mq_catalogue(), 0, &model, &error) != MQ_OK)
        fail_msg("%s:%ld:%ld: %s", error.file, error.line, error.column, error.message);
    return model;
}

static void every_model_loads(void **state)
{
    static const struct {
        const char *path;
        size_t inputs, levels, nodes, rules;
    } wanted[] = {
        {"models/mqci-liaoning.yaml", 29, 4, 21, 20},
        {"models/mqci-nation.yaml", 29, 4, 21, 20},
        {"models/nbs-rd.yaml", 5, 2, 6, 1},
        {"models/published-mqci.yaml", 3, 1, 3, 2},
        {"models/empluk.yaml", 7, 2, 7, 1},
        {"models/public-service-satisfaction.yaml", 46, 3, 49, 58},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct mq_model *model = load(wanted[i].path);
        assert_int_equal(model->inputs, wanted[i].inputs);
        assert_int_equal(model->levels, wanted[i].levels);
        assert_int_equal(model->nodes, wanted[i].nodes);
        assert_int_equal(model->rules, wanted[i].rules);
        assert_true(model->assumptions > 0);
        assert_true(model->source[0]);
        mq_model_free(model);
    }
}

static void same_node(const struct mq_node *a, const struct mq_node *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->title, b->title);
    assert_string_equal(a->unit, b->unit);
    assert_int_equal(a->parent, b->parent);
    assert_int_equal(a->weight.numerator, b->weight.numerator);
    assert_int_equal(a->weight.denominator, b->weight.denominator);
    assert_int_equal(a->direction, b->direction);
    assert_int_equal(a->leaf, b->leaf);
    if (!a->leaf) {
        assert_int_equal(a->combine.method, b->combine.method);
        return;
    }
    assert_string_equal(a->formula.text, b->formula.text);
    assert_int_equal(a->missing, b->missing);
    assert_int_equal(a->normalise.method, b->normalise.method);
    for (int i = 0; i < MQ_MAX_PARAMS; i++)
        assert_true(a->normalise.param[i] == b->normalise.param[i]);
}

static void province_and_nation_are_scored_alike(void **state)
{
    struct mq_model *a = load("models/mqci-liaoning.yaml"), *b = load("models/mqci-nation.yaml");
    (void)state;
    for (size_t i = 0; i < a->nodes; i++)
        same_node(&a->node[i], &b->node[i]);
    assert_int_equal(a->rules, b->rules);
    for (size_t i = 0; i < a->rules; i++) {
        assert_string_equal(a->rule[i].text, b->rule[i].text);
        assert_int_equal(a->rule[i].severity, b->rule[i].severity);
    }
    assert_string_equal(a->scope_text, b->scope_text);
    for (size_t i = 0; i < a->bands; i++) {
        assert_true(a->band[i].from == b->band[i].from);
        assert_string_equal(a->band[i].title, b->band[i].title);
    }
    assert_int_equal(a->bands, b->bands);
    mq_model_free(a);
    mq_model_free(b);
}

/* 1 -> 2 -> 6 -> 12 with halves, thirds and halves; one reverse indicator. */
static void the_tree_is_the_official_one(void **state)
{
    struct mq_model *model = load("models/mqci-liaoning.yaml");
    int at_depth[4] = {0}, down = 0;
    static const int share[4] = {1, 2, 3, 2};
    (void)state;
    for (size_t i = 0; i < model->nodes; i++) {
        const struct mq_node *node = &model->node[i];
        assert_in_range(node->depth, 0, 3);
        at_depth[node->depth]++;
        assert_int_equal(node->weight.numerator, 1);
        assert_int_equal(node->weight.denominator, share[node->depth]);
        assert_int_equal(node->leaf, node->depth == 3);
        if (node->leaf && node->direction == MQ_DOWN) {
            down++;
            assert_string_equal(node->id, "loss_rate");
        }
    }
    assert_int_equal(at_depth[1], 2);
    assert_int_equal(at_depth[2], 6);
    assert_int_equal(at_depth[3], 12);
    assert_int_equal(down, 1);
    assert_int_equal(model->bands, 5);
    mq_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_loads),
        cmocka_unit_test(province_and_nation_are_scored_alike),
        cmocka_unit_test(the_tree_is_the_official_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
