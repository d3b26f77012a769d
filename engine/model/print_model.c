/* The model as resolved, with every default written out. */
#include "model/model.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/print_choice.h"
#include "model/print_corrections.h"
#include "model/print_plan.h"
#include "model/print_yaml.h"

struct printer {
    const struct mq_model *model;
    const struct mq_catalogue *catalogue;
    struct mq_buffer *yaml;
};

static const char item[] = "  - ", more[] = "    ";

/* Absolute, links followed; a file that is gone keeps its name below the current folder.
 * `directory` is where a path as written starts from, or "". */
static void print_path(struct mq_buffer *yaml, const char *directory, const char *path)
{
    char here[PATH_MAX];
    struct mq_buffer whole = MQ_BUFFER_EMPTY;
    if (*path != '/' && *directory)
        mq_buffer_format(&whole, "%s/", directory);
    mq_buffer_text(&whole, path);
    char *real = whole.failed ? NULL : realpath(whole.data, NULL);
    if (!real && !whole.failed && *whole.data != '/' && getcwd(here, sizeof here)) {
        struct mq_buffer longer = MQ_BUFFER_EMPTY;
        mq_buffer_format(&longer, "%s/%s", here, whole.data);
        mq_buffer_clear(&whole);
        whole = longer;
    }
    yaml->failed |= whole.failed;
    mq_yaml_text(yaml, real ? real : whole.failed ? "" : whole.data);
    free(real);
    mq_buffer_clear(&whole);
}

static void print_head(const struct printer *p)
{
    const struct mq_model *model = p->model;
    mq_buffer_text(p->yaml, "mqci: 1\n");
    mq_yaml_pair(p->yaml, "", "id", model->id);
    mq_yaml_pair(p->yaml, "", "edition", model->edition);
    mq_yaml_pair(p->yaml, "", "title", model->title);
    mq_yaml_pair(p->yaml, "", "source", model->source);
    mq_yaml_flow(p->yaml, "", "assumptions", model->assumption, model->assumptions);
    mq_yaml_pair(p->yaml, "", "rounding",
                 model->rounding == MQ_HALF_EVEN ? "half_even" : "half_up");
    mq_buffer_format(p->yaml, "decimals: %d\n", model->decimals);
    mq_buffer_format(p->yaml, "disclosure: {min_enterprises: %d}\n", model->min_enterprises);
    mq_yaml_flow(p->yaml, "", "missing", model->missing, model->missings);
    if (model->counted) {
        mq_buffer_text(p->yaml, "counted: {name: ");
        mq_yaml_text(p->yaml, model->counted);
        mq_buffer_text(p->yaml, ", measure: ");
        mq_yaml_text(p->yaml, model->measure ? model->measure : "");
        mq_buffer_text(p->yaml, "}\n");
    }
    if (model->lists)
        mq_buffer_text(p->yaml, "codes:\n");
    for (size_t i = 0; i < model->lists; i++) {
        mq_buffer_text(p->yaml, "  ");
        mq_yaml_text(p->yaml, model->list_id[i]);
        mq_buffer_text(p->yaml, ": ");
        print_path(p->yaml, "", model->list[i].path);
        mq_buffer_text(p->yaml, "\n");
    }
}

static void print_inputs(const struct printer *p)
{
    static const char *const types[] = {"key", "period", "code", "amount", "number"};
    mq_buffer_text(p->yaml, "inputs:\n");
    for (size_t i = 0; i < p->model->inputs; i++) {
        const struct mq_input *input = &p->model->input[i];
        mq_yaml_pair(p->yaml, item, "id", input->id);
        mq_yaml_flow(p->yaml, more, "column", input->alias, input->aliases);
        mq_yaml_pair(p->yaml, more, "type", types[input->type]);
        if (input->list >= 0)
            mq_yaml_pair(p->yaml, more, "list", p->model->list_id[input->list]);
        if (input->type == MQ_AMOUNT)
            mq_buffer_format(p->yaml, "%sdecimals: %d\n", more, input->decimals);
        mq_yaml_pair(p->yaml, more, "unit", input->unit);
        mq_yaml_pair(p->yaml, more, "title", input->title);
        if (*input->row)
            mq_yaml_pair(p->yaml, more, "row", input->row);
    }
}

