/* Cells and the numbers they hold. */
#include "cells/cube.h"

#include <stdlib.h>
#include <string.h>

void *mq_cube_grow(void *array, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return array;
    size_t wanted = *capacity ? *capacity * 2 : 16;
    void *grown = wanted > SIZE_MAX / size ? NULL : realloc(array, wanted * size);
    if (grown)
        *capacity = wanted;
    return grown;
}

static enum mq_status build(struct mq_cube *cube, const char *spill_directory,
                            struct mq_error *error)
{
    cube->spill_directory =
        mq_arena_string(&cube->arena, spill_directory ? spill_directory : "/tmp",
                        strlen(spill_directory ? spill_directory : "/tmp"));
    if (!cube->spill_directory)
        return mq_fail_memory(error);
    MQ_TRY(mq_axes_build(cube->model, &cube->axes, &cube->arena, error));
    MQ_TRY(mq_layout_build(cube->model, &cube->layout, &cube->arena, error));
    cube->width = cube->layout.counts + cube->layout.sums;
    return MQ_OK;
}

enum mq_status mq_cube_new(const struct mq_model *model, struct mq_reader *reader,
                           const char *spill_directory, struct mq_cube **cube,
                           struct mq_error *error)
{
    struct mq_cube *made = calloc(1, sizeof *made);
    if (!made)
        return mq_fail_memory(error);
    made->model = model;
    made->reader = reader;
    enum mq_status status = build(made, spill_directory, error);
    if (status != MQ_OK) {
        mq_cube_free(made);
        return status;
    }
    *cube = made;
    return MQ_OK;
}

void mq_cube_free(struct mq_cube *cube)
{
    if (!cube)
        return;
    for (size_t p = 0; p < cube->pages; p++)
        free(cube->page[p]);
    for (size_t p = 0; p < cube->exact_pages; p++)
        free(cube->exact_page[p]);
    for (size_t s = 0; s < cube->spills; s++)
        mq_spill_close(cube->spill + s);
    free(cube->page);
    free(cube->exact_page);
    free(cube->spill);
    free(cube->words);
    free(cube->exact_index);
    free(cube->slot);
    free(cube->carry);
    free(cube->include);
    free(cube->cell);
    free(cube->value);
    free(cube->truth);
    mq_kept_rows_free(cube->kept);
    mq_scratch_clear(&cube->scratch);
    mq_arena_clear(&cube->arena);
    free(cube);
}

size_t mq_cube_cells(const struct mq_cube *cube)
{
    size_t live = 0; /* a cell all of whose rows were taken out again is none */
    for (size_t cell = 0; cell < cube->cells; cell++)
        live += mq_cube_row(cube, cell)[0] > 0;
    return live;
}

/* ---- finding cells ---- */

static size_t hash_words(const uint32_t *words, size_t count)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ words[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return (size_t)hash;
}

/* The slot of the cell with these words, or the free one where it belongs. */
static inline uint32_t *find_slot(const struct mq_cube *cube, const uint32_t *words, size_t hash)
{
    size_t count = cube->axes.words, mask = cube->slots - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        uint32_t cell = cube->slot[at];
        if (!cell)
            return cube->slot + at;
        const uint32_t *has = cube->words + (size_t)(cell - 1) * count;
        size_t same = 0;
        while (same < count && has[same] == words[same])
            same++;
        if (same == count)
            return cube->slot + at;
    }
}

static bool grow_slots(struct mq_cube *cube)
{
    size_t slots = cube->slots ? 2 * cube->slots : 64;
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (!slot)
        return false;
    free(cube->slot);
    cube->slot = slot;
    cube->slots = slots;
    for (size_t cell = 0; cell < cube->cells; cell++) {
        const uint32_t *words = cube->words + cell * cube->axes.words;
        *find_slot(cube, words, hash_words(words, cube->axes.words)) = (uint32_t)cell + 1;
    }
    return true;
}

static bool grow_cells(struct mq_cube *cube)
{
    size_t capacity = cube->capacity ? 2 * cube->capacity : MQ_PAGE_CELLS;
    uint32_t *words = realloc(cube->words, (capacity * cube->axes.words + 1) * sizeof *words);
    if (!words)
        return false;
    cube->words = words;
    size_t exacts = cube->layout.exacts;
    if (exacts) {
        uint32_t *index = realloc(cube->exact_index, capacity * exacts * sizeof *index);
        if (!index)
            return false;
        memset(index + cube->capacity * exacts, 0,
               (capacity - cube->capacity) * exacts * sizeof *index);
        cube->exact_index = index;
    }
    int64_t **page = realloc(cube->page, (capacity / MQ_PAGE_CELLS + 1) * sizeof *page);
    if (!page)
        return false;
    cube->page = page;
    cube->capacity = capacity;
    return true;
}

static uint32_t make_cell(struct mq_cube *cube, const uint32_t *words, uint32_t *slot)
{
    if (cube->cells == MQ_NO_CODE - 1 || (cube->cells == cube->capacity && !grow_cells(cube)))
        return MQ_NO_CODE;
    if (cube->cells == cube->pages * MQ_PAGE_CELLS) {
        int64_t *page = calloc(MQ_PAGE_CELLS, (cube->width + 1) * sizeof *page);
        if (!page)
            return MQ_NO_CODE;
        cube->page[cube->pages++] = page;
    }
    uint32_t cell = (uint32_t)cube->cells++;
    for (size_t i = 0; i < cube->axes.words; i++)
        cube->words[(size_t)cell * cube->axes.words + i] = words[i];
    *slot = cell + 1;
    return cell;
}

