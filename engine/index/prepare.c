/*
 * Raw indicator values -> those that are scored: screened, imputed, treated, in this order.
 *
 * Every stage reads what the one before has left and writes values of its own, so that each change
 * can be told: frame->value, then `filled`, then `used`.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "index/index_parts.h"

struct preparing {
    struct mq_frame *frame;
    const struct mq_model *model;
    struct mq_error *error;
};

/* ---- screening ---- */

static bool listed(const char *const *codes, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(codes[i], code) == 0)
            return true;
    return false;
}

/* Has the unit too little to be scored? */
static bool too_little(const struct preparing *p, size_t unit)
{
    const struct mq_screen *screen = &p->model->screen;
    const char *code = p->frame->unit[unit].code;
    size_t leaves = 0, present = 0, other = 0;

    if (listed(screen->drop, screen->drops, code))
        return true;
    if (listed(screen->keep, screen->keeps, code))
        return false;
    for (size_t k = 0; k < p->model->nodes; k++) {
        double value = p->frame->used[unit * p->model->nodes + k];
        leaves += p->model->node[k].leaf;
        present += !isnan(value);
        other += !isnan(value) && value != 0;
    }
    return (double)present < screen->min_available * (double)leaves ||
           (double)other < screen->min_nonzero * (double)present;
}

static void screen_units(const struct preparing *p)
{
    for (size_t i = 0; i < p->frame->units; i++) {
        p->frame->screened[i] = too_little(p, i);
        for (size_t k = 0; p->frame->screened[i] && k < p->model->nodes; k++)
            p->frame->used[i * p->model->nodes + k] = NAN;
    }
}

/* ---- imputing ---- */

static enum mq_status impute_leaf(struct preparing *p, int leaf, struct mq_panel_frame *panel,
                                  double *made)
{
    const struct mq_node *node = &p->model->node[leaf];
    size_t cells = panel->panel.units * panel->panel.periods;

    MQ_TRY(mq_panel_fill(panel, p->frame, leaf, p->error));
    for (size_t i = 0; i < cells; i++)
        made[i] = NAN;
    MQ_TRY(mq_imputers[node->impute.method]->impute(&panel->panel, &node->impute, made, p->error));
    for (size_t i = 0; i < cells; i++) {
        size_t at = panel->place[i];
        if (at == SIZE_MAX || !isnan(panel->panel.value[i]) || !isfinite(made[i]) ||
            p->frame->screened[at])
            continue;
        p->frame->filled[at * p->model->nodes + (size_t)leaf] = made[i] == 0 ? 0 : made[i];
    }
    return MQ_OK;
}

/* All leaves of a level see the values as they were before, so that their order does not matter. */
static enum mq_status impute_units(struct preparing *p, uint32_t level)
{
    struct mq_panel_frame panel;
    enum mq_status status = mq_panel_open(&panel, p->frame, level, p->error);
    double *made = NULL;

    if (status == MQ_OK) {
        made = malloc((panel.panel.units * panel.panel.periods + 1) * sizeof *made);
        status = made ? MQ_OK : mq_fail_memory(p->error);
    }
    for (size_t k = 0; k < p->model->nodes && status == MQ_OK; k++) {
        if (!p->model->node[k].leaf || p->model->node[k].impute.method < 0)
            continue;
        status = impute_leaf(p, (int)k, &panel, made);
    }
    free(made);
    mq_panel_close(&panel);
    return status;
}

/* ---- treating ---- */

/* What one worker needs. */
struct treating {
    struct preparing p;
    struct mq_error error;
    enum mq_status status;
    size_t *unit;
    double *value, *treated;
};

/* Leaves of levels and periods, to be treated by any worker. */
struct treatment {
    struct mq_groups groups;
    struct treating *worker;
    size_t tasks; /* groups * nodes */
    atomic_size_t next;
};

static enum mq_status treat_leaf(struct treating *t, const struct mq_group *group, size_t leaf)
{
    const struct mq_choice *choice = &t->p.model->node[leaf].treat;
    size_t count = 0;

    for (size_t i = group->begin; i < group->end; i++) {
        double value = t->p.frame->filled[i * t->p.model->nodes + leaf];
        if (isnan(value))
            continue;
        t->unit[count] = i;
        t->value[count++] = value;
    }
    if (!count)
        return MQ_OK;
    MQ_TRY(mq_treaters[choice->method]->treat(t->value, count, choice, t->treated, &t->error));
    for (size_t i = 0; i < count; i++)
        t->p.frame->used[t->unit[i] * t->p.model->nodes + leaf] = t->treated[i];
    return MQ_OK;
}

