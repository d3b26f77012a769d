/*
 * Groups of kept rows. Where all of `by` are codes with few values the group follows from the
 * ordinals; else rows are shared out by a fingerprint of 128 bits and each share looked through on
 * its own, so that the table in use stays small.
 */
#include <string.h>

#include "validate/late.h"

enum { DIRECT_BYS = 8, MOST_DIRECT = 1 << 20, SHARE_ROWS = 1 << 15, SORT_COUNTERS = 1 << 23 };

void mq_grouping_clear(struct mq_grouping *grouping)
{
    mq_array_clear(&grouping->id);
    mq_array_clear(&grouping->start);
    mq_array_clear(&grouping->row);
}

uint64_t mq_cell_identity(const struct mq_column *column, size_t row)
{
    uint64_t bits;
    double number;
    switch (column->type) {
    case MQ_AMOUNT:
        return (uint64_t)column->amount[row];
    case MQ_NUMBER:
        number = column->number[row] + 0.0; /* -0 and 0 are the same */
        memcpy(&bits, &number, sizeof bits);
        return bits;
    case MQ_KEY:
        return column->key[row];
    default:
        return column->code[row];
    }
}

/* ---- rows sorted by group ---- */

struct sorting {
    const uint32_t *id;
    uint32_t rows, groups;
    size_t parts;
    uint32_t *counter; /* [parts * groups]: rows of a part and group, then where they go */
    uint32_t *row;
};

static size_t part_start(const struct sorting *sorting, size_t part)
{
    return (size_t)((uint64_t)sorting->rows * part / sorting->parts);
}

static enum mq_status count_part(void *context, size_t part, size_t worker, struct mq_error *error)
{
    const struct sorting *sorting = context;
    uint32_t *counter = sorting->counter + part * sorting->groups;
    (void)worker, (void)error;
    for (size_t i = part_start(sorting, part); i < part_start(sorting, part + 1); i++)
        if (sorting->id[i] != MQ_NO_GROUP)
            counter[sorting->id[i]]++;
    return MQ_OK;
}

static enum mq_status place_part(void *context, size_t part, size_t worker, struct mq_error *error)
{
    const struct sorting *sorting = context;
    uint32_t *counter = sorting->counter + part * sorting->groups;
    (void)worker, (void)error;
    for (size_t i = part_start(sorting, part); i < part_start(sorting, part + 1); i++)
        if (sorting->id[i] != MQ_NO_GROUP)
            sorting->row[counter[sorting->id[i]]++] = (uint32_t)i;
    return MQ_OK;
}

static void add_up(const struct sorting *sorting, uint32_t *start)
{
    uint32_t sum = 0;
    for (uint32_t group = 0; group < sorting->groups; group++) {
        start[group] = sum;
        for (size_t part = 0; part < sorting->parts; part++) {
            uint32_t *counter = sorting->counter + part * sorting->groups + group, count = *counter;
            *counter = sum;
            sum += count;
        }
    }
    start[sorting->groups] = sum;
}

enum mq_status mq_rows_sort(struct mq_late *late, const uint32_t *id, uint32_t groups,
                            struct mq_array *start, struct mq_array *row, struct mq_error *error)
{
    const char *directory = late->checker->directory;
    struct sorting sorting = {.id = id, .rows = late->rows, .groups = groups};
    sorting.parts = groups ? SORT_COUNTERS / groups : 1;
    if (sorting.parts > late->workers)
        sorting.parts = late->workers;
    if (sorting.parts < 1)
        sorting.parts = 1;
    MQ_TRY(mq_array_new(start, (size_t)groups + 1, sizeof(uint32_t), directory, error));
    MQ_TRY(mq_array_new(row, late->rows, sizeof(uint32_t), directory, error));
    struct mq_array counter;
    MQ_TRY(mq_array_new(&counter, sorting.parts * groups, sizeof(uint32_t), directory, error));
    sorting.counter = counter.data;
    sorting.row = row->data;
    enum mq_status status = mq_each(late->workers, sorting.parts, count_part, &sorting, error);
    if (status == MQ_OK) {
        add_up(&sorting, start->data);
        status = mq_each(late->workers, sorting.parts, place_part, &sorting, error);
    }
    mq_array_clear(&counter);
    return status;
}

/* ---- ids from ordinals ---- */

struct direct {
    struct mq_late *late;
    struct mq_grouping *grouping;
    uint32_t scale[DIRECT_BYS]; /* ordinals of by[i] count this much */
};

