/*
 * Scores of children -> score of the parent.
 *
 * Units are scored one by one and by many workers at once; only weights that come from the data,
 * and methods that compare units, look at all of a level and period together.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/tree.h"

/* ---- one unit ---- */

/* Share of the children that are there, against min_share, in whole numbers. */
static bool enough(const struct mq_node *node, size_t present, size_t children)
{
    __extension__ typedef unsigned __int128 wide;

    if (present == children)
        return true;
    if (node->missing_fail || present == 0)
        return false;
    return (wide)present * (wide)node->min_share.denominator >=
           (wide)children * (wide)node->min_share.numerator;
}

/* Coverage of all leaves below, missing ones too, by the weights they have when nothing is missing.
 */
static double coverage(const struct mq_parent *family, struct mq_parent_scratch *scratch,
                       size_t group, size_t unit)
{
    for (size_t i = 0; i < family->children; i++) {
        double child = family->scores->score[mq_child_at(family, unit, i)].coverage;
        if (isnan(child) || family->none[group] != MQ_FINE)
            return NAN;
        scratch->packed[i] = child;
    }
    return fmin(mq_dot(mq_full_weights(family, group), scratch->packed, family->children), 1);
}

/* Packs the present children with a weight; returns how many. */
static size_t pack(const struct mq_parent *family, struct mq_parent_scratch *scratch, size_t unit)
{
    double *scores = scratch->packed, *weights = scores + family->children;
    size_t count = 0;

    for (size_t i = 0; i < family->children; i++)
        if (scratch->now[i] && scratch->weight[i] > 0) {
            scores[count] = family->scores->score[mq_child_at(family, unit, i)].value;
            weights[count++] = scratch->weight[i];
        }
    return count;
}

/* What is special about a score made of these children. */
static enum mq_reason reason_of(bool scaled, bool imputed)
{
    return scaled && imputed ? MQ_IMPUTED_RENORMALISED
           : scaled          ? MQ_RENORMALISED
           : imputed         ? MQ_IMPUTED
                             : MQ_FINE;
}

/* Finds the children and weights of a unit; false: it has no score, and its reason is set. */
static bool open_unit(const struct mq_parent *family, struct mq_parent_scratch *scratch,
                      size_t group, size_t unit)
{
    struct mq_scores *scores = family->scores;
    struct mq_score *score = &scores->score[unit * scores->model->nodes + family->index];
    size_t present = 0;
    bool scaled = false, imputed = false;

    for (size_t i = 0; i < family->children; i++) {
        const struct mq_score *child = &scores->score[mq_child_at(family, unit, i)];
        enum mq_reason reason = (enum mq_reason)child->reason;
        scratch->now[i] = !isnan(child->value);
        present += scratch->now[i];
        if (!scratch->now[i])
            continue;
        scaled = scaled || reason == MQ_RENORMALISED || reason == MQ_IMPUTED_RENORMALISED;
        imputed = imputed || reason == MQ_IMPUTED || reason == MQ_IMPUTED_RENORMALISED;
    }
    score->coverage = coverage(family, scratch, group, unit);
    bool screened = scores->frame->screened && scores->frame->screened[unit];
    score->reason = screened ? MQ_SCREENED : MQ_MISSING_CHILDREN;
    if (screened || !enough(family->node, present, family->children))
        return false;
    score->reason = family->none[group];
    if (family->none[group] != MQ_FINE)
        return false;
    mq_unit_weights(family, scratch, group, unit);
    score->reason = (uint8_t)reason_of(scaled || present < family->children, imputed);
    for (size_t i = 0; i < family->children; i++)
        if (scratch->now[i] && scratch->weight[i] > 0)
            return true;
    score->reason = MQ_MISSING_CHILDREN; /* what is there weighs nothing */
    return false;
}

