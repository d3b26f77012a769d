/*
 * Scores if what is missing were the worst or the best.
 *
 * A missing leaf gets the least, or the greatest, score that any unit of the same period and level
 * has for it; both are combined up the tree with the weights that the run has when nothing is
 * missing. Imputed values count as missing. Methods that compare units have no bounds, nor have the
 * nodes above them. Where a combiner rewards balance, the lower bound may come from the best.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/tree.h"

enum end { WORST, BEST, ENDS };

struct bounding {
    const struct mq_scores *scores;
    struct mq_groups groups;
    struct mq_parent **family; /* [nodes], NULL for leaves */
    double *extreme;           /* [ENDS * nodes] of the leaves in the group at work */
    double *value;             /* [ENDS * nodes] of the unit at work */
    size_t *missing;           /* [nodes] leaves below, of the unit at work */
};

static void bounding_clear(struct bounding *b)
{
    for (size_t i = 0; b->family && i < b->scores->model->nodes; i++)
        mq_parent_free(b->family[i]);
    free((void *)b->family);
    free(b->extreme);
    free(b->value);
    free(b->missing);
}

static enum mq_status bounding_init(struct bounding *b, struct mq_scores *scores,
                                    struct mq_arena *arena, struct mq_error *error)
{
    size_t nodes = scores->model->nodes;

    b->scores = scores;
    b->family = calloc(nodes + 1, sizeof(struct mq_parent *));
    b->extreme = calloc(ENDS * nodes + 1, sizeof *b->extreme);
    b->value = calloc(ENDS * nodes + 1, sizeof *b->value);
    b->missing = calloc(nodes + 1, sizeof *b->missing);
    if (!b->family || !b->extreme || !b->value || !b->missing)
        return mq_fail_memory(error);
    MQ_TRY(mq_find_groups(scores->frame, arena, &b->groups, error));
    for (size_t i = 0; i < nodes; i++) {
        if (scores->model->node[i].leaf)
            continue;
        MQ_TRY(mq_parent_new(scores, (int)i, &b->groups, 1, &b->family[i], error));
    }
    return MQ_OK;
}

/* Weights from the data are worked out again, from the same scores. */
static enum mq_status weigh(const struct bounding *b, size_t group, struct mq_error *error)
{
    for (size_t i = 0; i < b->scores->model->nodes; i++)
        if (b->family[i] && b->family[i]->weigher->weigh)
            MQ_TRY(mq_weigh_group(b->family[i], &b->groups, group, error));
    return MQ_OK;
}

static bool is_missing(const struct bounding *b, size_t unit, size_t leaf)
{
    size_t at = unit * b->scores->model->nodes + leaf;

    return isnan(b->scores->frame->value[at]) || isnan(b->scores->score[at].value);
}

static bool any_missing(const struct bounding *b, size_t unit)
{
    bool any = false;

    if (b->scores->frame->screened && b->scores->frame->screened[unit])
        return false;
    for (size_t k = 0; k < b->scores->model->nodes && !any; k++)
        any = b->scores->model->node[k].leaf && is_missing(b, unit, k);
    return any;
}

static void find_extremes(const struct bounding *b, size_t group)
{
    size_t nodes = b->scores->model->nodes;

    for (size_t k = 0; k < nodes; k++) {
        double *worst = &b->extreme[WORST * nodes + k], *best = &b->extreme[BEST * nodes + k];
        *worst = *best = NAN;
        for (size_t i = b->groups.group[group].begin; i < b->groups.group[group].end; i++) {
            double value = b->scores->score[i * nodes + k].value;
            *worst = fmin(*worst, value); /* a number wins over NaN */
            *best = fmax(*best, value);
        }
    }
}

static double combine(const struct mq_parent *family, size_t group, size_t unit,
                      const double *values)
{
    struct mq_parent_scratch *scratch = family->scratch;
    double *packed = scratch->packed, *weights = packed + family->children;
    size_t count = 0;

    if (!family->combiner->combine || family->none[group] != MQ_FINE)
        return NAN;
    memset(scratch->now, true, family->children * sizeof *scratch->now);
    mq_unit_weights(family, scratch, group, unit);
    for (size_t i = 0; i < family->children; i++) {
        double value = values[family->node->child[i]];
        if (!(scratch->weight[i] > 0))
            continue;
        if (isnan(value))
            return NAN;
        packed[count] = value;
        weights[count++] = scratch->weight[i];
    }
    double value = count ? scratch->factor * family->combiner->combine(packed, weights, count,
                                                                       &family->node->combine)
                         : NAN;
    return isfinite(value) ? value + 0 : NAN;
}

