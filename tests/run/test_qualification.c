/* The qualification rate by the shipped model: rates of divisions weighted by output in a city,
 * cities by output in the province, and what becomes of divisions without a sample. */
#include "program.h"

#include "support.h"

/* The shipped model with the weights files of the test's folder; `edit` is one more sed command. */
static void put_model(const char *name, const char *edit)
{
    struct outcome outcome = expect_shell(
        0,
        "sed -e 's#\\.\\./datasets/demo/quality/##' -e \"s#\\.\\./datasets/codes#$PWD/datasets/"
        "codes#\" -e '%s' models/qualification-rate.yaml > $TMP/%s",
        edit, name);
    outcome_clear(&outcome);
}

#define HEADER "样品编号,年份,行政区划代码,行业代码,检验批次,合格批次,检验结论\n"

static void put_data(const char *rows, const char *divisions, const char *cities)
{
    char text[4096];
    snprintf(text, sizeof text, HEADER "%s", rows);
    put_file(in_folder("q.csv"), text);
    put_file(in_folder("output-city-industry.csv"), divisions);
    put_file(in_folder("output-city.csv"), cities);
}

static char *run_rows(const char *model)
{
    struct outcome outcome =
        expect_shell(0, "rm -rf $TMP/q && $MQCI run $TMP/%s $TMP/q.csv -o $TMP/q", model);
    outcome_clear(&outcome);
    return get_file(in_folder("q/indicators.csv"));
}

static void refuse_rows(int status, const char *model, const char *part)
{
    struct outcome outcome =
        expect_shell(status, "rm -rf $TMP/q && $MQCI run $TMP/%s $TMP/q.csv -o $TMP/q", model);
    assert_contains(outcome.err, part);
    assert_false(has_file(in_folder("q")));
    outcome_clear(&outcome);
}

/* Field `column` of the row that starts with `start`; valid until the next call. */
static const char *field(const char *csv, const char *start, int column)
{
    static char text[128];
    const char *line = strstr(csv, start);
    if (!line)
        fail_msg("no row %s in\n%s", start, csv);
    for (int i = 0; i < column; i++)
        line = strchr(line, ',') + 1;
    snprintf(text, sizeof text, "%.*s", (int)strcspn(line, ",\n"), line);
    return text;
}

static double value(const char *csv, const char *start)
{
    const char *text = field(csv, start, 5);
    return *text ? strtod(text, NULL) : NAN;
}

#define PROVINCE(year) year ",province,210000,辽宁省,qualification_rate,"
#define POOLED(year)   year ",province,210000,辽宁省,spot_check_rate,"

/* Liaoning 2019: 93 products, 12,661 batches, 763 failed, published as 93.97 %. */
static void liaoning_2019(void **state)
{
    (void)state;
    put_model("m.yaml", "");
    put_data("A1,2019,210102,3611,12661,11898,不合格\n", "unit,weight\n210100|36,5\n",
             "unit,weight\n210100,7\n");
    struct outcome outcome = expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/q.csv -o $TMP/q");
    assert_contains(outcome.out, "93.97");
    outcome_clear(&outcome);
    char *csv = get_file(in_folder("q/indicators.csv"));
    assert_close(value(csv, PROVINCE("2019")), 100 * 11898.0 / 12661, 1e-15);
    assert_close(value(csv, POOLED("2019")), 100 * 11898.0 / 12661, 1e-15);
    assert_string_equal(field(csv, POOLED("2019"), 6), "11898");
    assert_string_equal(field(csv, PROVINCE("2019"), 10), "ok");
    free(csv);
}

