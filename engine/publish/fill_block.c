/* fill_block: paragraphs, tables and pictures in the looks of an author's document. */
#include "publish/fill.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void mq_fill_dump(struct mq_fill *fill, xmlNodePtr node, struct mq_buffer *xml)
{
    if (!node)
        return;
    xmlBufferPtr text = xmlBufferCreate();
    if (!text || xmlNodeDump(text, node->doc, node, 0, 0) < 0)
        mq_fill_memory(fill);
    else
        mq_buffer_add(xml, (const char *)xmlBufferContent(text), (size_t)xmlBufferLength(text));
    if (text)
        xmlBufferFree(text);
}

/* ---- room ---- */

static double number_of(struct mq_fill *fill, xmlNodePtr node, const char *name)
{
    const char *text = node ? mq_fill_attribute(fill, node, name) : "";
    double value = 0;
    mq_real_parse(text, strlen(text), &value);
    return value / 20;
}

static void page_room(struct mq_fill *fill, xmlNodePtr section, double room[2])
{
    xmlNodePtr page = mq_fill_child(section, "pgSz"), margin = mq_fill_child(section, "pgMar");
    xmlNodePtr columns = mq_fill_child(section, "cols");
    double width = number_of(fill, page, "w") - number_of(fill, margin, "left") -
                   number_of(fill, margin, "right") - number_of(fill, margin, "gutter");
    double height = number_of(fill, page, "h") - fabs(number_of(fill, margin, "top")) -
                    fabs(number_of(fill, margin, "bottom"));
    double count = 20 * number_of(fill, columns, "num");
    if (count >= 2 && count < 20)
        width = (width - (count - 1) * number_of(fill, columns, "space")) / count;
    room[0] = width >= 72 ? width : room[0];
    room[1] = height >= 144 ? height : room[1];
}

/* The section whose properties come next behind the node; NULL if none do. */
static xmlNodePtr section_of(xmlNodePtr node)
{
    while (node->parent && !mq_fill_is(node->parent, "body"))
        node = node->parent;
    for (; node; node = node->next) {
        if (mq_fill_is(node, "sectPr"))
            return node;
        xmlNodePtr properties = mq_fill_is(node, "p") ? mq_fill_child(node, "pPr") : NULL;
        xmlNodePtr section = properties ? mq_fill_child(properties, "sectPr") : NULL;
        if (section)
            return section;
    }
    return NULL;
}

/* Of the page, or of the cell or text box that the node stands in. */
static void find_room(struct mq_fill *fill, xmlNodePtr at, double room[2])
{
    xmlNodePtr section = section_of(at);
    room[0] = 415; /* of A4 with the margins that Word starts with */
    room[1] = 640;
    if (section)
        page_room(fill, section, room);
    for (xmlNodePtr node = at->parent; node; node = node->parent) {
        double width = 0;
        if (mq_fill_is(node, "tc")) {
            xmlNodePtr properties = mq_fill_child(node, "tcPr");
            xmlNodePtr wide = properties ? mq_fill_child(properties, "tcW") : NULL;
            if (wide && strcmp(mq_fill_attribute(fill, wide, "type"), "dxa") == 0)
                width = number_of(fill, wide, "w") - 11;
        } else if (xmlStrEqual(node->name, (const xmlChar *)"inline") ||
                   xmlStrEqual(node->name, (const xmlChar *)"anchor")) {
            for (xmlNodePtr child = node->children; child; child = child->next)
                if (xmlStrEqual(child->name, (const xmlChar *)"extent")) {
                    xmlChar *text = xmlGetNoNsProp(child, (const xmlChar *)"cx");
                    mq_real_parse((const char *)text, text ? strlen((char *)text) : 0, &width);
                    xmlFree(text);
                    width = width / 12700 - 15;
                }
        }
        if (width >= 60) {
            room[0] = width;
            return;
        }
    }
}

/* ---- looks ---- */

static xmlNodePtr first_run(xmlNodePtr paragraph)
{
    for (xmlNodePtr node = paragraph->children; node; node = node->next) {
        if (mq_fill_is(node, "r"))
            return node;
        bool holds = mq_fill_is(node, "hyperlink") || mq_fill_is(node, "ins") ||
                     mq_fill_is(node, "sdt") || mq_fill_is(node, "sdtContent");
        xmlNodePtr run = holds ? first_run(node) : NULL;
        if (run)
            return run;
    }
    return NULL;
}

/* The font of the sample; sizes are those of tables, and places are often typed in red. */
static void run_looks(struct mq_fill *fill, xmlNodePtr sample, struct mq_buffer *xml)
{
    xmlNodePtr run = sample ? first_run(sample) : NULL;
    xmlNodePtr properties = run ? mq_fill_child(run, "rPr") : NULL;
    if (!properties)
        return;
    mq_fill_dump(fill, mq_fill_child(properties, "rFonts"), xml);
}

static bool find_grid(struct mq_fill *fill, const char *name, const char **id)
{
    if (strcmp(name, "网格型") == 0)
        name = "Table Grid"; /* as Word writes it, whatever it shows */
    xmlNodePtr style = fill->styles ? xmlDocGetRootElement(fill->styles)->children : NULL;
    for (; style; style = style->next) {
        xmlNodePtr named = mq_fill_is(style, "style") ? mq_fill_child(style, "name") : NULL;
        if (!named || strcmp(mq_fill_attribute(fill, style, "type"), "table") != 0 ||
            strcasecmp(mq_fill_attribute(fill, named, "val"), name) != 0)
            continue;
        *id = mq_fill_attribute(fill, style, "styleId");
        return true;
    }
    return false;
}

