/* warnings.csv and offenders.csv as a run leaves them, for any threads and order of rows; --list.
 */
#include <stdlib.h>
#include <string.h>

#include "program.h"
#include "support.h"

#define HEAD "file,line,key,column,value,rule,message\n"

static const char model[] =
    "mqci: 1\nid: reports\ntitle: Reports\n"
    "inputs:\n"
    "  - {id: k, type: key}\n"
    "  - {id: y, type: period}\n"
    "  - {id: t, type: code}\n"
    "  - {id: v, type: amount}\n"
    "  - {id: w, type: amount}\n"
    "rules:\n"
    "  - {id: small, title: is small, check: v >= 10}\n"
    "  - {id: none, check: w > 0, severity: reject}\n"
    "  - {id: ratio, edit: {method: ratio, of: v, against: w, low: 0.1, high: 20}}\n"
    "  - {id: jump, edit: {method: hb, of: v, against: 'v[-1]', by: [t], impute: 1.5, side: "
    "right},\n"
    "     severity: reject}\n"
    "levels: [{id: all, title: All}, {id: kind, title: Kind, by: [t]}]\n"
    "indicators: [{id: x, formula: v / w, normalise: none}]\n";
static const char table[] = "k,y,t,v,w\n"
                            "A,2020,p,100,10\nB,2020,p,200,10\nC,2020,p,100,10\nD,2020,p,50,10\n"
                            "E,2020,p,40,10\nF,2020,q,5,10\nG,2020,q,9,100\nH,2020,q,7,0\n"
                            "A,2021,p,101,10\nB,2021,p,204,10\nC,2021,p,103,10\nD,2021,p,52,10\n"
                            "E,2021,p,4000,400\nF,2021,q,8,10\nG,2021,q,9,10\n";
/* v / w of the 14 rows left: 5.2 and 10 in the middle. v / v[-1] of p: 1.01 1.02 1.03 1.04 100, so
 * the effects are 0 at the median, 1.04 / 1.03 - 1 and 100 / 1.03 - 1 above it; the upper quartile
 * lies half way between those. */
#define RATIO(line, key, value, text)                                                              \
    "d.csv," line "," key ",v|w," value ",ratio,\"ratio(v, w): implausibly " text                  \
    " (median 7.6, 14 rows)\"\n"
#define SMALL(line, key, value) "d.csv," line "," key ",v," value ",small,is small (v >= 10)\n"
#define LOW                     RATIO("8", "G", "9|100", "low: v / w = 0.09, below the bound 0.1")
#define HIGH                    RATIO("11", "B", "204|10", "high: v / w = 20.4, above the bound 20")

static const char warnings[] = HEAD SMALL("7", "F", "5") SMALL("8", "G", "9")
    LOW SMALL("9", "H", "7") HIGH SMALL("15", "F", "8") SMALL("16", "G", "9");
static const char rejects[] = HEAD
    "d.csv,9,H,w,0,none,w > 0\n"
    "d.csv,14,E,v|t,4000|p,jump,\"hb(v, v[-1]) by t: implausibly high: v / v[-1] = 100, effect "
    "= 96.0874, above the imputation bound 72.0728 (median 1.03, 5 rows)\"\n";
static const char offenders[] = "rule,severity,level,unit,name,rows,failed,share\n"
                                "small,warn,kind,q,q,5,5,1.000000\n"
                                "none,reject,kind,q,q,5,1,0.200000\n"
                                "ratio,warn,kind,q,q,5,1,0.200000\n"
                                "ratio,warn,kind,p,p,10,1,0.100000\n"
                                "jump,reject,kind,p,p,10,1,0.100000\n";

static struct outcome run_into(const char *out, const char *data, const char *options)
{
    return expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/%s -o $TMP/%s --max-rejects 50%% %s", data,
                        out, options);
}

static void is_file(const char *out, const char *name, const char *wanted)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", out, name);
    char *text = get_file(in_folder(path));
    assert_string_equal(text, wanted);
    free(text);
}

static void the_same_for_any_threads(void **state)
{
    (void)state;
    static const char *const options[] = {"-j 1", "-j 2 --block-size 4K", "-j 3 --list all",
                                          "--list 5"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        struct outcome outcome = run_into("one", "d.csv", options[i]);
        is_file("one", "warnings.csv", warnings);
        is_file("one", "rejects.csv", rejects);
        is_file("one", "offenders.csv", offenders);
        assert_contains(outcome.out, " rejects.csv warnings.csv offenders.csv ");
        assert_null(strstr(outcome.out, "warnings.csv lists"));
        outcome_clear(&outcome);
        outcome = expect_shell(0, "grep -cE '\"(warnings|offenders)\\.csv\"' "
                                  "$TMP/one/manifest.json");
        assert_string_equal(outcome.out, "2\n");
        outcome_clear(&outcome);
    }
}

