/* counted: what a row of the data is. */
#include "model/binder.h"

static const struct mq_key keys[] = {
    {"name", true, mq_bind_text, offsetof(struct mq_model, counted), 0, 0},
    {"measure", false, mq_bind_text, offsetof(struct mq_model, measure), 0, 0},
};
static const struct mq_section section = MQ_SECTION("counted", keys);

enum mq_status mq_bind_counted(struct mq_binder *b, const struct mq_yaml *counted)
{
    if (counted->kind == MQ_YAML_SCALAR)
        return mq_bind_text(b, counted, &keys[0], b->model);
    return mq_bind_map(b, counted, &section, b->model);
}

const char *mq_model_counted(const struct mq_model *model)
{
    if (model->counted && *model->counted)
        return model->counted;
    if (model->chinese)
        return model->key >= 0 ? "企业" : "记录";
    return model->key >= 0 ? "enterprises" : "rows";
}

const char *mq_model_measure(const struct mq_model *model)
{
    if (model->measure || model->counted)
        return model->measure ? model->measure : "";
    return !model->chinese ? "" : model->key >= 0 ? "家" : "条";
}
