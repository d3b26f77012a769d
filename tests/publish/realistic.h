/* Scores made by hand: a province with its cities and industries, magnitudes as in the real
 * economy. */
#ifndef MQ_TEST_REALISTIC_H
#define MQ_TEST_REALISTIC_H

#include "publish/publish.h"

/* A publication of tables alone. */
#define PUBLISHED(of) (&(struct mq_publication){.chinese = (of)->chinese, .sheets = (of)})

struct realistic_options {
    bool english, flat,
        raw_only; /* flat: one root over five leaves; raw_only: scores are the raw values */
    bool no_top, no_matrix, no_bands, no_single; /* levels and bands left out */
    size_t periods;                              /* 1 or 2 */
    size_t units;      /* of the first single-axis level, at most 150; 0: 14 cities */
    size_t industries; /* 0: 31 */
    int min_enterprises;
};

struct realistic {
    struct mq_model model;
    struct mq_frame frame;
    struct mq_scores scores;
    struct mq_provenance provenance;
    struct mq_arena arena;
};

void realistic_new(const struct realistic_options *options, struct realistic *set);
void realistic_clear(struct realistic *set);
/* The unit of a period (0 or 1), level id and code; SIZE_MAX if there is none. */
size_t realistic_unit(const struct realistic *set, size_t period, const char *level,
                      const char *code);
int realistic_node(const struct realistic *set, const char *id);
struct mq_score *realistic_score(struct realistic *set, size_t unit, const char *node);
/* Ranks and changes again, after scores were altered by hand. */
void realistic_rank(struct realistic *set);
const struct mq_sheet *realistic_sheet(const struct mq_sheets *sheets, const char *id);
/* The cell of the row whose first cell is `name`, in the column with that title; fails the test if
 * there is none. */
const struct mq_sheet_cell *realistic_cell(const struct mq_sheet *sheet, const char *name,
                                           const char *column);
/* A new folder below TMPDIR or /tmp; `path` needs 256 bytes. */
void realistic_folder(char *path);

#endif
