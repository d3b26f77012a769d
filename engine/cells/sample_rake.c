/*
 * Weights of a sample are raked to margins of the population, each period by itself: rows of the
 * same codes form a cell, whose weight is the exact sum of theirs, and cells are visited in order
 * of their codes' texts, so neither threads nor the order of rows show. Variances take the raked
 * weights as they are.
 */
#include <stdlib.h>
#include <string.h>

#include "cells/cube.h"

struct key { /* what a group of rows has in common */
    uint32_t period, code[MQ_MAX_RAKED];
};
struct sorted { /* a group */
    uint32_t period, group;
    size_t margins;
    const uint32_t *category; /* [margins] */
};
struct raking {
    const struct mq_cube *cube;
    const struct mq_sums *sums;
    const struct mq_design *design;
    struct mq_sample_place *place;
    size_t rows, groups;
    struct mq_dict *keys;  /* of groups */
    uint32_t *group_of;    /* [rows] */
    struct mq_exact *sum;  /* [groups] */
    uint32_t *category;    /* [groups * margins] */
    struct sorted *sorted; /* [groups] by period and categories */
    double *factor;        /* [groups] */
    struct mq_error *error;
};

/* ---- groups of rows ---- */

static enum mq_status find_groups(struct raking *r)
{
    size_t slots = r->cube->model->slots, length = (1 + r->design->raked) * sizeof(uint32_t);
    MQ_TRY(mq_dict_new(&r->keys, r->error));
    r->group_of = calloc(r->rows + 1, sizeof *r->group_of);
    if (!r->group_of)
        return mq_fail_memory(r->error);
    for (size_t i = 0; i < r->rows; i++) {
        struct key key = {.period = r->place[i].period};
        memcpy(key.code, mq_kept_codes(r->place[i].row, slots),
               r->design->raked * sizeof *key.code);
        r->group_of[i] =
            mq_dict_intern(r->keys, (struct mq_text){(const char *)(const void *)&key, length});
        if (r->group_of[i] == MQ_NO_CODE)
            return mq_fail_memory(r->error);
    }
    r->groups = mq_dict_count(r->keys);
    r->sum = calloc(r->groups + 1, sizeof *r->sum);
    r->category = calloc(r->groups * r->design->margins + 1, sizeof *r->category);
    r->sorted = calloc(r->groups + 1, sizeof *r->sorted);
    r->factor = calloc(r->groups + 1, sizeof *r->factor);
    if (!r->sum || !r->category || !r->sorted || !r->factor)
        return mq_fail_memory(r->error);
    for (size_t i = 0; i < r->rows; i++)
        mq_exact_add(&r->sum[r->group_of[i]], r->place[i].row->weight);
    return MQ_OK;
}

/* ---- their categories ---- */

static const char *axis_text(const struct raking *r, const struct mq_level_axis *axis,
                             const struct key *key)
{
    size_t i = 0;
    while (r->design->raked_input[i] != axis->input)
        i++;
    if (!*axis->part)
        return mq_dict_text(mq_reader_dict(r->cube->reader, (size_t)axis->input), key->code[i]).s;
    const struct mq_model *model = r->cube->model;
    const struct mq_codes *codes = &model->list[model->input[axis->input].list];
    uint32_t above = mq_codes_ancestor(codes, key->code[i], axis->part);
    return above == MQ_NO_CODE ? "" : codes->code[above].code;
}

static bool write_code(const struct raking *r, const struct mq_margin *margin, size_t group,
                       struct mq_buffer *text)
{
    struct mq_text bytes = mq_dict_text(r->keys, (uint32_t)group);
    struct key key = {0};
    memcpy(&key, bytes.s, bytes.n);
    mq_buffer_clear(text);
    for (size_t a = 0; a < margin->axes; a++)
        mq_buffer_format(text, "%s%s", a ? "|" : "", axis_text(r, &margin->axis[a], &key));
    mq_buffer_add(text, "", 1);
    return !text->failed;
}