static void bound_leaf(const struct bounding *b, size_t unit, size_t leaf)
{
    size_t nodes = b->scores->model->nodes, at = unit * nodes + leaf;
    double value = b->scores->score[at].value;

    b->missing[leaf] = is_missing(b, unit, leaf);
    for (size_t end = WORST; end < ENDS; end++)
        b->value[end * nodes + leaf] = b->missing[leaf] ? b->extreme[end * nodes + leaf] : value;
}

static void bound_parent(const struct bounding *b, size_t group, size_t unit, size_t parent)
{
    const struct mq_node *node = &b->scores->model->node[parent];
    size_t nodes = b->scores->model->nodes;

    b->missing[parent] = 0;
    for (size_t i = 0; i < node->children; i++)
        b->missing[parent] += b->missing[node->child[i]];
    for (size_t end = WORST; end < ENDS && b->missing[parent]; end++)
        b->value[end * nodes + parent] =
            combine(b->family[parent], group, unit, b->value + end * nodes);
    if (!b->missing[parent])
        b->value[parent] = b->value[nodes + parent] = b->scores->score[unit * nodes + parent].value;
}

static void add_cell(struct mq_buffer *csv, double value)
{
    mq_buffer_text(csv, ",");
    if (!isnan(value))
        mq_buffer_real(csv, value);
}

static void add_row(struct mq_buffer *csv, const struct bounding *b, size_t unit, size_t node)
{
    const struct mq_frame *frame = b->scores->frame;
    const struct mq_unit *where = &frame->unit[unit];
    const char *const cells[] = {frame->period[where->period], frame->model->level[where->level].id,
                                 where->code, where->name, frame->model->node[node].id};
    double worst = b->value[node], best = b->value[frame->model->nodes + node];

    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        mq_buffer_text(csv, i ? "," : "");
        mq_buffer_csv(csv, cells[i], strlen(cells[i]));
    }
    add_cell(csv, b->scores->score[unit * frame->model->nodes + node].value);
    add_cell(csv, isnan(worst) || isnan(best) ? NAN : fmin(worst, best));
    add_cell(csv, isnan(worst) || isnan(best) ? NAN : fmax(worst, best));
    mq_buffer_format(csv, ",%zu\n", b->missing[node]);
}

static void bound_unit(const struct bounding *b, size_t group, size_t unit, struct mq_buffer *csv)
{
    const struct mq_model *model = b->scores->model;

    for (size_t k = model->nodes; k-- > 0;) { /* children before parents */
        size_t node = (size_t)model->order[k];
        if (model->node[node].leaf)
            bound_leaf(b, unit, node);
        else
            bound_parent(b, group, unit, node);
    }
    for (size_t k = 0; k < model->nodes; k++)
        if (b->missing[model->order[k]])
            add_row(csv, b, unit, (size_t)model->order[k]);
}

static enum mq_status bound_group(const struct bounding *b, size_t group, struct mq_buffer *csv,
                                  struct mq_error *error)
{
    bool ready = false;

    for (size_t i = b->groups.group[group].begin; i < b->groups.group[group].end; i++) {
        if (!any_missing(b, i))
            continue;
        if (!ready) {
            MQ_TRY(weigh(b, group, error));
            find_extremes(b, group);
            ready = true;
        }
        bound_unit(b, group, i, csv);
    }
    return MQ_OK;
}

enum mq_status mq_bounds_write(struct mq_scores *scores, struct mq_buffer *csv,
                               struct mq_error *error)
{
    struct bounding b = {.scores = scores};
    struct mq_arena arena = {0};
    enum mq_status status = bounding_init(&b, scores, &arena, error);

    if (status == MQ_OK) {
        mq_buffer_text(csv, "period,level,unit,name,node,value,low,high,missing\n");
        for (size_t g = 0; g < b.groups.count && status == MQ_OK; g++)
            status = bound_group(&b, g, csv, error);
        if (status == MQ_OK && csv->failed)
            status = mq_fail_memory(error);
    }
    bounding_clear(&b);
    mq_arena_clear(&arena);
    return status;
}
