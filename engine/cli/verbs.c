/* The commands, one row each. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#define COMMON (ON(OPTION_LOG_FORMAT) | ON(OPTION_PROGRESS) | ON(OPTION_COLOR) | ON(OPTION_HELP))
#define READING                                                                                    \
    (ON(OPTION_THREADS) | ON(OPTION_STRICT) | ON(OPTION_MAX_REJECTS) | ON(OPTION_ENCODING) |       \
     ON(OPTION_BLOCK_SIZE) | ON(OPTION_READER))

/* The answer goes to stdout whole; a closed pipe or full disk is an error too. */
static enum mq_status answer(enum mq_status status, struct mq_output *text, struct mq_error *error)
{
    bool written = true;
    if (text->text)
        written =
            fwrite(text->text, 1, text->length, stdout) == text->length && fflush(stdout) == 0;
    mq_output_free(text);
    if (!written && status == MQ_OK) {
        *error = (struct mq_error){.status = MQ_IO};
        snprintf(error->message, sizeof error->message, "cannot write to standard output");
        return MQ_IO;
    }
    return status;
}

static enum mq_status act_run(const struct arguments *arguments, struct mq_error *error)
{
    struct mq_output text = {0};
    if (!arguments->out) {
        *error = (struct mq_error){.status = MQ_USAGE};
        snprintf(error->message, sizeof error->message,
                 "where to? name the output directory with -o OUT");
        return MQ_USAGE;
    }
    enum mq_status status =
        mq_run(arguments->operand[0], arguments->operand + 1, (size_t)arguments->operands - 1,
               arguments->out, &arguments->run, &text, error);
    return answer(status, &text, error);
}

static enum mq_status act_check(const struct arguments *arguments, struct mq_error *error)
{
    struct mq_output text = {0};
    enum mq_status status =
        mq_check(arguments->operand[0], arguments->operand + 1, (size_t)arguments->operands - 1,
                 &arguments->run, &text, error);
    return answer(status, &text, error);
}

static enum mq_status act_explain(const struct arguments *arguments, struct mq_error *error)
{
    struct mq_output text = {0};
    return answer(mq_explain_text(arguments->operand[0], &arguments->question, &text, error), &text,
                  error);
}

static enum mq_status act_compare(const struct arguments *arguments, struct mq_error *error)
{
    struct mq_output text = {0};
    return answer(mq_compare_text(arguments->operand[0], arguments->operand[1], &text, error),
                  &text, error);
}

static enum mq_status act_stats(const struct arguments *arguments, struct mq_error *error)
{
    struct mq_output text = {0};
    return answer(mq_stats_text(arguments->operand[0], &arguments->question, arguments->out,
                                arguments->run.threads, &text, error),
                  &text, error);
}

static enum mq_status act_publish(const struct arguments *arguments, struct mq_error *error)
{
    struct mq_output text = {0};
    if (!arguments->out) {
        *error = (struct mq_error){.status = MQ_USAGE};
        snprintf(error->message, sizeof error->message,
                 "where to? name the directory with -o DIR, or the document with --template and "
                 "-o");
        return MQ_USAGE;
    }
    return answer(mq_publish(arguments->operand, (size_t)arguments->operands, arguments->out,
                             &arguments->publish, &text, error),
                  &text, error);
}

static enum mq_status act_methods(const struct arguments *arguments, struct mq_error *error)
{
    struct mq_output text = {0};
    const char *family = arguments->operands > 0 ? arguments->operand[0] : NULL;
    const char *name = arguments->operands > 1 ? arguments->operand[1] : NULL;
    return answer(mq_methods_text(family, name, &text, error), &text, error);
}

static enum mq_status act_targets(const struct arguments *arguments, struct mq_error *error)
{
    struct mq_output text = {0};
    struct mq_target_question question = {.out = arguments->operand + 1,
                                          .outs = (size_t)arguments->operands - 1,
                                          .table = arguments->actual,
                                          .tables = arguments->actuals,
                                          .year = arguments->year,
                                          .directory = arguments->out};
    return answer(mq_targets_text(arguments->operand[0], &question, &text, error), &text, error);
}

static enum mq_status act_model(const struct arguments *arguments, struct mq_error *error)
{
    struct mq_output text = {0};
    struct mq_model *model;
    enum mq_status status = mq_model_load(arguments->operand[0], &model, error);
    if (status != MQ_OK)
        return status;
    status = mq_model_text(model, &text, error);
    mq_model_free(model);
    return answer(status, &text, error);
}

static enum mq_status act_completion(const struct arguments *arguments, struct mq_error *error)
{
    return print_completion(arguments->operand[0], error);
}

static enum mq_status act_man(const struct arguments *arguments, struct mq_error *error)
{
    (void)arguments, (void)error;
    print_man_page();
    return MQ_OK;
}

const struct verb_row verb_table[] = {
    {"run", "MODEL DATA... -o OUT", "read, check, add up, score and publish; prints a short table",
     2, -1,
     COMMON | READING | ON(OPTION_OUT) | ON(OPTION_AGAINST) | ON(OPTION_LIST) | ON(OPTION_FORMATS),
     false, act_run},
    {"check", "MODEL [DATA...]", "bind the model; with data, check them and write nothing", 1, -1,
     COMMON | READING | ON(OPTION_JSON), false, act_check},
    {"explain", "OUT --unit CODE [--level L] [--period P] [--node N]",
     "where one score comes from, leaf by leaf", 1, 1,
     COMMON | ON(OPTION_UNIT) | ON(OPTION_LEVEL) | ON(OPTION_PERIOD) | ON(OPTION_NODE), false,
     act_explain},
    {"compare", "OUT_A OUT_B", "what moved, largest first, and whether data or method moved it", 2,
     2, COMMON, false, act_compare},
    {"stats", "OUT [--level L] [--period P] [-o DIR]",
     "statistics, correlations, consistency, components and flags", 1, 1,
     COMMON | ON(OPTION_LEVEL) | ON(OPTION_PERIOD) | ON(OPTION_OUT) | ON(OPTION_THREADS), false,
     act_stats},
    {"publish", "OUT... -o DIR [--formats LIST] | --template DOCX -o DOCX",
     "tables, figures, text and feedback sheets of an output; or fill your own Word document", 1,
     -1,
     COMMON | ON(OPTION_OUT) | ON(OPTION_FORMATS) | ON(OPTION_TEMPLATE) | ON(OPTION_MAP) |
         ON(OPTION_APPROVAL) | ON(OPTION_TARGETS) | ON(OPTION_YEAR) | ON(OPTION_STRICT),
     false, act_publish},
    {"targets", "TARGETS [OUT...] [--actual FILE] [--year Y] [-o DIR]",
     "how far along targets are, by outputs and yearly tables", 1, -1,
     COMMON | ON(OPTION_ACTUAL) | ON(OPTION_YEAR) | ON(OPTION_OUT), false, act_targets},
    {"methods", "[FAMILY [NAME]]", "the catalogue of methods, from the rows the engine runs", 0, 2,
     COMMON, false, act_methods},
    {"model", "MODEL", "the model as resolved; loads again to the same", 1, 1, COMMON, false,
     act_model},
    {"completion", "bash|zsh|fish", "shell completion script", 1, 1, COMMON, true, act_completion},
    {"man", "", "the man page", 0, 0, COMMON, true, act_man},
    {0},
};

const struct verb_row *find_verb(const char *name)
{
    for (const struct verb_row *verb = verb_table; verb->name; verb++)
        if (strcmp(verb->name, name) == 0)
            return verb;
    return NULL;
}
