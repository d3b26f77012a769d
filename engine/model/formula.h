/*
 * The formula language inside this room: text -> tree -> program, or -> slots and steps.
 *
 *   condition  := "if" "(" condition ")" ["then"] condition
 *               | 若 condition [","] 则 condition
 *               | either
 *   either     := both {"or" both}
 *   both       := negated {"and" negated}
 *   negated    := "not" negated | comparison
 *   comparison := sum [("<" | "<=" | "==" | "=" | "!=" | ">=" | ">") sum]
 *               | sum ["not"] "in" ("(" literal {"," literal} ")" | code list)
 *               | input "~" input {"+" input}
 *   sum        := product {("+" | "-") product}
 *   product    := sign {("*" | "/") sign}
 *   sign       := ["-" | "+"] sign | primary
 *   primary    := number | "text" | 'text' | cell ["[" "-" number "]"]
 *               | definition | table "." column | call | "(" condition ")"
 *   cell       := input | group | row "行" | row "栏" | "[" row "]"
 *   call       := name "(" [condition {"," condition}] ["where" condition] ")"
 *               | aggregate "(" [condition] ["where" condition] ")"
 *
 * The functions are in formula_function.c; sum_by, mean_by, min_by, max_by, median_by and count_by
 * alone may have a condition behind `where`. Without inputs to group by, sum_by(x) and count_by()
 * speak of one group of all rows. A definition stands for its text in brackets, a group for one of
 * its inputs at a time.
 */
#ifndef MQ_MODEL_FORMULA_H
#define MQ_MODEL_FORMULA_H

#include "model/yaml_tree.h"

/* Names of the model file or of a rule file, besides inputs. */
struct mq_definition {
    const char *name;
    const struct mq_yaml *scalar;
};
struct mq_group {
    const char *name;
    size_t count;
    const int *input;
};
struct mq_names {
    const struct mq_yaml_file *file;
    const struct mq_definition *definition;
    size_t definitions;
    const struct mq_group *group;
    size_t groups;
    const struct mq_names *outer; /* of the model, for those of a rule file */
};

/* A formula and where it stands. */
struct mq_formula_source {
    struct mq_text text;
    const struct mq_yaml_file *file;
    const struct mq_yaml *scalar; /* NULL: the formula is the whole file */
    const struct mq_input *input;
    size_t inputs;
    struct mq_arena *arena; /* of trees; may die after compiling */
    struct mq_error *error;
    struct mq_model *model; /* takes text tests and derived columns, has lists and tables; NULL:
                               none of these may be used */
    const struct mq_names *names; /* may be NULL */
    int member;                   /* a group means its input of this number; -1: no group may be
                                     named */
    bool rule;                    /* derived columns may be used and comparisons have a tolerance */
    double tolerance;             /* in natural units */
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
    MQ_TOKEN_LEFT,
    MQ_TOKEN_RIGHT,
    MQ_TOKEN_ROW,
    MQ_TOKEN_DETERMINES,
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
    struct mq_text text; /* NUMBER: half-width digits; TEXT: without quotes; NAME: as written; ROW:
                            of a form, half-width */
};
/* The token that starts at or after byte `from`. */
enum mq_status mq_formula_token(const struct mq_formula_source *source, size_t from,
                                struct mq_token *token);
/* The row in square brackets that starts at byte `from`, as a token. */
enum mq_status mq_formula_row(const struct mq_formula_source *source, size_t from,
                              struct mq_token *token);
/* May `text` name an input: letters, Chinese characters, digits, "_" and "."; no word of the
 * language. */
bool mq_formula_name(struct mq_text text);
int mq_formula_input(const struct mq_formula_source *source,
                     struct mq_text name); /* -1 if unknown */

/* formula_fail.c: room for one more in an array of the arena, whose capacities are the powers of
 * two; false if out of memory. */
bool mq_grow(struct mq_arena *arena, void **array, size_t count, size_t size);

/* ---- formula_names.c ---- */

/* Name `i` that a formula may use: inputs, definitions, groups, tables, code lists; NULL at the
 * end. */
const char *mq_formula_known(const struct mq_formula_source *source, size_t i);
/* NULL if unknown; `home` are the names among which it was found. */
const struct mq_definition *mq_formula_definition(const struct mq_names *names, struct mq_text name,
                                                  const struct mq_names **home);
const struct mq_group *mq_formula_find_group(const struct mq_names *names, struct mq_text name);
/* The group the formula names, NULL if none; two different ones are an error. A formula that cannot
 * be read has none: parsing will say why. */
enum mq_status mq_formula_group(const struct mq_formula_source *source,
                                const struct mq_group **group);
/* The source of a definition's text; lives in the arena of trees. NULL if out of memory. */
const struct mq_formula_source *mq_formula_inner(const struct mq_formula_source *source,
                                                 const struct mq_definition *definition,
                                                 const struct mq_names *home);
/* The text with the group's input, and if `definitions` also with definitions in brackets, so that
 * it says the same without these names. At most 64 KiB. */
enum mq_status mq_formula_expand(const struct mq_formula_source *source, bool definitions,
                                 struct mq_buffer *text);

/* ---- formula_parse.c ---- */

