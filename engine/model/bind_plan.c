/* sheets:, figures: and tiles: what a publication holds, and how it is called. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/binder.h"

/* A sheet or a figure as written. */
struct draft {
    const char *id, *name, *title, *number, *unit;
    const struct mq_yaml *kind, *level, *notes;
};

static const struct mq_key sheet_keys[] = {
    {"kind", true, mq_bind_keep, offsetof(struct draft, kind), 0, 0},
    {"level", false, mq_bind_keep, offsetof(struct draft, level), 0, 0},
    {"id", false, mq_bind_id, offsetof(struct draft, id), 0, 0},
    {"name", false, mq_bind_text, offsetof(struct draft, name), 0, 0},
    {"number", false, mq_bind_text, offsetof(struct draft, number), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct draft, title), 0, 0},
    {"unit", false, mq_bind_text, offsetof(struct draft, unit), 0, 0},
    {"notes", false, mq_bind_keep, offsetof(struct draft, notes), 0, 0},
};
static const struct mq_section sheet_section = MQ_SECTION("a sheet", sheet_keys);

static const struct mq_key figure_keys[] = {
    {"kind", true, mq_bind_keep, offsetof(struct draft, kind), 0, 0},
    {"level", false, mq_bind_keep, offsetof(struct draft, level), 0, 0},
    {"id", false, mq_bind_id, offsetof(struct draft, id), 0, 0},
    {"number", false, mq_bind_text, offsetof(struct draft, number), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct draft, title), 0, 0},
    {"notes", false, mq_bind_keep, offsetof(struct draft, notes), 0, 0},
};
static const struct mq_section figure_section = MQ_SECTION("a figure", figure_keys);

/* Axes of the level that a kind is about; 0: it is about no level. */
static const size_t sheet_axes[MQ_SHEET_KINDS] = {
    [MQ_SHEET_RANKING] = 1, [MQ_SHEET_MATRIX] = 2, [MQ_SHEET_SCORES] = 1, [MQ_SHEET_VALUES] = 1};
static const size_t figure_axes[MQ_FIGURE_KINDS] = {
    [MQ_FIGURE_RANKING] = 1, [MQ_FIGURE_STRIP] = 1, [MQ_FIGURE_HEATMAP] = 2,
    [MQ_FIGURE_TILES] = 1,   [MQ_FIGURE_MAP] = 1,   [MQ_FIGURE_PROFILE] = 1};

static enum mq_status unknown_level(struct mq_binder *b, const struct mq_yaml *value)
{
    const struct mq_model *model = b->model;
    const char **known = mq_arena_array(&b->scratch, model->levels, sizeof *known);
    if (!known)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < model->levels; i++)
        known[i] = model->level[i].id;
    return mq_bind_unknown(b, value, "found", known, model->levels, "levels");
}

/* A level with one axis may also be one without: everything as one unit. */
static enum mq_status bind_level(struct mq_binder *b, const struct mq_yaml *map,
                                 const struct draft *draft, size_t axes, int *level)
{
    const struct mq_model *model = b->model;
    *level = -1;
    if (axes == 0)
        return draft->level
                   ? mq_bind_fail(b, draft->level, "\"%s\" is about no level", draft->kind->text)
                   : MQ_OK;
    if (!draft->level)
        return mq_bind_fail(b, map, "\"%s\" needs a level: write level: ID", draft->kind->text);
    for (size_t i = 0; i < model->levels && draft->level->kind == MQ_YAML_SCALAR; i++)
        if (strcmp(model->level[i].id, draft->level->text) == 0)
            *level = (int)i;
    if (*level < 0)
        return unknown_level(b, draft->level);
    if (model->level[*level].axes == axes || (axes == 1 && model->level[*level].axes == 0))
        return MQ_OK;
    return mq_bind_fail(b, draft->level, "\"%s\" shows levels with %zu code%s, \"%s\" has %zu",
                        draft->kind->text, axes, axes == 1 ? "" : "s", model->level[*level].id,
                        model->level[*level].axes);
}

