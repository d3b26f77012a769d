/* Bars of the units of a level from the best on, with the period before and the change. */
#include "publish/figure_draft.h"

enum { MOST_UNITS = 60 };

static void fill_row(struct mq_figure_draft *self, size_t row, const struct mq_line *line)
{
    struct mq_draft *draft = &self->draft;
    const struct mq_release *release = draft->release;
    int decimals = release->model->decimals;
    struct mq_shown pair[2] = {mq_show_score(release, line->now, release->root),
                               mq_show_previous(release, line, release->root)};
    mq_figure_row(self, row, line->code, line->name, false);
    mq_draft_number(draft, row, 0, pair[0], decimals);
    mq_figure_band(self, row, 0, line->now);
    if (!release->compared)
        return;
    mq_draft_number(draft, row, 1, pair[1], decimals);
    mq_draft_change(draft, row, 2, pair, decimals);
}

static void build(struct mq_figure_draft *self, const struct mq_figure_plan *plan)
{
    const struct mq_release *release = self->draft.release;
    const struct mq_lines *lines = &release->level[plan->level];
    size_t units = 0;
    for (size_t i = 0; i < lines->count; i++)
        units += lines->line[i].now != MQ_NO_UNIT;
    if (units > MOST_UNITS || mq_scored_units(release, plan->level) < 2)
        return;
    const struct mq_line **ranked = mq_ranked_lines(release, lines, &self->sheets.arena);
    self->draft.failed |= !ranked;
    if (!ranked || !mq_figure_begin(self, plan, units, release->compared ? 3 : 1))
        return;
    bool chinese = release->chinese;
    mq_figure_column(self, 0, "now", release->now, true);
    if (release->compared) {
        mq_figure_column(self, 1, "before", release->before, false);
        mq_figure_column(self, 2, "change", chinese ? "变动" : "Change", false);
    }
    for (size_t i = 0, row = 0; i < lines->count; i++)
        if (ranked[i]->now != MQ_NO_UNIT)
            fill_row(self, row++, ranked[i]);
    mq_figure_reference(self);
    mq_figure_range(self, release->compared ? 2 : 1, true);
    mq_note_axis(self);
    mq_figure_name(self, mq_figure_id(self, plan->level, "ranking"),
                   mq_figure_title_each(self, mq_level_each(&self->draft, plan->level)));
    mq_figure_alt_level(self, chinese ? "条形图" : "Bar chart", plan->level);
    mq_figure_end(self, true);
}

const struct mq_figure_maker mq_figure_ranking = {MQ_FIGURE_RANKING, 1, build};
