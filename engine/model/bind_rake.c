/*
 * rake: {file: margins.csv}: totals of the population that the weights of a sample are to add up
 * to. Columns input,code,total; an input is one of type code ("sex"), a level of its list
 * ("region.city") or several of them joined by '|', like the codes ("region.city|sex",
 * "210100|1").
 */
#include <stdlib.h>
#include <string.h>

#include "model/binder.h"

static const struct mq_key keys[] = {{"file", true, mq_bind_keep, 0, 0, 0}};
static const struct mq_section section = MQ_SECTION("rake", keys);

enum { INPUT, CODE, TOTAL, COLUMNS };

struct reading {
    struct mq_binder *b;
    const struct mq_table *table;
    size_t column[COLUMNS];
    struct mq_design *design;
};

static const char *cell_of(const struct reading *r, size_t row, int column)
{
    return r->table->cell[row * r->table->columns + r->column[column]];
}

static enum mq_status fail_at(const struct reading *r, size_t row, int column, const char *problem)
{
    char quoted[MQ_QUOTED];
    return mq_fail(r->b->error, MQ_BAD_MODEL, r->table->path, r->table->line[row],
                   (long)r->column[column] + 1, "\"%s\" %s",
                   mq_quoted(mq_text(cell_of(r, row, column)), quoted), problem);
}

/* ---- what a margin is made of ---- */

static int find_input(const struct mq_model *model, struct mq_text id)
{
    for (size_t i = 0; i < model->inputs; i++)
        if (mq_text_is(id, model->input[i].id) && model->input[i].type == MQ_CODE)
            return (int)i;
    return -1;
}

static bool has_level(const struct mq_model *model, int input, const char *part)
{
    if (model->input[input].list < 0)
        return false;
    const struct mq_codes *codes = &model->list[model->input[input].list];
    for (size_t i = 0; i < codes->levels; i++)
        if (strcmp(codes->level[i], part) == 0)
            return true;
    return false;
}

static enum mq_status add_raked(const struct reading *r, size_t row, int input)
{
    struct mq_design *design = r->design;
    for (size_t i = 0; i < design->raked; i++)
        if (design->raked_input[i] == input)
            return MQ_OK;
    if (design->raked == MQ_MAX_RAKED)
        return fail_at(r, row, INPUT, "is one input too many for raking");
    design->raked_input[design->raked++] = input;
    return MQ_OK;
}

/* "region.city" */
static enum mq_status read_axis(const struct reading *r, size_t row, struct mq_text name,
                                struct mq_level_axis *axis)
{
    struct mq_model *model = r->b->model;
    char *text = mq_arena_string(&model->arena, name.s, name.n);
    if (!text)
        return mq_fail_memory(r->b->error);
    axis->part = "";
    axis->input = find_input(model, name);
    char *point = strrchr(text, '.');
    if (axis->input < 0 && point) {
        axis->part = point + 1;
        axis->input = find_input(model, (struct mq_text){text, (size_t)(point - text)});
    }
    if (axis->input < 0)
        return fail_at(r, row, INPUT,
                       "is no input of type code; expected one, as sex, a level of its code list, "
                       "as region.city, or several joined by |");
    if (*axis->part && !has_level(model, axis->input, axis->part))
        return fail_at(r, row, INPUT, "asks for a level that the code list does not have");
    return add_raked(r, row, axis->input);
}

static enum mq_status read_axes(const struct reading *r, size_t row, struct mq_margin *margin)
{
    const char *name = cell_of(r, row, INPUT);
    margin->name = mq_arena_string(&r->b->model->arena, name, strlen(name));
    if (!margin->name)
        return mq_fail_memory(r->b->error);
    for (const char *from = margin->name; from;) {
        const char *end = strchr(from, '|');
        size_t length = end ? (size_t)(end - from) : strlen(from);
        if (margin->axes == MQ_MAX_AXES)
            return fail_at(r, row, INPUT, "joins more than four inputs");
        MQ_TRY(read_axis(r, row, (struct mq_text){from, length}, &margin->axis[margin->axes++]));
        from = end ? end + 1 : NULL;
    }
    return MQ_OK;
}

/* ---- categories ---- */

struct category {
    const char *code;
    double total;
    size_t row;
};

