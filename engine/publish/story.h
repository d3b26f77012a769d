/* Inside publish/: the sentences of the white paper. */
#ifndef MQ_STORY_H
#define MQ_STORY_H

#include "publish/draft.h"

/* What a place came to. */
enum mq_said {
    MQ_SAID,
    MQ_SAID_NONE, /* a count of 0, not written yet */
    MQ_UNSAID     /* nothing to say */
};

/* Writes sentences; texts are added to `text`. */
struct mq_teller {
    const struct mq_release *release;
    struct mq_buffer *text;
    bool failed; /* out of memory */
};

/* ---- story_words.c ---- */

/* What scores of the node are measured in: "%", or "" for points. */
const char *mq_story_unit(const struct mq_release *release, int node);
/* A published number: its digits (352 bytes) and their value; NaN and "" if there is none. */
double mq_story_digits(const struct mq_release *release, struct mq_shown shown, int decimals,
                       char *digits);
/* The number with its unit: "85.20", "93.97%", "6.80亿元". */
void mq_say_number(struct mq_teller *teller, const char *digits, const char *unit);
/* "提高0.36", "下降0.03个百分点", "持平"; "up 0.36", "unchanged". `digits` with its sign. */
void mq_say_move(struct mq_teller *teller, const char *digits, const char *unit);
/* The same against the period before: "比上年提高0.36". */
void mq_say_change(struct mq_teller *teller, const char *digits, const char *unit);
/* "2024年", "2024年四季度"; as it is. */
void mq_say_period(struct mq_teller *teller, const char *period);
/* "上年", "2021年", "上期"; "the year before", "2021", "the period before". */
void mq_say_before(struct mq_teller *teller);
/* "各市": what stands before sentences about a level; "个市": its measure word; "cities". */
void mq_say_each(struct mq_teller *teller, int level);
void mq_say_measure(struct mq_teller *teller, int level, size_t count);
/* Between items of a list of `count`: "、", or ", " and " and ". */
void mq_say_between(struct mq_teller *teller, size_t item, size_t count);
void mq_say_unit_name(struct mq_teller *teller, const struct mq_line *line);

/* ---- story_fill.c, story_lists.c: values of places ---- */

/* Adds to the text; what an unsaid place has added is taken away by the caller. */
enum mq_said mq_say_place(struct mq_teller *teller, const struct mq_text_place *place);
enum mq_said mq_say_list(struct mq_teller *teller, const struct mq_text_place *place);
enum mq_said mq_say_count(struct mq_teller *teller, const struct mq_text_place *place);
/* The units of a level: what a place with a level and a comparison counts. */
struct mq_story_counts {
    size_t now, before, all; /* that meet the comparison; with a score now */
    size_t units;            /* that there are now, shown or not */
    size_t rose, fell, same, both;
    bool uneven; /* withheld in one of the two periods only: counts cannot be compared */
};
struct mq_story_counts mq_story_count(const struct mq_release *release,
                                      const struct mq_text_place *place);
/* The unit that a place is about; line->now is MQ_NO_UNIT if there is none. */
struct mq_line mq_place_line(const struct mq_release *release, const struct mq_text_place *place);
int mq_place_node(const struct mq_release *release, const struct mq_text_place *place);

/* ---- story_default.c: sections of models without a narrative ---- */

enum { MQ_STORY_PARAGRAPHS = 8 };
/* One section before it is filled: what a model may also say itself. */
struct mq_story_draft {
    const char *id, *title;
    const char *paragraph[MQ_STORY_PARAGRAPHS]; /* templates */
    size_t paragraphs;
    int level;                /* whose tables and figures stand here; -1: those of no level */
    unsigned sheets, figures; /* bit sets of kinds */
};
struct mq_story_drafts {
    struct mq_story_draft *draft;
    size_t count;
};
/* Sections in order, in the arena; none for a model without nodes. MQ_INTERNAL when out of memory.
 */
enum mq_status mq_story_default(const struct mq_release *release, struct mq_arena *arena,
                                struct mq_story_drafts *drafts);

enum { MQ_STORY_PARTS = 6 }; /* more children than that are not told one by one */
#define MQ_SHEET_BIT(kind)  (1u << MQ_SHEET_##kind)
#define MQ_FIGURE_BIT(kind) (1u << MQ_FIGURE_##kind)

struct mq_story_writer {
    const struct mq_release *release;
    struct mq_arena *arena;
    struct mq_story_draft *draft; /* under construction */
    struct mq_buffer text;        /* of its next paragraph */
    bool failed;                  /* out of memory */
};
/* Ends the paragraph, if anything stands in it. */
void mq_writer_paragraph(struct mq_story_writer *writer);
/* The buffer as a text of the arena; clears the buffer. */
const char *mq_writer_text(struct mq_story_writer *writer, struct mq_buffer *text);

/* ---- story_levels.c ---- */

void mq_story_level(struct mq_story_writer *writer, int level);

/* ---- story_walk.c ---- */

/* The filled paragraph in the arena; "" if nothing is left of it, NULL if out of memory. */
const char *mq_story_paragraph(const struct mq_release *release,
                               const struct mq_narrative *narrative, struct mq_arena *arena);

#endif
