/*
 * UTF-8 checked 32 bytes at a time. Three tables, looked up by the halves of each byte and of the
 * one before it, hold what may be wrong with such a pair, a bit per kind of error; what all three
 * agree on is wrong. The method is that of Keiser and Lemire, "Validating UTF-8 In Less Than One
 * Instruction Per Byte" (2021).
 */
#include "core/utf8.h"

#if defined __x86_64__
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

enum {
    SHORT = 1 << 0,      /* a lead byte not followed by enough continuations */
    LONG = 1 << 1,       /* a continuation after ASCII */
    OVERLONG_3 = 1 << 2, /* E0 80..9F */
    LARGE = 1 << 3,      /* F4 90.., F5.. */
    SURROGATE = 1 << 4,  /* ED A0..BF */
    OVERLONG_2 = 1 << 5, /* C0, C1 */
    OVERLONG_4 = 1 << 6, /* F0 80..8F; also F5.. 80..8F */
    TWO = 1 << 7,        /* two continuations: wrong unless a long character explains them */
    CARRY = SHORT | LONG | TWO
};

#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

AVX2 static inline __m256i high_half(__m256i bytes)
{
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
}

/* The bytes `back` places before, the block before taken into account. */
#define BEFORE(now, last, back)                                                                    \
    _mm256_alignr_epi8(now, _mm256_permute2x128_si256(last, now, 0x21), 16 - (back))

AVX2 static inline __m256i wrong_pairs(__m256i now, __m256i before)
{
    const __m256i by_first_high = TWICE(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, (char)TWO,
                                        (char)TWO, (char)TWO, (char)TWO, SHORT | OVERLONG_2, SHORT,
                                        SHORT | OVERLONG_3 | SURROGATE, SHORT | LARGE | OVERLONG_4);
    const char plain = (char)CARRY, large = (char)(CARRY | LARGE | OVERLONG_4);
    const __m256i by_first_low =
        TWICE((char)(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4), (char)(CARRY | OVERLONG_2),
              plain, plain, (char)(CARRY | LARGE), large, large, large, large, large, large, large,
              large, (char)(CARRY | LARGE | OVERLONG_4 | SURROGATE), large, large);
    const char follows = (char)(LONG | OVERLONG_2 | TWO);
    const __m256i by_second_high =
        TWICE(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT,
              (char)(follows | OVERLONG_3 | OVERLONG_4), (char)(follows | OVERLONG_3 | LARGE),
              (char)(follows | SURROGATE | LARGE), (char)(follows | SURROGATE | LARGE), SHORT,
              SHORT, SHORT, SHORT);
    __m256i low = _mm256_and_si256(before, _mm256_set1_epi8(0x0F));
    return _mm256_and_si256(_mm256_and_si256(_mm256_shuffle_epi8(by_first_high, high_half(before)),
                                             _mm256_shuffle_epi8(by_first_low, low)),
                            _mm256_shuffle_epi8(by_second_high, high_half(now)));
}

/* Not zero if something is wrong up to the end of `now`, but for a character that goes on. */
AVX2 static inline __m256i wrong(__m256i now, __m256i last)
{
    __m256i pairs = wrong_pairs(now, BEFORE(now, last, 1));
    __m256i third = _mm256_subs_epu8(BEFORE(now, last, 2), _mm256_set1_epi8(0xE0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(BEFORE(now, last, 3), _mm256_set1_epi8((char)(0xF0 - 0x80)));
    __m256i due = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(due, pairs);
}

/* Where the character begins that stands at or just before the end of a checked text. */
static size_t begin_of(const unsigned char *s, size_t end)
{
    for (size_t back = 1; back <= 3 && back <= end; back++) {
        if (s[end - back] >= 0xC0)
            return end - back;
        if (s[end - back] < 0x80)
            break;
    }
    return end;
}

AVX2 static inline __m256i load(const char *bytes)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)bytes);
}

AVX2 static size_t valid_avx2(const char *bytes, size_t n)
{
    __m256i last = _mm256_setzero_si256();
    size_t i = 0;
    for (; n - i >= 64; i += 64) {
        __m256i a = load(bytes + i), b = load(bytes + i + 32);
        if (!_mm256_movemask_epi8(_mm256_or_si256(a, b)) &&
            !_mm256_movemask_epi8(last)) { /* no character goes on from the block before */
            last = b;
            continue;
        }
        __m256i bad = _mm256_or_si256(wrong(a, last), wrong(b, a));
        if (!_mm256_testz_si256(bad, bad))
            break;
        last = b;
    }
    i = begin_of((const unsigned char *)bytes, i);
    return i + mq_utf8_valid_plain(bytes + i, n - i);
}

mq_utf8_checker *mq_utf8_fast(void)
{
    return __builtin_cpu_supports("avx2") ? valid_avx2 : NULL;
}
#else
mq_utf8_checker *mq_utf8_fast(void)
{
    return NULL;
}
#endif
