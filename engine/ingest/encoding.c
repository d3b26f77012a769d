/*
 * encoding: UTF-8 or GB18030 (of which GBK and GB2312 are parts), decided once per file, then
 * checked byte by byte while reading. In GB18030 no byte of a longer character equals '"', ',', CR
 * or LF, so blocks can be found in the raw bytes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/reader.h"

enum { WINDOW = 1 << 20, WINDOW_SLACK = 1 << 16 };

/* ---- decoding -------------------------------------------------------------------------------- */

static bool is_ascii(const char *bytes, size_t count)
{
    unsigned char all = 0;
    for (size_t i = 0; i < count; i++)
        all |= (unsigned char)bytes[i];
    return all < 0x80;
}

static enum mq_status make_room(struct mq_decoder *decoder, size_t count, struct mq_error *error)
{
    if (decoder->gb18030 == (iconv_t)-1)
        decoder->gb18030 = iconv_open("UTF-8", "GB18030");
    if (decoder->gb18030 == (iconv_t)-1)
        return mq_fail(error, MQ_INTERNAL, NULL, 0, 0,
                       "this system cannot decode GB18030; save the data as UTF-8");
    size_t wanted = count + count / 2 + 16; /* two bytes become at most three, four at most four */
    if (wanted > decoder->capacity) {
        char *grown = realloc(decoder->buffer, wanted);
        if (!grown)
            return mq_fail_memory(error);
        decoder->buffer = grown;
        decoder->capacity = wanted;
    }
    return MQ_OK;
}

static enum mq_status decode_gb18030(struct mq_decoder *decoder, const char *bytes, size_t count,
                                     struct mq_decoded *decoded, struct mq_error *error)
{
    union {
        const char *bytes;
        char *iconv; /* it takes char **, and changes no byte */
    } in = {bytes};
    MQ_TRY(make_room(decoder, count, error));
    char *out = decoder->buffer;
    size_t left = count, room = decoder->capacity;
    iconv(decoder->gb18030, NULL, NULL, NULL, NULL);
    if (iconv(decoder->gb18030, &in.iconv, &left, &out, &room) == (size_t)-1 && errno == E2BIG)
        return mq_fail(error, MQ_INTERNAL, NULL, 0, 0, "GB18030 text grew more than it can");
    decoded->text = decoder->buffer;
    decoded->length = (size_t)(out - decoder->buffer);
    decoded->left = left;
    return MQ_OK;
}

enum mq_status mq_decoder_run(struct mq_decoder *decoder, enum mq_encoding encoding,
                              const char *bytes, size_t count, struct mq_decoded *decoded,
                              struct mq_error *error)
{
    const char *nul = memchr(bytes, 0, count);
    size_t good = nul ? (size_t)(nul - bytes) : count;
    *decoded = (struct mq_decoded){.text = bytes, .length = good};
    if (encoding == MQ_GB18030) {
        MQ_TRY(decode_gb18030(decoder, bytes, good, decoded, error));
    } else {
        decoded->length = mq_utf8_valid(bytes, good);
        decoded->left = good - decoded->length;
    }
    decoded->left += count - good;
    decoded->broken = decoded->left > 0;
    if (decoded->broken)
        decoded->byte = (unsigned char)bytes[count - decoded->left];
    return MQ_OK;
}

void mq_decoder_close(struct mq_decoder *decoder)
{
    if (decoder->gb18030 != (iconv_t)-1)
        iconv_close(decoder->gb18030);
    free(decoder->buffer);
    *decoder = MQ_DECODER_EMPTY;
}

enum mq_status mq_encoding_fail(const char *path, enum mq_encoding encoding, unsigned char byte,
                                long line, long column, struct mq_error *error)
{
    if (byte == 0)
        return mq_fail(error, MQ_DATA, path, line, column,
                       "byte 0x00: this is not a text file, or it is UTF-16; "
                       "save the file as UTF-8 or GB18030");
    return mq_fail(error, MQ_DATA, path, line, column,
                   "byte 0x%02X is not valid %s; save the file as UTF-8 or GB18030, "
                   "or declare --encoding",
                   byte, encoding == MQ_GB18030 ? "GB18030" : "UTF-8");
}

/* ---- deciding ---- */

