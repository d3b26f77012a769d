/* Columns that formulas bring about: derived ones, tests of texts, look-ups in tables. */
#include <math.h>
#include <string.h>

#include "model/formula_coder.h"

enum { MAX_TESTS = 32 };

/* ---- derived columns ---- */

static enum mq_status may_derive(struct mq_coder *c, const struct mq_ast *ast)
{
    const char *word = mq_formula_derived_word(ast->derived);
    const struct mq_model *model = c->source->model;
    if (c->inside && c->source->rule)
        return mq_formula_fail(ast->source, ast->at,
                               "%s inside %s: what is asked of other rows cannot hold another such "
                               "question",
                               word, c->inside);
    if (!c->source->rule || !model)
        return mq_formula_fail(ast->source, ast->at,
                               "%s asks about other rows; only the check of a rule may, not scope, "
                               "where or an indicator",
                               word);
    if (ast->derived == MQ_EARLIER && (model->key < 0 || model->period < 0))
        return mq_formula_fail(ast->source, ast->at,
                               "an earlier period is found by key and period; the model has no "
                               "input of type %s",
                               model->key < 0 ? "key" : "period");
    return MQ_OK;
}

static bool same_derived(const struct mq_derived *a, const struct mq_derived *b)
{
    return a->kind == b->kind && a->back == b->back && a->bys == b->bys && a->label == b->label &&
           strcmp(a->whole, b->whole) == 0 &&
           !(a->tolerance < b->tolerance || a->tolerance > b->tolerance) &&
           mq_program_equal(a->value, b->value) && mq_program_equal(a->where, b->where) &&
           (a->bys == 0 || memcmp(a->by, b->by, a->bys * sizeof *a->by) == 0);
}

static enum mq_status add_derived(struct mq_coder *c, struct mq_derived derived, size_t *index)
{
    struct mq_model *model = c->source->model;
    for (*index = 0; *index < model->deriveds; ++*index)
        if (same_derived(&model->derived[*index], &derived))
            return MQ_OK;
    void *array = model->derived;
    if (!mq_grow(&model->arena, &array, model->deriveds, sizeof derived))
        return mq_fail_memory(c->source->error);
    model->derived = array;
    model->derived[model->deriveds++] = derived;
    return MQ_OK;
}

/* The label, and what is asked of it. */
static enum mq_status take_label(const struct mq_coder *c, const struct mq_ast *ast,
                                 struct mq_derived *derived)
{
    const struct mq_ast *label = ast->right;
    const struct mq_input *input = &c->source->input[label->input];
    struct mq_model *model = c->source->model;
    char quoted[MQ_QUOTED];
    if (input->type != MQ_CODE)
        return mq_formula_fail(label->source, label->at, "%s is no code, so it says no label",
                               input->id);
    const struct mq_dict *dict = input->list >= 0 ? model->list[input->list].dict : NULL;
    if (ast->derived == MQ_PART_WHOLE && dict && mq_dict_find(dict, ast->text) == MQ_NO_CODE)
        return mq_formula_fail(ast->source, ast->at, "\"%s\" is not in the code list of %s",
                               mq_quoted(ast->text, quoted), input->id);
    derived->label = label->input;
    derived->tolerance = c->source->tolerance;
    derived->whole = mq_arena_string(&model->arena, ast->text.n ? ast->text.s : "", ast->text.n);
    return derived->whole ? MQ_OK : mq_fail_memory(c->source->error);
}

static enum mq_status take_inputs(const struct mq_coder *c, const struct mq_ast *first,
                                  struct mq_derived *derived)
{
    for (const struct mq_ast *by = first; by; by = by->next)
        derived->bys++;
    int *bys = mq_arena_array(&c->source->model->arena, derived->bys + 1, sizeof *bys);
    if (!bys)
        return mq_fail_memory(c->source->error);
    size_t n = 0;
    for (const struct mq_ast *by = first; by; by = by->next)
        bys[n++] = by->input;
    derived->by = bys;
    return MQ_OK;
}

