/* 统计指标: raw values of the top unit, and units x indicators. */
#include "publish/draft.h"

#include <math.h>
#include <string.h>

struct columns {
    size_t unit, direction, now, before, change, score, coverage;
    bool units; /* some leaf has a unit */
};

static struct columns add_columns(struct mq_draft *draft, const int *leaf, size_t leaves)
{
    const struct mq_release *release = draft->release;
    bool chinese = release->chinese;
    struct columns at = {0};
    int most = 0;
    for (size_t i = 0; i < leaves; i++) {
        int decimals = mq_raw_decimals(release, leaf[i]);
        most = decimals > most ? decimals : most;
        at.units |= release->model->node[leaf[i]].unit[0] != '\0';
    }
    const char *group = release->compared_raw ? (chinese ? "指标值" : "Value") : "";
    const char *now = release->now[0] && group[0] ? release->now : chinese ? "指标值" : "Value";
    mq_draft_column(draft, chinese ? "指标" : "Indicator", "", MQ_COLUMN_TEXT, 0);
    if (at.units)
        at.unit = mq_draft_column(draft, chinese ? "计量单位" : "Unit", "", MQ_COLUMN_TEXT, 0);
    at.direction = mq_draft_column(draft, chinese ? "方向" : "Better if", "", MQ_COLUMN_TEXT, 0);
    at.now = mq_draft_column(draft, now, group, MQ_COLUMN_NUMBER, most);
    if (release->compared_raw) {
        at.before = mq_draft_column(draft, release->before, group, MQ_COLUMN_NUMBER, most);
        at.change =
            mq_draft_column(draft, chinese ? "变动" : "Change", group, MQ_COLUMN_CHANGE, most);
    }
    if (!release->raw_is_score)
        at.score = mq_draft_column(draft, chinese ? "得分" : "Score", "", MQ_COLUMN_NUMBER,
                                   release->model->decimals);
    at.coverage =
        mq_draft_column(draft, chinese ? "覆盖率（%）" : "Coverage (%)", "", MQ_COLUMN_NUMBER, 1);
    return at;
}

static void fill_row(struct mq_draft *draft, const struct columns *at, size_t row, int node)
{
    const struct mq_release *release = draft->release;
    const struct mq_node *leaf = &release->model->node[node];
    size_t cell = release->top.now * release->model->nodes + (size_t)node;
    bool chinese = release->chinese, up = leaf->direction == MQ_UP;
    int decimals = mq_raw_decimals(release, node);
    mq_draft_text(draft, row, 0, mq_node_title(leaf));
    if (at->units)
        mq_draft_text(draft, row, at->unit, leaf->unit);
    mq_draft_text(draft, row, at->direction,
                  chinese ? (up ? "正向" : "逆向") : (up ? "higher" : "lower"));
    struct mq_shown pair[2] = {mq_show_raw(release, release->top.now, node),
                               mq_show_raw(release, release->top.before, node)};
    mq_draft_number(draft, row, at->now, pair[0], decimals);
    if (release->compared_raw) {
        mq_draft_number(draft, row, at->before, pair[1], decimals);
        mq_draft_change(draft, row, at->change, pair, decimals);
    }
    if (!release->raw_is_score)
        mq_draft_number(draft, row, at->score, mq_show_score(release, release->top.now, node),
                        release->model->decimals);
    struct mq_shown coverage = {100 * release->frame->coverage[cell], MQ_NOT_REPORTED};
    if (pair[0].reason == MQ_WITHHELD)
        coverage = (struct mq_shown){NAN, MQ_WITHHELD};
    mq_draft_number(draft, row, at->coverage, coverage, 1);
}

/* 十二 for 12; digits beyond 99. From the arena. */
static const char *counted(struct mq_draft *draft, size_t count)
{
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    struct mq_arena *arena = &draft->sheets->arena;
    if (!draft->release->chinese)
        return "Indicators";
    if (count > 99)
        return mq_arena_format(arena, "%zu项指标", count);
    return mq_arena_format(arena, "%s%s%s项指标", count >= 20 ? digits[count / 10] : "",
                           count >= 10 ? "十" : "", digits[count % 10]);
}

/* What a percentage the coverage column is. */
static void coverage_note(struct mq_draft *draft)
{
    mq_draft_note(draft,
                  mq_arena_format(&draft->sheets->arena,
                                  draft->release->chinese
                                      ? "指标值为汇总数之比；覆盖率为有所需数据的%s所占比重。"
                                      : "Values are ratios of sums; coverage is the share of %s "
                                        "with the data needed.",
                                  mq_model_counted(draft->release->model)));
}

