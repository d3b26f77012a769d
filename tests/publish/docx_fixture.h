/* A publication with text and figures made by hand, and a document as authors make them. */
#ifndef MQ_TEST_DOCX_FIXTURE_H
#define MQ_TEST_DOCX_FIXTURE_H

#include "realistic.h"

struct docx_fixture {
    struct realistic set;
    struct mq_publication *made;       /* tables and data */
    struct mq_publication publication; /* with the rest, by hand */
    struct mq_figures figures;
    struct mq_figure figure[3]; /* trend, ranking, heatmap */
    struct mq_story story;
    struct mq_story_section section[4];
    struct mq_profiles profiles;
    struct mq_profile *profile;
    const struct mq_sheet **attached;
    const struct mq_figure *shown[3];
    struct mq_arena arena;
};

void docx_fixture_new(const struct realistic_options *options, struct docx_fixture *fixture);
void docx_fixture_clear(struct docx_fixture *fixture);

/* ---- a template ---- */

#define DOCX_W "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
/* A document of an author: cover, styles, header, footer, footnote, table of contents, text box,
 * two sections. `body` is put before the last section. */
void docx_template(const char *path, const char *body);
/* The paragraphs of the template that have places. */
extern const char docx_places[];

/* The text of a part of a document; fails the test if there is none. */
void docx_part(const char *path, const char *part, struct mq_buffer *content);
/* All parts are well-formed XML, have a content type, and all relationships lead somewhere. */
void docx_check(const char *path);
/* The words of all w:t of a part, paragraphs ended by a line feed. */
void docx_words(const char *path, const char *part, struct mq_buffer *words);
/* The text that LibreOffice prints, by way of PDF; false if it is not there. Pages may be NULL. */
bool docx_printed(const char *folder, const char *name, struct mq_buffer *text, size_t *pages);

#endif