static void print_concordance(const struct printer *p)
{
    const struct mq_model *model = p->model;
    if (model->histories)
        mq_buffer_text(p->yaml, "concordance:\n");
    for (size_t i = 0; i < model->histories; i++) {
        const struct mq_list_history *history = &model->history[i];
        bool always = !history->span[0].until[0];
        mq_buffer_text(p->yaml, "  ");
        mq_yaml_text(p->yaml, model->list_id[history->list]);
        mq_buffer_text(p->yaml, ": {file: ");
        print_path(p->yaml, "", history->path);
        mq_buffer_text(p->yaml, always ? ", edition: " : ", until: {");
        for (size_t k = 0; k < history->spans; k++) {
            if (!always) {
                mq_buffer_text(p->yaml, k ? ", " : "");
                mq_yaml_text(p->yaml, history->span[k].until);
                mq_buffer_text(p->yaml, ": ");
            }
            mq_yaml_text(p->yaml, history->span[k].edition);
        }
        mq_buffer_text(p->yaml, always ? "}\n" : "}}\n");
    }
}

static void print_design(const struct printer *p)
{
    static const char *const singles[] = {"fail", "certainty", "adjust", "average"};
    static const char *const intervals[] = {"logit", "wald", "wilson", "beta"};
    const struct mq_design *design = p->model->design;
    if (!design)
        return;
    const struct {
        const char *key;
        int input;
    } inputs[] = {{"weight", design->weight},
                  {"strata", design->strata},
                  {"psu", design->psu},
                  {"fpc", design->fpc}};
    mq_buffer_text(p->yaml, "design: {");
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        if (inputs[i].input < 0)
            continue;
        mq_buffer_format(p->yaml, "%s: ", inputs[i].key);
        mq_yaml_text(p->yaml, p->model->input[inputs[i].input].id);
        mq_buffer_text(p->yaml, ", ");
    }
    if (design->path) {
        mq_buffer_text(p->yaml, "fpc: {file: ");
        print_path(p->yaml, "", design->path);
        mq_buffer_text(p->yaml, "}, ");
    }
    if (design->rake) {
        mq_buffer_text(p->yaml, "rake: {file: ");
        print_path(p->yaml, "", design->rake);
        mq_buffer_text(p->yaml, "}, ");
    }
    mq_buffer_format(p->yaml, "single: %s}\nconfidence: ", singles[design->single]);
    mq_buffer_real(p->yaml, design->confidence);
    mq_buffer_format(p->yaml, "\ninterval: %s\n", intervals[design->interval]);
}

/* region, or region.city */
static void print_part(const struct printer *p, const char *input, const char *part)
{
    struct mq_buffer name = MQ_BUFFER_EMPTY;
    mq_buffer_format(&name, *part ? "%s.%s" : "%s", input, part);
    mq_yaml_text(p->yaml, name.failed ? "" : name.data);
    p->yaml->failed |= name.failed;
    mq_buffer_clear(&name);
}

static void print_tables(const struct printer *p)
{
    if (p->model->lookups)
        mq_buffer_text(p->yaml, "tables:\n");
    for (size_t i = 0; i < p->model->lookups; i++) {
        const struct mq_lookup *table = &p->model->lookup[i];
        mq_buffer_format(p->yaml, "  %s: {file: ", table->id);
        print_path(p->yaml, "", table->path);
        mq_buffer_text(p->yaml, ", key: ");
        mq_yaml_text(p->yaml, table->key);
        mq_buffer_text(p->yaml, ", by: ");
        print_part(p, p->model->input[table->input].id, table->part);
        mq_buffer_text(p->yaml, "}\n");
    }
}

