/* What `mqci stats` prints: statistics, relations, consistency, weights, and what to look at. */
#include "run/run.h"

#include <math.h>
#include <stdlib.h>

enum { STRONGEST = 10, NATURAL = -1 };

struct telling {
    const struct mq_analysis *analysis;
    const struct mq_model *model;
    struct mq_layout layout;
    struct mq_buffer *text;
};

/* A heading in both languages. */
struct words {
    const char *chinese, *english;
};

static const char *say(const struct telling *telling, const char *chinese, const char *english)
{
    return telling->model->chinese ? chinese : english;
}

/* Begins a table of `columns`, aligned to the right where `right`. */
static void begin(struct telling *telling, const char *title, const struct words *head,
                  const bool *right, size_t columns)
{
    telling->layout.right = right;
    telling->layout.columns = columns;
    mq_buffer_format(telling->text, "\n%s\n", title);
    for (size_t i = 0; i < columns; i++)
        mq_layout_cell(&telling->layout, "%s", say(telling, head[i].chinese, head[i].english));
}

static void end(struct telling *telling)
{
    mq_layout_print(&telling->layout, 2, telling->text);
}

/* With so many decimals, or NATURAL: six digits. */
static void real_cell(struct telling *telling, double value, int decimals)
{
    if (isnan(value))
        mq_layout_cell(&telling->layout, "%s", "-");
    else if (decimals == NATURAL)
        mq_layout_cell(&telling->layout, "%.6g", value + 0.0);
    else
        mq_layout_cell(&telling->layout, "%.*f", decimals, value);
}

static void p_cell(struct telling *telling, double p)
{
    if (p < 0.001)
        mq_layout_cell(&telling->layout, "%s", "<0.001");
    else
        real_cell(telling, p, 3);
}

static void percent_cell(struct telling *telling, double share)
{
    if (isnan(share))
        mq_layout_cell(&telling->layout, "%s", "-");
    else
        mq_layout_cell(&telling->layout, "%.1f%%", 100 * share);
}

static void node_cell(struct telling *telling, int node)
{
    const struct mq_model *model = telling->model;

    mq_layout_cell(&telling->layout, "%*s%s", 2 * model->node[node].depth, "",
                   model->node[node].title);
}

static void title_cell(struct telling *telling, int node)
{
    mq_layout_cell(&telling->layout, "%s", node < 0 ? "" : telling->model->node[node].title);
}

/* ---- statistics ---- */

/* Flags of the values of an indicator, in one cell. */
static void flags_cell(struct telling *telling, int node)
{
    const struct mq_analysis *analysis = telling->analysis;
    char text[256] = "";
    size_t used = 0;

    for (size_t i = 0; i < analysis->flags && used < sizeof text; i++)
        if (analysis->flag[i].node == node && analysis->flag[i].kind <= MQ_FLAG_CONSTANT)
            used += (size_t)snprintf(
                text + used, sizeof text - used, "%s%s", used ? say(telling, "，", ", ") : "",
                mq_flag_title(analysis->flag[i].kind, telling->model->chinese));
    mq_layout_cell(&telling->layout, "%s", text);
}

static void statistics_row(struct telling *telling, int node)
{
    const struct mq_description *is = &telling->analysis->value[node];
    double units = (double)is->units;

    title_cell(telling, node);
    mq_layout_cell(&telling->layout, "%s", telling->model->node[node].unit);
    percent_cell(telling, (double)telling->analysis->reported[node] / units);
    mq_layout_cell(&telling->layout, "%zu", is->count);
    real_cell(telling, is->least, NATURAL);
    real_cell(telling, is->greatest, NATURAL);
    real_cell(telling, is->mean, NATURAL);
    real_cell(telling, is->median, NATURAL);
    real_cell(telling, is->sd, NATURAL);
    real_cell(telling, is->skewness, 2);
    real_cell(telling, is->kurtosis, 2);
    mq_layout_cell(&telling->layout, "%zu", is->zeros);
    mq_layout_cell(&telling->layout, "%zu", is->unique);
    percent_cell(telling, is->count ? (double)is->same / (double)is->count : NAN);
    flags_cell(telling, node);
}

