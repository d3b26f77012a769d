/*
 * Levels that are weighted means of finer ones.
 *
 * The weights file names units of the finer level; a unit belongs to the coarser one that its codes
 * lie in. Sums of weight * value are exact, so neither the order of units nor that of the file
 * matters.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

/* ---- which unit lies in which ---- */

struct members {
    struct mq_member *member;
    size_t count;
    struct mq_around around;
};

static enum mq_status add_present(const struct mq_frame *frame, uint32_t fine,
                                  const struct mq_weights *weights, struct members *members,
                                  struct mq_error *error)
{
    for (size_t i = 0; i < frame->units; i++) {
        const struct mq_unit *unit = &frame->unit[i];
        const char *period = frame->period[unit->period];
        const struct mq_weight *weight;
        size_t parent;
        if (unit->level != fine)
            continue;
        weight = mq_weights_find(weights, unit->code, period);
        if (!weight)
            return mq_fail(error, MQ_BAD_MODEL, weights->path, 0, 0,
                           "unit %s (%s) of level %s is in the data%s%s but has no weight; add a "
                           "line",
                           unit->code, unit->name, frame->model->level[fine].id,
                           period[0] ? " of period " : "", period);
        MQ_TRY(mq_around_find(&members->around, i, &parent, error));
        if (parent != SIZE_MAX)
            members->member[members->count++] = (struct mq_member){parent, i, weight};
    }
    return MQ_OK;
}

/* A unit with a weight but no row in a period. If not even the unit around it is in the data, there
 * is nothing to fill. */
static enum mq_status add_absent(const struct mq_frame *frame, uint32_t fine, uint32_t period,
                                 const struct mq_weights *weights, const struct mq_weight *weight,
                                 struct members *members, struct mq_error *error)
{
    const struct mq_level *level = &frame->model->level[members->around.coarse];
    size_t parent;

    if (weight->value == 0 ||
        mq_weights_find(weights, weight->unit, frame->period[period]) != weight ||
        mq_frame_find(frame, period, fine, weight->unit) != SIZE_MAX)
        return MQ_OK;
    MQ_TRY(mq_around_code(&members->around, weight->unit, period, &parent, error));
    if (parent == SIZE_MAX)
        return MQ_OK;
    if (level->rollup.empty == MQ_EMPTY_FAIL)
        return mq_fail(error, MQ_BAD_MODEL, weights->path, weight->line, 1,
                       "unit %s has a weight but no data in period %s at level %s; give the weight "
                       "a period, or write in the model what becomes of empty units (empty: "
                       "renormalise or borrow)",
                       weight->unit, frame->period[period], frame->model->level[fine].id);
    members->member[members->count++] = (struct mq_member){parent, SIZE_MAX, weight};
    return MQ_OK;
}

static enum mq_status find_members(const struct mq_frame *frame, uint32_t coarse,
                                   const struct mq_weights *weights, struct members *members,
                                   struct mq_error *error)
{
    const struct mq_model *model = frame->model;
    uint32_t fine = (uint32_t)model->level[coarse].rollup.of;

    if (!mq_around_open(&members->around, frame, fine, coarse)) {
        const struct mq_level *level = &model->level[coarse];
        const struct mq_level_axis *axis = &level->axis[members->around.lacking];
        return mq_fail(error, MQ_BAD_MODEL, model->path, level->at.line, level->at.column,
                       "level %s cannot be rolled up from %s: units of %s have no %s%s%s",
                       level->id, model->level[fine].id, model->level[fine].id,
                       model->input[axis->input].id, axis->part[0] ? "." : "", axis->part);
    }
    MQ_TRY(add_present(frame, fine, weights, members, error));
    for (size_t i = 0; i < weights->count; i++)
        for (uint32_t period = 0; period < frame->periods; period++)
            if (!weights->row[i].period[0] ||
                strcmp(weights->row[i].period, frame->period[period]) == 0)
                MQ_TRY(add_absent(frame, fine, period, weights, &weights->row[i], members, error));
    return MQ_OK;
}

/* With a design, estimates ask later who lies where. */
static enum mq_status keep_parts(struct mq_frame *frame, uint32_t level,
                                 const struct members *members, struct mq_error *error)
{
    struct mq_part *part = mq_arena_array(&frame->arena, frame->units + 1, sizeof *part);

    if (!frame->part)
        frame->part = mq_arena_array(&frame->arena, frame->model->levels, sizeof *frame->part);
    if (!part || !frame->part)
        return mq_fail_memory(error);
    for (size_t i = 0; i < frame->units; i++)
        part[i].of = MQ_NO_CODE;
    for (size_t i = 0; i < members->count; i++)
        if (members->member[i].child != SIZE_MAX)
            part[members->member[i].child] = (struct mq_part){(uint32_t)members->member[i].parent,
                                                              members->member[i].weight->value};
    frame->part[level] = part;
    return MQ_OK;
}

/* ---- weighted means ---- */

/* By parent, and in it by unit: the first one that is wrong is always the same one. */
static int by_parent(const void *a, const void *b)
{
    const struct mq_member *left = a, *right = b;
    int order = (left->parent > right->parent) - (left->parent < right->parent);

    return order ? order : strcmp(left->weight->unit, right->weight->unit);
}

