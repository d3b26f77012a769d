/* Inputs, rows and compiling for tests of formulas. */
#ifndef MQ_TEST_FORMULA_FIXTURE_H
#define MQ_TEST_FORMULA_FIXTURE_H

#include "model/formula.h"

#include "support.h"

enum { USCI, YEAR, SIZE, SALES, COST, RATE, EXPORTS, INPUTS };

static const struct mq_input formula_inputs[INPUTS] = {
    {.id = "usci", .type = MQ_KEY, .list = -1},
    {.id = "year", .type = MQ_PERIOD, .list = -1},
    {.id = "size", .type = MQ_CODE, .list = -1},
    {.id = "sales", .type = MQ_AMOUNT, .decimals = 2, .list = -1},
    {.id = "cost", .type = MQ_AMOUNT, .list = -1},
    {.id = "rate", .type = MQ_NUMBER, .list = -1},
    {.id = "出口", .type = MQ_AMOUNT, .list = -1},
};

/* One compiled text; its arena dies with formula_clear. */
struct formula {
    struct mq_arena arena;
    const struct mq_program *program;
    struct mq_error error;
    enum mq_status status;
};

static inline struct formula formula_compile(const char *text, enum mq_formula_role role)
{
    struct formula made = {0};
    struct mq_formula_source source = {.text = mq_text(text),
                                       .input = formula_inputs,
                                       .inputs = INPUTS,
                                       .arena = &made.arena,
                                       .error = &made.error};
    const struct mq_ast *tree;
    made.status = mq_formula_parse(&source, &tree);
    if (made.status == MQ_OK)
        made.status = mq_formula_compile(&source, tree, role, NULL, &made.arena, &made.program);
    return made;
}

static inline void formula_clear(struct formula *formula)
{
    mq_arena_clear(&formula->arena);
}

/* Rows as columns; capacity is fixed. */
enum { MAX_ROWS = 3000 };
struct rows {
    size_t count;
    struct mq_column column[INPUTS];
    uint8_t state[INPUTS][MAX_ROWS];
    int64_t amount[INPUTS][MAX_ROWS];
    double number[MAX_ROWS];
    uint32_t code[INPUTS][MAX_ROWS];
    uint64_t key[MAX_ROWS];
    struct mq_dict *dict[INPUTS];
};

static inline struct rows *rows_new(size_t count)
{
    struct rows *rows = calloc(1, sizeof *rows);
    assert_non_null(rows);
    rows->count = count;
    for (int i = 0; i < INPUTS; i++) {
        if (i == YEAR || i == SIZE)
            assert_int_equal(mq_dict_new(&rows->dict[i], NULL), MQ_OK);
        memset(rows->state[i], MQ_MISSING, MAX_ROWS);
        rows->column[i] = (struct mq_column){.type = formula_inputs[i].type,
                                             .decimals = formula_inputs[i].decimals,
                                             .state = rows->state[i],
                                             .amount = rows->amount[i],
                                             .number = rows->number,
                                             .code = rows->code[i],
                                             .key = rows->key,
                                             .dict = rows->dict[i]};
    }
    return rows;
}

static inline void rows_free(struct rows *rows)
{
    for (int i = 0; i < INPUTS; i++)
        mq_dict_free(rows->dict[i]);
    free(rows);
}

/* Text of a cell as in a file, NULL: missing. */
static inline void put(struct rows *rows, size_t row, int input, const char *text)
{
    rows->state[input][row] = text ? MQ_PRESENT : MQ_MISSING;
    if (!text)
        return;
    size_t length = strlen(text);
    if (formula_inputs[input].type == MQ_AMOUNT)
        assert_int_equal(mq_decimal_parse(text, length, formula_inputs[input].decimals,
                                          &rows->amount[input][row]),
                         MQ_NUMBER_OK);
    else if (input == RATE)
        assert_int_equal(mq_real_parse(text, length, &rows->number[row]), MQ_NUMBER_OK);
    else if (input == USCI)
        rows->key[row] = mq_hash64(text, length, 0);
    else
        rows->code[input][row] = mq_dict_intern(rows->dict[input], mq_text(text));
}

#endif