/* File names are made of ids. */
static enum mq_status check_id(struct mq_binder *b, const struct mq_yaml *map, const char *id)
{
    for (const char *c = id; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-_", *c))
            return mq_bind_fail(b, mq_yaml_get(map, "id"),
                                "the id names files: use letters a-z, digits, \"-\" and \"_\"");
    return MQ_OK;
}

/* What sheets and figures have in common; texts stay "" where nothing is written. */
static enum mq_status bind_draft(struct mq_binder *b, const struct mq_yaml *map,
                                 const struct mq_section *section, struct draft *draft)
{
    *draft = (struct draft){.id = "", .name = "", .title = "", .number = "", .unit = ""};
    MQ_TRY(mq_bind_map(b, map, section, draft));
    return check_id(b, map, draft->id);
}

/* The id that holds where none is written. */
static const char *default_sheet_id(struct mq_binder *b, enum mq_sheet_kind kind, int level)
{
    static const char *const tails[MQ_SHEET_KINDS] = {
        [MQ_SHEET_SCORES] = "_scores", [MQ_SHEET_VALUES] = "_values"};
    if (level < 0)
        return mq_sheet_kind_names[kind];
    return mq_arena_format(&b->model->arena, "%s%s", b->model->level[level].id,
                           tails[kind] ? tails[kind] : "");
}

static const char *default_figure_id(struct mq_binder *b, enum mq_figure_kind kind, int level)
{
    if (level < 0)
        return mq_figure_kind_names[kind];
    return mq_arena_format(&b->model->arena, "%s-%s", b->model->level[level].id,
                           mq_figure_kind_names[kind]);
}

static enum mq_status seen_before(struct mq_binder *b, const struct mq_yaml *map, const char *id)
{
    char name[MQ_QUOTED];
    const struct mq_yaml *at = mq_yaml_get(map, "id");
    return mq_bind_fail(b, at ? at : map, "\"%s\" is already there; give this one another id",
                        mq_quoted(mq_text(id), name));
}

static enum mq_status bind_notes(struct mq_binder *b, const struct draft *draft, const char ***note,
                                 size_t *notes)
{
    *notes = 0;
    return draft->notes ? mq_bind_texts(b, draft->notes, "notes", note, notes) : MQ_OK;
}

static enum mq_status bind_sheet(struct mq_binder *b, const struct mq_yaml *map,
                                 struct mq_sheet_plan *sheet)
{
    struct draft draft;
    int kind;
    MQ_TRY(bind_draft(b, map, &sheet_section, &draft));
    MQ_TRY(mq_bind_choice(b, draft.kind, mq_sheet_kind_names, MQ_SHEET_KINDS, "kinds of sheets",
                          &kind));
    sheet->kind = (enum mq_sheet_kind)kind;
    MQ_TRY(bind_level(b, map, &draft, sheet_axes[kind], &sheet->level));
    sheet->id = *draft.id ? draft.id : default_sheet_id(b, sheet->kind, sheet->level);
    sheet->name = draft.name;
    sheet->number = draft.number;
    sheet->title = draft.title;
    sheet->unit = draft.unit;
    if (!sheet->id)
        return mq_fail_memory(b->error);
    MQ_TRY(mq_bind_sentence(b, mq_yaml_get(map, "title"), &sheet->words));
    return bind_notes(b, &draft, &sheet->note, &sheet->notes);
}

enum mq_status mq_bind_sheets(struct mq_binder *b, const struct mq_yaml *sheets)
{
    struct mq_plan *plan = &b->model->plan;
    MQ_TRY(mq_bind_list(b, sheets, "sheets"));
    struct mq_sheet_plan *sheet =
        mq_arena_array(&b->model->arena, sheets->count + 1, sizeof *sheet);
    if (!sheet)
        return mq_fail_memory(b->error);
    plan->sheets_given = true;
    plan->sheet = sheet;
    for (size_t i = 0; i < sheets->count; i++) {
        MQ_TRY(bind_sheet(b, sheets->item[i], &sheet[i]));
        for (size_t k = 0; k < i; k++)
            if (strcasecmp(sheet[k].id, sheet[i].id) == 0)
                return seen_before(b, sheets->item[i], sheet[i].id);
        plan->sheets++;
    }
    return MQ_OK;
}

static enum mq_status bind_figure(struct mq_binder *b, const struct mq_yaml *map,
                                  struct mq_figure_plan *figure)
{
    struct draft draft;
    int kind;
    MQ_TRY(bind_draft(b, map, &figure_section, &draft));
    MQ_TRY(mq_bind_choice(b, draft.kind, mq_figure_kind_names, MQ_FIGURE_KINDS, "kinds of figures",
                          &kind));
    figure->kind = (enum mq_figure_kind)kind;
    MQ_TRY(bind_level(b, map, &draft, figure_axes[kind], &figure->level));
    figure->id = *draft.id ? draft.id : default_figure_id(b, figure->kind, figure->level);
    figure->title = draft.title;
    figure->number = draft.number;
    if (!figure->id)
        return mq_fail_memory(b->error);
    MQ_TRY(mq_bind_sentence(b, mq_yaml_get(map, "title"), &figure->words));
    return bind_notes(b, &draft, &figure->note, &figure->notes);
}

enum mq_status mq_bind_figures(struct mq_binder *b, const struct mq_yaml *figures)
{
    struct mq_plan *plan = &b->model->plan;
    MQ_TRY(mq_bind_list(b, figures, "figures"));
    struct mq_figure_plan *figure =
        mq_arena_array(&b->model->arena, figures->count + 1, sizeof *figure);
    if (!figure)
        return mq_fail_memory(b->error);
    plan->figures_given = true;
    plan->figure = figure;
    for (size_t i = 0; i < figures->count; i++) {
        MQ_TRY(bind_figure(b, figures->item[i], &figure[i]));
        for (size_t k = 0; k < i; k++)
            if (strcasecmp(figure[k].id, figure[i].id) == 0)
                return seen_before(b, figures->item[i], figure[i].id);
        plan->figures++;
    }
    return MQ_OK;
}
