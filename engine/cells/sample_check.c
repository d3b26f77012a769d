/* Strata of a sample, and what in the data cannot be a sample of the model's design. */
#include <math.h>
#include <string.h>

#include "cells/cube.h"

/* ---- rows ---- */

static bool before(struct mq_location a, struct mq_location b)
{
    if (a.file != b.file)
        return a.file < b.file;
    return a.block != b.block ? a.block < b.block : a.row < b.row;
}

static const char *stratum_text(const struct mq_cube *cube, uint32_t code)
{
    int strata = cube->model->design->strata;
    return strata < 0 || code == MQ_NO_CODE
               ? ""
               : mq_dict_text(mq_reader_dict(cube->reader, (size_t)strata), code).s;
}

/* " of stratum H", or nothing where there are no strata. */
static const char *of_stratum(const struct mq_cube *cube, const char *stratum, char *text,
                              size_t size)
{
    bool chinese = cube->model->chinese;
    text[0] = '\0';
    if (*stratum)
        snprintf(text, size, chinese ? "层 %s：" : "stratum %s: ", stratum);
    return text;
}

static enum mq_status refuse_row(const struct mq_cube *cube, const struct mq_kept_row *row,
                                 struct mq_error *error)
{
    const struct mq_design *design = cube->model->design;
    const char *path = mq_reader_file(cube->reader, row->at.file)->path;
    bool chinese = cube->model->chinese;
    int input = row->flaw == MQ_FLAW_NO_STRATUM      ? design->strata
                : row->flaw == MQ_FLAW_NO_PSU        ? design->psu
                : row->flaw == MQ_FLAW_NO_POPULATION ? design->fpc
                                                     : design->weight;
    for (size_t i = 0; row->flaw == MQ_FLAW_NO_MARGIN && i < design->raked; i++)
        if (mq_kept_codes(row, cube->model->slots)[i] == MQ_NO_CODE)
            input = design->raked_input[i];
    char stratum[256];
    of_stratum(cube, stratum_text(cube, row->stratum), stratum, sizeof stratum);
    if (row->flaw == MQ_FLAW_WEIGHT)
        return mq_fail(error, MQ_DATA, path, (long)row->line, 0,
                       chinese ? "%s抽样权数 %s 应大于零，即该行所代表的总体单位数"
                               : "%sthe weight %s of this row is not above 0; it says how many "
                                 "members of the population the row stands for",
                       stratum, cube->model->input[input].id);
    return mq_fail(error, MQ_DATA, path, (long)row->line, 0,
                   chinese ? "%s该行缺 %s（抽样设计所需）"
                           : "%sthis row has no %s, which the design of the sample needs",
                   stratum, cube->model->input[input].id);
}

enum mq_status mq_sample_check_rows(const struct mq_cube *cube, const struct mq_sample_place *place,
                                    size_t rows, struct mq_error *error)
{
    const struct mq_kept_row *first = NULL;
    for (size_t i = 0; i < rows; i++) {
        const struct mq_kept_row *row = place[i].row;
        if (row->flaw != MQ_FLAW_NONE && (!first || before(row->at, first->at)))
            first = row;
    }
    return first ? refuse_row(cube, first, error) : MQ_OK;
}

/* ---- strata ---- */

struct checking {
    const struct mq_cube *cube;
    const struct mq_sums *sums;
    const struct mq_design *design;
    const struct mq_sample_place *place;
    struct mq_error *error;
};

/* "stratum H of 2023" */
static const char *name_of(const struct checking *c, const char *stratum, uint32_t period,
                           char *text, size_t size)
{
    const char *when = c->sums->period[period];
    bool chinese = c->cube->model->chinese;
    if (chinese)
        snprintf(text, size, "%s%s%s%s", *stratum ? "层 " : "总体", stratum, *when ? "，时期 " : "",
                 when);
    else
        snprintf(text, size, "%s%s%s%s", *stratum ? "stratum " : "the population", stratum,
                 *when ? " of " : "", when);
    return text;
}

static const char *sample_path(const struct checking *c)
{
    return mq_reader_file(c->cube->reader, 0)->path;
}

