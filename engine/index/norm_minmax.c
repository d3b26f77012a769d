/* minmax: least and greatest reference value become the ends of the scale. */
#include <math.h>

#include "index/index_parts.h"

enum { LOW, HIGH, MIN, MAX };

static const struct mq_param params_table[] = {{.name = "low",
                                                .kind = MQ_PARAM_REAL,
                                                .fallback = 0,
                                                .meaning = "score of the worst reference value"},
                                               {.name = "high",
                                                .kind = MQ_PARAM_REAL,
                                                .fallback = 100,
                                                .meaning = "score of the best reference value"},
                                               {.name = NULL}};

static const char *check(const struct mq_node *node, const double *params)
{
    (void)node;
    return params[LOW] < params[HIGH] ? NULL : "`low` must be less than `high`";
}

static enum mq_reason fit(const struct mq_reference_values *reference, const struct mq_node *node,
                          const double *params, double *fitted)
{
    bool finite =
        mq_reference_range(reference->value, reference->count, &fitted[MIN], &fitted[MAX]);

    (void)node;
    fitted[LOW] = params[LOW];
    fitted[HIGH] = params[HIGH];
    return finite && fitted[MIN] < fitted[MAX] ? MQ_FINE : MQ_NO_GOALPOSTS;
}

static double apply(double value, const struct mq_node *node, const double *fitted,
                    const struct mq_ordered *ordered)
{
    double share = (node->direction == MQ_UP ? value - fitted[MIN] : fitted[MAX] - value) /
                   (fitted[MAX] - fitted[MIN]);
    double score = fitted[LOW] + (fitted[HIGH] - fitted[LOW]) * share;

    (void)ordered;
    /* Rounding must not carry a score past the end of the scale. */
    if (share >= 0 && share <= 1)
        score = score < fitted[LOW] ? fitted[LOW] : score > fitted[HIGH] ? fitted[HIGH] : score;
    return score;
}

static const char *const names[] = {"low", "high", "min", "max", NULL};

const struct mq_normaliser mq_norm_minmax = {
    .method =
        {.name = "minmax",
         .title = "极差法",
         .summary =
             "linear from `low` at the worst to `high` at the best value of the reference units",
         .formula =
             "s = low + (high - low) * (x - min) / (max - min); down: (max - x) / (max - min)",
         .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 5.4",
         .params = params_table,
         .data_driven = true},
    .promise = MQ_AFFINE,
    .fitted_names = names,
    .check = check,
    .fit = fit,
    .apply = apply,
};
