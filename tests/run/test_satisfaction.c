/* Surveys raked to margins: a survey small enough to be worked out by hand, weights that add up to
 * the margins, the shipped model on its demo, what cannot be raked. */
#include "program.h"

#include "core/core.h"
#include "support.h"

#define MODEL "models/public-service-satisfaction.yaml"
#define DEMO  "datasets/demo/satisfaction/"

static double number(const char *text)
{
    double value = NAN;
    if (*text && mq_real_parse(text, strlen(text), &value) != MQ_NUMBER_OK)
        fail_msg("\"%s\" is no number", text);
    return value;
}

static void read_table(const char *path, struct mq_table *table)
{
    struct mq_error error = {0};
    if (mq_table_read(path, table, &error) != MQ_OK)
        fail_msg("%s: %s", path, error.message);
}

/* A cell of the row with these first cells period, level and unit, and `id` as its fifth. */
static const char *cell_of(const struct mq_table *table, const char *const row[4],
                           const char *column)
{
    static const int at[] = {0, 1, 2, 4};
    int wanted = mq_table_find(table, column);
    assert_true(wanted >= 0);
    for (size_t i = 0; i < table->rows; i++) {
        char **cell = table->cell + i * table->columns;
        bool same = true;
        for (int k = 0; k < 4; k++)
            same = same && strcmp(cell[at[k]], row[k]) == 0;
        if (same)
            return cell[wanted];
    }
    fail_msg("no row %s %s %s %s", row[0], row[1], row[2], row[3]);
    return "";
}

static double value_in(const char *file, const char *const row[4], const char *column)
{
    struct mq_table table;
    read_table(in_folder(file), &table);
    double value = number(cell_of(&table, row, column));
    mq_table_clear(&table);
    return value;
}
#define value_of(file, column, ...) value_in(file, (const char *const[4]){__VA_ARGS__}, column)

/* ---- by hand ---- */

/* `%s`: the title, then the design's further keys */
static const char tiny_model[] =
    "mqci: 1\nid: tiny\ntitle: %s\n"
    "inputs:\n"
    "  - {id: k, column: k, type: key}\n"
    "  - {id: year, column: year, type: period}\n"
    "  - {id: sex, column: sex, type: code}\n"
    "  - {id: town, column: town, type: code}\n"
    "  - {id: a, column: a, type: amount}\n"
    "  - {id: b, column: b, type: amount}\n"
    "rules: [{id: R, check: a >= 1 and (a <= 10 or a >= 98), severity: reject}]\n"
    "design: {%s}\n"
    "levels: [{id: all}]\n"
    "bands: [{from: 0, title: low}, {from: 60, title: fair}, {from: 80, title: high}]\n"
    "indicators:\n"
    "  - {id: s, combine: arithmetic}\n"
    "  - {id: qa, parent: s, weight: 1/2, formula: 100 * (mean(a where a <= 10) - 1) / 9, "
    "normalise: none}\n"
    "  - {id: qb, parent: s, weight: 1/2, formula: 100 * (mean(b where b <= 10) - 1) / 9, "
    "normalise: none}\n";

static void put_tiny(const char *title, const char *design)
{
    char text[4096];
    snprintf(text, sizeof text, tiny_model, title, design);
    put_file(in_folder("m.yaml"), text);
}

#define HEAD "k,year,sex,town,a,b\n"
#define FOUR                                                                                       \
    HEAD                                                                                           \
        "1,2024,1,E,10,8\n2,2024,1,W,7,98\n3,2024,2,E,4,5\n4,2024,2,W,99,2\n" /* 98, 99: no answer \
                                                                               */

