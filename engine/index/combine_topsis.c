/* topsis: how near to the best and how far from the worst there is. */
#include <math.h>
#include <stdlib.h>

#include "index/index_parts.h"

/* One child's scores divided by their length, and the ends. */
struct direction {
    int exponent; /* of the greatest magnitude: squares stay in range */
    double length, best, worst;
};

static bool counts(const struct mq_combine_table *table, size_t unit, size_t child)
{
    return table->weight[unit * table->children + child] > 0;
}

static double scaled(const struct mq_combine_table *table, size_t unit, size_t child,
                     const struct direction *direction)
{
    double value = ldexp(table->column[child][unit], -direction->exponent);

    return direction->length > 0 ? value / direction->length : 0;
}

static struct direction look(const struct mq_combine_table *table, size_t child)
{
    struct direction direction = {.best = -INFINITY, .worst = INFINITY};
    double greatest = 0;
    struct mq_exact squares = {0};

    for (size_t i = 0; i < table->units; i++)
        if (counts(table, i, child))
            greatest = fmax(greatest, fabs(table->column[child][i]));
    if (greatest > 0)
        frexp(greatest, &direction.exponent);
    for (size_t i = 0; i < table->units; i++)
        if (counts(table, i, child)) {
            double value = ldexp(table->column[child][i], -direction.exponent);
            mq_exact_product(&squares, value, value);
        }
    direction.length = sqrt(mq_exact_value(&squares));
    for (size_t i = 0; i < table->units; i++)
        if (counts(table, i, child)) {
            direction.best = fmax(direction.best, scaled(table, i, child, &direction));
            direction.worst = fmin(direction.worst, scaled(table, i, child, &direction));
        }
    return direction;
}

static double nearness(const struct mq_combine_table *table, size_t unit,
                       const struct direction *direction)
{
    struct mq_exact to_best = {0}, to_worst = {0};

    for (size_t c = 0; c < table->children; c++) {
        double weight = table->weight[unit * table->children + c], value;
        if (!(weight > 0))
            continue;
        value = scaled(table, unit, c, &direction[c]);
        double best = weight * (direction[c].best - value);
        double worst = weight * (value - direction[c].worst);
        mq_exact_product(&to_best, best, best);
        mq_exact_product(&to_worst, worst, worst);
    }
    double far = sqrt(mq_exact_value(&to_worst)), near = sqrt(mq_exact_value(&to_best));
    return far + near > 0 ? far / (far + near) : NAN;
}

static enum mq_status compare_all(const struct mq_combine_table *table, double *value,
                                  struct mq_error *error)
{
    struct direction *direction = calloc(table->children + 1, sizeof *direction);

    if (!direction)
        return mq_fail_memory(error);
    for (size_t c = 0; c < table->children; c++)
        direction[c] = look(table, c);
    for (size_t i = 0; i < table->units; i++)
        value[i] = nearness(table, i, direction);
    free(direction);
    return MQ_OK;
}

const struct mq_combiner mq_combine_topsis = {
    .method = {.name = "topsis",
               .title = "TOPSIS 优劣解距离法",
               .summary =
                   "distance from the worst as a share of both distances, 0 to 1; best and worst "
                   "are those of the units compared. Not defined for one unit, or where nothing "
                   "differs",
               .formula =
                   "I = D- / (D+ + D-), D+^2 = sum((w * (r - max r))^2), D-^2 = sum((w * (r - min "
                   "r))^2), r = s / sqrt(sum of s^2 over units)",
               .reference =
                   "Hwang and Yoon (1981), Multiple Attribute Decision Making; pymcdm with vector "
                   "normalisation",
               .params = NULL},
    .promise = MQ_NO_PROMISE,
    .table = compare_all,
};
