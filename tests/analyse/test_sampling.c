/* Intervals against published numbers, variances against sums made by hand, and how often 95 %
 * intervals hold the truth in 2,000 samples of a known population. */
#include "analyse/analyse.h"

#include "support.h"

/* ---- intervals ---- */

static void assert_bounds(struct mq_bounds bounds, double low, double high)
{
    assert_close(bounds.low, low, 1e-9);
    assert_close(bounds.high, high, 1e-9);
}

static void quantiles_are_those_of_tables(void **state)
{
    (void)state;
    assert_close(mq_t_quantile(0.95, 1), 12.706204736174705, 1e-12);
    assert_close(mq_t_quantile(0.95, 3), 3.182446305284263, 1e-12);
    assert_close(mq_t_quantile(0.99, 10), 3.169272672616867, 1e-12);
    assert_close(mq_t_quantile(0.95, 197), 1.9720790337784886, 1e-12);
    assert_close(mq_t_quantile(0.95, 1e6), 1.9599663568141066, 1e-9);
}

static void simple_proportions(void **state)
{
    (void)state;
    assert_bounds(mq_bounds_beta(7, 50, 0.95), 0.0581917003, 0.2673960025);
    assert_bounds(mq_bounds_wilson(7. / 50, 50, 0.95), 0.0695083343, 0.2618619371);
    assert_bounds(mq_bounds_beta(0, 50, 0.95), 0, 0.0711217365);
    assert_bounds(mq_bounds_wilson(0, 50, 0.95), 0, 0.0713475991);
    assert_bounds(mq_bounds_beta(50, 50, 0.95), 1 - 0.0711217365, 1);
    assert_bounds(mq_bounds_wilson(1, 50, 0.95), 1 - 0.0713475991, 1);
    assert_bounds(mq_bounds_beta(98123, 100000, 0.95), 0.98036976923, 0.98206215559);
    assert_bounds(mq_bounds_wilson(0.98123, 100000, 0.95), 0.98037019264, 0.98205283628);
}

/* apistrat, share of schools with sch.wide = Yes: R survey 4.1-1. */
static void survey_proportions(void **state)
{
    (void)state;
    const struct mq_proportion of = {0.827948011416, 0.024344780113, 200, 197};
    struct mq_bounds bounds = mq_bounds_proportion(MQ_INTERVAL_LOGIT, &of, 0.95);
    assert_bounds(bounds, 0.774539654, 0.870814855);
    assert_bounds(mq_bounds_proportion(MQ_INTERVAL_WALD, &of, 0.95), 0.779938181, 0.875957842);
    assert_bounds(mq_bounds_proportion(MQ_INTERVAL_WILSON, &of, 0.95), 0.7751706428, 0.8704074187);
    assert_bounds(mq_bounds_proportion(MQ_INTERVAL_BETA, &of, 0.95), 0.7741713286, 0.8734315926);
}

/* Where the standard error says nothing, or nothing can be said. */
static void edges(void **state)
{
    (void)state;
    struct mq_proportion of = {.p = 0, .se = 0, .rows = 50, .df = 48};
    for (int k = MQ_INTERVAL_LOGIT; k <= MQ_INTERVAL_BETA; k++) {
        double high = k == MQ_INTERVAL_WALD     ? 0
                      : k == MQ_INTERVAL_WILSON ? 0.0713475991
                                                : 0.0711217365;
        assert_bounds(mq_bounds_proportion((enum mq_interval)k, &of, 0.95), 0, high);
    }
    of.p = 1;
    assert_bounds(mq_bounds_proportion(MQ_INTERVAL_LOGIT, &of, 0.95), 1 - 0.0711217365, 1);
    of.p = 0.25; /* a census: no error at all */
    for (int k = MQ_INTERVAL_LOGIT; k <= MQ_INTERVAL_BETA; k++)
        assert_bounds(mq_bounds_proportion((enum mq_interval)k, &of, 0.95), 0.25, 0.25);
    of.se = 0.1;
    of.df = 0;
    assert_true(isnan(mq_bounds_proportion(MQ_INTERVAL_BETA, &of, 0.95).low));
    assert_true(isnan(mq_bounds_wald(1, 0.1, 0, 0.95).high));
}

/* ---- a sample made by hand ---- */

enum { SLOTS = 3, MOST = 64, STRATA = 4 };

/* One period, one cell; slots 0 and 1 are sums, 2 is the count. */
struct world {
    struct mq_sample sample;
    struct mq_stratum stratum[STRATA];
    struct mq_value sum[SLOTS];
    double most[SLOTS];
    char *bytes;
};

