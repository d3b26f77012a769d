/* What the change of the index of the top unit is made of. */
#include <math.h>
#include <string.h>

#include "publish/contribution.h"
#include "publish/figure_draft.h"

enum { MOST_PARTS = 15 };

/* Nodes two levels below the index, or its children where those are too many. */
static size_t parts_of(const struct mq_release *release, int *node)
{
    size_t count = mq_contribution_nodes(release, false, node);
    if (count <= MOST_PARTS)
        return count;
    const struct mq_node *root = &release->model->node[release->root];
    for (size_t i = 0; i < root->children; i++)
        node[i] = root->child[i];
    return root->children <= MOST_PARTS ? root->children : 0;
}

static const char *title_of(struct mq_figure_draft *self)
{
    const struct mq_release *release = self->draft.release;
    struct mq_arena *arena = &self->sheets.arena;
    const char *index = mq_index_title(release), *top = release->top.name;
    if (!release->chinese)
        return mq_arena_format(arena, "What the change of %s since %s is made of, %s%s%s", index,
                               release->compared_raw ? release->before : "the period before", top,
                               release->now[0] ? ", " : "", release->now);
    return mq_arena_format(arena, "%s%s%s比%s变动的构成", release->now, top, index,
                           release->years ? "上年" : release->before);
}

/* The parts that raise the index most and lower it most. */
static void describe(struct mq_figure_draft *self, const struct mq_contributions *made)
{
    const struct mq_release *release = self->draft.release;
    bool chinese = release->chinese;
    const struct mq_contribution *most[2] = {NULL, NULL};
    for (size_t i = 0; i < made->count; i++) {
        const struct mq_contribution *part = &made->part[i];
        if (part->cell.value > 0 && (!most[0] || part->cell.value > most[0]->cell.value))
            most[0] = part;
        if (part->cell.value < 0 && (!most[1] || part->cell.value < most[1]->cell.value))
            most[1] = part;
    }
    struct mq_buffer alt = MQ_BUFFER_EMPTY;
    mq_buffer_format(&alt,
                     chinese ? "瀑布图：%s%s由%s变为%s（%s）" : "Waterfall: %s, %s: %s to %s (%s)",
                     chinese ? release->top.name : mq_index_title(release),
                     chinese ? mq_index_title(release) : release->top.name, made->from.text,
                     made->to.text, made->total.text);
    for (int i = 0; i < 2; i++)
        if (most[i]) {
            const char *title = mq_node_title(&release->model->node[most[i]->node]);
            if (chinese)
                mq_buffer_format(&alt, i == 0 ? "；拉动最大的是%s（%s）" : "；下拉最大的是%s（%s）",
                                 title, most[i]->cell.text);
            else
                mq_buffer_format(&alt,
                                 i == 0 ? "; %s raises it most (%s)" : "; %s lowers it most (%s)",
                                 title, most[i]->cell.text);
        }
    mq_buffer_text(&alt, chinese ? "。" : ".");
    mq_figure_alt(self, &alt);
}

/* Rows for both numbers and what has a part; running totals lie on the axis. */
static void fill(struct mq_figure_draft *self, const struct mq_contributions *made)
{
    const struct mq_release *release = self->draft.release;
    size_t row = 0;
    double at = made->from.value, least = at, greatest = at, range[2];
    mq_figure_column(self, 0, release->model->node[release->root].id, mq_index_title(release),
                     true);
    mq_figure_row(self, row, "before", release->before, true);
    *mq_draft_cell(&self->draft, row++, 0) = made->from;
    for (size_t i = 0; i <= made->count; i++) {
        const struct mq_sheet_cell *cell = i < made->count ? &made->part[i].cell : &made->rest;
        if (isnan(cell->value))
            continue;
        const struct mq_node *node =
            i < made->count ? &release->model->node[made->part[i].node] : NULL;
        mq_figure_row(self, row, node ? node->id : "rest",
                      node ? mq_node_title(node) : made->rest_name, false);
        *mq_draft_cell(&self->draft, row++, 0) = *cell;
        at += cell->value;
        least = fmin(least, at);
        greatest = fmax(greatest, at);
    }
    mq_figure_row(self, row, "now", release->now, true);
    *mq_draft_cell(&self->draft, row, 0) = made->to;
    least = fmin(least, made->to.value);
    greatest = fmax(greatest, made->to.value);
    mq_round_range(least, greatest, true, range);
    self->figure->low = range[0];
    self->figure->high = range[1];
}

static void add_notes(struct mq_figure_draft *self, const struct mq_contributions *made)
{
    bool chinese = self->draft.release->chinese, withheld = false;
    for (size_t i = 0; i < made->count; i++)
        withheld = withheld || made->part[i].symbol == MQ_WITHHELD;
    mq_figure_note(
        self,
        mq_draft_copy(&self->draft, chinese ? "各项贡献为权数与得分变动之积，四舍五入后按最大余数"
                                              "法调整，合计等于指数变动。"
                                            : "Each part is weight times change of score, rounded "
                                              "with largest remainders so that the parts add up to "
                                              "the change of the index."));
    if (made->reweighed)
        mq_figure_note(
            self, mq_draft_copy(
                      &self->draft,
                      chinese ? "两期权数因缺项折算而不同的，权数取两期平均，权数变动按该项与指数"
                                "之差计入。"
                              : "Where weights were scaled up for missing indicators, their "
                                "mean is taken, and a change of weight counts as far as the "
                                "indicator is better than the index."));
    if (withheld && !isnan(made->rest.value))
        mq_figure_note(
            self,
            mq_draft_copy(&self->draft,
                          chinese ? "不予公布的指标并入“合成方式及其他”。"
                                  : "Indicators that are withheld are in “method and other”."));
}

static void build(struct mq_figure_draft *self, const struct mq_figure_plan *plan)
{
    const struct mq_release *release = self->draft.release;
    if (!release->compared || release->top_level < 0)
        return;
    int *node = mq_arena_array(&self->sheets.arena, release->model->nodes, sizeof *node);
    size_t count = node ? parts_of(release, node) : 0, rows = 2;
    struct mq_side side[2] = {mq_side_before(release, &release->top), mq_side_now(&release->top)};
    struct mq_contributions made = {0};
    self->draft.failed |= !node || mq_contributions_new(release, side, node, count,
                                                        &self->sheets.arena, &made) != MQ_OK;
    if (self->draft.failed || !made.known)
        return;
    for (size_t i = 0; i < made.count; i++)
        rows += !isnan(made.part[i].cell.value);
    if (rows < 4 || !mq_figure_begin(self, plan, rows + !isnan(made.rest.value), 1))
        return;
    fill(self, &made);
    mq_note_axis(self);
    add_notes(self, &made);
    mq_figure_name(self, "waterfall", title_of(self));
    describe(self, &made);
    mq_figure_end(self, true);
}

const struct mq_figure_maker mq_figure_waterfall = {MQ_FIGURE_WATERFALL, 0, build};
