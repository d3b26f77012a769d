/* YAML text, piece by piece; whether memory ran out is kept in the buffer. */
#ifndef MQ_MODEL_PRINT_YAML_H
#define MQ_MODEL_PRINT_YAML_H

#include "core/core.h"

/* A text as a scalar that reads back the same inside lists and maps: bare where that is safe, else
 * in double quotes. Chinese stays as it is. */
void mq_yaml_text(struct mq_buffer *yaml, const char *text);
void mq_yaml_fraction(struct mq_buffer *yaml, int64_t numerator, int64_t denominator);
/* "<lead>key: text\n"; lead is the indent, or "  - " for the first key of an item. */
void mq_yaml_pair(struct mq_buffer *yaml, const char *lead, const char *key, const char *text);
/* "<lead>key: [a, b]\n" */
void mq_yaml_flow(struct mq_buffer *yaml, const char *lead, const char *key,
                  const char *const *texts, size_t count);

#endif
