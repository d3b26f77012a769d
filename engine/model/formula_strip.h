/* What the instructions of a program work on: inside formula_run.c and formula_run_text.c. */
#ifndef MQ_MODEL_FORMULA_STRIP_H
#define MQ_MODEL_FORMULA_STRIP_H

#include "model/formula.h"

enum { MQ_STRIP = 1024 };

struct mq_strip {
    double *values;  /* [program->values][MQ_STRIP] */
    uint8_t *truths; /* [program->truths][MQ_STRIP] */
    const struct mq_column *columns;
    size_t first, rows;
};

static inline double *mq_value_at(const struct mq_strip *strip, uint16_t at)
{
    return strip->values + (size_t)at * MQ_STRIP;
}

static inline uint8_t *mq_truth_at(const struct mq_strip *strip, uint16_t at)
{
    return strip->truths + (size_t)at * MQ_STRIP;
}

/* ---- formula_run_text.c ---- */

void mq_run_code_is(const struct mq_strip *strip, const struct mq_instruction *in);
void mq_run_key_is(const struct mq_strip *strip, const struct mq_instruction *in);
void mq_run_test(const struct mq_strip *strip, const struct mq_instruction *in);
void mq_run_lookup(const struct mq_strip *strip, const struct mq_instruction *in);
void mq_run_lookup_truth(const struct mq_strip *strip, const struct mq_instruction *in);

#endif
