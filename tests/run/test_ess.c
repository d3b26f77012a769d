/* The eighteen cases that the ESSnet on validation agreed upon: each as a model of one rule, each
 * row (or file) valid, invalid or undecided. Where a file says nothing about its rows its name
 * does.
 *
 * A rule and its contrary show in rejects.csv which rows fail, which pass, and which do neither.
 */
#include "program.h"
#include "support.h"

#define FILES "tests/oracle/official/ess_poc/"

enum { MAX_ROWS = 1100, MAX_VARIANTS = 5 };

/* What the expected verdict belongs to. */
enum judged {
    ROWS,  /* each row has its own */
    WHOLE, /* the rule asks about all rows, so every row has that of the file */
    ALL    /* every row must be valid for the file to be; one invalid row makes it invalid */
};

struct variant {
    const char *file;
    /* one letter a row, or one for the file: v, i, u; NULL: column `expected` */
    const char *verdicts;
};
struct ess_case {
    const char *name;
    enum judged judged;
    const char *inputs, *more; /* more: sections of the model, each line ended */
    const char *check;
    struct variant variant[MAX_VARIANTS];
};

#define LARGE "define: {large: business_id == 100 and turnover > 1000000}\n"
#define BUSINESSES                                                                                 \
    "  - {id: business_id, type: number}\n"                                                        \
    "  - {id: turnover, type: number}\n"
#define PEOPLE                                                                                     \
    "  - {id: name, column: person_id, type: key}\n"                                               \
    "  - {id: gender, type: code}\n"                                                               \
    "  - {id: age_group, type: code}\n"

