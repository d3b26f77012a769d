/*
 * Times the statistics of many units: stats [units] [threads] [missing: one in so many]
 *
 * 12 columns drawn from a seed, related to one another, the fourth with ties; nothing is missing
 * unless asked for. Prints the seconds of ranking, describing, and the three 12 x 12 correlations
 * with their probabilities, and a digest of all results, which must not depend on the threads.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyse/analyse.h"

enum { COLUMNS = 12 };

static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state)
{
    return (double)(draw(state) >> 11) * 0x1p-53;
}

static void fill(double *cells, size_t units, unsigned long missing)
{
    uint64_t seed = 12;

    for (size_t i = 0; i < units; i++) {
        double common = uniform(&seed);
        for (size_t k = 0; k < COLUMNS; k++) {
            double value = exp(2 * common + 3 * uniform(&seed));
            cells[k * units + i] = k == 3 ? floor(value) : value;
            if (missing && draw(&seed) % missing == 0)
                cells[k * units + i] = NAN;
        }
    }
}

static double seconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Prints the time since *start, which becomes now. */
static void lap(const char *what, double *start)
{
    double now = seconds();

    printf("  %-9s %7.3f s\n", what, now - *start);
    *start = seconds();
}

static uint64_t digest(const struct mq_correlation_matrix *matrix, uint64_t sum)
{
    sum = mq_hash64(matrix->r, COLUMNS * COLUMNS * sizeof(double), sum);
    return mq_hash64(matrix->p, COLUMNS * COLUMNS * sizeof(double), sum);
}

static bool measure(const struct mq_columns *columns)
{
    static const char *const names[] = {"Pearson", "Spearman", "Kendall"};
    struct mq_description is[COLUMNS];
    struct mq_correlation_matrix matrix;
    struct mq_rankings rankings;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    double start = seconds(), first = start;
    uint64_t sum;
    bool fine = mq_rankings_init(columns, &rankings, NULL) == MQ_OK;

    if (!fine)
        return false;
    lap("ranking", &start);
    mq_describe(columns, &rankings, is);
    lap("describe", &start);
    sum = mq_hash64(is, sizeof is, 0);
    for (int kind = 0; fine && kind < MQ_CORRELATIONS; kind++) {
        fine = mq_correlate(columns, &rankings, (enum mq_correlation)kind, &arena, &matrix, NULL) ==
               MQ_OK;
        lap(names[kind], &start);
        if (fine)
            sum = digest(&matrix, sum);
    }
    printf("  %-9s %7.3f s, digest %016llx\n", "all", seconds() - first, (unsigned long long)sum);
    mq_rankings_clear(&rankings);
    mq_arena_clear(&arena);
    return fine;
}

int main(int argc, char **argv)
{
    size_t units = argc > 1 ? strtoul(argv[1], NULL, 10) : 500000;
    int threads = argc > 2 ? atoi(argv[2]) : 2;
    unsigned long missing = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    double *cells = malloc((COLUMNS * units + 1) * sizeof *cells);
    const double *column[COLUMNS];
    struct mq_columns columns = {column, COLUMNS, units, threads};
    bool fine = cells != NULL;

    for (size_t k = 0; fine && k < COLUMNS; k++)
        column[k] = cells + k * units;
    if (fine) {
        fill(cells, units, missing);
        printf("%zu units, %d columns, %d threads\n", units, COLUMNS, threads);
        fine = measure(&columns);
    }
    free(cells);
    return fine ? 0 : 1;
}
