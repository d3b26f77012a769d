#include "model/print_choice.h"

#include <math.h>

#include "model/print_yaml.h"

static void print_numbers(struct mq_buffer *yaml, const double *value, size_t count)
{
    mq_buffer_text(yaml, "[");
    for (size_t i = 0; i < count; i++) {
        mq_buffer_text(yaml, i ? ", " : "");
        mq_buffer_real(yaml, value[i]);
    }
    mq_buffer_text(yaml, "]");
}

/* Always as a list of matrices: read back, that is the same. */
static void print_matrices(struct mq_buffer *yaml, const struct mq_argument *argument)
{
    size_t side = argument->columns;

    mq_buffer_text(yaml, "[");
    for (size_t i = 0; i < argument->rows; i++) {
        mq_buffer_text(yaml, i == 0 ? "[" : i % side ? ", " : "], [");
        print_numbers(yaml, argument->value + i * side, side);
    }
    mq_buffer_text(yaml, "]]");
}

static void print_methods(struct mq_buffer *yaml, const struct mq_catalogue *catalogue,
                          enum mq_family family, const struct mq_argument *argument)
{
    mq_buffer_text(yaml, "[");
    for (size_t i = 0; i < argument->choices; i++) {
        mq_buffer_text(yaml, i ? ", " : "");
        mq_print_choice(yaml, catalogue, family, argument->choice + i, false);
        mq_buffer_text(yaml, "}");
    }
    mq_buffer_text(yaml, "]");
}

static void print_number(struct mq_buffer *yaml, const struct mq_param *param, double value)
{
    if (param->kind == MQ_PARAM_FLAG)
        mq_buffer_text(yaml, value != 0 ? "true" : "false");
    else if (param->kind == MQ_PARAM_CHOICE)
        mq_yaml_text(yaml, param->choices[(int)value]);
    else
        mq_buffer_real(yaml, value);
}

void mq_print_choice(struct mq_buffer *yaml, const struct mq_catalogue *catalogue,
                     enum mq_family family, const struct mq_choice *choice, bool only_given)
{
    const struct mq_method *method = catalogue->methods[family][choice->method];
    const struct mq_param *param = method->params;

    mq_buffer_text(yaml, "{method: ");
    mq_yaml_text(yaml, method->name);
    for (size_t i = 0; param && i < MQ_MAX_PARAMS && param[i].name; i++) {
        bool number = param[i].kind < MQ_PARAM_TEXT;
        if (!choice->given[i] && (!number || only_given || !isfinite(choice->param[i])))
            continue;
        mq_buffer_format(yaml, ", %s: ", param[i].name);
        if (number)
            print_number(yaml, param + i, choice->param[i]);
        else if (param[i].kind == MQ_PARAM_TEXT || param[i].kind == MQ_PARAM_GROUPS)
            mq_yaml_text(yaml, choice->argument[i].text);
        else if (param[i].kind == MQ_PARAM_LIST)
            print_numbers(yaml, choice->argument[i].value, choice->argument[i].columns);
        else if (param[i].kind == MQ_PARAM_MATRIX)
            print_matrices(yaml, &choice->argument[i]);
        else
            print_methods(yaml, catalogue, family, &choice->argument[i]);
    }
}
