/*
 * Indicator formulas over sums, exact until the last step.
 *
 * The value of a formula is a fraction of integers. It is worked out without any rounding and
 * rounded once, to the nearest double (half to even). So a ratio does not depend on the unit its
 * amounts are written in, nor on how the sums came about.
 *
 * Two ways lead there. The quick one keeps a fraction as two doubles as long as every product and
 * sum is exact (checked by error-free transformations: Ogita, Rump & Oishi 2005); the last division
 * is then correctly rounded by IEEE 754 itself. The moment one step would round, the unit is done
 * again with GMP fractions and rounded by MPFR. Both give the same double.
 */
#include <math.h>
#include <mpfr.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

/* An exact fraction of two doubles, denominator > 0. */
struct pair {
    double n, d;
};

/* A constant of the formula. */
struct constant {
    mpq_t exact;
    struct pair quick;
    bool is_quick;
};

struct mq_evaluator {
    const struct mq_steps *steps;
    size_t depth;              /* numbers the stack needs */
    struct constant *constant; /* [steps->count], only those of MQ_STEP_CONSTANT are set */
    size_t constants;          /* steps whose constants are initialised */
    struct pair *pairs;        /* [depth] */
    mpq_t *stack;              /* [depth] */
    size_t initialised;        /* stack entries ready */
};

/* Powers of ten that are doubles. */
static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
enum { TENS = sizeof tens / sizeof *tens, MAX_EXPONENT = 400 };

/* ---- rounding ---- */

double mq_nearest(mpq_srcptr fraction)
{
    double nearest;
    mpfr_t rounded;
    mpfr_exp_t exponent;

    if (mpq_sgn(fraction) == 0)
        return 0;
    mpfr_init2(rounded, 53);
    mpfr_set_q(rounded, fraction, MPFR_RNDZ);
    exponent = mpfr_get_exp(rounded);
    if (exponent < -1074) { /* below half of the smallest double */
        nearest = 0;
    } else if (exponent == -1074) { /* [half, whole) of it: only the half itself goes to zero */
        mpfr_set_si_2exp(rounded, mpq_sgn(fraction), -1075, MPFR_RNDN);
        nearest = mpfr_cmp_q(rounded, fraction) == 0 ? 0 : mpq_sgn(fraction) * 0x1p-1074;
    } else {
        /* Subnormals have fewer bits: ask for as many as there are, so that there is one rounding
         * only. */
        if (exponent < -1021)
            mpfr_set_prec(rounded, 1074 + exponent);
        mpfr_set_q(rounded, fraction, MPFR_RNDN);
        nearest = mpfr_get_d(rounded, MPFR_RNDN);
    }
    mpfr_clear(rounded);
    return nearest;
}

/* ---- constants ---- */

static void scale_by_ten(mpq_t number, long exponent)
{
    mpz_t power;

    mpz_init(power);
    mpz_ui_pow_ui(power, 10, (unsigned long)labs(exponent));
    if (exponent >= 0)
        mpz_mul(mpq_numref(number), mpq_numref(number), power);
    else
        mpz_mul(mpq_denref(number), mpq_denref(number), power);
    mpq_canonicalize(number);
    mpz_clear(power);
}

/* Decimal text, with or without point and exponent -> the exact fraction. False if it is no such
 * text. */
static bool parse_constant(const char *text, struct constant *constant)
{
    long decimals = 0, exponent = 0;
    bool negative = *text == '-', point = false, digits = false;

    mpq_set_ui(constant->exact, 0, 1);
    if (*text == '-' || *text == '+')
        text++;
    for (; (*text >= '0' && *text <= '9') || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        digits = true;
        decimals += point;
        mpz_mul_ui(mpq_numref(constant->exact), mpq_numref(constant->exact), 10);
        mpz_add_ui(mpq_numref(constant->exact), mpq_numref(constant->exact),
                   (unsigned long)(*text - '0'));
    }
    if (digits && (*text == 'e' || *text == 'E')) {
        char *end;
        exponent = strtol(text + 1, &end, 10);
        if (end == text + 1)
            return false;
        text = end;
    }
    exponent -= decimals;
    if (!digits || *text || exponent > MAX_EXPONENT || exponent < -MAX_EXPONENT)
        return false;
    if (negative)
        mpq_neg(constant->exact, constant->exact);
    constant->quick.n = mpz_get_d(mpq_numref(constant->exact));
    constant->is_quick =
        mpz_sizeinbase(mpq_numref(constant->exact), 2) <= 53 && exponent <= 0 && -exponent < TENS;
    if (constant->is_quick)
        constant->quick.d = tens[-exponent];
    scale_by_ten(constant->exact, exponent);
    return true;
}

/* ---- making ready ---- */

/* Numbers the steps leave on the stack; *depth is the most at any time. -1 if a step lacks
 * operands. */
