/* Same rows + same model = the same publication, byte by byte, wherever, whenever and by how many
 * threads; and all of it or nothing where writing fails. */
#include "program.h"

#include "support.h"

#define MODEL   "models/mqci-liaoning.yaml"
#define TARGETS "--targets models/liaoning-2025-targets.yaml"
#define Y23     "datasets/demo/liaoning-2023.csv"
#define Y24     "datasets/demo/liaoning-2024.csv"

static const char *const formats[] = {"csv",  "xlsx", "docx", "html", "data", "json",
                                      "sdmx", "tex",  "svg",  "pdf",  "png"};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static int publish_plain(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI run " MODEL " " Y23 " " Y24 " -j 1 -o $TMP/run && "
                        "$MQCI publish $TMP/run -o $TMP/plain " TARGETS);
    outcome_clear(&outcome);
    return 0;
}

/* Every file of the one in the other and the other way round. */
static void same_publication(const char *again)
{
    struct outcome outcome = expect_shell(0, "diff -rq $TMP/plain $TMP/%s", again);
    assert_string_equal(outcome.out, "");
    outcome_clear(&outcome);
}

static void all_formats_are_there(void **state)
{
    (void)state;
    static const char *const files[] = {
        "tables/city.csv",  "tables.xlsx",   "white-paper.docx",      "feedback.docx",
        "index.html",       "data/city.csv", "data/datapackage.json", "data/city.json",
        "data/sdmx.csv",    "tex/city.tex",  "figures/trend.svg",     "figures/trend.pdf",
        "figures/trend.png"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[256];
        snprintf(path, sizeof path, "plain/%s", files[i]);
        if (!has_file(in_folder(path)))
            fail_msg("%s is missing", path);
    }
}

static void threads_and_order_of_rows_do_not_matter(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "cd $TMP && D=$(dirname $MQCI)/tools && head -1 $OLDPWD/" Y23
           " | sed 's/^\\xef\\xbb\\xbf//; s/\\r//' > shuffled.csv && "
           "(cd $OLDPWD && $D/records " Y23 " " Y24 ") | cut -f3- | shuf --random-source=<(yes 7) "
           "| tr '\\001' '\\n' >> shuffled.csv");
    outcome_clear(&outcome);
    static const char *const files[] = {Y24 " " Y23, "$TMP/shuffled.csv"};
    for (int i = 0; i < 2; i++) {
        outcome = expect_shell(0,
                               "$MQCI run " MODEL " %s -j 2 --block-size 64K -o $TMP/rerun && "
                               "$MQCI publish $TMP/rerun -o $TMP/again " TARGETS,
                               files[i]);
        outcome_clear(&outcome);
        same_publication("again");
    }
}

static void place_and_time_do_not_matter(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "sleep 1 && TZ=Pacific/Kiritimati LANG=zh_CN.GB18030 "
           "LC_ALL=tr_TR.UTF-8 LANGUAGE=de $MQCI publish $TMP/run -o \"$TMP/另 一处\" " TARGETS
           " && mv \"$TMP/另 一处\" $TMP/elsewhere");
    outcome_clear(&outcome);
    same_publication("elsewhere");
    outcome = expect_shell(
        0, "models=$PWD/models/liaoning-2025-targets.yaml && cd $TMP && env -i "
           "PATH=$PATH ${LSAN_OPTIONS:+LSAN_OPTIONS=$LSAN_OPTIONS} TZ=America/New_York "
           "$MQCI publish run -o bare "
           "--targets $models");
    outcome_clear(&outcome);
    same_publication("bare");
}

/* What a format alone writes is what it writes among the others. */
static void company_does_not_matter(void **state)
{
    (void)state;
    for (int i = 0; i < FORMATS; i++) {
        struct outcome outcome = expect_shell(
            0,
            "$MQCI publish $TMP/run -o $TMP/alone --formats %s " TARGETS
            " && cd $TMP/alone && find . -type f | while read f; do "
            "cmp \"$f\" \"../plain/$f\" || exit 1; done && ls | wc -l | grep -qx '[23]'",
            formats[i]);
        outcome_clear(&outcome);
    }
}

/* ---- writing fails ---- */

static void nothing_is_left(const char *name)
{
    struct outcome outcome = expect_shell(0, "ls -d $TMP/%s* 2>/dev/null || true", name);
    assert_string_equal(outcome.out, "");
    outcome_clear(&outcome);
}

/* A limit on the size of files fails like a full disk: write(2) stops half way. */
static void a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < FORMATS; i++) {
        struct outcome outcome =
            expect_shell(74,
                         "trap '' XFSZ; ulimit -f 1; $MQCI publish $TMP/run -o $TMP/full "
                         "--formats %s 2>&1 | cat; exit ${PIPESTATUS[0]}",
                         formats[i]);
        assert_contains(outcome.out, "/full");
        outcome_clear(&outcome);
        nothing_is_left("full");
    }
}

static void a_full_disk_keeps_what_was_there(void **state)
{
    (void)state;
    static const int limits[] = {1, 16, 64, 512}; /* KiB: csv, xlsx, docx, pictures fail */
    struct outcome outcome = expect_shell(0, "cp -r $TMP/plain $TMP/kept");
    outcome_clear(&outcome);
    for (int i = 0; i < 4; i++) {
        outcome = expect_shell(74,
                               "trap '' XFSZ; ulimit -f %d; $MQCI publish $TMP/run -o $TMP/kept "
                               "2>&1 | cat; exit ${PIPESTATUS[0]}",
                               limits[i]);
        outcome_clear(&outcome);
        same_publication("kept");
        outcome = expect_shell(0, "ls -d $TMP/kept*");
        assert_null(strstr(outcome.out, "kept."));
        outcome_clear(&outcome);
    }
}

static void a_place_that_cannot_be_written_is_told(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "echo mine > $TMP/file && mkdir $TMP/theirs && echo x > $TMP/theirs/x");
    outcome_clear(&outcome);
    static const char *const places[] = {"$TMP/file", "$TMP/file/pub", "$TMP/no/such/pub",
                                         "/proc/pub", "/dev/full",     "$TMP/theirs"};
    for (int i = 0; i < 6; i++) {
        outcome = expect_shell(73, "$MQCI publish $TMP/run -o %s --formats csv", places[i]);
        assert_contains(outcome.err, strrchr(places[i], '/') + 1);
        assert_string_equal(outcome.out, "");
        outcome_clear(&outcome);
    }
    outcome = expect_shell(0, "cat $TMP/file; ls -A $TMP/theirs; ls -d $TMP/*.building || true");
    assert_string_equal(outcome.out, "mine\nx\n");
    outcome_clear(&outcome);
    nothing_is_left("no");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_formats_are_there),
        cmocka_unit_test(threads_and_order_of_rows_do_not_matter),
        cmocka_unit_test(place_and_time_do_not_matter),
        cmocka_unit_test(company_does_not_matter),
        cmocka_unit_test(a_full_disk_leaves_nothing),
        cmocka_unit_test(a_full_disk_keeps_what_was_there),
        cmocka_unit_test(a_place_that_cannot_be_written_is_told),
    };
    return cmocka_run_group_tests(tests, publish_plain, NULL);
}
