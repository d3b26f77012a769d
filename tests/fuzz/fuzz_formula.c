/* Any text as a formula: refused with a place inside it, or run over a few rows with results in
 * range. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/formula.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUTS = 6, ROWS = 5 };

static const struct mq_input inputs[INPUTS] = {
    {.id = "usci", .type = MQ_KEY, .list = -1},
    {.id = "year", .type = MQ_PERIOD, .list = -1},
    {.id = "size", .type = MQ_CODE, .list = -1},
    {.id = "sales", .type = MQ_AMOUNT, .decimals = 2, .list = -1, .row = "01"},
    {.id = "出口", .type = MQ_AMOUNT, .decimals = 18, .list = -1},
    {.id = "rate", .type = MQ_NUMBER, .list = -1},
};

static const uint8_t state[ROWS] = {MQ_PRESENT, MQ_MISSING, MQ_PRESENT, MQ_BAD_MALFORMED,
                                    MQ_PRESENT};
static const int64_t amount[ROWS] = {0, 1, -1234567, INT64_MAX, INT64_MIN};
static const double number[ROWS] = {0, 0.1, -3.5, 1e308, 5e-324};
static const uint64_t key[ROWS] = {1, 2, 3, 4, 5};
static const uint32_t code[ROWS] = {0, 1, 2, 1, 0};

/* A name for an expression and one for a group. */
static const struct mq_yaml_file names_file = {"sales / 2", 9, "names"};
static const struct mq_yaml half = {.kind = MQ_YAML_SCALAR,
                                    .at = {1, 1},
                                    .plain = true,
                                    .style = ' ',
                                    .text = "sales / 2",
                                    .length = 9};
static const struct mq_definition definition = {"half", &half};
static const int members[] = {3, 4};
static const struct mq_group group = {"parts", 2, members};
static const struct mq_names names = {
    .file = &names_file, .definition = &definition, .definitions = 1, .group = &group, .groups = 1};

static struct mq_dict *new_dict(void)
{
    struct mq_dict *dict = NULL;
    if (mq_dict_new(&dict, NULL) != MQ_OK)
        abort();
    mq_dict_intern(dict, mq_text("1"));
    mq_dict_intern(dict, mq_text("large"));
    mq_dict_intern(dict, mq_text("2020"));
    return dict;
}

static void run(const struct mq_program *program, enum mq_formula_role role, size_t deriveds)
{
    struct mq_dict *dict = new_dict();
    struct mq_scratch scratch = {0};
    struct mq_column *column = calloc(INPUTS + deriveds, sizeof *column);
    if (!column)
        abort();
    uint8_t truth[ROWS];
    double value[ROWS];
    for (int i = 0; i < INPUTS; i++)
        column[i] = (struct mq_column){.type = inputs[i].type,
                                       .decimals = inputs[i].decimals,
                                       .state = state,
                                       .amount = amount,
                                       .number = number,
                                       .code = code,
                                       .key = key,
                                       .dict = dict,
                                       .tests = code};
    for (size_t i = 0; i < deriveds; i++)
        column[INPUTS + i] =
            (struct mq_column){.type = MQ_NUMBER, .state = state, .number = number};
    if (role == MQ_ROLE_CONDITION &&
        mq_program_truth(program, column, ROWS, &scratch, truth) != MQ_OK)
        abort();
    if (role == MQ_ROLE_VALUE && mq_program_value(program, column, ROWS, &scratch, value) != MQ_OK)
        abort();
    for (int i = 0; i < ROWS; i++)
        if (role == MQ_ROLE_CONDITION ? truth[i] > MQ_TRUE : isinf(value[i]))
            abort();
    mq_scratch_clear(&scratch);
    mq_dict_free(dict);
    free(column);
}

static void clear(struct mq_model *model)
{
    for (size_t i = 0; i < model->tests; i++)
        mq_pattern_free(model->test[i].matcher);
    mq_arena_clear(&model->arena);
}

/* As the check of a rule, or as a filter. */
static void compile(struct mq_formula_source source, const struct mq_ast *tree, bool rule)
{
    for (enum mq_formula_role role = MQ_ROLE_CONDITION; role <= MQ_ROLE_VALUE; role++) {
        const struct mq_program *program = NULL;
        struct mq_model model = {.key = 0, .period = 1, .inputs = INPUTS};
        source.model = &model;
        source.rule = rule;
        source.tolerance = 0.5;
        if (mq_formula_compile(&source, tree, role, NULL, source.arena, &program) == MQ_OK)
            run(program, role, model.deriveds);
        if (!rule && model.deriveds)
            abort();
        clear(&model);
    }
}

static void indicator(struct mq_formula_source *source, const struct mq_ast *tree)
{
    struct mq_model model = {0};
    source->model = &model;
    struct mq_node node = {.missing = MQ_COMPLETE};
    enum mq_status status = mq_formula_indicator(source, tree, &model, &node);
    if (status == MQ_OK && (model.slots == 0 || node.formula.value.count == 0))
        abort();
    if (status != MQ_OK && !source->error->message[0])
        abort();
    clear(&model);
}

/* The same text without the names of definitions and groups is a formula too. */
static void expand(const struct mq_formula_source *source)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    struct mq_formula_source plain = *source;
    const struct mq_ast *tree = NULL;
    if (mq_formula_expand(source, true, &text) == MQ_OK) {
        plain.text = (struct mq_text){text.data ? text.data : "", text.length};
        plain.names = NULL;
        if (mq_formula_parse(&plain, &tree) != MQ_OK && plain.text.n < 1 << 16)
            abort();
    }
    mq_buffer_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct mq_error error = {0};
    struct mq_formula_source source = {.text = {(const char *)data, size},
                                       .input = inputs,
                                       .inputs = INPUTS,
                                       .arena = &arena,
                                       .error = &error,
                                       .names = &names};
    const struct mq_ast *tree = NULL;
    if (mq_formula_parse(&source, &tree) == MQ_OK) {
        expand(&source);
        compile(source, tree, true);
        compile(source, tree, false);
        indicator(&source, tree);
    } else if (error.column < 1 || !error.message[0]) {
        abort();
    }
    mq_arena_clear(&arena);
    return 0;
}
