/*
 * pattern: regular expressions on the texts of cells.
 *
 * A pattern is what PCRE2 reads, over UTF-8. It may match anywhere in the text unless it says ^ and
 * $; $ stands for the very end. \d, \w and \s mean ASCII; \p{Han} and its like mean Unicode. A
 * compiled pattern never changes and is shared by threads.
 */
#ifndef MQ_PATTERN_H
#define MQ_PATTERN_H

#include "core/core.h"

enum {
    MQ_PATTERN_MOST = 1000,      /* bytes of a pattern */
    MQ_PATTERN_TEXT_MOST = 1000, /* bytes of a text: a longer one matches nothing */
    MQ_PATTERN_STEPS = 20000     /* of backtracking from one start: then the text does not match */
};

struct mq_pattern;

/* MQ_BAD_MODEL with what is wrong and the byte of `text` where that was noticed; MQ_INTERNAL when
 * out of memory. */
enum mq_status mq_pattern_new(const char *text, struct mq_pattern **pattern, size_t *offset,
                              char message[128]);
void mq_pattern_free(struct mq_pattern *pattern); /* NULL is fine */

/* Where one thread matches. */
struct mq_matcher;
struct mq_matcher *mq_matcher_new(void); /* NULL if out of memory */
void mq_matcher_free(struct mq_matcher *matcher);

/* Does the pattern match? A text beyond the limits above, or one that is not UTF-8, does not.
 * MQ_INTERNAL when out of memory. */
enum mq_status mq_pattern_try(const struct mq_pattern *pattern, struct mq_matcher *matcher,
                              struct mq_text text, bool *matches);
/* The same for a text now and then; out of memory is no match. */
bool mq_pattern_matches(const struct mq_pattern *pattern, struct mq_text text);

#endif
