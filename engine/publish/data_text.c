/* What the writers for machines have in common. */
#include "publish/data_text.h"

#include <string.h>

void mq_json_text(struct mq_buffer *json, const char *text)
{
    mq_buffer_add(json, "\"", 1);
    while (*text) {
        size_t plain = 0;
        while ((unsigned char)text[plain] >= 0x20 && !strchr("\"\\<\x7f", text[plain]))
            plain++;
        mq_buffer_add(json, text, plain);
        text += plain;
        if (*text == '"' || *text == '\\')
            mq_buffer_format(json, "\\%c", *text);
        else if (*text)
            mq_buffer_format(json, "\\u%04x", (unsigned)(unsigned char)*text);
        text += *text != '\0';
    }
    mq_buffer_add(json, "\"", 1);
}

void mq_json_member(struct mq_buffer *json, const char *name, const char *text)
{
    mq_json_text(json, name);
    mq_buffer_text(json, ":");
    mq_json_text(json, text);
    mq_buffer_text(json, ",");
}

void mq_ascii_number(struct mq_buffer *out, const char *text)
{
    static const char minus[] = "−";
    bool negative = strncmp(text, minus, strlen(minus)) == 0;
    if (negative)
        mq_buffer_add(out, "-", 1);
    mq_buffer_text(out, text + (negative ? strlen(minus) : text[0] == '+'));
}

void mq_csv_text(struct mq_buffer *csv, const char *text)
{
    struct mq_buffer safe = MQ_BUFFER_EMPTY;
    if (!text[0] || !strchr("=+-@\t\r", text[0])) {
        mq_buffer_csv(csv, text, strlen(text));
        return;
    }
    mq_buffer_format(&safe, "'%s", text);
    mq_buffer_csv(csv, safe.data ? safe.data : "", safe.length);
    csv->failed |= safe.failed;
    mq_buffer_clear(&safe);
}

const char *mq_data_status(const struct mq_data_cell *cell)
{
    return cell->reason == MQ_REASONS ? "" : mq_reason_code((enum mq_reason)cell->reason);
}

bool mq_periods_are_years(const struct mq_data *data)
{
    bool years = data->periods > 0;
    for (size_t i = 0; i < data->periods; i++)
        years = years && strlen(data->period[i].code) == 4 &&
                strspn(data->period[i].code, "0123456789") == 4;
    return years;
}

const struct mq_data_cell *mq_data_cells(const struct mq_data *data,
                                         const struct mq_data_level *level, size_t period,
                                         size_t unit, size_t node)
{
    return &level->cell[((period * level->units + unit) * data->nodes + node) * MQ_MEASURES];
}

const char *mq_level_prefix(const struct mq_data_level *level)
{
    static const char *const taken[] = {"collection", "datapackage", "sdmx"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(level->id, taken[i]) == 0)
            return "level-";
    return "";
}

enum mq_status mq_write_place(const struct mq_place *place, struct mq_buffer *content,
                              struct mq_error *error)
{
    struct mq_buffer path = MQ_BUFFER_EMPTY;
    mq_buffer_format(&path, "%s/%s/%s%s%s", place->directory, place->folder, place->prefix,
                     place->name, place->ending);
    enum mq_status status =
        content->failed || path.failed
            ? mq_fail_memory(error)
            : mq_write_file(path.data, content->data ? content->data : "", content->length, error);
    mq_buffer_clear(&path);
    mq_buffer_clear(content);
    return status;
}
