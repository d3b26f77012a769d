/* Rows that fail linear rules: which of their fields to change. */
#include <math.h>
#include <string.h>

#include "validate/checker.h"

/* ---- the linear rules as one system ---- */

/* The sum compared with the constant plus `shift`. */
static void add_edit(struct mq_localise_system *system, struct mq_linear_edit *edit,
                     enum mq_linear_operator compare, const struct mq_linear_term *term,
                     const struct mq_linear *linear, double shift)
{
    edit[system->edits++] = (struct mq_linear_edit){.terms = linear->count,
                                                    .term = term,
                                                    .compare = compare,
                                                    .constant = linear->constant + shift};
}

/* An equation with a tolerance of its own is two edits; the usual one is that of localising. */
static void add_linear(struct mq_localise_system *system, struct mq_linear_edit *edit,
                       const struct mq_linear_term *term, const struct mq_linear *linear,
                       double tolerance)
{
    double slack = tolerance > MQ_TOLERANCE ? tolerance : 0;
    if (linear->compare == MQ_LINEAR_EQUAL && slack > 0) {
        add_edit(system, edit, MQ_LINEAR_AT_MOST, term, linear, slack);
        add_edit(system, edit, MQ_LINEAR_AT_LEAST, term, linear, -slack);
        return;
    }
    double shift = linear->compare == MQ_LINEAR_AT_MOST    ? slack
                   : linear->compare == MQ_LINEAR_AT_LEAST ? -slack
                                                           : 0;
    add_edit(system, edit, linear->compare, term, linear, shift);
}

/* Numbers the inputs that linear rules name; field[i] is that of input i. */
static enum mq_status list_fields(struct mq_checker *checker, size_t *field, struct mq_error *error)
{
    const struct mq_model *model = checker->model;
    struct mq_localiser *localiser = &checker->localiser;
    for (size_t c = 0; c < localiser->checks; c++) {
        const struct mq_rule *rule = checker->check[localiser->check[c]].rule;
        for (size_t l = 0; l < rule->linears; l++)
            for (size_t k = 0; k < rule->linear[l].count; k++)
                field[rule->linear[l].input[k]] = 1;
    }
    int *input = mq_arena_array(&checker->arena, model->inputs + 1, sizeof *input);
    double *weight = mq_arena_array(&checker->arena, model->inputs + 1, sizeof *weight);
    if (!input || !weight)
        return mq_fail_memory(error);
    size_t fields = 0;
    for (size_t i = 0; i < model->inputs; i++) {
        if (!field[i])
            continue;
        input[fields] = (int)i;
        weight[fields] = model->localise->weight[i];
        field[i] = fields++;
    }
    localiser->input = input;
    localiser->system.fields = fields;
    localiser->system.weight = weight;
    return MQ_OK;
}

static enum mq_status list_edits(struct mq_checker *checker, const size_t *field, size_t linears,
                                 struct mq_error *error)
{
    struct mq_localiser *localiser = &checker->localiser;
    struct mq_arena *arena = &checker->arena;
    struct mq_linear_edit *edit = mq_arena_array(arena, 2 * linears, sizeof *edit);
    if (!edit)
        return mq_fail_memory(error);
    localiser->system.edit = edit;
    for (size_t c = 0; c < localiser->checks; c++) {
        const struct mq_rule *rule = checker->check[localiser->check[c]].rule;
        for (size_t l = 0; l < rule->linears; l++) {
            const struct mq_linear *linear = &rule->linear[l];
            struct mq_linear_term *term = mq_arena_array(arena, linear->count, sizeof *term);
            if (!term)
                return mq_fail_memory(error);
            for (size_t k = 0; k < linear->count; k++)
                term[k] = (struct mq_linear_term){field[linear->input[k]], linear->coefficient[k]};
            add_linear(&localiser->system, edit, term, linear, rule->tolerance);
        }
    }
    return MQ_OK;
}

enum mq_status mq_localiser_open(struct mq_checker *checker, struct mq_error *error)
{
    const struct mq_model *model = checker->model;
    struct mq_localiser *localiser = &checker->localiser;
    size_t linears = 0;
    if (!model->localise)
        return MQ_OK;
    size_t *check = mq_arena_array(&checker->arena, checker->checks + 1, sizeof *check);
    size_t *field = mq_arena_array(&checker->arena, model->inputs + 1, sizeof *field);
    if (!check || !field)
        return mq_fail_memory(error);
    localiser->check = check;
    for (size_t c = 0; c < checker->checks; c++) {
        if (checker->check[c].kind != MQ_CHECK_RULE || !checker->check[c].rule->linears)
            continue;
        check[localiser->checks++] = c;
        linears += checker->check[c].rule->linears;
    }
    if (!linears)
        return MQ_OK;
    localiser->system.most_fields = (size_t)model->localise->most_fields;
    MQ_TRY(list_fields(checker, field, error));
    MQ_TRY(list_edits(checker, field, linears, error));
    const char *fault = mq_localise_fault(&localiser->system);
    return fault ? mq_fail(error, MQ_BAD_MODEL, model->path, 0, 0, "localise: %s", fault) : MQ_OK;
}