static void run_tiny(const char *data)
{
    put_file(in_folder("d.csv"), data);
    outcome_clear(&(struct outcome[]){
        expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/out --max-rejects 9")}[0]);
}

/* Weights 30 30 20 20: a (300 + 210 + 80) / 80, b (240 + 100 + 40) / 70. */
static void worked_out_by_hand(void **state)
{
    (void)state;
    put_file(in_folder("margins.csv"), "input,code,total\nsex,2,40\nsex,1,60\n");
    put_tiny("t", "rake: {file: margins.csv}");
    run_tiny(FOUR);
    double a = 100 * (590. / 80 - 1) / 9, b = 100 * (380. / 70 - 1) / 9;
    assert_close(value_of("out/indicators.csv", "value", "2024", "all", "", "qa"), a, 1e-15);
    assert_close(value_of("out/indicators.csv", "value", "2024", "all", "", "qb"), b, 1e-15);
    assert_close(value_of("out/scores.csv", "value", "2024", "all", "", "s"), (a + b) / 2, 1e-15);
    assert_true(value_of("out/scores.csv", "se", "2024", "all", "", "s") > 0);
    char *text = get_file(in_folder("out/scores.csv"));
    assert_contains(text, ",fair,");
    free(text);
    /* without margins everybody is one of four */
    put_tiny("t", "");
    run_tiny(FOUR);
    assert_close(value_of("out/indicators.csv", "value", "2024", "all", "", "qa"), 100 * 6. / 9,
                 1e-15);
    assert_close(value_of("out/indicators.csv", "value", "2024", "all", "", "qb"), 100 * 4. / 9,
                 1e-15);
}

/* The margin may be of two inputs at once, and every year is raked by itself. */
static void inputs_joined_and_years_apart(void **state)
{
    (void)state;
    put_file(in_folder("margins.csv"), "input,code,total\nsex|town,1|E,10\nsex|town,1|W,20\n"
                                       "sex|town,2|E,30\nsex|town,2|W,40\n");
    put_tiny("t", "rake: {file: margins.csv}");
    run_tiny(FOUR "1,2023,1,E,1,1\n2,2023,1,E,4,1\n3,2023,1,W,2,1\n4,2023,2,E,3,1\n"
                  "5,2023,2,W,4,1\n");
    assert_close(value_of("out/indicators.csv", "value", "2024", "all", "", "qa"),
                 100 * ((100 + 140 + 120) / 60. - 1) / 9, 1e-15);
    /* 2023: 5 for each of the two, then 20, 30, 40: (5 + 20 + 40 + 90 + 160) / 100 */
    assert_close(value_of("out/indicators.csv", "value", "2023", "all", "", "qa"),
                 100 * (315 / 100. - 1) / 9, 1e-14);
}

/* Rows that are taken out again, as repeats that differ are, leave no trace in the weights. */
static void rows_that_leave_leave_no_trace(void **state)
{
    (void)state;
    put_file(in_folder("margins.csv"),
             "input,code,total\nsex,2,40\nsex,1,60\ntown,E,30\ntown,W,70\n");
    put_tiny("t", "rake: {file: margins.csv}");
    run_tiny(FOUR);
    outcome_clear(&(struct outcome[]){expect_shell(0, "mv $TMP/out $TMP/clean")}[0]);
    run_tiny(FOUR "9,2024,1,E,3,3\n9,2024,2,W,3,3\n8,2024,1,W,0,3\n4,2024,2,W,99,2\n"
                  "7,2024,1,E,3,3\n7,2024,3,E,3,3\n");
    static const char *const files[] = {"indicators.csv", "scores.csv"};
    for (int i = 0; i < 2; i++) {
        char a[512], b[512];
        snprintf(a, sizeof a, "%s/clean/%s", test_folder(), files[i]);
        snprintf(b, sizeof b, "%s/out/%s", test_folder(), files[i]);
        assert_same_file(a, b);
    }
}

/* ---- weights add up ---- */

/* Weighted counts of the demo's respondents are the margins, and the model prints as it was. */
static void weights_add_up_to_the_margins(void **state)
{
    (void)state;
    put_file(in_folder("m.yaml"),
             "mqci: 1\nid: people\ntitle: people\n"
             "codes: {region: datasets/codes/region.csv}\n"
             "inputs:\n"
             "  - {id: region, column: 地区代码, type: code, list: region}\n"
             "  - {id: sex, column: 性别, type: code}\n"
             "  - {id: age_group, column: 年龄组, type: code}\n"
             "  - {id: weight, column: 抽样权数, type: amount, decimals: 1}\n"
             "design: {weight: weight, strata: region, rake: {file: margins.csv}}\n"
             "levels:\n"
             "  - {id: sex, by: [region.city, sex]}\n"
             "  - {id: age_group, by: [region.city, age_group]}\n"
             "indicators: [{id: people, formula: count(), normalise: none}]\n");
    outcome_clear(&(struct outcome[]){expect_shell(
        0,
        "mkdir -p $TMP/datasets/codes && cp datasets/codes/region.csv $TMP/datasets/codes && cp "
        "%smargins-2024.csv $TMP/margins.csv && $MQCI run $TMP/m.yaml "
        "%srespondents-2024.csv.gz -o $TMP/out && $MQCI model $TMP/m.yaml > $TMP/n.yaml && "
        "$MQCI model $TMP/n.yaml | cmp - $TMP/n.yaml && grep -q 'rake: {file: .*margins.csv.}, "
        "single' $TMP/n.yaml",
        DEMO, DEMO)}[0]);
    struct mq_table margins, found;
    read_table(DEMO "margins-2024.csv", &margins);
    read_table(in_folder("out/indicators.csv"), &found);
    assert_int_equal(margins.rows, 14 * 7);
    for (size_t i = 0; i < margins.rows; i++) {
        char **cell = margins.cell + i * 3;
        const char *level = strchr(cell[0], '|') + 1;
        double total = number(cell[2]),
               value = number(
                   cell_of(&found, (const char *const[]){"", level, cell[1], "people"}, "value"));
        assert_true(total > 0 && fabs(value / total - 1) <= 1.001e-9);
    }
    mq_table_clear(&margins);
    mq_table_clear(&found);
}

/* ---- the model that comes with the program ---- */

static void the_demo(void **state)
{
    (void)state;
    struct outcome run =
        expect_shell(0, "$MQCI run " MODEL " " DEMO "respondents-2024.csv.gz -o $TMP/demo");
    assert_contains(run.out, "2024  辽宁省  公共服务质量满意度  82.04  满意");
    assert_contains(run.out, "盘锦市    85.6");
    outcome_clear(&run);
    struct mq_table table;
    read_table(in_folder("demo/scores.csv"), &table);
    size_t cities = 0, content = 0;
    double mean = 0;
    for (size_t i = 0; i < table.rows; i++) {
        char **cell = table.cell + i * table.columns;
        if (strcmp(cell[1], "city") != 0 || strcmp(cell[4], "satisfaction") != 0)
            continue;
        double value = number(cell[5]);
        cities++;
        mean += value / 14;
        assert_true(value > 75 && value < 90);
        assert_string_equal(cell[mq_table_find(&table, "band")], value >= 80 ? "满意" : "比较满意");
        content += value >= 80;
        double se = number(cell[mq_table_find(&table, "se")]);
        assert_true(se > 0.2 && se < 1);
    }
    assert_int_equal(cities, 14);
    assert_true(content > 0 && content < 14);
    /* the province is not the mean of its cities: large ones count more */
    double province = number(cell_of(
        &table, (const char *const[]){"2024", "province", "210000", "satisfaction"}, "value"));
    assert_true(fabs(province - mean) > 0.01 && fabs(province - mean) < 2);
    mq_table_clear(&table);
    char *tables = get_file(in_folder("demo/findings.csv"));
    assert_contains(tables, "D11,info,养老服务：有不清楚或拒答,");
    free(tables);
}

/* Don't-knows count for nothing: whatever number says so, the scores are the same. */
static void what_is_not_known_does_not_count(void **state)
{
    (void)state;
    outcome_clear(&(struct outcome[]){expect_shell(
        0, "rm -rf $TMP/demo; zcat " DEMO
           "respondents-2024.csv.gz | sed 's/,98/,99/g' > $TMP/refused.csv && $MQCI run " MODEL
           " " DEMO "respondents-2024.csv.gz -o $TMP/demo && $MQCI run " MODEL
           " $TMP/refused.csv -o $TMP/unknown && ! zcat " DEMO
           "respondents-2024.csv.gz | cmp -s - $TMP/refused.csv")}[0]);
    char demo[512];
    snprintf(demo, sizeof demo, "%s", in_folder("demo/scores.csv"));
    assert_same_file(demo, in_folder("unknown/scores.csv"));
}

static void same_for_any_threads_and_order(void **state)
{
    (void)state;
    outcome_clear(&(struct outcome[]){expect_shell(
        0, "zcat " DEMO "respondents-2024.csv.gz > $TMP/d.csv && (head -1 $TMP/d.csv; tail -n +2 "
           "$TMP/d.csv | sort -t, -k9) > $TMP/shuffled.csv && for t in 1 2 3; do for f in d "
           "shuffled; do $MQCI run " MODEL
           " $TMP/$f.csv -o $TMP/t$t$f --threads $t || exit 1; done; done")}[0]);
    static const char *const files[] = {"indicators.csv", "scores.csv"};
    for (int f = 0; f < 2; f++)
        for (int t = 1; t <= 3; t++)
            for (int k = 0; k < 2; k++) {
                char first[512], other[512];
                snprintf(first, sizeof first, "%s/t1d/%s", test_folder(), files[f]);
                snprintf(other, sizeof other, "%s/t%d%s/%s", test_folder(), t, k ? "shuffled" : "d",
                         files[f]);
                assert_same_file(first, other);
            }
}

/* ---- what cannot be raked ---- */

static void assert_refused(int status, const char *says)
{
    struct outcome run = expect_shell(status, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/refused");
    assert_contains(run.err, says);
    assert_false(has_file(in_folder("refused")));
    outcome_clear(&run);
}

static void margins_and_data_agree(void **state)
{
    (void)state;
    static const struct {
        const char *margins;
        int status;
        const char *says;
    } bad[] = {
        {"sex,1,60\n", 65,
         "margins.csv: sex: category \"2\" is in the data but has no total in this table"},
        {"sex,1,60\nsex,2,40\nsex,3,5\n", 65,
         "margins.csv: sex: category 3 has a total of 5, period 2024 but nobody in the sample"},
        {"sex,1,60\nsex,2,0\n", 65,
         "margins.csv: sex: category 2 is in the sample but its total "
         "is 0, period 2024"},
        {"sex,1,60\nsex,2,40\ntown,E,50\ntown,W,51\n", 65,
         "margins.csv: the totals of two margins differ, period 2024: those of sex add up to 100, "
         "those of town to 101"},
        {"sex|town,1|E,60\nsex|town,1|W,40\n", 65, "sex|town: category \"2|E\" is in the data"},
        {"sex,1,60\nsex,2,many\n", 78, "margins.csv:3:3: \"many\" is no total"},
        {"sex,1,60\nsex,2,-3\n", 78, "margins.csv:3:3: \"-3\" is no total"},
        {"sex,1,60\nsex,2,40\nsex,1,60\n", 78, "margins.csv:4:2: \"1\" is given a second time"},
        {"gender,1,60\n", 78, "margins.csv:2:1: \"gender\" is no input of type code"},
        {"a,1,60\n", 78, "margins.csv:2:1: \"a\" is no input of type code"},
        {"town.city,1,60\n", 78,
         "margins.csv:2:1: \"town.city\" asks for a level that the code "
         "list does not have"},
        {"sex|sex|sex|sex|sex,1,60\n", 78, "joins more than four inputs"},
        {"", 78, "margins.csv: no totals"},
    };
    put_file(in_folder("d.csv"), FOUR);
    put_tiny("t", "rake: {file: margins.csv}");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[512];
        snprintf(text, sizeof text, "input,code,total\n%s", bad[i].margins);
        put_file(in_folder("margins.csv"), text);
        assert_refused(bad[i].status, bad[i].says);
    }
    put_file(in_folder("margins.csv"), "input,code,number\nsex,1,60\n");
    assert_refused(65, "total");
    put_tiny("t", "rake: {table: margins.csv}");
    assert_refused(78, "rake has no key \"table\"");
    put_tiny("t", "rake: {file: nowhere.csv}");
    assert_refused(78, "m.yaml:12:23: cannot read the file \"nowhere.csv\"");
    /* towns and sexes are the same people, so both margins cannot be met */
    put_tiny("t", "rake: {file: margins.csv}");
    put_file(in_folder("margins.csv"),
             "input,code,total\nsex,1,60\nsex,2,40\ntown,E,50\ntown,W,50\n");
    put_file(in_folder("d.csv"), HEAD "1,2024,1,E,10,8\n2,2024,2,W,7,9\n");
    assert_refused(65, "the weights do not settle in 1000 rounds, period 2024: farthest off is sex,"
                       " whose category 2 has 50 instead of 40");
}

static void rows_have_all_codes(void **state)
{
    (void)state;
    put_file(in_folder("margins.csv"),
             "input,code,total\nsex,1,60\nsex,2,40\ntown,E,50\ntown,W,50\n");
    put_tiny("t", "rake: {file: margins.csv}");
    put_file(in_folder("d.csv"), FOUR "5,2024,1,,3,3\n");
    assert_refused(65, "d.csv:6: this row has no town, which the design of the sample needs");
    put_tiny("满意度", "strata: town, rake: {file: margins.csv}");
    put_file(in_folder("d.csv"), FOUR "5,2024,,W,3,3\n6,2024,1,E,3,3\n");
    assert_refused(65, "d.csv:6: 层 W：该行缺 sex（抽样设计所需）");
    put_file(in_folder("d.csv"), FOUR "5,2024,9,W,3,3\n6,2024,8,E,3,3\n");
    assert_refused(65, "sex 的类别 \"8\" 在数据中，但本表中没有总数；请补一行");
    put_file(in_folder("d.csv"), HEAD "1,2024,1,E,3,3\n2,2024,1,W,3,3\n3,2024,1,E,3,3\n"
                                      "4,2024,1,W,3,3\n");
    assert_refused(65, "sex 的类别 2 有总数 40（时期 2024），但没有样本；请与相邻类别合并");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_out_by_hand),
        cmocka_unit_test(inputs_joined_and_years_apart),
        cmocka_unit_test(rows_that_leave_leave_no_trace),
        cmocka_unit_test(weights_add_up_to_the_margins),
        cmocka_unit_test(the_demo),
        cmocka_unit_test(what_is_not_known_does_not_count),
        cmocka_unit_test(same_for_any_threads_and_order),
        cmocka_unit_test(margins_and_data_agree),
        cmocka_unit_test(rows_have_all_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
