/* Programs over columns, a strip of rows at a time so that registers stay in the cache. */
#include "model/formula_strip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* out = expression(x, y); the compiler of programs never reuses an operand's register for the
 * result. */
#define BINARY(type, expression)                                                                   \
    const double *restrict a = mq_value_at(strip, in->a);                                          \
    const double *restrict b = mq_value_at(strip, in->b);                                          \
    size_t rows = strip->rows;                                                                     \
    double y = in->number, slack = in->slack;                                                      \
    (void)y;                                                                                       \
    (void)slack;                                                                                   \
    if (in->constant) {                                                                            \
        for (size_t i = 0; i < rows; i++) {                                                        \
            double x = a[i];                                                                       \
            out[i] = (type)(expression);                                                           \
        }                                                                                          \
    } else {                                                                                       \
        for (size_t i = 0; i < rows; i++) {                                                        \
            double x = a[i];                                                                       \
            y = b[i];                                                                              \
            out[i] = (type)(expression);                                                           \
        }                                                                                          \
    }

#define ARITHMETIC(name, expression)                                                               \
    static void name(const struct mq_strip *strip, const struct mq_instruction *in)                \
    {                                                                                              \
        double *restrict out = mq_value_at(strip, in->to);                                         \
        BINARY(double, expression)                                                                 \
    }

/* Truths as wide as the values first: so both loops use whole vectors. */
#define COMPARISON(name, expression)                                                               \
    static void name(const struct mq_strip *strip, const struct mq_instruction *in)                \
    {                                                                                              \
        double out[MQ_STRIP];                                                                      \
        uint8_t *restrict truth = mq_truth_at(strip, in->to);                                      \
        BINARY(double, expression)                                                                 \
        for (size_t i = 0; i < rows; i++)                                                          \
            truth[i] = (uint8_t)(int)out[i];                                                       \
    }

ARITHMETIC(run_add, x + y)
ARITHMETIC(run_subtract, x - y)
ARITHMETIC(run_multiply, (x * y))
ARITHMETIC(run_divide, x / y + (y == 0 ? NAN : 0))
ARITHMETIC(run_abs, fabs(x))
#define TRUTH(yes, no) ((yes) ? 2.0 : (no) ? 0.0 : 1.0)
COMPARISON(run_less, TRUTH(x < y, x >= y))
COMPARISON(run_at_most, TRUTH(x <= y, x > y))
COMPARISON(run_equal, TRUTH(x == y, x<y || x> y))
COMPARISON(run_different, TRUTH(x<y || x> y, x == y))
COMPARISON(run_at_least, TRUTH(x >= y, x < y))
COMPARISON(run_greater, TRUTH(x > y, x <= y))
COMPARISON(run_near_at_most, TRUTH(x - y <= slack, x - y > slack))
COMPARISON(run_near_equal, TRUTH(fabs(x - y) <= slack, fabs(x - y) > slack))
COMPARISON(run_near_different, TRUTH(fabs(x - y) > slack, fabs(x - y) <= slack))
COMPARISON(run_near_at_least, TRUTH(y - x <= slack, y - x > slack))
COMPARISON(run_no_value, x != x ? 2.0 : 0.0)

static void run_fill(const struct mq_strip *strip, const struct mq_instruction *in)
{
    double *out = mq_value_at(strip, in->to), number = in->number;
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = number;
}

/* Whole numbers to doubles, rounded once, in steps that every vector unit has: the halves become
 * doubles by their bits (2^52 + low, 2^84 + high * 2^32), then one exact and one rounding
 * operation. */
static double whole_to_double(int64_t whole)
{
    uint64_t shifted = (uint64_t)whole ^ UINT64_C(0x8000000000000000);
    uint64_t low = (shifted & UINT32_MAX) | UINT64_C(0x4330000000000000);
    uint64_t high = (shifted >> 32) | UINT64_C(0x4530000000000000);
    double low_part, high_part;
    memcpy(&low_part, &low, sizeof low_part);
    memcpy(&high_part, &high, sizeof high_part);
    return (high_part - 0x1.00000801p84) + low_part;
}

/* Without a branch: all bits set is NaN. */
static double unless_missing(uint8_t state, double value)
{
    uint64_t bits, absent = (uint64_t)0 - (uint64_t)(state != MQ_PRESENT);
    memcpy(&bits, &value, sizeof bits);
    bits |= absent;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void run_amount(const struct mq_strip *strip, const struct mq_instruction *in)
{
    const struct mq_column *column = &strip->columns[in->input];
    const uint8_t *restrict state = column->state + strip->first;
    const int64_t *restrict amount = column->amount + strip->first;
    double *restrict out = mq_value_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = unless_missing(state[i], whole_to_double(amount[i]));
}

static void run_number(const struct mq_strip *strip, const struct mq_instruction *in)
{
    const struct mq_column *column = &strip->columns[in->input];
    const uint8_t *restrict state = column->state + strip->first;
    const double *restrict number = column->number + strip->first;
    double *restrict out = mq_value_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = unless_missing(state[i], number[i]);
}

static void run_code(const struct mq_strip *strip, const struct mq_instruction *in)
{
    const struct mq_column *column = &strip->columns[in->input];
    double *out = mq_value_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++) {
        size_t row = strip->first + i;
        out[i] = column->state[row] == MQ_PRESENT ? mq_dict_number(column->dict, column->code[row])
                                                  : NAN;
    }
}

