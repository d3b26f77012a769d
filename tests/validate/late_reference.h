/* Random rows, rules over them of every kind, and what the rules must say, found the slowest way.
 */
#ifndef MQ_TEST_LATE_REFERENCE_H
#define MQ_TEST_LATE_REFERENCE_H

#include "support.h"
#include "validate/validate.h"

enum { ROWS = 2400, MOST_RULES = 20 };

struct record {
    int key, year, kind, place; /* kind, place: -1 missing */
    long a, b;                  /* hundredths, thousandths */
    bool has_a, has_b;
    bool rejected, duplicate;
    int copy_of;
};

static const char random_yaml[] =
    "mqci: 1\nid: late\nedition: \"1\"\ntitle: late\n"
    "inputs:\n"
    "  - {id: usci, column: [usci], type: key}\n"
    "  - {id: year, column: [year], type: period}\n"
    "  - {id: kind, column: [kind], type: code}\n"
    "  - {id: place, column: [place], type: number}\n"
    "  - {id: a, column: [a], type: amount, decimals: 2}\n"
    "  - {id: b, column: [b], type: number}\n"
    "rules:\n"
    "  - {id: R0, check: a > 30 or missing(a), severity: reject}\n"
    "  - {id: R1, check: 'sum_by(a, kind, place) > 5 * a', severity: reject}\n"
    "  - {id: R2, check: 'mean_by(b, kind) < 2 * b', severity: reject}\n"
    "  - {id: R3, check: 'min_by(a, place) < a', severity: reject}\n"
    "  - {id: R4, check: 'max_by(b, kind, year) > b', severity: warn}\n"
    "  - {id: R5, check: 'median_by(a, kind, place) <= 1.5 * a', severity: reject}\n"
    "  - {id: R6, check: 'count_by(kind, place) >= 12', severity: reject}\n"
    "  - {id: R7, check: 'is_unique(kind, a)', severity: reject}\n"
    "  - {id: R8, check: all_complete(place), severity: warn}\n"
    "  - {id: R9, check: kind ~ place, severity: info}\n"
    "  - {id: R10, check: 'a <= 3 * a[-1]', severity: reject}\n"
    "  - {id: R11, check: 'sum_by(a + b, year) >= 2000 * (a + b)', severity: warn}\n"
    "  - {id: R12, check: 'median_by(b) * 2 > b', severity: reject}\n"
    "  - {id: R13, check: 'all_complete(usci, year)', severity: reject}\n"
    "  - {id: R14, check: b < 950, severity: warn}\n"
    "  - {id: R15, check: 'count_by(kind where a > 400 and b < 700) >= 68', severity: reject}\n"
    "  - {id: R16, check: 'sum_by(a, place where kind in (\"k1\", \"k2\", \"k5\")) > 25 * a'}\n"
    "  - {id: R17, check: 'median_by(b, year where missing(a) or a > 700) < 2 * b', severity: "
    "reject}\n"
    "  - {id: R18, check: 'max_by(a + b where kind == \"k4\" and a < 500) > a + b'}\n"
    "levels: [{id: all, title: All}]\n"
    "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n";
enum { RULES = 19 };

