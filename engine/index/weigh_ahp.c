/* ahp: weights from judgements of pairs, the analytic hierarchy process. */
#include <math.h>
#include <string.h>

#include "index/weigh_parts.h"

enum { MATRIX, MAX_CR };
enum { MOST = 64, MOST_STEPS = 20000 };

static const struct mq_param params_table[] = {
    {.name = "matrix",
     .kind = MQ_PARAM_MATRIX,
     .required = true,
     .per_child = true,
     .meaning = "how many times the child of the row is as important as that of the column, "
                "[[1, 3], [1/3, 1]]; several matrices: those of several experts"},
    {.name = "max_cr",
     .kind = MQ_PARAM_REAL,
     .fallback = 0.1,
     .meaning = "greatest consistency ratio that is accepted"},
    {.name = NULL}};

/* Consistency index of random judgements. */
static double random_index(size_t n)
{
    static const double known[] = {0, 0, 0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49};

    if (n < sizeof known / sizeof *known)
        return known[n];
    return (1.7699 * (double)n - 4.3513) / (double)(n - 1);
}

/* The principal eigenvector of a positive matrix, sum 1, by powers of the matrix; returns its
 * eigenvalue. */
static double principal(const double *matrix, size_t n, double *weights)
{
    double next[MOST], sum = 0, moved = 1;

    for (size_t i = 0; i < n; i++)
        weights[i] = 1 / (double)n;
    for (int step = 0; step < MOST_STEPS && moved > 1e-15; step++) {
        sum = moved = 0;
        for (size_t i = 0; i < n; i++) {
            next[i] = 0;
            for (size_t k = 0; k < n; k++)
                next[i] += matrix[i * n + k] * weights[k];
            sum += next[i];
        }
        for (size_t i = 0; i < n; i++) {
            next[i] /= sum;
            moved = fmax(moved, fabs(next[i] - weights[i]));
            weights[i] = next[i];
        }
    }
    return sum;
}

static double consistency_ratio(const double *matrix, size_t n)
{
    double weights[MOST];

    if (n < 3)
        return 0;
    return fmax((principal(matrix, n, weights) - (double)n) / (double)(n - 1), 0) / random_index(n);
}

/* Ones on the diagonal and a_ki = 1 / a_ik, as far as decimals written for thirds allow. */
static bool reciprocal(const double *matrix, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (matrix[i * n + i] != 1)
            return false;
        for (size_t k = 0; k < i; k++)
            if (!(fabs(matrix[i * n + k] * matrix[k * n + i] - 1) <= 0.005))
                return false;
    }
    return true;
}

static bool positive(const double *matrix, size_t n)
{
    for (size_t i = 0; i < n * n; i++)
        if (!(matrix[i] > 0) || !isfinite(matrix[i]))
            return false;
    return true;
}

#define RATIO(tenth, digit)                                                                        \
    "the judgements contradict each other too much: the consistency ratio is 0." #tenth #digit     \
    " (rounded up), more than max_cr (0.1 unless written); look again at the pairs that disagree"
#define RATIOS(tenth)                                                                              \
    RATIO(tenth, 0), RATIO(tenth, 1), RATIO(tenth, 2), RATIO(tenth, 3), RATIO(tenth, 4),           \
        RATIO(tenth, 5), RATIO(tenth, 6), RATIO(tenth, 7), RATIO(tenth, 8), RATIO(tenth, 9)

/* A fault is a text that needs no memory, so there is one for every hundredth. */
static const char *contradiction(double ratio)
{
    static const char *const texts[] = {RATIOS(0), RATIOS(1), RATIOS(2), RATIOS(3), RATIOS(4),
                                        RATIOS(5), RATIOS(6), RATIOS(7), RATIOS(8), RATIOS(9)};
    double hundredths = ceil(100 * ratio - 1e-9);

    size_t count = sizeof texts / sizeof *texts;
    if (hundredths < (double)count)
        return texts[(size_t)hundredths];
    return "the judgements contradict each other too much: the consistency ratio is 1 or more, "
           "more than max_cr (0.1 unless written); look again at the pairs that disagree";
}

static const char *fault(const struct mq_choice *choice)
{
    struct mq_argument matrices = mq_argument(choice, MATRIX);
    size_t n = matrices.columns;

    if (!(choice->param[MAX_CR] >= 0))
        return "max_cr must be 0 or more";
    if (n > MOST)
        return "judgements of more than 64 children are not taken";
    for (size_t m = 0; n && m < matrices.rows / n; m++) {
        const double *matrix = matrices.value + m * n * n;
        if (!positive(matrix, n))
            return "every number of the matrix must be greater than 0";
        if (!reciprocal(matrix, n))
            return "the matrix must be reciprocal: 1 on the diagonal, and for every a above it 1/a "
                   "in the mirrored place below (write 1/3, or 0.333)";
        if (consistency_ratio(matrix, n) > choice->param[MAX_CR])
            return contradiction(consistency_ratio(matrix, n));
    }
    return NULL;
}

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    struct mq_argument matrices = mq_argument(table->choice, MATRIX);
    double mean[MOST * MOST];
    size_t n = table->children, count = n ? matrices.rows / n : 0;

    (void)error;
    if (matrices.columns != n || count == 0 || n > MOST) {
        *reason = MQ_UNDEFINED; /* the model's reader lets none of it pass */
        return MQ_OK;
    }
    memcpy(mean, matrices.value, n * n * sizeof *mean);
    for (size_t i = 0; count > 1 && i < n * n; i++) {
        double sum = 0;
        for (size_t m = 0; m < count; m++)
            sum += log(matrices.value[m * n * n + i]);
        mean[i] = exp(sum / (double)count);
    }
    principal(mean, n, weights);
    mq_weights_scale(weights, n, reason);
    return MQ_OK;
}

const struct mq_weigher mq_weigh_ahp = {
    .method = {.name = "ahp",
               .title = "层次分析法",
               .summary =
                   "weights from judgements of pairs of children; the scores do not matter, so "
                   "constant, negative or zero ones do no harm; a matrix that is not positive and "
                   "reciprocal, or whose judgements contradict each other, is refused",
               .formula =
                   "A w = l w, l the greatest eigenvalue of the n judgements; CR = (l - n) / (n - "
                   "1) / RI, RI = .52 .89 1.11 1.25 1.35 1.40 1.45 1.49 for n = 3..10, then "
                   "(1.7699 n - 4.3513) / (n - 1); of several matrices the geometric mean, "
                   "element by element",
               .reference =
                   "T. L. Saaty, The Analytic Hierarchy Process (1980); J. A. Alonso, M. T. "
                   "Lamata, Int. J. of Uncertainty, Fuzziness and Knowledge-Based Systems 14 "
                   "(2006) 445-459 for RI beyond 10",
               .params = params_table,
               .fault = fault},
    .weigh = weigh,
};
