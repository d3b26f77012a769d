/* The kernel for x86-64 processors with AVX2. */
#include "ingest/scan.h"

#if defined __x86_64__
#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

static bool fits_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt");
}

AVX2 static inline uint64_t equal64(__m256i low, __m256i high, char c)
{
    __m256i wanted = _mm256_set1_epi8(c);
    uint32_t first = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
    uint32_t second = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));
    return (uint64_t)second << 32 | first;
}

AVX2 static inline uint64_t mark_avx2_block(const char *text, char separator,
                                            struct mq_scan_marks *marks, size_t word)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)text);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(text + 32));
    uint64_t quote = equal64(low, high, '"');
    uint64_t end = equal64(low, high, '\n') | equal64(low, high, '\r');
    marks->quote[word] = quote;
    marks->stop[word] = equal64(low, high, separator) | end;
    marks->end[word] = end;
    return quote;
}

AVX2 static bool mark_avx2(const char *text, size_t length, char separator,
                           struct mq_scan_marks *marks)
{
    uint64_t quotes = 0;
    size_t word = 0;
    for (; 64 * word + 64 <= length; word++)
        quotes |= mark_avx2_block(text + 64 * word, separator, marks, word);
    if (64 * word < length) {
        char last[64] = {0};
        memcpy(last, text + 64 * word, length - 64 * word);
        quotes |= mark_avx2_block(last, separator, marks, word);
    }
    return quotes != 0;
}

/* Eight places are written whether they are there or not: fewer branches to guess. */
AVX2 static size_t list_avx2(const uint64_t *mask, size_t words, uint32_t *place)
{
    size_t count = 0;
    for (size_t word = 0; word < words; word++) {
        uint64_t bits = mask[word];
        if (!bits)
            continue;
        uint32_t base = (uint32_t)(64 * word), *out = place + count;
        size_t found = (size_t)_mm_popcnt_u64(bits);
        count += found;
        for (size_t done = 0; done < found; done += 8)
            for (size_t i = 0; i < 8; i++, bits = _blsr_u64(bits))
                *out++ = base + (uint32_t)_tzcnt_u64(bits);
    }
    return count;
}

/*
 * Numbers go through two loops: one fetches the eight bytes that end each field, the other works on
 * four such words at a time: bytes before the field are cleared, a point is closed up, then digits
 * are joined to pairs, fours and eights.
 */
enum { BATCH = 64 };
struct batch {
    uint64_t word[BATCH], unused[BATCH]; /* unused: bits before the field; 64 and more: refuse */
};

static void fetch(const struct mq_scan_numbers *numbers, size_t row, size_t count,
                  struct batch *batch)
{
    const uint32_t *stop = numbers->stop + numbers->column, *first = numbers->first + row;
    for (size_t i = 0; i < count; i++) {
        uint32_t end = stop[first[i]], length = end - stop[(ptrdiff_t)first[i] - 1] - 1;
        batch->word[i] = mq_word(numbers->text + end - 8);
        batch->unused[i] = 64 - 8 * (uint64_t)length;
    }
    for (size_t i = count; i % 4; i++)
        batch->word[i] = batch->unused[i] = 64;
}

/* What a point after which 7 - k digits follow means: value * scale[k]; 0: too many digits. */
static void scales(int64_t scale, uint32_t *of)
{
    uint64_t now = (uint64_t)scale;
    for (size_t k = 8; k-- > 0;) {
        of[k] = (uint32_t)now;
        now = now % 10 ? 0 : now / 10;
    }
}

