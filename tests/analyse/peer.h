/* COINr's example: its tables, and what was compared with them so far. */
#ifndef MQ_PEER_H
#define MQ_PEER_H

#include "analyse/analyse.h"
#include "support.h"

enum { MOST = 80 };

struct peer {
    const char *folder;
    struct mq_arena arena;
    struct mq_table meta, raw, scores;
    size_t files, numbers; /* of COINr, compared */
    double worst;
};

/* False if the file is not there. */
bool read_csv(struct peer *peer, const char *name, struct mq_table *table);
const char *cell(const struct mq_table *table, size_t row, const char *column);
double number(const struct mq_table *table, size_t row, const char *column);
/* Relative difference; numbers below 1e-3 are differences of such as are about 1. */
void compare(struct peer *peer, double found, double wanted, const char *what);

/* From the metadata. */
const char *parent_of(const struct peer *peer, const char *id);
bool is_indicator(const struct peer *peer, const char *id);

/* Columns of a table. */
struct picked {
    struct mq_columns columns;
    const double *column[MOST];
    const char *name[MOST];
    double *memory;
};
void pick(struct picked *picked, const struct mq_table *table, const char *name);
/* All columns of numbers but the codes. */
void pick_all(struct picked *picked, const struct mq_table *table);
void pick_children(struct peer *peer, struct picked *picked, const struct mq_table *data,
                   const char *group);
size_t column_named(const struct picked *picked, const char *name);

/* peer_model.c: effective weights and flags, from a model and a frame. */
void try_model(struct peer *peer);

#endif
