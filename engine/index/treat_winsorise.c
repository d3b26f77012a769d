/* winsorise: outliers are brought to their neighbours, a few at most. */
#include <string.h>

#include "index/treat_parts.h"

static enum mq_status treat(const double *value, size_t count, const struct mq_choice *choice,
                            double *treated, struct mq_error *error)
{
    struct mq_winsorising limits = mq_winsorising_of(choice);
    size_t moved;

    (void)error;
    memcpy(treated, value, count * sizeof *treated);
    (void)mq_winsorise(&limits, treated, count, &moved);
    return MQ_OK;
}

static const struct mq_param params[] = {MQ_WINSORISING_PARAMS, {.name = NULL}};

const struct mq_treater mq_treat_winsorise = {
    .method = {.name = "winsorise",
               .title = "缩尾处理",
               .summary =
                   "the outermost values are moved to their next neighbours until skewness and "
                   "kurtosis pass or max_points are moved; equal values move together, and not "
                   "if that were too many. Constant columns and fewer than 4 values stay",
               .formula =
                   "while |skew(z)| >= skew and kurt(z) >= kurt: max(z) becomes the greatest "
                   "other value if skew(z) >= 0, else min(z) the least other one; skew and kurt "
                   "of type 2",
               .reference =
                   "OECD/JRC Handbook on Constructing Composite Indicators (2008), 5; Becker et "
                   "al. (2022), J. Open Source Software 7(78) 4567 (COINr); Joanes and Gill "
                   "(1998), The Statistician 47: 183-189",
               .params = params,
               .fault = mq_winsorising_fault},
    .treat = treat,
};
