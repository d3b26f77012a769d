/* Texts of data made safe for the places of a web page. */
#include "publish/html.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

const char *mq_page_word(const struct mq_page *page, const char *chinese, const char *english)
{
    return page->chinese ? chinese : english;
}

void mq_page_markup(struct mq_page *page, const char *markup)
{
    mq_buffer_text(&page->out, markup);
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return "";
    }
}

void mq_html_text(struct mq_buffer *out, const char *text)
{
    while (text && *text) {
        size_t plain = strcspn(text, "&<>\"'\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0d\x0e\x0f"
                                     "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e"
                                     "\x1f\x7f");
        mq_buffer_add(out, text, plain);
        text += plain;
        if (*text)
            mq_buffer_text(out, entity(*text++));
    }
}

void mq_page_text(struct mq_page *page, const char *text)
{
    mq_html_text(&page->out, text);
}

void mq_page_line(struct mq_page *page, const char *element, const char *class, const char *text)
{
    if (!text || !text[0])
        return;
    mq_buffer_format(&page->out, class[0] ? "<%s class=\"%s\">" : "<%s>", element, class);
    mq_page_text(page, text);
    mq_buffer_format(&page->out, "</%s>\n", element);
}

void mq_html_id(struct mq_buffer *out, const char *text)
{
    static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (; *text; text++)
        if (strchr(kept, *text))
            mq_buffer_add(out, text, 1);
        else
            mq_buffer_format(out, ".%02x", (unsigned)(unsigned char)*text);
}

void mq_html_json(struct mq_buffer *out, const char *text)
{
    mq_buffer_text(out, "\"");
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x7f)
            mq_buffer_format(out, "\\u%04x", (unsigned)c);
        else {
            if (c == '"' || c == '\\')
                mq_buffer_text(out, "\\");
            mq_buffer_add(out, text, 1);
        }
    }
    mq_buffer_text(out, "\"");
}

void mq_html_base64(struct mq_buffer *out, const void *bytes, size_t count)
{
    enum { BLOCK = 48 * 1024 }; /* a multiple of three: no padding inside */
    unsigned char *text = malloc(BLOCK / 3 * 4 + 1);
    if (!text) {
        out->failed = true;
        return;
    }
    const unsigned char *from = bytes;
    while (count > 0) {
        size_t part = count < BLOCK ? count : BLOCK;
        int length = EVP_EncodeBlock(text, from, (int)part);
        mq_buffer_add(out, (const char *)text, (size_t)length);
        from += part;
        count -= part;
    }
    free(text);
}
