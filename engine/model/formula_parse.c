/* The grammar of operators, conditions and comparisons. */
#include "model/formula_parser.h"

enum { MAX_NESTING = 200, MAX_DEPTH = 1000, MAX_TEXT = 1 << 16 };

static bool ok(const struct mq_parser *p)
{
    return p->status == MQ_OK;
}

bool mq_parse_is(const struct mq_parser *p, enum mq_token_kind kind)
{
    return ok(p) && p->token.kind == kind;
}

void mq_parse_advance(struct mq_parser *p)
{
    if (ok(p))
        p->status = mq_formula_token(p->source, p->token.end, &p->token);
}

bool mq_parse_take(struct mq_parser *p, enum mq_token_kind kind)
{
    if (!mq_parse_is(p, kind))
        return false;
    mq_parse_advance(p);
    return true;
}

const struct mq_ast *mq_parse_unexpected(struct mq_parser *p, const char *wanted)
{
    if (!ok(p))
        return NULL;
    char found[MQ_QUOTED];
    struct mq_text text = {p->source->text.s + p->token.at, p->token.end - p->token.at};
    if (p->token.kind == MQ_TOKEN_END)
        p->status = mq_formula_fail(p->source, p->token.at, "the formula ends where %s is expected",
                                    wanted);
    else
        p->status = mq_formula_fail(p->source, p->token.at, "\"%s\" stands where %s is expected",
                                    mq_quoted(text, found), wanted);
    return NULL;
}

void mq_parse_expect(struct mq_parser *p, enum mq_token_kind kind, const char *wanted)
{
    if (!mq_parse_take(p, kind))
        mq_parse_unexpected(p, wanted);
}

const struct mq_ast *mq_parse_make(struct mq_parser *p, struct mq_ast ast)
{
    if (!ok(p))
        return NULL;
    int left = ast.left ? ast.left->depth : 0, right = ast.right ? ast.right->depth : 0;
    int where = ast.where ? ast.where->depth : 0, deepest = left > right ? left : right;
    ast.depth = 1 + (deepest > where ? deepest : where);
    ast.source = p->source;
    if (ast.depth > MAX_DEPTH) {
        p->status =
            mq_formula_fail(p->source, ast.at, "more than %d operations in a row", MAX_DEPTH);
        return NULL;
    }
    struct mq_ast *made = mq_arena_alloc(p->source->arena, sizeof *made);
    if (!made) {
        p->status = mq_fail_memory(p->source->error);
        return NULL;
    }
    *made = ast;
    return made;
}

/* All recursion of the grammar passes here, so this is where nesting is counted. */
static const struct mq_ast *nested(struct mq_parser *p, mq_parse_fn inner)
{
    if (++p->nesting > MAX_NESTING && ok(p))
        p->status = mq_formula_fail(p->source, p->token.at, "nested too deeply");
    const struct mq_ast *ast = ok(p) ? inner(p) : NULL;
    p->nesting--;
    return ast;
}

const struct mq_ast *mq_parse_fail(struct mq_parser *p, size_t at, const char *format, ...)
{
    char message[sizeof p->source->error->message];
    va_list arguments;
    if (!ok(p))
        return NULL;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    p->status = mq_formula_fail(p->source, at, "%s", message);
    return NULL;
}

static const struct mq_ast *sign(struct mq_parser *p)
{
    size_t at = p->token.at;
    if (mq_parse_take(p, MQ_TOKEN_ADD))
        return nested(p, sign);
    if (!mq_parse_take(p, MQ_TOKEN_SUBTRACT))
        return nested(p, mq_parse_primary);
    const struct mq_ast *inner = nested(p, sign);
    return mq_parse_make(p, (struct mq_ast){.kind = MQ_AST_NEGATE, .at = at, .left = inner});
}

/* Token and tree of a left-associative operator. */
struct binary {
    enum mq_token_kind token;
    enum mq_ast_kind ast;
};

