/*
 * plan: what a model says about its publication: `sheets:`, `figures:`, `narrative:`, `tiles:`.
 * Without a key the publication has all that its levels and nodes give.
 */
#ifndef MQ_PLAN_H
#define MQ_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "model/methods.h"

/* A sentence with places for numbers, as parsed: narrative.h. */
struct mq_narrative;

enum mq_sheet_kind {
    MQ_SHEET_SUMMARY,    /* the index and the levels below it, for the top unit */
    MQ_SHEET_RANKING,    /* units of one level by rank */
    MQ_SHEET_MATRIX,     /* a level with two axes */
    MQ_SHEET_INDICATORS, /* raw values of the top unit */
    MQ_SHEET_SCORES,     /* units x leaves */
    MQ_SHEET_VALUES,     /* the same, raw values */
    MQ_SHEET_NOTES,      /* 编制说明 */
    MQ_SHEET_KINDS
};
/* "summary", "ranking", ... */
extern const char *const mq_sheet_kind_names[MQ_SHEET_KINDS];

enum mq_figure_kind {
    MQ_FIGURE_TREND,     /* index and main parts over all periods, top unit */
    MQ_FIGURE_RANKING,   /* bars of the units of a level, with change */
    MQ_FIGURE_STRIP,     /* where the units of a level lie, a strip a node */
    MQ_FIGURE_HEATMAP,   /* a level with two axes */
    MQ_FIGURE_WATERFALL, /* what the year's change of the top unit is made of */
    MQ_FIGURE_TILES,     /* units of a level as tiles of equal size, placed as on a map */
    MQ_FIGURE_MAP,       /* units of a level on the geometry the user gave */
    MQ_FIGURE_PROFILE,   /* one a unit of the level: its parts beside those of the units above */
    MQ_FIGURE_KINDS
};
extern const char *const mq_figure_kind_names[MQ_FIGURE_KINDS];

/* Texts are "" where the default holds; ids never are. */
struct mq_sheet_plan {
    enum mq_sheet_kind kind;
    int level; /* -1: the kind has none */
    const char *id, *name, *title, *number, *unit;
    const struct mq_narrative *words; /* the title, parsed; NULL without */
    const char **note;                /* written before the standing notes */
    size_t notes;
};

struct mq_figure_plan {
    enum mq_figure_kind kind;
    int level;
    const char *id, *title, *number;
    const struct mq_narrative *words; /* the title, parsed; NULL without */
    const char **note;
    size_t notes;
};

/* One section of the text. */
struct mq_text_plan {
    const char *id, *title;
    const struct mq_narrative *words;         /* the title, parsed; NULL without */
    const char **paragraph;                   /* as written */
    const struct mq_narrative *const *parsed; /* [paragraphs] */
    size_t paragraphs;
    const char **sheet, **figure; /* ids printed in this section, in order */
    size_t sheets, figures;
};

/* Where the tile of a unit stands, from 0 at the top left. */
struct mq_tile {
    const char *code;
    const char *name; /* of a region without data; NULL or "": its code */
    int row, column;
};

struct mq_plan {
    bool sheets_given, figures_given, texts_given;
    const struct mq_sheet_plan *sheet;
    const struct mq_figure_plan *figure;
    const struct mq_text_plan *text;
    const struct mq_tile *tile; /* by code */
    size_t sheets, figures, texts, tiles;
};

#endif
