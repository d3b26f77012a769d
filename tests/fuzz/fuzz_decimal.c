/* Any bytes as a number: the parsers against slow checks of their own.
 * First byte: decimals (mod 19); the rest: the text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

/* Half-width copy without blanks at the ends; U+2212 becomes '-'. NUL-terminated. */
static char *plain_copy(const char *text, size_t n)
{
    struct mq_text inner = mq_text_trim((struct mq_text){text, n});
    char *copy = malloc(inner.n + 1);
    require(copy != NULL);
    size_t length = 0;
    for (size_t i = 0; i < inner.n;) {
        const char *s = inner.s + i;
        if (inner.n - i >= 3 && memcmp(s, "\xE2\x88\x92", 3) == 0) {
            copy[length++] = '-';
            i += 3;
        } else if (inner.n - i >= 3 && memcmp(s, "\xEF\xBC", 2) == 0) {
            length += mq_text_narrow((struct mq_text){s, 3}, copy + length);
            i += 3;
        } else if (inner.n - i >= 3 && memcmp(s, "\xEF\xBD\x85", 3) == 0) {
            copy[length++] = 'e';
            i += 3;
        } else {
            copy[length++] = *s ? *s : '?'; /* a NUL is no number */
            i++;
        }
    }
    copy[length] = '\0';
    return copy;
}

/* Splits [sign] whole [. fraction] [e exponent] and says whether commas stand between digits. */
struct shape {
    bool number, separated, negative;
    const char *whole, *point, *exponent, *end;
};

static const char *digits(const char *s, bool *separated, size_t *count)
{
    for (const char *from = s;; s++) {
        bool comma = *s == ',' && s > from && s[1] >= '0' && s[1] <= '9';
        *separated = *separated || comma;
        if (*s >= '0' && *s <= '9')
            ++*count;
        else if (!comma)
            return s;
    }
}

static struct shape shape_of(const char *text, bool with_exponent)
{
    struct shape shape = {.negative = *text == '-'};
    size_t count = 0;
    const char *s = text + (*text == '-' || *text == '+');
    shape.whole = s;
    shape.point = s = digits(s, &shape.separated, &count);
    if (*s == '.')
        s = digits(s + 1, &shape.separated, &count);
    shape.exponent = s;
    bool whole_exponent = true;
    if (with_exponent && (*s == 'e' || *s == 'E')) {
        size_t before = count;
        s += s[1] == '-' || s[1] == '+' ? 2 : 1;
        while (*s >= '0' && *s <= '9') {
            s++;
            count++;
        }
        whole_exponent = count > before;
    }
    shape.end = s;
    shape.number = count > 0 && shape.exponent != shape.whole && *s == '\0' && whole_exponent &&
                   !(shape.exponent == shape.whole + 1 && *shape.whole == '.');
    return shape;
}

static void check_decimal(const char *text, size_t n, const char *plain, int decimals)
{
    int64_t found = 4711;
    enum mq_verdict verdict = mq_decimal_parse(text, n, decimals, &found);
    struct shape shape = shape_of(plain, false);
    if (verdict != MQ_NUMBER_OK)
        require(found == 4711);
    if (!shape.number || shape.separated) {
        require(verdict == (shape.number ? MQ_NUMBER_SEPARATOR : MQ_NUMBER_MALFORMED));
        return;
    }
    /* Digit by digit in 128 bits, held at a bound that stays out of range. */
    const mq_int128 bound = (mq_int128)1 << 100;
    mq_int128 value = 0;
    bool fine = true;
    const char *s = shape.whole;
    for (; s < shape.point; s++)
        value = value >= bound ? bound : value * 10 + (*s - '0');
    int place = 0;
    for (s = shape.point + (*shape.point == '.'); s < shape.end; s++, place++) {
        if (place < decimals)
            value = value >= bound ? bound : value * 10 + (*s - '0');
        else
            fine = fine && *s == '0';
    }
    for (; place < decimals; place++)
        value = value >= bound ? bound : value * 10;
    if (shape.negative)
        value = -value;
    if (value > INT64_MAX || value < INT64_MIN) {
        require(verdict == MQ_NUMBER_RANGE);
        return;
    }
    require(verdict == (fine ? MQ_NUMBER_OK : MQ_NUMBER_DECIMALS));
    if (!fine)
        return;
    require((mq_int128)found == value);
    char again[48];
    int64_t back = 0;
    mq_decimal_text(found, decimals, again);
    require(mq_decimal_parse(again, strlen(again), decimals, &back) == MQ_NUMBER_OK);
    require(back == found);
}

static void check_real(const char *text, size_t n, const char *plain)
{
    double found = 4711.5;
    enum mq_verdict verdict = mq_real_parse(text, n, &found);
    struct shape shape = shape_of(plain, true);
    if (verdict != MQ_NUMBER_OK)
        require(found == 4711.5);
    if (!shape.number || shape.separated) {
        require(verdict == (shape.number ? MQ_NUMBER_SEPARATOR : MQ_NUMBER_MALFORMED));
        return;
    }
    double wanted = strtod(plain, NULL);
    require(verdict == (isinf(wanted) ? MQ_NUMBER_RANGE : MQ_NUMBER_OK));
    if (isinf(wanted))
        return;
    require(memcmp(&found, &wanted, sizeof found) == 0);
    char rounded[352];
    for (int rule = MQ_HALF_UP; rule <= MQ_HALF_EVEN; rule++)
        for (int decimals = 0; decimals <= 15; decimals += 5) {
            mq_round_text(found, decimals, (enum mq_rounding)rule, rounded);
            double near = strtod(rounded, NULL);
            require(fabs(near - found) <= pow(10, -decimals) / 1.9 + fabs(found) * 1e-14);
        }
}

static void check_fraction(const char *text, size_t n)
{
    int64_t top = 0, bottom = 0;
    if (mq_fraction_parse(text, n, &top, &bottom) != MQ_NUMBER_OK)
        return;
    require(bottom > 0);
    char again[48];
    snprintf(again, sizeof again, "%lld/%lld", (long long)top, (long long)bottom);
    int64_t same_top = 0, same_bottom = 0;
    require(mq_fraction_parse(again, strlen(again), &same_top, &same_bottom) == MQ_NUMBER_OK);
    require(same_top == top && same_bottom == bottom);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1;
    size_t n = size - 1;
    char *plain = plain_copy(text, n);
    check_decimal(text, n, plain, data[0] % 19);
    check_real(text, n, plain);
    check_fraction(text, n);
    free(plain);
    return 0;
}
