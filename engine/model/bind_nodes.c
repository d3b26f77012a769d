/* indicators: what is written of each node; the tree they make is bind_tree.c. */
#include "model/binder.h"

#include <string.h>

/* A node as written; what only a leaf or only a parent has is kept until it is known which it is.
 */
struct written {
    const char *id, *title, *unit;
    const struct mq_yaml *formula, *direction, *missing, *min_coverage, *normalise;
    const struct mq_yaml *combine, *weights, *missing_children, *impute, *treat;
    const struct mq_yaml *growth, *rollup;
    struct mq_node_draft draft;
};

static const struct mq_key keys[] = {
    {"id", true, mq_bind_id, offsetof(struct written, id), 0, 0},
    {"parent", false, mq_bind_keep, offsetof(struct written, draft.parent), 0, 0},
    {"weight", false, mq_bind_keep, offsetof(struct written, draft.weight), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct written, title), 0, 0},
    {"unit", false, mq_bind_text, offsetof(struct written, unit), 0, 0},
    {"formula", false, mq_bind_keep, offsetof(struct written, formula), 0, 0},
    {"growth", false, mq_bind_keep, offsetof(struct written, growth), 0, 0},
    {"rollup", false, mq_bind_keep, offsetof(struct written, rollup), 0, 0},
    {"direction", false, mq_bind_keep, offsetof(struct written, direction), 0, 0},
    {"missing", false, mq_bind_keep, offsetof(struct written, missing), 0, 0},
    {"min_coverage", false, mq_bind_keep, offsetof(struct written, min_coverage), 0, 0},
    {"impute", false, mq_bind_keep, offsetof(struct written, impute), 0, 0},
    {"treat", false, mq_bind_keep, offsetof(struct written, treat), 0, 0},
    {"normalise", false, mq_bind_keep, offsetof(struct written, normalise), 0, 0},
    {"combine", false, mq_bind_keep, offsetof(struct written, combine), 0, 0},
    {"weights", false, mq_bind_keep, offsetof(struct written, weights), 0, 0},
    {"missing_children", false, mq_bind_keep, offsetof(struct written, missing_children), 0, 0},
};
static const struct mq_section section = MQ_SECTION("an indicator", keys);

/* What an indicator gets that does not say otherwise. */
static const struct mq_key default_keys[] = {
    {"impute", false, mq_bind_keep, offsetof(struct written, impute), 0, 0},
    {"treat", false, mq_bind_keep, offsetof(struct written, treat), 0, 0},
    {"normalise", false, mq_bind_keep, offsetof(struct written, normalise), 0, 0},
    {"combine", false, mq_bind_keep, offsetof(struct written, combine), 0, 0},
    {"weights", false, mq_bind_keep, offsetof(struct written, weights), 0, 0},
    {"missing_children", false, mq_bind_keep, offsetof(struct written, missing_children), 0, 0},
};
static const struct mq_section default_section = MQ_SECTION("defaults", default_keys);

static void take_defaults(struct written *w, const struct written *defaults)
{
    if (w->formula || w->growth) {
        w->impute = w->impute ? w->impute : defaults->impute;
        w->treat = w->treat ? w->treat : defaults->treat;
        w->normalise = w->normalise ? w->normalise : defaults->normalise;
    } else {
        w->combine = w->combine ? w->combine : defaults->combine;
        w->weights = w->weights ? w->weights : defaults->weights;
        w->missing_children =
            w->missing_children ? w->missing_children : defaults->missing_children;
    }
}

static enum mq_status out_of_place(struct mq_binder *b, const struct mq_yaml *map,
                                   const char *const *names, const char *reason)
{
    for (; *names; names++)
        for (size_t i = 0; i < map->count; i++)
            if (strcmp(map->key[i]->text, *names) == 0)
                return mq_bind_fail(b, map->key[i], "\"%s\" is out of place: %s", *names, reason);
    return MQ_OK;
}

