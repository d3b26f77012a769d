/*
 * One row: tree -> program. Amounts and decimal constants are exact: a value carries the number of
 * decimals it is scaled by, known when compiling, so 0.1 + 0.2 == 0.3 compares whole numbers.
 * Division and `number` inputs leave that world for natural units (scale MQ_NATURAL).
 */
#include "model/formula_coder.h"

#include <math.h>
#include <string.h>

enum { MAX_SCALE = 15 };

/* Up to the decimals of an amount. */
static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

enum mq_status mq_code_get(struct mq_coder *c, struct mq_registers *registers, uint16_t *at)
{
    for (int i = 0; i < MQ_REGISTERS; i++)
        if (!registers->used[i]) {
            registers->used[i] = true;
            if (i >= registers->most)
                registers->most = (uint16_t)(i + 1);
            *at = (uint16_t)i;
            return MQ_OK;
        }
    return mq_formula_fail(c->source, 0, "too deeply nested; split it into simpler conditions");
}

void mq_code_drop(struct mq_coder *c, const struct mq_operand *operand)
{
    if (!operand->constant)
        c->values.used[operand->at] = false;
}

enum mq_status mq_code_emit(struct mq_coder *c, struct mq_instruction instruction)
{
    if (c->count == c->capacity) {
        size_t capacity = c->capacity ? 2 * c->capacity : 16;
        struct mq_instruction *longer = mq_arena_array(c->arena, capacity, sizeof *longer);
        if (!longer)
            return mq_fail_memory(c->source->error);
        for (size_t i = 0; i < c->count; i++)
            longer[i] = c->code[i];
        c->code = longer;
        c->capacity = capacity;
    }
    c->code[c->count++] = instruction;
    return MQ_OK;
}

/* to = operand (op) number; the operand's register is given back. */
static enum mq_status with_number(struct mq_coder *c, enum mq_op op, struct mq_operand *operand,
                                  double number)
{
    uint16_t to = 0;
    MQ_TRY(mq_code_get(c, &c->values, &to));
    mq_code_drop(c, operand);
    struct mq_instruction made = {
        .op = op, .to = to, .a = operand->at, .constant = true, .number = number};
    operand->at = to;
    return mq_code_emit(c, made);
}

double mq_code_scaled(double value, int digits)
{
    return value * powers[digits];
}

static enum mq_status rescale(struct mq_coder *c, struct mq_operand *operand, int scale)
{
    if (operand->scale == scale)
        return MQ_OK;
    bool down = scale == MQ_NATURAL;
    int digits = down ? operand->scale : scale - operand->scale;
    operand->scale = scale;
    if (digits == 0)
        return MQ_OK;
    if (!operand->constant)
        return with_number(c, down ? MQ_OP_DIVIDE : MQ_OP_MULTIPLY, operand, powers[digits]);
    operand->number = down ? operand->number / powers[digits] : operand->number * powers[digits];
    return MQ_OK;
}

/* Both natural if one is, else both at the larger scale. */
enum mq_status mq_code_align(struct mq_coder *c, struct mq_operand *a, struct mq_operand *b)
{
    int scale = a->scale > b->scale ? a->scale : b->scale;
    if (a->scale == MQ_NATURAL || b->scale == MQ_NATURAL)
        scale = MQ_NATURAL;
    MQ_TRY(rescale(c, a, scale));
    return rescale(c, b, scale);
}

enum mq_status mq_code_register(struct mq_coder *c, struct mq_operand *operand)
{
    if (!operand->constant)
        return MQ_OK;
    MQ_TRY(mq_code_get(c, &c->values, &operand->at));
    operand->constant = false;
    struct mq_instruction made = {
        .op = MQ_OP_FILL, .to = operand->at, .constant = true, .number = operand->number};
    return mq_code_emit(c, made);
}

static enum mq_status no_aggregate(struct mq_coder *c, const struct mq_ast *ast)
{
    const char *word = mq_formula_word(ast->word);
    if (c->inside)
        return mq_formula_fail(ast->source, ast->at,
                               "%s inside %s: an aggregate cannot hold another", word, c->inside);
    char hint[80] = "";
    if (c->source->rule)
        snprintf(hint, sizeof hint, "; write %s_by(%s, ...) for rows of the same group", word,
                 ast->word == MQ_WORD_COUNT ? "a" : "x, a");
    return mq_formula_fail(ast->source, ast->at,
                           "%s adds up many rows; a rule or filter speaks of one row%s", word,
                           hint);
}

