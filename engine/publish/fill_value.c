/* fill_value: one number, by node, level, unit, measure and period. */
#include "publish/fill.h"

#include <math.h>
#include <string.h>

struct key {
    const char *node, *level, *unit, *period; /* period NULL: the last */
    enum mq_measure measure;
};

static bool refuse(struct mq_fill *fill, const char *tag, const char *message)
{
    if (!message)
        return mq_fill_memory(fill);
    fill->report->unknown++;
    mq_fill_say(fill, tag, message);
    return false;
}

/* Cuts "NODE.LEVEL[.UNIT][.MEASURE][@PERIOD]"; codes of units may have points. */
static bool cut(char *text, struct key *key)
{
    char *period = strrchr(text, '@');
    if (period) {
        *period = '\0';
        key->period = period + 1;
    }
    char *level = strchr(text, '.');
    if (!level)
        return false;
    *level++ = '\0';
    char *unit = level + strcspn(level, ".");
    if (*unit)
        *unit++ = '\0';
    *key = (struct key){text, level, unit, key->period, MQ_MEASURE_SCORE};
    char *measure = strrchr(unit, '.');
    for (int i = 0; i < MQ_MEASURES; i++)
        if (strcmp(measure ? measure + 1 : unit, mq_measure_names[i]) == 0) {
            key->measure = (enum mq_measure)i;
            *(measure ? measure : unit) = '\0';
            break;
        }
    return key->node[0] && key->level[0] && (!key->period || key->period[0]);
}

/* A level of one unit, a nation or a province, need not name it. */
static const struct mq_data_cell *find(const struct mq_data *data, const struct key *key)
{
    const char *unit = key->unit;
    for (size_t i = 0; i < data->levels && !unit[0]; i++)
        if (strcmp(data->level[i].id, key->level) == 0 && data->level[i].units == 1)
            unit = data->level[i].unit[0].code;
    return mq_data_find(data, key->node, key->level, unit, key->period, key->measure);
}

/* ---- what is wrong with a key ---- */

/* Names of one kind: nodes, levels, units or periods. */
struct names {
    const char **name;
    size_t count;
    bool found;
};

static const char *wrong(struct mq_fill *fill, const char *what, const char *word,
                         const struct names *names)
{
    const char *near = mq_text_nearest(word, names->name, names->count);
    if (near)
        return mq_arena_format(&fill->arena, "no such %s as `%s`; did you mean `%s`?", what, word,
                               near);
    const char *example = names->count ? names->name[0] : "";
    return mq_arena_format(&fill->arena, "no such %s as `%s`%s%s%s", what, word,
                           names->count ? "; there is for example `" : "", example,
                           names->count ? "`" : "");
}

static bool open_names(struct mq_fill *fill, size_t room, struct names *names)
{
    *names = (struct names){.name = mq_arena_array(&fill->arena, room + 1, sizeof(char *))};
    return names->name != NULL;
}

static void add_name(struct names *names, const char *name, const char *word)
{
    names->name[names->count++] = name;
    names->found |= strcmp(name, word) == 0;
}

/* The first part of the key that the publication does not know; NULL if out of memory. */
static const char *diagnose(struct mq_fill *fill, const struct mq_data *data, const struct key *key)
{
    struct names nodes, levels, units, periods;
    const struct mq_data_level *level = NULL;
    if (!open_names(fill, data->nodes, &nodes) || !open_names(fill, data->levels, &levels) ||
        !open_names(fill, data->periods, &periods))
        return NULL;
    for (size_t i = 0; i < data->nodes; i++)
        add_name(&nodes, data->node[i].id, key->node);
    for (size_t i = 0; i < data->levels; i++) {
        add_name(&levels, data->level[i].id, key->level);
        if (strcmp(data->level[i].id, key->level) == 0)
            level = &data->level[i];
    }
    for (size_t i = 0; i < data->periods; i++)
        add_name(&periods, data->period[i].code, key->period ? key->period : "");
    if (!nodes.found)
        return wrong(fill, "node", key->node, &nodes);
    if (!level)
        return wrong(fill, "level", key->level, &levels);
    if (key->period && !periods.found)
        return wrong(fill, "period", key->period, &periods);
    if (!open_names(fill, level->units, &units))
        return NULL;
    for (size_t i = 0; i < level->units; i++)
        add_name(&units, level->unit[i].code, key->unit);
    return wrong(fill, "unit", key->unit, &units);
}

/* ---- the number ---- */

/* What the tables print where there is no number. */
static bool show_sign(struct mq_fill *fill, const struct mq_publication *publication,
                      const struct mq_data_cell *cell, struct mq_fill_place *place)
{
    bool no_unit = cell->reason >= MQ_REASONS;
    enum mq_reason reason = no_unit ? MQ_NOT_REPORTED : (enum mq_reason)cell->reason;
    if (mq_reason_present(reason))
        reason = MQ_NOT_REPORTED;
    place->text = mq_symbol_mark(reason);
    const char *message =
        mq_arena_format(&fill->arena, "no number is published (%s); the document shows %s",
                        no_unit ? "there is no such unit in that period"
                                : mq_reason_title(reason, publication->chinese),
                        place->text);
    if (!message)
        return mq_fill_memory(fill);
    mq_fill_say(fill, place->tag, message);
    return fill->status == MQ_OK;
}

bool mq_fill_value(struct mq_fill *fill, const struct mq_publication *const *publication,
                   size_t publications, const char *key, struct mq_fill_place *place)
{
    struct key parts = {0};
    const struct mq_data *first = NULL;
    char *copy = mq_arena_string(&fill->arena, key, strlen(key));
    if (!copy)
        return mq_fill_memory(fill);
    if (!cut(copy, &parts))
        return refuse(fill, place->tag,
                      "is not value:NODE.LEVEL.UNIT, with .score, .rank, .change or .value and "
                      "@PERIOD behind it as needed");
    for (size_t i = 0; i < publications; i++) {
        const struct mq_data *data = publication[i]->data;
        if (!data)
            continue;
        first = first ? first : data;
        const struct mq_data_cell *cell = find(data, &parts);
        if (!cell)
            continue;
        place->publication = publication[i];
        place->text = cell->text;
        return cell->text[0] || show_sign(fill, publication[i], cell, place);
    }
    return refuse(fill, place->tag,
                  first ? diagnose(fill, first, &parts) : "the publication has no values");
}
