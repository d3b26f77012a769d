/* fill_parts: the package of an author's document, read with limits that do not trust it. */
#include "publish/fill.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

/* A part of text of a thousand pages takes some 20 MB; bombs are told by their ratio as well. */
enum { PART_MOST = 128 << 20, RATIO_MOST = 400, RATIO_FREE = 8 << 20, PARTS_MOST = 20000 };

static enum mq_status damaged(const char *path, const char *part, const char *why,
                              struct mq_error *error)
{
    return mq_fail(error, MQ_DATA, path, 0, 0,
                   "its part %s cannot be read (%s): the document is damaged; open it in Word or "
                   "WPS and save it anew",
                   part, why);
}

/* ---- the archive ---- */

static zip_t *open_zip(const struct mq_buffer *bytes)
{
    zip_error_t reason;
    zip_error_init(&reason);
    zip_source_t *source = zip_source_buffer_create(bytes->data, bytes->length, 0, &reason);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &reason) : NULL;
    if (!zip && source)
        zip_source_free(source);
    zip_error_fini(&reason);
    return zip;
}

static bool has(zip_t *zip, const char *name)
{
    return zip_name_locate(zip, name, ZIP_FL_NOCASE) >= 0;
}

static const char *other_kind(zip_t *zip)
{
    static const struct {
        const char *part, *message;
    } kinds[] = {
        {"word/vbaProject.bin", "holds macros (.docm); save it as a Word document without them "
                                "(.docx)"},
        {"xl/workbook.xml", "is an Excel workbook, not a Word document (.docx)"},
        {"ppt/presentation.xml", "is a PowerPoint presentation, not a Word document (.docx)"},
        {"content.xml", "is an OpenDocument file; save it as a Word document (.docx)"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (has(zip, kinds[i].part))
            return kinds[i].message;
    if (!has(zip, "[Content_Types].xml"))
        return "is a zip archive, not a Word document (.docx)";
    if (!has(zip, "word/document.xml"))
        return "is not laid out as Word does it; open it in Word or WPS and save it anew as .docx";
    if (zip_get_num_entries(zip, 0) > PARTS_MOST)
        return "has more parts than any document needs; it is not read";
    return NULL;
}

enum mq_status mq_fill_accept(const char *path, const struct mq_buffer *bytes,
                              struct mq_error *error)
{
    static const char old[] = "\xD0\xCF\x11\xE0";
    if (bytes->length >= 4 && memcmp(bytes->data, old, 4) == 0)
        return mq_fail(error, MQ_DATA, path, 0, 0,
                       "is protected by a password or of the old kind (.doc); save it without a "
                       "password as .docx");
    if (bytes->length < 4 || memcmp(bytes->data, "PK", 2) != 0)
        return mq_fail(error, MQ_DATA, path, 0, 0, "is not a Word document (.docx)");
    zip_t *zip = open_zip(bytes);
    if (!zip)
        return mq_fail(error, MQ_DATA, path, 0, 0,
                       "is damaged or not complete; copy it again or open it in Word or WPS and "
                       "save it anew");
    const char *message = other_kind(zip);
    zip_discard(zip);
    return message ? mq_fail(error, MQ_DATA, path, 0, 0, "%s", message) : MQ_OK;
}

/* ---- a part ---- */

static enum mq_status unpack(const char *path, zip_t *zip, zip_uint64_t index, const char *name,
                             struct mq_buffer *content, struct mq_error *error)
{
    char piece[1 << 14];
    zip_stat_t about;
    if (zip_stat_index(zip, index, 0, &about) != 0)
        return damaged(path, name, zip_strerror(zip), error);
    if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) && about.encryption_method != ZIP_EM_NONE)
        return mq_fail(error, MQ_DATA, path, 0, 0,
                       "is protected by a password; save it without one");
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    if (!file)
        return damaged(path, name, zip_strerror(zip), error);
    enum mq_status status = MQ_OK;
    zip_int64_t got;
    while (status == MQ_OK && (got = zip_fread(file, piece, sizeof piece)) != 0) {
        if (got < 0) {
            status = damaged(path, name, zip_file_strerror(file), error);
            break;
        }
        mq_buffer_add(content, piece, (size_t)got);
        if (content->length > PART_MOST ||
            (content->length > RATIO_FREE && content->length / RATIO_MOST > about.comp_size))
            status = mq_fail(error, MQ_DATA, path, 0, 0,
                             "its part %s unpacks to far more than a document holds, as harmful "
                             "files do; it is not read",
                             name);
        else if (content->failed)
            status = mq_fail_memory(error);
    }
    zip_fclose(file);
    return status;
}

