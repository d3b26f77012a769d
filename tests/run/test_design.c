/* Models whose rows are a sample: numbers of R's survey package, files
 * that read back, the same bytes for any number of threads and order of rows. */
#include "design.h"

#include "core/core.h"

/* ---- numbers ---- */

/* Column `column` of the row that begins with ",level,unit,", has `id` in its fifth cell and no
 * quotes. */
static double number_of(const char *path, const char *unit, const char *id, const char *column)
{
    struct mq_table table;
    struct mq_error error = {0};
    size_t at, unit_at, level_at;
    if (mq_table_read(path, &table, &error) != MQ_OK)
        fail_msg("%s: %s", path, error.message);
    assert_int_equal(mq_table_column(&table, column, &at, &error), MQ_OK);
    assert_int_equal(mq_table_column(&table, "unit", &unit_at, &error), MQ_OK);
    assert_int_equal(mq_table_column(&table, "level", &level_at, &error), MQ_OK);
    double value = NAN;
    bool found = false;
    for (size_t i = 0; i < table.rows; i++) {
        char **cell = table.cell + i * table.columns;
        char name[128];
        snprintf(name, sizeof name, "%s/%s", cell[level_at], cell[unit_at]);
        if (strcmp(name, unit) != 0 || strcmp(cell[4], id) != 0)
            continue;
        found = true;
        if (cell[at][0])
            assert_int_equal(mq_real_parse(cell[at], strlen(cell[at]), &value), MQ_NUMBER_OK);
    }
    if (!found)
        fail_msg("%s has no row of %s and %s", path, unit, id);
    mq_table_clear(&table);
    return value;
}

static void assert_estimate(const char *unit, const char *id, double value, double se)
{
    const char *path = in_folder("out/indicators.csv");
    assert_close(number_of(path, unit, id, "value"), value, 1e-12);
    assert_close(number_of(path, unit, id, "se") / se, 1, 1e-9);
}

static void assert_interval(const char *unit, const char *id, double low, double high)
{
    const char *path = in_folder("out/indicators.csv");
    assert_close(number_of(path, unit, id, "low"), low, 1e-9);
    assert_close(number_of(path, unit, id, "high"), high, 1e-9);
}

static void run_api(const char *more)
{
    put_api("m.yaml", more);
    struct outcome run =
        expect_shell(0, "$MQCI run $TMP/m.yaml " API " -o $TMP/out --max-rejects 0");
    outcome_clear(&run);
}

static void numbers_of_survey(void **state)
{
    (void)state;
    run_api("design: {weight: pw, strata: stype, fpc: fpc}\ninterval: beta\n");
    assert_estimate("all/", "mean", 662.287363159321, 9.408940802785);
    assert_estimate("all/", "ratio", 0.836956886941, 0.007757103167);
    assert_estimate("all/", "total", 3687177.53243828, 114641.716100780);
    assert_estimate("all/", "prop", 82.7948011416, 2.4344780113);
    assert_estimate("all/", "dom", 676.402286067281, 11.714678769929);
    assert_estimate("imp/Yes", "mean", 676.402286067281, 11.714678769929); /* a unit is a domain */
    assert_estimate("stratum/E", "mean", 674.43, 12.38247979);
    assert_estimate("stratum/H", "mean", 625.82, 14.93712919);
    assert_estimate("stratum/M", "mean", 636.60, 16.21470731);
    assert_interval("all/", "prop", 77.41713286, 87.34315926);
    /* t with 200 - 3 degrees of freedom */
    assert_interval("all/", "mean", 662.287363159321 - 1.9720790337784886 * 9.408940802785,
                    662.287363159321 + 1.9720790337784886 * 9.408940802785);
    assert_true(isnan(number_of(in_folder("out/indicators.csv"), "imp/No", "dom", "se")));
}

static void every_interval(void **state)
{
    (void)state;
    run_api("design: {weight: pw, strata: stype, fpc: fpc}\n");
    assert_interval("all/", "prop", 77.4539654, 87.0814855);
    run_api("design: {weight: pw, strata: stype, fpc: fpc}\ninterval: wald\n");
    assert_interval("all/", "prop", 77.9938181, 87.5957842);
    run_api("design: {weight: pw, strata: stype, fpc: fpc}\ninterval: wilson\nconfidence: 0.95\n");
    assert_interval("all/", "prop", 77.51706428, 87.04074187);
}