static uint64_t next_random(uint64_t *seed)
{
    *seed += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *seed;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static struct record *make_records(void)
{
    struct record *record = calloc(ROWS, sizeof *record);
    assert_non_null(record);
    uint64_t seed = 20251122;
    for (int i = 0; i < ROWS; i++) {
        uint64_t r = next_random(&seed), s = next_random(&seed);
        record[i] = (struct record){.key = i / 3,
                                    .year = 2021 + i % 3,
                                    .kind = r % 17 ? (int)(r >> 8) % 9 : -1,
                                    .place = r % 19 ? (int)(r >> 20) % 23 : -1,
                                    .a = (long)(s % 99991),
                                    .b = (long)(s >> 32) % 999983,
                                    .has_a = (r >> 40) % 23 != 0,
                                    .has_b = (r >> 48) % 21 != 0,
                                    .copy_of = -1};
        if (s >> 60 == 7) /* the same amount again, elsewhere */
            record[i].a = record[i / 2].a;
        if (i > 50 && s >> 59 == 9) { /* a copy */
            record[i] = record[i - 1 - (int)(r >> 56) % 40];
            record[i].copy_of = 0;
        } else if (i > 50 && s >> 59 == 11) { /* the same key with something else */
            record[i].key = record[i - 30].key;
            record[i].year = record[i - 30].year;
        }
    }
    return record;
}

static bool same_content(const struct record *x, const struct record *y)
{
    return x->kind == y->kind && x->place == y->place && x->has_a == y->has_a &&
           x->has_b == y->has_b && (!x->has_a || x->a == y->a) && (!x->has_b || x->b == y->b);
}

/* Who takes part in the late stage. */
static void decide_slowly(struct record *record)
{
    for (int i = 0; i < ROWS; i++)
        record[i].rejected = record[i].has_a && record[i].a <= 3000;
    for (int i = 0; i < ROWS; i++) {
        bool conflict = false, before = false;
        for (int k = 0; k < ROWS && !record[i].rejected; k++) {
            if (record[k].rejected || record[k].key != record[i].key ||
                record[k].year != record[i].year)
                continue;
            conflict = conflict || !same_content(record + i, record + k);
            before = before || k < i;
        }
        record[i].duplicate = conflict || before;
    }
}

typedef bool (*same_fn)(const struct record *x, const struct record *y);
static bool same_kind(const struct record *x, const struct record *y)
{
    return x->kind >= 0 && x->kind == y->kind;
}
static bool same_place(const struct record *x, const struct record *y)
{
    return x->place >= 0 && x->place == y->place;
}
static bool same_both(const struct record *x, const struct record *y)
{
    return same_kind(x, y) && same_place(x, y);
}
static bool same_kind_year(const struct record *x, const struct record *y)
{
    return same_kind(x, y) && x->year == y->year;
}
static bool same_year(const struct record *x, const struct record *y)
{
    return x->year == y->year;
}
static bool same_kind_a(const struct record *x, const struct record *y)
{
    return same_kind(x, y) && x->has_a && y->has_a && x->a == y->a;
}
static bool any(const struct record *x, const struct record *y)
{
    return x && y;
}

typedef bool (*value_fn)(const struct record *x, double *value);
static bool value_a(const struct record *x, double *value)
{
    *value = (double)x->a / 100;
    return x->has_a;
}
static bool value_b(const struct record *x, double *value)
{
    *value = (double)x->b / 1000;
    return x->has_b;
}
static bool value_ab(const struct record *x, double *value)
{
    *value = (double)x->a / 100 + (double)x->b / 1000;
    return x->has_a && x->has_b;
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

typedef bool (*where_fn)(const struct record *x);
static bool where_middling(const struct record *x)
{
    return x->has_a && x->a > 40000 && x->has_b && x->b < 700000;
}
static bool where_some_kinds(const struct record *x)
{
    return x->kind == 1 || x->kind == 2 || x->kind == 5;
}
static bool where_large(const struct record *x)
{
    return !x->has_a || x->a > 70000;
}
static bool where_fourth(const struct record *x)
{
    return x->kind == 4 && x->has_a && x->a < 50000;
}

/* One derived column at one row; false: missing. */
static bool slowly_where(const struct record *record, int i, enum mq_derived_kind kind,
                         value_fn value, same_fn same, where_fn where, double *result)
{
    static double found[ROWS];
    int rows = 0, count = 0;
    for (int k = 0; k < ROWS; k++) {
        if (record[k].rejected || record[k].duplicate || !same(record + i, record + k))
            continue;
        if (where && !where(record + k))
            continue;
        rows++;
        if (value && value(record + k, found + count))
            count++;
    }
    long double sum = 0;
    for (int k = 0; k < count; k++)
        sum += (long double)found[k];
    qsort(found, (size_t)count, sizeof *found, compare_doubles);
    *result = kind == MQ_COUNT_BY    ? rows
              : kind == MQ_IS_UNIQUE ? rows == 1
              : count == 0           ? NAN
              : kind == MQ_SUM_BY    ? (double)sum
              : kind == MQ_MEAN_BY   ? (double)(sum / count)
              : kind == MQ_MIN_BY    ? found[0]
              : kind == MQ_MAX_BY    ? found[count - 1]
                                     : (found[(count - 1) / 2] + found[count / 2]) / 2;
    return same(record + i, record + i) && !isnan(*result);
}

static bool slowly(const struct record *record, int i, enum mq_derived_kind kind, value_fn value,
                   same_fn same, double *result)
{
    return slowly_where(record, i, kind, value, same, NULL, result);
}

static int truth_if(bool known, bool truth)
{
    return !known ? MQ_UNKNOWN : truth ? MQ_TRUE : MQ_FALSE;
}

static int place_is_usual(const struct record *record, int i)
{
    int best = -1, most = 0;
    if (record[i].kind < 0 || record[i].place < 0)
        return MQ_UNKNOWN;
    for (int place = 0; place < 23; place++) {
        int count = 0;
        for (int k = 0; k < ROWS; k++)
            count += !record[k].rejected && !record[k].duplicate &&
                     record[k].kind == record[i].kind && record[k].place == place;
        if (count > most) {
            most = count;
            best = place;
        }
    }
    return truth_if(true, best == record[i].place);
}

static int before_is_less(const struct record *record, int i)
{
    for (int k = 0; k < ROWS; k++)
        if (!record[k].rejected && !record[k].duplicate && record[k].key == record[i].key &&
            record[k].year == record[i].year - 1)
            return truth_if(record[i].has_a && record[k].has_a, record[i].a <= 3 * record[k].a);
    return MQ_UNKNOWN;
}

/* The rules with a condition on the rows that count. */
static int truth_where(const struct record *record, int i, int rule)
{
    const struct record *x = record + i;
    double a = (double)x->a / 100, b = (double)x->b / 1000, found = 0;
    bool known;
    switch (rule) {
    case 15:
        known = slowly_where(record, i, MQ_COUNT_BY, NULL, same_kind, where_middling, &found);
        return truth_if(known, found >= 68);
    case 16:
        known = slowly_where(record, i, MQ_SUM_BY, value_a, same_place, where_some_kinds, &found);
        return truth_if(known && x->has_a, found > 25 * a);
    case 17:
        known = slowly_where(record, i, MQ_MEDIAN_BY, value_b, same_year, where_large, &found);
        return truth_if(known && x->has_b, found < 2 * b);
    default:
        known = slowly_where(record, i, MQ_MAX_BY, value_ab, any, where_fourth, &found);
        return truth_if(known && x->has_a && x->has_b, found > a + b);
    }
}

static int truth_slowly(const struct record *record, int i, int rule)
{
    const struct record *x = record + i;
    double a = (double)x->a / 100, b = (double)x->b / 1000, found = 0;
    bool known;
    switch (rule) {
    case 0:
        return truth_if(true, !x->has_a || x->a > 3000);
    case 1:
        known = slowly(record, i, MQ_SUM_BY, value_a, same_both, &found);
        return truth_if(known && x->has_a, found > 5 * a);
    case 2:
        known = slowly(record, i, MQ_MEAN_BY, value_b, same_kind, &found);
        return truth_if(known && x->has_b, found < 2 * b);
    case 3:
        known = slowly(record, i, MQ_MIN_BY, value_a, same_place, &found);
        return truth_if(known && x->has_a, found < a);
    case 4:
        known = slowly(record, i, MQ_MAX_BY, value_b, same_kind_year, &found);
        return truth_if(known && x->has_b, found > b);
    case 5:
        known = slowly(record, i, MQ_MEDIAN_BY, value_a, same_both, &found);
        return truth_if(known && x->has_a, found <= 1.5 * a + 1e-8);
    case 6:
        known = slowly(record, i, MQ_COUNT_BY, NULL, same_both, &found);
        return truth_if(known, found >= 12);
    case 7:
        known = slowly(record, i, MQ_IS_UNIQUE, NULL, same_kind_a, &found);
        return truth_if(known, found > 0);
    case 8:
        return MQ_FALSE;
    case 9:
        return place_is_usual(record, i);
    case 10:
        return before_is_less(record, i);
    case 11:
        known = slowly(record, i, MQ_SUM_BY, value_ab, same_year, &found);
        return truth_if(known && x->has_a && x->has_b, found >= 2000 * (a + b) - 1e-8);
    case 12:
        known = slowly(record, i, MQ_MEDIAN_BY, value_b, any, &found);
        return truth_if(known && x->has_b, found * 2 > b);
    case 13:
        return MQ_TRUE;
    case 14:
        return truth_if(x->has_b, x->b < 950000);
    default:
        return truth_where(record, i, rule);
    }
}

static const bool rejecting[RULES] = {
    [0] = true, [1] = true,  [2] = true,  [3] = true,  [5] = true,  [6] = true,
    [7] = true, [10] = true, [12] = true, [13] = true, [15] = true, [17] = true};
static bool is_late(int rule)
{
    return rule != 0 && rule != 14;
}

/* truth[i * RULES + rule] */
static uint8_t *judge_slowly(const struct record *record)
{
    uint8_t *truth = calloc(ROWS, RULES);
    assert_non_null(truth);
    for (int i = 0; i < ROWS; i++)
        for (int rule = 0; rule < RULES; rule++)
            truth[i * RULES + rule] = (uint8_t)truth_slowly(record, i, rule);
    return truth;
}

#endif
