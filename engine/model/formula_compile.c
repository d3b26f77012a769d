/*
 * One row: tree -> program. Amounts and decimal constants are exact: a value carries the number of
 * decimals it is scaled by, known when compiling, so 0.1 + 0.2 == 0.3 compares whole numbers.
 * Division and `number` inputs leave that world for natural units (scale NATURAL).
 */
#include "model/formula.h"

#include <math.h>
#include <string.h>

#include "model/wording.h"

enum { NATURAL = -1, MAX_SCALE = 15, MAX_REGISTERS = 256 };

/* A value while compiling: a constant or a register. */
struct operand {
    bool constant;
    uint16_t at;   /* register */
    int scale;     /* decimals, or NATURAL */
    double number; /* of a constant, scaled */
};

/* Registers in use and the most that ever were. */
struct registers {
    bool used[MAX_REGISTERS];
    uint16_t most;
};

struct coder {
    const struct mq_formula_source *source;
    const char *inside;
    struct mq_arena *arena;
    struct mq_instruction *code;
    size_t count, capacity;
    struct registers values, truths;
};

static enum mq_status value(struct coder *c, const struct mq_ast *ast, struct operand *result);
static enum mq_status truth(struct coder *c, const struct mq_ast *ast, uint16_t *result);

/* Up to the decimals of an amount. */
static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

static enum mq_status get(struct coder *c, struct registers *registers, uint16_t *at)
{
    for (int i = 0; i < MAX_REGISTERS; i++)
        if (!registers->used[i]) {
            registers->used[i] = true;
            if (i >= registers->most)
                registers->most = (uint16_t)(i + 1);
            *at = (uint16_t)i;
            return MQ_OK;
        }
    return mq_formula_fail(c->source, 0, "too deeply nested; split it into simpler conditions");
}

static void drop(struct coder *c, const struct operand *operand)
{
    if (!operand->constant)
        c->values.used[operand->at] = false;
}

static enum mq_status emit(struct coder *c, struct mq_instruction instruction)
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
static enum mq_status with_number(struct coder *c, enum mq_op op, struct operand *operand,
                                  double number)
{
    uint16_t to = 0;
    MQ_TRY(get(c, &c->values, &to));
    drop(c, operand);
    struct mq_instruction made = {
        .op = op, .to = to, .a = operand->at, .constant = true, .number = number};
    operand->at = to;
    return emit(c, made);
}

