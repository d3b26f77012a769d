/* rollup.csv: which units were empty where a level is rolled up, and what became of them. */
#include "index/index_parts.h"

#include <string.h>

bool mq_rolls_over_empty(const struct mq_model *model)
{
    for (size_t i = 0; i < model->levels; i++)
        if (model->level[i].rollup.of >= 0 && model->level[i].rollup.empty != MQ_EMPTY_FAIL)
            return true;
    return false;
}

static void add_text(struct mq_buffer *csv, const char *text)
{
    mq_buffer_csv(csv, text, strlen(text));
    mq_buffer_text(csv, ",");
}

static void add_row(struct mq_buffer *csv, const struct mq_frame *frame,
                    const struct mq_emptied *rolled)
{
    const struct mq_model *model = frame->model;
    const struct mq_unit *unit = &frame->unit[rolled->unit];
    const struct mq_level *level = &model->level[unit->level];

    add_text(csv, frame->period[unit->period]);
    add_text(csv, level->id);
    add_text(csv, unit->code);
    add_text(csv, unit->name);
    add_text(csv, model->node[rolled->node].id);
    add_text(csv, model->level[level->rollup.of].id);
    add_text(csv, rolled->empty);
    mq_buffer_real(csv, rolled->share);
    mq_buffer_text(csv, rolled->level < 0 ? ",renormalised," : ",borrowed,");
    add_text(csv, rolled->level < 0 ? "" : model->level[rolled->level].id);
    add_text(csv, rolled->level < 0 ? "" : rolled->from);
    mq_buffer_real(csv, rolled->value);
    mq_buffer_text(csv, "\n");
}

enum mq_status mq_emptied_write(const struct mq_frame *frame, struct mq_buffer *csv)
{
    mq_buffer_text(csv, "period,level,unit,name,indicator,finer,finer_unit,share,action,from,"
                        "from_unit,value\n");
    for (size_t i = 0; i < frame->empties; i++)
        add_row(csv, frame, &frame->emptied[i]);
    return csv->failed ? MQ_INTERNAL : MQ_OK;
}
