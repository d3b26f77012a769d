/* vector: the column of reference values is brought to length 1. */
#include <math.h>

#include "index/index_parts.h"

enum { LENGTH };

static const struct mq_param params_table[] = {{.name = NULL}};

/* Scaled by a power of two, so that squares stay in range; the sum is exact, so order does not
 * matter. */
static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    struct mq_exact squares = {0};
    double largest = 0;
    int exponent;

    (void)node, (void)params;
    for (size_t i = 0; i < reference->count; i++)
        largest = fmax(largest, fabs(reference->value[i]));
    fitted[LENGTH] = largest;
    if (!isfinite(largest) || largest == 0)
        return MQ_NO_GOALPOSTS;
    frexp(largest, &exponent);
    for (size_t i = 0; i < reference->count; i++) {
        double scaled = ldexp(reference->value[i], -exponent);
        mq_exact_product(&squares, scaled, scaled);
    }
    fitted[LENGTH] = ldexp(sqrt(mq_exact_value(&squares)), exponent);
    return isfinite(fitted[LENGTH]) ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    (void)ordered;
    return mq_directed(node, value) / fitted[LENGTH];
}

static const char *const names[] = {"length", NULL};

const struct mq_normaliser mq_norm_vector = {
    .method = {.name = "vector",
               .title = "向量规范法",
               .summary = "value divided by the length of the column of reference units",
               .formula =
                   "s = x / sqrt(sum(x_i^2)); down: -x / sqrt(sum(x_i^2)); none if all are 0",
               .reference = "Hwang, Yoon (1981), Multiple Attribute Decision Making: vector "
                            "normalisation",
               .params = params_table,
               .data_driven = true},
    .promise = MQ_SCALE,
    .fitted_names = names,
    .fit = fit,
    .apply = apply,
};
