/* Conditions that are linear comparisons of amounts and numbers: left - right is taken apart into
 * coefficients and what stands alone. Anything else is simply not linear, never an error. */
#include "model/formula.h"

#include <math.h>

struct sum {
    const struct mq_formula_source *source;
    double *coefficient; /* [source->inputs] */
    double alone;
};

/* The value of a tree without inputs; false if it is none. */
static bool constant(const struct mq_ast *ast, double *value)
{
    double left, right;
    switch (ast->kind) {
    case MQ_AST_NUMBER:
        return mq_real_parse(ast->text.s, ast->text.n, value) == MQ_NUMBER_OK;
    case MQ_AST_NEGATE:
        if (!constant(ast->left, &left))
            return false;
        *value = -left;
        return true;
    case MQ_AST_ADD:
    case MQ_AST_SUBTRACT:
    case MQ_AST_MULTIPLY:
    case MQ_AST_DIVIDE:
        if (!constant(ast->left, &left) || !constant(ast->right, &right))
            return false;
        *value = ast->kind == MQ_AST_ADD        ? left + right
                 : ast->kind == MQ_AST_SUBTRACT ? left - right
                 : ast->kind == MQ_AST_MULTIPLY ? left * right
                                                : left / right;
        return isfinite(*value);
    default:
        return false;
    }
}

/* Adds factor * tree; false if the tree is not linear. */
static bool add(struct sum *sum, const struct mq_ast *ast, double factor)
{
    double number;
    enum mq_type type;
    switch (ast->kind) {
    case MQ_AST_INPUT:
        type = sum->source->input[ast->input].type;
        sum->coefficient[ast->input] += factor;
        return type == MQ_AMOUNT || type == MQ_NUMBER;
    case MQ_AST_NEGATE:
        return add(sum, ast->left, -factor);
    case MQ_AST_ADD:
    case MQ_AST_SUBTRACT:
        return add(sum, ast->left, factor) &&
               add(sum, ast->right, ast->kind == MQ_AST_ADD ? factor : -factor);
    case MQ_AST_MULTIPLY:
        if (constant(ast->left, &number))
            return add(sum, ast->right, factor * number);
        return constant(ast->right, &number) && add(sum, ast->left, factor * number);
    case MQ_AST_DIVIDE:
        return constant(ast->right, &number) && number != 0 && add(sum, ast->left, factor / number);
    default:
        if (!constant(ast, &number))
            return false;
        sum->alone += factor * number;
        return true;
    }
}

static bool operator_of(enum mq_ast_kind kind, enum mq_linear_operator *compare)
{
    switch (kind) {
    case MQ_AST_LESS:
        *compare = MQ_LINEAR_LESS;
        return true;
    case MQ_AST_AT_MOST:
        *compare = MQ_LINEAR_AT_MOST;
        return true;
    case MQ_AST_EQUAL:
        *compare = MQ_LINEAR_EQUAL;
        return true;
    case MQ_AST_AT_LEAST:
        *compare = MQ_LINEAR_AT_LEAST;
        return true;
    case MQ_AST_GREATER:
        *compare = MQ_LINEAR_GREATER;
        return true;
    default:
        return false;
    }
}

/* Comparisons of a tree of `and`; 0 if there is anything else in it. */
static size_t comparisons(const struct mq_ast *ast)
{
    enum mq_linear_operator compare;
    if (ast->kind != MQ_AST_AND)
        return operator_of(ast->kind, &compare);
    size_t left = comparisons(ast->left), right = comparisons(ast->right);
    return left && right ? left + right : 0;
}

/* The sum without the inputs that cancelled out. `linear` stays empty if none is left, or if a
 * number grew beyond all bounds. */
static enum mq_status keep(const struct sum *sum, struct mq_arena *arena, struct mq_linear *linear)
{
    size_t inputs = sum->source->inputs, count = 0;
    bool finite = isfinite(sum->alone);
    for (size_t i = 0; i < inputs; i++) {
        finite = finite && isfinite(sum->coefficient[i]);
        count += sum->coefficient[i] != 0;
    }
    if (!finite || count == 0)
        return MQ_OK;
    int *input = mq_arena_array(arena, count, sizeof *input);
    double *coefficient = mq_arena_array(arena, count, sizeof *coefficient);
    if (!input || !coefficient)
        return mq_fail_memory(sum->source->error);
    for (size_t i = 0; i < inputs; i++) {
        if (sum->coefficient[i] == 0)
            continue;
        input[linear->count] = (int)i;
        coefficient[linear->count++] = sum->coefficient[i];
    }
    linear->input = input;
    linear->coefficient = coefficient;
    linear->constant = 0 - sum->alone; /* not -0 */
    return MQ_OK;
}

/* Fills made[*count], ... from a tree of `and`; stops with an empty one where it is not linear. */
static enum mq_status collect(const struct mq_formula_source *source, const struct mq_ast *ast,
                              struct mq_arena *arena, struct mq_linear *made, size_t *count)
{
    if (ast->kind == MQ_AST_AND) {
        MQ_TRY(collect(source, ast->left, arena, made, count));
        return collect(source, ast->right, arena, made, count);
    }
    struct sum sum = {.source = source};
    sum.coefficient = mq_arena_array(source->arena, source->inputs + 1, sizeof *sum.coefficient);
    if (!sum.coefficient)
        return mq_fail_memory(source->error);
    struct mq_linear *linear = &made[(*count)++];
    (void)operator_of(ast->kind, &linear->compare);
    return add(&sum, ast->left, 1) && add(&sum, ast->right, -1) ? keep(&sum, arena, linear) : MQ_OK;
}

enum mq_status mq_formula_linear(const struct mq_formula_source *source, const struct mq_ast *tree,
                                 struct mq_arena *arena, struct mq_rule *rule)
{
    size_t most = comparisons(tree), count = 0;
    if (most == 0)
        return MQ_OK;
    struct mq_linear *made = mq_arena_array(arena, most, sizeof *made);
    if (!made)
        return mq_fail_memory(source->error);
    MQ_TRY(collect(source, tree, arena, made, &count));
    for (size_t i = 0; i < count; i++)
        if (made[i].count == 0)
            return MQ_OK;
    rule->linear = made;
    rule->linears = count;
    return MQ_OK;
}
