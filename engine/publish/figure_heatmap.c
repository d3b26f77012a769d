/* A level with two axes, arranged as its table. */
#include <math.h>

#include "publish/figure_draft.h"

enum { MOST_UNITS = 60 };

static void fill(struct mq_figure_draft *self, const struct mq_cross *cross)
{
    const struct mq_release *release = self->draft.release;
    for (size_t row = 0; row < cross->side.count; row++)
        mq_figure_row(self, row, cross->side.key[row].code, cross->side.key[row].name, false);
    for (size_t column = 0; column < cross->head.count; column++)
        mq_figure_column(self, column, cross->head.key[column].code, cross->head.key[column].name,
                         false);
    for (size_t i = 0; i < cross->lines.count; i++)
        mq_figure_score(self, cross->side.place[i], cross->head.place[i], cross->lines.line[i].now,
                        release->root);
    if (cross->lines.count < cross->side.count * cross->head.count)
        self->draft.symbols |= 1u << MQ_SYMBOL_EMPTY;
}

/* How many cells have a number, and which is the best. */
static void describe(struct mq_figure_draft *self)
{
    const struct mq_release *release = self->draft.release;
    size_t rows = self->matrix.rows, columns = self->matrix.columns, count = 0, best = 0, worst = 0;
    for (size_t i = 0; i < rows * columns; i++) {
        double value = self->matrix.cell[i].value;
        if (isnan(value))
            continue;
        best = count == 0 || value > self->matrix.cell[best].value ? i : best;
        worst = count == 0 || value < self->matrix.cell[worst].value ? i : worst;
        count++;
    }
    struct mq_buffer alt = MQ_BUFFER_EMPTY;
    mq_buffer_format(
        &alt,
        release->chinese ? "热力图：%zu行%zu列，%zu格有数，最高为%s、%s（%s），"
                           "最低为%s、%s（%s）。"
                         : "Heat map: %zu rows by %zu columns, %zu cells with a number; "
                           "highest is %s, %s (%s), lowest %s, %s (%s).",
        rows, columns, count, self->row[best / columns].name, self->column[best % columns].name,
        self->matrix.cell[best].text, self->row[worst / columns].name,
        self->column[worst % columns].name, self->matrix.cell[worst].text);
    mq_figure_alt(self, &alt);
}

static void build(struct mq_figure_draft *self, const struct mq_figure_plan *plan)
{
    const struct mq_release *release = self->draft.release;
    struct mq_cross cross;
    size_t most = (size_t)2 * MOST_UNITS * MOST_UNITS; /* pairs of two periods */
    if (release->level[plan->level].count > most || mq_scored_units(release, plan->level) < 2)
        return;
    if (!mq_cross_new(release, plan->level, &self->sheets.arena, &cross)) {
        self->draft.failed = true;
        return;
    }
    /* One row or column is a ranking, which stands elsewhere. */
    if (cross.side.count < 2 || cross.head.count < 2 || cross.side.count > MOST_UNITS ||
        cross.head.count > MOST_UNITS ||
        !mq_figure_begin(self, plan, cross.side.count, cross.head.count))
        return;
    fill(self, &cross);
    mq_figure_range(self, cross.head.count, false);
    mq_figure_name(self, mq_figure_id(self, plan->level, "heatmap"),
                   mq_figure_title_each(self, mq_cross_each(&self->draft, plan->level, &cross)));
    describe(self);
    mq_figure_end(self, true);
}

const struct mq_figure_maker mq_figure_heatmap = {MQ_FIGURE_HEATMAP, 2, build};