static void means_of_divisions(void **state)
{
    (void)state;
    put_model("m.yaml", "");
    /* one division: its plain rate, over samples of unequal size */
    put_data("A1,2024,210102,3611,3,2,不合格\nA2,2024,210103,3670,4,4,合格\n",
             "unit,weight\n210100|36,5\n", "unit,weight\n210100,7\n");
    char *csv = run_rows("m.yaml");
    assert_close(value(csv, PROVINCE("2024")), 100 * 6.0 / 7, 1e-15);
    free(csv);
    /* equal outputs: the mean of the rates, however unequal the batches; 42 and 43 do not count */
    static const char rows[] = "A1,2024,210102,3611,3,2,不合格\nA2,2024,210103,1311,10,4,不合格\n"
                               "A3,2024,210103,2710,7,7,合格\nA4,2024,210103,4210,9,1,不合格\n"
                               "A5,2024,210104,4320,9,1,不合格\n";
    put_data(rows, "unit,weight\n210100|36,5\n210100|13,5\n210100|27,5\n",
             "unit,weight\n210100,7\n");
    csv = run_rows("m.yaml");
    assert_close(value(csv, PROVINCE("2024")), 100 * (2.0 / 3 + 0.4 + 1) / 3, 1e-15);
    assert_close(value(csv, POOLED("2024")), 100 * 13.0 / 20, 1e-15);
    free(csv);
    char *manifest = get_file(in_folder("q/manifest.json"));
    assert_contains(manifest, "\"out_of_scope\": 2");
    free(manifest);
    put_data(rows, "unit,weight\n210100|36,1\n210100|13,2\n210100|27,5\n",
             "unit,weight\n210100,7\n");
    csv = run_rows("m.yaml");
    assert_close(value(csv, PROVINCE("2024")), 100 * (2.0 / 3 + 2 * 0.4 + 5) / 8, 1e-15);
    free(csv);
}

/* Published: 2023 93.65 %, 0.36 points above 2022, so 2022 is 93.29 %. From rates of divisions that
 * are themselves rounded. */
static void published_change(void **state)
{
    (void)state;
    put_model("m.yaml", "");
    put_data("A1,2022,210102,3611,10000,9300,不合格\nA2,2022,210102,1311,10000,9358,不合格\n"
             "B1,2023,210102,3611,10000,9330,不合格\nB2,2023,210102,1311,10000,9400,不合格\n",
             "unit,weight\n210100|36,2\n210100|13,2\n", "unit,weight\n210100,7\n");
    struct outcome outcome = expect_shell(
        0,
        "rm -rf $TMP/q && $MQCI run $TMP/m.yaml $TMP/q.csv -o $TMP/q && cat $TMP/q/tables/*.csv");
    assert_contains(outcome.out, "2023  辽宁省  制造业产品质量合格率  93.65  比上期 +0.36");
    outcome_clear(&outcome);
    char *csv = get_file(in_folder("q/indicators.csv"));
    assert_close(value(csv, PROVINCE("2022")), 93.29, 1e-15);
    assert_close(value(csv, PROVINCE("2023")), 93.65, 1e-15);
    free(csv);
}

/* Two cities; the second has output of 27 but no sample of it. */
static const char two_cities[] =
    "A1,2024,210102,3611,10,9,不合格\nA2,2024,210103,2710,10,6,不合格\n"
    "B1,2024,210203,3611,10,8,不合格\n";
#define DIVISIONS "unit,weight\n210100|36,3\n210100|27,1\n210200|36,1\n210200|27,3\n"
#define CITIES    "unit,weight\n210100,1\n210200,3\n"
#define DALIAN    "2024,city,210200,大连市,qualification_rate,"

static void borrowed(void **state)
{
    (void)state;
    put_model("m.yaml", "");
    put_data(two_cities, DIVISIONS, CITIES);
    char *csv = run_rows("m.yaml");
    /* province's rate of 27: 60 % (only Shenyang has one); Dalian: (80 + 3 * 60) / 4 */
    assert_close(value(csv, DALIAN), 65, 1e-15);
    assert_string_equal(field(csv, DALIAN, 10), "imputed_renormalised");
    assert_close(value(csv, "2024,industry,27,医药制造业,qualification_rate,"), 60, 1e-15);
    assert_close(value(csv, PROVINCE("2024")), (82.5 + 3 * 65) / 4, 1e-15);
    assert_close(value(csv, "2024,city,210200,大连市,spot_check_rate,"), 80, 1e-15);
    free(csv);
    csv = get_file(in_folder("q/rollup.csv"));
    assert_string_equal(csv, "period,level,unit,name,indicator,finer,finer_unit,share,action,from,"
                             "from_unit,value\n"
                             "2024,industry,27,医药制造业,qualification_rate,city_industry,"
                             "210200|27,0.75,renormalised,,,\n"
                             "2024,city,210200,大连市,qualification_rate,city_industry,210200|27,"
                             "0.75,borrowed,industry,27,60\n");
    free(csv);
    /* scores say what they rest on, and explain reads the output again */
    struct outcome outcome = expect_shell(0, "$MQCI explain $TMP/q --unit 210200 && cat "
                                             "$TMP/q/tables/*.csv");
    assert_contains(outcome.out, "65.00");
    assert_contains(outcome.out, "下列单位的得分含插补值");
    outcome_clear(&outcome);
}

