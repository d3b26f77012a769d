/* Published digits: a double's 15-digit decimal, rounded in decimal (GB/T 8170 or half up). */
#include "core/core.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNIFICANT = 15, LONGEST = 340 };

/* Whether the digits after the first `keep` push the last kept digit up. */
static bool rounds_up(const char *digits, int keep, enum mq_rounding rounding)
{
    if (digits[keep] != '5')
        return digits[keep] > '5';
    for (int i = keep + 1; i < SIGNIFICANT; i++)
        if (digits[i] != '0')
            return true;
    bool odd = keep > 0 && (digits[keep - 1] - '0') % 2 == 1;
    return rounding == MQ_HALF_UP || odd;
}

/* Rounds to the first `keep` digits, 0 <= keep < SIGNIFICANT; true if a carry put a 1 in front. */
static bool round_digits(char *digits, int keep, enum mq_rounding rounding)
{
    if (!rounds_up(digits, keep, rounding))
        return false;
    int i = keep - 1;
    for (; i >= 0 && digits[i] == '9'; i--)
        digits[i] = '0';
    if (i >= 0) {
        digits[i]++;
        return false;
    }
    return true;
}

/* Digits of |value| * 10^decimals rounded to an integer, no leading zeros; "" for 0. */
static void scaled_digits(double value, int decimals, enum mq_rounding rounding, char *out)
{
    char text[40], digits[SIGNIFICANT];
    snprintf(text, sizeof text, "%.*e", SIGNIFICANT - 1, fabs(value));
    digits[0] = text[0];
    memcpy(digits + 1, text + 2, SIGNIFICANT - 1); /* skips the point */
    int keep = atoi(strchr(text, 'e') + 1) + decimals + 1;
    size_t n = 0;
    if (keep >= 0 && value != 0) {
        int have = keep < SIGNIFICANT ? keep : SIGNIFICANT;
        if (keep < SIGNIFICANT && round_digits(digits, keep, rounding))
            out[n++] = '1';
        memcpy(out + n, digits, (size_t)have);
        n += (size_t)have;
        memset(out + n, '0', (size_t)(keep - have));
        n += (size_t)(keep - have);
    }
    out[n] = '\0';
}

const char *mq_round_text(double value, int decimals, enum mq_rounding rounding, char *text)
{
    text[0] = '\0';
    if (!isfinite(value))
        return text;
    char digits[LONGEST];
    scaled_digits(value, decimals, rounding, digits);
    int count = (int)strlen(digits);
    char *out = text;
    if (value < 0 && count > 0)
        *out++ = '-';
    for (int place = count > decimals ? count : decimals + 1; place > 0; place--) {
        if (place == decimals)
            *out++ = '.';
        *out++ = place > count ? '0' : digits[count - place];
    }
    *out = '\0';
    return text;
}
