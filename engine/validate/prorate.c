/* Prorating and unit fixes. */
#include <math.h>
#include <string.h>

#include "validate/prorate.h"

static const struct {
    const char *code, *english, *chinese;
} outcomes[MQ_PRORATE_OUTCOMES] = {
    [MQ_PRORATE_DONE] = {"done", "prorated", "已按比例调整"},
    [MQ_PRORATE_BALANCED] = {"balanced", "the parts add up already", "分项之和已等于合计"},
    [MQ_PRORATE_NO_TOTAL] = {"no_total", "the total is missing", "合计缺失"},
    [MQ_PRORATE_NO_PARTS] = {"no_parts", "no part may change", "没有可调整的分项"},
    [MQ_PRORATE_SUM_ZERO] = {"sum_zero", "the parts that may change cancel out",
                             "可调整分项相互抵消"},
    [MQ_PRORATE_DECIMALS] = {"decimals", "the total has more decimals than the parts may have",
                             "合计的小数位数多于分项允许的位数"},
    [MQ_PRORATE_SCALE] = {"scale", "the difference is greater than the parts can bear",
                          "差额超出分项可承受的范围"},
    [MQ_PRORATE_BOUNDS] = {"bounds", "a part would change by more than is allowed",
                           "分项调整幅度超出允许范围"},
    [MQ_PRORATE_WEIGHT] = {"weight", "a weight is not greater than 0", "权重不大于零"}};

const char *mq_prorate_code(enum mq_prorate_outcome outcome)
{
    return outcomes[outcome].code;
}

const char *mq_prorate_title(enum mq_prorate_outcome outcome, bool chinese)
{
    return chinese ? outcomes[outcome].chinese : outcomes[outcome].english;
}

static double power_of_ten(int power)
{
    double result = 1;

    while (power-- > 0)
        result *= 10; /* exact up to 10^22 */
    return result;
}

static bool may_change(const struct mq_prorate *prorate, size_t i)
{
    return isfinite(prorate->part[i]) && prorate->part[i] != 0 &&
           !(prorate->fixed && prorate->fixed[i]);
}

static double weight_of(const struct mq_prorate *prorate, size_t i)
{
    return prorate->weight ? prorate->weight[i] : 1;
}

struct sums {
    double free, fixed, weighted; /* parts that may change, others, denominator of k */
    double size;                  /* of all, for what rounding may do */
    size_t count;                 /* parts that may change */
};

static struct sums add_up(const struct mq_prorate *prorate)
{
    struct sums sums = {.size = fabs(prorate->total)};

    for (size_t i = 0; i < prorate->count; i++) {
        double part = prorate->part[i], share;
        if (!isfinite(part))
            continue;
        sums.size += fabs(part);
        if (!may_change(prorate, i)) {
            sums.fixed += part;
            continue;
        }
        share = part / weight_of(prorate, i);
        sums.free += part;
        sums.weighted += prorate->method == MQ_PRORATE_SCALING ? fabs(share) : share;
        sums.count++;
    }
    return sums;
}

/* New parts as whole numbers of the last decimal, remainders carried on; false if they miss
 * `wanted`. */
static bool share_out(const struct mq_prorate *prorate, double k, double unit, double wanted,
                      double *result)
{
    double carried = 0, sum = 0;

    for (size_t i = 0; i < prorate->count; i++) {
        double part = prorate->part[i], exact, whole;
        if (!may_change(prorate, i))
            continue;
        if (prorate->method == MQ_PRORATE_SCALING)
            exact = part - fabs(part) * (k / weight_of(prorate, i));
        else
            exact = part + part * (k / weight_of(prorate, i));
        exact = exact * unit + carried;
        whole = round(exact);
        carried = exact - whole;
        sum += whole;
        result[i] = whole / unit + 0.0; /* no -0 */
    }
    return sum == wanted;
}

/* Results are within the bounds; else *culprit is the first that is not. */
static bool within(const struct mq_prorate *prorate, const double *part, const double *result,
                   size_t *culprit)
{
    for (size_t i = 0; i < prorate->count; i++) {
        double ratio;
        if (!may_change(prorate, i))
            continue;
        ratio = result[i] / part[i];
        if (!(ratio >= prorate->low && ratio <= prorate->high)) {
            *culprit = i;
            return false;
        }
    }
    return true;
}

static enum mq_prorate_outcome adjust(const struct mq_prorate *prorate, const struct sums *sums,
                                      double *result, size_t *culprit)
{
    double unit = power_of_ten(prorate->decimals), wanted = (prorate->total - sums->fixed) * unit;
    double noise = 4e-15 * sums->size * unit + 1e-6;
    double gap = prorate->total - sums->fixed - sums->free, k;

    if (sums->weighted == 0)
        return MQ_PRORATE_SUM_ZERO;
    if (!(fabs(wanted) < 0x1p53) || noise > 0.25 || fabs(wanted - round(wanted)) > noise)
        return MQ_PRORATE_DECIMALS;
    k = (prorate->method == MQ_PRORATE_SCALING ? -gap : gap) / sums->weighted;
    if (prorate->method == MQ_PRORATE_SCALING && fabs(k) > 1)
        return MQ_PRORATE_SCALE;
    if (!share_out(prorate, k, unit, round(wanted), result))
        return MQ_PRORATE_DECIMALS;
    return within(prorate, prorate->part, result, culprit) ? MQ_PRORATE_DONE : MQ_PRORATE_BOUNDS;
}

static enum mq_prorate_outcome decide(const struct mq_prorate *prorate, double *result,
                                      size_t *culprit)
{
    struct sums sums;

    for (size_t i = 0; i < prorate->count; i++)
        if (!(weight_of(prorate, i) > 0)) {
            *culprit = i;
            return MQ_PRORATE_WEIGHT;
        }
    if (!isfinite(prorate->total))
        return MQ_PRORATE_NO_TOTAL;
    sums = add_up(prorate);
    if (fabs(sums.fixed + sums.free - prorate->total) <= 1e-8 + 4e-15 * sums.size)
        return MQ_PRORATE_BALANCED;
    if (sums.count == 0)
        return MQ_PRORATE_NO_PARTS;
    return adjust(prorate, &sums, result, culprit);
}

enum mq_prorate_outcome mq_prorate(const struct mq_prorate *prorate, double *result,
                                   size_t *culprit)
{
    size_t nobody = SIZE_MAX;
    enum mq_prorate_outcome outcome;

    memcpy(result, prorate->part, prorate->count * sizeof *result);
    outcome = decide(prorate, result, culprit ? culprit : &nobody);
    if (outcome != MQ_PRORATE_DONE)
        memcpy(result, prorate->part, prorate->count * sizeof *result);
    return outcome;
}
