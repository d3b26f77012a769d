/* tex_parts: what the LaTeX writer is made of. */
#ifndef MQ_TEX_PARTS_H
#define MQ_TEX_PARTS_H

#include "publish/publish.h"

/* Text as LaTeX prints it: specials escaped, signs of tables and the minus as mathematics, control
 * characters and line ends as spaces. */
void mq_tex_text(struct mq_buffer *tex, const char *text);
/* The first `length` bytes of it. */
void mq_tex_span(struct mq_buffer *tex, const char *text, size_t length);
/* A fragment to \input: the table of a sheet with caption, label tab:<id> and notes; needs array,
 * booktabs, threeparttable, longtable and rotating. */
void mq_tex_table(struct mq_buffer *tex, const struct mq_sheets *sheets,
                  const struct mq_sheet *sheet);

#endif
