/* A model with every key becomes the struct it describes. */
#include "model_fixture.h"

static struct mq_model *full(unsigned flags)
{
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    if (mq_model_read("tests/model/files/../files/full.yaml", &fake_catalogue, flags, &model,
                      &error) == MQ_OK)
        return model;
    /* the files are named from the folder of the model */
    fail_msg("%ld:%ld: %s", error.line, error.column, error.message);
    return NULL;
}

static const struct mq_node *node(const struct mq_model *model, const char *id)
{
    for (size_t i = 0; i < model->nodes; i++)
        if (strcmp(model->node[i].id, id) == 0)
            return &model->node[i];
    fail_msg("no node %s", id);
    return NULL;
}

static void test_head(void **state)
{
    const struct mq_model *model = *state;
    assert_string_equal(model->id, "full-model");
    assert_string_equal(model->edition, "2024");
    assert_string_equal(model->title, "制造业质量竞争力指数");
    assert_string_equal(model->source, "企业直报数据");
    assert_string_equal(model->directory, "tests/model/files/../files");
    assert_true(model->chinese);
    assert_int_equal(model->assumptions, 2);
    assert_string_equal(model->assumption[1], "quotes \" and : and # inside, tab \t and line\nend");
    assert_int_equal(model->rounding, MQ_HALF_EVEN);
    assert_int_equal(model->decimals, 3);
    assert_int_equal(model->min_enterprises, 5);
    assert_int_equal(model->missings, 4);
    assert_string_equal(model->missing[0], "");
    assert_string_equal(model->missing[3], "NA");
    assert_int_equal(model->lists, 1);
    assert_int_equal(model->list[0].count, 3);
    assert_int_equal(model->bands, 2);
    assert_close(model->band[0].from, -1.5, 0);
    assert_string_equal(model->band[1].title, "竞争力不足");
    /* the digest is that of the digests of the file and of the weights it names */
    struct mq_sha256 file, weights, digest;
    char lines[200];
    assert_int_equal(mq_sha256_file(model->path, &file, NULL), MQ_OK);
    assert_int_equal(mq_sha256_file("tests/model/files/weights.csv", &weights, NULL), MQ_OK);
    snprintf(lines, sizeof lines, "%s\n%s\n", file.hex, weights.hex);
    assert_int_equal(mq_sha256_bytes(lines, strlen(lines), &digest, NULL), MQ_OK);
    assert_string_equal(model->digest.hex, digest.hex);
}

static void test_inputs(void **state)
{
    const struct mq_model *model = *state;
    assert_int_equal(model->inputs, 8);
    assert_int_equal(model->key, 0);
    assert_int_equal(model->period, 1);
    assert_int_equal(model->input[0].aliases, 2);
    assert_string_equal(model->input[0].alias[1], "usci");
    assert_string_equal(model->input[1].alias[0], "年份");
    assert_int_equal(model->input[2].list, 0);
    assert_string_equal(model->input[2].title, "地区");
    assert_int_equal(model->input[3].list, -1);
    assert_int_equal(model->input[4].decimals, 2);
    assert_string_equal(model->input[4].unit, "千元");
    assert_string_equal(model->input[4].alias[0], "营业收入");
    assert_int_equal(model->input[7].type, MQ_NUMBER);
    assert_int_equal(model->input[3].at.line, 20);
    assert_int_equal(model->input[3].at.column, 5);
}

static void test_rules(void **state)
{
    const struct mq_model *model = *state;
    assert_int_equal(model->rules, 3);
    assert_int_equal(model->rule[0].severity, MQ_REJECT);
    assert_int_equal(model->rule[1].severity, MQ_INFO);
    assert_int_equal(model->rule[2].severity, MQ_WARN);
    assert_string_equal(model->rule[1].title, "R02");
    assert_string_equal(model->rule[1].text, "if (output > 0) failure <= output");
    assert_int_equal(model->rule[1].inputs, 2);
    assert_int_equal(model->rule[1].input[0], 5);
    assert_int_equal(model->rule[1].input[1], 6);
    assert_int_equal(model->rule[2].input[0], 4);
    assert_string_equal(model->scope_text, "size <= 2 and not missing(region)");
    assert_non_null(model->scope);
    assert_int_equal(model->scope_inputs, 2);
    assert_int_equal(model->scope_input[1], 2);
}

