/* A table of scores made by hand, and weights asked of it. The test that includes this says first
 * how many CHILDREN and UNITS a table has room for. */
#ifndef MQ_TEST_WEIGH_FIXTURE_H
#define MQ_TEST_WEIGH_FIXTURE_H

#include "index_fixture.h"

struct cells {
    size_t units, children;
    double value[CHILDREN][UNITS];
};

static inline enum mq_reason weigh(const struct cells *cells, const struct mq_choice *choice,
                                   double *weights)
{
    static const double written[CHILDREN] = {0.3, 0.1, 0.25, 0.15, 0.2};
    const double *column[CHILDREN];
    struct mq_weigh_table table = {column, cells->children, cells->units, written, choice};
    enum mq_reason reason = MQ_FINE;
    struct mq_error error = {0};

    for (size_t c = 0; c < CHILDREN; c++)
        column[c] = cells->value[c];
    assert_int_equal(mq_weighers[choice->method]->weigh(&table, weights, &reason, &error), MQ_OK);
    return reason;
}

static inline enum mq_reason weigh_as(const struct cells *cells, const char *method,
                                      double *weights)
{
    struct mq_choice choice = {.method = fixture_method(MQ_WEIGH, method), .param = {0, 1}};

    return weigh(cells, &choice, weights);
}

static const char *fault_of(const struct mq_choice *choice)
{
    return mq_weighers[choice->method]->method.fault(choice);
}

/* A choice with one list or matrix. */
struct chosen {
    struct mq_choice choice;
    struct mq_argument argument[MQ_MAX_PARAMS];
};

static inline struct mq_choice *choose(struct chosen *chosen, const char *method,
                                       const double *numbers, size_t rows, size_t columns)
{
    memset(chosen, 0, sizeof *chosen);
    chosen->argument[0] = (struct mq_argument){.rows = rows, .columns = columns, .value = numbers};
    chosen->choice.method = fixture_method(MQ_WEIGH, method);
    chosen->choice.param[1] = 0.1;
    chosen->choice.argument = chosen->argument;
    return &chosen->choice;
}

#endif
