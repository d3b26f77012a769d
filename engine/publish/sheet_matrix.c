/* Two axes at once: the index of every pair of units, the axis with more units down the side. */
#include "publish/draft.h"

static bool begin(struct mq_draft *draft, int level, const struct mq_cross *cross)
{
    const struct mq_release *release = draft->release;
    struct mq_arena *arena = &draft->sheets->arena;
    bool chinese = release->chinese, both = cross->level[0] >= 0 && cross->level[1] >= 0;
    const char *name = mq_level_title(release, level), *each = mq_cross_each(draft, level, cross);
    if (both && !name[0])
        name = mq_arena_format(arena, chinese ? "%s×%s" : "%s x %s",
                               mq_level_title(release, cross->level[0]),
                               mq_level_title(release, cross->level[1]));
    const char *index = mq_index_title(release);
    const char *title = chinese ? mq_arena_format(arena, "%s%s%s", release->now, each, index)
                                : mq_arena_format(arena, "%s %s%s%s", index, each,
                                                  release->now[0] ? ", " : "", release->now);
    draft->failed |= !title || !name;
    const char *id = release->model->level[level].id;
    struct mq_heading heading = {.kind = MQ_SHEET_MATRIX,
                                 .level = level,
                                 .id = id,
                                 .name = name && name[0] ? name : id,
                                 .title = title ? title : "",
                                 .unit = mq_score_unit(release),
                                 .numbered = true};
    return mq_draft_begin(draft, &heading, cross->head.count + 1, cross->side.count);
}

static void fill(struct mq_draft *draft, const struct mq_cross *cross)
{
    const struct mq_release *release = draft->release;
    for (size_t row = 0; row < cross->side.count; row++) {
        mq_draft_text(draft, row, 0, cross->side.key[row].name);
        for (size_t column = 0; column < cross->head.count; column++)
            mq_draft_cell(draft, row, column + 1)->text = NULL;
    }
    for (size_t i = 0; i < cross->lines.count; i++)
        mq_draft_number(draft, cross->side.place[i], cross->head.place[i] + 1,
                        mq_show_score(release, cross->lines.line[i].now, release->root),
                        release->model->decimals);
    for (size_t row = 0; row < cross->side.count; row++)
        for (size_t column = 0; column < cross->head.count; column++)
            if (!mq_draft_cell(draft, row, column + 1)->text)
                mq_draft_symbol(draft, row, column + 1, MQ_SYMBOL_EMPTY);
}

void mq_sheet_matrix(struct mq_draft *draft, int level)
{
    const struct mq_release *release = draft->release;
    struct mq_cross cross;
    if (release->root < 0)
        return;
    if (!mq_cross_new(release, level, &draft->sheets->arena, &cross)) {
        draft->failed = true;
        return;
    }
    if (cross.lines.count == 0 || !begin(draft, level, &cross))
        return;
    const char *corner = cross.side.level >= 0 ? mq_unit_heading(release, cross.side.level)
                         : release->chinese    ? "单位"
                                               : "Unit";
    mq_draft_column(draft, corner, "", MQ_COLUMN_TEXT, 0);
    for (size_t i = 0; i < cross.head.count; i++)
        mq_draft_column(draft, cross.head.key[i].name, "", MQ_COLUMN_NUMBER,
                        release->model->decimals);
    if (!mq_draft_cells(draft))
        return;
    fill(draft, &cross);
    mq_notes_coverage(draft, cross.lines.line, cross.lines.count);
    mq_notes_incomplete(draft, cross.lines.line, cross.lines.count);
    mq_draft_end(draft, true);
}