/* Closes up the points; *scale becomes what the lanes are to be multiplied with. */
AVX2 static inline __m256i close_points(__m256i digits, __m256i unused, const uint32_t *of,
                                        __m256i *scale)
{
    const __m256i nothing = _mm256_setzero_si256(), ones = _mm256_set1_epi64x(-1);
    __m256i point = _mm256_cmpeq_epi8(digits, _mm256_set1_epi8('.' - '0'));
    if (_mm256_testz_si256(point, point))
        return digits;
    __m256i none = _mm256_cmpeq_epi64(point, nothing);
    __m256i lowest = _mm256_and_si256(point, _mm256_sub_epi64(nothing, point));
    __m256i below = _mm256_add_epi64(lowest, ones);
    __m256i above = /* and not the point itself */
        _mm256_andnot_si256(_mm256_add_epi64(_mm256_slli_epi64(lowest, 8), ones), ones);
    __m256i closed = _mm256_or_si256(_mm256_and_si256(digits, above),
                                     _mm256_slli_epi64(_mm256_and_si256(digits, below), 8));
    __m256i at = _mm256_sad_epu8(_mm256_and_si256(below, _mm256_set1_epi8(1)), nothing);
    __m256i table = _mm256_loadu_si256((const __m256i *)(const void *)of);
    __m256i scaled =
        _mm256_and_si256(_mm256_permutevar8x32_epi32(table, at), _mm256_set1_epi64x(UINT32_MAX));
    /* A point without a digit is refused. */
    __m256i alone = _mm256_cmpeq_epi64(unused, _mm256_set1_epi64x(56));
    scaled = _mm256_andnot_si256(alone, scaled);
    *scale = _mm256_blendv_epi8(scaled, *scale, none);
    return _mm256_blendv_epi8(closed, digits, none);
}

/* Four fields; returns those that are plain numbers as four bits. */
AVX2 static inline unsigned join_four(const uint64_t *word, const uint64_t *bits,
                                      const uint32_t *of, uint64_t *value)
{
    const __m256i ones = _mm256_set1_epi64x(-1);
    __m256i unused = _mm256_loadu_si256((const __m256i *)(const void *)bits);
    __m256i keep = _mm256_sllv_epi64(ones, unused); /* 0 from 64 bits on */
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)word);
    __m256i digits = _mm256_and_si256(_mm256_sub_epi8(bytes, _mm256_set1_epi8('0')), keep);
    __m256i scale = _mm256_set1_epi64x(of[7]);
    digits = close_points(digits, unused, of, &scale);
    __m256i nine = _mm256_set1_epi8(9);
    __m256i plain =
        _mm256_cmpeq_epi64(_mm256_cmpeq_epi8(_mm256_max_epu8(digits, nine), nine), ones);
    __m256i refused = _mm256_or_si256(_mm256_cmpeq_epi64(keep, _mm256_setzero_si256()),
                                      _mm256_cmpeq_epi64(scale, _mm256_setzero_si256()));
    plain = _mm256_andnot_si256(refused, plain);
    __m256i fours = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A)),
                                      _mm256_set1_epi32(0x00010064));
    __m256i eights = _mm256_add_epi64(_mm256_mul_epu32(fours, _mm256_set1_epi64x(10000)),
                                      _mm256_srli_epi64(fours, 32));
    _mm256_storeu_si256((__m256i *)(void *)value, _mm256_mul_epu32(eights, scale));
    return (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(plain));
}

AVX2 static size_t numbers_avx2(const struct mq_scan_numbers *numbers, uint32_t *rest)
{
    struct batch batch;
    uint32_t of[8];
    size_t left = 0;
    scales(numbers->scale, of);
    memset(numbers->state, MQ_PRESENT, numbers->count);
    for (size_t row = 0; row < numbers->count; row += BATCH) {
        size_t count = numbers->count - row < BATCH ? numbers->count - row : BATCH;
        int64_t *value = numbers->value + row;
        fetch(numbers, row, count, &batch);
        for (size_t i = 0; i < count; i += 4) {
            uint64_t four[4];
            unsigned plain = join_four(batch.word + i, batch.unused + i, of, four);
            size_t some = count - i < 4 ? count - i : 4;
            memcpy(value + i, four, some * sizeof *four);
            for (unsigned other = ~plain & ((1u << some) - 1); other; other &= other - 1)
                rest[left++] = (uint32_t)(row + i) + (uint32_t)__builtin_ctz(other);
        }
    }
    return left;
}

const struct mq_scan_kernel mq_scan_avx2 = {"avx2", fits_avx2, mark_avx2, list_avx2, numbers_avx2};
#else
typedef int mq_scan_x86_is_empty; /* ISO C wants something in every file */
#endif
