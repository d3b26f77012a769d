/* Counts of validate and Banff as mqci check gives them. */
#include "program.h"
#include "support.h"

/* What the JSON of a check says of a rule. */
struct counts {
    unsigned long checked, passed, failed, missing;
};

static unsigned long number_of(const char *rule, const char *name)
{
    char start[32];
    snprintf(start, sizeof start, "\"%s\": ", name);
    const char *at = strstr(rule, start), *end = strchr(rule, '}');
    if (!at || !end || at > end)
        fail_msg("no %s in %.300s", name, rule);
    return strtoul(at + strlen(start), NULL, 10);
}

static struct counts counts_of(const char *json, const char *rule)
{
    char start[64];
    snprintf(start, sizeof start, "\"rule\": \"%s\"", rule);
    const char *at = strstr(json, start);
    if (!at)
        fail_msg("no rule %s in %s", rule, json);
    return (struct counts){number_of(at, "checked"), number_of(at, "passed"),
                           number_of(at, "failed"), number_of(at, "missing")};
}

#define LEAF "levels: [{id: all}]\nindicators: [{id: rows, formula: count(), normalise: none}]\n"

/* The 60 enterprises of validate and the counts it gives. */
static const char enterprises[] =
    "mqci: 1\nid: sbs\nedition: \"1\"\ntitle: SBS\nmissing: [NA]\n"
    "inputs:\n"
    "  - {id: id, type: key}\n"
    "  - {id: size, type: code}\n"
    "  - {id: staff, type: amount}\n"
    "  - {id: turnover, type: amount}\n"
    "  - {id: other, column: other.rev, type: amount}\n"
    "  - {id: revenue, column: total.rev, type: amount}\n"
    "  - {id: staff_costs, column: staff.costs, type: amount}\n"
    "  - {id: costs, column: total.costs, type: amount}\n"
    "  - {id: profit, type: amount}\n"
    "rules:\n"
    "  - {id: V1, check: revenue - profit == costs}\n"
    "  - {id: V2, check: turnover + other == revenue}\n"
    "  - {id: V3, check: profit <= 0.6 * revenue}\n"
    "  - {id: V4, check: if (staff >= 1) staff_costs >= 1}\n"
    "  - {id: V5, check: 'turnover <= 10 * median_by(turnover, size)'}\n" LEAF;

static const struct {
    const char *rule;
    struct counts counts;
} wanted[] = {{"V1", {53, 39, 14, 7}},
              {"V2", {23, 19, 4, 37}},
              {"V3", {55, 49, 6, 5}},
              {"V4", {50, 50, 0, 10}},
              {"V5", {56, 53, 3, 4}}};

static void the_counts_of_validate(void **state)
{
    (void)state;
    put_file(in_folder("sbs.yaml"), enterprises);
    struct outcome outcome =
        expect_shell(0, "$MQCI check --json $TMP/sbs.yaml tests/oracle/official/SBS2000.csv");
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct counts counts = counts_of(outcome.out, wanted[i].rule);
        assert_int_equal(counts.checked, wanted[i].counts.checked);
        assert_int_equal(counts.passed, wanted[i].counts.passed);
        assert_int_equal(counts.failed, wanted[i].counts.failed);
        assert_int_equal(counts.missing, wanted[i].counts.missing);
    }
    outcome_clear(&outcome);
}

/* Banff's outlier examples: C03 forwards and backwards, B05. Rules that look to one side or for the
 * outer bounds only show on which side of which bound a record lies. */
static const char outliers[] =
    "mqci: 1\nid: banff\nedition: \"1\"\ntitle: Banff\n"
    "inputs:\n"
    "  - {id: unit, type: key}\n"
    "  - {id: now, type: number}\n"
    "  - {id: before, type: number}\n"
    "  - {id: level, type: number}\n"
    "rules:\n"
    "  - {id: low, edit: {method: hb, exclude: 2, side: left, of: now, against: before}}\n"
    "  - {id: high, edit: {method: hb, exclude: 2, side: right, of: now, against: before}}\n"
    "  - {id: far, edit: {method: hb, impute: 3, of: now, against: before}}\n"
    "  - {id: back_low, edit: {method: hb, exclude: 2, side: left, of: before, against: now}}\n"
    "  - {id: back_high, edit: {method: hb, exclude: 2, side: right, of: before, against: now}}\n"
    "  - {id: back_far, edit: {method: hb, impute: 3, of: before, against: now}}\n"
    "  - {id: same, edit: {method: hb, exclude: 2, impute: 3, negative: true, of: level}}\n"
    "  - {id: same_far, edit: {method: hb, impute: 3, negative: true, of: level}}\n"
    "  - {id: same_left, edit: {method: hb, exclude: 2, impute: 3, side: left, negative: true, "
    "of: level}}\n" LEAF;

static const char records[] = "unit,now,before,level\nR01,4,19,4\nR02,14,5,14\nR03,18,19,18\n"
                              "R04,7,6,7\nR05,1,1,-1\nR06,5,2,5\nR07,3,8,3\nR08,16,14,-16\n"
                              "R09,2,3,2\nR10,6,2,6\n";

static const struct {
    const char *rule, *units; /* set aside */
} found[] = {
    {"low", "R01 R07 "},       {"high", ""},
    {"far", "R01 "},           {"back_low", ""},
    {"back_high", "R01 R07 "}, {"back_far", "R01 "},
    {"same", "R02 R03 R08 "},  {"same_far", "R03 R08 "},
    {"same_left", "R08 "},
};

/* Rejects of one rule alone: the units in order. */
static void units_of(const char *rule, char units[64])
{
    struct outcome outcome =
        expect_shell(0,
                     "sed 's/{id: %s,/{id: %s, severity: reject,/' $TMP/banff.yaml "
                     "> $TMP/one.yaml && rm -rf $TMP/one && $MQCI run $TMP/one.yaml "
                     "$TMP/banff.csv -o $TMP/one --max-rejects 100%% >/dev/null && "
                     "awk -F, 'NR > 1 { printf \"%%s \", $3 }' $TMP/one/rejects.csv",
                     rule, rule);
    snprintf(units, 64, "%s", outcome.out);
    outcome_clear(&outcome);
}

static void the_outliers_of_banff(void **state)
{
    (void)state;
    put_file(in_folder("banff.yaml"), outliers);
    put_file(in_folder("banff.csv"), records);
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        char units[64];
        units_of(found[i].rule, units);
        if (strcmp(units, found[i].units) != 0)
            fail_msg("%s: \"%s\" found, \"%s\" wanted", found[i].rule, units, found[i].units);
    }
    struct outcome outcome = expect_shell(0, "$MQCI check --json $TMP/banff.yaml $TMP/banff.csv");
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        struct counts counts = counts_of(outcome.out, found[i].rule);
        assert_int_equal(counts.checked, 10);
        assert_int_equal(counts.failed, strlen(found[i].units) / strlen("R01 "));
    }
    outcome_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_counts_of_validate),
        cmocka_unit_test(the_outliers_of_banff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
