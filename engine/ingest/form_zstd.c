/* form: text compressed with zstd. RFC 8878. */
#include <zstd.h>
#include <zstd_errors.h>

#include "ingest/packed.h"

enum { WINDOW_LOG = 27 }; /* 128 MiB, what zstd itself takes when nothing else is asked for */

/* A frame, or one that is to be skipped: several programs put those first. */
static bool starts(const char *bytes, size_t count)
{
    static const unsigned char frame[4] = {0x28, 0xB5, 0x2F, 0xFD}, skip[4] = {0, 0x2A, 0x4D, 0x18};
    bool is_frame = true, is_skip = true;
    for (size_t i = 0; i < 4 && i < count; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        is_frame = is_frame && byte == frame[i];
        is_skip = is_skip && (i == 0 ? (byte & 0xF0) == 0x50 : byte == skip[i]);
    }
    return is_frame || is_skip;
}

static bool knows(const char *bytes, size_t count)
{
    return count >= 4 && starts(bytes, count);
}

static enum mq_status fail(size_t code, const struct mq_packed *packed, struct mq_error *error)
{
    const char *path = packed->origin->path;
    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation:
        return mq_fail_memory(error);
    case ZSTD_error_checksum_wrong:
        return mq_packed_differs(packed, error);
    case ZSTD_error_dictionary_wrong:
    case ZSTD_error_dictionary_corrupted:
        return mq_fail(error, MQ_DATA, path, 0, 0,
                       "was compressed with a dictionary (zstd -D); compress it without one");
    case ZSTD_error_frameParameter_windowTooLarge:
        return mq_fail(error, MQ_DATA, path, 0, 0,
                       "takes more than %d MiB of memory to unpack (zstd --long=%d or more); "
                       "compress it with --long=%d at most",
                       1 << (WINDOW_LOG - 20), WINDOW_LOG + 1, WINDOW_LOG);
    default:
        return mq_packed_damaged(packed, ZSTD_getErrorName(code), error);
    }
}

static enum mq_status step(void *state, struct mq_packed *packed, bool *ended,
                           struct mq_error *error)
{
    size_t left = packed->origin->count - packed->taken;
    ZSTD_inBuffer in = {packed->origin->bytes + packed->taken, left < MQ_PIECE ? left : MQ_PIECE,
                        0};
    ZSTD_outBuffer out = {packed->piece, MQ_PIECE, packed->filled};
    size_t code = ZSTD_decompressStream(state, &out, &in);
    packed->taken += in.pos;
    packed->filled = out.pos;
    *ended = code == 0;
    return ZSTD_isError(code) ? fail(code, packed, error) : MQ_OK;
}

static enum mq_status pour(const struct mq_origin *origin, struct mq_pour *pour,
                           struct mq_error *error)
{
    static const struct mq_packing packing = {starts, step};
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (!context)
        return mq_fail_memory(error);
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, WINDOW_LOG);
    enum mq_status status = mq_unpack(&packing, context, origin, pour, error);
    ZSTD_freeDCtx(context);
    return status;
}

const struct mq_form mq_form_zstd = {
    .name = "zstd",
    .summary = "compressed text (.csv.zst, .tsv.zst)",
    .scheme = NULL,
    .magic = "\x28\xB5\x2F\xFD",
    .magic_length = 4,
    .knows = knows,
    .parts = false,
    .text = true,
    .pour = pour,
};
