/* The chart part of a document, made from that of a workbook. */
#include "publish/xlsx_parts.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The library counts bytes unsigned. */
static const xmlChar *chars(const char *text)
{
    return (const xmlChar *)text;
}

struct part {
    xmlDoc *doc;
    xmlNs *chart, *drawing, *relations;
    bool chinese, failed;
};

static bool is(const xmlNode *node, const xmlNs *space, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns == space &&
           strcmp((const char *)node->name, name) == 0;
}

static xmlNode *child(const struct part *part, const xmlNode *parent, const char *name)
{
    for (xmlNode *node = parent ? parent->children : NULL; node; node = node->next)
        if (is(node, part->chart, name))
            return node;
    return NULL;
}

static void drop(xmlNode *node)
{
    if (!node)
        return;
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

/* An element of one attribute, not yet in the tree; NULL if out of memory. */
static xmlNode *element(struct part *part, xmlNs *space, const char *name, const char *attribute,
                        const char *value)
{
    xmlNode *node = xmlNewDocNode(part->doc, space, chars(name), NULL);
    if (node && attribute && !xmlNewProp(node, chars(attribute), chars(value))) {
        xmlFreeNode(node);
        node = NULL;
    }
    part->failed |= !node;
    return node;
}

/* <c:name val="value"/> after `place`, or last in `parent` if there is no place. */
static void say(struct part *part, xmlNode *parent, xmlNode *place, const char *name,
                const char *value)
{
    xmlNode *node = element(part, part->chart, name, "val", value);
    if (node && !(place ? xmlAddNextSibling(place, node) : xmlAddChild(parent, node))) {
        xmlFreeNode(node);
        part->failed = true;
    }
}

/* What a label shows: all six, in the order of the schema; without a word a document shows all. */
static void tell_labels(struct part *part, xmlNode *labels)
{
    static const char *const shows[] = {"showLegendKey", "showVal",     "showCatName",
                                        "showSerName",   "showPercent", "showBubbleSize"};
    if (child(part, labels, "delete"))
        return;
    for (size_t i = 0; i < sizeof shows / sizeof *shows; i++)
        drop(child(part, labels, shows[i]));
    for (size_t i = 0; i < sizeof shows / sizeof *shows; i++)
        say(part, labels, NULL, shows[i], strcmp(shows[i], "showVal") == 0 ? "1" : "0");
}

static void tell_series(struct part *part, xmlNode *series)
{
    if (is(series->parent, part->chart, "lineChart")) {
        drop(child(part, series, "smooth"));
        say(part, series, NULL, "smooth", "0");
    } else if (!child(part, series, "invertIfNegative")) {
        xmlNode *place = child(part, series, "spPr");
        say(part, series, place ? place : child(part, series, "tx"), "invertIfNegative", "0");
    }
}

static void tell_font(struct part *part, xmlNode *latin)
{
    xmlNode *font =
        element(part, part->drawing, "ea", "typeface", part->chinese ? "宋体" : "Times New Roman");
    if (font && !xmlAddNextSibling(latin, font)) {
        xmlFreeNode(font);
        part->failed = true;
    }
}

/* The library writes sixteen digits, one more than decimal fractions survive: 88.78 comes out as
 * 88.78000000000001. */
static void tell_number(struct part *part, xmlNode *value)
{
    xmlChar *text = xmlNodeGetContent(value);
    char digits[40];
    snprintf(digits, sizeof digits, "%.15g", text ? strtod((const char *)text, NULL) : 0);
    part->failed |= !text;
    xmlFree(text);
    xmlNodeSetContent(value, chars(digits));
}

/* Over all elements below a node; what is added is not looked at again. */
static void walk(struct part *part, xmlNode *node)
{
    for (xmlNode *next; node && !part->failed; node = next) {
        next = node->next;
        if (node->type != XML_ELEMENT_NODE)
            continue;
        walk(part, node->children);
        if (is(node, part->chart, "dLbls") || is(node, part->chart, "dLbl"))
            tell_labels(part, node);
        else if (is(node, part->chart, "ser"))
            tell_series(part, node);
        else if (is(node, part->chart, "v") && is(node->parent->parent, part->chart, "numCache"))
            tell_number(part, node);
        else if (is(node, part->chart, "dPt"))
            say(part, NULL, child(part, node, "idx"), "invertIfNegative", "0");
        else if (is(node, part->drawing, "latin"))
            tell_font(part, node);
        else if (is(node, part->chart, "grouping"))
            say(part, NULL, node, "varyColors", "0");
        else if (is(node, part->chart, "plotVisOnly") && !child(part, node->parent, "dispBlanksAs"))
            say(part, NULL, node, "dispBlanksAs", "gap");
    }
}

static void link_workbook(struct part *part, xmlNode *root)
{
    drop(child(part, root, "printSettings"));
    xmlNode *data = element(part, part->chart, "externalData", NULL, NULL);
    if (!data)
        return;
    if (!xmlNewNsProp(data, part->relations, chars("id"), chars("rId1")) ||
        !xmlAddChild(root, data)) {
        xmlFreeNode(data);
        part->failed = true;
        return;
    }
    say(part, data, NULL, "autoUpdate", "0");
}

static void adapt(struct part *part)
{
    xmlNode *root = xmlDocGetRootElement(part->doc), *lang;
    part->chart = root ? xmlSearchNs(part->doc, root, chars("c")) : NULL;
    part->drawing = root ? xmlSearchNs(part->doc, root, chars("a")) : NULL;
    part->relations = root ? xmlSearchNs(part->doc, root, chars("r")) : NULL;
    if (!part->chart || !part->drawing || !part->relations || !(lang = child(part, root, "lang"))) {
        part->failed = true;
        return;
    }
    if (part->chinese && !xmlSetProp(lang, chars("val"), chars("zh-CN")))
        part->failed = true;
    walk(part, root->children);
    /* After the language, by the schema. */
    xmlNode *round = element(part, part->chart, "roundedCorners", "val", "0");
    if (round && !xmlAddNextSibling(lang, round)) {
        xmlFreeNode(round);
        part->failed = true;
    }
    link_workbook(part, root);
}

enum mq_status mq_chart_for_document(const struct mq_buffer *chart, bool chinese,
                                     struct mq_buffer *out, struct mq_error *error)
{
    struct part part = {.chinese = chinese};
    part.doc = xmlReadMemory(chart->data, (int)chart->length, NULL, NULL,
                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!part.doc)
        return mq_fail_memory(error); /* the library writes well-formed parts */
    xmlChar *text = NULL;
    int length = 0;
    adapt(&part);
    if (!part.failed)
        xmlDocDumpMemory(part.doc, &text, &length);
    xmlFreeDoc(part.doc);
    if (!text)
        return mq_fail_memory(error);
    mq_buffer_add(out, (const char *)text, (size_t)length);
    xmlFree(text);
    return out->failed ? mq_fail_memory(error) : MQ_OK;
}
