/* 32 bytes at a time, on x86-64 processors that can. */
#include "floor.h"

#if defined __x86_64__
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

/* Places of the bits of a byte, lowest first. */
static uint64_t bits_of[256];

AVX2 static inline __m256i load(const void *at)
{
    return _mm256_loadu_si256(at);
}

/* Which of the 64 bytes from `at` on are stops: below "-" (comma, line break), or not ASCII. */
AVX2 static inline uint64_t stops_at(const uint8_t *at)
{
    __m256i minus = _mm256_set1_epi8('-');
    uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(minus, load(at)));
    uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(minus, load(at + 32)));
    return (uint64_t)high << 32 | low;
}

AVX2 static inline uint64_t equal_at(const uint8_t *at, char c)
{
    __m256i wanted = _mm256_set1_epi8(c);
    uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(wanted, load(at)));
    uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(wanted, load(at + 32)));
    return (uint64_t)high << 32 | low;
}

/* Writes the places of the bits to `out` (and up to eight bytes behind them) -> behind the last. */
AVX2 static inline uint8_t *list_bits(uint64_t bits, unsigned base, uint8_t *out)
{
    uint64_t bases = base * UINT64_C(0x0101010101010101);
#pragma GCC unroll 8
    for (int byte = 0; byte < 8; byte++, bits >>= 8, bases += UINT64_C(0x0808080808080808)) {
        uint64_t places = bits_of[bits & 255] + bases;
        memcpy(out, &places, sizeof places);
        out += _mm_popcnt_u32(bits & 255);
    }
    return out;
}

/* Year, area and division as in plain_cell(), by one comparison and one tree of sums. */
AVX2 static inline ptrdiff_t quick_cell(struct sums *sums, const uint8_t *at)
{
    __m256i digits = _mm256_sub_epi8(load(at), _mm256_set1_epi8('0'));
    __m256i nine = _mm256_set1_epi8(9);
    unsigned are =
        (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(digits, nine), nine));
    if ((are & 0x7ffff) != 0x2f7ef) /* all but the places of the commas: 4, 11, 16, 18 */
        return -1;
    __m128i codes =
        _mm_shuffle_epi8(_mm256_castsi256_si128(digits),
                         _mm_setr_epi8(0, 1, 2, 3, 5, 6, 7, 8, -1, -1, 12, 13, -1, -1, -1, -1));
    codes = _mm_madd_epi16(_mm_maddubs_epi16(codes, _mm_set1_epi16(0x010a)),
                           _mm_set1_epi32(0x00010064));
    return floor_cell(sums, (unsigned)_mm_cvtsi128_si32(codes),
                      (unsigned)_mm_extract_epi32(codes, 1), (unsigned)_mm_extract_epi32(codes, 2));
}

/* Four fields as words whose last bytes are the digits; place[i] is the stop before field i. */
AVX2 static inline __m256i four_fields(const uint8_t *at, const uint8_t *place,
                                       const uint8_t *unused)
{
    __m128i pair[2];
    int32_t bits;
    for (size_t i = 0; i < 2; i++) {
        const uint8_t *first = at + place[2 * i] + 1, *second = at + place[2 * i + 1] + 1;
        pair[i] =
            _mm_insert_epi64(_mm_loadl_epi64((const void *)first), (int64_t)word_at(second), 1);
    }
    memcpy(&bits, unused, sizeof bits);
    return _mm256_sllv_epi64(
        _mm256_sub_epi8(_mm256_set_m128i(pair[1], pair[0]), _mm256_set1_epi8('0')),
        _mm256_cvtepu8_epi64(_mm_cvtsi32_si128(bits)));
}

AVX2 static inline __m256i join_four(__m256i digits)
{
    __m256i fours = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a)),
                                      _mm256_set1_epi32(0x00010064));
    return _mm256_add_epi64(_mm256_mul_epu32(fours, _mm256_set1_epi64x(10000)),
                            _mm256_srli_epi64(fours, 32));
}

/* Rows are read in two steps, a batch at a time: where are the fields, and what is in them. By the
 * second step the places are written and the sums have come from memory. */
enum { BATCH = 32, PLACES = 32 };

struct batch {
    const uint8_t *start[BATCH], *at[BATCH]; /* at: the comma before the first amount */
    ptrdiff_t cell[BATCH];
    uint8_t place[BATCH * PLACES + 8]; /* PLACES a row: 0, then 24 stops behind `at` */
    size_t rows;
};

/* Finds the end of a name; NULL: look closer. */
AVX2 static inline const uint8_t *quick_name(const uint8_t *at)
{
    uint64_t ends = equal_at(at, ',');
    if (*at == '"')
        ends &= equal_at(at, '"') << 1;
    return at[-1] == ',' && ends ? at + _tzcnt_u64(ends) : NULL;
}

