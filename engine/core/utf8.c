/* Strict UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
#include "core/utf8.h"

#include <string.h>

size_t mq_utf8_decode(const unsigned char *s, size_t n, uint32_t *code)
{
    unsigned lead = s[0];
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    size_t length = lead >= 0xC2 && lead < 0xE0   ? 2
                    : lead >= 0xE0 && lead < 0xF0 ? 3
                    : lead >= 0xF0 && lead < 0xF5 ? 4
                                                  : 0;
    if (length == 0 || n < length)
        return 0;
    uint32_t value = lead & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (s[i] & 0x3F);
    }
    bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    if (overlong || (value >= 0xD800 && value < 0xE000) || value > 0x10FFFF)
        return 0;
    *code = value;
    return length;
}

/* Past characters of three bytes, as Chinese ones are: all their bits are tested at once. */
static size_t pass_three(const unsigned char *s, size_t i, size_t n)
{
    for (; n - i >= 3; i += 3) {
        uint32_t three = s[i] | (uint32_t)s[i + 1] << 8 | (uint32_t)s[i + 2] << 16;
        uint32_t range = three & 0x200F; /* 0: overlong; 0x200D: a surrogate */
        if ((three & 0xC0C0F0) != 0x8080E0 || range == 0 || range == 0x200D)
            break;
    }
    return i;
}

size_t mq_utf8_valid_plain(const char *bytes, size_t n)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t i = 0;
    while (i < n) {
        uint64_t eight, four[4];
        for (; n - i >= sizeof four; i += sizeof four) {
            memcpy(four, s + i, sizeof four);
            if ((four[0] | four[1] | four[2] | four[3]) & UINT64_C(0x8080808080808080))
                break;
        }
        while (n - i >= sizeof eight) {
            memcpy(&eight, s + i, sizeof eight);
            if (eight & UINT64_C(0x8080808080808080))
                break;
            i += sizeof eight;
        }
        /* Stay here through a run of non-ASCII text; eight at a time again after an ASCII byte. */
        while (i < n) {
            uint32_t code;
            i = pass_three(s, i, n);
            if (i == n)
                break;
            bool ascii = s[i] < 0x80;
            size_t length = mq_utf8_decode(s + i, n - i, &code);
            if (length == 0)
                return i;
            i += length;
            if (ascii && n - i >= sizeof eight)
                break;
        }
    }
    return n;
}

size_t mq_utf8_valid(const char *bytes, size_t n)
{
    mq_utf8_checker *fast = n >= 64 ? mq_utf8_fast() : NULL;
    return fast ? fast(bytes, n) : mq_utf8_valid_plain(bytes, n);
}
