/* Parameters of methods that are more than one number: texts, lists, matrices and other methods. */
#include "model/binder.h"

#include <stdlib.h>
#include <string.h>

enum mq_status mq_bind_number(struct mq_binder *b, const struct mq_yaml *value,
                              const struct mq_param *param, double *number)
{
    const struct mq_key key = {.name = param->name};
    struct mq_fraction fraction;

    if (value->kind != MQ_YAML_SCALAR || !strchr(value->text, '/'))
        return mq_bind_real(b, value, &key, number);
    MQ_TRY(mq_bind_fraction(b, value, &key, &fraction));
    *number = (double)fraction.numerator / (double)fraction.denominator;
    return MQ_OK;
}

static enum mq_status bind_row(struct mq_binder *b, const struct mq_yaml *list,
                               const struct mq_param *param, double *row)
{
    for (size_t i = 0; i < list->count; i++)
        MQ_TRY(mq_bind_number(b, list->item[i], param, row + i));
    return MQ_OK;
}

static enum mq_status bind_numbers(struct mq_binder *b, const struct mq_yaml *value,
                                   const struct mq_param *param, struct mq_argument *argument)
{
    MQ_TRY(mq_bind_list(b, value, param->name));
    if (value->count == 0)
        return mq_bind_fail(b, value, "\"%s\" is an empty list", param->name);
    double *number = mq_arena_array(&b->model->arena, value->count, sizeof *number);
    if (!number)
        return mq_fail_memory(b->error);
    argument->rows = 1;
    argument->columns = value->count;
    argument->value = number;
    return bind_row(b, value, param, number);
}

/* One square matrix as rows from `at`. */
static enum mq_status bind_square(struct mq_binder *b, const struct mq_yaml *value,
                                  const struct mq_param *param, size_t side, double *at)
{
    MQ_TRY(mq_bind_list(b, value, param->name));
    if (value->count != side)
        return mq_bind_fail(b, value, "\"%s\": this matrix has %zu rows, expected %zu", param->name,
                            value->count, side);
    for (size_t i = 0; i < side; i++) {
        MQ_TRY(mq_bind_list(b, value->item[i], param->name));
        if (value->item[i]->count != side)
            return mq_bind_fail(b, value->item[i],
                                "\"%s\": this row has %zu numbers, but the matrix has %zu rows",
                                param->name, value->item[i]->count, side);
        MQ_TRY(bind_row(b, value->item[i], param, at + i * side));
    }
    return MQ_OK;
}

static bool is_list(const struct mq_yaml *value)
{
    return value->kind == MQ_YAML_LIST && value->count > 0;
}

static enum mq_status bind_matrix(struct mq_binder *b, const struct mq_yaml *value,
                                  const struct mq_param *param, struct mq_argument *argument)
{
    if (!is_list(value) || !is_list(value->item[0]))
        return mq_bind_fail(b, value,
                            "\"%s\" is a list of rows, each a list of numbers: [[1, 2], [1/2, 1]]",
                            param->name);
    bool several = is_list(value->item[0]->item[0]);
    size_t side = value->item[0]->count, matrices = several ? value->count : 1;
    double *number = mq_arena_array(&b->model->arena, matrices * side * side, sizeof *number);
    if (!number)
        return mq_fail_memory(b->error);
    argument->rows = matrices * side;
    argument->columns = side;
    argument->value = number;
    for (size_t m = 0; m < matrices; m++)
        MQ_TRY(bind_square(b, several ? value->item[m] : value, param, side,
                           number + m * side * side));
    return MQ_OK;
}

static enum mq_status bind_methods(struct mq_binder *b, const struct mq_yaml *value,
                                   const struct mq_param *param, enum mq_family family,
                                   struct mq_argument *argument)
{
    MQ_TRY(mq_bind_list(b, value, param->name));
    if (value->count == 0)
        return mq_bind_fail(b, value, "\"%s\" is an empty list", param->name);
    struct mq_choice *choice = mq_arena_array(&b->model->arena, value->count, sizeof *choice);
    if (!choice)
        return mq_fail_memory(b->error);
    argument->choices = value->count;
    argument->choice = choice;
    for (size_t i = 0; i < value->count; i++)
        MQ_TRY(mq_bind_aggregation(b, value->item[i], family, NULL, choice + i));
    return MQ_OK;
}

/* A level by its id; else a file, which belongs to what the results depend on. */
static enum mq_status bind_groups(struct mq_binder *b, const struct mq_yaml *value,
                                  const struct mq_param *param, struct mq_argument *argument)
{
    const struct mq_key key = {.name = param->name};
    const char *written, *found;

    MQ_TRY(mq_bind_text(b, value, &key, &argument->text));
    for (size_t i = 0; i < b->model->levels; i++)
        if (strcmp(b->model->level[i].id, argument->text) == 0)
            return MQ_OK;
    MQ_TRY(mq_bind_path(b, value, param->name, &written, &found));
    argument->text = found;
    if (b->flags & MQ_MODEL_NO_CODES)
        return MQ_OK;
    MQ_TRY(mq_bind_digest(b, found));
    char *whole = realpath(found, NULL);
    if (whole)
        argument->text = mq_arena_string(&b->model->arena, whole, strlen(whole));
    free(whole);
    return argument->text ? MQ_OK : mq_fail_memory(b->error);
}

enum mq_status mq_bind_argument(struct mq_binder *b, const struct mq_yaml *value,
                                const struct mq_param *param, enum mq_family family,
                                struct mq_argument *argument)
{
    const struct mq_key key = {.name = param->name};

    *argument = (struct mq_argument){.at = value->at};
    switch (param->kind) {
    case MQ_PARAM_LIST:
        return bind_numbers(b, value, param, argument);
    case MQ_PARAM_MATRIX:
        return bind_matrix(b, value, param, argument);
    case MQ_PARAM_GROUPS:
        return bind_groups(b, value, param, argument);
    case MQ_PARAM_METHODS:
        return bind_methods(b, value, param, family, argument);
    default:
        return mq_bind_text(b, value, &key, &argument->text);
    }
}

/* Lists and matrices that belong to the children of a node have as many columns as it has. */
enum mq_status mq_bind_sizes(struct mq_binder *b, const struct mq_node *node, enum mq_family family,
                             const struct mq_choice *choice)
{
    const struct mq_param *param =
        choice->method < 0 ? NULL : b->catalogue->methods[family][choice->method]->params;

    for (size_t i = 0; choice->argument && param && param[i].name; i++) {
        const struct mq_argument *argument = &choice->argument[i];
        if (param[i].per_child && argument->value && argument->columns != node->children)
            return mq_fail(b->error, MQ_BAD_MODEL, b->model->path, argument->at.line,
                           argument->at.column,
                           "\"%s\" is for %zu indicators, but \"%s\" has %zu below it",
                           param[i].name, argument->columns, node->id, node->children);
        for (size_t k = 0; k < argument->choices; k++)
            MQ_TRY(mq_bind_sizes(b, node, family, argument->choice + k));
    }
    return MQ_OK;
}
