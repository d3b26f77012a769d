/* 指数总表: the index and the two levels below it for the nation or province. */
#include "publish/draft.h"

#include <math.h>
#include <stdlib.h>

enum { DEEPEST = 2 };

/* Share of the node in the index: product of the weights down from the root. */
static struct mq_shown effective_weight(const struct mq_release *release, int node)
{
    const struct mq_model *model = release->model;
    double weight = 100;
    for (int at = node; model->node[at].parent >= 0; at = model->node[at].parent)
        weight *= release->scores->weight[release->top.now * model->nodes + (size_t)at];
    enum mq_reason reason = mq_show_score(release, release->top.now, node).reason;
    return (struct mq_shown){weight, reason};
}

struct columns {
    size_t name, weight, now, before, change, band;
    bool weighed;
};

static struct columns add_columns(struct mq_draft *draft)
{
    const struct mq_release *release = draft->release;
    bool chinese = release->chinese;
    int decimals = release->model->decimals;
    struct columns at = {0};
    for (size_t i = 0; i < release->model->nodes; i++) /* side by side, nothing has a weight */
        at.weighed = at.weighed || release->model->node[i].parent >= 0;
    at.name = mq_draft_column(draft, chinese ? "指标" : "Indicator", "", MQ_COLUMN_TEXT, 0);
    if (at.weighed)
        at.weight =
            mq_draft_column(draft, chinese ? "权重（%）" : "Weight (%)", "", MQ_COLUMN_NUMBER, 2);
    const char *score = chinese ? "得分" : "Score";
    at.now = mq_draft_column(draft, release->now[0] ? release->now : score, "", MQ_COLUMN_NUMBER,
                             decimals);
    if (release->compared) {
        at.before = mq_draft_column(draft, release->before, "", MQ_COLUMN_NUMBER, decimals);
        at.change =
            mq_draft_column(draft, chinese ? "变动" : "Change", "", MQ_COLUMN_CHANGE, decimals);
    }
    if (release->model->bands > 0)
        at.band = mq_draft_column(draft, chinese ? "评价" : "Band", "", MQ_COLUMN_TEXT, 0);
    return at;
}

static void fill_row(struct mq_draft *draft, const struct columns *at, size_t row, int node)
{
    const struct mq_release *release = draft->release;
    const struct mq_node *self = &release->model->node[node];
    int decimals = release->model->decimals;
    const char *title = mq_arena_format(&draft->sheets->arena, "%s%s",
                                        (const char *const[]){"", "　", "　　"}[self->depth],
                                        mq_measured_title(draft, self));
    draft->failed |= !title;
    mq_draft_text(draft, row, at->name, title ? title : "");
    if (at->weighed)
        mq_draft_number(draft, row, at->weight, effective_weight(release, node), 2);
    struct mq_shown pair[2] = {mq_show_score(release, release->top.now, node),
                               mq_show_previous(release, &release->top, node)};
    mq_draft_number(draft, row, at->now, pair[0], decimals);
    if (release->compared) {
        mq_draft_number(draft, row, at->before, pair[1], decimals);
        mq_draft_change(draft, row, at->change, pair, decimals);
    }
    if (release->model->bands > 0)
        mq_draft_band(draft, row, at->band, release->top.now, node);
}

static void count_note(struct mq_draft *draft)
{
    const struct mq_release *release = draft->release;
    unsigned long long count = release->frame->unit[release->top.now].enterprises;
    bool withheld = mq_show_score(release, release->top.now, release->root).reason == MQ_WITHHELD;
    if (release->model->key < 0 || withheld)
        return;
    mq_draft_note(draft, release->chinese
                             ? mq_arena_format(&draft->sheets->arena, "汇总%s%llu%s。",
                                               mq_model_counted(release->model), count,
                                               mq_model_measure(release->model))
                             : mq_arena_format(&draft->sheets->arena, "%llu %s.", count,
                                               mq_model_counted(release->model)));
}

void mq_sheet_summary(struct mq_draft *draft)
{
    const struct mq_release *release = draft->release;
    const struct mq_model *model = release->model;
    if (release->top_level < 0 || release->root < 0)
        return;
    size_t rows = 0;
    for (size_t i = 0; i < model->nodes; i++)
        rows += model->node[i].depth <= DEEPEST;
    struct mq_arena *arena = &draft->sheets->arena;
    const char *index = mq_index_title(release);
    const char *title =
        release->chinese ? mq_arena_format(arena, "%s%s%s", release->now, release->top.name, index)
                         : mq_arena_format(arena, "%s, %s%s%s", index, release->top.name,
                                           release->now[0] ? ", " : "", release->now);
    draft->failed |= !title;
    struct mq_heading heading = {.kind = MQ_SHEET_SUMMARY,
                                 .id = "summary",
                                 .name = release->chinese ? "指数总表" : "Summary",
                                 .title = title ? title : "",
                                 .unit = mq_units_mixed(release) ? "" : mq_score_unit(release),
                                 .numbered = true};
    if (!mq_draft_begin(draft, &heading, 6, rows))
        return;
    struct columns at = add_columns(draft);
    if (!mq_draft_cells(draft))
        return;
    size_t row = 0;
    for (size_t i = 0; i < model->nodes; i++)
        if (model->node[model->order[i]].depth <= DEEPEST)
            fill_row(draft, &at, row++, model->order[i]);
    mq_notes_bands(draft);
    count_note(draft);
    mq_notes_coverage(draft, &release->top, 1);
    mq_notes_incomplete(draft, &release->top, 1);
    mq_draft_end(draft, true);
}
