/*
 * Estimation from samples: linearised variances, standard errors and confidence intervals.
 *
 * An estimate is a function of weighted sums; to first order it moves with a row by z, the row's
 * contribution to the sums times the derivatives. The variance of the estimate is that of the sum
 * of z over the PSUs of all strata,
 *
 *   V = sum over strata h of (1 - f_h) n_h / (n_h - 1) sum over PSUs i of (z_hi - mean of z_h)^2,
 *
 * n_h PSUs in the sample, N_h in the population, f_h = n_h / N_h (0 if N_h is not given). A unit is
 * a domain: PSUs outside it stay in the sample with z = 0. Degrees of freedom are PSUs less strata.
 * Source: Särndal, Swensson, Wretman, Model Assisted Survey Sampling (1992), 5.5; Korn, Graubard,
 * Analysis of Health Surveys (1999), 2.4.
 *
 * A stratum with one PSU (unless it is all there is of the stratum, f = 1) adds nothing
 * (certainty), (1 - f) z^2 (adjust: measured from 0, which is the mean of z for means and ratios),
 * or what the other strata of the period add on average (average).
 */
#ifndef MQ_ANALYSE_SAMPLING_H
#define MQ_ANALYSE_SAMPLING_H

#include "index/index.h"

/* ---- interval.c ---- */

struct mq_bounds {
    double low, high; /* NaN where there are none */
};
/* A proportion that was estimated: from `rows` rows, with `df` degrees of freedom. */
struct mq_proportion {
    double p, se, rows, df;
};
/* value -+ t_df se. */
struct mq_bounds mq_bounds_wald(double value, double se, double df, double confidence);
/* The score interval of a proportion of n, which need not be whole. Wilson (1927). */
struct mq_bounds mq_bounds_wilson(double p, double n, double confidence);
/* The exact interval of x among n, which need not be whole. Clopper, Pearson (1934). */
struct mq_bounds mq_bounds_beta(double x, double n, double confidence);
/*
 * wald: p -+ t_df se. logit: the same for log(p / (1 - p)), turned back. wilson: of n = p (1 - p) /
 * se^2. beta: Clopper and Pearson of that n times (t_{rows-1} / t_df)^2 (Korn, Graubard 1998).
 * Where p is 0 or 1, se says nothing: n is `rows`, and logit gives way to beta. Where se alone is
 * 0, both ends are p.
 */
struct mq_bounds mq_bounds_proportion(enum mq_interval interval, const struct mq_proportion *of,
                                      double confidence);
/* The value that a t-distributed variable exceeds in absolute terms with probability 1 -
 * confidence; df > 0. */
double mq_t_quantile(double confidence, double df);

/* ---- gradient.c ---- */

/* The value of a formula and its derivatives by the columns that slots have; column[slot] is
 * SIZE_MAX for slots without one. false: out of memory. */
bool mq_steps_gradient(const struct mq_steps *steps, const struct mq_value *slots,
                       const size_t *column, size_t columns, double *value,
                       double *gradient /* [columns] */);
double mq_value_real(const struct mq_value *value); /* NaN if there is none */

/* ---- variance.c ---- */

/* z of a row is the sum over columns of gradient[unit * columns + c] * value[slot[c]], where `unit`
 * is that of the row's cell; it belongs to domain[unit], to none if that is MQ_NO_CODE. */
struct mq_form {
    const uint32_t *unit_of; /* [cells] */
    size_t columns;
    const size_t *slot;     /* [columns] */
    const double *gradient; /* [units * columns] finite */
    const uint32_t *domain; /* [units] */
    size_t domains, units;
};
/* Fills variance[domains]; 0 for a domain without rows, NaN where it cannot be told. The bits do
 * not depend on the order of rows within a PSU, nor of PSUs within a stratum. */
enum mq_status mq_sample_variance(const struct mq_sample *sample, const struct mq_form *form,
                                  double *variance, struct mq_error *error);
/* The same for many forms at once, which is faster: variance[form][domain]. */
enum mq_status mq_sample_variances(const struct mq_sample *sample,
                                   const struct mq_form *const *form, size_t forms,
                                   double *const *variance, struct mq_error *error);

/* ---- estimates.c ---- */

/*
 * Fills frame->estimate and scores->estimate, which live as long as these.
 *
 * Indicators: linearised. A formula is a proportion if it is one aggregate over another times a
 * constant and, in every row of the sample, both are 0 or 1 and the upper is not the greater:
 * counts, and sums of a 0-1 amount over counts. Its interval is the model's, all others are wald.
 * In levels that are rolled up all are wald.
 *
 * Scores of leaves: the standard error times the slope of the normaliser there (at a corner the
 * steeper side); the interval is that of the value, normalised, unless the method is best between
 * the ends. Scores of parents: linearised again, with the slopes and the derivatives of the
 * combiner. Weights, reference points and other units' values are taken as they are, without error
 * of their own. No estimate: ranks and methods that compare units, values imputed, treated or
 * borrowed, growth, and whatever rests on them.
 */
enum mq_status mq_estimate_all(const struct mq_sums *sums, struct mq_frame *frame,
                               struct mq_scores *scores, int threads, struct mq_error *error);

#endif
