/* fill_words: places that are typed into paragraphs, over however many runs. */
#include "publish/fill.h"

#include <stdlib.h>
#include <string.h>

static const char alone[] = "stands in a line with other text: give it a paragraph of its own";

/* ---- places that are typed ---- */

/* The words of a paragraph with where they stand. */
struct piece {
    xmlNodePtr text; /* w:t */
    size_t start, length;
};
struct words {
    struct mq_buffer text; /* '\1' for what is no word: tabs, pictures, controls of ours */
    struct piece *piece;
    size_t pieces, room;
    bool failed;
};

static void words_clear(struct words *words)
{
    mq_buffer_clear(&words->text);
    free(words->piece);
}

static void add_piece(struct words *words, xmlNodePtr node)
{
    if (words->pieces == words->room) {
        size_t room = words->room ? words->room * 2 : 16;
        struct piece *piece = realloc(words->piece, room * sizeof *piece);
        if (!piece) {
            words->failed = true;
            return;
        }
        words->piece = piece;
        words->room = room;
    }
    xmlChar *text = xmlNodeGetContent(node);
    size_t length = text ? strlen((char *)text) : 0;
    words->piece[words->pieces++] = (struct piece){node, words->text.length, length};
    mq_buffer_add(&words->text, text ? (char *)text : "", length);
    xmlFree(text);
}

static bool is_one_of(xmlNodePtr node, const char *const *names)
{
    for (; *names; names++)
        if (mq_fill_is(node, *names))
            return true;
    return false;
}

static void read_run(xmlNodePtr run, struct words *words)
{
    static const char *const nothing[] = {"rPr", "lastRenderedPageBreak", NULL};
    for (xmlNodePtr child = run->children; child; child = child->next) {
        if (mq_fill_is(child, "t"))
            add_piece(words, child);
        else if (child->type == XML_ELEMENT_NODE && !is_one_of(child, nothing))
            mq_buffer_add(&words->text, "\1", 1);
    }
}

static void read_words(struct mq_fill *fill, xmlNodePtr parent, struct words *words)
{
    static const char *const holders[] = {"hyperlink", "ins",        "moveTo", "smartTag",
                                          "fldSimple", "sdtContent", NULL};
    static const char *const nothing[] = {"pPr",
                                          "proofErr",
                                          "bookmarkStart",
                                          "bookmarkEnd",
                                          "del",
                                          "moveFrom",
                                          "commentRangeEnd",
                                          "commentRangeStart",
                                          "permStart",
                                          "permEnd",
                                          "moveFromRangeStart",
                                          "moveFromRangeEnd",
                                          "moveToRangeStart",
                                          "moveToRangeEnd",
                                          NULL};
    for (xmlNodePtr child = parent->children; child; child = child->next) {
        if (mq_fill_is(child, "r"))
            read_run(child, words);
        else if (is_one_of(child, holders))
            read_words(fill, child, words);
        else if (mq_fill_is(child, "sdt") && !mq_fill_control_tag(fill, child) &&
                 mq_fill_child(child, "sdtContent"))
            read_words(fill, mq_fill_child(child, "sdtContent"), words);
        else if (child->type == XML_ELEMENT_NODE && !is_one_of(child, nothing))
            mq_buffer_add(&words->text, "\1", 1);
    }
    mq_buffer_text(&words->text, "");
}

static bool set_text(xmlNodePtr node, const char *text, size_t length)
{
    xmlNodeSetContent(node, NULL);
    xmlNodeAddContentLen(node, (const xmlChar *)text, (int)length);
    return xmlNodeSetSpacePreserve(node, 1), true;
}

/* Cuts the run of the piece so that a run starts at `offset` of its text; the new one has the same
 * properties. NULL on failure. */
static xmlNodePtr cut_run(struct mq_fill *fill, const struct words *words,
                          const struct piece *piece, size_t offset)
{
    xmlNodePtr run = piece->text->parent, properties = mq_fill_child(run, "rPr");
    xmlNodePtr second = xmlDocCopyNode(run, run->doc, 2); /* with attributes and namespaces */
    xmlNodePtr copy = properties ? xmlDocCopyNode(properties, run->doc, 1) : NULL;
    xmlNodePtr text = second ? xmlDocCopyNode(piece->text, run->doc, 2) : NULL;
    if (!second || !text || (properties && !copy)) {
        xmlFreeNode(second);
        xmlFreeNode(copy);
        xmlFreeNode(text);
        mq_fill_memory(fill);
        return NULL;
    }
    const char *words_of = words->text.data + piece->start;
    if (copy)
        xmlAddChild(second, copy);
    xmlAddChild(second, text);
    set_text(text, words_of + offset, piece->length - offset);
    for (xmlNodePtr rest = piece->text->next; rest;) {
        xmlNodePtr next = rest->next;
        xmlUnlinkNode(rest);
        xmlAddChild(second, rest);
        rest = next;
    }
    set_text(piece->text, words_of, offset);
    xmlAddNextSibling(run, second);
    return second;
}

