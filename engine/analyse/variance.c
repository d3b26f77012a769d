/*
 * Variance of a sum of linearised values over the PSUs of a stratified sample.
 *
 * Values are brought to whole multiples of a power of two, fine enough for the number of rows of
 * the domain, and summed in 128 bits: so neither threads nor the order of rows show, and nothing
 * cancels.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/sampling.h"

/* One domain on the way through the sample. */
struct domain {
    double most;           /* no row has a greater |z| */
    double scale;          /* z is a whole multiple of 1 / scale, a power of two */
    size_t stratum;        /* at work, from 1 */
    uint32_t psu;          /* at work */
    int64_t of_psu;        /* sum of z of its rows */
    mq_int128 sum, square; /* over the PSUs of the stratum that are done */
    double variance;       /* of the strata that are done, in units of 1 / scale^2 */
    uint32_t period;
};

/* z of a row; its domain, or NULL. */
static struct domain *look(const struct mq_form *form, struct domain *domain,
                           const struct mq_sampled *row, double *z)
{
    uint32_t unit = form->unit_of[row->cell];

    if (unit == MQ_NO_CODE || form->domain[unit] == MQ_NO_CODE)
        return NULL;
    const double *gradient = form->gradient + unit * form->columns;
    *z = 0;
    for (size_t c = 0; c < form->columns; c++)
        *z += gradient[c] * row->value[form->slot[c]];
    return &domain[form->domain[unit]];
}

/* |multiple| <= 2^bits with bits + log2(rows) <= 62, so that squares of sums fit in 125 bits. */
static void choose_scale(struct domain *domain, size_t rows)
{
    int bits = 62, exponent;

    for (; rows > 0; rows >>= 1)
        bits--;
    bits = bits > 50 ? 50 : bits;
    frexp(domain->most, &exponent);
    exponent = exponent < -900 ? -900 : exponent; /* what is less is nothing */
    domain->scale = ldexp(1, bits - exponent);
}

static void close_psu(struct domain *domain)
{
    domain->sum += domain->of_psu;
    domain->square += (mq_int128)domain->of_psu * domain->of_psu;
    domain->of_psu = 0;
}

/* n PSUs, of which those outside the domain have 0: sum (z - mean)^2 = sum z^2 - n m^2 - 2 m r -
 * r^2 / n with sum z = n m + r in whole numbers. */
static double squares(const struct domain *domain, size_t n)
{
    mq_int128 whole = domain->sum / (mq_int128)n, rest = domain->sum % (mq_int128)n;
    mq_int128 square = domain->square - (mq_int128)n * whole * whole - 2 * whole * rest;

    return (double)square - (double)rest * ((double)rest / (double)n);
}

static void close_stratum(const struct mq_sample *sample, struct domain *domain)
{
    if (!domain->stratum)
        return;
    const struct mq_stratum *stratum = &sample->stratum[domain->stratum - 1];
    double n = (double)stratum->psus, left = 1 - n / stratum->population;

    close_psu(domain);
    left = left < 0 ? 0 : left;
    if (stratum->psus > 1)
        domain->variance += left * n / (n - 1) * fmax(squares(domain, stratum->psus), 0);
    else if (sample->single == MQ_SINGLE_ADJUST)
        domain->variance += left * (double)domain->square;
    domain->sum = domain->square = 0;
}

static void add(const struct mq_sample *sample, struct domain *domain, size_t stratum, uint32_t psu,
                double z)
{
    if (domain->stratum != stratum + 1) {
        close_stratum(sample, domain);
        domain->stratum = stratum + 1;
        domain->period = sample->stratum[stratum].period;
    } else if (domain->psu != psu) {
        close_psu(domain);
    }
    domain->psu = psu;
    domain->of_psu += llrint(z * domain->scale);
}

