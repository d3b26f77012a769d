/* warnings.csv: rows that fail a rule which rejects nobody, bounded by rule, in order; and what
 * rows that fail a statistical edit are told. */
#include "validate/world.h"

#define HEAD "file,line,key,column,value,rule,message\n"
#define REST                                                                                       \
    "levels: [{id: all, title: All}]\n"                                                            \
    "indicators: [{id: x, title: X, formula: v, normalise: {method: none}}]\n"

static char *report(struct world *world, bool warnings)
{
    char path[320];
    struct mq_error error = {0};
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    snprintf(path, sizeof path, "%s/report.csv", world->directory);
    assert_int_equal(
        (warnings ? mq_write_warnings : mq_write_rejects)(world->checker, path, &error), MQ_OK);
    assert_int_equal(mq_read_file(path, &content, &error), MQ_OK);
    return content.data;
}

static char *warnings_of(struct world *world, uint64_t list, int workers, size_t block)
{
    world_start(world, workers, block);
    mq_checker_list(world->checker, list);
    assert_true(mq_checker_listed(world->checker) == list);
    world_read(world, NULL, NULL);
    assert_int_equal(mq_checker_late(world->checker, workers, NULL, NULL, NULL), MQ_OK);
    return report(world, true);
}

static const char rules_yaml[] =
    "mqci: 1\nid: w\nedition: \"1\"\ntitle: w\n"
    "inputs:\n"
    "  - {id: k, column: [k], type: key}\n"
    "  - {id: t, column: [t], type: code}\n"
    "  - {id: v, column: [v], type: amount, decimals: 0}\n"
    "scope: t != 9\n"
    "rules:\n"
    "  - {id: W1, title: small, check: v >= 10}\n"
    "  - {id: L1, title: far, check: v <= 3 * median_by(v)}\n"
    "  - {id: R1, check: v != 33, severity: reject}\n"
    "  - {id: I1, title: 'odd, \"end\"', check: v != 7 and v != 33 and v < 900, severity: info}\n"
    "  - {id: B1, title: broken, check: nothing > 3}\n" REST;

enum { ROWS = 3000 };
struct row {
    int v, t;
    bool ragged;
};
static struct row row_at(int i)
{
    uint64_t random = mq_hash64(&i, sizeof i, 7);
    int v = random % 13 == 0   ? 7
            : random % 17 == 0 ? 33
            : random % 19 == 0 ? 950
                               : 50 + (int)(random / 1000 % 50);
    return (struct row){v, random / 7 % 11 == 0 ? 9 : 1, random / 77 % 23 == 0};
}

/* What must be listed, in order of lines, and of a row first what is told before all are read. */
static char *expected_of(uint64_t list, uint64_t *failed)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    uint64_t left[3] = {list, list, list};
    *failed = 0;
    mq_buffer_text(&text, HEAD);
    for (int i = 0; i < ROWS; i++) {
        struct row row = row_at(i);
        if (row.ragged || row.t == 9)
            continue;
        /* the median is one of 50 .. 99 */
        bool fails[3] = {row.v < 10, row.v == 7 || row.v == 33 || row.v == 950, row.v == 950};
        static const char *const tail[] = {"W1,small (v >= 10)",
                                           ("I1,\"odd, \"\"end\"\" (v != 7 and v != 33 and v < "
                                            "900)\""),
                                           "L1,far (v <= 3 * median_by(v))"};
        *failed += fails[0];
        for (int r = 0; r < 3; r++)
            if (fails[r] && left[r] > 0) {
                left[r]--;
                mq_buffer_format(&text, "data0.csv,%d,K%d,v,%d,%s\n", i + 2, i, row.v, tail[r]);
            }
    }
    assert_false(text.failed);
    return text.data;
}

static void write_rows(struct world *world)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "k,t,v\n");
    for (int i = 0; i < ROWS; i++) {
        struct row row = row_at(i);
        mq_buffer_format(&csv, "K%d,%d,%d%s\n", i, row.t, row.v, row.ragged ? ",x" : "");
    }
    world_data(world, csv.data);
    mq_buffer_clear(&csv);
}

