/*
 * publish: scores in, printed tables out.
 *
 * Takes struct mq_scores; decides what may be shown (disclosure), rounds in decimal, lays out
 * sheets as the yearbooks do, and hands sheets to writers. Writers see finished sheets only: no
 * batch, no cube, no unrounded number reaches them.
 */
#ifndef MQ_PUBLISH_H
#define MQ_PUBLISH_H

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
};

struct mq_sheets {
    bool chinese;      /* language of headings, fonts and footers */
    const char *title; /* of the whole publication */
    size_t count;
    struct mq_sheet *sheet;
    struct mq_arena arena;
};

/* Where the numbers come from, for the 说明 sheet. */
struct mq_provenance {
    const char *engine_version;
    const char *model_digest;  /* sha256 hex */
    const char *result_digest; /* of the manifest, "" if not known */
    uint64_t rows_in, accepted, rejected, out_of_scope;
    uint64_t rows_corrected; /* told unless 0 */
};

/*
 * The white-paper tables of the latest period, compared with the one before where there is one;
 * numbered in this order: summary            the index and the nodes down to two levels below it,
 * for the top unit (the first level that has one unit only: nation or province) <level> one ranking
 * per level with one axis <level>            a matrix per level with two axes (levels with more are
 * in scores.csv only) indicators         raw values of the top unit, with direction, score and
 * coverage <level>_scores, <level>_values   units x indicators per level with one axis, left out
 * where they would repeat a ranking notes              说明: model, formulas, rounding, disclosure,
 * symbols, rows, digests `provenance` may be NULL. All texts live in the sheets, none in the
 * scores. MQ_INTERNAL when out of memory.
 */
enum mq_status mq_sheets_new(const struct mq_scores *scores, const struct mq_provenance *provenance,
                             struct mq_sheets **sheets, struct mq_error *error);
void mq_sheets_free(struct mq_sheets *sheets);

/* A writer of one format. `directory` exists. csv: directory/tables/<id>.csv; xlsx:
 * directory/tables.xlsx. MQ_CANNOT_WRITE if a file cannot be made, MQ_IO if writing fails on the
 * way; no partial file keeps its name. */
struct mq_writer {
    const char *name; /* "csv", "xlsx" */
    const char *summary;
    enum mq_status (*write)(const struct mq_sheets *sheets, const char *directory,
                            struct mq_error *error);
};
extern const struct mq_writer *const mq_writers[];
extern const size_t mq_writers_count;

#endif
