/* The code maker inside formula_compile.c, formula_truth.c and formula_column.c. */
#ifndef MQ_MODEL_FORMULA_CODER_H
#define MQ_MODEL_FORMULA_CODER_H

#include "model/formula.h"
#include "model/wording.h"

enum { MQ_NATURAL = -1, MQ_REGISTERS = 256 };

/* A value while compiling: a constant or a register. */
struct mq_operand {
    bool constant;
    uint16_t at;   /* register */
    int scale;     /* decimals, or MQ_NATURAL */
    double number; /* of a constant, scaled */
};

/* Registers in use and the most that ever were. */
struct mq_registers {
    bool used[MQ_REGISTERS];
    uint16_t most;
};

struct mq_coder {
    const struct mq_formula_source *source;
    const char *inside;
    struct mq_arena *arena;
    struct mq_instruction *code;
    size_t count, capacity;
    struct mq_registers values, truths;
};

/* ---- formula_compile.c ---- */

enum mq_status mq_code_get(struct mq_coder *c, struct mq_registers *registers, uint16_t *at);
void mq_code_drop(struct mq_coder *c, const struct mq_operand *operand);
enum mq_status mq_code_emit(struct mq_coder *c, struct mq_instruction instruction);
enum mq_status mq_code_register(struct mq_coder *c, struct mq_operand *operand);
/* Both natural if one is, else both at the larger scale. */
enum mq_status mq_code_align(struct mq_coder *c, struct mq_operand *a, struct mq_operand *b);
/* value * 10^digits, 0 <= digits <= 18 */
double mq_code_scaled(double value, int digits);
enum mq_status mq_code_value(struct mq_coder *c, const struct mq_ast *ast,
                             struct mq_operand *result);
enum mq_status mq_code_wrong(struct mq_coder *c, const struct mq_ast *ast, const char *wanted);

/* ---- formula_truth.c ---- */

enum mq_status mq_code_truth(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result);
/* An instruction that makes a truth from columns alone. */
enum mq_status mq_code_answer(struct mq_coder *c, struct mq_instruction made, uint16_t *result);

/* ---- formula_column.c ---- */

/* The column a derived value is loaded from, as the number of an input. */
enum mq_status mq_code_derived(struct mq_coder *c, const struct mq_ast *ast, int *input);
enum mq_status mq_code_test(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result);
/* Instructions that look up numbers, compare texts (`text`) or ask what is missing (NULL). */
enum mq_status mq_code_lookup(struct mq_coder *c, const struct mq_ast *ast,
                              struct mq_instruction *made);
enum mq_status mq_code_lookup_text(struct mq_coder *c, const struct mq_ast *ast,
                                   const struct mq_ast *text, uint16_t *result);
enum mq_status mq_code_in_table(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result);
enum mq_status mq_code_in_list(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result);

#endif
