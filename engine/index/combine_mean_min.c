/* mean_min: the mean, pulled towards the weakest score. */
#include <math.h>

#include "index/index_parts.h"

static double combine(const double *scores, const double *weights, size_t count,
                      const struct mq_choice *choice)
{
    double alpha = choice->param[0], beta = choice->param[1];
    double mean = mq_mean(scores, weights, count), least = mq_least(scores, count);
    double gap = mean - least, sum = sqrt(gap * gap + beta * beta) + beta, value;

    /* sqrt(gap^2 + beta^2) - beta, without the cancellation */
    value = sum > 0 ? mean - alpha * (gap * gap / sum) : mean;
    return value < least ? least : value > mean ? mean : value;
}

static const char *fault(const struct mq_choice *choice)
{
    if (!(choice->param[0] >= 0 && choice->param[0] <= 1))
        return "alpha must lie between 0 (the mean) and 1 (as far towards the minimum as beta "
               "lets)";
    if (!(choice->param[1] >= 0 && choice->param[1] <= 1e100))
        return "beta must not be negative";
    return NULL;
}

static const struct mq_param params[] = {
    {.name = "alpha",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "how much of the way to the weakest score, 0 (the mean) to 1"},
    {.name = "beta",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .meaning = "in points of the scores: how gently small imbalance is punished; 0: in "
                "proportion, with alpha = 1 the minimum itself"},
    {.name = NULL},
};

const struct mq_combiner mq_combine_mean_min = {
    .method = {.name = "mean_min",
               .title = "均值—最小值函数",
               .summary =
                   "between the weighted mean and the weakest score, nearer to that the more "
                   "they differ",
               .formula = "I = M - alpha * (sqrt((M - min)^2 + beta^2) - beta), M = sum(w * s)",
               .reference = "Casadio Tarabusi and Guarini (2013), Social Indicators Research 112: "
                            "19-45",
               .params = params,
               .fault = fault},
    .promise = MQ_NO_PROMISE,
    .mean = true,
    .combine = combine,
};
