/* All estimates of a run: the values of leaves first, then slopes, then the scores of parents. */
#include <stdatomic.h>
#include <stdlib.h>

#include "analyse/estimates.h"

static bool open_estimating(struct mq_estimating *e)
{
    size_t cells = e->frame->units * e->model->nodes + 1;

    e->df = calloc(e->frame->periods + 1, sizeof *e->df);
    e->t = calloc(e->frame->periods + 1, sizeof *e->t);
    e->proportion = calloc(e->model->nodes + 1, sizeof *e->proportion);
    e->unknown = calloc(cells, sizeof *e->unknown);
    e->slope = calloc(cells, sizeof *e->slope);
    e->partial = calloc(cells, sizeof *e->partial);
    e->frame->estimate = mq_estimates_new(&e->frame->arena, cells);
    e->scores->estimate = mq_estimates_new(&e->scores->arena, cells);
    return e->df && e->t && e->proportion && e->unknown && e->slope && e->partial &&
           e->frame->estimate && e->scores->estimate;
}

static void close_estimating(struct mq_estimating *e)
{
    free(e->df);
    free(e->t);
    free(e->proportion);
    free(e->unknown);
    free(e->slope);
    free(e->partial);
}

static void find_df(const struct mq_estimating *e)
{
    const struct mq_sample *sample = e->sums->sample;

    for (size_t h = 0; h < sample->strata; h++)
        e->df[sample->stratum[h].period] += (double)sample->stratum[h].psus - 1;
    for (size_t p = 0; p < e->frame->periods; p++)
        e->t[p] =
            e->df[p] > 0 ? mq_t_quantile(e->model->design->confidence, e->df[p]) : (double)NAN;
}

/* Values with something borrowed in them, and those that are rolled up from these. */
static void find_unknown(const struct mq_estimating *e)
{
    const struct mq_frame *frame = e->frame;

    for (size_t i = 0; i < frame->empties; i++)
        if (frame->emptied[i].level >= 0)
            e->unknown[mq_estimate_at(e, frame->emptied[i].unit, frame->emptied[i].node)] = true;
    for (size_t pass = 0; frame->part && pass < e->model->levels; pass++)
        for (size_t level = 0; level < e->model->levels; level++)
            for (size_t u = 0; frame->part[level] && u < frame->units; u++) {
                const struct mq_part *part = &frame->part[level][u];
                for (size_t k = 0; part->of != MQ_NO_CODE && k < e->model->nodes; k++)
                    if (e->unknown[mq_estimate_at(e, u, k)])
                        e->unknown[mq_estimate_at(e, part->of, k)] = true;
            }
}

/* ---- by many workers ---- */

struct round {
    const struct mq_estimating *e;
    bool leaves;
    atomic_size_t next;
    atomic_flag failed; /* the first worker to set it owns `status` and `error` */
    enum mq_status status;
    struct mq_error error;
};

static void estimate_some(int worker, void *context)
{
    struct round *round = context;
    const struct mq_model *model = round->e->model;
    size_t at;

    (void)worker;
    while ((at = atomic_fetch_add(&round->next, MQ_ESTIMATED_AT_ONCE)) <
           model->levels * model->nodes) {
        struct mq_error error = {0};
        enum mq_status status = mq_estimate_nodes(round->e, round->leaves, at, &error);
        if (status == MQ_OK)
            continue;
        if (!atomic_flag_test_and_set(&round->failed)) {
            round->status = status;
            round->error = error;
        }
        return;
    }
}

static enum mq_status run(const struct mq_estimating *e, bool leaves, struct mq_error *error)
{
    struct round round = {.e = e, .leaves = leaves, .failed = ATOMIC_FLAG_INIT};

    mq_parallel(e->threads > 1 ? e->threads : 1, estimate_some, &round);
    if (round.status != MQ_OK && error)
        *error = round.error;
    return round.status;
}

static enum mq_status estimate(struct mq_estimating *e, struct mq_error *error)
{
    if (!open_estimating(e))
        return mq_fail_memory(error);
    find_df(e);
    find_unknown(e);
    mq_find_proportions(e);
    MQ_TRY(run(e, true, error));
    if (!mq_find_slopes(e))
        return mq_fail_memory(error);
    return run(e, false, error);
}

enum mq_status mq_estimate_all(const struct mq_sums *sums, struct mq_frame *frame,
                               struct mq_scores *scores, int threads, struct mq_error *error)
{
    struct mq_estimating e = {
        .sums = sums, .model = sums->model, .frame = frame, .scores = scores, .threads = threads};
    enum mq_status status = estimate(&e, error);

    close_estimating(&e);
    return status;
}