/* The score of a unit whose children and weights are at hand. */
static void close_unit(const struct mq_parent *family, size_t unit, double value,
                       const double *weight)
{
    struct mq_scores *scores = family->scores;
    struct mq_score *score = &scores->score[unit * scores->model->nodes + family->index];

    if (!isfinite(value)) {
        score->reason = MQ_UNDEFINED;
        return;
    }
    score->value = value == 0 ? 0 : value; /* no negative zero */
    for (size_t i = 0; i < family->children; i++)
        if (!isnan(scores->score[mq_child_at(family, unit, i)].value))
            scores->weight[mq_child_at(family, unit, i)] = weight[i];
}

void mq_combine_units(const struct mq_parent *family, int worker, size_t group, size_t begin,
                      size_t end)
{
    struct mq_parent_scratch *scratch = &family->scratch[worker];

    for (size_t i = begin; i < end; i++) {
        if (!open_unit(family, scratch, group, i))
            continue;
        size_t count = pack(family, scratch, i);
        double value = family->combiner->combine(
            scratch->packed, scratch->packed + family->children, count, &family->node->combine);
        close_unit(family, i, scratch->factor * value, scratch->weight);
    }
}

/* ---- methods that compare units ---- */

/* Arrays of a group. */
struct comparison {
    double *cells, *weight, *value, *factor;
    size_t *unit;
    const double **column;
};

static void comparison_clear(struct comparison *at)
{
    free(at->cells);
    free(at->weight);
    free(at->value);
    free(at->factor);
    free(at->unit);
    free((void *)at->column);
}

static bool comparison_init(struct comparison *at, size_t units, size_t children)
{
    at->cells = calloc(units * children + 1, sizeof *at->cells);
    at->weight = calloc(units * children + 1, sizeof *at->weight);
    at->value = calloc(units + 1, sizeof *at->value);
    at->factor = calloc(units + 1, sizeof *at->factor);
    at->unit = calloc(units + 1, sizeof *at->unit);
    at->column = calloc(children + 1, sizeof *at->column);
    return at->cells && at->weight && at->value && at->factor && at->unit && at->column;
}

/* Copies the units that have a score out of a group; returns how many. */
static size_t open_group(const struct mq_parent *family, const struct mq_groups *groups,
                         size_t group, const struct comparison *at)
{
    const struct mq_group *range = &groups->group[group];
    size_t units = range->end - range->begin, children = family->children, count = 0;
    struct mq_parent_scratch *scratch = family->scratch;

    for (size_t i = range->begin; i < range->end; i++) {
        if (!open_unit(family, scratch, group, i))
            continue;
        for (size_t c = 0; c < children; c++)
            at->cells[c * units + count] = family->scores->score[mq_child_at(family, i, c)].value;
        memcpy(at->weight + count * children, scratch->weight, children * sizeof *at->weight);
        at->factor[count] = scratch->factor;
        at->unit[count++] = i;
    }
    for (size_t c = 0; c < children; c++)
        at->column[c] = at->cells + c * units;
    return count;
}

static enum mq_status compare_units(const struct mq_parent *family, const struct mq_groups *groups,
                                    size_t group, struct mq_error *error)
{
    const struct mq_group *range = &groups->group[group];
    size_t children = family->children, count = 0;
    struct comparison at = {0};
    enum mq_status status =
        comparison_init(&at, range->end - range->begin, children) ? MQ_OK : mq_fail_memory(error);

    if (status == MQ_OK)
        count = open_group(family, groups, group, &at);
    if (status == MQ_OK && count)
        status = family->combiner->table(
            &(struct mq_combine_table){(const double *const *)at.column, at.weight, children, count,
                                       &family->node->combine},
            at.value, error);
    for (size_t k = 0; status == MQ_OK && k < count; k++)
        close_unit(family, at.unit[k], at.factor[k] * at.value[k], at.weight + k * children);
    comparison_clear(&at);
    return status;
}

/* ---- all units ---- */

