/*
 * What may be shown.
 *
 * A unit with fewer enterprises than the model's min_enterprises is withheld whole: scores, raw
 * values, ranks, bands. So is an indicator that fewer enterprises reported, and a parent none of
 * whose present children may be shown. Ranks of the others stay those of the scores; a gap among
 * them tells where a withheld unit stands, and so bounds its score by its neighbours'.
 *
 * Not covered: secondary disclosure. A withheld unit can be estimated from a total and its other
 * parts (city = sum of its industries), a withheld child from its parent and siblings, a withheld
 * year from other publications; nor is it checked whether one or two enterprises dominate a unit
 * that is shown. Who publishes nested tables has to look at them together. Of an earlier run that
 * the scores are compared with (--against), only the values are known, not how many enterprises
 * stood behind them: that run's own publication decided about them.
 */
#include "publish/draft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t at(const struct mq_release *release, size_t unit, int node)
{
    return unit * release->model->nodes + (size_t)node;
}

static bool too_few(const struct mq_release *release, double enterprises)
{
    return release->model->min_enterprises > 0 &&
           enterprises < (double)release->model->min_enterprises;
}

static bool leaf_withheld(const struct mq_release *release, size_t unit, int node)
{
    const struct mq_frame *frame = release->frame;
    double coverage = frame->coverage[at(release, unit, node)];
    bool present = !isnan(frame->value[at(release, unit, node)]);
    double reported = coverage * (double)frame->unit[unit].enterprises;
    return present && !isnan(coverage) && too_few(release, round(reported));
}

static bool parent_withheld(const struct mq_release *release, size_t unit, int node)
{
    const struct mq_node *parent = &release->model->node[node];
    size_t present = 0, hidden = 0;
    for (size_t i = 0; i < parent->children; i++) {
        size_t child = at(release, unit, parent->child[i]);
        if (isnan(release->scores->score[child].value))
            continue;
        present++;
        hidden += release->withheld[child];
    }
    return present > 0 && hidden == present;
}

static void withhold(struct mq_release *release)
{
    const struct mq_model *model = release->model;
    for (size_t unit = 0; unit < release->frame->units; unit++) {
        bool small = too_few(release, (double)release->frame->unit[unit].enterprises);
        for (size_t i = model->nodes; i-- > 0;) { /* children before parents */
            int node = model->order[i];
            release->withheld[at(release, unit, node)] =
                small || (model->node[node].leaf ? leaf_withheld(release, unit, node)
                                                 : parent_withheld(release, unit, node));
        }
    }
}

/* ---- lines: the units of the latest period and of the one before ---- */

