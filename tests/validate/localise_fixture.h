/* Small systems of linear edits. */
#ifndef MQ_TEST_LOCALISE_FIXTURE_H
#define MQ_TEST_LOCALISE_FIXTURE_H

#include "support.h"
#include "validate/localise.h"

enum { FIELDS = 8, EDITS = 8 };

struct world {
    struct mq_linear_term term[EDITS][FIELDS];
    struct mq_linear_edit edit[EDITS];
    double weight[FIELDS], value[FIELDS];
    struct mq_localise_system system;
};

static inline void open_world(struct world *world, size_t fields)
{
    memset(world, 0, sizeof *world);
    for (size_t j = 0; j < FIELDS; j++)
        world->weight[j] = 1;
    world->system =
        (struct mq_localise_system){.fields = fields, .edit = world->edit, .weight = world->weight};
}

/* Coefficients of the fields from the first on, as many as the system has. */
static inline void add_edit(struct world *world, const double *coefficients,
                            enum mq_linear_operator compare, double constant)
{
    size_t e = world->system.edits++, terms = 0;

    for (size_t j = 0; j < world->system.fields; j++)
        if (coefficients[j] != 0)
            world->term[e][terms++] = (struct mq_linear_term){j, coefficients[j]};
    world->edit[e] = (struct mq_linear_edit){terms, world->term[e], compare, constant};
}

#endif
