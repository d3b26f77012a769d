/* Compressed text: the same rows as the plain file, and every way in which it can be broken. */
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#include "failing.h"
#include "ingest/form.h"
#include "sample.h"
#include "support.h"

enum { ROWS = 700 };

struct bytes {
    char *data;
    size_t count;
};

static void add(struct bytes *to, const void *data, size_t count)
{
    to->data = realloc(to->data, to->count + count + 1);
    assert_non_null(to->data);
    memcpy(to->data + to->count, data, count);
    to->count += count;
}

static void drop(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

/* Adds one member. */
static void add_gzip(struct bytes *to, const char *text, size_t count, int level)
{
    z_stream stream = {0};
    size_t room = count + count / 100 + 1000;
    unsigned char *out = malloc(room);
    assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    stream.next_in = (const Bytef *)text;
    stream.avail_in = (uInt)count;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    add(to, out, room - stream.avail_out);
    deflateEnd(&stream);
    free(out);
}

struct zstd_way {
    int level, window_log;
    bool streamed; /* the size of the text is not written down */
    const char *dictionary;
};

/* Adds one frame, with a checksum. */
static void add_zstd(struct bytes *to, const char *text, size_t count, const struct zstd_way *way)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    size_t room = ZSTD_compressBound(count);
    char *out = malloc(room);
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, way->level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, !way->streamed);
    if (way->window_log) {
        ZSTD_CCtx_setParameter(context, ZSTD_c_enableLongDistanceMatching, 1);
        ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, way->window_log);
    }
    if (way->dictionary)
        ZSTD_CCtx_loadDictionary(context, way->dictionary, strlen(way->dictionary));
    ZSTD_inBuffer in = {text, count, 0};
    ZSTD_outBuffer target = {out, room, 0};
    if (way->streamed) /* a flush first, so that the frame does not know its size */
        assert_false(ZSTD_isError(ZSTD_compressStream2(context, &target, &in, ZSTD_e_flush)));
    assert_int_equal(ZSTD_compressStream2(context, &target, &in, ZSTD_e_end), 0);
    add(to, out, target.pos);
    ZSTD_freeCCtx(context);
    free(out);
}

static void add_skippable(struct bytes *to, const char *text)
{
    unsigned char head[8] = {0x5B, 0x2A, 0x4D, 0x18, (unsigned char)strlen(text)};
    add(to, head, 8);
    add(to, text, strlen(text));
}

/* Rows of the sample model; `name` in any encoding. */
static struct bytes table_text(const char *name, char separator)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    uint64_t dice = UINT64_C(0x9E3779B97F4A7C15);
    mq_buffer_text(&text, SAMPLE_HEADER);
    for (int i = 0; i < ROWS; i++) {
        dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        mq_buffer_format(&text, "K%016llx,20%02d,\"%s\n%d\",%llu.%02d,%.5f\n",
                         (unsigned long long)dice, i % 30, name, i % 100,
                         (unsigned long long)(dice >> 40), i % 100, (double)(dice >> 20) / 7e9);
    }
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] == ',')
            text.data[i] = separator;
    return (struct bytes){text.data, text.length};
}

static char *read_bytes(const char *name, const struct bytes *bytes, const struct sample_way *way)
{
    struct sample_file file;
    struct mq_error error = {0};
    sample_write(&file, name, bytes->data, bytes->count);
    const char *path = file.path;
    char *text = sample_read(sample_model(), &path, 1, way, &error);
    if (!text)
        print_error("%s: %ld: %s\n", name, error.line, error.message);
    sample_remove(&file);
    assert_non_null(text);
    return text;
}

/* Both files read the same. */
static void expect_same(const char *plain_name, const struct bytes *plain, const char *name,
                        const struct bytes *packed)
{
    for (int workers = 1; workers <= 3; workers += 2) {
        struct sample_way way = {.workers = workers, .block_bytes = 4096, .texts = true};
        char *wanted = read_bytes(plain_name, plain, &way), *found = read_bytes(name, packed, &way);
        assert_true(strlen(wanted) > 20000);
        assert_string_equal(found, wanted);
        free(wanted);
        free(found);
    }
}

static enum mq_status open_bytes(const struct bytes *bytes, struct mq_error *error)
{
    struct sample_file file;
    struct mq_reader *reader = NULL;
    struct mq_reader_options options = {.workers = 1};
    sample_write(&file, "a.csv.xx", bytes->data, bytes->count);
    const char *path = file.path;
    enum mq_status status = mq_reader_open(sample_model(), &path, 1, &options, &reader, error);
    mq_reader_close(reader);
    if (status == MQ_DATA)
        assert_string_equal(error->file, file.path);
    sample_remove(&file);
    return status;
}

/* Refused with this message, which `bytes` are dropped after. */
static void expect_refused(struct bytes *bytes, long line, const char *message)
{
    struct mq_error error = {0};
    assert_int_equal(open_bytes(bytes, &error), MQ_DATA);
    assert_contains(error.message, message);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, 0);
    drop(bytes);
}

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
        cmocka_unit_test(files_cut_off_anywhere),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(broken_files_are_told_apart),
        cmocka_unit_test(compressed_files_without_text),
        cmocka_unit_test(compressed_things_that_are_no_text),
        cmocka_unit_test(zstd_that_asks_for_too_much),
        cmocka_unit_test(a_few_bytes_for_very_many),
        cmocka_unit_test(unpacking_can_be_stopped),
        cmocka_unit_test(unpacking_without_memory),
    };
    return cmocka_run_group_tests_name("ingest.form_packed", tests, NULL, NULL);
}