enum mq_status mq_code_wrong(struct mq_coder *c, const struct mq_ast *ast, const char *wanted)
{
    const char *found = "a condition";
    if (ast->kind == MQ_AST_AGGREGATE)
        return no_aggregate(c, ast);
    if (ast->kind == MQ_AST_TEXT)
        found = "a text";
    else if (ast->kind == MQ_AST_INPUT && c->source->input[ast->input].type == MQ_KEY)
        found = "a key";
    else if (ast->kind <= MQ_AST_DIVIDE ||
             (ast->kind == MQ_AST_DERIVED && !mq_derived_is_truth(ast->derived)))
        found = "a number";
    return mq_formula_fail(ast->source, ast->at, "%s stands where %s is expected", found, wanted);
}

/* ---- values ---- */

static enum mq_status number(const struct mq_ast *ast, struct mq_operand *result)
{
    struct mq_text text = ast->text;
    const char *point = memchr(text.s, '.', text.n);
    size_t decimals = point ? text.n - (size_t)(point - text.s) - 1 : 0, zeros = 0;
    while (zeros < decimals && text.s[text.n - 1 - zeros] == '0')
        zeros++;
    decimals -= zeros;
    int64_t scaled;
    *result = (struct mq_operand){.constant = true, .scale = MQ_NATURAL};
    if (decimals <= MAX_SCALE &&
        mq_decimal_parse(text.s, text.n, (int)decimals, &scaled) == MQ_NUMBER_OK &&
        scaled < (INT64_C(1) << 53) && scaled > -(INT64_C(1) << 53)) {
        result->scale = (int)decimals;
        result->number = (double)scaled;
        return MQ_OK;
    }
    if (mq_real_parse(text.s, text.n, &result->number) != MQ_NUMBER_OK)
        return mq_formula_fail(ast->source, ast->at, "this is no number");
    return MQ_OK;
}

static enum mq_status load(struct mq_coder *c, const struct mq_ast *ast, struct mq_operand *result)
{
    const struct mq_input *input = &c->source->input[ast->input];
    struct mq_instruction made = {.op = MQ_OP_NUMBER, .input = ast->input};
    *result = (struct mq_operand){.scale = MQ_NATURAL};
    if (input->type == MQ_KEY)
        return mq_code_wrong(c, ast, "a number");
    if (input->type == MQ_AMOUNT) {
        made.op = MQ_OP_AMOUNT;
        result->scale = input->decimals;
    } else if (input->type != MQ_NUMBER) {
        made.op = MQ_OP_CODE;
    }
    MQ_TRY(mq_code_get(c, &c->values, &made.to));
    result->at = made.to;
    MQ_TRY(mq_code_emit(c, made));
    return result->scale > MAX_SCALE ? rescale(c, result, MQ_NATURAL) : MQ_OK;
}

/* A column of natural numbers. */
static enum mq_status column(struct mq_coder *c, struct mq_instruction made,
                             struct mq_operand *result)
{
    *result = (struct mq_operand){.scale = MQ_NATURAL};
    MQ_TRY(mq_code_get(c, &c->values, &made.to));
    result->at = made.to;
    return mq_code_emit(c, made);
}

static enum mq_status derived(struct mq_coder *c, const struct mq_ast *ast,
                              struct mq_operand *result)
{
    if (mq_derived_is_truth(ast->derived))
        return mq_code_wrong(c, ast, "a number");
    struct mq_instruction made = {.op = MQ_OP_NUMBER};
    MQ_TRY(mq_code_derived(c, ast, &made.input));
    return column(c, made, result);
}

static enum mq_status lookup(struct mq_coder *c, const struct mq_ast *ast,
                             struct mq_operand *result)
{
    struct mq_instruction made = {0};
    MQ_TRY(mq_code_lookup(c, ast, &made));
    return column(c, made, result);
}

static double fold(enum mq_op op, double a, double b)
{
    switch (op) {
    case MQ_OP_ADD:
        return a + b;
    case MQ_OP_SUBTRACT:
        return a - b;
    case MQ_OP_MULTIPLY:
        return a * b;
    default:
        return b == 0 ? NAN : a / b;
    }
}

/* result = a (op) b, already at fitting scales; `scale` is the result's. */
static enum mq_status combine(struct mq_coder *c, enum mq_op op, struct mq_operand a,
                              struct mq_operand b, struct mq_operand *result)
{
    int scale = result->scale;
    *result = (struct mq_operand){.constant = a.constant && b.constant, .scale = scale};
    if (result->constant) {
        result->number = fold(op, a.number, b.number);
        return MQ_OK;
    }
    MQ_TRY(mq_code_register(c, &a));
    struct mq_instruction made = {.op = op,
                                  .a = a.at,
                                  .b = b.constant ? 0 : b.at,
                                  .constant = b.constant,
                                  .number = b.constant ? b.number : 0};
    MQ_TRY(mq_code_get(c, &c->values, &made.to));
    mq_code_drop(c, &a);
    mq_code_drop(c, &b);
    result->at = made.to;
    return mq_code_emit(c, made);
}

