/* Where the units of a level lie: a strip a node, the index first. */
#include <math.h>
#include <string.h>

#include "publish/figure_draft.h"

enum { MOST_STRIPS = 9, MOST_UNITS = 1000, MOST_RANKED = 60 };

static size_t present(const struct mq_lines *lines)
{
    size_t count = 0;
    for (size_t i = 0; i < lines->count; i++)
        count += lines->line[i].now != MQ_NO_UNIT;
    return count;
}

/* Columns of the highest and the lowest index; the first among equals by code. */
static void find_ends(const struct mq_figure_draft *self, size_t end[2])
{
    end[0] = end[1] = self->matrix.columns;
    for (size_t column = 0; column < self->matrix.columns; column++) {
        double value = mq_figure_cell(self, 0, column)->value;
        if (isnan(value))
            continue;
        if (end[0] == self->matrix.columns || value > mq_figure_cell(self, 0, end[0])->value)
            end[0] = column;
        if (end[1] == self->matrix.columns || value <= mq_figure_cell(self, 0, end[1])->value)
            end[1] = column;
    }
}

static void describe(struct mq_figure_draft *self, const size_t end[2])
{
    const struct mq_release *release = self->draft.release;
    bool chinese = release->chinese;
    struct mq_buffer alt = MQ_BUFFER_EMPTY;
    mq_buffer_text(&alt, chinese ? "分布图：" : "Strip plot: ");
    mq_add_counted(&alt, release, self->plan->level, mq_scored_units(release, self->plan->level));
    if (chinese)
        mq_buffer_format(&alt, "在%zu项得分上的分布，%s", self->matrix.rows, self->row[0].name);
    else
        mq_buffer_format(&alt, " on %zu score%s; %s: ", self->matrix.rows,
                         self->matrix.rows == 1 ? "" : "s", self->row[0].name);
    mq_buffer_format(&alt,
                     chinese ? "%s最高（%s），%s最低（%s）。" : "%s highest (%s), %s lowest (%s).",
                     self->column[end[0]].name, mq_figure_cell(self, 0, end[0])->text,
                     self->column[end[1]].name, mq_figure_cell(self, 0, end[1])->text);
    mq_figure_alt(self, &alt);
}

static const char *title_of(struct mq_figure_draft *self)
{
    const struct mq_release *release = self->draft.release;
    bool parts = self->matrix.rows > 1;
    const char *each = mq_level_each(&self->draft, self->plan->level);
    struct mq_arena *arena = &self->sheets.arena;
    if (release->chinese)
        return mq_arena_format(arena, "%s%s%s%s的分布", release->now, each, mq_index_title(release),
                               parts ? "及分项得分" : "");
    const char *plain = mq_figure_title_each(self, each);
    return plain ? mq_arena_format(arena, "Distribution of the %s", plain) : NULL;
}

static void build(struct mq_figure_draft *self, const struct mq_figure_plan *plan)
{
    const struct mq_release *release = self->draft.release;
    const struct mq_lines *lines = &release->level[plan->level];
    if (present(lines) > MOST_UNITS || mq_scored_units(release, plan->level) < 2)
        return;
    int *node = mq_arena_array(&self->sheets.arena, release->model->nodes, sizeof *node);
    self->draft.failed |= !node;
    size_t rows = node ? mq_figure_nodes(release, MOST_STRIPS, node) : 0, column = 0, end[2];
    /* One strip shows no more than the ranking does. */
    if (!node || (rows < 2 && present(lines) <= MOST_RANKED) ||
        !mq_figure_begin(self, plan, rows, present(lines)))
        return;
    for (size_t row = 0; row < rows; row++) {
        const struct mq_node *self_node = &release->model->node[node[row]];
        mq_figure_row(self, row, self_node->id,
                      row ? mq_node_title(self_node) : mq_index_title(release), row == 0);
    }
    for (size_t i = 0; i < lines->count; i++) {
        if (lines->line[i].now == MQ_NO_UNIT)
            continue;
        mq_figure_column(self, column, lines->line[i].code, lines->line[i].name, false);
        for (size_t row = 0; row < rows; row++)
            mq_figure_score(self, row, column, lines->line[i].now, node[row]);
        column++;
    }
    find_ends(self, end);
    self->column[end[0]].strong = self->column[end[1]].strong = true;
    mq_figure_range(self, self->matrix.columns, false);
    mq_figure_name(self, mq_figure_id(self, plan->level, "strip"), title_of(self));
    describe(self, end);
    mq_figure_end(self, true);
}

const struct mq_figure_maker mq_figure_strip = {MQ_FIGURE_STRIP, 1, build};