static uint32_t find_category(const struct mq_margin *margin, const char *code)
{
    size_t low = 0, high = margin->categories;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(margin->category[middle], code);
        if (order == 0)
            return (uint32_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return MQ_NO_CODE;
}

/* One margin; the unknown code that is first by its bytes is refused. */
static enum mq_status find_categories(const struct raking *r, size_t m, struct mq_buffer *text,
                                      struct mq_buffer *unknown)
{
    const struct mq_margin *margin = &r->design->margin[m];
    bool all = true;
    for (size_t g = 0; g < r->groups; g++) {
        uint32_t *category = &r->category[g * r->design->margins + m];
        if (!write_code(r, margin, g, text))
            return mq_fail_memory(r->error);
        *category = find_category(margin, text->data);
        if (*category != MQ_NO_CODE || (!all && strcmp(unknown->data, text->data) <= 0))
            continue;
        all = false;
        mq_buffer_clear(unknown);
        mq_buffer_add(unknown, text->data, text->length);
        if (unknown->failed)
            return mq_fail_memory(r->error);
    }
    return all ? MQ_OK
               : mq_fail(r->error, MQ_DATA, r->design->rake, 0, 0,
                         r->cube->model->chinese
                             ? "%s 的类别 \"%s\" 在数据中，但本表中没有总数；请补一行"
                             : "%s: category \"%s\" is in the data but has no total in this table; "
                               "add a line",
                         margin->name, unknown->data);
}

/* ---- raking ---- */

static int by_categories(const void *left, const void *right)
{
    const struct sorted *a = left, *b = right;
    if (a->period != b->period)
        return a->period < b->period ? -1 : 1;
    for (size_t m = 0; m < a->margins; m++)
        if (a->category[m] != b->category[m])
            return a->category[m] < b->category[m] ? -1 : 1;
    return 0;
}

static void sort_groups(const struct raking *r)
{
    size_t margins = r->design->margins;
    for (size_t g = 0; g < r->groups; g++) {
        uint32_t period;
        memcpy(&period, mq_dict_text(r->keys, (uint32_t)g).s, sizeof period);
        r->sorted[g] = (struct sorted){period, (uint32_t)g, margins, r->category + g * margins};
    }
    if (r->groups)
        qsort(r->sorted, r->groups, sizeof *r->sorted, by_categories);
}

/* Cells of one period: groups of the same categories are one. */
struct cells {
    double *weight, *factor;
    uint32_t *category;
    size_t *cell_of; /* [groups of the period] */
    size_t count;
};

static void fill_cells(const struct raking *r, size_t first, size_t count, struct cells *cells)
{
    size_t margins = r->design->margins;
    struct mq_exact sum = {0};
    for (size_t i = 0; i < count; i++) {
        const struct sorted *group = &r->sorted[first + i];
        if (i == 0 || by_categories(group - 1, group) != 0) {
            memcpy(cells->category + cells->count * margins, group->category,
                   margins * sizeof *group->category);
            cells->count++;
            sum = (struct mq_exact){0};
        }
        mq_exact_merge(&sum, &r->sum[group->group]);
        cells->weight[cells->count - 1] = mq_exact_value(&sum);
        cells->cell_of[i] = cells->count - 1;
    }
}

static enum mq_status rake_cells(const struct raking *r, uint32_t period, struct cells *cells)
{
    const struct mq_design *design = r->design;
    const char *when = r->sums->period[period];
    bool chinese = r->cube->model->chinese;
    char note[128] = "";
    struct mq_rake_margin *margin = calloc(design->margins + 1, sizeof *margin);
    if (!margin)
        return mq_fail_memory(r->error);
    for (size_t m = 0; m < design->margins; m++)
        margin[m] = (struct mq_rake_margin){design->margin[m].name, design->margin[m].categories,
                                            design->margin[m].category, design->margin[m].total};
    if (*when)
        snprintf(note, sizeof note, chinese ? "（时期 %s）" : ", period %s", when);
    enum mq_status status = mq_rake(&(struct mq_rake){.cells = cells->count,
                                                      .margins = design->margins,
                                                      .weight = cells->weight,
                                                      .margin = margin,
                                                      .category = cells->category,
                                                      .path = design->rake,
                                                      .note = note,
                                                      .chinese = chinese},
                                    cells->factor, NULL, r->error);
    free(margin);
    return status;
}

/* The groups [first, first + count) of one period. */
static enum mq_status rake_period(const struct raking *r, size_t first, size_t count)
{
    struct cells cells = {
        .weight = calloc(count, sizeof *cells.weight),
        .factor = calloc(count, sizeof *cells.factor),
        .category = calloc(count * r->design->margins + 1, sizeof *cells.category),
        .cell_of = calloc(count, sizeof *cells.cell_of),
    };
    enum mq_status status = MQ_OK;
    if (!cells.weight || !cells.factor || !cells.category || !cells.cell_of)
        status = mq_fail_memory(r->error);
    if (status == MQ_OK) {
        fill_cells(r, first, count, &cells);
        status = rake_cells(r, r->sorted[first].period, &cells);
    }
    for (size_t i = 0; i < count && status == MQ_OK; i++)
        r->factor[r->sorted[first + i].group] = cells.factor[cells.cell_of[i]];
    free(cells.weight);
    free(cells.factor);
    free(cells.category);
    free(cells.cell_of);
    return status;
}

static enum mq_status rake(struct raking *r)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY, unknown = MQ_BUFFER_EMPTY;
    enum mq_status status = find_groups(r);
    for (size_t m = 0; m < r->design->margins && status == MQ_OK; m++)
        status = find_categories(r, m, &text, &unknown);
    mq_buffer_clear(&text);
    mq_buffer_clear(&unknown);
    MQ_TRY(status);
    sort_groups(r);
    for (size_t first = 0, end = 0; first < r->groups; first = end) {
        while (end < r->groups && r->sorted[end].period == r->sorted[first].period)
            end++;
        MQ_TRY(rake_period(r, first, end - first));
    }
    for (size_t i = 0; i < r->rows; i++)
        r->place[i].factor = r->factor[r->group_of[i]];
    return MQ_OK;
}

enum mq_status mq_sample_rake(const struct mq_cube *cube, const struct mq_sums *sums,
                              struct mq_sample_place *place, size_t rows, struct mq_error *error)
{
    struct raking r = {.cube = cube,
                       .sums = sums,
                       .design = cube->model->design,
                       .place = place,
                       .rows = rows,
                       .error = error};
    for (size_t i = 0; i < rows; i++)
        place[i].factor = 1;
    if (!r.design->margins)
        return MQ_OK;
    enum mq_status status = rake(&r);
    mq_dict_free(r.keys);
    free(r.group_of);
    free(r.sum);
    free(r.category);
    free(r.sorted);
    free(r.factor);
    return status;
}
