/* Calls: which functions there are and what stands in their brackets. */
#include "model/formula_parser.h"

#include <stdint.h>

static const char *const aggregate_words[] = {"sum", "count", "mean", "min", "max", "median"};
enum { AGGREGATES = sizeof aggregate_words / sizeof *aggregate_words };

const char *mq_formula_word(enum mq_aggregate_word word)
{
    return aggregate_words[word];
}

/* ---- the functions with arguments between commas ---- */

struct function {
    const char *name;
    const struct mq_ast *(*make)(struct mq_parser *p, const struct function *function,
                                 struct mq_token name, struct mq_ast_list arguments);
    int kind;           /* enum mq_derived_kind or enum mq_text_test_kind */
    size_t least, most; /* arguments */
    const char *usage;
    bool where; /* may have a condition on rows */
};

/* All arguments from `item` on must be inputs. */
static bool inputs_only(struct mq_parser *p, const struct mq_ast *item,
                        const struct function *function)
{
    for (; item; item = item->next)
        if (item->kind != MQ_AST_INPUT) {
            p->status = mq_formula_fail(item->source, item->at, "an input stands here: %s",
                                        function->usage);
            return false;
        }
    return true;
}

/* sum_by(x, a, b), count_by(a), is_unique(a, b) */
static const struct mq_ast *derived(struct mq_parser *p, const struct function *function,
                                    struct mq_token name, struct mq_ast_list arguments)
{
    enum mq_derived_kind kind = (enum mq_derived_kind)function->kind;
    struct mq_ast *value = kind <= MQ_MEDIAN_BY ? arguments.first : NULL;
    const struct mq_ast *by = value ? value->next : arguments.first;
    if (value)
        value->next = NULL;
    if (!inputs_only(p, by, function))
        return NULL;
    return mq_parse_make(
        p, (struct mq_ast){
               .kind = MQ_AST_DERIVED, .derived = kind, .at = name.at, .left = value, .right = by});
}

/* hierarchy(x, label, a, b), part_whole(x, label, "whole", a, b) */
static const struct mq_ast *relation(struct mq_parser *p, const struct function *function,
                                     struct mq_token name, struct mq_ast_list arguments)
{
    enum mq_derived_kind kind = (enum mq_derived_kind)function->kind;
    struct mq_ast *value = arguments.first;
    const struct mq_ast *item = value->next;
    const struct mq_ast *whole = kind == MQ_PART_WHOLE ? item->next : NULL;
    struct mq_ast_list inputs = {0};
    if (whole && (whole->kind != MQ_AST_TEXT || whole->text.n == 0))
        return mq_parse_fail(p, whole->at, "the label of the whole stands here in quotes: %s",
                             function->usage);
    for (; item; item = item->next)
        if (item != whole && !mq_parse_append(p, &inputs, item))
            return NULL;
    value->next = NULL;
    if (!inputs_only(p, inputs.first, function))
        return NULL;
    return mq_parse_make(p, (struct mq_ast){.kind = MQ_AST_DERIVED,
                                            .derived = kind,
                                            .at = name.at,
                                            .text = whole ? whole->text : (struct mq_text){0},
                                            .left = value,
                                            .right = inputs.first});
}

static const struct mq_ast *is_complete(struct mq_parser *p, const struct function *function,
                                        struct mq_token name, struct mq_ast_list arguments)
{
    if (!inputs_only(p, arguments.first, function))
        return NULL;
    return mq_parse_make(
        p, (struct mq_ast){.kind = MQ_AST_COMPLETE, .at = name.at, .right = arguments.first});
}

static const struct mq_ast *in_range(struct mq_parser *p, const struct function *function,
                                     struct mq_token name, struct mq_ast_list arguments)
{
    struct mq_ast *x = arguments.first;
    const struct mq_ast *low = x->next;
    (void)function;
    x->next = NULL;
    return mq_parse_make(
        p, (struct mq_ast){.kind = MQ_AST_IN_RANGE, .at = name.at, .left = x, .right = low});
}

/* matches(x, "regex"), is_uscc(x) */
static const struct mq_ast *text_test(struct mq_parser *p, const struct function *function,
                                      struct mq_token name, struct mq_ast_list arguments)
{
    struct mq_ast *x = arguments.first;
    const struct mq_ast *pattern = x->next;
    x->next = NULL;
    if (!inputs_only(p, x, function))
        return NULL;
    if (pattern && pattern->kind != MQ_AST_TEXT)
        return mq_parse_fail(p, pattern->at, "a pattern in quotes stands here: %s",
                             function->usage);
    return mq_parse_make(p, (struct mq_ast){.kind = MQ_AST_TEST,
                                            .test = (enum mq_text_test_kind)function->kind,
                                            .at = name.at,
                                            .left = x,
                                            .right = pattern});
}

