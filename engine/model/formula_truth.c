/* Conditions: tree -> program. */
#include "model/formula_coder.h"

#include <math.h>
#include <string.h>

/* The type if the tree is a bare key, period or code, else MQ_NUMBER. */
static enum mq_type bare(const struct mq_coder *c, const struct mq_ast *ast)
{
    if (ast->kind != MQ_AST_INPUT || c->source->input[ast->input].type == MQ_AMOUNT)
        return MQ_NUMBER;
    return c->source->input[ast->input].type;
}

/* input == "text" */
static enum mq_status text_equal(struct mq_coder *c, const struct mq_ast *input,
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
    MQ_TRY(mq_code_get(c, &c->truths, &made.to));
    *result = made.to;
    return mq_code_emit(c, made);
}

/* result = a (op) b of truths, or op a when b is MQ_REGISTERS */
static enum mq_status logic(struct mq_coder *c, enum mq_op op, uint16_t a, uint16_t b,
                            uint16_t *result)
{
    struct mq_instruction made = {.op = op, .a = a, .b = b == MQ_REGISTERS ? a : b};
    MQ_TRY(mq_code_get(c, &c->truths, &made.to));
    c->truths.used[made.a] = c->truths.used[made.b] = false;
    *result = made.to;
    return mq_code_emit(c, made);
}

static enum mq_status invert(struct mq_coder *c, uint16_t *result)
{
    return logic(c, MQ_OP_NOT, *result, MQ_REGISTERS, result);
}

/* Whole scaled numbers whose unit is above the tolerance need none: the exact instruction stays. */
static enum mq_op near(enum mq_op op, int scale, double tolerance, double *slack)
{
    static const enum mq_op ops[] = {[MQ_OP_AT_MOST - MQ_OP_LESS] = MQ_OP_NEAR_AT_MOST,
                                     [MQ_OP_EQUAL - MQ_OP_LESS] = MQ_OP_NEAR_EQUAL,
                                     [MQ_OP_DIFFERENT - MQ_OP_LESS] = MQ_OP_NEAR_DIFFERENT,
                                     [MQ_OP_AT_LEAST - MQ_OP_LESS] = MQ_OP_NEAR_AT_LEAST};
    if (!(tolerance > 0) || op == MQ_OP_LESS || op == MQ_OP_GREATER)
        return op;
    *slack = tolerance;
    if (scale != MQ_NATURAL) { /* 0.29 is 29 hundredths */
        double scaled = mq_code_scaled(tolerance, scale), whole = nearbyint(scaled);
        *slack = fabs(scaled - whole) <= 1e-9 * whole ? whole : scaled;
        if (*slack < 1)
            return op;
    }
    return ops[op - MQ_OP_LESS];
}

static enum mq_status compare_numbers(struct mq_coder *c, enum mq_op op, struct mq_operand a,
                                      struct mq_operand b, double tolerance, uint16_t *result)
{
    double slack = 0;
    MQ_TRY(mq_code_align(c, &a, &b));
    MQ_TRY(mq_code_register(c, &a));
    enum mq_op near_op = near(op, a.scale, tolerance, &slack);
    struct mq_instruction made = {.op = near_op,
                                  .a = a.at,
                                  .b = b.constant ? 0 : b.at,
                                  .constant = b.constant,
                                  .number = b.constant ? b.number : 0,
                                  .slack = near_op == op ? 0 : slack};
    MQ_TRY(mq_code_get(c, &c->truths, &made.to));
    mq_code_drop(c, &a);
    mq_code_drop(c, &b);
    *result = made.to;
    return mq_code_emit(c, made);
}

static enum mq_status compare_text(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result)
{
    bool swap = ast->left->kind == MQ_AST_TEXT;
    const struct mq_ast *text = swap ? ast->left : ast->right;
    const struct mq_ast *input = swap ? ast->right : ast->left;
    if (input->kind != MQ_AST_LOOKUP && bare(c, input) == MQ_NUMBER)
        return mq_formula_fail(text->source, text->at,
                               "a text can only be compared with a code, period or key");
    if (ast->kind != MQ_AST_EQUAL && ast->kind != MQ_AST_DIFFERENT)
        return mq_formula_fail(ast->source, ast->at, "texts are compared with == and != only");
    if (input->kind == MQ_AST_LOOKUP)
        MQ_TRY(mq_code_lookup_text(c, input, text, result));
    else
        MQ_TRY(text_equal(c, input, text, result));
    return ast->kind == MQ_AST_EQUAL ? MQ_OK : invert(c, result);
}

/* `tolerance` in natural units; codes and periods are names, so they are the same or not. */
static enum mq_status compare(struct mq_coder *c, const struct mq_ast *ast, double tolerance,
                              uint16_t *result)
{
    const struct mq_ast *left = ast->left, *right = ast->right;
    if (left->kind == MQ_AST_TEXT || right->kind == MQ_AST_TEXT)
        return compare_text(c, ast, result);
    if (bare(c, left) == MQ_KEY || bare(c, right) == MQ_KEY)
        return mq_formula_fail(ast->source, ast->at,
                               "a key can only be compared with a text in quotes");
    bool left_name = bare(c, left) != MQ_NUMBER, right_name = bare(c, right) != MQ_NUMBER;
    if (left_name && right_name)
        return mq_formula_fail(ast->source, ast->at,
                               "a code is compared with a number or a text, not with another code");
    static const enum mq_op ops[] = {MQ_OP_LESS,      MQ_OP_AT_MOST,  MQ_OP_EQUAL,
                                     MQ_OP_DIFFERENT, MQ_OP_AT_LEAST, MQ_OP_GREATER};
    struct mq_operand a = {0}, b = {0};
    MQ_TRY(mq_code_value(c, left, &a));
    MQ_TRY(mq_code_value(c, right, &b));
    return compare_numbers(c, ops[ast->kind - MQ_AST_LESS], a, b,
                           left_name || right_name ? 0 : tolerance, result);
}

