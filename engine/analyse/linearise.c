/* One node over the units of a level: how it moves with the sums of its leaves, and from that its
 * standard error. */
#include <stdlib.h>
#include <string.h>

#include "analyse/estimates.h"

struct task {
    const struct mq_estimating *e;
    size_t level, node, base; /* base: the level whose sums it rests on */
    size_t columns;
    size_t *column, *slot;     /* [slots] */
    double *gradient;          /* [units * columns] */
    double *one;               /* [columns] */
    uint32_t *domain, *target; /* [units] */
    double *share, *total;     /* [units] */
    bool *none;                /* [units] no estimate */
    double *variance;          /* [units] */
    struct mq_form form;       /* no unit_of: nothing to be estimated */
};

/* ---- which leaves, which level ---- */

static bool lies_under(const struct mq_model *model, size_t leaf, size_t node)
{
    int at = (int)leaf;

    while (at >= 0 && (size_t)at != node)
        at = model->node[at].parent;
    return at >= 0 && model->node[leaf].leaf;
}

/* The level whose sums a leaf's values at `level` rest on. */
static size_t base_of(const struct mq_model *model, size_t level, size_t leaf)
{
    while (!model->node[leaf].pooled && model->level[level].rollup.of >= 0)
        level = (size_t)model->level[level].rollup.of;
    return level;
}

/* false: the leaves rest on different levels. */
static bool find_columns(struct task *t)
{
    const struct mq_model *model = t->e->model;
    bool any = false;

    for (size_t s = 0; s < model->slots; s++)
        t->column[s] = SIZE_MAX;
    for (size_t leaf = 0; leaf < model->nodes; leaf++) {
        if (!lies_under(model, leaf, t->node))
            continue;
        size_t base = base_of(model, t->level, leaf);
        if (any && base != t->base)
            return false;
        t->base = base;
        any = true;
        const struct mq_steps *steps = &model->node[leaf].formula.value;
        for (size_t i = 0; i < steps->count; i++) {
            size_t slot = (size_t)steps->step[i].slot;
            if (steps->step[i].kind != MQ_STEP_SLOT || t->column[slot] != SIZE_MAX)
                continue;
            t->column[slot] = t->columns;
            t->slot[t->columns++] = slot;
        }
    }
    return true;
}

/* ---- rolled-up levels ---- */

/* One level up: finer units into those of `level`, by their weights there. */
static void roll_up(struct task *t, size_t level, size_t leaf)
{
    const struct mq_estimating *e = t->e;
    const struct mq_part *part = e->frame->part[level];
    uint32_t fine = (uint32_t)e->model->level[level].rollup.of;

    for (size_t u = 0; u < e->frame->units; u++)
        t->total[u] = 0;
    for (size_t u = 0; u < e->frame->units; u++)
        if (e->frame->unit[u].level == fine && part[u].of != MQ_NO_CODE &&
            !isnan(e->frame->value[mq_estimate_at(e, u, leaf)]))
            t->total[part[u].of] += part[u].weight;
    for (size_t u = 0; u < e->frame->units; u++) {
        uint32_t at = t->target[u];
        if (at == MQ_NO_CODE)
            continue;
        bool counts = part[at].of != MQ_NO_CODE && part[at].weight > 0 &&
                      !isnan(e->frame->value[mq_estimate_at(e, at, leaf)]);
        t->target[u] = counts ? part[at].of : MQ_NO_CODE;
        t->share[u] *= counts ? part[at].weight / t->total[part[at].of] : 0;
    }
}

/* Which unit of the level each unit of the base level counts for, and how much. */
static void find_targets(struct task *t, size_t leaf)
{
    const struct mq_estimating *e = t->e;

    for (size_t u = 0; u < e->frame->units; u++) {
        t->target[u] = e->frame->unit[u].level == t->base ? (uint32_t)u : MQ_NO_CODE;
        t->share[u] = 1;
    }
    for (size_t below = t->base; below != t->level;) {
        size_t above = t->level; /* the one that is rolled up from `below` on the way */
        while ((size_t)e->model->level[above].rollup.of != below)
            above = (size_t)e->model->level[above].rollup.of;
        roll_up(t, above, leaf);
        below = above;
    }
}

