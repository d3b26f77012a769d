/* From the codes of a row to the words of its cell, and from a cell to the units it belongs to. */
#include "cells/cube.h"

#include <string.h>

/* How fine a part is: its place among the levels of the list; the code as found is finest. */
static size_t fineness(const struct mq_codes *list, const char *part)
{
    if (!part[0])
        return SIZE_MAX;
    size_t at = 0;
    while (at < list->levels && strcmp(list->level[at], part) != 0)
        at++;
    return at;
}

/* The finest part of an input, coarser than `below`, that a level asks for; NULL if there is none.
 */
static const char *next_part(const struct mq_model *model, int input, const char *below)
{
    const struct mq_codes *list = model->list + model->input[input].list;
    const char *best = NULL;
    for (size_t l = 0; l < model->levels; l++)
        for (size_t a = 0; a < model->level[l].axes; a++) {
            const struct mq_level_axis *axis = model->level[l].axis + a;
            if (axis->input != input ||
                (below && fineness(list, axis->part) >= fineness(list, below)))
                continue;
            if (!best || fineness(list, axis->part) > fineness(list, best))
                best = axis->part;
        }
    return best;
}

static enum mq_status map_codes(const struct mq_model *model, struct mq_axis *axis,
                                struct mq_arena *arena, struct mq_error *error)
{
    const struct mq_codes *list = model->list + model->input[axis->input].list;
    uint32_t *finest = mq_arena_array(arena, list->count + 1, sizeof *finest);
    if (!finest)
        return mq_fail_memory(error);
    for (size_t code = 0; code < list->count; code++)
        finest[code] = MQ_NO_CODE;
    /* Finest part first; what has no ancestor there waits for a coarser one. */
    for (const char *part = next_part(model, axis->input, NULL); part;
         part = next_part(model, axis->input, part))
        for (size_t code = 0; code < list->count; code++)
            if (finest[code] == MQ_NO_CODE)
                finest[code] =
                    part[0] ? mq_codes_ancestor(list, (uint32_t)code, part) : (uint32_t)code;
    axis->finest = finest;
    axis->codes = list->count;
    return MQ_OK;
}

static bool known(const struct mq_axes *axes, int input)
{
    for (size_t a = 0; a < axes->count; a++)
        if (axes->axis[a].input == input)
            return true;
    return false;
}

enum mq_status mq_axes_build(const struct mq_model *model, struct mq_axes *axes,
                             struct mq_arena *arena, struct mq_error *error)
{
    *axes = (struct mq_axes){.period = model->period};
    axes->axis = mq_arena_array(arena, model->inputs + 1, sizeof *axes->axis);
    if (!axes->axis)
        return mq_fail_memory(error);
    for (size_t l = 0; l < model->levels; l++)
        for (size_t a = 0; a < model->level[l].axes; a++) {
            int input = model->level[l].axis[a].input;
            if (known(axes, input))
                continue;
            struct mq_axis *axis = axes->axis + axes->count++;
            *axis = (struct mq_axis){.input = input};
            if (model->input[input].list >= 0)
                MQ_TRY(map_codes(model, axis, arena, error));
        }
    axes->words = axes->count + (axes->period >= 0);
    return MQ_OK;
}

uint32_t mq_axes_code(const struct mq_model *model, const struct mq_axes *axes,
                      const struct mq_level_axis *level, const uint32_t *words)
{
    size_t a = 0;
    while (axes->axis[a].input != level->input)
        a++;
    uint32_t code = words[a + (axes->period >= 0)];
    if (code == MQ_NO_CODE || !level->part[0])
        return code;
    return mq_codes_ancestor(model->list + model->input[level->input].list, code, level->part);
}
