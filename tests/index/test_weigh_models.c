/* Weights written in a model: read, refused with a position, printed, and used for scores. */
#include "index_fixture.h"

enum { UNITS = 6 };

#define HEAD                                                                                       \
    "mqci: 1\n"                                                                                    \
    "id: weights\n"                                                                                \
    "inputs:\n"                                                                                    \
    "  - {id: region, type: code}\n"                                                               \
    "  - {id: x, type: number}\n"                                                                  \
    "levels: [{id: region, by: [region]}]\n"                                                       \
    "indicators:\n"
#define LEAVES                                                                                     \
    "  - {id: a, parent: top, weight: 0.3, formula: x, normalise: none}\n"                         \
    "  - {id: b, parent: top, weight: 0.7, formula: 2 * x, normalise: none}\n"
#define TOP(weights) HEAD "  - {id: top, weights: " weights "}\n" LEAVES

static enum mq_status read_model(const char *text, struct mq_model **model, struct mq_error *error)
{
    struct mq_model_text source = {
        .bytes = text, .count = strlen(text), .path = "m.yaml", .directory = ""};

    return mq_model_read_bytes(&source, mq_catalogue(), MQ_MODEL_STRICT, model, error);
}

static struct mq_model *must_read(const char *text)
{
    struct mq_model *model = NULL;
    struct mq_error error = {0};

    if (read_model(text, &model, &error) != MQ_OK)
        fail_msg("%ld:%ld: %s", error.line, error.column, error.message);
    return model;
}

static void refused(const char *text, long column, const char *part)
{
    struct mq_model *model = NULL;
    struct mq_error error = {0};

    assert_int_equal(read_model(text, &model, &error), MQ_BAD_MODEL);
    if (error.line != 8 || error.column != column || !strstr(error.message, part))
        fail_msg("%ld:%ld: %s\nwanted 8:%ld: %s", error.line, error.column, error.message, column,
                 part);
}

static const double table[UNITS][2] = {{71.3, 64.9}, {80.25, 90.1}, {66.6, 61.7},
                                       {93.4, 88.8}, {77.7, 69.3},  {60.2, 99.5}};

/* Scores by a model of two leaves; the scores and the model are freed by the caller. */
static struct mq_scores *score(const struct mq_model *model, struct mq_frame **frame)
{
    static const char *const codes[UNITS] = {"11", "12", "13", "14", "15", "21"};
    struct mq_scores *scores = NULL;
    struct mq_error error = {0};

    *frame = mq_frame_alloc(model, 1, UNITS);
    assert_non_null(*frame);
    (*frame)->period[0] = "2024";
    for (size_t i = 0; i < UNITS; i++) {
        (*frame)->unit[i] = (struct mq_unit){.code = codes[i], .name = "", .enterprises = 5};
        for (int k = 0; k < 2; k++)
            fixture_set(*frame, i, k + 1, table[i][k]);
    }
    if (mq_scores_new(*frame, NULL, &scores, &error) != MQ_OK)
        fail_msg("%s", error.message);
    return scores;
}

/* Every unit has the weight `wanted` for the first child, and the score that follows. */
static void check_weight(const char *text, double wanted)
{
    struct mq_model *model = must_read(text);
    struct mq_frame *frame;
    struct mq_scores *scores = score(model, &frame);

    for (size_t i = 0; i < UNITS; i++) {
        assert_close(scores->weight[i * model->nodes + 1], wanted, 1e-13);
        assert_close(scores->score[i * model->nodes].value,
                     wanted * table[i][0] + (1 - wanted) * table[i][1], 1e-13);
    }
    mq_scores_free(scores);
    mq_frame_free(frame);
    mq_model_free(model);
}

static double entropy_weight(void)
{
    double apart[2];

    for (int k = 0; k < 2; k++) {
        double sum = 0, entropy = 0;
        for (int i = 0; i < UNITS; i++)
            sum += table[i][k];
        for (int i = 0; i < UNITS; i++)
            entropy -= table[i][k] / sum * log(table[i][k] / sum);
        apart[k] = 1 - entropy / log(UNITS);
    }
    return apart[0] / (apart[0] + apart[1]);
}

static void test_used(void **state)
{
    double entropy = entropy_weight();

    (void)state;
    check_weight(TOP("fixed"), 0.3);
    check_weight(TOP("{method: ahp, matrix: [[1,3],[1/3,1]]}"), 0.75);
    check_weight(TOP("{method: ahp, matrix: [[[1,2],[1/2,1]],[[1,8],[1/8,1]]]}"), 0.8);
    check_weight(TOP("entropy"), entropy);
    check_weight(TOP("{method: combined, of: [entropy, {method: ahp, matrix: [[1,3],[1/3,1]]}]}"),
                 (entropy + 0.75) / 2);
    check_weight(TOP("{method: combined, of: [entropy, fixed], how: multiplicative}"),
                 0.3 * entropy / (0.3 * entropy + 0.7 * (1 - entropy)));
    check_weight(TOP("{method: combined, of: [entropy, fixed], alpha: [1/4, 3/4]}"),
                 entropy / 4 + 0.3 * 3 / 4);
    check_weight(TOP("{method: combined, of: [{method: combined, of: [fixed, equal]}, fixed]}"),
                 0.35);
}

