/* Sums of units -> raw indicator values, coverage and, where there is none, why. */
#include <math.h>

#include "index/index_parts.h"

/* The evaluators of one leaf; numerator and denominator NULL where the formula is no quotient. */
struct leaf {
    const struct mq_node *node;
    size_t index;
    struct mq_evaluator *value, *numerator, *denominator;
};

static void leaf_clear(struct leaf *leaf)
{
    mq_evaluator_free(leaf->value);
    mq_evaluator_free(leaf->numerator);
    mq_evaluator_free(leaf->denominator);
}

static enum mq_status leaf_init(struct leaf *leaf, struct mq_error *error)
{
    const struct mq_formula *formula = &leaf->node->formula;

    MQ_TRY(mq_evaluator_new(&formula->value, &leaf->value, error));
    if (formula->numerator.count)
        MQ_TRY(mq_evaluator_new(&formula->numerator, &leaf->numerator, error));
    if (formula->denominator.count)
        MQ_TRY(mq_evaluator_new(&formula->denominator, &leaf->denominator, error));
    return MQ_OK;
}

/* Whether a formula rests on nothing but blanks that count as zero. */
static bool all_blank(const struct mq_steps *steps, const struct mq_value *slots)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct mq_value *slot;
        if (steps->step[i].kind != MQ_STEP_SLOT)
            continue;
        slot = &slots[steps->step[i].slot];
        if ((slot->kind == MQ_VALUE_SCALED && slot->scaled != 0) ||
            (slot->kind == MQ_VALUE_REAL && slot->real != 0))
            return false;
    }
    return true;
}

static void fill(struct mq_frame *frame, const struct mq_sums *sums, size_t unit, struct leaf *leaf)
{
    const struct mq_model *model = sums->model;
    const struct mq_formula *formula = &leaf->node->formula;
    const struct mq_value *slots = &sums->value[unit * model->slots];
    uint64_t complete = sums->complete[unit * model->masks + (size_t)formula->coverage_mask];
    uint64_t enterprises = sums->unit[unit].enterprises;
    size_t at = unit * model->nodes + leaf->index;
    enum mq_reason reason;

    frame->coverage[at] = enterprises ? (double)complete / (double)enterprises : 0;
    if (complete == 0 &&
        (leaf->node->missing == MQ_COMPLETE || all_blank(&formula->value, slots))) {
        frame->reason[at] = MQ_NOT_REPORTED;
        return;
    }
    reason = mq_evaluate(leaf->value, slots, &frame->value[at]);
    if (reason != MQ_NOT_REPORTED) {
        if (leaf->numerator)
            mq_evaluate(leaf->numerator, slots, &frame->numerator[at]);
        if (leaf->denominator)
            mq_evaluate(leaf->denominator, slots, &frame->denominator[at]);
    }
    if (reason != MQ_NOT_REPORTED && frame->coverage[at] < leaf->node->min_coverage) {
        frame->value[at] = NAN;
        reason = MQ_BELOW_COVERAGE;
    }
    frame->reason[at] = (uint8_t)reason;
}

static enum mq_status fill_leaves(struct mq_frame *frame, const struct mq_sums *sums,
                                  struct mq_error *error)
{
    const struct mq_model *model = sums->model;

    for (size_t i = 0; i < model->nodes; i++) {
        struct leaf leaf = {.node = &model->node[i], .index = i};
        enum mq_status status;
        if (!leaf.node->leaf || leaf.node->growth)
            continue;
        status = leaf_init(&leaf, error);
        for (size_t unit = 0; status == MQ_OK && unit < frame->units; unit++)
            fill(frame, sums, unit, &leaf);
        leaf_clear(&leaf);
        MQ_TRY(status);
    }
    return MQ_OK;
}

static enum mq_status copy_units(struct mq_frame *frame, const struct mq_sums *sums,
                                 struct mq_error *error)
{
    struct mq_arena *arena = &frame->arena;

    for (size_t i = 0; i < sums->periods; i++) {
        struct mq_text text = mq_text(sums->period[i]);
        frame->period[i] = mq_arena_string(arena, text.s, text.n);
        if (!frame->period[i])
            return mq_fail_memory(error);
    }
    for (size_t i = 0; i < sums->units; i++) {
        struct mq_text code = mq_text(sums->unit[i].code), name = mq_text(sums->unit[i].name);
        frame->unit[i] = sums->unit[i];
        frame->unit[i].code = mq_arena_string(arena, code.s, code.n);
        frame->unit[i].name = mq_arena_string(arena, name.s, name.n);
        if (!frame->unit[i].code || !frame->unit[i].name)
            return mq_fail_memory(error);
    }
    return MQ_OK;
}

enum mq_status mq_frame_from_sums(const struct mq_sums *sums, struct mq_frame **frame,
                                  struct mq_error *error)
{
    enum mq_status status;

    *frame = mq_frame_alloc(sums->model, sums->periods, sums->units);
    if (!*frame)
        return mq_fail_memory(error);
    (*frame)->threads = sums->threads;
    status = copy_units(*frame, sums, error);
    if (status == MQ_OK)
        status = fill_leaves(*frame, sums, error);
    if (status == MQ_OK)
        status = mq_rollup(*frame, error);
    if (status == MQ_OK)
        mq_frame_grow(*frame);
    if (status == MQ_OK)
        status = mq_frame_prepare(*frame, error);
    if (status != MQ_OK) {
        mq_frame_free(*frame);
        *frame = NULL;
    }
    return status;
}
