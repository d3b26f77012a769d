/* xlsx_walk: the small parts of a workbook, start tag by start tag, through libxml2. */
#include <libxml/parser.h>
#include <string.h>

#include "ingest/xlsx.h"

enum { PIECE = 1 << 14, LEVELS = 64, NAME_MOST = 32 };

struct walk {
    mq_xlsx_element *element;
    void *context;
    xmlParserCtxtPtr parser;
    int depth;
    char name[LEVELS][NAME_MOST]; /* of open elements; longer ones are cut, none of ours is */
    bool failed, dtd;
};

struct mq_text mq_xlsx_get(const struct mq_xlsx_attributes *attributes, const char *name)
{
    for (int i = 0; i < attributes->count; i++) {
        const unsigned char **it = attributes->values + (size_t)5 * (size_t)i;
        if (strcmp((const char *)it[0], name) == 0)
            return (struct mq_text){(const char *)it[3], (size_t)(it[4] - it[3])};
    }
    return (struct mq_text){"", 0};
}

static void start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                  int namespaces, const xmlChar **namespace, int count, int defaulted,
                  const xmlChar **values)
{
    struct walk *walk = context;
    struct mq_xlsx_attributes attributes = {values, count};
    const char *parent =
        walk->depth > 0 && walk->depth <= LEVELS ? walk->name[walk->depth - 1] : "";
    (void)prefix, (void)uri, (void)namespaces, (void)namespace, (void)defaulted;
    if (walk->failed || walk->dtd)
        return;
    if (walk->depth < LEVELS)
        snprintf(walk->name[walk->depth], NAME_MOST, "%s", (const char *)name);
    if (!walk->element(walk->context, parent, (const char *)name, &attributes)) {
        walk->failed = true;
        xmlStopParser(walk->parser);
    }
    walk->depth++;
}

static void stop(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct walk *walk = context;
    (void)name, (void)prefix, (void)uri;
    walk->depth--;
}

/* Entities are declared in a DTD, and no workbook has one: nothing is expanded. */
static void refuse_dtd(void *context, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system)
{
    struct walk *walk = context;
    (void)name, (void)external, (void)system;
    walk->dtd = true;
    xmlStopParser(walk->parser);
}

static enum mq_status verdict(const struct walk *walk, const struct mq_xlsx *book, const char *part,
                              bool wrong, struct mq_error *error)
{
    const xmlError *reason = xmlCtxtGetLastError(walk->parser);
    if (walk->failed || (wrong && reason && reason->code == XML_ERR_NO_MEMORY))
        return mq_fail_memory(error);
    if (walk->dtd)
        return mq_fail(error, MQ_DATA, book->path, 0, 0,
                       "its part %s declares a DTD, as no workbook does and harmful files do; it "
                       "is not read",
                       part);
    if (!wrong)
        return MQ_OK;
    const char *message = reason && reason->message ? reason->message : "no reason given";
    return mq_fail(error, MQ_DATA, book->path, 0, 0,
                   "its part %s is broken XML (line %d: %.*s); open the workbook in Excel or WPS "
                   "and save it anew",
                   part, reason ? reason->line : 0, (int)strcspn(message, "\n"), message);
}

static enum mq_status feed(struct walk *walk, const struct mq_xlsx *book, const char *part,
                           struct mq_error *error)
{
    char piece[PIECE];
    struct mq_xlsx_part from;
    size_t count = 0;
    bool wrong = false;
    enum mq_status status = mq_xlsx_part_open(book, part, &from, error);
    do {
        if (status == MQ_OK)
            status = mq_xlsx_part_read(&from, piece, sizeof piece, &count, error);
        if (status == MQ_OK)
            wrong = xmlParseChunk(walk->parser, piece, (int)count, count == 0) != XML_ERR_OK;
    } while (status == MQ_OK && count > 0 && !wrong && !walk->failed && !walk->dtd);
    mq_xlsx_part_close(&from);
    return status == MQ_OK ? verdict(walk, book, part, wrong, error) : status;
}

enum mq_status mq_xlsx_walk(const struct mq_xlsx *book, const char *part, mq_xlsx_element *element,
                            void *context, struct mq_error *error)
{
    struct walk walk = {.element = element, .context = context};
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                             .startElementNs = start,
                             .endElementNs = stop,
                             .internalSubset = refuse_dtd};
    walk.parser = xmlCreatePushParserCtxt(&handler, &walk, NULL, 0, NULL);
    if (!walk.parser)
        return mq_fail_memory(error);
    /* NOENT: "&amp;" in attributes as "&"; there are no entities but the predefined ones */
    xmlCtxtUseOptions(walk.parser,
                      XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    enum mq_status status = feed(&walk, book, part, error);
    xmlFreeParserCtxt(walk.parser);
    return status;
}
