/*
 * levels: the units of a model, and how a level is made of a finer one.
 */
#ifndef MQ_LEVELS_H
#define MQ_LEVELS_H

#include "model/methods.h"

struct mq_level_axis {
    int input;        /* a MQ_CODE input */
    const char *part; /* level of its code list ("province"), "" for the code as found */
};

enum { MQ_MAX_AXES = 4 };

/* What becomes of a unit that has a weight but no value in a period. In all cases a group none of
 * whose units has a value of its own has no value either. */
enum mq_empty_policy {
    MQ_EMPTY_FAIL,        /* the run ends and names it */
    MQ_EMPTY_RENORMALISE, /* the others' weights are scaled up */
    MQ_EMPTY_BORROW       /* it gets the value of the unit of another level that it lies in */
};

/* A level is the weighted mean of units of a finer one instead of a ratio of its own sums. */
struct mq_rollup {
    int of; /* finer level, -1: no rollup */
    const char
        *path; /* as written, from model->directory: unit,weight[,period] with units of `of` */
    enum mq_empty_policy empty;
    size_t froms;    /* MQ_EMPTY_BORROW: levels to borrow from, the first that has a value counts */
    const int *from; /* [froms]; each is done before this level */
    enum mq_empty_policy
        otherwise; /* MQ_EMPTY_BORROW where none of them has one: fail, renormalise */
};

struct mq_level {
    const char *id, *title;
    size_t axes; /* 0: everything is one unit */
    struct mq_level_axis axis[MQ_MAX_AXES];
    struct mq_rollup rollup;
    struct mq_position at;
};

#endif
