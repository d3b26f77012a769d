/*
 * The floor: reads one table, gen_enterprises' for the benchmark, as fast as we know how, and adds
 * it up by year, city and division. It believes the generator: 30 columns, no carriage returns,
 * years from 2000 on, no unlisted place but those that end in 9900, no unlisted industry in digits,
 * numbers of at most 18 digits, records below LONGEST. Words of bytes are little-endian.
 */
#ifndef FLOOR_H
#define FLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "gen_enterprise.h"

enum {
    YEARS = 32,
    FIRST_YEAR = 2000,
    CITIES = 512,
    DIVISIONS = 31,
    FIRST_DIVISION = 13,
    CELLS = YEARS * CITIES * DIVISIONS,
    LONGEST = 1024 /* nor does reading a record look further ahead */
};

/* Sums of one thread. Untouched pages of the arrays cost nothing. */
struct sums {
    int64_t (*amount)[GEN_AMOUNTS]; /* by cell */
    uint32_t *rows;                 /* by cell */
    int16_t place[10000]; /* by the first four digits of the area: 1 + place of the city */
    int16_t area[CITIES]; /* back again */
    int cities;
};

/* The place of a city seen for the first time; -1: not on the list of codes. */
int floor_new_city(struct sums *sums, unsigned area);

/* Adds the records from `at` to `end`; LONGEST bytes behind may be looked at. */
typedef void floor_reader(struct sums *sums, const uint8_t *at, const uint8_t *end);
floor_reader floor_plain_chunk, floor_avx2_chunk;

/* Adds one record -> the start of the next. */
const uint8_t *floor_plain_record(struct sums *sums, const uint8_t *start);

/* NULL: the processor has no AVX2. */
floor_reader *floor_avx2(void);

/* Memory full of zeros that costs nothing until it is touched; NULL: none. */
void *floor_zeroed(size_t size);

/* Rolls up the sums of all threads and writes FOLDER/<level>.csv; false: see errno. */
bool floor_write(const char *folder, const struct sums *sums, int threads);

/* -> the cell of a row, -1: it does not count */
static inline ptrdiff_t floor_cell(struct sums *sums, unsigned year, unsigned area,
                                   unsigned division)
{
    int place = sums->place[area] - 1;
    if (place < 0)
        place = floor_new_city(sums, area);
    if (year - FIRST_YEAR >= YEARS || division - FIRST_DIVISION >= DIVISIONS || place < 0)
        return -1;
    return ((ptrdiff_t)(year - FIRST_YEAR) * CITIES + place) * DIVISIONS +
           (ptrdiff_t)(division - FIRST_DIVISION);
}

static inline uint64_t word_at(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

#endif