static void test_levels(void **state)
{
    const struct mq_model *model = *state;
    assert_int_equal(model->levels, 4);
    assert_int_equal(model->level[0].axes, 0);
    assert_int_equal(model->level[0].rollup.of, -1);
    assert_int_equal(model->level[1].axis[0].input, 2);
    assert_string_equal(model->level[1].axis[0].part, "province");
    assert_int_equal(model->level[1].rollup.of, 2);
    assert_string_equal(model->level[1].rollup.path, "weights.csv");
    assert_string_equal(model->level[2].title, "city");
    assert_int_equal(model->level[3].axes, 2);
    assert_string_equal(model->level[3].axis[1].part, "");
}

static void fraction(struct mq_fraction found, int64_t numerator, int64_t denominator)
{
    assert_int_equal(found.numerator, numerator);
    assert_int_equal(found.denominator, denominator);
}

static void test_tree(void **state)
{
    const struct mq_model *model = *state;
    static const char *const order[] = {"index",  "management", "loss_rate", "mean_rate",
                                        "growth", "spread",     "income",    "lonely"};
    assert_int_equal(model->nodes, 8);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(model->node[model->order[i]].id, order[i]);
    const struct mq_node *index = node(model, "index");
    assert_int_equal(index->parent, -1);
    assert_int_equal(index->children, 2);
    assert_string_equal(model->node[index->child[1]].id, "growth");
    assert_int_equal(index->combine.method, 1);
    fraction(index->min_share, 2, 3);
    const struct mq_node *management = node(model, "management");
    assert_int_equal(management->combine.method, 0);
    assert_int_equal(management->weigh.method, -1);
    assert_true(management->normalise_weights);
    assert_false(management->missing_fail);
    fraction(management->min_share, 1, 2);
    assert_int_equal(management->depth, 1);
    assert_int_equal(node(model, "mean_rate")->depth, 2);
    fraction(management->weight, 1, 3);
    fraction(node(model, "loss_rate")->weight, 2, 3); /* 1/2 : 1/4 normalised */
    fraction(node(model, "mean_rate")->weight, 1, 3);
    assert_true(node(model, "growth")->missing_fail);
    assert_int_equal(node(model, "growth")->weigh.method, 1);
    fraction(node(model, "spread")->weight, 1, 2);
    assert_int_equal(node(model, "lonely")->parent, -1);
}

static void test_leaves(void **state)
{
    const struct mq_model *model = *state;
    const struct mq_node *loss = node(model, "loss_rate");
    assert_true(loss->leaf);
    assert_string_equal(loss->unit, "%");
    assert_int_equal(loss->direction, MQ_DOWN);
    assert_int_equal(loss->missing, MQ_ZERO);
    assert_close(loss->min_coverage, 0.25, 0);
    assert_string_equal(loss->formula.text, "100 * failure / output");
    assert_int_equal(loss->normalise.method, FAKE_EFFICACY);
    assert_string_equal(loss->goalposts, "goalposts.csv");
    assert_false(loss->normalise.given[0]);
    assert_close(loss->normalise.param[2], 60, 0);
    assert_false(loss->normalise.given[2]);
    assert_close(loss->normalise.param[3], 95, 0);
    assert_true(loss->normalise.given[3]);
    assert_int_equal(loss->reference, MQ_REFERENCE_FIXED);
    const struct mq_node *rate = node(model, "mean_rate");
    assert_int_equal(rate->normalise.method, FAKE_MINMAX);
    assert_close(rate->normalise.param[2], 1, 0);
    assert_int_equal(rate->reference, MQ_REFERENCE_PERIOD);
    assert_string_equal(rate->reference_period, "2020");
    assert_int_equal(node(model, "spread")->reference, MQ_REFERENCE_POOLED);
    assert_close(node(model, "income")->normalise.param[4], 1, 0);
    assert_close(node(model, "income")->normalise.param[1], 9000, 0);
    assert_int_equal(node(model, "lonely")->normalise.method, FAKE_NONE);
}

