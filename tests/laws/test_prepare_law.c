/* Laws over the catalogues of imputers and treaters: every row, so that a new one is covered the
 * day it is listed. */
#include "law_samples.h"

#include "index/index_methods.h"

enum { PERIODS = 4, CELLS = UNITS * PERIODS };

/* ---- treaters ---- */

static void draw_column(double *value, int kind, uint64_t *seed)
{
    for (int i = 0; i < UNITS; i++) {
        double plain = uniform(seed, -20, 120);
        value[i] = kind == 0   ? plain
                   : kind == 1 ? exp(plain / 12)                /* a long upper end */
                   : kind == 2 ? -exp(plain / 15) + 7           /* a long lower end */
                   : kind == 3 ? floor(plain / 30)              /* many equal values */
                               : (i % 7 ? plain : 1e5 * plain); /* outliers */
    }
}

static void treat(size_t row, const struct sample *sample, const double *value, size_t count,
                  double *treated)
{
    struct mq_error error = {0};

    assert_int_equal(mq_treaters[row]->treat(value, count, &sample->choice, treated, &error),
                     MQ_OK);
}

/* Runs `law` for every treater, with defaults and other parameters, on many columns. */
static void for_every_treater(void (*law)(size_t, const struct sample *, const double *,
                                          uint64_t *))
{
    uint64_t seed = 77;

    for (size_t row = 0; row < mq_treaters_count; row++)
        for (int round = 0; round < ROUNDS; round++) {
            struct sample sample = {0};
            double value[UNITS];
            sample_params(&sample, &mq_treaters[row]->method, 1, round % 2, &seed);
            draw_column(value, round % 5, &seed);
            law(row, &sample, value, &seed);
        }
}

/* Treated values are finite and in the same order, equal ones equal. */
static void keeps_order(size_t row, const struct sample *sample, const double *value,
                        uint64_t *seed)
{
    double treated[UNITS];

    (void)seed;
    treat(row, sample, value, UNITS, treated);
    for (int i = 0; i < UNITS; i++)
        for (int k = 0; k < UNITS; k++)
            if (!isfinite(treated[i]) || (value[i] < value[k] && treated[i] > treated[k]) ||
                (value[i] == value[k] && !same_bits(treated[i], treated[k])))
                fail_msg("%s: %.17g and %.17g become %.17g and %.17g",
                         mq_treaters[row]->method.name, value[i], value[k], treated[i], treated[k]);
}

static void order_free(size_t row, const struct sample *sample, const double *value, uint64_t *seed)
{
    double treated[UNITS], mixed[UNITS], other[UNITS];
    size_t order[UNITS];

    treat(row, sample, value, UNITS, treated);
    shuffle(seed, order, UNITS);
    for (int i = 0; i < UNITS; i++)
        mixed[i] = value[order[i]];
    treat(row, sample, mixed, UNITS, other);
    for (int i = 0; i < UNITS; i++)
        if (!same_bits(other[i], treated[order[i]]))
            fail_msg("%s depends on the order of units", mq_treaters[row]->method.name);
}

/* Nothing stands out of a column that is all the same, nor of one value or two. */
static void keeps_constants(size_t row, const struct sample *sample, const double *value,
                            uint64_t *seed)
{
    static const double constants[] = {0, 0.1, -7.3, 1e300};
    double column[UNITS], treated[UNITS];
    double constant = constants[bits(seed) % 4];
    size_t count = bits(seed) % 2 ? UNITS : 1;

    (void)value;
    for (size_t i = 0; i < count; i++)
        column[i] = constant;
    treat(row, sample, column, count, treated);
    for (size_t i = 0; i < count; i++)
        assert_true(same_bits(treated[i], constant));
}

static void test_treaters_keep_order(void **state)
{
    (void)state;
    for_every_treater(keeps_order);
}

static void test_treaters_and_order_of_units(void **state)
{
    (void)state;
    for_every_treater(order_free);
}

static void test_treaters_and_constants(void **state)
{
    (void)state;
    for_every_treater(keeps_constants);
}

