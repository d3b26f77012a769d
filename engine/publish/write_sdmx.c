/*
 * data/sdmx.csv: all published numbers as SDMX-CSV 2.0 (field guide of the SDMX technical working
 * group, https://github.com/sdmx-twg/sdmx-csv; RFC 4180, hence CRLF). One dataflow a model,
 * MQCI:DF_<MODEL>(1.0.0). The mapping:
 *   FREQ         A for years, Q for 2024Q1, M for 202401, D for 2024-01-01, _U for other periods,
 *                _Z without periods
 *   LEVEL        id of the level
 *   UNIT_1 ...   codes of the unit, one an axis; _T: the whole, _Z: the level has no such axis
 *   INDICATOR    id of the index or indicator
 *   MEASURE      SCORE, RANK, CHANGE, VALUE
 *   TIME_PERIOD  the period: 2024, 2024-Q1, 2024-01, 2024-01-01, others as they are
 *   OBS_VALUE    as published, NaN where there is none
 *   OBS_STATUS   of code list CL_OBS_STATUS: A normal, I imputed, Q missing: suppressed,
 *                M missing: cannot exist, O missing
 *   CONF_STATUS  of CL_CONF_STATUS: F free, C confidential (withheld)
 *   DECIMALS     of the measure
 *   UNIT_MEASURE as the model writes it, uncoded
 *   COMMENT_OBS  the reason in the words of scores.csv, "" if ok
 * Ids of SDMX are letters, digits, _ and -; other bytes of a code are @ and two hex digits.
 */
#include "publish/data_text.h"
#include "publish/draft.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static bool plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-';
}

static void add_id(struct mq_buffer *csv, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (plain(text[i]))
            mq_buffer_add(csv, text + i, 1);
        else
            mq_buffer_format(csv, "@%02X", (unsigned)(unsigned char)text[i]);
}

/* Does `period` look like `pattern`, where 9 is a digit? */
static bool like(const char *period, const char *pattern)
{
    for (; *period && *pattern; period++, pattern++)
        if (*pattern == '9' ? !(*period >= '0' && *period <= '9') : *period != *pattern)
            return false;
    return !*period && !*pattern;
}

/* How a period is written: its frequency, and how many of its characters are the year when the rest
 * follows a hyphen in SDMX (0: as it stands). */
struct period {
    const char *pattern, *frequency;
    size_t year, skip; /* skip: characters between year and rest */
};

static const struct period periods[] = {
    {"9999", "A", 0, 0},       {"9999-Q9", "Q", 0, 0}, {"9999Q9", "Q", 4, 0},
    {"9999-99", "M", 0, 0},    {"9999M99", "M", 4, 1}, {"999999", "M", 4, 0},
    {"9999-99-99", "D", 0, 0}, {"", "_Z", 0, 0},
};

static const struct period *period_of(const char *code)
{
    static const struct period other = {NULL, "_U", 0, 0};
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++)
        if (like(code, periods[i].pattern))
            return &periods[i];
    return &other;
}

static void add_period(struct mq_buffer *csv, const char *code)
{
    const struct period *period = period_of(code);
    if (period->year == 0) {
        mq_csv_text(csv, code);
        return;
    }
    mq_buffer_add(csv, code, period->year);
    mq_buffer_format(csv, "-%s", code + period->year + period->skip);
}

static const char *status_code(const struct mq_data_cell *cell)
{
    switch ((enum mq_reason)cell->reason) {
    case MQ_FINE:
    case MQ_RENORMALISED:
        return "A";
    case MQ_IMPUTED:
    case MQ_IMPUTED_RENORMALISED:
        return "I";
    case MQ_WITHHELD:
        return "Q";
    case MQ_UNDEFINED:
    case MQ_NO_PREVIOUS:
        return "M";
    default:
        return "O";
    }
}

/* The codes of the unit in as many columns as the level with most axes has. */
static void add_unit(struct mq_buffer *csv, const struct mq_data_level *level, const char *code,
                     size_t most)
{
    for (size_t axis = 0; axis < most; axis++) {
        if (axis >= level->axes) {
            mq_buffer_text(csv, level->axes == 0 ? "_T," : "_Z,");
            continue;
        }
        size_t length = axis + 1 < level->axes ? strcspn(code, "|") : strlen(code);
        add_id(csv, code, length);
        mq_buffer_add(csv, ",", 1);
        code += length + (code[length] == '|');
    }
}