static void world_open(struct world *world, size_t rows)
{
    memset(world, 0, sizeof *world);
    world->sample.slots = SLOTS;
    world->sample.stride = sizeof(struct mq_sampled) + SLOTS * sizeof(double);
    world->bytes = calloc(rows, world->sample.stride);
    assert_non_null(world->bytes);
    world->sample.bytes = world->bytes;
    world->sample.stratum = world->stratum;
    world->sample.most = world->most;
    for (int s = 0; s < SLOTS; s++)
        world->sum[s].kind = MQ_VALUE_REAL;
}

static void world_add(struct world *world, uint32_t psu, double weight, double x, double y)
{
    size_t at = world->sample.rows++;
    struct mq_sampled *row = (void *)(world->bytes + at * world->sample.stride);
    struct mq_stratum *stratum = &world->stratum[world->sample.strata - 1];
    double value[SLOTS] = {x, y, 1};
    stratum->psus += stratum->rows++ == 0 || mq_sampled(&world->sample, at - 1)->psu != psu;
    row->psu = psu;
    row->weight = weight;
    for (int s = 0; s < SLOTS; s++) {
        row->value[s] = weight * value[s];
        world->most[s] = fmax(world->most[s], fabs(row->value[s]));
        world->sum[s].real += weight * value[s];
    }
}

static void world_stratum(struct world *world, double population)
{
    world->stratum[world->sample.strata++] =
        (struct mq_stratum){.name = "h", .first = world->sample.rows, .population = population};
}

/* Estimate and standard error of slot `above` over slot `below` (-1: of its sum). */
static double estimate(const struct world *world, int above, int below, double *se)
{
    const struct mq_step step[] = {{.kind = MQ_STEP_SLOT, .slot = above},
                                   {.kind = MQ_STEP_SLOT, .slot = below},
                                   {.kind = MQ_STEP_DIVIDE}};
    const struct mq_steps steps = {below < 0 ? 1 : 3, step};
    size_t column[SLOTS] = {0, 1, 2}, slot[SLOTS] = {0, 1, 2};
    uint32_t zero = 0;
    double value, gradient[SLOTS], variance;
    assert_true(mq_steps_gradient(&steps, world->sum, column, SLOTS, &value, gradient));
    const struct mq_form form = {&zero, SLOTS, slot, gradient, &zero, 1, 1};
    assert_int_equal(mq_sample_variance(&world->sample, &form, &variance, NULL), MQ_OK);
    *se = sqrt(variance);
    return value;
}

/* A: weight 2, 3 of 6 PSUs; B: weight 3, 2 of 8 PSUs. y by PSU: A (1, 2), (4), (0, 5); B (1, 1),
 * (4). */
static void put_clusters(struct world *world)
{
    world_stratum(world, 6);
    world_add(world, 0, 2, 1, 1);
    world_add(world, 0, 2, 1, 2);
    world_add(world, 1, 2, 1, 4);
    world_add(world, 2, 2, 1, 0);
    world_add(world, 2, 2, 1, 5);
    world_stratum(world, 8);
    world_add(world, 3, 3, 1, 1);
    world_add(world, 3, 3, 1, 1);
    world_add(world, 4, 3, 1, 4);
}

static void clusters_by_hand(void **state)
{
    (void)state;
    struct world world;
    double se;
    world_open(&world, MOST);
    put_clusters(&world);
    assert_int_equal(world.stratum[0].psus, 3);
    assert_int_equal(world.stratum[1].psus, 2);
    /* z: 6, 8, 10, mean 8; 6, 12, mean 9. V = (1 - 3/6) 3/2 8 + (1 - 2/8) 2 18 = 6 + 27. */
    assert_close(estimate(&world, 1, -1, &se), 42, 0);
    assert_close(se, sqrt(33), 1e-13);
    /* mean 42/19; z = (6 - 4m, 8 - 2m, 10 - 4m; 6 - 6m, 12 - 3m) / 19 */
    double m = 42. / 19, a[] = {6 - 4 * m, 8 - 2 * m, 10 - 4 * m}, b[] = {6 - 6 * m, 12 - 3 * m};
    double am = (a[0] + a[1] + a[2]) / 3, bm = (b[0] + b[1]) / 2, v = 0;
    for (int i = 0; i < 3; i++)
        v += 0.5 * 1.5 * (a[i] - am) * (a[i] - am);
    for (int i = 0; i < 2; i++)
        v += 0.75 * 2 * (b[i] - bm) * (b[i] - bm);
    assert_close(estimate(&world, 1, 2, &se), m, 1e-15);
    assert_close(se, sqrt(v) / 19, 1e-13);
    for (int h = 0; h < 2; h++)
        world.stratum[h].population = INFINITY; /* without correction: 3/2 8 + 2 18 */
    estimate(&world, 1, -1, &se);
    assert_close(se, sqrt(12 + 36), 1e-13);
    free(world.bytes);
}

