/* Sums of products without rounding: what weighted means are made of. */
#include <math.h>

#include "index/index_parts.h"

void mq_exact_product(struct mq_exact *sum, double a, double b)
{
    double product = a * b;

    /* fma() gives what the rounding of the product lost; both parts are doubles. */
    mq_exact_add(sum, product);
    mq_exact_add(sum, fma(a, b, -product));
}