/* ---- gradients ---- */

/* Of the node by the leaf's value in a unit; 0 wins over what cannot be told. */
static double factor_of(const struct task *t, size_t unit, size_t leaf)
{
    const struct mq_estimating *e = t->e;
    double factor = 1;

    if (leaf == t->node) /* the value itself */
        return 1;
    double slope = e->slope[mq_estimate_at(e, unit, leaf)];
    bool zero = !(slope < 0) && !(slope > 0) && !isnan(slope);
    factor = slope;
    for (size_t at = leaf; at != t->node; at = (size_t)e->model->node[at].parent) {
        double partial = e->partial[mq_estimate_at(e, unit, at)];
        zero |= !(partial < 0) && !(partial > 0) && !isnan(partial);
        factor *= partial;
    }
    return zero ? 0 : factor;
}

static bool has_value(const struct task *t, size_t unit)
{
    size_t at = mq_estimate_at(t->e, unit, t->node);

    return !isnan(t->e->model->node[t->node].leaf ? t->e->frame->value[at]
                                                  : t->e->scores->score[at].value);
}

/* Units of the level for which the leaf says nothing that can be used. */
static void find_unknown(struct task *t, size_t leaf)
{
    const struct mq_estimating *e = t->e;

    for (size_t u = 0; u < e->frame->units; u++) {
        if (e->frame->unit[u].level != t->level)
            continue;
        double factor = factor_of(t, u, leaf);
        bool matters = isnan(factor) || factor < 0 || factor > 0;
        t->none[u] |= matters && (isnan(factor) || e->unknown[mq_estimate_at(e, u, leaf)] ||
                                  e->model->node[leaf].formula.value.count == 0);
    }
}

static enum mq_status add_leaf(struct task *t, size_t leaf, struct mq_error *error)
{
    const struct mq_estimating *e = t->e;
    const struct mq_steps *steps = &e->model->node[leaf].formula.value;

    find_unknown(t, leaf);
    find_targets(t, leaf);
    for (size_t u = 0; u < e->frame->units; u++) {
        uint32_t to = t->target[u];
        double value, factor;
        if (to == MQ_NO_CODE || t->none[to] || !has_value(t, to) || steps->count == 0 ||
            isnan(e->frame->value[mq_estimate_at(e, u, leaf)]))
            continue;
        factor = factor_of(t, to, leaf) * t->share[u];
        if (!mq_steps_gradient(steps, e->sums->value + u * e->model->slots, t->column, t->columns,
                               &value, t->one))
            return mq_fail_memory(error);
        t->domain[u] = to;
        for (size_t c = 0; c < t->columns; c++) {
            double moved = factor * t->one[c];
            t->gradient[u * t->columns + c] += moved;
            t->none[to] |= !isfinite(moved);
        }
    }
    return MQ_OK;
}

/* ---- the node ---- */

static bool open_task(struct task *t)
{
    size_t units = t->e->frame->units + 1, slots = t->e->model->slots + 1;

    t->column = calloc(slots, sizeof *t->column);
    t->slot = calloc(slots, sizeof *t->slot);
    t->one = calloc(slots, sizeof *t->one);
    t->domain = calloc(units, sizeof *t->domain);
    t->target = calloc(units, sizeof *t->target);
    t->share = calloc(units, sizeof *t->share);
    t->total = calloc(units, sizeof *t->total);
    t->none = calloc(units, sizeof *t->none);
    t->variance = calloc(units, sizeof *t->variance);
    return t->column && t->slot && t->one && t->domain && t->target && t->share && t->total &&
           t->none && t->variance;
}

static void close_task(struct task *t)
{
    free(t->column);
    free(t->slot);
    free(t->gradient);
    free(t->one);
    free(t->domain);
    free(t->target);
    free(t->share);
    free(t->total);
    free(t->none);
    free(t->variance);
}

