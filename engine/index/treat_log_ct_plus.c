/* log_ct_plus: logarithm from the end that is long. */
#include "index/treat_parts.h"

static enum mq_status treat(const double *value, size_t count, const struct mq_choice *choice,
                            double *treated, struct mq_error *error)
{
    (void)choice, (void)error;
    mq_log_ct_plus(value, count, treated);
    return MQ_OK;
}

const struct mq_treater mq_treat_log_ct_plus = {
    .method = {.name = "log_ct_plus",
               .title = "双向对数变换",
               .summary =
                   "log_ct for a column with a long upper end, its mirror image for one with a "
                   "long lower end (skewness 0 or less); a column all of one value stays as it is",
               .formula = "skew(x) > 0 or unknown: z = ln(x - min + a); else z = -ln(max + a - x); "
                          "a = 0.01 * (max - min), skew of type 2",
               .reference = "Becker et al. (2022), J. Open Source Software 7(78) 4567 (COINr); JRC "
                            "COIN Tool (2019)",
               .params = NULL},
    .treat = treat,
};
