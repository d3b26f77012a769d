/*
 * scan: what the second tokeniser asks of the processor. Every kernel gives the same answers; the
 * fastest one that the processor can run is chosen once, when a tokeniser is opened. The way of
 * marking bytes 64 at a time follows Langdale and Lemire, "Parsing Gigabytes of JSON per Second".
 */
#ifndef MQ_SCAN_H
#define MQ_SCAN_H

#include "ingest/reader.h"

enum {
    MQ_SCAN_WORDS = 512,
    MQ_SCAN_WINDOW = 64 * MQ_SCAN_WORDS, /* bytes looked at together: they stay in the L1 cache */
    MQ_SCAN_SLACK = 64                   /* places that `list` may write beyond the last */
};

/* Bit i of word k speaks of byte 64 * k + i. */
struct mq_scan_marks {
    uint64_t quote[MQ_SCAN_WORDS], stop[MQ_SCAN_WORDS] /* separator, CR, LF */, end[MQ_SCAN_WORDS];
};

/* One column of rows that hold plain numbers, mostly. */
struct mq_scan_numbers {
    const char *text;
    const uint32_t *stop;  /* see struct mq_rows; field i is text[stop[i - 1] + 1 .. stop[i]) */
    const uint32_t *first; /* [count] */
    size_t count, column;
    int64_t scale;  /* a power of ten below 2^32 */
    int64_t *value; /* [count] */
    uint8_t *state; /* [count] */
};

struct mq_scan_kernel {
    const char *name;
    bool (*fits)(void); /* whether this processor can run it */
    /* Marks a text of 1 to MQ_SCAN_WINDOW bytes; true if there is a quote. */
    bool (*mark)(const char *text, size_t length, char separator, struct mq_scan_marks *marks);
    /* The numbers of the set bits in ascending order; returns how many. `place` has room for
     * MQ_SCAN_SLACK more. */
    size_t (*list)(const uint64_t *mask, size_t words, uint32_t *place);
    /* Fields of 1 to 8 ASCII digits, a point perhaps among them, become value * scale and
     * MQ_PRESENT. The rows of all others, and of those with too many digits after the point, are
     * listed in `rest` [count]; returns how many. The 8 bytes before the end of every field must be
     * readable. NULL: not faster than one by one. */
    size_t (*numbers)(const struct mq_scan_numbers *numbers, uint32_t *rest);
};

extern const struct mq_scan_kernel mq_scan_plain; /* any machine */
#if defined __x86_64__
extern const struct mq_scan_kernel mq_scan_avx2;
#endif
/* Kernel number `index` of those this processor can run, the fastest first; NULL after the last. */
const struct mq_scan_kernel *mq_scan_kernel(size_t index);
/* For tests. The window: a multiple of 64, at most MQ_SCAN_WINDOW. */
void mq_scan_use(void *tokens, const struct mq_scan_kernel *kernel, size_t window);

/* Eight bytes as one word, the first byte lowest on every machine. */
static inline uint64_t mq_word(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
           (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
           (uint64_t)b[7] << 56;
}

#endif
