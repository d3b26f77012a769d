/* Two axes at once: the index of every pair of units, the axis with more units down the side. */
#include "publish/draft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A unit of one axis: a part of the joined code and name. */
struct key {
    const char *code, *name;
};

struct axis {
    struct key *key; /* by code, each once */
    size_t count;
};

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct key *)a)->code, ((const struct key *)b)->code);
}

/* Part 0 or 1 of "a|b"; the whole where there is no bar. */
static const char *part(struct mq_draft *draft, const char *joined, int index)
{
    const char *bar = strchr(joined, '|');
    const char *text = !bar ? joined
                       : index == 1
                           ? bar + 1
                           : mq_arena_string(&draft->sheets->arena, joined, (size_t)(bar - joined));
    draft->failed |= !text;
    return text ? text : "";
}

static bool one_bar(const char *text)
{
    const char *bar = strchr(text, '|');
    return bar && !strchr(bar + 1, '|');
}

/* All keys of one axis in line order; sorted copies are made by unique(). */
static struct key *keys_new(struct mq_draft *draft, const struct mq_lines *lines, int index)
{
    struct key *keys = mq_arena_array(&draft->sheets->arena, lines->count, sizeof *keys);
    draft->failed |= !keys;
    for (size_t i = 0; keys && i < lines->count; i++) {
        const struct mq_line *line = &lines->line[i];
        keys[i].code = part(draft, line->code, index);
        keys[i].name = one_bar(line->name) ? part(draft, line->name, index) : keys[i].code;
    }
    return keys;
}

static struct axis unique(struct mq_draft *draft, const struct key *keys, size_t count)
{
    struct axis axis = {mq_arena_copy(&draft->sheets->arena, keys, count * sizeof *keys), 0};
    draft->failed |= !axis.key;
    if (!axis.key)
        return axis;
    qsort(axis.key, count, sizeof *axis.key, by_code);
    for (size_t i = 0; i < count; i++)
        if (axis.count == 0 || by_code(&axis.key[axis.count - 1], &axis.key[i]) != 0)
            axis.key[axis.count++] = axis.key[i];
    return axis;
}

static size_t place_of(const struct axis *axis, const struct key *key)
{
    const struct key *found = bsearch(key, axis->key, axis->count, sizeof *key, by_code);
    return (size_t)(found - axis->key);
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

static bool begin(struct mq_draft *draft, int level, const int titled[2], size_t rows,
                  size_t columns)
{
    const struct mq_release *release = draft->release;
    struct mq_arena *arena = &draft->sheets->arena;
    bool chinese = release->chinese, both = titled[0] >= 0 && titled[1] >= 0;
    const char *name = mq_level_title(release, level), *each = mq_level_each(draft, level);
    if (both) {
        each =
            mq_arena_format(arena, chinese ? "%s%s" : "%s and %s", mq_level_each(draft, titled[0]),
                            mq_level_each(draft, titled[1]) + (chinese ? 0 : strlen("by ")));
        if (!name[0])
            name = mq_arena_format(arena, chinese ? "%s×%s" : "%s x %s",
                                   mq_level_title(release, titled[0]),
                                   mq_level_title(release, titled[1]));
    }
    const char *index = mq_index_title(release);
    const char *title = chinese ? mq_arena_format(arena, "%s%s%s", release->now, each, index)
                                : mq_arena_format(arena, "%s %s%s%s", index, each,
                                                  release->now[0] ? ", " : "", release->now);
    draft->failed |= !title || !name || !each;
    const char *id = release->model->level[level].id;
    struct mq_heading heading = {.id = id,
                                 .name = name && name[0] ? name : id,
                                 .title = title ? title : "",
                                 .unit = mq_score_unit(release),
                                 .numbered = true};
    return mq_draft_begin(draft, &heading, columns + 1, rows);
}

static void fill(struct mq_draft *draft, const struct mq_lines *lines, const struct axis axis[2],
                 struct key *const keys[2], int side)
{
    const struct mq_release *release = draft->release;
    for (size_t row = 0; row < axis[side].count; row++) {
        mq_draft_text(draft, row, 0, axis[side].key[row].name);
        for (size_t column = 0; column < axis[!side].count; column++)
            mq_draft_cell(draft, row, column + 1)->text = NULL;
    }
    for (size_t i = 0; i < lines->count; i++)
        mq_draft_number(draft, place_of(&axis[side], &keys[side][i]),
                        place_of(&axis[!side], &keys[!side][i]) + 1,
                        mq_show_score(release, lines->line[i].now, release->root),
                        release->model->decimals);
    for (size_t row = 0; row < axis[side].count; row++)
        for (size_t column = 0; column < axis[!side].count; column++)
            if (!mq_draft_cell(draft, row, column + 1)->text)
                mq_draft_symbol(draft, row, column + 1, MQ_SYMBOL_EMPTY);
}

/* The lines of the latest period only: a pair that has gone is an empty cell. */
static struct mq_lines present(struct mq_draft *draft, const struct mq_lines *lines)
{
    struct mq_lines now = {
        0, mq_arena_array(&draft->sheets->arena, lines->count, sizeof *lines->line)};
    draft->failed |= !now.line;
    for (size_t i = 0; now.line && i < lines->count; i++)
        if (lines->line[i].now != MQ_NO_UNIT)
            now.line[now.count++] = lines->line[i];
    return now;
}

void mq_sheet_matrix(struct mq_draft *draft, int level)
{
    const struct mq_release *release = draft->release;
    const struct mq_level *self = &release->model->level[level];
    struct mq_lines lines = present(draft, &release->level[level]);
    if (release->root < 0 || lines.count == 0)
        return;
    struct key *keys[2] = {keys_new(draft, &lines, 0), keys_new(draft, &lines, 1)};
    if (draft->failed)
        return;
    struct axis axis[2] = {unique(draft, keys[0], lines.count),
                           unique(draft, keys[1], lines.count)};
    int side = axis[0].count > axis[1].count ? 0 : 1;
    int titled[2] = {level_of_axis(release, &self->axis[0]),
                     level_of_axis(release, &self->axis[1])};
    if (draft->failed || !begin(draft, level, titled, axis[side].count, axis[!side].count))
        return;
    const char *corner = titled[side] >= 0  ? mq_unit_heading(release, titled[side])
                         : release->chinese ? "单位"
                                            : "Unit";
    mq_draft_column(draft, corner, "", MQ_COLUMN_TEXT, 0);
    for (size_t i = 0; i < axis[!side].count; i++)
        mq_draft_column(draft, axis[!side].key[i].name, "", MQ_COLUMN_NUMBER,
                        release->model->decimals);
    if (!mq_draft_cells(draft))
        return;
    fill(draft, &lines, axis, keys, side);
    mq_notes_coverage(draft, lines.line, lines.count);
    mq_notes_incomplete(draft, lines.line, lines.count);
    mq_draft_end(draft, true);
}
