/*
 * gen_respondents: an invented survey of public-service satisfaction in Liaoning, one row a
 * respondent, and the population it speaks for, for demonstrations and benchmarks.
 *
 * Every city has as many respondents as any other; women and the middle-aged answer more often than
 * others, so that raking has something to do. An answer is the sum of what city, field, question
 * and respondent add, rounded to 1..10; 98 is "do not know", 99 a refusal. Some rows are spoilt on
 * purpose. No libm: the same seed gives the same bytes everywhere.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen_enterprise.h"

static const char usage[] = "usage: gen_respondents [options]\n"
                            "  --rows N     respondents (default 5600)\n"
                            "  --year Y     of the survey (default 2024)\n"
                            "  --seed S     another survey (default 20)\n"
                            "  --margins    instead of respondents: the population by city and sex "
                            "and by city and age\n"
                            "               group, input,code,total\n"
                            "  -o FILE      default: standard output\n";

enum { CITIES = 14, SEXES = 2, AGES = 5, FIELDS = 12, QUESTIONS = 3 };

/* People of 18 to 70, of the order of the census of 2020; satisfaction above the average. */
static const struct {
    int code, people;
    double level;
} cities[CITIES] = {{210100, 6620000, 0.10}, {210200, 5440000, 0.35}, {210300, 2380000, 0.00},
                    {210400, 1330000, -.25}, {210500, 950000, 0.15},  {210600, 1560000, 0.05},
                    {210700, 1920000, -.10}, {210800, 1680000, 0.05}, {210900, 1180000, -.30},
                    {211000, 1150000, 0.00}, {211100, 1020000, 0.40}, {211200, 1700000, -.20},
                    {211300, 2060000, -.15}, {211400, 1740000, -.20}};
static const double age_share[AGES] = {0.17, 0.20, 0.20, 0.23, 0.20};
static const int age_from[AGES + 1] = {18, 30, 40, 50, 60, 71};
/* How readily they answer. */
static const double sex_answers[SEXES] = {0.92, 1.08}, age_answers[AGES] = {1.1, 1.3, 1.15, .9, .6};

static const struct {
    double level, unknown;
} fields[FIELDS] = {{0.05, .04}, {-.45, .08}, {-.25, .01}, {-.05, .04}, {0.20, .005}, {0.10, .01},
                    {0.00, .02}, {0.55, .01}, {0.25, .05}, {0.05, .06}, {-.40, .12},  {0.30, .04}};
static const double question_level[QUESTIONS] = {0.12, 0.03, -.15};

enum draw {
    DRAW_SEX = GEN_DRAW_TEXT,
    DRAW_AGE,
    DRAW_YEARS,
    DRAW_MODE,
    DRAW_STAY,
    DRAW_TIME,
    DRAW_KIND,
    DRAW_SPOILT,
    DRAW_PERSON,
    DRAW_FIELD,
    DRAW_UNKNOWN = DRAW_FIELD + FIELDS,
    DRAW_ANSWER = DRAW_UNKNOWN + FIELDS * QUESTIONS
};

struct options {
    uint64_t rows, seed;
    int year;
    bool margins;
    const char *path;
};

/* Nearly normal: the sum of twelve parts, variance 1. */
static double bell(uint64_t stem, unsigned what)
{
    double sum = -6;
    for (unsigned part = 0; part < 12; part++)
        sum += gen_uniform(gen_bits(stem, what), part);
    return sum;
}

/* ---- the population ---- */

static int share_of_sex(int city, int sex)
{
    int men = (int)(cities[city].people * (0.495 + 0.001 * (city % 5)));
    return sex == 0 ? men : cities[city].people - men;
}

static int share_of_age(int city, int age)
{
    int rest = cities[city].people;
    for (int a = 0; a < AGES - 1; a++) {
        int part =
            (int)(cities[city].people * (age_share[a] - 0.01 * cities[city].level * (a - 2)));
        if (a == age)
            return part;
        rest -= part;
    }
    return rest;
}

