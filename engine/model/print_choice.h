/* A method with its parameters as YAML. */
#ifndef MQ_MODEL_PRINT_CHOICE_H
#define MQ_MODEL_PRINT_CHOICE_H

#include "model/model.h"

/* "{method: m, a: 1" and no "}": the caller may have more to say. Parameters without a value are
 * left out, with `only_given` also those the model does not name. */
void mq_print_choice(struct mq_buffer *yaml, const struct mq_catalogue *catalogue,
                     enum mq_family family, const struct mq_choice *choice, bool only_given);

#endif
