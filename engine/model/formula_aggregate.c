/* An indicator: tree -> slots that the cube fills and postfix steps over them. */
#include "model/formula.h"

#include <string.h>

#include "model/wording.h"

struct builder {
    const struct mq_formula_source *source;
    struct mq_model *model;
    int mask;             /* of the slots */
    struct mq_step *step; /* NULL while counting */
    size_t count;
    size_t slots; /* of the formula, to refuse one that asks nothing of the data */
};

static enum mq_status add_mask(struct builder *b, const int *input, size_t count, int *mask)
{
    struct mq_model *model = b->model;
    for (size_t i = 0; i < model->masks; i++)
        if (model->mask[i].count == count &&
            (count == 0 || memcmp(model->mask[i].input, input, count * sizeof *input) == 0)) {
            *mask = (int)i;
            return MQ_OK;
        }
    void *array = model->mask;
    if (!mq_grow(&model->arena, &array, model->masks, sizeof *model->mask))
        return mq_fail_memory(b->source->error);
    model->mask = array;
    model->mask[model->masks] = (struct mq_mask){.count = count, .input = input};
    *mask = (int)model->masks++;
    return MQ_OK;
}

/* All inputs the formula names, ascending. */
static enum mq_status whole_mask(struct builder *b, const struct mq_ast *tree, int *mask)
{
    int *input = NULL, none;
    size_t count = 0;
    MQ_TRY(add_mask(b, NULL, 0, &none)); /* mask 0 is always the empty one */
    MQ_TRY(mq_formula_inputs(b->source, tree, &b->model->arena, &input, &count));
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && input[k - 1] > input[k]; k--) {
            int swap = input[k];
            input[k] = input[k - 1];
            input[k - 1] = swap;
        }
    return add_mask(b, input, count, mask);
}

static enum mq_status add_slot(struct builder *b, struct mq_slot slot, int *index)
{
    struct mq_model *model = b->model;
    for (size_t i = 0; i < model->slots; i++) {
        const struct mq_slot *old = &model->slot[i];
        if (old->aggregate == slot.aggregate && old->input == slot.input &&
            old->mask == slot.mask && mq_program_equal(old->value, slot.value) &&
            mq_program_equal(old->where, slot.where)) {
            *index = (int)i;
            return MQ_OK;
        }
    }
    void *array = model->slot;
    if (!mq_grow(&model->arena, &array, model->slots, sizeof *model->slot))
        return mq_fail_memory(b->source->error);
    model->slot = array;
    model->slot[model->slots] = slot;
    *index = (int)model->slots++;
    return MQ_OK;
}

static enum mq_status push(struct builder *b, struct mq_step step)
{
    if (b->step)
        b->step[b->count] = step;
    b->count++;
    return MQ_OK;
}

static enum mq_status push_slot(struct builder *b, struct mq_slot slot)
{
    int index = 0;
    slot.mask = b->mask;
    MQ_TRY(add_slot(b, slot, &index));
    b->slots++;
    return push(b, (struct mq_step){.kind = MQ_STEP_SLOT, .slot = index});
}

static enum mq_status not_addable(struct builder *b, const struct mq_ast *ast, const char *word)
{
    const struct mq_input *input = &b->source->input[ast->input];
    const char *type = input->type == MQ_KEY ? "key" : input->type == MQ_PERIOD ? "period" : "code";
    char name[MQ_QUOTED];
    return mq_formula_fail(
        b->source, ast->at,
        "%s is a %s: %s needs an amount or a number; count(%s) counts the rows that have it",
        mq_quoted(mq_text(input->id), name), type, word, name);
}

/* Fills slot->input or slot->value with what is aggregated. */
static enum mq_status argument(struct builder *b, const struct mq_ast *ast, const char *word,
                               struct mq_slot *slot)
{
    slot->input = -1;
    if (ast->kind != MQ_AST_INPUT)
        return mq_formula_compile(b->source, ast, MQ_ROLE_VALUE, word, &b->model->arena,
                                  &slot->value);
    enum mq_type type = b->source->input[ast->input].type;
    if (type != MQ_AMOUNT && type != MQ_NUMBER && strcmp(word, "count") != 0)
        return not_addable(b, ast, word);
    slot->input = ast->input;
    return MQ_OK;
}