static const struct mq_stratum_size *find_size(const struct mq_design *design, const char *stratum)
{
    size_t low = 0, high = design->sizes;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(design->size[middle].stratum, stratum);
        if (order == 0)
            return &design->size[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* How many PSUs the population has; rows [first, first + rows) are the stratum. */
static enum mq_status find_population(const struct checking *c, struct mq_stratum *stratum)
{
    char name[512];
    bool chinese = c->cube->model->chinese;
    name_of(c, stratum->name, stratum->period, name, sizeof name);
    stratum->population = c->place[stratum->first].row->population;
    if (c->design->path) {
        const struct mq_stratum_size *size = find_size(c->design, stratum->name);
        if (!size)
            return mq_fail(c->error, MQ_DATA, c->design->path, 0, 0,
                           chinese ? "%s 在数据中，但总体表中没有；请补一行"
                                   : "%s is in the data but not in this table; add a line",
                           name);
        stratum->population = size->population;
    }
    for (size_t i = 0; c->design->fpc >= 0 && i < stratum->rows; i++) {
        const struct mq_kept_row *row = c->place[stratum->first + i].row;
        if (row->population < stratum->population || row->population > stratum->population)
            return mq_fail(c->error, MQ_DATA, mq_reader_file(c->cube->reader, row->at.file)->path,
                           0, 0,
                           chinese ? "%s 的 %s 不一致：%g 与 %g；同一层各行应相同"
                                   : "%s has more than one %s: %g and %g; all rows of a stratum "
                                     "have the same",
                           name, c->cube->model->input[c->design->fpc].id,
                           fmin(row->population, stratum->population),
                           fmax(row->population, stratum->population));
    }
    return MQ_OK;
}

static enum mq_status check_stratum(const struct checking *c, struct mq_stratum *stratum)
{
    char name[512];
    bool chinese = c->cube->model->chinese;
    MQ_TRY(find_population(c, stratum));
    name_of(c, stratum->name, stratum->period, name, sizeof name);
    if (stratum->population < (double)stratum->psus)
        return mq_fail(c->error, MQ_DATA, c->design->path ? c->design->path : sample_path(c), 0, 0,
                       chinese ? "%s：总体只有 %g 个初级抽样单元，少于样本的 %zu 个"
                               : "%s: its population of %g PSUs is smaller than its sample of %zu",
                       name, stratum->population, stratum->psus);
    if (stratum->psus == 1 && stratum->population > 1 && c->design->single == MQ_SINGLE_FAIL)
        return mq_fail(c->error, MQ_DATA, sample_path(c), 0, 0,
                       chinese ? "%s 只有一个初级抽样单元，无法估计方差；请合并层，或在 design "
                                 "中写 single: certainty、adjust 或 average"
                               : "%s has one PSU, which tells nothing about the variance; join it "
                                 "with another stratum or write single: certainty, adjust or "
                                 "average in the design",
                       name);
    return MQ_OK;
}

/* Every stratum of the table is in every period. Both are in order of texts. */
static enum mq_status check_table(const struct checking *c, const struct mq_sample *sample)
{
    char name[512];
    size_t s = 0;
    for (uint32_t period = 0; period < c->sums->periods; period++)
        for (size_t i = 0; i < c->design->sizes; i++) {
            const struct mq_stratum_size *size = &c->design->size[i];
            if (s < sample->strata && sample->stratum[s].period == period &&
                strcmp(sample->stratum[s].name, size->stratum) == 0) {
                s++;
                continue;
            }
            return mq_fail(c->error, MQ_DATA, c->design->path, size->line, 1,
                           c->cube->model->chinese
                               ? "%s 在总体表中，但数据中没有；请补数据或删去此行"
                               : "%s is in this table but not in the data; add its rows or take "
                                 "the line out",
                           name_of(c, size->stratum, period, name, sizeof name));
        }
    return MQ_OK;
}

enum mq_status mq_sample_strata(const struct mq_cube *cube, const struct mq_sums *sums,
                                const struct mq_sample_place *place, struct mq_sample *sample,
                                struct mq_error *error)
{
    struct checking c = {cube, sums, cube->model->design, place, error};
    size_t count = 0;
    struct mq_stratum *stratum;

    for (size_t i = 0; i < sample->rows; i++)
        count += i == 0 || place[i].period != place[i - 1].period ||
                 place[i].stratum != place[i - 1].stratum;
    sample->stratum = stratum = mq_arena_array(&sample->arena, count + 1, sizeof *stratum);
    if (!stratum)
        return mq_fail_memory(error);
    for (size_t i = 0; i < sample->rows; i++) {
        bool first = i == 0 || place[i].period != place[i - 1].period ||
                     place[i].stratum != place[i - 1].stratum;
        if (first)
            stratum[sample->strata++] =
                (struct mq_stratum){.name = stratum_text(cube, place[i].row->stratum),
                                    .period = place[i].period,
                                    .first = i};
        struct mq_stratum *last = &stratum[sample->strata - 1];
        last->rows++;
        last->psus += first || !mq_same_psu(cube, &place[i], &place[i - 1]);
    }
    for (size_t i = 0; i < sample->strata; i++)
        MQ_TRY(check_stratum(&c, &stratum[i]));
    return cube->model->design->path ? check_table(&c, sample) : MQ_OK;
}
