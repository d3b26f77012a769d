/* What combiners that look at the order of scores share. */
#include "index/index_parts.h"

/* Does child i come before child k? */
static bool before(const double *scores, const double *weights, size_t i, size_t k)
{
    if (scores[i] != scores[k])
        return scores[i] > scores[k];
    if (weights[i] != weights[k])
        return weights[i] > weights[k];
    return i < k;
}

size_t mq_next_child(const double *scores, const double *weights, size_t count, size_t last)
{
    size_t next = SIZE_MAX;

    for (size_t i = 0; i < count; i++) {
        if (last != SIZE_MAX && !before(scores, weights, last, i))
            continue;
        if (next == SIZE_MAX || before(scores, weights, i, next))
            next = i;
    }
    return next;
}

void mq_linear_shares(const double *scores, const double *parts, size_t count, double *shares)
{
    double total = mq_dot(scores, parts, count);

    /* A score of 0 has nothing to share: by the parts then. */
    for (size_t i = 0; i < count; i++)
        shares[i] = total == 0 ? parts[i] : parts[i] * scores[i] / total;
}