/* One PSU with z = 10 of 5 beside those above. */
static void single_psus_by_policy(void **state)
{
    (void)state;
    static const double wanted[] = {[MQ_SINGLE_CERTAINTY] = 33,
                                    [MQ_SINGLE_ADJUST] = 33 + 0.8 * 100,
                                    [MQ_SINGLE_AVERAGE] = 33 * 3. / 2};
    struct world world;
    double se;
    world_open(&world, MOST);
    put_clusters(&world);
    world_stratum(&world, 5);
    world_add(&world, 5, 5, 1, 2);
    for (int single = MQ_SINGLE_CERTAINTY; single <= MQ_SINGLE_AVERAGE; single++) {
        world.sample.single = (enum mq_single)single;
        assert_close(estimate(&world, 1, -1, &se), 52, 0);
        assert_close(se * se, wanted[single], 1e-13);
    }
    world.stratum[2].population = 1; /* all there is: nothing to be unsure of */
    for (int single = MQ_SINGLE_FAIL; single <= MQ_SINGLE_AVERAGE; single++) {
        world.sample.single = (enum mq_single)single;
        estimate(&world, 1, -1, &se);
        assert_close(se * se, 33, 1e-13);
    }
    free(world.bytes);
}

/* Rows and PSUs in another order give the same bits. */
static void order_does_not_show(void **state)
{
    (void)state;
    enum { ROWS = 60 };
    double first = 0;
    for (int turn = 0; turn < 5; turn++) {
        struct world world;
        double se;
        world_open(&world, ROWS);
        world_stratum(&world, 400);
        for (uint32_t i = 0; i < ROWS; i++) {
            uint32_t psu = (i / 3 + (uint32_t)turn * 7) % 20,
                     at = psu * 3 + (i + (uint32_t)turn) % 3;
            world_add(&world, psu, 6.7, 1, 1e6 / (at + 1.3));
        }
        for (int s = 0; s < SLOTS; s++) /* sums are exact elsewhere */
            world.sum[s].real = s == 1 ? 1e7 : 402;
        estimate(&world, 1, 2, &se);
        if (turn == 0)
            first = se;
        assert_memory_equal(&se, &first, sizeof se);
        free(world.bytes);
    }
    assert_true(first > 0);
}

static void formulas_are_differentiated(void **state)
{
    (void)state;
    /* 100 * (a - 2 b) / (c * b) - -a */
    const struct mq_step step[] = {{.kind = MQ_STEP_CONSTANT, .constant = "100"},
                                   {.kind = MQ_STEP_SLOT, .slot = 0},
                                   {.kind = MQ_STEP_CONSTANT, .constant = "2"},
                                   {.kind = MQ_STEP_SLOT, .slot = 1},
                                   {.kind = MQ_STEP_MULTIPLY},
                                   {.kind = MQ_STEP_SUBTRACT},
                                   {.kind = MQ_STEP_MULTIPLY},
                                   {.kind = MQ_STEP_SLOT, .slot = 2},
                                   {.kind = MQ_STEP_SLOT, .slot = 1},
                                   {.kind = MQ_STEP_MULTIPLY},
                                   {.kind = MQ_STEP_DIVIDE},
                                   {.kind = MQ_STEP_SLOT, .slot = 0},
                                   {.kind = MQ_STEP_NEGATE},
                                   {.kind = MQ_STEP_SUBTRACT}};
    const struct mq_steps steps = {sizeof step / sizeof *step, step};
    const struct mq_value slots[] = {{.kind = MQ_VALUE_REAL, .real = 17},
                                     {.kind = MQ_VALUE_SCALED, .scaled = 25, .decimals = 1},
                                     {.kind = MQ_VALUE_REAL, .real = 4}};
    const size_t column[] = {2, SIZE_MAX, 0};
    double value, gradient[3];
    assert_true(mq_steps_gradient(&steps, slots, column, 3, &value, gradient));
    assert_close(value, 100 * 12. / 10 + 17, 1e-14);
    assert_close(gradient[0], -100 * 12 / (4 * 10.), 1e-14); /* by c */
    assert_close(gradient[1], 0, 0);
    assert_close(gradient[2], 100. / 10 + 1, 1e-14); /* by a */
}

