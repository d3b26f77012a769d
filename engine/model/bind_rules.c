/* scope: and rules:, also those in files of their own, and how a formula is reached from YAML. */
#include "model/binder.h"

#include <stdlib.h>
#include <string.h>

#include "model/print_yaml.h"

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
                                         .error = b->error,
                                         .model = b->model,
                                         .member = -1};
    return MQ_OK;
}

enum mq_status mq_bind_condition(struct mq_binder *b, const struct mq_yaml *scalar,
                                 const char *name, struct mq_condition *condition)
{
    struct mq_formula_source source = {0};
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
    const char *id, *title, *origin, *date;
    const struct mq_yaml *check, *edit, *severity;
    double tolerance;
};

static const struct mq_key keys[] = {
    {"id", true, mq_bind_id, offsetof(struct draft, id), 0, 0},
    {"check", false, mq_bind_keep, offsetof(struct draft, check), 0, 0},
    {"edit", false, mq_bind_keep, offsetof(struct draft, edit), 0, 0},
    {"severity", false, mq_bind_keep, offsetof(struct draft, severity), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct draft, title), 0, 0},
    {"tolerance", false, mq_bind_real, offsetof(struct draft, tolerance), 0, 0},
    {"origin", false, mq_bind_text, offsetof(struct draft, origin), 0, 0},
    {"date", false, mq_bind_text, offsetof(struct draft, date), 0, 0},
};
static const struct mq_section section = MQ_SECTION("a rule", keys);

/* Rules that share names and defaults: those of the model or of one file. */
struct source {
    const char *file; /* as written, NULL: the model */
    const char *origin, *date;
    const struct mq_names *names;
};

/* Where the id of a rule stands, for rules of the same id. */
struct place {
    const char *path;
    struct mq_position at;
};

struct rules {
    struct mq_binder *b;
    struct source source;
    struct place *place; /* by rule */
};

/* 2024-02-29 */
static enum mq_status check_date(struct mq_binder *b, const struct mq_yaml *map, const char *date)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    char quoted[MQ_QUOTED];
    bool form = strlen(date) == 10 && date[4] == '-' && date[7] == '-';
    for (size_t i = 0; form && i < 10; i++)
        form = i == 4 || i == 7 || (date[i] >= '0' && date[i] <= '9');
    if (form) {
        int year = atoi(date), month = atoi(date + 5), day = atoi(date + 8);
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        if (month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] &&
            (leap || month != 2 || day < 29))
            return MQ_OK;
    }
    return mq_bind_fail(b, mq_yaml_get(map, "date"), "\"%s\" is no date like 2024-12-31",
                        mq_quoted(mq_text(date), quoted));
}

static bool is_late(const struct mq_program *program, const struct mq_model *model)
{
    for (size_t i = 0; i < program->count; i++)
        if (program->code[i].op == MQ_OP_NUMBER && program->code[i].input >= (int)model->inputs)
            return true;
    return false;
}

static enum mq_status set_written(struct mq_binder *b, const char *text, struct mq_rule *rule)
{
    struct mq_buffer yaml = MQ_BUFFER_EMPTY;
    mq_buffer_text(&yaml, "check: ");
    mq_yaml_text(&yaml, text);
    rule->written = yaml.failed ? NULL : mq_arena_string(&b->model->arena, yaml.data, yaml.length);
    mq_buffer_clear(&yaml);
    return rule->written ? MQ_OK : mq_fail_memory(b->error);
}

/* The check's text for people and for the printed model. */
static enum mq_status bind_texts(struct mq_binder *b, const struct mq_formula_source *source,
                                 struct mq_rule *rule)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY, whole = MQ_BUFFER_EMPTY;
    enum mq_status status = mq_formula_expand(source, false, &text);
    if (status == MQ_OK)
        status = mq_formula_expand(source, true, &whole);
    if (status == MQ_OK)
        rule->text = mq_arena_string(&b->model->arena, text.data, text.length);
    if (status == MQ_OK)
        status = rule->text ? set_written(b, whole.data, rule) : mq_fail_memory(b->error);
    mq_buffer_clear(&text);
    mq_buffer_clear(&whole);
    return status;
}