/* Entities are declared in a DTD, and no document of Word has one: nothing is expanded. */
static void refuse_dtd(void *context, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system)
{
    xmlParserCtxtPtr parser = context;
    (void)name, (void)external, (void)system;
    *(bool *)parser->_private = true;
    xmlStopParser(parser);
}

static enum mq_status parse(const char *path, const char *name, const struct mq_buffer *content,
                            xmlDocPtr *tree, struct mq_error *error)
{
    bool dtd = false;
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL);
    if (!parser)
        return mq_fail_memory(error);
    parser->_private = &dtd;
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    parser->sax->internalSubset = refuse_dtd;
    if (content->length > 0)
        xmlParseChunk(parser, content->data, (int)content->length, 0);
    if (!dtd)
        xmlParseChunk(parser, "", 0, 1);
    enum mq_status status = MQ_OK;
    const xmlError *reason = xmlCtxtGetLastError(parser);
    if (dtd)
        status = mq_fail(error, MQ_DATA, path, 0, 0,
                         "its part %s declares a DTD, as no document does and harmful files do; "
                         "it is not read",
                         name);
    else if (reason && reason->code == XML_ERR_NO_MEMORY)
        status = mq_fail_memory(error);
    else if (!parser->wellFormed || !parser->myDoc || !xmlDocGetRootElement(parser->myDoc))
        status = damaged(path, name, "broken XML", error);
    *tree = parser->myDoc;
    if (status != MQ_OK && *tree) {
        xmlFreeDoc(*tree);
        *tree = NULL;
    }
    xmlFreeParserCtxt(parser);
    return status;
}

enum mq_status mq_fill_read(const char *path, const struct mq_buffer *bytes, const char *name,
                            xmlDocPtr *tree, struct mq_error *error)
{
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    *tree = NULL;
    zip_t *zip = open_zip(bytes);
    if (!zip)
        return mq_fail_memory(error); /* it was opened before */
    zip_int64_t index = zip_name_locate(zip, name, 0);
    if (index < 0)
        index = zip_name_locate(zip, name, ZIP_FL_NOCASE);
    enum mq_status status = MQ_OK;
    if (index >= 0) {
        status = unpack(path, zip, (zip_uint64_t)index, name, &content, error);
        if (status == MQ_OK)
            status = parse(path, name, &content, tree, error);
    }
    mq_buffer_clear(&content);
    zip_discard(zip);
    return status;
}

bool mq_fill_keep(struct mq_fill *fill, const char *name, xmlDocPtr tree)
{
    xmlChar *text = NULL;
    int length = 0;
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    xmlDocDumpMemoryEnc(tree, &text, &length, "UTF-8");
    if (!text)
        return mq_fill_memory(fill);
    mq_buffer_add(&bytes, (const char *)text, (size_t)length);
    xmlFree(text);
    return mq_docx_add(&fill->package, name, "", &bytes) || mq_fill_memory(fill);
}

/* ---- relationships and content types ---- */

static bool put(xmlNodePtr node, const char *name, const char *value)
{
    return xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)value) != NULL;
}

