/*
 * gen_inspections: invented records of product inspections, one row a sample of one or more
 * batches, and the output of the enterprises they come from, for demonstrations and benchmarks.
 *
 * Samples are taken from the enterprises of gen_enterprises of the same seed, so every city and
 * division with a sample has output; the reverse does not hold, which is what a rolled up rate has
 * to cope with. How often batches pass depends on the division, the city and a mild rise from year
 * to year. Some rows are spoilt on purpose. No libm: the same seed gives the same bytes everywhere.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen_enterprise.h"

static const char usage[] = "usage: gen_inspections [options]\n"
                            "  --rows N          samples to write, over all years (default 1000)\n"
                            "  --years A-B       years of the samples (default 2023-2024)\n"
                            "  --enterprises N   that are sampled (default 9000)\n"
                            "  --seed S          another economy (default 20)\n"
                            "  --output LEVEL    instead of samples: output of year A by city or "
                            "city_industry, unit,weight\n"
                            "  -o FILE           default: standard output\n";

enum draw {
    DRAW_ENTERPRISE = GEN_DRAW_TEXT,
    DRAW_QUARTER,
    DRAW_BATCHES,
    DRAW_SPOILT,
    DRAW_OUTSIDE,
    DRAW_PASS /* + batch */
};

struct options {
    uint64_t rows, enterprises, seed;
    int from, to;
    const char *output, *path;
};

/* ---- samples ---- */

/* Share of batches that pass; 94 % on the whole. */
static double chance(const struct gen_enterprise *it)
{
    double p = 0.948 + 0.022 * it->industry->level + 0.016 * it->place->area->level +
               0.0035 * (it->year - 2023);
    return p < 0.6 ? 0.6 : p > 0.995 ? 0.995 : p;
}

/* Most samples are of one batch, the others of up to four. */
static int batches(uint64_t stem)
{
    double u = gen_uniform(stem, DRAW_BATCHES);
    return u < 0.85 ? 1 : 2 + (int)((u - 0.85) * 20);
}

static bool write_sample(const struct gen_world *world, const struct options *options,
                         uint64_t number, FILE *file)
{
    uint64_t stem = gen_stem(world, number, 3000); /* no year of an enterprise */
    int year = options->from + (int)(number % (uint64_t)(options->to - options->from + 1));
    int quarter = 1 + (int)(gen_uniform(stem, DRAW_QUARTER) * 4);
    int sampled = batches(stem), passed = 0;
    unsigned spoilt = (unsigned)(gen_uniform(stem, DRAW_SPOILT) * 400);
    double outside = gen_uniform(stem, DRAW_OUTSIDE);
    struct gen_enterprise it;
    gen_enterprise_make(
        world, (uint64_t)(gen_uniform(stem, DRAW_ENTERPRISE) * (double)options->enterprises), year,
        &it);
    for (int i = 0; i < sampled; i++)
        passed += gen_uniform(stem, DRAW_PASS + (unsigned)i) < chance(&it);
    const char *industry = spoilt == 1       ? "9999"
                           : outside < 0.006 ? "4210"
                           : outside < 0.010 ? "4320"
                                             : it.code;
    const char *said = passed == sampled ? "合格" : "不合格";
    if (spoilt == 2)
        said = passed == sampled ? "不合格" : "合格";
    char key[32] = "";
    if (spoilt != 0)
        snprintf(key, sizeof key, "LN%d%07" PRIu64, year, number);
    return fprintf(file, "%s,%d,%dQ%d,%s,%s,%s,%d,%d,%s\n", key, year, year, quarter, it.usci,
                   it.place->code, industry, sampled, spoilt == 3 ? sampled + 1 : passed, said) > 0;
}

static bool write_samples(const struct gen_world *world, const struct options *options, FILE *file)
{
    if (fputs("样品编号,年份,季度,统一社会信用代码,行政区划代码,行业代码,检验批次,合格批次,"
              "检验结论\n",
              file) < 0)
        return false;
    for (uint64_t i = 0; i < options->rows; i++)
        if (!write_sample(world, options, i, file))
            return false;
    return true;
}

/* ---- output of the enterprises ---- */

static size_t find_area(const char *place)
{
    size_t i = 0;
    while (i < gen_liaoning_count && strncmp(gen_liaoning[i].code, place, 4) != 0)
        i++;
    return i;
}

