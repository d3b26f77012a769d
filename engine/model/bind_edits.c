/* edit: of a rule, a method of the catalogue applied to one variable by groups. */
#include "model/binder.h"

#include <string.h>

#include "model/print_choice.h"
#include "model/print_yaml.h"

static const char *const own[] = {"of", "against", "by", "correct", NULL};

/* One of the two expressions while it is bound. */
struct expression {
    const struct mq_yaml *at; /* NULL: not written */
    struct mq_formula_source source;
    struct mq_buffer text, whole; /* for people; without definitions */
    const struct mq_program *program;
};

struct draft {
    struct expression of, against;
    struct mq_edit edit;
};

static enum mq_status start(struct mq_binder *b, const struct mq_yaml *map, const char *key,
                            const struct mq_names *names, struct expression *expression)
{
    expression->at = mq_yaml_get(map, key);
    if (!expression->at)
        return MQ_OK;
    struct mq_formula_source *source = &expression->source;
    MQ_TRY(mq_bind_source(b, expression->at, key, source));
    source->names = names;
    source->rule = true;
    mq_buffer_add(&expression->text, source->text.s, source->text.n);
    mq_buffer_add(&expression->whole, source->text.s, source->text.n);
    return expression->text.failed || expression->whole.failed ? mq_fail_memory(b->error) : MQ_OK;
}

static enum mq_status bind_by(struct mq_binder *b, const struct mq_yaml *value,
                              struct mq_edit *edit)
{
    const struct mq_model *model = b->model;
    const char **known = mq_arena_array(&b->scratch, model->inputs, sizeof *known);
    const char **names;
    if (!value)
        return MQ_OK;
    MQ_TRY(mq_bind_texts(b, value, "by", &names, &edit->bys));
    int *by = mq_arena_array(&b->model->arena, edit->bys + 1, sizeof *by);
    if (!known || !by)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < model->inputs; i++)
        known[i] = model->input[i].id;
    for (size_t i = 0; i < edit->bys; i++)
        MQ_TRY(mq_bind_choice(b, value->kind == MQ_YAML_LIST ? value->item[i] : value, known,
                              model->inputs, "inputs", &by[i]));
    edit->by = by;
    return MQ_OK;
}

/* edit: {method: hb, exclude: 2, of: revenue, against: "revenue[-1]", by: [industry]} */
static enum mq_status set_texts(struct mq_binder *b, const struct draft *draft,
                                struct mq_rule *rule)
{
    const struct mq_model *model = b->model;
    const struct mq_edit *edit = &draft->edit;
    const struct mq_method *method = b->catalogue->methods[MQ_EDIT][edit->choice.method];
    struct mq_buffer yaml = MQ_BUFFER_EMPTY, text = MQ_BUFFER_EMPTY;
    mq_buffer_text(&yaml, "edit: ");
    mq_print_choice(&yaml, b->catalogue, MQ_EDIT, &edit->choice, false);
    mq_buffer_text(&yaml, ", of: ");
    mq_yaml_text(&yaml, draft->of.whole.data);
    mq_buffer_format(&text, "%s(%s", method->name, draft->of.text.data);
    if (draft->against.at) {
        mq_buffer_text(&yaml, ", against: ");
        mq_yaml_text(&yaml, draft->against.whole.data);
        mq_buffer_format(&text, ", %s", draft->against.text.data);
    }
    mq_buffer_text(&yaml, ", by: [");
    mq_buffer_text(&text, edit->bys ? ") by " : ")");
    for (size_t i = 0; i < edit->bys; i++) {
        mq_buffer_text(&yaml, i ? ", " : "");
        mq_yaml_text(&yaml, model->input[edit->by[i]].id);
        mq_buffer_format(&text, "%s%s", i ? ", " : "", model->input[edit->by[i]].id);
    }
    mq_buffer_text(&yaml, edit->correct ? "], correct: true}" : "]}");
    bool whole = !yaml.failed && !text.failed;
    rule->written = whole ? mq_arena_string(&b->model->arena, yaml.data, yaml.length) : NULL;
    rule->text = whole ? mq_arena_string(&b->model->arena, text.data, text.length) : NULL;
    mq_buffer_clear(&yaml);
    mq_buffer_clear(&text);
    return rule->written && rule->text ? MQ_OK : mq_fail_memory(b->error);
}

/* An expression as an operand: in brackets if it has operators outside of its own. */
static const char *operand(const struct expression *expression, const char *bracket)
{
    int depth = 0;
    for (const char *at = expression->text.data; *at; at++) {
        depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
        if (depth == 0 && strchr(" +-*/", *at))
            return bracket;
    }
    return "";
}

static enum mq_status set_judged(struct mq_binder *b, struct draft *draft)
{
    const struct expression *of = &draft->of, *against = &draft->against;
    struct mq_arena *arena = &b->model->arena;
    if (!against->at)
        draft->edit.judged = mq_arena_string(arena, of->text.data, of->text.length);
    else
        draft->edit.judged = mq_arena_format(arena, "%s%s%s / %s%s%s", operand(of, "("),
                                             of->text.data, operand(of, ")"), operand(against, "("),
                                             against->text.data, operand(against, ")"));
    return draft->edit.judged ? MQ_OK : mq_fail_memory(b->error);
}

/* Adds what the tree names to the rule's inputs, each once. */
static void add_inputs(struct mq_rule *rule, int *all, const int *input, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < rule->inputs && all[k] != input[i])
            k++;
        if (k == rule->inputs)
            all[rule->inputs++] = input[i];
    }
}

