/* Same rows + same model = same bytes: for threads, blocks, order of rows, files and encodings, on
 * the shipped data. */
#include "program.h"

#include "support.h"

#define MODEL "models/mqci-liaoning.yaml"
#define Y23   "datasets/demo/liaoning-2023.csv"
#define Y24   "datasets/demo/liaoning-2024.csv"

static void run_into(const char *out, const char *files, const char *options)
{
    struct outcome outcome =
        expect_shell(0, "$MQCI run " MODEL " %s -o $TMP/%s %s", files, out, options);
    outcome_clear(&outcome);
}

static void same_results(const char *out)
{
    static const char *const names[] = {"scores.csv", "indicators.csv"};
    for (int i = 0; i < 2; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", out, names[i]);
        const char *again = in_folder(path);
        snprintf(path, sizeof path, "plain/%s", names[i]);
        assert_same_file(again, in_folder(path));
    }
}

static void same_reports(const char *out)
{
    static const char *const names[] = {"findings.csv", "rejects.csv"};
    for (int i = 0; i < 2; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", out, names[i]);
        const char *again = in_folder(path);
        snprintf(path, sizeof path, "plain/%s", names[i]);
        assert_same_file(again, in_folder(path));
    }
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    static const char *const threads[] = {"-j 2", "-j 3", "-j 7"};
    for (int i = 0; i < 3; i++) {
        run_into("threads", Y23 " " Y24, threads[i]);
        same_results("threads");
        same_reports("threads");
        assert_same_file(in_folder("threads/tables.xlsx"), in_folder("plain/tables.xlsx"));
    }
}

static void block_sizes_do_not_matter(void **state)
{
    (void)state;
    static const char *const sizes[] = {"--block-size 4K -j 3", "--block-size 4M -j 2",
                                        "--block-size 64K"};
    for (int i = 0; i < 3; i++) {
        run_into("blocks", Y23 " " Y24, sizes[i]);
        same_results("blocks");
        same_reports("blocks");
    }
}

/* records.txt: the records of both years, one a line; head.csv: their header. */
static void prepare_records(void)
{
    struct outcome outcome = expect_shell(
        0, "head -1 " Y23 " | sed 's/^\\xef\\xbb\\xbf//; s/\\r//' > $TMP/head.csv && "
           "$(dirname $MQCI)/tools/records " Y23 " " Y24 " | cut -f3- > $TMP/records.txt");
    outcome_clear(&outcome);
}

/* Findings without the place of the first failing row, rejects by key: what shuffled rows must
 * leave alike. */
static void same_reports_by_key(const char *out)
{
    struct outcome outcome =
        expect_shell(0,
                     "cd $TMP && for d in plain %s; do cut -d, -f1-7 $d/findings.csv > $d.f; "
                     "sed 1d $d/rejects.csv | sed -E 's/^[^,]*,[0-9]+,//' | sed -E "
                     "'s/第?[0-9]+行//' | LC_ALL=C sort > $d.r; done; "
                     "cmp plain.f %s.f && cmp plain.r %s.r",
                     out, out, out);
    outcome_clear(&outcome);
}

static void readers_do_not_matter(void **state)
{
    (void)state;
    static const char *const readers[] = {"--reader libcsv -j 2 --block-size 32K",
                                          "--reader scan -j 2"};
    for (int i = 0; i < 2; i++) {
        run_into("readers", Y23 " " Y24, readers[i]);
        same_results("readers");
        same_reports("readers");
    }
}

static void order_of_rows_does_not_matter(void **state)
{
    (void)state;
    prepare_records();
    struct outcome outcome = expect_shell(0, "cd $TMP && (cat head.csv; shuf --random-source=<(yes "
                                             "7) records.txt | tr '\\001' '\\n') > shuffled.csv");
    outcome_clear(&outcome);
    run_into("shuffled", "$TMP/shuffled.csv", "-j 2 --block-size 16K");
    same_results("shuffled");
    same_reports_by_key("shuffled");
}

static void shards_do_not_matter(void **state)
{
    (void)state;
    prepare_records();
    struct outcome outcome = expect_shell(
        0, "cd $TMP && split -n l/5 -d records.txt part && "
           "for p in part0*; do (cat head.csv; tr '\\001' '\\n' < $p) > shard$p.csv; done");
    outcome_clear(&outcome);
    run_into("shards",
             "$TMP/shardpart03.csv $TMP/shardpart00.csv $TMP/shardpart04.csv $TMP/shardpart01.csv "
             "$TMP/shardpart02.csv",
             "-j 3");
    same_results("shards");
    same_reports_by_key("shards");
}

static void encoding_does_not_matter(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "mkdir -p $TMP/gb && for y in 2023 2024; do sed '1s/^\\xef\\xbb\\xbf//' "
                        "datasets/demo/liaoning-$y.csv | iconv -f UTF-8 -t GB18030 > "
                        "$TMP/gb/liaoning-$y.csv; done");
    outcome_clear(&outcome);
    run_into("gbout", "$TMP/gb/liaoning-2023.csv $TMP/gb/liaoning-2024.csv",
             "-j 2 --block-size 8K");
    same_results("gbout");
    same_reports("gbout");
}

int main(void)
{
    test_folder();
    run_into("plain", Y23 " " Y24, "-j 1");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_matter), cmocka_unit_test(block_sizes_do_not_matter),
        cmocka_unit_test(readers_do_not_matter), cmocka_unit_test(order_of_rows_does_not_matter),
        cmocka_unit_test(shards_do_not_matter),  cmocka_unit_test(encoding_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
