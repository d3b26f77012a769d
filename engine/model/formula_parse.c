#include "model/formula.h"

#include <string.h>

#include "model/wording.h"

enum { MAX_NESTING = 200, MAX_DEPTH = 1000, MAX_TEXT = 1 << 16 };

struct parser {
    const struct mq_formula_source *source;
    struct mq_token token;
    int nesting;
    enum mq_status status;
};

typedef const struct mq_ast *(*parse_fn)(struct parser *);
static const struct mq_ast *condition(struct parser *p);
static const struct mq_ast *sign(struct parser *p);

static const char *const aggregate_words[] = {"sum", "count", "mean", "min", "max", "median"};
enum { AGGREGATES = sizeof aggregate_words / sizeof *aggregate_words };

const char *mq_formula_word(enum mq_aggregate_word word)
{
    return aggregate_words[word];
}

static bool ok(const struct parser *p)
{
    return p->status == MQ_OK;
}

static bool is(const struct parser *p, enum mq_token_kind kind)
{
    return ok(p) && p->token.kind == kind;
}

static void advance(struct parser *p)
{
    if (ok(p))
        p->status = mq_formula_token(p->source, p->token.end, &p->token);
}

static bool take(struct parser *p, enum mq_token_kind kind)
{
    if (!is(p, kind))
        return false;
    advance(p);
    return true;
}

static const struct mq_ast *unexpected(struct parser *p, const char *wanted)
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

static void expect(struct parser *p, enum mq_token_kind kind, const char *wanted)
{
    if (!take(p, kind))
        unexpected(p, wanted);
}

