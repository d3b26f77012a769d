/* Normalisers against closed forms, and where they have nothing to say. */
#include "index_fixture.h"

enum { VALUES = 6 };

/* Six values of one leaf; a second period where the reference is one. */
struct trial {
    const char *method, *params;
    enum mq_direction direction;
    enum mq_reference reference;
    double value[2 * VALUES], wanted[2 * VALUES];
    size_t periods;
    enum mq_reason reason; /* of values without a score */
};

static const struct mq_argument named_unit[MQ_MAX_PARAMS] = {{.text = "u02"}};

static void run(const struct trial *trial)
{
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_scores *scores = NULL;
    struct mq_error error = {0};
    size_t periods = trial->periods ? trial->periods : 1;

    fixture_init(&fixture);
    fixture_leaf(&fixture, "x", NULL, 1, 1, NULL);
    fixture_normalise(&fixture, 0, trial->method, trial->params);
    fixture.nodes[0].normalise.argument = named_unit;
    fixture.nodes[0].direction = trial->direction;
    if (trial->reference)
        fixture.nodes[0].reference = trial->reference;
    fixture.nodes[0].reference_period = "2021";
    fixture_finish(&fixture);
    frame = fixture_frame(&fixture, periods, VALUES);
    for (size_t i = 0; i < frame->units; i++)
        fixture_set(frame, i, 0, trial->value[i]);
    if (mq_scores_new(frame, NULL, &scores, &error) != MQ_OK)
        fail_msg("%s: %s", trial->method, error.message);
    for (size_t i = 0; i < frame->units; i++) {
        const struct mq_score *score = &scores->score[i];
        double difference = fabs(score->value - trial->wanted[i]);
        if (isnan(score->value) != isnan(trial->wanted[i]) ||
            difference > 1e-14 * fmax(1, fabs(trial->wanted[i])))
            fail_msg("%s, unit %zu: %.17g found, %.17g wanted", trial->method, i, score->value,
                     trial->wanted[i]);
        if (isnan(trial->value[i]))
            assert_int_equal(score->reason, MQ_NOT_REPORTED);
        else if (isnan(trial->wanted[i]))
            assert_int_equal(score->reason, trial->reason);
    }
    mq_scores_free(scores);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

#define RUN(...) run(&(struct trial){__VA_ARGS__})
#define UP       .direction = MQ_UP
#define DOWN     .direction = MQ_DOWN

static void test_efficacy_functions(void **state)
{
    (void)state;
    /* 60 * (100/60)^share; half way sqrt(6000) */
    RUN("exp_efficacy", "fail=5 pass=25", UP, .value = {15, 5, 25, 10, 1e9, -77},
        .wanted = {77.4596669241483, 60, 100, 68.17316198804997, 100, 60});
    RUN("exp_efficacy", "fail=5 pass=0", DOWN, .value = {2.5, 2.385, 5, 0, 7.5, NAN},
        .wanted = {77.4596669241483, 78.37510694265301, 60, 100, 60, NAN});
    RUN("exp_efficacy", "fail=0 pass=1 low=1 high=16", UP, .value = {0.25, 0.5, 0.75, 0, 1, 2},
        .wanted = {2, 4, 8, 1, 16, 16});
    /* 60 + 40 * ln x / ln 100 */
    RUN("log_efficacy", "fail=1 pass=100", UP, .value = {10, 37.5, 100, 0, -6.5, 1e6},
        .wanted = {80, 91.48062535455438, 100, 60, 60, 100});
    RUN("log_efficacy", "fail=100 pass=1 low=0", DOWN, .value = {10, 100, 1, 0, 250, 1e-3},
        .wanted = {50, 0, 100, 100, 0, 100});
    RUN("log_efficacy", "fail=7 pass=7", UP, .value = {7, 8, 6, NAN, 0, -1},
        .wanted = {NAN, NAN, NAN, NAN, NAN, NAN}, .reason = MQ_NO_GOALPOSTS);
    RUN("exp_efficacy", "fail=7 pass=7", UP, .value = {7, 8, 6, NAN, 0, -1},
        .wanted = {NAN, NAN, NAN, NAN, NAN, NAN}, .reason = MQ_NO_GOALPOSTS);
}

static void test_written_ends(void **state)
{
    (void)state;
    RUN("goalposts", "lower=10 upper=30", UP, .value = {10, 30, 15, 7.5, 41, NAN},
        .wanted = {0, 1, 0.25, 0, 1, NAN});
    RUN("goalposts", "lower=10 upper=30 scale=100 truncate=0", DOWN,
        .value = {10, 30, 15, 7.5, 41, NAN}, .wanted = {100, 0, 75, 112.5, -55, NAN});
    RUN("scaled", "from=-4 to=16", UP, .value = {-4, 16, 1, 36, -9, NAN},
        .wanted = {0, 100, 25, 200, -25, NAN});
    RUN("scaled", "from=-4 to=16 scale=10", DOWN, .value = {-4, 16, 1, 36, -9, NAN},
        .wanted = {10, 0, 7.5, -10, 12.5, NAN});
}

/* Best inside, and what is left to say where nothing lies outside. */
static void test_peaks(void **state)
{
    (void)state;
    RUN("interval", "low=10 high=20", UP, .value = {4, 35, 10, 20, 14.75, 25},
        .wanted = {0.6, 0, 1, 1, 1, 2.0 / 3});
    RUN("interval", "low=10 high=20", UP, .value = {-30, 35, 0, 22, NAN, 12},
        .wanted = {0, 0.625, 0.75, 0.95, NAN, 1});
    RUN("interval", "low=10 high=20", UP, .value = {7, 7, 7, NAN, 7, 7},
        .wanted = {0, 0, 0, NAN, 0, 0});
    RUN("interval", "low=10 high=20", UP, .reference = MQ_REFERENCE_PERIOD, .periods = 2,
        .value = {11, 12, 13, 14, NAN, 20, 10, 15, 20.5, NAN, 3, 17},
        .wanted = {1, 1, 1, 1, NAN, 1, 1, 1, NAN, NAN, NAN, 1}, .reason = MQ_UNDEFINED);
    RUN("interval", "low=10 high=20", UP, .reference = MQ_REFERENCE_PERIOD, .periods = 2,
        .value = {11, 12, 13, 14, NAN, 19, 9, 21, 10, 20, 3, 17},
        .wanted = {1, 1, 1, 1, NAN, 1, NAN, NAN, 1, 1, NAN, 1}, .reason = MQ_UNDEFINED);
    RUN("interval", "low=10 high=20", UP, .value = {NAN, NAN, NAN, NAN, NAN, NAN},
        .wanted = {NAN, NAN, NAN, NAN, NAN, NAN});
    RUN("moderate", "best=50", UP, .value = {50, 25, 90, 60, 10.5, NAN},
        .wanted = {1, 0.375, 0, 0.75, 1 - 39.5 / 40, NAN});
    RUN("moderate", "best=50", UP, .reference = MQ_REFERENCE_PERIOD, .periods = 2,
        .value = {50, 50, 50, NAN, 50, 50, 50, 49, NAN, 50, 51, 50},
        .wanted = {1, 1, 1, NAN, 1, 1, 1, NAN, NAN, 1, NAN, 1}, .reason = MQ_UNDEFINED);
}

static void test_ranks(void **state)
{
    (void)state;
    RUN("rank", "", UP, .value = {3, 1, 3, NAN, 7, 3}, .wanted = {2, 1, 2, NAN, 5, 2});
    RUN("rank", "ties=1", UP, .value = {3, 1, 3, NAN, 7, 3}, .wanted = {3, 1, 3, NAN, 5, 3});
    RUN("rank", "ties=2", UP, .value = {3, 1, 3, NAN, 7, 3}, .wanted = {4, 1, 4, NAN, 5, 4});
    RUN("rank", "", DOWN, .value = {3, 1, 3, NAN, 7, 3}, .wanted = {2, 5, 2, NAN, 1, 2});
    RUN("borda", "ties=2", DOWN, .value = {3, 1, 3, NAN, 7, 7}, .wanted = {3, 4, 3, NAN, 1, 1});
    RUN("percentile_rank", "ties=1", DOWN, .value = {3, 1, 3, NAN, 7, 7},
        .wanted = {0.625, 1, 0.625, NAN, 0.125, 0.125});
    RUN("rank", "", UP, .value = {4, 4, 4, 4, 4, 4}, .wanted = {1, 1, 1, 1, 1, 1});
    RUN("rank", "", UP, .value = {NAN, NAN, 4, NAN, NAN, NAN},
        .wanted = {NAN, NAN, 1, NAN, NAN, NAN});
    RUN("percentile_rank", "", UP, .value = {NAN, NAN, 4, NAN, NAN, NAN},
        .wanted = {NAN, NAN, NAN, NAN, NAN, NAN}, .reason = MQ_NO_GOALPOSTS);
    /* units of the second year are placed among those of the first */
    RUN("percentile_rank", "", UP, .reference = MQ_REFERENCE_PERIOD, .periods = 2,
        .value = {10, 20, 30, 40, 50, NAN, 5, 20, 25, 50, 60, NAN},
        .wanted = {0, 0.25, 0.5, 0.75, 1, NAN, 0, 0.25, 0.5, 1, 1, NAN});
    RUN("rank", "ties=1", DOWN, .reference = MQ_REFERENCE_PERIOD, .periods = 2,
        .value = {10, 20, 20, 40, 50, NAN, 5, 20, 25, 50, 60, NAN},
        .wanted = {5, 3.5, 3.5, 2, 1, NAN, 6, 3.5, 3, 1, 1, NAN});
}

static void test_ratios(void **state)
{
    static const double column[] = {12.5, -3.75, 40, 7.125, NAN, 0};
    static const double length = 42.67409196456323;
    struct trial trial = {.method = "vector", .params = ""};

    (void)state;
    memcpy(trial.value, column, sizeof column);
    for (size_t i = 0; i < VALUES; i++)
        trial.wanted[i] = column[i] / length;
    run(&trial);
    trial.direction = MQ_DOWN;
    for (size_t i = 0; i < VALUES; i++)
        trial.wanted[i] = -column[i] / length;
    run(&trial);
    RUN("mean_ratio", "", UP, .value = {1, 2, 3, 6, NAN, -2}, .wanted = {0.5, 1, 1.5, 3, NAN, -1});
    RUN("mean_ratio", "", DOWN, .value = {1, 2, 3, 6, NAN, -2},
        .wanted = {-0.5, -1, -1.5, -3, NAN, 1});
    RUN("sum_ratio", "", UP, .value = {1, 2, -13, NAN, 2, -2}, /* sum -10 */
        .wanted = {0.1, 0.2, -1.3, NAN, 0.2, -0.2});
    RUN("sum_ratio", "", UP, .value = {1, 2, -3, NAN, 0, 0},
        .wanted = {NAN, NAN, NAN, NAN, NAN, NAN}, .reason = MQ_NO_GOALPOSTS);
    RUN("mean_ratio", "", UP, .value = {1, 2, -3, NAN, 0, 0},
        .wanted = {NAN, NAN, NAN, NAN, NAN, NAN}, .reason = MQ_NO_GOALPOSTS);
    RUN("vector", "", UP, .value = {0, 0, 0, NAN, 0, 0}, .wanted = {NAN, NAN, NAN, NAN, NAN, NAN},
        .reason = MQ_NO_GOALPOSTS);
    RUN("vector", "", UP, .value = {3e200, 4e200, NAN, NAN, 0, 0},
        .wanted = {0.6, 0.8, NAN, NAN, 0, 0});
    RUN("fraction_of_max", "", DOWN, .value = {4, 2, 5, NAN, 3, 2},
        .wanted = {-2, -1, -2.5, NAN, -1.5, -1});
    RUN("fraction_of_max", "", UP, .value = {-4, -2, -5, NAN, -3, -2},
        .wanted = {-2, -1, -2.5, NAN, -1.5, -1});
    RUN("extreme_ratio", "", UP, .value = {-4, 2, 8, NAN, 3, 0},
        .wanted = {-0.5, 0.25, 1, NAN, 0.375, 0});
    RUN("extreme_ratio", "", DOWN, .value = {4, 2, 8, NAN, 3.2, 2},
        .wanted = {0.5, 1, 0.25, NAN, 0.625, 1});
    RUN("extreme_ratio", "", DOWN, .value = {4, 2, 8, NAN, 3.2, 0},
        .wanted = {NAN, NAN, NAN, NAN, NAN, NAN}, .reason = MQ_NO_GOALPOSTS);
    RUN("extreme_ratio", "", DOWN, .reference = MQ_REFERENCE_PERIOD, .periods = 2,
        .value = {4, 2, 8, NAN, 3.2, 2, 1, 0, -1, 1e-310, 16, 2},
        .wanted = {0.5, 1, 0.25, NAN, 0.625, 1, 2, NAN, NAN, NAN, 0.125, 1},
        .reason = MQ_UNDEFINED);
}

static void test_distances(void **state)
{
    (void)state;
    RUN("distance_to_max", "", DOWN, .value = {4, 2, 10, NAN, 8, 6},
        .wanted = {0.75, 1, 0, NAN, 0.25, 0.5});
    RUN("distance_to_target", "target=12", UP, .value = {4, 2, 17, NAN, 12, 7},
        .wanted = {0.2, 0, 1.5, NAN, 1, 0.5});
    RUN("distance_to_target", "target=7 cap=1", DOWN, .value = {4, 2, 17, NAN, 12, 7},
        .wanted = {1, 1, 0, NAN, 0.5, 1});
    RUN("distance_to_target", "target=2", UP, .value = {4, 2, 17, NAN, 12, 7},
        .wanted = {NAN, NAN, NAN, NAN, NAN, NAN}, .reason = MQ_NO_GOALPOSTS);
    RUN("distance_to_target", "target=3", UP, .value = {4, 4, 4, NAN, 4, 4},
        .wanted = {NAN, NAN, NAN, NAN, NAN, NAN}, .reason = MQ_NO_GOALPOSTS);
    /* u02, the third, is the one compared with */
    RUN("distance_to_reference", "", UP, .value = {4, 2, 10, NAN, 14, 6},
        .wanted = {0.25, 0, 1, NAN, 1.5, 0.5});
    RUN("distance_to_reference", "cap=1", DOWN, .value = {4, 2, 10, NAN, 14, 6},
        .wanted = {1, 1, 1, NAN, 0, 1});
    RUN("distance_to_reference", "cap=1", UP, .value = {4, 2, 2, NAN, 14, 6},
        .wanted = {NAN, NAN, NAN, NAN, NAN, NAN}, .reason = MQ_NO_GOALPOSTS);
    RUN("distance_to_reference", "", UP, .value = {4, 2, NAN, NAN, 14, 6},
        .wanted = {NAN, NAN, NAN, NAN, NAN, NAN}, .reason = MQ_NO_GOALPOSTS);
    RUN("distance_to_reference", "", UP, .reference = MQ_REFERENCE_EACH, .periods = 2,
        .value = {4, 2, 10, NAN, 14, 6, 1, 0, 2, 4, NAN, 3},
        .wanted = {0.25, 0, 1, NAN, 1.5, 0.5, 0.5, 0, 1, 2, NAN, 1.5});
    RUN("distance_to_reference", "", UP, .reference = MQ_REFERENCE_POOLED, .periods = 2,
        .value = {4, 2, 10, NAN, 14, 6, 1, 0, 2, 4, NAN, 3},
        .wanted = {2, 1, 5, NAN, 7, 3, 0.5, 0, 1, 2, NAN, 1.5});
}

static void test_ampi(void **state)
{
    (void)state;
    /* all periods: 0 .. 40; the first year's mean is 20 */
    RUN("ampi", "", UP, .reference = MQ_REFERENCE_PERIOD, .periods = 2,
        .value = {10, 30, 25, 15, NAN, 20, 0, 40, 20, NAN, 32, 5},
        .wanted = {85, 115, 107.5, 92.5, NAN, 100, 70, 130, 100, NAN, 118, 77.5});
    RUN("ampi", "at=30", DOWN, .periods = 2,
        .value = {10, 30, 25, 15, NAN, 20, 0, 40, 20, NAN, 32, 5},
        .wanted = {130, 100, 107.5, 122.5, NAN, 115, 145, 85, 115, NAN, 97, 137.5});
    RUN("ampi", "", UP, .value = {4, 4, 4, NAN, 4, 4}, .wanted = {NAN, NAN, NAN, NAN, NAN, NAN},
        .reason = MQ_NO_GOALPOSTS);
}

/* ---- what is refused ---- */

static void refuse(const char *method, const char *params, enum mq_direction direction,
                   const char *part)
{
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_scores *scores = NULL;
    struct mq_error error = {0};

    fixture_init(&fixture);
    fixture_leaf(&fixture, "x", NULL, 1, 1, NULL);
    fixture_normalise(&fixture, 0, method, params);
    fixture.nodes[0].direction = direction;
    fixture_finish(&fixture);
    frame = fixture_frame(&fixture, 1, 2);
    assert_int_equal(mq_scores_new(frame, NULL, &scores, &error), MQ_BAD_MODEL);
    assert_contains(error.message, part);
    assert_string_equal(error.file, "model.yaml");
    assert_int_equal(error.line, 10);
    assert_int_equal(error.column, 3);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

static void test_refused(void **state)
{
    (void)state;
    refuse("exp_efficacy", "fail=1 pass=2 low=0", MQ_UP, "x: `low` must be greater than 0");
    refuse("exp_efficacy", "fail=1 pass=2 low=100", MQ_UP, "`low` must be less than `high`");
    refuse("exp_efficacy", "fail=1 pass=2", MQ_DOWN, "direction is down, but `fail` is less");
    refuse("log_efficacy", "fail=0 pass=2", MQ_UP, "`fail` and `pass` must be greater than 0");
    refuse("log_efficacy", "fail=1 pass=2 low=100", MQ_UP, "`low` must be less than `high`");
    refuse("log_efficacy", "fail=3 pass=2", MQ_UP, "direction is up, but `fail` is greater");
    refuse("goalposts", "lower=3 upper=3", MQ_UP, "`lower` must be less than `upper`");
    refuse("goalposts", "lower=3 upper=4 scale=0", MQ_UP, "`scale` must be greater than 0");
    refuse("scaled", "from=4 to=3", MQ_DOWN, "`from` must be less than `to`");
    refuse("scaled", "from=3 to=4 scale=-1", MQ_DOWN, "`scale` must be greater than 0");
    refuse("interval", "low=4 high=4", MQ_UP, "for a single best value choose the method moderate");
    refuse("interval", "low=3 high=4", MQ_DOWN, "leave out direction: down");
    refuse("moderate", "best=4", MQ_DOWN, "leave out direction: down");
}

/* ---- points that come from a file ---- */

static void from_file(const char *method, const char *csv, const double *wanted)
{
    struct fixture fixture;
    struct mq_frame *frame;
    struct mq_scores *scores = NULL;
    struct mq_error error = {0};

    fixture_init(&fixture);
    fixture_leaf(&fixture, "x", NULL, 1, 1, NULL);
    fixture_normalise(&fixture, 0, method, "");
    fixture.nodes[0].goalposts = fixture_file(&fixture, "posts.csv", csv);
    fixture_finish(&fixture);
    frame = fixture_frame(&fixture, 1, 3);
    for (size_t i = 0; i < 3; i++)
        fixture_set(frame, i, 0, 10);
    if (mq_scores_new(frame, NULL, &scores, &error) != MQ_OK) {
        assert_null(wanted);
        assert_contains(error.file, "posts.csv");
        assert_int_equal(error.line, 3);
        assert_contains(error.message, "x: `");
        mq_frame_free(frame);
        fixture_clear(&fixture);
        return;
    }
    assert_non_null(wanted);
    for (size_t i = 0; i < 3; i++)
        assert_close(scores->score[i].value, wanted[i], 1e-14);
    mq_scores_free(scores);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

static void test_goalposts_file(void **state)
{
    (void)state;
    from_file("log_efficacy", "indicator,level,unit,fail,pass,low\nx,,,1,100,\nx,,u01,1,1000,0\n",
              (double[]){80, 100.0 / 3, 80});
    from_file("exp_efficacy", "indicator,level,unit,fail,pass\nx,,,5,15\nx,,u02,10,15\n",
              (double[]){77.4596669241483, 77.4596669241483, 60});
    from_file("goalposts",
              "indicator,level,unit,lower,upper,scale,truncate\n"
              "x,,,5,25,,\nx,,u01,20,30,100,\nx,,u02,0,5,,false\n",
              (double[]){0.25, 0, 2});
    from_file("scaled", "indicator,level,unit,from,to,scale\nx,,,5,25,\nx,,u01,0,8,10\n",
              (double[]){25, 12.5, 25});
    from_file("log_efficacy", "indicator,level,unit,fail,pass\nx,,,1,100\nx,,u01,-1,100\n", NULL);
    from_file("goalposts", "indicator,level,unit,lower,upper\nx,,,1,100\nx,,u01,9,8\n", NULL);
    from_file("scaled", "indicator,level,unit,from,to\nx,,,1,100\nx,,u01,9,8\n", NULL);
}

/* ---- as a model file says it ---- */

#define HEAD                                                                                       \
    "mqci: 1\nid: small\ninputs:\n  - {id: usci, type: key}\n  - {id: cost, type: amount}\n"       \
    "levels: [{id: nation}]\nindicators:\n  - {id: a, formula: sum(cost), normalise: "

/* `column` of the place that the message names. */
static void read_model(const char *normalise, const char *part, long column)
{
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    struct mq_model_text source = {.path = "m.yaml", .directory = "tests/oracle"};
    enum mq_status status;

    mq_buffer_format(&text, "%s%s}\n", HEAD, normalise);
    source.bytes = text.data;
    source.count = text.length;
    status = mq_model_read_bytes(&source, mq_catalogue(), 0, &model, &error);
    if (part) {
        assert_int_equal(status, MQ_BAD_MODEL);
        assert_contains(error.message, part);
        assert_int_equal(error.line, 8);
        assert_int_equal(error.column, column);
    } else if (status != MQ_OK) {
        fail_msg("%s: %ld:%ld: %s", normalise, error.line, error.column, error.message);
    }
    mq_model_free(model);
    mq_buffer_clear(&text);
}

/* A method whose low and high are values, and one whose fallback is nothing. */
static void test_in_a_model(void **state)
{
    (void)state;
    read_model("{method: interval, low: 3, high: 5}", NULL, 0);
    read_model("{method: interval, low: 5, high: 3}", "low (5) must be less than high (3)", 44);
    read_model("{method: interval, low: -3}", "interval needs the parameter \"high\"", 44);
    read_model("{method: interval, low: 3, goalposts: README.md}", NULL, 0);
    read_model("{method: log_efficacy, low: 100, fail: 1, pass: 2}",
               "low (100) must be less than high (100)", 44);
    read_model("{method: exp_efficacy, fail: 4, pass: 2}", "direction is up, yet pass (2) is below",
               44);
    read_model("{method: rank, ties: average, reference: pooled}", NULL, 0);
    read_model("{method: distance_to_reference, cap: true}",
               "distance_to_reference needs the parameter \"unit\"", 44);
    read_model("{method: distance_to_reference, unit: '31'}", NULL, 0);
    read_model("{method: goalposts, lower: 1, upper: 2, reference: each}",
               "goalposts takes nothing from the data", 95);
}

/* The model as resolved keeps "nothing written" apart from a number. */
static void test_ampi_written_back(void **state)
{
    static const char text[] = HEAD "{method: ampi}}\n";
    struct mq_model_text source = {text, sizeof text - 1, "m.yaml", "."};
    struct mq_model *model = NULL;
    struct mq_buffer yaml = MQ_BUFFER_EMPTY;
    struct mq_error error = {0};

    (void)state;
    assert_int_equal(mq_model_read_bytes(&source, mq_catalogue(), 0, &model, &error), MQ_OK);
    assert_true(isnan(model->node[0].normalise.param[0]));
    assert_int_equal(mq_model_write(model, mq_catalogue(), &yaml, &error), MQ_OK);
    mq_buffer_add(&yaml, "", 1);
    assert_contains(yaml.data, "method: ampi");
    assert_null(strstr(yaml.data, "at:"));
    mq_buffer_clear(&yaml);
    mq_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_efficacy_functions),
        cmocka_unit_test(test_written_ends),
        cmocka_unit_test(test_peaks),
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_ratios),
        cmocka_unit_test(test_distances),
        cmocka_unit_test(test_ampi),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_goalposts_file),
        cmocka_unit_test(test_in_a_model),
        cmocka_unit_test(test_ampi_written_back),
    };

    return cmocka_run_group_tests_name("closed forms of normalisers", tests, NULL, NULL);
}
