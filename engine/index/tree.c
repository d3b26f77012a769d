/*
 * Scores of children -> score of the parent.
 *
 * Weights are fractions as long as they are the written ones: also when children are missing and
 * the rest is scaled up, a weight is the double nearest to the exact fraction.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

/* One parent on its way; arrays have `children` entries. */
struct family {
    struct mq_scores *scores;
    const struct mq_node *node;
    size_t index, children;
    const struct mq_combiner *combiner;
    const struct mq_weigher *weigher;
    enum mq_reason weigh_reason;        /* of the group at work */
    double *full;                       /* weights when nothing is missing */
    double *weight;                     /* weights of the pattern below, 0 where absent */
    bool *present;                      /* the pattern `weight` was worked out for */
    bool *now;                          /* the pattern of the unit at work */
    double *some_scores, *some_weights; /* of the present children, packed */
    bool known;                         /* `weight` is valid */
};

static size_t child_at(const struct family *family, size_t unit, size_t child)
{
    return unit * family->scores->model->nodes + (size_t)family->node->child[child];
}

/* ---- weights ---- */

/* Written weights of the children of a pattern (all if NULL), scaled to sum 1; all 0 if the sum is
 * 0. */
static void written_weights(const struct family *family, const bool *pattern, double *weights)
{
    const struct mq_model *model = family->scores->model;
    mpq_t sum, weight;

    mpq_init(sum);
    mpq_init(weight);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < family->children; i++) {
            const struct mq_fraction *written = &model->node[family->node->child[i]].weight;
            if (pass)
                weights[i] = 0;
            if (pattern && !pattern[i])
                continue;
            mpq_set_si(weight, written->numerator, (unsigned long)written->denominator);
            mpq_canonicalize(weight);
            if (!pass) {
                mpq_add(sum, sum, weight);
            } else if (mpq_sgn(sum) > 0) {
                mpq_div(weight, weight, sum);
                weights[i] = mq_nearest(weight);
            }
        }
    mpq_clear(sum);
    mpq_clear(weight);
}

/* The same for weights that a method worked out. */
static void scaled_weights(const struct family *family, const bool *pattern, double *weights)
{
    struct mq_exact sum = {0};
    double total;

    for (size_t i = 0; i < family->children; i++)
        if (pattern[i])
            mq_exact_add(&sum, family->full[i]);
    total = mq_exact_value(&sum);
    for (size_t i = 0; i < family->children; i++)
        weights[i] = pattern[i] && total > 0 ? family->full[i] / total : 0;
}

static void weigh_pattern(struct family *family)
{
    bool same = family->known &&
                memcmp(family->present, family->now, family->children * sizeof *family->now) == 0;

    if (same)
        return;
    memcpy(family->present, family->now, family->children * sizeof *family->now);
    family->known = true;
    if (family->weigher->weigh)
        scaled_weights(family, family->now, family->weight);
    else
        written_weights(family, family->now, family->weight);
}

/* Weights worked out from the scores of one level and period. */
static enum mq_status weigh_group(struct family *family, const struct mq_group *group,
                                  struct mq_error *error)
{
    size_t units = group->end - group->begin;
    double *cells = calloc(units * family->children, sizeof *cells);
    const double **columns = calloc(family->children, sizeof *columns);

    if (cells && columns) {
        for (size_t i = 0; i < family->children; i++) {
            columns[i] = &cells[i * units];
            for (size_t k = 0; k < units; k++)
                cells[i * units + k] =
                    family->scores->score[child_at(family, group->begin + k, i)].value;
        }
        family->weigh_reason =
            family->weigher->weigh((const double *const *)columns, family->children, units,
                                   family->node->weigh.param, family->full);
        family->known = false;
    }
    free(cells);
    free(columns);
    return cells && columns ? MQ_OK : mq_fail_memory(error);
}

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
static double coverage(const struct family *family, size_t unit)
{
    struct mq_exact sum = {0};

    for (size_t i = 0; i < family->children; i++) {
        double child = family->scores->score[child_at(family, unit, i)].coverage;
        if (isnan(child) || family->weigh_reason != MQ_FINE)
            return NAN;
        mq_exact_product(&sum, family->full[i], child);
    }
    return fmin(mq_exact_value(&sum), 1);
}

