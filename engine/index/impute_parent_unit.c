/* parent_unit: the value of the unit around stands in. */
#include "index/impute_parts.h"

static enum mq_status impute(const struct mq_panel *panel, const struct mq_choice *choice,
                             double *made, struct mq_error *error)
{
    (void)choice, (void)error;
    for (size_t i = 0; i < panel->units * panel->periods; i++)
        made[i] = panel->parent[i];
    return MQ_OK;
}

const struct mq_imputer mq_impute_parent_unit = {
    .method = {.name = "parent_unit",
               .title = "上级单位插补",
               .summary = "the value of the unit around it, of the next coarser level and the same "
                          "period: the province's for a city",
               .formula = "z = x of the unit around",
               .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 3: "
                            "cold deck from a larger unit",
               .params = NULL},
    .asks_parent = true,
    .impute = impute,
};
