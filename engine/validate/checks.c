/* The list of checks a model asks for: built-in ones from its inputs, then its own rules. */
#include "validate/checker.h"

#include <string.h>

static bool is_axis(const struct mq_model *model, int input)
{
    for (size_t l = 0; l < model->levels; l++)
        for (size_t a = 0; a < model->level[l].axes; a++)
            if (model->level[l].axis[a].input == input)
                return true;
    return false;
}

/* The heading a person looks for: the preferred column name. */
const char *mq_input_heading(const struct mq_input *input)
{
    return input->aliases ? input->alias[0] : input->id;
}

/* Headings joined by '|', NULL when out of memory. */
static const char *headings(struct mq_checker *checker, size_t inputs, const int *input)
{
    const char *text = "";
    for (size_t i = 0; i < inputs && text; i++)
        text = mq_arena_format(&checker->arena, "%s%s%s", text, i ? "|" : "",
                               mq_input_heading(checker->model->input + input[i]));
    return text;
}

/* Appends a check; its name and headings may have failed to allocate. */
static bool append(struct mq_checker *checker, struct mq_check check)
{
    check.column = headings(checker, check.inputs, check.input);
    if (!check.name || !check.title || !check.column || (check.inputs && !check.input))
        return false;
    checker->check[checker->checks++] = check;
    return true;
}

/* type.<input>, code.<input>, ...: one check of one input. */
static bool append_input(struct mq_checker *checker, enum mq_check_kind kind, int input,
                         enum mq_cell_state fails_from)
{
    static const char *const prefix[MQ_CHECK_KINDS] = {[MQ_CHECK_TYPE] = "type",
                                                       [MQ_CHECK_CODE] = "code",
                                                       [MQ_CHECK_KEY] = "key",
                                                       [MQ_CHECK_PERIOD] = "period"};
    const struct mq_input *of = checker->model->input + input;
    enum mq_phrase phrase = kind == MQ_CHECK_TYPE                    ? MQ_PHRASE_TYPE_TITLE
                            : kind == MQ_CHECK_CODE && of->list >= 0 ? MQ_PHRASE_CODE_TITLE
                                                                     : MQ_PHRASE_PRESENT_TITLE;
    bool titled = of->title && of->title[0] && strcmp(of->title, of->id) != 0;
    const char *label = titled ? of->title : mq_input_heading(of);
    struct mq_arena *arena = &checker->arena;
    struct mq_check check = {
        .kind = kind,
        .severity = MQ_REJECT,
        .name = mq_arena_format(arena, "%s.%s", prefix[kind], of->id),
        .title = mq_arena_format(arena, mq_phrase(phrase, checker->model->chinese), label),
        .inputs = 1,
        .input = mq_arena_copy(arena, &input, sizeof input),
        .fails_from = (uint8_t)fails_from,
    };
    return append(checker, check);
}

/* Whether the model asks for this check of the input. */
static bool wanted(const struct mq_model *model, enum mq_check_kind kind, int i)
{
    const struct mq_input *input = model->input + i;
    switch (kind) {
    case MQ_CHECK_TYPE:
        return input->type == MQ_AMOUNT || input->type == MQ_NUMBER;
    case MQ_CHECK_CODE:
        return input->type == MQ_CODE && (input->list >= 0 || is_axis(model, i));
    case MQ_CHECK_KEY:
        return i == model->key;
    default:
        return kind == MQ_CHECK_PERIOD && i == model->period;
    }
}

static bool append_kind(struct mq_checker *checker, enum mq_check_kind kind)
{
    const struct mq_model *model = checker->model;
    for (int i = 0; i < (int)model->inputs; i++) {
        if (!wanted(model, kind, i))
            continue;
        /* A blank is no error of type; but a row without a code on an axis falls into no unit. */
        bool blank_passes = kind == MQ_CHECK_TYPE || (kind == MQ_CHECK_CODE && !is_axis(model, i));
        if (!append_input(checker, kind, i, blank_passes ? MQ_BAD_MALFORMED : MQ_MISSING))
            return false;
    }
    return true;
}

static bool append_whole(struct mq_checker *checker, enum mq_check_kind kind, const char *name,
                         enum mq_phrase title, size_t inputs, const int *input)
{
    return append(checker, (struct mq_check){
                               .kind = kind,
                               .severity = MQ_REJECT,
                               .name = name,
                               .title = mq_phrase(title, checker->model->chinese),
                               .inputs = inputs,
                               .input = input,
                           });
}

static bool append_builtin(struct mq_checker *checker)
{
    const struct mq_model *model = checker->model;
    if (!append_whole(checker, MQ_CHECK_COLUMNS, "columns", MQ_PHRASE_COLUMNS_TITLE, 0, NULL))
        return false;
    for (enum mq_check_kind kind = MQ_CHECK_TYPE; kind <= MQ_CHECK_PERIOD; kind++)
        if (!append_kind(checker, kind))
            return false;
    if (model->scope) {
        if (!append_whole(checker, MQ_CHECK_SCOPE, "scope", MQ_PHRASE_SCOPE_TITLE,
                          model->scope_inputs, model->scope_input))
            return false;
        checker->check[checker->checks - 1].truth = checker->truths++;
    }
    checker->duplicate = SIZE_MAX;
    if (model->key >= 0) {
        checker->duplicate = checker->checks;
        return append_whole(checker, MQ_CHECK_DUPLICATE, "duplicate", MQ_PHRASE_DUPLICATE_TITLE, 1,
                            &model->key);
    }
    return true;
}

/* Rules that reject nobody need not be remembered, unless rows that fail them are localised. */
static bool remembered(const struct mq_model *model, const struct mq_rule *rule)
{
    return !rule->late && !rule->broken &&
           (rule->severity == MQ_REJECT || (model->localise && rule->linears));
}

static bool append_rules(struct mq_checker *checker)
{
    const struct mq_model *model = checker->model;
    for (size_t r = 0; r < model->rules; r++) {
        const struct mq_rule *rule = model->rule + r;
        /* A rule without a title bears its id; its text says more. */
        bool named = rule->title && rule->title[0] && strcmp(rule->title, rule->id) != 0;
        struct mq_check check = {.kind = MQ_CHECK_RULE,
                                 .severity = rule->severity,
                                 .name = rule->id,
                                 .title = named ? rule->title : rule->text,
                                 .rule = rule,
                                 .inputs = rule->inputs,
                                 .input = rule->input};
        if (remembered(model, rule))
            check.truth = checker->truths++;
        if (!append(checker, check))
            return false;
    }
    return true;
}

enum mq_status mq_checks_list(struct mq_checker *checker, struct mq_error *error)
{
    const struct mq_model *model = checker->model;
    size_t most = 3 + model->inputs + model->rules; /* columns, scope, duplicate */
    checker->check = mq_arena_array(&checker->arena, most, sizeof *checker->check);
    if (!checker->check || !append_builtin(checker) || !append_rules(checker))
        return mq_fail_memory(error);
    /* The others take turns in one more column. */
    for (size_t c = 0; c < checker->checks; c++)
        if (checker->check[c].kind == MQ_CHECK_RULE && !remembered(model, checker->check[c].rule))
            checker->check[c].truth = checker->truths;
    checker->truths++;
    return MQ_OK;
}
