/*
 * The rows set aside become a sample: those that left again are taken out, the rest is brought into
 * the order of period, stratum and PSU and written once more, so that whoever estimates reads them
 * from front to end.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "cells/cube.h"

void mq_sample_free(struct mq_sample *sample)
{
    if (!sample)
        return;
    mq_spill_close(&sample->spill);
    mq_arena_clear(&sample->arena);
    free(sample);
}

struct building {
    const struct mq_cube *cube;
    struct mq_sums *sums;
    struct mq_sample_place *place;
    size_t rows;
    const struct mq_kept_row **left; /* [lefts] rows that left, sorted */
    bool *used;                      /* [lefts] the row that came has been found */
    size_t lefts;
    uint32_t *period_of, *rank_of; /* by code */
};

/* ---- rows that left ---- */

static int by_location(const struct mq_kept_row *a, const struct mq_kept_row *b)
{
    if (a->at.file != b->at.file)
        return a->at.file < b->at.file ? -1 : 1;
    if (a->at.block != b->at.block)
        return a->at.block < b->at.block ? -1 : 1;
    return (a->at.row > b->at.row) - (a->at.row < b->at.row);
}

/* Like by_location, then by all that is known of the row but its sign; slots do not tell rows of
 * one location apart that differ in nothing else. */
static int by_content(const void *left, const void *right)
{
    const struct mq_kept_row *a = *(const struct mq_kept_row *const *)left;
    const struct mq_kept_row *b = *(const struct mq_kept_row *const *)right;
    int order = by_location(a, b);
    if (order == 0)
        order = (a->cell > b->cell) - (a->cell < b->cell);
    if (order == 0)
        order = (a->stratum > b->stratum) - (a->stratum < b->stratum);
    if (order == 0)
        order = (a->psu > b->psu) - (a->psu < b->psu);
    if (order == 0)
        order = (a->weight > b->weight) - (a->weight < b->weight);
    return order ? order : (a->population > b->population) - (a->population < b->population);
}

static bool same_values(const struct mq_kept_row *a, const struct mq_kept_row *b, size_t slots,
                        size_t raked)
{
    for (size_t i = 0; i < raked; i++)
        if (mq_kept_codes(a, slots)[i] != mq_kept_codes(b, slots)[i])
            return false;
    for (size_t s = 0; s < slots; s++)
        if (a->value[s] < b->value[s] || a->value[s] > b->value[s])
            return false;
    return true;
}

