/* Which level and periods weights from the data come from. */
#include "index_fixture.h"

enum { PROVINCES = 6, PERIODS = 2, UNITS = PERIODS * (PROVINCES + 1) };

#define MODEL(weights)                                                                             \
    "mqci: 1\n"                                                                                    \
    "id: weights\n"                                                                                \
    "inputs:\n"                                                                                    \
    "  - {id: year, type: period}\n"                                                               \
    "  - {id: region, type: code}\n"                                                               \
    "  - {id: x, type: number}\n"                                                                  \
    "levels: [{id: nation}, {id: region, by: [region]}]\n"                                         \
    "indicators:\n"                                                                                \
    "  - {id: top, weights: " weights "}\n"                                                        \
    "  - {id: a, parent: top, weight: 0.3, formula: x, normalise: none}\n"                         \
    "  - {id: b, parent: top, weight: 0.7, formula: 2 * x, normalise: none}\n"

static enum mq_status read_model(const char *text, struct mq_model **model, struct mq_error *error)
{
    struct mq_model_text source = {
        .bytes = text, .count = strlen(text), .path = "m.yaml", .directory = ""};

    return mq_model_read_bytes(&source, mq_catalogue(), MQ_MODEL_STRICT, model, error);
}

static const double table[PERIODS][PROVINCES][2] = {
    {{71.3, 64.9}, {80.25, 90.1}, {66.6, 61.7}, {93.4, 88.8}, {77.7, 69.3}, {60.2, 99.5}},
    {{70.1, 66.2}, {82.75, 70.4}, {68.9, 63.3}, {90.7, 71.6}, {79.4, 70.8}, {75.5, 72.2}}};

/* Per period the nation, then the provinces. */
static struct mq_frame *frame_of(const struct mq_model *model)
{
    static const char *const codes[PROVINCES] = {"11", "12", "13", "14", "15", "21"};
    struct mq_frame *frame = mq_frame_alloc(model, PERIODS, UNITS);

    assert_non_null(frame);
    for (size_t p = 0; p < PERIODS; p++) {
        size_t first = p * (PROVINCES + 1);
        frame->period[p] = p ? "2024" : "2023";
        frame->unit[first] = (struct mq_unit){
            .period = (uint32_t)p, .level = 0, .code = "", .name = "全国", .enterprises = 30};
        fixture_set(frame, first, 1, 74.9);
        fixture_set(frame, first, 2, 79.05);
        for (size_t i = 0; i < PROVINCES; i++) {
            size_t at = first + 1 + i;
            frame->unit[at] = (struct mq_unit){.period = (uint32_t)p,
                                               .level = 1,
                                               .code = codes[i],
                                               .name = codes[i],
                                               .enterprises = 5};
            fixture_set(frame, at, 1, table[p][i][0]);
            fixture_set(frame, at, 2, table[p][i][1]);
        }
    }
    return frame;
}

/* Weight of the first child in nation and province of both periods; NaN: no score. */
static void weights_of(const char *text, double weight[PERIODS][2])
{
    struct mq_model *model = NULL;
    struct mq_scores *scores = NULL;
    struct mq_error error = {0};

    if (read_model(text, &model, &error) != MQ_OK)
        fail_msg("%ld:%ld: %s", error.line, error.column, error.message);
    struct mq_frame *frame = frame_of(model);
    if (mq_scores_new(frame, NULL, &scores, &error) != MQ_OK)
        fail_msg("%s", error.message);
    for (size_t p = 0; p < PERIODS; p++)
        for (size_t level = 0; level < 2; level++)
            weight[p][level] = scores->weight[(p * (PROVINCES + 1) + level) * model->nodes + 1];
    mq_scores_free(scores);
    mq_frame_free(frame);
    mq_model_free(model);
}

/* The first child's part in the standard deviations over these periods. */
static double share_of_sd(size_t first, size_t last)
{
    double sd[2];

    for (int k = 0; k < 2; k++) {
        double sum = 0, squares = 0, count = (double)(last - first + 1) * PROVINCES;
        for (size_t p = first; p <= last; p++)
            for (size_t i = 0; i < PROVINCES; i++)
                sum += table[p][i][k];
        for (size_t p = first; p <= last; p++)
            for (size_t i = 0; i < PROVINCES; i++)
                squares += (table[p][i][k] - sum / count) * (table[p][i][k] - sum / count);
        sd[k] = sqrt(squares / (count - 1));
    }
    return sd[0] / (sd[0] + sd[1]);
}

