/*
 * 结构相近的单位.
 *
 * Where the model has a level with two axes of which one is that of the profiles (city x division),
 * units are alike whose enterprises spread alike over the other axis:
 *     similarity = 1 - 1/2 sum |p_k - q_k|,
 * p_k being the share of the cells k among those of the unit that may be shown (Krugman's index of
 * specialisation, turned and brought to 0..1). Else, those whose published scores of the indicators
 * differ least on average.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "publish/profile.h"

/* ---- structure ---- */

static size_t find_line(const struct mq_lines *lines, const char *code)
{
    size_t i = 0;
    while (i < lines->count && strcmp(lines->line[i].code, code) != 0)
        i++;
    return i;
}

/* Counts of enterprises; cells that may not be shown count for nothing. */
static void add_cells(const struct mq_release *release, int level, const struct mq_cross *cross,
                      struct mq_structure *structure)
{
    const struct mq_lines *lines = &release->level[level];
    bool side = cross->side.level == level;
    const struct mq_cross_axis *own = side ? &cross->side : &cross->head;
    const struct mq_cross_axis *other = side ? &cross->head : &cross->side;
    for (size_t i = 0; i < cross->lines.count; i++) {
        size_t unit = cross->lines.line[i].now;
        size_t at = find_line(lines, own->key[own->place[i]].code);
        double count = (double)release->frame->unit[unit].enterprises;
        if (at == lines->count || mq_show_score(release, unit, release->root).reason == MQ_WITHHELD)
            continue;
        structure->share[at * structure->parts + other->place[i]] += count;
        structure->is_known[at] |= count > 0;
    }
}

static void make_shares(struct mq_structure *structure, size_t lines)
{
    for (size_t i = 0; i < lines; i++) {
        double *share = &structure->share[i * structure->parts], sum = 0;
        for (size_t k = 0; k < structure->parts; k++)
            sum += share[k]; /* counts: exact */
        for (size_t k = 0; k < structure->parts && sum > 0; k++)
            share[k] /= sum;
    }
}

/* The first level with two axes of which one is that of the profiles; -1: none. False if out of
 * memory. */
static bool find_cross(const struct mq_release *release, int level, struct mq_arena *arena,
                       int *found, struct mq_cross *cross)
{
    *found = -1;
    for (size_t i = 0; i < release->model->levels && *found < 0; i++) {
        if (release->model->level[i].axes != 2)
            continue;
        if (!mq_cross_new(release, (int)i, arena, cross))
            return false;
        if (cross->lines.count > 0 && (cross->side.level == level || cross->head.level == level))
            *found = (int)i;
    }
    return true;
}

bool mq_structure_new(const struct mq_release *release, int level, struct mq_arena *arena,
                      struct mq_structure *structure)
{
    size_t lines = release->level[level].count;
    struct mq_cross cross;
    *structure = (struct mq_structure){.level = -1, .by = ""};
    if (!find_cross(release, level, arena, &structure->level, &cross))
        return false;
    if (structure->level < 0)
        return true;
    const struct mq_cross_axis *other = cross.side.level == level ? &cross.head : &cross.side;
    if (other->level >= 0)
        structure->by = mq_level_title(release, other->level);
    structure->parts = other->count;
    structure->share = mq_arena_array(arena, lines * structure->parts, sizeof *structure->share);
    structure->is_known = mq_arena_array(arena, lines, sizeof *structure->is_known);
    if (!structure->share || !structure->is_known)
        return false;
    add_cells(release, level, &cross, structure);
    make_shares(structure, lines);
    return true;
}

/* ---- the nearest ---- */

static double similarity(const struct mq_structure *structure, size_t a, size_t b)
{
    double sum = 0;
    if (!structure->is_known[b])
        return NAN;
    for (size_t k = 0; k < structure->parts; k++)
        sum += fabs(structure->share[a * structure->parts + k] -
                    structure->share[b * structure->parts + k]);
    return 1 - sum / 2;
}

