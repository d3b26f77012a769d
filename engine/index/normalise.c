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

/* One leaf on its way. */
struct leaf {
    const struct mq_scores *scores;
    struct mq_arena *arena;
    struct mq_fitted_leaf *out;
    const struct mq_node *node;
    size_t index;
    const struct mq_normaliser *method;
    const struct mq_groups *groups;
    double *values; /* [units] reference values being gathered */
    size_t count;
    double *all; /* [units] of the level in all periods, if the method asks for them */
    size_t alls;
    double unit; /* of the unit that the method names; NaN: none */
};

static enum mq_status fail_at(const struct leaf *leaf, struct mq_error *error, const char *message)
{
    return mq_fail(error, MQ_BAD_MODEL, leaf->scores->model->path, leaf->node->at.line,
                   leaf->node->at.column, "%s: %s", leaf->node->id, message);
}

/* ---- fitting ---- */

static enum mq_status fit_values(struct leaf *leaf, struct mq_fit *fit, struct mq_error *error)
{
    double *fitted = mq_arena_array(leaf->arena, MQ_MAX_PARAMS, sizeof *fitted);

    if (!fitted)
        return mq_fail_memory(error);
    fit->fitted = fitted;
    fit->reason = leaf->method->fit(
        &(struct mq_reference_values){leaf->values, leaf->count, leaf->all, leaf->alls, leaf->unit},
        leaf->node, leaf->node->normalise.param, fitted);
    if (!leaf->method->ranks)
        return MQ_OK;
    double *ordered = mq_arena_array(leaf->arena, leaf->count + 1, sizeof *ordered);
    if (!ordered)
        return mq_fail_memory(error);
    memcpy(ordered, leaf->values, leaf->count * sizeof *ordered);
    if (!mq_sort_reals(ordered, leaf->count))
        return mq_fail_memory(error);
    fit->ordered = (struct mq_ordered){ordered, leaf->count};
    return MQ_OK;
}

/* The code of the unit that the method compares all others with; NULL: it names none. */
static const char *named_unit(const struct leaf *leaf)
{
    const struct mq_param *param = leaf->method->method.params;

    for (int i = 0; param && param[i].name; i++)
        if (param[i].kind == MQ_PARAM_TEXT)
            return mq_argument(&leaf->node->normalise, i).text;
    return NULL;
}

static void gather(struct leaf *leaf, size_t begin, size_t end)
{
    const struct mq_frame *frame = leaf->scores->frame;
    const char *named = named_unit(leaf);

    for (size_t i = begin; i < end; i++) {
        double value = frame->used[i * frame->model->nodes + leaf->index];
        if (named && strcmp(frame->unit[i].code, named) == 0)
            leaf->unit = value;
        if (!isnan(value))
            leaf->values[leaf->count++] = value;
    }
}

/* The values of a level in all periods, for methods that ask for them. */
static void gather_all(struct leaf *leaf, uint32_t level)
{
    const struct mq_frame *frame = leaf->scores->frame;

    leaf->alls = 0;
    for (size_t i = 0; leaf->method->asks_all && i < frame->units; i++) {
        double value = frame->used[i * frame->model->nodes + leaf->index];
        if (frame->unit[i].level == level && !isnan(value))
            leaf->all[leaf->alls++] = value;
    }
}

static void start(struct leaf *leaf, uint32_t level)
{
    leaf->count = 0;
    leaf->unit = NAN;
    gather_all(leaf, level);
}

/* ---- the four kinds of reference ---- */

static enum mq_status normalise_each(struct leaf *leaf, struct mq_error *error)
{
    for (size_t g = 0; g < leaf->groups->count; g++) {
        const struct mq_group *group = &leaf->groups->group[g];
        struct mq_fit fit = {0};
        start(leaf, group->level);
        gather(leaf, group->begin, group->end);
        MQ_TRY(fit_values(leaf, &fit, error));
        leaf->out->fit[g] = fit;
    }
    return MQ_OK;
}

/* Reference: the units of a level in one period, or in all (period SIZE_MAX). */
static enum mq_status normalise_by_level(struct leaf *leaf, size_t period, struct mq_error *error)
{
    const struct mq_groups *groups = leaf->groups;

