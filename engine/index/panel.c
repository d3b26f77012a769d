/* One leaf over the units of a level and all periods, for imputing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

/* ---- units over periods ---- */

struct entry {
    const char *code;
    uint32_t period;
    size_t at;
};

static int by_code_and_period(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    int order = strcmp(left->code, right->code);

    return order ? order : (left->period > right->period) - (left->period < right->period);
}

/* "2024", "2024-03", "2024Q3" as a number of years; NaN: none of these. */
static double year_of(const char *period)
{
    double year = 0, part = 0;
    int digits = 0;

    for (; digits < 4 && period[digits] >= '0' && period[digits] <= '9'; digits++)
        year = year * 10 + (period[digits] - '0');
    if (digits < 4)
        return NAN;
    const char *rest = period + 4;
    bool quarter = *rest == 'Q' || *rest == 'q';
    while (*rest && (*rest < '0' || *rest > '9'))
        rest++;
    for (digits = 0; digits < 2 && rest[digits] >= '0' && rest[digits] <= '9'; digits++)
        part = part * 10 + (rest[digits] - '0');
    return part < 1 ? year : year + (part - 1) / (quarter ? 4 : 12);
}

/* Lists the units of the level by code; returns how many different ones there are. */
static size_t list_units(const struct mq_frame *frame, uint32_t level, struct entry *entries,
                         size_t *count)
{
    size_t units = 0;

    *count = 0;
    for (size_t i = 0; i < frame->units; i++)
        if (frame->unit[i].level == level)
            entries[(*count)++] = (struct entry){frame->unit[i].code, frame->unit[i].period, i};
    size_t ordered = 1; /* so they are with one period */
    while (ordered < *count && by_code_and_period(&entries[ordered - 1], &entries[ordered]) < 0)
        ordered++;
    if (ordered < *count)
        qsort(entries, *count, sizeof *entries, by_code_and_period);
    for (size_t i = 0; i < *count; i++)
        units += i == 0 || strcmp(entries[i - 1].code, entries[i].code) != 0;
    return units;
}

enum { COLUMNS = 3 }; /* value, parent, row */

static bool alloc_panel(struct mq_panel_frame *panel, size_t units, size_t periods)
{
    size_t cells = units * periods;

    panel->place = malloc((cells + 1) * sizeof *panel->place);
    panel->memory = malloc((COLUMNS * cells + periods + 1) * sizeof *panel->memory);
    panel->group = malloc((units + 1) * sizeof *panel->group);
    for (size_t i = 0; panel->place && i < cells; i++)
        panel->place[i] = SIZE_MAX;
    return panel->place && panel->memory && panel->group;
}

enum mq_status mq_panel_open(struct mq_panel_frame *panel, const struct mq_frame *frame,
                             uint32_t level, struct mq_error *error)
{
    struct entry *entries = malloc((frame->units + 1) * sizeof *entries);
    size_t count = 0, units, unit = 0;

    *panel = (struct mq_panel_frame){.level = level};
    if (!entries)
        return mq_fail_memory(error);
    units = list_units(frame, level, entries, &count);
    panel->panel.units = units;
    panel->panel.periods = frame->periods;
    if (!alloc_panel(panel, units, frame->periods)) {
        free(entries);
        return mq_fail_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        unit += i > 0 && strcmp(entries[i - 1].code, entries[i].code) != 0;
        panel->place[entries[i].period * units + unit] = entries[i].at;
    }
    double *time = panel->memory + COLUMNS * units * frame->periods;
    for (size_t p = 0; p < frame->periods; p++)
        time[p] = year_of(frame->period[p]);
    panel->panel.time = time;
    panel->panel.value = panel->memory;
    free(entries);
    return MQ_OK;
}

void mq_panel_close(struct mq_panel_frame *panel)
{
    free(panel->place);
    free(panel->memory);
    free(panel->group);
}

/* ---- what some imputers ask for ---- */

static double used_at(const struct mq_frame *frame, size_t unit, size_t node)
{
    return unit == SIZE_MAX ? NAN : frame->used[unit * frame->model->nodes + node];
}

/* The closest coarser level: of those around, the one with most units around. Levels are written
 * from coarse to fine, so the last one before. */
static bool open_parent(const struct mq_frame *frame, uint32_t level, struct mq_around *around)
{
    for (uint32_t i = level; i > 0; i--)
        if (mq_around_open(around, frame, level, i - 1))
            return true;
    return false;
}

