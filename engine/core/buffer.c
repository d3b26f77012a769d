/* A growing byte buffer that remembers a failed allocation, so that writers need only ask once. */
#include "core/core.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

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
    size_t room = buffer->failed ? 0 : buffer->capacity - buffer->length;
    int length = vsnprintf(room ? buffer->data + buffer->length : NULL, room, format, args);
    bool fits = length >= 0 && (size_t)length < room; /* at once */
    bool grown = length >= 0 && !fits && reserve(buffer, (size_t)length);
    if (length < 0)
        buffer->failed = true;
    if (grown)
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
    if (fits || grown)
        buffer->length += (size_t)length;
    else if (room)
        buffer->data[buffer->length] = '\0';
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

/* Decimal digits of a number; returns how many. */
static int put_digits(char *out, uint64_t number)
{
    char digits[20];
    int count = 0;
    do
        digits[count++] = (char)('0' + number % 10);
    while (number /= 10);
    for (int i = 0; i < count; i++)
        out[i] = digits[count - 1 - i];
    return count;
}

/* value = mantissa / 2^shift = scaled / 2^shift / 10^power, all exact. */
struct binary {
    uint64_t mantissa;
    int shift, power;
    uint128 scaled, ten; /* ten: 10^power */
};

/* Scales so that scaled / 2^shift has 17 digits before the point. */
static bool scale(double value, struct binary *it)
{
    int exponent;
    it->mantissa = (uint64_t)ldexp(frexp(value, &exponent), 53);
    it->shift = 53 - exponent;
    it->power = 16;
    it->ten = UINT64_C(10000000000000000);
    double edge = 10;
    while (value >= edge) {
        edge *= 10;
        it->power--;
        it->ten /= 10;
    }
    edge = 1;
    while (value < edge) {
        edge /= 10;
        it->power++;
        it->ten *= 10;
    }
    it->scaled = it->ten * it->mantissa;
    uint128 whole = it->scaled >> it->shift;
    return whole >= UINT64_C(10000000000000000) && whole < UINT64_C(100000000000000000);
}

/* The value rounded half-even to 17 digits less those of `unit`; tells whether that reads back as
 * the value, that is, lies within half a step of the mantissa. */
static bool reads_back(const struct binary *it, uint64_t unit, uint64_t *digits)
{
    uint128 step = (uint128)unit << it->shift;
    uint64_t count = (uint64_t)(it->scaled >> it->shift) / unit;
    uint128 below = it->scaled - step * count, above = step - below;
    bool up = above < below || (above == below && (count & 1));
    uint128 twice = 2 * (up ? above : below);
    *digits = count + up;
    return twice < it->ten || (twice == it->ten && it->mantissa % 2 == 0);
}

/* As "%.17g" would write it, but in the fewest digits that read back; true if it could. For values
 * with a fraction whose digits fit 128 bits; powers of two, whose neighbours lie at two distances,
 * are left to others. */
static bool put_real(struct mq_buffer *buffer, double value)
{
    struct binary it;
    double size = fabs(value);
    if (!(size >= 1e-4 && size < 1e14) || !scale(size, &it) || it.mantissa == UINT64_C(1) << 52)
        return false;
    uint64_t digits;
    int fraction = it.power; /* digits after the point */
    if (reads_back(&it, 100, &digits))
        fraction -= 2;
    else if (reads_back(&it, 10, &digits))
        fraction -= 1;
    else
        reads_back(&it, 1, &digits);
    for (; fraction > 0 && digits % 10 == 0; fraction--)
        digits /= 10;
    char text[48], *at = text;
    if (value < 0)
        *at++ = '-';
    char plain[24];
    int count = put_digits(plain, digits);
    for (int i = count; i <= fraction; i++) { /* 0.00123 */
        *at++ = '0';
        if (i == count)
            *at++ = '.';
    }
    for (int i = 0; i < count; i++) {
        if (count - i == fraction && i > 0)
            *at++ = '.';
        *at++ = plain[i];
    }
    mq_buffer_add(buffer, text, (size_t)(at - text));
    return true;
}

void mq_buffer_real(struct mq_buffer *buffer, double value)
{
    if (isnan(value))
        return;
    char text[40];
    if (fabs(value) < 0x1p53 && value == trunc(value)) {
        bool negative = value < 0;
        text[0] = '-';
        mq_buffer_add(buffer, text + !negative,
                      (size_t)put_digits(text + 1, (uint64_t)fabs(value)) + negative);
        return;
    }
    if (put_real(buffer, value))
        return;
    /* 15 digits always name one double and %g drops trailing zeros, so fewer than 15 need no try,
     * except among the subnormals, which hold fewer digits. */
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
