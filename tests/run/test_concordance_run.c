/* Old codes through the program: concordance.csv, what is said of it, and that results are those of
 * the same rows with new codes. */
#include <stdlib.h>
#include <string.h>

#include "program.h"
#include "support.h"

static const char codes[] = "code,name,parent,level\n"
                            "29,Rubber,,division\n"
                            "30,Minerals,,division\n"
                            "36,Cars,,division\n"
                            "37,Other vehicles,,division\n";
static const char concordance[] = "edition,code,new,kind,sure\n"
                                  "2002,31,30,whole,\n"
                                  "2002,37,36,main,yes\n"
                                  "2002,37,37,part,yes\n"
                                  "2002,37,43,part,no\n"
                                  "2002,372,36,whole,\n"
                                  "2002,3726,811,whole,no\n"
                                  "2011,31,30,main,no\n"
                                  "2011,31,29,part,yes\n"
                                  "2011,37,37,whole,\n";
#define HISTORY                                                                                    \
    "concordance: {industry: {file: concordance.csv, until: {2011: 2002, 2016: 2011}}}\n"
#define MODEL(title, history)                                                                      \
    "mqci: 1\nid: old\ntitle: " title "\ndisclosure: {min_enterprises: 0}\n"                       \
    "codes: {industry: industry.csv}\n" history "inputs:\n"                                        \
    "  - {id: k, type: key}\n"                                                                     \
    "  - {id: industry, type: code, list: industry}\n"                                             \
    "  - {id: year, type: period}\n"                                                               \
    "  - {id: cost, type: amount}\n"                                                               \
    "  - {id: sales, type: amount}\n"                                                              \
    "rules: [{id: R, check: cost < sales}]\n"                                                      \
    "levels: [{id: division, by: [industry]}]\n"                                                   \
    "indicators: [{id: x, formula: cost / sales, normalise: none}]\n"
static const char table[] = "k,industry,year,cost,sales\n"
                            "A,37,2007,7,19\n"
                            "B,3721,2007,5,23\n"
                            "C,37,2011,11,31\n"
                            "D,31,2011,3,29\n"
                            "E,31,2012,2,41\n"
                            "F,371,2016,13,43\n"
                            "G,37,2018,17,47\n"
                            "H,3726,2007,1,53\n"
                            "I,99,2007,4,59\n"
                            "J,99,2018,6,61\n";
/* The same with codes of the list, without those that have none. */
static const char renamed[] = "k,industry,year,cost,sales\n"
                              "A,36,2007,7,19\n"
                              "B,36,2007,5,23\n"
                              "C,36,2011,11,31\n"
                              "D,30,2011,3,29\n"
                              "E,30,2012,2,41\n"
                              "F,37,2016,13,43\n"
                              "G,37,2018,17,47\n";
static const char wanted[] = "input,edition,code,new,kind,sure,others,rows,matched\n"
                             "industry,2002,31,30,whole,yes,,1,31\n"
                             "industry,2002,37,36,split,yes,37|43,2,37\n"
                             "industry,2002,3721,36,part-of,yes,,1,372\n"
                             "industry,2002,3726,811,whole,no,,1,3726\n"
                             "industry,2002,99,,unknown,,,1,\n"
                             "industry,2011,31,30,split,no,29,1,31\n"
                             "industry,2011,371,37,part-of,yes,,1,37\n";

static void check_file(const char *name, const char *text)
{
    char *found = get_file(in_folder(name));
    assert_string_equal(found, text);
    free(found);
}

static void check_part(const char *name, const char *part)
{
    char *found = get_file(in_folder(name));
    assert_contains(found, part);
    free(found);
}

static int put_files(void **state)
{
    (void)state;
    put_file(in_folder("industry.csv"), codes);
    put_file(in_folder("concordance.csv"), concordance);
    put_file(in_folder("old.yaml"), MODEL("Old codes", HISTORY));
    put_file(in_folder("alt.yaml"), MODEL("旧行业代码", HISTORY));
    put_file(in_folder("new.yaml"), MODEL("Old codes", ""));
    put_file(in_folder("d.csv"), table);
    put_file(in_folder("renamed.csv"), renamed);
    return 0;
}

