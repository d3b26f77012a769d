/* Error localisation: the known example, ties, limits, threads, memory. */
#include <glpk.h>

#include "failing.h"
#include "localise_fixture.h"

/* The set as digits, "-" for the empty one. */
static const char *found_set(const struct mq_localise_result *result, size_t fields, char *text)
{
    char *end = text;

    for (size_t j = 0; j < fields; j++)
        if (result->change[j])
            *end++ = (char)('0' + j);
    if (end == text)
        *end++ = '-';
    *end = 0;
    return text;
}

static void assert_localised(const struct world *world, enum mq_localise_outcome outcome,
                             const char *set)
{
    uint8_t change[FIELDS];
    char text[FIELDS + 2];
    struct mq_localise_result result = {.change = change};
    struct mq_error error = {0};

    assert_null(mq_localise_fault(&world->system));
    assert_int_equal(mq_localise(&world->system, world->value, &result, &error), MQ_OK);
    assert_string_equal(mq_localise_code(result.outcome), mq_localise_code(outcome));
    assert_string_equal(found_set(&result, world->system.fields, text), set);
    assert_int_equal(result.changed, strcmp(set, "-") == 0 ? 0 : strlen(set));
}

static void set_values(struct world *world, const double *values)
{
    memcpy(world->value, values, world->system.fields * sizeof *values);
}

/* profit + cost = turnover, cost >= 0.6 turnover, cost >= 0, profit >= 0 */
static void open_business(struct world *world)
{
    open_world(world, 3);
    add_edit(world, (const double[]){1, 1, -1}, MQ_LINEAR_EQUAL, 0);
    add_edit(world, (const double[]){0, 1, -0.6}, MQ_LINEAR_AT_LEAST, 0);
    add_edit(world, (const double[]){0, 1, 0}, MQ_LINEAR_AT_LEAST, 0);
    add_edit(world, (const double[]){1, 0, 0}, MQ_LINEAR_AT_LEAST, 0);
}

static void test_business(void **state)
{
    struct world world;

    (void)state;
    open_business(&world);
    set_values(&world, (const double[]){755, 125, 200});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "0");
    set_values(&world, (const double[]){75, 125, 200});
    assert_localised(&world, MQ_LOCALISE_NOTHING, "-");
    set_values(&world, (const double[]){80, 120, 200}); /* on the edge */
    assert_localised(&world, MQ_LOCALISE_NOTHING, "-");
    set_values(&world,
               (const double[]){-75, 125, 50}); /* 125 of cost, so 125 of turnover or more */
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01");
}

static void test_business_more(void **state)
{
    struct world world;

    (void)state;
    open_business(&world);
    set_values(&world, (const double[]){755, -125, 200});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01"); /* or 12: earlier fields go first */
    world.weight[0] = 3;
    assert_localised(&world, MQ_LOCALISE_SOLVED, "12"); /* 125 >= 0.6 t, t = 755 + c */
    world.weight[2] = INFINITY;
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01");
    world.weight[1] = INFINITY;
    assert_localised(&world, MQ_LOCALISE_NO_SOLUTION, "-");
    world.weight[1] = world.weight[2] = 1;
    set_values(&world, (const double[]){NAN, 125, 200});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "0"); /* only what is missing */
    set_values(&world, (const double[]){NAN, 100, 200});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01"); /* and the cost, or the turnover */
    world.weight[0] = INFINITY;
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01"); /* missing: to be filled all the same */
    set_values(&world, (const double[]){NAN, NAN, NAN});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "012");
}

/* 千元 in the hundreds of millions: a difference of one must not drown. */
static void test_large_and_small(void **state)
{
    struct world world;

    (void)state;
    open_world(&world, 3); /* a = b, a = c: with b and c one apart, a alone is not enough */
    add_edit(&world, (const double[]){1, -1, 0}, MQ_LINEAR_EQUAL, 0);
    add_edit(&world, (const double[]){1, 0, -1}, MQ_LINEAR_EQUAL, 0);
    set_values(&world, (const double[]){5, 4000000001, 4000000000});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01");
    set_values(&world, (const double[]){NAN, 4000000001, 4000000000});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01");
    set_values(&world, (const double[]){NAN, 4000000000, 4000000000});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "0");
    set_values(&world, (const double[]){5, 1e-6, 2e-6});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01");
    set_values(&world, (const double[]){5, 0.1 + 0.2, 0.3}); /* the same up to rounding */
    assert_localised(&world, MQ_LOCALISE_SOLVED, "0");
    world.edit[0].constant = 3e9; /* a - b = 3e9 */
    set_values(&world, (const double[]){8, 4e9, 7e9 + 1});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01");
}

