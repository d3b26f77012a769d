/*
 * xlsx_scan: a large part of a workbook, tag by tag, in one buffer that is filled again and again.
 *
 * Of XML it takes what a part can have: start and stop tags, texts, CDATA, comments, processing
 * instructions, the predefined entities and character references; a DTD is refused. The byte after
 * the buffer's end is '<', which may stand neither in a text nor in a tag: loops need no other
 * bound.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ingest/xlsx.h"

enum { BUFFER = 256 << 10, TOKEN_MOST = 16 << 20 };

enum mq_status mq_xlsx_broken(const struct mq_xlsx_scan *scan, struct mq_error *error,
                              const char *format, ...)
{
    char reason[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return mq_fail(error, MQ_DATA, scan->part.book->path, (long)scan->row, 0,
                   "part %s is broken XML: %s; open the workbook in Excel or WPS and save it anew",
                   scan->part.name, reason);
}

/* ---- the buffer ---- */

/* More bytes behind those from `keep` on, which move to the front; *keep follows them. */
static enum mq_status fill(struct mq_xlsx_scan *scan, char **keep, struct mq_error *error)
{
    size_t kept = (size_t)(scan->end - *keep), count = 0;
    if (scan->whole)
        return mq_xlsx_broken(scan, error, "it ends in the middle");
    if (kept == scan->capacity) {
        if (kept >= TOKEN_MOST)
            return mq_xlsx_broken(scan, error, "a text is longer than 16 MiB");
        size_t offset = (size_t)(*keep - scan->buffer);
        char *grown = realloc(scan->buffer, 2 * scan->capacity + 1);
        if (!grown)
            return mq_fail_memory(error);
        scan->buffer = grown;
        scan->capacity *= 2;
        *keep = grown + offset;
    }
    memmove(scan->buffer, *keep, kept);
    *keep = scan->at = scan->buffer;
    MQ_TRY(
        mq_xlsx_part_read(&scan->part, scan->buffer + kept, scan->capacity - kept, &count, error));
    scan->end = scan->buffer + kept + count;
    *scan->end = '<';
    scan->whole = count == 0;
    return MQ_OK;
}

/* At least `count` bytes from scan->at on, if there are so many. */
static enum mq_status need(struct mq_xlsx_scan *scan, size_t count, struct mq_error *error)
{
    while ((size_t)(scan->end - scan->at) < count && !scan->whole)
        MQ_TRY(fill(scan, &scan->at, error));
    return MQ_OK;
}

/* ---- names ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool ours(const struct mq_xlsx_scan *scan, struct mq_text prefix)
{
    if (prefix.n == 0 && scan->prefixes > 0 && scan->prefix[0].n == 0)
        return true;
    for (size_t i = 0; i < scan->prefixes; i++)
        if (mq_text_equal(scan->prefix[i], prefix))
            return true;
    return false;
}

/* The name without its prefix. */
static struct mq_text local(const struct mq_xlsx_scan *scan, struct mq_text name)
{
    const char *colon = NULL;
    for (size_t i = 0; i < name.n && !colon; i++)
        if (name.s[i] == ':')
            colon = name.s + i;
    struct mq_text prefix = {name.s, colon ? (size_t)(colon - name.s) : 0};
    if (!ours(scan, prefix))
        return (struct mq_text){"", 0};
    size_t skipped = colon ? prefix.n + 1 : 0;
    return (struct mq_text){name.s + skipped, name.n - skipped};
}

static bool is_sheet_namespace(struct mq_text uri)
{
    return mq_text_is(uri, "http://schemas.openxmlformats.org/spreadsheetml/2006/main") ||
           mq_text_is(uri, "http://purl.oclc.org/ooxml/spreadsheetml/main");
}

/* The root says which prefixes are ours. One whose own prefix it does not explain is taken at its
 * word. */