static void tell_statistics(struct telling *telling)
{
    static const struct words names[] = {
        {"指标", "indicator"}, {"单位", "unit"},        {"可得率", "reported"},
        {"有效数", "n"},       {"最小", "min"},         {"最大", "max"},
        {"均值", "mean"},      {"中位数", "median"},    {"标准差", "sd"},
        {"偏度", "skewness"},  {"峰度", "kurtosis"},    {"零值", "zeros"},
        {"不同值", "unique"},  {"最频值", "top share"}, {"提示", "flags"}};
    static const bool right[] = {false, false, true, true, true, true, true, true,
                                 true,  true,  true, true, true, true, false};

    begin(telling,
          say(telling, "指标统计（计分所用的值）", "indicators (the values that are scored)"),
          names, right, sizeof right);
    for (size_t k = 0; k < telling->analysis->leaves; k++)
        statistics_row(telling, telling->analysis->leaf[k]);
    end(telling);
}

/* ---- correlations ---- */

static void correlation_cells(struct telling *telling, int a, int b)
{
    const struct mq_correlation_matrix *by = telling->analysis->scores_by;
    size_t at = (size_t)a * telling->model->nodes + (size_t)b;

    mq_layout_cell(&telling->layout, "%zu", by[MQ_PEARSON].count[at]);
    for (int kind = 0; kind < MQ_CORRELATIONS; kind++) {
        real_cell(telling, by[kind].r[at], 3);
        p_cell(telling, by[kind].p[at]);
    }
}

static const bool pair_right[] = {false, false, true, true, true, true, true, true, true};

static void tell_parents(struct telling *telling)
{
    static const struct words names[] = {
        {"节点", "node"}, {"上级", "parent"},       {"单位数", "n"}, {"Pearson", "Pearson"},
        {"p", "p"},       {"Spearman", "Spearman"}, {"p", "p"},      {"Kendall", "Kendall"},
        {"p", "p"}};
    const struct mq_model *model = telling->model;

    begin(telling,
          say(telling, "与上级的相关（得分，越高越好）",
              "correlation with the parent (scores: higher is better)"),
          names, pair_right, sizeof pair_right);
    for (size_t i = 0; i < model->nodes; i++) {
        int node = model->order[i], parent = model->node[node].parent;
        if (parent < 0)
            continue;
        node_cell(telling, node);
        title_cell(telling, parent);
        correlation_cells(telling, node, parent);
    }
    end(telling);
}

struct strong {
    double size;
    int a, b;
};

/* Strongest first, then in tree order (a and b are places in it). */
static int compare_strong(const void *left, const void *right)
{
    const struct strong *a = left, *b = right;

    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return a->a != b->a ? a->a - b->a : a->b - b->b;
}

static enum mq_status tell_strongest(struct telling *telling, struct mq_error *error)
{
    static const struct words names[] = {{"指标", "indicator"},
                                         {"指标", "and indicator"},
                                         {"单位数", "n"},
                                         {"Pearson", "Pearson"},
                                         {"p", "p"},
                                         {"Spearman", "Spearman"},
                                         {"p", "p"},
                                         {"Kendall", "Kendall"},
                                         {"p", "p"}};
    const struct mq_analysis *analysis = telling->analysis;
    size_t n = analysis->leaves, count = 0;
    struct strong *pair = calloc(n * n + 1, sizeof *pair);

    if (!pair)
        return mq_fail_memory(error);
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) {
            size_t at =
                (size_t)analysis->leaf[a] * telling->model->nodes + (size_t)analysis->leaf[b];
            double r = analysis->scores_by[MQ_PEARSON].r[at];
            if (!isnan(r))
                pair[count++] = (struct strong){fabs(r), (int)a, (int)b};
        }
    qsort(pair, count, sizeof *pair, compare_strong);
    begin(telling,
          say(telling, "相关最强的指标对（得分）", "strongest pairs of indicators (scores)"), names,
          pair_right, sizeof pair_right);
    for (size_t i = 0; i < count && i < STRONGEST; i++) {
        title_cell(telling, analysis->leaf[pair[i].a]);
        title_cell(telling, analysis->leaf[pair[i].b]);
        correlation_cells(telling, analysis->leaf[pair[i].a], analysis->leaf[pair[i].b]);
    }
    end(telling);
    free(pair);
    return MQ_OK;
}

/* ---- consistency, components, weights ---- */

static void eigenvalues_cell(struct telling *telling, const struct mq_components *components)
{
    enum { SHOWN = 6 };
    char text[128] = "";
    size_t used = 0;

    for (size_t c = 0; c < components->parts && c < SHOWN; c++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.3f", c ? " " : "",
                                 components->eigenvalue[c]);
    mq_layout_cell(&telling->layout, "%s%s", text, components->parts > SHOWN ? " …" : "");
}