static void test_strict(void **state)
{
    struct world world;

    (void)state;
    open_world(&world, 2); /* a < b, b < 10, a > 9.999: 9.999 + 0.001 is not less than 10 - 0.001 */
    add_edit(&world, (const double[]){1, -1}, MQ_LINEAR_LESS, 0);
    add_edit(&world, (const double[]){0, 1}, MQ_LINEAR_LESS, 10);
    set_values(&world, (const double[]){3, 3});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "0");
    add_edit(&world, (const double[]){1, 0}, MQ_LINEAR_GREATER, 9.999);
    assert_localised(&world, MQ_LOCALISE_NO_SOLUTION, "-");
    world.edit[2].constant = 9.9;
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01");
    set_values(&world, (const double[]){9.95, 9.9999});
    assert_localised(&world, MQ_LOCALISE_NOTHING, "-");
    set_values(&world, (const double[]){9.9, 9.9999});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "0");
}

static void test_odd_systems(void **state)
{
    static const struct mq_linear_term same[] = {{0, 2}, {1, 1}, {0, -2}};
    struct world world;

    (void)state;
    open_world(&world, 2); /* no edits: what is missing */
    set_values(&world, (const double[]){3, NAN});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "1");
    set_values(&world, (const double[]){3, INFINITY});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "1");
    world.edit[0] = (struct mq_linear_edit){3, same, MQ_LINEAR_EQUAL, 5}; /* b = 5 */
    world.system.edits = 1;
    set_values(&world, (const double[]){3, 4});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "1");
    add_edit(&world, (const double[]){0, 0}, MQ_LINEAR_AT_LEAST, 1); /* 0 >= 1 */
    assert_localised(&world, MQ_LOCALISE_NO_SOLUTION, "-");
    world.edit[1].constant = -1;
    assert_localised(&world, MQ_LOCALISE_SOLVED, "1");
    open_world(&world, 0);
    assert_localised(&world, MQ_LOCALISE_NOTHING, "-");
}

static void test_ties(void **state)
{
    static const double sum[] = {1, 1, 1, 1};
    struct world world;

    (void)state;
    open_world(&world, 4);
    add_edit(&world, sum, MQ_LINEAR_EQUAL, 10);
    set_values(&world, (const double[]){1, 2, 3, 5});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "0");
    world.weight[0] = 1.5;
    assert_localised(&world, MQ_LOCALISE_SOLVED, "1");
    world.weight[3] = 0.25;
    assert_localised(&world, MQ_LOCALISE_SOLVED, "3");
    /* fields 2 and 3 together weigh as much as field 0 alone: fewer fields go first */
    open_world(&world, 4);
    set_values(&world, (const double[]){1, 2, 3, 5});
    world.weight[0] = 2;
    add_edit(&world, (const double[]){1, 0, 1, 0}, MQ_LINEAR_EQUAL, 5);
    add_edit(&world, (const double[]){1, 0, 0, 1}, MQ_LINEAR_EQUAL, 7);
    assert_localised(&world, MQ_LOCALISE_SOLVED, "0");
    world.weight[0] = 2.5;
    assert_localised(&world, MQ_LOCALISE_SOLVED, "23");
}

static void test_limits(void **state)
{
    struct world world;
    uint8_t change[FIELDS];
    struct mq_localise_result result = {.change = change};

    (void)state;
    open_world(&world, 6); /* every field must become 1 */
    for (size_t j = 0; j < 6; j++) {
        double one[6] = {0};
        one[j] = 1;
        add_edit(&world, one, MQ_LINEAR_EQUAL, 1);
    }
    set_values(&world, (const double[]){0, 0, 0, 0, NAN, 1});
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01234");
    assert_int_equal(mq_localise(&world.system, world.value, &result, NULL), MQ_OK);
    assert_int_equal(result.sets, 5);     /* each set failed names one field only */
    assert_int_equal(result.programs, 0); /* no two of them are linked */
    assert_close(result.weight, 4, 0);
    world.system.most_fields = 3;
    assert_localised(&world, MQ_LOCALISE_LIMIT, "4");
    world.system.most_fields = 4;
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01234");
    world.system.most_sets = 4;
    assert_localised(&world, MQ_LOCALISE_LIMIT, "4");
    world.system.most_sets = 5;
    assert_localised(&world, MQ_LOCALISE_SOLVED, "01234");
}