/* The piece that the letter at `at` stands in. */
static const struct piece *piece_at(const struct words *words, size_t at)
{
    for (size_t i = 0; i < words->pieces; i++)
        if (at >= words->piece[i].start && at < words->piece[i].start + words->piece[i].length)
            return &words->piece[i];
    return NULL;
}

static bool starts_run(const struct piece *piece)
{
    for (xmlNodePtr before = piece->text->prev; before; before = before->prev)
        if (before->type == XML_ELEMENT_NODE && !mq_fill_is(before, "rPr"))
            return false;
    return true;
}

/* The words [start, end) get runs of their own. False on failure. */
static bool isolate(struct mq_fill *fill, xmlNodePtr paragraph, size_t start, size_t end)
{
    for (int side = 0; side < 2; side++) { /* the end first: it does not move the start */
        struct words words = {0};
        read_words(fill, paragraph, &words);
        size_t at = side ? start : end;
        const struct piece *piece = words.failed || words.text.failed ? NULL : piece_at(&words, at);
        bool made = !words.failed && !words.text.failed;
        if (piece && (at > piece->start || !starts_run(piece)))
            made = cut_run(fill, &words, piece, at - piece->start) != NULL;
        words_clear(&words);
        if (!made)
            return mq_fill_memory(fill);
    }
    return true;
}

/* Puts a control with the text where the words [start, end) stand. */
static bool place_words(struct mq_fill *fill, xmlNodePtr paragraph, size_t start, size_t end,
                        const struct mq_fill_place *place)
{
    struct words words = {0};
    struct mq_buffer xml = MQ_BUFFER_EMPTY;
    if (!isolate(fill, paragraph, start, end))
        return false;
    read_words(fill, paragraph, &words);
    xmlNodePtr last = NULL, first = NULL;
    bool made = !words.failed && !words.text.failed;
    for (size_t i = 0; made && i < words.pieces && !first; i++)
        if (words.piece[i].start >= start && words.piece[i].length > 0)
            first = words.piece[i].text->parent;
    if (first) {
        mq_buffer_text(&xml, "<w:sdt><w:sdtPr><w:tag w:val=\"");
        mq_docx_escape(&xml, place->tag);
        mq_buffer_text(&xml, "\"/></w:sdtPr><w:sdtContent>");
        mq_fill_add_words(fill, mq_fill_child(first, "rPr"), place->text, &xml);
        mq_buffer_text(&xml, "</w:sdtContent></w:sdt>");
        made = !xml.failed && mq_fill_insert(fill, first, xml.data);
    }
    for (size_t i = 0; made && i < words.pieces; i++) {
        const struct piece *piece = &words.piece[i];
        if (piece->start < start || piece->start >= end || piece->length == 0)
            continue;
        if (last && last != piece->text->parent)
            mq_fill_drop(last);
        last = piece->text->parent;
    }
    if (made)
        mq_fill_drop(last);
    words_clear(&words);
    mq_buffer_clear(&xml);
    return made || mq_fill_memory(fill);
}

/* ---- a paragraph that is a place ---- */

/* Marks that other parts of the document may point to stay. */
static void keep_marks(xmlNodePtr paragraph)
{
    static const char *const marks[] = {"bookmarkStart", "bookmarkEnd", "commentRangeStart",
                                        "commentRangeEnd", NULL};
    for (xmlNodePtr child = paragraph->children; child;) {
        xmlNodePtr next = child->next;
        if (is_one_of(child, marks)) {
            xmlUnlinkNode(child);
            xmlAddPrevSibling(paragraph, child);
        }
        child = next;
    }
}

