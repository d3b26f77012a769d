/* xlsx_values: stored numbers and day numbers as the text people saw in the sheet. */
#include <math.h>
#include <string.h>

#include "ingest/xlsx.h"

enum { DIGITS = 15 }; /* that Excel shows and keeps */

/* Text of at most 15 digits without exponent is what its double shows; only zeros at the end of a
 * fraction are not. */
static bool put_short(struct mq_buffer *out, const char *text, size_t length)
{
    size_t at = length > 0 && text[0] == '-', point = length, digits = 0;
    if (length - at > DIGITS + 1)
        return false;
    for (size_t i = at; i < length; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (!digit && (text[i] != '.' || point < length))
            return false;
        if (!digit)
            point = i;
        digits += digit;
    }
    if (digits == 0 || digits > DIGITS || point == at)
        return false;
    if (point < length) {
        while (text[length - 1] == '0')
            length--;
        length -= text[length - 1] == '.';
    }
    if (length == 2 && text[0] == '-' && text[1] == '0')
        text++, length--;
    mq_buffer_add(out, text, length);
    return true;
}

/* "%.15g" without exponent and whatever the locale's decimal point is. */
static void put_plain(struct mq_buffer *out, double value)
{
    char shown[40], digit[DIGITS];
    int count = 0, exponent = 0;
    snprintf(shown, sizeof shown, "%.*e", DIGITS - 1, fabs(value));
    const char *e = strrchr(shown, 'e');
    for (const char *c = shown; c < e; c++)
        if (*c >= '0' && *c <= '9' && count < DIGITS)
            digit[count++] = *c;
    for (const char *c = e + 2; *c; c++)
        exponent = exponent * 10 + (*c - '0');
    if (e[1] == '-')
        exponent = -exponent;
    while (count > 1 && digit[count - 1] == '0')
        count--;
    if (value < 0)
        mq_buffer_add(out, "-", 1);
    if (exponent < 0) {
        mq_buffer_add(out, "0.", 2);
        for (int i = -1; i > exponent; i--)
            mq_buffer_add(out, "0", 1);
        mq_buffer_add(out, digit, (size_t)count);
        return;
    }
    for (int i = 0; i <= exponent; i++)
        mq_buffer_add(out, i < count ? &digit[i] : "0", 1);
    if (count > exponent + 1) {
        mq_buffer_add(out, ".", 1);
        mq_buffer_add(out, digit + exponent + 1, (size_t)(count - exponent - 1));
    }
}

void mq_xlsx_number(struct mq_buffer *out, const char *text, size_t length)
{
    double value;
    if (put_short(out, text, length))
        return;
    if (mq_real_parse(text, length, &value) != MQ_NUMBER_OK || fabs(value) >= 1e15)
        mq_buffer_add(out, text, length);
    else if (value == 0)
        mq_buffer_add(out, "0", 1);
    else
        put_plain(out, value);
}

/* ---- dates ---- */

enum { DAY = 86400, LAST_1900 = 2958465, LAST_1904 = 2957003 }; /* 9999-12-31 */

/* Days since 1970-01-01 as a date of the Gregorian calendar (Hinnant, "chrono-compatible low-level
 * date algorithms", civil_from_days). */
static void civil(long days, int *year, int *month, int *day)
{
    days += 719468; /* from 0000-03-01 */
    long era = days / 146097, of_era = days % 146097;
    long y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * y + y / 4 - y / 100);
    long m = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + 400 * era + (*month <= 2));
}

/* The 1900 calendar counts a 29 February 1900 that never was: day 60. */
static void calendar(long days, bool date1904, int *year, int *month, int *day)
{
    if (!date1904 && days == 60) {
        *year = 1900, *month = 2, *day = 29;
        return;
    }
    long base = date1904 ? 24107 : days < 60 ? 25568 : 25569; /* its day 0 before 1970-01-01 */
    civil(days - base, year, month, day);
}

static void put_clock(struct mq_buffer *out, long seconds)
{
    mq_buffer_format(out, "%02ld:%02ld:%02ld", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void mq_xlsx_date(struct mq_buffer *out, const char *text, size_t length, int kind, bool date1904)
{
    double value;
    int year, month, day;
    if (mq_real_parse(text, length, &value) != MQ_NUMBER_OK || value < 0 ||
        value >= (date1904 ? LAST_1904 : LAST_1900) + 1.0) {
        mq_xlsx_number(out, text, length);
        return;
    }
    long days = (long)floor(value);
    long seconds = (long)floor((value - (double)days) * DAY + 0.5);
    days += seconds / DAY;
    seconds %= DAY;
    if (kind & MQ_XLSX_ELAPSED) {
        put_clock(out, days * DAY + seconds);
        return;
    }
    if (days == 0 && (!date1904 || !(kind & MQ_XLSX_DAY))) {
        if (kind & MQ_XLSX_CLOCK || seconds > 0)
            put_clock(out, seconds);
        else /* "1900-01-00": a zero that was never a date */
            mq_xlsx_number(out, text, length);
        return;
    }
    calendar(days, date1904, &year, &month, &day);
    if (kind & MQ_XLSX_YEAR) {
        mq_buffer_format(out, "%04d", year);
        return;
    }
    mq_buffer_format(out, "%04d-%02d-%02d", year, month, day);
    if (seconds > 0) {
        mq_buffer_add(out, "T", 1);
        put_clock(out, seconds);
    }
}
