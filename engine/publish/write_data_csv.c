/*
 * data/<level>.csv: a line a period, unit and node, for programs (UTF-8 without BOM, LF, ASCII
 * minus), and data/datapackage.json, which describes these files: a Data Package of frictionless
 * data, https://specs.frictionlessdata.io/tabular-data-package/ (version 1; the `$schema` and
 * `type` are what version 2 asks for, so that readers of either take it).
 */
#include "publish/data_text.h"
#include "publish/draft.h"

#include <math.h>
#include <string.h>

/* ---- the tables ---- */

static void add_row(struct mq_buffer *csv, const struct mq_data *data,
                    const struct mq_data_level *level, const size_t at[3])
{
    const struct mq_data_cell *cell = mq_data_cells(data, level, at[0], at[1], at[2]);
    if (cell->reason == MQ_REASONS)
        return;
    const char *const text[] = {data->period[at[0]].code, level->id,
                                level->unit[at[1]].code,  level->unit[at[1]].name,
                                data->node[at[2]].id,     data->node[at[2]].title};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        mq_csv_text(csv, text[i]);
        mq_buffer_add(csv, ",", 1);
    }
    for (int measure = 0; measure < MQ_MEASURES; measure++) {
        mq_ascii_number(csv, cell[measure].text);
        mq_buffer_add(csv, ",", 1);
    }
    mq_buffer_text(csv, mq_data_status(cell));
    mq_buffer_add(csv, "\n", 1);
}

static enum mq_status write_level(const struct mq_data *data, const struct mq_data_level *level,
                                  const char *directory, struct mq_error *error)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "period,level,unit,name,node,title,score,rank,change,value,status\n");
    size_t at[3];
    for (at[0] = 0; at[0] < data->periods; at[0]++)
        for (at[1] = 0; at[1] < level->units; at[1]++)
            for (at[2] = 0; at[2] < data->nodes; at[2]++)
                add_row(&csv, data, level, at);
    return mq_write_place(
        &(struct mq_place){directory, "data", mq_level_prefix(level), level->id, ".csv"}, &csv,
        error);
}

/* ---- their description ---- */

struct field {
    const char *name, *type, *english, *chinese;
};

static void add_fields(struct mq_buffer *json, const struct mq_publication *publication)
{
    const struct field fields[] = {
        {"period", mq_periods_are_years(publication->data) ? "year" : "string", "period", "报告期"},
        {"level", "string", "level: what kind of unit", "层级"},
        {"unit", "string",
         "code of the unit; codes joined by | where there are several; empty: the whole",
         "单位代码；多个代码以 | 连接；总体为空"},
        {"name", "string", "name of the unit", "单位名称"},
        {"node", "string", "id of the index or indicator", "指数或指标标识"},
        {"title", "string", "title of the index or indicator", "指数或指标名称"},
        {"score", "number", "score, rounded as published", "得分（按公布位数修约）"},
        {"rank", "integer", "rank among the units of the level and period; 1 is best",
         "同级单位中的位次，1 为最优"},
        {"change", "number", "difference of the published scores of this period and the one before",
         "本期与上期公布得分之差"},
        {"value", "number", "raw value of an indicator; its unit is in nodes",
         "指标原始值，计量单位见 nodes"},
        {"status", "string", "ok, or why there is no score, or what it rests on; see statuses",
         "状态：ok，或没有得分的原因、得分的依据，见 statuses"}};
    mq_buffer_text(json, "\"fields\":[");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        mq_buffer_text(json, i ? ",\n      {" : "\n      {");
        mq_json_member(json, "name", fields[i].name);
        mq_json_member(json, "type", fields[i].type);
        mq_buffer_text(json, "\"description\":");
        mq_json_text(json, publication->chinese ? fields[i].chinese : fields[i].english);
        mq_buffer_text(json, "}");
    }
    mq_buffer_text(json, "],\n     \"missingValues\":[\"\"]");
}

/* Names of resources are lower-case; an id that is not gets one by its place. */
static void add_name(struct mq_buffer *json, const char *id, size_t place)
{
    bool clean = id[0] && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(id);
    if (clean)
        mq_json_text(json, id);
    else
        mq_buffer_format(json, "\"level-%zu\"", place + 1);
}