/* The paragraph becomes a control around blocks. One that ends a section stays, empty. */
bool mq_fill_paragraph(struct mq_fill *fill, xmlNodePtr paragraph,
                       const struct mq_fill_place *place)
{
    struct mq_buffer xml = MQ_BUFFER_EMPTY;
    xmlNodePtr properties = mq_fill_child(paragraph, "pPr");
    mq_buffer_text(&xml, "<w:sdt><w:sdtPr><w:tag w:val=\"");
    mq_docx_escape(&xml, place->tag);
    mq_buffer_text(&xml, "\"/></w:sdtPr><w:sdtContent>");
    bool made = mq_fill_block(fill, place, paragraph, paragraph, &xml);
    mq_buffer_text(&xml, "</w:sdtContent></w:sdt>");
    if (made) {
        keep_marks(paragraph);
        made = !xml.failed && mq_fill_insert(fill, paragraph, xml.data);
    }
    if (made && properties && mq_fill_child(properties, "sectPr")) {
        for (xmlNodePtr child = paragraph->children; child;) {
            xmlNodePtr next = child->next;
            if (child != properties)
                mq_fill_drop(child);
            child = next;
        }
    } else if (made) {
        mq_fill_drop(paragraph);
    }
    mq_buffer_clear(&xml);
    return made || mq_fill_memory(fill);
}

/* Whether the words [start, end) are all there is but blanks. */
static bool stands_alone(const char *text, size_t start, size_t end)
{
    return mq_text_trim((struct mq_text){text, start}).n == 0 &&
           mq_text_trim(mq_text(text + end)).n == 0;
}

/* "…with that paragraph's text" shortened to what a message can carry. */
static bool refuse_line(struct mq_fill *fill, const char *tag, const char *text)
{
    size_t n = strlen(text), most = 120;
    if (n > most)
        for (n = most; n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80;)
            n--;
    char *message =
        mq_arena_format(&fill->arena, "%s: “%.*s%s”", alone, (int)n, text, text[n] ? "…" : "");
    if (!message)
        return mq_fill_memory(fill);
    for (char *c = message; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    return mq_fill_refuse(fill, tag, message);
}

/* Fills the next place of a paragraph from *from on. False at its end, or if the paragraph is gone.
 */
bool mq_fill_next(struct mq_fill *fill, xmlNodePtr paragraph, size_t *from, bool *changed)
{
    struct words words = {0};
    struct mq_fill_place place;
    bool more = false;
    read_words(fill, paragraph, &words);
    if (words.failed || words.text.failed) {
        words_clear(&words);
        return mq_fill_memory(fill);
    }
    char *open = words.text.length > *from ? strstr(words.text.data + *from, "{{") : NULL;
    char *close = open ? strstr(open, "}}") : NULL;
    if (close) {
        for (char *inner; (inner = strstr(open + 2, "{{")) && inner < close;)
            open = inner;
        size_t start = (size_t)(open - words.text.data),
               end = (size_t)(close + 2 - words.text.data);
        char *body = mq_arena_string(&fill->arena, open + 2, (size_t)(close - open) - 2);
        *from = end;
        if (!body || strchr(body, '\1'))
            more = body || mq_fill_memory(fill);
        else if (!mq_fill_find(fill, body, &place))
            more = fill->status == MQ_OK;
        else if (place.kind > MQ_FILL_TEXT) {
            more = place_words(fill, paragraph, start, end, &place);
            *from = start + 1; /* the control counts one */
            *changed |= more;
            fill->report->filled += more;
        } else if (!stands_alone(words.text.data, start, end)) {
            refuse_line(fill, place.tag, words.text.data);
            more = fill->status == MQ_OK;
        } else {
            *changed |= mq_fill_paragraph(fill, paragraph, &place);
            fill->report->filled += fill->status == MQ_OK;
        }
    }
    words_clear(&words);
    return more;
}

/* A control in a line, for what needs a paragraph of its own: fine if nothing else stands there. */
bool mq_fill_line(struct mq_fill *fill, xmlNodePtr paragraph, const struct mq_fill_place *place)
{
    struct words words = {0};
    read_words(fill, paragraph, &words);
    const char *text = words.text.data && !words.text.failed ? words.text.data : "";
    bool whole = mq_fill_is(paragraph, "p") && mq_text_is(mq_text_trim(mq_text(text)), "\1");
    bool made =
        whole ? mq_fill_paragraph(fill, paragraph, place) : refuse_line(fill, place->tag, text);
    words_clear(&words);
    return made;
}
