/* Texts <-> ordinals. Readers take no lock: an open-addressing table is published by pointer, a
 * full one is replaced and kept until the dictionary dies, and entries live in chunks that never
 * move. Writers take turns by a spin lock. */
#include "core/core.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BITS = 6, FIRST_CHUNK = 1 << FIRST_BITS, CHUNKS = 32 - FIRST_BITS, FIRST_SLOTS = 64 };

struct entry {
    const char *text;
    uint64_t key; /* all bytes of a short text, the hash of a long one */
    size_t length;
    double number;
};

/* Slot: upper half of the hash and ordinal + 1; 0 is free. */
struct slots {
    struct slots *older;
    size_t mask;
    _Atomic uint64_t slot[];
};

struct mq_dict {
    struct slots *_Atomic slots;
    struct entry *_Atomic chunk[CHUNKS]; /* chunk k holds FIRST_CHUNK << k entries */
    _Atomic uint32_t count;
    atomic_flag lock;
    struct mq_arena arena; /* of the texts; under the lock */
};

/* Up to 8 bytes as one number, different for different texts of the same length. */
static uint64_t short_key(struct mq_text text)
{
    uint64_t key = 0;
    if (text.n >= 4) {
        uint32_t first, last;
        memcpy(&first, text.s, sizeof first);
        memcpy(&last, text.s + text.n - sizeof last, sizeof last);
        return (uint64_t)first << 32 | last;
    }
    for (size_t i = 0; i < text.n; i++)
        key = key << 8 | (unsigned char)text.s[i];
    return key;
}

static uint64_t key_of(struct mq_text text)
{
    return text.n <= 8 ? short_key(text) : mq_hash64(text.s, text.n, 0);
}

static uint64_t mix(uint64_t key, size_t length)
{
    key ^= (uint64_t)length * UINT64_C(0x9E3779B97F4A7C15);
    key ^= key >> 32;
    key *= UINT64_C(0xD6E8FEB86659FD93);
    key ^= key >> 32;
    key *= UINT64_C(0xD6E8FEB86659FD93);
    return key ^ key >> 32;
}

/* Where an ordinal lives: chunks double, so the chunk is the leading bit. */
static int chunk_of(uint32_t ordinal, size_t *within)
{
    uint64_t place = (uint64_t)ordinal + FIRST_CHUNK;
    int bit = 63 - __builtin_clzll(place);
    *within = (size_t)(place - (UINT64_C(1) << bit));
    return bit - FIRST_BITS;
}

static struct entry *entry_of(const struct mq_dict *dict, uint32_t ordinal)
{
    size_t within;
    int chunk = chunk_of(ordinal, &within);
    return atomic_load_explicit(&dict->chunk[chunk], memory_order_acquire) + within;
}

static struct slots *new_slots(size_t count, struct slots *older)
{
    struct slots *slots = calloc(1, sizeof *slots + count * sizeof slots->slot[0]);
    if (slots) {
        slots->older = older;
        slots->mask = count - 1;
    }
    return slots;
}

static uint32_t find_in(const struct mq_dict *dict, const struct slots *slots, struct mq_text text,
                        uint64_t key, uint64_t hash)
{
    for (size_t at = hash & slots->mask;; at = (at + 1) & slots->mask) {
        uint64_t slot = atomic_load_explicit(&slots->slot[at], memory_order_acquire);
        if (slot == 0)
            return MQ_NO_CODE;
        if (slot >> 32 != hash >> 32)
            continue;
        uint32_t ordinal = (uint32_t)slot - 1;
        const struct entry *entry = entry_of(dict, ordinal);
        if (entry->key == key && entry->length == text.n &&
            (text.n <= 8 || memcmp(entry->text, text.s, text.n) == 0))
            return ordinal;
    }
}

/* Under the lock: sets a slot; the release makes the entry visible to who reads the slot. */
static void put(struct slots *slots, uint64_t hash, uint32_t ordinal)
{
    size_t at = hash & slots->mask;
    while (atomic_load_explicit(&slots->slot[at], memory_order_relaxed))
        at = (at + 1) & slots->mask;
    uint64_t slot = (hash >> 32) << 32 | (ordinal + 1);
    atomic_store_explicit(&slots->slot[at], slot, memory_order_release);
}

