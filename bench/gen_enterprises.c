/*
 * gen_enterprises: invented enterprise tables for demonstrations, tests and benchmarks.
 *
 * Rows run over the enterprises, and within one over its years. A share of the rows is spoilt on
 * purpose, one kind of mistake each, so that the checks have something to find. See
 * gen_enterprise.h for why files fit together.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen_row.h"

/* ---- options ---- */

static const char usage[] =
    "usage: gen_enterprises [options]\n"
    "  --rows N               rows to write (default 1000)\n"
    "  --years A-B            years of every enterprise (default 2023-2024)\n"
    "  --first K              number of the first enterprise (default 0)\n"
    "  --seed S               another economy (default 1)\n"
    "  --region liaoning|nation\n"
    "  --size-mix real|large  as in life, or large and medium enterprises only\n"
    "  --missing P            share of blank cells (default 0.03)\n"
    "  --bad P                share of spoilt rows (default 0.005)\n"
    "  --quoted P             share of names that need quotes (default 0.03)\n"
    "  --encoding utf8|gb18030\n"
    "  --headers zh|en\n"
    "  --bom, --crlf          as spreadsheets save\n"
    "  -o FILE                default: standard output\n";

enum {
    OPTION_ROWS = 256,
    OPTION_YEARS,
    OPTION_FIRST,
    OPTION_SEED,
    OPTION_REGION,
    OPTION_MIX,
    OPTION_MISSING,
    OPTION_BAD,
    OPTION_QUOTED,
    OPTION_ENCODING,
    OPTION_HEADERS,
    OPTION_BOM,
    OPTION_CRLF
};

static const struct option long_options[] = {
    {"rows", 1, NULL, OPTION_ROWS},       {"years", 1, NULL, OPTION_YEARS},
    {"first", 1, NULL, OPTION_FIRST},     {"seed", 1, NULL, OPTION_SEED},
    {"region", 1, NULL, OPTION_REGION},   {"size-mix", 1, NULL, OPTION_MIX},
    {"missing", 1, NULL, OPTION_MISSING}, {"bad", 1, NULL, OPTION_BAD},
    {"quoted", 1, NULL, OPTION_QUOTED},   {"encoding", 1, NULL, OPTION_ENCODING},
    {"headers", 1, NULL, OPTION_HEADERS}, {"bom", 0, NULL, OPTION_BOM},
    {"crlf", 0, NULL, OPTION_CRLF},       {NULL, 0, NULL, 0}};

static bool read_count(const char *text, uint64_t *value)
{
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

static bool read_share(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && *value >= 0 && *value <= 1;
}

static bool read_years(const char *text, struct gen_options *options)
{
    char rest;
    int found = sscanf(text, "%4d-%4d%c", &options->from, &options->to, &rest);
    if (found == 1 && strlen(text) == 4)
        options->to = options->from;
    else if (found != 2)
        return false;
    return options->from >= 1900 && options->from <= options->to && options->to <= 2100;
}

static bool read_choice(const char *text, const char *no, const char *yes, bool *value)
{
    *value = strcmp(text, yes) == 0;
    return *value || strcmp(text, no) == 0;
}

static bool read_option(int option, const char *text, struct gen_options *options)
{
    bool yes = false, good = true;
    switch (option) {
    case OPTION_ROWS:
        return read_count(text, &options->rows);
    case OPTION_YEARS:
        return read_years(text, options);
    case OPTION_FIRST:
        return read_count(text, &options->first);
    case OPTION_SEED:
        return read_count(text, &options->seed);
    case OPTION_REGION:
        good = read_choice(text, "liaoning", "nation", &yes);
        options->region = yes ? GEN_NATION : GEN_LIAONING;
        return good;
    case OPTION_MIX:
        good = read_choice(text, "real", "large", &yes);
        options->mix = yes ? GEN_MIX_LARGE : GEN_MIX_REAL;
        return good;
    case OPTION_MISSING:
        return read_share(text, &options->missing);
    case OPTION_BAD:
        return read_share(text, &options->bad);
    case OPTION_QUOTED:
        return read_share(text, &options->quoted);
    case OPTION_ENCODING:
        return read_choice(text, "utf8", "gb18030", &options->gb18030);
    case OPTION_HEADERS:
        return read_choice(text, "zh", "en", &options->english);
    case OPTION_BOM:
        return options->bom = true;
    case OPTION_CRLF:
        return options->crlf = true;
    case 'o':
        options->path = text;
        return true;
    default:
        return false;
    }
}

/* ---- the file ---- */

static int generate(const struct gen_options *options)
{
    const char *path = options->path;
    FILE *file = path ? fopen(path, "wb") : stdout;
    bool good;
    if (!file) {
        fprintf(stderr, "gen_enterprises: %s: %s\n", path, strerror(errno));
        return 73;
    }
    good = gen_write(options, file);
    good = fflush(file) == 0 && good;
    if (path)
        good = fclose(file) == 0 && good;
    if (!good)
        fprintf(stderr, "gen_enterprises: not written whole: %s\n", strerror(errno));
    return good ? 0 : 74;
}

int main(int argc, char **argv)
{
    struct gen_options options = {.rows = 1000,
                                  .seed = 1,
                                  .from = 2023,
                                  .to = 2024,
                                  .missing = 0.03,
                                  .bad = 0.005,
                                  .quoted = 0.03};
    int option;
    while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1)
        if (option == '?' || !read_option(option, optarg, &options)) {
            if (option != '?')
                fprintf(stderr, "gen_enterprises: not understood: %s\n", optarg ? optarg : "");
            fputs(usage, stderr);
            return 64;
        }
    if (optind < argc) {
        fputs(usage, stderr);
        return 64;
    }
    return generate(&options);
}
