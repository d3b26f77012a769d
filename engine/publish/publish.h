/*
 * publish: scores in, printed tables out.
 *
 * Takes struct mq_scores; decides what may be shown (disclosure), rounds in decimal, lays out
 * sheets as the yearbooks do, and hands sheets to writers. Writers see finished sheets only: no
 * batch, no cube, no unrounded number reaches them.
 */
#ifndef MQ_PUBLISH_H
#define MQ_PUBLISH_H

#include "publish/figure.h"
#include "publish/sheet.h"

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

/* The scores that a publication may show, NaN where it may not; `shown` has units * nodes. */
enum mq_status mq_shown_scores(const struct mq_scores *scores, double *shown,
                               struct mq_error *error);

/* ---- text ---- */

/* One section of the white paper's text, with the tables and figures that stand in it. */
struct mq_story_section {
    const char *id, *title;
    const char **paragraph; /* finished sentences; one whose numbers are missing is left out */
    size_t paragraphs;
    const struct mq_sheet *const *sheet;
    const struct mq_figure *const *figure;
    size_t sheets, figures;
};
/* All tables and figures stand in some section: those that no section names make the last one
 * (附表), and 编制说明 is its end. Profiles' figures stand in the profiles. */
struct mq_story {
    size_t count;
    struct mq_story_section *section;
    struct mq_arena arena;
};

/* ---- data: every published number of every period, for machines and for places in documents ---- */

enum mq_measure {
    MQ_MEASURE_SCORE,
    MQ_MEASURE_RANK,
    MQ_MEASURE_CHANGE,
    MQ_MEASURE_VALUE,
    MQ_MEASURES
};
extern const char *const mq_measure_names[MQ_MEASURES]; /* "score", "rank", "change", "value" */

struct mq_data_cell {
    const char *text; /* as printed, minus U+2212; "" if there is no number */
    double value;     /* NaN if there is none */
    uint8_t reason;   /* enum mq_reason, why there is none; MQ_REASONS: there is no such unit */
};
struct mq_data_name {
    const char *code, *name;
};
struct mq_data_level {
    const char *id, *title;
    size_t axes;
    bool area; /* units are areas: the code list of its one axis says so by its name */
    size_t units;
    const struct mq_data_name *unit; /* by code; two axes: codes joined by | */
    const struct mq_data_cell *cell; /* [periods][units][nodes][MQ_MEASURES] */
};
struct mq_data_node {
    const char *id, *title, *unit; /* unit of the raw values */
    const char *score_unit;        /* of scores and changes: "分", "points"; where nothing is
                                      normalised that of the raw values, "" */
    int parent;                    /* -1: a root */
    bool leaf;
    int decimals;       /* of the scores */
    int value_decimals; /* most decimals of the raw values */
};
struct mq_data {
    size_t periods, nodes, levels;
    const struct mq_data_name *period; /* code "2024", name "2024年" */
    const struct mq_data_node *node;   /* tree order */
    const struct mq_data_level *level;
    struct mq_arena arena;
};
/* NULL if there is no such level, unit, node or period (NULL: the last). */
const struct mq_data_cell *mq_data_find(const struct mq_data *data, const char *node,
                                        const char *level, const char *unit, const char *period,
                                        enum mq_measure measure);

/* ---- feedback: one page a unit ---- */

struct mq_profile {
    const char *code, *name, *title; /* "大连市制造业质量竞争力诊断与跟踪（2024年）" */
    const char **line;               /* sentences */
    size_t lines;
    const struct mq_sheet *sheet; /* small tables, in order: scores, gap, peers, moves, targets */
    size_t sheets;
    const struct mq_figure *figure; /* the unit beside those above it; NULL: none */
};
struct mq_profiles {
    size_t count;
    const struct mq_profile *profile;
    struct mq_sheets *sheets; /* owns the tables */
    struct mq_arena arena;
};

/* A target as judged elsewhere, all texts ready to print. */
struct mq_target_line {
    const char *title, *wanted, *actual, *standing; /* "达到", "落后", ... */
    bool behind;
};

/* ---- the publication ---- */

struct mq_publication {
    bool chinese;
    const char *title, *edition; /* of the model */
    const char *model_id;
    const char *period;   /* "2024年", "" */
    const char *language; /* "zh-CN", "en" */
    const struct mq_sheets *sheets;
    const struct mq_figures *figures;
    const struct mq_story *story;
    const struct mq_data *data;             /* NULL unless a writer wants it */
    const struct mq_profiles *profiles;     /* NULL likewise */
    const struct mq_provenance *provenance; /* may be NULL */
    const char *const *assumption;
    size_t assumptions;
    const char *source;
};

/* What parts of a publication are wanted; sheets always are. */
enum mq_want { MQ_WANT_FIGURES = 1, MQ_WANT_STORY = 2, MQ_WANT_DATA = 4, MQ_WANT_PROFILES = 8 };

struct mq_publication_options {
    unsigned wants;
    const char *map;      /* GeoJSON file, or NULL */
    const char *approval; /* 审图号, or NULL */
    const struct mq_target_line *target;
    size_t targets;
};
/* `provenance` and `options` may be NULL; provenance is not copied. */
enum mq_status mq_publication_new(const struct mq_scores *scores,
                                  const struct mq_provenance *provenance,
                                  const struct mq_publication_options *options,
                                  struct mq_publication **publication, struct mq_error *error);
void mq_publication_free(struct mq_publication *publication);

/* A writer of one format. `directory` exists. MQ_CANNOT_WRITE if a file cannot be made, MQ_IO if
 * writing fails on the way; no partial file keeps its name. */
struct mq_writer {
    const char *name;  /* "csv", "xlsx" */
    const char *files; /* what it writes, for help */
    const char *summary;
    unsigned wants; /* enum mq_want */
    enum mq_status (*write)(const struct mq_publication *publication, const char *directory,
                            struct mq_error *error);
};
extern const struct mq_writer *const mq_writers[];
extern const size_t mq_writers_count;

/* ---- fill_docx.c: the author's own document ---- */

/* Adds to the buffers of a caller: a line for every place that nothing is known for. */
struct mq_fill_report {
    size_t filled;
    size_t unknown;
    struct mq_buffer
        lines; /* "paper.docx: `{{table:citty}}`: no such table; did you mean `city`?\n" */
};
/* Fills {{table:ID}}, {{figure:ID}}, {{text:ID}}, {{value:NODE.LEVEL.UNIT[.MEASURE][@PERIOD]}} and
 * {{title}}, {{period}}, {{edition}} in a copy of `template`; what one publication does not know is
 * looked up in the next; `model-id/ID` names one. `output` appears whole or not at all. */
enum mq_status mq_fill_docx(const struct mq_publication *const *publication, size_t publications,
                            const char *template, const char *output, struct mq_fill_report *report,
                            struct mq_error *error);

#endif