static enum mq_status take_root(struct mq_xlsx_scan *scan, struct mq_text tag,
                                struct mq_error *error)
{
    struct mq_text name = {"", 0}, value = {"", 0}, whole = scan->rest;
    const char *colon = memchr(tag.s, ':', tag.n);
    struct mq_text own = {tag.s, colon ? (size_t)(colon - tag.s) : 0};
    size_t used = 0;
    bool more = true, foreign = false;
    for (;;) {
        MQ_TRY(mq_xlsx_attribute(scan, &name, &value, &more, error));
        if (!more)
            break;
        bool plain = mq_text_is(name, "xmlns");
        if (!plain && !(name.n > 6 && memcmp(name.s, "xmlns:", 6) == 0))
            continue;
        struct mq_text prefix = {name.s + (plain ? 5 : 6), name.n - (plain ? 5 : 6)};
        if (!is_sheet_namespace(value)) {
            foreign = foreign || mq_text_equal(prefix, own);
            continue;
        }
        if (scan->prefixes == 4 || prefix.n > sizeof scan->root - used)
            return mq_xlsx_broken(scan, error, "too many prefixes of one namespace");
        memcpy(scan->root + used, prefix.s, prefix.n);
        scan->prefix[scan->prefixes++] = (struct mq_text){scan->root + used, prefix.n};
        used += prefix.n;
    }
    if (foreign || (!ours(scan, own) && own.n > sizeof scan->root - used))
        return mq_xlsx_broken(scan, error, "<%.*s> is not of a spreadsheet",
                              (int)(tag.n < 40 ? tag.n : 40), tag.s);
    if (!ours(scan, own) && scan->prefixes < 4) {
        memcpy(scan->root + used, own.s, own.n);
        scan->prefix[scan->prefixes++] = (struct mq_text){scan->root + used, own.n};
    }
    scan->rest = whole;
    return MQ_OK;
}

static enum mq_status push(struct mq_xlsx_scan *scan, struct mq_text name, struct mq_error *error)
{
    if (scan->depth == MQ_XLSX_DEPTH || name.n > MQ_XLSX_NAMES - scan->used)
        return mq_xlsx_broken(scan, error, "tags are nested too deep");
    scan->start[scan->depth++] = (uint16_t)scan->used;
    memcpy(scan->names + scan->used, name.s, name.n);
    scan->used += name.n;
    return MQ_OK;
}

static struct mq_text innermost(const struct mq_xlsx_scan *scan)
{
    size_t start = scan->start[scan->depth - 1];
    return (struct mq_text){scan->names + start, scan->used - start};
}

/* ---- markup ---- */

static enum mq_status start_tag(struct mq_xlsx_scan *scan, struct mq_error *error)
{
    char *p = scan->at, *q = p + 1;
    for (;;) {
        while (*q != '>' && *q != '<' && *q != '"' && *q != '\'')
            q++;
        if (*q == '>')
            break;
        char *at = q;
        if (*q != '<') {
            for (q++; *q != *at && *q != '<'; q++)
                ;
            if (*q != '<') {
                q++;
                continue;
            }
        }
        if (q != scan->end)
            return mq_xlsx_broken(scan, error, "a tag has no end");
        MQ_TRY(fill(scan, &p, error));
        q = p + 1;
    }
    const char *from = p + 1, *end = q;
    struct mq_text name = {from, 0};
    while (from + name.n < end && !is_space(from[name.n]) && from[name.n] != '/')
        name.n++;
    if (name.n == 0 || *from == '=' || *from == '"' || *from == '\'')
        return mq_xlsx_broken(scan, error, "a tag has no name");
    if (scan->depth == 0 && scan->prefixes > 0)
        return mq_xlsx_broken(scan, error, "it goes on behind its end");
    MQ_TRY(push(scan, name, error));
    scan->empty = end[-1] == '/';
    scan->rest = (struct mq_text){from + name.n, (size_t)(end - from) - name.n - scan->empty};
    scan->at = q + 1;
    if (scan->depth == 1)
        MQ_TRY(take_root(scan, name, error));
    scan->name = local(scan, name);
    scan->event = MQ_XLSX_START;
    return MQ_OK;
}

/* "</name>" of the tag that is open, as nearly all stop tags are. */
static bool stop_plainly(struct mq_xlsx_scan *scan)
{
    if (scan->depth == 0)
        return false;
    struct mq_text name = innermost(scan);
    const char *p = scan->at + 2;
    if ((size_t)(scan->end - p) <= name.n || p[name.n] != '>')
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (p[i] != name.s[i])
            return false;
    scan->name = local(scan, (struct mq_text){p, name.n});
    scan->used = scan->start[--scan->depth];
    scan->at += name.n + 3;
    scan->event = MQ_XLSX_STOP;
    return true;
}

static enum mq_status stop_tag(struct mq_xlsx_scan *scan, struct mq_error *error)
{
    if (stop_plainly(scan))
        return MQ_OK;
    char *p = scan->at, *q = p + 2;
    for (;; q = p + 2) {
        while (*q != '>' && *q != '<')
            q++;
        if (*q == '>')
            break;
        if (q != scan->end)
            return mq_xlsx_broken(scan, error, "a tag has no end");
        MQ_TRY(fill(scan, &p, error));
    }
    struct mq_text name = {p + 2, (size_t)(q - p) - 2};
    while (name.n > 0 && is_space(name.s[name.n - 1]))
        name.n--;
    if (scan->depth == 0 || !mq_text_equal(innermost(scan), name)) {
        struct mq_text open = scan->depth > 0 ? innermost(scan) : (struct mq_text){"nothing", 7};
        return mq_xlsx_broken(scan, error, "</%.*s> where %.*s was open",
                              (int)(name.n < 40 ? name.n : 40), name.s,
                              (int)(open.n < 40 ? open.n : 40), open.s);
    }
    scan->name = local(scan, name);
    scan->used = scan->start[--scan->depth];
    scan->at = q + 1;
    scan->event = MQ_XLSX_STOP;
    return MQ_OK;
}

