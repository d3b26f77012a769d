/* Wrong input of every kind: the exit code, the place, the words; and nothing half-written. */
#include "small.h"

#include <unistd.h>

struct wrong {
    const char *what;
    const char *make;    /* shell: makes $TMP/x.csv or $TMP/x.yaml from the small ones */
    const char *data;    /* operand, default $TMP/x.csv */
    const char *options; /* more options */
    int status;
    const char *say[4]; /* all of these are in the message (stderr, or rejects.csv for rows) */
    const char *reject; /* a line of rejects.csv in OUT or OUT.failed */
};

static const struct wrong data_cases[] = {
    {"no such file", "", "$TMP/nowhere.csv", "", 66, {"nowhere.csv"}, NULL},
    {"a directory", "", "$TMP", "", 65, {"is a folder"}, NULL},
    {"empty file", ": > $TMP/x.csv", NULL, "", 65, {"x.csv", "empty"}, NULL},
    {"header only",
     "head -1 $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     65,
     {"x.csv", "no rows"},
     NULL},
    {"wrong encoding mid-file",
     "(cat $TMP/small.csv; printf 'A9,2024,210100,1,5,1,1,\\xff\\xfe\\n') > $TMP/x.csv",
     NULL,
     "",
     65,
     {"x.csv:12:", "UTF-8"},
     NULL},
    {"unterminated quote",
     "(cat $TMP/small.csv; printf 'A9,2024,210100,1,5,1,1,\"abc\\nA8,2024\\n') > $TMP/x.csv",
     NULL,
     "",
     65,
     {"x.csv:12:", "quote"},
     NULL},
    {"stray quote",
     "(cat $TMP/small.csv; printf 'A9,2024,210100,1,5,1,1,a\"b\\n') > $TMP/x.csv",
     NULL,
     "",
     65,
     {"x.csv:12:", "quote"},
     NULL},
    {"missing column",
     "sed '1s/营业收入/收入/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     65,
     {"x.csv:1", "营业收入"},
     NULL},
    {"repeated column",
     "sed '1s/备注/年份/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     65,
     {"x.csv:1", "年份"},
     NULL},
    {"two aliases of one input",
     "sed '1s/备注/revenue/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     65,
     {"x.csv:1", "revenue"},
     NULL},
    {"UTF-16",
     "iconv -f UTF-8 -t UTF-16 $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     65,
     {"UTF-16"},
     NULL},
    {"ragged row", "sed '3s/$/,9,9/' $TMP/small.csv > $TMP/x.csv", NULL, "", 0, {""}, "x.csv,3,"},
    {"short row",
     "sed '4s/.*/B1,2023,210200/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     0,
     {""},
     "x.csv,4,"},
    {"number with letters",
     "sed 's/,2000,/,2000元,/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     0,
     {""},
     "x.csv,3,A2,营业收入,2000元,type.revenue,"},
    {"thousands separators",
     "sed 's/,2000,/,\"2,000\",/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     0,
     {""},
     "x.csv,3,A2,营业收入,\"2,000\",type.revenue,"},
    {"number too large",
     "sed 's/,2000,/,99999999999999999999,/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     0,
     {""},
     "x.csv,3,A2,营业收入,99999999999999999999,type.revenue,"},
    {"too many decimals",
     "sed 's/,2000,/,2000.25,/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     0,
     {""},
     "x.csv,3,A2,营业收入,2000.25,type.revenue,"},
    {"unknown code",
     "sed '3s/210100/219900/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     0,
     {""},
     "x.csv,3,A2,行政区划代码,219900,code.region,"},
    {"key absent",
     "sed '3s/^A2//' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     0,
     {""},
     "x.csv,3,,统一社会信用代码,,key.usci,"},
    {"period absent",
     "sed '3s/,2023,/,,/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     0,
     {""},
     "x.csv,3,A2,年份,,period.year,"},
    {"duplicate key, same row",
     "(cat $TMP/small.csv; sed -n 3p $TMP/small.csv) > $TMP/x.csv",
     NULL,
     "",
     0,
     {""},
     "x.csv,12,A2,"},
    {"duplicate key, other row",
     "(cat $TMP/small.csv; sed -n '3s/2000/2001/p' $TMP/small.csv) > $TMP/x.csv",
     NULL,
     "",
     0,
     {""},
     "x.csv,3,A2,"},
    {"scope not decidable",
     "sed '3s/,2,2000/,,2000/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "",
     0,
     {""},
     "x.csv,3,A2,企业规模,,scope,"},
    {"all rows rejected",
     "sed '2,$s/,210[12]00,/,990000,/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "--max-rejects 100%",
     65,
     {"no row is left"},
     NULL},
    {"beyond the limit",
     "sed '2,$s/,210[12]00,/,990000,/' $TMP/small.csv > $TMP/x.csv",
     NULL,
     "--max-rejects 5%",
     1,
     {"rejected"},
     "x.csv,2,A1,"},
    {"unknown option", "", NULL, "--max-refusals 3", 64, {"--max-refusals"}, NULL},
    {"option without sense", "", NULL, "--max-rejects many", 64, {"max-rejects", "many"}, NULL},
    {"threads not a number", "", NULL, "-j x", 64, {"threads"}, NULL},
};

