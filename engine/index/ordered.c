/* What several methods need of ordered values. */
#include "index/index_parts.h"

int mq_compare_reals(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}