static bool write_margins(FILE *file)
{
    bool good = fputs("input,code,total\n", file) >= 0;
    for (int c = 0; good && c < CITIES; c++)
        for (int s = 0; good && s < SEXES; s++)
            good = fprintf(file, "region.city|sex,%d|%d,%d\n", cities[c].code, s + 1,
                           share_of_sex(c, s)) > 0;
    for (int c = 0; good && c < CITIES; c++)
        for (int a = 0; good && a < AGES; a++)
            good = fprintf(file, "region.city|age_group,%d|%d,%d\n", cities[c].code, a + 1,
                           share_of_age(c, a)) > 0;
    return good;
}

/* ---- respondents ---- */

struct person {
    uint64_t stem, number;
    int city, sex, age_group, age, mode, months, seconds;
    unsigned spoilt; /* what is wrong with the row; from SPOILT_KINDS on nothing */
    bool straight;   /* the same answer to all questions */
    double level;
};
enum { SPOILT_AGE, SPOILT_STAY, SPOILT_MODE, SPOILT_ANSWER, SPOILT_KEY, SPOILT_KINDS };

/* Which of the categories, by the shares of the population times readiness to answer. */
static int draw_category(double u, int count, int city, int (*people)(int, int),
                         const double *answers)
{
    double total = 0, sum = 0;
    for (int k = 0; k < count; k++)
        total += people(city, k) * answers[k];
    for (int k = 0; k < count - 1; k++) {
        sum += people(city, k) * answers[k];
        if (u * total < sum)
            return k;
    }
    return count - 1;
}

static struct person draw_person(const struct options *options, uint64_t number)
{
    uint64_t stem = gen_bits(gen_bits(options->seed, (unsigned)options->year) ^
                                 (number + 1) * UINT64_C(0xd1342543de82ef95),
                             0);
    struct person p = {.stem = stem, .number = number, .city = (int)(number % CITIES)};
    p.sex = draw_category(gen_uniform(stem, DRAW_SEX), SEXES, p.city, share_of_sex, sex_answers);
    p.age_group =
        draw_category(gen_uniform(stem, DRAW_AGE), AGES, p.city, share_of_age, age_answers);
    int from = age_from[p.age_group], to = age_from[p.age_group + 1];
    p.age = from + (int)(gen_uniform(stem, DRAW_YEARS) * (to - from));
    double mode = gen_uniform(stem, DRAW_MODE);
    p.mode = mode < 0.45 ? 1 : mode < 0.75 ? 2 : mode < 0.9 ? 3 : 4;
    p.months = 6 + (int)(gen_uniform(stem, DRAW_STAY) * gen_uniform(stem, DRAW_STAY + 100) * 600);
    p.seconds = 420 + (int)(gen_uniform(stem, DRAW_TIME) * 900);
    double kind = gen_uniform(stem, DRAW_KIND);
    p.straight = kind < 0.012;
    if (kind > 0.985)
        p.seconds = 60 + p.seconds / 8;
    p.spoilt = (unsigned)(gen_uniform(stem, DRAW_SPOILT) * 500);
    p.level = 0.9 * bell(stem, DRAW_PERSON) + 0.12 * (p.age_group - 2) + cities[p.city].level +
              0.10 * (options->year - 2024);
    return p;
}

static int answer(const struct person *p, int field, int question)
{
    unsigned at = (unsigned)(field * QUESTIONS + question);
    double u = gen_uniform(p->stem, DRAW_UNKNOWN + at), unknown = fields[field].unknown;
    if (p->straight)
        return p->level > 0 ? 10 : 8;
    if (u < unknown)
        return 98;
    if (u < unknown + 0.004)
        return 99;
    double x = 8.45 + fields[field].level + question_level[question] + p->level +
               0.6 * bell(p->stem, DRAW_FIELD + (unsigned)field) +
               1.1 * bell(p->stem, DRAW_ANSWER + at);
    int whole = (int)(x + 0.5);
    return x < 1 ? 1 : whole > 10 ? 10 : whole;
}