static void test_faults(void **state)
{
    struct world world;

    (void)state;
    open_business(&world);
    world.weight[1] = -1;
    assert_string_equal(mq_localise_fault(&world.system), "a weight is negative or no number");
    world.weight[1] = NAN;
    assert_string_equal(mq_localise_fault(&world.system), "a weight is negative or no number");
    world.system.weight = NULL;
    assert_null(mq_localise_fault(&world.system));
    world.edit[2].constant = INFINITY;
    assert_string_equal(mq_localise_fault(&world.system), "a constant is no finite number");
    world.edit[2].constant = 0;
    world.term[1][0].coefficient = NAN;
    assert_string_equal(mq_localise_fault(&world.system), "a coefficient is no finite number");
    world.term[1][0].coefficient = 1;
    world.term[3][0].field = 3;
    assert_string_equal(mq_localise_fault(&world.system),
                        "an edit names a field beyond the last one");
}

/* ---- threads and memory ---- */

enum { RECORDS = 400, THREADS = 4 };

struct many {
    struct world world;
    double value[RECORDS][3];
    uint8_t change[THREADS][RECORDS][3];
    enum mq_status status[THREADS];
};

static void localise_all(int worker, void *context)
{
    struct many *many = context;

    for (size_t i = 0; i < RECORDS; i++) {
        struct mq_localise_result result = {.change = many->change[worker][i]};
        enum mq_status status = mq_localise(&many->world.system, many->value[i], &result, NULL);
        if (status != MQ_OK)
            many->status[worker] = status;
    }
}

static void test_threads(void **state)
{
    static struct many many;

    (void)state;
    open_business(&many.world);
    for (size_t i = 0; i < RECORDS; i++)
        for (size_t j = 0; j < 3; j++)
            many.value[i][j] = (double)((i * 7919 + j * 104729) % 911) - 100;
    mq_parallel(THREADS, localise_all, &many);
    for (size_t t = 0; t < THREADS; t++) {
        assert_int_equal(many.status[t], MQ_OK);
        assert_memory_equal(many.change[t], many.change[0], sizeof many.change[0]);
    }
    assert_non_null(memchr(many.change[0], 1, sizeof many.change[0]));
}

static void test_memory(void **state)
{
    struct world world;
    uint8_t change[FIELDS];
    long failures = 0;

    (void)state;
    open_business(&world);
    set_values(&world, (const double[]){755, -125, NAN});
    for (;; failures++) {
        struct mq_localise_result result = {.change = change};
        struct mq_error error = {0};
        enum mq_status status;
        fail_allocation(failures);
        status = mq_localise(&world.system, world.value, &result, &error);
        if (!allocation_failed()) {
            assert_int_equal(status, MQ_OK);
            break;
        }
        assert_int_equal(status, MQ_INTERNAL);
        assert_string_equal(error.message, "out of memory");
    }
    assert_true(failures >= 2);
}

/* The solver may run out of memory too: a status, not the end of the process. */
static void test_solver_memory(void **state)
{
    enum { MANY = 220 };
    static struct mq_linear_term term[MANY][MANY];
    static struct mq_linear_edit edit[MANY];
    static double value[MANY];
    static uint8_t change[MANY];
    struct mq_localise_system system = {.fields = MANY, .edits = MANY, .edit = edit};
    struct mq_localise_result result = {.change = change};
    struct mq_error error = {0};

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        for (size_t j = 0; j < MANY; j++)
            term[i][j] = (struct mq_linear_term){j, i == j ? MANY : 1};
        edit[i] = (struct mq_linear_edit){MANY, term[i], MQ_LINEAR_AT_LEAST, (double)i};
        value[i] = NAN;
    }
    assert_int_equal(glp_init_env(), 0);
    glp_mem_limit(1);
    assert_int_equal(mq_localise(&system, value, &result, &error), MQ_INTERNAL);
    assert_contains(error.message, "the linear programming solver gave up");
    assert_int_equal(mq_localise(&system, value, &result, &error), MQ_OK);
    assert_int_equal(result.outcome, MQ_LOCALISE_SOLVED);
    assert_int_equal(result.changed, MANY);
    assert_int_equal(glp_free_env(), 1); /* nothing is left of the solver */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_business),        cmocka_unit_test(test_business_more),
        cmocka_unit_test(test_large_and_small), cmocka_unit_test(test_strict),
        cmocka_unit_test(test_odd_systems),     cmocka_unit_test(test_ties),
        cmocka_unit_test(test_limits),          cmocka_unit_test(test_faults),
        cmocka_unit_test(test_threads),         cmocka_unit_test(test_memory),
        cmocka_unit_test(test_solver_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
