/* The parser inside formula_parse.c, formula_primary.c and formula_function.c. */
#ifndef MQ_MODEL_FORMULA_PARSER_H
#define MQ_MODEL_FORMULA_PARSER_H

#include "model/formula.h"
#include "model/wording.h"

struct mq_parser {
    const struct mq_formula_source *source;
    struct mq_token token;
    int nesting;
    enum mq_status status;
    int *definitions; /* used so far, over all texts of the formula */
    /* of a definition's text: */
    const struct mq_definition *definition;
    const struct mq_parser *outer;
};
typedef const struct mq_ast *(*mq_parse_fn)(struct mq_parser *);

/* ---- formula_parse.c. After a failure all of these do nothing and give NULL or false. ---- */

bool mq_parse_is(const struct mq_parser *p, enum mq_token_kind kind);
void mq_parse_advance(struct mq_parser *p);
bool mq_parse_take(struct mq_parser *p, enum mq_token_kind kind);
void mq_parse_expect(struct mq_parser *p, enum mq_token_kind kind, const char *wanted);
const struct mq_ast *mq_parse_unexpected(struct mq_parser *p, const char *wanted);
const struct mq_ast *mq_parse_fail(struct mq_parser *p, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A node of the arena. */
const struct mq_ast *mq_parse_make(struct mq_parser *p, struct mq_ast ast);
const struct mq_ast *mq_parse_condition(struct mq_parser *p);
/* Puts a copy of `item` at the end of a list; false after a failure. */
struct mq_ast_list {
    struct mq_ast *first, *last;
    size_t count;
};
bool mq_parse_append(struct mq_parser *p, struct mq_ast_list *list, const struct mq_ast *item);

/* ---- formula_primary.c ---- */

const struct mq_ast *mq_parse_primary(struct mq_parser *p);
/* The name of a code list behind `in`. */
const struct mq_ast *mq_parse_in_list(struct mq_parser *p, const struct mq_ast *left, size_t at);

/* ---- formula_function.c ---- */

/* A call; the bracket behind the name is the current token. */
const struct mq_ast *mq_parse_function(struct mq_parser *p, struct mq_token name);
/* left ~ b + c, the sign being the current token. */
const struct mq_ast *mq_parse_determines(struct mq_parser *p, const struct mq_ast *left,
                                         mq_parse_fn sum);

#endif
