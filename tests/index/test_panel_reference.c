/* What becomes of a year's scores when later years are added, by kind of reference. */
#include "index_fixture.h"

enum { UNITS = 19 };

/* Values of one year come from its own seed, so that they are the same in any panel. */
static struct mq_frame *panel(struct fixture *fixture, const char *method, const char *params,
                              enum mq_direction direction, size_t periods)
{
    static const struct mq_argument named[MQ_MAX_PARAMS] = {{.text = "u03"}};
    struct mq_frame *frame;
    int leaf;

    fixture_init(fixture);
    leaf = fixture_leaf(fixture, "x", NULL, 1, 1, NULL);
    fixture_normalise(fixture, leaf, method, params);
    fixture->nodes[leaf].normalise.argument = named; /* for distance_to_reference */
    fixture->nodes[leaf].direction = direction;
    fixture_finish(fixture);
    frame = fixture_frame(fixture, periods, UNITS);
    for (size_t p = 0; p < periods; p++) {
        uint64_t seed = 77 + p;
        for (size_t u = 0; u < UNITS; u++)
            fixture_set(frame, p * UNITS + u, leaf,
                        u % 11 == 7 ? NAN : fixture_uniform(&seed, 10, 90 + 30 * (double)p));
    }
    return frame;
}

/* Scores of the first year in a panel of so many. */
static void first_year(const char *method, const char *params, enum mq_direction direction,
                       enum mq_reference reference, size_t periods, double *scores)
{
    struct fixture fixture;
    struct mq_frame *frame = panel(&fixture, method, params, direction, periods);
    struct mq_scores *made = NULL;
    struct mq_error error = {0};

    fixture.nodes[0].reference = reference;
    fixture.nodes[0].reference_period = "2021";
    if (mq_scores_new(frame, NULL, &made, &error) != MQ_OK)
        fail_msg("%s", error.message);
    for (size_t u = 0; u < UNITS; u++)
        scores[u] = made->score[u].value;
    mq_scores_free(made);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

/* Units whose score of the first year moves when two years are added. */
static size_t moved(const char *method, const char *params, enum mq_direction direction,
                    enum mq_reference reference)
{
    double alone[UNITS], later[UNITS];
    size_t count = 0, present = 0;

    first_year(method, params, direction, reference, 1, alone);
    first_year(method, params, direction, reference, 3, later);
    for (size_t u = 0; u < UNITS; u++) {
        assert_int_equal(isnan(alone[u]), u % 11 == 7);
        assert_int_equal(isnan(later[u]), u % 11 == 7);
        present += !isnan(alone[u]);
        count += memcmp(&alone[u], &later[u], sizeof *alone) != 0 && !isnan(alone[u]);
    }
    assert_int_equal(present, UNITS - 2);
    return count;
}

struct setting {
    const char *method, *params;
    bool fixed; /* points are written */
    bool whole; /* looks at all periods whatever the reference */
    bool down;  /* has a direction */
};

static const struct setting settings[] = {
    {"efficacy", "fail=12.5 pass=81", true, false, false},
    {"exp_efficacy", "fail=12.5 pass=81", true, false, false},
    {"log_efficacy", "fail=12.5 pass=81", true, false, false},
    {"goalposts", "lower=15 upper=80 scale=100", true, false, true},
    {"scaled", "from=15 to=80", true, false, true},
    {"none", "", true, false, false},
    {"minmax", "", false, false, true},
    {"zscore", "mean=100 sd=10", false, false, true},
    {"rank", "", false, false, true},
    {"borda", "ties=1", false, false, true},
    {"percentile_rank", "", false, false, true},
    {"distance_to_max", "", false, false, true},
    {"distance_to_target", "target=200", false, false, false},
    {"distance_to_target", "target=1", false, false, true},
    {"distance_to_reference", "", false, false, true},
    {"fraction_of_max", "", false, false, true},
    {"mean_ratio", "", false, false, true},
    {"sum_ratio", "", false, false, true},
    {"vector", "", false, false, true},
    {"extreme_ratio", "", false, false, true},
    {"interval", "low=40 high=41", false, false, false},
    {"moderate", "best=40", false, false, false},
    {"ampi", "", false, true, true},
};

/* Some unit must move with these; which ones do is the method's affair. */
static void check_pooled(const struct setting *setting, enum mq_direction direction)
{
    size_t count = moved(setting->method, setting->params, direction, MQ_REFERENCE_POOLED);

    if (count == 0)
        fail_msg("pooled %s does not look at later years", setting->method);
}

static void try(const struct setting *setting, enum mq_direction direction)
{
    if (setting->fixed) {
        assert_int_equal(moved(setting->method, setting->params, direction, MQ_REFERENCE_FIXED), 0);
        return;
    }
    if (setting->whole) {
        assert_true(moved(setting->method, setting->params, direction, MQ_REFERENCE_PERIOD) > 0);
    } else {
        assert_int_equal(moved(setting->method, setting->params, direction, MQ_REFERENCE_PERIOD),
                         0);
        assert_int_equal(moved(setting->method, setting->params, direction, MQ_REFERENCE_EACH), 0);
    }
    check_pooled(setting, direction);
}

static void test_first_year_stays(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (strcmp(settings[i].params, "target=1") != 0)
            try(&settings[i], MQ_UP);
        if (settings[i].down)
            try(&settings[i], MQ_DOWN);
    }
    for (size_t i = 0; i < mq_normalisers_count; i++) {
        bool named = false;
        for (size_t k = 0; k < sizeof settings / sizeof *settings; k++)
            named = named || strcmp(mq_normalisers[i]->method.name, settings[k].method) == 0;
        if (!named)
            fail_msg("%s is not tried", mq_normalisers[i]->method.name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_year_stays),
    };

    return cmocka_run_group_tests_name("panels", tests, NULL, NULL);
}
