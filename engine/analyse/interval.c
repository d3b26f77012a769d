/* Confidence intervals. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "analyse/sampling.h"

/* ---- quantiles ---- */

/* Continued fraction of the incomplete beta function by Lentz's method; Abramowitz, Stegun 26.5.8.
 */
static double beta_fraction(double x, double a, double b)
{
    enum { MOST = 1000000 };
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1), result;

    d = 1 / (fabs(d) < tiny ? tiny : d);
    result = d;
    for (int m = 1; m < MOST; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), step = 1;
        for (int k = 0; k < 2; k++) {
            double term = k ? odd : even;
            d = 1 + term * d;
            c = 1 + term / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            step = c * d;
            result *= step;
        }
        if (fabs(step - 1) < 1e-16)
            break;
    }
    return result;
}

/* P(X <= x) of the beta distribution, and its density. */
static double beta_below(double x, double a, double b, double *density)
{
    int sign;
    double scale = exp(lgamma_r(a + b, &sign) - lgamma_r(a, &sign) - lgamma_r(b, &sign) +
                       a * log(x) + b * log1p(-x));

    *density = scale / x / (1 - x);
    return x < (a + 1) / (a + b + 2) ? scale * beta_fraction(x, a, b) / a
                                     : 1 - scale * beta_fraction(1 - x, b, a) / b;
}

/* Newton's method, and halving where that would lead out of what is known: sure to end. */
static double beta_quantile(double share, double a, double b)
{
    double low = 0, high = 1, x = a / (a + b);

    for (int i = 0; i < 1100; i++) {
        double density, over = beta_below(x, a, b, &density) - share;
        if (over < 0)
            low = x;
        else
            high = x;
        double next = x - over / density;
        if (!(next > low && next < high))
            next = low + (high - low) / 2;
        bool settled = fabs(next - x) <= ldexp(next, -52) || next <= low || next >= high;
        x = next;
        if (settled)
            break;
    }
    return x;
}

double mq_t_quantile(double confidence, double df)
{
    double share = beta_quantile(confidence, 0.5, df / 2); /* t^2 / (df + t^2) is beta */

    return sqrt(df * share / (1 - share));
}

/* ---- intervals ---- */

static const struct mq_bounds none = {NAN, NAN};

struct mq_bounds mq_bounds_wald(double value, double se, double df, double confidence)
{
    if (!(df > 0) || !isfinite(value) || !isfinite(se))
        return none;
    double half = mq_t_quantile(confidence, df) * se;
    return (struct mq_bounds){value - half, value + half};
}

struct mq_bounds mq_bounds_wilson(double p, double n, double confidence)
{
    double z = gsl_cdf_ugaussian_Pinv(0.5 + confidence / 2), over = 1 + z * z / n;
    double middle = (p + z * z / (2 * n)) / over;
    double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / over;

    return (struct mq_bounds){p <= 0 ? 0 : middle - half, p >= 1 ? 1 : middle + half};
}

struct mq_bounds mq_bounds_beta(double x, double n, double confidence)
{
    double tail = (1 - confidence) / 2;

    return (struct mq_bounds){x <= 0 ? 0 : beta_quantile(tail, x, n - x + 1),
                              x >= n ? 1 : beta_quantile(1 - tail, x + 1, n - x)};
}

static struct mq_bounds logit(const struct mq_proportion *of, double confidence)
{
    double at = log(of->p / (1 - of->p)), half;

    half = mq_t_quantile(confidence, of->df) * of->se / (of->p * (1 - of->p));
    return (struct mq_bounds){1 / (1 + exp(half - at)), 1 / (1 + exp(-half - at))};
}

struct mq_bounds mq_bounds_proportion(enum mq_interval interval, const struct mq_proportion *of,
                                      double confidence)
{
    bool edge = of->p <= 0 || of->p >= 1;
    double n = edge ? of->rows : of->p * (1 - of->p) / (of->se * of->se);

    if (!(of->df > 0) || !isfinite(of->p) || !isfinite(of->se))
        return none;
    if (!edge && of->se <= 0)
        return (struct mq_bounds){of->p, of->p};
    if (interval == MQ_INTERVAL_WALD)
        return mq_bounds_wald(of->p, of->se, of->df, confidence);
    if (!(n > 0))
        return none;
    if (interval == MQ_INTERVAL_WILSON)
        return mq_bounds_wilson(of->p, n, confidence);
    if (interval == MQ_INTERVAL_LOGIT && !edge)
        return logit(of, confidence);
    if (!edge && of->rows > 1) {
        double ratio = mq_t_quantile(confidence, of->rows - 1) / mq_t_quantile(confidence, of->df);
        n *= ratio * ratio;
    }
    return mq_bounds_beta(of->p * n, n, confidence);
}
