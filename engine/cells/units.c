/*
 * Which units there are. A unit is named by period, level and code; the name is built so that its
 * bytes sort as units are listed, so finding the distinct ones and ordering them need nothing but a
 * dictionary.
 */
#include "cells/cube.h"

#include <stdlib.h>
#include <string.h>

enum { PREFIX = 16 }; /* bytes of "<period><level>", eight hexadecimal digits each */

struct finding {
    const struct mq_cube *cube;
    struct mq_sums *sums;
    struct mq_dict *names;
    uint32_t *rank;       /* [periods of the reader] place in sums->period */
    struct mq_unit *unit; /* [units] in order of arrival */
    size_t capacity;
    struct mq_buffer text;
};

/* ---- periods ---- */

struct period {
    struct mq_text text;
    uint32_t ordinal;
};

static int by_text(const void *left, const void *right)
{
    const struct period *a = left, *b = right;
    return mq_text_compare(a->text, b->text);
}

static bool live(const struct mq_cube *cube, size_t cell)
{
    return mq_cube_row(cube, cell)[0] > 0;
}

/* Periods of the live cells, in order of bytes. */
static enum mq_status find_periods(struct finding *finding, struct mq_error *error)
{
    const struct mq_cube *cube = finding->cube;
    struct mq_sums *sums = finding->sums;
    const struct mq_dict *dict =
        cube->axes.period >= 0 ? mq_reader_dict(cube->reader, (size_t)cube->axes.period) : NULL;
    size_t known = dict ? mq_dict_count(dict) : 0, periods = 0;
    struct period *period = calloc(known + 1, sizeof *period);
    finding->rank = calloc(known + 1, sizeof *finding->rank);
    if (!period || !finding->rank) {
        free(period);
        return mq_fail_memory(error);
    }
    for (size_t cell = 0; dict && cell < cube->cells; cell++)
        if (live(cube, cell) && cube->words[cell * cube->axes.words] < known)
            finding->rank[cube->words[cell * cube->axes.words]] = 1;
    for (size_t ordinal = 0; ordinal < known; ordinal++)
        if (finding->rank[ordinal])
            period[periods++] =
                (struct period){mq_dict_text(dict, (uint32_t)ordinal), (uint32_t)ordinal};
    qsort(period, periods, sizeof *period, by_text);
    sums->periods = dict ? periods : 1;
    sums->period = mq_arena_array(&sums->arena, sums->periods + 1, sizeof *sums->period);
    bool done = sums->period != NULL;
    if (done)
        sums->period[0] = "";
    for (size_t p = 0; done && p < periods; p++) {
        finding->rank[period[p].ordinal] = (uint32_t)p;
        sums->period[p] = mq_arena_string(&sums->arena, period[p].text.s, period[p].text.n);
        done = sums->period[p] != NULL;
    }
    free(period);
    return done ? MQ_OK : mq_fail_memory(error);
}

/* ---- units
 * ----------------------------------------------------------------------------------------------------
 */

static void add_name(const struct finding *finding, const struct mq_level_axis *axis, uint32_t code,
                     struct mq_buffer *text)
{
    const struct mq_model *model = finding->cube->model;
    int list = model->input[axis->input].list;
    const char *name = list >= 0 ? model->list[list].code[code].name : NULL;
    struct mq_text fallback =
        mq_dict_text(mq_reader_dict(finding->cube->reader, (size_t)axis->input), code);
    if (name && name[0])
        mq_buffer_text(text, name);
    else
        mq_buffer_add(text, fallback.s, fallback.n);
}

/* "<period><level><codes joined by '|'>" into finding->text; false if the cell has no unit at this
 * level. */
static bool describe(struct finding *finding, uint32_t period, size_t level, const uint32_t *words)
{
    const struct mq_cube *cube = finding->cube;
    const struct mq_level *of = cube->model->level + level;
    finding->text.length = 0;
    mq_buffer_format(&finding->text, "%08x%08x", (unsigned)period, (unsigned)level);
    for (size_t a = 0; a < of->axes; a++) {
        uint32_t code = mq_axes_code(cube->model, &cube->axes, of->axis + a, words);
        if (code == MQ_NO_CODE)
            return false;
        struct mq_text text =
            mq_dict_text(mq_reader_dict(cube->reader, (size_t)of->axis[a].input), code);
        mq_buffer_add(&finding->text, "|", a > 0);
        mq_buffer_add(&finding->text, text.s, text.n);
    }
    return true;
}

