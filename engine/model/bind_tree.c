/* Parents, order and weights of the nodes. */
#include "model/binder.h"

#include <string.h>

__extension__ typedef unsigned __int128 wide;

static enum mq_status unknown_parent(struct mq_binder *b, const struct mq_yaml *parent)
{
    const struct mq_model *model = b->model;
    const char **ids = mq_arena_array(&b->scratch, model->nodes, sizeof *ids);
    size_t count = 0;
    if (!ids)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < model->nodes; i++)
        if (!model->node[i].leaf)
            ids[count++] = model->node[i].id;
    return mq_bind_unknown(b, parent, "no indicator is called", ids, count, "parents");
}

static enum mq_status find_parents(struct mq_binder *b, const struct mq_node_draft *draft)
{
    struct mq_model *model = b->model;
    char name[MQ_QUOTED];
    for (size_t i = 0; i < model->nodes; i++) {
        const struct mq_yaml *parent = draft[i].parent;
        if (!parent)
            continue;
        size_t at = 0;
        while (at < model->nodes &&
               (parent->kind != MQ_YAML_SCALAR || strcmp(model->node[at].id, parent->text) != 0))
            at++;
        if (at == model->nodes)
            return unknown_parent(b, parent);
        if (model->node[at].leaf)
            return mq_bind_fail(b, parent, "\"%s\" has a formula, so it cannot be a parent",
                                mq_quoted(mq_text(parent->text), name));
        model->node[i].parent = (int)at;
        model->node[at].children++;
    }
    return MQ_OK;
}

/* Child lists in file order, in one array of all nodes. */
static enum mq_status list_children(struct mq_binder *b)
{
    struct mq_model *model = b->model;
    int *pool = mq_arena_array(&model->arena, model->nodes, sizeof *pool);
    size_t *filled = mq_arena_array(&b->scratch, model->nodes, sizeof *filled);
    int **list = mq_arena_array(&b->scratch, model->nodes, sizeof *list);
    if (!pool || !filled || !list)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < model->nodes; i++) {
        model->node[i].child = list[i] = pool;
        pool += model->node[i].children;
    }
    for (size_t i = 0; i < model->nodes; i++) {
        int parent = model->node[i].parent;
        if (parent >= 0)
            list[parent][filled[parent]++] = (int)i;
    }
    return MQ_OK;
}

/* Preorder with a stack of its own; whatever is not reached from a root is in a cycle. */
static enum mq_status order_nodes(struct mq_binder *b, const struct mq_node_draft *draft)
{
    struct mq_model *model = b->model;
    model->order = mq_arena_array(&model->arena, model->nodes, sizeof *model->order);
    int *stack = mq_arena_array(&b->scratch, model->nodes, sizeof *stack);
    bool *seen = mq_arena_array(&b->scratch, model->nodes, sizeof *seen);
    if (!model->order || !stack || !seen)
        return mq_fail_memory(b->error);
    size_t waiting = 0, done = 0;
    for (size_t i = model->nodes; i-- > 0;)
        if (model->node[i].parent < 0)
            stack[waiting++] = (int)i;
    while (waiting > 0) {
        int at = stack[--waiting];
        struct mq_node *node = &model->node[at];
        seen[at] = true;
        model->order[done++] = at;
        node->depth = node->parent < 0 ? 0 : model->node[node->parent].depth + 1;
        for (size_t k = node->children; k-- > 0;)
            stack[waiting++] = node->child[k];
    }
    for (size_t i = 0; i < model->nodes; i++)
        if (!seen[i])
            return mq_bind_fail(b, draft[i].parent,
                                "\"%s\" is in a cycle: its parents never end at a root",
                                model->node[i].id);
    return MQ_OK;
}

enum mq_status mq_bind_tree(struct mq_binder *b, const struct mq_node_draft *draft)
{
    struct mq_model *model = b->model;
    MQ_TRY(find_parents(b, draft));
    MQ_TRY(list_children(b));
    MQ_TRY(order_nodes(b, draft));
    for (size_t i = 0; i < model->nodes; i++)
        if (!model->node[i].leaf && model->node[i].children == 0)
            return mq_bind_fail(b, draft[i].map, "\"%s\" has neither a formula nor children",
                                model->node[i].id);
    return MQ_OK;
}

/* The greatest common divisor, to divide by: 1 for 0 and 0. */
static wide common(wide a, wide b)
{
    while (b) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    return a ? a : 1;
}

/* Exact sum of the children's weights; false if it does not fit. Terms stay below 2^62, so products
 * fit. */