static bool begin(struct mq_draft *draft, size_t leaves)
{
    const struct mq_release *release = draft->release;
    struct mq_arena *arena = &draft->sheets->arena;
    const char *name = counted(draft, leaves);
    const char *title =
        release->chinese
            ? mq_arena_format(arena, "%s%s%s统计指标", release->now, release->top.name,
                              mq_index_title(release))
            : mq_arena_format(arena, "Indicators of the %s, %s%s%s", mq_index_title(release),
                              release->top.name, release->now[0] ? ", " : "", release->now);
    draft->failed |= !name || !title;
    struct mq_heading heading = {.kind = MQ_SHEET_INDICATORS,
                                 .id = "indicators",
                                 .name = name ? name : "",
                                 .title = title ? title : "",
                                 .unit = "",
                                 .numbered = true};
    return mq_draft_begin(draft, &heading, 8, leaves);
}

void mq_sheet_indicators(struct mq_draft *draft)
{
    const struct mq_release *release = draft->release;
    if (release->top_level < 0 || release->root < 0)
        return;
    int *leaf = mq_arena_array(&draft->sheets->arena, release->model->nodes, sizeof *leaf);
    draft->failed |= !leaf;
    size_t leaves = leaf ? mq_leaves(release->model, leaf) : 0;
    if (leaves == 0 || !begin(draft, leaves))
        return;
    struct columns at = add_columns(draft, leaf, leaves);
    if (!mq_draft_cells(draft))
        return;
    for (size_t i = 0; i < leaves; i++)
        fill_row(draft, &at, i, leaf[i]);
    coverage_note(draft);
    mq_draft_end(draft, true);
}

/* ---- units x indicators ---- */

static bool begin_leaves(struct mq_draft *draft, int level, bool raw, size_t leaves, size_t rows)
{
    const struct mq_release *release = draft->release;
    struct mq_arena *arena = &draft->sheets->arena;
    const char *id = release->model->level[level].id, *each = mq_level_each(draft, level);
    const char *level_title = mq_level_title(release, level);
    if (!level_title[0])
        level_title = id;
    const char *what =
        release->chinese ? (raw ? "指标值" : "指标得分") : (raw ? "values" : "scores");
    const char *title = release->chinese
                            ? mq_arena_format(arena, "%s%s统计%s", release->now, each, what)
                            : mq_arena_format(arena, "Indicator %s %s%s%s", what, each,
                                              release->now[0] ? ", " : "", release->now);
    const char *name =
        mq_arena_format(arena, release->chinese ? "%s%s" : "%s %s", level_title, what);
    const char *sheet_id = mq_arena_format(arena, "%s_%s", id, raw ? "values" : "scores");
    draft->failed |= !title || !name || !sheet_id;
    struct mq_heading heading = {.kind = raw ? MQ_SHEET_VALUES : MQ_SHEET_SCORES,
                                 .level = level,
                                 .id = sheet_id,
                                 .name = name,
                                 .title = title,
                                 .unit = raw ? "" : mq_score_unit(release),
                                 .numbered = true};
    return !draft->failed && mq_draft_begin(draft, &heading, leaves + 1, rows);
}

/* Heading of a leaf: its title, with the unit in a table of raw values; grouped by its parent
 * unless that is a root. */
static void leaf_column(struct mq_draft *draft, int node, bool raw)
{
    const struct mq_model *model = draft->release->model;
    const struct mq_node *leaf = &model->node[node];
    const char *title = mq_node_title(leaf);
    if (raw && leaf->unit[0])
        title = mq_arena_format(&draft->sheets->arena, model->chinese ? "%s（%s）" : "%s (%s)",
                                title, leaf->unit);
    draft->failed |= !title;
    bool grouped = leaf->parent >= 0 && model->node[leaf->parent].parent >= 0;
    mq_draft_column(draft, title ? title : "",
                    grouped ? mq_node_title(&model->node[leaf->parent]) : "", MQ_COLUMN_NUMBER,
                    raw ? mq_raw_decimals(draft->release, node) : model->decimals);
}

void mq_sheet_leaves(struct mq_draft *draft, int level, bool raw)
{
    const struct mq_release *release = draft->release;
    const struct mq_lines *lines = &release->level[level];
    int *leaf = mq_arena_array(&draft->sheets->arena, release->model->nodes, sizeof *leaf);
    draft->failed |= !leaf;
    size_t leaves = leaf ? mq_leaves(release->model, leaf) : 0;
    if (leaves == 0 || lines->count == 0 || !begin_leaves(draft, level, raw, leaves, lines->count))
        return;
    mq_draft_column(draft, mq_unit_heading(release, level), "", MQ_COLUMN_TEXT, 0);
    for (size_t i = 0; i < leaves; i++)
        leaf_column(draft, leaf[i], raw);
    if (!mq_draft_cells(draft))
        return;
    for (size_t row = 0; row < lines->count; row++) {
        size_t unit = lines->line[row].now;
        mq_draft_text(draft, row, 0, lines->line[row].name);
        for (size_t i = 0; i < leaves; i++)
            mq_draft_number(draft, row, i + 1,
                            raw ? mq_show_raw(release, unit, leaf[i])
                                : mq_show_score(release, unit, leaf[i]),
                            draft->sheet->column[i + 1].decimals);
    }
    mq_notes_coverage(draft, lines->line, lines->count);
    mq_draft_end(draft, true);
}
