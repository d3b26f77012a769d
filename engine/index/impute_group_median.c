/* group_median: the median of the unit's group stands in. */
#include "index/impute_parts.h"

static enum mq_status impute(const struct mq_panel *panel, const struct mq_choice *choice,
                             double *made, struct mq_error *error)
{
    (void)choice;
    return mq_panel_medians(panel, panel->group, made, error);
}

static const struct mq_param params[] = {
    {.name = "by",
     .kind = MQ_PARAM_GROUPS,
     .required = true,
     .meaning = "the groups: a coarser level of the model, or a file with the columns unit and "
                "group"},
    {.name = NULL},
};

const struct mq_imputer mq_impute_group_median = {
    .method = {.name = "group_median",
               .title = "分组中位数插补",
               .summary =
                   "the median of the units of the same group that have a value in that period; "
                   "where the group has none, or the unit is in no group, the value stays missing",
               .formula = "z = median(x) over the units of the group in the period; between the "
                          "middle two if there are two",
               .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 3; as "
                            "COINr's i_median_grp",
               .params = params},
    .impute = impute,
};