enum mq_status mq_code_derived(struct mq_coder *c, const struct mq_ast *ast, int *input)
{
    MQ_TRY(may_derive(c, ast));
    struct mq_derived derived = {.kind = ast->derived, .back = ast->back, .label = -1, .whole = ""};
    struct mq_arena *arena = &c->source->model->arena;
    const char *word = mq_formula_derived_word(ast->derived);
    const struct mq_ast *by = ast->right;
    size_t index = 0;
    if (ast->left)
        MQ_TRY(
            mq_formula_compile(c->source, ast->left, MQ_ROLE_VALUE, word, arena, &derived.value));
    if (ast->where)
        MQ_TRY(mq_formula_compile(c->source, ast->where, MQ_ROLE_CONDITION, word, arena,
                                  &derived.where));
    if (mq_derived_has_label(ast->derived)) {
        MQ_TRY(take_label(c, ast, &derived));
        by = by->next;
    }
    MQ_TRY(take_inputs(c, by, &derived));
    MQ_TRY(add_derived(c, derived, &index));
    *input = (int)(c->source->inputs + index);
    return MQ_OK;
}

/* ---- tests of texts ---- */

static bool same_test(const struct mq_text_test *test, int input, const struct mq_ast *ast)
{
    return test->input == input && test->kind == ast->test &&
           (ast->test != MQ_MATCHES || mq_text_is(ast->right->text, test->pattern));
}

/* Its place in the model, with the pattern compiled. */
static enum mq_status new_test(struct mq_coder *c, const struct mq_ast *ast,
                               struct mq_text_test *test)
{
    struct mq_model *model = c->source->model;
    const struct mq_ast *text = ast->right;
    char message[128] = "";
    size_t offset = 0;
    void *array = model->test;
    if (!mq_grow(&model->arena, &array, model->tests, sizeof *model->test))
        return mq_fail_memory(c->source->error);
    model->test = array;
    if (text) {
        test->pattern = mq_arena_string(&model->arena, text->text.s, text->text.n);
        if (!test->pattern)
            return mq_fail_memory(c->source->error);
        enum mq_status status = mq_pattern_new(test->pattern, &test->matcher, &offset, message);
        if (status == MQ_BAD_MODEL)
            return mq_formula_fail(text->source,
                                   (size_t)(text->text.s - text->source->text.s) + offset,
                                   "this is no regular expression: %s", message);
        if (status != MQ_OK)
            return mq_fail_memory(c->source->error);
    }
    model->test[model->tests++] = *test;
    return MQ_OK;
}

static enum mq_status text_input(const struct mq_coder *c, const struct mq_ast *input,
                                 const char *what)
{
    const struct mq_input *found = &c->source->input[input->input];
    if (found->type == MQ_KEY || found->type == MQ_CODE || found->type == MQ_PERIOD)
        return MQ_OK;
    return mq_formula_fail(input->source, input->at, "%s is no key, code or period, so %s",
                           found->id, what);
}

enum mq_status mq_code_test(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result)
{
    const struct mq_model *model = c->source->model;
    struct mq_text_test test = {.input = ast->left->input, .kind = ast->test};
    MQ_TRY(text_input(c, ast->left, "its text cannot be tested"));
    if (!model)
        return mq_formula_fail(ast->source, ast->at, "texts can be tested in a model only");
    size_t i = 0;
    for (; i < model->tests && !same_test(&model->test[i], test.input, ast); i++)
        test.bit += model->test[i].input == test.input;
    if (i == model->tests) {
        if (test.bit == MAX_TESTS)
            return mq_formula_fail(ast->source, ast->at,
                                   "more than %d tests of the text of %s; put some into one "
                                   "pattern with |",
                                   MAX_TESTS, c->source->input[test.input].id);
        MQ_TRY(new_test(c, ast, &test));
    }
    return mq_code_answer(
        c,
        (struct mq_instruction){.op = MQ_OP_TEST, .input = test.input, .hash = model->test[i].bit},
        result);
}

/* ---- look-ups ---- */

static enum mq_status numbers_of(struct mq_coder *c, const struct mq_lookup *table, size_t column,
                                 const double **numbers)
{
    const struct mq_table *cells = &table->table;
    double *made = mq_arena_array(&c->source->model->arena, cells->rows + 1, sizeof *made);
    char quoted[MQ_QUOTED];
    if (!made)
        return mq_fail_memory(c->source->error);
    for (size_t row = 0; row < cells->rows; row++) {
        const char *text = cells->cell[row * cells->columns + column];
        if (*text == '\0')
            made[row] = NAN;
        else if (mq_real_parse(text, strlen(text), &made[row]) != MQ_NUMBER_OK)
            return mq_fail(c->source->error, MQ_BAD_MODEL, cells->path, cells->line[row], 0,
                           "\"%s\" in column %s is no number; compare a column of texts with a "
                           "text in quotes",
                           mq_quoted(mq_text(text), quoted), cells->header[column]);
    }
    *numbers = table->number[column] = made;
    return MQ_OK;
}

