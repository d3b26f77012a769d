/*
 * Inside fill_docx: places in an author's document. fill_place.c knows what a place asks for,
 * fill_tree.c finds places in the XML of a part, fill_block.c makes paragraphs and tables for them,
 * fill_parts.c reads and changes the package.
 */
#ifndef MQ_FILL_H
#define MQ_FILL_H

#include <libxml/tree.h>

#include "publish/docx_parts.h"

enum mq_fill_kind {
    MQ_FILL_TABLE,
    MQ_FILL_FIGURE,
    MQ_FILL_TEXT, /* these three are paragraphs of their own, the others words in a line */
    MQ_FILL_VALUE,
    MQ_FILL_TITLE,
    MQ_FILL_PERIOD,
    MQ_FILL_EDITION,
    MQ_FILL_KINDS
};

/* A place that something is known for. */
struct mq_fill_place {
    enum mq_fill_kind kind;
    const char *tag; /* as in the document, without braces */
    bool bare;
    const char *grid; /* name of a table style, NULL: none asked for */
    const struct mq_publication *publication;
    const struct mq_sheet *sheet;
    const struct mq_figure *figure;
    const struct mq_story_section *section;
    const char *text;
};

struct mq_fill {
    const struct mq_publication *const *publication;
    size_t publications;
    const char *template, *scratch;
    struct mq_fill_report *report;
    struct mq_docx_package package; /* what is changed or new; links of the part at hand */
    xmlDocPtr styles;               /* NULL: the document has none */
    const char *caption_style;      /* id, NULL: none */
    unsigned drawings;
    struct mq_arena arena;
    struct mq_error *error;
    enum mq_status status; /* the first failure; all work stops */
};

bool mq_fill_memory(struct mq_fill *fill); /* false */
/* A line of the report, once. `place` without braces. */
void mq_fill_say(struct mq_fill *fill, const char *place, const char *message);

/* ---- fill_place.c ---- */

/* Whether a content control of that tag is one of ours. */
bool mq_fill_is_place(const char *tag);
/* False, with a line in the report, if nothing is known; or on failure (fill->status). */
bool mq_fill_find(struct mq_fill *fill, const char *body, struct mq_fill_place *place);

/* ---- fill_value.c ---- */

bool mq_fill_value(struct mq_fill *fill, const struct mq_publication *const *publication,
                   size_t publications, const char *key, struct mq_fill_place *place);

/* ---- fill_tree.c ---- */

/* Fills the places of a part. True if something was changed. */
bool mq_fill_tree(struct mq_fill *fill, xmlDocPtr part);
bool mq_fill_is(const xmlNode *node, const char *name);          /* a WordprocessingML element */
xmlNodePtr mq_fill_child(const xmlNode *node, const char *name); /* NULL if there is none */
/* The value of an attribute of the namespace, "" if there is none; from the arena. */
const char *mq_fill_attribute(struct mq_fill *fill, xmlNodePtr node, const char *name);
/* The elements of `xml`, read in the context of `at`, are put before it. False on failure. */
bool mq_fill_insert(struct mq_fill *fill, xmlNodePtr at, const char *xml);

/* The tag of a control that is a place, NULL for others. */
const char *mq_fill_control_tag(struct mq_fill *fill, xmlNodePtr control);
/* A run; `letters` are its properties (may be NULL). */
void mq_fill_add_words(struct mq_fill *fill, xmlNodePtr letters, const char *text,
                       struct mq_buffer *xml);
void mq_fill_drop(xmlNodePtr node); /* out of the tree and freed; NULL is fine */
/* A line in the report for a place that stays as it is. False. */
bool mq_fill_refuse(struct mq_fill *fill, const char *tag, const char *message);

/* ---- fill_words.c ---- */

/* Fills the next place of a paragraph from the letter *from on. False at its end, or if the
 * paragraph is gone. */
bool mq_fill_next(struct mq_fill *fill, xmlNodePtr paragraph, size_t *from, bool *changed);
/* The paragraph becomes a control around blocks. One that ends a section stays, empty. */
bool mq_fill_paragraph(struct mq_fill *fill, xmlNodePtr paragraph,
                       const struct mq_fill_place *place);
/* The same for a control of ours in a line, if nothing else stands in the paragraph. */
bool mq_fill_line(struct mq_fill *fill, xmlNodePtr paragraph, const struct mq_fill_place *place);

/* ---- fill_block.c ---- */

/* Adds the paragraphs, tables, pictures of a place; its looks are those of `sample`, a paragraph
 * (may be NULL). */
bool mq_fill_block(struct mq_fill *fill, const struct mq_fill_place *place, xmlNodePtr at,
                   xmlNodePtr sample, struct mq_buffer *xml);
/* Adds a node as XML; nothing for NULL. */
void mq_fill_dump(struct mq_fill *fill, xmlNodePtr node, struct mq_buffer *xml);

/* ---- fill_parts.c ---- */

/* Refuses what is no document that can be filled. MQ_DATA. */
enum mq_status mq_fill_accept(const char *path, const struct mq_buffer *bytes,
                              struct mq_error *error);
/* A part as a tree, NULL in *tree if there is none. MQ_DATA: damaged, too large, with a DTD. */
enum mq_status mq_fill_read(const char *path, const struct mq_buffer *bytes, const char *name,
                            xmlDocPtr *tree, struct mq_error *error);
/* The tree as a part of the package. */
bool mq_fill_keep(struct mq_fill *fill, const char *name, xmlDocPtr tree);
/* Adds the links of the package to the relationships of the part; none are left then. */
enum mq_status mq_fill_tie(struct mq_fill *fill, const struct mq_buffer *bytes, const char *name);
/* Adds the content types of new parts. */
enum mq_status mq_fill_types(struct mq_fill *fill, const struct mq_buffer *bytes);

#endif
