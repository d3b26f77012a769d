/*
 * Laws over the catalogues: every row of every table, so that a new method is covered the day it is
 * listed.
 */
#include <ctype.h>

#include "index/index.h"
#include "support.h"

enum { UNITS = 23, ROUNDS = 200 };

static uint64_t bits(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state, double low, double high)
{
    return low + (high - low) * ((double)(bits(state) >> 11) * 0x1p-53);
}

static void shuffle(uint64_t *state, size_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count - 1; i > 0; i--) {
        size_t k = bits(state) % (i + 1), kept = order[i];
        order[i] = order[k];
        order[k] = kept;
    }
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* ---- documentation ---- */

static void check_row(const struct mq_method *method)
{
    const char *const texts[] = {method->name, method->title, method->summary, method->formula,
                                 method->reference};
    size_t count = 0;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!texts[i] || strlen(texts[i]) < 2)
            fail_msg("method %s lacks one of name, title, summary, formula, reference",
                     method->name ? method->name : "?");
    for (const char *c = method->name; *c; c++)
        assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_');
    for (const struct mq_param *param = method->params; param && param->name; param++, count++) {
        if (!param->meaning || strlen(param->meaning) < 3)
            fail_msg("parameter %s of %s has no meaning", param->name, method->name);
        assert_true(param->kind != MQ_PARAM_CHOICE || param->choices);
        assert_true(isfinite(param->fallback));
        for (const struct mq_param *other = method->params; other < param; other++)
            assert_string_not_equal(other->name, param->name);
    }
    assert_true(count <= MQ_MAX_PARAMS);
}

static void test_every_row_is_documented(void **state)
{
    const struct mq_catalogue *catalogue = mq_catalogue();

    (void)state;
    for (int family = 0; family < MQ_FAMILIES; family++) {
        assert_true(catalogue->count[family] > 0);
        for (size_t i = 0; i < catalogue->count[family]; i++) {
            check_row(catalogue->methods[family][i]);
            for (size_t k = 0; k < i; k++)
                assert_string_not_equal(catalogue->methods[family][k]->name,
                                        catalogue->methods[family][i]->name);
        }
    }
}

/* The tables with arithmetic and those without name the same methods in the same order. */
static void test_catalogue_agrees(void **state)
{
    const struct mq_catalogue *catalogue = mq_catalogue();

    (void)state;
    assert_int_equal(catalogue->count[MQ_NORMALISE], mq_normalisers_count);
    assert_int_equal(catalogue->count[MQ_COMBINE], mq_combiners_count);
    assert_int_equal(catalogue->count[MQ_WEIGH], mq_weighers_count);
    for (size_t i = 0; i < mq_normalisers_count; i++) {
        assert_ptr_equal(catalogue->methods[MQ_NORMALISE][i], &mq_normalisers[i]->method);
        assert_non_null(mq_normalisers[i]->fit);
        assert_non_null(mq_normalisers[i]->apply);
        assert_non_null(mq_normalisers[i]->fitted_names);
    }
    for (size_t i = 0; i < mq_combiners_count; i++) {
        assert_ptr_equal(catalogue->methods[MQ_COMBINE][i], &mq_combiners[i]->method);
        assert_non_null(mq_combiners[i]->combine);
    }
    for (size_t i = 0; i < mq_weighers_count; i++)
        assert_ptr_equal(catalogue->methods[MQ_WEIGH][i], &mq_weighers[i]->method);
}

/* ---- normalisers ---- */

/* A normaliser, a direction and parameters it accepts. */
struct setting {
    const struct mq_normaliser *row;
    struct mq_node node;
    double params[MQ_MAX_PARAMS];
    double fitted[MQ_MAX_PARAMS];
};

/* Draws parameters until check() has nothing to say; false if it never does. Flags and choices vary
 * too. */