static enum mq_status bind_formula(struct mq_binder *b, const struct mq_yaml *scalar,
                                   struct mq_node *node)
{
    struct mq_formula_source source;
    struct mq_buffer whole = MQ_BUFFER_EMPTY;
    const struct mq_ast *tree;
    MQ_TRY(mq_bind_source(b, scalar, "formula", &source));
    source.names = b->names;
    MQ_TRY(mq_formula_parse(&source, &tree));
    MQ_TRY(mq_formula_indicator(&source, tree, b->model, node));
    enum mq_status status = mq_formula_expand(&source, true, &whole);
    if (status == MQ_OK && !whole.failed)
        node->formula.text =
            mq_arena_string(&b->model->arena, whole.data ? whole.data : "", whole.length);
    mq_buffer_clear(&whole);
    MQ_TRY(status);
    return node->formula.text ? MQ_OK : mq_fail_memory(b->error);
}

/* rollup: false */
static enum mq_status bind_pooled(struct mq_binder *b, const struct mq_yaml *value,
                                  struct mq_node *node)
{
    static const char *const flags[] = {"false", "true"};
    int rolled = 1;
    if (value)
        MQ_TRY(mq_bind_choice(b, value, flags, 2, "values", &rolled));
    node->pooled = rolled == 0;
    return MQ_OK;
}

static enum mq_status bind_leaf(struct mq_binder *b, const struct written *w, struct mq_node *node)
{
    static const char *const computed[] = {"formula", "missing", "min_coverage", NULL};
    static const char *const parents[] = {"combine", "weights", "missing_children", NULL};
    static const char *const policies[] = {"complete", "zero"}, *const directions[] = {"up",
                                                                                       "down"};
    const struct mq_key coverage = {.name = "min_coverage"};
    int policy = MQ_COMPLETE, direction = MQ_UP;
    MQ_TRY(out_of_place(b, w->draft.map, parents, "an indicator with a formula has no children"));
    node->leaf = true;
    if (w->direction)
        MQ_TRY(mq_bind_choice(b, w->direction, directions, 2, "directions", &direction));
    if (w->missing)
        MQ_TRY(mq_bind_choice(b, w->missing, policies, 2, "policies", &policy));
    node->direction = (enum mq_direction)direction;
    node->missing = (enum mq_missing_policy)policy;
    if (w->min_coverage) {
        MQ_TRY(mq_bind_real(b, w->min_coverage, &coverage, &node->min_coverage));
        if (!(node->min_coverage >= 0 && node->min_coverage <= 1))
            return mq_bind_fail(b, w->min_coverage, "\"min_coverage\" is a share from 0 to 1");
    }
    MQ_TRY(bind_pooled(b, w->rollup, node));
    if (w->growth)
        MQ_TRY(out_of_place(b, w->draft.map, computed, "growth is computed from other indicators"));
    else
        MQ_TRY(bind_formula(b, w->formula, node));
    if (!w->normalise)
        return mq_bind_fail(
            b, w->draft.map,
            "how is \"%s\" scored? write normalise: {method: ...}; {method: none} keeps "
            "the raw value",
            node->id);
    if (w->impute)
        MQ_TRY(mq_bind_aggregation(b, w->impute, MQ_IMPUTE, NULL, &node->impute));
    if (w->treat)
        MQ_TRY(mq_bind_aggregation(b, w->treat, MQ_TREAT, NULL, &node->treat));
    return mq_bind_normalise(b, w->normalise, node);
}

/* renormalise | fail | {method: renormalise, min_share: 2/3} */
static enum mq_status bind_missing_children(struct mq_binder *b, const struct mq_yaml *value,
                                            struct mq_node *node)
{
    static const char *const methods[] = {"renormalise", "fail"};
    struct {
        const struct mq_yaml *method, *min_share;
    } draft = {.method = value};
    const struct mq_key children_keys[] = {{"method", true, mq_bind_keep, 0, 0, 0},
                                           {"min_share", false, mq_bind_keep, sizeof value, 0, 0}};
    const struct mq_section children = MQ_SECTION("missing_children", children_keys);
    const struct mq_key share = {.name = "min_share"};
    int method = 0;
    if (value->kind == MQ_YAML_MAP)
        MQ_TRY(mq_bind_map(b, value, &children, &draft));
    MQ_TRY(mq_bind_choice(b, draft.method, methods, 2, "methods", &method));
    node->missing_fail = method == 1;
    if (!draft.min_share)
        return MQ_OK;
    if (node->missing_fail)
        return mq_bind_fail(b, draft.min_share,
                            "\"min_share\" belongs to renormalise, not to fail");
    MQ_TRY(mq_bind_fraction(b, draft.min_share, &share, &node->min_share));
    const struct mq_fraction *f = &node->min_share;
    return f->numerator >= 0 && f->numerator <= f->denominator
               ? MQ_OK
               : mq_bind_fail(b, draft.min_share, "\"min_share\" is a share from 0 to 1");
}

