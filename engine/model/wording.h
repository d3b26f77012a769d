/* Words for messages: user text made short and printable, and what the user may have meant. */
#ifndef MQ_MODEL_WORDING_H
#define MQ_MODEL_WORDING_H

#include "core/core.h"

enum { MQ_QUOTED = 96, MQ_HINT = 400 };

/* User text for a message: cut at a whole character, control characters as '?'. Returns `out`. */
const char *mq_quoted(struct mq_text text, char out[MQ_QUOTED]);

/* "; did you mean "x"?", or else "; known <what>: a, b, c", or "" without candidates. Returns
 * `out`. */
const char *mq_hint(const char *word, const char *const *candidates, size_t count, const char *what,
                    char out[MQ_HINT]);

#endif