/* Under the lock: a table twice as large once the present one is half full. */
static bool grow(struct mq_dict *dict, uint32_t count)
{
    struct slots *slots = atomic_load_explicit(&dict->slots, memory_order_relaxed);
    if ((uint64_t)count * 2 < slots->mask + 1)
        return true;
    struct slots *larger = new_slots((slots->mask + 1) * 2, slots);
    if (!larger)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const struct entry *entry = entry_of(dict, i);
        put(larger, mix(entry->key, entry->length), i);
    }
    atomic_store_explicit(&dict->slots, larger, memory_order_release);
    return true;
}

/* Under the lock: a new entry, not yet visible. */
static bool write_entry(struct mq_dict *dict, uint32_t ordinal, struct mq_text text, uint64_t key)
{
    size_t within;
    int chunk = chunk_of(ordinal, &within);
    struct entry *entries = atomic_load_explicit(&dict->chunk[chunk], memory_order_relaxed);
    if (!entries) {
        entries = calloc((size_t)FIRST_CHUNK << chunk, sizeof *entries);
        if (!entries)
            return false;
        atomic_store_explicit(&dict->chunk[chunk], entries, memory_order_release);
    }
    const char *copy = mq_arena_string(&dict->arena, text.s, text.n);
    if (!copy)
        return false;
    double number = NAN;
    mq_real_parse(copy, text.n, &number); /* stays NaN if it is none */
    entries[within] = (struct entry){.text = copy, .key = key, .length = text.n, .number = number};
    return true;
}

static uint32_t insert(struct mq_dict *dict, struct mq_text text, uint64_t key, uint64_t hash)
{
    struct slots *slots = atomic_load_explicit(&dict->slots, memory_order_relaxed);
    uint32_t ordinal = find_in(dict, slots, text, key, hash); /* another may have been faster */
    if (ordinal != MQ_NO_CODE)
        return ordinal;
    uint32_t count = atomic_load_explicit(&dict->count, memory_order_relaxed);
    if (count >= MQ_NO_CODE - FIRST_CHUNK || !grow(dict, count) ||
        !write_entry(dict, count, text, key))
        return MQ_NO_CODE;
    atomic_store_explicit(&dict->count, count + 1, memory_order_release);
    put(atomic_load_explicit(&dict->slots, memory_order_relaxed), hash, count);
    return count;
}

enum mq_status mq_dict_new(struct mq_dict **dict, struct mq_error *error)
{
    struct mq_dict *made = calloc(1, sizeof *made);
    struct slots *slots = made ? new_slots(FIRST_SLOTS, NULL) : NULL;
    if (!slots) {
        free(made);
        return mq_fail_memory(error);
    }
    atomic_init(&made->slots, slots);
    atomic_flag_clear(&made->lock);
    *dict = made;
    return MQ_OK;
}

void mq_dict_free(struct mq_dict *dict)
{
    if (!dict)
        return;
    for (struct slots *slots = atomic_load(&dict->slots); slots;) {
        struct slots *older = slots->older;
        free(slots);
        slots = older;
    }
    for (int i = 0; i < CHUNKS; i++)
        free(atomic_load(&dict->chunk[i]));
    mq_arena_clear(&dict->arena);
    free(dict);
}

uint32_t mq_dict_find(const struct mq_dict *dict, struct mq_text text)
{
    uint64_t key = key_of(text);
    const struct slots *slots = atomic_load_explicit(&dict->slots, memory_order_acquire);
    return find_in(dict, slots, text, key, mix(key, text.n));
}

uint32_t mq_dict_intern(struct mq_dict *dict, struct mq_text text)
{
    uint64_t key = key_of(text), hash = mix(key, text.n);
    const struct slots *slots = atomic_load_explicit(&dict->slots, memory_order_acquire);
    uint32_t ordinal = find_in(dict, slots, text, key, hash);
    if (ordinal != MQ_NO_CODE)
        return ordinal;
    while (atomic_flag_test_and_set_explicit(&dict->lock, memory_order_acquire))
        mq_pause();
    ordinal = insert(dict, text, key, hash);
    atomic_flag_clear_explicit(&dict->lock, memory_order_release);
    return ordinal;
}

uint32_t mq_dict_count(const struct mq_dict *dict)
{
    return atomic_load_explicit(&dict->count, memory_order_acquire);
}

struct mq_text mq_dict_text(const struct mq_dict *dict, uint32_t ordinal)
{
    const struct entry *entry = entry_of(dict, ordinal);
    return (struct mq_text){entry->text, entry->length};
}

double mq_dict_number(const struct mq_dict *dict, uint32_t ordinal)
{
    return entry_of(dict, ordinal)->number;
}
