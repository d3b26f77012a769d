/* fixed: the weights written at the children. */
#include "index/index_parts.h"

const struct mq_weigher mq_weigh_fixed = {
    .method = {.name = "fixed",
               .title = "给定权重",
               .summary = "the weights written at the children",
               .formula = "w as written, exact fractions",
               .reference = "set by those who own the index",
               .params = NULL},
    .weigh = NULL,
};
