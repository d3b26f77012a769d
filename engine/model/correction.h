/* What a model may change in a row; part of model.h. */
#ifndef MQ_MODEL_CORRECTION_H
#define MQ_MODEL_CORRECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mq_program;

/* `corrections:` change amounts of rows as they are read, in this order, before scope and rules. */
struct mq_correction {
    const char *id, *title;
    const char *where_text;         /* NULL: every row */
    const struct mq_program *where; /* rows where it is MQ_TRUE are corrected */
    size_t fields;                  /* amounts that may change */
    const int *field;
    int power; /* divided by 10^power and rounded half up to the input's decimals, or multiplied by
                  10^-power; 0: prorated instead */
    /* prorating: the fields are parts with the same number of decimals, 0..9 */
    int total;
    bool scaling;         /* method: scaling; else basic */
    const double *weight; /* [fields] > 0 */
    const uint8_t *fixed; /* [fields] 1: stays as it is; not all */
    double low, high;     /* low <= 1 <= high; high may be infinite */
};

#endif
