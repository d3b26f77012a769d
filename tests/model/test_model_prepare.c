/* What a model says of the steps between raw values and scores, and parameters that are more than a
 * number: read, printed, refused. */
#include "model_fixture.h"

#define TOP     MODEL_HEAD "levels: [{id: nation}, {id: city, by: [region]}]\n"
#define TREE    TOP "indicators:\n  - {id: r}\n"
#define LEAF(k) "  - {id: " k ", parent: r, weight: 1/2, formula: cost / sales, normalise: none"
#define PAIR    LEAF("a") "}\n" LEAF("b") "}\n"
/* A root at line 12 with something, and two leaves. */
#define ROOT(text) TOP "indicators:\n  - {id: r, " text "}\n" PAIR

/* ---- screen ---- */

static void screen_is_read_and_printed(void **state)
{
    struct mq_model *model = must_read(
        TREE PAIR "screen: {min_available: 2/3, min_nonzero: 0.05, keep: [\"01\", x], drop: y}\n");

    (void)state;
    assert_true(model->screen.asked);
    assert_close(model->screen.min_available, 2 / 3.0, 0);
    assert_close(model->screen.min_nonzero, 0.05, 0);
    assert_int_equal(model->screen.keeps, 2);
    assert_string_equal(model->screen.keep[0], "01");
    assert_int_equal(model->screen.drops, 1);
    assert_string_equal(model->screen.drop[0], "y");
    char *text = settle(model, 0);
    assert_contains(text, "screen: {min_available: 0.6666666666666666, min_nonzero: 0.05, keep: "
                          "[\"01\", x], drop: [\"y\"]}\n");
    free(text);
    model = must_read(TREE PAIR);
    assert_false(model->screen.asked);
    text = settle(model, 0);
    assert_null(strstr(text, "screen"));
    free(text);
}

static void wrong_screens(void **state)
{
    (void)state;
    assert_refused(TREE PAIR "screen: 3\n", 15, 9, "screen is written as keys with values");
    assert_refused(TREE PAIR "screen: {min_availabel: 1}\n", 15, 10,
                   "did you mean \"min_available\"?");
    assert_refused(TREE PAIR "screen: {min_available: 3/2}\n", 15, 25,
                   "\"min_available\" is a share from 0 to 1");
    assert_refused(TREE PAIR "screen: {min_nonzero: -0.1}\n", 15, 23,
                   "\"min_nonzero\" is a share from 0 to 1");
    assert_refused(TREE PAIR "screen: {min_nonzero: most}\n", 15, 23,
                   "\"min_nonzero\" is a number");
    assert_refused(TREE PAIR "screen: {min_nonzero: 1/x}\n", 15, 23, "\"min_nonzero\"");
    assert_refused(TREE PAIR "screen: {keep: {a: b}}\n", 15, 16, "\"keep\" is");
    assert_refused(TREE PAIR "screen: {drop: [[a]]}\n", 15, 17, "\"drop\"");
}

/* ---- impute, treat, defaults ---- */

static void steps_are_read_and_printed(void **state)
{
    struct mq_model *model =
        must_read(TREE LEAF("a") ", impute: {method: group_mean, by: city}, treat: clip}\n" LEAF(
            "b") ", impute: {method: constant, value: -1.5}, treat: {method: clip, low: 0}}\n");

    (void)state;
    assert_int_equal(model->node[0].impute.method, -1);
    assert_int_equal(model->node[1].impute.method, 2);
    assert_string_equal(model->node[1].impute.argument[0].text, "city");
    assert_int_equal(model->node[1].treat.method, 1);
    assert_close(model->node[1].treat.param[1], 0.95, 0);
    assert_false(model->node[1].treat.given[1]);
    assert_int_equal(model->node[2].impute.method, 1);
    assert_close(model->node[2].impute.param[0], -1.5, 0);
    assert_close(model->node[2].treat.param[0], 0, 0);
    char *text = settle(model, 0);
    assert_contains(text, "    impute: {method: group_mean, by: city}\n"
                          "    treat: {method: clip, low: 0.05, high: 0.95}\n");
    assert_contains(text, "    impute: {method: constant, value: -1.5}\n"
                          "    treat: {method: clip, low: 0, high: 0.95}\n");
    free(text);
}

