/* `mqci methods`: the catalogue, read from the rows the engine runs. */
#include "run/run.h"

#include <math.h>
#include <string.h>

static const char *const family_name[MQ_FAMILIES] = {"normalise", "combine", "weights",
                                                     "edit",      "impute",  "treat"};
static const char *const family_title[MQ_FAMILIES] = {
    "normalisers: raw indicator -> score",
    "combiners: scores of children -> score of the parent",
    "weights: how much each child counts",
    "edits: rows of a group -> which values are implausible",
    "imputers: what stands in for a missing indicator value",
    "treatments: what becomes of outliers before normalising"};

static void brief(const struct mq_method *method, struct mq_layout *layout)
{
    mq_layout_cell(layout, "%s", method->name);
    mq_layout_cell(layout, "%s", method->title);
    mq_layout_cell(layout, "%s", method->summary);
}

static void parameter(const struct mq_param *param, struct mq_layout *layout)
{
    mq_layout_cell(layout, "%s", param->name);
    if (param->required)
        mq_layout_cell(layout, "required");
    else if (param->kind >= MQ_PARAM_TEXT || isnan(param->fallback))
        mq_layout_cell(layout, "optional");
    else if (param->kind == MQ_PARAM_FLAG)
        mq_layout_cell(layout, "default %s", param->fallback != 0 ? "true" : "false");
    else if (param->kind == MQ_PARAM_CHOICE)
        mq_layout_cell(layout, "default %s", param->choices[(int)param->fallback]);
    else
        mq_layout_cell(layout, "default %g", param->fallback);
    mq_layout_cell(layout, "%s", param->meaning);
}

static void full(const char *family, const struct mq_method *method, struct mq_buffer *text)
{
    struct mq_layout layout = {.columns = 3};
    mq_buffer_format(text, "%s %s  %s\n\n  %s\n\n  formula     %s\n  reference   %s\n", family,
                     method->name, method->title, method->summary, method->formula,
                     method->reference);
    if (method->data_driven)
        mq_buffer_text(text,
                       "  fitted on   the data: reference each (default), pooled or {period: P}\n");
    if (!method->params || !method->params[0].name)
        return;
    mq_buffer_text(text, "\n  parameters\n");
    for (const struct mq_param *param = method->params; param->name; param++)
        parameter(param, &layout);
    mq_layout_print(&layout, 4, text);
}

static enum mq_status no_method(int family, const char *name, struct mq_error *error)
{
    const struct mq_catalogue *catalogue = mq_catalogue();
    const char *known[64];
    size_t count = catalogue->count[family] < 64 ? catalogue->count[family] : 64;
    for (size_t i = 0; i < count; i++)
        known[i] = catalogue->methods[family][i]->name;
    const char *near = mq_text_nearest(name, known, count);
    return mq_fail(error, MQ_USAGE, NULL, 0, 0, "no method `%s` in %s%s%s%s", name,
                   family_name[family], near ? "; did you mean `" : "", near ? near : "",
                   near ? "`?" : "");
}

/* A line of each method. */
static void overview(int family, struct mq_buffer *text)
{
    const struct mq_catalogue *catalogue = mq_catalogue();
    struct mq_layout layout = {.columns = 3};
    for (size_t i = 0; i < catalogue->count[family]; i++)
        brief(catalogue->methods[family][i], &layout);
    mq_buffer_format(text, "%s — %s\n", family_name[family], family_title[family]);
    mq_layout_print(&layout, 2, text);
}

/* All that is known of one method, or of each. */
static enum mq_status cards(int family, const char *name, struct mq_buffer *text,
                            struct mq_error *error)
{
    const struct mq_catalogue *catalogue = mq_catalogue();
    bool found = false;
    for (size_t i = 0; i < catalogue->count[family]; i++) {
        const struct mq_method *method = catalogue->methods[family][i];
        if (name && strcmp(name, method->name) != 0)
            continue;
        mq_buffer_text(text, found ? "\n" : "");
        found = true;
        full(family_name[family], method, text);
    }
    return found ? MQ_OK : no_method(family, name, error);
}

static enum mq_status no_family(const char *family, struct mq_error *error)
{
    const char *near = mq_text_nearest(family, family_name, MQ_FAMILIES);
    return mq_fail(error, MQ_USAGE, NULL, 0, 0,
                   "no family of methods `%s`%s%s%s; known are normalise, combine, weights, edit, "
                   "impute, treat, or all",
                   family, near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
}

enum mq_status mq_methods_text(const char *family, const char *name, struct mq_output *output,
                               struct mq_error *error)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    enum mq_status status = MQ_OK;
    bool found = false, all = family && strcmp(family, "all") == 0;
    for (int i = 0; i < MQ_FAMILIES && status == MQ_OK; i++) {
        if (family && !all && strcmp(family, family_name[i]) != 0)
            continue;
        mq_buffer_text(&text, found ? "\n" : "");
        found = true;
        if (family)
            status = cards(i, all ? NULL : name, &text, error);
        else
            overview(i, &text);
    }
    if (!found)
        status = no_family(family, error);
    else if (!family)
        mq_buffer_text(&text, "\n`mqci methods FAMILY` prints formula, parameters and reference of "
                              "each; `mqci methods all` of all\n");
    if (status == MQ_OK)
        return mq_output_take(&text, output, error);
    mq_buffer_clear(&text);
    return status;
}
