/* none: what is missing stays missing. */
#include "index/index_parts.h"

#include <math.h>

static enum mq_status impute(const struct mq_panel *panel, const struct mq_choice *choice,
                             double *made, struct mq_error *error)
{
    (void)choice, (void)error;
    for (size_t i = 0; i < panel->units * panel->periods; i++)
        made[i] = NAN;
    return MQ_OK;
}

const struct mq_imputer mq_impute_none = {
    .method = {.name = "none",
               .title = "不插补",
               .summary = "what is missing stays missing",
               .formula = "z = x",
               .reference =
                   "OECD/JRC Handbook on Constructing Composite Indicators (2008), 3: case "
                   "deletion and its cost",
               .params = NULL},
    .impute = impute,
};