static long count_stack(const struct mq_steps *steps, size_t *depth)
{
    long height = 0;

    *depth = 0;
    for (size_t i = 0; i < steps->count; i++) {
        long taken = 2;
        if (steps->step[i].kind == MQ_STEP_CONSTANT || steps->step[i].kind == MQ_STEP_SLOT)
            taken = 0;
        else if (steps->step[i].kind == MQ_STEP_NEGATE)
            taken = 1;
        if (height < taken)
            return -1;
        height += 1 - taken;
        if ((size_t)height > *depth)
            *depth = (size_t)height;
    }
    return height;
}

static enum mq_status prepare(struct mq_evaluator *evaluator, struct mq_error *error)
{
    const struct mq_steps *steps = evaluator->steps;

    if (count_stack(steps, &evaluator->depth) != 1)
        return mq_fail(error, MQ_INTERNAL, NULL, 0, 0, "a compiled formula is not well formed");
    evaluator->constant = calloc(steps->count, sizeof *evaluator->constant);
    evaluator->pairs = calloc(evaluator->depth, sizeof *evaluator->pairs);
    evaluator->stack = calloc(evaluator->depth, sizeof *evaluator->stack);
    if (!evaluator->constant || !evaluator->pairs || !evaluator->stack)
        return mq_fail_memory(error);
    for (; evaluator->initialised < evaluator->depth; evaluator->initialised++)
        mpq_init(evaluator->stack[evaluator->initialised]);
    for (size_t i = 0; i < steps->count; i++) {
        evaluator->constants = i + 1;
        if (steps->step[i].kind != MQ_STEP_CONSTANT)
            continue;
        mpq_init(evaluator->constant[i].exact);
        if (!parse_constant(steps->step[i].constant, &evaluator->constant[i]))
            return mq_fail(error, MQ_BAD_MODEL, NULL, 0, 0,
                           "\"%s\" in a formula is not a decimal number this engine can hold",
                           steps->step[i].constant);
    }
    return MQ_OK;
}

enum mq_status mq_evaluator_new(const struct mq_steps *steps, struct mq_evaluator **evaluator,
                                struct mq_error *error)
{
    enum mq_status status;

    *evaluator = calloc(1, sizeof **evaluator);
    if (!*evaluator)
        return mq_fail_memory(error);
    (*evaluator)->steps = steps;
    status = prepare(*evaluator, error);
    if (status != MQ_OK) {
        mq_evaluator_free(*evaluator);
        *evaluator = NULL;
    }
    return status;
}

void mq_evaluator_free(struct mq_evaluator *evaluator)
{
    if (!evaluator)
        return;
    for (size_t i = 0; i < evaluator->constants; i++)
        if (evaluator->steps->step[i].kind == MQ_STEP_CONSTANT)
            mpq_clear(evaluator->constant[i].exact);
    for (size_t i = 0; i < evaluator->initialised; i++)
        mpq_clear(evaluator->stack[i]);
    free(evaluator->constant);
    free(evaluator->pairs);
    free(evaluator->stack);
    free(evaluator);
    mpfr_free_cache();
}

/* ---- the quick way ---- */

/* *product = a * b if that is exact. The bounds keep the error of the product itself a normal
 * double. */
static bool exact_product(double a, double b, double *product)
{
    double p = a * b;

    *product = p;
    if (a == 0 || b == 0)
        return true;
    return fabs(p) >= 0x1p-900 && fabs(p) <= 0x1p900 && fma(a, b, -p) == 0;
}

static bool exact_sum(double a, double b, double *sum)
{
    double s = a + b, part = s - a;

    *sum = s;
    return fabs(s) <= 0x1p900 && (a - (s - part)) + (b - part) == 0;
}

static bool quick_slot(const struct mq_value *slot, struct pair *pair)
{
    if (slot->kind == MQ_VALUE_REAL) {
        *pair = (struct pair){slot->real, 1};
        return fabs(slot->real) <= 0x1p900;
    }
    if (slot->scaled > (INT64_C(1) << 53) || slot->scaled < -(INT64_C(1) << 53) ||
        slot->decimals < 0 || slot->decimals >= TENS)
        return false;
    *pair = (struct pair){(double)(int64_t)slot->scaled, tens[slot->decimals]};
    return true;
}

static bool quick_add(struct pair *a, struct pair b)
{
    double left, right;

    if (a->d == b.d)
        return exact_sum(a->n, b.n, &a->n);
    return exact_product(a->n, b.d, &left) && exact_product(b.n, a->d, &right) &&
           exact_sum(left, right, &a->n) && exact_product(a->d, b.d, &a->d);
}

static bool quick_divide(struct pair *a, struct pair b)
{
    if (a->d == b.d)
        a->d = b.n;
    else if (!exact_product(a->n, b.d, &a->n) || !exact_product(a->d, b.n, &a->d))
        return false;
    if (a->d < 0)
        *a = (struct pair){-a->n, -a->d};
    return true;
}