static void clear_level(struct mq_frame *frame, uint32_t level)
{
    const struct mq_model *model = frame->model;

    for (size_t i = 0; i < frame->units; i++)
        for (size_t k = 0; k < model->nodes && frame->unit[i].level == level; k++) {
            size_t at = i * model->nodes + k;
            if (model->node[k].pooled)
                continue;
            frame->value[at] = frame->numerator[at] = frame->denominator[at] = NAN;
            frame->reason[at] = model->node[k].leaf ? MQ_NOT_REPORTED : MQ_FINE;
        }
}

static enum mq_status open_lenders(struct mq_rolling *rolling, struct mq_arena *arena,
                                   struct mq_error *error)
{
    const struct mq_model *model = rolling->frame->model;
    const struct mq_rollup *rollup = &model->level[rolling->level].rollup;

    rolling->lender = mq_arena_array(arena, rollup->froms + 1, sizeof *rolling->lender);
    if (!rolling->lender)
        return mq_fail_memory(error);
    for (size_t i = 0; i < rollup->froms; i++)
        if (!mq_around_open(&rolling->lender[i], rolling->frame, (uint32_t)rollup->of,
                            (uint32_t)rollup->from[i]))
            return mq_fail(error, MQ_BAD_MODEL, model->path, model->level[rolling->level].at.line,
                           model->level[rolling->level].at.column,
                           "units of %s do not lie in units of %s", model->level[rollup->of].id,
                           model->level[rollup->from[i]].id);
    return MQ_OK;
}

static enum mq_status roll_groups(struct mq_rolling *rolling, struct members *members,
                                  struct mq_error *error)
{
    size_t count = members->count;

    clear_level(rolling->frame, rolling->level);
    if (count)
        qsort(members->member, count, sizeof *members->member, by_parent);
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin;
             end < count && members->member[end].parent == members->member[begin].parent;)
            end++;
        MQ_TRY(mq_roll_group(rolling, &members->member[begin], end - begin, error));
    }
    return MQ_OK;
}

/* Units of the finer level, and for every weight each period that it is for. */
static size_t most_members(const struct mq_frame *frame, const struct mq_weights *weights)
{
    size_t most = frame->units;

    for (size_t i = 0; i < weights->count; i++)
        most += weights->row[i].period[0] ? 1 : frame->periods;
    return most;
}

static enum mq_status roll_level(struct mq_rolling *rolling, struct mq_error *error)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct mq_weights weights = {0};
    struct members members = {0};
    enum mq_status status =
        mq_weights_read(rolling->frame, rolling->level, &arena, &weights, error);
    size_t froms = rolling->frame->model->level[rolling->level].rollup.froms;

    rolling->weights = &weights;
    rolling->lender = NULL;
    if (status == MQ_OK) {
        size_t most = most_members(rolling->frame, &weights);
        members.member = mq_arena_array(&arena, most + 1, sizeof *members.member);
        status = members.member ? open_lenders(rolling, &arena, error) : mq_fail_memory(error);
    }
    if (status == MQ_OK)
        status = find_members(rolling->frame, rolling->level, &weights, &members, error);
    if (status == MQ_OK && rolling->frame->model->design)
        status = keep_parts(rolling->frame, rolling->level, &members, error);
    if (status == MQ_OK)
        status = roll_groups(rolling, &members, error);
    for (size_t i = 0; rolling->lender && i < froms; i++)
        mq_around_close(&rolling->lender[i]);
    mq_around_close(&members.around);
    rolling->weights = NULL; /* and the lenders are gone with the arena */
    rolling->lender = NULL;
    mq_table_clear(&weights.table);
    mq_arena_clear(&arena);
    return status;
}

/* Are the levels done that this one rests on? */
static bool ready(const struct mq_rollup *rollup, const bool *done)
{
    for (size_t i = 0; i < rollup->froms; i++)
        if (!done[rollup->from[i]])
            return false;
    return done[rollup->of];
}

/* A level may be rolled up from one that is itself rolled up: that one first. */
static enum mq_status roll_levels(struct mq_frame *frame, bool *done, struct mq_error *error)
{
    const struct mq_model *model = frame->model;
    struct mq_rolling rolling = {.frame = frame};
    bool progress = true, waiting = true;

    for (size_t i = 0; i < model->levels; i++)
        done[i] = model->level[i].rollup.of < 0;
    while (progress) {
        progress = waiting = false;
        for (size_t i = 0; i < model->levels; i++) {
            if (done[i])
                continue;
            waiting = true;
            if (!ready(&model->level[i].rollup, done))
                continue;
            rolling.level = (uint32_t)i;
            MQ_TRY(roll_level(&rolling, error));
            done[i] = progress = true;
        }
    }
    return waiting ? mq_fail(error, MQ_BAD_MODEL, model->path, 0, 0,
                             "levels are rolled up from each other in a circle")
                   : MQ_OK;
}

enum mq_status mq_rollup(struct mq_frame *frame, struct mq_error *error)
{
    bool *done = calloc(frame->model->levels + 1, sizeof *done);
    enum mq_status status = done ? roll_levels(frame, done, error) : mq_fail_memory(error);

    free(done);
    return status;
}