static void tells_what_became_of_codes(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI run $TMP/old.yaml $TMP/d.csv -o $TMP/o --max-rejects 50%% && "
                        "$MQCI run $TMP/new.yaml $TMP/renamed.csv -o $TMP/n && "
                        "cmp $TMP/o/scores.csv $TMP/n/scores.csv && "
                        "cmp $TMP/o/indicators.csv $TMP/n/indicators.csv && "
                        "grep -c concordance.csv $TMP/o/manifest.json");
    assert_contains(outcome.out, "\nindustry: 8 rows carried codes of 2002, 2011; 3 of them were "
                                 "of codes that were split (see concordance.csv)\n");
    assert_contains(outcome.out, "offenders.csv concordance.csv validation.json");
    outcome_clear(&outcome);
    check_file("o/concordance.csv", wanted);
    assert_false(has_file(in_folder("n/concordance.csv")));
    check_part("o/validation.json", "  \"concordance\": {\n    \"industry\": {\n"
                                    "      \"rows\": 8,\n      \"translated\": 6,\n"
                                    "      \"split\": 3,\n      \"unsure\": 2,\n"
                                    "      \"unknown\": 1,\n      \"outside\": 1\n    }\n  }");
    check_part("o/model.yaml",
               "concordance.csv\", until: {\"2011\": \"2002\", \"2016\": \"2011\"}}");
    check_part("o/rejects.csv",
               "3726,code.industry,\"a code of edition 2002 that is 811 now, which is not in the "
               "code list\"");
    check_part("o/rejects.csv", ",99,code.industry,not a code of edition 2002 of the concordance");
    check_part("o/rejects.csv", ",99,code.industry,not in the code list");
    char *found = get_file(in_folder("n/validation.json"));
    assert_null(strstr(found, "concordance"));
    free(found);
}

/* Results are read back, explained and compared without the table. */
static void results_are_read_back(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "mv $TMP/concordance.csv $TMP/away && "
                        "$MQCI explain $TMP/o --level division --unit 36 --period 2007; "
                        "code=$?; mv $TMP/away $TMP/concordance.csv; exit $code");
    assert_contains(outcome.out, "Cars");
    outcome_clear(&outcome);
}

static void speaks_chinese(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI run $TMP/alt.yaml $TMP/d.csv -o $TMP/c --max-rejects 50%%");
    assert_contains(outcome.out, "\nindustry：8 行使用 2002、2011 版代码，其中 3 行的代码已被拆分"
                                 "（见 concordance.csv）\n");
    outcome_clear(&outcome);
    check_part("c/rejects.csv", "该2002版代码现为811，不在代码表中");
    check_part("c/rejects.csv", "对照表的2002版中没有该代码");
}

/* A check says it too, but leaves no file; a run that fails leaves the file. */
static void checks_and_failures_tell(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI check $TMP/old.yaml $TMP/d.csv --max-rejects 50%%");
    assert_contains(outcome.out, "\nindustry: 8 rows carried codes of 2002, 2011; 3 of them were "
                                 "of codes that were split\n");
    outcome_clear(&outcome);
    outcome = expect_shell(0, "$MQCI check $TMP/old.yaml");
    assert_null(strstr(outcome.out, "carried"));
    outcome_clear(&outcome);
    outcome = expect_shell(1, "$MQCI run $TMP/old.yaml $TMP/d.csv -o $TMP/f --max-rejects 0");
    assert_contains(outcome.out, "industry: 8 rows carried codes of 2002, 2011; 3 of them");
    outcome_clear(&outcome);
    check_file("f.failed/concordance.csv", wanted);
}

/* Translated codes are no finding. */
static void strict_does_not_mind(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "head -8 $TMP/d.csv > $TMP/good.csv && $MQCI run $TMP/old.yaml "
                        "$TMP/good.csv -o $TMP/s --strict --max-rejects 0");
    assert_contains(outcome.out, "industry: 6 rows carried codes of 2002, 2011; 3 of them");
    outcome_clear(&outcome);
}

/* Rows that agree in a code of the list and not as written are the same row twice: the late stage
 * reads them again, and they are not counted again. */
static void counts_rows_once(void **state)
{
    (void)state;
    put_file(in_folder("twice.csv"), "year,sales,k,cost,industry\n"
                                     "2007,19,A,7,37\n2007,19,A,7,3721\n2012,19,A,7,31\n");
    struct outcome outcome =
        expect_shell(0, "$MQCI run $TMP/old.yaml $TMP/twice.csv -o $TMP/t --max-rejects 50%%");
    outcome_clear(&outcome);
    check_file("t/concordance.csv", "input,edition,code,new,kind,sure,others,rows,matched\n"
                                    "industry,2002,37,36,split,yes,37|43,1,37\n"
                                    "industry,2002,3721,36,part-of,yes,,1,372\n"
                                    "industry,2011,31,30,split,no,29,1,31\n");
    check_part("t/rejects.csv", "twice.csv,3,A,");
}

