/* Every way in which compressed text can be broken. */
#include "packed_fixture.h"

/* ---- what is refused --------------------------------------------------------------------------- */

/* Cut anywhere: said so, with the line, which never goes back as more of the file is there. */
static void expect_cut_off(const struct bytes *whole, size_t least, size_t lines)
{
    long reached = 1;
    for (size_t count = least; count < whole->count; count++) {
        struct bytes part = {whole->data, count};
        struct mq_error error = {0};
        char message[200];
        snprintf(message, sizeof message,
                 "the file is cut off: its compressed data stops at byte %zu, within this line of "
                 "the text; copy or download it again",
                 count);
        assert_int_equal(open_bytes(&part, &error), MQ_DATA);
        assert_string_equal(error.message, message);
        assert_true(error.line >= reached && (size_t)error.line <= lines + 1);
        reached = error.line;
    }
    assert_int_equal(reached, lines + 1); /* all but the last byte of the checksum is there */
}

static void files_cut_off_anywhere(void **state)
{
    (void)state;
    struct bytes plain = table_text("沈阳", ','), gz = {0}, zst = {0};
    size_t lines = 0;
    plain.count = 9000;
    for (size_t i = 0; i < plain.count; i++)
        lines += plain.data[i] == '\n';
    add_gzip(&gz, plain.data, plain.count, 9);
    expect_cut_off(&gz, 2, lines);
    add_skippable(&zst, "notes");
    add_zstd(&zst, plain.data, plain.count, &(struct zstd_way){.level = 9});
    /* between the frames the file is whole, but empty */
    struct bytes none = {zst.data, 13};
    struct mq_error error = {0};
    assert_int_equal(open_bytes(&none, &error), MQ_DATA);
    assert_string_equal(error.message, "is empty");
    expect_cut_off(&zst, 14, lines);
    drop(&plain), drop(&gz), drop(&zst);
}

/* One byte wrong anywhere: never other rows than those of the whole file. */
static void expect_noticed(const struct bytes *whole, size_t from)
{
    struct sample_way way = {.workers = 1};
    char *wanted = read_bytes("a", whole, &way);
    int refused = 0;
    for (size_t at = from; at < whole->count; at++) {
        char kept = whole->data[at];
        struct mq_error error = {0};
        whole->data[at] ^= (char)(1 << at % 8);
        if (open_bytes(whole, &error) == MQ_OK) {
            char *found = read_bytes("a", whole, &way);
            assert_string_equal(found, wanted);
            free(found);
        } else {
            assert_int_equal(error.status, MQ_DATA);
            refused++;
        }
        whole->data[at] = kept;
    }
    assert_true((size_t)refused > (whole->count - from) * 9 / 10);
    free(wanted);
}

static void damage_is_noticed(void **state)
{
    (void)state;
    struct bytes plain = table_text("沈阳", ','), packed = {0};
    size_t rows = 6000;
    while (plain.data[rows - 1] != '\n')
        rows++;
    add_gzip(&packed, plain.data, rows, 9);
    expect_noticed(&packed, 2);
    drop(&packed);
    add_zstd(&packed, plain.data, rows, &(struct zstd_way){.level = 9});
    expect_noticed(&packed, 4);
    drop(&packed);
    drop(&plain);
}

static void broken_files_are_told_apart(void **state)
{
    (void)state;
    struct bytes plain = table_text("沈阳", ','), it = {0};
    static const struct zstd_way way = {.level = 3};
    char message[200];
    /* CRC and length of gzip, the checksum of zstd */
    for (size_t back = 1; back <= 8; back += 5) {
        add_gzip(&it, plain.data, plain.count, 6);
        it.data[it.count - back] ^= 0x10;
        expect_refused(&it, 0,
                       "is damaged: the text that comes out is not the one that was compressed");
    }
    add_zstd(&it, plain.data, plain.count, &way);
    it.data[it.count - 1] ^= 0x10;
    expect_refused(&it, 0, "(the checksum before byte ");
    /* more behind */
    for (int zeros = 0; zeros < 2; zeros++) {
        add_gzip(&it, plain.data, plain.count, 6);
        snprintf(message, sizeof message,
                 "has 5 more bytes after its compressed text, which ends at byte %zu; copy or "
                 "download it again",
                 it.count);
        add(&it, zeros ? "\0\0\0\0x" : "K,202", 5);
        expect_refused(&it, 0, message);
        add_zstd(&it, plain.data, plain.count, &way);
        add(&it, zeros ? "\0\0\0\0x" : "K,202", 5);
        expect_refused(&it, 0, "has 5 more bytes after its compressed text");
    }
    /* the next member is cut off within its first bytes */
    add_gzip(&it, plain.data, plain.count, 6);
    add(&it, "\x1F", 1);
    expect_refused(&it, 2 * ROWS + 2, "the file is cut off");
    add_zstd(&it, plain.data, plain.count, &way);
    add(&it, "\x28\xB5\x2F", 3);
    expect_refused(&it, 2 * ROWS + 2, "the file is cut off");
    /* only the first bytes are right */
    add(&it, "\x1F\x8Brest of it all", 16);
    expect_refused(&it, 1, "the compressed data is damaged near byte ");
    add(&it, "\x1F\x8Brest of it all", 16);
    expect_refused(&it, 1, "(unknown compression method)");
    /* a frame of which the first block is of the kind that there is not */
    add(&it, "\x28\xB5\x2F\xFD\x04\x00\x07\x00\x00rest", 13);
    expect_refused(&it, 1, "the compressed data is damaged near byte ");
    drop(&plain);
}

