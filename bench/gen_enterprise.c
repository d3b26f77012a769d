/* The invented economy: log-normal sizes, one latent level per enterprise that moves all quality
 * and innovation columns together, and parts that never exceed their wholes. */
#include "gen_enterprise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- draws ---- */

enum draw {
    DRAW_PLACE,
    DRAW_INDUSTRY,
    DRAW_CLASS,
    DRAW_STAFF,
    DRAW_STAFF_TAIL,
    DRAW_OUTPUT,
    DRAW_LEVEL,
    DRAW_TREND,
    DRAW_CYCLE,
    DRAW_HIRING,
    DRAW_EXPORTER,
    DRAW_INNOVATOR,
    DRAW_NOVEL,
    DRAW_CERTIFIED,
    DRAW_SAMPLED,
    DRAW_PASSED,
    DRAW_EXPORT_PASSED,
    DRAW_PATENT_LUCK,
    DRAW_AMOUNT /* + enum gen_amount */
};

uint64_t gen_stem(const struct gen_world *world, uint64_t number, int year)
{
    return gen_bits(gen_bits(world->seed, 0) ^ (number + 1) * UINT64_C(0xd1342543de82ef95),
                    (unsigned)year);
}

/* Nearly normal: the sum of five 12-bit parts, scaled to variance 1; never beyond 3.9. */
static double bell(uint64_t bits)
{
    unsigned sum = 0;
    for (int part = 0; part < 5; part++)
        sum += (unsigned)(bits >> (12 * part)) & 4095;
    return ((double)sum - 5 * 2047.5) * (1 / 2643.4);
}

/* e^x for |x| < 700: 2^whole times a series in the rest; only + - *, so every machine agrees. */
static double expo(double x)
{
    static const double over[] = {1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120,
                                  1.0 / 24,     1.0 / 6,     0.5,        1,         1};
    double scaled = x * 1.4426950408889634; /* log2 e */
    int whole = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    double rest = (scaled - whole) * 0.6931471805599453, sum = 0;
    union {
        uint64_t bits;
        double value;
    } power = {.bits = (uint64_t)(1023 + whole) << 52};
    for (int k = 0; k < 10; k++)
        sum = sum * rest + over[k];
    return sum * power.value;
}

static double share(double odds)
{
    return 1 / (1 + expo(-odds));
}

/* ---- the world: places and what is made there ---- */

static bool named(const char *words, const char *word)
{
    for (; *words; words += strcspn(words, " "), words += *words == ' ')
        if (strncmp(words, word, 2) == 0)
            return true;
    return false;
}

static size_t parts_count(const struct gen_area *area)
{
    return (strlen(area->parts) + 1) / 3;
}

static void fill_mix(const struct gen_world *world, const struct gen_area *area, double *mix)
{
    double total = 0;
    for (size_t i = 0; i < gen_industries_count; i++) {
        const struct gen_industry *industry = &gen_industries[i];
        total += industry->weight[world->region] * (named(area->special, industry->code) ? 2.5 : 1);
        mix[i] = total;
    }
    for (size_t i = 0; i < gen_industries_count; i++)
        mix[i] /= total;
}

static void fill_places(struct gen_world *world, const struct gen_area *areas, size_t count)
{
    double total = 0;
    size_t at = 0;
    for (size_t a = 0; a < count; a++) {
        double *mix = world->mixes + a * gen_industries_count;
        size_t parts = parts_count(&areas[a]);
        fill_mix(world, &areas[a], mix);
        for (size_t p = 0; p < parts; p++) {
            struct gen_place *place = &world->place[at++];
            size_t lead = strlen(areas[a].code);
            memcpy(place->code, "000000", 7);
            memcpy(place->code, areas[a].code, lead);
            memcpy(place->code + lead, areas[a].parts + 3 * p, 2);
            total += areas[a].weight / (double)parts;
            place->upto = total;
            place->area = &areas[a];
            place->mix = mix;
        }
    }
    for (size_t p = 0; p < at; p++)
        world->place[p].upto /= total;
}