static void print_rules(const struct printer *p)
{
    static const char *const severities[] = {"info", "warn", "reject"};
    if (p->model->scope)
        mq_yaml_pair(p->yaml, "", "scope", p->model->scope_text);
    mq_buffer_text(p->yaml, p->model->rules ? "rules:\n" : "rules: []\n");
    for (size_t i = 0; i < p->model->rules; i++) {
        const struct mq_rule *rule = &p->model->rule[i];
        mq_yaml_pair(p->yaml, item, "id", rule->id);
        mq_buffer_format(p->yaml, "%s%s\n", more, rule->written);
        mq_yaml_pair(p->yaml, more, "severity", severities[rule->severity]);
        mq_yaml_pair(p->yaml, more, "title", rule->title);
        if (rule->tolerance >= 0) {
            mq_buffer_format(p->yaml, "%stolerance: ", more);
            mq_buffer_real(p->yaml, rule->tolerance);
            mq_buffer_text(p->yaml, "\n");
        }
        if (*rule->origin)
            mq_yaml_pair(p->yaml, more, "origin", rule->origin);
        if (*rule->date)
            mq_yaml_pair(p->yaml, more, "date", rule->date);
    }
}

static void print_localise(const struct printer *p)
{
    const struct mq_localise_plan *plan = p->model->localise;
    const char *comma = "";
    if (!plan)
        return;
    mq_buffer_text(p->yaml, "localise: {weights: {");
    for (size_t i = 0; i < p->model->inputs; i++) {
        const struct mq_input *input = &p->model->input[i];
        if (input->type != MQ_AMOUNT && input->type != MQ_NUMBER)
            continue;
        mq_buffer_text(p->yaml, comma);
        mq_yaml_text(p->yaml, input->id);
        mq_buffer_text(p->yaml, ": ");
        if (isfinite(plan->weight[i]))
            mq_buffer_real(p->yaml, plan->weight[i]);
        else
            mq_buffer_text(p->yaml, "never");
        comma = ", ";
    }
    mq_buffer_format(p->yaml, "}, most_fields: %d}\n", plan->most_fields);
}

static void print_axes(const struct printer *p, const struct mq_level *level)
{
    struct mq_buffer name = MQ_BUFFER_EMPTY;
    mq_buffer_format(p->yaml, "%sby: [", more);
    for (size_t i = 0; i < level->axes; i++) {
        name.length = 0;
        mq_buffer_text(&name, p->model->input[level->axis[i].input].id);
        if (*level->axis[i].part)
            mq_buffer_format(&name, ".%s", level->axis[i].part);
        mq_buffer_text(p->yaml, i ? ", " : "");
        mq_yaml_text(p->yaml, name.failed ? "" : name.data);
    }
    mq_buffer_text(p->yaml, "]\n");
    p->yaml->failed |= name.failed;
    mq_buffer_clear(&name);
}

static void print_levels(const struct printer *p)
{
    static const char *const policies[] = {"fail", "renormalise", "borrow"};
    mq_buffer_text(p->yaml, "levels:\n");
    for (size_t i = 0; i < p->model->levels; i++) {
        const struct mq_level *level = &p->model->level[i];
        mq_yaml_pair(p->yaml, item, "id", level->id);
        mq_yaml_pair(p->yaml, more, "title", level->title);
        print_axes(p, level);
        if (level->rollup.of < 0)
            continue;
        mq_buffer_format(p->yaml, "%srollup: {of: ", more);
        mq_yaml_text(p->yaml, p->model->level[level->rollup.of].id);
        mq_buffer_text(p->yaml, ", weights: ");
        print_path(p->yaml, p->model->directory, level->rollup.path);
        mq_buffer_format(p->yaml, ", empty: %s", policies[level->rollup.empty]);
        for (size_t k = 0; k < level->rollup.froms; k++) {
            mq_buffer_text(p->yaml, k ? ", " : ", from: [");
            mq_yaml_text(p->yaml, p->model->level[level->rollup.from[k]].id);
        }
        if (level->rollup.froms)
            mq_buffer_format(p->yaml, "], else: %s", policies[level->rollup.otherwise]);
        mq_buffer_text(p->yaml, "}\n");
    }
}