static enum mq_status bind_check(struct mq_binder *b, const struct mq_formula_source *source,
                                 struct mq_rule *rule)
{
    const struct mq_ast *tree = NULL;
    struct mq_arena *arena = &b->model->arena;
    int *input = NULL;
    rule->text = mq_arena_string(arena, source->text.s, source->text.n);
    if (!rule->text)
        return mq_fail_memory(b->error);
    MQ_TRY(set_written(b, rule->text, rule));
    MQ_TRY(mq_formula_parse(source, &tree));
    MQ_TRY(mq_formula_compile(source, tree, MQ_ROLE_CONDITION, NULL, arena, &rule->check));
    MQ_TRY(mq_formula_inputs(source, tree, arena, &input, &rule->inputs));
    rule->late = is_late(rule->check, b->model);
    rule->input = input;
    if (rule->inputs == 0 && !rule->late)
        return mq_bind_fail(b, source->scalar,
                            "\"check\" names no input: it says the same of every row");
    MQ_TRY(mq_formula_linear(source, tree, arena, rule));
    return bind_texts(b, source, rule);
}

/* A rule that cannot be understood asks for nothing. */
static enum mq_status set_broken(struct mq_binder *b, const struct mq_error *error,
                                 struct mq_rule *rule)
{
    char text[sizeof error->file + sizeof error->message + 64];
    mq_error_text(error, text, sizeof text);
    rule->broken = mq_arena_string(&b->model->arena, text, strlen(text));
    rule->check = NULL;
    rule->input = NULL;
    rule->inputs = 0;
    rule->linears = 0;
    rule->late = false;
    rule->edit = -1;
    return rule->broken ? MQ_OK : mq_fail_memory(b->error);
}

/* Columns that only the broken rule asked for. */
static void forget(struct mq_model *model, size_t tests, size_t deriveds, size_t edits)
{
    while (model->tests > tests)
        mq_pattern_free(model->test[--model->tests].matcher);
    model->deriveds = deriveds;
    model->edits = edits;
}

/* `source` is the check's, or NULL for an edit. */
static enum mq_status bind_content(struct rules *rules, const struct draft *draft,
                                   struct mq_formula_source *source, struct mq_rule *rule)
{
    struct mq_binder *b = rules->b;
    struct mq_model *model = b->model;
    size_t tests = model->tests, deriveds = model->deriveds, edits = model->edits;
    struct mq_error error = {0}, *outer = b->error;
    b->error = &error;
    if (source)
        source->error = &error;
    enum mq_status status = source ? bind_check(b, source, rule)
                                   : mq_bind_edit(b, draft->edit, rules->source.names, rule);
    b->error = outer;
    if (source)
        source->error = outer;
    if (status == MQ_BAD_MODEL && rule->written && !(b->flags & MQ_MODEL_STRICT)) {
        forget(model, tests, deriveds, edits);
        return set_broken(b, &error, rule);
    }
    if (status != MQ_OK && outer)
        *outer = error;
    return status;
}

/* Refuses an id seen before, in whichever file. */
static enum mq_status check_once(struct rules *rules, const struct mq_yaml *id, const char *name)
{
    const struct mq_model *model = rules->b->model;
    const char *path = rules->b->file->path;
    for (size_t i = 0; i < model->rules; i++) {
        const struct place *place = &rules->place[i];
        if (strcmp(model->rule[i].id, name) == 0)
            return mq_bind_fail(
                rules->b, id, "rule \"%s\" is already at %s%s%ld:%ld; ids must differ", name,
                strcmp(path, place->path) == 0 ? "" : place->path,
                strcmp(path, place->path) == 0 ? "" : ":", place->at.line, place->at.column);
    }
    return MQ_OK;
}

static enum mq_status add_rule(struct rules *rules, const struct mq_yaml *map,
                               const struct mq_rule *rule)
{
    struct mq_model *model = rules->b->model;
    const struct mq_yaml *id = mq_yaml_get(map, "id");
    void *array = model->rule, *places = rules->place;
    MQ_TRY(check_once(rules, id, rule->id));
    if (!mq_grow(&model->arena, &array, model->rules, sizeof *rule) ||
        !mq_grow(&rules->b->scratch, &places, model->rules, sizeof *rules->place))
        return mq_fail_memory(rules->b->error);
    model->rule = array;
    rules->place = places;
    rules->place[model->rules] = (struct place){rules->b->file->path, id->at};
    model->rule[model->rules++] = *rule;
    return MQ_OK;
}

