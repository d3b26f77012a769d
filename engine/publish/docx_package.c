/* docx_package: parts, relationships and content types. */
#include "publish/docx_package.h"

#include <stdlib.h>
#include <string.h>

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define PACKAGE  "http://schemas.openxmlformats.org/package/2006/"

void mq_docx_escape(struct mq_buffer *xml, const char *text)
{
    const char *from = text;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        const char *as = c == '&'   ? "&amp;"
                         : c == '<' ? "&lt;"
                         : c == '>' ? "&gt;"
                         : c == '"' ? "&quot;"
                         : c < ' '  ? " "
                                    : NULL;
        if (!as)
            continue;
        mq_buffer_add(xml, from, (size_t)(text - from));
        mq_buffer_text(xml, as);
        from = text + 1;
    }
    mq_buffer_text(xml, from);
}

/* ---- parts ---- */

static struct mq_docx_part *find_part(const struct mq_docx_package *package, const char *name)
{
    for (size_t i = 0; i < package->parts; i++)
        if (strcmp(package->part[i].name, name) == 0)
            return &package->part[i];
    return NULL;
}

/* Room for one element more. */
static void *grown(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    size_t wanted = *room ? *room * 2 : 16;
    void *larger = realloc(array, wanted * size);
    if (larger)
        *room = wanted;
    return larger;
}

static struct mq_docx_part *new_part(struct mq_docx_package *package, const char *name)
{
    struct mq_docx_part *part =
        grown(package->part, package->parts, &package->part_room, sizeof *part);
    const char *copy = mq_arena_string(&package->arena, name, strlen(name));
    if (part)
        package->part = part;
    if (!part || !copy)
        return NULL;
    part = &package->part[package->parts++];
    *part = (struct mq_docx_part){.name = copy, .type = ""};
    return part;
}

bool mq_docx_add(struct mq_docx_package *package, const char *name, const char *type,
                 struct mq_buffer *bytes)
{
    struct mq_docx_part *part = bytes->failed ? NULL : find_part(package, name);
    if (!part && !bytes->failed)
        part = new_part(package, name);
    if (part) {
        mq_buffer_clear(&part->bytes);
        part->bytes = *bytes;
        part->type = mq_arena_string(&package->arena, type, strlen(type));
        *bytes = MQ_BUFFER_EMPTY;
        if (part->type)
            return true;
        part->type = "";
        return false;
    }
    mq_buffer_clear(bytes);
    *bytes = MQ_BUFFER_EMPTY;
    return false;
}

bool mq_docx_tie(struct mq_docx_package *package, const char *id, const char *type,
                 const char *target)
{
    for (size_t i = 0; i < package->links; i++)
        if (strcmp(package->link[i].id, id) == 0)
            return true;
    struct mq_docx_link *link =
        grown(package->link, package->links, &package->link_room, sizeof *link);
    if (!link)
        return false;
    package->link = link;
    link = &package->link[package->links];
    *link = (struct mq_docx_link){
        mq_arena_string(&package->arena, id, strlen(id)),
        mq_arena_string(&package->arena, type, strlen(type)),
        mq_arena_string(&package->arena, target, strlen(target)),
    };
    if (!link->id || !link->type || !link->target)
        return false;
    package->links++;
    return true;
}

void mq_docx_links_text(const struct mq_docx_package *package, struct mq_buffer *xml)
{
    mq_buffer_text(xml, XML_HEAD "<Relationships xmlns=\"" PACKAGE "relationships\">");
    for (size_t i = 0; i < package->links; i++) {
        const struct mq_docx_link *link = &package->link[i];
        mq_buffer_format(xml, "<Relationship Id=\"%s\" Type=\"%s\" Target=\"", link->id,
                         link->type);
        mq_docx_escape(xml, link->target);
        mq_buffer_text(xml, "\"/>");
    }
    mq_buffer_text(xml, "</Relationships>");
}

void mq_docx_package_clear(struct mq_docx_package *package)
{
    for (size_t i = 0; i < package->parts; i++)
        mq_buffer_clear(&package->part[i].bytes);
    free(package->part);
    free(package->link);
    mq_arena_clear(&package->arena);
    *package = (struct mq_docx_package){0};
}

/* ---- the whole ---- */

static void content_types(const struct mq_docx_package *package, struct mq_buffer *xml)
{
    mq_buffer_text(xml, XML_HEAD "<Types xmlns=\"" PACKAGE "content-types\">"
                                 "<Default Extension=\"rels\" ContentType=\"application/"
                                 "vnd.openxmlformats-package.relationships+xml\"/>"
                                 "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                                 "<Default Extension=\"png\" ContentType=\"image/png\"/>"
                                 "<Default Extension=\"xlsx\" ContentType=\"" MQ_DOCX_TYPE
                                 "spreadsheetml.sheet\"/>");
    for (size_t i = 0; i < package->parts; i++)
        if (package->part[i].type[0])
            mq_buffer_format(xml, "<Override PartName=\"/%s\" ContentType=\"%s\"/>",
                             package->part[i].name, package->part[i].type);
    mq_buffer_text(xml, "</Types>");
}

/* The list of types is the first part that readers look for. */
static void to_front(struct mq_docx_package *package)
{
    struct mq_docx_part last = package->part[package->parts - 1];
    memmove(package->part + 1, package->part, (package->parts - 1) * sizeof last);
    package->part[0] = last;
}

enum mq_status mq_docx_save(struct mq_docx_package *package, const char *path,
                            struct mq_error *error)
{
    struct mq_buffer types = MQ_BUFFER_EMPTY, archive = MQ_BUFFER_EMPTY;
    content_types(package, &types);
    if (!mq_docx_add(package, "[Content_Types].xml", "", &types))
        return mq_fail_memory(error);
    to_front(package);
    enum mq_status status =
        mq_docx_zip(&(struct mq_buffer){0}, package->part, package->parts, path, &archive, error);
    if (status == MQ_OK)
        status = mq_write_file(path, archive.data, archive.length, error);
    mq_buffer_clear(&archive);
    return status;
}