struct named {
    const char *name;
    struct mq_line *line;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* Units that share a name are told apart by their code. */
static enum mq_status tell_apart(struct mq_release *release, struct mq_lines *lines)
{
    struct named *named = mq_arena_array(&release->arena, lines->count, sizeof *named);
    if (!named)
        return MQ_INTERNAL;
    for (size_t i = 0; i < lines->count; i++)
        named[i] = (struct named){lines->line[i].name, &lines->line[i]};
    qsort(named, lines->count, sizeof *named, by_name);
    for (size_t i = 0; i < lines->count; i++) {
        bool twin = (i > 0 && strcmp(named[i].name, named[i - 1].name) == 0) ||
                    (i + 1 < lines->count && strcmp(named[i].name, named[i + 1].name) == 0);
        if (!twin || strcmp(named[i].name, named[i].line->code) == 0)
            continue;
        named[i].line->name =
            mq_arena_format(&release->arena, release->chinese ? "%s（%s）" : "%s (%s)",
                            named[i].name, named[i].line->code);
        if (!named[i].line->name)
            return MQ_INTERNAL;
    }
    return MQ_OK;
}

/* First unit at or after `unit` of a later level or period. */
static size_t run_end(const struct mq_frame *frame, size_t unit, uint32_t period, uint32_t level)
{
    while (unit < frame->units && frame->unit[unit].period == period &&
           frame->unit[unit].level == level)
        unit++;
    return unit;
}

static size_t run_start(const struct mq_frame *frame, uint32_t period, uint32_t level)
{
    size_t unit = 0;
    while (unit < frame->units &&
           (frame->unit[unit].period != period || frame->unit[unit].level != level))
        unit++;
    return unit;
}

/* Merges two runs of units, each by code. */
static void merge(const struct mq_frame *frame, const size_t now[2], const size_t before[2],
                  struct mq_lines *lines)
{
    size_t a = now[0], b = before[0];
    while (a < now[1] || b < before[1]) {
        int order = a == now[1]      ? 1
                    : b == before[1] ? -1
                                     : strcmp(frame->unit[a].code, frame->unit[b].code);
        const struct mq_unit *unit = &frame->unit[order <= 0 ? a : b];
        lines->line[lines->count++] = (struct mq_line){
            order <= 0 ? a : MQ_NO_UNIT, order >= 0 ? b : MQ_NO_UNIT, unit->code, unit->name};
        a += order <= 0;
        b += order >= 0;
    }
}

static enum mq_status lines_new(struct mq_release *release, uint32_t level, struct mq_lines *lines)
{
    const struct mq_frame *frame = release->frame;
    size_t now[2] = {0, 0}, before[2] = {0, 0};
    uint32_t last = (uint32_t)(frame->periods - 1);
    now[0] = run_start(frame, last, level);
    now[1] = run_end(frame, now[0], last, level);
    if (last > 0) {
        before[0] = run_start(frame, last - 1, level);
        before[1] = run_end(frame, before[0], last - 1, level);
    }
    size_t most = now[1] - now[0] + before[1] - before[0];
    lines->line = mq_arena_array(&release->arena, most, sizeof *lines->line);
    if (!lines->line)
        return MQ_INTERNAL;
    merge(frame, now, before, lines);
    return release->model->level[level].axes == 1 ? tell_apart(release, lines) : MQ_OK;
}

/* ---- periods and what there is ---- */

static bool is_year(const char *period)
{
    return strlen(period) == 4 && strspn(period, "0123456789") == 4;
}

static const char *period_label(struct mq_release *release, const char *period)
{
    return mq_arena_format(&release->arena, release->chinese && is_year(period) ? "%s年" : "%s",
                           period);
}

static bool has_previous(const struct mq_release *release)
{
    const struct mq_scores *scores = release->scores;
    for (size_t i = 0; i < release->frame->units * release->model->nodes; i++)
        if (!isnan(scores->score[i].previous))
            return true;
    return false;
}

/* Without normalisation the table of scores would repeat the table of values. */
static bool raw_is_score(const struct mq_release *release)
{
    const struct mq_model *model = release->model;
    for (size_t unit = 0; unit < release->frame->units; unit++)
        for (size_t node = 0; node < model->nodes; node++) {
            double score = release->scores->score[at(release, unit, (int)node)].value;
            double raw = release->frame->value[at(release, unit, (int)node)];
            bool same = score == raw || (isnan(score) && isnan(raw));
            if (model->node[node].leaf && !same)
                return false;
        }
    return true;
}

static enum mq_status find_periods(struct mq_release *release)
{
    const struct mq_frame *frame = release->frame;
    release->compared_raw = frame->periods > 1;
    release->compared = release->compared_raw || has_previous(release);
    release->years =
        release->compared_raw && is_year(frame->period[frame->periods - 1]) &&
        is_year(frame->period[frame->periods - 2]) &&
        atoi(frame->period[frame->periods - 1]) == atoi(frame->period[frame->periods - 2]) + 1;
    release->now = frame->periods ? period_label(release, frame->period[frame->periods - 1]) : "";
    release->before = frame->periods > 1 ? period_label(release, frame->period[frame->periods - 2])
                                         : (release->chinese ? "上期" : "Previous");
    return release->now && release->before ? MQ_OK : MQ_INTERNAL;
}

static enum mq_status find_lines(struct mq_release *release)
{
    const struct mq_model *model = release->model;
    release->level = mq_arena_array(&release->arena, model->levels, sizeof *release->level);
    if (!release->level)
        return MQ_INTERNAL;
    release->top_level = -1;
    for (size_t level = 0; level < model->levels && release->frame->periods > 0; level++) {
        struct mq_lines *lines = &release->level[level];
        MQ_TRY(lines_new(release, (uint32_t)level, lines));
        if (release->top_level < 0 && lines->count == 1 && model->level[level].axes <= 1 &&
            lines->line[0].now != MQ_NO_UNIT) {
            release->top_level = (int)level;
            release->top = lines->line[0];
        }
    }
    return MQ_OK;
}

enum mq_status mq_release_new(const struct mq_scores *scores,
                              const struct mq_provenance *provenance, struct mq_release *release,
                              struct mq_error *error)
{
    const struct mq_model *model = scores->model;
    *release = (struct mq_release){.scores = scores,
                                   .frame = scores->frame,
                                   .model = model,
                                   .provenance = provenance,
                                   .chinese = model->chinese,
                                   .root = -1};
    size_t cells = release->frame->units * model->nodes;
    release->withheld = mq_arena_array(&release->arena, cells, sizeof *release->withheld);
    if (!release->withheld || find_periods(release) != MQ_OK || find_lines(release) != MQ_OK) {
        mq_release_clear(release);
        return mq_fail_memory(error);
    }
    for (size_t i = model->nodes; i-- > 0;)
        if (model->node[model->order[i]].parent < 0)
            release->root = model->order[i];
    release->raw_is_score = raw_is_score(release);
    withhold(release);
    return MQ_OK;
}

void mq_release_clear(struct mq_release *release)
{
    mq_arena_clear(&release->arena);
}

/* ---- the answers ---- */

static struct mq_shown shown(const struct mq_release *release, size_t unit, int node, double value,
                             uint8_t reason)
{
    if (release->withheld[at(release, unit, node)])
        return (struct mq_shown){NAN, MQ_WITHHELD};
    enum mq_reason why = (enum mq_reason)reason;
    if (isnan(value) && mq_reason_present(why))
        why = MQ_NOT_REPORTED;
    return (struct mq_shown){value, why};
}

static const struct mq_shown nothing = {NAN, MQ_NOT_REPORTED};

struct mq_shown mq_show_score(const struct mq_release *release, size_t unit, int node)
{
    if (unit == MQ_NO_UNIT)
        return nothing;
    const struct mq_score *score = &release->scores->score[at(release, unit, node)];
    return shown(release, unit, node, score->value, score->reason);
}

/* A unit of an earlier run (--against) that was too small then. */
static bool was_small(const struct mq_release *release, const struct mq_score *score)
{
    return score->previous_enterprises < (uint64_t)release->model->min_enterprises;
}

struct mq_shown mq_show_previous(const struct mq_release *release, const struct mq_line *line,
                                 int node)
{
    if (release->compared_raw || line->now == MQ_NO_UNIT)
        return mq_show_score(release, line->before, node);
    const struct mq_score *score = &release->scores->score[at(release, line->now, node)];
    if (isnan(score->previous))
        return nothing;
    return was_small(release, score) ? (struct mq_shown){NAN, MQ_WITHHELD}
                                     : (struct mq_shown){score->previous, MQ_FINE};
}

struct mq_shown mq_show_raw(const struct mq_release *release, size_t unit, int node)
{
    if (unit == MQ_NO_UNIT)
        return nothing;
    size_t cell = at(release, unit, node);
    return shown(release, unit, node, release->frame->value[cell], release->frame->reason[cell]);
}

uint32_t mq_show_rank(const struct mq_release *release, size_t unit, int node)
{
    if (unit == MQ_NO_UNIT || release->withheld[at(release, unit, node)])
        return 0;
    return release->scores->score[at(release, unit, node)].rank;
}

uint32_t mq_show_previous_rank(const struct mq_release *release, const struct mq_line *line,
                               int node)
{
    if (release->compared_raw || line->now == MQ_NO_UNIT)
        return mq_show_rank(release, line->before, node);
    const struct mq_score *score = &release->scores->score[at(release, line->now, node)];
    return was_small(release, score) ? 0 : score->previous_rank;
}

enum mq_status mq_shown_scores(const struct mq_scores *scores, double *value,
                               struct mq_error *error)
{
    struct mq_release release;
    MQ_TRY(mq_release_new(scores, NULL, &release, error));
    for (size_t unit = 0; unit < scores->frame->units; unit++)
        for (size_t node = 0; node < scores->model->nodes; node++)
            value[at(&release, unit, (int)node)] = mq_show_score(&release, unit, (int)node).value;
    mq_release_clear(&release);
    return MQ_OK;
}