static enum mq_status rescale(struct coder *c, struct operand *operand, int scale)
{
    if (operand->scale == scale)
        return MQ_OK;
    bool down = scale == NATURAL;
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
static enum mq_status align(struct coder *c, struct operand *a, struct operand *b)
{
    int scale = a->scale > b->scale ? a->scale : b->scale;
    if (a->scale == NATURAL || b->scale == NATURAL)
        scale = NATURAL;
    MQ_TRY(rescale(c, a, scale));
    return rescale(c, b, scale);
}

static enum mq_status in_register(struct coder *c, struct operand *operand)
{
    if (!operand->constant)
        return MQ_OK;
    MQ_TRY(get(c, &c->values, &operand->at));
    operand->constant = false;
    struct mq_instruction made = {
        .op = MQ_OP_FILL, .to = operand->at, .constant = true, .number = operand->number};
    return emit(c, made);
}

static enum mq_status wrong(struct coder *c, const struct mq_ast *ast, const char *wanted)
{
    const char *found = "a condition";
    if (ast->kind == MQ_AST_AGGREGATE)
        return c->inside
                   ? mq_formula_fail(c->source, ast->at,
                                     "%s inside %s: an aggregate cannot hold another",
                                     mq_formula_word(ast->word), c->inside)
                   : mq_formula_fail(c->source, ast->at,
                                     "%s adds up many rows; a rule or filter speaks of one row",
                                     mq_formula_word(ast->word));
    if (ast->kind == MQ_AST_TEXT)
        found = "a text";
    else if (ast->kind == MQ_AST_INPUT && c->source->input[ast->input].type == MQ_KEY)
        found = "a key";
    else if (ast->kind <= MQ_AST_DIVIDE)
        found = "a number";
    return mq_formula_fail(c->source, ast->at, "%s stands where %s is expected", found, wanted);
}

/* ---- values ---- */

static enum mq_status number(struct coder *c, const struct mq_ast *ast, struct operand *result)
{
    struct mq_text text = ast->text;
    const char *point = memchr(text.s, '.', text.n);
    size_t decimals = point ? text.n - (size_t)(point - text.s) - 1 : 0, zeros = 0;
    while (zeros < decimals && text.s[text.n - 1 - zeros] == '0')
        zeros++;
    decimals -= zeros;
    int64_t scaled;
    *result = (struct operand){.constant = true, .scale = NATURAL};
    if (decimals <= MAX_SCALE &&
        mq_decimal_parse(text.s, text.n, (int)decimals, &scaled) == MQ_NUMBER_OK &&
        scaled < (INT64_C(1) << 53) && scaled > -(INT64_C(1) << 53)) {
        result->scale = (int)decimals;
        result->number = (double)scaled;
        return MQ_OK;
    }
    if (mq_real_parse(text.s, text.n, &result->number) != MQ_NUMBER_OK)
        return mq_formula_fail(c->source, ast->at, "this is no number");
    return MQ_OK;
}

static enum mq_status load(struct coder *c, const struct mq_ast *ast, struct operand *result)
{
    const struct mq_input *input = &c->source->input[ast->input];
    struct mq_instruction made = {.op = MQ_OP_NUMBER, .input = ast->input};
    *result = (struct operand){.scale = NATURAL};
    if (input->type == MQ_KEY)
        return wrong(c, ast, "a number");
    if (input->type == MQ_AMOUNT) {
        made.op = MQ_OP_AMOUNT;
        result->scale = input->decimals;
    } else if (input->type != MQ_NUMBER) {
        made.op = MQ_OP_CODE;
    }
    MQ_TRY(get(c, &c->values, &made.to));
    result->at = made.to;
    MQ_TRY(emit(c, made));
    return result->scale > MAX_SCALE ? rescale(c, result, NATURAL) : MQ_OK;
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
static enum mq_status combine(struct coder *c, enum mq_op op, struct operand a, struct operand b,
                              struct operand *result)
{
    int scale = result->scale;
    *result = (struct operand){.constant = a.constant && b.constant, .scale = scale};
    if (result->constant) {
        result->number = fold(op, a.number, b.number);
        return MQ_OK;
    }
    MQ_TRY(in_register(c, &a));
    struct mq_instruction made = {.op = op,
                                  .a = a.at,
                                  .b = b.constant ? 0 : b.at,
                                  .constant = b.constant,
                                  .number = b.constant ? b.number : 0};
    MQ_TRY(get(c, &c->values, &made.to));
    drop(c, &a);
    drop(c, &b);
    result->at = made.to;
    return emit(c, made);
}

static enum mq_status arithmetic(struct coder *c, const struct mq_ast *ast, struct operand *result)
{
    static const enum mq_op ops[] = {MQ_OP_ADD, MQ_OP_SUBTRACT, MQ_OP_MULTIPLY, MQ_OP_DIVIDE};
    enum mq_op op = ops[ast->kind - MQ_AST_ADD];
    struct operand a = {0}, b = {0};
    MQ_TRY(value(c, ast->left, &a));
    MQ_TRY(value(c, ast->right, &b));
    if (op == MQ_OP_MULTIPLY) {
        bool exact = a.scale != NATURAL && b.scale != NATURAL && a.scale + b.scale <= MAX_SCALE;
        result->scale = exact ? a.scale + b.scale : NATURAL;
        if (!exact) {
            MQ_TRY(rescale(c, &a, NATURAL));
            MQ_TRY(rescale(c, &b, NATURAL));
        }
    } else {
        MQ_TRY(align(c, &a, &b));
        result->scale = op == MQ_OP_DIVIDE ? NATURAL : a.scale;
    }
    return combine(c, op, a, b, result);
}

static enum mq_status value(struct coder *c, const struct mq_ast *ast, struct operand *result)
{
    switch (ast->kind) {
    case MQ_AST_NUMBER:
        return number(c, ast, result);
    case MQ_AST_INPUT:
        return load(c, ast, result);
    case MQ_AST_ADD:
    case MQ_AST_SUBTRACT:
    case MQ_AST_MULTIPLY:
    case MQ_AST_DIVIDE:
        return arithmetic(c, ast, result);
    case MQ_AST_NEGATE:
        MQ_TRY(value(c, ast->left, result));
        if (!result->constant)
            return with_number(c, MQ_OP_MULTIPLY, result, -1);
        result->number = -result->number;
        return MQ_OK;
    case MQ_AST_ABS:
        MQ_TRY(value(c, ast->left, result));
        if (!result->constant)
            return with_number(c, MQ_OP_ABS, result, 0);
        result->number = fabs(result->number);
        return MQ_OK;
    default:
        return wrong(c, ast, "a number");
    }
}

/* ---- truths ---- */

/* The type if the tree is a bare key, period or code, else MQ_NUMBER. */
static enum mq_type bare(const struct coder *c, const struct mq_ast *ast)
{
    if (ast->kind != MQ_AST_INPUT || c->source->input[ast->input].type == MQ_AMOUNT)
        return MQ_NUMBER;
    return c->source->input[ast->input].type;
}

/* input == "text" */
static enum mq_status text_equal(struct coder *c, const struct mq_ast *input,
                                 const struct mq_ast *text, uint16_t *result)
{
    enum mq_type type = bare(c, input);
    struct mq_instruction made = {.op = MQ_OP_CODE_IS, .input = input->input};
    if (type == MQ_KEY) {
        made.op = MQ_OP_KEY_IS;
        made.hash = mq_hash64(text->text.s, text->text.n, 0);
    } else {
        char *copy = mq_arena_string(c->arena, text->text.s, text->text.n);
        if (!copy)
            return mq_fail_memory(c->source->error);
        made.text = (struct mq_text){copy, text->text.n};
    }
    MQ_TRY(get(c, &c->truths, &made.to));
    *result = made.to;
    return emit(c, made);
}

/* result = a (op) b of truths, or op a when b is MAX_REGISTERS */
static enum mq_status logic(struct coder *c, enum mq_op op, uint16_t a, uint16_t b,
                            uint16_t *result)
{
    struct mq_instruction made = {.op = op, .a = a, .b = b == MAX_REGISTERS ? a : b};
    MQ_TRY(get(c, &c->truths, &made.to));
    c->truths.used[made.a] = c->truths.used[made.b] = false;
    *result = made.to;
    return emit(c, made);
}

static enum mq_status invert(struct coder *c, uint16_t *result)
{
    return logic(c, MQ_OP_NOT, *result, MAX_REGISTERS, result);
}

static enum mq_status compare_numbers(struct coder *c, enum mq_op op, struct operand a,
                                      struct operand b, uint16_t *result)
{
    MQ_TRY(align(c, &a, &b));
    MQ_TRY(in_register(c, &a));
    struct mq_instruction made = {.op = op,
                                  .a = a.at,
                                  .b = b.constant ? 0 : b.at,
                                  .constant = b.constant,
                                  .number = b.constant ? b.number : 0};
    MQ_TRY(get(c, &c->truths, &made.to));
    drop(c, &a);
    drop(c, &b);
    *result = made.to;
    return emit(c, made);
}

static enum mq_status compare(struct coder *c, const struct mq_ast *ast, uint16_t *result)
{
    const struct mq_ast *left = ast->left, *right = ast->right;
    if (left->kind == MQ_AST_TEXT || right->kind == MQ_AST_TEXT) {
        bool swap = left->kind == MQ_AST_TEXT;
        const struct mq_ast *text = swap ? left : right, *input = swap ? right : left;
        if (bare(c, input) == MQ_NUMBER)
            return mq_formula_fail(c->source, text->at,
                                   "a text can only be compared with a code, period or key");
        if (ast->kind != MQ_AST_EQUAL && ast->kind != MQ_AST_DIFFERENT)
            return mq_formula_fail(c->source, ast->at, "texts are compared with == and != only");
        MQ_TRY(text_equal(c, input, text, result));
        return ast->kind == MQ_AST_EQUAL ? MQ_OK : invert(c, result);
    }
    if (bare(c, left) == MQ_KEY || bare(c, right) == MQ_KEY)
        return mq_formula_fail(c->source, ast->at,
                               "a key can only be compared with a text in quotes");
    if (bare(c, left) != MQ_NUMBER && bare(c, right) != MQ_NUMBER)
        return mq_formula_fail(c->source, ast->at,
                               "a code is compared with a number or a text, not with another code");
    static const enum mq_op ops[] = {MQ_OP_LESS,      MQ_OP_AT_MOST,  MQ_OP_EQUAL,
                                     MQ_OP_DIFFERENT, MQ_OP_AT_LEAST, MQ_OP_GREATER};
    struct operand a = {0}, b = {0};
    MQ_TRY(value(c, left, &a));
    MQ_TRY(value(c, right, &b));
    return compare_numbers(c, ops[ast->kind - MQ_AST_LESS], a, b, result);
}

/* x in (a, b) is x == a or x == b */
static enum mq_status membership(struct coder *c, const struct mq_ast *ast, uint16_t *result)
{
    bool first = true;
    for (const struct mq_ast *item = ast->right; item; item = item->next) {
        struct mq_ast equal = {
            .kind = MQ_AST_EQUAL, .at = item->at, .left = ast->left, .right = item};
        uint16_t one = 0;
        MQ_TRY(compare(c, &equal, &one));
        if (first)
            *result = one;
        else
            MQ_TRY(logic(c, MQ_OP_OR, *result, one, result));
        first = false;
    }
    return MQ_OK;
}

static enum mq_status missing(struct coder *c, const struct mq_ast *ast, uint16_t *result)
{
    struct mq_instruction made = {.op = MQ_OP_ABSENT};
    if (ast->left->kind == MQ_AST_INPUT) {
        made.input = ast->left->input;
    } else {
        struct operand operand = {0};
        MQ_TRY(value(c, ast->left, &operand));
        MQ_TRY(in_register(c, &operand));
        made.op = MQ_OP_NO_VALUE;
        made.constant = true; /* no second operand */
        made.a = operand.at;
        drop(c, &operand);
    }
    MQ_TRY(get(c, &c->truths, &made.to));
    *result = made.to;
    return emit(c, made);
}

static enum mq_status truth(struct coder *c, const struct mq_ast *ast, uint16_t *result)
{
    uint16_t a = 0, b = 0;
    switch (ast->kind) {
    case MQ_AST_LESS:
    case MQ_AST_AT_MOST:
    case MQ_AST_EQUAL:
    case MQ_AST_DIFFERENT:
    case MQ_AST_AT_LEAST:
    case MQ_AST_GREATER:
        return compare(c, ast, result);
    case MQ_AST_IN:
        return membership(c, ast, result);
    case MQ_AST_MISSING:
        return missing(c, ast, result);
    case MQ_AST_NOT:
        MQ_TRY(truth(c, ast->left, result));
        return invert(c, result);
    case MQ_AST_AND:
    case MQ_AST_OR:
    case MQ_AST_IMPLIES:
        MQ_TRY(truth(c, ast->left, &a));
        if (ast->kind == MQ_AST_IMPLIES)
            MQ_TRY(invert(c, &a));
        MQ_TRY(truth(c, ast->right, &b));
        return logic(c, ast->kind == MQ_AST_AND ? MQ_OP_AND : MQ_OP_OR, a, b, result);
    default:
        return wrong(c, ast, "a condition");
    }
}

enum mq_status mq_formula_compile(const struct mq_formula_source *source, const struct mq_ast *tree,
                                  enum mq_formula_role role, const char *inside,
                                  struct mq_arena *arena, const struct mq_program **program)
{
    struct coder coder = {.source = source, .inside = inside, .arena = arena};
    uint16_t result = 0;
    if (role == MQ_ROLE_CONDITION) {
        MQ_TRY(truth(&coder, tree, &result));
    } else {
        struct operand operand = {0};
        MQ_TRY(value(&coder, tree, &operand));
        MQ_TRY(rescale(&coder, &operand, NATURAL));
        MQ_TRY(in_register(&coder, &operand));
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
            !same_number(x->number, y->number) || !mq_text_equal(x->text, y->text))
            return false;
    }
    return true;
}
