/* Compressed text: the same rows as the plain file, and every way in which it can be broken. */
#include "packed_fixture.h"

/* ---- what is read ---------------------------------------------------------------------------- */

static void gzip_reads_like_plain_text(void **state)
{
    (void)state;
    struct bytes plain = table_text("沈阳", ','), packed = {0};
    for (int level = 0; level <= 9; level += 3) {
        add_gzip(&packed, plain.data, plain.count, level);
        expect_same("a.csv", &plain, "a.csv.gz", &packed);
        expect_same("a.csv", &plain, "no-ending", &packed);
        drop(&packed);
    }
    /* members that end anywhere, one of them empty, zeros behind */
    add_gzip(&packed, "", 0, 6);
    for (size_t at = 0; at < plain.count; at += 7777)
        add_gzip(&packed, plain.data + at, plain.count - at < 7777 ? plain.count - at : 7777, 6);
    add_gzip(&packed, "", 0, 6);
    expect_same("a.csv", &plain, "a.csv.gz", &packed);
    static const char zeros[1000];
    add(&packed, zeros, sizeof zeros);
    expect_same("a.csv", &plain, "a.csv.gz", &packed);
    drop(&packed);
    drop(&plain);
}

static void zstd_reads_like_plain_text(void **state)
{
    (void)state;
    struct bytes plain = table_text("沈阳", ','), packed = {0};
    static const struct zstd_way ways[] = {{.level = 1},
                                           {.level = 19},
                                           {.level = 3, .streamed = true},
                                           {.level = 3, .window_log = 27}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        add_zstd(&packed, plain.data, plain.count, &ways[i]);
        expect_same("a.csv", &plain, "a.csv.zst", &packed);
        drop(&packed);
    }
    add_skippable(&packed, "notes of another program");
    for (size_t at = 0; at < plain.count; at += 7777) {
        add_zstd(&packed, plain.data + at, plain.count - at < 7777 ? plain.count - at : 7777,
                 &ways[at % 3]);
        add_skippable(&packed, "and more");
        add_zstd(&packed, "", 0, &ways[0]);
    }
    expect_same("a.csv", &plain, "a.csv.zst", &packed);
    static const char zeros[1000];
    add(&packed, zeros, sizeof zeros);
    expect_same("a.csv", &plain, "a.csv.zst", &packed);
    drop(&packed);
    drop(&plain);
}

/* The text is that of a plain file in every respect. */
static void encodings_and_separators_stay(void **state)
{
    (void)state;
    static const struct zstd_way way = {.level = 3};
    static const char *const names[] = {"\xC9\xF2\xD1\xF4", "沈阳"}; /* GB18030, UTF-8 */
    static const char separators[] = ",\t";
    for (size_t n = 0; n < 2; n++)
        for (size_t s = 0; s < 2; s++) {
            struct bytes plain = table_text(names[n], separators[s]), gz = {0}, zst = {0};
            add_gzip(&gz, plain.data, plain.count, 6);
            add_zstd(&zst, plain.data, plain.count, &way);
            expect_same(s ? "a.tsv" : "a.csv", &plain, s ? "a.tsv.gz" : "a.csv.gz", &gz);
            expect_same(s ? "a.tsv" : "a.csv", &plain, s ? "a.TAB.zst" : "a.csv.ZST", &zst);
            drop(&plain), drop(&gz), drop(&zst);
        }
}

static void blank_rows_compress_a_thousandfold(void **state)
{
    (void)state;
    struct bytes plain = {0}, packed = {0};
    struct sample_file file;
    struct mq_error error = {0};
    struct mq_reader *reader = NULL;
    struct mq_reader_options options = {.workers = 1};
    add(&plain, SAMPLE_HEADER "K,2020,n,1,2\n", sizeof SAMPLE_HEADER "K,2020,n,1,2\n" - 1);
    static char blank[8 << 20];
    memset(blank, ',', sizeof blank);
    for (size_t i = 4; i < sizeof blank; i += 5)
        blank[i] = '\n';
    add(&plain, blank, sizeof blank / 5 * 5);
    add_gzip(&packed, plain.data, plain.count, 9);
    assert_true(plain.count / packed.count > 500);
    sample_write(&file, "a.csv.gz", packed.data, packed.count);
    const char *path = file.path;
    assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, &error), MQ_OK);
    assert_int_equal(mq_reader_file(reader, 0)->bytes, packed.count);
    mq_reader_close(reader);
    sample_remove(&file);
    drop(&packed), drop(&plain);
}

/* ---- stopping, memory, disk ------------------------------------------------------------------------ */

static void unpacking_can_be_stopped(void **state)
{
    (void)state;
    struct bytes plain = table_text("沈阳", ','), packed[2] = {{0}, {0}};
    add_gzip(&packed[0], plain.data, plain.count, 6);
    add_zstd(&packed[1], plain.data, plain.count, &(struct zstd_way){.level = 3});
    for (size_t i = 0; i < 2; i++) {
        volatile int stop = 1;
        struct sample_file file;
        struct mq_error error = {0};
        struct mq_reader *reader = NULL;
        struct mq_reader_options options = {.workers = 1, .stop = &stop};
        sample_write(&file, "a.csv.xx", packed[i].data, packed[i].count);
        const char *path = file.path;
        assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, &error),
                         MQ_INTERRUPTED);
        assert_string_equal(error.message, "interrupted while reading");
        options = (struct mq_reader_options){.workers = 1, .spool_directory = "/nowhere"};
        assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, &error),
                         MQ_CANNOT_WRITE);
        assert_string_equal(error.file, "/nowhere");
        sample_remove(&file);
        drop(&packed[i]);
    }
    drop(&plain);
}

static void unpacking_without_memory(void **state)
{
    (void)state;
    struct bytes plain = table_text("沈阳", ','), packed[2] = {{0}, {0}};
    add_gzip(&packed[0], plain.data, plain.count, 6);
    add_zstd(&packed[1], plain.data, plain.count, &(struct zstd_way){.level = 3});
    for (size_t i = 0; i < 2; i++) {
        struct sample_file file;
        sample_write(&file, "a.csv.xx", packed[i].data, packed[i].count);
        const char *path = file.path;
        int failures = 0;
        for (long n = 0;; n++) {
            struct mq_error error = {0};
            struct mq_reader *reader = NULL;
            struct mq_reader_options options = {.workers = 1};
            fail_allocation(n);
            enum mq_status status =
                mq_reader_open(sample_model(), &path, 1, &options, &reader, &error);
            bool reached = allocation_failed();
            mq_reader_close(reader);
            if (!reached) {
                assert_int_equal(status, MQ_OK);
                break;
            }
            if (status == MQ_OK) /* libcsv asked for less and got it */
                continue;
            failures++;
            assert_int_equal(status, MQ_INTERNAL);
            assert_string_equal(error.message, "out of memory");
        }
        assert_true(failures > 10);
        sample_remove(&file);
        drop(&packed[i]);
    }
    drop(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_reads_like_plain_text),
        cmocka_unit_test(zstd_reads_like_plain_text),
        cmocka_unit_test(encodings_and_separators_stay),
        cmocka_unit_test(blank_rows_compress_a_thousandfold),
        cmocka_unit_test(unpacking_can_be_stopped),
        cmocka_unit_test(unpacking_without_memory),
    };
    return cmocka_run_group_tests_name("ingest.form_packed", tests, NULL, NULL);
}
