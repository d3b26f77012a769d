/* The whole analysis: columns taken out of the frame and the scores, and handed to each part. */
#include "analyse/analyse.h"

#include <math.h>
#include <stdlib.h>

/* Columns of the units at work. */
struct cells {
    struct mq_columns columns;
    const double **column;
    double *memory;
};

static bool cells_init(struct cells *cells, size_t columns, size_t units, int threads)
{
    const double **column = calloc(columns + 1, sizeof *column);
    double *memory = calloc(columns * units + 1, sizeof *memory);

    for (size_t k = 0; column && memory && k < columns; k++)
        column[k] = memory + k * units;
    cells->column = column;
    cells->memory = memory;
    cells->columns = (struct mq_columns){column, columns, units, threads};
    return column && memory;
}

static void cells_clear(struct cells *cells)
{
    free((void *)cells->column);
    free(cells->memory);
}

static void take_scores(const struct mq_analysis *analysis, struct cells *cells)
{
    size_t nodes = analysis->scores->model->nodes;

    for (size_t u = 0; u < analysis->units; u++)
        for (size_t k = 0; k < nodes; k++)
            cells->memory[k * analysis->units + u] =
                analysis->scores->score[(analysis->begin + u) * nodes + k].value;
}

/* Values that are scored; infinite ones cannot be, and count as missing. */
static void take_values(struct mq_analysis *analysis, struct cells *cells)
{
    const struct mq_frame *frame = analysis->scores->frame;
    size_t nodes = analysis->scores->model->nodes;

    for (size_t u = 0; u < analysis->units; u++)
        for (size_t k = 0; k < analysis->leaves; k++) {
            size_t at = (analysis->begin + u) * nodes + (size_t)analysis->leaf[k];
            double used = frame->used[at];
            cells->memory[k * analysis->units + u] = isfinite(used) ? used : NAN;
            analysis->reported[analysis->leaf[k]] += !isnan(frame->value[at]);
        }
}

static enum mq_status correlate_all(struct mq_analysis *analysis, const struct cells *cells,
                                    const struct mq_rankings *rankings,
                                    struct mq_correlation_matrix *matrix, struct mq_error *error)
{
    for (int kind = 0; kind < MQ_CORRELATIONS; kind++)
        MQ_TRY(mq_correlate(&cells->columns, rankings, (enum mq_correlation)kind, &analysis->arena,
                            &matrix[kind], error));
    return MQ_OK;
}

static enum mq_status of_values(struct mq_analysis *analysis, int threads, struct mq_error *error)
{
    struct cells cells;
    struct mq_rankings rankings = {0};
    struct mq_description *described =
        mq_arena_array(&analysis->arena, analysis->leaves + 1, sizeof *described);
    bool room = cells_init(&cells, analysis->leaves, analysis->units, threads) && described;
    enum mq_status status = room ? MQ_OK : mq_fail_memory(error);

    if (status == MQ_OK) {
        take_values(analysis, &cells);
        status = mq_rankings_init(&cells.columns, &rankings, error);
    }
    if (status == MQ_OK) {
        mq_describe(&cells.columns, &rankings, described);
        for (size_t k = 0; k < analysis->leaves; k++)
            analysis->value[analysis->leaf[k]] = described[k];
        status = correlate_all(analysis, &cells, &rankings, analysis->values_by, error);
    }
    mq_rankings_clear(&rankings);
    cells_clear(&cells);
    return status;
}

/* How the children of one parent hang together. */
static enum mq_status of_children(struct mq_analysis *analysis, const struct cells *cells,
                                  size_t parent, struct mq_error *error)
{
    const struct mq_node *node = &analysis->scores->model->node[parent];
    struct mq_kinship *kinship = &analysis->kinship[parent];
    const double **column = calloc(node->children + 1, sizeof *column);
    struct mq_columns children = {column, node->children, analysis->units, 1};
    enum mq_status status = column ? MQ_OK : mq_fail_memory(error);

    for (size_t i = 0; column && i < node->children; i++)
        column[i] = cells->column[node->child[i]];
    if (status == MQ_OK)
        status = mq_cronbach(&children, &kinship->alpha, error);
    if (status == MQ_OK)
        status = mq_components(&children, &analysis->arena, &kinship->components, error);
    free((void *)column);
    return status;
}

