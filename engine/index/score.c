/* Frame -> scores: normalise the leaves, combine up the tree, rank, band, compare. */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "index/index_parts.h"

enum mq_status mq_find_groups(const struct mq_frame *frame, struct mq_arena *arena,
                              struct mq_groups *groups, struct mq_error *error)
{
    groups->count = 0;
    groups->group =
        mq_arena_array(arena, frame->periods * frame->model->levels + 1, sizeof *groups->group);
    if (!groups->group)
        return mq_fail_memory(error);
    for (size_t i = 0; i < frame->units; i++) {
        const struct mq_unit *unit = &frame->unit[i];
        struct mq_group *last = groups->count ? &groups->group[groups->count - 1] : NULL;
        if (last && last->period == unit->period && last->level == unit->level)
            last->end = i + 1;
        else
            groups->group[groups->count++] = (struct mq_group){i, i + 1, unit->period, unit->level};
    }
    return MQ_OK;
}

/* Hundreds of megabytes are had much sooner in large pages; where there are none, nothing changes.
 */
static void ask_for_large_pages(void *bytes, size_t count)
{
    enum { LARGE = 1 << 21 };
    uintptr_t from = ((uintptr_t)bytes + LARGE - 1) / LARGE * LARGE;
    uintptr_t to = ((uintptr_t)bytes + count) / LARGE * LARGE;

    if (to > from)
        madvise((void *)from, to - from, MADV_HUGEPAGE); // NOLINT: an address, rounded
}

/* Everything missing; filled in by clear_units(). */
static enum mq_status alloc_scores(struct mq_scores *scores, struct mq_error *error)
{
    size_t cells = scores->frame->units * scores->model->nodes;

    scores->score = mq_arena_array(&scores->arena, cells, sizeof *scores->score);
    scores->weight = mq_arena_array(&scores->arena, cells, sizeof *scores->weight);
    scores->fitted = mq_arena_array(&scores->arena, cells, sizeof *scores->fitted);
    scores->leaf_arena =
        mq_arena_array(&scores->arena, scores->model->nodes + 1, sizeof *scores->leaf_arena);
    if (!scores->score || !scores->weight || !scores->fitted || !scores->leaf_arena)
        return mq_fail_memory(error);
    ask_for_large_pages(scores->score, cells * sizeof *scores->score);
    ask_for_large_pages(scores->weight, cells * sizeof *scores->weight);
    ask_for_large_pages((void *)scores->fitted, cells * sizeof *scores->fitted);
    return MQ_OK;
}

static void clear_units(struct mq_scores *scores, size_t begin, size_t end)
{
    size_t nodes = scores->model->nodes;

    for (size_t i = begin * nodes; i < end * nodes; i++) {
        scores->score[i] = (struct mq_score){
            .value = NAN, .coverage = NAN, .change = NAN, .previous = NAN, .band = -1};
        scores->weight[i] = NAN;
    }
}

/* ---- leaves and parents, by many workers ---- */

/* Neighbouring units of one group, few enough for their scores to stay in the cache. */
struct block {
    size_t group, begin, end;
};
enum { BLOCK_CELLS = 2048 };

/* What the workers share. Nodes are done children before parents: place k of that order is
 * model->order[nodes - 1 - k]. */
struct work {
    struct mq_scores *scores;
    struct mq_groups groups;
    int threads;
    struct mq_fitted_leaf *leaf; /* [nodes] */
    enum mq_status *status;      /* [nodes] of fitting */
    struct mq_error *error;      /* [nodes] */
    struct mq_parent **family;   /* [nodes] */
    bool *done;                  /* [nodes] scored already */
    struct block *block;
    size_t blocks;
    size_t from, to; /* places of the nodes at work */
    atomic_size_t next;
};

static int node_at(const struct work *work, size_t place)
{
    const struct mq_model *model = work->scores->model;

    return model->order[model->nodes - 1 - place];
}

static enum mq_status find_blocks(struct work *work, struct mq_error *error)
{
    size_t units = BLOCK_CELLS / work->scores->model->nodes + 1, count = 0;

    for (size_t g = 0; g < work->groups.count; g++)
        count += (work->groups.group[g].end - work->groups.group[g].begin) / units + 1;
    work->block = calloc(count + 1, sizeof *work->block);
    if (!work->block)
        return mq_fail_memory(error);
    for (size_t g = 0; g < work->groups.count; g++) {
        size_t end = work->groups.group[g].end;
        for (size_t i = work->groups.group[g].begin; i < end; i += units)
            work->block[work->blocks++] = (struct block){g, i, end - i < units ? end : i + units};
    }
    return MQ_OK;
}

static void fit_some(int worker, void *context)
{
    struct work *work = context;
    size_t place;

    (void)worker;
    while ((place = atomic_fetch_add(&work->next, 1)) < work->scores->model->nodes) {
        int node = node_at(work, place);
        if (work->scores->model->node[node].leaf)
            work->status[node] =
                mq_fit_leaf(work->scores, node, &work->groups, &work->scores->leaf_arena[node],
                            &work->leaf[node], &work->error[node]);
    }
}