static enum mq_status compile(struct mq_binder *b, struct expression *expression,
                              struct mq_rule *rule, int *all)
{
    const struct mq_ast *tree;
    int *input;
    size_t count;
    if (!expression->at)
        return MQ_OK;
    const struct mq_formula_source *source = &expression->source;
    MQ_TRY(mq_formula_parse(source, &tree));
    MQ_TRY(mq_formula_compile(source, tree, MQ_ROLE_VALUE, NULL, &b->model->arena,
                              &expression->program));
    MQ_TRY(mq_formula_inputs(source, tree, &b->scratch, &input, &count));
    add_inputs(rule, all, input, count);
    expression->whole.length = 0;
    return mq_formula_expand(source, true, &expression->whole);
}

/* What no key shows alone. */
static enum mq_status check_whole(struct mq_binder *b, const struct mq_yaml *map,
                                  const struct draft *draft)
{
    const struct mq_choice *choice = &draft->edit.choice;
    const struct mq_method *method = b->catalogue->methods[MQ_EDIT][choice->method];
    const char *fault = method->fault ? method->fault(choice) : NULL;
    if (fault)
        return mq_bind_fail(b, map, "%s: %s", method->name, fault);
    if (method->compares && !draft->against.at)
        return mq_bind_fail(b, map,
                            "%s needs the key \"against\": what the value is compared with, like "
                            "against: \"revenue[-1]\"",
                            method->name);
    return MQ_OK;
}

static enum mq_status bind_correct(struct mq_binder *b, const struct mq_yaml *value,
                                   struct mq_edit *edit)
{
    static const char *const flags[] = {"false", "true"};
    int correct = 0;
    if (value)
        MQ_TRY(mq_bind_choice(b, value, flags, 2, "values", &correct));
    edit->correct = correct;
    return MQ_OK;
}

/* Only of an amount found too large by a power of ten is it known what it should have been. */
static enum mq_status check_correct(struct mq_binder *b, const struct mq_yaml *map,
                                    const struct mq_rule *rule, struct mq_edit *edit)
{
    const struct mq_yaml *correct = mq_yaml_get(map, "correct");
    const char *method = b->catalogue->methods[MQ_EDIT][edit->choice.method]->name;
    int decimals = 0;
    if (!edit->correct)
        return MQ_OK;
    if (strcmp(method, "unit") != 0)
        return mq_bind_fail(b, correct, "%s only finds values; the method unit can correct them",
                            method);
    if (rule->severity == MQ_REJECT)
        return mq_bind_fail(b, correct,
                            "a rule that rejects rows cannot correct them; let its severity be "
                            "warn or info");
    edit->corrects = mq_program_amount(edit->value, &decimals);
    if (edit->corrects < 0 || b->model->input[edit->corrects].decimals != decimals)
        return mq_bind_fail(b, correct,
                            "only an amount as it stands can be corrected; \"of\" is more");
    return MQ_OK;
}

static enum mq_status bind_draft(struct mq_binder *b, const struct mq_yaml *map,
                                 const struct mq_names *names, struct draft *draft,
                                 struct mq_rule *rule)
{
    struct mq_model *model = b->model;
    MQ_TRY(mq_bind_aggregation(b, map, MQ_EDIT, own, &draft->edit.choice));
    MQ_TRY(start(b, map, "of", names, &draft->of));
    MQ_TRY(start(b, map, "against", names, &draft->against));
    if (!draft->of.at)
        return mq_bind_fail(b, map, "an edit needs the key \"of\": the value that is judged");
    MQ_TRY(bind_by(b, mq_yaml_get(map, "by"), &draft->edit));
    MQ_TRY(bind_correct(b, mq_yaml_get(map, "correct"), &draft->edit));
    MQ_TRY(set_texts(b, draft, rule)); /* from here on the rule may be told as broken */
    MQ_TRY(check_whole(b, map, draft));
    int *all = mq_arena_array(&model->arena, model->inputs + 1, sizeof *all);
    if (!all)
        return mq_fail_memory(b->error);
    MQ_TRY(compile(b, &draft->of, rule, all));
    MQ_TRY(compile(b, &draft->against, rule, all));
    add_inputs(rule, all, draft->edit.by, draft->edit.bys);
    rule->input = all;
    rule->late = true;
    draft->edit.value = draft->of.program;
    draft->edit.against = draft->against.program;
    MQ_TRY(set_judged(b, draft));
    MQ_TRY(check_correct(b, map, rule, &draft->edit));
    return set_texts(b, draft, rule);
}

enum mq_status mq_bind_edit(struct mq_binder *b, const struct mq_yaml *edit,
                            const struct mq_names *names, struct mq_rule *rule)
{
    struct mq_model *model = b->model;
    struct draft draft = {0};
    if (edit->kind != MQ_YAML_MAP)
        return mq_bind_fail(b, edit,
                            "an edit is written {method: ..., of: revenue, by: [industry]}");
    enum mq_status status = bind_draft(b, edit, names, &draft, rule);
    mq_buffer_clear(&draft.of.text);
    mq_buffer_clear(&draft.of.whole);
    mq_buffer_clear(&draft.against.text);
    mq_buffer_clear(&draft.against.whole);
    MQ_TRY(status);
    void *array = model->edit;
    if (!mq_grow(&model->arena, &array, model->edits, sizeof draft.edit))
        return mq_fail_memory(b->error);
    model->edit = array;
    rule->edit = (int)model->edits;
    model->edit[model->edits++] = draft.edit;
    return MQ_OK;
}
