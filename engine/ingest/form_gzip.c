/* form: text compressed with gzip, through zlib. RFC 1952. */
#define ZLIB_CONST
#include <string.h>
#include <zlib.h>

#include "ingest/packed.h"

static bool starts(const char *bytes, size_t count)
{
    return memcmp(bytes, "\x1F\x8B", count < 2 ? count : 2) == 0;
}

static enum mq_status fail(const z_stream *stream, int code, const struct mq_packed *packed,
                           struct mq_error *error)
{
    if (code == Z_MEM_ERROR)
        return mq_fail_memory(error);
    if (code == Z_DATA_ERROR && stream->msg &&
        (strcmp(stream->msg, "incorrect data check") == 0 ||
         strcmp(stream->msg, "incorrect length check") == 0))
        return mq_packed_differs(packed, error);
    return mq_packed_damaged(packed, stream->msg, error);
}

static enum mq_status step(void *state, struct mq_packed *packed, bool *ended,
                           struct mq_error *error)
{
    z_stream *stream = state;
    size_t left = packed->origin->count - packed->taken;
    uInt given = left < MQ_PIECE ? (uInt)left : MQ_PIECE, room = MQ_PIECE - (uInt)packed->filled;
    stream->next_in = (const Bytef *)packed->origin->bytes + packed->taken;
    stream->avail_in = given;
    stream->next_out = (Bytef *)packed->piece + packed->filled;
    stream->avail_out = room;
    int code = inflate(stream, Z_NO_FLUSH);
    packed->taken += given - stream->avail_in;
    packed->filled += room - stream->avail_out;
    *ended = code == Z_STREAM_END;
    if (*ended)
        code = inflateReset(stream);
    return code == Z_OK || code == Z_BUF_ERROR ? MQ_OK : fail(stream, code, packed, error);
}

static enum mq_status pour(const struct mq_origin *origin, struct mq_pour *pour,
                           struct mq_error *error)
{
    static const struct mq_packing packing = {starts, step};
    enum { WINDOW_BITS = 15, GZIP_ONLY = 16 };
    z_stream stream = {0};
    if (inflateInit2(&stream, WINDOW_BITS + GZIP_ONLY) != Z_OK)
        return mq_fail_memory(error);
    enum mq_status status = mq_unpack(&packing, &stream, origin, pour, error);
    inflateEnd(&stream);
    return status;
}

const struct mq_form mq_form_gzip = {
    .name = "gzip",
    .summary = "compressed text (.csv.gz, .tsv.gz)",
    .scheme = NULL,
    .magic = "\x1F\x8B",
    .magic_length = 2,
    .parts = false,
    .text = true,
    .pour = pour,
};
