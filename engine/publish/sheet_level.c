/* 排位: the units of one level by rank. */
#include "publish/draft.h"

#include <math.h>
#include <string.h>

struct columns {
    size_t name, now, interval, before, change, rank, previous_rank, move, sides, band;
    size_t side_count;
    int *side;
};

/* "指数", "得分", or the index's own name where it is short. */
static const char *index_heading(const struct mq_release *release)
{
    const char *title = mq_node_title(&release->model->node[release->root]);
    if (mq_text_width(title) <= 12)
        return title;
    if (release->chinese)
        return strstr(title, "指数") ? "指数" : "得分";
    return strstr(title, "ndex") ? "Index" : "Score";
}

static void add_index_columns(struct mq_draft *draft, struct columns *at)
{
    const struct mq_release *release = draft->release;
    bool chinese = release->chinese;
    int decimals = release->model->decimals;
    const char *index = index_heading(release);
    if (release->compared) {
        const char *now = release->now[0] ? release->now : chinese ? "本期" : "Current";
        at->now = mq_draft_column(draft, now, index, MQ_COLUMN_NUMBER, decimals);
        at->before = mq_draft_column(draft, release->before, index, MQ_COLUMN_NUMBER, decimals);
        at->change =
            mq_draft_column(draft, chinese ? "变动" : "Change", index, MQ_COLUMN_CHANGE, decimals);
    } else {
        at->now = mq_draft_column(draft, index, "", MQ_COLUMN_NUMBER, decimals);
    }
    at->rank = mq_draft_column(draft, chinese ? "位次" : "Rank", "", MQ_COLUMN_RANK, 0);
    if (!release->compared)
        return;
    at->previous_rank = mq_draft_column(
        draft, chinese && release->years ? "上年位次" : (chinese ? "上期位次" : "Previous rank"),
        "", MQ_COLUMN_RANK, 0);
    at->move = mq_draft_column(draft, chinese ? "位次变动" : "Rank change", "", MQ_COLUMN_MOVE, 0);
}

/* "95%置信区间", of models with a design. */
static void add_interval_column(struct mq_draft *draft, struct columns *at)
{
    const struct mq_release *release = draft->release;
    const struct mq_design *design = release->model->design;
    if (!design)
        return;
    const char *title =
        mq_arena_format(&draft->sheets->arena, release->chinese ? "%g%%置信区间" : "%g %% interval",
                        100 * design->confidence);
    draft->failed |= !title;
    at->interval = mq_draft_column(draft, title ? title : "", "", MQ_COLUMN_TEXT, 0);
}

static struct columns add_columns(struct mq_draft *draft, int level)
{
    const struct mq_release *release = draft->release;
    bool chinese = release->chinese;
    struct columns at = {0};
    at.side = mq_arena_array(&draft->sheets->arena, release->model->nodes, sizeof *at.side);
    draft->failed |= !at.side;
    at.name = mq_draft_column(draft, mq_unit_heading(release, level), "", MQ_COLUMN_TEXT, 0);
    add_index_columns(draft, &at);
    add_interval_column(draft, &at);
    at.side_count = at.side ? mq_side_nodes(release, at.side) : 0;
    at.sides = draft->sheet->columns;
    for (size_t i = 0; i < at.side_count; i++)
        mq_draft_column(draft, mq_measured_title(draft, &release->model->node[at.side[i]]),
                        chinese ? "分项得分" : "Components", MQ_COLUMN_NUMBER,
                        release->model->decimals);
    if (release->model->bands > 0)
        at.band = mq_draft_column(draft, chinese ? "评价" : "Band", "", MQ_COLUMN_TEXT, 0);
    return at;
}

