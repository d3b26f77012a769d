/* The kernel in plain C: eight bytes at a time in a word. Also the choice among the kernels. */
#include <string.h>

#include "ingest/scan.h"

#define EACH UINT64_C(0x0101010101010101)
#define LOW7 UINT64_C(0x7F7F7F7F7F7F7F7F)

/* The bytes of a word that are `c`, as eight bits. */
static uint64_t equal_bits(uint64_t word, unsigned char c)
{
    uint64_t other = word ^ EACH * c;
    uint64_t high = ~(((other & LOW7) + LOW7) | other | LOW7); /* bit 7 of the bytes that are 0 */
    return (high >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static uint64_t mark_block(const char *text, char separator, struct mq_scan_marks *marks,
                           size_t word)
{
    uint64_t quote = 0, stop = 0, end = 0;
    for (size_t i = 0; i < 8; i++) {
        uint64_t eight = mq_word(text + 8 * i);
        quote |= equal_bits(eight, '"') << 8 * i;
        stop |= equal_bits(eight, (unsigned char)separator) << 8 * i;
        end |= (equal_bits(eight, '\n') | equal_bits(eight, '\r')) << 8 * i;
    }
    marks->quote[word] = quote;
    marks->stop[word] = stop | end;
    marks->end[word] = end;
    return quote;
}

static bool plain_mark(const char *text, size_t length, char separator, struct mq_scan_marks *marks)
{
    uint64_t quotes = 0;
    size_t word = 0;
    for (; 64 * word + 64 <= length; word++)
        quotes |= mark_block(text + 64 * word, separator, marks, word);
    if (64 * word < length) {
        char last[64] = {0};
        memcpy(last, text + 64 * word, length - 64 * word);
        quotes |= mark_block(last, separator, marks, word);
    }
    return quotes != 0;
}

static size_t plain_list(const uint64_t *mask, size_t words, uint32_t *place)
{
    size_t count = 0;
    for (size_t word = 0; word < words; word++)
        for (uint64_t bits = mask[word]; bits; bits &= bits - 1)
            place[count++] = (uint32_t)(64 * word) + (uint32_t)__builtin_ctzll(bits);
    return count;
}

static bool always(void)
{
    return true;
}

const struct mq_scan_kernel mq_scan_plain = {"plain", always, plain_mark, plain_list, NULL};

const struct mq_scan_kernel *mq_scan_kernel(size_t index)
{
    static const struct mq_scan_kernel *const kernels[] = {
#if defined __x86_64__
        &mq_scan_avx2,
#endif
        &mq_scan_plain,
    };
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
        if (kernels[i]->fits() && index-- == 0)
            return kernels[i];
    return NULL;
}
