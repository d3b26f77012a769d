#include "model/print_choice.h"

#include <math.h>

#include "model/print_yaml.h"

static void print_param(struct mq_buffer *yaml, const struct mq_param *param, double value)
{
    mq_buffer_format(yaml, ", %s: ", param->name);
    if (param->kind == MQ_PARAM_FLAG)
        mq_buffer_text(yaml, value != 0 ? "true" : "false");
    else if (param->kind == MQ_PARAM_CHOICE)
        mq_yaml_text(yaml, param->choices[(int)value]);
    else
        mq_buffer_real(yaml, value);
}

void mq_print_choice(struct mq_buffer *yaml, const struct mq_method *method,
                     const struct mq_choice *choice, bool only_given)
{
    mq_buffer_text(yaml, "{method: ");
    mq_yaml_text(yaml, method->name);
    for (size_t i = 0; method->params && i < MQ_MAX_PARAMS && method->params[i].name; i++)
        if (choice->given[i] || (!only_given && isfinite(choice->param[i])))
            print_param(yaml, &method->params[i], choice->param[i]);
}
