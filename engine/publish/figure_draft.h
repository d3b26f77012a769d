/* Inside publish/: a figure under construction. One file a kind: figure_trend.c, ... */
#ifndef MQ_FIGURE_DRAFT_H
#define MQ_FIGURE_DRAFT_H

#include "publish/draft.h"

struct mq_figure_draft {
    /* Cells, signs and texts are those of the tables: its sheet is the matrix of the figure. */
    struct mq_draft draft;
    struct mq_sheets sheets; /* its arena becomes that of the figures */
    struct mq_sheet matrix;
    const struct mq_publication_options *options;
    const struct mq_figure_plan *plan; /* of the figure */
    struct mq_figure *finished;
    size_t count, most, numbered;
    struct mq_figure *figure;
    struct mq_figure_item *row, *column;
    int16_t *band;
    const char **note;
    size_t notes;
    const struct mq_geometry *geometry; /* of all maps, NULL if none was given */
    enum mq_status status;              /* of anything but memory */
    struct mq_error *error;
};

/* A kind of figure. `build` adds what there is to see: nothing, one figure, or one a unit. */
struct mq_figure_maker {
    enum mq_figure_kind kind;
    size_t axes; /* of the level it shows; 0: it shows no level */
    void (*build)(struct mq_figure_draft *figure, const struct mq_figure_plan *plan);
};
extern const struct mq_figure_maker mq_figure_trend, mq_figure_ranking, mq_figure_strip,
    mq_figure_heatmap, mq_figure_waterfall, mq_figure_tiles, mq_figure_map, mq_figure_profile;

/* ---- figure_draft.c ---- */

/* All cells are empty then. False if out of memory: then the figure must not be filled. */
bool mq_figure_begin(struct mq_figure_draft *figure, const struct mq_figure_plan *plan, size_t rows,
                     size_t columns);
/* Where the plan says nothing; `title` NULL means that making it failed. */
void mq_figure_name(struct mq_figure_draft *figure, const char *id, const char *title);
/* Texts are copied. */
void mq_figure_row(struct mq_figure_draft *figure, size_t row, const char *code, const char *name,
                   bool strong);
void mq_figure_column(struct mq_figure_draft *figure, size_t column, const char *code,
                      const char *name, bool strong);
void mq_figure_score(struct mq_figure_draft *figure, size_t row, size_t column, size_t unit,
                     int node);
const struct mq_sheet_cell *mq_figure_cell(const struct mq_figure_draft *figure, size_t row,
                                           size_t column);
/* The band of the index of a unit, if it is shown. */
void mq_figure_band(struct mq_figure_draft *figure, size_t row, size_t column, size_t unit);
/* The index of the top unit. */
void mq_figure_reference(struct mq_figure_draft *figure);
/* Axis around the first `columns` columns and the reference; bars keep some length. */
void mq_figure_range(struct mq_figure_draft *figure, size_t columns, bool bars);
/* The same around any two numbers: round ends. */
void mq_round_range(double least, double greatest, bool bars, double range[2]);
void mq_figure_note(struct mq_figure_draft *figure, const char *note);
/* Takes the buffer as the figure's `alt`. */
void mq_figure_alt(struct mq_figure_draft *figure, struct mq_buffer *alt);
/* Explains signs and puts the figure among the finished; numbered unless it is one of many. */
void mq_figure_end(struct mq_figure_draft *figure, bool numbered);

/* ---- figure_texts.c ---- */

/* "2024年各市制造业质量竞争力指数"; `each` "各市" or "by city". NULL if out of memory. */
const char *mq_figure_title_each(struct mq_figure_draft *figure, const char *each);
/* The same with the kind of figure, where the ranking of the level has the title already. */
const char *mq_figure_title_kind(struct mq_figure_draft *figure, int level, const char *chinese,
                                 const char *english);
/* "2024年" of "2024"; NULL if out of memory. */
const char *mq_period_name(struct mq_figure_draft *figure, const char *period);
bool mq_period_is_year(const char *period);
/* "<level>-<kind>" */
const char *mq_figure_id(struct mq_figure_draft *figure, int level, const char *kind);
/* "14个市", "14 units (City)" */
void mq_add_counted(struct mq_buffer *text, const struct mq_release *release, int level, size_t n);
/* "大连市最高（87.72），铁岭市最低（79.71）" of the first column; "" if it has no number. */
void mq_add_extremes(struct mq_buffer *text, const struct mq_figure_draft *figure);
/* "；辽宁省84.15" */
void mq_add_reference(struct mq_buffer *text, const struct mq_figure_draft *figure);
/* Words for people who see no figure, of a level by its first column. */
void mq_figure_alt_level(struct mq_figure_draft *figure, const char *chart, int level);

/* Below bars: where their axis begins, if 0 is not on it. */
void mq_note_axis(struct mq_figure_draft *figure);
/* Below tiles and maps: which scores the bands are. */
void mq_note_bands(struct mq_figure_draft *figure);

/* ---- which units and nodes ---- */

/* The node says what its parent says. */
bool mq_only_child(const struct mq_model *model, int node);
/* The index and what is below it: two levels deep if that makes at most `most`, else one, else the
 * index alone; tree order. Other roots follow if they are measured alike and there is room. */
size_t mq_figure_nodes(const struct mq_release *release, size_t most, int *node);
/* Units of the level in the latest period that have an index to be shown. */
size_t mq_scored_units(const struct mq_release *release, int level);
/* Half of the level's units or more have a tile. */
bool mq_has_tiles(const struct mq_release *release, int level);

#endif