static size_t first_not_ascii(const char *bytes, size_t count)
{
    enum { STEP = 256 };
    size_t i = 0;
    while (count - i >= STEP && is_ascii(bytes + i, STEP))
        i += STEP;
    while (i < count && (unsigned char)bytes[i] < 0x80)
        i++;
    return i;
}

/* The end of the window: after a newline if one is near, so that no character is cut. */
static size_t window_end(const struct mq_source *source, size_t start)
{
    if (source->text_count - start <= WINDOW + WINDOW_SLACK)
        return source->text_count;
    const char *newline = memchr(source->text + start + WINDOW, '\n', WINDOW_SLACK);
    return newline ? (size_t)(newline - source->text) + 1 : start + WINDOW;
}

/* Raw bytes of the window that an encoding accepts. */
static enum mq_status accepted(enum mq_encoding encoding, const char *bytes, size_t count,
                               struct mq_decoder *decoder, struct mq_decoded *decoded, size_t *raw,
                               struct mq_error *error)
{
    MQ_TRY(mq_decoder_run(decoder, encoding, bytes, count, decoded, error));
    *raw = count - decoded->left;
    return MQ_OK;
}

static enum mq_status neither(const char *path, const struct mq_source *source, size_t start,
                              enum mq_encoding encoding, const struct mq_decoded *decoded,
                              struct mq_error *error)
{
    struct mq_place place = mq_place_find(source->text, start, 1); /* ASCII up to the window */
    struct mq_place within = mq_place_find(decoded->text, decoded->length, place.line);
    if (within.line == place.line)
        within.column += place.column - 1;
    return mq_encoding_fail(path, encoding, decoded->byte, (long)within.line, within.column, error);
}

/* Characters beyond ASCII in valid UTF-8. GB18030 accepts nearly any two bytes, so a damaged UTF-8
 * file often gets a little further as GB18030; but GB18030 text does not give this many characters
 * of UTF-8 by chance. */
enum { SURE = 4 };
static size_t characters(const char *bytes, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += (unsigned char)bytes[i] >= 0xC0;
    return found;
}

static enum mq_status decide(const char *path, const struct mq_source *source,
                             struct mq_decoder *decoder, enum mq_encoding *encoding,
                             struct mq_error *error)
{
    struct mq_decoded as_utf8, as_gb;
    size_t raw_utf8, raw_gb, start = first_not_ascii(source->text, source->text_count);
    size_t end = window_end(source, start), count = end - start;
    size_t tolerance = end < source->text_count ? 3 : 0; /* the window may cut a character */
    const char *bytes = source->text + start;
    *encoding = MQ_UTF8;
    MQ_TRY(accepted(MQ_UTF8, bytes, count, decoder, &as_utf8, &raw_utf8, error));
    if (raw_utf8 + tolerance >= count)
        return MQ_OK;
    MQ_TRY(accepted(MQ_GB18030, bytes, count, decoder, &as_gb, &raw_gb, error));
    if (raw_gb + tolerance < count && as_gb.byte != 0) {
        bool gb = raw_gb > raw_utf8 && characters(bytes, raw_utf8) < SURE;
        return neither(path, source, start, gb ? MQ_GB18030 : MQ_UTF8, gb ? &as_gb : &as_utf8,
                       error);
    }
    *encoding = MQ_GB18030; /* a zero byte is reported when it is reached */
    return MQ_OK;
}

enum mq_status mq_encoding_find(const char *path, const struct mq_source *source,
                                enum mq_encoding declared, enum mq_encoding *encoding, size_t *mark,
                                struct mq_error *error)
{
    static const char utf8_mark[] = "\xEF\xBB\xBF", gb_mark[] = "\x84\x31\x95\x33";
    bool utf8 = source->text_count >= 3 && memcmp(source->text, utf8_mark, 3) == 0;
    bool gb = source->text_count >= 4 && memcmp(source->text, gb_mark, 4) == 0;
    struct mq_decoder decoder = MQ_DECODER_EMPTY;
    enum mq_status status = MQ_OK;
    *encoding = declared;
    if (declared == MQ_ENCODING_AUTO && (utf8 || gb))
        *encoding = utf8 ? MQ_UTF8 : MQ_GB18030;
    else if (declared == MQ_ENCODING_AUTO)
        status = decide(path, source, &decoder, encoding, error);
    *mark = *encoding == MQ_UTF8 && utf8 ? 3 : *encoding == MQ_GB18030 && gb ? 4 : 0;
    mq_decoder_close(&decoder);
    return status;
}
