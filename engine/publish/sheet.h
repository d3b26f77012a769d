/* sheet: one table, ready to print. */
#ifndef MQ_SHEET_H
#define MQ_SHEET_H

#include "index/index.h"

/* What a column holds; decides alignment and number format. */
enum mq_column_kind {
    MQ_COLUMN_TEXT,
    MQ_COLUMN_NUMBER,
    MQ_COLUMN_CHANGE, /* signed */
    MQ_COLUMN_COUNT,
    MQ_COLUMN_RANK,
    MQ_COLUMN_MOVE /* ↑2 ↓1 — */
};

struct mq_sheet_column {
    const char *title;
    const char *group; /* heading spanning neighbours with the same group, "" if none */
    enum mq_column_kind kind;
    int decimals; /* most decimals of its numbers; a cell's own are those of its text */
};

struct mq_sheet_cell {
    const char *text; /* exactly as printed; a minus is U+2212 */
    double value;     /* the rounded number, NaN if the cell is not a number */
};

/* One table, ready to print. */
struct mq_sheet {
    const char *id;     /* file name without extension, ASCII, unique: "summary", "city", ... */
    const char *name;   /* short name for a worksheet tab, in the model's language */
    const char *number; /* "表1", "Table 1"; "" if the sheet is not a numbered table (说明) */
    const char *title;
    const char *unit; /* "单位：分", "" if columns differ */
    size_t columns, rows;
    struct mq_sheet_column *column;
    struct mq_sheet_cell *cell; /* [rows * columns] */
    const char **note;          /* 注 lines in order, numbered, as printed */
    size_t notes;
    const char *source; /* "数据来源：…", "" if the model names none */
    enum mq_sheet_kind kind;
    const char *level; /* id of the level it shows, "" if none */
};

struct mq_sheets {
    bool chinese;      /* language of headings, fonts and footers */
    const char *title; /* of the whole publication */
    size_t count;
    struct mq_sheet *sheet;
    struct mq_arena arena;
};

/* NULL if there is none. Ids are compared without regard to "-" and "_", and "<level>-ranking" is
 * another name for the ranking of a level. */
const struct mq_sheet *mq_sheets_find(const struct mq_sheets *sheets, const char *id);
/* "表1　title", "Table 1. title". */
void mq_sheet_heading(const struct mq_sheets *sheets, const struct mq_sheet *sheet,
                      struct mq_buffer *text);
bool mq_sheet_has_groups(const struct mq_sheet *sheet);

#endif