/* From scan->at, where `head` bytes open it, to behind `close`; *body: what lies between. */
static enum mq_status enclosed(struct mq_xlsx_scan *scan, size_t head, const char *close,
                               struct mq_text *body, struct mq_error *error)
{
    char *p = scan->at, *found;
    size_t length = strlen(close);
    while ((size_t)(scan->end - p) < head ||
           !(found = memmem(p + head, (size_t)(scan->end - p) - head, close, length)))
        MQ_TRY(fill(scan, &p, error));
    *body = (struct mq_text){p + head, (size_t)(found - p) - head};
    scan->at = found + length;
    return MQ_OK;
}

static enum mq_status check_declaration(const struct mq_xlsx_scan *scan, struct mq_text body,
                                        struct mq_error *error)
{
    const char *at = memmem(body.s, body.n, "encoding", 8), *end = body.s + body.n;
    if (body.n < 4 || memcmp(body.s, "xml ", 4) != 0 || !at)
        return MQ_OK;
    for (at += 8; at < end && *at != '"' && *at != '\''; at++)
        ;
    size_t left = (size_t)(end - at);
    if ((left > 6 && strncasecmp(at + 1, "UTF-8", 5) == 0) ||
        (left > 9 && strncasecmp(at + 1, "US-ASCII", 8) == 0))
        return MQ_OK;
    return mq_xlsx_broken(scan, error, "it is not in UTF-8");
}

/* Comments, CDATA, instructions; *text: there is an event. */
static enum mq_status other_markup(struct mq_xlsx_scan *scan, bool *text, struct mq_error *error)
{
    struct mq_text body;
    *text = false;
    MQ_TRY(need(scan, 9, error));
    size_t left = (size_t)(scan->end - scan->at);
    if (scan->at[1] == '?') {
        MQ_TRY(enclosed(scan, 2, "?>", &body, error));
        return check_declaration(scan, body, error);
    }
    if (left >= 4 && memcmp(scan->at, "<!--", 4) == 0)
        return enclosed(scan, 4, "-->", &body, error);
    if (left >= 9 && memcmp(scan->at, "<![CDATA[", 9) == 0) {
        MQ_TRY(enclosed(scan, 9, "]]>", &scan->rest, error));
        scan->cdata = *text = true;
        scan->event = MQ_XLSX_TEXT;
        return MQ_OK;
    }
    if (left >= 9 && memcmp(scan->at, "<!DOCTYPE", 9) == 0)
        return mq_fail(error, MQ_DATA, scan->part.book->path, 0, 0,
                       "its part %s declares a DTD, as no workbook does and harmful files do; it "
                       "is not read",
                       scan->part.name);
    return mq_xlsx_broken(scan, error, "a tag has no name");
}

static enum mq_status text_run(struct mq_xlsx_scan *scan, struct mq_error *error)
{
    char *p = scan->at, *q = p;
    for (;; q = p) {
        while (*q != '<')
            q++;
        if (q != scan->end || (scan->whole && scan->depth == 0))
            break;
        MQ_TRY(fill(scan, &p, error));
    }
    scan->rest = (struct mq_text){p, (size_t)(q - p)};
    scan->cdata = false;
    scan->at = q;
    scan->event = MQ_XLSX_TEXT;
    for (size_t i = 0; scan->depth == 0 && i < scan->rest.n; i++)
        if (!is_space(p[i]))
            return mq_xlsx_broken(scan, error, "there is text outside of all tags");
    return MQ_OK;
}

enum mq_status mq_xlsx_next(struct mq_xlsx_scan *scan, struct mq_error *error)
{
    if (scan->empty) { /* scan->name is still that of the start tag */
        scan->empty = false;
        scan->used = scan->start[--scan->depth];
        scan->event = MQ_XLSX_STOP;
        return MQ_OK;
    }
    for (bool found = false; !found;) {
        if (scan->end - scan->at < 2) {
            MQ_TRY(need(scan, 2, error));
            if (scan->at == scan->end && scan->depth == 0 && scan->prefixes > 0) {
                scan->event = MQ_XLSX_END;
                return MQ_OK;
            }
            if (scan->end - scan->at < 2 && scan->depth > 0)
                return mq_xlsx_broken(scan, error, "it ends in the middle");
            if (scan->at == scan->end)
                return mq_xlsx_broken(scan, error, "it is empty");
        }
        if (*scan->at != '<')
            return text_run(scan, error);
        if (scan->at[1] == '/')
            return stop_tag(scan, error);
        if (scan->at[1] != '!' && scan->at[1] != '?')
            return start_tag(scan, error);
        MQ_TRY(other_markup(scan, &found, error));
    }
    return MQ_OK;
}

