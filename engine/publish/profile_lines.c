/* The sentences of a profile. Numbers are those of its tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "publish/profile.h"

struct writing {
    const struct mq_page *page;
    const struct mq_release *release;
    bool chinese;
    struct mq_arena *arena;
    struct mq_buffer text;
};

static const char *say(const struct writing *writing, const char *chinese, const char *english)
{
    return writing->chinese ? chinese : english;
}

/* ---- numbers and lists ---- */

static void add_number(struct writing *writing, int64_t number, bool sign)
{
    const char *text = mq_profile_text(writing->arena, writing->release, number, sign);
    writing->text.failed |= !text;
    mq_buffer_text(&writing->text, text ? text : "");
}

/* "85.32分", "85.32 points"; a difference of percentages is in percentage points. */
static void add_amount(struct writing *writing, int64_t number, bool difference, bool sign)
{
    const char *unit = mq_profile_unit(writing->release, difference);
    add_number(writing, number, sign);
    if (!writing->chinese && unit[0] && strcmp(unit, "%") != 0)
        mq_buffer_text(&writing->text, " ");
    mq_buffer_text(&writing->text, unit);
}

/* Before item `i` of `count`. */
static void add_comma(struct writing *writing, size_t i, size_t count)
{
    if (i > 0)
        mq_buffer_text(&writing->text, writing->chinese ? "、" : i + 1 == count ? " and " : ", ");
}

/* "A（影响+0.50分）、B（+0.30分）" */
static void add_picks(struct writing *writing, const struct mq_pick *pick, size_t count, bool first)
{
    for (size_t i = 0; i < count; i++) {
        add_comma(writing, i, count);
        mq_buffer_format(&writing->text, say(writing, "%s（%s", "%s (%s"),
                         mq_node_title(&writing->release->model->node[pick[i].node]),
                         first && i == 0 ? say(writing, "影响", "effect ") : "");
        add_amount(writing, pick[i].points, true, true);
        mq_buffer_text(&writing->text, say(writing, "）", ")"));
    }
}

/* What is told of the two sides of a difference. */
struct sides {
    const char *best, *worst;       /* before the lists */
    const char *no_best, *no_worst; /* all parts are known, and none is on that side */
};

static void add_sides(struct writing *writing, const struct mq_picks *picks,
                      const struct sides *sides)
{
    size_t bests = picks->bests, worsts = picks->worsts;
    if (!picks->known)
        return;
    if (bests > 0 || picks->complete)
        mq_buffer_text(&writing->text, bests > 0 ? sides->best : sides->no_best);
    add_picks(writing, picks->best, bests, true);
    if (worsts > 0 || picks->complete)
        mq_buffer_text(&writing->text, worsts > 0 ? sides->worst : sides->no_worst);
    add_picks(writing, picks->worst, worsts, bests == 0);
}

static void end_sentence(struct writing *writing)
{
    mq_buffer_text(&writing->text, say(writing, "。", "."));
}

/* ---- the score ---- */

static void tell_change(struct writing *writing, int64_t now)
{
    int64_t before;
    if (!writing->release->compared ||
        !mq_profile_published(writing->release,
                              mq_profile_before(writing->page, writing->release->root), &before))
        return;
    const char *last = mq_profile_last(writing->release);
    if (now == before) {
        mq_buffer_format(&writing->text, say(writing, "，与%s持平", ", the same as %s"), last);
        return;
    }
    if (writing->chinese)
        mq_buffer_format(&writing->text, "，比%s%s", last, now > before ? "提高" : "下降");
    else
        mq_buffer_format(&writing->text, ", %s ", now > before ? "up" : "down");
    add_amount(writing, llabs(now - before), true, false);
    if (!writing->chinese)
        mq_buffer_format(&writing->text, " on %s", last);
}

/* "3个市", "3": what is ranked. */
static const char *counted(const struct writing *writing)
{
    static const char each[] = "各";
    const char *title = mq_unit_heading(writing->release, writing->page->level);
    bool all = strncmp(title, each, sizeof each - 1) == 0 && title[sizeof each - 1];
    return all ? title + sizeof each - 1 : title;
}

static void tell_move(struct writing *writing, uint32_t rank, uint32_t before)
{
    const char *last = mq_profile_last(writing->release);
    long up = (long)before - (long)rank;
    if (!writing->release->compared || before == 0)
        return;
    if (up == 0)
        mq_buffer_format(&writing->text, say(writing, "，位次与%s相同", ", the same rank as %s"),
                         last);
    else if (writing->chinese)
        mq_buffer_format(&writing->text, "，位次比%s%s%ld位", last, up > 0 ? "上升" : "下降",
                         labs(up));
    else
        mq_buffer_format(&writing->text, ", %s %ld %s on %s", up > 0 ? "up" : "down", labs(up),
                         labs(up) == 1 ? "place" : "places", last);
}

