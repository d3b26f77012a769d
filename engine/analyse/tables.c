/* The analysis as CSV files, long rather than wide. */
#include "analyse/analyse.h"

#include <math.h>
#include <string.h>

static void text_cell(struct mq_buffer *csv, const char *text, char end)
{
    mq_buffer_csv(csv, text, strlen(text));
    mq_buffer_add(csv, &end, 1);
}

static void real_cell(struct mq_buffer *csv, double value, char end)
{
    mq_buffer_real(csv, value);
    mq_buffer_add(csv, &end, 1);
}

static void count_cell(struct mq_buffer *csv, size_t count, char end)
{
    mq_buffer_format(csv, "%zu%c", count, end);
}

static const char *id_of(const struct mq_analysis *analysis, int node)
{
    return node < 0 ? "" : analysis->scores->model->node[node].id;
}

/* Period, level and node begin every row. */
static void begin_row(const struct mq_analysis *analysis, int node, struct mq_buffer *csv)
{
    text_cell(csv, analysis->scores->frame->period[analysis->period], ',');
    text_cell(csv, analysis->scores->model->level[analysis->level].id, ',');
    text_cell(csv, id_of(analysis, node), ',');
}

static void describe_row(const struct mq_analysis *analysis, int node, bool score,
                         struct mq_buffer *csv)
{
    const struct mq_description *is = score ? &analysis->score[node] : &analysis->value[node];
    size_t reported = score ? is->count : analysis->reported[node];

    begin_row(analysis, node, csv);
    text_cell(csv, score ? "score" : "value", ',');
    count_cell(csv, is->units, ',');
    count_cell(csv, reported, ',');
    real_cell(csv, is->units ? (double)reported / (double)is->units : NAN, ',');
    count_cell(csv, is->count, ',');
    real_cell(csv, is->least, ',');
    real_cell(csv, is->greatest, ',');
    real_cell(csv, is->mean, ',');
    real_cell(csv, is->median, ',');
    real_cell(csv, is->sd, ',');
    real_cell(csv, is->skewness, ',');
    real_cell(csv, is->kurtosis, ',');
    count_cell(csv, is->zeros, ',');
    count_cell(csv, is->unique, ',');
    count_cell(csv, is->same, ',');
    real_cell(csv, is->count ? (double)is->same / (double)is->count : NAN, '\n');
}

static void write_statistics(const struct mq_analysis *analysis, struct mq_buffer *csv)
{
    const struct mq_model *model = analysis->scores->model;

    mq_buffer_text(csv, "period,level,node,of,units,reported,availability,n,min,max,mean,median,sd,"
                        "skewness,kurtosis,zeros,unique,same,same_share\n");
    for (size_t k = 0; k < analysis->leaves; k++)
        describe_row(analysis, analysis->leaf[k], false, csv);
    for (size_t i = 0; i < model->nodes; i++)
        describe_row(analysis, model->order[i], true, csv);
}

static bool is_above(const struct mq_model *model, int node, int below)
{
    for (int up = model->node[below].parent; up >= 0; up = model->node[up].parent)
        if (up == node)
            return true;
    return false;
}

static const char *relation(const struct mq_model *model, int a, int b)
{
    if (model->node[b].parent == a || model->node[a].parent == b)
        return "parent";
    if (model->node[a].parent == model->node[b].parent)
        return "sibling";
    return is_above(model, a, b) || is_above(model, b, a) ? "ancestor" : "other";
}

static void pair_row(const struct mq_correlation_matrix *by, size_t a, size_t b,
                     struct mq_buffer *csv)
{
    size_t at = a * by->columns + b;

    count_cell(csv, by[MQ_PEARSON].count[at], ',');
    for (int kind = 0; kind < MQ_CORRELATIONS; kind++) {
        real_cell(csv, by[kind].r[at], ',');
        real_cell(csv, by[kind].p[at], kind + 1 < MQ_CORRELATIONS ? ',' : '\n');
    }
}

