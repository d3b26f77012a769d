/* What the difference of two scores of the index is made of: parts that add up as printed. */
#include "publish/contribution.h"

#include <math.h>
#include <string.h>

struct mq_side mq_side_now(const struct mq_line *line)
{
    return (struct mq_side){line->now, false};
}

struct mq_side mq_side_before(const struct mq_release *release, const struct mq_line *line)
{
    if (release->compared_raw || line->now == MQ_NO_UNIT)
        return (struct mq_side){line->before, false};
    return (struct mq_side){line->now, true};
}

static bool below_root(const struct mq_release *release, int node)
{
    while (release->model->node[node].parent >= 0)
        node = release->model->node[node].parent;
    return node == release->root;
}

size_t mq_contribution_nodes(const struct mq_release *release, bool leaves, int *node)
{
    enum { DEEP = 2 };
    const struct mq_model *model = release->model;
    size_t count = 0;
    for (size_t i = 0; i < model->nodes; i++) {
        int at = model->order[i];
        const struct mq_node *self = &model->node[at];
        bool wanted = leaves ? self->leaf : self->depth == DEEP || (self->leaf && self->depth < 2);
        if (wanted && below_root(release, at))
            node[count++] = at;
    }
    return count;
}

/* ---- one side ---- */

static double score_of(const struct mq_release *release, const struct mq_side *side, int node)
{
    const struct mq_score *score =
        &release->scores->score[side->unit * release->model->nodes + (size_t)node];
    return side->previous ? score->previous : score->value;
}

static struct mq_shown shown_of(const struct mq_release *release, const struct mq_side *side,
                                int node)
{
    struct mq_line line = {.now = side->unit, .before = MQ_NO_UNIT};
    return side->previous ? mq_show_previous(release, &line, node)
                          : mq_show_score(release, side->unit, node);
}

/* 0 where the node is missing. */
static double weight_of(const struct mq_release *release, const struct mq_side *side, int node)
{
    const struct mq_model *model = release->model;
    double weight = 1;
    for (int at = node; model->node[at].parent >= 0; at = model->node[at].parent) {
        double own = release->scores->weight[side->unit * model->nodes + (size_t)at];
        weight *= isfinite(own) && isfinite(score_of(release, side, at)) ? own : 0;
    }
    return weight;
}

/* Methods that compare units have scores of another kind than those below them. */
static bool same_kind(const struct mq_release *release, int node)
{
    const struct mq_model *model = release->model;
    for (int at = model->node[node].parent; at >= 0; at = model->node[at].parent)
        if (model->node[at].combine.method >= 0 &&
            mq_combiners[model->node[at].combine.method]->table)
            return false;
    return true;
}

/* ---- the exact parts ---- */

struct exact {
    double part;   /* in units of the last decimal */
    int64_t whole; /* as printed */
    bool known;
};

struct split {
    const struct mq_release *release;
    const struct mq_side *side;
    const int *node;
    size_t count;
    double middle; /* mean of the two scores of the index */
    double scale;  /* 10^decimals */
    int64_t total; /* of the published numbers, in units of the last decimal */
    bool reweighed;
    struct exact *exact; /* [count + 1]: the last is the rest */
};

static void split_node(struct split *split, size_t i)
{
    struct exact *exact = &split->exact[i];
    double weight[2], score[2];
    for (int s = 0; s < 2; s++) {
        weight[s] = weight_of(split->release, &split->side[s], split->node[i]);
        score[s] = score_of(split->release, &split->side[s], split->node[i]);
        exact->known |= isfinite(score[s]);
    }
    if (!exact->known)
        return;
    split->reweighed |= fabs(weight[1] - weight[0]) > 1e-9;
    if (!isfinite(score[0])) /* without weight any score does, and this one gives no change */
        score[0] = score[1];
    if (!isfinite(score[1]))
        score[1] = score[0];
    exact->part =
        split->scale * ((weight[0] + weight[1]) / 2 * (score[1] - score[0]) +
                        (weight[1] - weight[0]) * ((score[0] + score[1]) / 2 - split->middle));
}

static bool weights_add_up(const struct split *split)
{
    for (int s = 0; s < 2; s++) {
        double sum = 0;
        for (size_t i = 0; i < split->count; i++)
            sum += weight_of(split->release, &split->side[s], split->node[i]);
        if (!(fabs(sum - 1) < 1e-9))
            return false;
    }
    return true;
}

/* A node that is withheld on a side, or has no part of its own. */
static enum mq_reason hidden(const struct split *split, int node)
{
    for (int s = 0; s < 2; s++)
        if (shown_of(split->release, &split->side[s], node).reason == MQ_WITHHELD)
            return MQ_WITHHELD;
    return same_kind(split->release, node) ? MQ_FINE : MQ_UNDEFINED;
}

/* What the known parts leave of the unrounded difference; true if it is more than noise. */
static bool find_rest(const struct split *split)
{
    struct exact *rest = &split->exact[split->count];
    double score[2];
    for (int s = 0; s < 2; s++)
        score[s] = score_of(split->release, &split->side[s], split->release->root);
    rest->part = split->scale * (score[1] - score[0]);
    for (size_t i = 0; i < split->count; i++)
        if (split->exact[i].known)
            rest->part -= split->exact[i].part;
    double noise = 1e-12 * split->scale * (fabs(score[0]) + fabs(score[1]));
    return fabs(rest->part) > fmax(noise, 1e-6);
}

/* ---- rounding ---- */

/* The part that is nearest to one more unit in the direction of `sign`; among equals the first.
 * Parts of nothing come last. */
