/* A code list as a tree: rows of a small table, tied to their parents and checked. */
#include "core/core.h"

#include <stdlib.h>
#include <string.h>

/* The columns of a code list; -1 where an optional one is absent. */
struct columns {
    size_t code, name, parent;
    int level, valid_from, valid_to;
};

static enum mq_status find_columns(const struct mq_table *table, struct columns *columns,
                                   struct mq_error *error)
{
    MQ_TRY(mq_table_column(table, "code", &columns->code, error));
    MQ_TRY(mq_table_column(table, "name", &columns->name, error));
    MQ_TRY(mq_table_column(table, "parent", &columns->parent, error));
    columns->level = mq_table_find(table, "level");
    columns->valid_from = mq_table_find(table, "valid_from");
    columns->valid_to = mq_table_find(table, "valid_to");
    return MQ_OK;
}

static const char *cell_at(const struct mq_table *table, size_t row, int column)
{
    return column < 0 ? "" : table->cell[row * table->columns + (size_t)column];
}

/* Text of a cell that outlives the table. */
static const char *keep(struct mq_codes *codes, const char *text)
{
    return text[0] ? mq_arena_string(&codes->arena, text, strlen(text)) : "";
}

static enum mq_status read_row(struct mq_codes *codes, const struct mq_table *table, size_t row,
                               const struct columns *columns, struct mq_error *error)
{
    const char *code = cell_at(table, row, (int)columns->code);
    long line = table->line[row];
    if (!code[0])
        return mq_fail(error, MQ_BAD_MODEL, table->path, line, (long)columns->code + 1,
                       "the code is blank; every row of a code list needs one");
    uint32_t known = mq_dict_find(codes->dict, mq_text(code));
    if (known != MQ_NO_CODE)
        return mq_fail(error, MQ_BAD_MODEL, table->path, line, 0,
                       "code \"%s\" appears twice (first in line %ld); codes must be unique", code,
                       table->line[known]);
    uint32_t ordinal = mq_dict_intern(codes->dict, mq_text(code));
    if (ordinal == MQ_NO_CODE)
        return mq_fail_memory(error);
    struct mq_code *made = &codes->code[row];
    made->code = mq_dict_text(codes->dict, ordinal).s;
    made->name = keep(codes, cell_at(table, row, (int)columns->name));
    made->level = keep(codes, cell_at(table, row, columns->level));
    made->valid_from = keep(codes, cell_at(table, row, columns->valid_from));
    made->valid_to = keep(codes, cell_at(table, row, columns->valid_to));
    made->parent = MQ_NO_CODE;
    if (!made->name || !made->level || !made->valid_from || !made->valid_to)
        return mq_fail_memory(error);
    /* "2013" and "2013-06-30" may meet: only the digits both have are compared. */
    size_t from = strlen(made->valid_from), to = strlen(made->valid_to);
    if (strncmp(made->valid_from, made->valid_to, from < to ? from : to) > 0)
        return mq_fail(error, MQ_BAD_MODEL, table->path, line, 0,
                       "code \"%s\" is valid from %s to %s; the end lies before the beginning",
                       code, made->valid_from, made->valid_to);
    return MQ_OK;
}

static enum mq_status unknown_parent(const struct mq_codes *codes, const struct mq_table *table,
                                     size_t row, const char *parent, struct mq_error *error)
{
    return mq_fail(error, MQ_BAD_MODEL, table->path, table->line[row], 0,
                   "the parent \"%s\" of code \"%s\" is no code of this list; add it, or leave the "
                   "parent blank at the top",
                   parent, codes->code[row].code);
}

/* Top rows have a blank parent, or all the same text that is no code, such as a section letter. */
static enum mq_status tie_parents(struct mq_codes *codes, const struct mq_table *table,
                                  size_t parent_column, struct mq_error *error)
{
    const char *top = NULL; /* what stands in the parent cell of the first top row */
    size_t top_row = 0;
    for (size_t row = 0; row < codes->count; row++) {
        const char *parent = cell_at(table, row, (int)parent_column);
        uint32_t found = parent[0] ? mq_dict_find(codes->dict, mq_text(parent)) : MQ_NO_CODE;
        codes->code[row].parent = found;
        if (found != MQ_NO_CODE)
            continue;
        if (!top) {
            top = parent;
            top_row = row;
        } else if (strcmp(top, parent) != 0) {
            size_t wrong = parent[0] ? row : top_row;
            return unknown_parent(codes, table, wrong, parent[0] ? parent : top, error);
        }
    }
    return MQ_OK;
}

static enum mq_status report_cycle(const struct mq_codes *codes, const struct mq_table *table,
                                   uint32_t first, struct mq_error *error)
{
    enum { SHOWN = 8 };
    struct mq_buffer path = MQ_BUFFER_EMPTY;
    mq_buffer_text(&path, codes->code[first].code);
    uint32_t at = first;
    for (int step = 1; step <= SHOWN; step++) {
        at = codes->code[at].parent;
        mq_buffer_format(&path, " -> %s",
                         step == SHOWN && at != first ? "..." : codes->code[at].code);
        if (at == first)
            break;
    }
    enum mq_status status = path.failed
                                ? mq_fail_memory(error)
                                : mq_fail(error, MQ_BAD_MODEL, table->path, table->line[first], 0,
                                          "the parents of code \"%s\" lead back to itself: %s",
                                          codes->code[first].code, path.data);
    mq_buffer_clear(&path);
    return status;
}