bool gen_world_make(struct gen_world *world, enum gen_region region, enum gen_mix mix,
                    uint64_t seed)
{
    const struct gen_area *areas = region == GEN_NATION ? gen_provinces : gen_liaoning;
    size_t count = region == GEN_NATION ? gen_provinces_count : gen_liaoning_count;
    *world = (struct gen_world){.seed = seed, .region = region, .mix = mix};
    for (size_t a = 0; a < count; a++)
        world->places += parts_count(&areas[a]);
    world->place = calloc(world->places, sizeof *world->place);
    world->mixes = calloc(count * gen_industries_count, sizeof *world->mixes);
    if (!world->place || !world->mixes) {
        gen_world_clear(world);
        return false;
    }
    fill_places(world, areas, count);
    return true;
}

void gen_world_clear(struct gen_world *world)
{
    free(world->place);
    free(world->mixes);
    *world = (struct gen_world){0};
}

/* ---- one enterprise ---- */

/* What the columns of one row are drawn from. */
struct person {
    const struct gen_world *world;
    struct gen_enterprise *made;
    double level; /* latent quality and technology, standard deviations */
    double bulk;  /* log of size against the industry's median, standard deviations */
};

static double lasting(const struct person *who, unsigned what)
{
    return bell(gen_bits(who->made->lasting, what));
}

static double passing(const struct person *who, unsigned what)
{
    return bell(gen_bits(who->made->passing, what));
}

/* What lasts mostly and changes a little from year to year. */
static double drifting(const struct person *who, unsigned what)
{
    return 0.94 * lasting(who, what) + 0.34 * passing(who, what);
}

static double chance(const struct person *who, unsigned what)
{
    return gen_uniform(who->made->lasting, what);
}

static int64_t whole(double value)
{
    return value <= 0 ? 0 : (int64_t)(value + 0.5);
}

static int64_t part(int64_t of, double fraction)
{
    return (int64_t)((double)of * fraction);
}

/* 《统计上大中小微型企业划分办法（2017）》, industry: both limits must be reached. */
static int size_class(double employees, double revenue)
{
    if (employees >= 1000 && revenue >= 400000)
        return 1;
    if (employees >= 300 && revenue >= 20000)
        return 2;
    return employees >= 20 && revenue >= 3000 ? 3 : 4;
}

static void draw_scale(struct person *who)
{
    struct gen_enterprise *made = who->made;
    double staff, output, cycle, trend;
    who->bulk = 0.8 * lasting(who, DRAW_STAFF) + 0.6 * lasting(who, DRAW_STAFF_TAIL);
    if (who->bulk > 3.2) /* no giants that would be half a city */
        who->bulk = 3.2;
    staff = made->industry->staff * expo(1.1 * who->bulk);
    if (who->world->mix == GEN_MIX_LARGE)
        staff = 300 + 5 * staff;
    output = made->industry->output * expo(0.6 * lasting(who, DRAW_OUTPUT) + 0.08 * who->bulk +
                                           0.15 * made->place->area->level);
    made->size = size_class(staff, staff * output);
    trend = (0.035 + 0.03 * lasting(who, DRAW_TREND)) * (made->year - 2023);
    cycle = 0.10 * passing(who, DRAW_CYCLE);
    made->amount[GEN_EMPLOYEES] =
        whole(staff * expo(0.4 * trend + 0.04 * passing(who, DRAW_HIRING))) + 1;
    made->amount[GEN_REVENUE] = whole(staff * output * expo(trend + cycle)) + 1;
    made->amount[GEN_OUTPUT] =
        part(made->amount[GEN_REVENUE], 1.0 + 0.05 * passing(who, DRAW_AMOUNT + GEN_OUTPUT)) + 1;
    made->amount[GEN_SALES] =
        part(made->amount[GEN_OUTPUT], 0.97 + 0.02 * passing(who, DRAW_AMOUNT + GEN_SALES)) + 1;
    made->amount[GEN_ASSETS] = whole((double)made->amount[GEN_REVENUE] *
                                     expo(0.1 + 0.5 * lasting(who, DRAW_AMOUNT + GEN_ASSETS)));
    made->amount[GEN_PROFIT] =
        (int64_t)((double)made->amount[GEN_REVENUE] *
                  (0.055 + 0.015 * who->level + 0.05 * passing(who, DRAW_AMOUNT + GEN_PROFIT)));
}