/* Defaults fill what is not written: of leaves what belongs to leaves, of parents what to those. */
static void defaults_fill_what_is_not_written(void **state)
{
    struct mq_model *model = must_read(
        TOP "defaults:\n  impute: {method: constant, value: 7}\n  treat: clip\n  normalise: none\n"
            "  combine: geometric\n  weights: equal\n  missing_children: fail\n"
            "indicators:\n  - {id: r}\n  - {id: p, parent: r, combine: arithmetic}\n"
            "  - {id: a, parent: p, formula: cost}\n"
            "  - {id: b, parent: p, formula: rate, impute: none, treat: none, normalise: "
            "{method: minmax}}\n");

    (void)state;
    assert_int_equal(model->node[0].combine.method, 1);
    assert_int_equal(model->node[0].weigh.method, 1);
    assert_true(model->node[0].missing_fail && model->node[1].missing_fail);
    assert_int_equal(model->node[1].combine.method, 0);
    assert_int_equal(model->node[0].impute.method, -1);
    assert_close(model->node[2].impute.param[0], 7, 0);
    assert_int_equal(model->node[2].treat.method, 1);
    assert_int_equal(model->node[2].normalise.method, FAKE_NONE);
    assert_int_equal(model->node[3].impute.method, 0);
    assert_int_equal(model->node[3].treat.method, 0);
    assert_int_equal(model->node[3].normalise.method, FAKE_MINMAX);
    free(settle(model, 0));
}

static void wrong_steps(void **state)
{
    (void)state;
    assert_refused(TREE LEAF("a") ", impute: meen}\n" LEAF("b") "}\n", 13, 85,
                   "known methods: none, constant, group_mean");
    assert_refused(TREE LEAF("a") ", impute: constant}\n" LEAF("b") "}\n", 13, 85,
                   "constant needs the parameter \"value\": stands in");
    assert_refused(TREE LEAF("a") ", impute: {method: constant, value: x}}\n" LEAF("b") "}\n", 13,
                   111, "\"value\" is a number");
    assert_refused(TREE LEAF("a") ", treat: {method: clip, low: 0.5, high: 0.5}}\n" LEAF("b") "}\n",
                   13, 84, "clip: `low` must be less than `high`");
    assert_refused(TREE LEAF("a") ", treat: {method: clip, hight: 1}}\n" LEAF("b") "}\n", 13, 99,
                   "did you mean \"high\"?");
    assert_refused(ROOT("impute: none"), 12, 13, "\"impute\" is out of place");
    assert_refused(ROOT("treat: none"), 12, 13, "\"treat\" is out of place");
    assert_refused(TOP "defaults: {direction: down}\nindicators:\n  - {id: r}\n" PAIR, 11, 12,
                   "defaults has no key \"direction\"");
    assert_refused(TOP "defaults: [1]\nindicators:\n  - {id: r}\n" PAIR, 11, 11, "defaults is");
    assert_refused(TOP "defaults: {treat: {method: clip, low: 2}}\nindicators:\n  - {id: r}\n" PAIR,
                   11, 19, "clip: `low` must be less than `high`");
    assert_refused(TOP "defaults: {combine: ari}\nindicators:\n  - {id: r}\n" PAIR, 11, 21,
                   "known methods: arithmetic");
}

/* `by` is a level or a file with its own place in the digest. */
static void groups_are_a_level_or_a_file(void **state)
{
    struct mq_model *plain = must_read(TREE PAIR), *filed;
    char path[4200], wanted[4300], *here = realpath("tests/model/files/region.csv", NULL);

    (void)state;
    filed = must_read(
        TREE LEAF("a") ", impute: {method: group_mean, by: files/region.csv}}\n" LEAF("b") "}\n");
    snprintf(path, sizeof path, "%s", here);
    free(here);
    assert_string_equal(filed->node[1].impute.argument[0].text, path);
    assert_memory_not_equal(&filed->digest, &plain->digest, sizeof plain->digest);
    char *text = settle(filed, 0);
    snprintf(wanted, sizeof wanted, "impute: {method: group_mean, by: \"%s\"}\n", path);
    assert_contains(text, wanted);
    free(text);
    mq_model_free(plain);
    assert_refused(TREE LEAF("a") ", impute: {method: group_mean, by: no.csv}}\n" LEAF("b") "}\n",
                   13, 110, "cannot read the file \"no.csv\"");
    assert_refused(TREE LEAF("a") ", impute: {method: group_mean, by: [city]}}\n" LEAF("b") "}\n",
                   13, 110, "\"by\" is text, not a list");
    assert_refused(TREE LEAF("a") ", impute: group_mean}\n" LEAF("b") "}\n", 13, 85,
                   "group_mean needs the parameter \"by\"");
    struct mq_model *unread = NULL;
    assert_int_equal(
        read_text(TREE LEAF("a") ", impute: {method: group_mean, by: no.csv}}\n" LEAF("b") "}\n",
                  MQ_MODEL_NO_CODES, &unread, NULL),
        MQ_OK);
    mq_model_free(unread);
}

/* ---- lists, matrices, methods ---- */

