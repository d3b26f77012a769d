/* A method chosen by name from its family, with its parameters. */
#include "model/binder.h"

#include <string.h>

int mq_catalogue_find(const struct mq_catalogue *catalogue, enum mq_family family, const char *name)
{
    for (size_t i = 0; i < catalogue->count[family]; i++)
        if (strcmp(catalogue->methods[family][i]->name, name) == 0)
            return (int)i;
    return -1;
}

static const struct mq_method *method_of(const struct mq_binder *b, enum mq_family family,
                                         int method)
{
    return b->catalogue->methods[family][method];
}

static size_t params_of(const struct mq_method *method)
{
    size_t count = 0;
    while (method->params && count < MQ_MAX_PARAMS && method->params[count].name)
        count++;
    return count;
}

static int find_param(const struct mq_method *method, const char *name)
{
    size_t count = params_of(method);
    for (size_t i = 0; i < count; i++)
        if (strcmp(method->params[i].name, name) == 0)
            return (int)i;
    return -1;
}

static enum mq_status bind_name(struct mq_binder *b, const struct mq_yaml *value,
                                enum mq_family family, int *method)
{
    static const char *const kinds[MQ_FAMILIES] = {[MQ_NORMALISE] = "no way to normalise is called",
                                                   [MQ_COMBINE] = "no way to combine is called",
                                                   [MQ_WEIGH] = "no way to weigh is called",
                                                   [MQ_EDIT] = "no edit is called",
                                                   [MQ_IMPUTE] = "no way to impute is called",
                                                   [MQ_TREAT] = "no treatment is called"};
    size_t count = b->catalogue->count[family];
    const char **names = mq_arena_array(&b->scratch, count + 1, sizeof *names);
    if (!names)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < count; i++)
        names[i] = method_of(b, family, (int)i)->name;
    *method =
        value->kind == MQ_YAML_SCALAR ? mq_catalogue_find(b->catalogue, family, value->text) : -1;
    return *method >= 0 ? MQ_OK : mq_bind_unknown(b, value, kinds[family], names, count, "methods");
}

static enum mq_status bind_param(struct mq_binder *b, const struct mq_yaml *value,
                                 const struct mq_param *param, double *number)
{
    static const char *const flags[] = {"false", "true"};
    const struct mq_key key = {.name = param->name};
    size_t choices = 0;
    int index = 0;
    if (param->kind == MQ_PARAM_REAL)
        return mq_bind_real(b, value, &key, number);
    if (param->kind == MQ_PARAM_FLAG) {
        MQ_TRY(mq_bind_choice(b, value, flags, 2, "values", &index));
    } else {
        while (param->choices[choices])
            choices++;
        MQ_TRY(mq_bind_choice(b, value, param->choices, choices, "values", &index));
    }
    *number = index;
    return MQ_OK;
}

