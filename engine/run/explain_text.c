/* `mqci explain`: one score as a tree, from the index down to the sums of the enterprises. */
#include "run/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POINT_DECIMALS = 4, NUMBER = 352 };

struct telling {
    const struct mq_results *results;
    size_t unit;
    struct mq_layout layout;
};

static const char *say(const struct telling *telling, const char *chinese, const char *english)
{
    return telling->results->model->chinese ? chinese : english;
}

static const char *number(double value, int decimals, char *text)
{
    return mq_round_text(value, decimals, MQ_HALF_UP, text);
}

static void heading(struct telling *telling)
{
    const char *head[] = {say(telling, "指标", "node"),       say(telling, "得分", "score"),
                          say(telling, "权重", "weight"),     say(telling, "贡献", "points"),
                          say(telling, "指标值", "value"),    say(telling, "单位", "unit"),
                          say(telling, "分子", "numerator"),  say(telling, "分母", "denominator"),
                          say(telling, "覆盖率", "coverage"), say(telling, "标准化", "scored by")};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        mq_layout_cell(&telling->layout, "%s", head[i]);
}

/* The word of a parameter that is one of several, or NULL. */
static const char *chosen(const struct mq_method *method, const char *name, double value)
{
    for (const struct mq_param *param = method->params; param && param->name; param++)
        if (param->kind == MQ_PARAM_CHOICE && strcmp(param->name, name) == 0)
            return param->choices[(size_t)value];
    return NULL;
}

/* "efficacy fail=0 pass=5 low=60 high=100", with the parameters as applied. */
static void method_cell(struct telling *telling, size_t node)
{
    const struct mq_model *model = telling->results->model;
    const struct mq_normaliser *normaliser = mq_normalisers[model->node[node].normalise.method];
    const double *fitted = telling->results->scores->fitted[telling->unit * model->nodes + node];
    char text[512];
    int used = snprintf(text, sizeof text, "%s", normaliser->method.name);
    for (size_t i = 0; fitted && normaliser->fitted_names && normaliser->fitted_names[i] &&
                       used < (int)sizeof text;
         i++) {
        const char *name = normaliser->fitted_names[i];
        const char *word = chosen(&normaliser->method, name, fitted[i]);
        used +=
            word ? snprintf(text + used, sizeof text - (size_t)used, " %s=%s", name, word)
                 : snprintf(text + used, sizeof text - (size_t)used, " %s=%.6g", name, fitted[i]);
    }
    mq_layout_cell(&telling->layout, "%s%s", text,
                   model->node[node].direction == MQ_DOWN ? say(telling, " 逆向", " down") : "");
}

static void sum_cell(struct telling *telling, double value)
{
    if (isnan(value))
        mq_layout_cell(&telling->layout, "%s", "");
    else
        mq_layout_cell(&telling->layout, "%.15g", value);
}

static void leaf_cells(struct telling *telling, size_t node)
{
    const struct mq_frame *frame = telling->results->frame;
    size_t at = telling->unit * telling->results->model->nodes + node;
    if (isnan(frame->value[at]) && !isnan(frame->used[at]))
        mq_layout_cell(&telling->layout, "%.6g%s", frame->used[at],
                       say(telling, "（插补）", " (imputed)"));
    else if (!isnan(frame->value[at]) && isnan(frame->used[at]))
        mq_layout_cell(&telling->layout, "%s",
                       mq_reason_title(MQ_SCREENED, telling->results->model->chinese));
    else if (!isnan(frame->value[at]) && frame->used[at] != frame->value[at])
        mq_layout_cell(&telling->layout, "%.6g → %.6g", frame->value[at], frame->used[at]);
    else if (isnan(frame->value[at]))
        mq_layout_cell(&telling->layout, "%s",
                       mq_reason_title(frame->reason[at], telling->results->model->chinese));
    else
        mq_layout_cell(&telling->layout, "%.6g", frame->value[at]);
    mq_layout_cell(&telling->layout, "%s", telling->results->model->node[node].unit);
    sum_cell(telling, frame->numerator[at]);
    sum_cell(telling, frame->denominator[at]);
    mq_layout_cell(&telling->layout, "%.1f%%", 100 * frame->coverage[at]);
    method_cell(telling, node);
}