static void other_policies(void **state)
{
    (void)state;
    put_data(two_cities, DIVISIONS, CITIES);
    put_model("r.yaml", "s/empty: borrow, from: industry, else: renormalise/empty: renormalise/");
    char *csv = run_rows("r.yaml");
    assert_close(value(csv, DALIAN), 80, 1e-15);
    assert_string_equal(field(csv, DALIAN, 10), "renormalised");
    free(csv);
    /* nowhere in the province a sample of 27 */
    put_data("A1,2024,210102,3611,10,9,不合格\nB1,2024,210203,3611,10,8,不合格\n", DIVISIONS,
             CITIES);
    put_model("m.yaml", "");
    csv = run_rows("m.yaml");
    assert_close(value(csv, DALIAN), 80, 1e-15);
    assert_string_equal(field(csv, DALIAN, 10), "renormalised");
    free(csv);
    put_model("b.yaml", "s/, else: renormalise//");
    refuse_rows(78, "b.yaml",
                "output-city-industry.csv:3:1: unit 210100|27 has a weight in 210100 (沈阳市) but "
                "no value of qualification_rate in period 2024; none of the levels to borrow from");
    put_model("f.yaml", "s/empty: borrow.*industry, else: renormalise/empty: fail/");
    put_data(two_cities, DIVISIONS, CITIES);
    refuse_rows(78, "f.yaml",
                "output-city-industry.csv:5:1: unit 210200|27 has a weight but is not among the "
                "data at level city_industry");
    /* there in one year, not in the other */
    put_data("A1,2023,210102,3611,10,9,不合格\nA2,2023,210103,2710,10,6,不合格\n"
             "A3,2024,210102,3611,10,9,不合格\n",
             "unit,weight\n210100|36,3\n210100|27,1\n", "unit,weight\n210100,1\n");
    refuse_rows(78, "f.yaml", "unit 210100|27 has a weight but no data in period 2024");
    /* a weight of its own year ends that */
    put_data("A1,2023,210102,3611,10,9,不合格\nA2,2023,210103,2710,10,6,不合格\n"
             "A3,2024,210102,3611,10,9,不合格\n",
             "unit,weight,period\n210100|36,3,\n210100|27,1,2023\n", "unit,weight\n210100,1\n");
    csv = run_rows("f.yaml");
    assert_close(value(csv, PROVINCE("2023")), (3 * 90 + 60) / 4.0, 1e-15);
    assert_close(value(csv, PROVINCE("2024")), 90, 1e-15);
    free(csv);
}

/* A row whose batches are blank: there, but without a value; one whose weight is 0 needs none. */
static void missing_values(void **state)
{
    (void)state;
    put_model("f.yaml", "s/empty: borrow.*industry, else: renormalise/empty: fail/");
    static const char rows[] = "A1,2024,210102,3611,10,9,不合格\nA2,2024,210103,2710,,,\n";
    put_data(rows, "unit,weight\n210100|36,3\n210100|27,0\n", "unit,weight\n210100,1\n");
    char *csv = run_rows("f.yaml");
    assert_close(value(csv, PROVINCE("2024")), 90, 1e-15);
    assert_string_equal(field(csv, PROVINCE("2024"), 10), "ok");
    free(csv);
    put_data(rows, "unit,weight\n210100|36,3\n210100|27,1\n", "unit,weight\n210100,1\n");
    refuse_rows(78, "f.yaml", "unit 210100|27 has a weight in 210100 (沈阳市) but no value of");
    /* all weights 0: not defined */
    put_data(rows, "unit,weight\n210100|36,0\n210100|27,0\n", "unit,weight\n210100,1\n");
    put_model("m.yaml", "s/output-city.csv, empty: fail/output-city.csv, empty: renormalise/");
    csv = run_rows("m.yaml");
    assert_true(isnan(value(csv, "2024,city,210100,沈阳市,qualification_rate,")));
    assert_string_equal(field(csv, "2024,city,210100,沈阳市,qualification_rate,", 10), "undefined");
    assert_string_equal(field(csv, PROVINCE("2024"), 10), "not_reported");
    free(csv);
}