static const struct ess_case cases[] = {
    {"01 hours between 1 and 80",
     ROWS,
     "  - {id: hours, column: hours_worked, type: number}\n",
     "",
     "in_range(hours, 1, 80)",
     {{"Rule_01.csv", NULL}}},
    {"02 cost and profit make turnover",
     ROWS,
     "  - {id: cost, type: amount}\n  - {id: profit, type: amount}\n"
     "  - {id: turnover, type: amount}\n",
     "",
     "cost + profit == turnover",
     {{"Rule_02.csv", NULL}}},
    {"03 share of high levels under a tenth",
     WHOLE,
     "  - {id: level, type: code}\n",
     "",
     "count_by(where level == 'high') < 0.1 * count_by(where not missing(level))",
     {{"Rule_03_valid.csv", "v"},
      {"Rule_03_invalid.csv", "i"},
      {"Rule_03_invalid_with_missings.csv", "i"}}},
    {"04 prices rise by half at most; without the earlier ones a price is invalid",
     ROWS,
     "  - {id: price, column: price_t, type: amount, decimals: 2}\n"
     "  - {id: last, column: price_tmin1, type: amount, decimals: 2}\n"
     "  - {id: year, column: price_Ymin1, type: amount, decimals: 2}\n",
     "",
     "is_complete(price, last, year) and price <= 1.5 * last and price <= 1.5 * year",
     {{"Rule_04.csv", NULL}}},
    {"05 a grandparent is 28 years older",
     ROWS,
     "  - {id: age, type: number}\n  - {id: grandchild_of, type: code}\n",
     "tables: {person: {file: Rule_05.csv, key: person_id, by: grandchild_of}}\n",
     "person.age - age >= 28",
     {{"Rule_05.csv", NULL}}},
    {"06 out of season price and quantity are carried over",
     ROWS,
     "  - {id: season, type: code}\n"
     "  - {id: price, column: price_t, type: amount}\n"
     "  - {id: quantity, column: quantity_t, type: amount}\n"
     "  - {id: last_price, column: price_tmin1, type: amount}\n"
     "  - {id: last_quantity, column: quantity_tmin1, type: amount}\n",
     "",
     "if (season == 'out') price == last_price and quantity == last_quantity",
     {{"Rule_06.csv", NULL}}},
    {"07 without the change of one price the mean changes by 0.9 to 1.1 of what it does",
     ROWS,
     "  - {id: price, column: price_t, type: amount, decimals: 2}\n"
     "  - {id: last, column: price_tm1, type: amount, decimals: 2}\n",
     "define:\n"
     "  without: mean_by(price) + (last - price) / count_by()\n"
     "  share: abs(without - mean_by(last)) / abs(mean_by(price) - mean_by(last))\n",
     "in_range(share, 0.9, 1.1)",
     {{"Rule_07.csv", NULL}}},
    /* The last person lacks a comma: the row is set aside before any rule; then it is mended. */
    {"08 year of birth agrees with the file of households",
     ROWS,
     "  - {id: person, column: person-id, type: code}\n"
     "  - {id: year_of_birth, type: number}\n",
     "tables: {household: {file: Rule_08HH.csv, key: person-id, by: person}}\n",
     "year_of_birth == household.year_of_birth",
     {{"Rule_08PERSON.csv", "vivvu#"}, {"mended.csv", NULL}}},
    {"09 all ages from 0 to 113",
     ALL,
     "  - {id: age, type: number}\n",
     "",
     "in_range(age, 0, 113)",
     {{"Rule_09_valid.csv", "v"}, {"Rule_09_invalid.csv", "i"}, {"Rule_09_undecided.csv", "u"}}},
    {"10 at least one record of business 100 above a million",
     WHOLE,
     BUSINESSES,
     LARGE,
     "count_by(where large) >= 1",
     {{"Rule_10_valid.csv", "v"}, {"Rule_10_invalid1.csv", "i"}, {"Rule_10_invalid2.csv", "i"}}},
    /* No more than one surely, one at least perhaps; rows that may be one or not are undecided. */
    {"11 exactly one record of business 100 above a million",
     ALL,
     BUSINESSES,
     LARGE,
     "count_by(where large) <= 1 and count_by() - count_by(where not large) >= 1 and "
     "(large or not large)",
     {{"Rule_11_valid1.csv", "v"},
      {"Rule_11_valid2.csv", "v"},
      {"Rule_11_invalid1.csv", "i"},
      {"Rule_11_invalid2.csv", "i"},
      {"Rule_11_undecided.csv", "u"}}},
    {"12 children-in-law (4) are married to a child (3)",
     ALL,
     "  - {id: person_id, type: code}\n  - {id: relation, column: relation_to_head, type: code}\n",
     "tables: {spouse: {file: FILE, key: spouse_id, by: person_id}}\n",
     "if (relation == 4) in_table(spouse) and spouse.relation_to_head == 3",
     {{"Rule_12_valid.csv", "v"}, {"Rule_12_invalid1.csv", "i"}, {"Rule_12_invalid2.csv", "i"}}},
    {"13 at most one record of a gender and age group",
     ALL,
     PEOPLE,
     "",
     "is_unique(gender, age_group)",
     {{"Rule_13_valid.csv", "v"}, {"Rule_13_invalid.csv", "i"}}},
    {"14 at least one record of every gender and age group",
     WHOLE,
     PEOPLE,
     "",
     "count_by(where gender == 'male' and age_group == 'child') > 0 and "
     "count_by(where gender == 'male' and age_group == 'adult') > 0 and "
     "count_by(where gender == 'male' and age_group == 'senior') > 0 and "
     "count_by(where gender == 'female' and age_group == 'child') > 0 and "
     "count_by(where gender == 'female' and age_group == 'adult') > 0 and "
     "count_by(where gender == 'female' and age_group == 'senior') > 0",
     {{"Rule_14_valid.csv", "v"}, {"Rule_14_invalid.csv", "i"}}},
    {"15 one city per postcode",
     ROWS,
     "  - {id: postcode, type: code}\n  - {id: city, type: code}\n",
     "",
     "count_by(postcode) == count_by(postcode, city)",
     {{"Rule_15.csv", "vviiu"}}},
    {"15 as functional dependency: of two cities the first is right",
     ROWS,
     "  - {id: postcode, type: code}\n  - {id: city, type: code}\n",
     "",
     "postcode ~ city",
     {{"Rule_15.csv", "vvviu"}}},
    {"16 parents equal the sum of their children",
     ALL,
     "  - {id: level, type: code}\n  - {id: weight, type: amount}\n",
     "",
     "hierarchy(weight, level)",
     {{"Rule_16_valid.csv", "v"}, {"Rule_16_invalid.csv", "i"}}},
    /* Persons are judged: each has the verdict of the household. */
    {"17 a household has as many members as persons are found",
     ROWS,
     "  - {id: household_id, type: code}\n",
     "tables: {household: {file: Rule_17HOUSEHOLDS.csv, key: household_id}}\n",
     "count_by(household_id) == household.members",
     {{"Rule_17PERSONS.csv", "vvivviiiivuu"}}},
    {"18 persons of every household of the list are numbered from 1",
     ALL,
     "  - {id: household_id, type: code}\n  - {id: number, column: person_id, type: amount}\n",
     "tables: {household: {file: Rule_18HOUSEHOLDS.csv, key: household_id}}\n",
     "if (in_table(household)) count_by(household_id) == household.members and "
     "min_by(number, household_id) == 1 and max_by(number, household_id) == household.members and "
     "is_unique(household_id, number)",
     {{"Rule_18PERSONS_valid.csv", "v"}, {"Rule_18PERSONS_invalid.csv", "i"}}},
};

/* ---- running ---- */