/* Values from the ends of the range of doubles: whatever comes is a number. */
static void test_treaters_at_the_ends(void **state)
{
    static const double wild[] = {1.7e308, -1.7e308, 5e-324, 0, -5e-324, 1e-300, 3, 1e300, 1.7e308};
    uint64_t seed = 3;

    (void)state;
    for (size_t row = 0; row < mq_treaters_count; row++)
        for (int round = 0; round < ROUNDS; round++) {
            struct sample sample = {0};
            double treated[9];
            sample_params(&sample, &mq_treaters[row]->method, 1, round % 2, &seed);
            treat(row, &sample, wild, 9, treated);
            for (int i = 0; i < 9; i++)
                assert_true(isfinite(treated[i]));
        }
}

/* ---- imputers ---- */

/* A panel with everything that an imputer may ask for. */
struct world {
    double value[CELLS], parent[CELLS], row[CELLS], time[PERIODS];
    uint32_t group[UNITS];
    struct mq_panel panel;
};

static void draw_world(struct world *world, uint64_t *seed)
{
    uint64_t share = bits(seed) % 10; /* of ten values so many are missing */

    for (int i = 0; i < CELLS; i++) {
        world->value[i] = bits(seed) % 10 < share ? NAN : uniform(seed, -20, 120);
        world->parent[i] = bits(seed) % 5 ? uniform(seed, -20, 120) : NAN;
        world->row[i] = bits(seed) % 5 ? uniform(seed, -20, 120) : NAN;
    }
    for (int p = 0; p < PERIODS; p++)
        world->time[p] = 2020 + p + (p > 1 ? 3 : 0);
    for (int u = 0; u < UNITS; u++)
        world->group[u] = bits(seed) % 6 ? (uint32_t)(bits(seed) % 4) * 1000 : UINT32_MAX;
    world->panel = (struct mq_panel){.units = UNITS,
                                     .periods = PERIODS,
                                     .value = world->value,
                                     .time = world->time,
                                     .group = world->group,
                                     .parent = world->parent,
                                     .row = world->row};
}

static void impute(size_t row, const struct sample *sample, const struct world *world, double *made)
{
    struct mq_error error = {0};

    for (int i = 0; i < CELLS; i++)
        made[i] = NAN;
    assert_int_equal(mq_imputers[row]->impute(&world->panel, &sample->choice, made, &error), MQ_OK);
}

static void for_every_imputer(void (*law)(size_t, const struct sample *, struct world *,
                                          uint64_t *))
{
    uint64_t seed = 99;

    for (size_t row = 0; row < mq_imputers_count; row++)
        for (int round = 0; round < ROUNDS; round++) {
            struct sample sample = {0};
            struct world world;
            sample_params(&sample, &mq_imputers[row]->method, 1, round % 2, &seed);
            draw_world(&world, &seed);
            law(row, &sample, &world, &seed);
        }
}

/* What is made lies between what there is to make it of, or is a written number. */
static void within_range(size_t row, const struct sample *sample, struct world *world,
                         uint64_t *seed)
{
    double made[CELLS], least = INFINITY, greatest = -INFINITY;

    (void)seed;
    impute(row, sample, world, made);
    for (int i = 0; i < CELLS; i++) {
        const double from[] = {
            world->value[i], mq_imputers[row]->asks_parent ? world->parent[i] : NAN,
            mq_imputers[row]->asks_row ? world->row[i] : NAN,
            mq_imputers[row] == &mq_impute_constant ? sample->choice.param[0] : NAN};
        for (int k = 0; k < 4; k++) {
            least = fmin(least, from[k]);
            greatest = fmax(greatest, from[k]);
        }
    }
    for (int i = 0; i < CELLS; i++)
        if (isnan(world->value[i]) && !isnan(made[i]) &&
            !(made[i] >= least - 1e-9 && made[i] <= greatest + 1e-9))
            fail_msg("%s makes %.17g of %.17g .. %.17g", mq_imputers[row]->method.name, made[i],
                     least, greatest);
}