static size_t most_axes(const struct mq_data *data)
{
    size_t most = 1;
    for (size_t i = 0; i < data->levels; i++)
        if (data->level[i].axes > most)
            most = data->level[i].axes;
    return most;
}

/* What all lines of a level begin with. */
static void add_flow(struct mq_buffer *start, const struct mq_publication *publication)
{
    mq_buffer_text(start, "dataflow,MQCI:DF_");
    for (const char *c = publication->model_id; *c; c++) {
        char upper = *c == '-' || !plain(*c) ? '_' : (char)toupper((unsigned char)*c);
        mq_buffer_add(start, &upper, 1);
    }
    mq_buffer_text(start, "(1.0.0),I,");
}

static void add_attributes(struct mq_buffer *csv, const struct mq_data_cell *cell,
                           const struct mq_data_node *node, int measure)
{
    int decimals = measure == MQ_MEASURE_RANK    ? 0
                   : measure == MQ_MEASURE_VALUE ? node->value_decimals
                                                 : node->decimals;
    const char *unit = measure == MQ_MEASURE_RANK    ? ""
                       : measure == MQ_MEASURE_VALUE ? node->unit
                                                     : node->score_unit;
    mq_buffer_format(csv, ",%s,%s,%d,", status_code(cell), cell->reason == MQ_WITHHELD ? "C" : "F",
                     decimals);
    mq_csv_text(csv, unit);
    mq_buffer_format(csv, ",%s\r\n", cell->reason == MQ_FINE ? "" : mq_data_status(cell));
}

static void add_cells(struct mq_buffer *csv, const struct mq_buffer *start,
                      const struct mq_data *data, const struct mq_data_cell *cell,
                      const char *period)
{
    static const char *const names[MQ_MEASURES] = {"SCORE", "RANK", "CHANGE", "VALUE"};
    for (size_t node = 0; node < data->nodes; node++)
        for (int measure = 0; measure < MQ_MEASURES; measure++) {
            const struct mq_data_cell *at = &cell[node * MQ_MEASURES + (size_t)measure];
            if (measure == MQ_MEASURE_VALUE && !data->node[node].leaf)
                continue;
            mq_buffer_add(csv, start->data, start->length);
            add_id(csv, data->node[node].id, strlen(data->node[node].id));
            mq_buffer_format(csv, ",%s,", names[measure]);
            add_period(csv, period);
            mq_buffer_add(csv, ",", 1);
            if (isnan(at->value))
                mq_buffer_text(csv, "NaN");
            else
                mq_ascii_number(csv, at->text);
            add_attributes(csv, at, &data->node[node], measure);
        }
}

static void add_level(struct mq_buffer *csv, const struct mq_publication *publication,
                      const struct mq_data_level *level, size_t most)
{
    const struct mq_data *data = publication->data;
    struct mq_buffer start = MQ_BUFFER_EMPTY;
    for (size_t period = 0; period < data->periods; period++)
        for (size_t unit = 0; unit < level->units; unit++) {
            const struct mq_data_cell *cell = mq_data_cells(data, level, period, unit, 0);
            if (data->nodes == 0 || cell->reason == MQ_REASONS)
                continue;
            start.length = 0;
            add_flow(&start, publication);
            mq_buffer_format(&start, "%s,", period_of(data->period[period].code)->frequency);
            add_id(&start, level->id, strlen(level->id));
            mq_buffer_add(&start, ",", 1);
            add_unit(&start, level, level->unit[unit].code, most);
            csv->failed |= start.failed;
            if (!csv->failed)
                add_cells(csv, &start, data, cell, data->period[period].code);
        }
    mq_buffer_clear(&start);
}

enum mq_status mq_write_sdmx(const struct mq_publication *publication, const char *directory,
                             struct mq_error *error)
{
    const struct mq_data *data = publication->data;
    MQ_TRY(mq_make_folder(directory, "data", error));
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    size_t most = most_axes(data);
    mq_buffer_text(&csv, "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,LEVEL,");
    for (size_t axis = 0; axis < most; axis++)
        mq_buffer_format(&csv, "UNIT_%zu,", axis + 1);
    mq_buffer_text(&csv, "INDICATOR,MEASURE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS,"
                         "DECIMALS,UNIT_MEASURE,COMMENT_OBS\r\n");
    for (size_t i = 0; i < data->levels; i++)
        add_level(&csv, publication, &data->level[i], most);
    return mq_write_place(&(struct mq_place){directory, "data", "", "sdmx", ".csv"}, &csv, error);
}
