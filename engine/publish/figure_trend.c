/* The index of the top unit and its main parts over all periods. */
#include <math.h>
#include <string.h>

#include "publish/figure_draft.h"

enum { MOST_SERIES = 7 };

/* The top unit in a period, MQ_NO_UNIT if it was not there. */
static size_t top_in(const struct mq_release *release, uint32_t period)
{
    const struct mq_frame *frame = release->frame;
    for (size_t unit = 0; unit < frame->units; unit++)
        if (frame->unit[unit].period == period &&
            frame->unit[unit].level == (uint32_t)release->top_level &&
            strcmp(frame->unit[unit].code, release->top.code) == 0)
            return unit;
    return MQ_NO_UNIT;
}

static size_t series(const struct mq_release *release, int *node)
{
    size_t count = 1;
    node[0] = release->root;
    count += mq_side_nodes(release, node + 1);
    /* other roots side by side, measured in something else, do not share the axis */
    size_t kept = 0;
    for (size_t i = 0; i < count && kept < MOST_SERIES; i++)
        if (i == 0 || release->model->node[node[i]].parent >= 0 || !mq_units_mixed(release))
            node[kept++] = node[i];
    return kept;
}

static const char *title_of(struct mq_figure_draft *self)
{
    const struct mq_release *release = self->draft.release;
    const struct mq_frame *frame = release->frame;
    const char *first = frame->period[0], *last = frame->period[frame->periods - 1];
    const char *index = mq_index_title(release), *top = release->top.name;
    bool years = mq_period_is_year(first) && mq_period_is_year(last);
    struct mq_arena *arena = &self->sheets.arena;
    if (!release->chinese)
        return mq_arena_format(arena, "%s, %s, %s–%s", index, top, first, last);
    return mq_arena_format(arena, "%s—%s%s%s%s", first, last, years ? "年" : "", top, index);
}

/* From the first period with a number to the last. */
static void describe(struct mq_figure_draft *self)
{
    const struct mq_release *release = self->draft.release;
    size_t rows = self->matrix.rows, from = rows, to = rows;
    for (size_t row = 0; row < rows; row++)
        if (!isnan(mq_figure_cell(self, row, 0)->value)) {
            from = from == rows ? row : from;
            to = row;
        }
    struct mq_buffer alt = MQ_BUFFER_EMPTY;
    const struct mq_sheet_cell *first = mq_figure_cell(self, from, 0);
    const struct mq_sheet_cell *last = mq_figure_cell(self, to, 0);
    bool chinese = release->chinese;
    const char *moved = last->value > first->value   ? (chinese ? "升至" : "up to")
                        : last->value < first->value ? (chinese ? "降至" : "down to")
                                                     : (chinese ? "仍为" : "still");
    const char *index = mq_index_title(release), *top = release->top.name;
    if (chinese)
        mq_buffer_format(&alt, "折线图：%s%s%s为%s，%s%s%s", top, index, self->row[from].name,
                         first->text, self->row[to].name, moved, last->text);
    else
        mq_buffer_format(&alt, "Line chart: %s, %s: %s in %s, %s %s in %s", index, top, first->text,
                         self->row[from].name, moved, last->text, self->row[to].name);
    for (size_t column = 1; column < self->matrix.columns; column++)
        mq_buffer_format(&alt, "%s%s",
                         column == 1 ? (chinese ? "；另有" : "; also shown: ")
                                     : (chinese ? "、" : ", "),
                         self->column[column].name);
    mq_buffer_text(&alt, chinese ? "。" : ".");
    mq_figure_alt(self, &alt);
}

static void build(struct mq_figure_draft *self, const struct mq_figure_plan *plan)
{
    const struct mq_release *release = self->draft.release;
    const struct mq_frame *frame = release->frame;
    if (release->top_level < 0 || frame->periods < 2)
        return;
    int *node = mq_arena_array(&self->sheets.arena, 1 + release->model->nodes, sizeof *node);
    self->draft.failed |= !node;
    size_t columns = node ? series(release, node) : 0, numbers = 0;
    if (!node || !mq_figure_begin(self, plan, frame->periods, columns))
        return;
    for (size_t i = 0; i < columns; i++)
        mq_figure_column(
            self, i, release->model->node[node[i]].id,
            i ? mq_node_title(&release->model->node[node[i]]) : mq_index_title(release), i == 0);
    for (size_t period = 0; period < frame->periods; period++) {
        size_t unit = top_in(release, (uint32_t)period);
        const char *name = mq_period_name(self, frame->period[period]);
        mq_figure_row(self, period, frame->period[period], name ? name : "", false);
        for (size_t i = 0; i < columns; i++)
            mq_figure_score(self, period, i, unit, node[i]);
        numbers += !isnan(mq_figure_cell(self, period, 0)->value);
    }
    if (numbers < 2)
        return;
    mq_figure_name(self, "trend", title_of(self));
    mq_figure_range(self, columns, false);
    describe(self);
    mq_figure_end(self, true);
}

const struct mq_figure_maker mq_figure_trend = {MQ_FIGURE_TREND, 0, build};