static const struct mq_ast *chain(struct mq_parser *p, mq_parse_fn operand, struct binary one,
                                  struct binary other)
{
    const struct mq_ast *left = operand(p);
    while (mq_parse_is(p, one.token) || mq_parse_is(p, other.token)) {
        struct binary which = mq_parse_is(p, one.token) ? one : other;
        size_t at = p->token.at;
        mq_parse_advance(p);
        const struct mq_ast *right = operand(p);
        left = mq_parse_make(
            p, (struct mq_ast){.kind = which.ast, .at = at, .left = left, .right = right});
    }
    return left;
}

static const struct mq_ast *product(struct mq_parser *p)
{
    return chain(p, sign, (struct binary){MQ_TOKEN_MULTIPLY, MQ_AST_MULTIPLY},
                 (struct binary){MQ_TOKEN_DIVIDE, MQ_AST_DIVIDE});
}

static const struct mq_ast *sum(struct mq_parser *p)
{
    return chain(p, product, (struct binary){MQ_TOKEN_ADD, MQ_AST_ADD},
                 (struct binary){MQ_TOKEN_SUBTRACT, MQ_AST_SUBTRACT});
}

static const struct mq_ast *literal(struct mq_parser *p)
{
    struct mq_token token = p->token;
    bool minus = mq_parse_take(p, MQ_TOKEN_SUBTRACT);
    struct mq_ast ast = {.kind = mq_parse_is(p, MQ_TOKEN_TEXT) ? MQ_AST_TEXT : MQ_AST_NUMBER,
                         .at = token.at,
                         .text = p->token.text};
    if (!mq_parse_is(p, MQ_TOKEN_NUMBER) && (minus || !mq_parse_is(p, MQ_TOKEN_TEXT)))
        return mq_parse_unexpected(p, "a number or a text in quotes");
    if (minus) {
        const char *text = mq_arena_format(p->source->arena, "-%s", p->token.text.s);
        if (!text)
            p->status = mq_fail_memory(p->source->error);
        else
            ast.text = mq_text(text);
    }
    mq_parse_advance(p);
    return mq_parse_make(p, ast);
}

bool mq_parse_append(struct mq_parser *p, struct mq_ast_list *list, const struct mq_ast *item)
{
    struct mq_ast *copy = item ? mq_arena_copy(p->source->arena, item, sizeof *item) : NULL;
    if (item && !copy)
        p->status = mq_fail_memory(p->source->error);
    if (!copy || !ok(p))
        return false;
    copy->next = NULL;
    if (list->last)
        list->last->next = copy;
    else
        list->first = copy;
    list->last = copy;
    list->count++;
    return true;
}

/* "(" literal, ... ")" or a code list behind `in` */
static const struct mq_ast *membership(struct mq_parser *p, const struct mq_ast *left, size_t at)
{
    struct mq_ast_list list = {0};
    if (mq_parse_is(p, MQ_TOKEN_NAME))
        return mq_parse_in_list(p, left, at);
    mq_parse_expect(p, MQ_TOKEN_OPEN, "\"(\"");
    do {
        if (!mq_parse_append(p, &list, literal(p)))
            return NULL;
    } while (mq_parse_take(p, MQ_TOKEN_COMMA));
    mq_parse_expect(p, MQ_TOKEN_CLOSE, "\",\" or \")\"");
    return mq_parse_make(
        p, (struct mq_ast){.kind = MQ_AST_IN, .at = at, .left = left, .right = list.first});
}

static bool compares(const struct mq_parser *p)
{
    return ok(p) && p->token.kind >= MQ_TOKEN_LESS && p->token.kind <= MQ_TOKEN_GREATER;
}

static const struct mq_ast *comparison(struct mq_parser *p)
{
    const struct mq_ast *left = sum(p);
    struct mq_token token = p->token;
    if (mq_parse_take(p, MQ_TOKEN_IN))
        return membership(p, left, token.at);
    if (mq_parse_is(p, MQ_TOKEN_DETERMINES))
        return mq_parse_determines(p, left, sum);
    if (mq_parse_take(p, MQ_TOKEN_NOT)) {
        mq_parse_expect(p, MQ_TOKEN_IN, "\"in\"");
        const struct mq_ast *inside = membership(p, left, token.at);
        return mq_parse_make(p,
                             (struct mq_ast){.kind = MQ_AST_NOT, .at = token.at, .left = inside});
    }
    if (!compares(p))
        return left;
    mq_parse_advance(p);
    const struct mq_ast *right = sum(p);
    if (compares(p))
        return mq_parse_unexpected(p, "the end of a comparison (write a < b and b < c)");
    return mq_parse_make(p, (struct mq_ast){.kind = MQ_AST_LESS + (token.kind - MQ_TOKEN_LESS),
                                            .at = token.at,
                                            .left = left,
                                            .right = right});
}

