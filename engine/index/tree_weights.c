/*
 * Weights of the children of a parent.
 *
 * They are fractions as long as they are the written ones: also when children are missing and the
 * rest is scaled up, a weight is the double nearest to the exact fraction.
 */
#include <stdlib.h>
#include <string.h>

#include "index/tree.h"

void mq_written_weights(const struct mq_parent *family, const bool *pattern, double *weights)
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

/* Weights that a method worked out, of the children of a pattern, scaled to sum 1; returns what
 * they summed to. */
static double scale(const double *full, const bool *pattern, size_t children, double *weights)
{
    struct mq_exact sum = {0};
    double total;

    for (size_t i = 0; i < children; i++)
        if (pattern[i])
            mq_exact_add(&sum, full[i]);
    total = mq_exact_value(&sum);
    for (size_t i = 0; i < children; i++)
        weights[i] = pattern[i] && total > 0 ? full[i] / total : 0;
    return total;
}

static size_t slot_of(const bool *pattern, size_t children)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < children; i++)
        bits = bits * 2 + bits / ((uint64_t)1 << 63) + pattern[i];
    return (size_t)(bits * UINT64_C(0x9e3779b97f4a7c15) >> 40) % MQ_PATTERNS;
}

void mq_unit_weights(const struct mq_parent *family, struct mq_parent_scratch *scratch,
                     size_t group, size_t unit)
{
    size_t children = family->children, slot;
    double *weights;

    scratch->factor = 1;
    if (family->weigher->by_unit) {
        scratch->factor =
            scale(&family->own[unit * children], scratch->now, children, scratch->weight);
        return;
    }
    if (family->weigher->weigh && scratch->group != group)
        memset(scratch->known, 0, sizeof scratch->known);
    scratch->group = group;
    slot = slot_of(scratch->now, children);
    weights = &scratch->weights[slot * children];
    if (!scratch->known[slot] ||
        memcmp(&scratch->pattern[slot * children], scratch->now, children) != 0) {
        scratch->known[slot] = true;
        memcpy(&scratch->pattern[slot * children], scratch->now, children);
        if (family->weigher->weigh)
            scale(mq_full_weights(family, group), scratch->now, children, weights);
        else
            mq_written_weights(family, scratch->now, weights);
    }
    memcpy(scratch->weight, weights, children * sizeof *weights);
}

/* ---- weights from the data ---- */

/* Do the units of `other` have a part in the weights of `group`? */
static bool takes_part(const struct mq_parent *family, const struct mq_group *group,
                       const struct mq_group *other)
{
    const struct mq_node *node = family->node;
    const struct mq_frame *frame = family->scores->frame;
    uint32_t level = node->weigh_level ? (uint32_t)node->weigh_level - 1 : group->level;

    if (other->level != level)
        return false;
    if (node->weigh_reference == MQ_REFERENCE_POOLED)
        return true;
    if (node->weigh_reference == MQ_REFERENCE_PERIOD)
        return strcmp(frame->period[other->period], node->weigh_period) == 0;
    return other->period == group->period;
}

static size_t count_units(const struct mq_parent *family, const struct mq_groups *groups,
                          const struct mq_group *group)
{
    size_t count = 0;

    for (size_t g = 0; g < groups->count; g++)
        if (takes_part(family, group, &groups->group[g]))
            count += groups->group[g].end - groups->group[g].begin;
    return count;
}

/* The scores of the children, a column each. */
static double *copy_columns(const struct mq_parent *family, const struct mq_groups *groups,
                            const struct mq_group *group, size_t units, const double **columns)
{
    double *cells = calloc(units * family->children + 1, sizeof *cells);
    size_t at = 0;

    for (size_t i = 0; cells && i < family->children; i++)
        columns[i] = &cells[i * units];
    for (size_t g = 0; cells && g < groups->count; g++) {
        const struct mq_group *other = &groups->group[g];
        if (!takes_part(family, group, other))
            continue;
        for (size_t i = 0; i < family->children; i++)
            for (size_t k = other->begin; k < other->end; k++)
                cells[i * units + at + k - other->begin] =
                    family->scores->score[mq_child_at(family, k, i)].value;
        at += other->end - other->begin;
    }
    return cells;
}

enum mq_status mq_weigh_group(struct mq_parent *family, const struct mq_groups *groups,
                              size_t group, struct mq_error *error)
{
    const struct mq_group *range = &groups->group[group];
    size_t units = count_units(family, groups, range);
    const double **columns = calloc(family->children + 1, sizeof *columns);
    double *written = calloc(family->children + 1, sizeof *written);
    double *cells = columns && written ? copy_columns(family, groups, range, units, columns) : NULL;
    enum mq_status status = MQ_INTERNAL;

    if (!cells) {
        mq_fail_memory(error);
    } else {
        struct mq_weigh_table table = {(const double *const *)columns, family->children, units,
                                       written, &family->node->weigh};
        double *full = &family->full[group * family->children];
        enum mq_reason reason = MQ_FINE;
        mq_written_weights(family, NULL, written);
        status = family->weigher->weigh(
            &table, family->own ? &family->own[range->begin * family->children] : full, &reason,
            error);
        if (family->own)
            memcpy(full, written, family->children * sizeof *written);
        family->none[group] = (uint8_t)reason;
    }
    free(cells);
    free(written);
    free((void *)columns);
    return status;
}
