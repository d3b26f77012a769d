/* What a difference is made of: the gap to the top unit (强项与短板), the change since the period
 * before (变动的构成). The strongest parts on either side, the others in one line: they add up to
 * the difference of the published scores. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "publish/profile.h"

/* ---- picking ---- */

static bool points_of(const struct mq_release *release, const struct mq_sheet_cell *cell,
                      int64_t *points)
{
    return mq_profile_published(release, (struct mq_shown){cell->value, MQ_FINE}, points);
}

/* Puts a part among the strongest on its side, by size; among equals the earlier stays before. */
static void insert(struct mq_pick *pick, size_t *count, struct mq_pick part)
{
    size_t at = *count;
    while (at > 0 && llabs(pick[at - 1].points) < llabs(part.points))
        at--;
    if (at == MQ_PICKS)
        return;
    if (*count < MQ_PICKS)
        ++*count;
    for (size_t i = *count - 1; i > at; i--)
        pick[i] = pick[i - 1];
    pick[at] = part;
}

/* How many of one side are worth a line: those from a tenth of the largest of both sides on. */
static size_t worth(const struct mq_pick *pick, size_t count, int64_t largest)
{
    while (count > 0 && 10 * llabs(pick[count - 1].points) < largest)
        count--;
    return count;
}

static void leave_small(struct mq_picks *picks)
{
    int64_t up = picks->bests ? picks->best[0].points : 0;
    int64_t down = picks->worsts ? -picks->worst[0].points : 0;
    int64_t largest = up > down ? up : down;
    picks->bests = worth(picks->best, picks->bests, largest);
    picks->worsts = worth(picks->worst, picks->worsts, largest);
}

static void choose(const struct mq_release *release, const struct mq_contributions *parts,
                   struct mq_picks *picks)
{
    int64_t points = 0;
    picks->known = parts->known && points_of(release, &parts->total, &picks->total);
    picks->rest = !isnan(parts->rest.value);
    picks->complete = !picks->rest;
    picks->reweighed = parts->reweighed;
    for (size_t i = 0; picks->known && i < parts->count; i++) {
        bool shown = points_of(release, &parts->part[i].cell, &points);
        picks->complete &= shown;
        if (!shown || points == 0)
            continue;
        struct mq_pick pick = {parts->part[i].node, points};
        if (points > 0)
            insert(picks->best, &picks->bests, pick);
        else
            insert(picks->worst, &picks->worsts, pick);
    }
    leave_small(picks);
    picks->other = picks->total;
    for (size_t i = 0; i < picks->bests; i++)
        picks->other -= picks->best[i].points;
    for (size_t i = 0; i < picks->worsts; i++)
        picks->other -= picks->worst[i].points;
    picks->others = parts->count - picks->bests - picks->worsts;
    picks->known = picks->known && picks->bests + picks->worsts > 0;
}

static void pick_parts(struct mq_page *page, const struct mq_side side[2], const int *node,
                       size_t count, struct mq_picks *picks)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct mq_contributions parts;
    *picks = (struct mq_picks){0};
    if (mq_contributions_new(page->release, side, node, count, &arena, &parts) == MQ_OK)
        choose(page->release, &parts, picks);
    else
        page->draft->failed = true;
    mq_arena_clear(&arena);
}

void mq_profile_pick(struct mq_page *page)
{
    const struct mq_release *release = page->release;
    int *node = malloc(release->model->nodes * sizeof *node);
    if (!node) {
        page->draft->failed = true;
        return;
    }
    size_t count = mq_contribution_nodes(release, true, node);
    struct mq_side now = mq_side_now(page->line);
    if (count > 1 && mq_profile_has_top(page))
        pick_parts(page, (struct mq_side[]){mq_side_now(&release->top), now}, node, count,
                   &page->gap);
    if (count > 1 && release->compared)
        pick_parts(page, (struct mq_side[]){mq_side_before(release, page->line), now}, node, count,
                   &page->moves);
    free(node);
}

/* ---- the tables ---- */

/* What the two tables differ in. */
struct kind {
    struct mq_page *page;
    const struct mq_picks *picks;
    struct mq_shown (*beside)(const struct mq_page *page, int node);
    const char *id, *name, *title, *now, *before, *difference, *effect, *best, *worst, *note;
};

static void fill_scores(const struct kind *kind, size_t row, int node)
{
    struct mq_page *page = kind->page;
    int decimals = page->release->model->decimals;
    struct mq_shown pair[2] = {mq_profile_now(page, node), kind->beside(page, node)};
    mq_draft_number(page->draft, row, 2, pair[0], decimals);
    mq_draft_number(page->draft, row, 3, pair[1], decimals);
    mq_draft_change(page->draft, row, 4, pair, decimals);
}

static void fill_picks(const struct kind *kind, const struct mq_pick *pick, size_t count,
                       const char *side, size_t *row)
{
    struct mq_draft *draft = kind->page->draft;
    for (size_t i = 0; i < count; i++, ++*row) {
        mq_draft_text(draft, *row, 0, side);
        mq_draft_text(draft, *row, 1,
                      mq_node_title(&kind->page->release->model->node[pick[i].node]));
        fill_scores(kind, *row, pick[i].node);
        mq_profile_points(kind->page, *row, 5, pick[i].points);
    }
}

static bool has_others(const struct mq_picks *picks)
{
    return picks->others > 0 || picks->rest || picks->other != 0;
}

