/* fill_tree: finds places in the XML of a part and puts content controls with results there. */
#include "publish/fill.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#define WORD "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

bool mq_fill_is(const xmlNode *node, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE && node->ns &&
           xmlStrEqual(node->ns->href, (const xmlChar *)WORD) &&
           xmlStrEqual(node->name, (const xmlChar *)name);
}

xmlNodePtr mq_fill_child(const xmlNode *node, const char *name)
{
    for (xmlNodePtr child = node ? node->children : NULL; child; child = child->next)
        if (mq_fill_is(child, name))
            return child;
    return NULL;
}

const char *mq_fill_attribute(struct mq_fill *fill, xmlNodePtr node, const char *name)
{
    xmlChar *value = xmlGetNsProp(node, (const xmlChar *)name, (const xmlChar *)WORD);
    const char *copy =
        value ? mq_arena_string(&fill->arena, (char *)value, strlen((char *)value)) : "";
    xmlFree(value);
    if (!copy)
        mq_fill_memory(fill);
    return copy ? copy : "";
}

/* The prefix of what is put before `at`, which other programs than Word may not use. */
static bool know_prefix(xmlNodePtr at)
{
    xmlNsPtr known = xmlSearchNs(at->doc, at, (const xmlChar *)"w");
    return (known && xmlStrEqual(known->href, (const xmlChar *)WORD)) ||
           xmlNewNs(at->parent, (const xmlChar *)WORD, (const xmlChar *)"w");
}

bool mq_fill_insert(struct mq_fill *fill, xmlNodePtr at, const char *xml)
{
    xmlNodePtr list = NULL;
    xmlParserErrors result = XML_ERR_NO_MEMORY;
    if (know_prefix(at))
        result =
            xmlParseInNodeContext(at->parent, xml, (int)strlen(xml),
                                  XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING, &list);
    if (result != XML_ERR_OK || !list) {
        xmlFreeNodeList(list);
        return mq_fill_memory(fill);
    }
    while (list) {
        xmlNodePtr next = list->next;
        xmlUnlinkNode(list);
        xmlAddPrevSibling(at, list);
        list = next;
    }
    return true;
}

/* ---- controls of ours ---- */

/* The tag of a control that is a place, NULL for others. */
const char *mq_fill_control_tag(struct mq_fill *fill, xmlNodePtr control)
{
    xmlNodePtr properties = mq_fill_child(control, "sdtPr");
    xmlNodePtr tag = properties ? mq_fill_child(properties, "tag") : NULL;
    const char *text = tag ? mq_fill_attribute(fill, tag, "val") : "";
    return mq_fill_is_place(text) ? text : NULL;
}

static xmlNodePtr first_inside(xmlNodePtr node, const char *name)
{
    for (xmlNodePtr child = node->children; child; child = child->next) {
        if (mq_fill_is(child, name))
            return child;
        xmlNodePtr found = first_inside(child, name);
        if (found)
            return found;
    }
    return NULL;
}

/* The paragraph that has the looks of the place: a caption has its own. */
static xmlNodePtr sample_of(xmlNodePtr content)
{
    xmlNodePtr cell = first_inside(content, "tc"), drawing = first_inside(content, "drawing");
    if (cell && !mq_fill_is(content, "tc"))
        return first_inside(cell, "p");
    for (xmlNodePtr node = drawing; node && node != content; node = node->parent)
        if (mq_fill_is(node, "p"))
            return node;
    return first_inside(content, "p");
}

void mq_fill_add_words(struct mq_fill *fill, xmlNodePtr letters, const char *text,
                       struct mq_buffer *xml)
{
    mq_buffer_text(xml, "<w:r>");
    mq_fill_dump(fill, letters, xml);
    mq_buffer_text(xml, "<w:t xml:space=\"preserve\">");
    mq_docx_escape(xml, text);
    mq_buffer_text(xml, "</w:t></w:r>");
}

