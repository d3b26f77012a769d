/* What one column is like, for all columns at the same time. */
#include "analyse/analyse.h"

#include <math.h>
#include <stdatomic.h>

struct describer {
    const struct mq_columns *columns;
    const struct mq_rankings *rankings;
    struct mq_description *descriptions;
    atomic_size_t next;
};

static double median_of(const double *value, const struct mq_ranking *ranking)
{
    size_t n = ranking->count;
    double low, high, sum;

    if (!n)
        return NAN;
    low = value[ranking->order[(n - 1) / 2]];
    high = value[ranking->order[n / 2]];
    sum = low + high;
    return isfinite(sum) ? sum / 2 : low / 2 + high / 2;
}

/* How often the most frequent value occurs. */
static size_t longest_run(const struct mq_ranking *ranking)
{
    size_t longest = 0;

    for (size_t k = 0; k < ranking->places; k++) {
        size_t run = ranking->end[k] - (k ? ranking->end[k - 1] : 0);
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void describe(const double *value, size_t units, const struct mq_ranking *ranking,
                     struct mq_description *description)
{
    struct mq_column_stats stats;
    struct mq_shape shape;

    mq_column_stats(value, units, &stats);
    mq_shape_of(value, units, &shape);
    *description = (struct mq_description){
        .units = units,
        .count = stats.count,
        .least = stats.least,
        .greatest = stats.greatest,
        .mean = stats.mean,
        .median = median_of(value, ranking),
        .sd = stats.sd,
        .skewness = shape.skewness,
        .kurtosis = shape.kurtosis,
        .unique = ranking->places,
        .same = longest_run(ranking),
    };
    for (size_t i = 0; i < units; i++)
        description->zeros += value[i] == 0;
}

static void describe_some(int worker, void *context)
{
    struct describer *describer = context;
    const struct mq_columns *columns = describer->columns;

    (void)worker;
    for (size_t k; (k = atomic_fetch_add(&describer->next, 1)) < columns->columns;)
        describe(columns->column[k], columns->units, &describer->rankings->column[k],
                 &describer->descriptions[k]);
}

void mq_describe(const struct mq_columns *columns, const struct mq_rankings *rankings,
                 struct mq_description *descriptions)
{
    struct describer describer = {columns, rankings, descriptions, 0};

    mq_parallel(columns->threads, describe_some, &describer);
}
