/*
 * Which keys may occur twice: a partition at a time, and of a large partition a slice at a time,
 * the hashes go into a table; those met again are candidates. So memory is bounded by the slice
 * (and by the duplicates), not by the rows.
 */
#include "validate/checker.h"

#include <stdlib.h>
#include <string.h>

enum { PARTITION_BITS = 6, SLICE_RECORDS = 1 << 18, MOST_BITS = 20 };

/* One thread of the search. */
struct finder {
    struct mq_candidates found;
    uint64_t *slot; /* open addressing: a hash, its lowest bit telling "met again"; 0 is free */
    size_t mask;
    uint64_t records; /* in the slice */
    enum mq_status status;
};

struct search {
    const struct mq_checker *checker;
    size_t workers;
    const void **record;   /* [checker->workers] the mapped spills */
    struct finder *finder; /* [workers] */
};

/* The part of a partition whose hashes share the bits after the partition's own. */
struct slice {
    uint32_t partition;
    int bits; /* a partition has 2^bits slices */
    uint64_t number;
};

/* What to do with every record of a slice; false: out of memory. */
typedef bool (*visit_fn)(struct finder *finder, const struct mq_key_record *record,
                         const struct mq_key_block *block);

static bool visit(const struct search *search, struct finder *finder, const struct slice *slice,
                  visit_fn each)
{
    uint32_t p = slice->partition;
    for (size_t w = 0; w < search->checker->workers; w++) {
        const struct mq_keys *keys = &search->checker->judge[w].keys;
        for (size_t c = keys->first_chunk[p]; c < keys->first_chunk[p + 1]; c++) {
            const struct mq_key_record *record = search->record[w];
            record += keys->chunk[c].record;
            for (uint32_t i = 0; i < keys->chunk[c].count; i++, record++)
                if ((slice->bits == 0 ||
                     record->hash << PARTITION_BITS >> (64 - slice->bits) == slice->number) &&
                    !each(finder, record, keys->block + record->block))
                    return false;
        }
    }
    return true;
}

static bool count_record(struct finder *finder, const struct mq_key_record *record,
                         const struct mq_key_block *block)
{
    (void)record, (void)block;
    finder->records++;
    return true;
}

/* The slot that holds the hash, or the free one where it belongs. */
static uint64_t *slot_of(const struct finder *finder, uint64_t name)
{
    size_t at = (size_t)(name >> 1) & finder->mask;
    while (finder->slot[at] && (finder->slot[at] & ~UINT64_C(1)) != name)
        at = (at + 1) & finder->mask;
    return finder->slot + at;
}

/* The hash as it stands in the table; that a few hashes share a name only makes candidates. */
static uint64_t name_of(uint64_t hash)
{
    uint64_t name = hash & ~UINT64_C(1);
    return name ? name : 2;
}

static bool insert(struct finder *finder, const struct mq_key_record *record,
                   const struct mq_key_block *block)
{
    (void)block;
    uint64_t name = name_of(record->hash), *slot = slot_of(finder, name);
    *slot = *slot ? *slot | 1 : name;
    return true;
}

static bool collect(struct finder *finder, const struct mq_key_record *record,
                    const struct mq_key_block *block)
{
    uint64_t name = name_of(record->hash);
    if (!(*slot_of(finder, name) & 1))
        return true;
    struct mq_candidates *found = &finder->found;
    void *grown = mq_make_room(found->row, &found->capacity, found->count, sizeof *found->row);
    if (!grown)
        return false;
    found->row = grown;
    found->row[found->count++] =
        (struct mq_candidate){.hash = name, .at = {block->file, block->block, record->row}};
    return true;
}

static bool search_slice(const struct search *search, struct finder *finder,
                         const struct slice *slice)
{
    finder->records = 0;
    visit(search, finder, slice, count_record);
    if (finder->records < 2)
        return true;
    size_t slots = 64;
    while (slots < 2 * finder->records)
        slots *= 2;
    finder->slot = calloc(slots, sizeof *finder->slot);
    finder->mask = slots - 1;
    bool done = finder->slot != NULL && visit(search, finder, slice, insert) &&
                visit(search, finder, slice, collect);
    free(finder->slot);
    finder->slot = NULL;
    return done;
}

static bool search_partition(const struct search *search, struct finder *finder, uint32_t partition)
{
    uint64_t records = 0;
    for (size_t w = 0; w < search->checker->workers; w++) {
        const struct mq_keys *keys = &search->checker->judge[w].keys;
        for (size_t c = keys->first_chunk[partition]; c < keys->first_chunk[partition + 1]; c++)
            records += keys->chunk[c].count;
    }
    struct slice slice = {.partition = partition};
    while (slice.bits < MOST_BITS && records >> slice.bits > SLICE_RECORDS)
        slice.bits++;
    for (; slice.number < UINT64_C(1) << slice.bits; slice.number++)
        if (!search_slice(search, finder, &slice))
            return false;
    return true;
}

static void run_finder(int worker, void *context)
{
    struct search *search = context;
    struct finder *finder = search->finder + worker;
    for (uint32_t p = (uint32_t)worker; p < MQ_KEY_PARTITIONS && finder->status == MQ_OK;
         p += (uint32_t)search->workers)
        if (!search_partition(search, finder, p))
            finder->status = MQ_INTERNAL;
}

static int by_location(const void *left, const void *right)
{
    const struct mq_candidate *a = left, *b = right;
    return mq_location_compare(&a->at, &b->at);
}

/* All finders' candidates in one array, in order of location. */
static enum mq_status gather(struct search *search, struct mq_candidates *found,
                             struct mq_error *error)
{
    size_t count = 0;
    for (size_t w = 0; w < search->workers; w++) {
        if (search->finder[w].status != MQ_OK)
            return mq_fail_memory(error);
        count += search->finder[w].found.count;
    }
    found->row = calloc(count + 1, sizeof *found->row);
    if (!found->row)
        return mq_fail_memory(error);
    found->capacity = count + 1;
    for (size_t w = 0; w < search->workers; w++) {
        const struct mq_candidates *part = &search->finder[w].found;
        if (part->count)
            memcpy(found->row + found->count, part->row, part->count * sizeof *part->row);
        found->count += part->count;
    }
    qsort(found->row, count, sizeof *found->row, by_location);
    return MQ_OK;
}

static enum mq_status map_spills(struct search *search, struct mq_error *error)
{
    for (size_t w = 0; w < search->checker->workers; w++) {
        struct mq_keys *keys = &search->checker->judge[w].keys;
        const void *bytes = NULL;
        size_t count = 0;
        MQ_TRY(mq_keys_finish(keys, error));
        MQ_TRY(mq_spill_map(&keys->spill, &bytes, &count, error));
        search->record[w] = bytes;
    }
    return MQ_OK;
}

enum mq_status mq_keys_search(const struct mq_checker *checker, size_t workers,
                              struct mq_candidates *found, struct mq_error *error)
{
    struct search search = {.checker = checker, .workers = workers};
    search.record = calloc(checker->workers, sizeof *search.record);
    search.finder = calloc(workers, sizeof *search.finder);
    enum mq_status status =
        search.record && search.finder ? map_spills(&search, error) : mq_fail_memory(error);
    if (status == MQ_OK) {
        mq_parallel((int)workers, run_finder, &search);
        status = gather(&search, found, error);
    }
    for (size_t w = 0; search.finder && w < workers; w++)
        free(search.finder[w].found.row);
    free(search.finder);
    free((void *)search.record);
    return status;
}