/* Has the row left? Each row that left takes out one that came. */
static bool has_left(struct building *b, const struct mq_kept_row *row)
{
    size_t low = 0, high = b->lefts;
    while (low < high) { /* the first that is not before it */
        size_t middle = low + (high - low) / 2;
        if (by_content(&b->left[middle], &row) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < b->lefts && by_content(&b->left[low], &row) == 0; low++)
        if (!b->used[low] &&
            same_values(b->left[low], row, b->cube->model->slots, b->cube->model->design->raked)) {
            b->used[low] = true;
            return true;
        }
    return false;
}

static enum mq_status find_rows(struct building *b, struct mq_error *error)
{
    const void *bytes = NULL;
    size_t count = 0, stride = 1, came = 0;
    if (b->cube->kept) {
        stride = b->cube->kept->stride;
        MQ_TRY(mq_spill_map(&b->cube->kept->spill, &bytes, &count, error));
    }
    size_t records = count / stride;
    for (size_t i = 0; i < records; i++)
        b->lefts +=
            ((const struct mq_kept_row *)(const void *)((const char *)bytes + i * stride))->sign <
            0;
    b->place = calloc(records + 1, sizeof *b->place);
    b->left = calloc(b->lefts + 1, sizeof *b->left);
    b->used = calloc(b->lefts + 1, sizeof *b->used);
    if (!b->place || !b->left || !b->used)
        return mq_fail_memory(error);
    for (size_t i = 0, to = 0; i < records; i++) {
        const struct mq_kept_row *row = (const void *)((const char *)bytes + i * stride);
        if (row->sign < 0)
            b->left[to++] = row;
        else
            b->place[came++].row = row;
    }
    if (b->lefts)
        qsort((void *)b->left, b->lefts, sizeof *b->left, by_content);
    for (size_t i = 0; i < came; i++)
        if (!b->lefts || !has_left(b, b->place[i].row))
            b->place[b->rows++].row = b->place[i].row;
    return MQ_OK;
}

/* ---- order ---- */

struct named {
    struct mq_text text;
    uint32_t code;
};

static int by_text(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    return mq_text_compare(a->text, b->text);
}

/* The place of every code among the texts of a dictionary, which may be NULL. */
static enum mq_status rank_texts(const struct mq_dict *dict, uint32_t **rank,
                                 struct mq_error *error)
{
    size_t count = dict ? mq_dict_count(dict) : 0;
    struct named *named = calloc(count + 1, sizeof *named);
    *rank = calloc(count + 1, sizeof **rank);
    if (!named || !*rank) {
        free(named);
        return mq_fail_memory(error);
    }
    for (size_t i = 0; i < count; i++)
        named[i] = (struct named){mq_dict_text(dict, (uint32_t)i), (uint32_t)i};
    if (count)
        qsort(named, count, sizeof *named, by_text);
    for (size_t i = 0; i < count; i++)
        (*rank)[named[i].code] = (uint32_t)i;
    free(named);
    return MQ_OK;
}

static enum mq_status find_periods(struct building *b, struct mq_error *error)
{
    int input = b->cube->axes.period;
    const struct mq_dict *dict = input >= 0 ? mq_reader_dict(b->cube->reader, (size_t)input) : NULL;
    b->period_of = calloc((dict ? mq_dict_count(dict) : 0) + 1, sizeof *b->period_of);
    if (!b->period_of)
        return mq_fail_memory(error);
    for (size_t p = 0; dict && p < b->sums->periods; p++)
        b->period_of[mq_dict_find(dict, mq_text(b->sums->period[p]))] = (uint32_t)p;
    return MQ_OK;
}

static int by_psu(const void *left, const void *right)
{
    const struct mq_sample_place *a = left, *b = right;
    return (a->psu > b->psu) - (a->psu < b->psu);
}

/* Into buckets of period and stratum, and these by PSU; the order within a PSU does not matter. */
static enum mq_status sort_rows(struct building *b, size_t strata, struct mq_error *error)
{
    size_t buckets = (b->sums->periods ? b->sums->periods : 1) * strata;
    size_t *next = calloc(buckets + 1, sizeof *next);
    struct mq_sample_place *sorted = calloc(b->rows + 1, sizeof *sorted);
    if (!next || !sorted) {
        free(next);
        free(sorted);
        return mq_fail_memory(error);
    }
    for (size_t i = 0; i < b->rows; i++)
        next[b->place[i].period * strata + b->place[i].stratum + 1]++;
    for (size_t k = 1; k <= buckets; k++)
        next[k] += next[k - 1];
    for (size_t i = 0; i < b->rows; i++)
        sorted[next[b->place[i].period * strata + b->place[i].stratum]++] = b->place[i];
    for (size_t k = 0, from = 0; k < buckets; from = next[k++])
        if (b->cube->model->design->psu >= 0 && next[k] - from > 1)
            qsort(sorted + from, next[k] - from, sizeof *sorted, by_psu);
    free(next);
    free(b->place);
    b->place = sorted;
    return MQ_OK;
}

static enum mq_status order_rows(struct building *b, struct mq_error *error)
{
    const struct mq_cube *cube = b->cube;
    int strata = cube->model->design->strata;
    const struct mq_dict *dict = strata >= 0 ? mq_reader_dict(cube->reader, (size_t)strata) : NULL;
    MQ_TRY(find_periods(b, error));
    MQ_TRY(rank_texts(dict, &b->rank_of, error));
    for (size_t i = 0; i < b->rows; i++) {
        const struct mq_kept_row *row = b->place[i].row;
        if (cube->axes.period >= 0)
            b->place[i].period = b->period_of[cube->words[row->cell * cube->axes.words]];
        if (strata >= 0)
            b->place[i].stratum = b->rank_of[row->stratum];
        b->place[i].psu = row->psu;
    }
    return sort_rows(b, dict ? mq_dict_count(dict) : 1, error);
}

/* ---- the sample ---- */

enum { AT_ONCE = 1024 }; /* rows written at a time */

/* Rows are weighted and written by several threads, each at the rows' own place. */
struct writing {
    const struct building *b;
    struct mq_sample *sample;
    const uint32_t *psu;        /* [rows] running number */
    double *most;               /* [threads][slots] */
    struct mq_error error[256]; /* [threads] */
    enum mq_status status[256];
    _Atomic size_t next;
};

static void weigh_row(const struct mq_sample *sample, const struct mq_sample_place *place,
                      struct mq_sampled *row, double *most)
{
    row->cell = place->row->cell;
    row->weight = place->row->weight * place->factor;
    for (size_t s = 0; s < sample->slots; s++) {
        double value = place->row->value[s] * place->factor, size = fabs(value);
        row->value[s] = value;
        most[s] = size > most[s] ? size : most[s];
    }
}

static void write_some(int worker, void *context)
{
    struct writing *w = context;
    size_t stride = w->sample->stride, from;
    char *block = malloc(AT_ONCE * stride);
    enum mq_status *status = &w->status[worker];
    *status = block ? MQ_OK : mq_fail_memory(&w->error[worker]);
    while (*status == MQ_OK && (from = atomic_fetch_add(&w->next, AT_ONCE)) < w->b->rows) {
        size_t count = w->b->rows - from < AT_ONCE ? w->b->rows - from : AT_ONCE;
        for (size_t i = 0; i < count; i++) {
            struct mq_sampled *row = (void *)(block + i * stride);
            row->psu = w->psu[from + i];
            weigh_row(w->sample, &w->b->place[from + i], row,
                      w->most + (size_t)worker * w->sample->slots);
        }
        *status = mq_spill_put(&w->sample->spill, (uint64_t)from * stride, block, count * stride,
                               &w->error[worker]);
    }
    free(block);
}

/* Rows of a PSU are neighbours and get the same number. */
static void number_psus(const struct building *b, uint32_t *psu)
{
    const struct mq_sample_place *place = b->place;
    for (size_t i = 1; i < b->rows; i++)
        psu[i] = psu[i - 1] + (place[i].period != place[i - 1].period ||
                               place[i].stratum != place[i - 1].stratum ||
                               !mq_same_psu(b->cube, &place[i], &place[i - 1]));
}

static enum mq_status write_all(struct writing *w, int threads, struct mq_error *error)
{
    struct mq_sample *sample = w->sample;
    size_t count;
    mq_parallel(threads, write_some, w);
    for (int i = 0; i < threads; i++)
        if (w->status[i] != MQ_OK) {
            if (error)
                *error = w->error[i];
            return w->status[i];
        }
    for (size_t k = 0; k < (size_t)threads * sample->slots; k++)
        sample->most[k % sample->slots] = fmax(sample->most[k % sample->slots], w->most[k]);
    sample->spill.written = (uint64_t)w->b->rows * sample->stride;
    return mq_spill_map(&sample->spill, &sample->bytes, &count, error);
}

static enum mq_status write_rows(const struct building *b, struct mq_sample *sample,
                                 struct mq_error *error)
{
    int threads = b->sums->threads > 1 ? b->sums->threads : 1;
    uint32_t *psu = calloc(b->rows + 1, sizeof *psu);
    double *most = calloc((size_t)threads * sample->slots + 1, sizeof *most);
    struct writing *w = calloc(1, sizeof *w);
    enum mq_status status = psu && most && w ? MQ_OK : mq_fail_memory(error);
    if (status == MQ_OK)
        status = mq_spill_open(&sample->spill, b->cube->spill_directory, error);
    if (status == MQ_OK) {
        number_psus(b, psu);
        w->b = b, w->sample = sample, w->psu = psu, w->most = most;
        status = write_all(w, threads, error);
    }
    free(psu);
    free(most);
    free(w);
    return status;
}

static enum mq_status build(struct building *b, struct mq_error *error)
{
    struct mq_sample *sample = calloc(1, sizeof *sample);
    if (!sample)
        return mq_fail_memory(error);
    b->sums->sample = sample;
    sample->slots = b->cube->model->slots;
    sample->stride = sizeof(struct mq_sampled) + sample->slots * sizeof(double);
    sample->single = b->cube->model->design->single;
    sample->most = mq_arena_array(&sample->arena, sample->slots + 1, sizeof *sample->most);
    if (!sample->most)
        return mq_fail_memory(error);
    MQ_TRY(find_rows(b, error));
    sample->rows = b->rows;
    MQ_TRY(mq_sample_check_rows(b->cube, b->place, b->rows, error));
    MQ_TRY(order_rows(b, error));
    MQ_TRY(mq_sample_strata(b->cube, b->sums, b->place, sample, error));
    MQ_TRY(mq_sample_rake(b->cube, b->sums, b->place, b->rows, error));
    return write_rows(b, sample, error);
}

enum mq_status mq_sample_build(const struct mq_cube *cube, struct mq_sums *sums,
                               struct mq_error *error)
{
    struct building b = {.cube = cube, .sums = sums};
    enum mq_status status = build(&b, error);
    free(b.place);
    free((void *)b.left);
    free(b.used);
    free(b.period_of);
    free(b.rank_of);
    return status;
}