bool mq_xlsx_leaf(struct mq_xlsx_scan *scan, char name, struct mq_text *text)
{
    const char *p = scan->at;
    if (scan->empty || scan->end - p < 8 || p[0] != '<' || p[1] != name || p[2] != '>' ||
        scan->prefixes != 1 || scan->prefix[0].n > 0)
        return false;
    const char *q = p + 3;
    while ((unsigned char)(*q - ' ') < 0x7F - ' ' && *q != '<' && *q != '&')
        q++;
    if (*q != '<' || scan->end - q < 4 || q[1] != '/' || q[2] != name || q[3] != '>')
        return false;
    *text = (struct mq_text){p + 3, (size_t)(q - p) - 3};
    scan->at += (size_t)(q - p) + 4;
    return true;
}

enum mq_status mq_xlsx_skip(struct mq_xlsx_scan *scan, struct mq_error *error)
{
    size_t depth = scan->depth - 1;
    do
        MQ_TRY(mq_xlsx_next(scan, error));
    while (scan->depth > depth);
    return MQ_OK;
}

enum mq_status mq_xlsx_leap(struct mq_xlsx_scan *scan, struct mq_error *error)
{
    char wanted[64] = "</";
    struct mq_text name = innermost(scan);
    char *found = NULL;
    if (scan->empty || name.n > sizeof wanted - 2)
        return mq_xlsx_skip(scan, error);
    memcpy(wanted + 2, name.s, name.n);
    while (!(found = memmem(scan->at, (size_t)(scan->end - scan->at), wanted, name.n + 2))) {
        char *keep = scan->end - scan->at > 64 ? scan->end - 64 : scan->at;
        MQ_TRY(fill(scan, &keep, error));
    }
    scan->at = found;
    return mq_xlsx_next(scan, error);
}

enum mq_status mq_xlsx_attribute(struct mq_xlsx_scan *scan, struct mq_text *name,
                                 struct mq_text *value, bool *more, struct mq_error *error)
{
    const char *at = scan->rest.s, *end = at + scan->rest.n;
    while (at < end && is_space(*at))
        at++;
    *more = at < end;
    if (at == end)
        return MQ_OK;
    name->s = at;
    while (at < end && *at != '=' && !is_space(*at))
        at++;
    name->n = (size_t)(at - name->s);
    while (at < end && is_space(*at))
        at++;
    bool equals = at < end && *at == '=';
    for (at += equals; at < end && is_space(*at); at++)
        ;
    const char *close = NULL;
    if (equals && at < end && (*at == '"' || *at == '\''))
        close = memchr(at + 1, *at, (size_t)(end - at) - 1);
    if (!close || name->n == 0)
        return mq_xlsx_broken(scan, error, "an attribute of <%.*s> has no value",
                              (int)(scan->name.n < 40 ? scan->name.n : 40), scan->name.s);
    *value = (struct mq_text){at + 1, (size_t)(close - at) - 1};
    scan->rest = (struct mq_text){close + 1, (size_t)(end - close) - 1};
    return MQ_OK;
}

enum mq_status mq_xlsx_scan_open(const struct mq_xlsx *book, const char *name,
                                 struct mq_xlsx_scan *scan, struct mq_error *error)
{
    *scan = (struct mq_xlsx_scan){0};
    MQ_TRY(mq_xlsx_part_open(book, name, &scan->part, error));
    scan->buffer = malloc(BUFFER + 1);
    if (!scan->buffer)
        return mq_fail_memory(error);
    scan->capacity = BUFFER;
    scan->at = scan->end = scan->buffer;
    *scan->end = '<';
    MQ_TRY(need(scan, 3, error));
    if (scan->end - scan->at >= 3 && memcmp(scan->at, "\xEF\xBB\xBF", 3) == 0)
        scan->at += 3;
    else if (scan->end - scan->at >= 2 &&
             (scan->at[0] == '\xFF' || scan->at[0] == '\xFE' || !scan->at[0] || !scan->at[1]))
        return mq_xlsx_broken(scan, error, "it is not in UTF-8");
    return MQ_OK;
}

void mq_xlsx_scan_close(struct mq_xlsx_scan *scan)
{
    free(scan->buffer);
    mq_xlsx_part_close(&scan->part);
    *scan = (struct mq_xlsx_scan){0};
}
