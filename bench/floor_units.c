/* From cells to units, and their files: period, unit, rows and both amounts of every pair. */
#include <inttypes.h>
#include <stdio.h>

#include "floor.h"

struct unit {
    int64_t rows, amount[GEN_AMOUNTS];
};

struct units {
    struct unit nation[YEARS], province[YEARS][100], city[YEARS][10000];
    struct unit industry[YEARS][DIVISIONS], province_industry[YEARS][100][DIVISIONS];
};

static void add_cell(struct unit *unit, uint32_t rows, const int64_t *amount)
{
    unit->rows += rows;
    for (int i = 0; i < GEN_AMOUNTS; i++)
        unit->amount[i] += amount[i];
}

static void add_city(struct units *units, const struct sums *sums, int year, int place)
{
    int area = sums->area[place];
    for (int d = 0; d < DIVISIONS; d++) {
        size_t cell = ((size_t)year * CITIES + (size_t)place) * DIVISIONS + (size_t)d;
        uint32_t rows = sums->rows[cell];
        const int64_t *amount = sums->amount[cell];
        if (!rows)
            continue;
        add_cell(&units->nation[year], rows, amount);
        add_cell(&units->province[year][area / 100], rows, amount);
        add_cell(&units->city[year][area], rows, amount);
        add_cell(&units->industry[year][d], rows, amount);
        add_cell(&units->province_industry[year][area / 100][d], rows, amount);
    }
}

/* Numerators and denominators of bench-sums.yaml, with its names of the indicators. */
static const struct {
    const char *id;
    enum gen_amount numerator, denominator;
} pairs[] = {
    {"productivity", GEN_REVENUE, GEN_EMPLOYEES},
    {"sold", GEN_SALES, GEN_OUTPUT},
    {"passed", GEN_PASSED, GEN_SAMPLED},
    {"exports_passed", GEN_EXPORT_PASSED, GEN_EXPORT_INSPECTED},
    {"technology", GEN_MICRO, GEN_EQUIPMENT},
    {"grades", GEN_SUPERIOR, GEN_FIRST},
    {"external", GEN_EXTERNAL, GEN_INTERNAL},
    {"certified", GEN_CERTIFICATES, GEN_EXPORTS},
    {"researchers", GEN_RESEARCH, GEN_RESEARCHERS},
    {"patented", GEN_PATENTS, GEN_RENOVATION},
    {"novelty", GEN_NEW_PRODUCTS, GEN_QUALIFIED},
    {"return", GEN_PROFIT, GEN_ASSETS},
};

enum { PAIRS = sizeof pairs / sizeof *pairs };

static char *put_number(char *out, int64_t value)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--at = '-';
    memcpy(out, at, (size_t)(digits + sizeof digits - at));
    return out + (digits + sizeof digits - at);
}

/* The name is the first four digits of an area, or its first two and a division, as far as they are
 * not negative. */
static void put_unit(FILE *file, int year, const struct unit *unit, int area, int division)
{
    char line[2048], *out = line;
    if (!unit->rows)
        return;
    out = put_number(out, FIRST_YEAR + year);
    *out++ = ',';
    if (area >= 0) {
        out = put_number(out, area);
        *out++ = '0';
        *out++ = '0';
    }
    if (area >= 0 && division >= 0)
        *out++ = '|';
    if (division >= 0)
        out = put_number(out, FIRST_DIVISION + division);
    *out++ = ',';
    out = put_number(out, unit->rows);
    for (size_t i = 0; i < PAIRS; i++) {
        *out++ = ',';
        out = put_number(out, unit->amount[pairs[i].numerator]);
        *out++ = ',';
        out = put_number(out, unit->amount[pairs[i].denominator]);
    }
    *out++ = '\n';
    fwrite(line, 1, (size_t)(out - line), file);
}

enum level { NATION, PROVINCE, CITY, INDUSTRY, PROVINCE_INDUSTRY, LEVELS };

static void put_level(FILE *file, enum level level, const struct units *units)
{
    for (int year = 0; year < YEARS; year++) {
        if (!units->nation[year].rows)
            continue;
        if (level == NATION)
            put_unit(file, year, &units->nation[year], -1, -1);
        for (int d = 0; level == INDUSTRY && d < DIVISIONS; d++)
            put_unit(file, year, &units->industry[year][d], -1, d);
        for (int area = 0; level == CITY && area < 10000; area++)
            put_unit(file, year, &units->city[year][area], area, -1);
        for (int province = 0; level == PROVINCE && province < 100; province++)
            put_unit(file, year, &units->province[year][province], province * 100, -1);
        for (int both = 0; level == PROVINCE_INDUSTRY && both < 100 * DIVISIONS; both++)
            put_unit(file, year,
                     &units->province_industry[year][both / DIVISIONS][both % DIVISIONS],
                     both / DIVISIONS * 100, both % DIVISIONS);
    }
}

static bool write_units(const char *folder, const struct units *units)
{
    static const char *const title[LEVELS] = {"nation", "province", "city", "industry",
                                              "province_industry"};
    bool good = true;
    for (int level = 0; good && level < LEVELS; level++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s.csv", folder, title[level]);
        FILE *file = fopen(path, "wb");
        if (!file)
            return false;
        fputs("period,unit,rows", file);
        for (size_t i = 0; i < PAIRS; i++)
            fprintf(file, ",%s_n,%s_d", pairs[i].id, pairs[i].id);
        putc('\n', file);
        put_level(file, (enum level)level, units);
        good = !ferror(file);
        good = fclose(file) == 0 && good;
    }
    return good;
}

bool floor_write(const char *folder, const struct sums *sums, int threads)
{
    struct units *units = floor_zeroed(sizeof *units);
    if (!units)
        return false;
    for (int t = 0; t < threads; t++)
        for (int year = 0; sums[t].rows && year < YEARS; year++)
            for (int place = 0; place < sums[t].cities; place++)
                add_city(units, &sums[t], year, place);
    return write_units(folder, units);
}
