/*
 * The invented economy: one enterprise in one year as a row of numbers.
 *
 * Every draw is a function of (seed, enterprise, year, what is drawn), so an enterprise looks the
 * same in a file of a hundred rows and in one of ten million, and files of different years fit
 * together. All arithmetic is plain IEEE (no libm), so the same seed gives the same bytes on every
 * machine.
 */
#ifndef GEN_ENTERPRISE_H
#define GEN_ENTERPRISE_H

#include <stdbool.h>
#include <stdint.h>

#include "gen_tables.h"

enum gen_amount {
    GEN_EMPLOYEES,
    GEN_REVENUE,
    GEN_OUTPUT,
    GEN_SALES,
    GEN_EXPORTS,
    GEN_SUPERIOR,
    GEN_FIRST,
    GEN_QUALIFIED,
    GEN_EQUIPMENT,
    GEN_MICRO,
    GEN_CERTIFICATES,
    GEN_INTERNAL,
    GEN_EXTERNAL,
    GEN_SAMPLED,
    GEN_PASSED,
    GEN_EXPORT_INSPECTED,
    GEN_EXPORT_PASSED,
    GEN_RESEARCH,
    GEN_RESEARCHERS,
    GEN_RENOVATION,
    GEN_PATENTS,
    GEN_NEW_PRODUCTS,
    GEN_ASSETS,
    GEN_PROFIT,
    GEN_AMOUNTS
};

enum gen_region { GEN_LIAONING, GEN_NATION };
enum gen_mix { GEN_MIX_REAL, GEN_MIX_LARGE }; /* as in life; large and medium only */

/* A county (Liaoning) or prefecture-level unit (nation) enterprises are placed in. */
struct gen_place {
    char code[7];
    const struct gen_area *area;
    double upto;       /* cumulative share of enterprises */
    const double *mix; /* cumulative shares of the divisions */
};

struct gen_world {
    uint64_t seed;
    enum gen_region region;
    enum gen_mix mix;
    struct gen_place *place;
    size_t places;
    double *mixes; /* owned; place[].mix point into it */
};

struct gen_enterprise {
    uint64_t number;
    int year;
    uint64_t lasting, passing; /* stems of its draws: for all years, for this one */
    const struct gen_place *place;
    const struct gen_industry *industry;
    char code[5];  /* class, GB/T 4754 */
    char usci[19]; /* GB 32100, both check characters right */
    int size;      /* 1 large .. 4 micro, rule of 2017 */
    int64_t amount[GEN_AMOUNTS];
};

/* false: out of memory. */
bool gen_world_make(struct gen_world *world, enum gen_region region, enum gen_mix mix,
                    uint64_t seed);
void gen_world_clear(struct gen_world *world);

void gen_enterprise_make(const struct gen_world *world, uint64_t number, int year,
                         struct gen_enterprise *made);

/* What all draws of an enterprise start from; year 0: draws that last for all years. */
uint64_t gen_stem(const struct gen_world *world, uint64_t number, int year);

/* 64 random bits of draw `what`: the finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
static inline uint64_t gen_bits(uint64_t stem, unsigned what)
{
    uint64_t z = stem + (what + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* The same as a number in [0, 1). */
static inline double gen_uniform(uint64_t stem, unsigned what)
{
    return (double)(gen_bits(stem, what) >> 11) * 0x1p-53;
}

enum { GEN_DRAW_TEXT = 1000 }; /* draws from here on are the caller's */

#endif
