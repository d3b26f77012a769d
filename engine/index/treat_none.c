/* none: outliers stay as they are. */
#include "index/index_parts.h"

#include <string.h>

static enum mq_status treat(const double *value, size_t count, const struct mq_choice *choice,
                            double *treated, struct mq_error *error)
{
    (void)choice, (void)error;
    memcpy(treated, value, count * sizeof *treated);
    return MQ_OK;
}

const struct mq_treater mq_treat_none = {
    .method = {.name = "none",
               .title = "不处理",
               .summary = "outliers stay as they are",
               .formula = "z = x",
               .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 5: "
                            "treatment comes before normalisation, or not at all",
               .params = NULL},
    .treat = treat,
};
