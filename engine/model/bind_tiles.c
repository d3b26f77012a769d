/* tiles: where the tile of each unit stands; a file code,row,column,name or the same written out.
 */
#include <stdlib.h>
#include <string.h>

#include "model/binder.h"

enum { MOST = 99 };

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct mq_tile *)a)->code, ((const struct mq_tile *)b)->code);
}

static bool place_of(const char *text, int *place)
{
    int64_t number;
    if (mq_decimal_parse(text, strlen(text), 0, &number) != MQ_NUMBER_OK || number < 0 ||
        number > MOST)
        return false;
    *place = (int)number;
    return true;
}

static enum mq_status read_rows(struct mq_binder *b, const struct mq_table *table,
                                struct mq_tile *tile)
{
    static const char *const names[] = {"code", "row", "column", "name"};
    size_t at[4];
    struct mq_arena *arena = &b->model->arena;
    for (size_t i = 0; i < 4; i++)
        MQ_TRY(mq_table_column(table, names[i], &at[i], b->error));
    for (size_t row = 0; row < table->rows; row++) {
        char **cell = table->cell + row * table->columns;
        for (size_t i = 1; i <= 2; i++)
            if (!place_of(cell[at[i]], i == 1 ? &tile[row].row : &tile[row].column))
                return mq_fail(b->error, MQ_BAD_MODEL, table->path, table->line[row], 0,
                               "%s: \"%.40s\" is no place; write a whole number from 0 to %d",
                               names[i], cell[at[i]], MOST);
        tile[row].code = mq_arena_string(arena, cell[at[0]], strlen(cell[at[0]]));
        tile[row].name = mq_arena_string(arena, cell[at[3]], strlen(cell[at[3]]));
        if (!tile[row].code || !tile[row].name)
            return mq_fail_memory(b->error);
    }
    return MQ_OK;
}

static enum mq_status bind_file(struct mq_binder *b, const struct mq_yaml *value)
{
    const char *written, *found;
    struct mq_table table = {0};
    MQ_TRY(mq_bind_path(b, value, "tiles", &written, &found));
    MQ_TRY(mq_table_read(found, &table, b->error));
    struct mq_tile *tile = mq_arena_array(&b->model->arena, table.rows + 1, sizeof *tile);
    enum mq_status status = tile ? read_rows(b, &table, tile) : mq_fail_memory(b->error);
    b->model->plan.tile = tile;
    b->model->plan.tiles = table.rows;
    mq_table_clear(&table);
    if (status == MQ_OK)
        qsort(tile, b->model->plan.tiles, sizeof *tile, by_code);
    return status;
}

/* {"210100": [1, 4, 沈阳市]} */
static enum mq_status bind_pairs(struct mq_binder *b, const struct mq_yaml *map)
{
    struct mq_arena *arena = &b->model->arena;
    struct mq_tile *tile = mq_arena_array(arena, map->count + 1, sizeof *tile);
    if (!tile)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < map->count; i++) {
        const struct mq_yaml *place = map->item[i];
        bool three = place->kind == MQ_YAML_LIST && place->count == 3;
        for (size_t k = 0; three && k < 3; k++)
            three = place->item[k]->kind == MQ_YAML_SCALAR;
        if (!three || !place_of(place->item[0]->text, &tile[i].row) ||
            !place_of(place->item[1]->text, &tile[i].column))
            return mq_bind_fail(b, place,
                                "the place of a tile is [row, column, name], rows and columns "
                                "whole numbers from 0 to %d",
                                MOST);
        tile[i].code = mq_arena_string(arena, map->key[i]->text, map->key[i]->length);
        tile[i].name = mq_arena_string(arena, place->item[2]->text, place->item[2]->length);
        if (!tile[i].code || !tile[i].name)
            return mq_fail_memory(b->error);
    }
    b->model->plan.tile = tile;
    b->model->plan.tiles = map->count;
    qsort(tile, map->count, sizeof *tile, by_code);
    return MQ_OK;
}

enum mq_status mq_bind_tiles(struct mq_binder *b, const struct mq_yaml *tiles)
{
    if (tiles->kind == MQ_YAML_LIST)
        return mq_bind_fail(b, tiles, "\"tiles\" is a file code,row,column,name or a map of codes");
    MQ_TRY(tiles->kind == MQ_YAML_MAP ? bind_pairs(b, tiles) : bind_file(b, tiles));
    const struct mq_plan *plan = &b->model->plan;
    for (size_t i = 1; i < plan->tiles; i++)
        if (strcmp(plan->tile[i].code, plan->tile[i - 1].code) == 0)
            return mq_bind_fail(b, tiles, "code %s has two places", plan->tile[i].code);
    return MQ_OK;
}