static double tolerance_of(const struct mq_coder *c)
{
    return c->source->rule ? c->source->tolerance : 0;
}

/* x in (a, b) is x == a or x == b, exactly */
static enum mq_status membership(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result)
{
    bool first = true;
    for (const struct mq_ast *item = ast->right; item; item = item->next) {
        struct mq_ast equal = {.kind = MQ_AST_EQUAL,
                               .source = item->source,
                               .at = item->at,
                               .left = ast->left,
                               .right = item};
        uint16_t one = 0;
        MQ_TRY(compare(c, &equal, 0, &one));
        if (first)
            *result = one;
        else
            MQ_TRY(logic(c, MQ_OP_OR, *result, one, result));
        first = false;
    }
    return MQ_OK;
}

/* in_range(x, low, high) is x >= low and x <= high */
static enum mq_status in_range(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result)
{
    const struct mq_ast *low = ast->right, *high = low->next;
    struct mq_ast above = *ast, below = *ast;
    uint16_t second = 0;
    above.kind = MQ_AST_AT_LEAST;
    above.right = low;
    below.kind = MQ_AST_AT_MOST;
    below.right = high;
    MQ_TRY(compare(c, &above, tolerance_of(c), result));
    MQ_TRY(compare(c, &below, tolerance_of(c), &second));
    return logic(c, MQ_OP_AND, *result, second, result);
}

enum mq_status mq_code_answer(struct mq_coder *c, struct mq_instruction made, uint16_t *result)
{
    MQ_TRY(mq_code_get(c, &c->truths, &made.to));
    *result = made.to;
    return mq_code_emit(c, made);
}

/* No input of the list is missing. */
static enum mq_status complete(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result)
{
    bool first = true;
    for (const struct mq_ast *item = ast->right; item; item = item->next) {
        uint16_t one = 0;
        MQ_TRY(mq_code_answer(c, (struct mq_instruction){.op = MQ_OP_ABSENT, .input = item->input},
                              &one));
        if (first)
            *result = one;
        else
            MQ_TRY(logic(c, MQ_OP_OR, *result, one, result));
        first = false;
    }
    return invert(c, result);
}

/* A truth among the derived columns is 1 or 0. */
static enum mq_status derived(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result)
{
    struct mq_instruction made = {.op = MQ_OP_NUMBER};
    if (!mq_derived_is_truth(ast->derived))
        return mq_code_wrong(c, ast, "a condition");
    MQ_TRY(mq_code_derived(c, ast, &made.input));
    MQ_TRY(mq_code_get(c, &c->values, &made.to));
    MQ_TRY(mq_code_emit(c, made));
    struct mq_operand column = {.at = made.to, .scale = MQ_NATURAL};
    struct mq_operand one = {.constant = true, .scale = MQ_NATURAL, .number = 1};
    return compare_numbers(c, MQ_OP_EQUAL, column, one, 0, result);
}

static enum mq_status missing(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result)
{
    struct mq_instruction made = {.op = MQ_OP_ABSENT};
    if (ast->left->kind == MQ_AST_INPUT) {
        made.input = ast->left->input;
    } else if (ast->left->kind == MQ_AST_LOOKUP) {
        return mq_code_lookup_text(c, ast->left, NULL, result);
    } else {
        struct mq_operand operand = {0};
        MQ_TRY(mq_code_value(c, ast->left, &operand));
        MQ_TRY(mq_code_register(c, &operand));
        made.op = MQ_OP_NO_VALUE;
        made.constant = true; /* no second operand */
        made.a = operand.at;
        mq_code_drop(c, &operand);
    }
    MQ_TRY(mq_code_get(c, &c->truths, &made.to));
    *result = made.to;
    return mq_code_emit(c, made);
}

enum mq_status mq_code_truth(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result)
{
    uint16_t a = 0, b = 0;
    switch (ast->kind) {
    case MQ_AST_LESS:
    case MQ_AST_AT_MOST:
    case MQ_AST_EQUAL:
    case MQ_AST_DIFFERENT:
    case MQ_AST_AT_LEAST:
    case MQ_AST_GREATER:
        return compare(c, ast, tolerance_of(c), result);
    case MQ_AST_IN:
        return membership(c, ast, result);
    case MQ_AST_IN_RANGE:
        return in_range(c, ast, result);
    case MQ_AST_IN_LIST:
        return mq_code_in_list(c, ast, result);
    case MQ_AST_IN_TABLE:
        return mq_code_in_table(c, ast, result);
    case MQ_AST_COMPLETE:
        return complete(c, ast, result);
    case MQ_AST_TEST:
        return mq_code_test(c, ast, result);
    case MQ_AST_DERIVED:
        return derived(c, ast, result);
    case MQ_AST_MISSING:
        return missing(c, ast, result);
    case MQ_AST_NOT:
        MQ_TRY(mq_code_truth(c, ast->left, result));
        return invert(c, result);
    case MQ_AST_AND:
    case MQ_AST_OR:
    case MQ_AST_IMPLIES:
        MQ_TRY(mq_code_truth(c, ast->left, &a));
        if (ast->kind == MQ_AST_IMPLIES)
            MQ_TRY(invert(c, &a));
        MQ_TRY(mq_code_truth(c, ast->right, &b));
        return logic(c, ast->kind == MQ_AST_AND ? MQ_OP_AND : MQ_OP_OR, a, b, result);
    default:
        return mq_code_wrong(c, ast, "a condition");
    }
}
