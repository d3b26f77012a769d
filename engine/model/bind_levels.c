/* levels: */
#include "model/binder.h"

#include <string.h>

struct draft {
    const char *id, *title;
    const struct mq_yaml *by, *rollup;
};

static const struct mq_key keys[] = {
    {"id", true, mq_bind_id, offsetof(struct draft, id), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct draft, title), 0, 0},
    {"by", false, mq_bind_keep, offsetof(struct draft, by), 0, 0},
    {"rollup", false, mq_bind_keep, offsetof(struct draft, rollup), 0, 0},
};
static const struct mq_section section = MQ_SECTION("a level", keys);

struct rollup_draft {
    const struct mq_yaml *of, *weights, *empty, *from, *otherwise;
};
static const struct mq_key rollup_keys[] = {
    {"of", true, mq_bind_keep, offsetof(struct rollup_draft, of), 0, 0},
    {"weights", true, mq_bind_keep, offsetof(struct rollup_draft, weights), 0, 0},
    {"empty", false, mq_bind_keep, offsetof(struct rollup_draft, empty), 0, 0},
    {"from", false, mq_bind_keep, offsetof(struct rollup_draft, from), 0, 0},
    {"else", false, mq_bind_keep, offsetof(struct rollup_draft, otherwise), 0, 0},
};
static const struct mq_section rollup_section = MQ_SECTION("a rollup", rollup_keys);

static int find_input(const struct mq_model *model, struct mq_text id)
{
    for (size_t i = 0; i < model->inputs; i++)
        if (mq_text_is(id, model->input[i].id))
            return (int)i;
    return -1;
}

static enum mq_status unknown_axis(struct mq_binder *b, const struct mq_yaml *scalar)
{
    const struct mq_model *model = b->model;
    const char **codes = mq_arena_array(&b->scratch, model->inputs, sizeof *codes);
    size_t count = 0;
    if (!codes)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < model->inputs; i++)
        if (model->input[i].type == MQ_CODE)
            codes[count++] = model->input[i].id;
    return mq_bind_unknown(b, scalar, "a level needs an input of type code, found", codes, count,
                           "code inputs");
}

/* Is `part` a level of the input's code list? */
static enum mq_status check_part(struct mq_binder *b, const struct mq_yaml *scalar,
                                 const struct mq_input *input, const char *part)
{
    char name[MQ_QUOTED], hint[MQ_HINT];
    if (input->list < 0)
        return mq_bind_fail(b, scalar,
                            "input \"%s\" has no code list, so it has no levels; write by: [%s]",
                            mq_quoted(mq_text(input->id), name), name);
    if (b->flags & MQ_MODEL_NO_CODES)
        return MQ_OK;
    const struct mq_codes *list = &b->model->list[input->list];
    for (size_t i = 0; i < list->levels; i++)
        if (strcmp(list->level[i], part) == 0)
            return MQ_OK;
    if (list->levels == 0)
        return mq_bind_fail(b, scalar,
                            "the code list of \"%s\" has no column level; write by: [%s]",
                            mq_quoted(mq_text(input->id), name), name);
    mq_hint(part, list->level, list->levels, "levels", hint);
    return mq_bind_fail(b, scalar, "the code list has no level \"%s\"%s",
                        mq_quoted(mq_text(part), name), hint);
}

/* "region" or "region.province"; input ids may contain points themselves. */
static enum mq_status bind_axis(struct mq_binder *b, const struct mq_yaml *scalar,
                                struct mq_level_axis *axis)
{
    *axis = (struct mq_level_axis){.input = -1, .part = ""};
    if (scalar->kind != MQ_YAML_SCALAR)
        return mq_bind_fail(b, scalar, "\"by\" lists inputs, like [region.province]");
    const char *point = strrchr(scalar->text, '.');
    axis->input = find_input(b->model, mq_text(scalar->text));
    if (axis->input < 0 && point) {
        struct mq_text id = {scalar->text, (size_t)(point - scalar->text)};
        axis->input = find_input(b->model, id);
        const char *part = mq_arena_string(&b->model->arena, point + 1, strlen(point + 1));
        if (!part)
            return mq_fail_memory(b->error);
        axis->part = part;
    }
    if (axis->input < 0 || b->model->input[axis->input].type != MQ_CODE)
        return unknown_axis(b, scalar);
    return axis->input >= 0 && *axis->part
               ? check_part(b, scalar, &b->model->input[axis->input], axis->part)
               : MQ_OK;
}

