/* Text of a publication as LaTeX wants it. */
#include "publish/tex_parts.h"

#include <string.h>

struct sign {
    const char *text, *tex;
};

/* Longest first where one begins with another. `[` and `*` would be arguments of the \\ of the row
 * before; two hyphens would become a dash. */
static const struct sign signs[] = {
    {"\\", "\\textbackslash{}"},
    {"{", "\\{"},
    {"}", "\\}"},
    {"$", "\\$"},
    {"&", "\\&"},
    {"#", "\\#"},
    {"%", "\\%"},
    {"_", "\\_"},
    {"^", "\\textasciicircum{}"},
    {"~", "\\textasciitilde{}"},
    {"<", "\\textless{}"},
    {">", "\\textgreater{}"},
    {"|", "\\textbar{}"},
    {"\"", "\\textquotedbl{}"},
    {"'", "\\textquotesingle{}"},
    {"`", "\\textasciigrave{}"},
    {"[", "{[}"},
    {"]", "{]}"},
    {"*", "{*}"},
    {"-", "-{}"},
    {"−", "$-$"},
    {"±", "$\\pm$"},
    {"×", "$\\times$"},
    {"↑", "$\\uparrow$"},
    {"↓", "$\\downarrow$"},
    {"…", "\\ldots{}"},
    {"△", "$\\triangle$"},
    {"▽", "$\\bigtriangledown$"},
    {"◇", "$\\diamond$"},
    {"○", "$\\bigcirc$"},
    {"≤", "$\\le$"},
    {"≥", "$\\ge$"},
};

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.';
}

void mq_tex_span(struct mq_buffer *tex, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        size_t plain = 0, i = 0;
        while (text + plain < end && is_plain(text[plain]))
            plain++;
        mq_buffer_add(tex, text, plain);
        text += plain;
        if (text == end)
            break;
        while (i < sizeof signs / sizeof *signs &&
               strncmp(text, signs[i].text, strlen(signs[i].text)) != 0)
            i++;
        if (i < sizeof signs / sizeof *signs) {
            mq_buffer_text(tex, signs[i].tex);
            text += strlen(signs[i].text);
            continue;
        }
        unsigned char c = (unsigned char)*text;
        mq_buffer_add(tex, c < 0x20 || c == 0x7f ? " " : text, 1);
        text++;
    }
}

void mq_tex_text(struct mq_buffer *tex, const char *text)
{
    mq_tex_span(tex, text, strlen(text));
}
