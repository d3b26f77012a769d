/* merec: a child counts by what its removal does to the units. */
#include <math.h>
#include <stdlib.h>

#include "index/weigh_parts.h"

struct effects {
    size_t children;
    double *log_least;       /* [children] */
    double *size;            /* [children] of the unit at work; NaN: missing */
    struct mq_exact *effect; /* [children] */
};

/* The logarithm of the least score; false if it has none. */
static bool least_log(const double *value, size_t units, double *log_least)
{
    double least = INFINITY;

    for (size_t i = 0; i < units; i++)
        if (!isnan(value[i]))
            least = fmin(least, value[i]);
    *log_least = isinf(least) ? 0 : log(least);
    return least > 0;
}

/* What the removal of each child does to one unit. */
static void add_unit(struct effects *effects, const double *const *column, size_t unit)
{
    double sum = 0, present = 0, whole;

    for (size_t c = 0; c < effects->children; c++) {
        double value = column[c][unit];
        effects->size[c] = isnan(value) ? NAN : fabs(effects->log_least[c] - log(value));
        if (isnan(value))
            continue;
        sum += effects->size[c];
        present++;
    }
    if (present == 0)
        return;
    whole = log1p(sum / present);
    for (size_t c = 0; c < effects->children; c++)
        if (effects->size[c] > 0)
            mq_exact_add(&effects->effect[c],
                         fmax(whole - log1p(fmax(sum - effects->size[c], 0) / present), 0));
}

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    size_t n = table->children;
    struct effects effects = {n, calloc(n + 1, sizeof(double)), calloc(n + 1, sizeof(double)),
                              calloc(n + 1, sizeof(struct mq_exact))};
    enum mq_status status =
        effects.log_least && effects.size && effects.effect ? MQ_OK : mq_fail_memory(error);

    for (size_t c = 0; status == MQ_OK && c < n; c++) {
        weights[c] = 0;
        if (!least_log(table->column[c], table->units, &effects.log_least[c]))
            *reason = n > 1 ? MQ_UNDEFINED : MQ_FINE;
    }
    if (status == MQ_OK && *reason == MQ_FINE) {
        for (size_t i = 0; n > 1 && i < table->units; i++)
            add_unit(&effects, table->column, i);
        for (size_t c = 0; c < n; c++)
            weights[c] = mq_exact_value(&effects.effect[c]);
        mq_weights_scale(weights, n, reason);
    }
    free(effects.log_least);
    free(effects.size);
    free(effects.effect);
    return status;
}

const struct mq_weigher mq_weigh_merec = {
    .method = {.name = "merec",
               .title = "移除效应法",
               .summary =
                   "what the removal of a child does to the units; zero or negative scores: none "
                   "(not defined), a constant child gets 0, all constant: none",
               .formula = "w_j ~ sum_i |S_ij - S_i|, S_i = ln(1 + sum_k(l_ik) / p), S_ij the same "
                          "without l_ij, l = |ln(min(s) / s)|, p = children the unit has",
               .reference = "M. Keshavarz-Ghorabaee et al., Symmetry 13 (2021) 525",
               .params = NULL},
    .weigh = weigh,
};
