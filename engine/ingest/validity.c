/*
 * validity: a code of a list with dates must be valid in its row's period. Only what both dates
 * tell is compared: all of 2010 is fine for a code that came or went in June 2010, and both ends
 * count as valid. A period that is no date judges nothing.
 */
#include <stdlib.h>

#include "ingest/reader.h"

enum { UNKNOWN, VALID, OVER }; /* what is remembered of a code in a period */

static uint8_t age_of(const struct mq_code *code, const char *period)
{
    struct mq_date at = mq_date_of(period), from = mq_date_of(code->valid_from),
                   to = mq_date_of(code->valid_to);
    return mq_date_compare(&at, &from) < 0 || mq_date_compare(&at, &to) > 0 ? OVER : VALID;
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
    if (cells->old && cells->old[row]) /* it is not the code of its time that stands here */
        return MQ_PRESENT;
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