static void fill_others(const struct kind *kind, size_t row)
{
    const struct mq_picks *picks = kind->picks;
    struct mq_draft *draft = kind->page->draft;
    bool chinese = kind->page->release->chinese;
    if (!has_others(picks))
        return;
    const char *what = "";
    if (picks->others > 0 && !picks->rest)
        what = mq_arena_format(&draft->sheets->arena,
                               chinese              ? "其余%zu项"
                               : picks->others == 1 ? "%zu indicator"
                                                    : "%zu indicators",
                               picks->others);
    else
        what = picks->others > 0 ? chinese ? "其余各项及合成方式" : "other indicators and method"
                                 : (chinese ? "合成方式" : "method");
    draft->failed |= !what;
    mq_draft_text(draft, row, 0, chinese ? "其他" : "Other");
    mq_draft_text(draft, row, 1, what ? what : "");
    mq_profile_points(kind->page, row, 5, picks->other);
}

static void make_table(const struct kind *kind)
{
    struct mq_page *page = kind->page;
    struct mq_draft *draft = page->draft;
    const struct mq_picks *picks = kind->picks;
    bool chinese = page->release->chinese;
    int decimals = page->release->model->decimals;
    size_t rows = picks->bests + picks->worsts + has_others(picks), row = 0;
    if (!mq_profile_begin(page, kind->id, kind->name, kind->title, 6, rows))
        return;
    mq_draft_column(draft, chinese ? "类别" : "Kind", "", MQ_COLUMN_TEXT, 0);
    mq_draft_column(draft, chinese ? "指标" : "Indicator", "", MQ_COLUMN_TEXT, 0);
    mq_draft_column(draft, kind->now, "", MQ_COLUMN_NUMBER, decimals);
    mq_draft_column(draft, kind->before, "", MQ_COLUMN_NUMBER, decimals);
    mq_draft_column(draft, kind->difference, "", MQ_COLUMN_CHANGE, decimals);
    mq_draft_column(draft, kind->effect, "", MQ_COLUMN_CHANGE, decimals);
    if (!mq_draft_cells(draft))
        return;
    fill_picks(kind, picks->best, picks->bests, kind->best, &row);
    fill_picks(kind, picks->worst, picks->worsts, kind->worst, &row);
    fill_others(kind, row);
    const char *weights = !picks->reweighed ? ""
                          : chinese         ? "部分指标缺数，含权重折算的影响。"
                                    : " Some indicators are missing; that others weigh more counts "
                                      "in their effects.";
    mq_profile_end(page, mq_arena_format(&draft->sheets->arena, "%s%s", kind->note, weights));
}

/* "+0.89分" */
static const char *difference_text(struct mq_page *page, int64_t points)
{
    const struct mq_release *release = page->release;
    struct mq_arena *arena = &page->draft->sheets->arena;
    const char *number = mq_profile_text(arena, release, points, true);
    const char *unit = mq_profile_unit(release, true);
    const char *text = number ? mq_arena_format(arena, "%s%s%s", number,
                                                release->chinese || !unit[0] ? "" : " ", unit)
                              : NULL;
    page->draft->failed |= !text;
    return text ? text : "";
}

void mq_profile_gap(struct mq_page *page)
{
    const struct mq_release *release = page->release;
    struct mq_arena *arena = &page->draft->sheets->arena;
    bool chinese = release->chinese;
    if (!page->gap.known)
        return;
    const char *top = release->top.name;
    make_table(&(struct kind){
        .page = page,
        .picks = &page->gap,
        .beside = mq_profile_top,
        .id = "gap",
        .name = chinese ? "强项与短板" : "Gap",
        .title = mq_arena_format(
            arena, chinese ? "强项与短板（总差距%s）" : "Strengths and weaknesses (difference %s)",
            difference_text(page, page->gap.total)),
        .now = page->line->name,
        .before = top,
        .difference = chinese ? "差距" : "Difference",
        .effect = chinese ? "对总差距的影响" : "Effect on the index",
        .best = chinese ? "强项" : "Strength",
        .worst = chinese ? "短板" : "Weakness",
        .note = chinese ? "影响为该项差距按权重计入指数的部分，各行相加等于总差距。"
                        : "The effect is what the difference counts in the index by its weight; "
                          "effects add up to the difference of the index."});
}

void mq_profile_moves(struct mq_page *page)
{
    const struct mq_release *release = page->release;
    struct mq_arena *arena = &page->draft->sheets->arena;
    bool chinese = release->chinese;
    if (!page->moves.known)
        return;
    const char *note = chinese ? "影响为该项变动按权重计入指数的部分，各行相加等于总变动。"
                               : "The effect is what the change counts in the index by its weight; "
                                 "effects add up to the change of the index.";
    make_table(&(struct kind){
        .page = page,
        .picks = &page->moves,
        .beside = mq_profile_before,
        .id = "moves",
        .name = chinese ? "变动" : "Changes",
        .title =
            mq_arena_format(arena, chinese ? "比%s变动的构成（%s）" : "What moved since %s (%s)",
                            mq_profile_last(release), difference_text(page, page->moves.total)),
        .now = release->now[0] ? release->now : (chinese ? "本期" : "Current"),
        .before = release->before,
        .difference = chinese ? "变动" : "Change",
        .effect = chinese ? "对总变动的影响" : "Effect on the index",
        .best = chinese ? "拉动" : "Up",
        .worst = chinese ? "拖累" : "Down",
        .note = page->gap.known ? "" : note}); /* said once a page */
}
