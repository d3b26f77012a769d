/* Which formulas are proportions, and their intervals. */
#include <stdlib.h>

#include "analyse/estimates.h"

static int only_slot(const struct mq_steps *steps)
{
    return steps->count == 1 && steps->step[0].kind == MQ_STEP_SLOT ? steps->step[0].slot : -1;
}

/* 0 or the weight: nothing or one. */
static bool one_or_none(const struct mq_sampled *row, int slot)
{
    double value = row->value[slot];

    return !(value < 0) && !(value > row->weight) && !(value > 0 && value < row->weight);
}

static bool is_proportion(const struct mq_sample *sample, const struct mq_formula *formula)
{
    int above = only_slot(&formula->numerator), below = only_slot(&formula->denominator);

    if (above < 0 || below < 0)
        return false;
    for (size_t i = 0; i < sample->rows; i++) {
        const struct mq_sampled *row = mq_sampled(sample, i);
        if (!one_or_none(row, above) || !one_or_none(row, below) ||
            row->value[above] > row->value[below])
            return false;
    }
    return true;
}

void mq_find_proportions(const struct mq_estimating *e)
{
    for (size_t node = 0; node < e->model->nodes; node++)
        e->proportion[node] = e->model->node[node].leaf &&
                              is_proportion(e->sums->sample, &e->model->node[node].formula);
}

/* value = factor * p. */
static bool factor_of(const struct mq_estimating *e, size_t unit, size_t node, double p,
                      double below, double *factor)
{
    const struct mq_formula *formula = &e->model->node[node].formula;
    size_t slots = e->model->slots;
    size_t *column = malloc((slots + 1) * sizeof *column);
    double value, gradient;

    *factor = e->frame->value[mq_estimate_at(e, unit, node)] / p;
    if (p > 0 || !column) {
        free(column);
        return column != NULL;
    }
    for (size_t s = 0; s < slots; s++)
        column[s] = (int)s == only_slot(&formula->numerator) ? 0 : SIZE_MAX;
    bool done = mq_steps_gradient(&formula->value, e->sums->value + unit * slots, column, 1, &value,
                                  &gradient);
    *factor = gradient * below;
    free(column);
    return done;
}

bool mq_proportion_bounds(const struct mq_estimating *e, size_t unit, size_t node,
                          struct mq_estimate *estimate)
{
    const struct mq_formula *formula = &e->model->node[node].formula;
    const struct mq_design *design = e->model->design;
    size_t slots = e->model->slots, above = (size_t)only_slot(&formula->numerator),
           below = (size_t)only_slot(&formula->denominator);
    double weight = mq_value_real(&e->sums->value[unit * slots + below]), factor;
    double p = mq_value_real(&e->sums->value[unit * slots + above]) / weight;

    p = p > 1 ? 1 : p;
    if (!factor_of(e, unit, node, p, weight, &factor))
        return false;
    struct mq_proportion of = {.p = p,
                               .se = estimate->se / fabs(factor),
                               .rows = mq_value_real(&e->sums->unweighted[unit * slots + below]),
                               .df = e->df[e->frame->unit[unit].period]};
    struct mq_bounds bounds = mq_bounds_proportion(design->interval, &of, design->confidence);
    double a = factor * bounds.low, b = factor * bounds.high;
    if (isfinite(a) && isfinite(b)) {
        estimate->low = a < b ? a : b;
        estimate->high = a < b ? b : a;
    }
    return true;
}
