/* Text as bytes of UTF-8: slices, full-width forms, terminal columns, near misses. */
#include "core/utf8.h"

#include <string.h>

struct mq_text mq_text(const char *c_string)
{
    return (struct mq_text){c_string, c_string ? strlen(c_string) : 0};
}

bool mq_text_equal(struct mq_text a, struct mq_text b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

bool mq_text_is(struct mq_text a, const char *c_string)
{
    return mq_text_equal(a, mq_text(c_string));
}

int mq_text_compare(struct mq_text a, struct mq_text b)
{
    size_t shorter = a.n < b.n ? a.n : b.n;
    int order = shorter ? memcmp(a.s, b.s, shorter) : 0;
    if (order)
        return order < 0 ? -1 : 1;
    return (a.n > b.n) - (a.n < b.n);
}

static bool ascii_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool wide_blank(const char *s) /* U+3000, U+FEFF */
{
    return memcmp(s, "\xE3\x80\x80", 3) == 0 || memcmp(s, "\xEF\xBB\xBF", 3) == 0;
}

struct mq_text mq_text_trim(struct mq_text text)
{
    for (;;) {
        if (text.n && ascii_blank(text.s[0])) {
            text.s++;
            text.n--;
        } else if (text.n >= 3 && wide_blank(text.s)) {
            text.s += 3;
            text.n -= 3;
        } else {
            break;
        }
    }
    for (;;) {
        if (text.n && ascii_blank(text.s[text.n - 1]))
            text.n--;
        else if (text.n >= 3 && wide_blank(text.s + text.n - 3))
            text.n -= 3;
        else
            return text;
    }
}

size_t mq_text_narrow(struct mq_text text, char *out)
{
    size_t wrote = 0;
    for (size_t i = 0; i < text.n;) {
        const unsigned char *s = (const unsigned char *)text.s + i;
        uint32_t code = 0;
        size_t length = *s < 0x80 ? 1 : mq_utf8_decode(s, text.n - i, &code);
        if (code >= 0xFF01 && code <= 0xFF5E) {
            out[wrote++] = (char)(code - 0xFEE0);
        } else if (code == 0x3000) {
            out[wrote++] = ' ';
        } else {
            length = length ? length : 1; /* bytes that are no text pass unchanged */
            for (size_t k = 0; k < length; k++)
                out[wrote + k] = text.s[i + k];
            wrote += length;
        }
        i += length;
    }
    return wrote;
}

struct code_range {
    uint32_t first, last;
};

/* Characters of East Asian width W or F (Unicode UAX #11), joined where the gaps are unassigned. */
static const struct code_range wide_ranges[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},
    {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18CFF}, {0x1B000, 0x1B2FF},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};
static const struct code_range empty_ranges[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x0300, 0x036F}, {0x200B, 0x200F},
    {0x202A, 0x202E}, {0x20D0, 0x20F0}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
};

static bool in_ranges(uint32_t code, const struct code_range *range, size_t count)
{
    for (size_t i = 0; i < count && code >= range[i].first; i++)
        if (code <= range[i].last)
            return true;
    return false;
}

int mq_text_width(const char *text)
{
    int width = 0;
    size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        uint32_t code = 0xFFFD;
        size_t length = mq_utf8_decode((const unsigned char *)text + i, n - i, &code);
        i += length ? length : 1;
        if (in_ranges(code, empty_ranges, sizeof empty_ranges / sizeof *empty_ranges))
            continue;
        width += in_ranges(code, wide_ranges, sizeof wide_ranges / sizeof *wide_ranges) ? 2 : 1;
    }
    return width;
}

enum { LONGEST_WORD = 64 };

/* Code points of a word, ASCII letters lower-cased; 0 if it is too long to compare. */
static size_t letters(const char *word, uint32_t *out)
{
    size_t n = strlen(word), count = 0;
    for (size_t i = 0; i < n; count++) {
        if (count == LONGEST_WORD)
            return 0;
        uint32_t code = 0xFFFD;
        size_t length = mq_utf8_decode((const unsigned char *)word + i, n - i, &code);
        i += length ? length : 1;
        out[count] = code >= 'A' && code <= 'Z' ? code + 32 : code;
    }
    return count;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
static size_t edit_distance(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
    size_t rows[3][LONGEST_WORD + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= m; j++)
        before[j] = last[j] = j;
    for (size_t i = 1; i <= n; i++) {
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t replace = last[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = least(replace, least(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[m];
}

const char *mq_text_nearest(const char *word, const char *const *candidates, size_t count)
{
    uint32_t a[LONGEST_WORD], b[LONGEST_WORD];
    size_t n = letters(word, a);
    if (n == 0)
        return NULL;
    size_t best = n / 3 > 1 ? n / 3 : 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t m = letters(candidates[i], b);
        size_t distance = edit_distance(a, n, b, m);
        /* Words with nothing in common are not near, however short they are. */
        if (distance >= (n > m ? n : m))
            continue;
        if (distance < best || (distance == best && !nearest)) {
            best = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}
