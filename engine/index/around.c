/* Which unit of a coarser level lies around a unit: the province around a city. */
#include <string.h>

#include "index/index_parts.h"

bool mq_around_open(struct mq_around *around, const struct mq_frame *frame, uint32_t fine,
                    uint32_t coarse)
{
    const struct mq_level *outer = &frame->model->level[coarse];
    const struct mq_level *inner = &frame->model->level[fine];

    *around = (struct mq_around){.frame = frame, .coarse = coarse};
    for (size_t i = 0; i < outer->axes; i++) {
        const struct mq_level_axis *axis = &outer->axis[i];
        size_t k = 0;
        while (k < inner->axes && inner->axis[k].input != axis->input)
            k++;
        around->lacking = i;
        if (k == inner->axes || (!axis->part[0] && inner->axis[k].part[0]))
            return false;
        around->axis[i] = k;
    }
    return true;
}

/* Part `index` of a code like "2101|36". */
static struct mq_text component(const char *code, size_t index)
{
    struct mq_text part = {code, 0};

    for (; index > 0; index--) {
        const char *bar = strchr(part.s, '|');
        part.s = bar ? bar + 1 : part.s + strlen(part.s);
    }
    part.n = strcspn(part.s, "|");
    return part;
}

/* The code of the unit around; false if there is none. */
static bool write_code(struct mq_around *around, const char *code)
{
    const struct mq_model *model = around->frame->model;
    const struct mq_level *level = &model->level[around->coarse];

    around->code.length = 0;
    mq_buffer_add(&around->code, "", 0);
    for (size_t i = 0; i < level->axes; i++) {
        struct mq_text part = component(code, around->axis[i]);
        int list = model->input[level->axis[i].input].list;
        if (list >= 0 && level->axis[i].part[0]) {
            const struct mq_codes *codes = &model->list[list];
            uint32_t ordinal = mq_dict_find(codes->dict, part);
            if (ordinal != MQ_NO_CODE)
                ordinal = mq_codes_ancestor(codes, ordinal, level->axis[i].part);
            if (ordinal == MQ_NO_CODE)
                return false;
            part = mq_text(codes->code[ordinal].code);
        }
        if (i)
            mq_buffer_add(&around->code, "|", 1);
        mq_buffer_add(&around->code, part.s, part.n);
    }
    return true;
}

enum mq_status mq_around_code(struct mq_around *around, const char *code, uint32_t period,
                              size_t *found, struct mq_error *error)
{
    *found = SIZE_MAX;
    if (!write_code(around, code))
        return MQ_OK;
    if (around->code.failed)
        return mq_fail_memory(error);
    *found = mq_frame_find(around->frame, period, around->coarse,
                           around->code.length ? around->code.data : "");
    return MQ_OK;
}

enum mq_status mq_around_find(struct mq_around *around, size_t unit, size_t *found,
                              struct mq_error *error)
{
    const struct mq_unit *inner = &around->frame->unit[unit];

    return mq_around_code(around, inner->code, inner->period, found, error);
}

void mq_around_close(struct mq_around *around)
{
    mq_buffer_clear(&around->code);
}