static void write_correlations(const struct mq_analysis *analysis, struct mq_buffer *csv)
{
    const struct mq_model *model = analysis->scores->model;

    mq_buffer_text(csv, "period,level,node,other,of,relation,n,pearson,pearson_p,spearman,"
                        "spearman_p,kendall,kendall_p\n");
    for (size_t a = 0; a < analysis->leaves; a++)
        for (size_t b = a + 1; b < analysis->leaves; b++) {
            begin_row(analysis, analysis->leaf[a], csv);
            text_cell(csv, id_of(analysis, analysis->leaf[b]), ',');
            text_cell(csv, "value", ',');
            text_cell(csv, relation(model, analysis->leaf[a], analysis->leaf[b]), ',');
            pair_row(analysis->values_by, a, b, csv);
        }
    for (size_t i = 0; i < model->nodes; i++)
        for (size_t k = i + 1; k < model->nodes; k++) {
            begin_row(analysis, model->order[i], csv);
            text_cell(csv, id_of(analysis, model->order[k]), ',');
            text_cell(csv, "score", ',');
            text_cell(csv, relation(model, model->order[i], model->order[k]), ',');
            pair_row(analysis->scores_by, (size_t)model->order[i], (size_t)model->order[k], csv);
        }
}

static void write_consistency(const struct mq_analysis *analysis, struct mq_buffer *csv)
{
    const struct mq_model *model = analysis->scores->model;

    mq_buffer_text(csv, "period,level,node,children,alpha,complete_units,components,"
                        "eigenvalues_above_1,first_share\n");
    for (size_t i = 0; i < model->nodes; i++) {
        const struct mq_node *node = &model->node[model->order[i]];
        const struct mq_kinship *is = &analysis->kinship[model->order[i]];
        if (node->leaf)
            continue;
        begin_row(analysis, model->order[i], csv);
        count_cell(csv, node->children, ',');
        real_cell(csv, is->alpha, ',');
        count_cell(csv, is->components.units, ',');
        count_cell(csv, is->components.parts, ',');
        count_cell(csv, is->components.above_one, ',');
        real_cell(csv, is->components.first_share, '\n');
    }
}

static void component_rows(const struct mq_analysis *analysis, int parent, struct mq_buffer *csv)
{
    const struct mq_node *node = &analysis->scores->model->node[parent];
    const struct mq_components *is = &analysis->kinship[parent].components;

    for (size_t c = 0; c < is->parts; c++)
        for (size_t i = 0; i < node->children; i++) {
            begin_row(analysis, parent, csv);
            count_cell(csv, c + 1, ',');
            real_cell(csv, is->eigenvalue[c], ',');
            real_cell(csv, is->eigenvalue[c] / (double)is->parts, ',');
            text_cell(csv, id_of(analysis, node->child[i]), ',');
            real_cell(csv, is->loading[i * is->parts + c], '\n');
        }
}

static void write_components(const struct mq_analysis *analysis, struct mq_buffer *csv)
{
    const struct mq_model *model = analysis->scores->model;

    mq_buffer_text(csv, "period,level,node,component,eigenvalue,share,child,loading\n");
    for (size_t i = 0; i < model->nodes; i++)
        if (!model->node[model->order[i]].leaf)
            component_rows(analysis, model->order[i], csv);
}

static void write_weights(const struct mq_analysis *analysis, struct mq_buffer *csv)
{
    const struct mq_model *model = analysis->scores->model;

    mq_buffer_text(csv, "period,level,node,parent,weight,effective,importance\n");
    for (size_t i = 0; i < model->nodes; i++) {
        const struct mq_node_weight *is = &analysis->weight[model->order[i]];
        begin_row(analysis, model->order[i], csv);
        text_cell(csv, id_of(analysis, model->node[model->order[i]].parent), ',');
        real_cell(csv, is->weight, ',');
        real_cell(csv, is->effective, ',');
        real_cell(csv, is->importance, '\n');
    }
}

static void write_flags(const struct mq_analysis *analysis, struct mq_buffer *csv)
{
    mq_buffer_text(csv, "period,level,node,flag,other,value,limit,title\n");
    for (size_t i = 0; i < analysis->flags; i++) {
        const struct mq_flag *flag = &analysis->flag[i];
        begin_row(analysis, flag->node, csv);
        text_cell(csv, mq_flag_code(flag->kind), ',');
        text_cell(csv, id_of(analysis, flag->other), ',');
        real_cell(csv, flag->value, ',');
        real_cell(csv, flag->limit, ',');
        text_cell(csv, mq_flag_title(flag->kind, analysis->scores->model->chinese), '\n');
    }
}

const struct mq_analysis_table mq_analysis_tables[] = {
    {"statistics.csv", write_statistics},
    {"correlations.csv", write_correlations},
    {"consistency.csv", write_consistency},
    {"components.csv", write_components},
    {"weights.csv", write_weights},
    {"flags.csv", write_flags},
    {NULL, NULL},
};
