/*
 * design: how the rows of a model were drawn, where they are a sample.
 */
#ifndef MQ_DESIGN_H
#define MQ_DESIGN_H

#include "model/levels.h"

/* `design:` of a model whose rows are a sample of a population. */
enum mq_single { MQ_SINGLE_FAIL, MQ_SINGLE_CERTAINTY, MQ_SINGLE_ADJUST, MQ_SINGLE_AVERAGE };
enum mq_interval { MQ_INTERVAL_LOGIT, MQ_INTERVAL_WALD, MQ_INTERVAL_WILSON, MQ_INTERVAL_BETA };
struct mq_stratum_size {
    const char *stratum;
    double population; /* PSUs, from 1 */
    long line;         /* in the table */
};
/* A margin that weights are raked to: design: {rake: ...}. */
struct mq_margin {
    const char *name; /* "region.city|sex" */
    size_t axes, categories;
    struct mq_level_axis axis[MQ_MAX_AXES];
    const char *const *category; /* [categories] codes joined by '|', sorted by bytes */
    const double *total;         /* [categories] of the population, >= 0 */
};
enum { MQ_MAX_RAKED = 8 };
struct mq_design {
    int weight, strata, psu, fpc; /* inputs, -1: not given. Without weights every row weighs 1,
                                     without strata there is one, without PSUs every row is its own;
                                     fpc: PSUs of the row's stratum in the population */
    const char *path;             /* table of PSUs by stratum instead of `fpc`, as found; NULL */
    size_t sizes;                 /* its rows; 0 with MQ_MODEL_NO_CODES */
    const struct mq_stratum_size *size;
    enum mq_single single;     /* what a stratum with one PSU adds to the variance: bind_design.c */
    enum mq_interval interval; /* of proportions; all else is wald */
    double confidence;         /* 0 < confidence < 1 */
    const char *rake;          /* table of margins, as found; NULL: weights stay as they are */
    size_t margins, raked;     /* 0 with MQ_MODEL_NO_CODES */
    const struct mq_margin *margin;
    int raked_input[MQ_MAX_RAKED]; /* [raked] inputs of the margins */
};

#endif