static void run_absent(const struct mq_strip *strip, const struct mq_instruction *in)
{
    const uint8_t *restrict state = strip->columns[in->input].state + strip->first;
    uint8_t *restrict out = mq_truth_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = (uint8_t)(state[i] == MQ_PRESENT ? MQ_FALSE : MQ_TRUE);
}

static void run_and(const struct mq_strip *strip, const struct mq_instruction *in)
{
    const uint8_t *restrict a = mq_truth_at(strip, in->a), *restrict b = mq_truth_at(strip, in->b);
    uint8_t *restrict out = mq_truth_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = a[i] < b[i] ? a[i] : b[i];
}

static void run_or(const struct mq_strip *strip, const struct mq_instruction *in)
{
    const uint8_t *restrict a = mq_truth_at(strip, in->a), *restrict b = mq_truth_at(strip, in->b);
    uint8_t *restrict out = mq_truth_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = a[i] > b[i] ? a[i] : b[i];
}

static void run_not(const struct mq_strip *strip, const struct mq_instruction *in)
{
    const uint8_t *restrict a = mq_truth_at(strip, in->a);
    uint8_t *restrict out = mq_truth_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = (uint8_t)(2 - a[i]);
}

typedef void (*run_fn)(const struct mq_strip *, const struct mq_instruction *);

static const run_fn ops[MQ_OPS] = {
    [MQ_OP_FILL] = run_fill,
    [MQ_OP_AMOUNT] = run_amount,
    [MQ_OP_NUMBER] = run_number,
    [MQ_OP_CODE] = run_code,
    [MQ_OP_ADD] = run_add,
    [MQ_OP_SUBTRACT] = run_subtract,
    [MQ_OP_MULTIPLY] = run_multiply,
    [MQ_OP_DIVIDE] = run_divide,
    [MQ_OP_ABS] = run_abs,
    [MQ_OP_LESS] = run_less,
    [MQ_OP_AT_MOST] = run_at_most,
    [MQ_OP_EQUAL] = run_equal,
    [MQ_OP_DIFFERENT] = run_different,
    [MQ_OP_AT_LEAST] = run_at_least,
    [MQ_OP_GREATER] = run_greater,
    [MQ_OP_NEAR_AT_MOST] = run_near_at_most,
    [MQ_OP_NEAR_EQUAL] = run_near_equal,
    [MQ_OP_NEAR_DIFFERENT] = run_near_different,
    [MQ_OP_NEAR_AT_LEAST] = run_near_at_least,
    [MQ_OP_TEST] = mq_run_test,
    [MQ_OP_LOOKUP] = mq_run_lookup,
    [MQ_OP_LOOKUP_TRUTH] = mq_run_lookup_truth,
    [MQ_OP_CODE_IS] = mq_run_code_is,
    [MQ_OP_KEY_IS] = mq_run_key_is,
    [MQ_OP_AND] = run_and,
    [MQ_OP_OR] = run_or,
    [MQ_OP_NOT] = run_not,
    [MQ_OP_ABSENT] = run_absent,
    [MQ_OP_NO_VALUE] = run_no_value,
};

static enum mq_status room(struct mq_scratch *scratch, const struct mq_program *program,
                           struct mq_strip *strip)
{
    size_t values = (size_t)program->values * MQ_STRIP * sizeof(double);
    size_t bytes = values + (size_t)program->truths * MQ_STRIP;
    if (bytes > scratch->capacity) {
        void *memory = malloc(bytes);
        if (!memory)
            return MQ_INTERNAL;
        free(scratch->memory);
        scratch->memory = memory;
        scratch->capacity = bytes;
    }
    strip->values = scratch->memory;
    strip->truths = (uint8_t *)scratch->memory + values;
    return MQ_OK;
}

void mq_scratch_clear(struct mq_scratch *scratch)
{
    free(scratch->memory);
    *scratch = (struct mq_scratch){0};
}

static void run_strip(const struct mq_program *program, const struct mq_strip *strip)
{
    for (size_t i = 0; i < program->count; i++)
        ops[program->code[i].op](strip, &program->code[i]);
}

enum mq_status mq_program_truth(const struct mq_program *program, const struct mq_column *columns,
                                size_t rows, struct mq_scratch *scratch, uint8_t *truth)
{
    struct mq_strip strip = {.columns = columns};
    MQ_TRY(room(scratch, program, &strip));
    for (; strip.first < rows; strip.first += MQ_STRIP) {
        strip.rows = rows - strip.first < MQ_STRIP ? rows - strip.first : MQ_STRIP;
        run_strip(program, &strip);
        memcpy(truth + strip.first, mq_truth_at(&strip, program->result), strip.rows);
    }
    return MQ_OK;
}

enum mq_status mq_program_value(const struct mq_program *program, const struct mq_column *columns,
                                size_t rows, struct mq_scratch *scratch, double *value)
{
    struct mq_strip strip = {.columns = columns};
    MQ_TRY(room(scratch, program, &strip));
    for (; strip.first < rows; strip.first += MQ_STRIP) {
        strip.rows = rows - strip.first < MQ_STRIP ? rows - strip.first : MQ_STRIP;
        run_strip(program, &strip);
        const double *result = mq_value_at(&strip, program->result);
        for (size_t i = 0; i < strip.rows; i++)
            value[strip.first + i] = isfinite(result[i]) ? result[i] : NAN;
    }
    return MQ_OK;
}