static void arguments_are_read_and_printed(void **state)
{
    struct mq_model *model = must_read(
        ROOT("combine: {method: owa, weights: [2/3, 0.3333]}, weights: {method: combined, "
             "of: [equal, {method: ahp, matrix: [[1, 3], [1/3, 1]]}], target: 文}"));
    const struct mq_argument *of = &model->node[0].weigh.argument[0];

    (void)state;
    assert_int_equal(model->node[0].combine.argument[0].columns, 2);
    assert_close(model->node[0].combine.argument[0].value[0], 2 / 3.0, 0);
    assert_int_equal(of->choices, 2);
    assert_int_equal(of->choice[0].method, 1);
    assert_close(of->choice[1].argument[0].value[2], 1 / 3.0, 0);
    assert_string_equal(model->node[0].weigh.argument[1].text, "文");
    char *text = settle(model, 0);
    assert_contains(text, "combine: {method: owa, weights: [0.6666666666666666, 0.3333]}\n");
    assert_contains(text, "weights: {method: combined, of: [{method: equal}, {method: ahp, matrix: "
                          "[[[1, 3], [0.3333333333333333, 1]]]}], target: 文}\n");
    free(text);
    model =
        must_read(ROOT("weights: {method: ahp, matrix: [[[1, 3], [1/3, 1]], [[1, 2], [0.5, 1]]]}"));
    assert_int_equal(model->node[0].weigh.argument[0].rows, 4);
    assert_int_equal(model->node[0].weigh.argument[0].columns, 2);
    assert_close(model->node[0].weigh.argument[0].value[6], 0.5, 0);
    free(settle(model, 0));
}

static void wrong_lists_and_matrices(void **state)
{
    (void)state;
    assert_refused(ROOT("combine: {method: owa, weights: 1}"), 12, 45, "\"weights\" is a list");
    assert_refused(ROOT("combine: {method: owa, weights: []}"), 12, 45,
                   "\"weights\" is an empty list");
    assert_refused(ROOT("combine: {method: owa, weights: [1, x]}"), 12, 49, "is a number");
    assert_refused(ROOT("combine: {method: owa, weights: [0.2, 0.3, 0.5]}"), 12, 45,
                   "\"weights\" is for 3 indicators, but \"r\" has 2 below it");
    assert_refused(ROOT("combine: owa"), 12, 22, "owa needs the parameter \"weights\"");
    assert_refused(ROOT("weights: {method: ahp, matrix: 3}"), 12, 44,
                   "\"matrix\" is a list of rows, each a list of numbers");
    assert_refused(ROOT("weights: {method: ahp, matrix: []}"), 12, 44, "is a list of rows");
    assert_refused(ROOT("weights: {method: ahp, matrix: [1, 2]}"), 12, 44, "is a list of rows");
    assert_refused(ROOT("weights: {method: ahp, matrix: [[1, 2]]}"), 12, 44,
                   "this matrix has 1 rows, expected 2");
    assert_refused(ROOT("weights: {method: ahp, matrix: [[1, 2], [1]]}"), 12, 53,
                   "this row has 1 numbers, but the matrix has 2 rows");
    assert_refused(ROOT("weights: {method: ahp, matrix: [[1, 2], 7]}"), 12, 53, "is a list");
    assert_refused(ROOT("weights: {method: ahp, matrix: [[[1, 2], [1/2, 1]], [[1]]]}"), 12, 65,
                   "this matrix has 1 rows, expected 2");
    assert_refused(ROOT("weights: {method: ahp, matrix: [[1]]}"), 12, 44,
                   "\"matrix\" is for 1 indicators, but \"r\" has 2 below it");
    assert_refused(ROOT("weights: {method: combined, of: []}"), 12, 45, "\"of\" is an empty list");
    assert_refused(ROOT("weights: {method: combined, of: equal}"), 12, 45, "\"of\" is a list");
    assert_refused(ROOT("weights: {method: combined, of: [equal, eqal]}"), 12, 53,
                   "did you mean \"equal\"?");
    assert_refused(ROOT("weights: {method: combined, of: [{method: ahp, matrix: [[1]]}]}"), 12, 68,
                   "\"matrix\" is for 1 indicators, but \"r\" has 2 below it");
    assert_refused(ROOT("weights: {method: combined, of: [ahp]}"), 12, 46,
                   "ahp needs the parameter \"matrix\"");
    assert_refused(ROOT("weights: {method: combined, of: [equal], target: [x]}"), 12, 62,
                   "\"target\" is text, not a list");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screen_is_read_and_printed),
        cmocka_unit_test(wrong_screens),
        cmocka_unit_test(steps_are_read_and_printed),
        cmocka_unit_test(defaults_fill_what_is_not_written),
        cmocka_unit_test(wrong_steps),
        cmocka_unit_test(groups_are_a_level_or_a_file),
        cmocka_unit_test(arguments_are_read_and_printed),
        cmocka_unit_test(wrong_lists_and_matrices),
    };

    return cmocka_run_group_tests_name("model: preparing", tests, NULL, NULL);
}
