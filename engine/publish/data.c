/* Every published number of every period. The cells are made as those of the tables are, so that
 * the same number has the same digits everywhere. */
#include "publish/draft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const mq_measure_names[MQ_MEASURES] = {"score", "rank", "change", "value"};

/* A table of one cell: what is asked of the draft ends up there. */
struct making {
    const struct mq_release *release;
    struct mq_data *data;
    struct mq_sheets sheets; /* its arena becomes that of the data */
    struct mq_sheet sheet;
    struct mq_sheet_cell cell;
    struct mq_draft draft;
};

static void *array(struct making *making, size_t count, size_t size)
{
    void *made = mq_arena_array(&making->sheets.arena, count, size);
    making->draft.failed |= !made;
    return made;
}

static const char *copy(struct making *making, const char *text)
{
    const char *made = mq_arena_string(&making->sheets.arena, text, strlen(text));
    making->draft.failed |= !made;
    return made ? made : "";
}

/* ---- names ---- */

static void name_periods(struct making *making)
{
    const struct mq_frame *frame = making->release->frame;
    struct mq_data_name *period = array(making, frame->periods, sizeof *period);
    for (size_t i = 0; period && i < frame->periods; i++) {
        const char *code = frame->period[i];
        bool year = strlen(code) == 4 && strspn(code, "0123456789") == 4;
        const char *name = mq_arena_format(&making->sheets.arena,
                                           making->release->chinese && year ? "%s年" : "%s", code);
        making->draft.failed |= !name;
        period[i] = (struct mq_data_name){copy(making, code), name};
    }
    making->data->period = period;
    making->data->periods = frame->periods;
}

static const char *score_unit(const struct mq_release *release, const struct mq_node *node)
{
    if (release->raw_is_score)
        return node->unit ? node->unit : "";
    return release->chinese ? "分" : "points";
}

static void name_nodes(struct making *making)
{
    const struct mq_model *model = making->release->model;
    struct mq_data_node *node = array(making, model->nodes, sizeof *node);
    int *place = array(making, model->nodes, sizeof *place);
    for (size_t i = 0; node && place && i < model->nodes; i++)
        place[model->order[i]] = (int)i;
    for (size_t i = 0; node && place && i < model->nodes; i++) {
        const struct mq_node *from = &model->node[model->order[i]];
        node[i] = (struct mq_data_node){
            .id = copy(making, from->id),
            .title = copy(making, mq_node_title(from)),
            .unit = copy(making, from->unit ? from->unit : ""),
            .score_unit = copy(making, score_unit(making->release, from)),
            .parent = from->parent < 0 ? -1 : place[from->parent],
            .leaf = from->leaf,
            .decimals = model->decimals,
            .value_decimals =
                from->leaf ? mq_raw_decimals(making->release, model->order[i]) : model->decimals};
    }
    making->data->node = node;
    making->data->nodes = model->nodes;
}

/* ---- units: those of a level in any period, by code ---- */

/* Later periods first: the latest name counts. */
static int by_code(const void *a, const void *b)
{
    const struct mq_unit *one = *(const struct mq_unit *const *)a;
    const struct mq_unit *other = *(const struct mq_unit *const *)b;
    int order = strcmp(one->code, other->code);
    return order ? order : (int)(one->period < other->period) - (int)(one->period > other->period);
}

/* The name that the tables have, where units are told apart by their codes. */
static const char *table_name(const struct mq_lines *lines, const struct mq_unit *unit)
{
    size_t low = 0, high = lines->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(lines->line[middle].code, unit->code);
        if (order == 0)
            return lines->line[middle].name;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return unit->name;
}

/* Gathers the units of a level in all periods in `unit` ([count], by code) and names each code
 * once. */
static struct mq_data_name *name_units(struct making *making, size_t level,
                                       const struct mq_unit **unit, size_t count, size_t *units)
{
    const struct mq_unit **at = unit;
    for (size_t i = 0; i < making->release->frame->units; i++)
        if (making->release->frame->unit[i].level == level)
            *at++ = &making->release->frame->unit[i];
    qsort(unit, count, sizeof *unit, by_code);
    struct mq_data_name *name = array(making, count, sizeof *name);
    *units = 0;
    for (size_t i = 0; name && i < count; i++)
        if (i == 0 || strcmp(unit[i]->code, unit[i - 1]->code) != 0)
            name[(*units)++] = (struct mq_data_name){
                copy(making, unit[i]->code),
                copy(making, table_name(&making->release->level[level], unit[i]))};
    return name;
}

