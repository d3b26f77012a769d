/*
 * blocks: a file's body is cut into chunks of equal size; a block is the records that start in a
 * chunk. Where a record starts depends on whether a newline stands within quotes, hence on how many
 * quotes came before it, hence on all chunks before. So each chunk is counted on its own, in
 * parallel, and the sums are handed on from chunk to chunk: prefix[k] holds what is known after
 * chunk k, 0 until then. In text that follows the rules a byte lies within quotes exactly if an odd
 * number of quotes stands before it; the first byte that breaks the rules is still judged right,
 * and nothing after it matters.
 */
#include <string.h>

#include "ingest/reader.h"

/* prefix: bit 0 counted, bit 1 odd quotes, the rest newlines. */
static uint64_t packed(uint64_t newlines, uint64_t quotes)
{
    return newlines << 2 | (quotes & 1) << 1 | 1;
}

static bool odd_of(uint64_t prefix)
{
    return prefix >> 1 & 1;
}

static void count(const char *bytes, size_t length, uint64_t *newlines, uint64_t *quotes)
{
    enum {
        STRIDE = 128
    }; /* short enough for 8-bit counters, which the compiler turns into vectors */
    uint64_t n = 0, q = 0;
    size_t i = 0;
    for (; i + STRIDE <= length; i += STRIDE) {
        uint8_t stride_n = 0, stride_q = 0;
        for (size_t j = 0; j < STRIDE; j++) {
            stride_n = (uint8_t)(stride_n + (bytes[i + j] == '\n'));
            stride_q = (uint8_t)(stride_q + (bytes[i + j] == '"'));
        }
        n += stride_n;
        q += stride_q;
    }
    for (; i < length; i++) {
        n += bytes[i] == '\n';
        q += bytes[i] == '"';
    }
    *newlines = n;
    *quotes = q;
}

static size_t chunk_end(const struct mq_file *file, size_t chunk, size_t chunk_bytes)
{
    size_t left = file->source.text_count - file->body;
    return left / chunk_bytes > chunk ? file->body + (chunk + 1) * chunk_bytes
                                      : file->source.text_count;
}

void mq_block_count(struct mq_file *file, size_t chunk, size_t chunk_bytes)
{
    uint64_t newlines, quotes, before = packed(0, 0);
    if (atomic_load_explicit(&file->prefix[chunk], memory_order_acquire))
        return;
    size_t start = file->body + chunk * chunk_bytes;
    count(file->source.text + start, chunk_end(file, chunk, chunk_bytes) - start, &newlines,
          &quotes);
    while (chunk > 0 &&
           !(before = atomic_load_explicit(&file->prefix[chunk - 1], memory_order_acquire)))
        mq_pause();
    atomic_store_explicit(&file->prefix[chunk],
                          packed((before >> 2) + newlines, odd_of(before) + quotes),
                          memory_order_release);
}

uint64_t mq_count_newlines(const char *bytes, size_t length)
{
    uint64_t newlines, quotes;
    count(bytes, length, &newlines, &quotes);
    return newlines;
}

bool mq_block_counted(const struct mq_file *file)
{
    return file->chunks == 0 ||
           atomic_load_explicit(&file->prefix[file->chunks - 1], memory_order_acquire) != 0;
}

size_t mq_record_start(const char *bytes, size_t at, size_t end, bool odd)
{
    if (!odd && at > 0 && bytes[at - 1] == '\n')
        return at;
    while (at < end) {
        const char *from = bytes + at;
        if (odd) {
            const char *quote = memchr(from, '"', end - at);
            if (!quote)
                return end;
            odd = false;
            at = (size_t)(quote - bytes) + 1;
            continue;
        }
        const char *newline = memchr(from, '\n', end - at);
        const char *quote = memchr(from, '"', newline ? (size_t)(newline - from) : end - at);
        if (!quote)
            return newline ? (size_t)(newline - bytes) + 1 : end;
        odd = true;
        at = (size_t)(quote - bytes) + 1;
    }
    return end;
}

/* Where the block ends. Only a record that is still open at the end of the chunk can be too long.
 */
static void find_end(const struct mq_file *file, size_t end, bool odd, struct mq_block *block)
{
    const char *bytes = file->source.text;
    size_t left = file->source.text_count - end;
    size_t limit = left > MQ_RECORD_MOST ? end + MQ_RECORD_MOST : file->source.text_count;
    block->end = mq_record_start(bytes, end, limit, odd);
    if (block->end - block->start <= MQ_RECORD_MOST)
        return;
    size_t last = block->start, next = block->start;
    while (next < end) { /* to the last record that starts in the chunk */
        last = next;
        next = mq_record_start(bytes, last + 1, block->end, bytes[last] == '"');
    }
    if (block->end - last > MQ_RECORD_MOST) {
        block->end = last + MQ_RECORD_MOST;
        block->cut = true;
    }
}

void mq_block_extent(const struct mq_file *file, size_t chunk, size_t chunk_bytes,
                     struct mq_block *block)
{
    const char *bytes = file->source.text;
    size_t start = file->body + chunk * chunk_bytes, end = chunk_end(file, chunk, chunk_bytes);
    uint64_t before = chunk > 0
                          ? atomic_load_explicit(&file->prefix[chunk - 1], memory_order_acquire)
                          : packed(0, 0);
    uint64_t after = atomic_load_explicit(&file->prefix[chunk], memory_order_acquire), lines,
             quotes;
    block->index = (uint32_t)chunk;
    block->file = file;
    block->cut = false;
    block->start = block->end = mq_record_start(bytes, start, end, odd_of(before));
    block->line = file->body_line;
    if (block->start >= end)
        return;
    count(bytes + start, block->start - start, &lines, &quotes);
    block->line += (before >> 2) + lines;
    if (end == file->source.text_count)
        block->end = end;
    else
        find_end(file, end, odd_of(after), block);
}