/* A check that names two groups: source->error says so. */
static enum mq_status refuse_group(struct rules *rules, const struct mq_yaml *map,
                                   const struct mq_rule *common,
                                   const struct mq_formula_source *source)
{
    struct mq_binder *b = rules->b;
    struct mq_rule rule = *common;
    if (source->error->status != MQ_BAD_MODEL || b->flags & MQ_MODEL_STRICT) {
        if (b->error)
            *b->error = *source->error;
        return source->error->status;
    }
    rule.text = mq_arena_string(&b->model->arena, source->text.s, source->text.n);
    if (!rule.text)
        return mq_fail_memory(b->error);
    MQ_TRY(set_written(b, rule.text, &rule));
    MQ_TRY(set_broken(b, source->error, &rule));
    return add_rule(rules, map, &rule);
}

/* One rule per input of the group, if the check names one. */
static enum mq_status bind_checks(struct rules *rules, const struct mq_yaml *map,
                                  const struct draft *draft, const struct mq_rule *common)
{
    struct mq_binder *b = rules->b;
    struct mq_formula_source source = {0};
    const struct mq_group *group;
    MQ_TRY(mq_bind_source(b, draft->check, "check", &source));
    source.names = rules->source.names;
    source.rule = true;
    source.tolerance = draft->tolerance >= 0 ? draft->tolerance : MQ_TOLERANCE;
    struct mq_error error = {0};
    source.error = &error;
    enum mq_status status = mq_formula_group(&source, &group);
    if (status != MQ_OK)
        return refuse_group(rules, map, common, &source);
    for (size_t i = 0; i < (group ? group->count : 1); i++) {
        struct mq_rule rule = *common;
        if (group) {
            source.member = (int)i;
            rule.id = mq_arena_format(&b->model->arena, "%s.%s", common->id,
                                      b->model->input[group->input[i]].id);
            if (!rule.id)
                return mq_fail_memory(b->error);
        }
        rule.title = draft->title ? draft->title : rule.id;
        MQ_TRY(bind_content(rules, draft, &source, &rule));
        MQ_TRY(add_rule(rules, map, &rule));
    }
    return MQ_OK;
}

static enum mq_status check_keys(struct mq_binder *b, const struct mq_yaml *map,
                                 const struct draft *draft)
{
    if (!draft->check && !draft->edit)
        return mq_bind_fail(b, map, "a rule needs the key \"check\" (or \"edit\")");
    if (draft->check && draft->edit)
        return mq_bind_fail(b, draft->edit, "a rule has a check or an edit, not both");
    const struct mq_yaml *tolerance = mq_yaml_get(map, "tolerance");
    if (tolerance && draft->edit)
        return mq_bind_fail(b, tolerance, "an edit has no tolerance; a check has");
    if (tolerance && !(draft->tolerance >= 0))
        return mq_bind_fail(b, tolerance, "\"tolerance\" is a number from 0, in natural units");
    return mq_yaml_get(map, "date") ? check_date(b, map, draft->date) : MQ_OK;
}

static enum mq_status bind_rule(struct rules *rules, const struct mq_yaml *map)
{
    static const char *const severities[] = {"info", "warn", "reject"};
    struct mq_binder *b = rules->b;
    struct draft draft = {
        .origin = rules->source.origin, .date = rules->source.date, .tolerance = -1};
    int severity = MQ_WARN; /* a rule that does not say so throws no row away */
    MQ_TRY(mq_bind_map(b, map, &section, &draft));
    MQ_TRY(check_keys(b, map, &draft));
    MQ_TRY(check_once(rules, mq_yaml_get(map, "id"), draft.id));
    if (draft.severity)
        MQ_TRY(mq_bind_choice(b, draft.severity, severities, 3, "severities", &severity));
    struct mq_rule rule = {.id = draft.id,
                           .title = draft.title ? draft.title : draft.id,
                           .severity = (enum mq_severity)severity,
                           .at = map->at,
                           .origin = draft.origin,
                           .date = draft.date,
                           .file = rules->source.file,
                           .tolerance = draft.tolerance,
                           .edit = -1};
    if (draft.check)
        return bind_checks(rules, map, &draft, &rule);
    MQ_TRY(bind_content(rules, &draft, NULL, &rule));
    return add_rule(rules, map, &rule);
}