static size_t next_part(const struct exact *exact, size_t count, int sign)
{
    size_t best = count;
    double most = 0;
    for (int nothing = 0; nothing < 2 && best == count; nothing++)
        for (size_t i = 0; i < count; i++) {
            double remainder = (exact[i].part - (double)exact[i].whole) * sign;
            if (!exact[i].known || (exact[i].part == 0) != nothing)
                continue;
            if (best == count || remainder > most + 1e-9) {
                best = i;
                most = remainder;
            }
        }
    return best;
}

/* Whole units that add up to `total`; false if there is no part to round. */
static bool round_parts(struct exact *exact, size_t count, int64_t total)
{
    int64_t left = total;
    for (size_t i = 0; i < count; i++)
        if (exact[i].known) {
            exact[i].whole = (int64_t)floor(exact[i].part + 1e-9);
            left -= exact[i].whole;
        }
    for (; left != 0; left -= left > 0 ? 1 : -1) {
        size_t next = next_part(exact, count, left > 0 ? 1 : -1);
        if (next == count)
            return false;
        exact[next].whole += left > 0 ? 1 : -1;
    }
    return true;
}

/* ---- texts ---- */

static bool put(const struct mq_release *release, struct mq_arena *arena, int64_t whole, bool sign,
                struct mq_sheet_cell *cell)
{
    char digits[48];
    mq_decimal_text(whole, release->model->decimals, digits);
    cell->text = mq_printed_text(arena, digits, sign);
    return mq_real_parse(digits, strlen(digits), &cell->value) == MQ_NUMBER_OK && cell->text;
}

/* Both published numbers in units of the last decimal; false if one is not shown or too large. */
static bool published(const struct mq_release *release, const struct mq_side side[2],
                      int64_t whole[2])
{
    char digits[352];
    int decimals = release->model->decimals;
    for (int s = 0; s < 2; s++) {
        if (side[s].unit == MQ_NO_UNIT || release->root < 0)
            return false;
        struct mq_shown shown = shown_of(release, &side[s], release->root);
        if (!isfinite(shown.value))
            return false;
        mq_round_text(shown.value, decimals, release->model->rounding, digits);
        if (mq_decimal_parse(digits, strlen(digits), decimals, &whole[s]) != MQ_NUMBER_OK ||
            whole[s] > INT64_C(1) << 50 || whole[s] < -(INT64_C(1) << 50))
            return false;
    }
    return true;
}

static void split_all(struct split *split)
{
    const struct mq_release *release = split->release;
    for (int s = 0; s < 2; s++)
        split->middle += score_of(release, &split->side[s], release->root) / 2;
    if (!weights_add_up(split))
        split->middle = 0;
    for (size_t i = 0; i < split->count; i++) {
        split_node(split, i);
        if (hidden(split, split->node[i]) != MQ_FINE)
            split->exact[i].known = false;
    }
}

static enum mq_reason reason_of(const struct split *split, int node)
{
    enum mq_reason reason = hidden(split, node);
    if (reason == MQ_FINE)
        reason = shown_of(split->release, &split->side[1], node).reason;
    return mq_reason_present(reason) ? MQ_NOT_REPORTED : reason;
}

static bool put_all(const struct split *split, const int64_t whole[2], struct mq_arena *arena,
                    struct mq_contributions *out)
{
    const struct mq_release *release = split->release;
    bool fine = put(release, arena, whole[0], false, &out->from) &&
                put(release, arena, whole[1], false, &out->to) &&
                put(release, arena, split->total, true, &out->total);
    for (size_t i = 0; i < split->count; i++) {
        const struct exact *exact = &split->exact[i];
        struct mq_contribution *part = &out->part[i];
        *part = (struct mq_contribution){split->node[i], {"", NAN}, -1};
        if (exact->known) {
            fine = put(release, arena, exact->whole, true, &part->cell) && fine;
            continue;
        }
        part->symbol = (int)reason_of(split, split->node[i]);
        part->cell.text = mq_symbol_mark(part->symbol);
    }
    const struct exact *rest = &split->exact[split->count];
    if (rest->known && rest->whole != 0)
        fine = put(release, arena, rest->whole, true, &out->rest) && fine;
    return fine;
}

enum mq_status mq_contributions_new(const struct mq_release *release, const struct mq_side side[2],
                                    const int *node, size_t count, struct mq_arena *arena,
                                    struct mq_contributions *contributions)
{
    int64_t whole[2];
    *contributions = (struct mq_contributions){
        .from = {"", NAN},
        .to = {"", NAN},
        .total = {"", NAN},
        .rest = {"", NAN},
        .rest_name = release->chinese ? "合成方式及其他" : "method and other",
    };
    if (!published(release, side, whole))
        return MQ_OK;
    struct split split = {.release = release,
                          .side = side,
                          .node = node,
                          .count = count,
                          .scale = pow(10, release->model->decimals),
                          .total = whole[1] - whole[0],
                          .exact = mq_arena_array(arena, count + 1, sizeof *split.exact)};
    contributions->part = mq_arena_array(arena, count, sizeof *contributions->part);
    if (!split.exact || !contributions->part)
        return MQ_INTERNAL;
    split_all(&split);
    split.exact[count].known = find_rest(&split);
    if (!round_parts(split.exact, count + 1, split.total)) {
        split.exact[count].known = true; /* all that there is */
        split.exact[count].whole = split.total;
    }
    contributions->known = true;
    contributions->reweighed = split.reweighed;
    contributions->count = count;
    return put_all(&split, whole, arena, contributions) ? MQ_OK : MQ_INTERNAL;
}
