/*
 * validity: a code of a list with dates must be valid in its row's period. Only what both dates
 * tell is compared: all of 2010 is fine for a code that came or went in June 2010, and both ends
 * count as valid. A period that is no date judges nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/reader.h"

enum { UNKNOWN, VALID, OVER }; /* what is remembered of a code in a period */

/* Year, month, day, as far as a text has them. */
struct date {
    int part[3], parts;
};

/* The number in 1 to `most` digits; its length, 0 if there is none. */
static size_t number_at(const char *text, size_t most, int *value)
{
    size_t length = 0;
    for (*value = 0; length < most && text[length] >= '0' && text[length] <= '9'; length++)
        *value = 10 * *value + (text[length] - '0');
    return length;
}

/* 2010, 2010-06, 2010/6/30, 201006, 2010年6月; what follows what can be read does not count. */
static struct date date_of(const char *text)
{
    static const char *const mark[] = {"年", "月"};
    struct date date = {.parts = 0};
    if (number_at(text, 4, &date.part[0]) != 4)
        return date;
    date.parts = 1;
    for (text += 4; date.parts < 3; date.parts++) {
        const char *wide = mark[date.parts - 1];
        bool wide_here = strncmp(text, wide, strlen(wide)) == 0;
        bool joined = !wide_here && (!*text || !strchr("-/.", *text));
        text += wide_here ? strlen(wide) : !joined;
        int value;
        size_t length = number_at(text, 2, &value);
        if (length == 0 || (joined && length != 2) || value < 1 ||
            value > (date.parts == 1 ? 12 : 31))
            break;
        date.part[date.parts] = value;
        text += length;
    }
    return date;
}

static int compare_dates(const struct date *a, const struct date *b)
{
    for (int i = 0; i < a->parts && i < b->parts; i++)
        if (a->part[i] != b->part[i])
            return a->part[i] < b->part[i] ? -1 : 1;
    return 0;
}

static uint8_t age_of(const struct mq_code *code, const char *period)
{
    struct date at = date_of(period), from = date_of(code->valid_from),
                to = date_of(code->valid_to);
    return compare_dates(&at, &from) < 0 || compare_dates(&at, &to) > 0 ? OVER : VALID;
}

bool mq_validity_open(struct mq_columns *columns)
{
    const struct mq_model *model = columns->model;
    bool periods = model->period >= 0 && model->input[model->period].type == MQ_PERIOD;
    for (size_t i = 0; periods && i < columns->inputs; i++) {
        struct mq_cells *cells = &columns->cells[i];
        if (!cells->listed)
            continue;
        const struct mq_codes *codes = &model->list[model->input[i].list];
        bool dated = false;
        for (size_t k = 0; k < codes->count; k++)
            dated = dated || codes->code[k].valid_from[0] || codes->code[k].valid_to[0];
        if (!dated)
            continue;
        cells->of = codes;
        if (!(cells->age = calloc(MQ_AGES, sizeof *cells->age)))
            return false;
    }
    return true;
}

/* What is remembered of all codes in a period; NULL: nothing. */
static uint8_t *ages_of(struct mq_columns *columns, struct mq_cells *cells, uint32_t period)
{
    if (period >= MQ_AGES)
        return NULL;
    if (!cells->age[period] && !(cells->age[period] = calloc(cells->of->count, 1)))
        columns->failed = true;
    return cells->age[period];
}

/* A cell that is not known to be valid. */
static uint8_t look_closely(const struct mq_columns *columns, const struct mq_cells *cells,
                            uint8_t *age, size_t row)
{
    const struct mq_cells *periods = &columns->cells[columns->model->period];
    uint32_t code = cells->value.code[row];
    uint8_t found = age ? age[code] : UNKNOWN;
    if (found == UNKNOWN)
        found =
            age_of(&cells->of->code[code], mq_dict_text(periods->dict, periods->value.code[row]).s);
    if (age)
        age[code] = found;
    return found == OVER ? MQ_BAD_AGE : MQ_PRESENT;
}

static void judge(struct mq_columns *columns, struct mq_cells *cells)
{
    const struct mq_cells *periods = &columns->cells[columns->model->period];
    const uint8_t *dated = periods->state;
    const uint32_t *at = periods->value.code, *code = cells->value.code;
    uint8_t *restrict state = cells->state;
    uint8_t *age = NULL;
    uint32_t period = MQ_NO_CODE;
    for (size_t row = 0, rows = columns->row; row < rows; row++) {
        if ((state[row] | dated[row]) != MQ_PRESENT)
            continue;
        if (at[row] != period) {
            period = at[row];
            age = ages_of(columns, cells, period);
        }
        if (!age || age[code[row]] != VALID)
            state[row] = look_closely(columns, cells, age, row);
    }
}

void mq_validity_judge(struct mq_columns *columns)
{
    for (size_t i = 0; i < columns->inputs; i++)
        if (columns->cells[i].of)
            judge(columns, &columns->cells[i]);
}

void mq_validity_close(struct mq_columns *columns)
{
    for (size_t i = 0; columns->cells && i < columns->inputs; i++) {
        for (size_t k = 0; columns->cells[i].age && k < MQ_AGES; k++)
            free(columns->cells[i].age[k]);
        free(columns->cells[i].age);
    }
}
