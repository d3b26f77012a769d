/*
 * Times the scoring of many units: score [units] [threads] [rounds]
 *
 * 12 leaves in 3 groups below one index; winsorised, then by logarithms, then min-max over all
 * units, entropy and written weights, weighted means, ranks of every node. Values are lognormal,
 * drawn from a seed, one in 50 is missing. Prints the time of each round, by the clock and of all
 * processors, that of treating alone, and a digest of all scores and ranks, which must not depend
 * on the threads.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "index/index_parts.h"

enum { GROUPS = 3, LEAVES = 12, NODES = 1 + GROUPS + LEAVES };

static const char *const ids[NODES] = {"index", "g0", "g1", "g2", "a0", "a1", "a2", "a3",
                                       "a4",    "a5", "a6", "a7", "a8", "a9", "b0", "b1"};

struct tree {
    struct mq_model model;
    struct mq_node node[NODES];
    struct mq_level level[1];
    int child[1 + GROUPS][4], order[NODES];
};

static int method(enum mq_family family, const char *name)
{
    const struct mq_catalogue *catalogue = mq_catalogue();

    for (size_t i = 0; i < catalogue->count[family]; i++)
        if (strcmp(catalogue->methods[family][i]->name, name) == 0)
            return (int)i;
    return -1;
}

static void grow(struct tree *tree)
{
    tree->model = (struct mq_model){.path = "bench",
                                    .directory = "",
                                    .node = tree->node,
                                    .nodes = NODES,
                                    .order = tree->order,
                                    .level = tree->level,
                                    .levels = 1,
                                    .decimals = 2};
    tree->level[0] = (struct mq_level){.id = "unit", .title = "unit", .rollup = {.of = -1}};
    for (int i = 0; i < NODES; i++) {
        struct mq_node *node = &tree->node[i];
        bool leaf = i > GROUPS;
        *node = (struct mq_node){.id = ids[i],
                                 .title = ids[i],
                                 .unit = "",
                                 .parent = i == 0 ? -1
                                           : leaf ? 1 + (i - 1 - GROUPS) / 4
                                                  : 0,
                                 .weight = {1 + i % 3, 7},
                                 .direction = i % 5 == 0 ? MQ_DOWN : MQ_UP,
                                 .leaf = leaf,
                                 .reference = MQ_REFERENCE_EACH,
                                 .min_share = {2, 3}};
        node->normalise = (struct mq_choice){.method = leaf ? method(MQ_NORMALISE, "minmax") : -1,
                                             .param = {0, 100}};
        node->combine.method = leaf ? -1 : method(MQ_COMBINE, "arithmetic");
        node->weigh.method = i == 0 ? method(MQ_WEIGH, "entropy") : -1;
        node->impute.method = -1;
        node->treat = (struct mq_choice){
            .method = leaf ? method(MQ_TREAT, "winsorise_then_log") : -1, .param = {5, 2, 3.5}};
        tree->order[i] = i;
        if (node->parent >= 0) {
            struct mq_node *parent = &tree->node[node->parent];
            parent->child = tree->child[node->parent];
            tree->child[node->parent][parent->children++] = i;
        }
    }
}

static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static struct mq_frame *fill(const struct tree *tree, size_t units)
{
    struct mq_frame *frame = mq_frame_alloc(&tree->model, 1, units);
    uint64_t seed = 12;

    if (!frame)
        return NULL;
    frame->period[0] = "2024";
    for (size_t i = 0; i < units; i++) {
        frame->unit[i] = (struct mq_unit){
            .code = mq_arena_format(&frame->arena, "%08zu", i), .name = "", .enterprises = 1};
        for (size_t k = 1 + GROUPS; k < NODES; k++) {
            double sum = -6; /* of 12 uniform numbers: about normal */
            for (int d = 0; d < 12; d++)
                sum += (double)(draw(&seed) >> 11) * 0x1p-53;
            bool missing = draw(&seed) % 50 == 0;
            frame->value[i * NODES + k] = missing ? NAN : exp(1.5 * sum);
            frame->coverage[i * NODES + k] = !missing;
            frame->reason[i * NODES + k] = missing ? MQ_NOT_REPORTED : MQ_FINE;
        }
    }
    return frame;
}

static uint64_t digest(const struct mq_scores *scores)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < scores->frame->units * NODES; i++) {
        uint64_t bits = 0;
        if (!isnan(scores->score[i].value))
            memcpy(&bits, &scores->score[i].value, sizeof bits);
        sum = (sum ^ bits ^ scores->score[i].rank) * UINT64_C(0x9e3779b97f4a7c15);
        sum ^= sum >> 29;
    }
    return sum;
}

static double seconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    size_t units = argc > 1 ? strtoul(argv[1], NULL, 10) : 500000;
    int threads = argc > 2 ? atoi(argv[2]) : 2, rounds = argc > 3 ? atoi(argv[3]) : 3;
    struct tree tree = {0};
    struct mq_frame *frame;

    grow(&tree);
    frame = fill(&tree, units);
    if (frame)
        frame->threads = threads;
    for (int round = 0; frame && round < rounds; round++) {
        struct mq_scores *scores = NULL;
        double start = seconds();
        clock_t worked = clock();
        if (mq_frame_prepare(frame, NULL) != MQ_OK)
            return 1;
        double treated = seconds() - start;
        if (mq_scores_new(frame, NULL, &scores, NULL) != MQ_OK)
            return 1;
        double took = seconds() - start;
        printf("%zu units, %d threads: %.3f s, of it treating %.3f s, %.3f s of processors, digest "
               "%016llx\n",
               units, threads, took, treated, (double)(clock() - worked) / CLOCKS_PER_SEC,
               (unsigned long long)digest(scores));
        mq_scores_free(scores);
    }
    mq_frame_free(frame);
    return frame ? 0 : 1;
}
