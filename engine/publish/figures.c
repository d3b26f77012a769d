/* Which figures a publication has, in which order. */
#include <stdlib.h>
#include <string.h>

#include "publish/figure_draft.h"
#include "publish/geometry.h"
#include "publish/story.h"

static const struct mq_figure_maker *const makers[] = {
    &mq_figure_trend,     &mq_figure_ranking, &mq_figure_strip, &mq_figure_heatmap,
    &mq_figure_waterfall, &mq_figure_tiles,   &mq_figure_map,   &mq_figure_profile,
};

static const struct mq_figure_maker *maker_of(enum mq_figure_kind kind)
{
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (makers[i]->kind == kind)
            return makers[i];
    return NULL; /* never: the table is whole */
}

/* ---- the choice ---- */

struct choice {
    struct mq_figure_plan *plan;
    size_t count;
};

static void choose(struct choice *choice, enum mq_figure_kind kind, int level)
{
    choice->plan[choice->count++] =
        (struct mq_figure_plan){.kind = kind, .level = level, .id = "", .title = "", .number = ""};
}

/* Half of the units or more are on the map, by codes of six digits: "13" may be an industry. */
static bool has_regions(const struct mq_release *release, const struct mq_geometry *geometry,
                        int level)
{
    const struct mq_lines *lines = &release->level[level];
    size_t units = 0, with = 0;
    for (size_t i = 0; geometry && i < lines->count; i++) {
        if (lines->line[i].now == MQ_NO_UNIT)
            continue;
        units++;
        with += strlen(lines->line[i].code) == 6 && mq_geometry_find(geometry, lines->line[i].code);
    }
    return with > 0 && 2 * with >= units;
}

static void choose_level(struct choice *choice, const struct mq_figure_draft *self, int level)
{
    const struct mq_release *release = self->draft.release;
    if (level == release->top_level || release->model->level[level].axes != 1)
        return;
    choose(choice, MQ_FIGURE_RANKING, level);
    if (mq_has_tiles(release, level))
        choose(choice, MQ_FIGURE_TILES, level);
    if (has_regions(release, self->geometry, level))
        choose(choice, MQ_FIGURE_MAP, level);
    choose(choice, MQ_FIGURE_STRIP, level);
}

/* What a publication has unless its model says otherwise. */
static const struct mq_figure_plan *usual(struct mq_figure_draft *self, size_t *count)
{
    const struct mq_release *release = self->draft.release;
    int levels = (int)release->model->levels;
    struct choice choice = {
        mq_arena_array(&self->sheets.arena, 3 + 4 * (size_t)levels, sizeof *choice.plan), 0};
    self->draft.failed |= !choice.plan;
    *count = 0;
    if (!choice.plan)
        return NULL;
    /* A trend of more than two periods has its own section, after that of the waterfall. */
    bool own = release->frame->periods > 2;
    choose(&choice, own ? MQ_FIGURE_WATERFALL : MQ_FIGURE_TREND, -1);
    choose(&choice, own ? MQ_FIGURE_TREND : MQ_FIGURE_WATERFALL, -1);
    for (int level = 0; level < levels; level++)
        choose_level(&choice, self, level);
    for (int level = 0; level < levels; level++)
        if (release->model->level[level].axes == 2)
            choose(&choice, MQ_FIGURE_HEATMAP, level);
    if (mq_profile_level(release) >= 0)
        choose(&choice, MQ_FIGURE_PROFILE, mq_profile_level(release));
    *count = choice.count;
    return choice.plan;
}

/* A plan names a level where the kind needs one; what does not fit is left out. */
static bool fits(const struct mq_release *release, const struct mq_figure_plan *plan)
{
    size_t axes = maker_of(plan->kind)->axes;
    return axes == 0 || (plan->level >= 0 && plan->level < (int)release->model->levels &&
                         release->model->level[plan->level].axes == axes);
}

static size_t most_of(const struct mq_release *release, const struct mq_figure_plan *plan,
                      size_t count)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        if (fits(release, &plan[i]))
            most += plan[i].kind == MQ_FIGURE_PROFILE ? release->level[plan[i].level].count : 1;
    return most;
}

static bool asks_for(const struct mq_figure_plan *plan, size_t count, enum mq_figure_kind kind)
{
    for (size_t i = 0; i < count; i++)
        if (plan[i].kind == kind)
            return true;
    return false;
}