/* ---- lists of rules, files of rules ---- */

struct file {
    const char *origin, *date;
    const struct mq_yaml *rules, *define, *groups;
};

static const struct mq_key file_keys[] = {
    {"rules", true, mq_bind_keep, offsetof(struct file, rules), 0, 0},
    {"define", false, mq_bind_keep, offsetof(struct file, define), 0, 0},
    {"groups", false, mq_bind_keep, offsetof(struct file, groups), 0, 0},
    {"origin", false, mq_bind_text, offsetof(struct file, origin), 0, 0},
    {"date", false, mq_bind_text, offsetof(struct file, date), 0, 0},
};
static const struct mq_section file_section = MQ_SECTION("a file of rules", file_keys);

/* The file's YAML; its bytes stay until binding ends, because formulas are placed in them. */
static enum mq_status read_yaml(struct mq_binder *b, const char *path,
                                const struct mq_yaml_file **file, const struct mq_yaml **root)
{
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    struct mq_sha256 digest;
    enum mq_status status = mq_read_file(path, &content, b->error);
    const char *bytes =
        status == MQ_OK
            ? mq_arena_string(&b->scratch, content.data ? content.data : "", content.length)
            : NULL;
    struct mq_yaml_file *made = mq_arena_alloc(&b->scratch, sizeof *made);
    if (status == MQ_OK && (!bytes || !made))
        status = mq_fail_memory(b->error);
    if (status == MQ_OK)
        status = mq_sha256_bytes(bytes, content.length, &digest, b->error);
    if (status == MQ_OK && bytes && made) {
        size_t mark = content.length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        *made = (struct mq_yaml_file){bytes + mark, content.length - mark, path};
        mq_buffer_format(&b->digests, "%s\n", digest.hex);
        *file = made;
        status = mq_yaml_read(made, &b->scratch, root, b->error);
    }
    mq_buffer_clear(&content);
    return status;
}

static enum mq_status bind_file(struct rules *rules, const struct mq_yaml *name)
{
    struct mq_binder *b = rules->b;
    const struct mq_yaml_file *model_file = b->file;
    struct source model_source = rules->source;
    struct file file = {.origin = "", .date = ""};
    const struct mq_yaml *root = NULL;
    const char *path = NULL;
    MQ_TRY(mq_bind_path(b, name, "rules", &rules->source.file, &path));
    if (b->flags & MQ_MODEL_NO_CODES) {
        rules->source = model_source;
        return MQ_OK;
    }
    MQ_TRY(read_yaml(b, path, &b->file, &root));
    MQ_TRY(mq_bind_map(b, root, &file_section, &file));
    if (*file.date)
        MQ_TRY(check_date(b, root, file.date));
    MQ_TRY(mq_bind_names(b, file.define, file.groups, model_source.names, &rules->source.names));
    MQ_TRY(mq_bind_list(b, file.rules, "rules"));
    rules->source.origin = file.origin;
    rules->source.date = file.date;
    for (size_t i = 0; i < file.rules->count; i++)
        MQ_TRY(bind_rule(rules, file.rules->item[i]));
    b->file = model_file;
    rules->source = model_source;
    return MQ_OK;
}

enum mq_status mq_bind_rules(struct mq_binder *b, const struct mq_yaml *list)
{
    struct rules rules = {.b = b, .source = {.origin = "", .date = ""}};
    MQ_TRY(mq_bind_names(b, b->define, b->groups, NULL, &rules.source.names));
    b->names = rules.source.names;
    if (!list)
        return MQ_OK;
    MQ_TRY(mq_bind_list(b, list, "rules"));
    for (size_t i = 0; i < list->count; i++) {
        const struct mq_yaml *item = list->item[i];
        MQ_TRY(item->kind == MQ_YAML_SCALAR ? bind_file(&rules, item) : bind_rule(&rules, item));
    }
    return MQ_OK;
}
