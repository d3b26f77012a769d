/*
 * data/<level>.json: a JSON-stat 2.0 dataset a level (https://json-stat.org/full/), its cells in
 * the order of struct mq_data: period, unit, node, measure. data/collection.json links them.
 * `value` holds the published digits, null where there is none; `status` says of every cell that is
 * not simply a number why; extension.status explains the codes. `updated` is left out: the same
 * scores make the same bytes on any day.
 */
#include "publish/data_text.h"
#include "publish/draft.h"

#include <math.h>
#include <string.h>

static const char *const measure_labels[2][MQ_MEASURES] = {{"score", "rank", "change", "value"},
                                                           {"得分", "位次", "变动", "原始值"}};

/* "index":[codes],"label":{code:name} */
static void add_category(struct mq_buffer *json, const struct mq_data_name *name, size_t count)
{
    mq_buffer_text(json, "\"index\":[");
    for (size_t i = 0; i < count; i++) {
        mq_buffer_text(json, i ? "," : "");
        mq_json_text(json, name[i].code);
    }
    mq_buffer_text(json, "],\"label\":{");
    for (size_t i = 0; i < count; i++) {
        mq_buffer_text(json, i ? "," : "");
        mq_json_text(json, name[i].code);
        mq_buffer_text(json, ":");
        mq_json_text(json, name[i].name);
    }
    mq_buffer_text(json, "}");
}

static void add_dimension(struct mq_buffer *json, const char *id, const char *label)
{
    mq_buffer_text(json, "\n  ");
    mq_json_text(json, id);
    mq_buffer_text(json, ":{");
    mq_json_member(json, "label", label);
    mq_buffer_text(json, "\"category\":{");
}

static void add_nodes(struct mq_buffer *json, const struct mq_data *data)
{
    mq_buffer_text(json, "\"index\":[");
    for (size_t i = 0; i < data->nodes; i++) {
        mq_buffer_text(json, i ? "," : "");
        mq_json_text(json, data->node[i].id);
    }
    mq_buffer_text(json, "],\"label\":{");
    for (size_t i = 0; i < data->nodes; i++) {
        mq_buffer_text(json, i ? "," : "");
        mq_json_text(json, data->node[i].id);
        mq_buffer_text(json, ":");
        mq_json_text(json, data->node[i].title);
    }
    mq_buffer_text(json, "},\"child\":{");
    bool any = false;
    for (size_t i = 0; i < data->nodes; i++) {
        bool first = true;
        for (size_t j = i + 1; j < data->nodes; j++) {
            if (data->node[j].parent != (int)i)
                continue;
            mq_buffer_text(json, first ? (any ? "," : "") : ",");
            if (first) {
                mq_json_text(json, data->node[i].id);
                mq_buffer_text(json, ":[");
            }
            mq_json_text(json, data->node[j].id);
            first = false;
        }
        any |= !first;
        mq_buffer_text(json, first ? "" : "]");
    }
    mq_buffer_text(json, "}");
}

static void add_measures(struct mq_buffer *json, const struct mq_publication *publication)
{
    struct mq_data_name name[MQ_MEASURES];
    for (int i = 0; i < MQ_MEASURES; i++)
        name[i] =
            (struct mq_data_name){mq_measure_names[i], measure_labels[publication->chinese][i]};
    add_category(json, name, MQ_MEASURES);
    mq_buffer_text(json, ",\"unit\":{");
    const struct mq_data *data = publication->data;
    const char *unit = data->nodes ? data->node[0].score_unit : "";
    int decimals = data->nodes ? data->node[0].decimals : 0;
    for (int i = 0; i < MQ_MEASURES - 1; i++) { /* raw values: extension.nodes */
        bool rank = i == MQ_MEASURE_RANK;
        mq_buffer_format(json, "%s\"%s\":{", i ? "," : "", mq_measure_names[i]);
        mq_json_member(json, "label", rank ? "" : unit);
        mq_buffer_format(json, "\"decimals\":%d}", rank ? 0 : decimals);
    }
    mq_buffer_text(json, "}");
}

static void add_dimensions(struct mq_buffer *json, const struct mq_publication *publication,
                           const struct mq_data_level *level)
{
    const struct mq_data *data = publication->data;
    bool chinese = publication->chinese;
    mq_buffer_format(json,
                     " \"id\":[\"time\",\"unit\",\"node\",\"measure\"],\n"
                     " \"size\":[%zu,%zu,%zu,%d],\n"
                     " \"role\":{\"time\":[\"time\"],%s\"metric\":[\"measure\"]},\n"
                     " \"dimension\":{",
                     data->periods, level->units, data->nodes, (int)MQ_MEASURES,
                     level->area ? "\"geo\":[\"unit\"]," : "");
    add_dimension(json, "time", chinese ? "报告期" : "period");
    add_category(json, data->period, data->periods);
    mq_buffer_text(json, "}},");
    add_dimension(json, "unit", level->title);
    add_category(json, level->unit, level->units);
    mq_buffer_text(json, "}},");
    add_dimension(json, "node", chinese ? "指标" : "indicator");
    add_nodes(json, data);
    mq_buffer_text(json, "}},");
    add_dimension(json, "measure", chinese ? "统计量" : "measure");
    add_measures(json, publication);
    mq_buffer_text(json, "}}},\n");
}

/* What the status of a cell is called; "": a plain number. */
static const char *status_of(const struct mq_data *data, const struct mq_data_cell *cell,
                             size_t place)
{
    size_t node = place / MQ_MEASURES % data->nodes;
    if (cell->reason == MQ_REASONS)
        return "absent";
    if (place % MQ_MEASURES == MQ_MEASURE_VALUE && !data->node[node].leaf)
        return "not_applicable";
    return cell->reason == MQ_FINE ? "" : mq_reason_code((enum mq_reason)cell->reason);
}

