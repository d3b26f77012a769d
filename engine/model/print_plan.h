/* The plan of a publication as YAML; nothing where the model says nothing. */
#ifndef MQ_MODEL_PRINT_PLAN_H
#define MQ_MODEL_PRINT_PLAN_H

#include "model/model.h"

void mq_print_plan(struct mq_buffer *yaml, const struct mq_model *model);

#endif