static bool scratch_init(struct mq_parent_scratch *scratch, size_t children)
{
    scratch->now = calloc(children + 1, sizeof *scratch->now);
    scratch->weight = calloc(children + 1, sizeof *scratch->weight);
    scratch->packed = calloc(2 * children + 1, sizeof *scratch->packed);
    scratch->pattern = calloc(MQ_PATTERNS * children + 1, sizeof *scratch->pattern);
    scratch->weights = calloc(MQ_PATTERNS * children + 1, sizeof *scratch->weights);
    return scratch->now && scratch->weight && scratch->packed && scratch->pattern &&
           scratch->weights;
}

static bool family_alloc(struct mq_parent *family, size_t groups)
{
    size_t children = family->children;
    bool done;

    family->full = calloc(groups * children + 1, sizeof *family->full);
    family->none = calloc(groups + 1, sizeof *family->none);
    family->scratch = calloc((size_t)family->workers, sizeof *family->scratch);
    done = family->full && family->none && family->scratch;
    if (done && family->weigher->by_unit) {
        family->own = calloc(family->scores->frame->units * children + 1, sizeof *family->own);
        done = family->own;
    }
    for (int i = 0; i < family->workers && done; i++)
        done = scratch_init(&family->scratch[i], children);
    return done;
}

enum mq_status mq_parent_new(struct mq_scores *scores, int parent, const struct mq_groups *groups,
                             int workers, struct mq_parent **made, struct mq_error *error)
{
    const struct mq_node *node = &scores->model->node[parent];
    struct mq_parent *family;

    if (node->combine.method < 0 || node->children == 0)
        return mq_fail(error, MQ_BAD_MODEL, scores->model->path, node->at.line, node->at.column,
                       "%s has neither a formula nor children to combine", node->id);
    const struct mq_weigher *weigher =
        node->weigh.method >= 0 ? mq_weighers[node->weigh.method] : &mq_weigh_fixed;
    bool own_data = node->weigh_level == 0 && node->weigh_reference != MQ_REFERENCE_POOLED &&
                    node->weigh_reference != MQ_REFERENCE_PERIOD;
    if (weigher->by_unit && !own_data)
        return mq_fail(error, MQ_BAD_MODEL, scores->model->path, node->at.line, node->at.column,
                       "%s: %s gives every unit weights of its own, among the units of its level "
                       "and period; leave out level and reference",
                       node->id, weigher->method.name);
    family = *made = calloc(1, sizeof *family);
    if (!family)
        return mq_fail_memory(error);
    family->scores = scores;
    family->node = node;
    family->index = (size_t)parent;
    family->children = node->children;
    family->combiner = mq_combiners[node->combine.method];
    family->weigher = weigher;
    family->workers = workers;
    /* one row at least, for written weights */
    if (!family_alloc(family, groups->count ? groups->count : 1))
        return mq_fail_memory(error);
    if (!family->weigher->weigh)
        mq_written_weights(family, NULL, family->full);
    return MQ_OK;
}

void mq_parent_free(struct mq_parent *family)
{
    if (!family)
        return;
    for (int i = 0; family->scratch && i < family->workers; i++) {
        free(family->scratch[i].now);
        free(family->scratch[i].weight);
        free(family->scratch[i].packed);
        free(family->scratch[i].pattern);
        free(family->scratch[i].weights);
    }
    free(family->scratch);
    free(family->full);
    free(family->none);
    free(family->own);
    free(family);
}

bool mq_parent_looks(const struct mq_parent *family)
{
    return family->weigher->weigh || family->combiner->table;
}

enum mq_status mq_parent_look(struct mq_parent *family, const struct mq_groups *groups, bool *done,
                              struct mq_error *error)
{
    *done = family->combiner->table;
    for (size_t g = 0; g < groups->count; g++) {
        if (family->weigher->weigh)
            MQ_TRY(mq_weigh_group(family, groups, g, error));
        if (family->combiner->table)
            MQ_TRY(compare_units(family, groups, g, error));
    }
    return MQ_OK;
}