/* ---- coverage ---- */

static uint64_t next_random(uint64_t *state) /* splitmix64, Steele, Lea, Flood 2014 */
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static double uniform(uint64_t *state)
{
    return (double)(next_random(state) >> 11) / 9007199254740992.0;
}

enum { PEOPLE = 2000, DRAWS = 2000, WAYS = 6, TAKEN = 300 };
static const int size_of[STRATA] = {900, 600, 350, 150}, taken[STRATA] = {100, 80, 70, 50};

struct person {
    double x, y, yes;
};

/* Skewed, with y about 3 x and a share of yes that differs between strata. */
static void put_population(struct person *person, double truth[3])
{
    uint64_t random = 20251;
    double x = 0, y = 0, yes = 0;
    for (int h = 0, i = 0; h < STRATA; h++)
        for (int k = 0; k < size_of[h]; k++, i++) {
            person[i].x = (h + 1) * (1 - log(1 - uniform(&random)));
            person[i].y = person[i].x * (2 + 2 * uniform(&random)) + uniform(&random);
            person[i].yes = uniform(&random) < 0.9 - 0.15 * h;
            x += person[i].x;
            y += person[i].y;
            yes += person[i].yes;
        }
    truth[0] = y / PEOPLE;
    truth[1] = y / x;
    truth[2] = yes / PEOPLE;
}

/* `yes` instead of y if asked. */
static void draw(struct world *world, const struct person *person, int *place, uint64_t seed,
                 bool yes)
{
    uint64_t random = seed;
    world_open(world, TAKEN);
    for (int h = 0, from = 0; h < STRATA; from += size_of[h++]) {
        for (int k = 0; k < size_of[h]; k++)
            place[k] = from + k;
        world_stratum(world, size_of[h]);
        for (int k = 0; k < taken[h]; k++) { /* without replacement */
            int other = k + (int)(uniform(&random) * (size_of[h] - k)), swap = place[k];
            place[k] = place[other];
            place[other] = swap;
            const struct person *p = &person[place[k]];
            world_add(world, (uint32_t)world->sample.rows, (double)size_of[h] / taken[h], p->x,
                      yes ? p->yes : p->y);
        }
    }
}

static bool holds(struct mq_bounds bounds, double truth)
{
    return bounds.low <= truth && truth <= bounds.high;
}

static void intervals_hold_the_truth(void **state)
{
    (void)state;
    static const char *const way[WAYS] = {
        "mean", "ratio", "proportion, logit", "proportion, wald", "wilson", "beta"};
    static struct person person[PEOPLE];
    static int place[PEOPLE];
    double truth[3], se;
    int held[WAYS] = {0}, df = TAKEN - STRATA;
    put_population(person, truth);
    for (uint64_t d = 0; d < DRAWS; d++) {
        struct world world;
        draw(&world, person, place, d * 1000003, false);
        double mean = estimate(&world, 1, 2, &se);
        held[0] += holds(mq_bounds_wald(mean, se, df, 0.95), truth[0]);
        double ratio = estimate(&world, 1, 0, &se);
        held[1] += holds(mq_bounds_wald(ratio, se, df, 0.95), truth[1]);
        free(world.bytes);
        draw(&world, person, place, d * 1000003, true);
        struct mq_proportion of = {.rows = TAKEN, .df = df};
        of.p = estimate(&world, 1, 2, &of.se);
        for (int k = MQ_INTERVAL_LOGIT; k <= MQ_INTERVAL_BETA; k++)
            held[2 + k] += holds(mq_bounds_proportion((enum mq_interval)k, &of, 0.95), truth[2]);
        free(world.bytes);
    }
    for (int w = 0; w < WAYS; w++) {
        double share = 100. * held[w] / DRAWS;
        print_message("%s: %.2f %% of %d intervals hold the truth\n", way[w], share, DRAWS);
        assert_true(share > 93 && share < 97);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_those_of_tables),
        cmocka_unit_test(simple_proportions),
        cmocka_unit_test(survey_proportions),
        cmocka_unit_test(edges),
        cmocka_unit_test(clusters_by_hand),
        cmocka_unit_test(single_psus_by_policy),
        cmocka_unit_test(order_does_not_show),
        cmocka_unit_test(formulas_are_differentiated),
        cmocka_unit_test(intervals_hold_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
