/* target_influence: weights with which the children correlate with the score as asked. */
#include <math.h>
#include <stdlib.h>

#include "index/weigh_parts.h"

enum { TARGETS };

static const struct mq_param params_table[] = {
    {.name = "targets",
     .kind = MQ_PARAM_LIST,
     .required = true,
     .per_child = true,
     .meaning = "the influence each child shall have, in proportion; 0 or more"},
    {.name = NULL}};

static const char *fault(const struct mq_choice *choice)
{
    struct mq_argument targets = mq_argument(choice, TARGETS);
    double sum = 0;

    for (size_t i = 0; i < targets.columns; i++) {
        if (!(targets.value[i] >= 0))
            return "targets must not be negative";
        sum += targets.value[i];
    }
    return sum > 0 ? NULL : "one number of targets must be greater than 0";
}

/* v >= 0 with the least |R v - t|^2: its normal equations are R R v = R t. */
static enum mq_status nearest(const double *related, const double *target, size_t n, double *v,
                              struct mq_error *error)
{
    double *square = calloc(n * n + n + 1, sizeof *square), *right = square ? square + n * n : NULL;
    enum mq_status status;

    if (!square)
        return mq_fail_memory(error);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            for (size_t m = 0; m < n; m++)
                square[i * n + k] += related[i * n + m] * related[m * n + k];
            right[i] += related[i * n + k] * target[k];
        }
    status = mq_nonnegative(square, right, n, v, error);
    free(square);
    return status;
}

/* Solves R v = t, or what comes nearest with v >= 0. `work` holds (n + 1) * n. */
static enum mq_status solve(const struct mq_related *related, const double *target, double *v,
                            double *work, size_t *order, enum mq_reason *reason,
                            struct mq_error *error)
{
    size_t n = related->count;
    double largest = 0, least = 0;

    for (size_t i = 0; i < n * n; i++)
        work[i] = related->correlation[i];
    if (mq_cholesky(work, n, 1e-12, order) < n) {
        *reason = MQ_UNDEFINED; /* one child is a sum of the others */
        return MQ_OK;
    }
    mq_cholesky_solve(work, n, order, target, work + n * n, v);
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, v[i]);
        least = fmin(least, v[i]);
    }
    return least >= -1e-13 * largest ? MQ_OK : nearest(related->correlation, target, n, v, error);
}

static enum mq_status weigh_related(const struct mq_weigh_table *table,
                                    const struct mq_related *related, double *weights,
                                    enum mq_reason *reason, struct mq_error *error)
{
    struct mq_argument targets = mq_argument(table->choice, TARGETS);
    size_t n = related->count;
    double *work = calloc((n + 3) * (n + 1), sizeof *work);
    double *target = work ? work + (n + 1) * (n + 1) : NULL, *v = work ? target + n : NULL;
    size_t *order = calloc(n + 1, sizeof *order);
    enum mq_status status = work && order ? MQ_OK : mq_fail_memory(error);

    for (size_t i = 0; status == MQ_OK && i < n; i++)
        target[i] = targets.value[related->child[i]];
    if (status == MQ_OK)
        status = solve(related, target, v, work, order, reason, error);
    for (size_t i = 0; status == MQ_OK && i < n; i++)
        weights[related->child[i]] = v[i] / related->sd[i];
    free(work);
    free(order);
    return status;
}

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    struct mq_argument targets = mq_argument(table->choice, TARGETS);
    struct mq_related related;
    size_t next = 0;
    enum mq_status status;

    if (targets.columns != table->children) {
        *reason = MQ_UNDEFINED; /* the model's reader lets none of it pass */
        return MQ_OK;
    }
    MQ_TRY(mq_related_init(table, &related, error));
    for (size_t i = 0; i < table->children; i++) {
        bool varies = next < related.count && related.child[next] == i;
        next += varies;
        weights[i] = 0;
        if (!varies && targets.value[i] > 0 && table->children > 1)
            *reason = MQ_NO_GOALPOSTS; /* what does not vary has no influence */
    }
    status = *reason == MQ_FINE && table->children > 1
                 ? weigh_related(table, &related, weights, reason, error)
                 : MQ_OK;
    mq_related_clear(&related);
    if (status == MQ_OK && *reason == MQ_FINE)
        mq_weights_scale(weights, table->children, reason);
    return status;
}

const struct mq_weigher mq_weigh_target_influence = {
    .method = {.name = "target_influence",
               .title = "目标影响力赋权",
               .summary =
                   "weights with which the children's correlations with the arithmetic mean are "
                   "in proportion to `targets`, or come nearest to it where that would need a "
                   "negative weight; zero and negative scores are as good as others, a constant "
                   "child with a target, or one that is a sum of others: none",
               .formula =
                   "w_i = c * v_i / sd_i, R v = t; if some v < 0: v >= 0 with the least |R v - "
                   "t|^2; R the correlations over the units that have all children",
               .reference =
                   "P. Paruolo, M. Saisana, A. Saltelli, J. R. Stat. Soc. A 176 (2013) 609-634, "
                   "for the aim; C. L. Lawson, R. J. Hanson, Solving Least Squares Problems "
                   "(1974), 23.3",
               .params = params_table,
               .fault = fault},
    .weigh = weigh,
};
