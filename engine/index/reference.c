/* What several normalisers ask of their reference values and points. */
#include <math.h>

#include "index/index_parts.h"

bool mq_reference_range(const double *value, size_t count, double *least, double *greatest)
{
    *least = *greatest = NAN;
    for (size_t i = 0; i < count; i++) {
        if (!(value[i] >= *least))
            *least = value[i];
        if (!(value[i] <= *greatest))
            *greatest = value[i];
    }
    *least += 0; /* no negative zero: which zero is found first depends on the order */
    *greatest += 0;
    return isfinite(*greatest - *least);
}

const char *mq_points_fault(const struct mq_node *node, double fail, double pass)
{
    if (node->direction == MQ_UP && fail > pass)
        return "direction is up, but `fail` is greater than `pass`: exchange them or write "
               "direction: down";
    if (node->direction == MQ_DOWN && fail < pass)
        return "direction is down, but `fail` is less than `pass`: exchange them or write "
               "direction: up";
    return NULL;
}

const char *const mq_ties[] = {"min", "average", "max", NULL};

/* How many of the ordered values are less than `value`, or with `equal` not greater. */
static size_t below(const struct mq_ordered *ordered, double value, bool equal)
{
    size_t low = 0, high = ordered->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        double other = ordered->value[middle];
        if (other < value || (equal && other == value))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double mq_ascending_rank(const struct mq_ordered *ordered, const struct mq_node *node, double value,
                         double ties)
{
    size_t less = below(ordered, value, false), up_to = below(ordered, value, true);
    size_t worse = node->direction == MQ_UP ? less : ordered->count - up_to;
    size_t same = up_to - less ? up_to - less : 1; /* a unit from outside stands alone */

    if (ties == MQ_TIES_MIN)
        return (double)worse + 1;
    if (ties == MQ_TIES_MAX)
        return (double)(worse + same);
    return (double)worse + ((double)same + 1) / 2;
}