    for (size_t level = 0; level < leaf->scores->model->levels; level++) {
        struct mq_fit fit = {0};
        start(leaf, (uint32_t)level);
        for (size_t g = 0; g < groups->count; g++)
            if (groups->group[g].level == level &&
                (period == SIZE_MAX || groups->group[g].period == period))
                gather(leaf, groups->group[g].begin, groups->group[g].end);
        MQ_TRY(fit_values(leaf, &fit, error));
        for (size_t g = 0; g < groups->count; g++)
            if (groups->group[g].level == level)
                leaf->out->fit[g] = fit;
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
    struct mq_fit written = {.reason = MQ_NO_GOALPOSTS};

    leaf->count = 0;
    if (complete_params(leaf))
        MQ_TRY(fit_values(leaf, &written, error));
    for (size_t g = 0; g < leaf->groups->count; g++)
        leaf->out->fit[g] = written;
    if (leaf->node->goalposts)
        return mq_goalposts_read(leaf->scores->model, leaf->node, leaf->arena,
                                 &leaf->out->goalposts, error);
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

enum mq_status mq_fit_leaf(const struct mq_scores *scores, int index,
                           const struct mq_groups *groups, struct mq_arena *arena,
                           struct mq_fitted_leaf *fitted, struct mq_error *error)
{
    const struct mq_node *node = &scores->model->node[index];
    struct leaf leaf = {.scores = scores,
                        .arena = arena,
                        .out = fitted,
                        .node = node,
                        .index = (size_t)index,
                        .method =
                            mq_normalisers[node->normalise.method < 0 ? 0 : node->normalise.method],
                        .groups = groups};
    enum mq_status status;

    if (node->normalise.method < 0)
        return fail_at(&leaf, error, "the indicator has no normalise method");
    *fitted = (struct mq_fitted_leaf){.node = node, .index = leaf.index, .method = leaf.method};
    fitted->fit = mq_arena_array(arena, groups->count + 1, sizeof *fitted->fit);
    leaf.values = calloc(2 * (scores->frame->units + 1), sizeof *leaf.values);
    leaf.all = leaf.values ? leaf.values + scores->frame->units + 1 : NULL;
    status = leaf.values && fitted->fit ? run(&leaf, error) : mq_fail_memory(error);
    free(leaf.values);
    return status;
}

/* ---- applying ---- */

/* The row of a goalposts file for one unit, else what was written in the model. */
static struct mq_fit fit_of_unit(const struct mq_scores *scores, const struct mq_fitted_leaf *leaf,
                                 size_t group, size_t index)
{
    const struct mq_frame *frame = scores->frame;
    const struct mq_unit *unit = &frame->unit[index];
    const struct mq_goalpost *post =
        mq_goalposts_find(&leaf->goalposts, unit->code, scores->model->level[unit->level].id,
                          frame->period[unit->period]);

    return post ? (struct mq_fit){.reason = post->reason, .fitted = post->fitted}
                : leaf->fit[group];
}

void mq_apply_leaf(struct mq_scores *scores, const struct mq_fitted_leaf *leaf, size_t group,
                   size_t unit)
{
    const struct mq_frame *frame = scores->frame;
    size_t at = unit * frame->model->nodes + leaf->index;
    struct mq_score *score = &scores->score[at];
    struct mq_fit fit =
        leaf->goalposts.count ? fit_of_unit(scores, leaf, group, unit) : leaf->fit[group];

    score->coverage = frame->coverage[at];
    score->reason = frame->reason[at];
    if (fit.reason == MQ_FINE)
        scores->fitted[at] = fit.fitted;
    if (isnan(frame->used[at])) {
        if (frame->screened && frame->screened[unit])
            score->reason = MQ_SCREENED;
        return;
    }
    score->reason = (uint8_t)fit.reason;
    if (fit.reason != MQ_FINE)
        return;
    if (isnan(frame->value[at]))
        score->reason = MQ_IMPUTED;
    else
        score->reason = frame->reason[at]; /* fine, or what a rolled up value rests on */
    score->value = leaf->method->apply(frame->used[at], leaf->node, fit.fitted, &fit.ordered);
    if (!isfinite(score->value)) {
        score->value = NAN;
        score->reason = MQ_UNDEFINED;
    } else if (score->value == 0) {
        score->value = 0; /* no negative zero */
    }
}