/* Mean absolute difference of the published scores of the leaves; NaN if fewer than half of those
 * of the unit are shown of the other. */
static double distance(const struct mq_page *page, const struct mq_line *other)
{
    const struct mq_release *release = page->release;
    const struct mq_model *model = release->model;
    size_t own = 0, both = 0;
    double sum = 0;
    for (size_t node = 0; node < model->nodes; node++) {
        int64_t a, b;
        if (!model->node[node].leaf ||
            !mq_profile_published(release, mq_profile_now(page, (int)node), &a))
            continue;
        own++;
        if (!mq_profile_published(release, mq_show_score(release, other->now, (int)node), &b))
            continue;
        both++;
        sum += fabs((double)(a - b)); /* whole numbers: exact */
    }
    if (both == 0 || 2 * both < own)
        return NAN;
    return sum / (double)both / pow(10, model->decimals);
}

static void insert(struct mq_peers *peers, struct mq_peer peer)
{
    size_t at = peers->count;
    double sign = peers->by_structure ? 1 : -1;
    while (at > 0 && sign * peers->peer[at - 1].near < sign * peer.near)
        at--;
    if (at == MQ_PEERS)
        return;
    if (peers->count < MQ_PEERS)
        peers->count++;
    for (size_t i = peers->count - 1; i > at; i--)
        peers->peer[i] = peers->peer[i - 1];
    peers->peer[at] = peer;
}

static void find_lead(const struct mq_page *page, const int *node, size_t count,
                      struct mq_peer *peer)
{
    const struct mq_release *release = page->release;
    const struct mq_line *line = &release->level[page->level].line[peer->line];
    peer->lead = -1;
    for (size_t i = 0; i < count; i++) {
        int64_t own, other;
        if (!mq_profile_published(release, mq_profile_now(page, node[i]), &own) ||
            !mq_profile_published(release, mq_show_score(release, line->now, node[i]), &other) ||
            other - own <= (peer->lead < 0 ? 0 : peer->led))
            continue;
        peer->lead = node[i];
        peer->led = other - own;
    }
}

void mq_profile_find_peers(struct mq_page *page)
{
    const struct mq_release *release = page->release;
    const struct mq_structure *structure = page->structure;
    const struct mq_lines *lines = &release->level[page->level];
    struct mq_peers *peers = &page->peers;
    int *node = malloc(release->model->nodes * sizeof *node);
    if (!node) {
        page->draft->failed = true;
        return;
    }
    *peers =
        (struct mq_peers){.by_structure = structure->level >= 0 && structure->is_known[page->at]};
    for (size_t i = 0; i < lines->count; i++) {
        int64_t score;
        if (i == page->at ||
            !mq_profile_published(
                release, mq_show_score(release, lines->line[i].now, release->root), &score))
            continue;
        struct mq_peer peer = {.line = i,
                               .lead = -1,
                               .near = peers->by_structure ? similarity(structure, page->at, i)
                                                           : distance(page, &lines->line[i])};
        if (!isnan(peer.near))
            insert(peers, peer);
    }
    size_t count = mq_contribution_nodes(release, false, node);
    peers->has_parts = count > 0 && node[0] != release->root;
    for (size_t i = 0; i < peers->count && peers->has_parts; i++)
        find_lead(page, node, count, &peers->peer[i]);
    free(node);
}

/* ---- the table ---- */

