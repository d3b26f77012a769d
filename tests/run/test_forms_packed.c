/* Compressed data files, as files and from standard input: the same results as the plain ones. */
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#include "small.h"

#define DEMO "models/mqci-liaoning.yaml"

static void put_bytes(const char *path, const void *bytes, size_t count)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, count, stream), count);
    assert_int_equal(fclose(stream), 0);
}

static size_t size_of(const char *path)
{
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    fseek(stream, 0, SEEK_END);
    long size = ftell(stream);
    fclose(stream);
    return (size_t)size;
}

/* from -> to, several members or frames of it, `level` of gzip or zstd. */
static void pack(const char *from, const char *to, bool gzip)
{
    enum { PART = 700001 };
    char *text = get_file(from);
    size_t count = size_of(from), filled = 0, room = count + 100000;
    char *out = malloc(room);
    for (size_t at = 0; at < count; at += PART) {
        size_t part = count - at < PART ? count - at : PART;
        if (gzip) {
            z_stream stream = {.next_in = (const Bytef *)text + at,
                               .avail_in = (uInt)part,
                               .next_out = (Bytef *)out + filled,
                               .avail_out = (uInt)(room - filled)};
            assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                             Z_OK);
            assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
            filled = room - stream.avail_out;
            deflateEnd(&stream);
        } else {
            size_t size = ZSTD_compress(out + filled, room - filled, text + at, part, 3);
            assert_false(ZSTD_isError(size));
            filled += size;
        }
    }
    put_bytes(to, out, filled);
    free(out);
    free(text);
}

static void make_tables(void)
{
    static const char *const years[] = {"2023", "2024"};
    struct outcome outcome = expect_shell(
        0, "for y in 2023 2024; do iconv -f UTF-8 -t GB18030 datasets/demo/liaoning-$y.csv > "
           "$TMP/gb-$y.csv || exit 1; done; $MQCI run " DEMO " datasets/demo/*.csv -o $TMP/csv");
    outcome_clear(&outcome);
    for (size_t i = 0; i < 2; i++)
        for (int gzip = 0; gzip < 2; gzip++) {
            char from[300], to[300];
            snprintf(from, sizeof from, "datasets/demo/liaoning-%s.csv", years[i]);
            snprintf(to, sizeof to, "%s/utf-%s.csv.%s", test_folder(), years[i],
                     gzip ? "gz" : "zst");
            pack(from, to, gzip);
            snprintf(from, sizeof from, "%s/gb-%s.csv", test_folder(), years[i]);
            snprintf(to, sizeof to, "%s/gb-%s.csv.%s", test_folder(), years[i],
                     gzip ? "gz" : "zst");
            pack(from, to, gzip);
        }
}

static void same_results(const char *operands)
{
    static const char *const files[] = {"scores.csv", "indicators.csv"};
    struct outcome outcome = expect_shell(
        0, "rm -rf $TMP/o; cd $TMP && $MQCI run $OLDPWD/" DEMO " %s -o $TMP/o", operands);
    outcome_clear(&outcome);
    for (size_t i = 0; i < 2; i++) {
        char a[100], b[100];
        snprintf(a, sizeof a, "csv/%s", files[i]);
        snprintf(b, sizeof b, "o/%s", files[i]);
        assert_same_file(in_folder(a), in_folder(b));
    }
}

static void compressed_files_give_the_same(void **state)
{
    (void)state;
    make_tables();
    same_results("utf-2023.csv.gz utf-2024.csv.gz");
    same_results("utf-2023.csv.zst utf-2024.csv.zst -j 1");
    same_results("gb-2023.csv.gz utf-2024.csv.zst -j 3 --reader libcsv");
    same_results("gb-2023.csv.zst gb-2024.csv.gz --encoding gb18030");
    same_results("- utf-2024.csv.gz < utf-2023.csv.gz");
    same_results("gb-2023.csv.gz - < gb-2024.csv.zst");
    same_results("<(cat utf-2023.csv.zst) <(cat gb-2024.csv.gz)");
}

/* Rows that are rejected stand in the lines of the text. */
static void lines_are_those_of_the_text(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "cd $TMP && $MQCI run $OLDPWD/" DEMO " utf-2023.csv.gz -o $TMP/gz && "
                        "cp $OLDPWD/datasets/demo/liaoning-2023.csv utf-2023.csv.gz && "
                        "$MQCI run $OLDPWD/" DEMO " utf-2023.csv.gz -o $TMP/plain");
    outcome_clear(&outcome);
    assert_same_file(in_folder("gz/rejects.csv"), in_folder("plain/rejects.csv"));
    assert_same_file(in_folder("gz/findings.csv"), in_folder("plain/findings.csv"));
}

static void refused(const char *data, int status, const char *message)
{
    struct outcome outcome =
        expect_shell(status, "rm -rf $TMP/o; $MQCI run " DEMO " %s -o $TMP/o", data);
    assert_contains(outcome.err, message);
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("o")));
    assert_false(has_file(in_folder("o.building")));
}

static void broken_files_leave_nothing(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "cd $TMP; head -c 200000 gb-2023.csv.gz > cut.csv.gz; head -c 200000 gb-2023.csv.zst > "
           "cut.csv.zst; (cat utf-2024.csv.gz; echo more) > more.csv.gz; head -c 900 /dev/zero > "
           "t; printf ustar | dd of=t bs=1 seek=257 conv=notrunc 2> /dev/null; : > none");
    outcome_clear(&outcome);
    refused("$TMP/cut.csv.gz", 65, "the file is cut off: its compressed data stops at byte 200000");
    refused("- < $TMP/cut.csv.zst", 65, "-:");
    refused("- < $TMP/cut.csv.zst", 65, "its compressed data stops at byte 200000");
    refused("$TMP/more.csv.gz", 65, "has 5 more bytes after its compressed text");
    pack(in_folder("t"), in_folder("data.tar.gz"), true);
    refused("$TMP/data.tar.gz", 65,
            "holds no table of text but a tar archive; unpack it and name the data files in it");
    pack(in_folder("none"), in_folder("none.csv.zst"), false);
    refused("$TMP/none.csv.zst", 65, "is empty");
    refused("$TMP/nowhere.csv.gz", 66, "no such file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compressed_files_give_the_same),
        cmocka_unit_test(lines_are_those_of_the_text),
        cmocka_unit_test(broken_files_leave_nothing),
    };
    return cmocka_run_group_tests_name("run.forms_packed", tests, NULL, NULL);
}
