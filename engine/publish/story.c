/* The text of the white paper, section by section, with the tables and figures that stand in it. */
#include "publish/story.h"

#include <stdlib.h>
#include <string.h>

struct maker {
    const struct mq_release *release;
    const struct mq_sheets *sheets;
    const struct mq_figures *figures;
    struct mq_story *story;
    bool *sheet_placed, *figure_placed; /* stands in a section already */
    struct mq_story_section *section;   /* under construction */
    const struct mq_sheet **sheet;
    const struct mq_figure **figure;
    struct mq_error *error;
};

static size_t figures_count(const struct maker *maker)
{
    return maker->figures ? maker->figures->count : 0;
}

static enum mq_status begin(struct maker *maker, const char *id, const char *title,
                            size_t paragraphs)
{
    struct mq_arena *arena = &maker->story->arena;
    maker->section = &maker->story->section[maker->story->count];
    *maker->section = (struct mq_story_section){
        .id = mq_arena_string(arena, id, strlen(id)),
        .title = mq_arena_string(arena, title, strlen(title)),
        .paragraph = mq_arena_array(arena, paragraphs, sizeof *maker->section->paragraph)};
    maker->sheet = mq_arena_array(arena, maker->sheets->count, sizeof *maker->sheet);
    maker->figure = mq_arena_array(arena, figures_count(maker), sizeof *maker->figure);
    if (!maker->section->id || !maker->section->title || !maker->section->paragraph ||
        !maker->sheet || !maker->figure)
        return mq_fail_memory(maker->error);
    maker->section->sheet = maker->sheet;
    maker->section->figure = maker->figure;
    return MQ_OK;
}

/* A section with nothing in it is none. */
static void end(struct maker *maker)
{
    const struct mq_story_section *section = maker->section;
    maker->story->count += section->paragraphs + section->sheets + section->figures > 0;
}

/* A table or figure stands where it is named first. */
static void put_sheet(struct maker *maker, size_t i)
{
    if (!maker->sheet_placed[i])
        maker->sheet[maker->section->sheets++] = &maker->sheets->sheet[i];
    maker->sheet_placed[i] = true;
}

static void put_figure(struct maker *maker, size_t i)
{
    if (!maker->figure_placed[i])
        maker->figure[maker->section->figures++] = &maker->figures->figure[i];
    maker->figure_placed[i] = true;
}

static enum mq_status put_paragraph(struct maker *maker, const struct mq_narrative *narrative)
{
    struct mq_story_section *section = maker->section;
    const char *text = mq_story_paragraph(maker->release, narrative, &maker->story->arena);
    if (!text)
        return mq_fail_memory(maker->error);
    if (text[0])
        section->paragraph[section->paragraphs++] = text;
    return MQ_OK;
}

/* ---- what the model says ---- */

static enum mq_status planned_section(struct maker *maker, const struct mq_text_plan *plan)
{
    const char *title =
        plan->words ? mq_story_paragraph(maker->release, plan->words, &maker->story->arena) : "";
    if (!title)
        return mq_fail_memory(maker->error);
    MQ_TRY(begin(maker, plan->id, title, plan->paragraphs));
    for (size_t i = 0; i < plan->paragraphs; i++)
        MQ_TRY(put_paragraph(maker, plan->parsed[i]));
    for (size_t i = 0; i < plan->sheets; i++) {
        const struct mq_sheet *sheet = mq_sheets_find(maker->sheets, plan->sheet[i]);
        if (sheet)
            put_sheet(maker, (size_t)(sheet - maker->sheets->sheet));
    }
    for (size_t i = 0; i < plan->figures; i++) {
        const struct mq_figure *figure =
            maker->figures ? mq_figures_find(maker->figures, plan->figure[i]) : NULL;
        if (figure)
            put_figure(maker, (size_t)(figure - maker->figures->figure));
    }
    end(maker);
    return MQ_OK;
}

/* ---- what is said otherwise ---- */

static bool is_of_level(const struct maker *maker, const char *level, int wanted)
{
    return wanted < 0 || strcmp(level, maker->release->model->level[wanted].id) == 0;
}