static bool write_person(const struct options *options, const struct person *p, FILE *file)
{
    uint64_t sampled = options->rows / CITIES + ((uint64_t)p->city < options->rows % CITIES);
    uint64_t tenths = (uint64_t)cities[p->city].people * 10 / sampled;
    char key[48];
    snprintf(key, sizeof key, "MY%d%08" PRIu64, options->year, p->number);
    bool good =
        fprintf(file, "%s,%d,%d,%d,%d,%d,%d,%d,%d,%" PRIu64 ".%" PRIu64,
                p->spoilt == SPOILT_KEY ? "" : key, options->year, cities[p->city].code,
                p->spoilt == SPOILT_MODE ? 9 : p->mode, p->sex + 1,
                p->spoilt == SPOILT_AGE ? 15 : p->age, p->age_group + 1,
                p->spoilt == SPOILT_STAY ? 3 : p->months, p->seconds, tenths / 10, tenths % 10) > 0;
    for (int f = 0; good && f < FIELDS; f++)
        for (int q = 0; good && q < QUESTIONS; q++)
            good =
                fprintf(file, ",%d",
                        p->spoilt == SPOILT_ANSWER && f == 3 && q == 1 ? 11 : answer(p, f, q)) > 0;
    return good && fputc('\n', file) != EOF;
}

static bool write_people(const struct options *options, FILE *file)
{
    bool good = fputs("问卷编号,年份,地区代码,调查方式,性别,年龄,年龄组,居住月数,访问秒数,抽样权数",
                      file) >= 0;
    for (int f = 1; good && f <= FIELDS; f++)
        for (int q = 1; good && q <= QUESTIONS; q++)
            good = fprintf(file, ",Q%02d_%d", f, q) > 0;
    good = good && fputc('\n', file) != EOF;
    for (uint64_t i = 0; good && i < options->rows; i++) {
        struct person p = draw_person(options, i);
        good = write_person(options, &p, file);
    }
    return good;
}

/* ---- the program ---- */

enum { OPTION_ROWS = 256, OPTION_YEAR, OPTION_SEED, OPTION_MARGINS };

static const struct option long_options[] = {{"rows", 1, NULL, OPTION_ROWS},
                                             {"year", 1, NULL, OPTION_YEAR},
                                             {"seed", 1, NULL, OPTION_SEED},
                                             {"margins", 0, NULL, OPTION_MARGINS},
                                             {NULL, 0, NULL, 0}};

static bool read_count(const char *text, uint64_t *value)
{
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

static bool read_option(int option, const char *text, struct options *options)
{
    uint64_t number = 0;
    switch (option) {
    case OPTION_ROWS:
        return read_count(text, &options->rows);
    case OPTION_YEAR:
        if (!read_count(text, &number) || number < 1900 || number > 2100)
            return false;
        options->year = (int)number;
        return true;
    case OPTION_SEED:
        return read_count(text, &options->seed);
    case OPTION_MARGINS:
        options->margins = true;
        return true;
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
    if (!file) {
        fprintf(stderr, "gen_respondents: %s: %s\n", options->path, strerror(errno));
        return 73;
    }
    bool good = options->margins ? write_margins(file) : write_people(options, file);
    good = fflush(file) == 0 && good;
    if (options->path)
        good = fclose(file) == 0 && good;
    if (!good)
        fprintf(stderr, "gen_respondents: not written whole: %s\n", strerror(errno));
    return good ? 0 : 74;
}

int main(int argc, char **argv)
{
    struct options options = {.rows = 5600, .seed = 20, .year = 2024};
    int option;
    while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1)
        if (option == '?' || !read_option(option, optarg, &options)) {
            if (option != '?')
                fprintf(stderr, "gen_respondents: not understood: %s\n", optarg ? optarg : "");
            fputs(usage, stderr);
            return 64;
        }
    if (optind < argc) {
        fputs(usage, stderr);
        return 64;
    }
    return generate(&options);
}
