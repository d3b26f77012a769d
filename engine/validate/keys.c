/* Keys of accepted rows, set aside as 16 bytes a row, sorted into partitions by hash on the way. */
#include "validate/checker.h"

#include <stdlib.h>
#include <string.h>

enum mq_status mq_keys_open(struct mq_keys *keys, const char *directory, struct mq_error *error)
{
    keys->buffer = calloc((size_t)MQ_KEY_PARTITIONS * MQ_KEY_CHUNK, sizeof *keys->buffer);
    if (!keys->buffer)
        return mq_fail_memory(error);
    return mq_spill_open(&keys->spill, directory, error);
}

void mq_keys_clear(struct mq_keys *keys)
{
    mq_spill_close(&keys->spill);
    free(keys->buffer);
    free(keys->block);
    free(keys->chunk);
    free(keys->period);
    *keys = (struct mq_keys){0};
}

static enum mq_status put_chunk(struct mq_keys *keys, uint32_t partition, struct mq_error *error)
{
    uint32_t count = keys->fill[partition];
    if (!count)
        return MQ_OK;
    void *grown =
        mq_make_room(keys->chunk, &keys->chunk_capacity, keys->chunks, sizeof *keys->chunk);
    if (!grown)
        return mq_fail_memory(error);
    keys->chunk = grown;
    MQ_TRY(mq_spill_add(&keys->spill, keys->buffer + (size_t)partition * MQ_KEY_CHUNK,
                        count * sizeof *keys->buffer, error));
    keys->chunk[keys->chunks++] = (struct mq_key_chunk){keys->records, partition, count};
    keys->records += count;
    keys->fill[partition] = 0;
    return MQ_OK;
}

static int by_partition(const void *left, const void *right)
{
    const struct mq_key_chunk *a = left, *b = right;
    if (a->partition != b->partition)
        return a->partition < b->partition ? -1 : 1;
    return a->record < b->record ? -1 : a->record > b->record;
}

enum mq_status mq_keys_finish(struct mq_keys *keys, struct mq_error *error)
{
    for (uint32_t p = 0; p < MQ_KEY_PARTITIONS; p++)
        MQ_TRY(put_chunk(keys, p, error));
    if (keys->chunks)
        qsort(keys->chunk, keys->chunks, sizeof *keys->chunk, by_partition);
    size_t c = 0;
    for (uint32_t p = 0; p <= MQ_KEY_PARTITIONS; p++) {
        while (c < keys->chunks && keys->chunk[c].partition < p)
            c++;
        keys->first_chunk[p] = c;
    }
    return MQ_OK;
}

/* Ordinals of periods depend on which thread came first, their texts do not. */
static enum mq_status know_periods(struct mq_keys *keys, const struct mq_dict *dict,
                                   struct mq_error *error)
{
    size_t count = mq_dict_count(dict);
    if (count <= keys->periods)
        return MQ_OK;
    uint64_t *grown = realloc(keys->period, count * sizeof *grown);
    if (!grown)
        return mq_fail_memory(error);
    keys->period = grown;
    for (; keys->periods < count; keys->periods++) {
        struct mq_text text = mq_dict_text(dict, (uint32_t)keys->periods);
        keys->period[keys->periods] = mq_hash64(text.s, text.n, 1);
    }
    return MQ_OK;
}

static uint64_t hash_of(uint64_t key, uint64_t period)
{
    uint64_t hash = (key ^ period) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

enum mq_status mq_keys_add(struct mq_keys *keys, const struct mq_checker *checker,
                           const struct mq_batch *batch, const uint8_t *verdict,
                           struct mq_error *error)
{
    const struct mq_model *model = checker->model;
    const uint64_t *key = batch->column[model->key].key;
    const struct mq_column *period = model->period >= 0 ? batch->column + model->period : NULL;
    if (period)
        MQ_TRY(know_periods(keys, period->dict, error));
    void *grown =
        mq_make_room(keys->block, &keys->block_capacity, keys->blocks, sizeof *keys->block);
    if (!grown)
        return mq_fail_memory(error);
    keys->block = grown;
    uint32_t block = (uint32_t)keys->blocks;
    keys->block[keys->blocks++] = (struct mq_key_block){batch->file, batch->block};
    for (size_t row = 0; row < batch->rows; row++) {
        if (verdict[row] != MQ_ROW_ACCEPTED)
            continue;
        uint64_t hash = hash_of(key[row], period ? keys->period[period->code[row]] : 0);
        uint32_t partition = (uint32_t)(hash >> 58), *fill = keys->fill + partition;
        keys->buffer[(size_t)partition * MQ_KEY_CHUNK + (*fill)++] =
            (struct mq_key_record){hash, block, (uint32_t)row};
        keys->added++;
        if (*fill == MQ_KEY_CHUNK)
            MQ_TRY(put_chunk(keys, partition, error));
    }
    return MQ_OK;
}