/* Nodes from .. to of one block after another. */
static void score_some(int worker, void *context)
{
    struct work *work = context;
    struct mq_scores *scores = work->scores;
    size_t at;

    while ((at = atomic_fetch_add(&work->next, 1)) < work->blocks) {
        const struct block *block = &work->block[at];
        if (work->from == 0)
            clear_units(scores, block->begin, block->end);
        for (size_t place = work->from; place < work->to; place++) {
            int node = node_at(work, place);
            for (size_t i = block->begin; scores->model->node[node].leaf && i < block->end; i++)
                mq_apply_leaf(scores, &work->leaf[node], block->group, i);
            if (work->family[node] && !work->done[node])
                mq_combine_units(work->family[node], worker, block->group, block->begin,
                                 block->end);
        }
    }
}

static void band_some(int worker, void *context)
{
    struct work *work = context;
    size_t at;

    (void)worker;
    while ((at = atomic_fetch_add(&work->next, 1)) < work->blocks)
        mq_band(work->scores, work->block[at].begin, work->block[at].end);
}

static void run(struct work *work, void (*body)(int, void *))
{
    atomic_store(&work->next, 0);
    mq_parallel(work->threads, body, work);
}

static enum mq_status work_init(struct work *work, struct mq_error *error)
{
    size_t nodes = work->scores->model->nodes + 1;

    work->leaf = calloc(nodes, sizeof *work->leaf);
    work->status = calloc(nodes, sizeof *work->status);
    work->error = calloc(nodes, sizeof *work->error);
    work->family = calloc(nodes, sizeof(struct mq_parent *));
    work->done = calloc(nodes, sizeof *work->done);
    if (!work->leaf || !work->status || !work->error || !work->family || !work->done)
        return mq_fail_memory(error);
    return find_blocks(work, error);
}

static void work_clear(struct work *work)
{
    for (size_t i = 0; work->family && i < work->scores->model->nodes; i++)
        mq_parent_free(work->family[i]);
    free(work->leaf);
    free(work->status);
    free(work->error);
    free((void *)work->family);
    free(work->done);
    free(work->block);
}

/* Reference points of all leaves, and the parents made ready. */
static enum mq_status prepare(struct work *work, struct mq_error *error)
{
    const struct mq_model *model = work->scores->model;

    run(work, fit_some);
    for (size_t place = 0; place < model->nodes; place++) {
        int node = node_at(work, place);
        if (work->status[node] != MQ_OK) {
            if (error)
                *error = work->error[node];
            return work->status[node];
        }
        if (!model->node[node].leaf)
            MQ_TRY(mq_parent_new(work->scores, node, &work->groups, work->threads,
                                 &work->family[node], error));
    }
    return MQ_OK;
}

/* Runs of nodes that are scored unit by unit; a parent that looks at all of them waits for its
 * children to be done. */
static enum mq_status score_all(struct work *work, struct mq_error *error)
{
    size_t nodes = work->scores->model->nodes;

    for (work->from = 0; work->from < nodes; work->from = work->to) {
        struct mq_parent *first = work->family[node_at(work, work->from)];
        if (work->from > 0 && first && mq_parent_looks(first))
            MQ_TRY(mq_parent_look(first, &work->groups, &work->done[node_at(work, work->from)],
                                  error));
        for (work->to = work->from + 1; work->to < nodes; work->to++) {
            const struct mq_parent *family = work->family[node_at(work, work->to)];
            if (family && mq_parent_looks(family))
                break;
        }
        run(work, score_some);
    }
    return MQ_OK;
}

static enum mq_status fill_scores(struct work *work, const struct mq_scores *against,
                                  struct mq_error *error)
{
    struct mq_scores *scores = work->scores;

    MQ_TRY(mq_find_groups(scores->frame, &scores->arena, &work->groups, error));
    MQ_TRY(alloc_scores(scores, error));
    MQ_TRY(work_init(work, error));
    MQ_TRY(prepare(work, error));
    MQ_TRY(score_all(work, error));
    MQ_TRY(mq_rank(scores, &work->groups, work->threads, error));
    if (scores->model->bands)
        run(work, band_some);
    return mq_change(scores, against, error);
}

enum mq_status mq_scores_new(const struct mq_frame *frame, const struct mq_scores *against,
                             struct mq_scores **scores, struct mq_error *error)
{
    struct work work = {.threads = frame->threads > 1 ? frame->threads : 1};
    enum mq_status status;

    *scores = calloc(1, sizeof **scores);
    if (!*scores)
        return mq_fail_memory(error);
    (*scores)->model = frame->model;
    (*scores)->frame = frame;
    work.scores = *scores;
    status = fill_scores(&work, against, error);
    work_clear(&work);
    if (status != MQ_OK) {
        mq_scores_free(*scores);
        *scores = NULL;
    }
    return status;
}

void mq_scores_free(struct mq_scores *scores)
{
    if (!scores)
        return;
    for (size_t i = 0; scores->leaf_arena && i < scores->model->nodes; i++)
        mq_arena_clear(&scores->leaf_arena[i]);
    mq_arena_clear(&scores->arena);
    free(scores);
}