static bool fits_direct(const struct mq_late *late, struct direct *direct)
{
    struct mq_grouping *grouping = direct->grouping;
    uint64_t groups = 1;
    if (grouping->bys > DIRECT_BYS)
        return false;
    for (size_t i = 0; i < grouping->bys; i++) {
        const struct mq_dict *dict = mq_reader_dict(late->checker->reader, (size_t)grouping->by[i]);
        if (!dict)
            return false;
        direct->scale[i] = (uint32_t)groups;
        groups *= mq_dict_count(dict);
        if (groups > MOST_DIRECT || groups > 64 + 4 * (uint64_t)late->rows)
            return false;
    }
    grouping->groups = (uint32_t)groups;
    return true;
}

static enum mq_status direct_block(void *context, size_t index, size_t worker,
                                   struct mq_error *error)
{
    const struct direct *direct = context;
    struct mq_late *late = direct->late;
    const struct mq_late_block *block = late->block + index;
    const uint8_t *gone = late->gone.data;
    uint32_t *id = (uint32_t *)direct->grouping->id.data + block->first;
    MQ_TRY(mq_late_look(late, block, late->view + worker, false, error));
    for (uint32_t i = 0; i < block->of->rows; i++)
        id[i] = gone[block->first + i] ? MQ_NO_GROUP : 0;
    for (size_t b = 0; b < direct->grouping->bys; b++) {
        const struct mq_column *column = late->view[worker].column + direct->grouping->by[b];
        for (uint32_t i = 0; i < block->of->rows; i++)
            if (column->state[i] != MQ_PRESENT)
                id[i] = MQ_NO_GROUP;
            else if (id[i] != MQ_NO_GROUP)
                id[i] += column->code[i] * direct->scale[b];
    }
    return MQ_OK;
}

/* ---- ids from fingerprints ---- */

struct fingerprint {
    uint64_t high, low;
};

struct hashed {
    struct mq_late *late;
    struct mq_grouping *grouping;
    struct mq_array print;      /* struct fingerprint [rows] */
    struct mq_array start, row; /* rows by share */
    int bits;                   /* there are 2^bits shares */
    atomic_uint groups;
};

static uint64_t mix(uint64_t value, uint64_t factor)
{
    value *= factor;
    return value ^ value >> 32;
}

static enum mq_status print_block(void *context, size_t index, size_t worker,
                                  struct mq_error *error)
{
    struct hashed *hashed = context;
    struct mq_late *late = hashed->late;
    const struct mq_late_block *block = late->block + index;
    const uint8_t *gone = late->gone.data;
    struct fingerprint *print = (struct fingerprint *)hashed->print.data + block->first;
    uint32_t *id = (uint32_t *)hashed->grouping->id.data + block->first;
    MQ_TRY(mq_late_look(late, block, late->view + worker, false, error));
    const struct mq_column *column = late->view[worker].column;
    for (uint32_t i = 0; i < block->of->rows; i++) {
        struct fingerprint made = {0, 0};
        bool whole = !gone[block->first + i];
        for (size_t b = 0; b < hashed->grouping->bys && whole; b++) {
            const struct mq_column *by = column + hashed->grouping->by[b];
            whole = by->state[i] == MQ_PRESENT;
            uint64_t value = whole ? mq_cell_identity(by, i) : 0;
            /* Of one cell `low` is the value itself but for its bits' order. */
            made.low = mix(made.low ^ value, UINT64_C(0x9E3779B97F4A7C15));
            made.high = mix(made.high + value, UINT64_C(0xD6E8FEB86659FD93));
            made.high = mix(made.high, UINT64_C(0xCA5A826395121157));
        }
        print[i] = made;
        id[i] = !whole         ? MQ_NO_GROUP
                : hashed->bits ? (uint32_t)(made.high >> (64 - hashed->bits))
                               : 0;
    }
    return MQ_OK;
}

/* The place of a fingerprint in the table of the share: 1 + the row that has it first, or 0. */
static uint32_t *slot_of(const struct fingerprint *print, uint32_t *slot, size_t mask, uint32_t row)
{
    size_t at = (size_t)print[row].low & mask;
    while (slot[at] && (print[slot[at] - 1].low != print[row].low ||
                        print[slot[at] - 1].high != print[row].high))
        at = (at + 1) & mask;
    return slot + at;
}

