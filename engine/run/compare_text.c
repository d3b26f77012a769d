/* `mqci compare`: what moved between two outputs, largest first, and whether data or method moved
 * it. */
#include "run/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_LIST = 30, DECIMALS = 4, NUMBER = 352 };

struct move {
    size_t a, b; /* units in the two outputs */
    int node_a, node_b;
    double before, after, by_data, by_method; /* by_*: NaN if they cannot be told apart */
};

struct comparison {
    const struct mq_results *a, *b;
    const struct mq_scores
        *a_by_b; /* data of a, method of b; NULL if the models do not share their indicators */
    struct move *move;
    size_t moves;
    uint64_t compared, only_a, only_b;
};

static const struct mq_score *score_of(const struct mq_scores *scores, size_t unit, int node)
{
    return &scores->score[unit * scores->model->nodes + (size_t)node];
}

static int node_named(const struct mq_model *model, const char *id)
{
    for (size_t i = 0; i < model->nodes; i++)
        if (strcmp(model->node[i].id, id) == 0)
            return (int)i;
    return -1;
}

/* Units stand in the same order in both outputs when levels are the same, so one walk finds most; a
 * hash is not needed for tables of this size. */
static bool same_unit(const struct mq_results *a, size_t i, const struct mq_results *b, size_t k)
{
    const struct mq_unit *x = &a->frame->unit[i], *y = &b->frame->unit[k];
    return strcmp(x->code, y->code) == 0 &&
           strcmp(a->frame->period[x->period], b->frame->period[y->period]) == 0 &&
           strcmp(a->model->level[x->level].id, b->model->level[y->level].id) == 0;
}

static size_t find_unit(const struct comparison *comparison, size_t unit, size_t start)
{
    size_t units = comparison->b->frame->units;
    for (size_t step = 0; step < units; step++) {
        size_t k = (start + step) % units;
        if (same_unit(comparison->a, unit, comparison->b, k))
            return k;
    }
    return units;
}

static void compare_node(struct comparison *comparison, size_t a, size_t b, int node_a, int node_b)
{
    double before = score_of(comparison->a->scores, a, node_a)->value;
    double after = score_of(comparison->b->scores, b, node_b)->value;
    comparison->compared++;
    if (before == after || (isnan(before) && isnan(after)))
        return;
    struct move move = {a, b, node_a, node_b, before, after, NAN, NAN};
    if (comparison->a_by_b) {
        double middle = score_of(comparison->a_by_b, a, node_b)->value;
        move.by_method = middle - before;
        move.by_data = after - middle;
    }
    comparison->move[comparison->moves++] = move;
}

static enum mq_status collect(struct comparison *comparison, struct mq_error *error)
{
    const struct mq_model *model_a = comparison->a->model, *model_b = comparison->b->model;
    size_t units = comparison->a->frame->units, next = 0, matched = 0;
    comparison->move = calloc(units * model_a->nodes + 1, sizeof *comparison->move);
    if (!comparison->move)
        return mq_fail_memory(error);
    for (size_t i = 0; i < units; i++) {
        size_t k = find_unit(comparison, i, next);
        if (k == comparison->b->frame->units) {
            comparison->only_a++;
            continue;
        }
        next = k + 1;
        matched++;
        for (size_t n = 0; n < model_a->nodes; n++) {
            int other = node_named(model_b, model_a->node[n].id);
            if (other >= 0)
                compare_node(comparison, i, k, (int)n, other);
        }
    }
    comparison->only_b = comparison->b->frame->units - matched;
    return MQ_OK;
}

static double size_of_move(const struct move *move)
{
    double size = fabs(move->after - move->before);
    return isnan(size) ? INFINITY : size; /* appearing and disappearing comes first */
}

static int larger_first(const void *x, const void *y)
{
    const struct move *a = x, *b = y;
    double size_a = size_of_move(a), size_b = size_of_move(b);
    if (size_a != size_b)
        return size_a < size_b ? 1 : -1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->node_a > b->node_a) - (a->node_a < b->node_a);
}

static const char *number(double value, char *text)
{
    if (isnan(value))
        return "—";
    return mq_round_text(value, DECIMALS, MQ_HALF_UP, text);
}