static void add_resource(struct mq_buffer *json, const struct mq_publication *publication,
                         size_t index)
{
    const struct mq_data_level *level = &publication->data->level[index];
    mq_buffer_text(json, index ? ",\n   {\"name\":" : "\n   {\"name\":");
    add_name(json, level->id, index);
    mq_buffer_text(json, ",\"path\":\"");
    mq_buffer_format(json, "%s%s.csv\",", mq_level_prefix(level), level->id);
    mq_json_member(json, "title", level->title);
    mq_buffer_text(json,
                   "\"type\":\"table\",\"profile\":\"tabular-data-resource\",\"format\":\"csv\","
                   "\"mediatype\":\"text/csv\",\"encoding\":\"utf-8\",\n    \"dialect\":{"
                   "\"delimiter\":\",\",\"lineTerminator\":\"\\n\",\"doubleQuote\":true,"
                   "\"header\":true},\n    \"schema\":{");
    add_fields(json, publication);
    mq_buffer_text(json, "}}");
}

static void add_nodes(struct mq_buffer *json, const struct mq_data *data)
{
    mq_buffer_text(json, " \"nodes\":[");
    for (size_t i = 0; i < data->nodes; i++) {
        const struct mq_data_node *node = &data->node[i];
        mq_buffer_text(json, i ? ",\n  {" : "\n  {");
        mq_json_member(json, "id", node->id);
        mq_json_member(json, "title", node->title);
        if (node->parent >= 0)
            mq_json_member(json, "parent", data->node[node->parent].id);
        mq_json_member(json, "scoreUnit", node->score_unit);
        mq_buffer_format(json, "\"scoreDecimals\":%d", node->decimals);
        if (node->leaf) {
            mq_buffer_text(json, ",");
            mq_json_member(json, "valueUnit", node->unit);
            mq_buffer_format(json, "\"valueDecimals\":%d", node->value_decimals);
        }
        mq_buffer_text(json, "}");
    }
    mq_buffer_text(json, "],\n \"statuses\":{");
}

static void add_package(struct mq_buffer *json, const struct mq_publication *publication)
{
    static const char *const description[2] = {
        "A text that begins with = + - @, a tab or CR has an apostrophe before it.",
        "以 = + - @、制表符或回车开头的文本前加有撇号。"};
    mq_buffer_text(json,
                   "{\"$schema\":\"https://datapackage.org/profiles/2.0/datapackage.json\",\n "
                   "\"profile\":\"tabular-data-package\",\n ");
    mq_buffer_text(json, "\"name\":");
    struct mq_buffer name = MQ_BUFFER_EMPTY;
    for (const char *c = publication->model_id; *c; c++) {
        char low = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        bool fine = strchr("abcdefghijklmnopqrstuvwxyz0123456789._-", low) != NULL;
        mq_buffer_add(&name, fine ? &low : "-", 1);
    }
    mq_json_text(json, name.length ? name.data : "data");
    json->failed |= name.failed;
    mq_buffer_clear(&name);
    mq_buffer_text(json, ",\n ");
    mq_json_member(json, "title", publication->title);
    mq_json_member(json, "description", description[publication->chinese]);
    mq_json_member(json, "edition", publication->edition);
    if (publication->provenance) {
        mq_json_member(json, "modelDigest", publication->provenance->model_digest);
        mq_json_member(json, "resultDigest", publication->provenance->result_digest);
    }
    if (publication->source[0]) {
        mq_buffer_text(json, "\"sources\":[{\"title\":");
        mq_json_text(json, publication->source);
        mq_buffer_text(json, "}],");
    }
    mq_buffer_text(json, "\n \"assumptions\":[");
    for (size_t i = 0; i < publication->assumptions; i++) {
        mq_buffer_text(json, i ? "," : "");
        mq_json_text(json, publication->assumption[i]);
    }
    mq_buffer_text(json, "],\n");
    add_nodes(json, publication->data);
    for (int reason = 0; reason < MQ_REASONS; reason++) {
        mq_buffer_text(json, reason ? ",\n  " : "\n  ");
        mq_json_text(json, mq_reason_code((enum mq_reason)reason));
        mq_buffer_text(json, ":");
        mq_json_text(json, mq_reason_title((enum mq_reason)reason, publication->chinese));
    }
    mq_buffer_text(json, "},\n \"resources\":[");
    for (size_t i = 0; i < publication->data->levels; i++)
        add_resource(json, publication, i);
    mq_buffer_text(json, "]}\n");
}

enum mq_status mq_write_data_csv(const struct mq_publication *publication, const char *directory,
                                 struct mq_error *error)
{
    const struct mq_data *data = publication->data;
    MQ_TRY(mq_make_folder(directory, "data", error));
    for (size_t i = 0; i < data->levels; i++)
        MQ_TRY(write_level(data, &data->level[i], directory, error));
    struct mq_buffer json = MQ_BUFFER_EMPTY;
    add_package(&json, publication);
    return mq_write_place(&(struct mq_place){directory, "data", "", "datapackage", ".json"}, &json,
                          error);
}
