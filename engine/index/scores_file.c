/* scores.csv and indicators.csv: every number with all its digits, every blank with its reason. */
#include <math.h>
#include <string.h>

#include "index/index_parts.h"

static void add_text(struct mq_buffer *csv, const char *text)
{
    mq_buffer_csv(csv, text, strlen(text));
}

static void add_count(struct mq_buffer *csv, uint64_t count)
{
    mq_buffer_format(csv, ",%llu", (unsigned long long)count);
}

static void add_real(struct mq_buffer *csv, double value)
{
    mq_buffer_add(csv, ",", 1);
    mq_buffer_real(csv, value);
}

/* period,level,unit,name,node */
static void add_place(struct mq_buffer *csv, const struct mq_frame *frame, size_t unit, size_t node)
{
    const struct mq_unit *where = &frame->unit[unit];
    const char *cells[] = {frame->model->level[where->level].id, where->code, where->name,
                           frame->model->node[node].id};

    add_text(csv, frame->period[where->period]);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        mq_buffer_add(csv, ",", 1);
        add_text(csv, cells[i]);
    }
}

/* enterprises,coverage[,se,low,high],status */
static void add_basis(struct mq_buffer *csv, const struct mq_frame *frame, size_t unit,
                      double coverage, enum mq_reason reason, const struct mq_estimate *estimate)
{
    add_count(csv, frame->unit[unit].enterprises);
    add_real(csv, coverage);
    if (estimate) {
        add_real(csv, estimate->se);
        add_real(csv, estimate->low);
        add_real(csv, estimate->high);
    }
    mq_buffer_add(csv, ",", 1);
    mq_buffer_text(csv, mq_reason_code(reason));
    mq_buffer_add(csv, "\n", 1);
}

static void add_score(struct mq_buffer *csv, const struct mq_scores *scores, size_t unit,
                      size_t node)
{
    const struct mq_model *model = scores->model;
    const struct mq_score *score = &scores->score[unit * model->nodes + node];

    add_place(csv, scores->frame, unit, node);
    add_real(csv, score->value);
    if (score->rank) {
        add_count(csv, score->rank);
        add_count(csv, score->of);
    } else {
        mq_buffer_text(csv, ",,");
    }
    mq_buffer_add(csv, ",", 1);
    if (score->band >= 0)
        add_text(csv, model->band[score->band].title);
    add_real(csv, score->change);
    add_basis(csv, scores->frame, unit, score->coverage, score->reason,
              scores->estimate ? &scores->estimate[unit * model->nodes + node] : NULL);
}

enum mq_status mq_scores_write(const struct mq_scores *scores, struct mq_buffer *csv)
{
    mq_buffer_text(csv, "period,level,unit,name,node,value,rank,of,band,change,enterprises,"
                        "coverage,");
    mq_buffer_text(csv, scores->estimate ? "se,low,high,status\n" : "status\n");
    for (size_t i = 0; i < scores->frame->units && !csv->failed; i++)
        for (size_t k = 0; k < scores->model->nodes; k++)
            add_score(csv, scores, i, (size_t)scores->model->order[k]);
    return csv->failed ? MQ_INTERNAL : MQ_OK;
}

static void add_indicator(struct mq_buffer *csv, const struct mq_frame *frame, size_t unit,
                          size_t node)
{
    size_t at = unit * frame->model->nodes + node;

    add_place(csv, frame, unit, node);
    add_real(csv, frame->value[at]);
    add_real(csv, frame->numerator[at]);
    add_real(csv, frame->denominator[at]);
    add_basis(csv, frame, unit, frame->coverage[at], frame->reason[at],
              frame->estimate ? &frame->estimate[at] : NULL);
}

enum mq_status mq_frame_write(const struct mq_frame *frame, struct mq_buffer *csv)
{
    const struct mq_model *model = frame->model;

    mq_buffer_text(csv, "period,level,unit,name,indicator,value,numerator,denominator,enterprises,"
                        "coverage,");
    mq_buffer_text(csv, frame->estimate ? "se,low,high,status\n" : "status\n");
    for (size_t i = 0; i < frame->units && !csv->failed; i++)
        for (size_t k = 0; k < model->nodes; k++)
            if (model->node[model->order[k]].leaf)
                add_indicator(csv, frame, i, (size_t)model->order[k]);
    return csv->failed ? MQ_INTERNAL : MQ_OK;
}
