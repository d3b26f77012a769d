/*
 * Raw values -> scores of the leaves.
 *
 * Reference points are fitted first, then applied to every unit: once for written ones, once per
 * level and period (each), per level (pooled), per level in one named period, or per row of a
 * goalposts file.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

/* Reference points and whether they can be used. */
struct fit {
    enum mq_reason reason;
    const double *fitted;
};

/* One leaf on its way. */
struct leaf {
    struct mq_scores *scores;
    const struct mq_node *node;
    size_t index;
    const struct mq_normaliser *method;
    const struct mq_groups *groups;
    double *values; /* [units] reference values being gathered */
    size_t count;
};

static enum mq_status fail_at(const struct leaf *leaf, struct mq_error *error, const char *message)
{
    return mq_fail(error, MQ_BAD_MODEL, leaf->scores->model->path, leaf->node->at.line,
                   leaf->node->at.column, "%s: %s", leaf->node->id, message);
}

/* ---- fitting ---- */

static enum mq_status fit_values(struct leaf *leaf, struct fit *fit, struct mq_error *error)
{
    double *fitted = mq_arena_array(&leaf->scores->arena, MQ_MAX_PARAMS, sizeof *fitted);

    if (!fitted)
        return mq_fail_memory(error);
    fit->fitted = fitted;
    fit->reason = leaf->method->fit(leaf->values, leaf->count, leaf->node,
                                    leaf->node->normalise.param, fitted);
    return MQ_OK;
}

static void gather(struct leaf *leaf, size_t begin, size_t end)
{
    const struct mq_frame *frame = leaf->scores->frame;

    for (size_t i = begin; i < end; i++) {
        double value = frame->value[i * frame->model->nodes + leaf->index];
        if (!isnan(value))
            leaf->values[leaf->count++] = value;
    }
}

/* ---- applying ---- */

static void apply(struct leaf *leaf, size_t unit, const struct fit *fit)
{
    const struct mq_frame *frame = leaf->scores->frame;
    size_t at = unit * frame->model->nodes + leaf->index;
    struct mq_score *score = &leaf->scores->score[at];

    score->coverage = frame->coverage[at];
    score->reason = frame->reason[at];
    if (fit->reason == MQ_FINE)
        leaf->scores->fitted[at] = fit->fitted;
    if (isnan(frame->value[at]))
        return;
    score->reason = (uint8_t)fit->reason;
    if (fit->reason != MQ_FINE)
        return;
    score->value = leaf->method->apply(frame->value[at], leaf->node, fit->fitted);
    if (!isfinite(score->value)) {
        score->value = NAN;
        score->reason = MQ_UNDEFINED;
    } else if (score->value == 0) {
        score->value = 0; /* no negative zero */
    }
}

static void apply_all(struct leaf *leaf, const struct mq_group *group, const struct fit *fit)
{
    for (size_t i = group->begin; i < group->end; i++)
        apply(leaf, i, fit);
}

/* ---- the four kinds of reference ---- */

static enum mq_status normalise_each(struct leaf *leaf, struct mq_error *error)
{
    for (size_t g = 0; g < leaf->groups->count; g++) {
        const struct mq_group *group = &leaf->groups->group[g];
        struct fit fit = {0};
        leaf->count = 0;
        gather(leaf, group->begin, group->end);
        MQ_TRY(fit_values(leaf, &fit, error));
        apply_all(leaf, group, &fit);
    }
    return MQ_OK;
}

/* Reference: the units of a level in one period, or in all (period SIZE_MAX). */
static enum mq_status normalise_by_level(struct leaf *leaf, size_t period, struct mq_error *error)
{
    const struct mq_groups *groups = leaf->groups;

    for (size_t level = 0; level < leaf->scores->model->levels; level++) {
        struct fit fit = {0};
        leaf->count = 0;
        for (size_t g = 0; g < groups->count; g++)
            if (groups->group[g].level == level &&
                (period == SIZE_MAX || groups->group[g].period == period))
                gather(leaf, groups->group[g].begin, groups->group[g].end);
        MQ_TRY(fit_values(leaf, &fit, error));
        for (size_t g = 0; g < groups->count; g++)
            if (groups->group[g].level == level)
                apply_all(leaf, &groups->group[g], &fit);
    }
    return MQ_OK;
}

