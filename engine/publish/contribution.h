/*
 * contribution: what the difference of two scores of the index is made of.
 *
 * The index is a weighted mean of weighted means, so a node i has an effective weight w_i: the
 * product of the weights used from the root down to it (scores->weight, after renormalising;
 * 0 where the node is missing). Between a side 0 and a side 1 (the year before and this one, the
 * province and a city) a node contributes by the midpoint decomposition
 *     (w0 + w1) / 2 * (s1 - s0)  +  (w1 - w0) * ((s0 + s1) / 2 - (S0 + S1) / 2),
 * S being the index. The first term is the change of the node at mean weight, the second the change
 * of its weight, which counts as far as the node is better than the whole: were S left out, an
 * indicator that is newly reported would seem to give all its weight and the others to lose as
 * much. As effective weights add up to 1 on both sides, the sum is exact either way; where they do
 * not add up to 1, S is left out. (Midpoint weights: the Marshall-Edgeworth way of splitting a
 * change of a weighted mean into parts.)
 *
 * What the sum leaves open is the rest: the method of combining where it is not an arithmetic mean,
 * nodes that may not be shown, weights that were not kept (--against).
 *
 * Everything is then rounded to the model's decimals with largest remainders, so that parts and
 * rest add up exactly to the difference of the two published numbers.
 */
#ifndef MQ_CONTRIBUTION_H
#define MQ_CONTRIBUTION_H

#include "publish/draft.h"

/* One of the two scores. */
struct mq_side {
    size_t unit;   /* in frame->unit, or MQ_NO_UNIT */
    bool previous; /* not the unit's own scores but those it is compared with (--against): its
                      weights then are taken for theirs */
};
/* The two periods of a line. */
struct mq_side mq_side_now(const struct mq_line *line);
struct mq_side mq_side_before(const struct mq_release *release, const struct mq_line *line);

struct mq_contribution {
    int node;                  /* in model->node */
    struct mq_sheet_cell cell; /* "+0.12", "−0.03", "0.00"; NaN and its sign if it may not be shown,
                                  is missing on both sides, or cannot be told from the rest */
    int symbol;                /* enum mq_symbol of such a sign, else -1 */
};

struct mq_contributions {
    bool known; /* false: one of the two scores is not shown. Then there is nothing else */
    struct mq_sheet_cell from, to, total; /* side 0, side 1, "+0.31": to - from as published */
    bool reweighed; /* effective weights differ between the sides: something was missing on one */
    size_t count;
    struct mq_contribution *part; /* [count] as asked for */
    struct mq_sheet_cell rest;    /* NaN and "": nothing is left */
    const char *rest_name;        /* "合成方式及其他", "method and other" */
};

/*
 * Splits score(side[1]) - score(side[0]) of release->root over `count` nodes, none of which is
 * above another. Texts are from `arena`. MQ_INTERNAL when out of memory (no message: mq_fail_memory
 * is the caller's).
 */
enum mq_status mq_contributions_new(const struct mq_release *release, const struct mq_side side[2],
                                    const int *node, size_t count, struct mq_arena *arena,
                                    struct mq_contributions *contributions);
/* The usual nodes, in tree order: all leaves below the root, or those of its nodes two levels below
 * it and the leaves above them. `node` has model->nodes entries; returns how many. */
size_t mq_contribution_nodes(const struct mq_release *release, bool leaves, int *node);

#endif
