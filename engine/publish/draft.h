/* Inside publish/: what may be shown, and the drafting of sheets. */
#ifndef MQ_DRAFT_H
#define MQ_DRAFT_H

#include "publish/publish.h"

/* ---- disclosure.c: the only way from scores to sheets ---- */

/* A number that may be shown: NaN with a reason if it may not, or is missing. */
struct mq_shown {
    double value;
    enum mq_reason reason;
};

#define MQ_NO_UNIT SIZE_MAX

/* One line of a table: the same unit now and in the period before, either may be MQ_NO_UNIT. */
struct mq_line {
    size_t now, before; /* indices in frame->unit */
    const char *code, *name;
};

struct mq_lines {
    size_t count;
    struct mq_line *line; /* by code */
};

struct mq_release {
    const struct mq_scores *scores;
    const struct mq_frame *frame;
    const struct mq_model *model;
    const struct mq_provenance *provenance; /* may be NULL */
    bool chinese;
    bool compared;            /* there is something to compare scores with */
    bool compared_raw;        /* the same for raw values: a previous period in the data */
    bool years;               /* the two periods are a year and the one before */
    bool raw_is_score;        /* no leaf is normalised */
    const char *now, *before; /* headings of the two periods: "2024年", "2023年" or "上期" */
    bool *withheld;           /* [units * nodes] */
    struct mq_lines *level;   /* [model->levels] */
    int root;           /* the index: first root in tree order, -1 if the model has no nodes */
    struct mq_line top; /* the one unit of the top level */
    int top_level;      /* -1 if there is none */
    struct mq_arena arena;
};

enum mq_status mq_release_new(const struct mq_scores *scores,
                              const struct mq_provenance *provenance, struct mq_release *release,
                              struct mq_error *error);
void mq_release_clear(struct mq_release *release);
struct mq_shown mq_show_score(const struct mq_release *release, size_t unit, int node);
struct mq_shown mq_show_previous(const struct mq_release *release, const struct mq_line *line,
                                 int node);
struct mq_shown mq_show_raw(const struct mq_release *release, size_t unit, int node);
/* 0 if unranked or not to be shown. */
uint32_t mq_show_rank(const struct mq_release *release, size_t unit, int node);
uint32_t mq_show_previous_rank(const struct mq_release *release, const struct mq_line *line,
                               int node);

/* ---- draft.c: a sheet under construction ---- */

struct mq_draft {
    const struct mq_release *release;
    struct mq_sheets *sheets;
    struct mq_sheet *sheet;
    const struct mq_sheet_plan *plan; /* what the model says of this sheet; NULL: nothing */
    size_t most_columns, most_notes, numbered;
    unsigned symbols;     /* bit set of enum mq_symbol used on this sheet */
    unsigned all_symbols; /* on any sheet */
    bool failed;          /* out of memory: test once at the end */
};

/* What a sheet is called; texts are copied. */
struct mq_heading {
    enum mq_sheet_kind kind;
    int level; /* of the model, for kinds that have one */
    const char *id, *name, *title, *unit;
    bool numbered;
};

/* False if out of memory: then the sheet must not be filled. */
bool mq_draft_begin(struct mq_draft *draft, const struct mq_heading *heading, size_t most_columns,
                    size_t rows);
/* Returns the column's index. Texts are copied. */
size_t mq_draft_column(struct mq_draft *draft, const char *title, const char *group,
                       enum mq_column_kind kind, int decimals);
/* After the last column: makes the cells. False if out of memory. */
bool mq_draft_cells(struct mq_draft *draft);
struct mq_sheet_cell *mq_draft_cell(struct mq_draft *draft, size_t row, size_t column);
void mq_draft_text(struct mq_draft *draft, size_t row, size_t column, const char *text);
/* `note` is an arena text; NULL means that making it failed. */
void mq_draft_note(struct mq_draft *draft, const char *note);
/* Adds the standing notes and the source, numbers the notes, and puts the sheet among the finished.
 */
void mq_draft_end(struct mq_draft *draft, bool standing);
/* Shorthand: the draft's arena, a copy of a text. */
const char *mq_draft_copy(struct mq_draft *draft, const char *text);

/* ---- standing_notes.c: what every table carries ---- */