static bool draw(struct setting *setting, uint64_t *seed)
{
    const struct mq_param *param = setting->row->method.params;

    for (int attempt = 0; attempt < 100; attempt++) {
        for (int i = 0; param && param[i].name; i++) {
            double *value = &setting->params[i];
            size_t choices = 2;
            *value = param[i].fallback;
            if (param[i].kind == MQ_PARAM_REAL && (param[i].required || attempt % 2))
                *value = uniform(seed, -30, 130);
            while (param[i].kind == MQ_PARAM_CHOICE && param[i].choices[choices])
                choices++;
            if (param[i].kind != MQ_PARAM_REAL)
                *value = (double)(bits(seed) % choices);
        }
        if (!setting->row->check || !setting->row->check(&setting->node, setting->params))
            return true;
    }
    return false;
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
            if (setting.row->fit(values, UNITS, &setting.node, setting.params, setting.fitted) !=
                MQ_FINE)
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
    return setting->row->apply(value, &setting->node, setting->fitted);
}

static void monotone(struct setting *setting, const double *values, uint64_t *seed)
{
    for (int i = 0; i < UNITS; i++) {
        double other = i % 2 ? uniform(seed, -60, 160) : nextafter(values[i], 1e9);
        double low = fmin(values[i], other), high = fmax(values[i], other);
        double at_low = apply(setting, low), at_high = apply(setting, high);
        bool kept = setting->node.direction == MQ_UP ? at_low <= at_high : at_low >= at_high;
        if (!kept || !isfinite(at_low) || !isfinite(at_high))
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
 * the data. */
static void in_range(struct setting *setting, const double *values, uint64_t *seed)
{
    const struct mq_method *method = &setting->row->method;
    int low = param_named(method, "low"), high = param_named(method, "high");
    int clip = param_named(method, "clip");
    bool clipped = clip >= 0 && setting->params[clip] != 0;

    if (low < 0 || high < 0 || (!clipped && !method->data_driven))
        return;
    for (int i = 0; i < UNITS; i++) {
        double score = apply(setting, clipped && i % 2 ? uniform(seed, -1e6, 1e6) : values[i]);
        if (!(score >= setting->params[low] && score <= setting->params[high]))
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
    double mixed[UNITS], fitted[MQ_MAX_PARAMS] = {0};
    size_t order[UNITS];

    shuffle(seed, order, UNITS);
    for (int i = 0; i < UNITS; i++)
        mixed[i] = values[order[i]];
    assert_int_equal(setting->row->fit(mixed, UNITS, &setting->node, setting->params, fitted),
                     MQ_FINE);
    for (int i = 0; i < MQ_MAX_PARAMS; i++)
        assert_true(same_bits(fitted[i], setting->fitted[i]));
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
    assert_int_equal(moved.row->fit(column, UNITS, &moved.node, moved.params, moved.fitted),
                     MQ_FINE);
    for (int i = 0; i < UNITS; i++)
        assert_true(same_bits(apply(&moved, column[i]), apply(setting, values[i])));
    a = uniform(seed, 0.01, 100);
    for (int i = 0; i < UNITS; i++)
        column[i] = a * values[i] + (affine ? b : 0);
    assert_int_equal(moved.row->fit(column, UNITS, &moved.node, moved.params, moved.fitted),
                     MQ_FINE);
    for (int i = 0; i < UNITS; i++)
        assert_close(apply(&moved, column[i]), apply(setting, values[i]), 1e-9);
}

static void test_promises_of_normalisers(void **state)
{
    (void)state;
    for_every_normaliser(keeps_promise);
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
            reason = setting.row->fit(values, count, &setting.node, setting.params, setting.fitted);
            assert_true(reason == MQ_NO_GOALPOSTS || reason == MQ_FINE);
            assert_true(reason == MQ_NO_GOALPOSTS || !setting.row->method.data_driven);
            if (reason == MQ_FINE)
                assert_true(isfinite(apply(&setting, values[0])));
        }
}

/* ---- weighers ---- */

static void test_weighers(void **state)
{
    uint64_t seed = 21;

    (void)state;
    for (size_t i = 0; i < mq_weighers_count; i++)
        for (int round = 0; round < ROUNDS && mq_weighers[i]->weigh; round++) {
            enum { CHILDREN = 5 };
            double cells[CHILDREN][UNITS], mixed[CHILDREN][UNITS];
            double weights[CHILDREN], again[CHILDREN], params[MQ_MAX_PARAMS] = {0}, sum = 0;
            const double *columns[CHILDREN], *mixed_columns[CHILDREN];
            size_t units[UNITS], children[CHILDREN];
            const struct mq_param *param = mq_weighers[i]->method.params;
            shuffle(&seed, units, UNITS);
            shuffle(&seed, children, CHILDREN);
            for (int k = 0; param && param[k].name; k++)
                params[k] = param[k].fallback;
            for (size_t c = 0; c < CHILDREN; c++)
                for (size_t u = 0; u < UNITS; u++)
                    cells[c][u] = bits(&seed) % 20 ? uniform(&seed, 1, 100) : NAN;
            for (size_t c = 0; c < CHILDREN; c++) {
                for (size_t u = 0; u < UNITS; u++)
                    mixed[c][u] = cells[children[c]][units[u]];
                columns[c] = cells[c];
                mixed_columns[c] = mixed[c];
            }
            assert_int_equal(mq_weighers[i]->weigh(columns, CHILDREN, UNITS, params, weights),
                             MQ_FINE);
            assert_int_equal(mq_weighers[i]->weigh(mixed_columns, CHILDREN, UNITS, params, again),
                             MQ_FINE);
            for (size_t c = 0; c < CHILDREN; c++) {
                assert_true(weights[c] >= 0);
                assert_true(same_bits(again[c], weights[children[c]]));
                sum += weights[c];
            }
            assert_close(sum, 1, 1e-12);
        }
}

/* ---- combiners ---- */

struct mean {
    const struct mq_combiner *row;
    size_t count;
    double scores[8], weights[8], params[MQ_MAX_PARAMS];
};

static double combined(const struct mean *mean)
{
    return mean->row->combine(mean->scores, mean->weights, mean->count, mean->params);
}

/* Runs `law` for every combiner over positive scores and weights that sum to 1. */
static void for_every_combiner(void (*law)(const struct mean *, uint64_t *))
{
    uint64_t seed = 33;

    for (size_t i = 0; i < mq_combiners_count; i++)
        for (int round = 0; round < ROUNDS; round++) {
            struct mean mean = {.row = mq_combiners[i], .count = 1 + bits(&seed) % 8};
            const struct mq_param *param = mean.row->method.params;
            double sum = 0;
            for (int k = 0; param && param[k].name; k++)
                mean.params[k] = param[k].fallback;
            for (size_t k = 0; k < mean.count; k++) {
                mean.scores[k] = round % 10 == 0 ? 64.7 : uniform(&seed, 0.5, 100);
                sum += mean.weights[k] = uniform(&seed, 0.05, 1);
            }
            for (size_t k = 0; k < mean.count; k++)
                mean.weights[k] /= sum;
            law(&mean, &seed);
        }
}

static void between(const struct mean *mean, uint64_t *seed)
{
    double low = INFINITY, high = -INFINITY, value = combined(mean);

    (void)seed;
    for (size_t i = 0; i < mean->count; i++) {
        low = fmin(low, mean->scores[i]);
        high = fmax(high, mean->scores[i]);
    }
    if (!(value >= low && value <= high))
        fail_msg("%s gives %.17g outside %.17g .. %.17g", mean->row->method.name, value, low, high);
}

static void order_of_children(const struct mean *mean, uint64_t *seed)
{
    struct mean mixed = *mean;
    size_t order[8];

    shuffle(seed, order, mean->count);
    for (size_t i = 0; i < mean->count; i++) {
        mixed.scores[i] = mean->scores[order[i]];
        mixed.weights[i] = mean->weights[order[i]];
    }
    assert_true(same_bits(combined(&mixed), combined(mean)));
}

static void better_child(const struct mean *mean, uint64_t *seed)
{
    struct mean better = *mean;
    size_t which = bits(seed) % mean->count;

    better.scores[which] += uniform(seed, 0, 10);
    assert_true(combined(&better) >= combined(mean));
}

static void promised(const struct mean *mean, uint64_t *seed)
{
    double a = uniform(seed, 0.1, 10), b = uniform(seed, 0, 50);
    struct mean moved = *mean;

    if (mean->row->promise == MQ_NO_PROMISE)
        return;
    if (mean->row->promise == MQ_SCALE)
        b = 0;
    for (size_t i = 0; i < mean->count; i++)
        moved.scores[i] = a * mean->scores[i] + b;
    assert_close(combined(&moved), a * combined(mean) + b, 1e-12);
}

/* Shares add up to the whole; without a share function weight * score does. */
static void shares(const struct mean *mean, uint64_t *seed)
{
    double parts[8], sum = 0, value = combined(mean);

    (void)seed;
    if (mean->row->share)
        mean->row->share(mean->scores, mean->weights, mean->count, mean->params, parts);
    for (size_t i = 0; i < mean->count; i++)
        sum += mean->row->share ? parts[i] * value : mean->weights[i] * mean->scores[i];
    assert_close(sum, value, 1e-10);
}

/* Zero and negative scores: a number or NaN, never infinity. */
static void defined(const struct mean *mean, uint64_t *seed)
{
    struct mean spoilt = *mean;

    spoilt.scores[bits(seed) % mean->count] = (double[]){0, -12.5, -0.0, 1e-300}[bits(seed) % 4];
    assert_false(isinf(combined(&spoilt)));
}

static void test_combiners(void **state)
{
    (void)state;
    for_every_combiner(between);
    for_every_combiner(order_of_children);
    for_every_combiner(better_child);
    for_every_combiner(promised);
    for_every_combiner(shares);
    for_every_combiner(defined);
}

/* ---- whole models ---- */

enum { LEAVES = 3, NODES = LEAVES + 1 };

/* One parent over LEAVES leaves of the given methods. */
struct tree {
    struct mq_model model;
    struct mq_node node[NODES];
    struct mq_level level[1];
    int child[LEAVES], order[NODES];
};

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
        node->normalise.method = i ? (int)normaliser : -1;
        node->combine.method = i ? -1 : (int)combiner;
        node->weigh.method = i ? -1 : (int)weigher;
        tree->order[i] = i;
        if (i)
            tree->child[i - 1] = i;
        if (i) {
            struct setting setting = {.row = mq_normalisers[normaliser]};
            setting.node.direction = i == 2 ? MQ_DOWN : MQ_UP;
            if (!draw(&setting, seed)) {
                setting.node.direction = MQ_UP;
                assert_true(draw(&setting, seed));
            }
            node->direction = setting.node.direction;
            memcpy(node->normalise.param, setting.params, sizeof setting.params);
            memset(node->normalise.given, true, sizeof node->normalise.given);
        }
    }
    tree->node[0].child = tree->child;
    tree->node[0].children = LEAVES;
}