/* ---- numbers ---- */

static struct mq_data_cell taken(const struct making *making, enum mq_reason reason)
{
    if (!isnan(making->cell.value))
        return (struct mq_data_cell){making->cell.text, making->cell.value, (uint8_t)MQ_FINE};
    if (mq_reason_present(reason))
        reason = MQ_NOT_REPORTED;
    return (struct mq_data_cell){"", NAN, (uint8_t)reason};
}

static struct mq_data_cell number(struct making *making, struct mq_shown shown, int decimals)
{
    mq_draft_number(&making->draft, 0, 0, shown, decimals);
    struct mq_data_cell cell = taken(making, shown.reason);
    if (!isnan(cell.value))
        cell.reason = (uint8_t)shown.reason; /* imputed, renormalised */
    return cell;
}

static struct mq_data_cell change(struct making *making, struct mq_shown now,
                                  struct mq_shown before, int decimals)
{
    mq_draft_change(&making->draft, 0, 0, (const struct mq_shown[]){now, before}, decimals);
    enum mq_reason reason = !isfinite(now.value)           ? now.reason
                            : before.reason == MQ_WITHHELD ? MQ_WITHHELD
                                                           : MQ_NO_PREVIOUS;
    return taken(making, reason);
}

/* What a score is compared with: the same unit one period earlier; of the only period that of an
 * earlier run. */
static struct mq_shown previous(const struct making *making, size_t unit, size_t before, int node)
{
    if (making->release->frame->periods > 1)
        return mq_show_score(making->release, before, node);
    return mq_show_previous(making->release, &(struct mq_line){.now = unit, .before = MQ_NO_UNIT},
                            node);
}

static void fill_cells(struct making *making, size_t unit, size_t before, struct mq_data_cell *cell)
{
    const struct mq_release *release = making->release;
    for (size_t i = 0; i < making->data->nodes; i++, cell += MQ_MEASURES) {
        const struct mq_data_node *node = &making->data->node[i];
        int self = release->model->order[i];
        if (unit == MQ_NO_UNIT) {
            for (int measure = 0; measure < MQ_MEASURES; measure++)
                cell[measure] = (struct mq_data_cell){"", NAN, MQ_REASONS};
            continue;
        }
        struct mq_shown score = mq_show_score(release, unit, self);
        cell[MQ_MEASURE_SCORE] = number(making, score, node->decimals);
        mq_draft_rank(&making->draft, 0, 0, mq_show_rank(release, unit, self), score.reason);
        cell[MQ_MEASURE_RANK] = taken(making, score.reason);
        cell[MQ_MEASURE_CHANGE] =
            change(making, score, previous(making, unit, before, self), node->decimals);
        cell[MQ_MEASURE_VALUE] =
            node->leaf ? number(making, mq_show_raw(release, unit, self), node->value_decimals)
                       : (struct mq_data_cell){"", NAN, MQ_UNDEFINED};
    }
}

/* `place` gets the units of the level as they stand in the frame, [periods][units]. */
static void find_places(const struct making *making, const struct mq_unit *const *unit,
                        size_t count, size_t units, size_t *place)
{
    for (size_t i = 0; i < making->data->periods * units; i++)
        place[i] = MQ_NO_UNIT;
    for (size_t i = 0, at = 0; i < count; i++) {
        at += i > 0 && strcmp(unit[i]->code, unit[i - 1]->code) != 0;
        place[unit[i]->period * units + at] = (size_t)(unit[i] - making->release->frame->unit);
    }
}

static void make_cells(struct making *making, const struct mq_unit *const *unit, size_t count,
                       struct mq_data_level *level)
{
    size_t each = making->data->nodes * MQ_MEASURES, all = making->data->periods * level->units;
    struct mq_data_cell *cell = array(making, all, each * sizeof *cell);
    size_t *place = calloc(all ? all : 1, sizeof *place);
    making->draft.failed |= !place;
    if (!making->draft.failed)
        find_places(making, unit, count, level->units, place);
    for (size_t i = 0; i < all && !making->draft.failed; i++)
        fill_cells(making, place[i], i < level->units ? MQ_NO_UNIT : place[i - level->units],
                   cell + i * each);
    level->cell = cell;
    free(place);
}