/* The benefit of the doubt multiplies: the best unit has 1, and the weights shown sum to 1. */
static void test_bod(void **state)
{
    struct mq_model *model = must_read(TOP("{method: bod, lower: 0.2, upper: 0.8}"));
    struct mq_frame *frame;
    struct mq_scores *scores = score(model, &frame);
    double best = 0;

    (void)state;
    for (size_t i = 0; i < UNITS; i++) {
        const double *weight = &scores->weight[i * model->nodes];
        double value = scores->score[i * model->nodes].value;
        double share =
            weight[1] * table[i][0] / (weight[1] * table[i][0] + weight[2] * table[i][1]);
        assert_close(weight[1] + weight[2], 1, 1e-14);
        assert_true(share >= 0.2 - 1e-9 && share <= 0.8 + 1e-9);
        assert_true(value > 0.6 && value <= 1 + 1e-12);
        best = fmax(best, value);
    }
    assert_close(best, 1, 1e-12);
    assert_int_equal(scores->score[0].reason, MQ_FINE);
    mq_scores_free(scores);
    mq_frame_free(frame);
    mq_model_free(model);
}

/* What is not defined has no score and says why. */
static void test_none(void **state)
{
    struct mq_model *model =
        must_read(HEAD "  - {id: top, weights: entropy}\n"
                       "  - {id: a, parent: top, weight: 0.3, formula: x, normalise: none}\n"
                       "  - {id: b, parent: top, weight: 0.7, formula: x, normalise: none}\n");
    struct mq_frame *frame = mq_frame_alloc(model, 1, 2);
    struct mq_scores *scores = NULL;

    (void)state;
    frame->period[0] = "2024";
    for (size_t i = 0; i < 2; i++) {
        frame->unit[i] = (struct mq_unit){.code = i ? "2" : "1", .name = "", .enterprises = 5};
        for (int k = 1; k <= 2; k++)
            fixture_set(frame, i, k, 66.5);
    }
    assert_int_equal(mq_scores_new(frame, NULL, &scores, NULL), MQ_OK);
    assert_true(isnan(scores->score[0].value));
    assert_int_equal(scores->score[0].reason, MQ_NO_GOALPOSTS);
    assert_int_equal(scores->score[0].rank, 0);
    mq_scores_free(scores);
    mq_frame_free(frame);
    mq_model_free(model);
}

static void test_refused(void **state)
{
    (void)state;
    refused(TOP("{method: ahp}"), 24, "ahp needs the parameter \"matrix\"");
    refused(TOP("{method: ahp, matrix: [[1,3,5],[1/3,1,2],[1/5,1/2,1]]}"), 46,
            "\"matrix\" is for 3 indicators, but \"top\" has 2 below it");
    refused(TOP("{method: ahp, matrix: [[1,3],[1/3]]}"), 53, "this row has 1 numbers");
    refused(TOP("{method: ahp, matrix: [[1,3],[3,1]]}"), 24, "ahp: the matrix must be reciprocal");
    refused(TOP("{method: ahp, matrix: [[1,5,1/5],[1/5,1,5],[5,1/5,1]]}"), 24,
            "ahp: the judgements contradict each other too much: the consistency ratio is 1 or "
            "more");
    refused(TOP("{method: combined, of: [entropy, {method: ahp, matrix: [[1,3],[3,1]]}]}"), 57,
            "ahp: the matrix must be reciprocal");
    refused(TOP("{method: combined, of: [entropy, {method: ahp, matrix: [[1]]}]}"), 79,
            "\"matrix\" is for 1 indicators, but \"top\" has 2 below it");
    refused(TOP("{method: combined, of: []}"), 47, "\"of\" is an empty list");
    refused(TOP("{method: combined, of: [entropi]}"), 48, "did you mean \"entropy\"?");
    refused(TOP("{method: combined, of: [entropy, bod]}"), 24, "weights of its own");
    refused(TOP("{method: combined, of: [entropy, sd], alpha: [1]}"), 24, "one number for each");
    refused(TOP("{method: combined, of: [entropy, sd], how: mean}"), 67,
            "known values: linear, multiplicative, game");
    refused(TOP("{method: target_influence, targets: [1, 2, 3]}"), 60,
            "\"targets\" is for 3 indicators, but \"top\" has 2 below it");
    refused(TOP("{method: target_influence, targets: [1, -2]}"), 24, "must not be negative");
    refused(TOP("{method: bod, lower: 0.6, upper: 0.5}"), 24, "lower not above upper");
    refused(TOP("{method: pca, sign: 1}"), 38, "pca takes no parameter");
}

/* The text of a model reads back as the same text. */
static void test_printed(void **state)
{
    struct mq_model *model = must_read(TOP(
        "{method: combined, of: [fixed, entropy, {method: ahp, matrix: [[1,3],[1/3,1]]}, {method: "
        "target_influence, targets: [2, 3]}], how: linear, alpha: [1, 0.5, 1/4, 3]}"));
    struct mq_buffer first = MQ_BUFFER_EMPTY, second = MQ_BUFFER_EMPTY;

    (void)state;
    assert_int_equal(mq_model_write(model, mq_catalogue(), &first, NULL), MQ_OK);
    mq_model_free(model);
    assert_contains(first.data, "target_influence");
    model = must_read(first.data);
    assert_int_equal(mq_model_write(model, mq_catalogue(), &second, NULL), MQ_OK);
    assert_string_equal(first.data, second.data);
    mq_model_free(model);
    mq_buffer_clear(&first);
    mq_buffer_clear(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_used),    cmocka_unit_test(test_bod),     cmocka_unit_test(test_none),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_printed),
    };

    return cmocka_run_group_tests_name("weights in models", tests, NULL, NULL);
}
