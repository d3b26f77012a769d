/* latest: the latest value before stands in. */
#include <math.h>

#include "index/impute_parts.h"

static void fill_unit(const struct mq_panel *panel, size_t unit, const struct mq_choice *choice,
                      double *made)
{
    double last = NAN, since = 0, most = choice->param[0];

    for (size_t p = 0; p < panel->periods; p++) {
        double value = panel->value[p * panel->units + unit], now = mq_panel_time(panel, p);
        bool young = most == 0 || now - since <= most * (1 + 1e-9); /* months are no exact shares */
        made[p * panel->units + unit] = young ? last : NAN;
        if (isnan(value))
            continue;
        last = value;
        since = now;
    }
}

static enum mq_status impute(const struct mq_panel *panel, const struct mq_choice *choice,
                             double *made, struct mq_error *error)
{
    (void)error;
    for (size_t u = 0; u < panel->units; u++)
        fill_unit(panel, u, choice, made);
    return MQ_OK;
}

static const char *fault(const struct mq_choice *choice)
{
    return choice->param[0] >= 0 ? NULL : "`max_age` must not be negative";
}

static const struct mq_param params[] = {
    {.name = "max_age",
     .kind = MQ_PARAM_REAL,
     .meaning =
         "oldest value that may stand in, in years (in periods where these are not years); 0, "
         "the default: any"},
    {.name = NULL},
};

const struct mq_imputer mq_impute_latest = {
    .method = {.name = "latest",
               .title = "末次观测结转",
               .summary =
                   "the unit's latest value of an earlier period, if it is not older than max_age",
               .formula =
                   "z(t) = x(s), s the latest period before t with a value, t - s <= max_age",
               .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 3: "
                            "last value carried forward; as COINr's impute_panel",
               .params = params,
               .fault = fault},
    .impute = impute,
};
