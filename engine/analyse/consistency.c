/* Cronbach's alpha. */
#include "analyse/analyse.h"

#include <math.h>

enum mq_status mq_cronbach(const struct mq_columns *columns, double *alpha, struct mq_error *error)
{
    size_t k = columns->columns;
    struct mq_exact apart = {0}, all = {0};
    struct mq_column_pairs pairs;
    double sum, between;
    bool known = k >= 2;

    *alpha = NAN;
    MQ_TRY(mq_column_pairs(columns->column, k, columns->units, MQ_PAIRS_EACH, &pairs, error));
    for (size_t a = 0; a < k; a++)
        for (size_t b = 0; b < k; b++) {
            double covariance = pairs.covariance[a * k + b];
            known = known && isfinite(covariance);
            if (!known)
                continue;
            mq_exact_add(&all, covariance);
            if (a != b)
                mq_exact_add(&apart, covariance);
        }
    mq_column_pairs_clear(&pairs);
    sum = mq_exact_value(&all);
    between = mq_exact_value(&apart);
    if (known && sum > 0)
        *alpha = (double)k / (double)(k - 1) * (between / sum);
    return MQ_OK;
}