static bool listed(const char *const *names, const char *name)
{
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

/* "linear" -> its parameters and the caller's own keys are what may be written. */
static enum mq_status unknown_param(struct mq_binder *b, const struct mq_yaml *key,
                                    const struct mq_method *method, const char *const *own)
{
    const char *known[MQ_MAX_PARAMS + 8];
    char problem[128];
    size_t count = 0, params = params_of(method);
    for (; count < params; count++)
        known[count] = method->params[count].name;
    for (; own && *own && count < sizeof known / sizeof *known; own++)
        known[count++] = *own;
    snprintf(problem, sizeof problem, "%.60s takes no parameter", method->name);
    return mq_bind_unknown(b, key, problem, known, count, "parameters");
}

/* Room for arguments, if the method has parameters that take them. */
static enum mq_status open_arguments(struct mq_binder *b, const struct mq_method *method,
                                     struct mq_choice *choice, struct mq_argument **argument)
{
    *argument = NULL;
    choice->argument = NULL;
    for (size_t i = 0; i < params_of(method); i++) {
        if (method->params[i].kind < MQ_PARAM_TEXT || *argument)
            continue;
        *argument = mq_arena_array(&b->model->arena, MQ_MAX_PARAMS, sizeof **argument);
        if (!*argument)
            return mq_fail_memory(b->error);
        choice->argument = *argument;
    }
    return MQ_OK;
}

enum mq_status mq_bind_method(struct mq_binder *b, const struct mq_yaml *value,
                              enum mq_family family, const char *const *own,
                              struct mq_choice *choice)
{
    const struct mq_yaml *name = value->kind == MQ_YAML_MAP ? mq_yaml_get(value, "method") : value;
    if (!name)
        return mq_bind_fail(b, value, "write which method, like {method: %s}",
                            b->catalogue->count[family] ? method_of(b, family, 0)->name : "...");
    MQ_TRY(bind_name(b, name, family, &choice->method));
    const struct mq_method *method = method_of(b, family, choice->method);
    size_t params = params_of(method);
    struct mq_argument *argument;
    MQ_TRY(open_arguments(b, method, choice, &argument));
    for (size_t i = 0; i < params; i++) {
        choice->param[i] = method->params[i].fallback;
        choice->given[i] = false;
    }
    for (size_t i = 0; value->kind == MQ_YAML_MAP && i < value->count; i++) {
        const char *key = value->key[i]->text;
        int param = find_param(method, key);
        if (param >= 0) {
            const struct mq_param *row = &method->params[param];
            MQ_TRY(row->kind >= MQ_PARAM_TEXT
                       ? mq_bind_argument(b, value->item[i], row, family, argument + param)
                       : bind_param(b, value->item[i], row, &choice->param[param]));
            choice->given[param] = true;
        } else if (strcmp(key, "method") != 0 && !listed(own, key)) {
            return unknown_param(b, value->key[i], method, own);
        }
    }
    return MQ_OK;
}

/* Required parameters, unless a goalposts file brings them. */
static enum mq_status check_required(struct mq_binder *b, const struct mq_yaml *value,
                                     enum mq_family family, const struct mq_choice *choice)
{
    const struct mq_method *method = method_of(b, family, choice->method);
    for (size_t i = 0; i < params_of(method); i++)
        if (method->params[i].required && !choice->given[i])
            return mq_bind_fail(b, value, "%s needs the parameter \"%s\"%s%s", method->name,
                                method->params[i].name, method->params[i].meaning ? ": " : "",
                                method->params[i].meaning ? method->params[i].meaning : "");
    return MQ_OK;
}

/* Reference points that cannot score anything, for whichever method has parameters of these names.
 */
static enum mq_status check_points(struct mq_binder *b, const struct mq_yaml *value,
                                   const struct mq_node *node)
{
    const struct mq_method *method = method_of(b, MQ_NORMALISE, node->normalise.method);
    const double *param = node->normalise.param;
    const bool *given = node->normalise.given;
    int fail = find_param(method, "fail"), pass = find_param(method, "pass");
    int low = find_param(method, "low"), high = find_param(method, "high");
    bool ends = low >= 0 && high >= 0 && (given[low] || !method->params[low].required) &&
                (given[high] || !method->params[high].required);
    if (ends && param[low] >= param[high])
        return mq_bind_fail(b, value, "low (%g) must be less than high (%g)", param[low],
                            param[high]);
    if (fail < 0 || pass < 0 || !given[fail] || !given[pass])
        return MQ_OK;
    if (param[fail] == param[pass])
        return mq_bind_fail(b, value, "fail and pass must differ, both are %g", param[fail]);
    if ((param[pass] > param[fail]) == (node->direction == MQ_DOWN))
        return mq_bind_fail(
            b, value,
            "direction is %s, yet pass (%g) is %s fail (%g); swap them or change the "
            "direction",
            node->direction == MQ_UP ? "up" : "down", param[pass],
            node->direction == MQ_UP ? "below" : "above", param[fail]);
    return MQ_OK;
}

/* fixed | each | pooled | {period: "2020"} */
static enum mq_status bind_reference(struct mq_binder *b, const struct mq_yaml *value,
                                     struct mq_node *node)
{
    static const char *const names[] = {"fixed", "each", "pooled"};
    static const struct mq_key keys[] = {{"period", true, mq_bind_text, 0, 0, 0}};
    static const struct mq_section section = MQ_SECTION("a reference", keys);
    int index = MQ_REFERENCE_PERIOD;
    if (value->kind == MQ_YAML_MAP)
        MQ_TRY(mq_bind_map(b, value, &section, &node->reference_period));
    else
        MQ_TRY(mq_bind_choice(b, value, names, 3, "references (or {period: ...})", &index));
    bool driven = method_of(b, MQ_NORMALISE, node->normalise.method)->data_driven;
    const char *name = method_of(b, MQ_NORMALISE, node->normalise.method)->name;
    if (driven && index == MQ_REFERENCE_FIXED)
        return mq_bind_fail(
            b, value,
            "%s takes its reference points from the data, so they cannot be fixed; write "
            "each, pooled or {period: ...}, or choose a method with goalposts",
            name);
    if (!driven && index != MQ_REFERENCE_FIXED)
        return mq_bind_fail(
            b, value, "%s takes nothing from the data; its reference can only be fixed", name);
    if (index == MQ_REFERENCE_PERIOD && b->model->period < 0)
        return mq_bind_fail(b, value, "the model has no input of type period");
    node->reference = (enum mq_reference)index;
    return MQ_OK;
}

enum mq_status mq_bind_normalise(struct mq_binder *b, const struct mq_yaml *value,
                                 struct mq_node *node)
{
    static const char *const own[] = {"reference", "goalposts", NULL};
    MQ_TRY(mq_bind_method(b, value, MQ_NORMALISE, own, &node->normalise));
    const struct mq_yaml *reference = mq_yaml_get(value, "reference");
    const struct mq_yaml *goalposts = mq_yaml_get(value, "goalposts");
    const struct mq_method *method = method_of(b, MQ_NORMALISE, node->normalise.method);
    node->reference = method->data_driven ? MQ_REFERENCE_EACH : MQ_REFERENCE_FIXED;
    if (reference)
        MQ_TRY(bind_reference(b, reference, node));
    if (goalposts) {
        if (params_of(method) == 0)
            return mq_bind_fail(b, goalposts, "%s has no parameters a file could bring",
                                method->name);
        const char *found;
        MQ_TRY(mq_bind_path(b, goalposts, "goalposts", &node->goalposts, &found));
    } else {
        MQ_TRY(check_required(b, value, MQ_NORMALISE, &node->normalise));
    }
    return check_points(b, value, node);
}

enum mq_status mq_bind_aggregation(struct mq_binder *b, const struct mq_yaml *value,
                                   enum mq_family family, const char *const *own,
                                   struct mq_choice *choice)
{
    MQ_TRY(mq_bind_method(b, value, family, own, choice));
    MQ_TRY(check_required(b, value, family, choice));
    const struct mq_method *method = method_of(b, family, choice->method);
    const char *fault = method->fault && family != MQ_EDIT ? method->fault(choice) : NULL;
    return fault ? mq_bind_fail(b, value, "%s: %s", method->name, fault) : MQ_OK;
}