/* *left = *left (kind) right if that is exact; right is not zero when dividing. */
static bool quick_operation(enum mq_step_kind kind, struct pair *left, struct pair right)
{
    if (kind == MQ_STEP_MULTIPLY)
        return exact_product(left->n, right.n, &left->n) &&
               exact_product(left->d, right.d, &left->d);
    if (kind == MQ_STEP_DIVIDE)
        return quick_divide(left, right);
    return quick_add(left, (struct pair){kind == MQ_STEP_ADD ? right.n : -right.n, right.d});
}

/* False if a step would round; else *reason and *value. */
static bool evaluate_quickly(struct mq_evaluator *evaluator, const struct mq_value *slots,
                             enum mq_reason *reason, double *value)
{
    const struct mq_steps *steps = evaluator->steps;
    struct pair *pairs = evaluator->pairs;
    size_t height = 0;
    bool exact = true;

    for (size_t i = 0; i < steps->count && exact; i++) {
        const struct mq_step *step = &steps->step[i];
        if (step->kind == MQ_STEP_CONSTANT) {
            pairs[height++] = evaluator->constant[i].quick;
            exact = evaluator->constant[i].is_quick;
        } else if (step->kind == MQ_STEP_SLOT) {
            exact = quick_slot(&slots[step->slot], &pairs[height++]);
        } else if (step->kind == MQ_STEP_NEGATE) {
            pairs[height - 1].n = -pairs[height - 1].n;
        } else {
            if (step->kind == MQ_STEP_DIVIDE && pairs[height - 1].n == 0) {
                *reason = MQ_UNDEFINED;
                return true;
            }
            height--;
            exact = quick_operation(step->kind, &pairs[height - 1], pairs[height]);
        }
    }
    if (exact)
        *value = pairs[0].n / pairs[0].d;
    return exact;
}

/* ---- the long way ---- */

static void exact_slot(const struct mq_value *slot, mpq_t number)
{
    mq_int128 scaled = slot->scaled;
    __extension__ unsigned __int128 size =
        scaled < 0 ? -(unsigned __int128)scaled : (unsigned __int128)scaled;
    uint64_t words[2] = {(uint64_t)size, (uint64_t)(size >> 64)};

    if (slot->kind == MQ_VALUE_REAL) {
        mpq_set_d(number, slot->real);
        return;
    }
    mpq_set_ui(number, 0, 1);
    mpz_import(mpq_numref(number), 2, -1, sizeof words[0], 0, 0, words);
    if (scaled < 0)
        mpq_neg(number, number);
    if (slot->decimals != 0)
        scale_by_ten(number, -(long)slot->decimals);
}

static enum mq_reason evaluate_at_length(struct mq_evaluator *evaluator,
                                         const struct mq_value *slots, double *value)
{
    const struct mq_steps *steps = evaluator->steps;
    mpq_t *stack = evaluator->stack;
    size_t height = 0;

    for (size_t i = 0; i < steps->count; i++) {
        const struct mq_step *step = &steps->step[i];
        if (step->kind == MQ_STEP_CONSTANT) {
            mpq_set(stack[height++], evaluator->constant[i].exact);
        } else if (step->kind == MQ_STEP_SLOT) {
            exact_slot(&slots[step->slot], stack[height++]);
        } else if (step->kind == MQ_STEP_NEGATE) {
            mpq_neg(stack[height - 1], stack[height - 1]);
        } else {
            mpq_ptr left = stack[height - 2], right = stack[height - 1];
            height--;
            if (step->kind == MQ_STEP_ADD)
                mpq_add(left, left, right);
            else if (step->kind == MQ_STEP_SUBTRACT)
                mpq_sub(left, left, right);
            else if (step->kind == MQ_STEP_MULTIPLY)
                mpq_mul(left, left, right);
            else if (mpq_sgn(right) == 0)
                return MQ_UNDEFINED;
            else
                mpq_div(left, left, right);
        }
    }
    *value = mq_nearest(stack[0]);
    return MQ_FINE;
}

enum mq_reason mq_evaluate(struct mq_evaluator *evaluator, const struct mq_value *slots,
                           double *value)
{
    const struct mq_steps *steps = evaluator->steps;
    enum mq_reason reason = MQ_FINE;
    double found = NAN;

    *value = NAN;
    for (size_t i = 0; i < steps->count; i++)
        if (steps->step[i].kind == MQ_STEP_SLOT) {
            const struct mq_value *slot = &slots[steps->step[i].slot];
            if (slot->kind == MQ_VALUE_NONE)
                return MQ_NOT_REPORTED;
            if (slot->kind == MQ_VALUE_REAL && !isfinite(slot->real))
                return MQ_UNDEFINED; /* the sum itself is beyond the range of doubles */
        }
    if (!evaluate_quickly(evaluator, slots, &reason, &found))
        reason = evaluate_at_length(evaluator, slots, &found);
    if (reason != MQ_FINE)
        return reason;
    if (!isfinite(found))
        return MQ_UNDEFINED;
    *value = found == 0 ? 0 : found; /* no negative zero */
    return MQ_FINE;
}