static enum mq_status default_section(struct maker *maker, const struct mq_story_draft *draft)
{
    MQ_TRY(begin(maker, draft->id, draft->title, draft->paragraphs));
    for (size_t i = 0; i < draft->paragraphs; i++) {
        const struct mq_narrative *narrative;
        struct mq_narrative_fault fault = {.message = ""};
        enum mq_status status = mq_narrative_parse(maker->release->model, draft->paragraph[i],
                                                   &maker->story->arena, &narrative, &fault);
        if (status == MQ_INTERNAL)
            return mq_fail_memory(maker->error);
        /* ids that cannot be written in a place: the sentences are not, either */
        if (status == MQ_OK)
            MQ_TRY(put_paragraph(maker, narrative));
    }
    for (size_t i = 0; i < maker->sheets->count; i++)
        if ((draft->sheets & (1u << maker->sheets->sheet[i].kind)) &&
            is_of_level(maker, maker->sheets->sheet[i].level, draft->level))
            put_sheet(maker, i);
    for (size_t i = 0; i < figures_count(maker); i++)
        if ((draft->figures & (1u << maker->figures->figure[i].kind)) &&
            is_of_level(maker, maker->figures->figure[i].level, draft->level))
            put_figure(maker, i);
    end(maker);
    return MQ_OK;
}

/* ---- the rest ---- */

static enum mq_status appendix(struct maker *maker)
{
    MQ_TRY(begin(maker, "appendix", maker->release->chinese ? "附表" : "Further tables", 0));
    for (size_t i = 0; i < maker->sheets->count; i++)
        if (maker->sheets->sheet[i].kind != MQ_SHEET_NOTES)
            put_sheet(maker, i);
    for (size_t i = 0; i < figures_count(maker); i++)
        if (maker->figures->figure[i].kind != MQ_FIGURE_PROFILE)
            put_figure(maker, i);
    end(maker);
    MQ_TRY(begin(maker, "notes", maker->release->chinese ? "编制说明" : "Notes", 0));
    for (size_t i = 0; i < maker->sheets->count; i++)
        put_sheet(maker, i);
    end(maker);
    return MQ_OK;
}

static enum mq_status make_sections(struct maker *maker)
{
    const struct mq_plan *plan = &maker->release->model->plan;
    struct mq_arena *arena = &maker->story->arena;
    struct mq_story_drafts drafts = {0};
    if (!plan->texts_given && mq_story_default(maker->release, arena, &drafts) != MQ_OK)
        return mq_fail_memory(maker->error);
    size_t most = 2 + (plan->texts_given ? plan->texts : drafts.count);
    maker->story->section = mq_arena_array(arena, most, sizeof *maker->story->section);
    maker->sheet_placed = mq_arena_array(arena, maker->sheets->count, sizeof *maker->sheet_placed);
    maker->figure_placed =
        mq_arena_array(arena, figures_count(maker), sizeof *maker->figure_placed);
    if (!maker->story->section || !maker->sheet_placed || !maker->figure_placed)
        return mq_fail_memory(maker->error);
    for (size_t i = 0; plan->texts_given && i < plan->texts; i++)
        MQ_TRY(planned_section(maker, &plan->text[i]));
    for (size_t i = 0; i < drafts.count; i++)
        MQ_TRY(default_section(maker, &drafts.draft[i]));
    return appendix(maker);
}

enum mq_status mq_story_new(const struct mq_release *release, const struct mq_sheets *sheets,
                            const struct mq_figures *figures, struct mq_story **story,
                            struct mq_error *error)
{
    struct mq_story *made = calloc(1, sizeof *made);
    if (!made)
        return mq_fail_memory(error);
    struct maker maker = {
        .release = release, .sheets = sheets, .figures = figures, .story = made, .error = error};
    enum mq_status status = make_sections(&maker);
    if (status == MQ_OK)
        *story = made;
    else
        mq_story_free(made);
    return status;
}

void mq_story_free(struct mq_story *story)
{
    if (!story)
        return;
    mq_arena_clear(&story->arena);
    free(story);
}
