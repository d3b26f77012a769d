/* packed: compressed text, piece by piece, and what can be wrong with it. */
#include <stdlib.h>
#include <string.h>

#include "ingest/packed.h"

/* ---- what is said of a broken file ---- */

/* The line of the text that was being unpacked. What was set aside is on its way out: the file is
 * refused. */
static long line_reached(const struct mq_packed *packed)
{
    const void *bytes;
    size_t count, line = 1;
    const char *part[2] = {NULL, packed->piece};
    size_t length[2] = {0, packed->filled};
    if (mq_spill_map(&packed->pour->spill, &bytes, &count, NULL) == MQ_OK) {
        part[0] = bytes;
        length[0] = count;
    }
    for (size_t i = 0; i < 2; i++)
        for (size_t at = 0; at < length[i]; at++)
            line += part[i][at] == '\n';
    return (long)line;
}

static enum mq_status fail_cut_off(const struct mq_packed *packed, struct mq_error *error)
{
    return mq_fail(error, MQ_DATA, packed->origin->path, line_reached(packed), 0,
                   "the file is cut off: its compressed data stops at byte %zu, within this line "
                   "of the text; copy or download it again",
                   packed->taken);
}

enum mq_status mq_packed_damaged(const struct mq_packed *packed, const char *reason,
                                 struct mq_error *error)
{
    return mq_fail(error, MQ_DATA, packed->origin->path, line_reached(packed), 0,
                   "the compressed data is damaged near byte %zu of the file (%s), within this "
                   "line of the text; copy or download it again",
                   packed->taken, reason ? reason : "it makes no sense");
}

enum mq_status mq_packed_differs(const struct mq_packed *packed, struct mq_error *error)
{
    return mq_fail(error, MQ_DATA, packed->origin->path, 0, 0,
                   "is damaged: the text that comes out is not the one that was compressed (the "
                   "checksum before byte %zu is another); copy or download it again",
                   packed->taken);
}

static enum mq_status fail_left_over(const struct mq_packed *packed, struct mq_error *error)
{
    return mq_fail(error, MQ_DATA, packed->origin->path, 0, 0,
                   "has %zu more bytes after its compressed text, which ends at byte %zu; copy or "
                   "download it again",
                   packed->origin->count - packed->taken, packed->taken);
}

/* ---- pieces ---- */

/* Files that people compress and that are no text. */
static enum mq_status refuse_other_kinds(const struct mq_packed *packed, struct mq_error *error)
{
    static const struct {
        size_t at;
        const char *magic;
        size_t length;
        const char *message;
    } kinds[] = {
        {257, "ustar", 5, "a tar archive; unpack it and name the data files in it"},
        {0, "PK\x03\x04", 4, "a workbook or zip archive; unpack it first"},
        {0, "\xD0\xCF\x11\xE0", 4, "an old Excel workbook (.xls); save it as .xlsx"},
        {0, "PAR1", 4, "a Parquet file; unpack it first"},
        {0, "SQLite format 3", 16, "an SQLite database; unpack it first"},
        {0, "\x1F\x8B", 2, "compressed data once more; unpack it once"},
        {0, "\x28\xB5\x2F\xFD", 4, "compressed data once more; unpack it once"},
        {0, "\xFF\xFE", 2, "UTF-16 text; save it as UTF-8 or GB18030 before it is compressed"},
        {0, "\xFE\xFF", 2, "UTF-16 text; save it as UTF-8 or GB18030 before it is compressed"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (packed->filled >= kinds[i].at + kinds[i].length &&
            memcmp(packed->piece + kinds[i].at, kinds[i].magic, kinds[i].length) == 0)
            return mq_fail(error, MQ_DATA, packed->origin->path, 0, 0,
                           "holds no table of text but %s", kinds[i].message);
    return MQ_OK;
}

/* Hands the piece on. A few bytes can be made to unpack into any amount of text; tables of
 * enterprises hardly reach a hundredth of the ratio. */
static enum mq_status hand_on(struct mq_packed *packed, struct mq_error *error)
{
    if (packed->text == 0)
        MQ_TRY(refuse_other_kinds(packed, error));
    packed->text += packed->filled;
    if (packed->text > MQ_UNPACKED_FREE && packed->text / MQ_UNPACKED_RATIO > packed->taken)
        return mq_fail(error, MQ_DATA, packed->origin->path, 0, 0,
                       "unpacks to more than %d times its size, which no table does; if it is one, "
                       "unpack it and name the plain file",
                       MQ_UNPACKED_RATIO);
    MQ_TRY(mq_pour_text(packed->pour, packed->piece, packed->filled, error));
    packed->filled = 0;
    return MQ_OK;
}

static bool zeros(const char *bytes, size_t count)
{
    while (count > 0 && bytes[count - 1] == '\0')
        count--;
    return count == 0;
}

/* What stands behind a member: *more: another one. */
static enum mq_status look_behind(const struct mq_packing *packing, const struct mq_packed *packed,
                                  bool *more, struct mq_error *error)
{
    const char *rest = packed->origin->bytes + packed->taken;
    size_t left = packed->origin->count - packed->taken;
    *more = left > 0 && packing->starts(rest, left);
    return *more || zeros(rest, left) ? MQ_OK : fail_left_over(packed, error);
}

static enum mq_status unpack(const struct mq_packing *packing, void *state,
                             struct mq_packed *packed, struct mq_error *error)
{
    const volatile int *stop = packed->pour->options->stop;
    for (bool ended = false;;) {
        size_t taken = packed->taken, filled = packed->filled;
        MQ_TRY(packing->step(state, packed, &ended, error));
        if (stop && *stop) /* members may well be empty */
            return mq_fail(error, MQ_INTERRUPTED, NULL, 0, 0, "interrupted while reading");
        if (!ended && packed->taken == taken && packed->filled == filled)
            return fail_cut_off(packed, error);
        if (packed->filled == MQ_PIECE)
            MQ_TRY(hand_on(packed, error));
        if (!ended)
            continue;
        bool more;
        MQ_TRY(look_behind(packing, packed, &more, error));
        if (!more)
            return hand_on(packed, error);
        ended = false;
    }
}

enum mq_status mq_unpack(const struct mq_packing *packing, void *state,
                         const struct mq_origin *origin, struct mq_pour *pour,
                         struct mq_error *error)
{
    struct mq_packed packed = {.origin = origin, .pour = pour, .piece = malloc(MQ_PIECE)};
    enum mq_status status =
        packed.piece ? unpack(packing, state, &packed, error) : mq_fail_memory(error);
    free(packed.piece);
    return status;
}