static void tell_rank(struct writing *writing)
{
    const struct mq_page *page = writing->page;
    const struct mq_release *release = writing->release;
    size_t cell = page->line->now * release->model->nodes + (size_t)release->root;
    uint32_t rank = mq_show_rank(release, page->line->now, release->root);
    unsigned long of = release->scores->score[cell].of;
    if (rank == 0)
        return;
    if (writing->chinese)
        mq_buffer_format(&writing->text, "；在%lu个%s中列第%lu位", of, counted(writing),
                         (unsigned long)rank);
    else
        mq_buffer_format(&writing->text, "; rank %lu of %lu", (unsigned long)rank, of);
    tell_move(writing, rank, mq_show_previous_rank(release, page->line, release->root));
}

static void tell_score(struct writing *writing)
{
    const struct mq_page *page = writing->page;
    const struct mq_release *release = writing->release;
    const char *index = mq_profile_index(release);
    int64_t now;
    if (!mq_profile_published(release, mq_profile_now(page, release->root), &now))
        return;
    if (writing->chinese)
        mq_buffer_format(&writing->text, "%s%s%s%s为", release->now, release->now[0] ? "，" : "",
                         page->line->name, index);
    else
        mq_buffer_format(&writing->text, "%s%s%s: %s ", page->line->name,
                         release->now[0] ? ", " : "", release->now, index);
    add_amount(writing, now, false, false);
    tell_change(writing, now);
    tell_rank(writing);
    int band =
        release->scores->score[page->line->now * release->model->nodes + (size_t)release->root]
            .band;
    if (release->model->bands > 0 && band >= 0)
        mq_buffer_format(&writing->text, say(writing, "；评价为“%s”", "; band: %s"),
                         release->model->band[band].title);
    end_sentence(writing);
}

/* ---- the gap, the peers, the change, the targets ---- */

static void tell_gap(struct writing *writing)
{
    const struct mq_page *page = writing->page;
    const struct mq_release *release = writing->release;
    int64_t now, top;
    if (!mq_profile_has_top(page) ||
        !mq_profile_published(release, mq_profile_now(page, release->root), &now) ||
        !mq_profile_published(release, mq_profile_top(page, release->root), &top))
        return;
    const char *name = release->top.name;
    mq_buffer_format(&writing->text,
                     writing->chinese ? (now == top ? "与%s（" : "比%s（")
                     : now == top     ? "The same as %s ("
                                      : "Compared with %s (",
                     name);
    add_amount(writing, top, false, false);
    mq_buffer_text(&writing->text, say(writing, "）", ")"));
    if (now == top) {
        mq_buffer_text(&writing->text, say(writing, "持平", ""));
    } else {
        mq_buffer_text(&writing->text, writing->chinese ? (now > top ? "高" : "低") : ": ");
        add_amount(writing, llabs(now - top), true, false);
        mq_buffer_text(&writing->text, say(writing, "", now > top ? " higher" : " lower"));
    }
    add_sides(
        writing, &page->gap,
        writing->chinese
            ? &(struct sides){"；强项主要是", "；短板主要是", "；没有明显强项", "；没有明显短板"}
            : &(struct sides){"; main strengths: ", "; main weaknesses: ", "; no clear strength",
                              "; no clear weakness"});
    end_sentence(writing);
}

/* The peer with the highest score, if it is above the unit's own. */
static const struct mq_peer *best_peer(const struct writing *writing, int64_t *ahead)
{
    const struct mq_page *page = writing->page;
    const struct mq_release *release = writing->release;
    const struct mq_peer *best = NULL;
    int64_t own, other;
    *ahead = 0;
    if (!mq_profile_published(release, mq_profile_now(page, release->root), &own))
        return NULL;
    for (size_t i = 0; i < page->peers.count; i++) {
        const struct mq_line *line = &release->level[page->level].line[page->peers.peer[i].line];
        if (!mq_profile_published(release, mq_show_score(release, line->now, release->root),
                                  &other) ||
            other - own <= *ahead)
            continue;
        best = &page->peers.peer[i];
        *ahead = other - own;
    }
    return best;
}