static void test_bounded_and_in_order(void **state)
{
    (void)state;
    static const uint64_t lists[] = {0, 1, 2, 60, 1000, UINT64_MAX};
    struct world world;
    world_open(&world);
    world_model(&world, rules_yaml);
    write_rows(&world);
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        uint64_t failed;
        char *expected = expected_of(lists[l], &failed);
        assert_true(failed > 150);
        for (int workers = 1; workers <= 7; workers += 2) {
            char *found = warnings_of(&world, lists[l], workers, workers == 1 ? 0 : 4096);
            assert_string_equal(found, expected);
            char *again = report(&world, true);
            assert_string_equal(again, expected);
            assert_int_equal(mq_checker_list_cut(world.checker), lists[l] > 0 && lists[l] < failed);
            char *rejects = report(&world, false);
            assert_null(strstr(rejects, "W1"));
            assert_null(strstr(rejects, "I1"));
            assert_contains(rejects, ",33,R1,");
            world_balance(&world);
            free(rejects);
            free(again);
            free(found);
            world_stop(&world);
        }
        free(expected);
    }
    world_close(&world);
}

/* A rule can fail for more rows than are listed by default; its number stays true. */
static void test_a_thousand_unless_told(void **state)
{
    (void)state;
    struct world world;
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "k,t,v\n");
    for (int i = 0; i < 1234; i++)
        mq_buffer_format(&csv, "K%d,1,7\n", i);
    world_open(&world);
    world_model(&world, rules_yaml);
    world_data(&world, csv.data);
    mq_buffer_clear(&csv);
    world_start(&world, 3, 4096);
    world_read(&world, NULL, NULL);
    char *found = report(&world, true), *findings = world_file(&world, false);
    size_t lines[2] = {0, 0};
    for (const char *at = found; (at = strstr(at, ",W1,")); at++)
        lines[0]++;
    for (const char *at = found; (at = strstr(at, ",I1,")); at++)
        lines[1]++;
    assert_int_equal(lines[0], 1000);
    assert_int_equal(lines[1], 1000);
    assert_contains(found, "\ndata0.csv,1001,K999,v,7,I1,");
    assert_null(strstr(found, "K1000"));
    assert_contains(findings, "\nW1,warn,small,1234,0,1234,0,data0.csv,2,");
    assert_true(mq_checker_list_cut(world.checker));
    free(found);
    free(findings);
    world_close(&world);
}

static void test_nothing_to_warn_of(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    world_model(&world, "mqci: 1\nid: w\nedition: \"1\"\ntitle: w\n"
                        "inputs: [{id: v, column: [v], type: amount, decimals: 0}]\n"
                        "rules: [{id: R1, check: v > 1, severity: reject}]\n" REST);
    world_data(&world, "v\n1\n2\n");
    char *found = warnings_of(&world, UINT64_MAX, 2, 0);
    assert_string_equal(found, HEAD);
    struct mq_error error = {0};
    assert_int_equal(mq_write_warnings(world.checker, "/dev/full", &error), MQ_IO);
    assert_string_equal(error.file, "/dev/full");
    free(found);
    world_close(&world);
}

/* ---- messages of edits ---- */

