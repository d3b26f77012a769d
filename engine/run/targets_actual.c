/* Actual values of targets: yearly tables and outputs of runs. */
#include "run/targets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum mq_status add(struct mq_actuals *actuals, struct mq_actual row, struct mq_error *error)
{
    if (actuals->count == actuals->capacity) {
        size_t capacity = 2 * actuals->capacity + 64;
        struct mq_actual *grown = realloc(actuals->row, capacity * sizeof *grown);
        if (!grown)
            return mq_fail_memory(error);
        actuals->row = grown;
        actuals->capacity = capacity;
    }
    row.from = mq_arena_string(&actuals->arena, row.from, strlen(row.from));
    if (!row.from)
        return mq_fail_memory(error);
    actuals->row[actuals->count++] = row;
    return MQ_OK;
}

void mq_actuals_clear(struct mq_actuals *actuals)
{
    free(actuals->row);
    mq_arena_clear(&actuals->arena);
    *actuals = (struct mq_actuals){0};
}

/* ---- tables ---- */

struct columns {
    size_t year, figure, value;
};

static int year_of(const char *text)
{
    int64_t year;
    bool good = strlen(text) == 4 && mq_decimal_parse(text, 4, 0, &year) == MQ_NUMBER_OK &&
                year >= 1900 && year <= 2200;
    return good ? (int)year : 0;
}

static enum mq_status unknown_figure(const struct mq_targets *targets, const struct mq_table *table,
                                     size_t row, size_t column, struct mq_error *error)
{
    const char **ids = calloc(targets->figures + 1, sizeof *ids);
    const char *found = table->cell[row * table->columns + column];
    if (!ids)
        return mq_fail_memory(error);
    for (size_t i = 0; i < targets->figures; i++)
        ids[i] = targets->figure[i].id;
    const char *near = mq_text_nearest(found, ids, targets->figures);
    free(ids);
    return mq_fail(error, MQ_DATA, table->path, table->line[row], (long)column + 1,
                   "no figure is called \"%s\"%s%s%s; %s lists them under figures", found,
                   near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "",
                   targets->path);
}

static enum mq_status read_row(const struct mq_targets *targets, const struct mq_table *table,
                               size_t row, const struct columns *at, struct mq_actuals *actuals,
                               struct mq_error *error)
{
    char **cell = &table->cell[row * table->columns];
    const char *value = cell[at->value];
    struct mq_actual made = {.target = -1,
                             .year = year_of(cell[at->year]),
                             .from = table->path,
                             .line = table->line[row]};
    if (!made.year)
        return mq_fail(error, MQ_DATA, table->path, made.line, (long)at->year + 1,
                       "year is \"%s\", expected four digits", cell[at->year]);
    while ((size_t)made.figure < targets->figures &&
           strcmp(targets->figure[made.figure].id, cell[at->figure]) != 0)
        made.figure++;
    if ((size_t)made.figure == targets->figures)
        return unknown_figure(targets, table, row, at->figure, error);
    if (!value[0])
        return MQ_OK;
    const struct mq_target_figure *figure = &targets->figure[made.figure];
    if (mq_real_parse(value, strlen(value), &made.value) != MQ_NUMBER_OK)
        return mq_fail(error, MQ_DATA, table->path, made.line, (long)at->value + 1,
                       "value of %s is \"%s\", expected a number or nothing", figure->id, value);
    if (made.value < figure->least || made.value > figure->most)
        return mq_fail(error, MQ_DATA, table->path, made.line, (long)at->value + 1,
                       "value of %s is %s, %s the %g that the figure may be at %s", figure->id,
                       value, made.value < figure->least ? "below" : "above",
                       made.value < figure->least ? figure->least : figure->most,
                       made.value < figure->least ? "least" : "most");
    return add(actuals, made, error);
}

enum mq_status mq_actuals_table(const struct mq_targets *targets, const char *path,
                                struct mq_actuals *actuals, struct mq_error *error)
{
    struct mq_table table = {0};
    struct columns at = {0};
    enum mq_status status = mq_table_read(path, &table, error);
    if (status == MQ_OK)
        status = mq_table_column(&table, "year", &at.year, error);
    if (status == MQ_OK)
        status = mq_table_column(&table, "figure", &at.figure, error);
    if (status == MQ_OK)
        status = mq_table_column(&table, "value", &at.value, error);
    for (size_t i = 0; status == MQ_OK && i < table.rows; i++)
        status = read_row(targets, &table, i, &at, actuals, error);
    mq_table_clear(&table);
    return status;
}

/* ---- outputs ---- */

static double score_of(const struct mq_origin *origin, size_t unit, int node)
{
    const struct mq_results *results = origin->results;
    size_t at = unit * results->model->nodes + (size_t)node;
    return origin->shown ? origin->shown[at] : results->scores->score[at].value;
}

