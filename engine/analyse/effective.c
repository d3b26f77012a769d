/* What the weights amount to: from the root down, and in what the parent follows. */
#include "analyse/analyse.h"

#include <math.h>

static double written(const struct mq_node *node)
{
    return (double)node->weight.numerator / (double)node->weight.denominator;
}

/* Written weights, scaled to sum 1. */
static void set_written(struct mq_analysis *analysis, const struct mq_node *parent)
{
    const struct mq_node *node = analysis->scores->model->node;
    struct mq_exact sum = {0};
    double total;

    for (size_t i = 0; i < parent->children; i++)
        mq_exact_add(&sum, written(&node[parent->child[i]]));
    total = mq_exact_value(&sum);
    for (size_t i = 0; i < parent->children; i++)
        analysis->weight[parent->child[i]].weight =
            total > 0 ? written(&node[parent->child[i]]) / total : NAN;
}

static double used_weight(const struct mq_analysis *analysis, size_t unit, int node)
{
    const struct mq_scores *scores = analysis->scores;

    return scores->weight[(analysis->begin + unit) * scores->model->nodes + (size_t)node];
}

static bool has_all(const struct mq_analysis *analysis, size_t unit, const struct mq_node *parent)
{
    for (size_t i = 0; i < parent->children; i++)
        if (isnan(used_weight(analysis, unit, parent->child[i])))
            return false;
    return true;
}

/* Weights that a method worked out: the mean over the units that have all children. */
static void set_used(struct mq_analysis *analysis, const struct mq_node *parent)
{
    for (size_t i = 0; i < parent->children; i++) {
        struct mq_exact sum = {0};
        double least = INFINITY, greatest = -INFINITY;
        size_t count = 0;
        for (size_t unit = 0; unit < analysis->units; unit++) {
            double weight = used_weight(analysis, unit, parent->child[i]);
            if (!has_all(analysis, unit, parent))
                continue;
            mq_exact_add(&sum, weight);
            least = fmin(least, weight);
            greatest = fmax(greatest, weight);
            count++;
        }
        analysis->weight[parent->child[i]].weight = !count ? NAN
                                                    : least < greatest
                                                        ? mq_exact_value(&sum) / (double)count
                                                        : least;
    }
}

/* r^2 with the parent as a share among the children. */
static void set_importance(struct mq_analysis *analysis, size_t parent)
{
    const struct mq_model *model = analysis->scores->model;
    const struct mq_node *node = &model->node[parent];
    const double *r = &analysis->scores_by[MQ_PEARSON].r[parent * model->nodes];
    struct mq_exact sum = {0};
    double total;

    for (size_t i = 0; i < node->children; i++)
        if (!isnan(r[node->child[i]]))
            mq_exact_add(&sum, r[node->child[i]] * r[node->child[i]]);
    total = mq_exact_value(&sum);
    for (size_t i = 0; i < node->children; i++)
        analysis->weight[node->child[i]].importance =
            total > 0 ? r[node->child[i]] * r[node->child[i]] / total : NAN;
}

enum mq_status mq_effective_weights(struct mq_analysis *analysis, struct mq_error *error)
{
    const struct mq_model *model = analysis->scores->model;

    analysis->weight = mq_arena_array(&analysis->arena, model->nodes + 1, sizeof *analysis->weight);
    if (!analysis->weight)
        return mq_fail_memory(error);
    for (size_t i = 0; i < model->nodes; i++) { /* parents come before children */
        size_t k = (size_t)model->order[i];
        const struct mq_node *node = &model->node[k];
        if (node->parent < 0)
            analysis->weight[k] = (struct mq_node_weight){NAN, 1, NAN};
        else
            analysis->weight[k].effective =
                analysis->weight[node->parent].effective * analysis->weight[k].weight;
        if (node->leaf)
            continue;
        if (node->weigh.method >= 0 && mq_weighers[node->weigh.method]->weigh)
            set_used(analysis, node);
        else
            set_written(analysis, node);
        set_importance(analysis, k);
    }
    return MQ_OK;
}
