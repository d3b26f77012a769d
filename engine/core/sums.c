/* Order-free exact sums: a fixed-point number wide enough for every double, in 32-bit chunks.
 * After R. M. Neal, "Fast exact summation using small and large superaccumulators", 2015. */
#include "core/core.h"

#include <math.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

enum {
    CHUNK = 32,
    LOWEST = -1074,       /* exponent of bit 0 of limb 0 */
    OVERFLOW_LIMB = 66,   /* bits from 2^1038 on: beyond every double */
    MAX_PENDING = 1 << 29 /* each addition moves a limb by less than 2^32, a limb holds 2^63 */
};

/* Carries settled: all limbs but the last in 0 .. 2^32-1, the last signed. */
static void settle(struct mq_exact *sum)
{
    int64_t carry = 0;
    for (int i = 0; i < MQ_EXACT_LIMBS - 1; i++) {
        int64_t limb = sum->limb[i] + carry;
        int64_t low = (int64_t)((uint64_t)limb & UINT32_MAX);
        carry = (limb - low) / ((int64_t)1 << CHUNK); /* exact: floor, for either sign */
        sum->limb[i] = low;
    }
    sum->limb[MQ_EXACT_LIMBS - 1] += carry;
    sum->pending = 0;
}

static void accumulate(struct mq_exact *sum, double value, bool negate)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1);
    int exponent = (int)(bits >> 52 & 0x7FF);
    if (exponent)
        mantissa |= UINT64_C(1) << 52;
    else
        exponent = 1; /* subnormals share the exponent of the smallest normal */
    int shift = exponent - 1;
    uint128 wide = (uint128)mantissa << (shift % CHUNK);
    int64_t low = (int64_t)((uint64_t)wide & UINT32_MAX);
    int64_t middle = (int64_t)((uint64_t)(wide >> CHUNK) & UINT32_MAX);
    int64_t high = (int64_t)(wide >> (2 * CHUNK));
    int64_t sign = (bits >> 63 != 0) != negate ? -1 : 1;
    int64_t *limb = sum->limb + shift / CHUNK;
    limb[0] += sign * low;
    limb[1] += sign * middle;
    limb[2] += sign * high;
    if (++sum->pending >= MAX_PENDING)
        settle(sum);
}

void mq_exact_add(struct mq_exact *sum, double value)
{
    accumulate(sum, value, false);
}

void mq_exact_subtract(struct mq_exact *sum, double value)
{
    accumulate(sum, value, true);
}

void mq_exact_merge(struct mq_exact *into, const struct mq_exact *from)
{
    /* A settled limb still holds up to 2^32, as much as one addition. */
    uint64_t pending = (uint64_t)into->pending + from->pending + 1;
    struct mq_exact settled;
    if (pending >= MAX_PENDING) {
        settled = *from;
        settle(&settled);
        settle(into);
        from = &settled;
        pending = 1;
    }
    for (int i = 0; i < MQ_EXACT_LIMBS; i++)
        into->limb[i] += from->limb[i];
    into->pending = (uint32_t)pending;
}

/* The value of settled limbs >= 0, rounded half to even. */
static double magnitude(const int64_t *limb)
{
    for (int i = OVERFLOW_LIMB; i < MQ_EXACT_LIMBS; i++)
        if (limb[i])
            return INFINITY;
    int top = OVERFLOW_LIMB - 1;
    while (top > 0 && !limb[top])
        top--;
    uint64_t low = top > 1 ? 0 : (uint64_t)limb[1] << CHUNK | (uint64_t)limb[0];
    if (top <= 1 && low >> 53 == 0)
        return ldexp((double)low, LOWEST);
    uint128 window = (uint128)(uint64_t)limb[top] << (2 * CHUNK);
    window |= (uint128)(uint64_t)limb[top - 1] << CHUNK; /* top > 0: low has more than 53 bits */
    window |= top > 1 ? (uint128)(uint64_t)limb[top - 2] : 0;
    bool sticky = false;
    for (int i = 0; i < top - 2; i++)
        sticky = sticky || limb[i];
    int above = 0; /* bits of the top limb beyond its lowest */
    while (limb[top] >> above > 1)
        above++;
    int drop = 2 * CHUNK + above - 52;
    uint64_t mantissa = (uint64_t)(window >> drop);
    uint128 rest = window & (((uint128)1 << drop) - 1), half = (uint128)1 << (drop - 1);
    if (rest > half || (rest == half && (sticky || mantissa % 2)))
        mantissa++;
    return ldexp((double)mantissa, LOWEST + CHUNK * (top - 2) + drop);
}

double mq_exact_value(const struct mq_exact *sum)
{
    struct mq_exact copy = *sum;
    settle(&copy);
    if (copy.limb[MQ_EXACT_LIMBS - 1] >= 0)
        return magnitude(copy.limb);
    for (int i = 0; i < MQ_EXACT_LIMBS; i++)
        copy.limb[i] = -copy.limb[i];
    settle(&copy);
    return -magnitude(copy.limb);
}
