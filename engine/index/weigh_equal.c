/* equal: every child counts the same. */
#include "index/index_parts.h"

static enum mq_reason weigh(const double *const *columns, size_t children, size_t units,
                            const double *params, double *weights)
{
    (void)columns, (void)units, (void)params;
    for (size_t i = 0; i < children; i++)
        weights[i] = 1.0 / (double)children;
    return MQ_FINE;
}

const struct mq_weigher mq_weigh_equal = {
    .method = {.name = "equal",
               .title = "等权",
               .summary = "every child counts the same, whatever is written",
               .formula = "w = 1 / number of children",
               .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 6.1",
               .params = NULL},
    .weigh = weigh,
};
