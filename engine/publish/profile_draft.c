/* What the blocks of a profile share. */
#include <math.h>
#include <string.h>

#include "publish/profile.h"

bool mq_profile_published(const struct mq_release *release, struct mq_shown shown, int64_t *number)
{
    /* so that differences and their sums stay far from the ends of 64 bits */
    static const int64_t most = INT64_C(1) << 50;
    char digits[352];
    int decimals = release->model->decimals;
    if (!isfinite(shown.value))
        return false;
    mq_round_text(shown.value, decimals, release->model->rounding, digits);
    return mq_decimal_parse(digits, strlen(digits), decimals, number) == MQ_NUMBER_OK &&
           *number <= most && *number >= -most;
}

struct mq_shown mq_profile_now(const struct mq_page *page, int node)
{
    return mq_show_score(page->release, page->line->now, node);
}

struct mq_shown mq_profile_before(const struct mq_page *page, int node)
{
    return mq_show_previous(page->release, page->line, node);
}

struct mq_shown mq_profile_top(const struct mq_page *page, int node)
{
    return mq_show_score(page->release, page->release->top.now, node);
}

bool mq_profile_has_top(const struct mq_page *page)
{
    return page->release->top_level >= 0;
}

const char *mq_profile_text(struct mq_arena *arena, const struct mq_release *release,
                            int64_t number, bool sign)
{
    char digits[48];
    return mq_printed_text(arena, mq_decimal_text(number, release->model->decimals, digits), sign);
}

void mq_profile_points(struct mq_page *page, size_t row, size_t column, int64_t points)
{
    char digits[48];
    double value = NAN;
    mq_decimal_text(points, page->release->model->decimals, digits);
    if (mq_real_parse(digits, strlen(digits), &value) != MQ_NUMBER_OK)
        value = NAN;
    const char *text = mq_printed_text(&page->draft->sheets->arena, digits, true);
    page->draft->failed |= !text;
    *mq_draft_cell(page->draft, row, column) = (struct mq_sheet_cell){text ? text : "", value};
}

bool mq_profile_begin(struct mq_page *page, const char *id, const char *name, const char *title,
                      size_t most_columns, size_t rows)
{
    struct mq_draft *draft = page->draft;
    const char *whole = mq_arena_format(&draft->sheets->arena, "%s-%s", page->id, id);
    draft->failed |= !whole || !title;
    if (draft->failed)
        return false;
    struct mq_heading heading = {.kind = MQ_SHEET_SCORES,
                                 .level = page->level,
                                 .id = whole,
                                 .name = name,
                                 .title = title,
                                 .unit = ""};
    page->rows += rows;
    return mq_draft_begin(draft, &heading, most_columns, rows);
}

void mq_profile_end(struct mq_page *page, const char *note)
{
    struct mq_draft *draft = page->draft;
    bool chinese = page->release->chinese;
    const char *signs = draft->symbols ? mq_symbols_text(draft, draft->symbols) : "";
    draft->failed |= !signs || !note;
    if (draft->failed)
        return;
    if (note[0] || signs[0])
        mq_draft_note(draft, mq_arena_format(&draft->sheets->arena,
                                             chinese ? "注：%s%s%s" : "Note: %s%s%s", note,
                                             note[0] && signs[0] && !chinese ? " " : "", signs));
    mq_draft_end(draft, false);
}

const char *mq_profile_index(const struct mq_release *release)
{
    const char *title = mq_index_title(release);
    const char *top = release->top_level >= 0 ? release->top.name : "";
    size_t length = strlen(top);
    bool named = length > 0 && strncmp(title, top, length) == 0 && title[length] != '\0';
    title += named ? length : 0;
    return title + strspn(title, " ");
}

const char *mq_profile_unit(const struct mq_release *release, bool difference)
{
    const struct mq_node *root = &release->model->node[release->root];
    if (root->unit && root->unit[0] && (!root->leaf || release->raw_is_score)) {
        bool percent = strcmp(root->unit, "%") == 0;
        return percent && difference ? release->chinese ? "个百分点" : "percentage points"
                                     : root->unit;
    }
    if (release->raw_is_score)
        return "";
    return release->chinese ? "分" : "points";
}

const char *mq_profile_score_word(const struct mq_release *release)
{
    if (release->chinese)
        return release->raw_is_score ? "数值" : "得分";
    return release->raw_is_score ? "Value" : "Score";
}

const char *mq_profile_last(const struct mq_release *release)
{
    if (release->chinese)
        return release->years ? "上年" : "上期";
    return release->years ? "the year before" : "the period before";
}
