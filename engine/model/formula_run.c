/* Programs over columns, a strip of rows at a time so that registers stay in the cache. */
#include "model/formula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STRIP = 1024 };

struct strip {
    double *values;  /* [program->values][STRIP] */
    uint8_t *truths; /* [program->truths][STRIP] */
    const struct mq_column *columns;
    size_t first, rows;
};

static double *value_at(const struct strip *strip, uint16_t at)
{
    return strip->values + (size_t)at * STRIP;
}

static uint8_t *truth_at(const struct strip *strip, uint16_t at)
{
    return strip->truths + (size_t)at * STRIP;
}

/* out = expression(x, y); the compiler of programs never reuses an operand's register for the
 * result. */
#define BINARY(type, expression)                                                                   \
    const double *restrict a = value_at(strip, in->a);                                             \
    const double *restrict b = value_at(strip, in->b);                                             \
    size_t rows = strip->rows;                                                                     \
    double y = in->number;                                                                         \
    (void)y;                                                                                       \
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
    static void name(const struct strip *strip, const struct mq_instruction *in)                   \
    {                                                                                              \
        double *restrict out = value_at(strip, in->to);                                            \
        BINARY(double, expression)                                                                 \
    }

/* Truths as wide as the values first: so both loops use whole vectors. */
#define COMPARISON(name, expression)                                                               \
    static void name(const struct strip *strip, const struct mq_instruction *in)                   \
    {                                                                                              \
        double out[STRIP];                                                                         \
        uint8_t *restrict truth = truth_at(strip, in->to);                                         \
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
COMPARISON(run_no_value, x != x ? 2.0 : 0.0)

static void run_fill(const struct strip *strip, const struct mq_instruction *in)
{
    double *out = value_at(strip, in->to), number = in->number;
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

static void run_amount(const struct strip *strip, const struct mq_instruction *in)
{
    const struct mq_column *column = &strip->columns[in->input];
    const uint8_t *restrict state = column->state + strip->first;
    const int64_t *restrict amount = column->amount + strip->first;
    double *restrict out = value_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = unless_missing(state[i], whole_to_double(amount[i]));
}

static void run_number(const struct strip *strip, const struct mq_instruction *in)
{
    const struct mq_column *column = &strip->columns[in->input];
    const uint8_t *restrict state = column->state + strip->first;
    const double *restrict number = column->number + strip->first;
    double *restrict out = value_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = unless_missing(state[i], number[i]);
}

static void run_code(const struct strip *strip, const struct mq_instruction *in)
{
    const struct mq_column *column = &strip->columns[in->input];
    double *out = value_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++) {
        size_t row = strip->first + i;
        out[i] = column->state[row] == MQ_PRESENT ? mq_dict_number(column->dict, column->code[row])
                                                  : NAN;
    }
}

/* Every text of these rows is in the dictionary already, so one look-up serves the strip. */
static void run_code_is(const struct strip *strip, const struct mq_instruction *in)
{
    const struct mq_column *column = &strip->columns[in->input];
    const uint8_t *restrict state = column->state + strip->first;
    const uint32_t *restrict code = column->code + strip->first;
    uint8_t *restrict out = truth_at(strip, in->to);
    uint32_t wanted = mq_dict_find(column->dict, in->text);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = (uint8_t)(state[i] != MQ_PRESENT                      ? MQ_UNKNOWN
                           : code[i] == wanted && wanted != MQ_NO_CODE ? MQ_TRUE
                                                                       : MQ_FALSE);
}

static void run_key_is(const struct strip *strip, const struct mq_instruction *in)
{
    const struct mq_column *column = &strip->columns[in->input];
    const uint8_t *restrict state = column->state + strip->first;
    const uint64_t *restrict key = column->key + strip->first;
    uint8_t *restrict out = truth_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = (uint8_t)(state[i] != MQ_PRESENT ? MQ_UNKNOWN
                           : key[i] == in->hash   ? MQ_TRUE
                                                  : MQ_FALSE);
}

static void run_absent(const struct strip *strip, const struct mq_instruction *in)
{
    const uint8_t *restrict state = strip->columns[in->input].state + strip->first;
    uint8_t *restrict out = truth_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = (uint8_t)(state[i] == MQ_PRESENT ? MQ_FALSE : MQ_TRUE);
}

static void run_and(const struct strip *strip, const struct mq_instruction *in)
{
    const uint8_t *restrict a = truth_at(strip, in->a), *restrict b = truth_at(strip, in->b);
    uint8_t *restrict out = truth_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = a[i] < b[i] ? a[i] : b[i];
}

static void run_or(const struct strip *strip, const struct mq_instruction *in)
{
    const uint8_t *restrict a = truth_at(strip, in->a), *restrict b = truth_at(strip, in->b);
    uint8_t *restrict out = truth_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = a[i] > b[i] ? a[i] : b[i];
}

static void run_not(const struct strip *strip, const struct mq_instruction *in)
{
    const uint8_t *restrict a = truth_at(strip, in->a);
    uint8_t *restrict out = truth_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = (uint8_t)(2 - a[i]);
}

typedef void (*run_fn)(const struct strip *, const struct mq_instruction *);

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
    [MQ_OP_CODE_IS] = run_code_is,
    [MQ_OP_KEY_IS] = run_key_is,
    [MQ_OP_AND] = run_and,
    [MQ_OP_OR] = run_or,
    [MQ_OP_NOT] = run_not,
    [MQ_OP_ABSENT] = run_absent,
    [MQ_OP_NO_VALUE] = run_no_value,
};

static enum mq_status room(struct mq_scratch *scratch, const struct mq_program *program,
                           struct strip *strip)
{
    size_t values = (size_t)program->values * STRIP * sizeof(double);
    size_t bytes = values + (size_t)program->truths * STRIP;
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

static void run_strip(const struct mq_program *program, const struct strip *strip)
{
    for (size_t i = 0; i < program->count; i++)
        ops[program->code[i].op](strip, &program->code[i]);
}

enum mq_status mq_program_truth(const struct mq_program *program, const struct mq_column *columns,
                                size_t rows, struct mq_scratch *scratch, uint8_t *truth)
{
    struct strip strip = {.columns = columns};
    MQ_TRY(room(scratch, program, &strip));
    for (; strip.first < rows; strip.first += STRIP) {
        strip.rows = rows - strip.first < STRIP ? rows - strip.first : STRIP;
        run_strip(program, &strip);
        memcpy(truth + strip.first, truth_at(&strip, program->result), strip.rows);
    }
    return MQ_OK;
}

enum mq_status mq_program_value(const struct mq_program *program, const struct mq_column *columns,
                                size_t rows, struct mq_scratch *scratch, double *value)
{
    struct strip strip = {.columns = columns};
    MQ_TRY(room(scratch, program, &strip));
    for (; strip.first < rows; strip.first += STRIP) {
        strip.rows = rows - strip.first < STRIP ? rows - strip.first : STRIP;
        run_strip(program, &strip);
        const double *result = value_at(&strip, program->result);
        for (size_t i = 0; i < strip.rows; i++)
            value[strip.first + i] = isfinite(result[i]) ? result[i] : NAN;
    }
    return MQ_OK;
}