struct edit_case {
    const char *rule;    /* the edit, and its severity */
    const char *value;   /* of the last row; the others have 1 .. 7 */
    const char *message; /* of that row, after title and text; in English, then in Chinese */
    const char *chinese;
};
/* Percentiles at p (n + 1): of 1 .. 7 and x the quartiles are 2.25, 4.5, 6.75; w is 1. */
static const struct edit_case edit_cases[] = {
    {"{method: fences, of: v}", "100",
     "implausibly high: v = 100, above the imputation bound 20.25 (median 4.5, 8 rows)",
     "过高，离群：v = 100，高于离群界限 20.25（中位数 4.5，8 行）"},
    {"{method: fences, of: v}, severity: reject", "15",
     "suspiciously high: v = 15, above the exclusion bound 13.5 (median 4.5, 8 rows)",
     "偏高，可疑：v = 15，高于可疑界限 13.5（中位数 4.5，8 行）"},
    /* of -20, 1 .. 7 they are 1.25, 3.5, 5.75: 1.25 - 3 * 4.5 */
    {"{method: fences, of: v}", "-20",
     "implausibly low: v = -20, below the imputation bound -12.25 (median 3.5, 8 rows)",
     "过低，离群：v = -20，低于离群界限 -12.25（中位数 3.5，8 行）"},
    {"{method: fences, of: v}", "-6.5",
     "suspiciously low: v = -6.5, below the exclusion bound -5.5 (median 3.5, 8 rows)",
     "偏低，可疑：v = -6.5，低于可疑界限 -5.5（中位数 3.5，8 行）"},
    /* distances from 4.5: .5 .5 1.5 1.5 2.5 2.5 3.5 95.5; 95.5 / (1.4826 * 2) */
    {"{method: mad, of: v}", "100",
     "implausibly high: v = 100, z = 32.2069, above the bound 3.5 (median 4.5, 8 rows)",
     "过高，离群：v = 100，z = 32.2069，高于界限 3.5（中位数 4.5，8 行）"},
    {"{method: ratio, of: v, against: w, low: 0.5, high: 8}", "1234567.25",
     "implausibly high: v / w = 1234567, above the bound 8 (median 4.5, 8 rows)",
     "过高，离群：v / w = 1234567，高于界限 8（中位数 4.5，8 行）"},
    {"{method: ratio, of: v + w, against: 2 * w, low: 0.5004, high: 8}", "0.000123",
     "implausibly low: (v + w) / (2 * w) = 0.500062, below the bound 0.5004 (median 2.25, 8 rows)",
     "过低，离群：(v + w) / (2 * w) = 0.500062，低于界限 0.5004（中位数 2.25，8 行）"},
    /* 4500 is 10^3 * 4.5; of 1, 2, 3, 4, 5, 6, 7 and it the median is 4.5 */
    {"{method: unit, of: v, against: w}", "4500",
     "probably in the wrong unit: v / w = 4500, about 10^3 times the median 4.5 (8 rows)",
     "疑似计量单位错误：v / w = 4500，约为组内中位数 4.5 的 10^3 倍（8 行）"},
    /* effects x / 4.5 - 1 and 1 - 4.5 / x: -3.5 -1.25 -.5 -.125 1/9 3/9 5/9 and 1000 / 4.5 - 1;
       quartiles -1.0625, -1/144, .5; bound -1/144 + 3 * (.5 + 1/144) */
    {"{method: hb, of: v, against: w, impute: 3, side: right}", "1000",
     "implausibly high: v / w = 1000, effect = 221.222, above the imputation bound 1.51389 (median "
     "4.5, 8 rows)",
     "过高，离群：v / w = 1000，效应 = 221.222，高于离群界限 1.51389（中位数 4.5，8 行）"},
    /* logarithms: quartiles ln 2 + (ln 3 - ln 2) / 4, (ln 4 + ln 5) / 2, ln 6 + .75 ln (7 / 6) */
    {"{method: fences, of: v, log: true}", "1e9",
     "implausibly high: ln(v) = 20.7233, above the imputation bound 5.24595 (median 1.49787, 8 "
     "rows)",
     "过高，离群：ln(v) = 20.7233，高于离群界限 5.24595（中位数 1.49787，8 行）"},
};