/* Packs the present children with a weight; returns how many. */
static size_t pack(struct family *family, size_t unit)
{
    size_t count = 0;

    for (size_t i = 0; i < family->children; i++)
        if (family->now[i] && family->weight[i] > 0) {
            family->some_scores[count] = family->scores->score[child_at(family, unit, i)].value;
            family->some_weights[count++] = family->weight[i];
        }
    return count;
}

static void combine_unit(struct family *family, size_t unit)
{
    struct mq_scores *scores = family->scores;
    struct mq_score *score = &scores->score[unit * scores->model->nodes + family->index];
    size_t present = 0, packed;
    bool scaled = false;

    for (size_t i = 0; i < family->children; i++) {
        const struct mq_score *child = &scores->score[child_at(family, unit, i)];
        family->now[i] = !isnan(child->value);
        present += family->now[i];
        scaled = scaled || (family->now[i] && child->reason == MQ_RENORMALISED);
    }
    score->coverage = coverage(family, unit);
    score->reason = MQ_MISSING_CHILDREN;
    if (!enough(family->node, present, family->children))
        return;
    score->reason = (uint8_t)family->weigh_reason;
    if (family->weigh_reason != MQ_FINE)
        return;
    weigh_pattern(family);
    packed = pack(family, unit);
    score->reason = MQ_MISSING_CHILDREN; /* what is there weighs nothing */
    if (!packed)
        return;
    score->value = family->combiner->combine(family->some_scores, family->some_weights, packed,
                                             family->node->combine.param);
    score->reason = scaled || present < family->children ? MQ_RENORMALISED : MQ_FINE;
    if (!isfinite(score->value)) {
        score->value = NAN;
        score->reason = MQ_UNDEFINED;
        return;
    }
    if (score->value == 0)
        score->value = 0; /* no negative zero */
    for (size_t i = 0; i < family->children; i++)
        if (family->now[i])
            scores->weight[child_at(family, unit, i)] = family->weight[i];
}

/* ---- all units ---- */

static bool family_init(struct family *family)
{
    size_t n = family->children + 1;

    family->full = calloc(n, sizeof *family->full);
    family->weight = calloc(n, sizeof *family->weight);
    family->present = calloc(n, sizeof *family->present);
    family->now = calloc(n, sizeof *family->now);
    family->some_scores = calloc(n, sizeof *family->some_scores);
    family->some_weights = calloc(n, sizeof *family->some_weights);
    return family->full && family->weight && family->present && family->now &&
           family->some_scores && family->some_weights;
}

static void family_clear(struct family *family)
{
    free(family->full);
    free(family->weight);
    free(family->present);
    free(family->now);
    free(family->some_scores);
    free(family->some_weights);
}

enum mq_status mq_combine(struct mq_scores *scores, int parent, const struct mq_groups *groups,
                          struct mq_error *error)
{
    const struct mq_node *node = &scores->model->node[parent];
    struct family family = {.scores = scores,
                            .node = node,
                            .index = (size_t)parent,
                            .children = node->children,
                            .weigher = &mq_weigh_fixed};
    enum mq_status status;

    if (node->combine.method < 0 || node->children == 0)
        return mq_fail(error, MQ_BAD_MODEL, scores->model->path, node->at.line, node->at.column,
                       "%s has neither a formula nor children to combine", node->id);
    family.combiner = mq_combiners[node->combine.method];
    if (node->weigh.method >= 0)
        family.weigher = mq_weighers[node->weigh.method];
    status = family_init(&family) ? MQ_OK : mq_fail_memory(error);
    if (status == MQ_OK && !family.weigher->weigh)
        written_weights(&family, NULL, family.full);
    for (size_t g = 0; g < groups->count && status == MQ_OK; g++) {
        if (family.weigher->weigh)
            status = weigh_group(&family, &groups->group[g], error);
        for (size_t i = groups->group[g].begin; i < groups->group[g].end && status == MQ_OK; i++)
            combine_unit(&family, i);
    }
    family_clear(&family);
    return status;
}
