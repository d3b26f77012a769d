#include "model/print_yaml.h"

#include <string.h>

/* Words YAML readers take for something else than text. */
static bool reserved(const char *text)
{
    static const char *const words[] = {"true", "false", "yes", "no",  "on", "off",
                                        "null", "y",     "n",   "nan", "inf"};
    char lower[8];
    size_t length = strlen(text);
    if (length >= sizeof lower)
        return false;
    for (size_t i = 0; i <= length; i++)
        lower[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(lower, words[i]) == 0)
            return true;
    return false;
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Code points that YAML takes for line ends or refuses, and that must be escaped. */
static uint32_t special(const unsigned char *s)
{
    if (s[0] == 0xC2 && s[1] < 0xA0)
        return s[1];
    if (s[0] == 0xE2 && s[1] == 0x80 && (s[2] == 0xA8 || s[2] == 0xA9))
        return 0x2028u + (s[2] - 0xA8u);
    if (s[0] == 0xEF && s[1] == 0xBB && s[2] == 0xBF)
        return 0xFEFF;
    if (s[0] == 0xEF && s[1] == 0xBF && s[2] >= 0xBE)
        return 0xFFFEu + (s[2] - 0xBEu);
    return 0;
}

static bool bare(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || text[length - 1] == ' ' || reserved(text))
        return false;
    for (size_t i = 0; i < length; i++) {
        bool high = (unsigned char)text[i] >= 0x80;
        if (high && special((const unsigned char *)text + i))
            return false;
        if (!high && !letter(text[i]) && (i == 0 || !strchr("0123456789 ._-/()*+<>=", text[i])))
            return false;
    }
    return true;
}

void mq_yaml_text(struct mq_buffer *yaml, const char *text)
{
    if (bare(text)) {
        mq_buffer_text(yaml, text);
        return;
    }
    mq_buffer_text(yaml, "\"");
    for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
        uint32_t escape = *s >= 0x80 ? special(s) : 0;
        if (*s == '"' || *s == '\\') {
            mq_buffer_format(yaml, "\\%c", *s);
        } else if (*s == '\n') {
            mq_buffer_text(yaml, "\\n");
        } else if (*s < 0x20 || *s == 0x7F) {
            mq_buffer_format(yaml, "\\x%02X", (unsigned)*s);
        } else if (escape) {
            mq_buffer_format(yaml, "\\u%04X", (unsigned)escape);
            s += escape < 0x100 ? 1 : 2;
        } else {
            mq_buffer_add(yaml, (const char *)s, 1);
        }
    }
    mq_buffer_text(yaml, "\"");
}

void mq_yaml_fraction(struct mq_buffer *yaml, int64_t numerator, int64_t denominator)
{
    mq_buffer_format(yaml, "%lld", (long long)numerator);
    if (denominator != 1)
        mq_buffer_format(yaml, "/%lld", (long long)denominator);
}

void mq_yaml_pair(struct mq_buffer *yaml, const char *lead, const char *key, const char *text)
{
    mq_buffer_format(yaml, "%s%s: ", lead, key);
    mq_yaml_text(yaml, text);
    mq_buffer_text(yaml, "\n");
}

void mq_yaml_flow(struct mq_buffer *yaml, const char *lead, const char *key,
                  const char *const *texts, size_t count)
{
    mq_buffer_format(yaml, "%s%s: [", lead, key);
    for (size_t i = 0; i < count; i++) {
        mq_buffer_text(yaml, i ? ", " : "");
        mq_yaml_text(yaml, texts[i]);
    }
    mq_buffer_text(yaml, "]\n");
}
