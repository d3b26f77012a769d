/* From a byte of a scalar's text back to its line and column: walks the source and the text side by
 * side. */
#include "model/yaml_tree.h"

#include <string.h>

struct walk {
    const struct mq_yaml_file *file;
    size_t byte;
    struct mq_position at;
};

static size_t character(const char *bytes, size_t left)
{
    unsigned char first = (unsigned char)bytes[0];
    size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return length < left ? length : left;
}

static char look(const struct walk *walk)
{
    return walk->byte < walk->file->count ? walk->file->bytes[walk->byte] : '\0';
}

static void step(struct walk *walk)
{
    if (walk->byte >= walk->file->count)
        return;
    const char *here = walk->file->bytes + walk->byte;
    size_t left = walk->file->count - walk->byte;
    bool crlf = *here == '\r' && left > 1 && here[1] == '\n';
    walk->byte += character(here, left);
    if (*here == '\n' || (*here == '\r' && !crlf)) {
        walk->at.line++;
        walk->at.column = 1;
    } else {
        walk->at.column++;
    }
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Also a line end behind a backslash, which only double quotes have. */
static void skip_blank(struct walk *walk, char style)
{
    for (;;) {
        const char *here = walk->file->bytes + walk->byte;
        bool fold = style == '"' && look(walk) == '\\' && walk->byte + 1 < walk->file->count &&
                    (here[1] == '\n' || here[1] == '\r');
        if (!fold && !blank(look(walk)))
            return;
        step(walk);
    }
}

/* To the first character of the text: behind anchor, quote or block header. */
static void enter(struct walk *walk, char style)
{
    while (look(walk) == '&') {
        while (look(walk) && !blank(look(walk)))
            step(walk);
        skip_blank(walk, style);
    }
    if (style == '|') {
        while (look(walk) && look(walk) != '\n')
            step(walk);
        skip_blank(walk, style);
    } else if (style != ' ') {
        step(walk);
    }
}

static void skip_escape(struct walk *walk)
{
    step(walk);
    char kind = look(walk);
    int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    for (int i = 0; i <= digits; i++)
        step(walk);
}

struct mq_position mq_yaml_place(const struct mq_yaml_file *file, const struct mq_yaml *scalar,
                                 size_t offset)
{
    struct walk walk = {.file = file, .at = scalar->at};
    for (size_t i = 0; i < scalar->index && walk.byte < file->count; i++)
        walk.byte += character(file->bytes + walk.byte, file->count - walk.byte);
    enter(&walk, scalar->style);
    size_t i = 0;
    while (i < offset && i < scalar->length) {
        if (blank(scalar->text[i]) && look(&walk) != '\\') {
            skip_blank(
                &walk,
                scalar->style); /* a fold or an indent may be longer or shorter than the text */
            i++;
            continue;
        }
        skip_blank(&walk, scalar->style);
        if (scalar->style == '"' && look(&walk) == '\\')
            skip_escape(&walk);
        else
            step(&walk);
        if (scalar->style == '\'' && scalar->text[i] == '\'')
            step(&walk);
        i += character(scalar->text + i, scalar->length - i);
    }
    if (i < scalar->length && !blank(scalar->text[i]))
        skip_blank(&walk, scalar->style);
    return walk.at;
}
