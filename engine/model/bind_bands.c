/* bands: names for ranges of scores */
#include "model/binder.h"

static const struct mq_key keys[] = {
    {"from", true, mq_bind_real, offsetof(struct mq_band, from), 0, 0},
    {"title", true, mq_bind_text, offsetof(struct mq_band, title), 0, 0},
};
static const struct mq_section section = MQ_SECTION("a band", keys);

enum mq_status mq_bind_bands(struct mq_binder *b, const struct mq_yaml *bands)
{
    struct mq_model *model = b->model;
    MQ_TRY(mq_bind_list(b, bands, "bands"));
    model->band = mq_arena_array(&model->arena, bands->count + 1, sizeof *model->band);
    if (!model->band)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < bands->count; i++) {
        struct mq_band *band = &model->band[i];
        MQ_TRY(mq_bind_map(b, bands->item[i], &section, band));
        if (i > 0 && !(band->from > band[-1].from))
            return mq_bind_fail(b, mq_yaml_get(bands->item[i], "from"),
                                "bands ascend: %g does not lie above %g", band->from,
                                band[-1].from);
        model->bands++;
    }
    return MQ_OK;
}