static void test_defaults(void **state)
{
    (void)state;
    struct mq_model *model = must_read(MODEL_HEAD MODEL_LEVELS MODEL_LEAF);
    assert_string_equal(model->title, "small");
    assert_false(model->chinese);
    assert_string_equal(model->edition, "");
    assert_string_equal(model->source, "");
    assert_int_equal(model->rounding, MQ_HALF_UP);
    assert_int_equal(model->decimals, 2);
    assert_int_equal(model->min_enterprises, 3); /* the model has a key */
    assert_int_equal(model->missings, 1);
    assert_null(model->scope);
    assert_null(model->scope_text);
    assert_int_equal(model->rules + model->lists + model->bands + model->assumptions, 0);
    assert_int_equal(model->node[0].missing, MQ_COMPLETE);
    assert_int_equal(model->node[0].direction, MQ_UP);
    assert_close(model->node[0].min_coverage, 0, 0);
    fraction(model->node[0].weight, 1, 1);
    mq_model_free(model);
    model =
        must_read("\xEF\xBB\xBFmqci: 1\nid: t\ninputs: [{id: x, type: number}]\nlevels: [{id: n}]\n"
                  "indicators: [{id: a, formula: x, normalise: {method: minmax}}]\n");
    assert_int_equal(model->min_enterprises, 0);
    assert_int_equal(model->key, -1);
    assert_int_equal(model->period, -1);
    assert_int_equal(model->node[0].reference, MQ_REFERENCE_EACH);
    mq_model_free(model);
}

static void test_weights_of_a_method(void **state)
{
    (void)state;
    struct mq_model *model =
        must_read(MODEL_HEAD MODEL_LEVELS
                  "indicators:\n"
                  "  - {id: r, weights: fixed}\n"
                  "  - {id: a, parent: r, weight: 0.3, formula: cost, normalise: none}\n"
                  "  - {id: b, parent: r, weight: 7/10, formula: rate, normalise: none}\n");
    assert_int_equal(model->node[0].weigh.method, 0);
    fraction(model->node[1].weight, 3, 10);
    mq_model_free(model);
}

static void test_without_codes(void **state)
{
    (void)state;
    struct mq_model *model = NULL;
    assert_int_equal(
        read_text("mqci: 1\nid: t\ncodes: {region: no/such.csv}\n"
                  "inputs: [{id: r, type: code, list: region}, {id: x, type: number}]\n"
                  "levels: [{id: n, by: [r.anything]}]\n"
                  "indicators: [{id: a, formula: x, normalise: none}]\n",
                  MQ_MODEL_NO_CODES, &model, NULL),
        MQ_OK);
    assert_int_equal(model->lists, 1);
    assert_int_equal(model->list[0].count, 0);
    assert_null(model->list[0].dict);
    assert_string_equal(model->level[0].axis[0].part, "anything");
    mq_model_free(model);
}

static void test_points_in_ids(void **state)
{
    (void)state;
    struct mq_model *model =
        must_read("mqci: 1\nid: t\ninputs: [{id: r.new, type: code}, {id: x.1, type: number}]\n"
                  "levels: [{id: n, by: [r.new]}]\nindicators: [{id: a, formula: x.1 / 2, "
                  "normalise: none}]\n");
    assert_int_equal(model->level[0].axis[0].input, 0);
    assert_string_equal(model->level[0].axis[0].part, "");
    mq_model_free(model);
}

static void test_no_file(void **state)
{
    (void)state;
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    assert_int_equal(
        mq_model_read("tests/model/files/none.yaml", &fake_catalogue, 0, &model, &error),
        MQ_NO_INPUT);
    assert_contains(error.file, "none.yaml");
    assert_null(model);
}

static int open_full(void **state)
{
    *state = full(0);
    return *state ? 0 : -1;
}

static int close_full(void **state)
{
    mq_model_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head),   cmocka_unit_test(test_inputs), cmocka_unit_test(test_rules),
        cmocka_unit_test(test_levels), cmocka_unit_test(test_tree),   cmocka_unit_test(test_leaves),
    };
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_defaults),      cmocka_unit_test(test_weights_of_a_method),
        cmocka_unit_test(test_without_codes), cmocka_unit_test(test_points_in_ids),
        cmocka_unit_test(test_no_file),
    };
    int failed = cmocka_run_group_tests(tests, open_full, close_full);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