/* Ids of a share's rows; which group has which number depends on the threads, and nothing on it. */
static enum mq_status number_share(void *context, size_t share, size_t worker,
                                   struct mq_error *error)
{
    struct hashed *hashed = context;
    (void)worker;
    const uint32_t *start = hashed->start.data, *row = hashed->row.data;
    const struct fingerprint *print = hashed->print.data;
    uint32_t *id = hashed->grouping->id.data, groups = 0;
    size_t slots = 64, rows = start[share + 1] - start[share];
    while (slots < 2 * rows)
        slots *= 2;
    struct mq_array table;
    MQ_TRY(mq_array_new(&table, slots, sizeof(uint32_t), hashed->late->checker->directory, error));
    for (uint32_t i = start[share]; i < start[share + 1]; i++) {
        uint32_t *slot = slot_of(print, table.data, slots - 1, row[i]);
        if (!*slot) {
            *slot = row[i] + 1;
            groups++;
        }
    }
    uint32_t next = atomic_fetch_add(&hashed->groups, groups);
    for (uint32_t i = start[share]; i < start[share + 1]; i++) {
        uint32_t first = *slot_of(print, table.data, slots - 1, row[i]) - 1;
        id[row[i]] = first == row[i] ? next++ : id[first]; /* the first has its id by now */
    }
    mq_array_clear(&table);
    return MQ_OK;
}

static enum mq_status hash_all(struct hashed *hashed, struct mq_error *error)
{
    struct mq_late *late = hashed->late;
    struct mq_grouping *grouping = hashed->grouping;
    while (hashed->bits < 20 && late->rows >> hashed->bits > SHARE_ROWS)
        hashed->bits++;
    MQ_TRY(mq_array_new(&hashed->print, late->rows, sizeof(struct fingerprint),
                        late->checker->directory, error));
    MQ_TRY(mq_each(late->workers, late->blocks, print_block, hashed, error));
    MQ_TRY(mq_rows_sort(late, grouping->id.data, UINT32_C(1) << hashed->bits, &hashed->start,
                        &hashed->row, error));
    MQ_TRY(mq_each(late->workers, (size_t)1 << hashed->bits, number_share, hashed, error));
    grouping->groups = atomic_load(&hashed->groups);
    return MQ_OK;
}

static enum mq_status find_groups(struct mq_late *late, struct mq_grouping *grouping,
                                  struct mq_error *error)
{
    MQ_TRY(
        mq_array_new(&grouping->id, late->rows, sizeof(uint32_t), late->checker->directory, error));
    struct direct direct = {.late = late, .grouping = grouping};
    if (fits_direct(late, &direct))
        return mq_each(late->workers, late->blocks, direct_block, &direct, error);
    struct hashed hashed = {.late = late, .grouping = grouping};
    enum mq_status status = hash_all(&hashed, error);
    mq_array_clear(&hashed.print);
    mq_array_clear(&hashed.start);
    mq_array_clear(&hashed.row);
    return status;
}

enum mq_status mq_late_group(struct mq_late *late, size_t bys, const int *by,
                             const struct mq_grouping **grouping, struct mq_error *error)
{
    for (size_t g = 0; g < late->groupings; g++) {
        *grouping = late->grouping + g;
        if ((*grouping)->bys == bys &&
            (bys == 0 || memcmp((*grouping)->by, by, bys * sizeof *by) == 0))
            return MQ_OK;
    }
    struct mq_grouping *made = late->grouping + late->groupings++; /* there is room for all */
    *made = (struct mq_grouping){.bys = bys, .by = by};
    MQ_TRY(find_groups(late, made, error));
    MQ_TRY(mq_rows_sort(late, made->id.data, made->groups, &made->start, &made->row, error));
    *grouping = made;
    return MQ_OK;
}

/* ---- group after group ---- */

struct pieces {
    const struct mq_grouping *grouping;
    const uint32_t *start;
    size_t pieces;
    mq_group_fn body;
    void *context;
};

/* The first group that starts at or after this share of the rows. */
static uint32_t first_group(const struct pieces *pieces, size_t piece)
{
    uint32_t groups = pieces->grouping->groups, low = 0, high = groups;
    uint64_t from = (uint64_t)pieces->start[groups] * piece / pieces->pieces;
    if (piece == pieces->pieces)
        return groups;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (pieces->start[middle] < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum mq_status run_piece(void *context, size_t piece, size_t worker, struct mq_error *error)
{
    const struct pieces *pieces = context;
    uint32_t end = first_group(pieces, piece + 1);
    for (uint32_t group = first_group(pieces, piece); group < end; group++)
        MQ_TRY(pieces->body(pieces->context, group, worker, error));
    return MQ_OK;
}

enum mq_status mq_each_group(struct mq_late *late, const struct mq_grouping *grouping,
                             mq_group_fn body, void *context, struct mq_error *error)
{
    struct pieces pieces = {.grouping = grouping,
                            .start = grouping->start.data,
                            .pieces = late->workers > 1 ? 16 * late->workers : 1,
                            .body = body,
                            .context = context};
    return mq_each(late->workers, pieces.pieces, run_piece, &pieces, error);
}