/* With a goalposts file only what the model itself says is written, so that the file still decides
 * the rest. */
static void print_choice(const struct printer *p, enum mq_family family,
                         const struct mq_choice *choice, bool only_given)
{
    mq_print_choice(p->yaml, p->catalogue, family, choice, only_given);
}

static void print_preparation(const struct printer *p, const char *key, enum mq_family family,
                              const struct mq_choice *choice)
{
    if (choice->method < 0)
        return;
    mq_buffer_format(p->yaml, "%s%s: ", more, key);
    print_choice(p, family, choice, false);
    mq_buffer_text(p->yaml, "}\n");
}

static void print_codes(const struct printer *p, const char *key, const char *const *codes,
                        size_t count)
{
    if (!count)
        return;
    mq_buffer_format(p->yaml, ", %s: [", key);
    for (size_t i = 0; i < count; i++) {
        mq_buffer_text(p->yaml, i ? ", " : "");
        mq_yaml_text(p->yaml, codes[i]);
    }
    mq_buffer_text(p->yaml, "]");
}

static void print_screen(const struct printer *p)
{
    const struct mq_screen *screen = &p->model->screen;

    if (!screen->asked)
        return;
    mq_buffer_text(p->yaml, "screen: {min_available: ");
    mq_buffer_real(p->yaml, screen->min_available);
    mq_buffer_text(p->yaml, ", min_nonzero: ");
    mq_buffer_real(p->yaml, screen->min_nonzero);
    print_codes(p, "keep", screen->keep, screen->keeps);
    print_codes(p, "drop", screen->drop, screen->drops);
    mq_buffer_text(p->yaml, "}\n");
}

static void print_growth(const struct printer *p, const struct mq_growth *growth)
{
    mq_buffer_format(p->yaml, "%sgrowth: {of: ", more);
    mq_yaml_text(p->yaml, p->model->node[growth->of].id);
    mq_buffer_text(p->yaml, growth->share ? ", share_of: " : ", over: ");
    mq_yaml_text(p->yaml, p->model->node[growth->over].id);
    mq_buffer_text(p->yaml, "}\n");
}

static void print_leaf(const struct printer *p, const struct mq_node *node)
{
    static const char *const references[] = {"fixed", "each", "pooled"};
    if (node->growth)
        print_growth(p, node->growth);
    else
        mq_yaml_pair(p->yaml, more, "formula", node->formula.text);
    if (node->pooled)
        mq_buffer_format(p->yaml, "%srollup: false\n", more);
    mq_yaml_pair(p->yaml, more, "direction", node->direction == MQ_DOWN ? "down" : "up");
    if (!node->growth) {
        mq_yaml_pair(p->yaml, more, "missing", node->missing == MQ_ZERO ? "zero" : "complete");
        mq_buffer_format(p->yaml, "%smin_coverage: ", more);
        mq_buffer_real(p->yaml, node->min_coverage);
        mq_buffer_text(p->yaml, "\n");
    }
    print_preparation(p, "impute", MQ_IMPUTE, &node->impute);
    print_preparation(p, "treat", MQ_TREAT, &node->treat);
    mq_buffer_format(p->yaml, "%snormalise: ", more);
    print_choice(p, MQ_NORMALISE, &node->normalise, node->goalposts != NULL);
    mq_buffer_text(p->yaml, ", reference: ");
    if (node->reference == MQ_REFERENCE_PERIOD) {
        mq_buffer_text(p->yaml, "{period: ");
        mq_yaml_text(p->yaml, node->reference_period);
        mq_buffer_text(p->yaml, "}");
    } else {
        mq_buffer_text(p->yaml, references[node->reference]);
    }
    if (node->goalposts) {
        mq_buffer_text(p->yaml, ", goalposts: ");
        print_path(p->yaml, p->model->directory, node->goalposts);
    }
    mq_buffer_text(p->yaml, "}\n");
}