void mq_notes_standing(struct mq_draft *draft);
void mq_notes_ranks(struct mq_draft *draft);
void mq_notes_bands(struct mq_draft *draft);
void mq_notes_coverage(struct mq_draft *draft, const struct mq_line *lines, size_t count);
void mq_notes_incomplete(struct mq_draft *draft, const struct mq_line *lines, size_t count);
/* "“…”表示…；“*”表示…" of a set of symbols, NULL if out of memory. */
const char *mq_symbols_text(struct mq_draft *draft, unsigned symbols);
const char *mq_rounding_text(struct mq_draft *draft);
const char *mq_assumptions_text(struct mq_draft *draft);
const char *mq_bands_text(struct mq_draft *draft);

/* ---- format.c: numbers as printed ---- */

/* Signs in cells without a number: one per reason, and two more. */
enum mq_symbol {
    MQ_SYMBOL_EMPTY = MQ_REASONS, /* blank: no unit of that kind */
    MQ_SYMBOL_BELOW_BANDS,
    MQ_SYMBOLS
};
const char *mq_symbol_mark(int symbol);
/* What it means; `minimum` is the model's min_enterprises; texts from the arena. NULL if out of
 * memory. */
const char *mq_symbol_meaning(struct mq_arena *arena, int symbol, const struct mq_model *model);

void mq_draft_symbol(struct mq_draft *draft, size_t row, size_t column, int symbol);
void mq_draft_number(struct mq_draft *draft, size_t row, size_t column, struct mq_shown shown,
                     int decimals);
/* The difference of the published numbers. */
void mq_draft_change(struct mq_draft *draft, size_t row, size_t column,
                     const struct mq_shown pair[2], int decimals);
/* `reason` tells why there is no rank (0). */
void mq_draft_rank(struct mq_draft *draft, size_t row, size_t column, uint32_t rank,
                   enum mq_reason reason);
void mq_draft_move(struct mq_draft *draft, size_t row, size_t column, const uint32_t rank[2],
                   enum mq_reason reason);
/* The title of the band of a score that is shown. */
void mq_draft_band(struct mq_draft *draft, size_t row, size_t column, size_t unit, int node);
/* Digits with a typographic minus, and a plus where `sign` asks for one. NULL if out of memory. */
const char *mq_printed_text(struct mq_arena *arena, const char *digits, bool sign);
/* "98.7%" */
const char *mq_percent_text(struct mq_arena *arena, double share, enum mq_rounding rounding);
/* Decimals that leave three digits of the largest shown value of a leaf; at least the model's, at
 * most 6. */
int mq_raw_decimals(const struct mq_release *release, int node);

/* ---- sheets.c ---- */

const char *mq_node_title(const struct mq_node *node); /* the id where there is no title */
const char *mq_level_title(const struct mq_release *release,
                           int level); /* "" if it has none of its own */
/* "各市" or "by city"; from the draft's arena. */
const char *mq_level_each(struct mq_draft *draft, int level);
const char *mq_index_title(const struct mq_release *release);
const char *mq_score_unit(const struct mq_release *release);
/* Several indicators side by side that are not measured alike: each names its unit then. */
bool mq_units_mixed(const struct mq_release *release);
const char *mq_measured_title(struct mq_draft *draft,
                              const struct mq_node *node); /* "单位：分" or "" */
/* The nodes a ranking shows beside the index: few children of the root, then the other roots.
 * Returns how many; `node` has model->nodes entries. */
size_t mq_side_nodes(const struct mq_release *release, int *node);
/* True if every leaf is among the root and the side nodes. */
bool mq_sides_show_leaves(const struct mq_release *release);
/* Leaves in tree order; returns how many. */
size_t mq_leaves(const struct mq_model *model, int *node);
/* "市": the heading of the first column. */
const char *mq_unit_heading(const struct mq_release *release, int level);

/* ---- ranked.c, cross.c: orders that tables and figures share ---- */

/* All lines of a level: those with a rank first, then those with a score, then the others. NULL if
 * out of memory. */
const struct mq_line **mq_ranked_lines(const struct mq_release *release,
                                       const struct mq_lines *lines, struct mq_arena *arena);

