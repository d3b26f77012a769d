/* xlsx_text: what the texts of a part mean: entities, runs, escapes. */
#include <string.h>

#include "ingest/xlsx.h"

static void put_character(struct mq_buffer *out, uint32_t code)
{
    char bytes[4];
    size_t count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = count; i-- > 1; code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3F));
    static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
    bytes[0] = (char)(lead[count - 1] | code);
    mq_buffer_add(out, bytes, count);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
}

/* "#65" or "#x41": a character that XML allows, or 0. */
static uint32_t reference(const char *text, size_t length)
{
    bool hex = length > 1 && text[1] == 'x';
    uint32_t code = 0;
    if (length < (hex ? 3u : 2u))
        return 0;
    for (size_t i = hex ? 2 : 1; i < length; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0 || (!hex && digit > 9) || code > 0x10FFFF)
            return 0;
        code = code * (hex ? 16 : 10) + (uint32_t)digit;
    }
    bool control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
    bool outside =
        code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) || code == 0xFFFE || code == 0xFFFF;
    return control || outside ? 0 : code;
}

static uint32_t entity(const char *text, size_t length)
{
    static const struct {
        const char *name;
        uint32_t code;
    } known[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    if (length > 0 && text[0] == '#')
        return reference(text, length);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (mq_text_is((struct mq_text){text, length}, known[i].name))
            return known[i].code;
    return 0;
}

/* Line ends become LF (XML 1.0, 2.11), entities their characters. */
static enum mq_status add(struct mq_xlsx_scan *scan, struct mq_buffer *out, struct mq_error *error)
{
    struct mq_text raw = scan->rest;
    size_t from = 0;
    for (size_t i = 0; i < raw.n; i++) {
        unsigned char c = (unsigned char)raw.s[i];
        if (c >= 0x20 && (c != '&' || scan->cdata))
            continue;
        if (c == '\n' || c == '\t')
            continue;
        mq_buffer_add(out, raw.s + from, i - from);
        if (c == '\r') {
            if (i + 1 == raw.n || raw.s[i + 1] != '\n')
                mq_buffer_add(out, "\n", 1);
            from = i + 1;
            continue;
        }
        const char *end = c == '&' ? memchr(raw.s + i, ';', raw.n - i) : NULL;
        uint32_t code = end ? entity(raw.s + i + 1, (size_t)(end - raw.s) - i - 1) : 0;
        if (code == 0)
            return mq_xlsx_broken(
                scan, error, c == '&' ? "an entity is unknown" : "a control character (%u)", c);
        put_character(out, code);
        i = (size_t)(end - raw.s);
        from = i + 1;
    }
    mq_buffer_add(out, raw.s + from, raw.n - from);
    return MQ_OK;
}

static enum mq_status check_text(const struct mq_xlsx_scan *scan, const struct mq_buffer *out,
                                 size_t from, struct mq_error *error)
{
    if (out->failed)
        return mq_fail_memory(error);
    size_t length = out->length - from;
    if (length > 0 && mq_utf8_valid(out->data + from, length) < length)
        return mq_xlsx_broken(scan, error, "a text is not UTF-8");
    return MQ_OK;
}

enum mq_status mq_xlsx_content(struct mq_xlsx_scan *scan, struct mq_buffer *out,
                               struct mq_error *error)
{
    size_t depth = scan->depth - 1, from = out->length;
    for (;;) {
        MQ_TRY(mq_xlsx_next(scan, error));
        if (scan->depth == depth)
            return check_text(scan, out, from, error);
        if (scan->event == MQ_XLSX_TEXT && scan->depth == depth + 1)
            MQ_TRY(add(scan, out, error));
    }
}

enum mq_status mq_xlsx_string(struct mq_xlsx_scan *scan, struct mq_buffer *out,
                              struct mq_error *error)
{
    size_t depth = scan->depth - 1, from = out->length;
    for (;;) {
        MQ_TRY(mq_xlsx_next(scan, error));
        if (scan->depth == depth)
            break;
        if (scan->event != MQ_XLSX_START)
            continue;
        if (mq_text_is(scan->name, "t"))
            MQ_TRY(mq_xlsx_content(scan, out, error));
        else if (!mq_text_is(scan->name, "r"))
            MQ_TRY(mq_xlsx_skip(scan, error));
    }
    mq_xlsx_unescape(out, from);
    return out->failed ? mq_fail_memory(error) : MQ_OK;
}

/* The code of "_xHHHH_", 0 if there is none or it stands for no character of its own. */
static uint32_t escape(const char *text, size_t length)
{
    uint32_t code = 0;
    if (length < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_')
        return 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0)
            return 0;
        code = code * 16 + (uint32_t)digit;
    }
    return code >= 0xD800 && code < 0xE000 ? 0 : code;
}

void mq_xlsx_unescape(struct mq_buffer *text, size_t from)
{
    size_t length = text->length - from;
    if (text->failed || length < 7 || !memmem(text->data + from, length, "_x", 2))
        return;
    const char *at = text->data + from;
    struct mq_buffer plain = MQ_BUFFER_EMPTY;
    for (size_t i = 0; i < length;) {
        uint32_t code = escape(at + i, length - i);
        if (code)
            put_character(&plain, code);
        else
            mq_buffer_add(&plain, at + i, 1);
        i += code ? 7 : 1;
    }
    text->length = from;
    mq_buffer_add(text, plain.data, plain.length);
    text->failed = text->failed || plain.failed;
    mq_buffer_clear(&plain);
}