static void tell_best_peer(struct writing *writing)
{
    const struct mq_page *page = writing->page;
    const struct mq_release *release = writing->release;
    const struct mq_lines *lines = &release->level[page->level];
    int64_t ahead;
    const struct mq_peer *best = best_peer(writing, &ahead);
    bool several = page->peers.count > 1;
    const char *word = mq_profile_score_word(release), *own = page->line->name;
    if (!best) {
        if (writing->chinese)
            mq_buffer_format(&writing->text, "，%s%s不高于%s", word, several ? "都" : "", own);
        else
            mq_buffer_format(&writing->text,
                             several ? "; none of them is above %s" : "; it is not above %s", own);
        return;
    }
    const char *name = lines->line[best->line].name;
    if (writing->chinese && several)
        mq_buffer_format(&writing->text, "，其中%s%s最高，比%s高", name, word, own);
    else if (writing->chinese)
        mq_buffer_format(&writing->text, "，%s比%s高", word, own);
    else
        mq_buffer_format(&writing->text,
                         several ? "; %s is highest, ahead by " : "; %s is ahead by ", name);
    add_amount(writing, ahead, true, false);
    if (best->lead < 0)
        return;
    mq_buffer_format(&writing->text, say(writing, "，领先最多的方面是%s（", ", most in %s ("),
                     mq_node_title(&release->model->node[best->lead]));
    add_amount(writing, best->led, true, true);
    mq_buffer_text(&writing->text, say(writing, "）", ")"));
}

static void tell_peers(struct writing *writing)
{
    const struct mq_page *page = writing->page;
    const struct mq_lines *lines = &writing->release->level[page->level];
    char digits[352];
    if (page->peers.count == 0)
        return;
    mq_buffer_text(&writing->text,
                   page->peers.by_structure
                       ? say(writing, "结构最相近的是", "Nearest in structure: ")
                       : say(writing, "各指标最接近的是", "Nearest in the indicators: "));
    for (size_t i = 0; i < page->peers.count; i++) {
        const struct mq_peer *peer = &page->peers.peer[i];
        add_comma(writing, i, page->peers.count);
        mq_buffer_text(&writing->text, lines->line[peer->line].name);
        if (page->peers.by_structure)
            mq_buffer_format(
                &writing->text, say(writing, "（相似度%s）", " (similarity %s)"),
                mq_round_text(peer->near, 2, writing->release->model->rounding, digits));
    }
    tell_best_peer(writing);
    end_sentence(writing);
}

static void tell_moves(struct writing *writing)
{
    const struct mq_picks *moves = &writing->page->moves;
    if (!moves->known)
        return;
    mq_buffer_format(&writing->text, say(writing, "与%s相比", "Since %s"),
                     mq_profile_last(writing->release));
    add_sides(writing, moves,
              writing->chinese
                  ? &(struct sides){"，拉动最大的是", "，拖累最大的是", "，没有明显拉动的指标",
                                    "，没有明显拖累的指标"}
                  : &(struct sides){", main gains: ", ", main losses: ", ", no clear gain",
                                    ", no clear loss"});
    end_sentence(writing);
}

static void tell_targets(struct writing *writing)
{
    const struct mq_publication_options *options = writing->page->options;
    size_t behind = 0, told = 0;
    for (size_t i = 0; i < options->targets; i++)
        behind += options->target[i].behind;
    if (options->targets == 0)
        return;
    const char *whose = mq_profile_has_top(writing->page) ? writing->release->top.name : "";
    if (writing->chinese)
        mq_buffer_format(&writing->text, "%s%zu项质量目标中", whose, options->targets);
    else
        mq_buffer_format(&writing->text, "Of the %zu targets%s%s, ", options->targets,
                         whose[0] ? " of " : "", whose);
    if (behind == 0) {
        mq_buffer_text(&writing->text, say(writing, "没有落后的", "none is behind"));
    } else {
        mq_buffer_format(
            &writing->text,
            say(writing, "有%zu项落后：", behind == 1 ? "%zu is behind: " : "%zu are behind: "),
            behind);
        for (size_t i = 0; i < options->targets; i++)
            if (options->target[i].behind) {
                add_comma(writing, told++, behind);
                mq_buffer_text(&writing->text, options->target[i].title);
            }
    }
    end_sentence(writing);
}

size_t mq_profile_lines(struct mq_page *page, struct mq_arena *arena, const char **line)
{
    static void (*const tells[MQ_PAGE_LINES])(struct writing *) = {tell_score, tell_gap, tell_peers,
                                                                   tell_moves, tell_targets};
    size_t count = 0;
    for (size_t i = 0; i < MQ_PAGE_LINES; i++) {
        struct writing writing = {.page = page,
                                  .release = page->release,
                                  .chinese = page->release->chinese,
                                  .arena = arena};
        tells[i](&writing);
        if (!writing.text.failed && writing.text.length > 0) {
            line[count] = mq_arena_string(arena, writing.text.data, writing.text.length);
            writing.text.failed = !line[count++];
        }
        page->draft->failed |= writing.text.failed;
        mq_buffer_clear(&writing.text);
    }
    return count;
}
