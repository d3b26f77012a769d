/* xlsx_formats: number formats, as far as they make a number a date (ECMA-376 part 1, 18.8.30). */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ingest/xlsx.h"

/* ---- one format code ---- */

/* "[h]", "[mm]" count on beyond a day; other brackets are colours, conditions, languages. */
static bool is_elapsed(const char *code, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!strchr("hHmMsS", code[i]))
            return false;
    return length > 0;
}

/* What a letter outside quotes and brackets stands for; 'm' is for the other letters to say. */
static int letter_kind(const char *code, size_t length, size_t at)
{
    switch (code[at]) {
    case 'e': /* the year in Chinese formats; "0.00E+00" is no date */
    case 'E':
        return at + 1 < length && (code[at + 1] == '+' || code[at + 1] == '-') ? 0 : MQ_XLSX_YEAR;
    case 'y':
    case 'Y':
        return MQ_XLSX_YEAR;
    case 'd':
    case 'D':
        return MQ_XLSX_DAY;
    case 'h':
    case 'H':
    case 's':
    case 'S':
        return MQ_XLSX_CLOCK;
    default:
        return 0;
    }
}

int mq_xlsx_format_kind(const char *code, size_t length)
{
    int found = 0;
    bool minutes = false; /* or months */
    if (length >= 7 && strncasecmp(code, "General", 7) == 0)
        return MQ_XLSX_PLAIN;
    for (size_t i = 0; i < length && code[i] != ';'; i++) { /* the first section is for positive */
        const char *close = NULL;
        if (code[i] == '"' || code[i] == '[') {
            close = memchr(code + i + 1, code[i] == '"' ? '"' : ']', length - i - 1);
            if (!close)
                break;
        }
        if (code[i] == '[' && is_elapsed(code + i + 1, (size_t)(close - code) - i - 1))
            found |= MQ_XLSX_CLOCK | MQ_XLSX_ELAPSED;
        if (close)
            i = (size_t)(close - code);
        else if (code[i] == '\\' || code[i] == '_' || code[i] == '*')
            i++; /* the next stands for itself */
        else if (code[i] == 'm' || code[i] == 'M')
            minutes = true;
        else
            found |= letter_kind(code, length, i);
    }
    if (found == MQ_XLSX_YEAR && !minutes)
        return MQ_XLSX_DAY | MQ_XLSX_YEAR;
    if (found & MQ_XLSX_YEAR || (minutes && !found))
        found |= MQ_XLSX_DAY;
    return found & ~MQ_XLSX_YEAR;
}

/* Formats that are known by their number alone; 27-36 and 50-58 are those of East Asian Excels. */
static int builtin_kind(unsigned long id)
{
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
        return MQ_XLSX_DAY;
    if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47)
        return MQ_XLSX_CLOCK;
    if (id == 22)
        return MQ_XLSX_DAY | MQ_XLSX_CLOCK;
    return id == 46 ? MQ_XLSX_CLOCK | MQ_XLSX_ELAPSED : MQ_XLSX_PLAIN;
}

/* ---- the styles of a workbook ---- */

struct custom {
    struct custom *next;
    unsigned long id;
    int kind;
};

struct styles {
    struct mq_arena *arena;
    struct custom *custom;
    unsigned char *kind;
    size_t count, room;
};

static unsigned long number(struct mq_text text)
{
    unsigned long value = 0;
    for (size_t i = 0; i < text.n && i < 9 && text.s[i] >= '0' && text.s[i] <= '9'; i++)
        value = value * 10 + (unsigned long)(text.s[i] - '0');
    return value;
}

static bool take_format(struct styles *styles, const struct mq_xlsx_attributes *attributes)
{
    struct mq_text code = mq_xlsx_get(attributes, "formatCode");
    struct custom *custom = mq_arena_alloc(styles->arena, sizeof *custom);
    if (!custom)
        return false;
    custom->id = number(mq_xlsx_get(attributes, "numFmtId"));
    custom->kind = mq_xlsx_format_kind(code.s, code.n);
    custom->next = styles->custom;
    styles->custom = custom;
    return true;
}

static bool take_style(struct styles *styles, unsigned long id)
{
    if (styles->count == styles->room) {
        size_t room = styles->room ? 2 * styles->room : 64;
        unsigned char *grown = mq_arena_alloc(styles->arena, room);
        if (!grown)
            return false;
        if (styles->count)
            memcpy(grown, styles->kind, styles->count);
        styles->kind = grown;
        styles->room = room;
    }
    int kind = builtin_kind(id);
    for (const struct custom *it = styles->custom; it; it = it->next)
        if (it->id == id) {
            kind = it->kind;
            break;
        }
    styles->kind[styles->count++] = (unsigned char)kind;
    return true;
}

static bool take(void *context, const char *parent, const char *name,
                 const struct mq_xlsx_attributes *attributes)
{
    struct styles *styles = context;
    if (strcmp(name, "numFmt") == 0 && strcmp(parent, "numFmts") == 0)
        return take_format(styles, attributes);
    if (strcmp(name, "xf") == 0 && strcmp(parent, "cellXfs") == 0)
        return take_style(styles, number(mq_xlsx_get(attributes, "numFmtId")));
    return true;
}

enum mq_status mq_xlsx_formats_read(struct mq_xlsx *book, const char *part,
                                    struct mq_xlsx_formats *formats, struct mq_error *error)
{
    struct styles styles = {.arena = &book->arena};
    *formats = (struct mq_xlsx_formats){0};
    if (!part)
        return MQ_OK;
    MQ_TRY(mq_xlsx_walk(book, part, take, &styles, error));
    *formats = (struct mq_xlsx_formats){styles.kind, styles.count};
    return MQ_OK;
}
