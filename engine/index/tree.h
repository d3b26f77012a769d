/* One parent on its way from the scores of its children to its own; shared by tree.c and
 * tree_weights.c. */
#ifndef MQ_TREE_H
#define MQ_TREE_H

#include "index/index_parts.h"

/* Weights by which children are there, kept from unit to unit. */
enum { MQ_PATTERNS = 32 };

/* What one worker needs; arrays have `children` entries unless said otherwise. */
struct mq_parent_scratch {
    bool *now;       /* which children the unit at work has */
    double *weight;  /* of the unit at work, 0 where absent */
    double *packed;  /* [2 * children] scores and weights of the present children */
    bool *pattern;   /* [MQ_PATTERNS * children] */
    double *weights; /* [MQ_PATTERNS * children] */
    bool known[MQ_PATTERNS];
    size_t group;  /* of the weights kept */
    double factor; /* what the score of the unit at work is multiplied by */
};

struct mq_parent {
    struct mq_scores *scores;
    const struct mq_node *node;
    size_t index, children;
    const struct mq_combiner *combiner;
    const struct mq_weigher *weigher;
    double *full;  /* [groups * children] weights when nothing is missing; one row if written */
    uint8_t *none; /* [groups] enum mq_reason: MQ_FINE, or why there are no weights */
    double *own;   /* [units * children] weights of each unit, if it has its own */
    int workers;
    struct mq_parent_scratch *scratch; /* [workers] */
};

static inline size_t mq_child_at(const struct mq_parent *family, size_t unit, size_t child)
{
    return unit * family->scores->model->nodes + (size_t)family->node->child[child];
}
/* Weights of a group's units when nothing is missing. */
static inline const double *mq_full_weights(const struct mq_parent *family, size_t group)
{
    return family->weigher->weigh ? &family->full[group * family->children] : family->full;
}

/* Written weights of the children of a pattern (all if NULL), scaled to sum 1; all 0 if their sum
 * is. */
void mq_written_weights(const struct mq_parent *family, const bool *pattern, double *weights);
/* Weights of a unit with the children scratch->now. */
void mq_unit_weights(const struct mq_parent *family, struct mq_parent_scratch *scratch,
                     size_t group, size_t unit);
/* Weights worked out from the scores of one level and period, for the families that do so. */
enum mq_status mq_weigh_group(struct mq_parent *family, const struct mq_groups *groups,
                              size_t group, struct mq_error *error);

#endif