static enum mq_status take_scores(const struct mq_targets *targets, int index,
                                  const struct mq_origin *origin, struct mq_actuals *actuals,
                                  struct mq_error *error)
{
    const struct mq_target *target = &targets->target[index];
    struct mq_question question = {.unit = target->from.unit,
                                   .level = target->from.level[0] ? target->from.level : NULL,
                                   .node = target->from.node};
    const struct mq_frame *frame = origin->results->frame;
    struct mq_error why;
    size_t unit;
    int node;
    enum mq_status status = mq_results_find(origin->results, &question, &unit, &node, &why);
    if (status == MQ_INTERNAL)
        return mq_fail_memory(error);
    if (status != MQ_OK)
        return mq_fail(error, MQ_DATA, targets->path, target->at.line, target->at.column,
                       "target %s is not in %s: %s", target->id, origin->out, why.message);
    for (size_t i = 0; i < frame->units; i++) {
        int year = year_of(frame->period[frame->unit[i].period]);
        if (!year || frame->unit[i].level != frame->unit[unit].level ||
            strcmp(frame->unit[i].code, frame->unit[unit].code) != 0)
            continue;
        double value = score_of(origin, i, node);
        struct mq_actual made = {
            .figure = -1, .target = index, .year = year, .value = value, .from = origin->out};
        if (!isnan(value))
            MQ_TRY(add(actuals, made, error));
    }
    return MQ_OK;
}

enum mq_status mq_actuals_results(const struct mq_targets *targets, const struct mq_origin *origin,
                                  struct mq_actuals *actuals, bool *wanted, struct mq_error *error)
{
    *wanted = false;
    for (size_t i = 0; i < targets->targets; i++) {
        const char *model = targets->target[i].from.model;
        if (!model || strcmp(model, origin->results->model->id) != 0)
            continue;
        *wanted = true;
        MQ_TRY(take_scores(targets, (int)i, origin, actuals, error));
    }
    return MQ_OK;
}

enum mq_status mq_actuals_output(const struct mq_targets *targets, const char *out,
                                 struct mq_actuals *actuals, struct mq_error *error)
{
    struct mq_results *results;
    bool wanted = false;
    MQ_TRY(mq_results_read(out, &results, error));
    struct mq_origin origin = {.results = results, .out = out};
    enum mq_status status = mq_actuals_results(targets, &origin, actuals, &wanted, error);
    if (status == MQ_OK && !wanted)
        status = mq_fail(error, MQ_USAGE, out, 0, 0,
                         "no target takes its value from the model %s of this output",
                         results->model->id);
    mq_results_free(results);
    return status;
}

/* ---- all of them ---- */

static int compare(const void *a, const void *b)
{
    const struct mq_actual *left = a, *right = b;
    if (left->figure != right->figure)
        return left->figure < right->figure ? -1 : 1;
    if (left->target != right->target)
        return left->target < right->target ? -1 : 1;
    if (left->year != right->year)
        return left->year < right->year ? -1 : 1;
    return 0;
}

/* Of two values of a year the one that the message is about: later file name, later line. */
static int compare_places(const void *a, const void *b)
{
    const struct mq_actual *left = a, *right = b;
    int order = compare(a, b);
    order = order ? order : strcmp(left->from, right->from);
    return order ? order : (left->line > right->line) - (left->line < right->line);
}

enum mq_status mq_actuals_settle(const struct mq_targets *targets, struct mq_actuals *actuals,
                                 struct mq_error *error)
{
    if (actuals->count)
        qsort(actuals->row, actuals->count, sizeof *actuals->row, compare_places);
    for (size_t i = 1; i < actuals->count; i++) {
        const struct mq_actual *first = &actuals->row[i - 1], *second = &actuals->row[i];
        if (compare(first, second) != 0)
            continue;
        if (second->target >= 0)
            return mq_fail(error, MQ_USAGE, second->from, 0, 0,
                           "has a value of target %s in %d, and so has %s; name one of them",
                           targets->target[second->target].id, second->year, first->from);
        return mq_fail(error, MQ_DATA, second->from, second->line, 0,
                       "figure %s has a second value in %d; the first is at %s:%ld",
                       targets->figure[second->figure].id, second->year, first->from, first->line);
    }
    return MQ_OK;
}

static const struct mq_actual *find(const struct mq_actuals *actuals, int figure, int target,
                                    int year)
{
    struct mq_actual wanted = {.figure = figure, .target = target, .year = year};
    return actuals->count ? bsearch(&wanted, actuals->row, actuals->count, sizeof wanted, compare)
                          : NULL;
}

const struct mq_actual *mq_actual_figure(const struct mq_actuals *actuals, int figure, int year)
{
    return figure < 0 ? NULL : find(actuals, figure, -1, year);
}

const struct mq_actual *mq_actual_target(const struct mq_targets *targets,
                                         const struct mq_actuals *actuals, int target, int year)
{
    const struct mq_actual *scored = find(actuals, -1, target, year);
    return scored ? scored : mq_actual_figure(actuals, targets->target[target].figure, year);
}