static enum mq_status bind_axes(struct mq_binder *b, const struct mq_yaml *by,
                                struct mq_level *level)
{
    if (by->kind == MQ_YAML_SCALAR) {
        level->axes = 1;
        return bind_axis(b, by, &level->axis[0]);
    }
    MQ_TRY(mq_bind_list(b, by, "by"));
    if (by->count > MQ_MAX_AXES)
        return mq_bind_fail(b, by, "a level is made of at most %d inputs", MQ_MAX_AXES);
    for (size_t i = 0; i < by->count; i++) {
        MQ_TRY(bind_axis(b, by->item[i], &level->axis[i]));
        for (size_t k = 0; k < i; k++)
            if (level->axis[k].input == level->axis[i].input &&
                strcmp(level->axis[k].part, level->axis[i].part) == 0)
                return mq_bind_fail(b, by->item[i], "the same input twice in one level");
        level->axes++;
    }
    return MQ_OK;
}

/* Does following `of` and `from` of a level lead to `wanted`? Levels not bound yet have neither. */
static bool rests_on(const struct mq_model *model, int level, int wanted, size_t steps)
{
    const struct mq_rollup *rollup = &model->level[level].rollup;
    if (level == wanted)
        return true;
    if (rollup->of < 0 || steps > model->levels)
        return false;
    for (size_t i = 0; i < rollup->froms; i++)
        if (rests_on(model, rollup->from[i], wanted, steps + 1))
            return true;
    return rests_on(model, rollup->of, wanted, steps + 1);
}

/* Must units of `fine` lie in units of `coarse`? Axes of inputs with lists go up their trees. */
static bool lies_in(const struct mq_level *fine, const struct mq_level *coarse)
{
    for (size_t i = 0; i < coarse->axes; i++) {
        size_t k = 0;
        while (k < fine->axes && fine->axis[k].input != coarse->axis[i].input)
            k++;
        if (k == fine->axes || (!coarse->axis[i].part[0] && fine->axis[k].part[0]))
            return false;
    }
    return true;
}

/* from: a level or a list of them */
static enum mq_status bind_from(struct mq_binder *b, const struct mq_yaml *from,
                                const char *const *ids, struct mq_level *level)
{
    struct mq_model *model = b->model;
    bool list = from->kind == MQ_YAML_LIST;
    size_t count = list ? from->count : 1;
    int *levels = mq_arena_array(&model->arena, count + 1, sizeof *levels);
    if (!levels)
        return mq_fail_memory(b->error);
    if (count == 0)
        return mq_bind_fail(b, from, "\"from\" names a level to borrow from");
    for (size_t i = 0; i < count; i++) {
        const struct mq_yaml *item = list ? from->item[i] : from;
        MQ_TRY(mq_bind_choice(b, item, ids, model->levels, "levels", &levels[i]));
        if (!lies_in(&model->level[level->rollup.of], &model->level[levels[i]]))
            return mq_bind_fail(b, item, "units of %s do not lie in units of %s",
                                ids[level->rollup.of], ids[levels[i]]);
        if (levels[i] == level->rollup.of ||
            rests_on(model, levels[i], (int)(level - model->level), 0))
            return mq_bind_fail(b, item, "nothing can be borrowed from %s: it %s", ids[levels[i]],
                                levels[i] == level->rollup.of ? "is the level rolled up itself"
                                                              : "rests on this level");
    }
    level->rollup.from = levels;
    level->rollup.froms = count;
    return MQ_OK;
}

