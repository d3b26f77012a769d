/* data_text: what the writers for machines have in common. */
#ifndef MQ_DATA_TEXT_H
#define MQ_DATA_TEXT_H

#include "publish/publish.h"

/* A JSON string with its quotes; `<` is escaped so that it may stand in a page. */
void mq_json_text(struct mq_buffer *json, const char *text);
/* "name":"text" with a comma after it. */
void mq_json_member(struct mq_buffer *json, const char *name, const char *text);
/* A printed number as machines read it: ASCII minus, no plus; nothing for "". */
void mq_ascii_number(struct mq_buffer *out, const char *text);
/* A CSV field. Text that a spreadsheet would take for a formula gets an apostrophe before it. */
void mq_csv_text(struct mq_buffer *csv, const char *text);
/* "withheld", "ok"; "" where there is no such unit. */
const char *mq_data_status(const struct mq_data_cell *cell);
/* Four digits each, and at least one. */
bool mq_periods_are_years(const struct mq_data *data);
/* The cell of a period, unit and node; MQ_MEASURES of them. */
const struct mq_data_cell *mq_data_cells(const struct mq_data *data,
                                         const struct mq_data_level *level, size_t period,
                                         size_t unit, size_t node);
/* Writes and clears `content`: directory/folder/prefix name ending. */
struct mq_place {
    const char *directory, *folder, *prefix, *name, *ending;
};
/* "level-" for the level whose id is the name of another file of data/, else "". */
const char *mq_level_prefix(const struct mq_data_level *level);
enum mq_status mq_write_place(const struct mq_place *place, struct mq_buffer *content,
                              struct mq_error *error);

#endif
