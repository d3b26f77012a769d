/*
 * Laws over the catalogues: every row of every table, so that a new method is covered the day it is
 * listed.
 */
#include <ctype.h>

#include "law_samples.h"

static int weigher_named(const char *weigher)
{
    for (size_t i = 0; i < mq_weighers_count; i++)
        if (strcmp(mq_weighers[i]->method.name, weigher) == 0)
            return (int)i;
    return -1;
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
        assert_false(isinf(param->fallback)); /* NaN: nothing is taken for it */
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
        assert_true((mq_combiners[i]->combine != NULL) != (mq_combiners[i]->table != NULL));
    }
    for (size_t i = 0; i < mq_weighers_count; i++)
        assert_ptr_equal(catalogue->methods[MQ_WEIGH][i], &mq_weighers[i]->method);
    assert_int_equal(catalogue->count[MQ_IMPUTE], mq_imputers_count);
    assert_int_equal(catalogue->count[MQ_TREAT], mq_treaters_count);
    for (size_t i = 0; i < mq_imputers_count; i++) {
        assert_ptr_equal(catalogue->methods[MQ_IMPUTE][i], &mq_imputers[i]->method);
        assert_non_null(mq_imputers[i]->impute);
    }
    for (size_t i = 0; i < mq_treaters_count; i++) {
        assert_ptr_equal(catalogue->methods[MQ_TREAT][i], &mq_treaters[i]->method);
        assert_non_null(mq_treaters[i]->treat);
    }
}

/* ---- weighers ---- */

enum { CHILDREN = 5 };

/* Weights of some columns in an order of units and children. */
static enum mq_reason weights_of(size_t weigher, const struct mq_choice *choice,
                                 double cells[CHILDREN][UNITS], const size_t *children,
                                 const size_t *units, double *weights)
{
    double mixed[CHILDREN][UNITS], written[CHILDREN] = {0.3, 0.1, 0.25, 0.15, 0.2};
    double turned[CHILDREN];
    const double *columns[CHILDREN];
    struct mq_weigh_table table = {columns, CHILDREN, UNITS, turned, choice};
    enum mq_reason reason = MQ_FINE;
    struct mq_error error = {0};

    for (size_t c = 0; c < CHILDREN; c++) {
        for (size_t u = 0; u < UNITS; u++)
            mixed[c][u] = cells[children[c]][units[u]];
        columns[c] = mixed[c];
        turned[c] = written[children[c]];
    }
    assert_int_equal(mq_weighers[weigher]->weigh(&table, weights, &reason, &error), MQ_OK);
    return reason;
}

/* Lists and matrices name children by their places, so those stay in order then. */
static bool names_children(const struct mq_method *method)
{
    for (const struct mq_param *param = method->params; param && param->name; param++)
        if (param->per_child)
            return true;
    return false;
}

static void check_weights(size_t weigher, const double *weights)
{
    size_t units = mq_weighers[weigher]->by_unit ? UNITS : 1;

    for (size_t u = 0; u < units; u++) {
        double sum = 0;
        for (size_t c = 0; c < CHILDREN; c++) {
            if (!(weights[u * CHILDREN + c] >= 0))
                fail_msg("%s gives %g", mq_weighers[weigher]->method.name,
                         weights[u * CHILDREN + c]);
            sum += weights[u * CHILDREN + c];
        }
        if (units == 1)
            assert_close(sum, 1, 1e-12);
    }
}