static void add_values(struct mq_buffer *json, const struct mq_data *data,
                       const struct mq_data_level *level)
{
    size_t cells = data->periods * level->units * data->nodes * MQ_MEASURES;
    mq_buffer_text(json, " \"value\":[");
    for (size_t i = 0; i < cells; i++) {
        mq_buffer_text(json, i ? (i % (data->nodes * MQ_MEASURES) ? "," : ",\n  ") : "\n  ");
        if (isnan(level->cell[i].value))
            mq_buffer_text(json, "null");
        else
            mq_ascii_number(json, level->cell[i].text);
    }
    mq_buffer_text(json, "],\n \"status\":{");
    const char *comma = "";
    for (size_t i = 0; i < cells; i++) {
        const char *status = status_of(data, &level->cell[i], i);
        if (!status[0])
            continue;
        mq_buffer_format(json, "%s\"%zu\":\"%s\"", comma, i, status);
        comma = ",";
    }
    mq_buffer_text(json, "}");
}

static void add_extension(struct mq_buffer *json, const struct mq_publication *publication)
{
    const struct mq_data *data = publication->data;
    bool chinese = publication->chinese;
    mq_buffer_text(json, ",\n \"extension\":{");
    mq_json_member(json, "model", publication->model_id);
    mq_json_member(json, "edition", publication->edition);
    if (publication->provenance) {
        mq_json_member(json, "modelDigest", publication->provenance->model_digest);
        mq_json_member(json, "resultDigest", publication->provenance->result_digest);
    }
    mq_buffer_text(json, "\n  \"decimals\":{");
    for (size_t i = 0; i < data->nodes; i++) {
        mq_buffer_text(json, i ? "," : "");
        mq_json_text(json, data->node[i].id);
        mq_buffer_format(json, ":{\"score\":%d", data->node[i].decimals);
        if (data->node[i].leaf) {
            mq_buffer_format(json, ",\"value\":%d,\"unit\":", data->node[i].value_decimals);
            mq_json_text(json, data->node[i].unit);
        }
        mq_buffer_text(json, "}");
    }
    mq_buffer_text(json, "},\n  \"status\":{");
    for (int reason = 1; reason < MQ_REASONS; reason++)
        mq_json_member(json, mq_reason_code((enum mq_reason)reason),
                       mq_reason_title((enum mq_reason)reason, chinese));
    mq_json_member(json, "not_applicable",
                   chinese ? "不是统计指标，没有原始值" : "no raw value: not a leaf");
    mq_buffer_text(json, "\"absent\":");
    mq_json_text(json, chinese ? "该期没有这个单位" : "no such unit in this period");
    mq_buffer_text(json, "}},\n \"note\":[");
    for (size_t i = 0; i < publication->assumptions; i++) {
        mq_buffer_text(json, i ? "," : "");
        mq_json_text(json, publication->assumption[i]);
    }
    mq_buffer_text(json, "]");
}

static void add_label(struct mq_buffer *json, const struct mq_publication *publication,
                      const struct mq_data_level *level)
{
    struct mq_buffer label = MQ_BUFFER_EMPTY;
    mq_buffer_format(&label, publication->chinese ? "%s（%s）" : "%s (%s)", publication->title,
                     level->title);
    mq_json_member(json, "label", label.data ? label.data : "");
    json->failed |= label.failed;
    mq_buffer_clear(&label);
}

static enum mq_status write_level(const struct mq_publication *publication,
                                  const struct mq_data_level *level, const char *directory,
                                  struct mq_error *error)
{
    struct mq_buffer json = MQ_BUFFER_EMPTY;
    mq_buffer_text(&json, "{\"version\":\"2.0\",\"class\":\"dataset\",\n ");
    add_label(&json, publication, level);
    if (publication->source[0])
        mq_json_member(&json, "source", publication->source);
    mq_buffer_text(&json, "\n");
    add_dimensions(&json, publication, level);
    add_values(&json, publication->data, level);
    add_extension(&json, publication);
    mq_buffer_text(&json, "}\n");
    return mq_write_place(
        &(struct mq_place){directory, "data", mq_level_prefix(level), level->id, ".json"}, &json,
        error);
}

static enum mq_status write_collection(const struct mq_publication *publication,
                                       const char *directory, struct mq_error *error)
{
    const struct mq_data *data = publication->data;
    struct mq_buffer json = MQ_BUFFER_EMPTY;
    mq_buffer_text(&json, "{\"version\":\"2.0\",\"class\":\"collection\",\n ");
    mq_json_member(&json, "label", publication->title);
    if (publication->source[0])
        mq_json_member(&json, "source", publication->source);
    mq_buffer_text(&json, "\n \"link\":{\"item\":[");
    for (size_t i = 0; i < data->levels; i++) {
        mq_buffer_text(&json, i ? ",\n  {" : "\n  {");
        mq_buffer_text(&json, "\"class\":\"dataset\",");
        add_label(&json, publication, &data->level[i]);
        mq_buffer_text(&json, "\"href\":\"");
        mq_buffer_format(&json, "%s%s.json\"}", mq_level_prefix(&data->level[i]),
                         data->level[i].id);
    }
    mq_buffer_text(&json, "]}}\n");
    return mq_write_place(&(struct mq_place){directory, "data", "", "collection", ".json"}, &json,
                          error);
}

enum mq_status mq_write_json(const struct mq_publication *publication, const char *directory,
                             struct mq_error *error)
{
    const struct mq_data *data = publication->data;
    MQ_TRY(mq_make_folder(directory, "data", error));
    for (size_t i = 0; i < data->levels; i++)
        MQ_TRY(write_level(publication, &data->level[i], directory, error));
    return write_collection(publication, directory, error);
}
