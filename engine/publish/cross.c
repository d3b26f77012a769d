/* A level with two axes: which units stand down the side and which along the top. */
#include <stdlib.h>
#include <string.h>

#include "publish/draft.h"

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct mq_key *)a)->code, ((const struct mq_key *)b)->code);
}

/* Part 0 or 1 of "a|b"; the whole where there is no bar. NULL if out of memory. */
static const char *part(struct mq_arena *arena, const char *joined, int index)
{
    const char *bar = strchr(joined, '|');
    return !bar         ? joined
           : index == 1 ? bar + 1
                        : mq_arena_string(arena, joined, (size_t)(bar - joined));
}

static bool one_bar(const char *text)
{
    const char *bar = strchr(text, '|');
    return bar && !strchr(bar + 1, '|');
}

/* All keys of one axis in line order; NULL if out of memory. */
static struct mq_key *keys_new(struct mq_arena *arena, const struct mq_lines *lines, int index)
{
    struct mq_key *keys = mq_arena_array(arena, lines->count, sizeof *keys);
    for (size_t i = 0; keys && i < lines->count; i++) {
        const struct mq_line *line = &lines->line[i];
        keys[i].code = part(arena, line->code, index);
        keys[i].name = one_bar(line->name) ? part(arena, line->name, index) : keys[i].code;
        if (!keys[i].code || !keys[i].name)
            return NULL;
    }
    return keys;
}

/* Each key once, by code, and where that of every line stands. */
static bool settle_axis(struct mq_arena *arena, const struct mq_key *keys, size_t count,
                        struct mq_cross_axis *axis)
{
    axis->key = mq_arena_copy(arena, keys, count * sizeof *keys);
    axis->place = mq_arena_array(arena, count, sizeof *axis->place);
    if (!axis->key || !axis->place)
        return false;
    qsort(axis->key, count, sizeof *axis->key, by_code);
    for (size_t i = 0; i < count; i++)
        if (axis->count == 0 || by_code(&axis->key[axis->count - 1], &axis->key[i]) != 0)
            axis->key[axis->count++] = axis->key[i];
    for (size_t i = 0; i < count; i++) {
        const struct mq_key *found =
            bsearch(&keys[i], axis->key, axis->count, sizeof *axis->key, by_code);
        axis->place[i] = (size_t)(found - axis->key);
    }
    return true;
}

/* The single-axis level with the axis' input and part, for its title; -1 if there is none. */
static int level_of_axis(const struct mq_release *release, const struct mq_level_axis *axis)
{
    for (size_t level = 0; level < release->model->levels; level++) {
        const struct mq_level *candidate = &release->model->level[level];
        if (candidate->axes == 1 && candidate->axis[0].input == axis->input &&
            strcmp(candidate->axis[0].part, axis->part) == 0)
            return (int)level;
    }
    return -1;
}

/* The lines of the latest period only: a pair that has gone is an empty cell. */
static bool present(struct mq_arena *arena, const struct mq_lines *lines, struct mq_lines *now)
{
    *now = (struct mq_lines){0, mq_arena_array(arena, lines->count, sizeof *lines->line)};
    for (size_t i = 0; now->line && i < lines->count; i++)
        if (lines->line[i].now != MQ_NO_UNIT)
            now->line[now->count++] = lines->line[i];
    return now->line;
}

bool mq_cross_new(const struct mq_release *release, int level, struct mq_arena *arena,
                  struct mq_cross *cross)
{
    const struct mq_level *self = &release->model->level[level];
    struct mq_cross_axis axis[2] = {0};
    *cross = (struct mq_cross){0};
    if (!present(arena, &release->level[level], &cross->lines))
        return false;
    if (cross->lines.count == 0)
        return true;
    for (int i = 0; i < 2; i++) {
        struct mq_key *keys = keys_new(arena, &cross->lines, i);
        if (!keys || !settle_axis(arena, keys, cross->lines.count, &axis[i]))
            return false;
        axis[i].level = level_of_axis(release, &self->axis[i]);
    }
    int side = axis[0].count > axis[1].count ? 0 : 1;
    cross->side = axis[side];
    cross->head = axis[!side];
    cross->level[0] = axis[0].level;
    cross->level[1] = axis[1].level;
    return true;
}

const char *mq_cross_each(struct mq_draft *draft, int level, const struct mq_cross *cross)
{
    bool chinese = draft->release->chinese;
    if (cross->level[0] < 0 || cross->level[1] < 0)
        return mq_level_each(draft, level);
    const char *each =
        mq_arena_format(&draft->sheets->arena, chinese ? "%s%s" : "%s and %s",
                        mq_level_each(draft, cross->level[0]),
                        mq_level_each(draft, cross->level[1]) + (chinese ? 0 : strlen("by ")));
    draft->failed |= !each;
    return each ? each : "";
}