/* The model in the test's folder; a rule that fails says `invalid`, its contrary `valid`. */
static void put_model(const struct ess_case *it, const char *data)
{
    char text[4096];
    int used = snprintf(text, sizeof text,
                        "mqci: 1\nid: ess\nedition: \"1\"\ntitle: ESS\nmissing: [NA]\n"
                        "inputs:\n%s%srules:\n"
                        "  - {id: invalid, severity: reject, check: \"%s\"}\n"
                        "  - {id: valid, severity: reject, check: \"not (%s)\"}\n"
                        "levels: [{id: all}]\n"
                        "indicators: [{id: rows, formula: count(), normalise: none}]\n",
                        it->inputs, it->more, it->check, it->check);
    assert_true(used > 0 && used < (int)sizeof text);
    char *placeholder = strstr(text, "file: FILE");
    if (placeholder) { /* looks itself up */
        char rest[4096];
        snprintf(rest, sizeof rest, "%s", placeholder + strlen("file: FILE"));
        snprintf(placeholder, sizeof text - (size_t)(placeholder - text), "file: %s%s", data, rest);
    }
    put_file(in_folder("ess.yaml"), text);
}

/* Verdicts by row, from rejects.csv; '#' is a row that another check set aside. */
static size_t verdicts_of(const struct ess_case *it, const char *data, char verdict[MAX_ROWS])
{
    put_model(it, data);
    struct outcome outcome = run_shell("cd $TMP && rm -rf out out.failed && "
                                       "$MQCI run ess.yaml %s -o out --max-rejects 0",
                                       data);
    if (outcome.status != 0 && outcome.status != 1)
        fail_msg("%s, %s: exit %d: %s", it->name, data, outcome.status, outcome.err);
    char *table = get_file(in_folder(data)), *rows = strchr(table, '\n') + 1;
    size_t count = 0;
    for (char *row = rows; *row; row += strcspn(row, "\n") + 1)
        if (*row != '\n')
            verdict[count++] = 'u';
    verdict[count] = '\0';
    char *rejects =
        get_file(in_folder(outcome.status ? "out.failed/rejects.csv" : "out/rejects.csv"));
    for (char *line = strchr(rejects, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
        size_t at = strtoul(line + strcspn(line, ",") + 1, NULL, 10) - 2;
        line[strcspn(line, "\n")] = '\0';
        assert_true(at < count && verdict[at] == 'u');
        verdict[at] = strstr(line, ",invalid,") ? 'i' : strstr(line, ",valid,") ? 'v' : '#';
        line[strlen(line)] = '\n';
    }
    free(rejects);
    free(table);
    outcome_clear(&outcome);
    return count;
}

/* The last column of every row: "valid", "invalid", "undecided". */
static void expected_column(const char *data, char verdict[MAX_ROWS])
{
    char *table = get_file(in_folder(data));
    size_t count = 0;
    assert_contains(table, "expected");
    for (char *row = strchr(table, '\n') + 1; *row; row = strchr(row, '\n') + 1) {
        char *end = strchr(row, '\n');
        while (end[-1] != '"' || end[-2] == ',')
            end--;
        for (end -= 2; end[-1] != '"'; end--) {
        }
        verdict[count++] = *end;
    }
    verdict[count] = '\0';
    free(table);
}

static char worst(const char *verdict)
{
    return strchr(verdict, 'i') ? 'i' : strchr(verdict, 'u') ? 'u' : 'v';
}

static void check_variant(const struct ess_case *it, const struct variant *variant)
{
    char found[MAX_ROWS], wanted[MAX_ROWS];
    size_t rows = verdicts_of(it, variant->file, found);
    assert_true(rows > 0);
    if (variant->verdicts)
        snprintf(wanted, sizeof wanted, "%s", variant->verdicts);
    else
        expected_column(variant->file, wanted);
    if (it->judged == ALL) {
        assert_null(strchr(found, '#'));
        found[0] = worst(found);
        found[1] = '\0';
    } else if (it->judged == WHOLE) {
        memset(wanted, variant->verdicts[0], rows);
        wanted[rows] = '\0';
    }
    if (strcmp(found, wanted) != 0)
        fail_msg("%s, %s: %s found, %s wanted", it->name, variant->file, found, wanted);
}

static void put_tables(void)
{
    struct outcome outcome =
        expect_shell(0, "cp " FILES "*.csv $TMP && sed 's/2001,/2001,,/' $TMP/Rule_08PERSON.csv "
                        "> $TMP/mended.csv && ! cmp -s $TMP/mended.csv $TMP/Rule_08PERSON.csv");
    outcome_clear(&outcome);
}

static void every_case_is_judged_as_agreed(void **state)
{
    (void)state;
    char names[19] = {0};
    put_tables();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        names[strtol(cases[i].name, NULL, 10)] = 'x';
        for (size_t v = 0; v < MAX_VARIANTS && cases[i].variant[v].file; v++)
            check_variant(&cases[i], &cases[i].variant[v]);
    }
    for (int number = 1; number <= 18; number++)
        assert_int_equal(names[number], 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_case_is_judged_as_agreed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
