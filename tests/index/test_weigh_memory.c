/* Every allocation of a weigher may fail: a status, no crash, no leak. */
#include "failing.h"
#include "index_fixture.h"

enum { CHILDREN = 4, UNITS = 600 };

/* What any of the methods may be given. */
struct given {
    struct mq_choice choice, part[2];
    struct mq_argument argument[MQ_MAX_PARAMS], matrix[MQ_MAX_PARAMS];
};

static const double judgements[CHILDREN * CHILDREN] = {1, 1, 1, 1, 1, 1, 1, 1,
                                                       1, 1, 1, 1, 1, 1, 1, 1};
static const double targets[CHILDREN] = {1, 1, 0, 4}; /* out of reach: least squares too */

static void give(struct given *given, size_t method)
{
    const char *name = mq_weighers[method]->method.name;
    struct mq_argument squares = {.rows = CHILDREN, .columns = CHILDREN, .value = judgements};

    memset(given, 0, sizeof *given);
    given->choice.method = (int)method;
    given->choice.argument = given->argument;
    given->choice.param[1] = strcmp(name, "combined") == 0 ? 2 : 0.75; /* game; an upper share */
    given->argument[0] = squares;
    if (strcmp(name, "target_influence") == 0)
        given->argument[0] = (struct mq_argument){.rows = 1, .columns = CHILDREN, .value = targets};
    if (strcmp(name, "combined") != 0)
        return;
    given->matrix[0] = squares;
    given->part[0] = (struct mq_choice){.method = fixture_method(MQ_WEIGH, "critic")};
    given->part[1] = (struct mq_choice){
        .method = fixture_method(MQ_WEIGH, "ahp"), .param = {0, 0.1}, .argument = given->matrix};
    given->argument[0] = (struct mq_argument){.choices = 2, .choice = given->part};
}

/* How many allocations there were. */
static long try_weigher(size_t method, const struct mq_weigh_table *table, double *weights)
{
    bool reached = true;
    long n = 0;

    for (; reached; n++) {
        struct mq_error error = {0};
        enum mq_reason reason = MQ_FINE;
        enum mq_status status;
        fail_allocation(n);
        status = mq_weighers[method]->weigh(table, weights, &reason, &error);
        reached = allocation_failed();
        assert_int_equal(status, reached ? MQ_INTERNAL : MQ_OK);
        if (reached)
            assert_contains(error.message, "memory");
        else
            assert_int_equal(reason, MQ_FINE);
    }
    return n - 1;
}

static void test_every_weigher(void **state)
{
    static double cells[CHILDREN][UNITS], weights[UNITS * CHILDREN];
    static const double written[CHILDREN] = {0.25, 0.25, 0.25, 0.25};
    const double *column[CHILDREN];
    uint64_t seed = 8;
    long allocations = 0;

    (void)state;
    for (size_t i = 0; i < UNITS; i++) {
        double common = fixture_uniform(&seed, 1, 50);
        for (size_t c = 0; c < CHILDREN; c++)
            cells[c][i] = common + fixture_uniform(&seed, 0, 20);
    }
    for (size_t c = 0; c < CHILDREN; c++)
        column[c] = cells[c];
    for (size_t m = 0; m < mq_weighers_count; m++) {
        bool by_unit = mq_weighers[m]->by_unit;
        struct given given;
        struct mq_weigh_table table = {column, CHILDREN, by_unit ? 30 : UNITS, written,
                                       &given.choice};
        give(&given, m);
        if (mq_weighers[m]->weigh)
            allocations += try_weigher(m, &table, weights);
    }
    assert_true(allocations > 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_weigher)};

    return cmocka_run_group_tests_name("weights memory", tests, NULL, NULL);
}
