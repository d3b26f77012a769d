/* ratio: value / against within written bounds. */
#include "validate/edit_parts.h"

enum { LOW, HIGH };

static const struct mq_param params_table[] = {{.name = "low",
                                                .kind = MQ_PARAM_REAL,
                                                .required = true,
                                                .meaning = "smallest ratio that passes"},
                                               {.name = "high",
                                                .kind = MQ_PARAM_REAL,
                                                .required = true,
                                                .meaning = "greatest ratio that passes"},
                                               {.name = NULL}};

static const char *check(const struct mq_choice *choice)
{
    const double *param = choice->param;
    return param[LOW] <= param[HIGH] ? NULL : "`low` must not be greater than `high`";
}

static void run(const struct mq_edit_group *group, double *work, struct mq_edit_result *result)
{
    if (!mq_edit_start(group, (struct mq_edit_usable){true, true}, 1, false, work, result))
        return;
    result->bounds.low_impute = group->param[LOW];
    result->bounds.high_impute = group->param[HIGH];
    mq_edit_judge(group, MQ_SIDE_BOTH, result);
}

const struct mq_edit_method mq_edit_ratio = {
    .method = {.name = "ratio",
               .title = "比值审核",
               .summary = "the ratio to another amount lies between two bounds",
               .formula = "low <= x / y <= high, for y > 0",
               .reference = "de Waal, T., Pannekoek, J. and Scholtus, S. (2011), Handbook of "
                            "Statistical Data Editing and Imputation, Wiley",
               .params = params_table,
               .compares = true,
               .fault = check},
    .run = run,
};
