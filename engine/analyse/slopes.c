/* How scores move with values, and parents with children. */
#include <stdlib.h>

#include "analyse/estimates.h"

/* ---- normalisers ---- */

static double apply(const struct mq_estimating *e, size_t unit, size_t node, double value)
{
    const struct mq_node *of = &e->model->node[node];
    const struct mq_ordered nobody = {NULL, 0};

    return mq_normalisers[of->normalise.method]->apply(
        value, of, e->scores->fitted[mq_estimate_at(e, unit, node)], &nobody);
}

struct sides {
    double left, right;
};
static struct sides look(const struct mq_estimating *e, size_t unit, size_t node, double step)
{
    double value = e->frame->value[mq_estimate_at(e, unit, node)];
    double here = apply(e, unit, node, value);

    return (struct sides){(here - apply(e, unit, node, value - step)) / step,
                          (apply(e, unit, node, value + step) - here) / step};
}

static bool near(double a, double b, double slack)
{
    return fabs(a - b) <= fmax(fabs(a), fabs(b)) * slack;
}

/* A straight line shows in equal slopes far and near, and then the far ones are right to the last
 * digits. Else those nearby count; where its two sides differ there is a corner, and the steeper
 * one is taken. */
static double slope_of(const struct mq_estimating *e, size_t unit, size_t node)
{
    size_t at = mq_estimate_at(e, unit, node);
    double value = e->frame->value[at], se = e->frame->estimate[at].se;

    if (isnan(e->scores->score[at].value))
        return 0;
    if (isnan(value) || e->frame->used[at] < value || e->frame->used[at] > value ||
        mq_normalisers[e->model->node[node].normalise.method]->ranks || !e->scores->fitted[at])
        return NAN;
    se = isfinite(se) ? se : 0;
    double step = fmax(ldexp(se, -10), ldexp(fabs(value), -20));
    step = step > 0 ? step : ldexp(1, -20);
    struct sides far = look(e, unit, node, fmax(fmax(se, fabs(value) / 4), step));
    struct sides by = look(e, unit, node, step);
    const double alike = ldexp(1, -26);
    if (near(far.left, far.right, alike) && near(by.left, by.right, alike) &&
        near(far.left, by.left, alike))
        return far.left / 2 + far.right / 2;
    if (near(by.left, by.right, ldexp(1, -6)))
        return by.left / 2 + by.right / 2;
    return fabs(by.left) > fabs(by.right) ? by.left : by.right;
}

static void score_leaf(const struct mq_estimating *e, size_t unit, size_t node)
{
    size_t at = mq_estimate_at(e, unit, node);
    const struct mq_estimate *raw = &e->frame->estimate[at];
    struct mq_estimate *score = &e->scores->estimate[at];

    e->slope[at] = slope_of(e, unit, node);
    if (isnan(e->scores->score[at].value) || isnan(raw->se) || isnan(e->slope[at]))
        return;
    score->se = fabs(e->slope[at]) * raw->se;
    if (isnan(raw->low))
        return;
    struct mq_bounds bounds;
    if (mq_normalisers[e->model->node[node].normalise.method]->peaked) {
        bounds = mq_estimate_wald(e, unit, e->scores->score[at].value, score->se);
    } else {
        double a = apply(e, unit, node, raw->low), b = apply(e, unit, node, raw->high);
        bounds = (struct mq_bounds){a < b ? a : b, a < b ? b : a};
    }
    if (!isfinite(bounds.low) || !isfinite(bounds.high))
        return;
    score->low = bounds.low;
    score->high = bounds.high;
}

/* ---- combiners ---- */

/* The children of one parent in one unit. */
struct children {
    size_t count;
    size_t *at; /* [count] places of the present ones with a weight */
    double *score, *weight;
};

static void find_children(const struct mq_estimating *e, size_t unit, const struct mq_node *node,
                          struct children *children)
{
    children->count = 0;
    for (size_t i = 0; i < node->children; i++) {
        size_t at = mq_estimate_at(e, unit, (size_t)node->child[i]);
        double value = e->scores->score[at].value, weight = e->scores->weight[at];
        e->partial[at] = 0;
        if (isnan(value) || !(weight > 0))
            continue;
        children->at[children->count] = at;
        children->score[children->count] = value;
        children->weight[children->count++] = weight;
    }
}

static double combine(const struct mq_node *node, const struct children *children)
{
    return mq_combiners[node->combine.method]->combine(children->score, children->weight,
                                                       children->count, &node->combine);
}

/* The derivative by child i: its weight, or by differences. */
static double partial_of(const struct mq_node *node, const struct children *children, size_t i)
{
    const struct mq_combiner *combiner = mq_combiners[node->combine.method];

    if (combiner->additive)
        return children->weight[i];
    if (!combiner->combine)
        return NAN;
    double score = children->score[i], step = ldexp(fmax(fabs(score), 1), -17);
    children->score[i] = score + step;
    double above = combine(node, children);
    children->score[i] = score - step;
    double below = combine(node, children);
    children->score[i] = score;
    return (above - below) / (2 * step);
}

static void combine_unit(const struct mq_estimating *e, size_t unit, size_t index,
                         struct children *children)
{
    const struct mq_node *node = &e->model->node[index];
    double value = e->scores->score[mq_estimate_at(e, unit, index)].value, factor = 1;

    find_children(e, unit, node, children);
    if (isnan(value) || !children->count)
        return;
    /* some weighers multiply the score of a unit by what its weights sum to */
    if (node->weigh.method >= 0 && mq_weighers[node->weigh.method]->by_unit &&
        mq_combiners[node->combine.method]->combine)
        factor = value / combine(node, children);
    for (size_t i = 0; i < children->count; i++)
        e->partial[children->at[i]] =
            isfinite(factor) ? factor * partial_of(node, children, i) : (double)NAN;
}

static void combine_all(const struct mq_estimating *e, struct children *children)
{
    for (size_t unit = 0; unit < e->frame->units; unit++)
        for (size_t node = 0; node < e->model->nodes; node++)
            if (!e->model->node[node].leaf)
                combine_unit(e, unit, node, children);
}

bool mq_find_slopes(const struct mq_estimating *e)
{
    size_t nodes = e->model->nodes + 1;
    struct children children = {0, calloc(nodes, sizeof *children.at),
                                calloc(nodes, sizeof(double)), calloc(nodes, sizeof(double))};
    bool made = children.at && children.score && children.weight;

    for (size_t unit = 0; made && unit < e->frame->units; unit++)
        for (size_t node = 0; node < e->model->nodes; node++)
            if (e->model->node[node].leaf)
                score_leaf(e, unit, node);
    if (made)
        combine_all(e, &children);
    free(children.at);
    free(children.score);
    free(children.weight);
    return made;
}
