/*
 * narrative: sentences with places for published numbers. A text is parsed once against the model,
 * so that a wrong name is told with its place in the file; publish/ fills it in.
 *
 * The language:
 *
 *   {verb [NODE] [LEVEL [UNIT]] [>= NUMBER] [N]}   a place. What a verb takes is in
 *       narrative_verbs.c, always in this order. NODE is the id of an indicator and stands for the
 *       index if left out; LEVEL is the id of a level; UNIT is the code of one of its units, and
 *       LEVEL UNIT together stand for the top unit if left out. Comparisons are >= > <= < =. A word
 *       that is the id of a node and of a level is the node.
 *   [ ... ]   an optional part; parts may hold parts. It is left out when a place in it (not in a
 *       part of its own) has nothing to say: no period before, no number, withheld, an empty list,
 *       a count of 0.
 *   A sentence, up to one of 。！？ or ". ", "! ", "? ", or up to the ] of a part that ends so, is
 *       left out whole when a place outside brackets has nothing to say. A count of 0 outside
 *       brackets is written.
 *   {{ }} [[ write { } [; so does ]] a ], where no part is open.
 */
#ifndef MQ_NARRATIVE_H
#define MQ_NARRATIVE_H

#include "model/model.h"

enum mq_verb {
    MQ_SAY_PERIOD, /* names */
    MQ_SAY_BEFORE,
    MQ_SAY_UNIT,
    MQ_SAY_TITLE,
    MQ_SAY_LEVEL,
    MQ_SAY_SCORE, /* numbers of one unit */
    MQ_SAY_PREVIOUS,
    MQ_SAY_CHANGE,
    MQ_SAY_DIFF,
    MQ_SAY_RANK,
    MQ_SAY_RANK_CHANGE,
    MQ_SAY_BAND,
    MQ_SAY_INTERVAL,
    MQ_SAY_VALUE,
    MQ_SAY_VALUE_CHANGE,
    MQ_SAY_ENTERPRISES,
    MQ_SAY_HISTORY,
    MQ_SAY_PARTS, /* indicators of one unit */
    MQ_SAY_VALUES,
    MQ_SAY_STRONGEST,
    MQ_SAY_WEAKEST,
    MQ_SAY_GAINED,
    MQ_SAY_LOST,
    MQ_SAY_STRONGEST_LEAVES,
    MQ_SAY_WEAKEST_LEAVES,
    MQ_SAY_GAINED_LEAVES,
    MQ_SAY_LOST_LEAVES,
    MQ_SAY_COUNT, /* units of one level */
    MQ_SAY_COUNTED,
    MQ_SAY_COUNT_CHANGE,
    MQ_SAY_NAMES,
    MQ_SAY_ROSE,
    MQ_SAY_FELL,
    MQ_SAY_SAME,
    MQ_SAY_RISERS,
    MQ_SAY_FALLERS,
    MQ_SAY_RANK_RISERS,
    MQ_SAY_RANK_FALLERS,
    MQ_SAY_TOP,
    MQ_SAY_BOTTOM,
    MQ_SAY_ORDER,
    MQ_VERBS
};

/* What a verb takes, in the order of the bits. */
enum mq_takes {
    MQ_TAKES_NODE = 1,
    MQ_NEEDS_NODE = 2,
    MQ_NEEDS_LEVEL = 4,
    MQ_TAKES_UNIT = 8,   /* LEVEL UNIT, or neither */
    MQ_NEEDS_UNIT = 16,  /* LEVEL UNIT */
    MQ_TAKES_BOUND = 32, /* comparison and number */
    MQ_NEEDS_BOUND = 64,
    MQ_TAKES_MANY = 128 /* N, default 3, from 1 to 100 */
};
struct mq_verb_row {
    const char *name;
    unsigned takes; /* of enum mq_takes */
    const char *usage;
};
extern const struct mq_verb_row mq_verbs[MQ_VERBS];

enum mq_compare { MQ_COMPARE_NONE, MQ_AT_LEAST, MQ_ABOVE, MQ_AT_MOST, MQ_BELOW, MQ_EQUAL_TO };

struct mq_text_place {
    enum mq_verb verb;
    int node;         /* -1: the index */
    int level;        /* -1: none named */
    const char *unit; /* its code, NULL: none named */
    enum mq_compare compare;
    double bound;
    int many;
};

enum mq_piece_kind {
    MQ_PIECE_TEXT,
    MQ_PIECE_PLACE,
    MQ_PIECE_OPEN,  /* of an optional part */
    MQ_PIECE_CLOSE, /* `ends`: the part ends with the end of a sentence */
    MQ_PIECE_END    /* of a sentence; the last piece always is one */
};
struct mq_piece {
    enum mq_piece_kind kind;
    bool ends;
    const char *text;
    struct mq_text_place place;
};
struct mq_narrative {
    size_t count;
    const struct mq_piece *piece; /* parts are balanced */
};

/* What is wrong, and at which byte of the text. */
struct mq_narrative_fault {
    size_t offset;
    char message[256];
};
/* The result lives in the arena. MQ_BAD_MODEL with `fault` filled, MQ_INTERNAL when out of memory.
 */
enum mq_status mq_narrative_parse(const struct mq_model *model, const char *text,
                                  struct mq_arena *arena, const struct mq_narrative **parsed,
                                  struct mq_narrative_fault *fault);

#endif