static void draw_quality(struct person *who)
{
    int64_t *amount = who->made->amount;
    double level = who->level;
    double superior = share(-0.35 + 0.45 * level + 0.4 * drifting(who, DRAW_AMOUNT + GEN_SUPERIOR));
    double first =
        (1 - superior) * share(0.7 + 0.3 * level + 0.4 * drifting(who, DRAW_AMOUNT + GEN_FIRST));
    double qualified = (1 - superior - first) * share(2.2 + 0.5 * level);
    amount[GEN_SUPERIOR] = part(amount[GEN_OUTPUT], superior);
    amount[GEN_FIRST] = part(amount[GEN_OUTPUT], first);
    amount[GEN_QUALIFIED] = part(amount[GEN_OUTPUT], qualified);
    amount[GEN_EQUIPMENT] = whole((double)amount[GEN_ASSETS] * 0.32 *
                                  expo(0.4 * lasting(who, DRAW_AMOUNT + GEN_EQUIPMENT)));
    amount[GEN_MICRO] =
        part(amount[GEN_EQUIPMENT],
             share(-0.35 + 0.45 * level + 0.5 * drifting(who, DRAW_AMOUNT + GEN_MICRO)));
    amount[GEN_INTERNAL] =
        whole((double)amount[GEN_OUTPUT] * 0.0042 *
              expo(-0.3 * level + 0.6 * drifting(who, DRAW_AMOUNT + GEN_INTERNAL)));
    amount[GEN_EXTERNAL] =
        whole((double)amount[GEN_OUTPUT] * 0.0014 *
              expo(-0.35 * level + 0.8 * drifting(who, DRAW_AMOUNT + GEN_EXTERNAL)));
    if (chance(who, DRAW_CERTIFIED) < share(0.35 + 0.8 * level + 0.5 * who->bulk))
        amount[GEN_CERTIFICATES] =
            1 + (chance(who, DRAW_AMOUNT + GEN_CERTIFICATES) < share(-0.5 + who->bulk)) +
            (chance(who, DRAW_AMOUNT + GEN_CERTIFICATES) < share(-2.0 + who->bulk));
}

/* How many of `trials` succeed: each has its own 8 random bits (trials beyond 8 are counted
 * together). */
static int64_t successes(const struct person *who, unsigned what, int64_t trials,
                         double probability)
{
    uint64_t bits = gen_bits(who->made->passing, what);
    int64_t passed = 0;
    if (trials > 8) {
        double failures = (double)trials * (1 - probability) * expo(0.5 * bell(bits) - 0.125);
        int64_t failed = (int64_t)(failures + gen_uniform(bits, what));
        return failed > trials ? 0 : trials - failed;
    }
    for (int64_t i = 0; i < trials; i++)
        passed += (double)((bits >> (8 * i)) & 255) < 256 * probability;
    return passed;
}

static void draw_inspection(struct person *who)
{
    struct gen_enterprise *made = who->made;
    int64_t *amount = made->amount;
    double picked = gen_uniform(made->passing, DRAW_SAMPLED);
    if (picked < 0.35)
        amount[GEN_SAMPLED] = 1 + (int64_t)(picked * picked * 50);
    amount[GEN_PASSED] =
        successes(who, DRAW_PASSED, amount[GEN_SAMPLED], share(2.95 + 0.6 * who->level));
    if (chance(who, DRAW_EXPORTER) <
        made->industry->exporters * made->place->area->port * expo(0.25 * who->bulk)) {
        double sold = share(-0.9 + 0.9 * drifting(who, DRAW_AMOUNT + GEN_EXPORTS));
        amount[GEN_EXPORTS] = part(amount[GEN_SALES], sold);
        amount[GEN_EXPORT_INSPECTED] = 1 + (int64_t)(sqrt((double)amount[GEN_EXPORTS]) / 12);
    }
    amount[GEN_EXPORT_PASSED] = successes(who, DRAW_EXPORT_PASSED, amount[GEN_EXPORT_INSPECTED],
                                          share(5.0 + 0.5 * who->level));
}

