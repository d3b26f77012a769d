/* log_gii: the logarithm of the Global Innovation Index. */
#include "index/treat_parts.h"

static enum mq_status treat(const double *value, size_t count, const struct mq_choice *choice,
                            double *treated, struct mq_error *error)
{
    (void)choice, (void)error;
    mq_log_gii(value, count, treated);
    return MQ_OK;
}

const struct mq_treater mq_treat_log_gii = {
    .method = {.name = "log_gii",
               .title = "对数变换（全球创新指数）",
               .summary =
                   "logarithm that keeps the greatest value's own logarithm and makes the least 0; "
                   "a column with a maximum of 1 or less, or all of one value, stays as it is",
               .formula = "z = ln((max - 1) * (x - min) / (max - min) + 1)",
               .reference = "WIPO, Global Innovation Index, technical notes on outliers; as "
                            "documented in COINr, whose log_GII returns its input unchanged",
               .params = NULL},
    .treat = treat,
};
