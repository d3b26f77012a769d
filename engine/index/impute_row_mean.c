/* row_mean: the unit's other indicators stand in. */
#include "index/impute_parts.h"

static enum mq_status impute(const struct mq_panel *panel, const struct mq_choice *choice,
                             double *made, struct mq_error *error)
{
    (void)choice, (void)error;
    for (size_t i = 0; i < panel->units * panel->periods; i++)
        made[i] = panel->row[i];
    return MQ_OK;
}

const struct mq_imputer mq_impute_row_mean = {
    .method = {.name = "row_mean",
               .title = "行均值插补",
               .summary = "the mean of the unit's other indicators under the same parent node, "
                          "each brought to 0..1 by its range in the period and turned where less "
                          "is better, then brought to the range of this one",
               .formula = "z = min + r * (max - min), r = mean of (x_k - min_k) / (max_k - min_k) "
                          "over the other indicators k; down: 1 - r of either",
               .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 3; as "
                            "COINr's Impute by row with normalise_first",
               .params = NULL},
    .asks_row = true,
    .impute = impute,
};