static bool add_weights(const struct mq_model *model, const struct mq_node *node, wide *numerator,
                        wide *denominator)
{
    const wide limit = (wide)1 << 62;
    *numerator = 0;
    *denominator = 1;
    for (size_t k = 0; k < node->children; k++) {
        struct mq_fraction weight = model->node[node->child[k]].weight;
        wide n = (wide)weight.numerator, d = (wide)weight.denominator;
        if (n >= limit || d >= limit)
            return false;
        wide top = *numerator * d + n * *denominator, bottom = *denominator * d;
        wide factor = common(top, bottom);
        *numerator = top / factor;
        *denominator = bottom / factor;
        if (*numerator >= limit || *denominator >= limit)
            return false;
    }
    return true;
}

static enum mq_status read_weight(struct mq_binder *b, const struct mq_node_draft *draft,
                                  struct mq_node *node)
{
    const struct mq_key key = {.name = "weight"};
    MQ_TRY(mq_bind_fraction(b, draft->weight, &key, &node->weight));
    if (node->weight.numerator <= 0)
        return mq_bind_fail(b, draft->weight,
                            "a weight is greater than 0; leave the indicator out instead");
    if (node->parent < 0 && node->weight.numerator != node->weight.denominator)
        return mq_bind_fail(b, draft->weight,
                            "\"%s\" has no parent to weigh in; leave the weight out", node->id);
    return MQ_OK;
}

/* Divides the children's weights by their sum. */
static bool scale_weights(struct mq_model *model, const struct mq_node *node, wide numerator,
                          wide denominator)
{
    for (size_t k = 0; k < node->children; k++) {
        struct mq_fraction *weight = &model->node[node->child[k]].weight;
        wide top = (wide)weight->numerator * denominator,
             bottom = (wide)weight->denominator * numerator;
        wide factor = common(top, bottom);
        if (top / factor > INT64_MAX || bottom / factor > INT64_MAX)
            return false;
        weight->numerator = (int64_t)(top / factor);
        weight->denominator = (int64_t)(bottom / factor);
    }
    return true;
}

static void share_equally(struct mq_model *model, const struct mq_node *node)
{
    for (size_t k = 0; k < node->children; k++)
        model->node[node->child[k]].weight = (struct mq_fraction){1, (int64_t)node->children};
}

/* Is the method at `fixed`, which takes the weights as written, or made of it? */
static bool takes_written(const struct mq_choice *choice, int fixed)
{
    if (choice->method == fixed)
        return true;
    for (size_t i = 0; choice->argument && i < MQ_MAX_PARAMS; i++)
        for (size_t k = 0; k < choice->argument[i].choices; k++)
            if (takes_written(&choice->argument[i].choice[k], fixed))
                return true;
    return false;
}

static enum mq_status close_weights(struct mq_binder *b, const struct mq_node_draft *draft,
                                    struct mq_node *node)
{
    struct mq_model *model = b->model;
    const struct mq_yaml *at = draft[node - model->node].map;
    int fixed = mq_catalogue_find(b->catalogue, MQ_WEIGH, "fixed");
    if (node->weigh.method >= 0 && !takes_written(&node->weigh, fixed)) {
        share_equally(model, node); /* until the method has its say */
        return MQ_OK;
    }
    for (size_t k = 0; k < node->children; k++)
        if (!draft[node->child[k]].weight)
            return mq_bind_fail(
                b, draft[node->child[k]].map,
                "\"%s\" needs a weight within \"%s\", like 1/%zu (or write weights: "
                "{method: ...} at the parent)",
                model->node[node->child[k]].id, node->id, node->children);
    wide numerator, denominator;
    if (!add_weights(model, node, &numerator, &denominator))
        return mq_bind_fail(
            b, at, "the weights below \"%s\" have too many digits to be added exactly", node->id);
    if (numerator == denominator)
        return MQ_OK;
    if (!node->normalise_weights)
        return mq_bind_fail(
            b, at,
            "the weights below \"%s\" sum to %lld/%lld, not to 1; correct them or write "
            "weights: normalise",
            node->id, (long long)numerator, (long long)denominator);
    if (!scale_weights(model, node, numerator, denominator))
        return mq_bind_fail(
            b, at, "the weights below \"%s\" have too many digits to be normalised exactly",
            node->id);
    return MQ_OK;
}

enum mq_status mq_bind_weights(struct mq_binder *b, const struct mq_node_draft *draft)
{
    struct mq_model *model = b->model;
    for (size_t i = 0; i < model->nodes; i++)
        if (draft[i].weight)
            MQ_TRY(read_weight(b, &draft[i], &model->node[i]));
    for (size_t i = 0; i < model->nodes; i++)
        if (!model->node[i].leaf)
            MQ_TRY(close_weights(b, draft, &model->node[i]));
    return MQ_OK;
}
