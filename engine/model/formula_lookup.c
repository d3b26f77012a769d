/* Keys of a table, hashed: found or not without a search. */
#include "model/formula.h"

struct mq_key_rows *mq_key_rows_new(struct mq_arena *arena, size_t count)
{
    size_t capacity = 2;
    while (capacity < 2 * count)
        capacity *= 2;
    struct mq_key_rows *rows = mq_arena_alloc(arena, sizeof *rows);
    uint64_t *hash = mq_arena_array(arena, capacity, sizeof *hash);
    uint32_t *row = mq_arena_array(arena, capacity, sizeof *row);
    if (!rows || !hash || !row)
        return NULL;
    for (size_t i = 0; i < capacity; i++)
        row[i] = MQ_NO_CODE;
    *rows = (struct mq_key_rows){.mask = capacity - 1, .hash = hash, .row = row};
    return rows;
}

static size_t place(const struct mq_key_rows *rows, uint64_t hash)
{
    size_t at = (size_t)hash & rows->mask;
    while (rows->row[at] != MQ_NO_CODE && rows->hash[at] != hash)
        at = (at + 1) & rows->mask;
    return at;
}

uint32_t mq_key_rows_add(struct mq_key_rows *rows, uint64_t hash, uint32_t row)
{
    size_t at = place(rows, hash);
    if (rows->row[at] == MQ_NO_CODE) {
        rows->hash[at] = hash;
        rows->row[at] = row;
    }
    return rows->row[at];
}

uint32_t mq_key_rows_find(const struct mq_key_rows *rows, uint64_t hash)
{
    return rows->row[place(rows, hash)];
}