void mq_fill_drop(xmlNodePtr node)
{
    if (!node)
        return;
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

/* All children are replaced by the XML; `kept` stays in front (may be NULL). */
static bool replace_content(struct mq_fill *fill, xmlNodePtr parent, xmlNodePtr kept,
                            const struct mq_buffer *xml)
{
    if (xml->failed)
        return mq_fill_memory(fill);
    xmlNodePtr mark = xmlNewText((const xmlChar *)"");
    if (!mark || !xmlAddChild(parent, mark))
        return mq_fill_memory(fill);
    for (xmlNodePtr child = parent->children; child;) {
        xmlNodePtr next = child->next;
        if (child != kept && child != mark)
            mq_fill_drop(child);
        child = next;
    }
    bool made = mq_fill_insert(fill, mark, xml->data);
    mq_fill_drop(mark);
    return made;
}

/* What would show the placeholder's text or the author's data instead of the result. */
static void clean_control(xmlNodePtr control, bool block)
{
    xmlNodePtr properties = mq_fill_child(control, "sdtPr");
    mq_fill_drop(mq_fill_child(properties, "showingPlcHdr"));
    mq_fill_drop(mq_fill_child(properties, "dataBinding"));
    if (block)
        mq_fill_drop(mq_fill_child(properties, "text"));
}

/* Properties of the run that words take over: of what stands there, unless that is the grey text
 * of an empty control. */
static xmlNodePtr letters_of(xmlNodePtr control, xmlNodePtr content)
{
    xmlNodePtr properties = mq_fill_child(control, "sdtPr");
    if (mq_fill_child(properties, "showingPlcHdr"))
        return mq_fill_child(properties, "rPr");
    xmlNodePtr run = first_inside(content, "r");
    return run ? mq_fill_child(run, "rPr") : NULL;
}

static bool words_in_control(struct mq_fill *fill, xmlNodePtr control, xmlNodePtr content,
                             const char *text)
{
    struct mq_buffer xml = MQ_BUFFER_EMPTY;
    xmlNodePtr cell = mq_fill_child(content, "tc"), into = cell ? cell : content;
    xmlNodePtr paragraph = mq_fill_child(into, "p");
    bool lines = paragraph || cell || !mq_fill_is(control->parent, "p");
    if (lines && mq_fill_child(content, "r"))
        lines = false; /* in a hyperlink or an insertion */
    if (lines) {
        mq_buffer_text(&xml, "<w:p>");
        mq_fill_dump(fill, paragraph ? mq_fill_child(paragraph, "pPr") : NULL, &xml);
    }
    mq_fill_add_words(fill, letters_of(control, content), text, &xml);
    mq_buffer_text(&xml, lines ? "</w:p>" : "");
    clean_control(control, false);
    bool made = replace_content(fill, into, cell ? mq_fill_child(cell, "tcPr") : NULL, &xml);
    mq_buffer_clear(&xml);
    return made;
}

static bool block_in_control(struct mq_fill *fill, const struct mq_fill_place *place,
                             xmlNodePtr control, xmlNodePtr content)
{
    struct mq_buffer xml = MQ_BUFFER_EMPTY;
    xmlNodePtr cell = mq_fill_child(content, "tc"), into = cell ? cell : content;
    bool made = mq_fill_block(fill, place, cell ? into->children : control, sample_of(into), &xml);
    clean_control(control, true);
    made = made && replace_content(fill, into, cell ? mq_fill_child(cell, "tcPr") : NULL, &xml);
    mq_buffer_clear(&xml);
    return made;
}

bool mq_fill_refuse(struct mq_fill *fill, const char *tag, const char *message)
{
    fill->report->unknown++;
    mq_fill_say(fill, tag, message);
    return false;
}

static bool in_line(xmlNodePtr control)
{
    return mq_fill_is(control->parent, "p") || mq_fill_is(control->parent, "hyperlink") ||
           mq_fill_is(control->parent, "ins");
}

/* ---- a part ---- */

/* Nodes to be worked on, found before anything is changed. */
struct found {
    xmlNodePtr *node;
    size_t count, room;
    bool failed;
};

static void add_node(struct found *found, xmlNodePtr node)
{
    if (found->count == found->room) {
        size_t room = found->room ? found->room * 2 : 64;
        xmlNodePtr *larger = realloc(found->node, room * sizeof(xmlNodePtr));
        if (!larger) {
            found->failed = true;
            return;
        }
        found->node = larger;
        found->room = room;
    }
    found->node[found->count++] = node;
}

/* Which of the fields that are open is a table of contents: their texts are headings again. */
struct fields {
    int open, contents; /* contents: number of the outermost one, 0: none */
};

static void follow_field(struct mq_fill *fill, xmlNodePtr node, struct fields *fields)
{
    if (mq_fill_is(node, "fldChar")) {
        const char *kind = mq_fill_attribute(fill, node, "fldCharType");
        if (strcmp(kind, "begin") == 0)
            fields->open++;
        if (strcmp(kind, "end") == 0 && fields->open > 0) {
            fields->contents = fields->contents == fields->open ? 0 : fields->contents;
            fields->open--;
        }
    } else if (mq_fill_is(node, "instrText") && fields->contents == 0) {
        xmlChar *code = xmlNodeGetContent(node);
        struct mq_text text = mq_text_trim(mq_text(code ? (char *)code : ""));
        if (text.n >= 3 && strncmp(text.s, "TOC", 3) == 0)
            fields->contents = fields->open;
        xmlFree(code);
    }
}

/* Controls of ours, or, `typed`, paragraphs outside them. */
static void search(struct mq_fill *fill, xmlNodePtr node, bool typed, struct fields *fields,
                   struct found *found)
{
    for (; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        bool ours = mq_fill_is(node, "sdt") && mq_fill_control_tag(fill, node);
        if (ours && !typed)
            add_node(found, node);
        if (ours)
            continue;
        int before = fields->contents;
        size_t at = found->count;
        if (typed && mq_fill_is(node, "p"))
            add_node(found, node);
        follow_field(fill, node, fields);
        search(fill, node->children, typed, fields, found);
        bool contents = before || fields->contents;
        if (typed && mq_fill_is(node, "p") && contents && !found->failed)
            found->node[at] = NULL;
    }
}

static bool fill_control(struct mq_fill *fill, xmlNodePtr control)
{
    struct mq_fill_place place;
    const char *tag = mq_fill_control_tag(fill, control);
    xmlNodePtr content = mq_fill_child(control, "sdtContent");
    if (!tag || !content || !mq_fill_find(fill, tag, &place))
        return false;
    if (mq_fill_child(content, "tr"))
        return mq_fill_refuse(fill, place.tag,
                              "is a control around rows of a table: put it into a cell");
    bool made;
    if (place.kind > MQ_FILL_TEXT)
        made = words_in_control(fill, control, content, place.text);
    else if (!in_line(control))
        made = block_in_control(fill, &place, control, content);
    else
        made = mq_fill_line(fill, control->parent, &place);
    fill->report->filled += made;
    return made;
}

bool mq_fill_tree(struct mq_fill *fill, xmlDocPtr part)
{
    bool changed = false;
    for (int typed = 0; typed < 2 && fill->status == MQ_OK; typed++) {
        struct found found = {0};
        struct fields fields = {0};
        search(fill, xmlDocGetRootElement(part), typed, &fields, &found);
        if (found.failed)
            mq_fill_memory(fill);
        for (size_t i = 0; i < found.count && fill->status == MQ_OK; i++) {
            size_t from = 0;
            if (!typed)
                changed |= fill_control(fill, found.node[i]);
            else if (found.node[i])
                while (mq_fill_next(fill, found.node[i], &from, &changed))
                    continue;
        }
        free(found.node);
    }
    return changed;
}