/* Which data the weights come from, and the end of the map. */
static void print_weigh_data(const struct printer *p, const struct mq_node *node)
{
    if (node->weigh_level > 0) {
        mq_buffer_text(p->yaml, ", level: ");
        mq_yaml_text(p->yaml, p->model->level[node->weigh_level - 1].id);
    }
    if (node->weigh_reference == MQ_REFERENCE_POOLED)
        mq_buffer_text(p->yaml, ", reference: pooled");
    if (node->weigh_reference == MQ_REFERENCE_PERIOD) {
        mq_buffer_text(p->yaml, ", reference: {period: ");
        mq_yaml_text(p->yaml, node->weigh_period);
        mq_buffer_text(p->yaml, "}");
    }
    mq_buffer_text(p->yaml, "}");
}

static void print_parent(const struct printer *p, const struct mq_node *node)
{
    mq_buffer_format(p->yaml, "%scombine: ", more);
    print_choice(p, MQ_COMBINE, &node->combine, false);
    mq_buffer_format(p->yaml, "}\n%sweights: ", more);
    if (node->weigh.method >= 0) {
        print_choice(p, MQ_WEIGH, &node->weigh, false);
        print_weigh_data(p, node);
    } else {
        mq_buffer_text(p->yaml, node->normalise_weights ? "normalise" : "written");
    }
    mq_buffer_format(p->yaml, "\n%smissing_children: {method: ", more);
    if (node->missing_fail) {
        mq_buffer_text(p->yaml, "fail");
    } else {
        mq_buffer_text(p->yaml, "renormalise, min_share: ");
        mq_yaml_fraction(p->yaml, node->min_share.numerator, node->min_share.denominator);
    }
    mq_buffer_text(p->yaml, "}\n");
}

static void print_nodes(const struct printer *p)
{
    print_screen(p);
    mq_buffer_text(p->yaml, "indicators:\n");
    for (size_t i = 0; i < p->model->nodes; i++) {
        const struct mq_node *node = &p->model->node[i];
        mq_yaml_pair(p->yaml, item, "id", node->id);
        if (node->parent >= 0) {
            mq_yaml_pair(p->yaml, more, "parent", p->model->node[node->parent].id);
            mq_buffer_format(p->yaml, "%sweight: ", more);
            mq_yaml_fraction(p->yaml, node->weight.numerator, node->weight.denominator);
            mq_buffer_text(p->yaml, "\n");
        }
        mq_yaml_pair(p->yaml, more, "title", node->title);
        mq_yaml_pair(p->yaml, more, "unit", node->unit);
        if (node->leaf)
            print_leaf(p, node);
        else
            print_parent(p, node);
    }
}

static void print_bands(const struct printer *p)
{
    mq_buffer_text(p->yaml, p->model->bands ? "bands:\n" : "bands: []\n");
    for (size_t i = 0; i < p->model->bands; i++) {
        mq_buffer_format(p->yaml, "%sfrom: ", item);
        mq_buffer_real(p->yaml, p->model->band[i].from);
        mq_buffer_text(p->yaml, "\n");
        mq_yaml_pair(p->yaml, more, "title", p->model->band[i].title);
    }
}

enum mq_status mq_model_write(const struct mq_model *model, const struct mq_catalogue *catalogue,
                              struct mq_buffer *yaml, struct mq_error *error)
{
    const struct printer printer = {model, catalogue, yaml};
    print_head(&printer);
    print_inputs(&printer);
    print_concordance(&printer);
    print_design(&printer);
    print_tables(&printer);
    mq_print_corrections(yaml, model);
    print_rules(&printer);
    print_localise(&printer);
    print_levels(&printer);
    print_nodes(&printer);
    print_bands(&printer);
    mq_print_plan(yaml, model);
    return yaml->failed ? mq_fail_memory(error) : MQ_OK;
}