static enum mq_status where(struct builder *b, const struct mq_ast *condition, const char *word,
                            const struct mq_program **program)
{
    if (!condition)
        return MQ_OK;
    return mq_formula_compile(b->source, condition, MQ_ROLE_CONDITION, word, &b->model->arena,
                              program);
}

static enum mq_status count(struct builder *b, const struct mq_ast *ast)
{
    struct mq_slot slot = {.aggregate = MQ_COUNT, .input = -1};
    if (ast->left && ast->left->kind != MQ_AST_INPUT)
        return mq_formula_fail(b->source, ast->left->at,
                               "count takes an input, or a condition as in count(where a > 0)");
    if (ast->left)
        slot.input = ast->left->input;
    MQ_TRY(where(b, ast->right, "count", &slot.where));
    return push_slot(b, slot);
}

/* mean(x where c) is sum(x where c) / count(x where c); of an expression, rows count where it is
 * not missing. */
static enum mq_status mean(struct builder *b, const struct mq_ast *ast)
{
    struct mq_slot sum = {.aggregate = MQ_SUM}, rows = {.aggregate = MQ_COUNT, .input = -1};
    MQ_TRY(argument(b, ast->left, "mean", &sum));
    MQ_TRY(where(b, ast->right, "mean", &sum.where));
    rows.input = sum.input;
    rows.where = sum.where;
    if (sum.value) {
        struct mq_ast missing = {
            .kind = MQ_AST_MISSING, .source = ast->source, .at = ast->at, .left = ast->left};
        struct mq_ast known = {
            .kind = MQ_AST_NOT, .source = ast->source, .at = ast->at, .left = &missing};
        struct mq_ast both = {.kind = MQ_AST_AND,
                              .source = ast->source,
                              .at = ast->at,
                              .left = &known,
                              .right = ast->right};
        MQ_TRY(where(b, ast->right ? &both : &known, "mean", &rows.where));
    }
    MQ_TRY(push_slot(b, sum));
    MQ_TRY(push_slot(b, rows));
    return push(b, (struct mq_step){.kind = MQ_STEP_DIVIDE});
}

static enum mq_status aggregate(struct builder *b, const struct mq_ast *ast)
{
    static const enum mq_aggregate of[] = {[MQ_WORD_SUM] = MQ_SUM,
                                           [MQ_WORD_MIN] = MQ_MIN,
                                           [MQ_WORD_MAX] = MQ_MAX,
                                           [MQ_WORD_MEDIAN] = MQ_MEDIAN};
    const char *word = mq_formula_word(ast->word);
    if (ast->word == MQ_WORD_COUNT)
        return count(b, ast);
    if (!ast->left)
        return mq_formula_fail(b->source, ast->at,
                               "%s needs an input or an expression in its brackets", word);
    if (ast->word == MQ_WORD_MEAN)
        return mean(b, ast);
    struct mq_slot slot = {.aggregate = of[ast->word]};
    MQ_TRY(argument(b, ast->left, word, &slot));
    MQ_TRY(where(b, ast->right, word, &slot.where));
    return push_slot(b, slot);
}

static enum mq_status steps(struct builder *b, const struct mq_ast *ast);

static enum mq_status operation(struct builder *b, const struct mq_ast *ast)
{
    static const enum mq_step_kind kinds[] = {MQ_STEP_ADD, MQ_STEP_SUBTRACT, MQ_STEP_MULTIPLY,
                                              MQ_STEP_DIVIDE};
    MQ_TRY(steps(b, ast->left));
    MQ_TRY(steps(b, ast->right));
    return push(b, (struct mq_step){.kind = kinds[ast->kind - MQ_AST_ADD]});
}

static enum mq_status constant(struct builder *b, const struct mq_ast *ast)
{
    char *text = mq_arena_string(&b->model->arena, ast->text.s, ast->text.n);
    if (!text)
        return mq_fail_memory(b->source->error);
    return push(b, (struct mq_step){.kind = MQ_STEP_CONSTANT, .constant = text});
}

