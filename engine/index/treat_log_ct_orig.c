/* log_ct_orig: logarithm with a shift by one. */
#include "index/treat_parts.h"

static enum mq_status treat(const double *value, size_t count, const struct mq_choice *choice,
                            double *treated, struct mq_error *error)
{
    (void)choice, (void)error;
    mq_log_ct_orig(value, count, treated);
    return MQ_OK;
}

const struct mq_treater mq_treat_log_ct_orig = {
    .method = {.name = "log_ct_orig",
               .title = "对数变换（移位一）",
               .summary = "logarithm of the distance from the minimum plus 1, whatever the unit of "
                          "x; a column all of one value stays as it is",
               .formula = "z = ln(x - min + 1)",
               .reference = "Becker et al. (2022), J. Open Source Software 7(78) 4567 (COINr); JRC "
                            "COIN Tool (2019)",
               .params = NULL},
    .treat = treat,
};