static void with_a_table_and_without(void **state)
{
    (void)state;
    run_api("design: {weight: pw, strata: stype}\n");
    assert_estimate("all/", "mean", 662.287363159321, 9.536132296925);
    put_file(in_folder("strata.csv"), "stratum,population\nM,1018\nE,4421\nH,755\n");
    run_api("design: {weight: pw, strata: stype, fpc: {file: strata.csv}}\n");
    assert_estimate("all/", "mean", 662.287363159321, 9.408940802785);
    /* the model as resolved does the same; an output does without the table */
    struct outcome run =
        expect_shell(0, "$MQCI run $TMP/out/model.yaml " API " -o $TMP/again --max-rejects 0 && rm "
                        "$TMP/strata.csv && $MQCI explain $TMP/out --level all");
    outcome_clear(&run);
    assert_same_file(in_folder("out/scores.csv"), in_folder("again/scores.csv"));
}

/* Without weights, strata and PSUs: mean, s / sqrt(n). */
static void a_simple_sample(void **state)
{
    (void)state;
    put_file(in_folder("m.yaml"), "mqci: 1\nid: s\ntitle: s\n"
                                  "inputs: [{id: x, column: x, type: amount, decimals: 1}]\n"
                                  "design: {}\nlevels: [{id: all}]\n"
                                  "indicators: [{id: m, formula: mean(x), normalise: none}]\n");
    put_file(in_folder("d.csv"), "x\n1.5\n2\n4.5\n8\n");
    outcome_clear(
        &(struct outcome[]){expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/out")}[0]);
    /* mean 4, squares 6.25 + 4 + 0.25 + 16 = 26.5 */
    assert_estimate("all/", "m", 4, sqrt(26.5 / 3 / 4));
    assert_interval("all/", "m", 4 - 3.182446305284263 * sqrt(26.5 / 12),
                    4 + 3.182446305284263 * sqrt(26.5 / 12));
}

/* ---- scores ---- */

static void scores_follow_values(void **state)
{
    (void)state;
    run_api("design: {weight: pw, strata: stype, fpc: fpc}\n");
    const char *scores = in_folder("out/scores.csv"), *raw = in_folder("out/indicators.csv");
    /* 60 + 40 (x - 200) / 800 */
    assert_close(number_of(scores, "all/", "mean", "se") / (9.408940802785 / 20), 1, 1e-9);
    assert_close(number_of(scores, "all/", "mean", "low"),
                 60 + (number_of(raw, "all/", "mean", "low") - 200) / 20, 1e-12);
    assert_close(number_of(scores, "all/", "prop", "high"), number_of(raw, "all/", "prop", "high"),
                 1e-12);
    /* the total outweighs all else: its se and a little covariance */
    double se = number_of(scores, "all/", "root", "se");
    assert_true(fabs(se / (114641.71610078 / 8) - 1) < 1e-3);
}

/* A parent of one ratio and its complement has no error at all; of the same one twice that of one.
 */
static void covariance_counts(void **state)
{
    (void)state;
    put_api("m.yaml", "design: {weight: pw, strata: stype, fpc: fpc}\n");
    char text[8192], *cut;
    snprintf(text, sizeof text, api_model, "design: {weight: pw, strata: stype, fpc: fpc}\n");
    cut = strstr(text, "indicators:\n");
    snprintf(cut, sizeof text - (size_t)(cut - text),
             "design: {weight: pw, strata: stype, fpc: fpc}\n"
             "indicators:\n"
             "  - {id: both, combine: arithmetic}\n"
             "  - {id: yes, parent: both, weight: 1/2, formula: count(where wide == \"Yes\") / "
             "count(), normalise: none}\n"
             "  - {id: no, parent: both, weight: 1/2, formula: count(where wide == \"No\") / "
             "count(), normalise: none}\n"
             "  - {id: same, combine: geometric}\n"
             "  - {id: a, parent: same, weight: 1/3, formula: count(where wide == \"Yes\") / "
             "count(), normalise: none}\n"
             "  - {id: b, parent: same, weight: 2/3, formula: count(where wide == \"Yes\") / "
             "count(), normalise: none}\n"
             "  - {id: order, parent: same2, weight: 1, formula: mean(api00), normalise: rank}\n"
             "  - {id: same2, combine: arithmetic}\n");
    put_file(in_folder("m.yaml"), text);
    outcome_clear(&(struct outcome[]){
        expect_shell(0, "$MQCI run $TMP/m.yaml " API " -o $TMP/out --max-rejects 0")}[0]);
    const char *scores = in_folder("out/scores.csv");
    assert_close(number_of(scores, "all/", "both", "value"), 0.5, 1e-15);
    assert_true(number_of(scores, "all/", "both", "se") < 1e-12);
    assert_close(number_of(scores, "all/", "same", "se") / 0.024344780113, 1, 1e-8);
    assert_true(isnan(number_of(scores, "all/", "order", "se"))); /* a rank */
    assert_true(isnan(number_of(scores, "all/", "same2", "se")));
}

/* ---- clusters ---- */

static void clusters_within_strata_and_periods(void **state)
{
    (void)state;
    put_file(in_folder("d.csv"), clusters);
    put_clusters("p", "");
    outcome_clear(&(struct outcome[]){
        expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/out --max-rejects 0")}[0]);
    char *text = get_file(in_folder("out/indicators.csv"));
    assert_contains(text, "2023,all,,all,t,42,,,8,1,5.744562646538029,");
    /* 2024: 14 and 18, (1 - 2/5) 2 8 = 9.6; df 1 */
    assert_contains(text, "2024,all,,all,t,32,,,2,1,3.0983866769659336,");
    assert_contains(text, "2024,s,A,A,t,32,,,2,1,3.0983866769659336,");
    free(text);
    /* by key every row is its own PSU, as without PSUs; B has 3 of 8 then */
    put_clusters("k", "");
    outcome_clear(&(struct outcome[]){expect_shell(
        0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/a --max-rejects 0 && sed 's/ psu: "
           "k,//' $TMP/m.yaml > $TMP/n.yaml && $MQCI run $TMP/n.yaml $TMP/d.csv -o "
           "$TMP/b --max-rejects 0")}[0]);
    assert_same_file(in_folder("a/indicators.csv"), in_folder("b/indicators.csv"));
    text = get_file(in_folder("a/indicators.csv"));
    /* z 3, 3, 12: squares 54; (1 - 3/8) 3/2 54 = 50.625 */
    assert_contains(text, "2023,s,B,B,t,18,,,3,1,7.115124735378854,");
    free(text);
}

/* Rows that leave late take their PSU with them. */
static void rows_that_leave_leave_no_trace(void **state)
{
    (void)state;
    char text[4096];
    put_clusters("p", "");
    put_file(in_folder("clean.csv"), clusters);
    /* 9 occurs twice with different values, 8 twice with the same, 10 breaks a rule, one is alone
     * in a stratum of its own */
    snprintf(text, sizeof text,
             "%s9,A,4,2,6,3,2023\n9,A,4,2,6,4,2023\n8,B,2,3,8,4,2023\n10,B,3,3,8,200,2023\n"
             "9,C,4,2,6,4,2023\n",
             clusters);
    put_file(in_folder("d.csv"), text);
    outcome_clear(
        &(struct outcome[]){expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/clean.csv -o $TMP/a")}[0]);
    outcome_clear(&(struct outcome[]){
        expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/b --max-rejects 9")}[0]);
    assert_same_file(in_folder("a/indicators.csv"), in_folder("b/indicators.csv"));
    assert_same_file(in_folder("a/scores.csv"), in_folder("b/scores.csv"));
}

/* Values off by a power of ten: the rows leave as they are and join as they ought to be. */
static void corrected_rows_count_once(void **state)
{
    (void)state;
    static const char *const names[] = {"right", "wrong"};
    put_file(in_folder("m.yaml"),
             "mqci: 1\nid: c\ntitle: c\n"
             "inputs:\n"
             "  - {id: k, column: k, type: key}\n"
             "  - {id: s, column: s, type: code}\n"
             "  - {id: w, column: w, type: number}\n"
             "  - {id: y, column: y, type: amount, decimals: 2}\n"
             "  - {id: persons, column: n, type: number}\n"
             "rules: [{id: U, edit: {method: unit, of: y, against: persons, correct: true}, "
             "severity: info}]\n"
             "design: {weight: w, strata: s}\n"
             "levels: [{id: all}, {id: s, by: [s]}]\n"
             "indicators: [{id: m, formula: mean(y), normalise: none}]\n");
    for (int wrong = 0; wrong < 2; wrong++) {
        struct mq_buffer csv = MQ_BUFFER_EMPTY;
        mq_buffer_text(&csv, "k,s,w,y,n\n");
        for (int i = 0; i < 40; i++)
            mq_buffer_format(&csv, "E%d,%c,%d.5,%d%s,%d\n", i, "AB"[i % 2], i % 5 + 1,
                             20 * (i + 5) + i % 7, wrong && i % 13 == 4 ? "000" : "", i + 5);
        char name[64];
        snprintf(name, sizeof name, "%s.csv", names[wrong]);
        put_file(in_folder(name), csv.data);
        mq_buffer_clear(&csv);
        struct outcome run = expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/%s.csv -o $TMP/%s",
                                          names[wrong], names[wrong]);
        outcome_clear(&run);
    }
    assert_same_file(in_folder("right/scores.csv"), in_folder("wrong/scores.csv"));
    char *records = get_file(in_folder("wrong/corrections.csv"));
    assert_contains(records, ",U\n");
    free(records);
    assert_true(number_of(in_folder("wrong/scores.csv"), "s/B", "m", "se") > 0);
}

/* ---- files ---- */

static void outputs_read_back(void **state)
{
    (void)state;
    run_api("design: {weight: pw, strata: stype, fpc: fpc, single: adjust}\ninterval: wilson\n");
    struct outcome run = expect_shell(
        0, "$MQCI model $TMP/m.yaml > $TMP/r1.yaml && $MQCI model $TMP/r1.yaml > $TMP/r2.yaml && "
           "cmp $TMP/r1.yaml $TMP/r2.yaml && $MQCI explain $TMP/out --level all && $MQCI compare "
           "$TMP/out $TMP/out && $MQCI publish $TMP/out -o $TMP/printed && diff -r -x notes.csv "
           "$TMP/out/tables "
           "$TMP/printed/tables");
    outcome_clear(&run);
    char *text = get_file(in_folder("r1.yaml"));
    assert_contains(text, "design: {weight: pw, strata: stype, fpc: fpc, single: adjust}\n"
                          "confidence: 0.95\ninterval: wilson\n");
    free(text);
    text = get_file(in_folder("out/indicators.csv"));
    assert_contains(text, "enterprises,coverage,se,low,high,status\n");
    free(text);
    text = get_file(in_folder("out/scores.csv"));
    assert_contains(text, "enterprises,coverage,se,low,high,status\n");
    free(text);
    text = get_file(in_folder("out/tables/imp.csv"));
    assert_contains(text, "Unit,root,Rank,95 % interval,");
    free(text);
    run = expect_shell(65, "sed -i '2s/,ok$/x,ok/' $TMP/out/scores.csv && $MQCI explain $TMP/out "
                           "--level all");
    assert_contains(run.err, "scores.csv:2:15: high is \"");
    outcome_clear(&run);
    put_api("m.yaml", ""); /* without a design the files are as ever */
    outcome_clear(&(struct outcome[]){
        expect_shell(0, "$MQCI run $TMP/m.yaml " API " -o $TMP/out --max-rejects 0")}[0]);
    text = get_file(in_folder("out/scores.csv"));
    assert_contains(text, "enterprises,coverage,status\n");
    free(text);
}

static void same_for_any_threads_and_order(void **state)
{
    (void)state;
    put_clusters("p", "");
    struct outcome made = expect_shell(
        0,
        "awk 'BEGIN { print \"k,s,p,w,n,y,year\"; for (i = 0; i < 60000; i++) { h = i %% 7; "
        "printf \"E%%d,S%%d,P%%d,%%.1f,%%d,%%.2f,202%%d\\n\", i, h, (i * 7919) %% 211, 1 + (i %% "
        "13) / 10, 300 + h, (i * 37 %% 9901) / 100, i %% 3 } }' > $TMP/d.csv && (head -1 "
        "$TMP/d.csv; tail -n +2 $TMP/d.csv | sort -t, -k6) > $TMP/shuffled.csv");
    outcome_clear(&made);
    made = expect_shell(0, "for t in 1 2 3; do for f in d shuffled; do $MQCI run $TMP/m.yaml "
                           "$TMP/$f.csv -o $TMP/t$t$f --threads $t || exit 1; done; done");
    outcome_clear(&made);
    char first[512], other[512];
    static const char *const files[] = {"indicators.csv", "scores.csv"};
    for (int f = 0; f < 2; f++)
        for (int t = 1; t <= 3; t++)
            for (int k = 0; k < 2; k++) {
                snprintf(first, sizeof first, "%s/t1d/%s", test_folder(), files[f]);
                snprintf(other, sizeof other, "%s/t%d%s/%s", test_folder(), t, k ? "shuffled" : "d",
                         files[f]);
                assert_same_file(first, other);
            }
    assert_true(number_of(in_folder("t3shuffled/indicators.csv"), "s/S3", "t", "se") > 0);
}

/* Ends are rounded as scores are; a unit that is withheld has no interval either. */
static void tables_print_the_interval(void **state)
{
    (void)state;
    put_file(in_folder("m.yaml"),
             "mqci: 1\nid: s\ntitle: 满意度\ndecimals: 1\n"
             "inputs: [{id: x, column: x, type: amount}, {id: c, column: c, type: code}]\n"
             "disclosure: {min_enterprises: 2}\n"
             "design: {}\nconfidence: 0.9\n"
             "levels: [{id: all}, {id: city, title: 城市, by: [c]}]\n"
             "indicators: [{id: m, title: 得分, formula: mean(x), normalise: none}]\n");
    put_file(in_folder("d.csv"), "x,c\n80,A\n90,A\n70,B\n60,B\n75,C\n");
    struct outcome run = expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/out");
    outcome_clear(&run);
    char *text = get_file(in_folder("out/tables/city.csv"));
    assert_contains(text, "90%置信区间");
    /* A: domain of 2 among 5: z = -+5/2; V = 5/4 (12.5) = 15.625; t 2.131846786 with 4 */
    assert_contains(text, "A,85.0,1,76.6～93.4");
    assert_contains(text, "C,*,*,*");
    free(text);
}

/* ---- levels that are rolled up ---- */

/* Two regions, weights 3 : 1, each a simple sample: V = (9 V1 + V2) / 16. */
static void rolled_up_levels(void **state)
{
    (void)state;
    put_file(in_folder("regions.csv"), "code,name,parent,level\n21,P,,province\n2101,A,21,city\n"
                                       "2102,B,21,city\n");
    put_file(in_folder("weights.csv"), "unit,weight\n2101,3\n2102,1\n");
    put_file(in_folder("m.yaml"),
             "mqci: 1\nid: s\ntitle: s\ncodes: {region: regions.csv}\n"
             "inputs: [{id: r, column: r, type: code, list: region}, {id: x, column: x, type: "
             "amount}]\n"
             "design: {strata: r}\n"
             "levels:\n"
             "  - {id: city, by: [r.city]}\n"
             "  - {id: province, by: [r.province], rollup: {of: city, weights: weights.csv}}\n"
             "indicators:\n"
             "  - {id: both, combine: arithmetic}\n"
             "  - {id: m, parent: both, weight: 1/2, formula: mean(x), normalise: none}\n"
             "  - {id: m2, parent: both, weight: 1/2, formula: mean(x) * 3, normalise: none}\n");
    put_file(in_folder("d.csv"), "r,x\n2101,1\n2101,3\n2101,8\n2102,2\n2102,10\n");
    outcome_clear(
        &(struct outcome[]){expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/out")}[0]);
    double v1 = 13. / 3, v2 = 16; /* s^2 / n: 26 / 2 / 3, 32 / 2 */
    assert_estimate("city/2101", "m", 4, sqrt(v1));
    assert_estimate("city/2102", "m", 6, sqrt(v2));
    assert_estimate("province/21", "m", 4.5, sqrt((9 * v1 + v2) / 16));
    assert_close(number_of(in_folder("out/scores.csv"), "province/21", "both", "se"),
                 2 * sqrt((9 * v1 + v2) / 16), 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_survey),
        cmocka_unit_test(every_interval),
        cmocka_unit_test(with_a_table_and_without),
        cmocka_unit_test(a_simple_sample),
        cmocka_unit_test(scores_follow_values),
        cmocka_unit_test(covariance_counts),
        cmocka_unit_test(clusters_within_strata_and_periods),
        cmocka_unit_test(rows_that_leave_leave_no_trace),
        cmocka_unit_test(corrected_rows_count_once),
        cmocka_unit_test(outputs_read_back),
        cmocka_unit_test(same_for_any_threads_and_order),
        cmocka_unit_test(tables_print_the_interval),
        cmocka_unit_test(rolled_up_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
