/* Inside the web page: its parts, each adding to one buffer. */
#ifndef MQ_HTML_H
#define MQ_HTML_H

#include "publish/draft.h"

/* The page under construction; out-of-memory shows in `out.failed`. */
struct mq_page {
    const struct mq_publication *publication;
    bool chinese;
    struct mq_buffer out;
    struct mq_error *error;
    enum mq_status status; /* of what can fail otherwise: drawing */
};

/* ---- html_text.c ---- */

/* The word of the page's language. */
const char *mq_page_word(const struct mq_page *page, const char *chinese, const char *english);
/* Bytes that are markup already. */
void mq_page_markup(struct mq_page *page, const char *markup);
/* Text from data, as it may stand between tags and in a quoted attribute. Control characters that
 * no page may hold are left out; NULL is nothing. */
void mq_html_text(struct mq_buffer *out, const char *text);
void mq_page_text(struct mq_page *page, const char *text);
/* <element class="class">text</element>; nothing for an empty text. */
void mq_page_line(struct mq_page *page, const char *element, const char *class, const char *text);
/* A text as part of an id: ASCII letters, digits, "-" and "_" stay, other bytes become ".xx". */
void mq_html_id(struct mq_buffer *out, const char *text);
/* A JSON string; with every "<" and control character escaped it may stand in a script element. */
void mq_html_json(struct mq_buffer *out, const char *text);
void mq_html_base64(struct mq_buffer *out, const void *bytes, size_t count);

/* ---- html_table.c ---- */

/* A table with its caption, notes and source. `scope` goes before the ids, "" for the story. */
void mq_page_table(struct mq_page *page, const char *scope, const struct mq_sheet *sheet);

/* ---- html_figure.c ---- */

/* A figure: the place of its chart, its numbers as a table and for the script. */
void mq_page_figure(struct mq_page *page, const char *scope, const struct mq_figure *figure);

/* ---- html_story.c ---- */

/* The same sections, in the same order, in the list of contents and in the page. */
void mq_page_contents(struct mq_page *page);
void mq_page_sections(struct mq_page *page);

/* ---- web_assets.c: script and style as built by web/build.mjs ---- */

struct mq_asset {
    const char *bytes;
    size_t length;
};
struct mq_asset mq_page_script(void);
struct mq_asset mq_page_style(void);

#endif
