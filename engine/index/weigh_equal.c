/* equal: every child counts the same. */
#include "index/index_parts.h"

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    (void)reason, (void)error;
    for (size_t i = 0; i < table->children; i++)
        weights[i] = 1.0 / (double)table->children;
    return MQ_OK;
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