static void draw_innovation(struct person *who)
{
    struct gen_enterprise *made = who->made;
    int64_t *amount = made->amount;
    double revenue = (double)amount[GEN_REVENUE];
    double drive = who->level + 0.5 * who->bulk;
    bool inventive = chance(who, DRAW_INNOVATOR) < share(0.4 + 1.1 * drive);
    if (inventive) {
        amount[GEN_RESEARCH] = whole(revenue * made->industry->research * 0.0128 *
                                     expo(0.3 * (who->level - made->industry->level) +
                                          0.4 * drifting(who, DRAW_AMOUNT + GEN_RESEARCH)));
        amount[GEN_RESEARCHERS] =
            part(amount[GEN_EMPLOYEES], share(-2.6 + 0.5 * who->level +
                                              0.3 * lasting(who, DRAW_AMOUNT + GEN_RESEARCHERS)));
    }
    if (chance(who, DRAW_NOVEL) < (inventive ? 0.8 : 0.06))
        amount[GEN_NEW_PRODUCTS] =
            part(amount[GEN_REVENUE], share(-1.6 + 0.035 * made->industry->novelty +
                                            0.4 * (who->level - made->industry->level) +
                                            0.6 * drifting(who, DRAW_AMOUNT + GEN_NEW_PRODUCTS)));
    if (inventive || chance(who, DRAW_AMOUNT + GEN_PATENTS) < 0.15) {
        double expected = revenue * 0.00006 * expo(0.75 * who->level) / (1 + revenue / 4e6);
        amount[GEN_PATENTS] = (int64_t)(expected * expo(0.8 * lasting(who, DRAW_PATENT_LUCK)) +
                                        chance(who, DRAW_AMOUNT + GEN_PATENTS));
    }
    if (chance(who, DRAW_AMOUNT + GEN_RENOVATION) < share(0.2 + 0.6 * who->bulk))
        amount[GEN_RENOVATION] =
            whole(revenue * 0.0085 *
                  expo(0.2 * who->level + 0.7 * drifting(who, DRAW_AMOUNT + GEN_RENOVATION)));
}

/* ---- identity ---- */

/* Letters of GB 32100; a character's value is its place. */
static const char letters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* GB 11714: values 0-9, A = 10 ... Z = 35. */
static char organisation_check(const char *code)
{
    static const int weight[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += weight[i] * (code[i] <= '9' ? code[i] - '0' : code[i] - 'A' + 10);
    sum = 11 - sum % 11;
    return (char)(sum == 10 ? 'X' : sum == 11 ? '0' : '0' + sum);
}

/* 91 + place + organisation code + check. The organisation codes start with XN, which nobody was
 * given: no code is that of a real enterprise. */
static void write_usci(const struct gen_enterprise *made, char *usci)
{
    uint64_t serial = (made->number * UINT64_C(500000003) + 12345) %
                      UINT64_C(887503681); /* 31^6: no serial twice */
    int sum = 0, weight = 1;
    memcpy(usci, "91", 2);
    memcpy(usci + 2, made->place->code, 6);
    memcpy(usci + 8, "XN", 2);
    for (int i = 15; i >= 10; i--, serial /= 31)
        usci[i] = letters[serial % 31];
    usci[16] = organisation_check(usci + 8);
    for (int i = 0; i < 17; i++, weight = weight * 3 % 31)
        sum += weight * (int)(strchr(letters, usci[i]) - letters);
    usci[17] = letters[(31 - sum % 31) % 31];
    usci[18] = '\0';
}

static size_t first_reaching(double wanted, const double *upto, size_t count)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (upto[middle] > wanted)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static const struct gen_place *find_place(const struct gen_world *world, double wanted)
{
    size_t low = 0, high = world->places - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (world->place[middle].upto > wanted)
            high = middle;
        else
            low = middle + 1;
    }
    return &world->place[low];
}

static void draw_identity(struct person *who)
{
    struct gen_enterprise *made = who->made;
    const char *classes;
    size_t picked;
    made->place = find_place(who->world, chance(who, DRAW_PLACE));
    made->industry = &gen_industries[first_reaching(chance(who, DRAW_INDUSTRY), made->place->mix,
                                                    gen_industries_count)];
    classes = made->industry->classes;
    picked = (size_t)(chance(who, DRAW_CLASS) * (double)((strlen(classes) + 1) / 3));
    memcpy(made->code, made->industry->code, 2);
    memcpy(made->code + 2, classes + 3 * picked, 2);
    made->code[4] = '\0';
    write_usci(made, made->usci);
}

void gen_enterprise_make(const struct gen_world *world, uint64_t number, int year,
                         struct gen_enterprise *made)
{
    struct person who = {.world = world, .made = made};
    *made = (struct gen_enterprise){.number = number,
                                    .year = year,
                                    .lasting = gen_stem(world, number, 0),
                                    .passing = gen_stem(world, number, year)};
    draw_identity(&who);
    who.level = made->place->area->level + made->industry->level +
                0.45 * lasting(&who, DRAW_LEVEL) + 0.05 * (year - 2023);
    draw_scale(&who);
    draw_quality(&who);
    draw_inspection(&who);
    draw_innovation(&who);
}