static inline uint32_t cell_of(struct mq_cube *cube, const uint32_t *words, size_t hash)
{
    if (2 * (cube->cells + 1) > cube->slots && !grow_slots(cube))
        return MQ_NO_CODE;
    uint32_t *slot = find_slot(cube, words, hash);
    return *slot ? *slot - 1 : make_cell(cube, words, slot);
}

uint32_t mq_cube_cell(struct mq_cube *cube, const uint32_t *words)
{
    return cell_of(cube, words, hash_words(words, cube->axes.words));
}

bool mq_cube_find(struct mq_cube *cube, const uint32_t *words, size_t rows, uint32_t *cell)
{
    enum { STEP = 32 };
    size_t count = cube->axes.words, hash[STEP];
    if (!cube->slots && !grow_slots(cube))
        return false;
    for (size_t from = 0; from < rows; from += STEP) {
        size_t some = rows - from < STEP ? rows - from : STEP;
        const uint32_t *word = words + from * count;
        /* The table is larger than the near caches: ask for all slots, then for what they lead to,
         * before waiting for any. */
        for (size_t i = 0; i < some; i++) {
            hash[i] = hash_words(word + i * count, count);
            __builtin_prefetch(cube->slot + (hash[i] & (cube->slots - 1)));
        }
        for (size_t i = 0; i < some; i++) {
            uint32_t likely = cube->slot[hash[i] & (cube->slots - 1)];
            if (likely)
                __builtin_prefetch(cube->words + (size_t)(likely - 1) * count);
        }
        for (size_t i = 0; i < some; i++)
            if ((cell[from + i] = cell_of(cube, word + i * count, hash[i])) == MQ_NO_CODE)
                return false;
    }
    return true;
}

/* ---- integers beyond 64 bits ---- */

static struct mq_carry *find_carry(const struct mq_cube *cube, uint64_t column)
{
    size_t mask = cube->carry_slots - 1;
    size_t at = (size_t)(column * UINT64_C(0x9E3779B97F4A7C15) >> 20) & mask;
    while (cube->carry[at].column && cube->carry[at].column != column)
        at = (at + 1) & mask;
    return cube->carry + at;
}

static bool grow_carries(struct mq_cube *cube)
{
    size_t slots = cube->carry_slots, wanted = slots ? 2 * slots : 64;
    struct mq_carry *old = cube->carry, *made = calloc(wanted, sizeof *made);
    if (!made)
        return false;
    cube->carry = made;
    cube->carry_slots = wanted;
    for (size_t i = 0; i < slots; i++)
        if (old[i].column)
            *find_carry(cube, old[i].column) = old[i];
    free(old);
    return true;
}

bool mq_cube_carry(struct mq_cube *cube, size_t cell, size_t column, int64_t carry)
{
    if (2 * (cube->carries + 1) > cube->carry_slots && !grow_carries(cube))
        return false;
    uint64_t name = (uint64_t)cell * cube->width + column + 1;
    struct mq_carry *at = find_carry(cube, name);
    cube->carries += at->column == 0;
    at->column = name;
    at->carry += carry;
    return true;
}

bool mq_cube_adjust(struct mq_cube *cube, size_t cell, size_t column, int64_t value, int sign)
{
    int64_t *at = mq_cube_row(cube, cell) + column;
    bool over =
        sign > 0 ? __builtin_add_overflow(*at, value, at) : __builtin_sub_overflow(*at, value, at);
    if (!over)
        return true;
    return mq_cube_carry(cube, cell, column, (value > 0) == (sign > 0) ? 1 : -1);
}

mq_int128 mq_cube_integer(const struct mq_cube *cube, size_t cell, size_t column)
{
    mq_int128 value = mq_cube_row(cube, cell)[column];
    if (!cube->carries)
        return value;
    const struct mq_carry *at = find_carry(cube, (uint64_t)cell * cube->width + column + 1);
    return value + ((mq_int128)at->carry * ((mq_int128)1 << 64));
}

/* ---- real sums ---- */

static struct mq_exact *exact_at(const struct mq_cube *cube, uint32_t index)
{
    return cube->exact_page[index >> MQ_PAGE_BITS] + (index & (MQ_PAGE_CELLS - 1));
}

const struct mq_exact *mq_cube_exact_find(const struct mq_cube *cube, size_t cell, size_t exact)
{
    uint32_t index = cube->exact_index[cell * cube->layout.exacts + exact];
    return index ? exact_at(cube, index - 1) : NULL;
}

struct mq_exact *mq_cube_exact(struct mq_cube *cube, size_t cell, size_t exact)
{
    uint32_t *index = cube->exact_index + cell * cube->layout.exacts + exact;
    if (*index)
        return exact_at(cube, *index - 1);
    if (cube->exacts == cube->exact_pages * MQ_PAGE_CELLS) {
        struct mq_exact **pages =
            realloc(cube->exact_page, (cube->exact_pages + 1) * sizeof(struct mq_exact *));
        if (!pages)
            return NULL;
        cube->exact_page = pages;
        struct mq_exact *page = calloc(MQ_PAGE_CELLS, sizeof *page);
        if (!page)
            return NULL;
        cube->exact_page[cube->exact_pages++] = page;
    }
    if (cube->exacts >= UINT32_MAX - 1)
        return NULL;
    *index = (uint32_t)++cube->exacts;
    return exact_at(cube, *index - 1);
}
