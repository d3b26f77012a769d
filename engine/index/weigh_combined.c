/* combined: the weights of several methods become one set. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/weigh_parts.h"

enum { OF, HOW, ALPHA };
enum { LINEAR, MULTIPLICATIVE, GAME };

static const char *const hows[] = {"linear", "multiplicative", "game", NULL};
static const struct mq_param params_table[] = {
    {.name = "of",
     .kind = MQ_PARAM_METHODS,
     .required = true,
     .meaning = "the methods of weighing, [entropy, {method: ahp, matrix: ...}]"},
    {.name = "how",
     .kind = MQ_PARAM_CHOICE,
     .fallback = LINEAR,
     .choices = hows,
     .meaning = "linear: mean by alpha; multiplicative: product; game: the mean that is nearest to "
                "all of them"},
    {.name = "alpha",
     .kind = MQ_PARAM_LIST,
     .meaning = "linear: how much each method counts, scaled to sum 1; equal if not written"},
    {.name = NULL}};

static const char *fault(const struct mq_choice *choice)
{
    struct mq_argument of = mq_argument(choice, OF), alpha = mq_argument(choice, ALPHA);
    double sum = 0;

    for (size_t i = 0; i < of.choices; i++)
        if (mq_weighers[of.choice[i].method]->by_unit)
            return "a method that gives every unit weights of its own cannot be combined with "
                   "others";
    if (!alpha.value)
        return NULL;
    if (choice->param[HOW] != LINEAR)
        return "alpha belongs to `how: linear`; leave it out, or change `how`";
    if (alpha.columns != of.choices)
        return "alpha must have one number for each method of `of`";
    for (size_t i = 0; i < alpha.columns; i++) {
        if (!(alpha.value[i] >= 0))
            return "alpha must not be negative";
        sum += alpha.value[i];
    }
    return sum > 0 ? NULL : "one number of alpha must be greater than 0";
}

/* Factors of the mean nearest to all: a >= 0 with the least sum of |sum(a_k w_k) - w_i|^2, whose
 * equations are W W' a = diag(W W') where none of them is held at 0. */
static enum mq_status play(const double *sets, size_t count, size_t children, double *factor,
                           struct mq_error *error)
{
    double *products = calloc(count * count + count + 1, sizeof *products);
    double *right = products ? products + count * count : NULL;
    enum mq_status status;

    if (!products)
        return mq_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            struct mq_exact sum = {0};
            for (size_t c = 0; c < children; c++)
                mq_exact_product(&sum, sets[i * children + c], sets[k * children + c]);
            products[i * count + k] = mq_exact_value(&sum);
        }
        right[i] = products[i * count + i];
    }
    status = mq_nonnegative(products, right, count, factor, error);
    free(products);
    return status;
}

/* One set from `count` sets [count * children]; `factor` [count] is for work. */
static enum mq_status join(const struct mq_choice *choice, const double *sets, size_t count,
                           size_t children, double *factor, double *weights, struct mq_error *error)
{
    struct mq_argument alpha = mq_argument(choice, ALPHA);
    bool product = choice->param[HOW] == MULTIPLICATIVE;

    for (size_t i = 0; i < count; i++)
        factor[i] = alpha.value && alpha.columns >= count ? alpha.value[i] : 1;
    if (choice->param[HOW] == GAME)
        MQ_TRY(play(sets, count, children, factor, error));
    for (size_t c = 0; c < children; c++) {
        struct mq_exact sum = {0};
        weights[c] = 1;
        for (size_t i = 0; i < count; i++) {
            weights[c] *= sets[i * children + c];
            mq_exact_product(&sum, factor[i], sets[i * children + c]);
        }
        if (!product)
            weights[c] = mq_exact_value(&sum);
    }
    return MQ_OK;
}

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    struct mq_argument of = mq_argument(table->choice, OF);
    size_t n = table->children;
    double *sets = calloc(of.choices * (n + 1) + 1, sizeof *sets);
    enum mq_status status = sets ? MQ_OK : mq_fail_memory(error);

    for (size_t i = 0; status == MQ_OK && *reason == MQ_FINE && i < of.choices; i++)
        status = mq_weigh_by(table, &of.choice[i], sets + i * n, reason, error);
    if (status == MQ_OK && *reason == MQ_FINE)
        status = join(table->choice, sets, of.choices, n, sets + of.choices * n, weights, error);
    if (status == MQ_OK && *reason == MQ_FINE)
        mq_weights_scale(weights, n, reason);
    free(sets);
    return status;
}

const struct mq_weigher mq_weigh_combined = {
    .method = {.name = "combined",
               .title = "组合赋权法",
               .summary =
                   "the weights of several methods become one set; if one of them has none for "
                   "constant, negative or zero scores, or all products are 0, there are none",
               .formula =
                   "linear: w = sum(alpha_k * w_k); multiplicative: w ~ product(w_k); game: w = "
                   "sum(a_k * w_k), W W' a = diag(W W'), by nonnegative least squares if some a < "
                   "0, scaled to sum 1",
               .reference =
                   "combined subjective and objective weights: J. Ma, Z. Fan, L. Huang, European "
                   "J. of Operational Research 112 (1999) 397-404; game: linear combination of "
                   "least deviation from all sets",
               .params = params_table,
               .fault = fault},
    .weigh = weigh,
};