/* Lists the 24 stops that follow `at` -> the last, NULL: there are more or fewer. */
AVX2 static inline const uint8_t *find_stops(const uint8_t *at, uint8_t *place)
{
    uint64_t first = stops_at(at + 1), second = stops_at(at + 65), third = 0;
    uint64_t end = equal_at(at + 65, '\n');
    const uint8_t *stop = at + 65 + _tzcnt_u64(end);
    if (equal_at(at + 1, '\n'))
        return NULL;
    if (end)
        second &= _blsmsk_u64(end);
    else {
        end = equal_at(at + 129, '\n');
        third = stops_at(at + 129) & _blsmsk_u64(end);
        stop = at + 129 + _tzcnt_u64(end);
    }
    if (!end ||
        _mm_popcnt_u64(first) + _mm_popcnt_u64(second) + _mm_popcnt_u64(third) != GEN_AMOUNTS)
        return NULL;
    *place++ = 0;
    place = list_bits(first, 1, place);
    place = list_bits(second, 65, place);
    if (third)
        list_bits(third, 129, place);
    return stop;
}

/* Takes up one row -> the start of the next, NULL: look closer. */
AVX2 static inline const uint8_t *quick_places(struct sums *sums, const uint8_t *start,
                                               struct batch *batch)
{
    const uint8_t *at = quick_name(start + 19), *end;
    size_t row = batch->rows;
    ptrdiff_t cell;
    if (!at || (cell = quick_cell(sums, at + 1)) < 0)
        return NULL;
    end = find_stops(at + 19, batch->place + row * PLACES);
    if (!end)
        return NULL;
    __builtin_prefetch(sums->amount[cell], 1);
    __builtin_prefetch(sums->amount[cell] + 8, 1);
    __builtin_prefetch(sums->amount[cell] + 16, 1);
    batch->start[row] = start;
    batch->at[row] = at + 19;
    batch->cell[row] = cell;
    batch->rows++;
    return end + 1;
}

/* false: some number has more than eight digits, a sign before the last, or something else. */
AVX2 static inline bool quick_amounts(const uint8_t *at, const uint8_t *place, int64_t *sum)
{
    const __m256i nine = _mm256_set1_epi8(9);
    __m256i lengths = _mm256_sub_epi8(load(place + 1), load(place)); /* and 1 for the stop */
    __m256i value[6], highest = nine;
    uint8_t unused[32];
    _mm256_storeu_si256((void *)unused,
                        _mm256_sub_epi8(_mm256_set1_epi8(72), _mm256_slli_epi16(lengths, 3)));
#pragma GCC unroll 6
    for (size_t i = 0; i < 6; i++) {
        __m256i digits = four_fields(at, place + 4 * i, unused + 4 * i);
        if (i == 5) /* profits may be losses */
            digits =
                _mm256_andnot_si256(_mm256_cmpeq_epi8(digits, _mm256_set1_epi8('-' - '0')), digits);
        highest = _mm256_max_epu8(highest, digits);
        value[i] = join_four(digits);
    }
    __m256i sign = _mm256_set_epi64x(-(int64_t)(at[place[23] + 1] == '-'), 0, 0, 0);
    value[5] = _mm256_sub_epi64(_mm256_xor_si256(value[5], sign), sign);
    __m256i fit = _mm256_cmpeq_epi8(_mm256_max_epu8(lengths, nine), nine);
    if (~_mm256_movemask_epi8(fit) & 0xffffff ||
        ~_mm256_movemask_epi8(_mm256_cmpeq_epi8(highest, nine)))
        return false;
#pragma GCC unroll 6
    for (size_t i = 0; i < 6; i++)
        _mm256_storeu_si256((void *)(sum + 4 * i), _mm256_add_epi64(load(sum + 4 * i), value[i]));
    return true;
}

AVX2 void floor_avx2_chunk(struct sums *sums, const uint8_t *at, const uint8_t *end)
{
    struct batch batch;
    while (at < end) {
        for (batch.rows = 0; at < end && batch.rows < BATCH;) {
            const uint8_t *next = quick_places(sums, at, &batch);
            at = next ? next : floor_plain_record(sums, at);
        }
        for (size_t row = 0; row < batch.rows; row++)
            if (quick_amounts(batch.at[row], batch.place + row * PLACES,
                              sums->amount[batch.cell[row]]))
                sums->rows[batch.cell[row]]++;
            else
                floor_plain_record(sums, batch.start[row]);
    }
}

floor_reader *floor_avx2(void)
{
    bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
               __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned bit = 0, count = 0; bit < 8; bit++)
            if (byte >> bit & 1)
                bits_of[byte] |= (uint64_t)bit << 8 * count++;
    return has ? floor_avx2_chunk : NULL;
}
#else
floor_reader *floor_avx2(void)
{
    return NULL;
}
#endif