static enum mq_status of_scores(struct mq_analysis *analysis, int threads, struct mq_error *error)
{
    const struct mq_model *model = analysis->scores->model;
    struct cells cells;
    struct mq_rankings rankings = {0};
    bool room = cells_init(&cells, model->nodes, analysis->units, threads);
    enum mq_status status = room ? MQ_OK : mq_fail_memory(error);

    if (status == MQ_OK) {
        take_scores(analysis, &cells);
        status = mq_rankings_init(&cells.columns, &rankings, error);
    }
    if (status == MQ_OK) {
        mq_describe(&cells.columns, &rankings, analysis->score);
        status = correlate_all(analysis, &cells, &rankings, analysis->scores_by, error);
    }
    for (size_t k = 0; status == MQ_OK && k < model->nodes; k++)
        if (!model->node[k].leaf)
            status = of_children(analysis, &cells, k, error);
    mq_rankings_clear(&rankings);
    cells_clear(&cells);
    return status;
}

/* Units, leaves and room for what is found. */
static enum mq_status prepare(struct mq_analysis *analysis, struct mq_error *error)
{
    const struct mq_frame *frame = analysis->scores->frame;
    const struct mq_model *model = analysis->scores->model;
    size_t nodes = model->nodes;

    for (size_t u = 0; u < frame->units; u++)
        if (frame->unit[u].level == analysis->level && frame->unit[u].period == analysis->period) {
            analysis->begin = analysis->units ? analysis->begin : u;
            analysis->units++;
        }
    analysis->leaf = mq_arena_array(&analysis->arena, nodes + 1, sizeof *analysis->leaf);
    analysis->value = mq_arena_array(&analysis->arena, nodes + 1, sizeof *analysis->value);
    analysis->score = mq_arena_array(&analysis->arena, nodes + 1, sizeof *analysis->score);
    analysis->reported = mq_arena_array(&analysis->arena, nodes + 1, sizeof *analysis->reported);
    analysis->kinship = mq_arena_array(&analysis->arena, nodes + 1, sizeof *analysis->kinship);
    if (!analysis->leaf || !analysis->value || !analysis->score || !analysis->reported ||
        !analysis->kinship)
        return mq_fail_memory(error);
    for (size_t i = 0; i < nodes; i++)
        if (model->node[model->order[i]].leaf)
            analysis->leaf[analysis->leaves++] = model->order[i];
    return MQ_OK;
}

static enum mq_status analyse(struct mq_analysis *analysis, int threads, struct mq_error *error)
{
    MQ_TRY(prepare(analysis, error));
    MQ_TRY(of_values(analysis, threads, error));
    MQ_TRY(of_scores(analysis, threads, error));
    MQ_TRY(mq_effective_weights(analysis, error));
    return mq_raise_flags(analysis, error);
}

enum mq_status mq_analyse(const struct mq_scores *scores, uint32_t level, uint32_t period,
                          int threads, struct mq_analysis **analysis, struct mq_error *error)
{
    struct mq_analysis *made = calloc(1, sizeof *made);
    enum mq_status status;

    *analysis = NULL;
    if (!made)
        return mq_fail_memory(error);
    made->scores = scores;
    made->level = level;
    made->period = period;
    status = analyse(made, threads, error);
    if (status == MQ_OK)
        *analysis = made;
    else
        mq_analysis_free(made);
    return status;
}

void mq_analysis_free(struct mq_analysis *analysis)
{
    if (!analysis)
        return;
    mq_arena_clear(&analysis->arena);
    free(analysis);
}
