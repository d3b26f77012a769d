/* Parts of utf8.c and utf8_x86.c; nobody outside core includes it. */
#ifndef MQ_UTF8_H
#define MQ_UTF8_H

#include "core/core.h"

/* Length of the character at s (n > 0) and its code point; 0 if the bytes are not strict UTF-8. */
size_t mq_utf8_decode(const unsigned char *s, size_t n, uint32_t *code);
/* mq_utf8_valid in plain C, for any machine. */
size_t mq_utf8_valid_plain(const char *bytes, size_t n);
/* The same for x86-64 processors with AVX2, else NULL. */
typedef size_t mq_utf8_checker(const char *bytes, size_t n);
mq_utf8_checker *mq_utf8_fast(void);

#endif