/* A frame whose unit k holds row order[k] of the values. */
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
    frame->numerator = mq_arena_array(&frame->arena, UNITS * NODES, sizeof(double));
    frame->denominator = mq_arena_array(&frame->arena, UNITS * NODES, sizeof(double));
    frame->coverage = mq_arena_array(&frame->arena, UNITS * NODES, sizeof(double));
    frame->reason = mq_arena_array(&frame->arena, UNITS * NODES, 1);
    frame->period[0] = "2024";
    for (size_t i = 0; i < UNITS; i++) {
        snprintf(codes[i], sizeof codes[i], "u%02zu", i);
        frame->unit[i] = (struct mq_unit){.code = codes[i], .name = codes[i], .enterprises = 5};
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
        bool fine = score->reason == MQ_FINE || score->reason == MQ_RENORMALISED;
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

static void test_whole_models(void **state)
{
    uint64_t seed = 99;

    (void)state;
    for (size_t n = 0; n < mq_normalisers_count; n++)
        for (size_t c = 0; c < mq_combiners_count; c++)
            for (size_t w = 0; w < mq_weighers_count; w++)
                for (int round = 0; round < 25; round++)
                    try_methods(n, c, w, &seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_is_documented),
        cmocka_unit_test(test_catalogue_agrees),
        cmocka_unit_test(test_monotone),
        cmocka_unit_test(test_in_range),
        cmocka_unit_test(test_order_of_units),
        cmocka_unit_test(test_promises_of_normalisers),
        cmocka_unit_test(test_constant_columns),
        cmocka_unit_test(test_weighers),
        cmocka_unit_test(test_combiners),
        cmocka_unit_test(test_whole_models),
    };

    return cmocka_run_group_tests_name("methods law", tests, NULL, NULL);
}
