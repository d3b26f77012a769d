/* constant: one written value stands in for whatever is missing. */
#include <math.h>

#include "index/impute_parts.h"

static enum mq_status impute(const struct mq_panel *panel, const struct mq_choice *choice,
                             double *made, struct mq_error *error)
{
    (void)error;
    for (size_t i = 0; i < panel->units * panel->periods; i++)
        made[i] = choice->param[0];
    return MQ_OK;
}

static const char *fault(const struct mq_choice *choice)
{
    return isfinite(choice->param[0]) ? NULL : "`value` must be a number";
}

static const struct mq_param params[] = {
    {.name = "value",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "what stands in, in the indicator's own unit"},
    {.name = NULL},
};

const struct mq_imputer mq_impute_constant = {
    .method = {.name = "constant",
               .title = "常数插补",
               .summary = "one written value for all that is missing",
               .formula = "z = value",
               .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 3",
               .params = params,
               .fault = fault},
    .impute = impute,
};
