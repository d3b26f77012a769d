/* mean: the mean of the period stands in. */
#include "index/impute_parts.h"

static enum mq_status impute(const struct mq_panel *panel, const struct mq_choice *choice,
                             double *made, struct mq_error *error)
{
    (void)choice;
    return mq_panel_means(panel, NULL, made, error);
}

const struct mq_imputer mq_impute_mean = {
    .method = {.name = "mean",
               .title = "均值插补",
               .summary =
                   "the mean of the units of the same level that have a value in that period",
               .formula = "z = sum(x) / n over the units of the level in the period",
               .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 3",
               .params = NULL},
    .impute = impute,
};