static void list_moves(const struct comparison *comparison, struct mq_buffer *text)
{
    static const bool right[] = {false, false, false, false, true, true, true, true, true};
    static const char *const head[] = {"period", "level",  "unit",    "node",     "before",
                                       "after",  "change", "by data", "by method"};
    struct mq_layout layout = {.columns = 9, .right = right};
    char value[NUMBER];
    for (size_t i = 0; i < 9; i++)
        mq_layout_cell(&layout, "%s", head[i]);
    for (size_t i = 0; i < comparison->moves && i < LONGEST_LIST; i++) {
        const struct move *move = &comparison->move[i];
        const struct mq_unit *unit = &comparison->b->frame->unit[move->b];
        mq_layout_cell(&layout, "%s", comparison->b->frame->period[unit->period]);
        mq_layout_cell(&layout, "%s", comparison->b->model->level[unit->level].title);
        mq_layout_cell(&layout, "%s", unit->name);
        mq_layout_cell(&layout, "%s", comparison->b->model->node[move->node_b].title);
        mq_layout_cell(&layout, "%s", number(move->before, value));
        mq_layout_cell(&layout, "%s", number(move->after, value));
        mq_layout_cell(&layout, "%s", number(move->after - move->before, value));
        mq_layout_cell(&layout, "%s", number(move->by_data, value));
        mq_layout_cell(&layout, "%s", number(move->by_method, value));
    }
    mq_layout_print(&layout, 2, text);
    if (comparison->moves > LONGEST_LIST)
        mq_buffer_format(text, "  … and %zu more\n", comparison->moves - LONGEST_LIST);
}

static void tell(const struct comparison *comparison, struct mq_buffer *text)
{
    const struct mq_results *a = comparison->a, *b = comparison->b;
    bool same_model = strcmp(a->model_digest, b->model_digest) == 0;
    bool same_data = strcmp(a->inputs_digest, b->inputs_digest) == 0;
    mq_buffer_format(text, "model  %s (%s %s -> %s %s)\n", same_model ? "the same" : "differs",
                     a->model->id, a->model->edition, b->model->id, b->model->edition);
    mq_buffer_format(text, "data   %s (%llu -> %llu rows accepted)\n",
                     same_data ? "the same" : "differ", (unsigned long long)a->accepted,
                     (unsigned long long)b->accepted);
    if (strcmp(a->version, b->version) != 0)
        mq_buffer_format(text, "engine differs (%s -> %s)\n", a->version, b->version);
    mq_buffer_format(
        text,
        "%llu scores compared, %zu moved; %llu units only in the first, %llu only in the second\n",
        (unsigned long long)comparison->compared, comparison->moves,
        (unsigned long long)comparison->only_a, (unsigned long long)comparison->only_b);
    if (comparison->moves == 0)
        return;
    if (!comparison->a_by_b)
        mq_buffer_text(
            text,
            "the models do not share their indicators: data and method cannot be told apart\n");
    mq_buffer_text(text, "\n");
    list_moves(comparison, text);
}

/* Scores the data of `a` by the method of `b`; leaves *scores NULL if the indicators differ. */
static void score_a_by_b(const struct mq_results *a, const struct mq_results *b, const char *out_a,
                         struct mq_frame **frame, struct mq_scores **scores)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/indicators.csv", out_a);
    if (a->frame->units && mq_frame_read(b->model, path, frame, NULL) == MQ_OK &&
        ((*frame)->units != a->frame->units || mq_scores_new(*frame, NULL, scores, NULL) != MQ_OK))
        *scores = NULL;
}

enum mq_status mq_compare_text(const char *out_a, const char *out_b, struct mq_output *output,
                               struct mq_error *error)
{
    struct mq_results *a = NULL, *b = NULL;
    struct mq_frame *frame = NULL;
    struct mq_scores *scores = NULL;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    enum mq_status status = mq_results_read(out_a, &a, error);
    if (status == MQ_OK)
        status = mq_results_read(out_b, &b, error);
    if (status == MQ_OK) {
        score_a_by_b(a, b, out_a, &frame, &scores);
        struct comparison comparison = {.a = a, .b = b, .a_by_b = scores};
        status = collect(&comparison, error);
        if (status == MQ_OK && comparison.moves)
            qsort(comparison.move, comparison.moves, sizeof *comparison.move, larger_first);
        if (status == MQ_OK)
            tell(&comparison, &text);
        free(comparison.move);
    }
    mq_scores_free(scores);
    mq_frame_free(frame);
    mq_results_free(b);
    mq_results_free(a);
    if (status == MQ_OK)
        return mq_output_take(&text, output, error);
    mq_buffer_clear(&text);
    return status;
}
