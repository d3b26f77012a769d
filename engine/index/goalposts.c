/*
 * Goalposts files: reference points that differ by level or unit.
 *
 * Columns indicator, level, unit, optionally period, then parameters of the normaliser; a blank
 * level, unit or period means any, a blank parameter means as written in the model. The most
 * specific row counts: unit before level before all, and among equals the one that names the
 * period.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

enum key { INDICATOR, LEVEL, UNIT, PERIOD, KEYS };
static const char *const keys[KEYS] = {"indicator", "level", "unit", "period"};

/* What reading one file needs at hand. */
struct reading {
    const struct mq_model *model;
    const struct mq_node *node; /* the indicator whose rows are wanted */
    const struct mq_normaliser *method;
    const struct mq_table *table;
    int column[KEYS];         /* -1: no such column (period only) */
    int param[MQ_MAX_PARAMS]; /* column of each parameter, -1: none */
};

static int by_place(const void *a, const void *b)
{
    const struct mq_goalpost *left = a, *right = b;
    int order = strcmp(left->unit, right->unit);

    if (order == 0)
        order = strcmp(left->level, right->level);
    return order ? order : strcmp(left->period, right->period);
}

/* ---- the header ---- */

static bool is_param(const char *name)
{
    for (size_t i = 0; i < mq_normalisers_count; i++) {
        const struct mq_param *param = mq_normalisers[i]->method.params;
        for (; param && param->name; param++)
            if (strcmp(param->name, name) == 0)
                return true;
    }
    return false;
}

static enum mq_status read_header(struct reading *reading, struct mq_error *error)
{
    const struct mq_table *table = reading->table;
    const struct mq_param *param = reading->method->method.params;

    for (int key = 0; key < KEYS; key++) {
        reading->column[key] = mq_table_find(table, keys[key]);
        if (reading->column[key] < 0 && key != PERIOD)
            return mq_fail(error, MQ_BAD_MODEL, table->path, table->header_line, 0,
                           "a goalposts file needs a column \"%s\"", keys[key]);
    }
    for (size_t i = 0; i < table->columns; i++) {
        bool known = is_param(table->header[i]);
        for (int key = 0; key < KEYS; key++)
            known = known || strcmp(table->header[i], keys[key]) == 0;
        if (!known)
            return mq_fail(error, MQ_BAD_MODEL, table->path, table->header_line, (long)i + 1,
                           "column \"%s\" is neither indicator, level, unit, period nor a "
                           "parameter of a normaliser",
                           table->header[i]);
    }
    for (int i = 0; i < MQ_MAX_PARAMS; i++)
        reading->param[i] = -1;
    for (int i = 0; param && param[i].name; i++)
        reading->param[i] = mq_table_find(table, param[i].name);
    return MQ_OK;
}

/* ---- rows ---- */

static const char *cell(const struct reading *reading, size_t row, int column)
{
    return column < 0 ? "" : reading->table->cell[row * reading->table->columns + (size_t)column];
}

static bool parse_param(const struct mq_param *param, const char *text, double *value)
{
    if (param->kind == MQ_PARAM_FLAG) {
        *value = strcmp(text, "true") == 0;
        return *value != 0 || strcmp(text, "false") == 0;
    }
    if (param->kind == MQ_PARAM_CHOICE) {
        for (size_t i = 0; param->choices && param->choices[i]; i++)
            if (strcmp(param->choices[i], text) == 0) {
                *value = (double)i;
                return true;
            }
        return false;
    }
    return mq_real_parse(text, strlen(text), value) == MQ_NUMBER_OK;
}

/* The model's parameters with the row's laid over them; *complete says whether all required ones
 * are there. */
static enum mq_status row_params(const struct reading *reading, size_t row, double *params,
                                 bool *complete, struct mq_error *error)
{
    const struct mq_param *param = reading->method->method.params;
    const struct mq_choice *written = &reading->node->normalise;

    *complete = true;
    for (int i = 0; param && param[i].name; i++) {
        const char *text = cell(reading, row, reading->param[i]);
        params[i] = written->given[i] ? written->param[i] : param[i].fallback;
        if (text[0] && !parse_param(&param[i], text, &params[i]))
            return mq_fail(error, MQ_BAD_MODEL, reading->table->path, reading->table->line[row],
                           reading->param[i] + 1, "%s of %s is \"%s\", expected %s", param[i].name,
                           reading->node->id, text,
                           param[i].kind == MQ_PARAM_FLAG ? "true or false" : "a number");
        if (!text[0] && param[i].required && !written->given[i])
            *complete = false;
    }
    return MQ_OK;
}

static enum mq_status check_names(const struct reading *reading, size_t row, struct mq_error *error)
{
    const char *indicator = cell(reading, row, reading->column[INDICATOR]);
    const char *level = cell(reading, row, reading->column[LEVEL]);
    const struct mq_model *model = reading->model;
    bool known_indicator = false, known_level = !level[0];