static const struct function functions[] = {
    {"sum_by", derived, MQ_SUM_BY, 1, SIZE_MAX, "sum_by(x, a, b)", true},
    {"mean_by", derived, MQ_MEAN_BY, 1, SIZE_MAX, "mean_by(x, a, b)", true},
    {"min_by", derived, MQ_MIN_BY, 1, SIZE_MAX, "min_by(x, a, b)", true},
    {"max_by", derived, MQ_MAX_BY, 1, SIZE_MAX, "max_by(x, a, b)", true},
    {"median_by", derived, MQ_MEDIAN_BY, 1, SIZE_MAX, "median_by(x, a, b)", true},
    {"count_by", derived, MQ_COUNT_BY, 0, SIZE_MAX, "count_by(a, b)", true},
    {"is_unique", derived, MQ_IS_UNIQUE, 1, SIZE_MAX, "is_unique(a, b)", false},
    {"all_complete", derived, MQ_ALL_COMPLETE, 1, SIZE_MAX, "all_complete(a, b)", false},
    {"determines", derived, MQ_DETERMINES, 2, SIZE_MAX, "determines(a, b, c)", false},
    {"hierarchy", relation, MQ_HIERARCHY, 2, SIZE_MAX, "hierarchy(x, label, a, b)", false},
    {"part_whole", relation, MQ_PART_WHOLE, 3, SIZE_MAX, "part_whole(x, label, \"whole\", a, b)",
     false},
    {"is_complete", is_complete, 0, 1, SIZE_MAX, "is_complete(a, b)", false},
    {"in_range", in_range, 0, 3, 3, "in_range(x, low, high)", false},
    {"matches", text_test, MQ_MATCHES, 2, 2, "matches(x, \"pattern\")", false},
    {"is_uscc", text_test, MQ_IS_USCC, 1, 1, "is_uscc(x)", false},
    {"is_organisation_code", text_test, MQ_IS_ORGANISATION_CODE, 1, 1, "is_organisation_code(x)",
     false},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

const char *mq_formula_derived_word(enum mq_derived_kind kind)
{
    return kind == MQ_EARLIER ? "an earlier period" : functions[kind].name;
}

bool mq_derived_is_truth(enum mq_derived_kind kind)
{
    return kind >= MQ_IS_UNIQUE && kind <= MQ_PART_WHOLE;
}

bool mq_derived_has_label(enum mq_derived_kind kind)
{
    return kind == MQ_HIERARCHY || kind == MQ_PART_WHOLE;
}

/* in_table(persons) */
static const struct mq_ast *in_table(struct mq_parser *p, struct mq_token call)
{
    const struct mq_model *model = p->source->model;
    struct mq_token name = p->token;
    char quoted[MQ_QUOTED];
    mq_parse_expect(p, MQ_TOKEN_NAME, "a table of the model");
    mq_parse_expect(p, MQ_TOKEN_CLOSE, "\")\"");
    for (size_t i = 0; p->status == MQ_OK && model && i < model->lookups; i++) {
        if (!mq_text_is(name.text, model->lookup[i].id))
            continue;
        const struct mq_ast *key = mq_parse_make(
            p,
            (struct mq_ast){.kind = MQ_AST_INPUT, .at = name.at, .input = model->lookup[i].input});
        return mq_parse_make(
            p,
            (struct mq_ast){.kind = MQ_AST_IN_TABLE, .at = call.at, .table = (int)i, .left = key});
    }
    return mq_parse_fail(p, name.at, "no table is called \"%s\"; the model names them under tables",
                         mq_quoted(name.text, quoted));
}

static const struct mq_ast *unknown_function(struct mq_parser *p, struct mq_token name)
{
    const char *known[AGGREGATES + FUNCTIONS + 3] = {"missing", "abs", "in_table"};
    char quoted[MQ_QUOTED], hint[MQ_HINT] = "";
    size_t count = 3;
    for (size_t i = 0; i < AGGREGATES; i++)
        known[count++] = aggregate_words[i];
    for (size_t i = 0; i < FUNCTIONS; i++)
        known[count++] = functions[i].name;
    const char *text = mq_arena_string(p->source->arena, name.text.s, name.text.n);
    if (text)
        mq_hint(text, known, count, "functions", hint);
    return mq_parse_fail(p, name.at, "no function is called \"%s\"%s", mq_quoted(name.text, quoted),
                         hint);
}

static const struct mq_ast *call(struct mq_parser *p, const struct function *function,
                                 struct mq_token name)
{
    struct mq_ast_list arguments = {0};
    const struct mq_ast *where = NULL;
    if (!mq_parse_is(p, MQ_TOKEN_CLOSE) && !mq_parse_is(p, MQ_TOKEN_WHERE))
        do {
            if (!mq_parse_append(p, &arguments, mq_parse_condition(p)))
                return NULL;
        } while (mq_parse_take(p, MQ_TOKEN_COMMA));
    if (mq_parse_is(p, MQ_TOKEN_WHERE) && !function->where)
        return mq_parse_fail(p, p->token.at, "%s takes no where; it is written %s", function->name,
                             function->usage);
    if (mq_parse_take(p, MQ_TOKEN_WHERE))
        where = mq_parse_condition(p);
    mq_parse_expect(p, MQ_TOKEN_CLOSE, "\",\" or \")\"");
    if (p->status != MQ_OK)
        return NULL;
    if (arguments.count < function->least || arguments.count > function->most)
        return mq_parse_fail(p, name.at, "%s has %zu in its brackets; it is written %s",
                             function->name, arguments.count, function->usage);
    const struct mq_ast *made = function->make(p, function, name, arguments);
    if (!made || !where)
        return made;
    struct mq_ast with = *made;
    with.where = where;
    return mq_parse_make(p, with);
}

/* name "(" [condition] ["where" condition] ")" */
static const struct mq_ast *aggregate(struct mq_parser *p, struct mq_ast made)
{
    bool rows = made.kind == MQ_AST_AGGREGATE;
    if (!rows || (!mq_parse_is(p, MQ_TOKEN_CLOSE) && !mq_parse_is(p, MQ_TOKEN_WHERE)))
        made.left = mq_parse_condition(p);
    if (rows && mq_parse_take(p, MQ_TOKEN_WHERE))
        made.right = mq_parse_condition(p);
    mq_parse_expect(p, MQ_TOKEN_CLOSE, "\")\"");
    return mq_parse_make(p, made);
}

const struct mq_ast *mq_parse_function(struct mq_parser *p, struct mq_token name)
{
    mq_parse_advance(p);
    for (size_t i = 0; i < AGGREGATES; i++)
        if (mq_text_is(name.text, aggregate_words[i]))
            return aggregate(p, (struct mq_ast){.kind = MQ_AST_AGGREGATE,
                                                .word = (enum mq_aggregate_word)i,
                                                .at = name.at});
    if (mq_text_is(name.text, "missing"))
        return aggregate(p, (struct mq_ast){.kind = MQ_AST_MISSING, .at = name.at});
    if (mq_text_is(name.text, "abs"))
        return aggregate(p, (struct mq_ast){.kind = MQ_AST_ABS, .at = name.at});
    if (mq_text_is(name.text, "in_table"))
        return in_table(p, name);
    for (size_t i = 0; i < FUNCTIONS; i++)
        if (mq_text_is(name.text, functions[i].name))
            return call(p, &functions[i], name);
    return unknown_function(p, name);
}

/* ---- a ~ b + c ---- */

/* The inputs of a sum, in order. */
static bool take_sum(struct mq_parser *p, const struct mq_ast *sum, struct mq_ast_list *inputs)
{
    if (sum && sum->kind == MQ_AST_ADD)
        return take_sum(p, sum->left, inputs) && take_sum(p, sum->right, inputs);
    if (sum && sum->kind == MQ_AST_INPUT)
        return mq_parse_append(p, inputs, sum);
    if (sum)
        p->status = mq_formula_fail(sum->source, sum->at,
                                    "what one input determines is written a ~ b + c, with inputs "
                                    "only");
    return false;
}

const struct mq_ast *mq_parse_determines(struct mq_parser *p, const struct mq_ast *left,
                                         mq_parse_fn sum)
{
    struct mq_ast_list inputs = {0};
    size_t at = p->token.at;
    mq_parse_advance(p);
    if (left && left->kind == MQ_AST_ADD)
        return mq_parse_fail(p, left->at, "one input stands before ~, as in a ~ b + c");
    const struct mq_ast *right = sum(p);
    if (!left || !right || !take_sum(p, left, &inputs) || !take_sum(p, right, &inputs))
        return NULL;
    return mq_parse_make(
        p, (struct mq_ast){
               .kind = MQ_AST_DERIVED, .derived = MQ_DETERMINES, .at = at, .right = inputs.first});
}