static enum mq_status fill_parents(struct mq_panel_frame *panel, const struct mq_frame *frame,
                                   size_t node, double *parent, struct mq_error *error)
{
    size_t cells = panel->panel.units * panel->panel.periods;
    struct mq_around around = {0};
    enum mq_status status = MQ_OK;
    bool lies = open_parent(frame, panel->level, &around);

    for (size_t i = 0; i < cells && status == MQ_OK; i++) {
        size_t found = SIZE_MAX;
        if (lies && panel->place[i] != SIZE_MAX)
            status = mq_around_find(&around, panel->place[i], &found, error);
        parent[i] = used_at(frame, found, node);
    }
    mq_around_close(&around);
    return status;
}

struct range {
    double least, span; /* of the present values of a period; NaN: none */
};

static struct range range_of(const struct mq_panel_frame *panel, const struct mq_frame *frame,
                             size_t period, size_t node)
{
    double least = INFINITY, most = -INFINITY;

    for (size_t u = 0; u < panel->panel.units; u++) {
        double value = used_at(frame, panel->place[period * panel->panel.units + u], node);
        if (isnan(value))
            continue;
        least = fmin(least, value);
        most = fmax(most, value);
    }
    return least <= most ? (struct range){least, most - least} : (struct range){NAN, NAN};
}

static double share_in(struct range range, const struct mq_node *node, double value)
{
    double share = (value - range.least) / range.span; /* NaN without a range */

    return node->direction == MQ_UP ? share : 1 - share;
}

/* Means of the other indicators of the same parent, brought to the range of this one. */
static void fill_row_of(const struct mq_panel_frame *panel, const struct mq_frame *frame, int leaf,
                        size_t period, struct range *ranges, double *row)
{
    const struct mq_model *model = frame->model;
    const struct mq_node *node = &model->node[leaf];

    for (size_t k = 0; k < model->nodes; k++)
        ranges[k] = model->node[k].leaf && model->node[k].parent == node->parent
                        ? range_of(panel, frame, period, k)
                        : (struct range){NAN, NAN};
    for (size_t u = 0; u < panel->panel.units; u++) {
        size_t at = period * panel->panel.units + u, count = 0;
        struct mq_exact sum = {0};
        for (size_t k = 0; k < model->nodes; k++) {
            double share = isnan(ranges[k].least) ? NAN
                                                  : share_in(ranges[k], &model->node[k],
                                                             used_at(frame, panel->place[at], k));
            if ((int)k == leaf || !isfinite(share))
                continue;
            mq_exact_add(&sum, share);
            count++;
        }
        double mean = count ? mq_exact_value(&sum) / (double)count : NAN;
        mean = node->direction == MQ_UP ? mean : 1 - mean;
        row[at] = ranges[leaf].least + mean * ranges[leaf].span;
    }
}

static enum mq_status fill_rows(const struct mq_panel_frame *panel, const struct mq_frame *frame,
                                int leaf, double *row, struct mq_error *error)
{
    struct range *ranges = calloc(frame->model->nodes + 1, sizeof *ranges);

    if (!ranges)
        return mq_fail_memory(error);
    for (size_t p = 0; p < panel->panel.periods; p++)
        fill_row_of(panel, frame, leaf, p, ranges, row);
    free(ranges);
    return MQ_OK;
}

/* ---- filling ---- */

static const char *by_of(const struct mq_node *node)
{
    const struct mq_param *param = mq_imputers[node->impute.method]->method.params;

    for (int i = 0; param && param[i].name; i++)
        if (strcmp(param[i].name, "by") == 0)
            return mq_argument(&node->impute, i).text;
    return NULL;
}

enum mq_status mq_panel_fill(struct mq_panel_frame *panel, const struct mq_frame *frame, int leaf,
                             struct mq_error *error)
{
    const struct mq_node *node = &frame->model->node[leaf];
    const struct mq_imputer *imputer = mq_imputers[node->impute.method];
    size_t cells = panel->panel.units * panel->panel.periods;
    double *value = panel->memory, *parent = value + cells, *row = parent + cells;

    for (size_t i = 0; i < cells; i++)
        value[i] = used_at(frame, panel->place[i], (size_t)leaf);
    panel->panel.parent = imputer->asks_parent ? parent : NULL;
    panel->panel.row = imputer->asks_row ? row : NULL;
    panel->panel.group = by_of(node) ? panel->group : NULL;
    if (panel->panel.parent)
        MQ_TRY(fill_parents(panel, frame, (size_t)leaf, parent, error));
    if (panel->panel.row)
        MQ_TRY(fill_rows(panel, frame, leaf, row, error));
    return panel->panel.group ? mq_panel_group(panel, frame, by_of(node), error) : MQ_OK;
}
