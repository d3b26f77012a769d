/* Numbers as people write them: exact scaled integers, correctly rounded reals, fractions. */
#include "core/core.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

static const int64_t power_of_ten[19] = {
    INT64_C(1),
    INT64_C(10),
    INT64_C(100),
    INT64_C(1000),
    INT64_C(10000),
    INT64_C(100000),
    INT64_C(1000000),
    INT64_C(10000000),
    INT64_C(100000000),
    INT64_C(1000000000),
    INT64_C(10000000000),
    INT64_C(100000000000),
    INT64_C(1000000000000),
    INT64_C(10000000000000),
    INT64_C(100000000000000),
    INT64_C(1000000000000000),
    INT64_C(10000000000000000),
    INT64_C(100000000000000000),
    INT64_C(1000000000000000000),
};

/* One to eight ASCII digits at once, as bytes of one word: first pairs, then fours, then eight
 * (the usual "SIMD within a register" of three multiplications). Little-endian machines only. */
static bool parse_word(const char *text, size_t n, uint64_t *value)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030);
    uint64_t word;
    if (n >= 4) {
        uint32_t first, last; /* may overlap */
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + n - sizeof last, sizeof last);
        word = first | (uint64_t)last << 8 * (n - sizeof last);
    } else {
        word = (unsigned char)text[0] | (uint64_t)(unsigned char)text[n / 2] << 8 * (n / 2) |
               (uint64_t)(unsigned char)text[n - 1] << 8 * (n - 1);
    }
    if (n < 8)
        word = word << (64 - 8 * n) | zeros >> 8 * n; /* leading zeros */
    word ^= zeros;
    if (((word + UINT64_C(0x7676767676767676)) | word) & UINT64_C(0x8080808080808080))
        return false;
    word = word * 10 + (word >> 8);
    const uint64_t pairs = UINT64_C(0x000000FF000000FF);
    *value = ((word & pairs) * UINT64_C(0x000F424000000064) +
              ((word >> 16) & pairs) * UINT64_C(0x0000271000000001)) >>
             32;
    return true;
}

/* Plain ASCII, at most 18 digits after scaling: nearly every cell there is. */
static bool parse_plain(const char *text, size_t length, int decimals, int64_t *value)
{
    if (length == 0 || length > 20)
        return false;
    uint64_t word;
    bool little_endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    if (little_endian && length <= 8 && decimals <= 10 && parse_word(text, length, &word)) {
        *value = (int64_t)word * power_of_ten[decimals];
        return true;
    }
    const char *s = text, *end = text + length;
    bool negative = *s == '-';
    s += *s == '-' || *s == '+';
    uint64_t sum = 0;
    const char *from = s;
    unsigned digit;
    for (; s < end && (digit = (unsigned char)*s - '0') < 10; s++)
        sum = sum * 10 + digit;
    int whole = (int)(s - from), fraction = 0;
    if (s < end && *s == '.') {
        from = ++s;
        for (; s < end && (digit = (unsigned char)*s - '0') < 10; s++)
            sum = sum * 10 + digit;
        fraction = (int)(s - from);
    }
    if (s != end || whole + fraction == 0 || fraction > decimals || whole + decimals > 18)
        return false;
    int64_t scaled = (int64_t)sum * power_of_ten[decimals - fraction];
    *value = negative ? -scaled : scaled;
    return true;
}

/* Reads one character at a time with full-width forms narrowed. */
struct cursor {
    const unsigned char *s, *end;
};
enum { AT_END = -1, FOREIGN = -2 };