static enum mq_status write_estimates(const struct task *t, struct mq_error *error)
{
    const struct mq_estimating *e = t->e;
    bool leaf = e->model->node[t->node].leaf;

    for (size_t u = 0; u < e->frame->units; u++) {
        size_t at = mq_estimate_at(e, u, t->node);
        if (e->frame->unit[u].level != t->level || t->none[u] || !has_value(t, u) ||
            !isfinite(t->variance[u]))
            continue;
        struct mq_estimate *into = leaf ? &e->frame->estimate[at] : &e->scores->estimate[at];
        double value = leaf ? e->frame->value[at] : e->scores->score[at].value;
        into->se = sqrt(t->variance[u]);
        if (leaf && e->proportion[t->node] && t->base == t->level) {
            if (!mq_proportion_bounds(e, u, t->node, into))
                return mq_fail_memory(error);
            continue;
        }
        struct mq_bounds bounds = mq_estimate_wald(e, u, value, into->se);
        into->low = bounds.low;
        into->high = bounds.high;
    }
    return MQ_OK;
}

/* Fills the form of a task. */
static enum mq_status prepare(struct task *t, struct mq_error *error)
{
    const struct mq_estimating *e = t->e;
    size_t units = e->frame->units;

    if (!find_columns(t))
        return MQ_OK;
    t->gradient = calloc(units + 1, (t->columns + 1) * sizeof *t->gradient);
    if (!t->gradient)
        return mq_fail_memory(error);
    for (size_t u = 0; u < units; u++)
        t->domain[u] = MQ_NO_CODE;
    for (size_t leaf = 0; leaf < e->model->nodes; leaf++)
        if (lies_under(e->model, leaf, t->node))
            MQ_TRY(add_leaf(t, leaf, error));
    for (size_t u = 0; u < units; u++) /* what is not finite must not be added up */
        if (t->domain[u] != MQ_NO_CODE && t->none[t->domain[u]])
            t->domain[u] = MQ_NO_CODE;
    t->form = (struct mq_form){.unit_of = e->sums->unit_of + t->base * e->sums->cells,
                               .columns = t->columns,
                               .slot = t->slot,
                               .gradient = t->gradient,
                               .domain = t->domain,
                               .domains = units,
                               .units = units};
    return MQ_OK;
}

static enum mq_status estimate(struct task *task, size_t tasks, struct mq_error *error)
{
    const struct mq_form *form[MQ_ESTIMATED_AT_ONCE];
    double *variance[MQ_ESTIMATED_AT_ONCE];
    size_t forms = 0;

    for (size_t i = 0; i < tasks; i++) {
        if (!open_task(&task[i]))
            return mq_fail_memory(error);
        MQ_TRY(prepare(&task[i], error));
        if (!task[i].form.unit_of)
            continue;
        form[forms] = &task[i].form;
        variance[forms++] = task[i].variance;
    }
    if (!forms)
        return MQ_OK;
    MQ_TRY(mq_sample_variances(task->e->sums->sample, form, forms, variance, error));
    for (size_t i = 0; i < tasks; i++)
        if (task[i].form.unit_of)
            MQ_TRY(write_estimates(&task[i], error));
    return MQ_OK;
}

enum mq_status mq_estimate_nodes(const struct mq_estimating *e, bool leaves, size_t first,
                                 struct mq_error *error)
{
    const struct mq_model *model = e->model;
    struct task task[MQ_ESTIMATED_AT_ONCE];
    size_t tasks = 0;

    for (size_t at = first; at < first + MQ_ESTIMATED_AT_ONCE && at < model->levels * model->nodes;
         at++)
        if (model->node[at % model->nodes].leaf == leaves)
            task[tasks++] = (struct task){.e = e,
                                          .level = at / model->nodes,
                                          .node = at % model->nodes,
                                          .base = at / model->nodes};
    enum mq_status status = estimate(task, tasks, error);
    for (size_t i = 0; i < tasks; i++)
        close_task(&task[i]);
    return status;
}
