/* Eight bytes at a time, on any processor. */
#include "floor.h"

int floor_new_city(struct sums *sums, unsigned area)
{
    int place = -1;
    if (area % 100 != 99 && sums->cities < CITIES) {
        place = sums->cities++;
        sums->area[place] = (int16_t)area;
        sums->place[area] = (int16_t)(place + 1);
    }
    return place;
}

/* Eight digits as numbers 0-9, the first in the lowest byte: to pairs, to fours, to one. */
static inline uint64_t join_digits(uint64_t digits)
{
    digits = (digits * (10 * 256 + 1)) >> 8 & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits * (100 * 65536 + 1)) >> 16 & UINT64_C(0x0000ffff0000ffff);
    return (digits * (UINT64_C(10000) * 4294967296 + 1)) >> 32;
}

/* Digits from *at on (none: 0), at most 18; *at moves behind them. */
static inline int64_t read_digits(const uint8_t **at)
{
    int64_t value = 0;
    for (int part = 0; part < 2; part++) {
        uint64_t digits = word_at(*at) ^ UINT64_C(0x3030303030303030);
        uint64_t other =
            ((digits + UINT64_C(0x0606060606060606)) | digits) & UINT64_C(0xf0f0f0f0f0f0f0f0);
        if (other) {
            unsigned bits = (unsigned)__builtin_ctzll(other) & 56; /* of the digits before it */
            static const int64_t power[8] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
            *at += bits / 8;
            return value * power[bits / 8] + (int64_t)join_digits((digits << (56 - bits)) << 8);
        }
        value = value * 100000000 + (int64_t)join_digits(digits);
        *at += 8;
    }
    for (int left = 2; left && (unsigned)(**at - '0') < 10; left--)
        value = value * 10 + *(*at)++ - '0';
    return value;
}

/* -> the start of the next record */
static const uint8_t *skip_record(const uint8_t *at)
{
    for (bool quoted = false; quoted || *at != '\n'; at++)
        quoted ^= *at == '"';
    return at + 1;
}

static inline const uint8_t *skip_name(const uint8_t *at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (; *at != '"'; at += 8) {
        uint64_t zero = word_at(at) ^ ones * ',';
        zero = (zero - ones) & ~zero & ones << 7; /* the lowest bit is right */
        if (zero)
            return at + __builtin_ctzll(zero) / 8;
    }
    for (at++; *at != '"' || at[1] == '"'; at++)
        at += *at == '"';
    return at + 1;
}

/* Not 0 unless digits stand where `form` has '0', and commas where it has commas. */
static inline uint64_t misfit(const uint8_t *at, const char *form)
{
    uint64_t wanted = word_at((const uint8_t *)form), found = word_at(at) ^ wanted;
    uint64_t digits = (wanted >> 4 & UINT64_C(0x0101010101010101)) * 255;
    return (found & ~digits) |
           (((found + UINT64_C(0x0606060606060606)) | found) & UINT64_C(0xf0f0f0f0f0f0f0f0));
}

/* The codes are as long as they have to be, or the row does not count: -1. */
static inline ptrdiff_t plain_cell(struct sums *sums, const uint8_t *at)
{
    const uint64_t low = UINT64_C(0x0f0f0f0f00000000);
    if (misfit(at, "0000,000") | misfit(at + 8, "000,0000") | misfit(at + 11, ",0000,0,"))
        return -1;
    return floor_cell(sums, (unsigned)join_digits(word_at(at) << 32 & low),
                      (unsigned)join_digits(word_at(at + 5) << 32 & low),
                      (at[12] & 15u) * 10 + (at[13] & 15u));
}

const uint8_t *floor_plain_record(struct sums *sums, const uint8_t *start)
{
    const uint8_t *at = start + (*start == ',' ? 0 : 18);
    int64_t amount[GEN_AMOUNTS];
    ptrdiff_t cell;
    at = skip_name(at + 1) + 1;
    cell = plain_cell(sums, at);
    if (cell < 0)
        return skip_record(start);
    __builtin_prefetch(sums->amount[cell], 1);
    __builtin_prefetch(sums->amount[cell] + 8, 1);
    __builtin_prefetch(sums->amount[cell] + 16, 1);
    at += 19;
    for (int i = 0; i < GEN_AMOUNTS; i++) {
        bool negative = *at == '-';
        at += negative;
        amount[i] = read_digits(&at);
        if (negative)
            amount[i] = -amount[i];
        if (*at++ != (i == GEN_AMOUNTS - 1 ? '\n' : ','))
            return skip_record(start);
    }
    for (int i = 0; i < GEN_AMOUNTS; i++)
        sums->amount[cell][i] += amount[i];
    sums->rows[cell]++;
    return at;
}

void floor_plain_chunk(struct sums *sums, const uint8_t *at, const uint8_t *end)
{
    while (at < end)
        at = floor_plain_record(sums, at);
}