static int peek(const struct cursor *at, size_t *length)
{
    *length = 1;
    if (at->s == at->end)
        return AT_END;
    if (*at->s < 0x80)
        return *at->s;
    if (at->end - at->s < 3)
        return FOREIGN;
    *length = 3;
    if (at->s[0] == 0xEF && at->s[1] == 0xBC && at->s[2] >= 0x81 && at->s[2] <= 0xBF)
        return at->s[2] - 0x81 + '!'; /* U+FF01..U+FF3F: signs, point, comma, digits, letters */
    if (at->s[0] == 0xEF && at->s[1] == 0xBD && (at->s[2] == 0x85))
        return 'e'; /* U+FF45 */
    if (at->s[0] == 0xE2 && at->s[1] == 0x88 && at->s[2] == 0x92)
        return '-'; /* U+2212 minus sign */
    return FOREIGN;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

/* Takes one of `wanted`, if it comes next. */
static int take(struct cursor *at, const char *wanted)
{
    size_t length;
    int c = peek(at, &length);
    if (c <= 0 || !strchr(wanted, c))
        return 0;
    at->s += length;
    return c;
}

/* The next digit, or -1. A comma between two digits is skipped and noted. */
static int take_digit(struct cursor *at, bool *separated, bool after_digit)
{
    size_t length;
    int c = peek(at, &length);
    if (c == ',' && after_digit) {
        struct cursor ahead = {at->s + length, at->end};
        c = peek(&ahead, &length);
        if (!is_digit(c))
            return -1;
        *separated = true;
        at->s = ahead.s;
    }
    if (!is_digit(c))
        return -1;
    at->s += length;
    return c - '0';
}

static struct cursor trimmed(const char *text, size_t length)
{
    struct mq_text inner = mq_text_trim((struct mq_text){text, length});
    const unsigned char *s = (const unsigned char *)inner.s;
    return (struct cursor){s, s + inner.n};
}

/* What the careful path has found so far: an exact magnitude, or why there is none. */
struct scaled {
    uint64_t magnitude;
    bool too_large, too_fine;
};

static void push_digit(struct scaled *number, int digit)
{
    uint64_t limit = (uint64_t)INT64_MAX + 1; /* of the negative end */
    if (number->magnitude > (limit - (uint64_t)digit) / 10)
        number->too_large = true;
    else
        number->magnitude = number->magnitude * 10 + (uint64_t)digit;
}

static enum mq_verdict parse_careful(const char *text, size_t length, int decimals, int64_t *value)
{
    struct cursor at = trimmed(text, length);
    bool negative = take(&at, "+-") == '-';
    struct scaled number = {0};
    bool separated = false;
    size_t digits = 0;
    int digit, fraction = 0;
    for (; (digit = take_digit(&at, &separated, digits > 0)) >= 0; digits++)
        push_digit(&number, digit);
    if (take(&at, ".")) {
        for (bool first = true; (digit = take_digit(&at, &separated, !first)) >= 0; digits++) {
            first = false;
            if (fraction < decimals) {
                push_digit(&number, digit);
                fraction++;
            } else if (digit) {
                number.too_fine = true;
            }
        }
    }
    if (at.s != at.end || digits == 0)
        return MQ_NUMBER_MALFORMED;
    if (separated)
        return MQ_NUMBER_SEPARATOR;
    for (; fraction < decimals; fraction++)
        push_digit(&number, 0);
    if (number.too_large || (!negative && number.magnitude > INT64_MAX))
        return MQ_NUMBER_RANGE;
    if (number.too_fine)
        return MQ_NUMBER_DECIMALS;
    *value = !negative                      ? (int64_t)number.magnitude
             : number.magnitude > INT64_MAX ? INT64_MIN
                                            : -(int64_t)number.magnitude;
    return MQ_NUMBER_OK;
}

enum mq_verdict mq_decimal_parse(const char *text, size_t length, int decimals, int64_t *value)
{
    if (parse_plain(text, length, decimals, value))
        return MQ_NUMBER_OK;
    return parse_careful(text, length, decimals, value);
}

/* A double is decided by its first 768 significant digits and by whether any further one is not 0
 * (the longest exact decimal of a midpoint between doubles has 767). */
enum { DECISIVE_DIGITS = 768 };
struct real {
    char digits[DECISIVE_DIGITS + 32]; /* significant digits; later the exponent */
    size_t count;
    long exponent; /* of the last digit kept */
    bool any, sticky;
};

static void real_digit(struct real *real, int digit, bool after_point)
{
    real->any = true;
    if (real->count == 0 && digit == 0) {
        real->exponent -= after_point;
    } else if (real->count < DECISIVE_DIGITS) {
        real->digits[real->count++] = (char)('0' + digit);
        real->exponent -= after_point;
    } else {
        real->sticky = real->sticky || digit;
        real->exponent += !after_point;
    }
}

static double real_value(struct real *real)
{
    if (real->count == 0)
        return 0;
    if (real->count <= 15 && labs(real->exponent) <= 22) {
        /* Both numbers are exact doubles, so one operation rounds once. */
        static const double ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
        int64_t whole = 0;
        for (size_t i = 0; i < real->count; i++)
            whole = whole * 10 + (real->digits[i] - '0');
        return real->exponent < 0 ? (double)whole / ten[-real->exponent]
                                  : (double)whole * ten[real->exponent];
    }
    if (real->sticky) {
        real->digits[real->count++] = '1';
        real->exponent--;
    }
    snprintf(real->digits + real->count, sizeof real->digits - real->count, "e%ld", real->exponent);
    return strtod(real->digits, NULL);
}

enum mq_verdict mq_real_parse(const char *text, size_t length, double *value)
{
    enum { FAR = 1000000000 }; /* exponents beyond are all the same: nothing or too large */
    struct cursor at = trimmed(text, length);
    bool negative = take(&at, "+-") == '-';
    struct real real;
    real.count = 0;
    real.exponent = 0;
    real.any = real.sticky = false;
    bool separated = false;
    int digit;
    while ((digit = take_digit(&at, &separated, real.any)) >= 0)
        real_digit(&real, digit, false);
    if (take(&at, "."))
        for (bool first = true; (digit = take_digit(&at, &separated, !first)) >= 0; first = false)
            real_digit(&real, digit, true);
    if (!real.any)
        return MQ_NUMBER_MALFORMED;
    if (take(&at, "eE")) {
        bool down = take(&at, "+-") == '-', any = false, commas = false;
        long exponent = 0;
        for (; (digit = take_digit(&at, &commas, false)) >= 0; any = true)
            exponent = exponent > FAR ? exponent : exponent * 10 + digit;
        if (!any)
            return MQ_NUMBER_MALFORMED;
        real.exponent += down ? -exponent : exponent;
    }
    if (at.s != at.end)
        return MQ_NUMBER_MALFORMED;
    if (separated)
        return MQ_NUMBER_SEPARATOR;
    double result = real_value(&real);
    if (isinf(result))
        return MQ_NUMBER_RANGE;
    *value = negative ? -result : result;
    return MQ_NUMBER_OK;
}

static uint64_t greatest_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Position of the fraction bar ('/' or U+FF0F), its length in *bar; `length` if there is none. */
static size_t find_bar(const char *text, size_t length, size_t *bar)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '/') {
            *bar = 1;
            return i;
        }
        if (length - i >= 3 && memcmp(text + i, "\xEF\xBC\x8F", 3) == 0) {
            *bar = 3;
            return i;
        }
    }
    return length;
}

