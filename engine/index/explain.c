/*
 * Where one score comes from.
 *
 * The points of a node are its part in the score asked for. They are first worked out without
 * rounding and then rounded from the top: what the children of a node print adds up to what the
 * node prints (largest remainders; among equals the earlier sibling takes the last unit).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

struct explaining {
    const struct mq_scores *scores;
    size_t unit;
    int64_t scale; /* 10^decimals */
    struct mq_explained *out;
    size_t count;
    double *share;   /* [nodes] of the children at work */
    double *scratch; /* [2 * nodes] */
};

/* The exact part of a node and the whole units it prints. */
struct part {
    double exact;
    double factor; /* exact = factor * score */
    int64_t whole;
    bool known; /* false: missing, or below something missing */
};

static const struct mq_score *score_of(const struct explaining *explaining, int node)
{
    return &explaining->scores
                ->score[explaining->unit * explaining->scores->model->nodes + (size_t)node];
}

static double weight_of(const struct explaining *explaining, int node)
{
    return explaining->scores
        ->weight[explaining->unit * explaining->scores->model->nodes + (size_t)node];
}

/* Shares of the children, by the method or else in proportion to weight * score. */
static void share_out(const struct mq_combiner *combiner, const double *scores,
                      const double *weights, size_t count, const struct mq_node *node,
                      double *shares)
{
    struct mq_exact sum = {0};

    if (combiner->share) {
        combiner->share(scores, weights, count, &node->combine, shares);
        return;
    }
    for (size_t i = 0; i < count; i++)
        mq_exact_product(&sum, weights[i], scores[i]);
    double total = mq_exact_value(&sum);
    for (size_t i = 0; i < count; i++)
        shares[i] = total != 0 ? weights[i] * scores[i] / total : weights[i];
}

/* Exact parts of the children of `node`. */
static void split_exactly(struct explaining *explaining, const struct mq_node *node,
                          struct part parent, struct part *parts)
{
    const struct mq_combiner *combiner = mq_combiners[node->combine.method];
    bool own_weights = node->weigh.method >= 0 && mq_weighers[node->weigh.method]->by_unit;
    double *scores = explaining->scratch, *weights = scores + node->children;
    size_t count = 0;

    for (size_t i = 0; i < node->children; i++) {
        double weight = weight_of(explaining, node->child[i]);
        parts[i] = (struct part){.known = parent.known && !isnan(weight)};
        if (!parts[i].known || weight == 0)
            continue;
        scores[count] = score_of(explaining, node->child[i])->value;
        weights[count++] = weight;
    }
    bool additive = combiner->additive && !own_weights;
    if (!additive && count)
        share_out(combiner, scores, weights, count, node, explaining->share);
    for (size_t i = 0, k = 0; i < node->children; i++) {
        double weight = weight_of(explaining, node->child[i]);
        if (!parts[i].known || weight == 0)
            continue;
        parts[i].factor = additive         ? parent.factor * weight
                          : scores[k] == 0 ? 0
                                           : parent.exact * explaining->share[k] / scores[k];
        parts[i].exact =
            additive ? parts[i].factor * scores[k] : parent.exact * explaining->share[k];
        k++;
    }
}

/* Whole units for the parts, adding up to `total`. */
static void round_parts(struct part *parts, size_t count, int64_t total, int64_t scale)
{
    int64_t rest = total;
    size_t known = 0;

    for (size_t i = 0; i < count; i++) {
        if (!parts[i].known)
            continue;
        parts[i].exact *= (double)scale;
        parts[i].whole = (int64_t)floor(parts[i].exact);
        rest -= parts[i].whole;
        known++;
    }
    if (!known)
        return;
    for (; rest != 0; rest -= rest > 0 ? 1 : -1) {
        int sign = rest > 0 ? 1 : -1;
        size_t best = count;
        for (size_t i = 0; i < count; i++)
            if (parts[i].known &&
                (best == count || (parts[i].exact - (double)parts[i].whole) * sign >
                                      (parts[best].exact - (double)parts[best].whole) * sign))
                best = i;
        parts[best].whole += sign;
    }
    for (size_t i = 0; i < count; i++)
        parts[i].exact /= (double)scale;
}

static enum mq_status walk(struct explaining *explaining, int index, int depth, struct part part,
                           double effective)
{
    const struct mq_node *node = &explaining->scores->model->node[index];
    struct mq_explained *out = &explaining->out[explaining->count++];
    struct part *parts;
    enum mq_status status = MQ_OK;

    *out = (struct mq_explained){
        .node = index,
        .depth = depth,
        .weight = depth ? weight_of(explaining, index) : 1,
        .effective = effective,
        .points = part.known ? (double)part.whole / (double)explaining->scale : NAN,
        .score = score_of(explaining, index)};
    if (node->leaf || node->children == 0)
        return MQ_OK;
    parts = calloc(node->children, sizeof *parts);
    if (!parts)
        return MQ_INTERNAL;
    split_exactly(explaining, node, part, parts);
    round_parts(parts, node->children, part.whole, explaining->scale);
    for (size_t i = 0; i < node->children && status == MQ_OK; i++)
        status = walk(explaining, node->child[i], depth + 1, parts[i],
                      effective * weight_of(explaining, node->child[i]));
    free(parts);
    return status;
}

/* The score as printed, in whole units of the last decimal. */
static bool printed(double value, int decimals, enum mq_rounding rounding, int64_t *whole)
{
    char text[352];

    mq_round_text(value, decimals, rounding, text);
    return mq_decimal_parse(text, strlen(text), decimals, whole) == MQ_NUMBER_OK &&
           *whole < INT64_C(1) << 53 && *whole > -(INT64_C(1) << 53);
}

static int first_root(const struct mq_model *model)
{
    for (size_t i = 0; i < model->nodes; i++)
        if (model->node[model->order[i]].parent < 0)
            return model->order[i];
    return -1;
}

enum mq_status mq_explain(const struct mq_scores *scores, size_t unit, int root, int decimals,
                          struct mq_explained *explained, size_t *count, struct mq_error *error)
{
    const struct mq_model *model = scores->model;
    struct explaining explaining = {.scores = scores, .unit = unit, .scale = 1, .out = explained};
    struct part part = {.factor = 1};
    enum mq_status status;

    root = root < 0 ? first_root(model) : root;
    *count = 0;
    if (unit >= scores->frame->units || root < 0 || (size_t)root >= model->nodes || decimals < 0 ||
        decimals > 15)
        return mq_fail(error, MQ_USAGE, NULL, 0, 0,
                       "there is no such unit or node to explain, or %d is not between 0 and 15 "
                       "decimals",
                       decimals);
    part.exact = score_of(&explaining, root)->value;
    /* Huge scores have no digits left behind the point: fewer decimals then. */
    while (!isnan(part.exact) && !printed(part.exact, decimals, model->rounding, &part.whole))
        if (decimals-- == 0)
            return mq_fail(error, MQ_DATA, NULL, 0, 0, "the score is too large to explain");
    part.known = !isnan(part.exact);
    for (int i = 0; i < decimals; i++)
        explaining.scale *= 10;
    explaining.share = calloc(3 * model->nodes, sizeof *explaining.share);
    explaining.scratch = explaining.share ? explaining.share + model->nodes : NULL;
    status =
        explaining.share ? walk(&explaining, root, 0, part, part.known ? 1 : NAN) : MQ_INTERNAL;
    free(explaining.share);
    if (status != MQ_OK)
        return mq_fail_memory(error);
    *count = explaining.count;
    return MQ_OK;
}