static void tell_kinship(struct telling *telling)
{
    static const struct words names[] = {{"上级", "parent"},       {"下级", "children"},
                                         {"α", "alpha"},           {"齐全单位", "complete units"},
                                         {"特征值>1", "above 1"},  {"首成分", "first share"},
                                         {"特征值", "eigenvalues"}};
    static const bool right[] = {false, true, true, true, true, true, false};
    const struct mq_model *model = telling->model;

    begin(telling,
          say(telling, "下级的一致性（Cronbach α）与主成分",
              "consistency (Cronbach's alpha) and components of the children"),
          names, right, sizeof right);
    for (size_t i = 0; i < model->nodes; i++) {
        int node = model->order[i];
        const struct mq_kinship *is = &telling->analysis->kinship[node];
        if (model->node[node].leaf)
            continue;
        node_cell(telling, node);
        mq_layout_cell(&telling->layout, "%zu", model->node[node].children);
        real_cell(telling, is->alpha, 3);
        mq_layout_cell(&telling->layout, "%zu", is->components.units);
        mq_layout_cell(&telling->layout, "%zu", is->components.above_one);
        percent_cell(telling, is->components.first_share);
        eigenvalues_cell(telling, &is->components);
    }
    end(telling);
}

/* Loading of a node on the first component of its parent's children. */
static double first_loading(const struct telling *telling, int node)
{
    const struct mq_node *parent = &telling->model->node[telling->model->node[node].parent];
    const struct mq_components *is =
        &telling->analysis->kinship[telling->model->node[node].parent].components;

    for (size_t i = 0; is->parts && i < parent->children; i++)
        if (parent->child[i] == node)
            return is->loading[i * is->parts];
    return NAN;
}

static void tell_weights(struct telling *telling)
{
    static const struct words names[] = {{"节点", "node"},
                                         {"组内权重", "weight"},
                                         {"有效权重", "effective"},
                                         {"影响份额", "importance"},
                                         {"首成分载荷", "first loading"}};
    static const bool right[] = {false, true, true, true, true};
    const struct mq_model *model = telling->model;

    begin(telling,
          say(telling, "权重：组内、自根向下之积，与 r² 的组内份额",
              "weights: within the parent, down from the root, and the share of r² among siblings"),
          names, right, sizeof right);
    for (size_t i = 0; i < model->nodes; i++) {
        int node = model->order[i];
        const struct mq_node_weight *is = &telling->analysis->weight[node];
        node_cell(telling, node);
        real_cell(telling, is->weight, 4);
        real_cell(telling, is->effective, 4);
        real_cell(telling, is->importance, 4);
        real_cell(telling, model->node[node].parent < 0 ? NAN : first_loading(telling, node), 3);
    }
    end(telling);
}

/* ---- flags ---- */

static void tell_flags(struct telling *telling)
{
    static const struct words names[] = {
        {"节点", "node"}, {"提示", "flag"}, {"对方", "and"}, {"数值", "value"}, {"界限", "limit"}};
    static const bool right[] = {false, false, false, true, true};
    const struct mq_analysis *analysis = telling->analysis;

    if (!analysis->flags) {
        mq_buffer_text(telling->text, say(telling, "\n无需提示\n", "\nnothing to flag\n"));
        return;
    }
    begin(telling, say(telling, "提示", "flags"), names, right, sizeof right);
    for (size_t i = 0; i < analysis->flags; i++) {
        const struct mq_flag *flag = &analysis->flag[i];
        title_cell(telling, flag->node);
        mq_layout_cell(&telling->layout, "%s", mq_flag_title(flag->kind, telling->model->chinese));
        title_cell(telling, flag->other);
        real_cell(telling, flag->value, 3);
        real_cell(telling, flag->limit, 2);
    }
    end(telling);
}

enum mq_status mq_analysis_text(const struct mq_analysis *analysis, struct mq_buffer *text,
                                struct mq_error *error)
{
    const struct mq_model *model = analysis->scores->model;
    const struct mq_level *level = &model->level[analysis->level];
    const char *period = analysis->scores->frame->period[analysis->period];
    struct telling telling = {.analysis = analysis, .model = model, .text = text};

    mq_buffer_format(text, "%s%s", period, period[0] ? "  " : "");
    mq_buffer_format(text,
                     say(&telling, "%s（%s）  单位 %zu 个，指标 %zu 项\n",
                         "%s (%s)  %zu units, %zu indicators\n"),
                     level->title, level->id, analysis->units, analysis->leaves);
    tell_statistics(&telling);
    tell_parents(&telling);
    MQ_TRY(tell_strongest(&telling, error));
    tell_kinship(&telling);
    tell_weights(&telling);
    tell_flags(&telling);
    return MQ_OK;
}
