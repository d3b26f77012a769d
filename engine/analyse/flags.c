/*
 * What a reader should look at before he believes the index.
 *
 * Limits: availability, skewness and kurtosis, correlations with the parent, alpha and eigenvalues
 * are those of the OECD/JRC Handbook on Constructing Composite Indicators (2008) and of the audits
 * of the Joint Research Centre; zeros and different values those of COINr; importance against
 * weight is a choice of this program: half and double.
 */
#include "analyse/analyse.h"

#include <math.h>

static const double available = 0.65, skewed = 2, peaked = 3.5, half = 0.5, redundant = 0.92,
                    weak = 0.3, consistent = 0.7, twice = 2;

static const struct {
    const char *code, *chinese, *english;
} rows[MQ_FLAGS] = {
    [MQ_FLAG_AVAILABILITY] = {"availability", "可得率低", "reported by few"},
    [MQ_FLAG_OUTLIERS] = {"outliers", "有离群值", "outliers"},
    [MQ_FLAG_ZEROS] = {"zeros", "零值过半", "mostly 0"},
    [MQ_FLAG_UNIQUE] = {"unique", "不同取值少", "few different values"},
    [MQ_FLAG_CONSTANT] = {"constant", "取值全同", "constant"},
    [MQ_FLAG_REDUNDANT] = {"redundant", "与同级近于重复", "nearly the same as a sibling"},
    [MQ_FLAG_NEGATIVE] = {"negative", "与上级负相关", "goes against its parent"},
    [MQ_FLAG_WEAK] = {"weak", "与上级弱相关", "hardly related to its parent"},
    [MQ_FLAG_CONSISTENCY] = {"consistency", "下级一致性不足", "children are not consistent"},
    [MQ_FLAG_DIMENSIONS] = {"dimensions", "下级不止一个主成分", "children have several components"},
    [MQ_FLAG_IMPORTANCE] = {"importance", "影响与权重不相称",
                            "counts for much more or less than its weight"},
};

const char *mq_flag_code(enum mq_flag_kind kind)
{
    return rows[kind].code;
}

const char *mq_flag_title(enum mq_flag_kind kind, bool chinese)
{
    return chinese ? rows[kind].chinese : rows[kind].english;
}

/* The next flag of a node without other, if `raised`. */
static void raise_flag(struct mq_analysis *analysis, bool raised, struct mq_flag flag)
{
    if (raised)
        analysis->flag[analysis->flags++] = flag;
}

static double share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : NAN;
}

static void flag_values(struct mq_analysis *analysis, int node)
{
    const struct mq_description *is = &analysis->value[node];
    double reported = share(analysis->reported[node], is->units);
    double nonzero = share(is->count - is->zeros, is->count);
    double unique = share(is->unique, is->count);
    bool constant = is->unique <= 1 && is->units > 0;
    bool outliers = fabs(is->skewness) > skewed && is->kurtosis > peaked;

    raise_flag(analysis, reported < available,
               (struct mq_flag){MQ_FLAG_AVAILABILITY, node, -1, reported, available});
    raise_flag(analysis, outliers,
               (struct mq_flag){MQ_FLAG_OUTLIERS, node, -1, is->skewness, skewed});
    raise_flag(analysis, nonzero < half, (struct mq_flag){MQ_FLAG_ZEROS, node, -1, nonzero, half});
    raise_flag(analysis, unique < half && !constant,
               (struct mq_flag){MQ_FLAG_UNIQUE, node, -1, unique, half});
    raise_flag(analysis, constant,
               (struct mq_flag){MQ_FLAG_CONSTANT, node, -1, (double)is->unique, 1});
}

/* Against the siblings that follow, and against the parent. */
static void flag_relations(struct mq_analysis *analysis, int node)
{
    const struct mq_model *model = analysis->scores->model;
    int up = model->node[node].parent;
    const struct mq_node *parent = &model->node[up];
    const double *r = &analysis->scores_by[MQ_PEARSON].r[(size_t)node * model->nodes];
    const struct mq_node_weight *weight = &analysis->weight[node];
    double ratio = weight->importance / weight->weight;
    bool after = false;

    for (size_t i = 0; i < parent->children; i++) {
        int sibling = parent->child[i];
        raise_flag(analysis, after && r[sibling] > redundant,
                   (struct mq_flag){MQ_FLAG_REDUNDANT, node, sibling, r[sibling], redundant});
        after = after || sibling == node;
    }
    if (parent->children < 2)
        return;
    raise_flag(analysis, r[up] < 0, (struct mq_flag){MQ_FLAG_NEGATIVE, node, up, r[up], 0});
    raise_flag(analysis, r[up] >= 0 && r[up] < weak,
               (struct mq_flag){MQ_FLAG_WEAK, node, up, r[up], weak});
    raise_flag(analysis, ratio < half || (ratio > twice && isfinite(ratio)),
               (struct mq_flag){MQ_FLAG_IMPORTANCE, node, up, ratio, ratio < half ? half : twice});
}

static void flag_kinship(struct mq_analysis *analysis, int node)
{
    const struct mq_kinship *is = &analysis->kinship[node];

    raise_flag(analysis, is->alpha < consistent,
               (struct mq_flag){MQ_FLAG_CONSISTENCY, node, -1, is->alpha, consistent});
    raise_flag(analysis, is->components.above_one > 1,
               (struct mq_flag){MQ_FLAG_DIMENSIONS, node, -1, (double)is->components.above_one, 1});
}

enum mq_status mq_raise_flags(struct mq_analysis *analysis, struct mq_error *error)
{
    const struct mq_model *model = analysis->scores->model;
    size_t most = model->nodes * MQ_FLAGS;

    for (size_t i = 0; i < model->nodes; i++)
        most += model->node[i].children * model->node[i].children;
    analysis->flag = mq_arena_array(&analysis->arena, most + 1, sizeof *analysis->flag);
    if (!analysis->flag)
        return mq_fail_memory(error);
    for (size_t i = 0; i < model->nodes; i++) {
        int node = model->order[i];
        if (model->node[node].leaf)
            flag_values(analysis, node);
        if (model->node[node].parent >= 0)
            flag_relations(analysis, node);
        if (!model->node[node].leaf)
            flag_kinship(analysis, node);
    }
    return MQ_OK;
}