enum mq_verdict mq_fraction_parse(const char *text, size_t length, int64_t *numerator,
                                  int64_t *denominator)
{
    size_t bar = 0, split = find_bar(text, length, &bar);
    int64_t top = 0, bottom = 1;
    enum mq_verdict verdict = MQ_NUMBER_DECIMALS;
    if (split < length) {
        verdict = mq_decimal_parse(text, split, 0, &top);
        if (verdict == MQ_NUMBER_OK)
            verdict = mq_decimal_parse(text + split + bar, length - split - bar, 0, &bottom);
        if (verdict == MQ_NUMBER_DECIMALS || (verdict == MQ_NUMBER_OK && bottom <= 0))
            return MQ_NUMBER_MALFORMED;
    } else {
        for (int decimals = 0; decimals <= 18 && verdict == MQ_NUMBER_DECIMALS; decimals++) {
            verdict = mq_decimal_parse(text, length, decimals, &top);
            bottom = power_of_ten[decimals];
        }
    }
    if (verdict != MQ_NUMBER_OK)
        return verdict;
    uint64_t size = top < 0 ? 0 - (uint64_t)top : (uint64_t)top;
    int64_t common = (int64_t)greatest_divisor((uint64_t)bottom, size); /* <= bottom */
    *numerator = top / common;
    *denominator = bottom / common;
    return MQ_NUMBER_OK;
}

const char *mq_decimal_text(mq_int128 value, int decimals, char *text)
{
    char digits[48];
    int count = 0;
    uint128 rest = value < 0 ? 0 - (uint128)value : (uint128)value;
    while (rest || count <= decimals) {
        digits[count++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    }
    char *out = text;
    if (value < 0)
        *out++ = '-';
    while (count > 0) {
        if (count == decimals)
            *out++ = '.';
        *out++ = digits[--count];
    }
    *out = '\0';
    return text;
}