static void a_run_that_fails_has_them_too(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(1, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/bad --max-rejects 0 --list 4");
    is_file("bad.failed", "warnings.csv",
            HEAD SMALL("7", "F", "5") SMALL("8", "G", "9") LOW SMALL("9", "H", "7")
                HIGH SMALL("15", "F", "8"));
    is_file("bad.failed", "offenders.csv", offenders);
    assert_contains(outcome.out,
                    "\nwarnings.csv lists the first 4 rows of each rule (--list all: every row)\n");
    outcome_clear(&outcome);
}

static void as_many_as_asked_for(void **state)
{
    (void)state;
    struct outcome outcome = run_into("two", "d.csv", "--list 2 -j 2");
    is_file("two", "warnings.csv", HEAD SMALL("7", "F", "5") SMALL("8", "G", "9") LOW HIGH);
    is_file("two", "rejects.csv", rejects);
    is_file("two", "offenders.csv", offenders);
    assert_contains(outcome.out, "\nwarnings.csv lists the first 2 rows of each rule ");
    outcome_clear(&outcome);
    outcome = run_into("none", "d.csv", "--list=0");
    is_file("none", "warnings.csv", HEAD);
    is_file("none", "rejects.csv", rejects);
    assert_null(strstr(outcome.out, "warnings.csv lists"));
    outcome_clear(&outcome);
    assert_same_file(in_folder("two/findings.csv"), in_folder("none/findings.csv"));
}

/* 2500 rows that warn: the first thousand by default, in blocks small enough for every thread. */
static void a_thousand_by_default(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "cd $TMP && (head -1 d.csv; seq 2500 | sed 's/.*/K&,2020,p,3,1/') > long.csv && "
           "for j in 1 2 3; do "
           "$MQCI run m.yaml long.csv -o long$j --block-size 4K -j $j > long$j.txt || exit 1; "
           "for f in warnings offenders; do cmp long1/$f.csv long$j/$f.csv || exit 1; done; done; "
           "sed -n '$p' long3/warnings.csv; wc -l < long3/warnings.csv; "
           "$MQCI run m.yaml long.csv -o all -j 2 --list all > /dev/null; "
           "wc -l < all/warnings.csv; grep -c 'first 1000 rows' long3.txt");
    assert_string_equal(outcome.out, "long.csv,1001,K1000,v,3,small,is small (v >= 10)\n"
                                     "1001\n2501\n1\n");
    outcome_clear(&outcome);
}

static void order_of_rows_does_not_matter(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0,
        "cd $TMP && mkdir -p mixed && (head -1 d.csv; sed 1d d.csv | shuf --random-source=<(yes "
        "5)) > mixed/d.csv && "
        "$MQCI run m.yaml mixed/d.csv -o mix -j 2 --block-size 4K --max-rejects 50%% > /dev/null "
        "&& for f in rejects warnings; do for d in one mix; do sed 1d $d/$f.csv | cut -d, -f3- | "
        "sort > $d.$f; done; cmp one.$f mix.$f || exit 1; done; "
        "cmp one/offenders.csv mix/offenders.csv");
    outcome_clear(&outcome);
}

static void check_names_the_worst(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI check $TMP/m.yaml $TMP/d.csv --max-rejects 50%%");
    assert_contains(outcome.out, "\n  small fails most by Kind: q 5 of 5\n");
    outcome_clear(&outcome);
    outcome = expect_shell(0, "sed 's/^title: .*/title: 报告/; s/title: Kind/title: 类别/' "
                              "$TMP/m.yaml > $TMP/zh.yaml && $MQCI check $TMP/zh.yaml $TMP/d.csv "
                              "--max-rejects 50%%");
    assert_contains(outcome.out, "\n  small 未通过最多的类别：q 5/5\n");
    outcome_clear(&outcome);
    outcome = expect_shell(
        0, "$MQCI check $TMP/m.yaml $TMP/d.csv --max-rejects 50%% --json | tr -d ' \\n' | grep -o "
           "'\"offenders\":.*'");
    assert_contains(outcome.out, "\"offenders\":[{\"rule\":\"small\",\"level\":\"kind\",\"unit\":"
                                 "\"q\",\"name\":\"q\",\"rows\":5,\"failed\":5,\"share\":1.0},");
    outcome_clear(&outcome);
}

static void what_list_takes(void **state)
{
    (void)state;
    static const char *const bad[] = {"-1", "many", "''", "3.5", "1e3", "9999999999999999999",
                                      "2x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct outcome outcome =
            expect_shell(64, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/never --list=%s", bad[i]);
        assert_contains(outcome.err, "--list ");
        assert_contains(outcome.err, "not possible; rows of each rule in warnings.csv: the first N "
                                     "(default 1000), 0 none, or all");
        outcome_clear(&outcome);
    }
    assert_false(has_file(in_folder("never/manifest.json")));
    struct outcome outcome = expect_shell(64, "$MQCI check $TMP/m.yaml $TMP/d.csv --list 3");
    assert_contains(outcome.err, "`mqci check` has no option --list");
    outcome_clear(&outcome);
    outcome = expect_shell(0, "$MQCI run --help");
    assert_contains(outcome.out, "--list N ");
    outcome_clear(&outcome);
}

int main(void)
{
    put_file(in_folder("m.yaml"), model);
    put_file(in_folder("d.csv"), table);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_for_any_threads),
        cmocka_unit_test(a_run_that_fails_has_them_too),
        cmocka_unit_test(as_many_as_asked_for),
        cmocka_unit_test(a_thousand_by_default),
        cmocka_unit_test(order_of_rows_does_not_matter),
        cmocka_unit_test(check_names_the_worst),
        cmocka_unit_test(what_list_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
