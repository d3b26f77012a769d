/*
 * docx_package: a Word document as what it is, a zip archive of parts tied together by
 * relationships (ECMA-376 part 2). The same parts in the same order give the same bytes: no clock,
 * no names of machines.
 */
#ifndef MQ_DOCX_PACKAGE_H
#define MQ_DOCX_PACKAGE_H

#include "publish/publish.h"

#define MQ_DOCX_TYPE "application/vnd.openxmlformats-officedocument."
#define MQ_DOCX_LINK "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

struct mq_docx_part {
    const char *name; /* "word/media/mqci-trend.png" */
    const char *type; /* content type; "" where the extension tells it */
    struct mq_buffer bytes;
};
/* A relationship of the part that is being written. */
struct mq_docx_link {
    const char *id, *type, *target;
};
struct mq_docx_package {
    struct mq_docx_part *part;
    size_t parts, part_room;
    struct mq_docx_link *link;
    size_t links, link_room;
    struct mq_arena arena;
};

/* Takes the bytes: the buffer of the caller is empty afterwards. A part of the same name is
 * replaced. Texts are copied. False if out of memory; the bytes are freed then too. */
bool mq_docx_add(struct mq_docx_package *package, const char *name, const char *type,
                 struct mq_buffer *bytes);
/* Once an id. False if out of memory. */
bool mq_docx_tie(struct mq_docx_package *package, const char *id, const char *type,
                 const char *target);
/* A part of relationships: the links of the package. */
void mq_docx_links_text(const struct mq_docx_package *package, struct mq_buffer *xml);
void mq_docx_package_clear(struct mq_docx_package *package);

/* Adds [Content_Types].xml in front and writes the archive. MQ_CANNOT_WRITE, MQ_IO, MQ_INTERNAL. */
enum mq_status mq_docx_save(struct mq_docx_package *package, const char *path,
                            struct mq_error *error);

/* ---- docx_zip.c: changing an archive ---- */

/* The archive `old` (may be empty) with these parts replaced where they stand or added at the end;
 * all others keep their place and their packed bytes. `path` is for messages. */
enum mq_status mq_docx_zip(const struct mq_buffer *old, const struct mq_docx_part *part,
                           size_t parts, const char *path, struct mq_buffer *archive,
                           struct mq_error *error);

/* Text for XML, in elements and in attributes; characters that XML has no place for become
 * spaces. */
void mq_docx_escape(struct mq_buffer *xml, const char *text);

#endif
