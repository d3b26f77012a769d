/* 得分与位次: the tree of scores of a unit, beside the year before and the top unit. */
#include <math.h>
#include <string.h>

#include "publish/profile.h"

enum { MOST_ROWS = 22, ALL = 1000 };

/* The deepest level of the tree that still fits; 0 if only roots do. */
static int deepest(const struct mq_model *model)
{
    static const int depths[] = {ALL, 2, 1};
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
        size_t rows = 0;
        for (size_t node = 0; node < model->nodes; node++)
            rows += model->node[node].depth <= depths[i];
        if (rows <= MOST_ROWS)
            return depths[i];
    }
    return 0;
}

/* The nodes to show, in tree order; where not even the second level fits, the first that do. */
static size_t choose(const struct mq_model *model, int node[MOST_ROWS])
{
    int depth = deepest(model);
    size_t count = 0;
    for (size_t i = 0; i < model->nodes && count < MOST_ROWS; i++)
        if (depth == 0 || model->node[model->order[i]].depth <= depth)
            node[count++] = model->order[i];
    return count;
}

struct columns {
    size_t name, now, change, rank, top, gap;
};

static struct columns add_columns(struct mq_page *page)
{
    const struct mq_release *release = page->release;
    struct mq_draft *draft = page->draft;
    bool chinese = release->chinese;
    int decimals = release->model->decimals;
    struct columns at = {0};
    at.name = mq_draft_column(draft, chinese ? "指标" : "Indicator", "", MQ_COLUMN_TEXT, 0);
    at.now = mq_draft_column(draft, mq_profile_score_word(release), "", MQ_COLUMN_NUMBER, decimals);
    if (release->compared)
        at.change =
            mq_draft_column(draft, chinese ? (release->years ? "比上年" : "比上期") : "Change", "",
                            MQ_COLUMN_CHANGE, decimals);
    at.rank = mq_draft_column(draft, chinese ? "位次" : "Rank", "", MQ_COLUMN_RANK, 0);
    if (!mq_profile_has_top(page))
        return at;
    at.top = mq_draft_column(draft, release->top.name, "", MQ_COLUMN_NUMBER, decimals);
    at.gap =
        mq_draft_column(draft, chinese ? "差距" : "Difference", "", MQ_COLUMN_CHANGE, decimals);
    return at;
}

/* "3/14" */
static void put_rank(struct mq_page *page, size_t row, size_t column, int node)
{
    const struct mq_release *release = page->release;
    size_t cell = page->line->now * release->model->nodes + (size_t)node;
    uint32_t rank = mq_show_rank(release, page->line->now, node);
    if (rank == 0) {
        mq_draft_symbol(page->draft, row, column, (int)mq_profile_now(page, node).reason);
        return;
    }
    const char *text = mq_arena_format(&page->draft->sheets->arena, "%lu/%lu", (unsigned long)rank,
                                       (unsigned long)release->scores->score[cell].of);
    page->draft->failed |= !text;
    *mq_draft_cell(page->draft, row, column) =
        (struct mq_sheet_cell){text ? text : "", (double)rank};
}

static void fill_row(struct mq_page *page, const struct columns *at, size_t row, int node)
{
    const struct mq_release *release = page->release;
    struct mq_draft *draft = page->draft;
    int decimals = release->model->decimals;
    struct mq_buffer title = MQ_BUFFER_EMPTY;
    for (int i = 0; i < release->model->node[node].depth; i++)
        mq_buffer_text(&title, "　");
    mq_buffer_text(&title, mq_measured_title(draft, &release->model->node[node]));
    draft->failed |= title.failed;
    mq_draft_text(draft, row, at->name, title.failed ? "" : title.data);
    mq_buffer_clear(&title);
    struct mq_shown now = mq_profile_now(page, node);
    mq_draft_number(draft, row, at->now, now, decimals);
    if (release->compared)
        mq_draft_change(draft, row, at->change,
                        (struct mq_shown[]){now, mq_profile_before(page, node)}, decimals);
    put_rank(page, row, at->rank, node);
    if (!mq_profile_has_top(page))
        return;
    struct mq_shown top = mq_profile_top(page, node);
    mq_draft_number(draft, row, at->top, top, decimals);
    mq_draft_change(draft, row, at->gap, (struct mq_shown[]){now, top}, decimals);
}

/* "得分、位次与差距（分）" */
static const char *title(struct mq_page *page)
{
    const struct mq_release *release = page->release;
    bool chinese = release->chinese, top = mq_profile_has_top(page);
    const char *unit = mq_units_mixed(release) ? "" : mq_profile_unit(release, false);
    const char *tail = chinese ? (top ? "、位次与差距" : "与位次")
                       : top   ? "s, ranks and differences"
                               : "s and ranks";
    return mq_arena_format(&page->draft->sheets->arena, "%s%s%s%s%s",
                           mq_profile_score_word(release), tail,
                           !unit[0]  ? ""
                           : chinese ? "（"
                                     : " (",
                           unit,
                           !unit[0]  ? ""
                           : chinese ? "）"
                                     : ")");
}

static const char *note(struct mq_page *page, size_t rows)
{
    const struct mq_release *release = page->release;
    if (rows == release->model->nodes)
        return "";
    return mq_arena_format(&page->draft->sheets->arena,
                           release->chinese ? "其余%zu项见各表。"
                                            : "The other %zu indicators are in the tables.",
                           release->model->nodes - rows);
}

void mq_profile_scores(struct mq_page *page)
{
    const struct mq_release *release = page->release;
    bool chinese = release->chinese;
    int node[MOST_ROWS];
    size_t rows = choose(release->model, node);
    if (!mq_profile_begin(page, "scores", chinese ? "得分" : "Scores", title(page), 6, rows))
        return;
    struct columns at = add_columns(page);
    if (!mq_draft_cells(page->draft))
        return;
    for (size_t row = 0; row < rows; row++)
        fill_row(page, &at, row, node[row]);
    mq_profile_end(page, note(page, rows));
}
