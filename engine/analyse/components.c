/* Principal components: eigenvalues and vectors of the correlations. */
#include "analyse/analyse.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>

/* Loadings below it, and sums of them, are 0 but for rounding. */
static const double nothing = 1e-10;

struct work {
    size_t n;
    size_t *column;                           /* [n] that vary */
    double *matrix, *vectors, *value, *space; /* n * n, n * n, n, 4 * n */
    void *memory;
};

/* Work for at most `columns` columns, with the correlations of those that vary. */
static bool work_init(struct work *work, const struct mq_column_pairs *pairs)
{
    size_t k = pairs->columns;

    *work = (struct work){.memory = calloc(2 * k * k + 5 * k + 1, sizeof(double)),
                          .column = calloc(k + 1, sizeof *work->column)};
    if (!work->memory || !work->column)
        return false;
    for (size_t i = 0; i < k; i++)
        if (!isnan(pairs->correlation[i * k + i]))
            work->column[work->n++] = i;
    work->matrix = work->memory;
    work->vectors = work->matrix + work->n * work->n;
    work->value = work->vectors + work->n * work->n;
    work->space = work->value + work->n;
    for (size_t a = 0; a < work->n; a++)
        for (size_t b = 0; b < work->n; b++)
            work->matrix[a * work->n + b] =
                pairs->correlation[work->column[a] * k + work->column[b]];
    return true;
}

/* +1 or -1, so that the sum of the loadings is above 0. */
static double sign_of(const double *vectors, size_t n, size_t component)
{
    struct mq_exact sum = {0};
    double total;

    for (size_t i = 0; i < n; i++)
        mq_exact_add(&sum, vectors[i * n + component]);
    total = mq_exact_value(&sum);
    for (size_t i = 0; fabs(total) <= nothing && i < n; i++)
        total = vectors[i * n + component];
    return total < 0 ? -1 : 1;
}

/* GSL is handed its work space, so it allocates nothing and has nothing to complain about. */
static void decompose(struct work *work)
{
    size_t n = work->n;
    gsl_matrix_view matrix = gsl_matrix_view_array(work->matrix, n, n);
    gsl_matrix_view vectors = gsl_matrix_view_array(work->vectors, n, n);
    gsl_vector_view value = gsl_vector_view_array(work->value, n);
    gsl_eigen_symmv_workspace space = {n, work->space, work->space + n, work->space + 2 * n,
                                       work->space + 3 * n};

    gsl_eigen_symmv(&matrix.matrix, &value.vector, &vectors.matrix, &space);
    gsl_eigen_symmv_sort(&value.vector, &vectors.matrix, GSL_EIGEN_SORT_VAL_DESC);
}

static void hand_on(const struct work *work, struct mq_components *components)
{
    size_t n = work->n;

    for (size_t i = 0; i < components->columns * n; i++)
        components->loading[i] = NAN;
    for (size_t c = 0; c < n; c++) {
        double sign = sign_of(work->vectors, n, c);
        components->eigenvalue[c] = fmax(work->value[c], 0); /* semidefinite but for rounding */
        components->above_one += work->value[c] > 1 + nothing;
        for (size_t i = 0; i < n; i++)
            components->loading[work->column[i] * n + c] = sign * work->vectors[i * n + c];
    }
    if (n)
        components->first_share = components->eigenvalue[0] / (double)n;
}

enum mq_status mq_components(const struct mq_columns *columns, struct mq_arena *arena,
                             struct mq_components *components, struct mq_error *error)
{
    size_t k = columns->columns;
    struct mq_column_pairs pairs;
    struct work work = {0};
    bool fine;

    *components = (struct mq_components){.columns = k, .first_share = NAN};
    MQ_TRY(mq_column_pairs(columns->column, k, columns->units, MQ_PAIRS_COMPLETE, &pairs, error));
    fine = work_init(&work, &pairs);
    if (fine) {
        components->parts = work.n;
        components->units = k ? pairs.count[0] : 0;
        components->eigenvalue = mq_arena_array(arena, work.n + 1, sizeof(double));
        components->loading = mq_arena_array(arena, k * work.n + 1, sizeof(double));
        fine = components->eigenvalue && components->loading;
    }
    if (fine && work.n)
        decompose(&work);
    if (fine)
        hand_on(&work, components);
    mq_column_pairs_clear(&pairs);
    free(work.memory);
    free(work.column);
    return fine ? MQ_OK : mq_fail_memory(error);
}