static enum mq_status arithmetic(struct mq_coder *c, const struct mq_ast *ast,
                                 struct mq_operand *result)
{
    static const enum mq_op ops[] = {MQ_OP_ADD, MQ_OP_SUBTRACT, MQ_OP_MULTIPLY, MQ_OP_DIVIDE};
    enum mq_op op = ops[ast->kind - MQ_AST_ADD];
    struct mq_operand a = {0}, b = {0};
    MQ_TRY(mq_code_value(c, ast->left, &a));
    MQ_TRY(mq_code_value(c, ast->right, &b));
    if (op == MQ_OP_MULTIPLY) {
        bool exact =
            a.scale != MQ_NATURAL && b.scale != MQ_NATURAL && a.scale + b.scale <= MAX_SCALE;
        result->scale = exact ? a.scale + b.scale : MQ_NATURAL;
        if (!exact) {
            MQ_TRY(rescale(c, &a, MQ_NATURAL));
            MQ_TRY(rescale(c, &b, MQ_NATURAL));
        }
    } else {
        MQ_TRY(mq_code_align(c, &a, &b));
        result->scale = op == MQ_OP_DIVIDE ? MQ_NATURAL : a.scale;
    }
    return combine(c, op, a, b, result);
}

enum mq_status mq_code_value(struct mq_coder *c, const struct mq_ast *ast,
                             struct mq_operand *result)
{
    switch (ast->kind) {
    case MQ_AST_NUMBER:
        return number(ast, result);
    case MQ_AST_INPUT:
        return load(c, ast, result);
    case MQ_AST_ADD:
    case MQ_AST_SUBTRACT:
    case MQ_AST_MULTIPLY:
    case MQ_AST_DIVIDE:
        return arithmetic(c, ast, result);
    case MQ_AST_LOOKUP:
        return lookup(c, ast, result);
    case MQ_AST_DERIVED:
        return derived(c, ast, result);
    case MQ_AST_NEGATE:
        MQ_TRY(mq_code_value(c, ast->left, result));
        if (!result->constant)
            return with_number(c, MQ_OP_MULTIPLY, result, -1);
        result->number = -result->number;
        return MQ_OK;
    case MQ_AST_ABS:
        MQ_TRY(mq_code_value(c, ast->left, result));
        if (!result->constant)
            return with_number(c, MQ_OP_ABS, result, 0);
        result->number = fabs(result->number);
        return MQ_OK;
    default:
        return mq_code_wrong(c, ast, "a number");
    }
}

enum mq_status mq_formula_compile(const struct mq_formula_source *source, const struct mq_ast *tree,
                                  enum mq_formula_role role, const char *inside,
                                  struct mq_arena *arena, const struct mq_program **program)
{
    struct mq_coder coder = {.source = source, .inside = inside, .arena = arena};
    uint16_t result = 0;
    if (role == MQ_ROLE_CONDITION) {
        MQ_TRY(mq_code_truth(&coder, tree, &result));
    } else {
        struct mq_operand operand = {0};
        MQ_TRY(mq_code_value(&coder, tree, &operand));
        MQ_TRY(rescale(&coder, &operand, MQ_NATURAL));
        MQ_TRY(mq_code_register(&coder, &operand));
        result = operand.at;
    }
    struct mq_program *made = mq_arena_alloc(arena, sizeof *made);
    if (!made)
        return mq_fail_memory(source->error);
    *made = (struct mq_program){.code = coder.code,
                                .count = coder.count,
                                .role = role,
                                .result = result,
                                .values = coder.values.most,
                                .truths = coder.truths.most};
    *program = made;
    return MQ_OK;
}

static bool same_number(double a, double b)
{
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): bit for bit, so that NaN equals NaN
    return memcmp(&a, &b, sizeof a) == 0;
}

bool mq_program_equal(const struct mq_program *a, const struct mq_program *b)
{
    if (!a || !b || a == b)
        return a == b;
    if (a->count != b->count || a->role != b->role || a->result != b->result)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct mq_instruction *x = &a->code[i], *y = &b->code[i];
        if (x->op != y->op || x->to != y->to || x->a != y->a || x->b != y->b ||
            x->constant != y->constant || x->input != y->input || x->hash != y->hash ||
            x->rows != y->rows || !same_number(x->number, y->number) ||
            !same_number(x->slack, y->slack) || !mq_text_equal(x->text, y->text))
            return false;
    }
    return true;
}
