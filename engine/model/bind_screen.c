/* screen: which units have too little to be scored. */
#include "model/binder.h"

struct draft {
    const struct mq_yaml *available, *nonzero, *keep, *drop;
};
static const struct mq_key keys[] = {
    {"min_available", false, mq_bind_keep, offsetof(struct draft, available), 0, 0},
    {"min_nonzero", false, mq_bind_keep, offsetof(struct draft, nonzero), 0, 0},
    {"keep", false, mq_bind_keep, offsetof(struct draft, keep), 0, 0},
    {"drop", false, mq_bind_keep, offsetof(struct draft, drop), 0, 0},
};
static const struct mq_section section = MQ_SECTION("screen", keys);

static enum mq_status bind_share(struct mq_binder *b, const struct mq_yaml *value, const char *name,
                                 double *share)
{
    const struct mq_param param = {.name = name};

    if (!value)
        return MQ_OK;
    MQ_TRY(mq_bind_number(b, value, &param, share));
    return *share >= 0 && *share <= 1
               ? MQ_OK
               : mq_bind_fail(b, value, "\"%s\" is a share from 0 to 1", name);
}

enum mq_status mq_bind_screen(struct mq_binder *b, const struct mq_yaml *screen)
{
    struct mq_screen *into = &b->model->screen;
    struct draft draft = {0};

    MQ_TRY(mq_bind_map(b, screen, &section, &draft));
    into->asked = true;
    MQ_TRY(bind_share(b, draft.available, "min_available", &into->min_available));
    MQ_TRY(bind_share(b, draft.nonzero, "min_nonzero", &into->min_nonzero));
    if (draft.keep)
        MQ_TRY(mq_bind_texts(b, draft.keep, "keep", &into->keep, &into->keeps));
    return draft.drop ? mq_bind_texts(b, draft.drop, "drop", &into->drop, &into->drops) : MQ_OK;
}