static const char *note(struct mq_page *page)
{
    const struct mq_release *release = page->release;
    struct mq_arena *arena = &page->draft->sheets->arena;
    bool chinese = release->chinese;
    if (!page->peers.by_structure)
        return chinese ? "差异为各指标公布数之差绝对值的平均数，越小越接近。"
                       : "The difference is the mean absolute difference of the published numbers "
                         "of the indicators.";
    const char *by = page->structure->by;
    int least = release->model->min_enterprises;
    const char *left_out =
        least <= 1 ? ""
        : chinese ? mq_arena_format(arena, "；%s不足%d%s的%s不计", mq_model_counted(release->model),
                                    least, mq_model_measure(release->model), by)
                  : mq_arena_format(arena, ", those with fewer than %d left out", least);
    if (!left_out)
        return NULL;
    return chinese
               ? mq_arena_format(arena,
                                 "相似度＝1－½×各%s的%s数比重之差绝对值的和，1为结构相同%s。",
                                 by[0] ? by : "组", mq_model_counted(release->model), left_out)
               : mq_arena_format(arena,
                                 "Similarity: 1 less half the sum of the absolute differences "
                                 "of the shares of %s by %s%s; 1: the same structure.",
                                 mq_model_counted(release->model), by[0] ? by : "group", left_out);
}

static void fill_row(struct mq_page *page, size_t row, const struct mq_peer *peer)
{
    const struct mq_release *release = page->release;
    struct mq_draft *draft = page->draft;
    const struct mq_line *line = &release->level[page->level].line[peer->line];
    struct mq_shown score = mq_show_score(release, line->now, release->root);
    bool chinese = release->chinese;
    int decimals = release->model->decimals;
    mq_draft_text(draft, row, 0, line->name);
    mq_draft_number(draft, row, 1, (struct mq_shown){peer->near, MQ_FINE},
                    page->peers.by_structure ? 2 : decimals);
    mq_draft_number(draft, row, 2, score, decimals);
    mq_draft_rank(draft, row, 3, mq_show_rank(release, line->now, release->root), score.reason);
    if (!page->peers.has_parts)
        return;
    if (peer->lead < 0) {
        mq_draft_text(draft, row, 4, chinese ? "无" : "none");
        return;
    }
    const char *led = mq_profile_text(&draft->sheets->arena, release, peer->led, true);
    const char *text =
        led ? mq_arena_format(&draft->sheets->arena, chinese ? "%s（%s）" : "%s (%s)",
                              mq_node_title(&release->model->node[peer->lead]), led)
            : NULL;
    draft->failed |= !text;
    mq_draft_text(draft, row, 4, text ? text : "");
}

void mq_profile_peers(struct mq_page *page)
{
    const struct mq_release *release = page->release;
    const struct mq_peers *peers = &page->peers;
    struct mq_draft *draft = page->draft;
    bool chinese = release->chinese, alike = peers->by_structure;
    int decimals = release->model->decimals;
    const char *unit = mq_unit_heading(release, page->level);
    if (peers->count == 0 ||
        !mq_profile_begin(page, "peers", chinese ? "相近单位" : "Peers",
                          chinese ? (alike ? "结构相近的单位" : "各指标相近的单位")
                          : alike ? "Units of similar structure"
                                  : "Units of similar scores",
                          5, peers->count))
        return;
    mq_draft_column(draft, unit, "", MQ_COLUMN_TEXT, 0);
    if (alike)
        mq_draft_column(draft, chinese ? "相似度" : "Similarity", "", MQ_COLUMN_NUMBER, 2);
    else
        mq_draft_column(draft, chinese ? "平均差异" : "Mean difference", "", MQ_COLUMN_NUMBER,
                        decimals);
    mq_draft_column(draft, mq_profile_score_word(release), "", MQ_COLUMN_NUMBER, decimals);
    mq_draft_column(draft, chinese ? "位次" : "Rank", "", MQ_COLUMN_RANK, 0);
    if (peers->has_parts)
        mq_draft_column(draft, chinese ? "领先最多的方面" : "Leads most in", "", MQ_COLUMN_TEXT, 0);
    if (!mq_draft_cells(draft))
        return;
    for (size_t row = 0; row < peers->count; row++)
        fill_row(page, row, &peers->peer[row]);
    mq_profile_end(page, note(page));
}