enum mq_status mq_code_lookup(struct mq_coder *c, const struct mq_ast *ast,
                              struct mq_instruction *made)
{
    const struct mq_lookup *table = &c->source->model->lookup[ast->table];
    int column = mq_table_find(&table->table, ast->text.s);
    *made = (struct mq_instruction){.op = MQ_OP_LOOKUP,
                                    .input = table->input,
                                    .hash = (uint64_t)(int64_t)column,
                                    .rows = table->rows};
    if (column < 0) /* the table was not opened */
        return MQ_OK;
    made->numbers = table->number[column];
    return made->numbers ? MQ_OK : numbers_of(c, table, (size_t)column, &made->numbers);
}

enum mq_status mq_code_lookup_text(struct mq_coder *c, const struct mq_ast *ast,
                                   const struct mq_ast *text, uint16_t *result)
{
    const struct mq_lookup *table = &c->source->model->lookup[ast->table];
    const struct mq_table *cells = &table->table;
    int column = mq_table_find(cells, ast->text.s);
    uint8_t *answers = mq_arena_array(c->arena, cells->rows + 1, sizeof *answers);
    char *wanted = mq_arena_string(c->arena, text ? text->text.s : "", text ? text->text.n : 0);
    uint8_t absent = text ? MQ_UNKNOWN : MQ_TRUE;
    if (!answers || !wanted)
        return mq_fail_memory(c->source->error);
    for (size_t row = 0; column >= 0 && row < cells->rows; row++) {
        const char *cell = cells->cell[row * cells->columns + (size_t)column];
        bool same = strcmp(cell, wanted) == 0;
        answers[row] = text && *cell == '\0' ? MQ_UNKNOWN : same ? MQ_TRUE : MQ_FALSE;
    }
    return mq_code_answer(c,
                          (struct mq_instruction){.op = MQ_OP_LOOKUP_TRUTH,
                                                  .a = absent,
                                                  .b = absent,
                                                  .input = table->input,
                                                  .hash = (uint64_t)(int64_t)column,
                                                  .text = mq_text(wanted),
                                                  .rows = table->rows,
                                                  .answers = answers},
                          result);
}

enum mq_status mq_code_in_table(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result)
{
    const struct mq_lookup *table = &c->source->model->lookup[ast->table];
    return mq_code_answer(c,
                          (struct mq_instruction){.op = MQ_OP_LOOKUP_TRUTH,
                                                  .a = MQ_FALSE,
                                                  .b = MQ_UNKNOWN,
                                                  .input = table->input,
                                                  .rows = table->rows},
                          result);
}

/* The codes of a list as keys, made when first asked for. */
static enum mq_status list_rows(struct mq_coder *c, int list, const struct mq_key_rows **rows)
{
    struct mq_model *model = c->source->model;
    const struct mq_codes *codes = &model->list[list];
    *rows = model->list_rows[list];
    if (*rows)
        return MQ_OK;
    size_t count = codes->dict ? codes->count : 0;
    struct mq_key_rows *made = mq_key_rows_new(&model->arena, count);
    if (!made)
        return mq_fail_memory(c->source->error);
    for (size_t i = 0; i < count; i++)
        mq_key_rows_add(made, mq_hash64(codes->code[i].code, strlen(codes->code[i].code), 0),
                        (uint32_t)i);
    *rows = model->list_rows[list] = made;
    return MQ_OK;
}

enum mq_status mq_code_in_list(struct mq_coder *c, const struct mq_ast *ast, uint16_t *result)
{
    const struct mq_ast *input = ast->left;
    struct mq_instruction made = {.op = MQ_OP_LOOKUP_TRUTH, .a = MQ_FALSE, .b = MQ_UNKNOWN};
    if (input->kind != MQ_AST_INPUT)
        return mq_code_wrong(c, input, "an input before \"in\" and a code list");
    MQ_TRY(text_input(c, input, "it is not looked up in a code list"));
    MQ_TRY(list_rows(c, ast->table, &made.rows));
    made.input = input->input;
    return mq_code_answer(c, made, result);
}
