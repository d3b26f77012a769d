/* Words that figures share, and the units and nodes they show. */
#include <math.h>
#include <string.h>

#include "publish/figure_draft.h"

bool mq_period_is_year(const char *period)
{
    return strlen(period) == 4 && strspn(period, "0123456789") == 4;
}

const char *mq_period_name(struct mq_figure_draft *self, const char *period)
{
    bool year = self->draft.release->chinese && mq_period_is_year(period);
    const char *name = mq_arena_format(&self->sheets.arena, year ? "%s年" : "%s", period);
    self->draft.failed |= !name;
    return name;
}

const char *mq_figure_title_each(struct mq_figure_draft *self, const char *each)
{
    const struct mq_release *release = self->draft.release;
    const char *index = mq_index_title(release);
    return release->chinese
               ? mq_arena_format(&self->sheets.arena, "%s%s%s", release->now, each, index)
               : mq_arena_format(&self->sheets.arena, "%s %s%s%s", index, each,
                                 release->now[0] ? ", " : "", release->now);
}

const char *mq_figure_title_kind(struct mq_figure_draft *self, int level, const char *chinese,
                                 const char *english)
{
    const char *plain = mq_figure_title_each(self, mq_level_each(&self->draft, level));
    if (!plain)
        return NULL;
    return self->draft.release->chinese
               ? mq_arena_format(&self->sheets.arena, "%s%s", plain, chinese)
               : mq_arena_format(&self->sheets.arena, "%s of the %s", english, plain);
}

const char *mq_figure_id(struct mq_figure_draft *self, int level, const char *kind)
{
    return mq_arena_format(&self->sheets.arena, "%s-%s",
                           self->draft.release->model->level[level].id, kind);
}

void mq_add_counted(struct mq_buffer *text, const struct mq_release *release, int level, size_t n)
{
    const char *title = mq_level_title(release, level);
    if (strncmp(title, "各", strlen("各")) == 0)
        title += strlen("各");
    if (release->chinese)
        mq_buffer_format(text, "%zu个%s", n, title[0] ? title : "单位");
    else
        mq_buffer_format(text, "%zu units (%s)", n,
                         title[0] ? title : release->model->level[level].id);
}

void mq_add_extremes(struct mq_buffer *text, const struct mq_figure_draft *self)
{
    size_t best = self->matrix.rows, worst = best;
    for (size_t row = 0; row < self->matrix.rows; row++) {
        double value = mq_figure_cell(self, row, 0)->value;
        if (isnan(value))
            continue;
        if (best == self->matrix.rows || value > mq_figure_cell(self, best, 0)->value)
            best = row;
        if (worst == self->matrix.rows || value <= mq_figure_cell(self, worst, 0)->value)
            worst = row;
    }
    if (best == self->matrix.rows)
        return;
    mq_buffer_format(text,
                     self->draft.release->chinese ? "%s最高（%s），%s最低（%s）"
                                                  : "%s is highest (%s) and %s lowest (%s)",
                     self->row[best].name, mq_figure_cell(self, best, 0)->text,
                     self->row[worst].name, mq_figure_cell(self, worst, 0)->text);
}

void mq_add_reference(struct mq_buffer *text, const struct mq_figure_draft *self)
{
    if (isnan(self->figure->reference.value))
        return;
    mq_buffer_format(text, self->draft.release->chinese ? "；%s%s" : "; %s: %s",
                     self->figure->reference_name, self->figure->reference.text);
}

void mq_figure_alt_level(struct mq_figure_draft *self, const char *chart, int level)
{
    const struct mq_release *release = self->draft.release;
    struct mq_buffer alt = MQ_BUFFER_EMPTY;
    size_t with = 0;
    for (size_t row = 0; row < self->matrix.rows; row++)
        with += !isnan(mq_figure_cell(self, row, 0)->value);
    mq_buffer_format(&alt, release->chinese ? "%s：" : "%s: among ", chart);
    mq_add_counted(&alt, release, level, with);
    mq_buffer_text(&alt, release->chinese ? "中" : ", ");
    mq_add_extremes(&alt, self);
    mq_add_reference(&alt, self);
    mq_buffer_text(&alt, release->chinese ? "。" : ".");
    mq_figure_alt(self, &alt);
}

static bool is_below(const struct mq_model *model, int node, int root)
{
    while (node >= 0 && node != root)
        node = model->node[node].parent;
    return node == root;
}

bool mq_only_child(const struct mq_model *model, int node)
{
    return model->node[node].parent >= 0 && model->node[model->node[node].parent].children == 1;
}

/* Nodes of the index down to `depth`, in tree order. */
static size_t nodes_down_to(const struct mq_release *release, int depth, int *node)
{
    const struct mq_model *model = release->model;
    size_t count = 0;
    for (size_t i = 0; i < model->nodes; i++)
        if (model->node[model->order[i]].depth <= depth && !mq_only_child(model, model->order[i]) &&
            is_below(model, model->order[i], release->root))
            node[count++] = model->order[i];
    return count;
}

size_t mq_figure_nodes(const struct mq_release *release, size_t most, int *node)
{
    const struct mq_model *model = release->model;
    size_t count = 0;
    for (int depth = 2; depth >= 0; depth--) {
        count = nodes_down_to(release, depth, node);
        if (count <= most)
            break;
    }
    for (size_t i = 0; i < model->nodes && !mq_units_mixed(release); i++)
        if (model->node[model->order[i]].parent < 0 && model->order[i] != release->root &&
            count < most)
            node[count++] = model->order[i];
    return count;
}

size_t mq_scored_units(const struct mq_release *release, int level)
{
    size_t count = 0;
    for (size_t i = 0; i < release->level[level].count; i++)
        count += isfinite(
            mq_show_score(release, release->level[level].line[i].now, release->root).value);
    return count;
}

void mq_note_axis(struct mq_figure_draft *self)
{
    double low = self->figure->low;
    if (low > 0)
        mq_figure_note(self, mq_arena_format(&self->sheets.arena,
                                             self->draft.release->chinese
                                                 ? "数值轴自%g起，不从零开始。"
                                                 : "The axis starts at %g, not at 0.",
                                             low));
}
