/* Formulas over slots and how they move with each: forward differentiation of the postfix steps. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/sampling.h"

double mq_value_real(const struct mq_value *value)
{
    if (value->kind == MQ_VALUE_NONE)
        return NAN;
    if (value->kind == MQ_VALUE_REAL)
        return value->real;
    double real = (double)value->scaled;
    for (int i = 0; i < value->decimals; i++)
        real /= 10;
    return real;
}

/* left (op) right into left; each is a value with its derivatives behind it. */
static void operate(enum mq_step_kind kind, double *left, const double *right, size_t columns)
{
    double a = left[0], b = right[0];

    switch (kind) {
    case MQ_STEP_ADD:
        left[0] = a + b;
        break;
    case MQ_STEP_SUBTRACT:
        left[0] = a - b;
        break;
    case MQ_STEP_MULTIPLY:
        left[0] = a * b;
        break;
    default:
        left[0] = a / b;
        break;
    }
    for (size_t c = 1; c <= columns; c++)
        switch (kind) {
        case MQ_STEP_ADD:
            left[c] += right[c];
            break;
        case MQ_STEP_SUBTRACT:
            left[c] -= right[c];
            break;
        case MQ_STEP_MULTIPLY:
            left[c] = left[c] * b + a * right[c];
            break;
        default:
            left[c] = (left[c] - left[0] * right[c]) / b;
            break;
        }
}

/* A step that puts something new on the stack. */
static void push(const struct mq_step *step, const struct mq_value *slots, const size_t *column,
                 double *top)
{
    if (step->kind == MQ_STEP_CONSTANT) {
        top[0] = NAN;
        mq_real_parse(step->constant, strlen(step->constant), &top[0]);
        return;
    }
    top[0] = mq_value_real(&slots[step->slot]);
    if (column[step->slot] != SIZE_MAX)
        top[1 + column[step->slot]] = 1;
}

bool mq_steps_gradient(const struct mq_steps *steps, const struct mq_value *slots,
                       const size_t *column, size_t columns, double *value, double *gradient)
{
    size_t width = columns + 1, depth = 0;
    double *stack = calloc(steps->count + 1, width * sizeof *stack);

    if (!stack)
        return false;
    for (size_t i = 0; i < steps->count; i++) {
        const struct mq_step *step = &steps->step[i];
        double *top = stack + depth * width;
        if (step->kind == MQ_STEP_CONSTANT || step->kind == MQ_STEP_SLOT) {
            memset(top, 0, width * sizeof *top);
            push(step, slots, column, top);
            depth++;
        } else if (step->kind == MQ_STEP_NEGATE) {
            for (size_t c = 0; c < width; c++)
                top[(ptrdiff_t)c - (ptrdiff_t)width] = -top[(ptrdiff_t)c - (ptrdiff_t)width];
        } else {
            operate(step->kind, top - 2 * width, top - width, columns);
            depth--;
        }
    }
    *value = stack[0];
    memcpy(gradient, stack + 1, columns * sizeof *gradient);
    free(stack);
    return true;
}