/* Not negative, sum 1, and the same for units and children in any order. */
static void test_weighers(void **state)
{
    uint64_t seed = 21;

    (void)state;
    for (size_t i = 0; i < mq_weighers_count; i++)
        for (int round = 0; round < 60 && mq_weighers[i]->weigh; round++) {
            double cells[CHILDREN][UNITS], weights[UNITS * CHILDREN], again[UNITS * CHILDREN];
            size_t units[UNITS], children[CHILDREN], straight[UNITS];
            struct sample sample = {0};
            sample_params(&sample, &mq_weighers[i]->method, CHILDREN, false, &seed);
            sample.part[0].method = weigher_named("equal");
            sample.part[1].method = weigher_named("fixed");
            shuffle(&seed, units, UNITS);
            shuffle(&seed, children, CHILDREN);
            for (size_t u = 0; u < UNITS; u++)
                straight[u] = u;
            for (size_t c = 0; c < CHILDREN; c++)
                for (size_t u = 0; u < UNITS; u++)
                    cells[c][u] = bits(&seed) % 20 ? uniform(&seed, 1, 100) : NAN;
            if (names_children(&mq_weighers[i]->method))
                memcpy(children, straight, sizeof children);
            assert_int_equal(weights_of(i, &sample.choice, cells, straight, straight, weights),
                             MQ_FINE);
            assert_int_equal(weights_of(i, &sample.choice, cells, children, units, again), MQ_FINE);
            check_weights(i, weights);
            for (size_t u = 0; u < (mq_weighers[i]->by_unit ? UNITS : 1); u++)
                for (size_t c = 0; c < CHILDREN; c++)
                    assert_close(again[u * CHILDREN + c],
                                 weights[units[mq_weighers[i]->by_unit ? u : 0] * CHILDREN *
                                             mq_weighers[i]->by_unit +
                                         children[c]],
                                 1e-9);
        }
}

/* Constant columns, zeros, negative scores, one unit, none: weights or a reason. */
static void test_weighers_at_the_edge(void **state)
{
    uint64_t seed = 22;

    (void)state;
    for (size_t i = 0; i < mq_weighers_count; i++)
        for (int round = 0; round < 40 && mq_weighers[i]->weigh; round++) {
            double cells[CHILDREN][UNITS], weights[UNITS * CHILDREN], written[CHILDREN];
            const double *columns[CHILDREN];
            struct sample sample = {0};
            struct mq_error error = {0};
            enum mq_reason reason = MQ_FINE;
            struct mq_weigh_table table = {columns, CHILDREN, (size_t[]){UNITS, 1, 0, 2}[round % 4],
                                           written, &sample.choice};
            sample_params(&sample, &mq_weighers[i]->method, CHILDREN, false, &seed);
            sample.part[0].method = weigher_named("equal");
            sample.part[1].method = weigher_named("fixed");
            for (size_t c = 0; c < CHILDREN; c++) {
                double constant = (double[]){0, 7.25, -3.5, 1e12, 1e-12}[(c + (size_t)round) % 5];
                written[c] = 0.2;
                columns[c] = cells[c];
                for (size_t u = 0; u < UNITS; u++)
                    cells[c][u] = (size_t)round % 3 == c % 3 || round < 8
                                      ? constant
                                      : uniform(&seed, -50, 50) * (double)(bits(&seed) % 2);
            }
            assert_int_equal(mq_weighers[i]->weigh(&table, weights, &reason, &error), MQ_OK);
            if (reason != MQ_FINE)
                continue;
            if (table.units == UNITS || !mq_weighers[i]->by_unit)
                check_weights(i, weights);
        }
}

/* ---- combiners ---- */

struct mean {
    const struct mq_combiner *row;
    size_t count;
    double scores[8], weights[8];
    struct sample sample;
};

static double combined(const struct mean *mean)
{
    return mean->row->combine(mean->scores, mean->weights, mean->count, &mean->sample.choice);
}

/* Runs `law` for every combiner over positive scores and weights that sum to 1. */
static void for_every_combiner(void (*law)(const struct mean *, uint64_t *))
{
    uint64_t seed = 33;

    for (size_t i = 0; i < mq_combiners_count; i++)
        for (int round = 0; round < ROUNDS; round++) {
            struct mean mean = {.row = mq_combiners[i], .count = 1 + bits(&seed) % 8};
            double sum = 0;
            if (!mean.row->combine)
                break; /* units are compared: see the whole models */
            sample_params(&mean.sample, &mean.row->method, mean.count, false, &seed);
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
    if (!mean->row->mean)
        return;
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
    if (!mean->row->mean)
        return;
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
    if (!mean->row->share && !mean->row->additive)
        return;
    if (mean->row->share)
        mean->row->share(mean->scores, mean->weights, mean->count, &mean->sample.choice, parts);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_is_documented),
        cmocka_unit_test(test_catalogue_agrees),
        cmocka_unit_test(test_weighers),
        cmocka_unit_test(test_weighers_at_the_edge),
        cmocka_unit_test(test_combiners),
    };

    return cmocka_run_group_tests_name("methods law", tests, NULL, NULL);
}
