/* entropy: a child whose scores are spread unevenly over the units counts more. */
#include <math.h>

#include "index/weigh_parts.h"

/* r ln r - r + 1 for r = 1 + d: what one unit adds to the distance from evenness, never below 0.
 * Near 0 the sum of (-d)^k / (k (k - 1)) from k = 2 on. */
static double excess(double d)
{
    static const double term[] = {1.0 / 2,   1.0 / 6,   1.0 / 12, 1.0 / 20, 1.0 / 30,
                                  1.0 / 42,  1.0 / 56,  1.0 / 72, 1.0 / 90, 1.0 / 110,
                                  1.0 / 132, 1.0 / 156, 1.0 / 182};
    double sum = 0;

    if (fabs(d) < 1.0 / 16) {
        for (int k = sizeof term / sizeof *term - 1; k >= 0; k--)
            sum = term[k] - d * sum;
        return d * d * sum;
    }
    if (d <= -1)
        return 1; /* 0 ln 0 = 0 */
    return (1 + d) * log(1 + d) - d;
}

/* 1 - e of a column. With m the mean, sum(p ln(n p)) is the mean of r ln r with r = x / m, and
 * because the mean of r is 1, also that of r ln r - r + 1, which loses no digits where all are
 * nearly equal. */
static double divergence(const double *value, size_t units, const struct mq_column_stats *stats)
{
    double shift = fmin(stats->least, 0), mean = stats->mean - shift;
    double count = (double)stats->count;
    struct mq_scaled_sum sum;

    if (!(mean > 0) || !isfinite(stats->greatest - shift))
        return NAN;
    mq_scaled_open(&sum, fmax(excess((stats->least - shift - mean) / mean),
                              excess((stats->greatest - shift - mean) / mean)));
    for (size_t i = 0; i < units; i++)
        if (!isnan(value[i]))
            mq_scaled_add(&sum, excess((value[i] - shift - mean) / mean));
    return mq_scaled_value(&sum) / count / log(count);
}

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    (void)error;
    return mq_weigh_columns(table, weights, reason, divergence);
}

const struct mq_weigher mq_weigh_entropy = {
    .method =
        {.name = "entropy",
         .title = "熵权法",
         .summary =
             "a child whose scores are spread unevenly over the units counts more; one with "
             "negative scores is shifted to begin at 0, a constant one gets 0, all constant: none",
         .formula = "w ~ 1 - e, e = -sum(p * ln p) / ln n, p = s / sum(s), 0 ln 0 = 0, over the n "
                    "units that have s; if min(s) < 0: s - min(s) for s",
         .reference = "C. E. Shannon, A Mathematical Theory of Communication (1948); C. L. Hwang, "
                      "K. Yoon, Multiple Attribute Decision Making (1981)",
         .params = NULL},
    .weigh = weigh,
};
