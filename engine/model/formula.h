/*
 * The formula language inside this room: text -> tree -> program, or -> slots and steps.
 *
 *   condition  := "if" "(" condition ")" condition | 若 condition 则 condition | either
 *   either     := both {"or" both}                 both := negated {"and" negated}
 *   negated    := "not" negated | comparison
 *   comparison := sum [("<" | "<=" | "==" | "=" | "!=" | ">=" | ">") sum] | sum ["not"] "in" "("
 * literal, ... ")" sum        := product {("+" | "-") product}    product := sign {("*" | "/")
 * sign} sign       := ["-" | "+"] sign | primary primary    := number | "text" | 'text' | input |
 * name "(" [condition] ["where" condition] ")" | "(" condition ")"
 */
#ifndef MQ_MODEL_FORMULA_H
#define MQ_MODEL_FORMULA_H

#include "model/yaml_tree.h"

/* A formula and where it stands. */
struct mq_formula_source {
    struct mq_text text;
    const struct mq_yaml_file *file;
    const struct mq_yaml *scalar; /* NULL: the formula is the whole file */
    const struct mq_input *input;
    size_t inputs;
    struct mq_arena *arena; /* of trees; may die after compiling */
    struct mq_error *error;
};
/* formula_fail.c: MQ_BAD_MODEL at byte `offset` of the formula. */
enum mq_status mq_formula_fail(const struct mq_formula_source *source, size_t offset,
                               const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- formula_lex.c ---- */

enum mq_token_kind {
    MQ_TOKEN_END,
    MQ_TOKEN_NUMBER,
    MQ_TOKEN_TEXT,
    MQ_TOKEN_NAME,
    MQ_TOKEN_OR,
    MQ_TOKEN_AND,
    MQ_TOKEN_NOT,
    MQ_TOKEN_IF,
    MQ_TOKEN_WHEN,
    MQ_TOKEN_THEN,
    MQ_TOKEN_IN,
    MQ_TOKEN_WHERE,
    MQ_TOKEN_OPEN,
    MQ_TOKEN_CLOSE,
    MQ_TOKEN_COMMA,
    MQ_TOKEN_ADD,
    MQ_TOKEN_SUBTRACT,
    MQ_TOKEN_MULTIPLY,
    MQ_TOKEN_DIVIDE,
    MQ_TOKEN_LESS,
    MQ_TOKEN_AT_MOST,
    MQ_TOKEN_EQUAL,
    MQ_TOKEN_DIFFERENT,
    MQ_TOKEN_AT_LEAST,
    MQ_TOKEN_GREATER
};
struct mq_token {
    enum mq_token_kind kind;
    size_t at, end;      /* bytes of the formula */
    struct mq_text text; /* NUMBER: half-width digits; TEXT: without quotes; NAME: as written */
};
/* The token that starts at or after byte `from`. */
enum mq_status mq_formula_token(const struct mq_formula_source *source, size_t from,
                                struct mq_token *token);
/* May `text` name an input: letters, Chinese characters, digits, "_" and "."; no word of the
 * language. */
bool mq_formula_name(struct mq_text text);
int mq_formula_input(const struct mq_formula_source *source,
                     struct mq_text name); /* -1 if unknown */

/* ---- formula_parse.c ---- */

enum mq_ast_kind {
    MQ_AST_NUMBER,
    MQ_AST_TEXT,
    MQ_AST_INPUT,
    MQ_AST_NEGATE,
    MQ_AST_ABS,
    MQ_AST_ADD,
    MQ_AST_SUBTRACT,
    MQ_AST_MULTIPLY,
    MQ_AST_DIVIDE,
    MQ_AST_LESS,
    MQ_AST_AT_MOST,
    MQ_AST_EQUAL,
    MQ_AST_DIFFERENT,
    MQ_AST_AT_LEAST,
    MQ_AST_GREATER,
    MQ_AST_IN,
    MQ_AST_AND,
    MQ_AST_OR,
    MQ_AST_NOT,
    MQ_AST_IMPLIES,
    MQ_AST_MISSING,
    MQ_AST_AGGREGATE
};
enum mq_aggregate_word {
    MQ_WORD_SUM,
    MQ_WORD_COUNT,
    MQ_WORD_MEAN,
    MQ_WORD_MIN,
    MQ_WORD_MAX,
    MQ_WORD_MEDIAN
};

struct mq_ast {
    enum mq_ast_kind kind;
    enum mq_aggregate_word word; /* AGGREGATE */
    size_t at;                   /* byte of the token that speaks for it */
    int depth;
    int input;                  /* INPUT */
    struct mq_text text;        /* NUMBER, TEXT */
    const struct mq_ast *left;  /* the only child; AGGREGATE: argument or NULL */
    const struct mq_ast *right; /* IN: first literal; AGGREGATE: condition after `where`, or NULL */
    const struct mq_ast *next;  /* literal after this one */
};
enum mq_status mq_formula_parse(const struct mq_formula_source *source, const struct mq_ast **tree);
/* Inputs named, each once, in order of first appearance; [source->inputs] at most. */
enum mq_status mq_formula_inputs(const struct mq_formula_source *source, const struct mq_ast *tree,
                                 struct mq_arena *arena, int **input, size_t *count);
const char *mq_formula_word(enum mq_aggregate_word word);

/* ---- formula_compile.c: one row ---- */

/* What a tree about one row must be. */
enum mq_formula_role { MQ_ROLE_CONDITION, MQ_ROLE_VALUE };
/* Type errors are MQ_BAD_MODEL at the operand; `inside` is the aggregate around the tree, or NULL.
 * The program lives in `arena`. */
enum mq_status mq_formula_compile(const struct mq_formula_source *source, const struct mq_ast *tree,
                                  enum mq_formula_role role, const char *inside,
                                  struct mq_arena *arena, const struct mq_program **program);
bool mq_program_equal(const struct mq_program *a,
                      const struct mq_program *b); /* NULL equals NULL only */

/* ---- formula_aggregate.c: an indicator ---- */

/* Fills node->formula but its text, adding slots and masks to the model as needed. node->missing is
 * read. */
enum mq_status mq_formula_indicator(const struct mq_formula_source *source,
                                    const struct mq_ast *tree, struct mq_model *model,
                                    struct mq_node *node);

/* ---- formula_run.c: what a program is made of ---- */

enum mq_op {
    MQ_OP_FILL,
    MQ_OP_AMOUNT,
    MQ_OP_NUMBER,
    MQ_OP_CODE,
    MQ_OP_ADD,
    MQ_OP_SUBTRACT,
    MQ_OP_MULTIPLY,
    MQ_OP_DIVIDE,
    MQ_OP_ABS,
    MQ_OP_LESS,
    MQ_OP_AT_MOST,
    MQ_OP_EQUAL,
    MQ_OP_DIFFERENT,
    MQ_OP_AT_LEAST,
    MQ_OP_GREATER,
    MQ_OP_CODE_IS,
    MQ_OP_KEY_IS,
    MQ_OP_AND,
    MQ_OP_OR,
    MQ_OP_NOT,
    MQ_OP_ABSENT,
    MQ_OP_NO_VALUE,
    MQ_OPS
};
/* to = a (op) b; registers of values and of truths are numbered apart. */
struct mq_instruction {
    enum mq_op op;
    uint16_t to, a, b;
    bool constant; /* b is `number` */
    int input;     /* AMOUNT, NUMBER, CODE, CODE_IS, KEY_IS, ABSENT */
    double number;
    uint64_t hash;       /* KEY_IS */
    struct mq_text text; /* CODE_IS */
};
struct mq_program {
    const struct mq_instruction *code;
    size_t count;
    enum mq_formula_role role;
    uint16_t result;         /* register */
    uint16_t values, truths; /* registers used */
};

#endif