/* The geometry serves all maps. A model without a map has no use for one. */
static enum mq_status read_map(struct mq_figure_draft *self, struct mq_error *error)
{
    const struct mq_plan *given = &self->draft.release->model->plan;
    const char *path = self->options->map;
    if (!path || (given->figures_given && !asks_for(given->figure, given->figures, MQ_FIGURE_MAP)))
        return MQ_OK;
    return mq_geometry_read(path, &self->sheets.arena, &self->geometry, error);
}

static enum mq_status choose_all(struct mq_figure_draft *self, const struct mq_figure_plan **plan,
                                 size_t *count, struct mq_error *error)
{
    const struct mq_plan *given = &self->draft.release->model->plan;
    *plan = given->figure;
    *count = given->figures;
    if (given->figures_given)
        return MQ_OK;
    *plan = usual(self, count);
    if (!self->draft.failed && self->geometry && !asks_for(*plan, *count, MQ_FIGURE_MAP))
        return mq_fail(error, MQ_DATA, self->options->map, 0, 0,
                       "no level of the model has its units on this map: give one with the six "
                       "digits of their codes in the property adcode");
    return MQ_OK;
}

/* Under the title that the model's words give with their numbers. */
static void make(struct mq_figure_draft *self, const struct mq_figure_plan *plan)
{
    struct mq_figure_plan said = *plan;
    if (plan->words)
        said.title = mq_story_paragraph(self->draft.release, plan->words, &self->sheets.arena);
    self->draft.failed |= plan->words && !said.title;
    if (!self->draft.failed)
        maker_of(plan->kind)->build(self, &said);
}

static enum mq_status make_all(struct mq_figure_draft *self, struct mq_error *error)
{
    const struct mq_release *release = self->draft.release;
    const struct mq_figure_plan *plan = NULL;
    size_t count = 0;
    MQ_TRY(read_map(self, error));
    MQ_TRY(choose_all(self, &plan, &count, error));
    self->most = self->draft.failed ? 0 : most_of(release, plan, count);
    self->finished = mq_arena_array(&self->sheets.arena, self->most, sizeof *self->finished);
    self->draft.failed |= !self->finished;
    for (size_t i = 0; i < count && !self->draft.failed && self->status == MQ_OK; i++)
        if (fits(release, &plan[i]))
            make(self, &plan[i]);
    return self->draft.failed ? mq_fail_memory(error) : self->status;
}

enum mq_status mq_figures_new(const struct mq_release *release,
                              const struct mq_publication_options *options,
                              struct mq_figures **figures, struct mq_error *error)
{
    static const struct mq_publication_options none = {0};
    struct mq_figure_draft self = {
        .draft = {.release = release}, .options = options ? options : &none, .error = error};
    struct mq_figures *made = calloc(1, sizeof *made);
    if (!made)
        return mq_fail_memory(error);
    self.draft.sheets = &self.sheets;
    enum mq_status status = release->root >= 0 ? make_all(&self, error) : MQ_OK;
    if (status != MQ_OK) {
        mq_arena_clear(&self.sheets.arena);
        free(made);
        return status;
    }
    made->arena = self.sheets.arena;
    made->figure = self.finished;
    made->count = self.count;
    *figures = made;
    return MQ_OK;
}

void mq_figures_free(struct mq_figures *figures)
{
    if (!figures)
        return;
    mq_arena_clear(&figures->arena);
    free(figures);
}

/* ---- looking them up ---- */

int mq_profile_level(const struct mq_release *release)
{
    enum { MOST = 60 };
    const struct mq_model *model = release->model;
    for (size_t i = 0; i < model->plan.figures; i++)
        if (model->plan.figure[i].kind == MQ_FIGURE_PROFILE &&
            fits(release, &model->plan.figure[i]))
            return model->plan.figure[i].level;
    for (size_t level = 0; level < model->levels; level++)
        if ((int)level != release->top_level && model->level[level].axes == 1 &&
            release->level[level].count >= 2 && release->level[level].count <= MOST)
            return (int)level;
    return -1;
}

const struct mq_figure *mq_figures_find(const struct mq_figures *figures, const char *id)
{
    for (size_t i = 0; i < figures->count; i++)
        if (strcmp(figures->figure[i].id, id) == 0)
            return &figures->figure[i];
    return NULL;
}

void mq_figure_heading(bool chinese, const struct mq_figure *figure, struct mq_buffer *text)
{
    if (figure->number[0])
        mq_buffer_format(text, chinese ? "%s　" : "%s. ", figure->number);
    mq_buffer_text(text, figure->title);
}