static void compressed_files_without_text(void **state)
{
    (void)state;
    struct bytes it = {0};
    static const struct zstd_way way = {.level = 3};
    add_gzip(&it, "", 0, 6);
    expect_refused(&it, 0, "is empty");
    add_zstd(&it, "", 0, &way);
    expect_refused(&it, 0, "is empty");
    add_skippable(&it, "notes");
    expect_refused(&it, 0, "is empty");
    add_gzip(&it, "\n\n", 2, 6);
    struct mq_error error = {0};
    assert_int_equal(open_bytes(&it, &error), MQ_DATA);
    assert_contains(error.message, "only blank lines");
    drop(&it);
}

static void compressed_things_that_are_no_text(void **state)
{
    (void)state;
    static char tar[512];
    snprintf(tar, 100, "data/a.csv");
    snprintf(tar + 257, 6, "ustar");
    static const struct {
        const char *bytes;
        size_t count;
        const char *message;
    } kinds[] = {
        {tar, sizeof tar, "a tar archive; unpack it and name the data files in it"},
        {"PK\x03\x04rest", 8, "a workbook or zip archive; unpack it first"},
        {"\xD0\xCF\x11\xE0rest", 8, "an old Excel workbook (.xls); save it as .xlsx"},
        {"PAR1rest", 8, "a Parquet file; unpack it first"},
        {"SQLite format 3\0rest", 20, "an SQLite database; unpack it first"},
        {"\x1F\x8Brest", 6, "compressed data once more; unpack it once"},
        {"\x28\xB5\x2F\xFDrest", 8, "compressed data once more; unpack it once"},
        {"\xFF\xFEu\0s\0", 6, "UTF-16 text; save it as UTF-8 or GB18030 before it is compressed"},
        {"\xFE\xFF\0u\0s", 6, "UTF-16 text; save it as UTF-8 or GB18030 before it is compressed"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct bytes it = {0};
        char message[200];
        snprintf(message, sizeof message, "holds no table of text but %s", kinds[i].message);
        add_gzip(&it, kinds[i].bytes, kinds[i].count, 6);
        expect_refused(&it, 0, message);
        add_zstd(&it, kinds[i].bytes, kinds[i].count, &(struct zstd_way){.level = 3});
        expect_refused(&it, 0, message);
    }
}

static void zstd_that_asks_for_too_much(void **state)
{
    (void)state;
    struct bytes plain = table_text("沈阳", ','), it = {0};
    add_zstd(&it, plain.data, plain.count,
             &(struct zstd_way){.level = 3, .window_log = 28, .streamed = true});
    expect_refused(&it, 0,
                   "takes more than 128 MiB of memory to unpack (zstd --long=28 or more); compress "
                   "it with --long=27 at most");
    /* a dictionary of any text has no number: what refers to it makes no sense without it */
    add_zstd(&it, plain.data, plain.count,
             &(struct zstd_way){.level = 3, .dictionary = plain.data});
    expect_refused(&it, 1, "the compressed data is damaged near byte ");
    /* single segment, dictionary number 4711, 100 bytes of text */
    add(&it, "\x28\xB5\x2F\xFD\x22\x67\x12\x64\x01\x00\x00", 11);
    expect_refused(&it, 0, "was compressed with a dictionary (zstd -D); compress it without one");
    drop(&plain);
}

/* Few bytes that become very many are refused before the disk is full. */
static void a_few_bytes_for_very_many(void **state)
{
    (void)state;
    enum { PIECE = 1 << 20, PIECES = 300 };
    struct bytes it = {0};
    static char rows[PIECE], out[PIECE];
    for (size_t i = 0; i < PIECE; i++)
        rows[i] = "K,2020,n,1,2\nK,\n"[i % 16];
    ZSTD_CCtx *context = ZSTD_createCCtx();
    for (int i = 0; i < PIECES; i++) {
        ZSTD_inBuffer in = {rows, PIECE, 0};
        ZSTD_outBuffer target = {out, PIECE, 0};
        size_t left = ZSTD_compressStream2(context, &target, &in,
                                           i + 1 < PIECES ? ZSTD_e_continue : ZSTD_e_end);
        assert_int_equal(in.pos, PIECE);
        assert_true(i + 1 < PIECES || left == 0);
        add(&it, out, target.pos);
    }
    ZSTD_freeCCtx(context);
    assert_true(it.count < 100000);
    expect_refused(&it, 0,
                   "unpacks to more than 2000 times its size, which no table does; if it is one, "
                   "unpack it and name the plain file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_cut_off_anywhere),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(broken_files_are_told_apart),
        cmocka_unit_test(compressed_files_without_text),
        cmocka_unit_test(compressed_things_that_are_no_text),
        cmocka_unit_test(zstd_that_asks_for_too_much),
        cmocka_unit_test(a_few_bytes_for_very_many),
    };
    return cmocka_run_group_tests_name("ingest.form_packed_refused", tests, NULL, NULL);
}