static enum mq_status bind_parent(struct mq_binder *b, const struct written *w,
                                  struct mq_node *node)
{
    static const char *const leaves[] = {"direction", "missing",   "min_coverage", "impute",
                                         "treat",     "normalise", "rollup",       NULL};
    MQ_TRY(out_of_place(b, w->draft.map, leaves, "only an indicator with a formula has it"));
    node->combine.method = mq_catalogue_find(b->catalogue, MQ_COMBINE, "arithmetic");
    node->min_share = (struct mq_fraction){2, 3};
    if (w->combine)
        MQ_TRY(mq_bind_aggregation(b, w->combine, MQ_COMBINE, NULL, &node->combine));
    else if (node->combine.method < 0)
        return mq_bind_fail(b, w->draft.map, "write how to combine the children: combine: ...");
    if (w->weights && w->weights->kind == MQ_YAML_SCALAR &&
        strcmp(w->weights->text, "normalise") == 0)
        node->normalise_weights = true;
    else if (w->weights &&
             (w->weights->kind != MQ_YAML_SCALAR || strcmp(w->weights->text, "written") != 0))
        MQ_TRY(mq_bind_weigh(b, w->weights, node));
    return w->missing_children ? bind_missing_children(b, w->missing_children, node) : MQ_OK;
}

static enum mq_status bind_node(struct mq_binder *b, const struct mq_yaml *list, size_t index,
                                const struct written *defaults, struct mq_node_draft *draft)
{
    struct written w = {.unit = "", .draft.map = list->item[index]};
    MQ_TRY(mq_bind_map(b, w.draft.map, &section, &w));
    MQ_TRY(mq_bind_once(b, list, index, "indicator"));
    struct mq_node *node = &b->model->node[index];
    *node = (struct mq_node){.id = w.id,
                             .title = w.title ? w.title : w.id,
                             .unit = w.unit,
                             .parent = -1,
                             .weight = {1, 1},
                             .at = w.draft.map->at,
                             .impute.method = -1,
                             .treat.method = -1,
                             .normalise.method = -1,
                             .combine.method = -1,
                             .weigh.method = -1};
    *draft = w.draft;
    draft->growth = w.growth;
    take_defaults(&w, defaults);
    return w.formula || w.growth ? bind_leaf(b, &w, node) : bind_parent(b, &w, node);
}

enum mq_status mq_bind_nodes(struct mq_binder *b, const struct mq_yaml *indicators,
                             const struct mq_yaml *defaults)
{
    struct mq_model *model = b->model;
    struct written fallback = {0};
    if (defaults)
        MQ_TRY(mq_bind_map(b, defaults, &default_section, &fallback));
    MQ_TRY(mq_bind_list(b, indicators, "indicators"));
    if (indicators->count == 0)
        return mq_bind_fail(b, indicators, "a model needs at least one indicator");
    model->node = mq_arena_array(&model->arena, indicators->count, sizeof *model->node);
    struct mq_node_draft *draft = mq_arena_array(&b->scratch, indicators->count, sizeof *draft);
    if (!model->node || !draft)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < indicators->count; i++) {
        MQ_TRY(bind_node(b, indicators, i, &fallback, &draft[i]));
        model->nodes++;
    }
    for (size_t i = 0; i < model->nodes; i++)
        if (draft[i].growth)
            MQ_TRY(mq_bind_growth(b, draft, i));
    MQ_TRY(mq_bind_tree(b, draft));
    for (size_t i = 0; i < model->nodes; i++) {
        MQ_TRY(mq_bind_sizes(b, &model->node[i], MQ_WEIGH, &model->node[i].weigh));
        MQ_TRY(mq_bind_sizes(b, &model->node[i], MQ_COMBINE, &model->node[i].combine));
    }
    return mq_bind_weights(b, draft);
}
