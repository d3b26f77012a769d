/* Inside the profiles: one page of a unit under construction, a block of it a file. */
#ifndef MQ_PROFILE_H
#define MQ_PROFILE_H

#include "publish/contribution.h"

enum { MQ_PICKS = 3, MQ_PEERS = 3, MQ_PAGE_TABLES = 5, MQ_PAGE_ROWS = 39 };

/* ---- profile_parts.c: what a difference of two published scores is made of ---- */

/* Points are in units of the last published decimal. */
struct mq_pick {
    int node;
    int64_t points;
};
/* The strongest parts on either side, none below a tenth of the strongest of all; best + worst +
 * other = total, exactly. */
struct mq_picks {
    bool known;
    int64_t total;
    struct mq_pick best[MQ_PICKS], worst[MQ_PICKS]; /* by size; above and below zero */
    size_t bests, worsts, others;
    int64_t other;  /* of `others` parts, and of the rest */
    bool reweighed; /* something was missing on one side */
    bool complete;  /* every part is known, and there is no rest */
    bool rest;      /* something is left to the method of combining, or may not be shown */
};

/* ---- profile_peers.c: units like this one ---- */

/* Shares of a unit's enterprises by the other axis of a level with two axes. */
struct mq_structure {
    int level;      /* with the two axes, -1: the model has none */
    const char *by; /* what the other axis is called, "" if nothing */
    size_t parts;   /* on the other axis */
    double *share;  /* [lines of the level of profiles][parts] of the cells that may be shown */
    bool *is_known; /* [lines] some cell may be shown */
};
bool mq_structure_new(const struct mq_release *release, int level, struct mq_arena *arena,
                      struct mq_structure *structure);

struct mq_peer {
    size_t line; /* in release->level[level] */
    double near; /* similarity, or mean absolute difference of the leaves' scores */
    int lead;    /* the part it leads most in, -1: in none */
    int64_t led;
};
struct mq_peers {
    bool by_structure; /* `near` is a similarity: more is nearer */
    bool has_parts;    /* the index has parts that a peer may lead in */
    size_t count;
    struct mq_peer peer[MQ_PEERS]; /* nearest first */
};

/* ---- the page ---- */

struct mq_page {
    struct mq_draft *draft;
    const struct mq_release *release;
    const struct mq_publication_options *options;
    const struct mq_structure *structure;
    int level;
    size_t at; /* index of the line in the level */
    const struct mq_line *line;
    const char *id; /* ASCII, unique among pages */
    size_t rows;    /* of the tables so far */
    struct mq_picks gap, moves;
    struct mq_peers peers;
};

/* profile_parts.c: the score of the unit against the top unit's, or against its own before. */
void mq_profile_pick(struct mq_page *page);

/* The tables, in order; each is left out where there is nothing for it to tell. */
void mq_profile_scores(struct mq_page *page);
void mq_profile_gap(struct mq_page *page);
void mq_profile_peers(struct mq_page *page);
void mq_profile_moves(struct mq_page *page);
void mq_profile_targets(struct mq_page *page);
/* Finds the peers; before the table and the sentences. */
void mq_profile_find_peers(struct mq_page *page);
/* profile_lines.c: sets draft->failed when out of memory. */
enum { MQ_PAGE_LINES = 5 };
size_t mq_profile_lines(struct mq_page *page, struct mq_arena *arena, const char **line);

/* ---- profile_draft.c: helpers ---- */

/* The published number of a score, in units of its last decimal; false if there is none. */
bool mq_profile_published(const struct mq_release *release, struct mq_shown shown, int64_t *number);
/* What is shown of a unit now, of the same one before, of the top unit now. */
struct mq_shown mq_profile_now(const struct mq_page *page, int node);
struct mq_shown mq_profile_before(const struct mq_page *page, int node);
struct mq_shown mq_profile_top(const struct mq_page *page, int node);
bool mq_profile_has_top(const struct mq_page *page);
/* "−1.20" or, with `sign`, "+1.20"; NULL if out of memory. */
const char *mq_profile_text(struct mq_arena *arena, const struct mq_release *release,
                            int64_t number, bool sign);
void mq_profile_points(struct mq_page *page, size_t row, size_t column, int64_t points);
/* A table named `<unit>-<id>`. Units stand in titles: a page has no line to spare. */
bool mq_profile_begin(struct mq_page *page, const char *id, const char *name, const char *title,
                      size_t most_columns, size_t rows);
/* `note` (arena text, NULL: out of memory) and the signs used make one line. */
void mq_profile_end(struct mq_page *page, const char *note);
/* The index's title without the name of the top unit in front. */
const char *mq_profile_index(const struct mq_release *release);
/* What the scores are measured in: "分", "points", "%", or nothing; of their differences
 * "个百分点", too. */
const char *mq_profile_unit(const struct mq_release *release, bool difference);
/* "得分"; "数值" where no raw value is turned into a score. */
const char *mq_profile_score_word(const struct mq_release *release);
/* "上年" or "上期", "the year before". */
const char *mq_profile_last(const struct mq_release *release);

#endif
