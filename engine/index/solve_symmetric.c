/* Small symmetric systems: Cholesky with pivots, and least squares with x >= 0. */
#include "index/weigh_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Exchanges rows and columns a < b of the lower triangle. */
static void exchange(double *m, size_t n, size_t a, size_t b, size_t *order)
{
    size_t kept = order[a];
    double held;

    order[a] = order[b];
    order[b] = kept;
#define SWAP(left, right) (held = (left), (left) = (right), (right) = held)
    for (size_t k = 0; k < a; k++)
        SWAP(m[a * n + k], m[b * n + k]);
    SWAP(m[a * n + a], m[b * n + b]);
    for (size_t k = a + 1; k < b; k++)
        SWAP(m[k * n + a], m[b * n + k]);
    for (size_t k = b + 1; k < n; k++)
        SWAP(m[k * n + a], m[k * n + b]);
#undef SWAP
}

size_t mq_cholesky(double *matrix, size_t n, double least, size_t *order)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t k = 0; k < n; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < n; i++)
            if (matrix[i * n + i] > matrix[best * n + best])
                best = i;
        if (!(matrix[best * n + best] > least))
            return k;
        if (best != k)
            exchange(matrix, n, k, best, order);
        matrix[k * n + k] = sqrt(matrix[k * n + k]);
        for (size_t i = k + 1; i < n; i++)
            matrix[i * n + k] /= matrix[k * n + k];
        for (size_t i = k + 1; i < n; i++)
            for (size_t j = k + 1; j <= i; j++)
                matrix[i * n + j] -= matrix[i * n + k] * matrix[j * n + k];
    }
    return n;
}

void mq_cholesky_solve(const double *factor, size_t n, const size_t *order, const double *b,
                       double *y, double *x)
{
    for (size_t i = 0; i < n; i++) {
        y[i] = b[order[i]];
        for (size_t k = 0; k < i; k++)
            y[i] -= factor[i * n + k] * y[k];
        y[i] /= factor[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            y[i] -= factor[k * n + i] * y[k];
        y[i] /= factor[i * n + i];
    }
    for (size_t i = 0; i < n; i++)
        x[order[i]] = y[i];
}

/* ---- x >= 0 ---- */

struct work {
    const double *matrix, *right;
    size_t n, free_count;
    double *factor, *b, *y, *x;
    size_t *order, *free_place; /* free_place[k]: the k-th unknown that is not held at 0 */
    bool *is_free, *barred;     /* barred: hangs on the free ones, or came back at once */
};

static bool work_init(struct work *work)
{
    size_t n = work->n + 1;

    work->factor = calloc(n * n, sizeof *work->factor);
    work->b = calloc(n, sizeof *work->b);
    work->y = calloc(n, sizeof *work->y);
    work->x = calloc(n, sizeof *work->x);
    work->order = calloc(n, sizeof *work->order);
    work->free_place = calloc(n, sizeof *work->free_place);
    work->is_free = calloc(n, sizeof *work->is_free);
    work->barred = calloc(n, sizeof *work->barred);
    return work->factor && work->b && work->y && work->x && work->order && work->free_place &&
           work->is_free && work->barred;
}

static void work_clear(struct work *work)
{
    free(work->factor);
    free(work->b);
    free(work->y);
    free(work->x);
    free(work->order);
    free(work->free_place);
    free(work->is_free);
    free(work->barred);
}

/* Solves for the free unknowns, as if they could be negative; false: they hang on each other. */
static bool solve_free(struct work *work)
{
    size_t count = 0;
    double largest = 0;

    for (size_t i = 0; i < work->n; i++)
        if (work->is_free[i])
            work->free_place[count++] = i;
    work->free_count = count;
    for (size_t i = 0; i < count; i++) {
        work->b[i] = work->right[work->free_place[i]];
        for (size_t k = 0; k < count; k++)
            work->factor[i * count + k] =
                work->matrix[work->free_place[i] * work->n + work->free_place[k]];
        largest = fmax(largest, work->factor[i * count + i]);
    }
    if (mq_cholesky(work->factor, count, 1e-12 * largest, work->order) < count)
        return false;
    mq_cholesky_solve(work->factor, count, work->order, work->b, work->y, work->x);
    return true;
}

/* Goes from x towards the solution until an unknown reaches 0, and holds that one there. True:
 * arrived. */
static bool step(struct work *work, double *x)
{
    double share = 1;

    for (size_t k = 0; k < work->free_count; k++) {
        double now = x[work->free_place[k]];
        if (work->x[k] <= 0)
            share = fmin(share, now / (now - work->x[k]));
    }
    for (size_t k = 0; k < work->free_count; k++) {
        size_t i = work->free_place[k];
        bool falls = work->x[k] <= 0 && x[i] / (x[i] - work->x[k]) <= share;
        x[i] = falls ? 0 : x[i] + share * (work->x[k] - x[i]);
        work->is_free[i] = !falls;
    }
    return share >= 1;
}

/* The unknown that gains most by leaving 0; n: none does. */
static size_t best_gain(const struct work *work, const double *x, double least)
{
    size_t best = work->n;

    for (size_t i = 0; i < work->n; i++) {
        double gain = work->right[i];
        if (work->is_free[i] || work->barred[i])
            continue;
        for (size_t k = 0; k < work->n; k++)
            gain -= work->matrix[i * work->n + k] * x[k];
        if (gain > least) {
            least = gain;
            best = i;
        }
    }
    return best;
}

static void walk(struct work *work, double *x, double least)
{
    for (size_t round = 0; round < 3 * work->n + 10; round++) {
        size_t enters = best_gain(work, x, least);
        if (enters == work->n)
            return;
        work->is_free[enters] = true;
        if (!solve_free(work)) {
            work->is_free[enters] = false;
            work->barred[enters] = true;
            continue;
        }
        while (work->free_count && !step(work, x)) {
            memset(work->barred, 0, work->n * sizeof *work->barred); /* fewer to hang on */
            if (!solve_free(work))
                break;
        }
        work->barred[enters] = x[enters] <= 0;
    }
}

enum mq_status mq_nonnegative(const double *matrix, const double *right, size_t n, double *x,
                              struct mq_error *error)
{
    struct work work = {.matrix = matrix, .right = right, .n = n};
    double largest = 0;

    for (size_t i = 0; i < n; i++) {
        x[i] = 0;
        largest = fmax(largest, fabs(right[i]));
    }
    if (!work_init(&work)) {
        work_clear(&work);
        return mq_fail_memory(error);
    }
    walk(&work, x, 1e-13 * largest);
    work_clear(&work);
    return MQ_OK;
}