static const struct wrong model_cases[] = {
    {"no such model", "rm -f $TMP/x.yaml", NULL, "", 66, {"x.yaml"}, NULL},
    {"not YAML", "printf 'mqci: [1\\n' > $TMP/x.yaml", NULL, "", 78, {"x.yaml:"}, NULL},
    {"weights that do not sum to 1",
     "sed 's/weight: 2\\/3/weight: 1\\/2/' $TMP/small.yaml > $TMP/x.yaml",
     NULL,
     "",
     78,
     {"x.yaml:", "index", "5/6"},
     NULL},
    {"a cycle in the tree",
     "sed 's/  - {id: index, /  - {id: index, parent: rd_share, /' $TMP/small.yaml > $TMP/x.yaml",
     NULL,
     "",
     78,
     {"x.yaml:"},
     NULL},
    {"an orphan",
     "sed 's/parent: index/parent: indx/' $TMP/small.yaml > $TMP/x.yaml",
     NULL,
     "",
     78,
     {"x.yaml:", "indx", "index"},
     NULL},
    {"unknown method",
     "sed 's/method: efficacy/method: eficacy/' $TMP/small.yaml > $TMP/x.yaml",
     NULL,
     "",
     78,
     {"x.yaml:30:25", "eficacy", "efficacy"},
     NULL},
    {"unknown parameter",
     "sed 's/pass: 8/pas: 8/' $TMP/small.yaml > $TMP/x.yaml",
     NULL,
     "",
     78,
     {"x.yaml:30:", "pas", "pass"},
     NULL},
    {"formula with an unknown name",
     "sed 's/100 . rd \\/ revenue/100 * rd \\/ revenu/' $TMP/small.yaml > $TMP/x.yaml",
     NULL,
     "",
     78,
     {"x.yaml:29:", "revenu", "revenue"},
     NULL},
    {"rule that does not parse",
     "sed 's/check: revenue > 0/check: revenue > /' $TMP/small.yaml > $TMP/x.yaml",
     NULL,
     "--strict",
     78,
     {"x.yaml:17:31"},
     NULL},
    {"unknown key",
     "sed 's/^scope:/skope:/' $TMP/small.yaml > $TMP/x.yaml",
     NULL,
     "",
     78,
     {"x.yaml:15:1", "skope", "scope"},
     NULL},
    {"duplicate key",
     "sed 's/^scope:/title: again\\nscope:/' $TMP/small.yaml > $TMP/x.yaml",
     NULL,
     "",
     78,
     {"x.yaml:15:1", "title"},
     NULL},
    {"unknown level of codes",
     "sed 's/region.city/region.town/' $TMP/small.yaml > $TMP/x.yaml",
     NULL,
     "",
     78,
     {"x.yaml:21:31", "town"},
     NULL},
    {"no such code list",
     "sed 's/region.csv/regions.csv/' $TMP/small.yaml > $TMP/x.yaml",
     NULL,
     "",
     78,
     {"regions.csv"},
     NULL},
};