static int by_code(const void *left, const void *right)
{
    const struct category *a = left, *b = right;
    int order = strcmp(a->code, b->code);
    return order ? order : (a->row > b->row) - (a->row < b->row);
}

static enum mq_status keep_categories(const struct reading *r, struct category *found, size_t count,
                                      struct mq_margin *margin)
{
    struct mq_arena *arena = &r->b->model->arena;
    const char **category = mq_arena_array(arena, count + 1, sizeof *category);
    double *total = mq_arena_array(arena, count + 1, sizeof *total);
    if (!category || !total)
        return mq_fail_memory(r->b->error);
    qsort(found, count, sizeof *found, by_code);
    for (size_t i = 0; i < count; i++) {
        category[i] = mq_arena_string(arena, found[i].code, strlen(found[i].code));
        if (!category[i])
            return mq_fail_memory(r->b->error);
        total[i] = found[i].total;
        if (i && strcmp(category[i - 1], category[i]) == 0)
            return fail_at(r, found[i].row, CODE, "is given a second time for this input");
    }
    margin->category = category;
    margin->total = total;
    margin->categories = count;
    return MQ_OK;
}

/* The rows of the margin that begins at row `first`. */
static enum mq_status read_margin(const struct reading *r, size_t first, struct mq_margin *margin)
{
    const char *name = cell_of(r, first, INPUT);
    struct category *found = mq_arena_array(&r->b->scratch, r->table->rows, sizeof *found);
    size_t count = 0;
    if (!found)
        return mq_fail_memory(r->b->error);
    MQ_TRY(read_axes(r, first, margin));
    for (size_t i = first; i < r->table->rows; i++) {
        const char *text = cell_of(r, i, TOTAL);
        if (strcmp(cell_of(r, i, INPUT), name) != 0)
            continue;
        found[count] = (struct category){.code = cell_of(r, i, CODE), .row = i};
        if (mq_real_parse(text, strlen(text), &found[count].total) != MQ_NUMBER_OK ||
            found[count].total < 0)
            return fail_at(
                r, i, TOTAL,
                "is no total; expected how many members of the population have the code");
        count++;
    }
    return keep_categories(r, found, count, margin);
}

static bool seen_before(const struct reading *r, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (strcmp(cell_of(r, i, INPUT), cell_of(r, row, INPUT)) == 0)
            return true;
    return false;
}

static enum mq_status read_margins(struct reading *r)
{
    const struct mq_table *table = r->table;
    struct mq_error *error = r->b->error;
    struct mq_margin *margin = mq_arena_array(&r->b->model->arena, table->rows + 1, sizeof *margin);
    if (!margin)
        return mq_fail_memory(error);
    MQ_TRY(mq_table_column(table, "input", &r->column[INPUT], error));
    MQ_TRY(mq_table_column(table, "code", &r->column[CODE], error));
    MQ_TRY(mq_table_column(table, "total", &r->column[TOTAL], error));
    if (table->rows == 0)
        return mq_fail(error, MQ_BAD_MODEL, table->path, 0, 0,
                       "no totals; expected rows of input,code,total");
    for (size_t i = 0; i < table->rows; i++)
        if (!seen_before(r, i)) {
            margin[r->design->margins] = (struct mq_margin){0};
            MQ_TRY(read_margin(r, i, &margin[r->design->margins]));
            r->design->margins++;
        }
    r->design->margin = margin;
    return MQ_OK;
}

enum mq_status mq_bind_rake(struct mq_binder *b, const struct mq_yaml *map,
                            struct mq_design *design)
{
    const struct mq_yaml *file = NULL;
    const char *written;
    struct mq_table table = {0};

    MQ_TRY(mq_bind_map(b, map, &section, &file));
    MQ_TRY(mq_bind_path(b, file, "file", &written, &design->rake));
    if (b->flags & MQ_MODEL_NO_CODES)
        return MQ_OK;
    MQ_TRY(mq_bind_digest(b, design->rake));
    MQ_TRY(mq_table_read(design->rake, &table, b->error));
    struct reading r = {.b = b, .table = &table, .design = design};
    enum mq_status status = read_margins(&r);
    mq_table_clear(&table);
    return status;
}