/* `average`: strata with one PSU add what the others of the period do on average. */
static double average(const struct mq_sample *sample, uint32_t period)
{
    size_t strata = 0, single = 0;

    for (size_t h = 0; h < sample->strata; h++) {
        const struct mq_stratum *stratum = &sample->stratum[h];
        if (stratum->period != period)
            continue;
        strata++;
        single += stratum->psus == 1 && stratum->population > 1;
    }
    return single == strata ? NAN : (double)strata / (double)(strata - single);
}

/* Rows [from, to) of stratum h. */
static void add_rows(const struct mq_sample *sample, const struct mq_form *form,
                     struct domain *domain, size_t h, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct mq_sampled *row = mq_sampled(sample, sample->stratum[h].first + i);
        double z;
        struct domain *at = look(form, domain, row, &z);
        if (at && at->most > 0)
            add(sample, at, h, row->psu, z);
    }
}

/* Some rows for all forms, then the next: rows come from far away once, not once a form. */
static void add_all(const struct mq_sample *sample, const struct mq_form *const *form, size_t forms,
                    struct domain *const *domain)
{
    enum { SOME = 256 << 10 };
    size_t some = SOME / sample->stride + 1;

    for (size_t h = 0; h < sample->strata; h++) {
        size_t rows = sample->stratum[h].rows;
        for (size_t from = 0; from < rows; from += some)
            for (size_t k = 0; k < forms; k++)
                add_rows(sample, form[k], domain[k], h, from,
                         rows - from < some ? rows : from + some);
    }
}

/* What |z| of a domain's rows cannot exceed, from the greatest value of each slot: so the rows are
 * gone through once. */
static void choose_scales(const struct mq_sample *sample, const struct mq_form *form,
                          struct domain *domain)
{
    for (size_t u = 0; u < form->units; u++) {
        double most = 0;
        if (form->domain[u] == MQ_NO_CODE)
            continue;
        for (size_t c = 0; c < form->columns; c++)
            most += fabs(form->gradient[u * form->columns + c]) * sample->most[form->slot[c]];
        struct domain *at = &domain[form->domain[u]];
        at->most = most > at->most || isnan(most) ? most : at->most;
    }
    for (size_t d = 0; d < form->domains; d++) {
        if (!isfinite(domain[d].most))
            domain[d].most = -1; /* beyond what can be told: left out, and no variance */
        else
            choose_scale(&domain[d], sample->rows);
    }
}

static void write_variances(const struct mq_sample *sample, const struct mq_form *form,
                            struct domain *domain, double *variance)
{
    for (size_t d = 0; d < form->domains; d++) {
        struct domain *at = &domain[d];
        close_stratum(sample, at);
        variance[d] = at->most < 0 ? (double)NAN : at->variance / at->scale / at->scale;
        if (sample->single == MQ_SINGLE_AVERAGE && at->stratum)
            variance[d] *= average(sample, at->period);
    }
}

enum mq_status mq_sample_variances(const struct mq_sample *sample,
                                   const struct mq_form *const *form, size_t forms,
                                   double *const *variance, struct mq_error *error)
{
    struct domain **domain = calloc(forms + 1, sizeof *domain);
    bool good = domain;

    for (size_t k = 0; good && k < forms; k++)
        good = (domain[k] = calloc(form[k]->domains + 1, sizeof **domain));
    if (good) {
        for (size_t k = 0; k < forms; k++)
            choose_scales(sample, form[k], domain[k]);
        add_all(sample, form, forms, domain);
        for (size_t k = 0; k < forms; k++)
            write_variances(sample, form[k], domain[k], variance[k]);
    }
    for (size_t k = 0; domain && k < forms; k++)
        free(domain[k]);
    free((void *)domain);
    return good ? MQ_OK : mq_fail_memory(error);
}

enum mq_status mq_sample_variance(const struct mq_sample *sample, const struct mq_form *form,
                                  double *variance, struct mq_error *error)
{
    return mq_sample_variances(sample, &form, 1, &variance, error);
}
