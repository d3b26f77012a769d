/* The same table with tabs for commas, in either encoding and from a pipe: the same results. */
#include "small.h"

#define DEMO "models/mqci-liaoning.yaml"

/* awk: commas outside quotes become tabs; quotes stay as they are. */
#define TO_TABS                                                                                    \
    "awk '{ out = \"\"; n = length($0); for (i = 1; i <= n; i++) { c = substr($0, i, "             \
    "1); "                                                                                         \
    "if (c == \"\\\"\") odd = !odd; out = out (c == \",\" && !odd ? \"\\t\" : c) } print out }'"

/* A command that is only expected to go well. */
#define DONE(...)                                                                                  \
    do {                                                                                           \
        struct outcome done_ = expect_shell(0, __VA_ARGS__);                                       \
        outcome_clear(&done_);                                                                     \
    } while (0)

static void make_tables(void)
{
    DONE("for f in datasets/demo/*.csv; do LC_ALL=C " TO_TABS
         " $f > $TMP/$(basename $f .csv).tsv; done; "
         "mkdir -p $TMP/gb; for f in $TMP/*.tsv; do iconv -f UTF-8 -t GB18030 $f > "
         "$TMP/gb/$(basename $f .tsv).TAB; done");
    DONE("$MQCI run " DEMO " datasets/demo/*.csv -o $TMP/csv");
}

static void same_results(const char *folder)
{
    char path[300];
    snprintf(path, sizeof path, "%s/scores.csv", folder);
    assert_same_file(in_folder("csv/scores.csv"), in_folder(path));
    snprintf(path, sizeof path, "%s/indicators.csv", folder);
    assert_same_file(in_folder("csv/indicators.csv"), in_folder(path));
}

static void tabs_separate_in_tsv_and_tab_files(void **state)
{
    (void)state;
    make_tables();
    DONE("$MQCI run " DEMO " $TMP/*.tsv -o $TMP/tsv");
    same_results("tsv");
    DONE("$MQCI run " DEMO " $TMP/*.tsv --reader libcsv -o $TMP/plain");
    same_results("plain");
    DONE("$MQCI run " DEMO " $TMP/gb/*.TAB -o $TMP/gb18030");
    same_results("gb18030");
}

static void faults_in_tab_files_have_their_place(void **state)
{
    (void)state;
    put_file(in_folder("stray.tsv"), "统一社会信用代码\t年份\nA\t20\"24\n");
    struct outcome outcome = expect_shell(65, "$MQCI run " DEMO " $TMP/stray.tsv -o $TMP/none");
    assert_non_null(strstr(outcome.err, "stray.tsv:1:1: no column for input"));
    outcome_clear(&outcome);
    DONE("(head -1 $TMP/liaoning-2023.tsv; printf 'A\\t\"b\" c\\n') "
         "> $TMP/after.tsv");
    outcome = expect_shell(65, "$MQCI run " DEMO " $TMP/after.tsv -o $TMP/none");
    assert_non_null(strstr(outcome.err, "after.tsv:2:7: text after the closing quote of the field "
                                        "that starts at line 2, column 3"));
    assert_non_null(strstr(outcome.err, "or put a tab after it"));
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("none")));
}

/* A comma in a file of tabs is text; a file of commas under the name of tabs is one wide column. */
static void commas_under_a_tab_name_are_told(void **state)
{
    (void)state;
    DONE("cp datasets/demo/*.csv $TMP; f=$(ls $TMP/*.csv | head -1); cp $f $TMP/wrong.tsv");
    struct outcome outcome = expect_shell(65, "$MQCI run " DEMO " $TMP/wrong.tsv -o $TMP/none");
    assert_non_null(strstr(outcome.err, "wrong.tsv:1:1: no column for input"));
    assert_non_null(strstr(outcome.err, "fields end at tabs here"));
    outcome_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tabs_separate_in_tsv_and_tab_files),
        cmocka_unit_test(faults_in_tab_files_have_their_place),
        cmocka_unit_test(commas_under_a_tab_name_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