/* Many rows: the same bytes for any number of threads and order of rows. */
static void same_bytes_in_every_order(void **state)
{
    (void)state;
    enum { ROWS = 40000 };
    static const char *const industry[] = {"37", "3721", "31", "371", "3726", "3719", "36", "99"};
    char *text = malloc(64 * ROWS), *at = text;
    uint64_t mix = 88172645463325252u;
    at += sprintf(at, "k,industry,year,cost,sales\n");
    for (int i = 0; i < ROWS; i++) {
        mix ^= mix << 13;
        mix ^= mix >> 7;
        mix ^= mix << 17;
        at += sprintf(at, "K%d,%s,%d,%d,%d\n", i, industry[mix % 8], 2003 + (int)(mix / 8 % 20),
                      (int)(mix / 256 % 997), 1000 + (int)(mix / 65536 % 9973));
    }
    put_file(in_folder("many.csv"), text);
    free(text);
    struct outcome outcome =
        expect_shell(0, "(head -1 $TMP/many.csv; tail -n +2 $TMP/many.csv | tac) > $TMP/back.csv; "
                        "for n in 1 2 3; do for rows in many back; do "
                        "$MQCI run $TMP/old.yaml $TMP/$rows.csv -o $TMP/r$n$rows --threads $n "
                        "--max-rejects 90%% > $TMP/r$n$rows.txt || exit 1; "
                        "cmp $TMP/r1many/concordance.csv $TMP/r$n$rows/concordance.csv && "
                        "cmp $TMP/r1many/scores.csv $TMP/r$n$rows/scores.csv || exit 1; done; "
                        "cmp $TMP/r1many/validation.json $TMP/r${n}many/validation.json && "
                        "cmp $TMP/r1many/rejects.csv $TMP/r${n}many/rejects.csv || exit 1; done; "
                        "awk -F, 'NR > 1 {n += $8} END {print n}' $TMP/r1many/concordance.csv; "
                        "awk -F, 'NR > 1 && $3 <= 2016 {n++} END {print n}' $TMP/many.csv");
    char *second = strchr(outcome.out, '\n');
    assert_non_null(second);
    assert_int_equal(atoi(outcome.out), atoi(second));
    assert_in_range(atoi(outcome.out), 25000, 31000); /* 14 of 20 years */
    outcome_clear(&outcome);
}

/* The table that comes with mqci, with the lines that the shipped model offers. */
static void the_shipped_model_translates(void **state)
{
    (void)state;
    put_file(in_folder("nation.csv"),
             "usci,year,area_code,industry_code,size,employees,revenue,output,sales_output,exports,"
             "superior_output,first_output,qualified_output,equipment,microelectronic_equipment,"
             "certificates,internal_failure,external_failure,sampled_batches,passed_batches,"
             "export_inspected,export_passed,rd_expenditure,rd_personnel,renovation_expenditure,"
             "patents,new_product_revenue,assets,profit\n"
             "A,2008,210000,3721,1,9,90,90,80,1,30,30,30,50,10,1,0,0,9,8,7,6,3,2,1,5,40,200,9\n"
             "B,2011,210000,41,1,9,90,90,80,1,30,30,30,50,10,1,0,0,9,8,7,6,3,2,1,5,40,200,9\n"
             "C,2015,210000,3130,1,9,90,90,80,1,30,30,30,50,10,1,0,0,9,8,7,6,3,2,1,5,40,200,9\n"
             "D,2018,210000,3711,1,9,90,90,80,1,30,30,30,50,10,1,0,0,9,8,7,6,3,2,1,5,40,200,9\n");
    struct outcome outcome = expect_shell(
        0, "sed -e 's/^#concordance:/concordance:/' -e 's/^#  industry:/  industry:/' "
           "-e \"s#\\.\\./datasets#$PWD/datasets#\" models/mqci-nation.yaml > $TMP/nation.yaml; "
           "$MQCI run $TMP/nation.yaml $TMP/nation.csv -o $TMP/nation --max-rejects 90%%; "
           "cat $TMP/nation/concordance.csv");
    assert_contains(outcome.out, "\nindustry：3 行使用 2002、2011 版代码，其中 1 行的代码已被拆分"
                                 "（见 concordance.csv）\n");
    assert_contains(outcome.out, "\nindustry,2002,3721,36,whole,yes,,1,3721\n"
                                 "industry,2002,41,40,split,yes,34|35|43,1,41\n"
                                 "industry,2011,3130,3391,part-of,yes,,1,313\n");
    assert_contains(outcome.out, "读入 4 行 = 采用 4 + 剔除 0");
    outcome_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_became_of_codes),
        cmocka_unit_test(results_are_read_back),
        cmocka_unit_test(speaks_chinese),
        cmocka_unit_test(checks_and_failures_tell),
        cmocka_unit_test(strict_does_not_mind),
        cmocka_unit_test(counts_rows_once),
        cmocka_unit_test(same_bytes_in_every_order),
        cmocka_unit_test(the_shipped_model_translates),
    };
    return cmocka_run_group_tests(tests, put_files, NULL);
}