    for (size_t i = 0; i < model->nodes && !known_indicator; i++)
        known_indicator = model->node[i].leaf && strcmp(model->node[i].id, indicator) == 0;
    for (size_t i = 0; i < model->levels && !known_level; i++)
        known_level = strcmp(model->level[i].id, level) == 0;
    if (!known_indicator || !known_level)
        return mq_fail(error, MQ_BAD_MODEL, reading->table->path, reading->table->line[row],
                       reading->column[known_indicator ? LEVEL : INDICATOR] + 1,
                       "\"%s\" is no %s of the model", known_indicator ? level : indicator,
                       known_indicator ? "level" : "indicator with a formula");
    return MQ_OK;
}

static enum mq_status read_row(const struct reading *reading, size_t row, struct mq_goalpost *post,
                               struct mq_error *error)
{
    const struct mq_normaliser *method = reading->method;
    double params[MQ_MAX_PARAMS] = {0};
    const char *complaint;
    bool complete;

    *post = (struct mq_goalpost){.unit = cell(reading, row, reading->column[UNIT]),
                                 .level = cell(reading, row, reading->column[LEVEL]),
                                 .period = cell(reading, row, reading->column[PERIOD]),
                                 .line = reading->table->line[row],
                                 .reason = MQ_NO_GOALPOSTS};
    MQ_TRY(row_params(reading, row, params, &complete, error));
    if (!complete)
        return MQ_OK;
    complaint = method->check ? method->check(reading->node, params) : NULL;
    if (complaint)
        return mq_fail(error, MQ_BAD_MODEL, reading->table->path, post->line, 1, "%s: %s",
                       reading->node->id, complaint);
    post->reason = method->fit(&(struct mq_reference_values){.unit = NAN}, reading->node, params,
                               post->fitted);
    return MQ_OK;
}

static enum mq_status read_rows(const struct reading *reading, struct mq_goalposts *goalposts,
                                struct mq_error *error)
{
    for (size_t i = 0; i < reading->table->rows; i++) {
        MQ_TRY(check_names(reading, i, error));
        if (strcmp(cell(reading, i, reading->column[INDICATOR]), reading->node->id) == 0)
            MQ_TRY(read_row(reading, i, &goalposts->row[goalposts->count++], error));
    }
    if (goalposts->count)
        qsort(goalposts->row, goalposts->count, sizeof *goalposts->row, by_place);
    for (size_t i = 1; i < goalposts->count; i++)
        if (by_place(&goalposts->row[i - 1], &goalposts->row[i]) == 0) {
            long a = goalposts->row[i - 1].line, b = goalposts->row[i].line;
            return mq_fail(error, MQ_BAD_MODEL, reading->table->path, a > b ? a : b, 1,
                           "%s has goalposts for the same level, unit and period on line %ld",
                           reading->node->id, a > b ? b : a);
        }
    return MQ_OK;
}

/* Texts of the table outlive it in the arena. */
static bool keep_texts(struct mq_goalposts *goalposts, struct mq_arena *arena)
{
    for (size_t i = 0; i < goalposts->count; i++) {
        const char **texts[] = {&goalposts->row[i].unit, &goalposts->row[i].level,
                                &goalposts->row[i].period};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            *texts[k] = mq_arena_string(arena, *texts[k], strlen(*texts[k]));
            if (!*texts[k])
                return false;
        }
    }
    return true;
}

enum mq_status mq_goalposts_read(const struct mq_model *model, const struct mq_node *node,
                                 struct mq_arena *arena, struct mq_goalposts *goalposts,
                                 struct mq_error *error)
{
    struct mq_table table = {0};
    struct reading reading = {.model = model,
                              .node = node,
                              .method = mq_normalisers[node->normalise.method],
                              .table = &table};
    const char *path = mq_model_path(model, node->goalposts, arena);
    enum mq_status status = path ? mq_table_read(path, &table, error) : mq_fail_memory(error);

    if (status != MQ_OK)
        return status;
    goalposts->count = 0;
    goalposts->row = mq_arena_array(arena, table.rows + 1, sizeof *goalposts->row);
    if (goalposts->row) {
        status = read_header(&reading, error);
        if (status == MQ_OK)
            status = read_rows(&reading, goalposts, error);
    } else {
        status = mq_fail_memory(error);
    }
    if (status == MQ_OK && !keep_texts(goalposts, arena))
        status = mq_fail_memory(error);
    mq_table_clear(&table);
    return status;
}

const struct mq_goalpost *mq_goalposts_find(const struct mq_goalposts *goalposts, const char *unit,
                                            const char *level, const char *period)
{
    /* From the most specific place to none; a file without rows for this indicator has nothing to
     * say. */
    for (int place = 0; place < 8 && goalposts->count; place++) {
        struct mq_goalpost wanted = {.unit = place & 4 ? "" : unit,
                                     .level = place & 2 ? "" : level,
                                     .period = place & 1 ? "" : period};
        const struct mq_goalpost *found =
            bsearch(&wanted, goalposts->row, goalposts->count, sizeof wanted, by_place);
        if (found)
            return found;
    }
    return NULL;
}
