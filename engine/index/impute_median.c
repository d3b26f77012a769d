/* median: the median of the period stands in. */
#include "index/impute_parts.h"

static enum mq_status impute(const struct mq_panel *panel, const struct mq_choice *choice,
                             double *made, struct mq_error *error)
{
    (void)choice;
    return mq_panel_medians(panel, NULL, made, error);
}

const struct mq_imputer mq_impute_median = {
    .method = {.name = "median",
               .title = "中位数插补",
               .summary =
                   "the median of the units of the same level that have a value in that period",
               .formula = "z = median(x) over the units of the level in the period; between the "
                          "middle two if there are two",
               .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 3",
               .params = NULL},
    .impute = impute,
};
