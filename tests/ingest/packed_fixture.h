/* Compressed text of all kinds, and what reading it gives. */
#ifndef MQ_TEST_PACKED_FIXTURE_H
#define MQ_TEST_PACKED_FIXTURE_H

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

static inline void add(struct bytes *to, const void *data, size_t count)
{
    to->data = realloc(to->data, to->count + count + 1);
    assert_non_null(to->data);
    memcpy(to->data + to->count, data, count);
    to->count += count;
}

static inline void drop(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

/* Adds one member. */
static inline void add_gzip(struct bytes *to, const char *text, size_t count, int level)
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
static inline void add_zstd(struct bytes *to, const char *text, size_t count,
                            const struct zstd_way *way)
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

static inline void add_skippable(struct bytes *to, const char *text)
{
    unsigned char head[8] = {0x5B, 0x2A, 0x4D, 0x18, (unsigned char)strlen(text)};
    add(to, head, 8);
    add(to, text, strlen(text));
}

/* Rows of the sample model; `name` in any encoding. */
static inline struct bytes table_text(const char *name, char separator)
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

static inline char *read_bytes(const char *name, const struct bytes *bytes,
                               const struct sample_way *way)
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
static inline void expect_same(const char *plain_name, const struct bytes *plain, const char *name,
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

static inline enum mq_status open_bytes(const struct bytes *bytes, struct mq_error *error)
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
static inline void expect_refused(struct bytes *bytes, long line, const char *message)
{
    struct mq_error error = {0};
    assert_int_equal(open_bytes(bytes, &error), MQ_DATA);
    assert_contains(error.message, message);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, 0);
    drop(bytes);
}

#endif
