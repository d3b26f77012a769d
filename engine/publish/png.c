/*
 * PNG (ISO/IEC 15948) of an image in memory. cairo's own writer tries five filters a line, which
 * takes three times as long and makes drawings with flat colours no smaller.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "publish/draw.h"

static void put_number(unsigned char *at, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(number >> (24 - 8 * i));
}

static void add_chunk(struct mq_buffer *bytes, const char *type, const void *data, size_t length)
{
    unsigned char number[4];
    put_number(number, (uint32_t)length);
    mq_buffer_add(bytes, (const char *)number, 4);
    mq_buffer_add(bytes, type, 4);
    if (length)
        mq_buffer_add(bytes, data, length);
    uLong sum = crc32(0, (const unsigned char *)type, 4);
    put_number(number, (uint32_t)(length ? crc32(sum, data, (uInt)length) : sum));
    mq_buffer_add(bytes, (const char *)number, 4);
}

/* A line as PNG has it: the filter (none), then red, green, blue. */
static void make_line(const struct mq_pixels *pixels, size_t y, unsigned char *line)
{
    const unsigned char *row = pixels->data + y * pixels->stride;
    *line++ = 0;
    for (size_t x = 0; x < pixels->width; x++, line += 3) {
        uint32_t pixel;
        memcpy(&pixel, row + 4 * x, 4);
        line[0] = (unsigned char)(pixel >> 16);
        line[1] = (unsigned char)(pixel >> 8);
        line[2] = (unsigned char)pixel;
    }
}

/* Line by line: no second image in memory. False if out of memory. */
static bool pack(const struct mq_pixels *pixels, struct mq_buffer *packed)
{
    enum { LEVEL = 3, CHUNK = 1 << 16 };
    size_t length = 1 + 3 * pixels->width;
    unsigned char *line = malloc(length + CHUNK), *out = line + length;
    z_stream stream = {0};
    if (!line || deflateInit(&stream, LEVEL) != Z_OK) {
        free(line);
        return false;
    }
    for (size_t y = 0; y <= pixels->height; y++) {
        bool last = y == pixels->height;
        if (!last)
            make_line(pixels, y, line);
        stream.next_in = line;
        stream.avail_in = last ? 0 : (uInt)length;
        do {
            stream.next_out = out;
            stream.avail_out = CHUNK;
            deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
            if (stream.avail_out < CHUNK)
                mq_buffer_add(packed, (const char *)out, CHUNK - stream.avail_out);
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    free(line);
    return !packed->failed;
}

void mq_png_add(const struct mq_pixels *pixels, uint32_t dots_a_metre, struct mq_buffer *bytes)
{
    struct mq_buffer packed = MQ_BUFFER_EMPTY;
    if (pixels->data && pack(pixels, &packed)) {
        unsigned char header[13] = {[8] = 8, [9] = 2}, density[9] = {[8] = 1};
        put_number(header, (uint32_t)pixels->width);
        put_number(header + 4, (uint32_t)pixels->height);
        put_number(density, dots_a_metre);
        put_number(density + 4, dots_a_metre);
        mq_buffer_add(bytes, "\x89PNG\r\n\x1a\n", 8);
        add_chunk(bytes, "IHDR", header, sizeof header);
        add_chunk(bytes, "pHYs", density, sizeof density);
        add_chunk(bytes, "IDAT", packed.data, packed.length);
        add_chunk(bytes, "IEND", NULL, 0);
    } else {
        bytes->failed = true;
    }
    mq_buffer_clear(&packed);
}
