/* owa: weights go to places in the order of scores, not to children. */
#include <math.h>

#include "index/index_parts.h"

/* How far the weights of the places reach at a share `x` of all children: straight lines between
 * their sums. */
static double reach(const struct mq_argument *places, double x)
{
    double at = x * (double)places->columns, sum = 0, total = 0;

    for (size_t i = 0; places->value && i < places->columns; i++) {
        double begun = at - (double)i;
        sum += places->value[i] * (begun >= 1 ? 1 : begun > 0 ? begun : 0);
        total += places->value[i];
    }
    return sum / total;
}

static bool equal_weights(const double *weights, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (weights[i] != weights[0])
            return false;
    return true;
}

/* Value, and for each child the weight of its place if `parts`. */
static double order_mean(const double *scores, const double *weights, size_t count,
                         const struct mq_choice *choice, double *parts)
{
    struct mq_argument places = mq_argument(choice, 0);
    bool plain = places.value && count == places.columns && equal_weights(weights, count);
    double above = 0, reached = 0, least = mq_least(scores, count), greatest, total, value;
    size_t at = mq_next_child(scores, weights, count, SIZE_MAX), place = 0;
    struct mq_exact sum = {0}, whole = {0}, given = {0};

    greatest = scores[at];
    for (size_t i = 0; i < count; i++)
        mq_exact_add(&given, weights[i]);
    total = mq_exact_value(&given);
    for (; at != SIZE_MAX; at = mq_next_child(scores, weights, count, at)) {
        above += weights[at] / total;
        double next = plain ? 0 : reach(&places, above < 1 ? above : 1);
        double part = plain ? places.value[place++] : next > reached ? next - reached : 0;
        reached = next;
        mq_exact_product(&sum, part, scores[at]);
        mq_exact_add(&whole, part);
        if (parts)
            parts[at] = part;
    }
    value = mq_exact_value(&sum) / mq_exact_value(&whole);
    return value < least ? least : value > greatest ? greatest : value;
}

static double combine(const double *scores, const double *weights, size_t count,
                      const struct mq_choice *choice)
{
    return order_mean(scores, weights, count, choice, NULL);
}

static void share(const double *scores, const double *weights, size_t count,
                  const struct mq_choice *choice, double *shares)
{
    double value = order_mean(scores, weights, count, choice, shares), sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += shares[i];
    for (size_t i = 0; i < count; i++)
        shares[i] = value == 0 ? shares[i] / sum : shares[i] / sum * scores[i] / value;
}

static const char *fault(const struct mq_choice *choice)
{
    struct mq_argument places = mq_argument(choice, 0);
    double sum = 0;

    for (size_t i = 0; i < places.columns; i++) {
        if (!(places.value[i] >= 0))
            return "no weight of a place may be negative";
        sum += places.value[i];
    }
    return fabs(sum - 1) <= 1e-9 ? NULL : "the weights of the places must sum to 1";
}

static const struct mq_param params[] = {
    {.name = "weights",
     .kind = MQ_PARAM_LIST,
     .required = true,
     .per_child = true,
     .meaning =
         "of the places: the first belongs to the greatest score, the last to the least; sum "
         "1"},
    {.name = NULL},
};

const struct mq_combiner mq_combine_owa = {
    .method = {.name = "owa",
               .title = "有序加权平均",
               .summary =
                   "ordered weighted mean: v_1 goes to the greatest score. Children of unequal "
                   "weight, or fewer of them, take as much of the places as they weigh (WOWA)",
               .formula =
                   "I = sum(v_k * s_(k)), s_(1) the greatest; unequal w: v_k becomes Q(w_(1) + ... "
                   "+ w_(k)) - Q(w_(1) + ... + w_(k-1)), Q linear through (k/n, v_1 + ... + v_k)",
               .reference = "Yager (1988), IEEE Trans. Systems, Man and Cybernetics 18: 183-190; "
                            "Torra (1997), Int. J. Intelligent Systems 12: 153-166",
               .params = params,
               .fault = fault},
    .promise = MQ_AFFINE,
    .mean = true,
    .combine = combine,
    .share = share,
};