enum mq_status mq_localiser_judge(const struct mq_checker *checker, struct mq_judge *judge,
                                  const char *directory, struct mq_error *error)
{
    size_t fields = checker->localiser.system.fields;
    if (!checker->localiser.checks)
        return MQ_OK;
    judge->value = mq_arena_array(&judge->arena, fields, sizeof *judge->value);
    judge->change = mq_arena_array(&judge->arena, fields, 1);
    if (!judge->value || !judge->change)
        return mq_fail_memory(error);
    return mq_records_open(judge, MQ_RECORDS_LOCALISED, directory, error);
}

/* ---- rows ---- */

static bool fails(const struct mq_checker *checker, const struct mq_judge *judge, size_t check,
                  size_t row)
{
    return judge->truth[checker->check[check].truth * judge->capacity + row] == MQ_FALSE;
}

/* In natural units. */
static void take_values(const struct mq_checker *checker, struct mq_judge *judge,
                        const struct mq_batch *batch, size_t row)
{
    static const double power[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                   1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
    const struct mq_localiser *localiser = &checker->localiser;
    for (size_t j = 0; j < localiser->system.fields; j++) {
        const struct mq_column *column = &batch->column[localiser->input[j]];
        if (column->state[row] != MQ_PRESENT)
            judge->value[j] = (double)NAN;
        else if (column->type == MQ_AMOUNT)
            judge->value[j] = (double)column->amount[row] / power[column->decimals];
        else
            judge->value[j] = column->number[row];
    }
}

/* fields,values,weight */
static enum mq_status format_change(struct mq_checker *checker, const struct mq_batch *batch,
                                    size_t row, double weight, struct mq_error *error)
{
    struct mq_judge *judge = checker->judge + batch->worker;
    const struct mq_localiser *localiser = &checker->localiser;
    struct mq_buffer *field = &judge->field;
    bool first = true;
    for (size_t j = 0; j < localiser->system.fields; j++) {
        if (!judge->change[j])
            continue;
        mq_buffer_text(field, first ? "" : "|");
        mq_buffer_text(field, mq_input_heading(checker->model->input + localiser->input[j]));
        first = false;
    }
    mq_record_field(judge, ",");
    first = true;
    for (size_t j = 0; j < localiser->system.fields; j++) {
        struct mq_text cell = {"", 0};
        if (!judge->change[j])
            continue;
        MQ_TRY(mq_row_cell(checker, batch, row, localiser->input[j], &cell, error));
        mq_buffer_text(field, first ? "" : "|");
        mq_buffer_add(field, cell.s, cell.n);
        first = false;
    }
    mq_record_field(judge, ",");
    mq_buffer_real(&judge->text, weight);
    return MQ_OK;
}

static enum mq_status localise_row(struct mq_checker *checker, struct mq_judge *judge,
                                   const struct mq_batch *batch, size_t row, struct mq_error *error)
{
    const struct mq_localiser *localiser = &checker->localiser;
    struct mq_localise_result result = {.change = judge->change};
    struct mq_buffer *text = &judge->text, *field = &judge->field;
    uint64_t line = 0;
    take_values(checker, judge, batch, row);
    MQ_TRY(mq_localise(&localiser->system, judge->value, &result, error));
    MQ_TRY(mq_row_line(checker, batch, row, &line, error));
    MQ_TRY(mq_record_open(checker, batch, row, line, error));
    for (size_t c = 0; c < localiser->checks; c++) {
        if (!fails(checker, judge, localiser->check[c], row))
            continue;
        mq_buffer_text(field, field->length ? "|" : "");
        mq_buffer_text(field, checker->check[localiser->check[c]].name);
    }
    mq_record_field(judge, ",");
    mq_buffer_format(text, "%s,", mq_localise_code(result.outcome));
    if (result.outcome == MQ_LOCALISE_SOLVED)
        MQ_TRY(format_change(checker, batch, row, result.weight, error));
    else
        mq_buffer_text(text, ",,");
    mq_buffer_text(text, "\n");
    return mq_records_add(judge, MQ_RECORDS_LOCALISED, batch, row, error);
}

enum mq_status mq_localise_batch(struct mq_checker *checker, struct mq_judge *judge,
                                 const struct mq_batch *batch, struct mq_error *error)
{
    const struct mq_localiser *localiser = &checker->localiser;
    const uint8_t *live = judge->live;
    uint8_t *mark = judge->want;
    memset(mark, 0, batch->rows);
    for (size_t c = 0; c < localiser->checks; c++) {
        const struct mq_check *check = checker->check + localiser->check[c];
        const uint8_t *truth = judge->truth + check->truth * judge->capacity;
        for (size_t row = 0; row < batch->rows; row++)
            mark[row] |= (uint8_t)((truth[row] == MQ_FALSE) & live[row]);
    }
    for (size_t row = 0; row < batch->rows; row++)
        if (mark[row])
            MQ_TRY(localise_row(checker, judge, batch, row, error));
    return MQ_OK;
}

enum mq_status mq_write_localised(struct mq_checker *checker, const char *path,
                                  struct mq_error *error)
{
    return mq_records_write(checker, MQ_RECORDS_LOCALISED,
                            "file,line,key,rules,outcome,fields,values,weight\n", path, error);
}
