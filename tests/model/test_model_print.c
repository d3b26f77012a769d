/* The resolved model, read again, prints the same bytes. */
#include "model_fixture.h"

static void test_full(void **state)
{
    (void)state;
    struct mq_model *model = NULL;
    assert_int_equal(mq_model_read("tests/model/files/full.yaml", &fake_catalogue, 0, &model, NULL),
                     MQ_OK);
    char *text = settle(model, 0);
    char path[8192], *here = realpath("tests/model/files/region.csv", NULL);
    snprintf(path, sizeof path, "codes:\n  region: \"%s\"\n", here);
    assert_contains(text, path);
    free(here);
    assert_contains(text, "title: 制造业质量竞争力指数\n");
    assert_contains(text, "missing: [\"\", \"-\", —, NA]\n");
    assert_contains(text, "\"quotes \\\" and : and # inside, tab \\x09 and line\\nend\"");
    assert_contains(text, "disclosure: {min_enterprises: 5}\n");
    assert_contains(text, "    column: [统一社会信用代码, usci]\n");
    assert_contains(text,
                    "    check: 若营业收入＞0则output≥0\n    severity: warn\n    title: R03\n");
    assert_contains(text, "    by: [region.city, size]\n");
    assert_contains(text, "    rollup: {of: city, weights: \"/");
    assert_contains(text, "    weight: 2/3\n    title: 质量损失率\n");
    assert_contains(text, "    direction: down\n    missing: zero\n    min_coverage: 0.25\n");
    assert_contains(text, "{method: efficacy, high: 95, reference: fixed, goalposts: \"/");
    assert_contains(
        text, "{method: minmax, low: 0, high: 100, spread: rank, reference: {period: \"2020\"}}\n");
    assert_contains(text, "combine: {method: geometric}\n");
    assert_contains(text, "weights: {method: equal}\n");
    assert_contains(
        text, "weights: normalise\n    missing_children: {method: renormalise, min_share: 1/2}\n");
    assert_contains(text, "missing_children: {method: fail}\n");
    assert_contains(text, "bands:\n  - from: -1.5\n    title: 没有竞争力\n");
    assert_contains(text,
                    "localise: {weights: {营业收入: 1, output: 2.5, failure: 1, rate: never}, "
                    "most_fields: 4}\nlevels:\n");
    free(text);
}

static void test_small(void **state)
{
    (void)state;
    char *text = settle(must_read(MODEL_HEAD MODEL_LEVELS MODEL_LEAF), 0);
    assert_contains(
        text, "mqci: 1\nid: small\nedition: \"\"\ntitle: small\nsource: \"\"\nassumptions: []\n"
              "rounding: half_up\ndecimals: 2\ndisclosure: {min_enterprises: 3}\n"
              "missing: [\"\"]\ninputs:\n  - id: usci\n    column: [usci]\n    type: key\n");
    assert_contains(text, "rules: []\nlevels:\n  - id: nation\n    title: nation\n    by: []\n");
    assert_contains(text, "bands: []\n");
    free(text);
}

/* Texts that other YAML readers, or ours, would take for something else. */
static void test_texts(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "yes",
        "Null",
        "~",
        "12",
        "- a",
        "a: b",
        "a #b",
        "a, b",
        " edge ",
        "[x",
        "{y}",
        "*star",
        "&and",
        "!tag",
        "%x",
        "`q`",
        "it's",
        "\"q\"",
        "back\\",
        "?",
        "@at",
        "a\xC2\x85"
        "b",
        "l\xE2\x80\xA8s",
        "\xEF\xBB\xBF"
        "bom",
        "中\xEF\xBC\x8C文",
        "\xF0\xA0\x80\x80",
        "a\x7F",
        "1/2",
        "=",
        "|",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct mq_model *model = must_read(MODEL_HEAD MODEL_LEVELS MODEL_LEAF);
        model->title = texts[i];
        const char *one[] = {texts[i]};
        model->assumption = one;
        model->assumptions = 1;
        char *text = printed(model);
        if (i < 5) { /* words and numbers would stop being texts */
            char quoted[64];
            snprintf(quoted, sizeof quoted, "title: \"%s\"\n", texts[i]);
            assert_contains(text, quoted);
        }
        struct mq_model *read = again(text, 0);
        assert_string_equal(read->title, texts[i]);
        assert_string_equal(read->assumption[0], texts[i]);
        mq_model_free(read);
        mq_model_free(model);
        free(text);
    }
}

static void test_lost_files(void **state)
{
    (void)state;
    struct mq_model *model = NULL;
    assert_int_equal(
        read_text("mqci: 1\nid: t\ncodes: {region: gone.csv}\n"
                  "inputs: [{id: r, type: code, list: region}, {id: x, type: number}]\n"
                  "levels: [{id: n, by: [r]}]\n"
                  "indicators: [{id: a, formula: x, normalise: none}]\n",
                  MQ_MODEL_NO_CODES, &model, NULL),
        MQ_OK);
    char *text = settle(model, MQ_MODEL_NO_CODES);
    assert_contains(text, "region: \"/");
    assert_contains(text, "/tests/model/gone.csv\"");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_lost_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
