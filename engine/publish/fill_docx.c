/* fill_docx: the author's own document, with places filled. */
#include "publish/fill.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define KIND MQ_DOCX_TYPE "wordprocessingml."

/* Names of the parts that an author writes in. */
struct texts {
    const char **name;
    size_t count;
    bool macros;
};

static bool is_text(const char *type)
{
    static const char *const kinds[] = {"document.main+xml", "template.main+xml", "header+xml",
                                        "footer+xml",        "footnotes+xml",     "endnotes+xml"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(type, KIND, strlen(KIND)) == 0 && strcmp(type + strlen(KIND), kinds[i]) == 0)
            return true;
    return false;
}

static size_t children(const xmlNode *node)
{
    size_t count = 0;
    for (const xmlNode *child = node->children; child; child = child->next)
        count++;
    return count;
}

/* Parts by content type, in the order of the list. */
static bool list_texts(struct mq_fill *fill, xmlDocPtr types, struct texts *texts)
{
    xmlNodePtr root = xmlDocGetRootElement(types);
    texts->name = mq_arena_array(&fill->arena, children(root) + 1, sizeof *texts->name);
    bool made = texts->name != NULL;
    for (xmlNodePtr node = root->children; made && node; node = node->next) {
        xmlChar *type = node->type == XML_ELEMENT_NODE
                            ? xmlGetProp(node, (const xmlChar *)"ContentType")
                            : NULL;
        xmlChar *name = type ? xmlGetProp(node, (const xmlChar *)"PartName") : NULL;
        texts->macros |= type && strstr((char *)type, "macroEnabled");
        if (name && is_text((char *)type) && name[0] == '/') {
            const char *copy =
                mq_arena_string(&fill->arena, (char *)name + 1, strlen((char *)name + 1));
            made = copy != NULL;
            texts->name[texts->count++] = copy;
        }
        xmlFree(type);
        xmlFree(name);
    }
    return made;
}

/* The style that Word gives captions, whatever it shows as its name. */
static void find_caption(struct mq_fill *fill)
{
    xmlNodePtr style = fill->styles ? xmlDocGetRootElement(fill->styles)->children : NULL;
    for (; style && !fill->caption_style; style = style->next) {
        xmlNodePtr name = mq_fill_is(style, "style") ? mq_fill_child(style, "name") : NULL;
        if (name && strcasecmp(mq_fill_attribute(fill, name, "val"), "caption") == 0)
            fill->caption_style = mq_fill_attribute(fill, style, "styleId");
    }
}

static enum mq_status fill_part(struct mq_fill *fill, const struct mq_buffer *bytes,
                                const char *name)
{
    xmlDocPtr tree = NULL;
    if (strncmp(name, "word/", 5) != 0 || strchr(name + 5, '/'))
        return mq_fail(fill->error, MQ_DATA, fill->template, 0, 0,
                       "its part %s is not where Word puts it; open the document in Word or WPS "
                       "and save it anew",
                       name);
    MQ_TRY(mq_fill_read(fill->template, bytes, name, &tree, fill->error));
    if (!tree)
        return MQ_OK;
    if (mq_fill_tree(fill, tree) && fill->status == MQ_OK && mq_fill_keep(fill, name, tree))
        fill->status = mq_fill_tie(fill, bytes, name);
    xmlFreeDoc(tree);
    return fill->status;
}

static enum mq_status fill_parts(struct mq_fill *fill, const struct mq_buffer *bytes)
{
    xmlDocPtr types = NULL;
    struct texts texts = {0};
    MQ_TRY(mq_fill_read(fill->template, bytes, "[Content_Types].xml", &types, fill->error));
    bool listed = list_texts(fill, types, &texts);
    xmlFreeDoc(types);
    if (!listed)
        return mq_fail_memory(fill->error);
    if (texts.macros)
        return mq_fail(fill->error, MQ_DATA, fill->template, 0, 0,
                       "holds macros (.docm); save it as a Word document without them (.docx)");
    if (texts.count == 0)
        return mq_fail(fill->error, MQ_DATA, fill->template, 0, 0,
                       "has no text that can be filled; open it in Word or WPS and save it anew as "
                       ".docx");
    MQ_TRY(mq_fill_read(fill->template, bytes, "word/styles.xml", &fill->styles, fill->error));
    find_caption(fill);
    for (size_t i = 0; i < texts.count; i++)
        MQ_TRY(fill_part(fill, bytes, texts.name[i]));
    return mq_fill_types(fill, bytes);
}

/* The folder of a file, "." if it has none; for charts on their way. */
static char *folder_of(struct mq_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return mq_arena_string(arena, ".", 1);
    return mq_arena_string(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

static enum mq_status fill_file(struct mq_fill *fill, const char *output)
{
    struct mq_buffer bytes = MQ_BUFFER_EMPTY, archive = MQ_BUFFER_EMPTY;
    enum mq_status status = mq_read_file(fill->template, &bytes, fill->error);
    if (status == MQ_OK)
        status = mq_fill_accept(fill->template, &bytes, fill->error);
    if (status == MQ_OK)
        status = fill_parts(fill, &bytes);
    if (status == MQ_OK && fill->package.parts > 0)
        status = mq_docx_zip(&bytes, fill->package.part, fill->package.parts, fill->template,
                             &archive, fill->error);
    const struct mq_buffer *result = fill->package.parts > 0 ? &archive : &bytes;
    if (status == MQ_OK)
        status = mq_write_file(output, result->data, result->length, fill->error);
    mq_buffer_clear(&bytes);
    mq_buffer_clear(&archive);
    return status;
}

/* An author's template is not written over, by whatever name it goes. */
static enum mq_status check_output(const char *template, const char *output, struct mq_error *error)
{
    struct stat from, to;
    if (stat(output, &to) != 0)
        return MQ_OK;
    if (S_ISDIR(to.st_mode))
        return mq_fail(error, MQ_CANNOT_WRITE, output, 0, 0,
                       "is a directory; name the document to write with -o, for example "
                       "%s/white-paper.docx",
                       output);
    if (stat(template, &from) == 0 && from.st_dev == to.st_dev && from.st_ino == to.st_ino)
        return mq_fail(error, MQ_USAGE, output, 0, 0,
                       "is the template itself, which would be lost; name another document with "
                       "-o");
    return MQ_OK;
}

enum mq_status mq_fill_docx(const struct mq_publication *const *publication, size_t publications,
                            const char *template, const char *output, struct mq_fill_report *report,
                            struct mq_error *error)
{
    struct mq_fill fill = {.publication = publication,
                           .publications = publications,
                           .template = template,
                           .report = report,
                           .error = error};
    if (publications == 0)
        return mq_fail(error, MQ_USAGE, template, 0, 0, "there is no publication to fill it from");
    MQ_TRY(check_output(template, output, error));
    fill.scratch = folder_of(&fill.arena, output);
    enum mq_status status = fill.scratch ? fill_file(&fill, output) : mq_fail_memory(error);
    if (fill.styles)
        xmlFreeDoc(fill.styles);
    mq_docx_package_clear(&fill.package);
    mq_arena_clear(&fill.arena);
    return status;
}
