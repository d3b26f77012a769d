/* pca: a child counts by its loading on the first principal component. */
#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>

#include "index/weigh_parts.h"

/* Loadings below it are 0 but for rounding, and so are differences of eigenvalues. */
static const double nothing = 1e-10;

/* Greatest eigenvalues and the vector of the first; the matrix is lost. GSL is handed its work
 * space (4 n), so it allocates nothing and has nothing to complain about. */
static void first_component(double *matrix, size_t n, double *value, double *vectors, double *space)
{
    gsl_matrix_view a = gsl_matrix_view_array(matrix, n, n);
    gsl_matrix_view v = gsl_matrix_view_array(vectors, n, n);
    gsl_vector_view d = gsl_vector_view_array(value, n);
    gsl_eigen_symmv_workspace work = {n, space, space + n, space + 2 * n, space + 3 * n};
    size_t first = 0;
    double held;

    gsl_eigen_symmv(&a.matrix, &d.vector, &v.matrix, &work);
    for (size_t k = 1; k < n; k++)
        if (value[k] > value[first])
            first = k;
    for (size_t i = 0; i < n; i++) {
        held = vectors[i * n];
        vectors[i * n] = vectors[i * n + first];
        vectors[i * n + first] = held;
    }
    held = value[0];
    value[0] = value[first];
    value[first] = held;
    for (size_t k = 2; k < n; k++)
        value[1] = fmax(value[1], value[k]);
}

/* Loadings with sum > 0 become measures: themselves, or their squares if one is negative. */
static void measures(const struct mq_related *related, const double *vectors, double *weights)
{
    size_t n = related->count;
    struct mq_exact sum = {0};
    double sign;
    bool negative = false;

    for (size_t i = 0; i < n; i++)
        mq_exact_add(&sum, vectors[i * n]);
    sign = mq_exact_value(&sum) < 0 ? -1 : 1;
    for (size_t i = 0; i < n; i++)
        negative = negative || sign * vectors[i * n] < -nothing;
    for (size_t i = 0; i < n; i++) {
        double loading = sign * vectors[i * n];
        weights[related->child[i]] = negative ? loading * loading : fmax(loading, 0);
    }
}

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    struct mq_related related;
    double *work;
    size_t n;

    MQ_TRY(mq_related_init(table, &related, error));
    n = related.count;
    work = calloc((n + 5) * n + 1, sizeof *work);
    for (size_t i = 0; work && i < table->children; i++)
        weights[i] = 0;
    if (work && n == 1)
        weights[related.child[0]] = 1;
    if (work && n > 1) {
        double *value = work + n * n;
        first_component(related.correlation, n, value, work, value + n);
        if (value[0] - value[1] > nothing * value[0])
            measures(&related, work, weights);
        else
            weights[0] = NAN; /* no direction stands out */
    }
    if (work)
        mq_weights_scale(weights, table->children, reason);
    mq_related_clear(&related);
    free(work);
    return work ? MQ_OK : mq_fail_memory(error);
}

const struct mq_weigher mq_weigh_pca = {
    .method = {.name = "pca",
               .title = "主成分分析法",
               .summary =
                   "loadings on the first principal component, squared if one of them is "
                   "negative; zero and negative scores are as good as others, a constant child "
                   "gets 0, all constant or no component that stands out: none",
               .formula =
                   "w ~ a_1, or a_1^2 if some a_1 < 0; a_1 the eigenvector of the greatest "
                   "eigenvalue of the correlations over the units that have all children, with "
                   "sum(a_1) > 0",
               .reference =
                   "OECD/JRC Handbook on Constructing Composite Indicators (2008), 6.1: squared "
                   "loadings scaled to sum 1; loadings themselves: COINr",
               .params = NULL},
    .weigh = weigh,
};