static bool complete_params(const struct leaf *leaf)
{
    const struct mq_param *param = leaf->method->method.params;

    for (size_t i = 0; param && param[i].name; i++)
        if (param[i].required && !leaf->node->normalise.given[i])
            return false;
    return true;
}

static enum mq_status normalise_fixed(struct leaf *leaf, struct mq_error *error)
{
    const struct mq_scores *scores = leaf->scores;
    const struct mq_frame *frame = scores->frame;
    struct mq_goalposts goalposts = {0};
    struct fit written = {MQ_NO_GOALPOSTS, NULL};

    leaf->count = 0;
    if (complete_params(leaf))
        MQ_TRY(fit_values(leaf, &written, error));
    if (leaf->node->goalposts)
        MQ_TRY(
            mq_goalposts_read(scores->model, leaf->node, &leaf->scores->arena, &goalposts, error));
    for (size_t i = 0; i < frame->units; i++) {
        const struct mq_unit *unit = &frame->unit[i];
        const struct mq_goalpost *post =
            mq_goalposts_find(&goalposts, unit->code, scores->model->level[unit->level].id,
                              frame->period[unit->period]);
        struct fit fit = written;
        if (post)
            fit = (struct fit){post->reason, post->fitted};
        apply(leaf, i, &fit);
    }
    return MQ_OK;
}

/* ---- choosing ---- */

static enum mq_status check(const struct leaf *leaf, struct mq_error *error)
{
    const char *complaint = NULL;

    if (leaf->method->check && complete_params(leaf))
        complaint = leaf->method->check(leaf->node, leaf->node->normalise.param);
    if (complaint)
        return fail_at(leaf, error, complaint);
    if (!leaf->method->method.data_driven)
        return MQ_OK;
    if (leaf->node->goalposts)
        return fail_at(leaf, error,
                       "this normaliser takes its reference points from the data; a goalposts file "
                       "goes with methods whose points are written, such as efficacy");
    if (leaf->node->reference == MQ_REFERENCE_FIXED)
        return fail_at(leaf, error,
                       "this normaliser takes its reference points from the data, so its reference "
                       "is each, pooled or {period: ...}, not fixed");
    return MQ_OK;
}

static enum mq_status normalise_from_period(struct leaf *leaf, struct mq_error *error)
{
    const struct mq_model *model = leaf->scores->model;
    size_t period = mq_frame_period(leaf->scores->frame, leaf->node->reference_period);

    if (period == SIZE_MAX)
        return mq_fail(error, MQ_BAD_MODEL, model->path, leaf->node->at.line, leaf->node->at.column,
                       "%s: the reference period %s is not among the periods of the data; add its "
                       "data or choose another period",
                       leaf->node->id, leaf->node->reference_period);
    return normalise_by_level(leaf, period, error);
}

static enum mq_status run(struct leaf *leaf, struct mq_error *error)
{
    MQ_TRY(check(leaf, error));
    if (!leaf->method->method.data_driven)
        return normalise_fixed(leaf, error);
    if (leaf->node->reference == MQ_REFERENCE_EACH)
        return normalise_each(leaf, error);
    if (leaf->node->reference == MQ_REFERENCE_POOLED)
        return normalise_by_level(leaf, SIZE_MAX, error);
    return normalise_from_period(leaf, error);
}

enum mq_status mq_normalise(struct mq_scores *scores, int leaf_index,
                            const struct mq_groups *groups, struct mq_error *error)
{
    const struct mq_node *node = &scores->model->node[leaf_index];
    struct leaf leaf = {.scores = scores,
                        .node = node,
                        .index = (size_t)leaf_index,
                        .method =
                            mq_normalisers[node->normalise.method < 0 ? 0 : node->normalise.method],
                        .groups = groups};
    enum mq_status status;

    if (node->normalise.method < 0)
        return fail_at(&leaf, error, "the indicator has no normalise method");
    leaf.values = malloc((scores->frame->units + 1) * sizeof *leaf.values);
    status = leaf.values ? run(&leaf, error) : mq_fail_memory(error);
    free(leaf.values);
    return status;
}