static enum mq_status bind_empty(struct mq_binder *b, const struct mq_yaml *map,
                                 const struct rollup_draft *draft, const char *const *ids,
                                 struct mq_level *level)
{
    static const char *const policies[] = {"fail", "renormalise", "borrow"};
    int policy = MQ_EMPTY_FAIL, otherwise = MQ_EMPTY_FAIL;
    if (draft->empty)
        MQ_TRY(mq_bind_choice(b, draft->empty, policies, 3, "policies", &policy));
    level->rollup.empty = (enum mq_empty_policy)policy;
    if (draft->from && policy != MQ_EMPTY_BORROW)
        return mq_bind_fail(b, draft->from, "\"from\" belongs to empty: borrow");
    if (draft->otherwise && policy != MQ_EMPTY_BORROW)
        return mq_bind_fail(b, draft->otherwise, "\"else\" belongs to empty: borrow");
    if (draft->otherwise)
        MQ_TRY(mq_bind_choice(b, draft->otherwise, policies, 2, "policies", &otherwise));
    level->rollup.otherwise = (enum mq_empty_policy)otherwise;
    if (policy == MQ_EMPTY_BORROW && !draft->from)
        return mq_bind_fail(b, map,
                            "empty: borrow needs the key \"from\": the level to borrow from");
    return draft->from ? bind_from(b, draft->from, ids, level) : MQ_OK;
}

/* Levels are known by now; following `of` must end. */
static enum mq_status bind_rollup(struct mq_binder *b, const struct mq_yaml *map,
                                  struct mq_level *level)
{
    struct mq_model *model = b->model;
    struct rollup_draft draft = {0};
    MQ_TRY(mq_bind_map(b, map, &rollup_section, &draft));
    const char **ids = mq_arena_array(&b->scratch, model->levels, sizeof *ids);
    if (!ids)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < model->levels; i++)
        ids[i] = model->level[i].id;
    MQ_TRY(mq_bind_choice(b, draft.of, ids, model->levels, "levels", &level->rollup.of));
    int at = level->rollup.of;
    for (size_t steps = 0; at >= 0; at = model->level[at].rollup.of)
        if (++steps > model->levels)
            return mq_bind_fail(b, draft.of, "a level cannot be rolled up from itself");
    for (size_t i = 0; i < model->levels; i++)
        for (size_t k = 0; k < model->level[i].rollup.froms; k++)
            if (rests_on(model, model->level[i].rollup.from[k], (int)i, 0))
                return mq_bind_fail(b, draft.of, "%s borrows from %s, which would rest on it",
                                    ids[i], ids[model->level[i].rollup.from[k]]);
    MQ_TRY(bind_empty(b, map, &draft, ids, level));
    const char *found;
    MQ_TRY(mq_bind_path(b, draft.weights, "weights", &level->rollup.path, &found));
    return b->flags & MQ_MODEL_NO_CODES ? MQ_OK : mq_bind_digest(b, found);
}

enum mq_status mq_bind_levels(struct mq_binder *b, const struct mq_yaml *levels)
{
    struct mq_model *model = b->model;
    MQ_TRY(mq_bind_list(b, levels, "levels"));
    if (levels->count == 0)
        return mq_bind_fail(b, levels, "a model needs at least one level, like {id: nation}");
    model->level = mq_arena_array(&model->arena, levels->count, sizeof *model->level);
    struct draft *draft = mq_arena_array(&b->scratch, levels->count, sizeof *draft);
    if (!model->level || !draft)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < levels->count; i++) {
        MQ_TRY(mq_bind_map(b, levels->item[i], &section, &draft[i]));
        MQ_TRY(mq_bind_once(b, levels, i, "level"));
        model->level[i] = (struct mq_level){.id = draft[i].id,
                                            .title = draft[i].title ? draft[i].title : draft[i].id,
                                            .rollup = {.of = -1},
                                            .at = levels->item[i]->at};
        if (draft[i].by)
            MQ_TRY(bind_axes(b, draft[i].by, &model->level[i]));
        model->levels++;
    }
    for (size_t i = 0; i < model->levels; i++)
        if (draft[i].rollup)
            MQ_TRY(bind_rollup(b, draft[i].rollup, &model->level[i]));
    return MQ_OK;
}