static void wrong_weights(void **state)
{
    (void)state;
    put_model("m.yaml", "");
    put_data(two_cities, DIVISIONS "210200|99,3\n", CITIES);
    refuse_rows(78, "m.yaml",
                "output-city-industry.csv:6:1: unit 210200|99 has a weight but is neither among "
                "the data at level city_industry nor in the code lists");
    put_data(two_cities, DIVISIONS "210200,3\n", CITIES);
    refuse_rows(78, "m.yaml",
                "output-city-industry.csv:6:1: unit 210200 has a weight but is neither");
    put_data(two_cities, DIVISIONS "210200|3611,3\n", CITIES);
    refuse_rows(78, "m.yaml", "output-city-industry.csv:6:1: unit 210200|3611 has a weight but");
    put_data(two_cities, DIVISIONS "210300|36,-3\n", CITIES);
    refuse_rows(78, "m.yaml",
                "output-city-industry.csv:6:2: weight of unit 210300|36 is \"-3\", expected a "
                "number of at least 0");
    put_data(two_cities, "unit,weight\n210100|36,3\n210200|36,1\n210200|27,3\n", CITIES);
    refuse_rows(78, "m.yaml",
                "unit 210100|27 (沈阳市|医药制造业) of level city_industry is in the "
                "data of period 2024 but has no weight; add a line");
}

/* Other weights are another method, as compare tells. */
static void changed_weights(void **state)
{
    (void)state;
    put_model("m.yaml", "");
    put_data(two_cities, DIVISIONS, CITIES);
    free(run_rows("m.yaml"));
    put_file(in_folder("output-city.csv"), "unit,weight\n210100,1\n210200,1\n");
    struct outcome outcome =
        expect_shell(0, "rm -rf $TMP/first && mv $TMP/q $TMP/first && $MQCI run $TMP/m.yaml "
                        "$TMP/q.csv -o $TMP/q && $MQCI compare $TMP/first $TMP/q");
    assert_contains(outcome.out, "rollup.csv");
    assert_contains(outcome.out, "data   the same");
    assert_null(strstr(outcome.out, "model  the same"));
    outcome_clear(&outcome);
}

static void english_headers(void **state)
{
    (void)state;
    put_model("m.yaml", "");
    put_data("", DIVISIONS, CITIES);
    put_file(in_folder("q.csv"),
             "sample_id,year,area_code,industry_code,batches,passed,conclusion\n"
             "A1,2024,210102,3611,10,9,不合格\nA2,2024,210103,2710,10,6,不合格\n"
             "B1,2024,210203,3611,10,8,不合格\n");
    char *csv = run_rows("m.yaml");
    assert_close(value(csv, DALIAN), 65, 1e-15);
    free(csv);
}

/* The shipped samples: the same bytes for any number of threads and size of blocks, years and
 * quarters; the years of both models differ in nothing but the period. */
static void shipped_samples(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0,
        "for model in qualification-rate qualification-rate-quarterly; do"
        "  $MQCI run models/$model.yaml datasets/demo/quality/inspections.csv -j 1 -o $TMP/one &&"
        "  $MQCI run models/$model.yaml datasets/demo/quality/inspections.csv -j 4"
        "    --block-size 4K -o $TMP/four &&"
        "  for file in scores.csv indicators.csv rollup.csv findings.csv tables.xlsx; do"
        "    cmp $TMP/one/$file $TMP/four/$file || exit 1;"
        "  done;"
        "  diff -r $TMP/one/tables $TMP/four/tables || exit 1;"
        "done; grep -c ',province,210000,辽宁省,qualification_rate' $TMP/one/indicators.csv; "
        "diff models/qualification-rate.yaml models/qualification-rate-quarterly.yaml | "
        "grep '^>' | grep -v '^> #'");
    assert_contains(outcome.out, "\n8\n");
    assert_contains(outcome.out, "8\n> id: qualification-rate-quarterly\n"
                                 "> title: 辽宁省制造业产品质量合格率（季度）\n"
                                 ">   - {id: period,     column: [季度, quarter], ");
    outcome_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(liaoning_2019),    cmocka_unit_test(means_of_divisions),
        cmocka_unit_test(published_change), cmocka_unit_test(borrowed),
        cmocka_unit_test(other_policies),   cmocka_unit_test(missing_values),
        cmocka_unit_test(wrong_weights),    cmocka_unit_test(english_headers),
        cmocka_unit_test(shipped_samples),  cmocka_unit_test(changed_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