static void treat_some(int worker, void *context)
{
    struct treatment *treatment = context;
    struct treating *t = &treatment->worker[worker];
    size_t nodes = t->p.model->nodes, task;

    while ((task = atomic_fetch_add(&treatment->next, 1)) < treatment->tasks) {
        const struct mq_node *node = &t->p.model->node[task % nodes];
        if (node->leaf && node->treat.method >= 0 && t->status == MQ_OK)
            t->status = treat_leaf(t, &treatment->groups.group[task / nodes], task % nodes);
    }
}

static enum mq_status treating_init(struct treating *t, const struct preparing *p)
{
    size_t units = p->frame->units + 1;

    t->p = (struct preparing){.frame = p->frame, .model = p->model, .error = &t->error};
    t->unit = malloc(units * sizeof *t->unit);
    t->value = malloc(units * sizeof *t->value);
    t->treated = malloc(units * sizeof *t->treated);
    return t->unit && t->value && t->treated ? MQ_OK : mq_fail_memory(p->error);
}

static enum mq_status treat(struct preparing *p)
{
    int workers = p->frame->threads > 1 ? p->frame->threads : 1;
    struct treatment treatment = {.worker = calloc((size_t)workers, sizeof(struct treating))};
    enum mq_status status = MQ_OK;

    if (!treatment.worker)
        return mq_fail_memory(p->error);
    status = mq_find_groups(p->frame, &p->frame->arena, &treatment.groups, p->error);
    for (int i = 0; i < workers && status == MQ_OK; i++)
        status = treating_init(&treatment.worker[i], p);
    if (status == MQ_OK) {
        treatment.tasks = treatment.groups.count * p->model->nodes;
        mq_parallel(workers, treat_some, &treatment);
    }
    for (int i = 0; i < workers; i++) {
        struct treating *t = &treatment.worker[i];
        if (status == MQ_OK && t->status != MQ_OK) {
            status = t->status;
            if (p->error)
                *p->error = t->error;
        }
        free(t->unit);
        free(t->value);
        free(t->treated);
    }
    free(treatment.worker);
    return status;
}

/* ---- all of it ---- */

static bool asks(const struct mq_model *model, bool treat)
{
    bool any = false;

    for (size_t i = 0; i < model->nodes && !any; i++) {
        const struct mq_node *node = &model->node[i];
        any = node->leaf && (treat ? node->treat.method : node->impute.method) >= 0;
    }
    return any;
}

bool mq_prepares(const struct mq_model *model)
{
    return model->screen.asked || asks(model, false) || asks(model, true);
}

enum mq_status mq_prepared_alloc(struct mq_frame *frame, struct mq_error *error)
{
    size_t cells = frame->units * frame->model->nodes;

    frame->used = mq_arena_alloc(&frame->arena, (cells + 1) * sizeof *frame->used);
    frame->filled = mq_arena_alloc(&frame->arena, (cells + 1) * sizeof *frame->filled);
    frame->screened = mq_arena_array(&frame->arena, frame->units + 1, 1);
    if (!frame->used || !frame->filled || !frame->screened)
        return mq_fail_memory(error);
    memcpy(frame->used, frame->value, cells * sizeof *frame->used);
    memcpy(frame->filled, frame->value, cells * sizeof *frame->filled);
    return MQ_OK;
}

enum mq_status mq_frame_prepare(struct mq_frame *frame, struct mq_error *error)
{
    struct preparing p = {.frame = frame, .model = frame->model, .error = error};
    size_t cells = frame->units * frame->model->nodes;

    if (!mq_prepares(frame->model))
        return MQ_OK;
    MQ_TRY(mq_prepared_alloc(frame, error));
    if (p.model->screen.asked) {
        screen_units(&p);
        memcpy(frame->filled, frame->used, cells * sizeof *frame->filled);
    }
    if (asks(p.model, false)) {
        for (uint32_t level = 0; level < p.model->levels; level++)
            MQ_TRY(impute_units(&p, level));
        memcpy(frame->used, frame->filled, cells * sizeof *frame->used);
    }
    return asks(p.model, true) ? treat(&p) : MQ_OK;
}
