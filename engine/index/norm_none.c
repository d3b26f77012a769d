/* none: the raw value is the score. */
#include "index/index_parts.h"

static const char *check(const struct mq_node *node, const double *params)
{
    (void)params;
    return node->direction == MQ_DOWN
               ? "normalise none keeps the raw value as the score, and of scores more is better: "
                 "an indicator with direction down needs a method that turns it round"
               : NULL;
}

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    (void)reference, (void)node, (void)params, (void)fitted;
    return MQ_FINE;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    (void)node, (void)fitted, (void)ordered;
    return value;
}

static const char *const names[] = {NULL};

const struct mq_normaliser mq_norm_none = {
    .method = {.name = "none",
               .title = "不作无量纲化",
               .summary = "keeps the raw value as the score",
               .formula = "s = x",
               .reference = "for data that are scores already, such as published sub-indices",
               .params = NULL},
    .promise = MQ_NO_PROMISE,
    .fitted_names = names,
    .check = check,
    .fit = fit,
    .apply = apply,
};
