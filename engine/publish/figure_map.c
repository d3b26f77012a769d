/* Units on the geometry that the user gave: nothing of a map is known here. */
#include "publish/figure_draft.h"
#include "publish/geometry.h"

static const char *stamp_of(struct mq_figure_draft *self)
{
    const char *approval = self->options->approval;
    bool chinese = self->draft.release->chinese;
    if (approval && approval[0])
        return mq_arena_format(&self->sheets.arena,
                               chinese ? "审图号：%s" : "Map approval number: %s", approval);
    return chinese ? "示意图，未经地图审核，不得公开出版"
                   : "Sketch map, not reviewed; not for publication";
}

static void fill(struct mq_figure_draft *self, const struct mq_lines *lines)
{
    const struct mq_release *release = self->draft.release;
    mq_figure_column(self, 0, release->model->node[release->root].id, mq_index_title(release),
                     true);
    for (size_t i = 0, row = 0; i < lines->count; i++) {
        const struct mq_line *line = &lines->line[i];
        if (line->now == MQ_NO_UNIT)
            continue;
        mq_figure_row(self, row, line->code, line->name, false);
        mq_figure_score(self, row, 0, line->now, release->root);
        mq_figure_band(self, row, 0, line->now);
        row++;
    }
}

static void build(struct mq_figure_draft *self, const struct mq_figure_plan *plan)
{
    const struct mq_release *release = self->draft.release;
    const struct mq_lines *lines = &release->level[plan->level];
    size_t rows = 0;
    for (size_t i = 0; i < lines->count; i++)
        rows += lines->line[i].now != MQ_NO_UNIT;
    if (!self->geometry || mq_scored_units(release, plan->level) < 2 ||
        !mq_figure_begin(self, plan, rows, 1))
        return;
    fill(self, lines);
    if (self->draft.failed)
        return;
    self->status = mq_geometry_match(self->geometry, self->row, rows, self->error);
    if (self->status != MQ_OK)
        return;
    self->figure->geometry = self->geometry;
    self->figure->stamp = stamp_of(self);
    self->draft.failed |= !self->figure->stamp;
    mq_figure_reference(self);
    mq_figure_range(self, 1, false);
    mq_note_bands(self);
    mq_figure_name(self, mq_figure_id(self, plan->level, "map"),
                   mq_figure_title_kind(self, plan->level, "地图", "Map"));
    mq_figure_alt_level(self, release->chinese ? "地图" : "Map", plan->level);
    mq_figure_end(self, true);
}

const struct mq_figure_maker mq_figure_map = {MQ_FIGURE_MAP, 1, build};