/* Both ends rounded as the score is; a score that is not shown has no interval either. */
static void fill_interval(struct mq_draft *draft, size_t row, size_t column, size_t unit)
{
    const struct mq_release *release = draft->release;
    const struct mq_estimate *estimate = release->scores->estimate;
    struct mq_shown score = mq_show_score(release, unit, release->root);
    if (!estimate || !isfinite(score.value)) {
        mq_draft_symbol(draft, row, column, estimate ? score.reason : MQ_UNDEFINED);
        return;
    }
    estimate += unit * release->model->nodes + (size_t)release->root;
    if (!isfinite(estimate->low) || !isfinite(estimate->high)) {
        mq_draft_symbol(draft, row, column, MQ_UNDEFINED);
        return;
    }
    char low[352], high[352];
    mq_round_text(estimate->low, release->model->decimals, release->model->rounding, low);
    mq_round_text(estimate->high, release->model->decimals, release->model->rounding, high);
    const char *text = mq_arena_format(
        &draft->sheets->arena, "%s%s%s%s%s", low[0] == '-' ? "−" : "", low + (low[0] == '-'),
        release->chinese ? "～" : "–", high[0] == '-' ? "−" : "", high + (high[0] == '-'));
    draft->failed |= !text;
    mq_draft_text(draft, row, column, text ? text : "");
}

static void fill_row(struct mq_draft *draft, const struct columns *at, size_t row,
                     const struct mq_line *line)
{
    const struct mq_release *release = draft->release;
    int decimals = release->model->decimals, root = release->root;
    struct mq_shown pair[2] = {mq_show_score(release, line->now, root),
                               mq_show_previous(release, line, root)};
    enum mq_reason why = isnan(pair[0].value) ? pair[0].reason : pair[1].reason;
    uint32_t rank[2] = {mq_show_rank(release, line->now, root),
                        mq_show_previous_rank(release, line, root)};
    mq_draft_text(draft, row, at->name, line->name);
    mq_draft_number(draft, row, at->now, pair[0], decimals);
    mq_draft_rank(draft, row, at->rank, rank[0], pair[0].reason);
    if (release->compared) {
        mq_draft_number(draft, row, at->before, pair[1], decimals);
        mq_draft_change(draft, row, at->change, pair, decimals);
        mq_draft_rank(draft, row, at->previous_rank, rank[1], pair[1].reason);
        mq_draft_move(draft, row, at->move, rank, why);
    }
    if (release->model->design)
        fill_interval(draft, row, at->interval, line->now);
    for (size_t i = 0; i < at->side_count; i++)
        mq_draft_number(draft, row, at->sides + i, mq_show_score(release, line->now, at->side[i]),
                        decimals);
    if (release->model->bands == 0)
        return;
    if (line->now == MQ_NO_UNIT)
        mq_draft_symbol(draft, row, at->band, MQ_NOT_REPORTED);
    else
        mq_draft_band(draft, row, at->band, line->now, root);
}

static bool begin(struct mq_draft *draft, int level, size_t rows)
{
    const struct mq_release *release = draft->release;
    const struct mq_model *model = release->model;
    struct mq_arena *arena = &draft->sheets->arena;
    const char *each = mq_level_each(draft, level), *index = mq_index_title(release);
    const char *title = release->chinese
                            ? mq_arena_format(arena, "%s%s%s及位次", release->now, each, index)
                            : mq_arena_format(arena, "%s and ranks %s%s%s", index, each,
                                              release->now[0] ? ", " : "", release->now);
    draft->failed |= !title;
    const char *name = mq_level_title(release, level);
    struct mq_heading heading = {.kind = MQ_SHEET_RANKING,
                                 .level = level,
                                 .id = model->level[level].id,
                                 .name = name[0] ? name : model->level[level].id,
                                 .title = title ? title : "",
                                 .unit = mq_score_unit(release),
                                 .numbered = true};
    return mq_draft_begin(draft, &heading, 9 + model->nodes, rows);
}

void mq_sheet_level(struct mq_draft *draft, int level)
{
    const struct mq_lines *lines = &draft->release->level[level];
    if (draft->release->root < 0 || lines->count == 0 || !begin(draft, level, lines->count))
        return;
    struct columns at = add_columns(draft, level);
    if (!mq_draft_cells(draft))
        return;
    const struct mq_line **ranked = mq_ranked_lines(draft->release, lines, &draft->sheets->arena);
    draft->failed |= !ranked;
    for (size_t row = 0; ranked && row < lines->count; row++)
        fill_row(draft, &at, row, ranked[row]);
    mq_notes_ranks(draft);
    mq_notes_bands(draft);
    mq_notes_coverage(draft, lines->line, lines->count);
    mq_notes_incomplete(draft, lines->line, lines->count);
    mq_draft_end(draft, true);
}
