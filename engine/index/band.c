/*
 * Bands: a score belongs to the highest band it reaches, the bound included.
 *
 * What counts is the score as published. 84.997 is printed as 85.00, so it stands in the band from
 * 85: table and band must not contradict each other.
 */
#include <math.h>
#include <string.h>

#include "index/index_parts.h"

static double published(const struct mq_model *model, double value)
{
    char text[352];
    double rounded = value;

    mq_round_text(value, model->decimals, model->rounding, text);
    return mq_real_parse(text, strlen(text), &rounded) == MQ_NUMBER_OK ? rounded : value;
}

/* `step`: of what is published. */
static int16_t band_of(const struct mq_model *model, double step, double value)
{
    /* Rounding matters only next to a bound; elsewhere the value itself decides. */
    double reach = 2 * step + fabs(value) * 1e-14;
    double shown = value;

    for (size_t i = 0; i < model->bands; i++)
        if (fabs(value - model->band[i].from) <= reach) {
            shown = published(model, value);
            break;
        }
    for (size_t i = model->bands; i > 0; i--)
        if (shown >= model->band[i - 1].from)
            return (int16_t)(i - 1);
    return -1;
}

void mq_band(struct mq_scores *scores, size_t begin, size_t end)
{
    const struct mq_model *model = scores->model;
    double step = pow(10, -model->decimals);

    for (size_t i = begin * model->nodes; i < end * model->nodes && model->bands; i++)
        if (!isnan(scores->score[i].value))
            scores->score[i].band = band_of(model, step, scores->score[i].value);
}