static enum mq_status steps(struct builder *b, const struct mq_ast *ast)
{
    struct mq_slot sum = {.aggregate = MQ_SUM};
    switch (ast->kind) {
    case MQ_AST_NUMBER:
        return constant(b, ast);
    case MQ_AST_INPUT:
        MQ_TRY(argument(b, ast, "the sum over a unit", &sum));
        return push_slot(b, sum);
    case MQ_AST_AGGREGATE:
        return aggregate(b, ast);
    case MQ_AST_NEGATE:
        MQ_TRY(steps(b, ast->left));
        return push(b, (struct mq_step){.kind = MQ_STEP_NEGATE});
    case MQ_AST_ADD:
    case MQ_AST_SUBTRACT:
    case MQ_AST_MULTIPLY:
    case MQ_AST_DIVIDE:
        return operation(b, ast);
    case MQ_AST_TEXT:
        return mq_formula_fail(b->source, ast->at, "a text stands where a number is expected");
    case MQ_AST_ABS:
        return mq_formula_fail(b->source, ast->at, "abs speaks of one row; write sum(abs(...))");
    case MQ_AST_LOOKUP:
        return mq_formula_fail(b->source, ast->at,
                               "a look-up speaks of one row; write sum(...) around it");
    case MQ_AST_DERIVED:
        return mq_formula_fail(b->source, ast->at,
                               "%s asks about other rows; only the check of a rule may, not scope, "
                               "where or an indicator",
                               mq_formula_derived_word(ast->derived));
    default:
        return mq_formula_fail(
            b->source, ast->at,
            "a condition stands where a number is expected; conditions belong behind "
            "where: count(where a > 0)");
    }
}

/* Two passes over the same tree: count, then fill. */
static enum mq_status build(struct builder *b, const struct mq_ast *ast, struct mq_steps *result)
{
    b->step = NULL;
    b->count = 0;
    MQ_TRY(steps(b, ast));
    b->step = mq_arena_array(&b->model->arena, b->count, sizeof *b->step);
    if (!b->step)
        return mq_fail_memory(b->source->error);
    b->count = 0;
    MQ_TRY(steps(b, ast));
    *result = (struct mq_steps){.count = b->count, .step = b->step};
    return MQ_OK;
}

static bool is_constant(const struct mq_ast *ast)
{
    for (; ast; ast = ast->right) {
        if (ast->kind == MQ_AST_INPUT || ast->kind == MQ_AST_AGGREGATE)
            return false;
        if (ast->left && !is_constant(ast->left))
            return false;
    }
    return true;
}

/* Without constant factors: 100 * a and a / 2 are a. */
static const struct mq_ast *bare(const struct mq_ast *ast)
{
    for (;;) {
        bool times = ast->kind == MQ_AST_MULTIPLY, over = ast->kind == MQ_AST_DIVIDE;
        if ((times || over) && is_constant(ast->right) && !is_constant(ast->left))
            ast = ast->left;
        else if (times && is_constant(ast->left) && !is_constant(ast->right))
            ast = ast->right;
        else
            return ast;
    }
}

enum mq_status mq_formula_indicator(const struct mq_formula_source *source,
                                    const struct mq_ast *tree, struct mq_model *model,
                                    struct mq_node *node)
{
    struct builder b = {.source = source, .model = model};
    struct mq_formula *formula = &node->formula;
    MQ_TRY(whole_mask(&b, tree, &formula->coverage_mask));
    b.mask = node->missing == MQ_COMPLETE ? formula->coverage_mask : 0;
    MQ_TRY(build(&b, tree, &formula->value));
    if (b.slots == 0)
        return mq_formula_fail(
            source, 0, "the formula names no input: its value would be the same everywhere");
    const struct mq_ast *quotient = bare(tree);
    if (quotient->kind == MQ_AST_DIVIDE) {
        MQ_TRY(build(&b, bare(quotient->left), &formula->numerator));
        MQ_TRY(build(&b, bare(quotient->right), &formula->denominator));
    } else if (quotient->kind == MQ_AST_AGGREGATE && quotient->word == MQ_WORD_MEAN) {
        struct mq_steps whole = {0};
        MQ_TRY(build(&b, quotient, &whole));
        formula->numerator = (struct mq_steps){1, whole.step};
        formula->denominator = (struct mq_steps){1, whole.step + 1};
    }
    return MQ_OK;
}