static void node_row(struct telling *telling, const struct mq_explained *explained)
{
    const struct mq_model *model = telling->results->model;
    const struct mq_node *node = &model->node[explained->node];
    enum mq_reason reason = (enum mq_reason)explained->score->reason;
    bool scaled = reason == MQ_RENORMALISED || reason == MQ_IMPUTED_RENORMALISED;
    char score[NUMBER], points[NUMBER];
    mq_layout_cell(&telling->layout, "%*s%s", 2 * explained->depth, "", node->title);
    mq_layout_cell(&telling->layout, "%s",
                   isnan(explained->score->value)
                       ? mq_reason_title(explained->score->reason, model->chinese)
                       : number(explained->score->value, POINT_DECIMALS, score));
    mq_layout_cell(&telling->layout, "%s",
                   explained->depth ? number(explained->weight, 4, points) : "");
    mq_layout_cell(&telling->layout, "%s", number(explained->points, POINT_DECIMALS, points));
    if (node->leaf) {
        leaf_cells(telling, (size_t)explained->node);
        return;
    }
    for (int i = 0; i < 4; i++)
        mq_layout_cell(&telling->layout, "%s", "");
    mq_layout_cell(&telling->layout, "%.1f%%", 100 * explained->score->coverage);
    mq_layout_cell(&telling->layout, "%s%s", mq_combiners[node->combine.method]->method.name,
                   scaled ? say(telling, "，缺项后权重重新归一", ", weights renormalised") : "");
}

static void title_lines(struct telling *telling, const struct mq_score *score, int node,
                        struct mq_buffer *text)
{
    const struct mq_model *model = telling->results->model;
    const struct mq_unit *unit = &telling->results->frame->unit[telling->unit];
    char value[NUMBER];
    const char *period = telling->results->frame->period[unit->period];
    mq_buffer_format(text, "%s%s%s（%s%s%s）  %s  %s\n", period, period[0] ? " " : "", unit->name,
                     model->level[unit->level].title, unit->code[0] ? " " : "", unit->code,
                     model->node[node].title,
                     isnan(score->value)
                         ? mq_reason_title(score->reason, model->chinese)
                         : mq_round_text(score->value, model->decimals, model->rounding, value));
    mq_buffer_format(text, say(telling, "企业 %llu 家", "%llu rows"),
                     (unsigned long long)unit->enterprises);
    if (score->rank)
        mq_buffer_format(text, say(telling, "，位次 %u/%u", ", rank %u of %u"), score->rank,
                         score->of);
    if (score->band >= 0)
        mq_buffer_format(text, say(telling, "，%s", ", %s"), model->band[score->band].title);
    mq_buffer_text(text, "\n\n");
}

static enum mq_status tell(struct telling *telling, int node, struct mq_buffer *text,
                           struct mq_error *error)
{
    const struct mq_model *model = telling->results->model;
    struct mq_explained *explained = calloc(model->nodes, sizeof *explained);
    size_t count = 0;
    if (!explained)
        return mq_fail_memory(error);
    enum mq_status status = mq_explain(telling->results->scores, telling->unit, node,
                                       POINT_DECIMALS, explained, &count, error);
    if (status == MQ_OK) {
        title_lines(telling,
                    &telling->results->scores->score[telling->unit * model->nodes + (size_t)node],
                    node, text);
        heading(telling);
        for (size_t i = 0; i < count; i++)
            node_row(telling, &explained[i]);
        mq_layout_print(&telling->layout, 0, text);
        mq_buffer_text(
            text,
            say(telling, "\n贡献：各下级之和等于上级（末位按最大余数调整）\n",
                "\npoints of the parts add up to the whole (last digit by largest remainder)\n"));
        for (size_t i = 0; i < model->assumptions; i++)
            mq_buffer_format(text, "%s%s\n", say(telling, "假定：", "assumption: "),
                             model->assumption[i]);
    }
    free(explained);
    return status;
}

enum mq_status mq_explain_text(const char *out, const struct mq_question *question,
                               struct mq_output *text, struct mq_error *error)
{
    static const bool right[] = {false, true, true, true, true, false, true, true, true, false};
    struct mq_results *results;
    struct mq_buffer buffer = MQ_BUFFER_EMPTY;
    size_t unit = 0;
    int node = -1;
    MQ_TRY(mq_results_read(out, &results, error));
    enum mq_status status = mq_results_find(results, question, &unit, &node, error);
    if (status == MQ_OK) {
        struct telling telling = {
            results, unit, {.columns = sizeof right / sizeof *right, .right = right}};
        status = tell(&telling, node, &buffer, error);
    }
    mq_results_free(results);
    if (status == MQ_OK)
        return mq_output_take(&buffer, text, error);
    mq_buffer_clear(&buffer);
    return status;
}