static void one_edit(const struct edit_case *edit, bool chinese)
{
    struct world world;
    struct mq_buffer yaml = MQ_BUFFER_EMPTY, csv = MQ_BUFFER_EMPTY, end = MQ_BUFFER_EMPTY;
    bool rejects = strstr(edit->rule, "reject") != NULL;
    mq_buffer_format(&yaml,
                     "mqci: 1\nid: e\nedition: \"1\"\ntitle: %s\ninputs:\n"
                     "  - {id: v, column: [v], type: number}\n"
                     "  - {id: w, column: [w], type: number}\n"
                     "rules: [{id: E1, title: Look, edit: %s}]\n" REST,
                     chinese ? "审核" : "edit", edit->rule);
    mq_buffer_text(&csv, "v,w\n");
    for (int i = 1; i <= 7; i++)
        mq_buffer_format(&csv, "%d,1\n", i);
    mq_buffer_format(&csv, "%s,1\n", edit->value);
    mq_buffer_format(&end, "%s%s", chinese ? "：" : ": ", chinese ? edit->chinese : edit->message);
    world_open(&world);
    world_model(&world, yaml.data);
    world_data(&world, csv.data);
    char *warnings = warnings_of(&world, 5, 2, 0), *rejected = report(&world, false);
    const char *found = rejects ? rejected : warnings;
    assert_string_equal(rejects ? warnings : rejected, HEAD);
    assert_contains(found, "data0.csv,9,,v");
    assert_contains(found, chinese ? "Look（" : "Look (");
    if (!strstr(found, end.data))
        print_error("expected: %s\nfound: %s\n", end.data, found);
    assert_contains(found, end.data);
    assert_int_equal(strchr(strchr(found, '\n') + 1, '\n')[1], '\0'); /* no other row */
    free(warnings);
    free(rejected);
    mq_buffer_clear(&yaml);
    mq_buffer_clear(&csv);
    mq_buffer_clear(&end);
    world_close(&world);
}

static void test_edits_tell_the_bound(void **state)
{
    (void)state;
    for (size_t e = 0; e < sizeof edit_cases / sizeof *edit_cases; e++)
        for (int chinese = 0; chinese < 2; chinese++)
            one_edit(edit_cases + e, chinese);
}

/* Every group has bounds of its own, whoever computed them. */
static void test_each_group_its_bound(void **state)
{
    (void)state;
    enum { GROUPS = 40 };
    struct world world;
    struct mq_buffer csv = MQ_BUFFER_EMPTY, expected = MQ_BUFFER_EMPTY;
    int line = 2;
    mq_buffer_text(&csv, "k,t,v\n");
    mq_buffer_text(&expected, HEAD);
    for (int i = 0; i < 8; i++) /* groups interleave */
        for (int g = 0; g < GROUPS; g++, line++) {
            int size = g + 1, v = (i < 7 ? i + 1 : 100 + g) * size;
            mq_buffer_format(&csv, "K%d,g%d,%d\n", line, g, v);
            if (i < 7)
                continue;
            char bound[352], median[352];
            mq_round_text(20.25 * size, 2, MQ_HALF_EVEN, bound);
            mq_round_text(4.5 * size, 1, MQ_HALF_EVEN, median);
            for (char *end = bound + strlen(bound) - 1; *end == '0' || *end == '.'; *end-- = '\0')
                if (*end == '.') {
                    *end = '\0';
                    break;
                }
            for (char *end = median + strlen(median) - 1; *end == '0' || *end == '.'; *end-- = '\0')
                if (*end == '.') {
                    *end = '\0';
                    break;
                }
            mq_buffer_format(&expected,
                             "data0.csv,%d,K%d,v|t,%d|g%d,E1,\"fences(v) by t: implausibly high: v "
                             "= %d, above the imputation bound %s (median %s, 8 rows)\"\n",
                             line, line, v, g, v, bound, median);
        }
    world_open(&world);
    world_model(&world, "mqci: 1\nid: e\nedition: \"1\"\ntitle: e\ninputs:\n"
                        "  - {id: k, column: [k], type: key}\n"
                        "  - {id: t, column: [t], type: code}\n"
                        "  - {id: v, column: [v], type: amount, decimals: 0}\n"
                        "rules: [{id: E1, edit: {method: fences, of: v, by: [t]}}]\n" REST);
    world_data(&world, csv.data);
    for (int workers = 1; workers <= 5; workers += 2) {
        char *found = warnings_of(&world, UINT64_MAX, workers, 4096);
        assert_string_equal(found, expected.data);
        free(found);
        world_stop(&world);
    }
    mq_buffer_clear(&csv);
    mq_buffer_clear(&expected);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounded_and_in_order), cmocka_unit_test(test_a_thousand_unless_told),
        cmocka_unit_test(test_nothing_to_warn_of),   cmocka_unit_test(test_edits_tell_the_bound),
        cmocka_unit_test(test_each_group_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
