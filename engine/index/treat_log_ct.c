/* log_ct: logarithm with a shift by the range. */
#include "index/treat_parts.h"

static enum mq_status treat(const double *value, size_t count, const struct mq_choice *choice,
                            double *treated, struct mq_error *error)
{
    (void)choice, (void)error;
    mq_log_ct(value, count, treated);
    return MQ_OK;
}

const struct mq_treater mq_treat_log_ct = {
    .method = {.name = "log_ct",
               .title = "对数变换（极差移位）",
               .summary = "logarithm of the distance from the minimum plus a hundredth of the "
                          "range; a column all of one value stays as it is",
               .formula = "z = ln(x - min + 0.01 * (max - min))",
               .reference = "Becker et al. (2022), J. Open Source Software 7(78) 4567 (COINr); JRC "
                            "COIN Tool (2019)",
               .params = NULL},
    .treat = treat,
};