/* A unit met for the first time. */
static bool make_unit(struct finding *finding, uint32_t period, size_t level, const uint32_t *words)
{
    const struct mq_cube *cube = finding->cube;
    const struct mq_level *of = cube->model->level + level;
    struct mq_arena *arena = &finding->sums->arena;
    uint32_t ordinal = mq_dict_count(finding->names) - 1;
    struct mq_unit *grown =
        mq_cube_grow(finding->unit, &finding->capacity, ordinal, sizeof *finding->unit);
    if (!grown)
        return false;
    finding->unit = grown;
    struct mq_text code = mq_dict_text(finding->names, ordinal);
    struct mq_unit unit = {.period = period, .level = (uint32_t)level};
    unit.code = mq_arena_string(arena, code.s + PREFIX, code.n - PREFIX);
    finding->text.length = 0;
    for (size_t a = 0; a < of->axes; a++) {
        mq_buffer_add(&finding->text, "|", a > 0);
        add_name(finding, of->axis + a, mq_axes_code(cube->model, &cube->axes, of->axis + a, words),
                 &finding->text);
    }
    if (!of->axes)
        mq_buffer_text(&finding->text, of->title && of->title[0] ? of->title : of->id);
    unit.name = finding->text.failed
                    ? NULL
                    : mq_arena_string(arena, finding->text.length ? finding->text.data : "",
                                      finding->text.length);
    grown[ordinal] = unit;
    return unit.code && unit.name;
}

static bool find_unit(struct finding *finding, size_t cell, size_t level, uint32_t *unit)
{
    const struct mq_cube *cube = finding->cube;
    const uint32_t *words = cube->words + cell * cube->axes.words;
    uint32_t period = cube->axes.period >= 0 ? finding->rank[words[0]] : 0;
    if (!describe(finding, period, level, words))
        return true;
    uint32_t before = mq_dict_count(finding->names);
    *unit = finding->text.failed
                ? MQ_NO_CODE
                : mq_dict_intern(finding->names,
                                 (struct mq_text){finding->text.data, finding->text.length});
    if (*unit == MQ_NO_CODE)
        return false;
    return *unit < before || make_unit(finding, period, level, words);
}

/* The listed order: sums->unit is filled and unit[] renumbered. */
static enum mq_status sort_units(struct finding *finding, uint32_t *unit, size_t count,
                                 struct mq_error *error)
{
    struct mq_sums *sums = finding->sums;
    size_t units = mq_dict_count(finding->names);
    struct period *name = calloc(units + 1, sizeof *name);
    uint32_t *place = calloc(units + 1, sizeof *place);
    sums->unit = mq_arena_array(&sums->arena, units + 1, sizeof *sums->unit);
    bool done = name && place && sums->unit;
    for (size_t u = 0; done && u < units; u++)
        name[u] = (struct period){mq_dict_text(finding->names, (uint32_t)u), (uint32_t)u};
    if (done) {
        qsort(name, units, sizeof *name, by_text);
        sums->units = units;
    }
    for (size_t u = 0; done && u < units; u++) {
        place[name[u].ordinal] = (uint32_t)u;
        sums->unit[u] = finding->unit[name[u].ordinal];
    }
    for (size_t i = 0; done && i < count; i++)
        if (unit[i] != MQ_NO_CODE)
            unit[i] = place[unit[i]];
    free(name);
    free(place);
    return done ? MQ_OK : mq_fail_memory(error);
}

static enum mq_status find_all(struct finding *finding, uint32_t *unit, struct mq_error *error)
{
    const struct mq_cube *cube = finding->cube;
    size_t levels = cube->model->levels;
    MQ_TRY(mq_dict_new(&finding->names, error));
    MQ_TRY(find_periods(finding, error));
    for (size_t level = 0; level < levels; level++)
        for (size_t cell = 0; cell < cube->cells; cell++) {
            uint32_t *at = unit + level * cube->cells + cell;
            *at = MQ_NO_CODE;
            if (live(cube, cell) && !find_unit(finding, cell, level, at))
                return mq_fail_memory(error);
        }
    return sort_units(finding, unit, levels * cube->cells, error);
}

enum mq_status mq_units_find(const struct mq_cube *cube, struct mq_sums *sums, uint32_t *unit,
                             struct mq_error *error)
{
    struct finding finding = {.cube = cube, .sums = sums};
    enum mq_status status = find_all(&finding, unit, error);
    mq_dict_free(finding.names);
    free(finding.rank);
    free(finding.unit);
    mq_buffer_clear(&finding.text);
    return status;
}