static void run_case(const struct wrong *wrong, const char *model, const char *data)
{
    print_message("%s\n", wrong->what);
    struct outcome made =
        expect_shell(0, "rm -rf $TMP/o $TMP/o.failed; %s", wrong->make[0] ? wrong->make : "true");
    outcome_clear(&made);
    const char *options = wrong->options[0] ? wrong->options : "--max-rejects 50%";
    struct outcome outcome = expect_shell(wrong->status, "$MQCI run %s %s -o $TMP/o %s", model,
                                          wrong->data ? wrong->data : data, options);
    for (size_t i = 0; i < 4 && wrong->say[i]; i++)
        assert_contains(outcome.err, wrong->say[i]);
    outcome_clear(&outcome);
    assert_int_equal(has_file(in_folder("o")), wrong->status == 0);
    assert_int_equal(has_file(in_folder("o.failed")), wrong->status == 1);
    assert_false(has_file(in_folder("o.building")));
    if (!wrong->reject)
        return;
    char *rejects = get_file(in_folder(wrong->status ? "o.failed/rejects.csv" : "o/rejects.csv"));
    assert_contains(rejects, wrong->reject);
    free(rejects);
}

static void wrong_data(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof data_cases / sizeof *data_cases; i++)
        run_case(&data_cases[i], "$TMP/small.yaml",
                 data_cases[i].make[0] ? "$TMP/x.csv" : "$TMP/small.csv");
}

static void wrong_models(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof model_cases / sizeof *model_cases; i++)
        run_case(&model_cases[i], "$TMP/x.yaml", "$TMP/small.csv");
}

static void a_zero_sum_is_undefined_not_infinite(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "sed 's/, severity: reject//' $TMP/small.yaml > $TMP/soft.yaml; awk -F, 'NR>1 && "
           "/210200/ {$5=0} {OFS=\",\"; print}' $TMP/small.csv > $TMP/zero.csv; "
           "$MQCI run $TMP/soft.yaml $TMP/zero.csv -o $TMP/zero");
    outcome_clear(&outcome);
    char *text = get_file(in_folder("zero/scores.csv"));
    assert_contains(text, "2023,city,210200,大连市,rd_share,,,");
    assert_contains(text, "undefined");
    assert_null(strstr(text, "inf"));
    assert_null(strstr(text, "nan"));
    free(text);
}

/* A file size limit stands for a full disk: writes fail on the way. Every size is tried, so every
 * file is the one that fails. */
static void a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    int failures = 0;
    for (int kilobytes = 2; kilobytes < 24; kilobytes += 2) {
        struct outcome outcome =
            run_shell("rm -rf $TMP/full; ulimit -f %d; $MQCI run $TMP/small.yaml $TMP/small.csv -o "
                      "$TMP/full --max-rejects 1 2>&1 | head -c 300; exit ${PIPESTATUS[0]}",
                      kilobytes);
        if (outcome.status != 0) {
            failures++;
            assert_true(outcome.status == 74 || outcome.status == 73);
            assert_contains(outcome.out, "full");
            assert_false(has_file(in_folder("full")));
            assert_false(has_file(in_folder("full.building")));
        }
        outcome_clear(&outcome);
    }
    assert_true(failures > 3);
}

/* A pipe that never ends is being read when Ctrl-C comes. */
static void an_interrupt_leaves_nothing(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        130, "(cat $TMP/small.csv; for k in {1..60}; do sleep 0.05; for i in {1..200}; do echo "
             "A$i$RANDOM,2024,210100,1,5,1,1,; done; done) 2> $TMP/null | "
             "timeout --foreground --preserve-status -s INT 1 $MQCI run $TMP/small.yaml - -o "
             "$TMP/stopped; exit ${PIPESTATUS[1]}");
    assert_contains(outcome.err, "interrupted");
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("stopped")));
    assert_false(has_file(in_folder("stopped.building")));
}

static void a_closed_pipe_is_an_error(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(74, "$MQCI --help > $TMP/null; $MQCI methods > /dev/full");
    outcome_clear(&outcome);
}

int main(void)
{
    put_small();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_data),
        cmocka_unit_test(wrong_models),
        cmocka_unit_test(a_zero_sum_is_undefined_not_infinite),
        cmocka_unit_test(a_full_disk_leaves_nothing),
        cmocka_unit_test(an_interrupt_leaves_nothing),
        cmocka_unit_test(a_closed_pipe_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