enum mq_ast_kind {
    MQ_AST_NUMBER,
    MQ_AST_TEXT,
    MQ_AST_INPUT,
    MQ_AST_LOOKUP,
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
    MQ_AST_IN_RANGE,
    MQ_AST_COMPLETE,
    MQ_AST_AND,
    MQ_AST_OR,
    MQ_AST_NOT,
    MQ_AST_IMPLIES,
    MQ_AST_MISSING,
    MQ_AST_TEST,
    MQ_AST_IN_TABLE,
    MQ_AST_IN_LIST,
    MQ_AST_DERIVED,
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
    enum mq_aggregate_word word;            /* AGGREGATE */
    enum mq_derived_kind derived;           /* DERIVED */
    enum mq_text_test_kind test;            /* TEST */
    const struct mq_formula_source *source; /* the formula, or the definition it is written in */
    size_t at;                              /* byte of the token that speaks for it */
    int depth;
    int input;           /* INPUT */
    int table;           /* LOOKUP, IN_TABLE: model->lookup; IN_LIST: model->list */
    int back;            /* DERIVED by MQ_EARLIER */
    struct mq_text text; /* NUMBER, TEXT; LOOKUP: column; DERIVED by MQ_PART_WHOLE: the whole */
    /* the only child; AGGREGATE, DERIVED: argument or NULL; TEST: input; LOOKUP, IN_TABLE: input
     * that says which row */
    const struct mq_ast *left;
    /* IN: first literal; IN_RANGE: low, then high; COMPLETE: first input; AGGREGATE: condition
     * after `where`, or NULL; DERIVED: label if the kind has one, then inputs of `by`; TEST:
     * pattern */
    const struct mq_ast *right;
    const struct mq_ast *where; /* DERIVED: condition, or NULL */
    const struct mq_ast *next;  /* literal or input after this one */
};
enum mq_status mq_formula_parse(const struct mq_formula_source *source, const struct mq_ast **tree);
/* Inputs named, each once, in order of first appearance; [source->inputs] at most. */
enum mq_status mq_formula_inputs(const struct mq_formula_source *source, const struct mq_ast *tree,
                                 struct mq_arena *arena, int **input, size_t *count);
const char *mq_formula_word(enum mq_aggregate_word word);

/* ---- formula_function.c ---- */

const char *mq_formula_derived_word(enum mq_derived_kind kind); /* "sum_by" */
bool mq_derived_is_truth(enum mq_derived_kind kind);
bool mq_derived_has_label(enum mq_derived_kind kind);

/* ---- formula_compile.c, formula_truth.c, formula_column.c: one row ---- */

/* What a tree about one row must be. */
enum mq_formula_role { MQ_ROLE_CONDITION, MQ_ROLE_VALUE };
/* Type errors are MQ_BAD_MODEL at the operand; `inside` is the aggregate around the tree, or NULL.
 * The program lives in `arena`. */
enum mq_status mq_formula_compile(const struct mq_formula_source *source, const struct mq_ast *tree,
                                  enum mq_formula_role role, const char *inside,
                                  struct mq_arena *arena, const struct mq_program **program);
bool mq_program_equal(const struct mq_program *a,
                      const struct mq_program *b); /* NULL equals NULL only */

/* ---- formula_linear.c ---- */

/* The linear comparisons that a compiled condition consists of; none if it is something else.
 * They live in `arena`. */
enum mq_status mq_formula_linear(const struct mq_formula_source *source, const struct mq_ast *tree,
                                 struct mq_arena *arena, struct mq_rule *rule);

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
    MQ_OP_NEAR_AT_MOST, /* within `slack` */
    MQ_OP_NEAR_EQUAL,
    MQ_OP_NEAR_DIFFERENT,
    MQ_OP_NEAR_AT_LEAST,
    MQ_OP_TEST,
    MQ_OP_LOOKUP,
    MQ_OP_LOOKUP_TRUTH,
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
    int input;     /* AMOUNT, NUMBER, CODE, CODE_IS, KEY_IS, ABSENT, TEST, LOOKUP... */
    double number, slack;
    uint64_t hash;       /* KEY_IS; TEST: the bit; LOOKUP...: what is asked, for mq_program_equal */
    struct mq_text text; /* CODE_IS; LOOKUP_TRUTH: likewise */
    const struct mq_key_rows *rows; /* LOOKUP, LOOKUP_TRUTH */
    const double *numbers;          /* LOOKUP: by row of the table */
    const uint8_t *answers;         /* LOOKUP_TRUTH: enum mq_truth by row, NULL: all true; a is
                                       the answer where the key is not there, b where it is
                                       missing */
};
/* Hashed keys of a table: open addressing, at most half full. */
struct mq_key_rows {
    size_t mask;    /* capacity - 1 */
    uint64_t *hash; /* mq_hash64(text, 0) */
    uint32_t *row;  /* MQ_NO_CODE: free */
};
/* formula_lookup.c. NULL if out of memory. */
struct mq_key_rows *mq_key_rows_new(struct mq_arena *arena, size_t count);
/* The row of the key, or of an equal one added before. */
uint32_t mq_key_rows_add(struct mq_key_rows *rows, uint64_t hash, uint32_t row);
uint32_t mq_key_rows_find(const struct mq_key_rows *rows, uint64_t hash); /* MQ_NO_CODE */
struct mq_program {
    const struct mq_instruction *code;
    size_t count;
    enum mq_formula_role role;
    uint16_t result;         /* register */
    uint16_t values, truths; /* registers used */
};

#endif
