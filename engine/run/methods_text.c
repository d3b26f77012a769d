/* `mqci methods`: the catalogue, read from the rows the engine runs. */
#include "run/run.h"

#include <string.h>

static const char *const family_name[MQ_FAMILIES] = {"normalise", "combine", "weights", "edit"};
static const char *const family_title[MQ_FAMILIES] = {
    "normalisers: raw indicator -> score", "combiners: scores of children -> score of the parent",
    "weights: how much each child counts",
    "edits: rows of a group -> which values are implausible"};

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

static enum mq_status one_family(int family, const char *name, struct mq_buffer *text,
                                 struct mq_error *error)
{
    const struct mq_catalogue *catalogue = mq_catalogue();
    const char *known[64];
    size_t count = catalogue->count[family] < 64 ? catalogue->count[family] : 64;
    struct mq_layout layout = {.columns = 3};
    for (size_t i = 0; i < count; i++) {
        const struct mq_method *method = catalogue->methods[family][i];
        known[i] = method->name;
        if (name && strcmp(name, method->name) == 0) {
            full(family_name[family], method, text);
            return MQ_OK;
        }
        if (!name)
            brief(method, &layout);
    }
    if (name) {
        const char *near = mq_text_nearest(name, known, count);
        return mq_fail(error, MQ_USAGE, NULL, 0, 0, "no method `%s` in %s%s%s%s", name,
                       family_name[family], near ? "; did you mean `" : "", near ? near : "",
                       near ? "`?" : "");
    }
    mq_buffer_format(text, "%s — %s\n", family_name[family], family_title[family]);
    mq_layout_print(&layout, 2, text);
    return MQ_OK;
}

enum mq_status mq_methods_text(const char *family, const char *name, struct mq_output *output,
                               struct mq_error *error)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    enum mq_status status = MQ_OK;
    bool found = false;
    for (int i = 0; i < MQ_FAMILIES && status == MQ_OK; i++) {
        if (family && strcmp(family, family_name[i]) != 0)
            continue;
        if (found)
            mq_buffer_text(&text, "\n");
        found = true;
        status = one_family(i, name, &text, error);
    }
    if (!found) {
        const char *near = mq_text_nearest(family, family_name, MQ_FAMILIES);
        status =
            mq_fail(error, MQ_USAGE, NULL, 0, 0,
                    "no family of methods `%s`%s%s%s; known are normalise, combine, weights, edit",
                    family, near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
    }
    if (status == MQ_OK)
        return mq_output_take(&text, output, error);
    mq_buffer_clear(&text);
    return status;
}