static bool write_output(const struct gen_world *world, const struct options *options, FILE *file)
{
    bool cities = strcmp(options->output, "city") == 0, good = true;
    int64_t *sum = calloc(gen_liaoning_count * gen_industries_count, sizeof *sum);
    if (!sum)
        return false;
    for (uint64_t i = 0; i < options->enterprises; i++) {
        struct gen_enterprise it;
        gen_enterprise_make(world, i, options->from, &it);
        sum[find_area(it.place->code) * gen_industries_count +
            (size_t)(it.industry - gen_industries)] += it.amount[GEN_OUTPUT];
    }
    good = fputs("unit,weight\n", file) >= 0;
    for (size_t a = 0; good && a < gen_liaoning_count; a++) {
        int64_t total = 0;
        for (size_t k = 0; good && k < gen_industries_count; k++) {
            int64_t one = sum[a * gen_industries_count + k];
            total += one;
            if (!cities && one)
                good = fprintf(file, "%s00|%s,%" PRId64 "\n", gen_liaoning[a].code,
                               gen_industries[k].code, one) > 0;
        }
        if (cities)
            good = fprintf(file, "%s00,%" PRId64 "\n", gen_liaoning[a].code, total) > 0;
    }
    free(sum);
    return good;
}

/* ---- the program ---- */

enum { OPTION_ROWS = 256, OPTION_YEARS, OPTION_ENTERPRISES, OPTION_SEED, OPTION_OUTPUT };

static const struct option long_options[] = {{"rows", 1, NULL, OPTION_ROWS},
                                             {"years", 1, NULL, OPTION_YEARS},
                                             {"enterprises", 1, NULL, OPTION_ENTERPRISES},
                                             {"seed", 1, NULL, OPTION_SEED},
                                             {"output", 1, NULL, OPTION_OUTPUT},
                                             {NULL, 0, NULL, 0}};

static bool read_count(const char *text, uint64_t least, uint64_t *value)
{
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *value >= least;
}

static bool read_years(const char *text, struct options *options)
{
    char rest;
    int found = sscanf(text, "%4d-%4d%c", &options->from, &options->to, &rest);
    if (found == 1 && strlen(text) == 4)
        options->to = options->from;
    else if (found != 2)
        return false;
    return options->from >= 1900 && options->from <= options->to && options->to <= 2100;
}

static bool read_option(int option, const char *text, struct options *options)
{
    switch (option) {
    case OPTION_ROWS:
        return read_count(text, 0, &options->rows);
    case OPTION_YEARS:
        return read_years(text, options);
    case OPTION_ENTERPRISES:
        return read_count(text, 1, &options->enterprises);
    case OPTION_SEED:
        return read_count(text, 0, &options->seed);
    case OPTION_OUTPUT:
        options->output = text;
        return strcmp(text, "city") == 0 || strcmp(text, "city_industry") == 0;
    case 'o':
        options->path = text;
        return true;
    default:
        return false;
    }
}

static int generate(const struct options *options)
{
    FILE *file = options->path ? fopen(options->path, "wb") : stdout;
    struct gen_world world;
    bool good;
    if (!file) {
        fprintf(stderr, "gen_inspections: %s: %s\n", options->path, strerror(errno));
        return 73;
    }
    good = gen_world_make(&world, GEN_LIAONING, GEN_MIX_REAL, options->seed);
    if (good) {
        good = options->output ? write_output(&world, options, file)
                               : write_samples(&world, options, file);
        gen_world_clear(&world);
    }
    good = fflush(file) == 0 && good;
    if (options->path)
        good = fclose(file) == 0 && good;
    if (!good)
        fprintf(stderr, "gen_inspections: not written whole: %s\n", strerror(errno));
    return good ? 0 : 74;
}

int main(int argc, char **argv)
{
    struct options options = {
        .rows = 1000, .enterprises = 9000, .seed = 20, .from = 2023, .to = 2024};
    int option;
    while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1)
        if (option == '?' || !read_option(option, optarg, &options)) {
            if (option != '?')
                fprintf(stderr, "gen_inspections: not understood: %s\n", optarg ? optarg : "");
            fputs(usage, stderr);
            return 64;
        }
    if (optind < argc) {
        fputs(usage, stderr);
        return 64;
    }
    return generate(&options);
}