static const struct mq_ast *make(struct parser *p, struct mq_ast ast)
{
    if (!ok(p))
        return NULL;
    int left = ast.left ? ast.left->depth : 0, right = ast.right ? ast.right->depth : 0;
    ast.depth = 1 + (left > right ? left : right);
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

/* ids -> array of texts for suggestions; NULL (no suggestion) if out of memory */
static const char *unknown_name(struct parser *p, const char *name, char hint[MQ_HINT])
{
    const struct mq_formula_source *source = p->source;
    const char **known = mq_arena_array(source->arena, source->inputs + 1, sizeof *known);
    hint[0] = '\0';
    if (!known)
        return hint;
    for (size_t i = 0; i < source->inputs; i++)
        known[i] = source->input[i].id;
    return mq_hint(name, known, source->inputs, "inputs", hint);
}

static const struct mq_ast *input(struct parser *p, struct mq_token name)
{
    int found = mq_formula_input(p->source, name.text);
    if (found >= 0)
        return make(p, (struct mq_ast){.kind = MQ_AST_INPUT, .at = name.at, .input = found});
    char quoted[MQ_QUOTED], hint[MQ_HINT];
    const char *text = mq_arena_string(p->source->arena, name.text.s, name.text.n);
    p->status =
        mq_formula_fail(p->source, name.at, "no input is called \"%s\"%s",
                        mq_quoted(name.text, quoted), text ? unknown_name(p, text, hint) : "");
    return NULL;
}

static const struct mq_ast *unknown_function(struct parser *p, struct mq_token name)
{
    static const char *const known[] = {"sum", "count",  "mean",    "min",
                                        "max", "median", "missing", "abs"};
    char quoted[MQ_QUOTED], hint[MQ_HINT] = "";
    const char *text = mq_arena_string(p->source->arena, name.text.s, name.text.n);
    if (text)
        mq_hint(text, known, sizeof known / sizeof *known, "functions", hint);
    p->status = mq_formula_fail(p->source, name.at, "no function is called \"%s\"%s",
                                mq_quoted(name.text, quoted), hint);
    return NULL;
}

/* name "(" [condition] ["where" condition] ")", the bracket being the current token */
static const struct mq_ast *function(struct parser *p, struct mq_token name)
{
    struct mq_ast call = {.kind = MQ_AST_AGGREGATE, .at = name.at};
    size_t word = 0;
    while (word < AGGREGATES && !mq_text_is(name.text, aggregate_words[word]))
        word++;
    if (word < AGGREGATES)
        call.word = (enum mq_aggregate_word)word;
    else if (mq_text_is(name.text, "missing"))
        call.kind = MQ_AST_MISSING;
    else if (mq_text_is(name.text, "abs"))
        call.kind = MQ_AST_ABS;
    else
        return unknown_function(p, name);
    bool aggregate = call.kind == MQ_AST_AGGREGATE;
    advance(p);
    if (!aggregate || (!is(p, MQ_TOKEN_CLOSE) && !is(p, MQ_TOKEN_WHERE)))
        call.left = condition(p);
    if (aggregate && take(p, MQ_TOKEN_WHERE))
        call.right = condition(p);
    expect(p, MQ_TOKEN_CLOSE, "\")\"");
    return make(p, call);
}

static const struct mq_ast *bracket(struct parser *p)
{
    advance(p);
    const struct mq_ast *inner = condition(p);
    expect(p, MQ_TOKEN_CLOSE, "\")\"");
    return ok(p) ? inner : NULL;
}

static const struct mq_ast *primary(struct parser *p)
{
    struct mq_token token = p->token;
    if (is(p, MQ_TOKEN_OPEN))
        return bracket(p);
    if (take(p, MQ_TOKEN_NUMBER))
        return make(p, (struct mq_ast){.kind = MQ_AST_NUMBER, .at = token.at, .text = token.text});
    if (take(p, MQ_TOKEN_TEXT))
        return make(p, (struct mq_ast){.kind = MQ_AST_TEXT, .at = token.at, .text = token.text});
    if (take(p, MQ_TOKEN_NAME))
        return is(p, MQ_TOKEN_OPEN) ? function(p, token) : ok(p) ? input(p, token) : NULL;
    if (is(p, MQ_TOKEN_WHERE))
        return unexpected(p, "a value (where belongs inside sum(...) or count(...))");
    if (is(p, MQ_TOKEN_IF) || is(p, MQ_TOKEN_WHEN))
        return unexpected(p, "a value (put an if inside a formula in brackets)");
    return unexpected(p, "a value");
}

/* All recursion of the grammar passes here, so this is where nesting is counted. */
static const struct mq_ast *nested(struct parser *p, parse_fn inner)
{
    if (++p->nesting > MAX_NESTING && ok(p))
        p->status = mq_formula_fail(p->source, p->token.at, "nested too deeply");
    const struct mq_ast *ast = ok(p) ? inner(p) : NULL;
    p->nesting--;
    return ast;
}

static const struct mq_ast *sign(struct parser *p)
{
    size_t at = p->token.at;
    if (take(p, MQ_TOKEN_ADD))
        return nested(p, sign);
    if (!take(p, MQ_TOKEN_SUBTRACT))
        return nested(p, primary);
    const struct mq_ast *inner = nested(p, sign);
    return make(p, (struct mq_ast){.kind = MQ_AST_NEGATE, .at = at, .left = inner});
}

/* Token and tree of a left-associative operator. */
struct binary {
    enum mq_token_kind token;
    enum mq_ast_kind ast;
};

static const struct mq_ast *chain(struct parser *p, parse_fn operand, struct binary one,
                                  struct binary other)
{
    const struct mq_ast *left = operand(p);
    while (is(p, one.token) || is(p, other.token)) {
        struct binary which = is(p, one.token) ? one : other;
        size_t at = p->token.at;
        advance(p);
        const struct mq_ast *right = operand(p);
        left = make(p, (struct mq_ast){.kind = which.ast, .at = at, .left = left, .right = right});
    }
    return left;
}

static const struct mq_ast *product(struct parser *p)
{
    return chain(p, sign, (struct binary){MQ_TOKEN_MULTIPLY, MQ_AST_MULTIPLY},
                 (struct binary){MQ_TOKEN_DIVIDE, MQ_AST_DIVIDE});
}

static const struct mq_ast *sum(struct parser *p)
{
    return chain(p, product, (struct binary){MQ_TOKEN_ADD, MQ_AST_ADD},
                 (struct binary){MQ_TOKEN_SUBTRACT, MQ_AST_SUBTRACT});
}

static const struct mq_ast *literal(struct parser *p)
{
    struct mq_token token = p->token;
    bool minus = take(p, MQ_TOKEN_SUBTRACT);
    struct mq_ast ast = {.kind = is(p, MQ_TOKEN_TEXT) ? MQ_AST_TEXT : MQ_AST_NUMBER,
                         .at = token.at,
                         .text = p->token.text};
    if (!is(p, MQ_TOKEN_NUMBER) && (minus || !is(p, MQ_TOKEN_TEXT)))
        return unexpected(p, "a number or a text in quotes");
    if (minus) {
        const char *text = mq_arena_format(p->source->arena, "-%s", p->token.text.s);
        if (!text)
            p->status = mq_fail_memory(p->source->error);
        else
            ast.text = mq_text(text);
    }
    advance(p);
    return make(p, ast);
}

/* "(" literal, ... ")" behind `in` */
static const struct mq_ast *membership(struct parser *p, const struct mq_ast *left, size_t at)
{
    struct mq_ast *last = NULL;
    const struct mq_ast *first = NULL;
    expect(p, MQ_TOKEN_OPEN, "\"(\"");
    do {
        const struct mq_ast *made = literal(p);
        struct mq_ast *item = made ? mq_arena_copy(p->source->arena, made, sizeof *made) : NULL;
        if (made && !item)
            p->status = mq_fail_memory(p->source->error);
        if (!item)
            return NULL;
        if (last)
            last->next = item;
        else
            first = item;
        last = item;
    } while (take(p, MQ_TOKEN_COMMA));
    expect(p, MQ_TOKEN_CLOSE, "\",\" or \")\"");
    return make(p, (struct mq_ast){.kind = MQ_AST_IN, .at = at, .left = left, .right = first});
}

static bool compares(const struct parser *p)
{
    return ok(p) && p->token.kind >= MQ_TOKEN_LESS && p->token.kind <= MQ_TOKEN_GREATER;
}

static const struct mq_ast *comparison(struct parser *p)
{
    const struct mq_ast *left = sum(p);
    struct mq_token token = p->token;
    if (take(p, MQ_TOKEN_IN))
        return membership(p, left, token.at);
    if (take(p, MQ_TOKEN_NOT)) {
        expect(p, MQ_TOKEN_IN, "\"in\"");
        const struct mq_ast *inside = membership(p, left, token.at);
        return make(p, (struct mq_ast){.kind = MQ_AST_NOT, .at = token.at, .left = inside});
    }
    if (!compares(p))
        return left;
    advance(p);
    const struct mq_ast *right = sum(p);
    if (compares(p))
        return unexpected(p, "the end of a comparison (write a < b and b < c)");
    return make(p, (struct mq_ast){.kind = MQ_AST_LESS + (token.kind - MQ_TOKEN_LESS),
                                   .at = token.at,
                                   .left = left,
                                   .right = right});
}

static const struct mq_ast *negated(struct parser *p)
{
    size_t at = p->token.at;
    if (!take(p, MQ_TOKEN_NOT))
        return nested(p, comparison);
    const struct mq_ast *inner = nested(p, negated);
    return make(p, (struct mq_ast){.kind = MQ_AST_NOT, .at = at, .left = inner});
}

static const struct mq_ast *both(struct parser *p)
{
    struct binary op = {MQ_TOKEN_AND, MQ_AST_AND};
    return chain(p, negated, op, op);
}

/* if (A) B, if (A) then B; 若 A 则 B, 如果 A，那么 B */
static const struct mq_ast *implication(struct parser *p)
{
    size_t at = p->token.at;
    bool brackets = is(p, MQ_TOKEN_IF);
    advance(p);
    if (brackets)
        expect(p, MQ_TOKEN_OPEN, "\"(\"");
    const struct mq_ast *when = nested(p, condition);
    if (brackets) {
        expect(p, MQ_TOKEN_CLOSE, "\")\"");
        take(p, MQ_TOKEN_THEN);
    } else {
        take(p, MQ_TOKEN_COMMA);
        expect(p, MQ_TOKEN_THEN, "\"则\"");
    }
    const struct mq_ast *then = nested(p, condition);
    return make(p, (struct mq_ast){.kind = MQ_AST_IMPLIES, .at = at, .left = when, .right = then});
}

static const struct mq_ast *condition(struct parser *p)
{
    if (is(p, MQ_TOKEN_IF) || is(p, MQ_TOKEN_WHEN))
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
    struct parser parser = {.source = source};
    advance(&parser);
    const struct mq_ast *made = condition(&parser);
    if (ok(&parser) && parser.token.kind != MQ_TOKEN_END)
        unexpected(&parser, "an operator or the end");
    if (ok(&parser))
        *tree = made;
    return parser.status;
}

static void mark(const struct mq_ast *ast, bool *seen, int *input, size_t *count)
{
    for (; ast; ast = ast->right) {
        if (ast->kind == MQ_AST_INPUT && !seen[ast->input]) {
            seen[ast->input] = true;
            input[(*count)++] = ast->input;
        }
        mark(ast->left, seen, input, count);
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