/* Units in any order get the same, to the last bit. */
static void order_of_units(size_t row, const struct sample *sample, struct world *world,
                           uint64_t *seed)
{
    double made[CELLS], other[CELLS];
    struct world mixed = *world;
    size_t order[UNITS];

    shuffle(seed, order, UNITS);
    for (size_t u = 0; u < UNITS; u++) {
        mixed.group[u] = world->group[order[u]];
        for (size_t p = 0; p < PERIODS; p++) {
            size_t to = p * UNITS + u, from = p * UNITS + order[u];
            mixed.value[to] = world->value[from];
            mixed.parent[to] = world->parent[from];
            mixed.row[to] = world->row[from];
        }
    }
    mixed.panel.value = mixed.value;
    mixed.panel.group = mixed.group;
    mixed.panel.parent = mixed.parent;
    mixed.panel.row = mixed.row;
    impute(row, sample, world, made);
    impute(row, sample, &mixed, other);
    for (size_t i = 0; i < CELLS; i++) {
        size_t from = i / UNITS * UNITS + order[i % UNITS];
        if (isnan(mixed.value[i]) && !same_bits(other[i], made[from]))
            fail_msg("%s depends on the order of units", mq_imputers[row]->method.name);
    }
}

/* Where there is nothing at all, nothing is made, but for a written number or another's. */
static void nothing_of_nothing(size_t row, const struct sample *sample, struct world *world,
                               uint64_t *seed)
{
    const struct mq_imputer *imputer = mq_imputers[row];
    double made[CELLS];

    (void)seed;
    for (int i = 0; i < CELLS; i++)
        world->value[i] = NAN;
    impute(row, sample, world, made);
    for (int i = 0; i < CELLS; i++) {
        double wanted = imputer->asks_parent             ? world->parent[i]
                        : imputer->asks_row              ? world->row[i]
                        : imputer == &mq_impute_constant ? sample->choice.param[0]
                                                         : NAN;
        if (!same_bits(made[i], wanted))
            fail_msg("%s makes %.17g of nothing", imputer->method.name, made[i]);
    }
}

/* Where all present values are the same, so is what they make. */
static void constant_of_constants(size_t row, const struct sample *sample, struct world *world,
                                  uint64_t *seed)
{
    static const double constants[] = {0, 0.1, -7.3, 1e300};
    double made[CELLS], constant = constants[bits(seed) % 4];

    if (mq_imputers[row] == &mq_impute_constant)
        return;
    for (int i = 0; i < CELLS; i++) {
        double *cells[] = {&world->value[i], &world->parent[i], &world->row[i]};
        for (int k = 0; k < 3; k++)
            *cells[k] = isnan(*cells[k]) ? NAN : constant;
    }
    impute(row, sample, world, made);
    for (int i = 0; i < CELLS; i++)
        if (isnan(world->value[i]) && !isnan(made[i]) && !same_bits(made[i], constant))
            fail_msg("%s makes %.17g of %.17g", mq_imputers[row]->method.name, made[i], constant);
}

static void test_imputers_within_range(void **state)
{
    (void)state;
    for_every_imputer(within_range);
}

static void test_imputers_and_order_of_units(void **state)
{
    (void)state;
    for_every_imputer(order_of_units);
}

static void test_imputers_of_nothing(void **state)
{
    (void)state;
    for_every_imputer(nothing_of_nothing);
}

static void test_imputers_of_constants(void **state)
{
    (void)state;
    for_every_imputer(constant_of_constants);
}

/* Every row makes something of a panel where a little is missing, but for the one that says not. */
static void test_imputers_do_something(void **state)
{
    uint64_t seed = 8;

    (void)state;
    for (size_t row = 0; row < mq_imputers_count; row++) {
        size_t filled = 0;
        for (int round = 0; round < 20; round++) {
            struct sample sample = {0};
            struct world world;
            double made[CELLS];
            sample_params(&sample, &mq_imputers[row]->method, 1, false, &seed);
            draw_world(&world, &seed);
            impute(row, &sample, &world, made);
            for (int i = 0; i < CELLS; i++)
                filled += isnan(world.value[i]) && !isnan(made[i]);
        }
        assert_true(mq_imputers[row] == &mq_impute_none ? filled == 0 : filled > 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_treaters_keep_order),
        cmocka_unit_test(test_treaters_and_order_of_units),
        cmocka_unit_test(test_treaters_and_constants),
        cmocka_unit_test(test_treaters_at_the_ends),
        cmocka_unit_test(test_imputers_within_range),
        cmocka_unit_test(test_imputers_and_order_of_units),
        cmocka_unit_test(test_imputers_of_nothing),
        cmocka_unit_test(test_imputers_of_constants),
        cmocka_unit_test(test_imputers_do_something),
    };

    return cmocka_run_group_tests_name("laws of preparing", tests, NULL, NULL);
}