static void each_level_has_its_own(void **state)
{
    double weight[PERIODS][2];

    (void)state;
    weights_of(MODEL("{method: sd}"), weight);
    for (size_t p = 0; p < PERIODS; p++) {
        assert_true(isnan(weight[p][0])); /* one unit says nothing of weights */
        assert_close(weight[p][1], share_of_sd(p, p), 1e-12);
    }
    assert_true(fabs(weight[0][1] - weight[1][1]) > 0.1);
}

static void another_level_gives_them(void **state)
{
    double weight[PERIODS][2];

    (void)state;
    weights_of(MODEL("{method: sd, level: region}"), weight);
    for (size_t p = 0; p < PERIODS; p++)
        for (size_t level = 0; level < 2; level++)
            assert_close(weight[p][level], share_of_sd(p, p), 1e-12);
}

static void one_set_for_all_periods(void **state)
{
    double weight[PERIODS][2];

    (void)state;
    weights_of(MODEL("{method: sd, level: region, reference: pooled}"), weight);
    for (size_t p = 0; p < PERIODS; p++)
        for (size_t level = 0; level < 2; level++)
            assert_close(weight[p][level], share_of_sd(0, 1), 1e-12);
    weights_of(MODEL("{method: sd, level: region, reference: {period: \"2023\"}}"), weight);
    for (size_t p = 0; p < PERIODS; p++)
        for (size_t level = 0; level < 2; level++)
            assert_close(weight[p][level], share_of_sd(0, 0), 1e-12);
    weights_of(MODEL("{method: sd, reference: {period: \"1999\"}}"), weight);
    assert_true(isnan(weight[0][1]) && isnan(weight[1][1]));
}

static void refused(const char *text, enum mq_status wanted, long column, const char *part)
{
    struct mq_model *model = NULL;
    struct mq_scores *scores = NULL;
    struct mq_error error = {0};
    enum mq_status status = read_model(text, &model, &error);

    if (status == MQ_OK) {
        struct mq_frame *frame = frame_of(model);
        status = mq_scores_new(frame, NULL, &scores, &error);
        mq_frame_free(frame);
    }
    mq_model_free(model);
    assert_int_equal(status, wanted);
    if (error.line != 9 || error.column != column || !strstr(error.message, part))
        fail_msg("%ld:%ld: %s\nwanted 9:%ld: %s", error.line, error.column, error.message, column,
                 part);
}

static void what_cannot_be(void **state)
{
    (void)state;
    refused(MODEL("{method: sd, level: city}"), MQ_BAD_MODEL, 44, "known levels: nation, region");
    refused(MODEL("{method: sd, reference: fixed}"), MQ_BAD_MODEL, 48, "found \"fixed\"");
    refused(MODEL("{method: sd, lvel: region}"), MQ_BAD_MODEL, 37, "did you mean \"level\"");
    refused(MODEL("{method: bod, level: region}"), MQ_BAD_MODEL, 5, "weights of its own");
}

/* Printed and read again, a model prints the same. */
static void printed_again(void **state)
{
    static const char *const texts[] = {
        MODEL("{method: sd, level: region}"),
        MODEL("{method: entropy, level: nation, reference: pooled}"),
        MODEL("{method: cv, reference: {period: \"2023\"}}")};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct mq_model *model = NULL, *again = NULL;
        struct mq_buffer first = MQ_BUFFER_EMPTY, second = MQ_BUFFER_EMPTY;
        struct mq_error error = {0};
        assert_int_equal(read_model(texts[i], &model, &error), MQ_OK);
        assert_int_equal(mq_model_write(model, mq_catalogue(), &first, &error), MQ_OK);
        assert_int_equal(read_model(first.data, &again, &error), MQ_OK);
        assert_int_equal(mq_model_write(again, mq_catalogue(), &second, &error), MQ_OK);
        assert_string_equal(first.data, second.data);
        assert_int_equal(again->node[0].weigh_level, model->node[0].weigh_level);
        assert_int_equal(again->node[0].weigh_reference, model->node[0].weigh_reference);
        mq_buffer_clear(&first);
        mq_buffer_clear(&second);
        mq_model_free(model);
        mq_model_free(again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_level_has_its_own),  cmocka_unit_test(another_level_gives_them),
        cmocka_unit_test(one_set_for_all_periods), cmocka_unit_test(what_cannot_be),
        cmocka_unit_test(printed_again),
    };

    return cmocka_run_group_tests_name("data of weights", tests, NULL, NULL);
}
