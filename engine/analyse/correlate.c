/* Correlations of all pairs of columns, shared out among the threads pair by pair. */
#include "analyse/correlate.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

/* ---- probabilities ---- */

/* ln of Gamma(a) * Gamma(1/2) / Gamma(a + 1/2); by Stirling's series where differences of ln Gamma
 * would lose digits (DLMF 5.11.8). */
static double log_beta_half(double a)
{
    const double log_pi = 1.1447298858494001741;
    double v = 1 / a, vv = v * v;
    int sign;

    if (a < 25)
        return lgamma_r(a, &sign) - lgamma_r(a + 0.5, &sign) + log_pi / 2;
    return log_pi / 2 - log(a) / 2 +
           v * (1.0 / 8 - vv * (1.0 / 192 - vv * (1.0 / 640 - vv * (17.0 / 14336))));
}

/* Numerator j of the continued fraction of the incomplete beta function (DLMF 8.17.22). */
static double numerator(int j, double x, double a, double b)
{
    double m = floor((double)j / 2);

    if (j % 2 == 0)
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
}

static double not_zero(double value)
{
    return fabs(value) < 1e-300 ? 1e-300 : value;
}

/* 1 / (1 + d1 / (1 + d2 / ...)) from the front (Lentz). */
static double fraction_of(double x, double a, double b)
{
    enum { MOST = 1000000 };
    double whole = 1, above = 1, below = 0;

    for (int j = 1; j < MOST && fabs(above * below - 1) >= DBL_EPSILON; j++) {
        double d = numerator(j, x, a, b);
        below = 1 / not_zero(1 + d * below);
        above = not_zero(1 + d / above);
        whole *= above * below;
    }
    return 1 / whole;
}

double mq_correlation_p(double r, size_t count)
{
    double a, explained = r * r, left, scale;

    if (isnan(r) || count < 3)
        return NAN;
    if (fabs(r) >= 1)
        return 0;
    /* I(1 - r^2; (n - 2) / 2, 1 / 2), from the side where the fraction converges fast */
    a = ((double)count - 2) / 2;
    left = (1 - fabs(r)) * (1 + fabs(r));
    scale = exp(a * (left > 0.5 ? log1p(-explained) : log(left)) + log(fabs(r)) - log_beta_half(a));
    if (left < (a + 1) / (a + 2.5))
        return fmin(1, scale / a * fraction_of(left, a, 0.5));
    return fmax(0, fmin(1, 1 - scale / 0.5 * fraction_of(explained, 0.5, a)));
}

/* ---- all pairs ---- */

struct correlating {
    const struct mq_columns *columns;
    const struct mq_rankings *rankings;
    enum mq_correlation kind;
    struct mq_correlation_matrix *matrix;
    atomic_size_t next;
    atomic_bool failed;
};

static void set_pair(struct mq_correlation_matrix *matrix, size_t a, size_t b,
                     const struct mq_pair *pair)
{
    size_t n = matrix->columns;

    matrix->r[a * n + b] = matrix->r[b * n + a] = pair->r;
    matrix->p[a * n + b] = matrix->p[b * n + a] = pair->p;
    matrix->count[a * n + b] = matrix->count[b * n + a] = pair->count;
}

static struct mq_pair of_itself(const struct mq_ranking *x)
{
    bool varies = x->places > 1;

    return (struct mq_pair){x->count, varies ? 1 : NAN, varies && x->count >= 3 ? 0 : NAN};
}

static void correlate_some(int worker, void *context)
{
    struct correlating *it = context;
    size_t n = it->matrix->columns, a = 0, first = 0;
    struct mq_pair_work work;

    (void)worker;
    if (mq_pair_work_init(&work, it->columns->units)) {
        for (size_t k; (k = atomic_fetch_add(&it->next, 1)) < n * (n + 1) / 2;) {
            for (; k >= first + n - a; a++) /* pairs of column a: (a, a) .. (a, n - 1) */
                first += n - a;
            size_t b = a + k - first;
            const struct mq_ranking *x = &it->rankings->column[a], *y = &it->rankings->column[b];
            struct mq_pair pair;
            if (a == b)
                pair = of_itself(x);
            else if (it->kind == MQ_SPEARMAN)
                mq_spearman_pair(x, y, it->columns->units, &work, &pair);
            else
                mq_kendall_pair(x, y, &work, &pair);
            set_pair(it->matrix, a, b, &pair);
        }
    } else {
        atomic_store(&it->failed, true);
    }
    mq_pair_work_clear(&work);
}

static enum mq_status pearson(const struct mq_columns *columns,
                              struct mq_correlation_matrix *matrix, struct mq_error *error)
{
    size_t n = matrix->columns;
    struct mq_column_pairs pairs;

    MQ_TRY(mq_column_pairs(columns->column, n, columns->units, MQ_PAIRS_EACH, &pairs, error));
    for (size_t a = 0; a < n; a++)
        for (size_t b = a; b < n; b++) {
            struct mq_pair pair = {pairs.count[a * n + b], pairs.correlation[a * n + b], NAN};
            if (pair.count == 2 && !isnan(pair.r)) /* a line goes through two points */
                pair.r = copysign(1, pair.r);
            pair.p = mq_correlation_p(pair.r, pair.count);
            set_pair(matrix, a, b, &pair);
        }
    mq_column_pairs_clear(&pairs);
    return MQ_OK;
}

enum mq_status mq_correlate(const struct mq_columns *columns, const struct mq_rankings *rankings,
                            enum mq_correlation kind, struct mq_arena *arena,
                            struct mq_correlation_matrix *matrix, struct mq_error *error)
{
    size_t n = columns->columns;
    struct correlating correlating = {
        .columns = columns, .rankings = rankings, .kind = kind, .matrix = matrix};

    *matrix = (struct mq_correlation_matrix){n, mq_arena_array(arena, n * n + 1, sizeof(double)),
                                             mq_arena_array(arena, n * n + 1, sizeof(double)),
                                             mq_arena_array(arena, n * n + 1, sizeof(size_t))};
    if (!matrix->r || !matrix->p || !matrix->count)
        return mq_fail_memory(error);
    if (kind == MQ_PEARSON)
        return pearson(columns, matrix, error);
    mq_parallel(columns->threads, correlate_some, &correlating);
    return atomic_load(&correlating.failed) ? mq_fail_memory(error) : MQ_OK;
}
