/* COINr's example as a model of scores that are there already: its tree over its normalised
 * tables. */
#ifndef MQ_COINR_EXAMPLE_H
#define MQ_COINR_EXAMPLE_H

#include "index_fixture.h"

enum { COINR_NODES = 80 };

struct coinr_example {
    const char *folder; /* of COINr's numbers */
    struct mq_arena arena;
    struct mq_table meta;
    struct mq_model model;
    struct mq_level level[1];
    struct mq_node node[COINR_NODES];
    int child[COINR_NODES][COINR_NODES], order[COINR_NODES], depth;
    /* what was compared, and what cannot be */
    size_t files, numbers, missing_there, infinite, skipped;
    double worst;
};

/* False if there is no such file. */
bool coinr_read_csv(struct coinr_example *example, const char *folder, const char *name,
                    struct mq_table *table);
const char *coinr_cell(const struct mq_table *table, size_t row, const char *column);
double coinr_number(const struct mq_table *table, size_t row, const char *column); /* or NaN */
int coinr_node_named(const struct coinr_example *example, const char *id);         /* or -1 */
/* From the metadata; leaves with the normaliser `none`, parents without a method yet. */
void coinr_build_tree(struct coinr_example *example);
/* A unit for each row, scores of the leaves as values. */
struct mq_frame *coinr_build_frame(struct coinr_example *example, const struct mq_table *scores);
/* All 1, or the unequal ones of the folder. */
void coinr_choose_weights(struct coinr_example *example, bool unequal);

#endif
