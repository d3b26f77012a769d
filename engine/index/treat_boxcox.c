/* boxcox: a power of the distance from the minimum. */
#include <math.h>

#include "index/treat_parts.h"

static enum mq_status treat(const double *value, size_t count, const struct mq_choice *choice,
                            double *treated, struct mq_error *error)
{
    (void)error;
    mq_box_cox(value, count, choice->param[0], treated);
    return MQ_OK;
}

static const char *fault(const struct mq_choice *choice)
{
    return isfinite(choice->param[0]) ? NULL : "`lambda` must be a number";
}

static const struct mq_param params[] = {
    {.name = "lambda",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "the power: 1 leaves distances alone, less draws the upper end in, 0 is the "
                "logarithm"},
    {.name = NULL},
};

const struct mq_treater mq_treat_boxcox = {
    .method = {.name = "boxcox",
               .title = "Box-Cox 变换",
               .summary =
                   "a power, or the logarithm, of the distance from the minimum plus 1; a column "
                   "all of one value, or with a result beyond doubles, stays as it is",
               .formula = "y = x - min + 1; z = (y^lambda - 1) / lambda, or ln(y) if lambda = 0",
               .reference = "Box, Cox (1964), J. Royal Statistical Society B 26: 211-252; shifted "
                            "as in COINr's boxcox",
               .params = params,
               .fault = fault},
    .treat = treat,
};