/* A unit of one axis: a part of the joined code and name. */
struct mq_key {
    const char *code, *name;
};
struct mq_cross_axis {
    struct mq_key *key; /* by code, each once */
    size_t count;
    size_t *place; /* [lines] index of the line's key */
    int level;     /* the level with this axis alone, -1 if there is none */
};
/* Two axes at once, the one with more units down the side. */
struct mq_cross {
    struct mq_lines lines; /* of the latest period; none: the axes are empty */
    struct mq_cross_axis side, head;
    int level[2]; /* `level` of the axes in the model's order */
};
/* False if out of memory. */
bool mq_cross_new(const struct mq_release *release, int level, struct mq_arena *arena,
                  struct mq_cross *cross);
/* "各市各行业", "by city and industry" */
const char *mq_cross_each(struct mq_draft *draft, int level, const struct mq_cross *cross);

/* ---- the sheets ---- */

void mq_sheet_summary(struct mq_draft *draft);
void mq_sheet_level(struct mq_draft *draft, int level);
void mq_sheet_matrix(struct mq_draft *draft, int level);
void mq_sheet_indicators(struct mq_draft *draft);
/* Units x indicators: scores, or raw values. */
void mq_sheet_leaves(struct mq_draft *draft, int level, bool raw);
void mq_sheet_notes(struct mq_draft *draft);

/* ---- the other parts of a publication ---- */

enum mq_status mq_figures_new(const struct mq_release *release,
                              const struct mq_publication_options *options,
                              struct mq_figures **figures, struct mq_error *error);
void mq_figures_free(struct mq_figures *figures);
enum mq_status mq_story_new(const struct mq_release *release, const struct mq_sheets *sheets,
                            const struct mq_figures *figures, struct mq_story **story,
                            struct mq_error *error);
void mq_story_free(struct mq_story *story);
/* story_words.c: the difference of the published numbers, "-0.36" (352 bytes), and the same in
 * words: "比上年提高0.36", "比上年下降0.03个百分点", "与上年持平", "up 0.36 on the year before";
 * `unit` is "" for points. False, and nothing added, where there are not two numbers. */
bool mq_change_digits(const struct mq_release *release, const struct mq_shown pair[2], int decimals,
                      char *change);
bool mq_change_words(const struct mq_release *release, const struct mq_shown pair[2], int decimals,
                     const char *unit, struct mq_buffer *text);
enum mq_status mq_data_new(const struct mq_release *release, struct mq_data **data,
                           struct mq_error *error);
void mq_data_free(struct mq_data *data);
/* Profiles are of the level of the profile figures. */
enum mq_status mq_profiles_new(const struct mq_release *release,
                               const struct mq_publication_options *options,
                               const struct mq_figures *figures, struct mq_profiles **profiles,
                               struct mq_error *error);
void mq_profiles_free(struct mq_profiles *profiles);
/* The level that profiles are about: of the plan's profile figure, else the first level with one
 * axis that is not the top level and has 2 to 60 units; -1: none. */
int mq_profile_level(const struct mq_release *release);

/* ---- native_chart.c: charts that spreadsheets and word processors draw themselves ---- */

/* Heat maps, tiles and maps are not. */
bool mq_chart_is_native(const struct mq_figure *figure);

/* ---- writers ---- */

enum mq_status mq_write_csv(const struct mq_publication *publication, const char *directory,
                            struct mq_error *error);
enum mq_status mq_write_xlsx(const struct mq_publication *publication, const char *directory,
                             struct mq_error *error);
enum mq_status mq_write_docx(const struct mq_publication *publication, const char *directory,
                             struct mq_error *error);
enum mq_status mq_write_html(const struct mq_publication *publication, const char *directory,
                             struct mq_error *error);
enum mq_status mq_write_data_csv(const struct mq_publication *publication, const char *directory,
                                 struct mq_error *error);
enum mq_status mq_write_json(const struct mq_publication *publication, const char *directory,
                             struct mq_error *error);
enum mq_status mq_write_sdmx(const struct mq_publication *publication, const char *directory,
                             struct mq_error *error);
enum mq_status mq_write_tex(const struct mq_publication *publication, const char *directory,
                            struct mq_error *error);
enum mq_status mq_write_svg(const struct mq_publication *publication, const char *directory,
                            struct mq_error *error);
enum mq_status mq_write_pdf(const struct mq_publication *publication, const char *directory,
                            struct mq_error *error);
enum mq_status mq_write_png(const struct mq_publication *publication, const char *directory,
                            struct mq_error *error);
/* directory/name, made if it is not there. */
enum mq_status mq_make_folder(const char *directory, const char *name, struct mq_error *error);

#endif
