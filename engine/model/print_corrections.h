#ifndef MQ_MODEL_PRINT_CORRECTIONS_H
#define MQ_MODEL_PRINT_CORRECTIONS_H

#include "model/model.h"

/* corrections: of the model with every default written out; nothing without corrections. */
void mq_print_corrections(struct mq_buffer *yaml, const struct mq_model *model);

#endif