/* The child whose attribute has that value, made if there is none. NULL if out of memory. */
static xmlNodePtr entry(xmlNodePtr root, const char *element, const char *attribute,
                        const char *value)
{
    for (xmlNodePtr node = root->children; node; node = node->next) {
        xmlChar *found =
            node->type == XML_ELEMENT_NODE ? xmlGetProp(node, (const xmlChar *)attribute) : NULL;
        bool same = found && xmlStrcasecmp(found, (const xmlChar *)value) == 0 &&
                    xmlStrEqual(node->name, (const xmlChar *)element);
        xmlFree(found);
        if (same)
            return node;
    }
    xmlNodePtr made = xmlNewChild(root, root->ns, (const xmlChar *)element, NULL);
    return made && put(made, attribute, value) ? made : NULL;
}

/* "word/_rels/document.xml.rels"; from the arena. */
static char *links_name(struct mq_fill *fill, const char *part)
{
    const char *slash = strrchr(part, '/');
    int folder = slash ? (int)(slash + 1 - part) : 0;
    return mq_arena_format(&fill->arena, "%.*s_rels/%s.rels", folder, part, part + folder);
}

static xmlDocPtr no_links(void)
{
    static const char none[] = XML_HEAD "<Relationships xmlns=\"http://schemas.openxmlformats.org/"
                                        "package/2006/relationships\"/>";
    return xmlReadMemory(none, (int)sizeof none - 1, NULL, NULL, XML_PARSE_NONET);
}

enum mq_status mq_fill_tie(struct mq_fill *fill, const struct mq_buffer *bytes, const char *name)
{
    if (fill->package.links == 0)
        return MQ_OK;
    xmlDocPtr tree = NULL;
    char *part = links_name(fill, name);
    if (!part)
        return mq_fail_memory(fill->error);
    MQ_TRY(mq_fill_read(fill->template, bytes, part, &tree, fill->error));
    if (!tree)
        tree = no_links();
    bool made = tree != NULL;
    for (size_t i = 0; made && i < fill->package.links; i++) {
        const struct mq_docx_link *link = &fill->package.link[i];
        xmlNodePtr node = entry(xmlDocGetRootElement(tree), "Relationship", "Id", link->id);
        made = node && put(node, "Type", link->type) && put(node, "Target", link->target);
    }
    fill->package.links = 0;
    made = made && mq_fill_keep(fill, part, tree);
    xmlFreeDoc(tree);
    return made ? MQ_OK : mq_fail_memory(fill->error);
}

enum mq_status mq_fill_types(struct mq_fill *fill, const struct mq_buffer *bytes)
{
    xmlDocPtr tree = NULL;
    bool wanted = false, made = true;
    for (size_t i = 0; i < fill->package.parts; i++)
        wanted |= strncmp(fill->package.part[i].name, "word/media/", 11) == 0 ||
                  fill->package.part[i].type[0];
    if (!wanted)
        return MQ_OK;
    MQ_TRY(mq_fill_read(fill->template, bytes, "[Content_Types].xml", &tree, fill->error));
    xmlNodePtr root = xmlDocGetRootElement(tree);
    xmlNodePtr png = entry(root, "Default", "Extension", "png");
    xmlNodePtr xlsx = png ? entry(root, "Default", "Extension", "xlsx") : NULL;
    made = xlsx && put(png, "ContentType", "image/png") &&
           put(xlsx, "ContentType", MQ_DOCX_TYPE "spreadsheetml.sheet");
    for (size_t i = 0; made && i < fill->package.parts; i++) {
        const struct mq_docx_part *part = &fill->package.part[i];
        if (!part->type[0])
            continue;
        char *name = mq_arena_format(&fill->arena, "/%s", part->name);
        xmlNodePtr node = name ? entry(root, "Override", "PartName", name) : NULL;
        made = node && put(node, "ContentType", part->type);
    }
    made = made && mq_fill_keep(fill, "[Content_Types].xml", tree);
    xmlFreeDoc(tree);
    return made ? MQ_OK : mq_fail_memory(fill->error);
}