static const struct mq_ast *negated(struct mq_parser *p)
{
    size_t at = p->token.at;
    if (!mq_parse_take(p, MQ_TOKEN_NOT))
        return nested(p, comparison);
    const struct mq_ast *inner = nested(p, negated);
    return mq_parse_make(p, (struct mq_ast){.kind = MQ_AST_NOT, .at = at, .left = inner});
}

static const struct mq_ast *both(struct mq_parser *p)
{
    struct binary op = {MQ_TOKEN_AND, MQ_AST_AND};
    return chain(p, negated, op, op);
}

/* if (A) B, if (A) then B; 若 A 则 B, 如果 A，那么 B */
static const struct mq_ast *implication(struct mq_parser *p)
{
    size_t at = p->token.at;
    bool brackets = mq_parse_is(p, MQ_TOKEN_IF);
    mq_parse_advance(p);
    if (brackets)
        mq_parse_expect(p, MQ_TOKEN_OPEN, "\"(\"");
    const struct mq_ast *when = nested(p, mq_parse_condition);
    if (brackets) {
        mq_parse_expect(p, MQ_TOKEN_CLOSE, "\")\"");
        mq_parse_take(p, MQ_TOKEN_THEN);
    } else {
        mq_parse_take(p, MQ_TOKEN_COMMA);
        mq_parse_expect(p, MQ_TOKEN_THEN, "\"则\"");
    }
    const struct mq_ast *then = nested(p, mq_parse_condition);
    return mq_parse_make(
        p, (struct mq_ast){.kind = MQ_AST_IMPLIES, .at = at, .left = when, .right = then});
}

const struct mq_ast *mq_parse_condition(struct mq_parser *p)
{
    if (mq_parse_is(p, MQ_TOKEN_IF) || mq_parse_is(p, MQ_TOKEN_WHEN))
        return implication(p);
    struct binary op = {MQ_TOKEN_OR, MQ_AST_OR};
    return chain(p, both, op, op);
}

enum mq_status mq_formula_parse(const struct mq_formula_source *source, const struct mq_ast **tree)
{
    if (source->text.n > MAX_TEXT)
        return mq_formula_fail(source, 0, "a formula of more than 64 KiB");
    if (mq_utf8_valid(source->text.s, source->text.n) < source->text.n)
        return mq_formula_fail(source, 0, "the formula is not UTF-8");
    int definitions = 0;
    struct mq_parser parser = {.source = source, .definitions = &definitions};
    mq_parse_advance(&parser);
    const struct mq_ast *made = mq_parse_condition(&parser);
    if (ok(&parser) && parser.token.kind != MQ_TOKEN_END)
        mq_parse_unexpected(&parser, "an operator or the end");
    if (ok(&parser))
        *tree = made;
    return parser.status;
}

static void mark(const struct mq_ast *ast, bool *seen, int *input, size_t *count)
{
    for (; ast; ast = ast->next) {
        if (ast->kind == MQ_AST_INPUT && !seen[ast->input]) {
            seen[ast->input] = true;
            input[(*count)++] = ast->input;
        }
        mark(ast->left, seen, input, count);
        mark(ast->right, seen, input, count);
        mark(ast->where, seen, input, count);
    }
}

enum mq_status mq_formula_inputs(const struct mq_formula_source *source, const struct mq_ast *tree,
                                 struct mq_arena *arena, int **input, size_t *count)
{
    bool *seen = mq_arena_array(source->arena, source->inputs + 1, sizeof *seen);
    *input = mq_arena_array(arena, source->inputs + 1, sizeof **input);
    *count = 0;
    if (!seen || !*input)
        return mq_fail_memory(source->error);
    mark(tree, seen, *input, count);
    return MQ_OK;
}
