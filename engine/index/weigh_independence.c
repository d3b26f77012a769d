/* independence: a child that the others explain well counts less. */
#include <math.h>
#include <stdlib.h>

#include "index/weigh_parts.h"

/* Below it a multiple correlation is 0 but for rounding. */
static const double nothing = 1e-9;

/* The multiple correlation of child j with the others: the length of its correlations in the
 * factor's own directions. `work` holds (n + 3) * n. */
static double explained(const struct mq_related *related, size_t j, double *work, size_t *order)
{
    size_t n = related->count, others = n - 1, rank;
    double *factor = work, *y = work + n * n, square = 0;

    for (size_t i = 0; i < others; i++)
        for (size_t k = 0; k < others; k++)
            factor[i * others + k] = related->correlation[(i + (i >= j)) * n + (k + (k >= j))];
    rank = mq_cholesky(factor, others, 1e-12, order);
    for (size_t i = 0; i < rank; i++) {
        y[i] = related->correlation[j * n + order[i] + (order[i] >= j)];
        for (size_t k = 0; k < i; k++)
            y[i] -= factor[i * others + k] * y[k];
        y[i] /= factor[i * others + i];
        square += y[i] * y[i];
    }
    return sqrt(fmin(square, 1));
}

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    struct mq_related related;
    double *work = NULL;
    size_t *order = NULL, n;

    MQ_TRY(mq_related_init(table, &related, error));
    n = related.count;
    work = calloc((n + 3) * (n + 1), sizeof *work);
    order = calloc(n + 1, sizeof *order);
    if (work && order) {
        for (size_t i = 0; i < table->children; i++)
            weights[i] = 0;
        for (size_t i = 0; i < n; i++) {
            double multiple = explained(&related, i, work, order);
            weights[related.child[i]] = n == 1 ? 1 : multiple > nothing ? 1 / multiple : NAN;
        }
        mq_weights_scale(weights, table->children, reason);
    }
    mq_related_clear(&related);
    free(work);
    free(order);
    return work && order ? MQ_OK : mq_fail_memory(error);
}

const struct mq_weigher mq_weigh_independence = {
    .method = {.name = "independence",
               .title = "独立性权重法",
               .summary = "a child that the others explain well counts less; zero and negative "
                          "scores are as good as others, a constant child gets 0, all constant, or "
                          "one that nothing explains (R = 0): none",
               .formula = "w_j ~ 1 / R_j, R_j the multiple correlation of child j with the others, "
                          "over the units that have all children",
               .reference = "multiple correlation: T. W. Anderson, An Introduction to Multivariate "
                            "Statistical Analysis (2003), 2.5.2",
               .params = NULL},
    .weigh = weigh,
};
