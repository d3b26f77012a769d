/* scope: and rules:, and how a formula is reached from YAML. */
#include "model/binder.h"

#include <string.h>

enum mq_status mq_bind_source(struct mq_binder *b, const struct mq_yaml *scalar, const char *name,
                              struct mq_formula_source *source)
{
    if (scalar->kind != MQ_YAML_SCALAR || scalar->length == 0)
        return mq_bind_fail(b, scalar, "\"%s\" is a formula, like revenue > 0", name);
    *source = (struct mq_formula_source){.text = {scalar->text, scalar->length},
                                         .file = b->file,
                                         .scalar = scalar,
                                         .input = b->model->input,
                                         .inputs = b->model->inputs,
                                         .arena = &b->scratch,
                                         .error = b->error};
    return MQ_OK;
}

enum mq_status mq_bind_condition(struct mq_binder *b, const struct mq_yaml *scalar,
                                 const char *name, struct mq_condition *condition)
{
    struct mq_formula_source source;
    const struct mq_ast *tree;
    int *input;
    struct mq_arena *arena = &b->model->arena;
    MQ_TRY(mq_bind_source(b, scalar, name, &source));
    MQ_TRY(mq_formula_parse(&source, &tree));
    MQ_TRY(mq_formula_compile(&source, tree, MQ_ROLE_CONDITION, NULL, arena, &condition->program));
    MQ_TRY(mq_formula_inputs(&source, tree, arena, &input, &condition->inputs));
    if (condition->inputs == 0)
        return mq_bind_fail(b, scalar, "\"%s\" names no input: it says the same of every row",
                            name);
    condition->input = input;
    condition->text = mq_arena_string(arena, scalar->text, scalar->length);
    return condition->text ? MQ_OK : mq_fail_memory(b->error);
}

enum mq_status mq_bind_scope(struct mq_binder *b, const struct mq_yaml *scope)
{
    struct mq_condition condition;
    MQ_TRY(mq_bind_condition(b, scope, "scope", &condition));
    b->model->scope = condition.program;
    b->model->scope_text = condition.text;
    b->model->scope_input = condition.input;
    b->model->scope_inputs = condition.inputs;
    return MQ_OK;
}

struct draft {
    const char *id, *title;
    const struct mq_yaml *check, *severity;
};

static const struct mq_key keys[] = {
    {"id", true, mq_bind_id, offsetof(struct draft, id), 0, 0},
    {"check", true, mq_bind_keep, offsetof(struct draft, check), 0, 0},
    {"severity", false, mq_bind_keep, offsetof(struct draft, severity), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct draft, title), 0, 0},
};
static const struct mq_section section = MQ_SECTION("a rule", keys);

static enum mq_status bind_rule(struct mq_binder *b, const struct mq_yaml *list, size_t index)
{
    static const char *const severities[] = {"info", "warn", "reject"};
    const struct mq_yaml *item = list->item[index];
    struct draft draft = {0};
    struct mq_condition condition;
    int severity = MQ_WARN; /* a rule that does not say so throws no row away */
    MQ_TRY(mq_bind_map(b, item, &section, &draft));
    MQ_TRY(mq_bind_once(b, list, index, "rule"));
    if (draft.severity)
        MQ_TRY(mq_bind_choice(b, draft.severity, severities, 3, "severities", &severity));
    MQ_TRY(mq_bind_condition(b, draft.check, "check", &condition));
    b->model->rule[index] = (struct mq_rule){.id = draft.id,
                                             .title = draft.title ? draft.title : draft.id,
                                             .text = condition.text,
                                             .severity = (enum mq_severity)severity,
                                             .check = condition.program,
                                             .inputs = condition.inputs,
                                             .input = condition.input,
                                             .at = item->at};
    return MQ_OK;
}

enum mq_status mq_bind_rules(struct mq_binder *b, const struct mq_yaml *rules)
{
    struct mq_model *model = b->model;
    MQ_TRY(mq_bind_list(b, rules, "rules"));
    model->rule = mq_arena_array(&model->arena, rules->count + 1, sizeof *model->rule);
    if (!model->rule)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < rules->count; i++) {
        MQ_TRY(bind_rule(b, rules, i));
        model->rules++;
    }
    return MQ_OK;
}