/* Depth of every code, 0 at the top; a walk that meets itself is a cycle. */
static enum mq_status find_depths(const struct mq_codes *codes, const struct mq_table *table,
                                  uint32_t *depth, struct mq_error *error)
{
    const uint32_t unseen = UINT32_MAX, on_walk = UINT32_MAX - 1;
    for (size_t i = 0; i < codes->count; i++)
        depth[i] = unseen;
    for (size_t i = 0; i < codes->count; i++) {
        uint32_t at = (uint32_t)i, steps = 0;
        for (; at != MQ_NO_CODE && depth[at] == unseen; at = codes->code[at].parent, steps++)
            depth[at] = on_walk;
        if (at != MQ_NO_CODE && depth[at] == on_walk)
            return report_cycle(codes, table, at, error);
        uint32_t here = steps + (at == MQ_NO_CODE ? 0 : depth[at] + 1);
        for (at = (uint32_t)i; steps > 0; steps--, at = codes->code[at].parent)
            depth[at] = --here;
    }
    return MQ_OK;
}

struct found_level {
    const char *name;
    uint32_t deepest, shallowest;
    size_t order;
};

static int compare_levels(const void *a, const void *b)
{
    const struct found_level *x = a, *y = b;
    if (x->deepest != y->deepest)
        return x->deepest < y->deepest ? -1 : 1;
    if (x->shallowest != y->shallowest)
        return x->shallowest < y->shallowest ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* Names of levels from top to bottom, by the greatest depth at which they occur: a county directly
 * under a province does not lift counties above cities. */
static enum mq_status find_levels(struct mq_codes *codes, const uint32_t *depth,
                                  struct mq_error *error)
{
    struct mq_buffer list = MQ_BUFFER_EMPTY; /* of struct found_level */
    size_t count = 0;
    for (size_t i = 0; i < codes->count && !list.failed; i++) {
        struct found_level *level = (struct found_level *)(void *)list.data;
        size_t k = 0;
        while (k < count && strcmp(level[k].name, codes->code[i].level) != 0)
            k++;
        if (k < count) {
            level[k].deepest = depth[i] > level[k].deepest ? depth[i] : level[k].deepest;
            level[k].shallowest = depth[i] < level[k].shallowest ? depth[i] : level[k].shallowest;
            codes->code[i].level = level[k].name; /* one pointer a level */
        } else if (codes->code[i].level[0]) {
            struct found_level made = {codes->code[i].level, depth[i], depth[i], count++};
            mq_buffer_add(&list, (const char *)&made, sizeof made);
        }
    }
    codes->level = mq_arena_array(&codes->arena, count, sizeof *codes->level);
    if (list.failed || !codes->level) {
        mq_buffer_clear(&list);
        return mq_fail_memory(error);
    }
    struct found_level *level = (struct found_level *)(void *)list.data;
    if (count)
        qsort(level, count, sizeof *level, compare_levels);
    for (size_t k = 0; k < count; k++)
        codes->level[k] = level[k].name;
    codes->levels = count;
    mq_buffer_clear(&list);
    return MQ_OK;
}

static enum mq_status build(struct mq_codes *codes, const struct mq_table *table,
                            struct mq_error *error)
{
    struct columns columns;
    MQ_TRY(find_columns(table, &columns, error));
    MQ_TRY(mq_dict_new(&codes->dict, error));
    codes->path = mq_arena_string(&codes->arena, table->path, strlen(table->path));
    codes->code = mq_arena_array(&codes->arena, table->rows, sizeof *codes->code);
    if (!codes->path || !codes->code)
        return mq_fail_memory(error);
    if (table->rows == 0)
        return mq_fail(error, MQ_BAD_MODEL, table->path, 0, 0, "the code list has no codes");
    for (size_t row = 0; row < table->rows; row++)
        MQ_TRY(read_row(codes, table, row, &columns, error));
    codes->count = table->rows;
    MQ_TRY(tie_parents(codes, table, columns.parent, error));
    uint32_t *depth = calloc(codes->count, sizeof *depth);
    if (!depth)
        return mq_fail_memory(error);
    enum mq_status status = find_depths(codes, table, depth, error);
    if (status == MQ_OK)
        status = find_levels(codes, depth, error);
    free(depth);
    return status;
}

enum mq_status mq_codes_read(const char *path, struct mq_codes *codes, struct mq_error *error)
{
    struct mq_codes made = {0};
    struct mq_table table = {0};
    enum mq_status status = mq_table_read(path, &table, error);
    if (status == MQ_OK)
        status = build(&made, &table, error);
    if (status == MQ_DATA) { /* a code list belongs to the model */
        status = MQ_BAD_MODEL;
        if (error)
            error->status = status;
    }
    mq_table_clear(&table);
    if (status != MQ_OK) {
        mq_codes_clear(&made);
        return status;
    }
    *codes = made;
    return MQ_OK;
}

uint32_t mq_codes_ancestor(const struct mq_codes *codes, uint32_t ordinal, const char *level)
{
    while (ordinal != MQ_NO_CODE && strcmp(codes->code[ordinal].level, level) != 0)
        ordinal = codes->code[ordinal].parent;
    return ordinal;
}

void mq_codes_clear(struct mq_codes *codes)
{
    mq_dict_free(codes->dict);
    mq_arena_clear(&codes->arena);
    *codes = (struct mq_codes){0};
}