/* The looks of the place; the buffers live as long as they do. */
static struct mq_docx_look look_of(struct mq_fill *fill, const struct mq_fill_place *place,
                                   xmlNodePtr at, xmlNodePtr sample, struct mq_buffer *run)
{
    double room[2];
    find_room(fill, at, room);
    struct mq_docx_look look = {.chinese = place->publication->chinese,
                                .width = room[0],
                                .height = room[1],
                                .direct = true,
                                .tight = 1};
    xmlNodePtr properties = sample ? mq_fill_child(sample, "pPr") : NULL;
    xmlNodePtr style = properties ? mq_fill_child(properties, "pStyle") : NULL;
    const char *id = style ? mq_fill_attribute(fill, style, "val") : NULL;
    for (int role = 0; role < MQ_DOCX_ROLES; role++)
        look.style[role] = id;
    if (fill->caption_style)
        look.style[MQ_DOCX_CAPTION_ABOVE] = look.style[MQ_DOCX_CAPTION_BELOW] = fill->caption_style;
    mq_buffer_text(run, "");
    run_looks(fill, sample, run);
    if (run->failed)
        mq_fill_memory(fill);
    look.run = run->failed ? "" : run->data;
    if (place->grid && !find_grid(fill, place->grid, &look.grid))
        mq_fill_say(fill, place->tag,
                    "the document has no such table style; three rules are drawn "
                    "instead");
    return look;
}

/* ---- blocks ---- */

static bool add_text(struct mq_fill *fill, const struct mq_fill_place *place, xmlNodePtr sample,
                     struct mq_buffer *xml)
{
    struct mq_buffer shape = MQ_BUFFER_EMPTY, letters = MQ_BUFFER_EMPTY;
    xmlNodePtr properties = sample ? mq_fill_child(sample, "pPr") : NULL;
    xmlNodePtr section = properties ? mq_fill_child(properties, "sectPr") : NULL;
    xmlNodePtr run = sample ? first_run(sample) : NULL;
    if (section) { /* stays where it is */
        xmlUnlinkNode(section);
        mq_fill_dump(fill, properties, &shape);
        xmlAddChild(properties, section);
    } else {
        mq_fill_dump(fill, properties, &shape);
    }
    mq_fill_dump(fill, run ? mq_fill_child(run, "rPr") : NULL, &letters);
    mq_buffer_text(&shape, "");
    mq_buffer_text(&letters, "");
    for (size_t i = 0; i < place->section->paragraphs && !shape.failed && !letters.failed; i++) {
        mq_buffer_format(xml, "<w:p>%s<w:r>%s<w:t xml:space=\"preserve\">", shape.data,
                         letters.data);
        mq_docx_escape(xml, place->section->paragraph[i]);
        mq_buffer_text(xml, "</w:t></w:r></w:p>");
    }
    if (place->section->paragraphs == 0) /* a control is not empty */
        mq_buffer_format(xml, "<w:p>%s</w:p>", shape.failed ? "" : shape.data);
    bool made = !shape.failed && !letters.failed && fill->status == MQ_OK;
    mq_buffer_clear(&shape);
    mq_buffer_clear(&letters);
    return made;
}

/* "mqci-MODEL-ID": parts and relationships of a figure have the same names every year. */
static char *figure_name(struct mq_fill *fill, const struct mq_fill_place *place)
{
    struct mq_buffer name = MQ_BUFFER_EMPTY;
    const char *model = place->publication->model_id ? place->publication->model_id : "";
    const char *const piece[] = {"mqci-", model, "-", place->figure->id};
    for (size_t i = 0; i < 4; i++)
        for (const char *c = piece[i]; *c; c++) {
            bool plain = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') ||
                         (*c >= 'A' && *c <= 'Z') || *c == '-';
            mq_buffer_format(&name, plain ? "%c" : "_%02X", (unsigned char)*c);
        }
    char *copy = name.failed ? NULL : mq_arena_string(&fill->arena, name.data, name.length);
    mq_buffer_clear(&name);
    return copy;
}

static bool add_figure(struct mq_fill *fill, const struct mq_fill_place *place,
                       const struct mq_docx_look *look, struct mq_buffer *xml)
{
    enum { FIRST_DRAWING = 910000 }; /* above what authors' drawings have */
    struct mq_docx_figure it = {.figure = place->figure,
                                .name = figure_name(fill, place),
                                .scratch = fill->scratch,
                                .id = FIRST_DRAWING + ++fill->drawings,
                                .bare = place->bare};
    if (!it.name)
        return mq_fill_memory(fill);
    enum mq_status status = mq_docx_figure(&fill->package, xml, look, &it, fill->error);
    if (status != MQ_OK && fill->status == MQ_OK)
        fill->status = status;
    return status == MQ_OK;
}

bool mq_fill_block(struct mq_fill *fill, const struct mq_fill_place *place, xmlNodePtr at,
                   xmlNodePtr sample, struct mq_buffer *xml)
{
    struct mq_buffer run = MQ_BUFFER_EMPTY;
    bool made;
    if (place->kind == MQ_FILL_TEXT) {
        made = add_text(fill, place, sample, xml);
    } else {
        struct mq_docx_look look = look_of(fill, place, at, sample, &run);
        /* LibreOffice forgets what the first paragraph of a control looks like. */
        mq_buffer_text(xml, "<w:p><w:pPr><w:keepNext/><w:spacing w:before=\"160\" w:after=\"0\" "
                            "w:line=\"20\" w:lineRule=\"exact\"/></w:pPr></w:p>");
        made = fill->status == MQ_OK &&
               (place->sheet ? mq_docx_sheet(xml, &look, place->publication->sheets, place->sheet,
                                             place->bare)
                             : add_figure(fill, place, &look, xml));
    }
    mq_buffer_clear(&run);
    return made || mq_fill_memory(fill);
}