/* Is the code list of the level's one axis a list of areas? */
static bool is_area(const struct mq_model *model, const struct mq_level *level)
{
    static const char *const names[] = {"region", "area", "province", "city", "county", "country"};
    if (level->axes != 1 || (size_t)level->axis[0].input >= model->inputs ||
        model->input[level->axis[0].input].list < 0)
        return false;
    const char *list = model->list_id[model->input[level->axis[0].input].list];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(list, names[i]))
            return true;
    return false;
}

static void make_level(struct making *making, size_t index, struct mq_data_level *level)
{
    const struct mq_frame *frame = making->release->frame;
    const char *title = mq_level_title(making->release, (int)index);
    size_t count = 0;
    for (size_t i = 0; i < frame->units; i++)
        count += frame->unit[i].level == index;
    level->id = copy(making, making->release->model->level[index].id);
    level->axes = making->release->model->level[index].axes;
    level->area = is_area(making->release->model, &making->release->model->level[index]);
    level->title = title[0] ? copy(making, title) : level->id;
    const struct mq_unit **unit = calloc(count ? count : 1, sizeof *unit);
    making->draft.failed |= !unit;
    if (unit) {
        level->unit = name_units(making, index, unit, count, &level->units);
        if (!making->draft.failed)
            make_cells(making, unit, count, level);
    }
    free(unit);
}

static void make_levels(struct making *making)
{
    size_t levels = making->release->frame->periods ? making->release->model->levels : 0;
    struct mq_data_level *level = array(making, levels, sizeof *level);
    for (size_t i = 0; i < levels && !making->draft.failed; i++)
        make_level(making, i, &level[i]);
    making->data->level = level;
    making->data->levels = levels;
}

enum mq_status mq_data_new(const struct mq_release *release, struct mq_data **data,
                           struct mq_error *error)
{
    *data = NULL;
    struct making making = {.release = release, .data = calloc(1, sizeof *making.data)};
    if (!making.data)
        return mq_fail_memory(error);
    making.sheet = (struct mq_sheet){.columns = 1, .rows = 1, .cell = &making.cell};
    making.draft =
        (struct mq_draft){.release = release, .sheets = &making.sheets, .sheet = &making.sheet};
    name_periods(&making);
    name_nodes(&making);
    if (!making.draft.failed)
        make_levels(&making);
    making.data->arena = making.sheets.arena;
    if (making.draft.failed) {
        mq_data_free(making.data);
        return mq_fail_memory(error);
    }
    *data = making.data;
    return MQ_OK;
}

void mq_data_free(struct mq_data *data)
{
    if (!data)
        return;
    mq_arena_clear(&data->arena);
    free(data);
}

/* ---- finding ---- */

static size_t find_name(const struct mq_data_name *name, size_t count, const char *code)
{
    size_t i = 0;
    while (i < count && strcmp(name[i].code, code) != 0)
        i++;
    return i;
}

/* By code, as the units of a level are sorted; `count` if there is none. */
static size_t find_unit(const struct mq_data_level *level, const char *code)
{
    size_t low = 0, high = level->units;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(level->unit[middle].code, code);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return level->units;
}

const struct mq_data_cell *mq_data_find(const struct mq_data *data, const char *node,
                                        const char *level, const char *unit, const char *period,
                                        enum mq_measure measure)
{
    size_t n = 0, l = 0;
    while (n < data->nodes && strcmp(data->node[n].id, node) != 0)
        n++;
    while (l < data->levels && strcmp(data->level[l].id, level) != 0)
        l++;
    if (n == data->nodes || l == data->levels || data->periods == 0 || measure >= MQ_MEASURES)
        return NULL;
    const struct mq_data_level *self = &data->level[l];
    size_t u = find_unit(self, unit);
    size_t p = period ? find_name(data->period, data->periods, period) : data->periods - 1;
    if (u == self->units || p == data->periods)
        return NULL;
    return &self->cell[((p * self->units + u) * data->nodes + n) * MQ_MEASURES + measure];
}
