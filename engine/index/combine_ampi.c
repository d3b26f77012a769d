/* ampi: the penalty of mpi, for scores between goalposts. */
#include "index/index_parts.h"

static double combine(const double *scores, const double *weights, size_t count,
                      const struct mq_choice *choice)
{
    return mq_penalised_mean(scores, weights, count, choice->param[0] > 0);
}

static const char *const directions[] = {"positive", "negative", NULL};
static const struct mq_param params[] = {
    {.name = "direction",
     .kind = MQ_PARAM_CHOICE,
     .choices = directions,
     .meaning = "positive (the default): more is better, imbalance lowers the score; negative: "
                "imbalance raises it"},
    {.name = NULL},
};

const struct mq_combiner mq_combine_ampi = {
    .method = {.name = "ampi",
               .title = "调整的 Mazziotta–Pareto 指数",
               .summary = "as mpi, for scores of the normaliser ampi (70 to 130, the reference at "
                          "100), which can be compared over time",
               .formula = "I = M - S * cv (negative: +), M = sum(w * s), S^2 = sum(w * (s - M)^2), "
                          "cv = S / M; S of the population (/p)",
               .reference =
                   "Mazziotta and Pareto (2016), Social Indicators Research 127: 983-1003; "
                   "weighted: RIEDS 76 (2022)",
               .params = params},
    .promise = MQ_SCALE,
    .combine = combine,
};
