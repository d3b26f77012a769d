/* Groups of units, for imputing within them. */
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

/* The first unit of the same level and code: one number for all periods. */
static size_t first_of(const struct mq_frame *frame, size_t unit)
{
    const struct mq_unit *wanted = &frame->unit[unit];

    for (uint32_t period = 0; period < wanted->period; period++) {
        size_t found = mq_frame_find(frame, period, wanted->level, wanted->code);
        if (found != SIZE_MAX)
            return found;
    }
    return unit;
}

/* The unit of `coarse` around each unit, whichever period it stands in; levels that lie in no unit
 * of it have no groups. */
static enum mq_status by_level(struct mq_panel_frame *panel, const struct mq_frame *frame,
                               uint32_t coarse, struct mq_error *error)
{
    struct mq_around around = {0};
    enum mq_status status = MQ_OK;
    bool lies = mq_around_open(&around, frame, panel->level, coarse);

    for (size_t i = 0; lies && i < panel->panel.units * panel->panel.periods; i++) {
        size_t found = SIZE_MAX;
        if (panel->place[i] != SIZE_MAX)
            status = mq_around_find(&around, panel->place[i], &found, error);
        if (status != MQ_OK)
            break;
        if (found != SIZE_MAX)
            panel->group[i % panel->panel.units] = (uint32_t)first_of(frame, found);
    }
    mq_around_close(&around);
    return status;
}

/* A row of a table of groups. */
struct member {
    const char *unit, *group;
    size_t row;
};

static int by_group(const void *left, const void *right)
{
    return strcmp(((const struct member *)left)->group, ((const struct member *)right)->group);
}

static int by_unit(const void *left, const void *right)
{
    return strcmp(((const struct member *)left)->unit, ((const struct member *)right)->unit);
}

static int by_unit_and_row(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    int order = by_unit(a, b);

    return order ? order : (a->row > b->row) - (a->row < b->row);
}

static const char *code_of(const struct mq_panel_frame *panel, const struct mq_frame *frame,
                           size_t unit)
{
    for (size_t p = 0; p < panel->panel.periods; p++) {
        size_t at = panel->place[p * panel->panel.units + unit];
        if (at != SIZE_MAX)
            return frame->unit[at].code;
    }
    return "";
}

/* Its number: the place of its first member in the order of groups. */
static uint32_t first_of_group(const struct member *groups, size_t rows, const char *group)
{
    size_t low = 0, high = rows;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(groups[middle].group, group) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* A blank is no group. */
static void set_groups(struct mq_panel_frame *panel, const struct mq_frame *frame,
                       const struct member *units, size_t rows, const struct member *groups)
{
    for (size_t u = 0; u < panel->panel.units; u++) {
        const struct member wanted = {.unit = code_of(panel, frame, u)};
        const struct member *found =
            rows ? bsearch(&wanted, units, rows, sizeof *units, by_unit) : NULL;
        if (!found || !found->group[0])
            continue;
        panel->group[u] = first_of_group(groups, rows, found->group);
    }
}

static enum mq_status check_units(const struct mq_table *table, const struct member *units,
                                  struct mq_error *error)
{
    for (size_t i = 1; i < table->rows; i++)
        if (by_unit(&units[i - 1], &units[i]) == 0 && by_group(&units[i - 1], &units[i]) != 0)
            return mq_fail(error, MQ_BAD_MODEL, table->path, table->line[units[i].row], 0,
                           "\"%s\" is in the group \"%s\" here and in \"%s\" on line %ld; a unit "
                           "belongs to one group",
                           units[i].unit, units[i].group, units[i - 1].group,
                           table->line[units[i - 1].row]);
    return MQ_OK;
}

static enum mq_status by_table(struct mq_panel_frame *panel, const struct mq_frame *frame,
                               const struct mq_table *table, struct mq_error *error)
{
    int unit = mq_table_find(table, "unit"), group = mq_table_find(table, "group");

    if (unit < 0 || group < 0)
        return mq_fail(error, MQ_BAD_MODEL, table->path, table->header_line, 0,
                       "a table of groups needs the columns \"unit\" and \"group\"");
    struct member *units = malloc((2 * table->rows + 1) * sizeof *units);
    if (!units)
        return mq_fail_memory(error);
    struct member *groups = units + table->rows;
    for (size_t i = 0; i < table->rows; i++)
        units[i] = (struct member){table->cell[i * table->columns + (size_t)unit],
                                   table->cell[i * table->columns + (size_t)group], i};
    qsort(units, table->rows, sizeof *units, by_unit_and_row);
    memcpy(groups, units, table->rows * sizeof *units);
    qsort(groups, table->rows, sizeof *groups, by_group);
    enum mq_status status = check_units(table, units, error);
    if (status == MQ_OK)
        set_groups(panel, frame, units, table->rows, groups);
    free(units);
    return status;
}

enum mq_status mq_panel_group(struct mq_panel_frame *panel, const struct mq_frame *frame,
                              const char *by, struct mq_error *error)
{
    const struct mq_model *model = frame->model;
    struct mq_table table = {0};

    for (size_t u = 0; u < panel->panel.units; u++)
        panel->group[u] = UINT32_MAX;
    for (uint32_t i = 0; i < model->levels; i++)
        if (strcmp(model->level[i].id, by) == 0)
            return by_level(panel, frame, i, error);
    enum mq_status status = mq_table_read(by, &table, error);
    if (status == MQ_OK)
        status = by_table(panel, frame, &table, error);
    mq_table_clear(&table);
    return status;
}
