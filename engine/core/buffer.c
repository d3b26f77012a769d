/* A growing byte buffer that remembers a failed allocation, so that writers need only ask once. */
#include "core/core.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Room for `extra` bytes and a NUL. */
static bool reserve(struct mq_buffer *buffer, size_t extra)
{
    if (buffer->failed)
        return false;
    if (extra < buffer->capacity - buffer->length)
        return true;
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity - buffer->length <= extra) {
        if (capacity > SIZE_MAX / 2) {
            buffer->failed = true;
            return false;
        }
        capacity *= 2;
    }
    char *data = realloc(buffer->data, capacity);
    if (!data) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void mq_buffer_add(struct mq_buffer *buffer, const char *bytes, size_t count)
{
    if (!reserve(buffer, count))
        return;
    if (count)
        memcpy(buffer->data + buffer->length, bytes, count);
    buffer->length += count;
    buffer->data[buffer->length] = '\0';
}

void mq_buffer_text(struct mq_buffer *buffer, const char *text)
{
    mq_buffer_add(buffer, text, strlen(text));
}

void mq_buffer_format(struct mq_buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    if (length < 0)
        buffer->failed = true;
    else if (reserve(buffer, (size_t)length)) {
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
    va_end(args);
}

/* Besides the marks of RFC 4180, blanks at the ends are quoted: readers trim bare ones. */
static bool needs_quotes(const char *text, size_t length)
{
    if (length == 0)
        return false;
    if (text[0] == ' ' || text[0] == '\t' || text[length - 1] == ' ' || text[length - 1] == '\t')
        return true;
    for (size_t i = 0; i < length; i++)
        if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
            return true;
    return false;
}

void mq_buffer_csv(struct mq_buffer *buffer, const char *text, size_t length)
{
    if (!needs_quotes(text, length)) {
        mq_buffer_add(buffer, text, length);
        return;
    }
    mq_buffer_add(buffer, "\"", 1);
    size_t from = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] == '"') {
            mq_buffer_add(buffer, text + from, i + 1 - from);
            from = i; /* the quote opens the next piece too, which doubles it */
        }
    mq_buffer_add(buffer, text + from, length - from);
    mq_buffer_add(buffer, "\"", 1);
}

void mq_buffer_real(struct mq_buffer *buffer, double value)
{
    if (isnan(value))
        return;
    if (fabs(value) < 0x1p53 && value == trunc(value)) {
        mq_buffer_format(buffer, "%lld", (long long)value);
        return;
    }
    /* 15 digits always name one double and %g drops trailing zeros, so fewer than 15 need no try,
     * except among the subnormals, which hold fewer digits. */
    char text[40];
    int digits = fabs(value) < DBL_MIN ? 1 : 15;
    for (; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    mq_buffer_text(buffer, text);
}

void mq_buffer_clear(struct mq_buffer *buffer)
{
    free(buffer->data);
    *buffer = MQ_BUFFER_EMPTY;
}
