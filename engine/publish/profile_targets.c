/* 目标进展: targets of the whole province or nation, those behind first. */
#include "publish/profile.h"

enum { MOST_ROWS = 6, LEAST_ROWS = 3 };

static void fill_row(struct mq_draft *draft, size_t row, const struct mq_target_line *target)
{
    mq_draft_text(draft, row, 0, target->title);
    mq_draft_text(draft, row, 1, target->wanted);
    mq_draft_text(draft, row, 2, target->actual);
    mq_draft_text(draft, row, 3, target->standing);
}

/* "辽宁省质量目标进展（共14项，列出3项）" */
static const char *title(struct mq_page *page, size_t rows)
{
    struct mq_arena *arena = &page->draft->sheets->arena;
    size_t count = page->options->targets;
    bool chinese = page->release->chinese;
    const char *top = mq_profile_has_top(page) ? page->release->top.name : "";
    const char *some = "";
    if (rows < count)
        some = mq_arena_format(
            arena, chinese ? "（共%zu项，列出%zu项）" : " (%zu in all, %zu shown)", count, rows);
    if (!some)
        return NULL;
    return chinese ? mq_arena_format(arena, "%s质量目标进展%s", top, some)
                   : mq_arena_format(arena, "Progress of the targets%s%s%s", top[0] ? " of " : "",
                                     top, some);
}

void mq_profile_targets(struct mq_page *page)
{
    const struct mq_publication_options *options = page->options;
    struct mq_draft *draft = page->draft;
    bool chinese = page->release->chinese;
    size_t left = page->rows + LEAST_ROWS < MQ_PAGE_ROWS ? MQ_PAGE_ROWS - page->rows : LEAST_ROWS;
    size_t rows = options->targets < MOST_ROWS ? options->targets : MOST_ROWS, row = 0;
    rows = rows < left ? rows : left;
    if (rows == 0 || !mq_profile_begin(page, "targets", chinese ? "目标" : "Targets",
                                       title(page, rows), 4, rows))
        return;
    mq_draft_column(draft, chinese ? "目标" : "Target", "", MQ_COLUMN_TEXT, 0);
    mq_draft_column(draft, chinese ? "要求" : "Wanted", "", MQ_COLUMN_TEXT, 0);
    mq_draft_column(draft, chinese ? "实际" : "Actual", "", MQ_COLUMN_TEXT, 0);
    mq_draft_column(draft, chinese ? "状态" : "Status", "", MQ_COLUMN_TEXT, 0);
    if (!mq_draft_cells(draft))
        return;
    for (int behind = 1; behind >= 0; behind--)
        for (size_t i = 0; i < options->targets && row < rows; i++)
            if (options->target[i].behind == (behind == 1))
                fill_row(draft, row++, &options->target[i]);
    mq_profile_end(page, "");
}
