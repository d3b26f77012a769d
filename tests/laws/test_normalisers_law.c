/* Laws over the catalogue of normalisers: every row, so that a new one is covered the day it is
 * listed. */
#include "law_samples.h"

/* A normaliser, a direction and parameters it accepts, fitted to some values. */
struct setting {
    const struct mq_normaliser *row;
    struct mq_node node;
    struct sample sample;
    double fitted[MQ_MAX_PARAMS];
    double ordered[UNITS];
    size_t count;
};

/* Draws parameters until check() has nothing to say; false if it never does. Flags and choices vary
 * too. */
static bool draw(struct setting *setting, uint64_t *seed)
{
    for (int attempt = 0; attempt < 400; attempt++) {
        sample_params(&setting->sample, &setting->row->method, 1, attempt % 2, seed);
        setting->node.normalise = setting->sample.choice;
        if (!setting->row->check ||
            !setting->row->check(&setting->node, setting->sample.choice.param))
            return true;
    }
    return false;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static enum mq_reason fit(struct setting *setting, const double *values, size_t count, double unit)
{
    struct mq_reference_values reference = {values, count, values, count, unit};

    memcpy(setting->ordered, values, count * sizeof *values);
    qsort(setting->ordered, count, sizeof *values, ascending);
    setting->count = count;
    return setting->row->fit(&reference, &setting->node, setting->sample.choice.param,
                             setting->fitted);
}

/* Runs `law` for every normaliser, both directions, many parameters and columns. */
static void for_every_normaliser(void (*law)(struct setting *, const double *, uint64_t *))
{
    uint64_t seed = 4;

    for (size_t i = 0; i < mq_normalisers_count; i++) {
        size_t ran = 0;
        for (int round = 0; round < ROUNDS; round++) {
            struct setting setting = {.row = mq_normalisers[i]};
            double values[UNITS];
            setting.node.direction = round % 2 ? MQ_DOWN : MQ_UP;
            for (int k = 0; k < UNITS; k++)
                values[k] = uniform(&seed, -20, 120);
            if (!draw(&setting, &seed))
                continue; /* refuses this direction altogether */
            if (fit(&setting, values, UNITS, values[7]) != MQ_FINE)
                continue;
            law(&setting, values, &seed);
            ran++;
        }
        if (!ran)
            fail_msg("no parameters found for normaliser %s", mq_normalisers[i]->method.name);
    }
}

static double apply(const struct setting *setting, double value)
{
    struct mq_ordered ordered = {setting->ordered, setting->count};

    return setting->row->apply(value, &setting->node, setting->fitted, &ordered);
}

/* A value from outside the reference may be undefined, but never infinite. */
static void monotone(struct setting *setting, const double *values, uint64_t *seed)
{
    if (setting->row->peaked)
        return;
    for (int i = 0; i < UNITS; i++) {
        double other = i % 2 ? uniform(seed, -60, 160) : nextafter(values[i], 1e9);
        double low = fmin(values[i], other), high = fmax(values[i], other);
        double at_low = apply(setting, low), at_high = apply(setting, high);
        bool turned = setting->node.direction == MQ_UP ? at_low > at_high : at_low < at_high;
        if (turned || isinf(at_low) || isinf(at_high) || isnan(apply(setting, values[i])))
            fail_msg("%s is not monotone: %.17g -> %.17g, %.17g -> %.17g",
                     setting->row->method.name, low, at_low, high, at_high);
    }
}

static void test_monotone(void **state)
{
    (void)state;
    for_every_normaliser(monotone);
}

static int param_named(const struct mq_method *method, const char *name)
{
    for (int i = 0; method->params && method->params[i].name; i++)
        if (strcmp(method->params[i].name, name) == 0)
            return i;
    return -1;
}

/* Methods with low and high stay between them: always if clipped, for reference values if fitted to
 * the data. Where the best lies between, low and high are values and no scores. */
static void in_range(struct setting *setting, const double *values, uint64_t *seed)
{
    const struct mq_method *method = &setting->row->method;
    int low = param_named(method, "low"), high = param_named(method, "high");
    int clip = param_named(method, "clip");
    bool clipped = clip >= 0 && setting->sample.choice.param[clip] != 0;

    if (low < 0 || high < 0 || setting->row->peaked || (!clipped && !method->data_driven))
        return;
    for (int i = 0; i < UNITS; i++) {
        double score = apply(setting, clipped && i % 2 ? uniform(seed, -1e6, 1e6) : values[i]);
        if (!(score >= setting->sample.choice.param[low] &&
              score <= setting->sample.choice.param[high]))
            fail_msg("%s leaves its scale: %.17g", method->name, score);
    }
}

static void test_in_range(void **state)
{
    (void)state;
    for_every_normaliser(in_range);
}

/* Fitting does not depend on the order of units, to the last bit. */
static void order_free(struct setting *setting, const double *values, uint64_t *seed)
{
    double mixed[UNITS], unit = values[7];
    struct setting other = *setting;
    size_t order[UNITS];

    shuffle(seed, order, UNITS);
    for (int i = 0; i < UNITS; i++)
        mixed[i] = values[order[i]];
    assert_int_equal(fit(&other, mixed, UNITS, unit), MQ_FINE);
    for (int i = 0; i < MQ_MAX_PARAMS; i++)
        assert_true(same_bits(other.fitted[i], setting->fitted[i]));
}

static void test_order_of_units(void **state)
{
    (void)state;
    for_every_normaliser(order_free);
}

/* Where promised: a*x + b scores as x does; a multiplied by a power of two exactly so. */
static void keeps_promise(struct setting *setting, const double *values, uint64_t *seed)
{
    double a = ldexp(1, (int)uniform(seed, -20, 20)), b = uniform(seed, -50, 50);
    struct setting moved = *setting;
    double column[UNITS];
    bool affine = setting->row->promise == MQ_AFFINE;

    if (setting->row->promise == MQ_NO_PROMISE)
        return;
    for (int i = 0; i < UNITS; i++)
        column[i] = a * values[i];
    assert_int_equal(fit(&moved, column, UNITS, column[7]), MQ_FINE);
    for (int i = 0; i < UNITS; i++)
        assert_true(same_bits(apply(&moved, column[i]), apply(setting, values[i])));
    a = uniform(seed, 0.01, 100);
    for (int i = 0; i < UNITS; i++)
        column[i] = a * values[i] + (affine ? b : 0);
    assert_int_equal(fit(&moved, column, UNITS, column[7]), MQ_FINE);
    for (int i = 0; i < UNITS; i++)
        assert_close(apply(&moved, column[i]), apply(setting, values[i]), 1e-9);
}

static void test_promises_of_normalisers(void **state)
{
    (void)state;
    for_every_normaliser(keeps_promise);
}

/* What is the same for a*x + b cannot be told where nothing differs, unless only places count. */
static bool needs_spread(const struct mq_normaliser *row)
{
    return row->method.data_driven && row->promise == MQ_AFFINE && !row->ranks;
}

/* A column without spread, of one unit or of none: a reason, or finite scores. */
static void test_constant_columns(void **state)
{
    static const double constants[] = {0, 0.1, -7.3, 1e300};
    uint64_t seed = 12;

    (void)state;
    for (size_t i = 0; i < mq_normalisers_count; i++)
        for (int round = 0; round < 48; round++) {
            struct setting setting = {.row = mq_normalisers[i]};
            double values[UNITS];
            size_t count = (size_t[]){UNITS, 1, 0}[round % 3];
            enum mq_reason reason;
            setting.node.direction = round % 2 ? MQ_DOWN : MQ_UP;
            for (int k = 0; k < UNITS; k++)
                values[k] = constants[round / 3 % 4];
            if (!draw(&setting, &seed))
                continue;
            reason = fit(&setting, values, count, values[0]);
            assert_true(reason == MQ_NO_GOALPOSTS || reason == MQ_FINE);
            if (needs_spread(setting.row) || (setting.row->method.data_driven && count == 0))
                assert_int_equal(reason, MQ_NO_GOALPOSTS);
            if (reason == MQ_FINE)
                assert_true(isfinite(apply(&setting, values[0])));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_monotone),         cmocka_unit_test(test_in_range),
        cmocka_unit_test(test_order_of_units),   cmocka_unit_test(test_promises_of_normalisers),
        cmocka_unit_test(test_constant_columns),
    };

    return cmocka_run_group_tests_name("laws of normalisers", tests, NULL, NULL);
}
