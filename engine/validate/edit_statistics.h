/*
 * edit statistics: verdicts of records under edits in, the five tables of Banff's editstats out.
 *
 * Counts of a worker; workers' counts are merged, and the sums do not depend on order.
 */
#ifndef MQ_EDIT_STATISTICS_H
#define MQ_EDIT_STATISTICS_H

#include "core/core.h"

struct mq_edit_tally {
    uint64_t passed, missed, failed;
};

struct mq_edit_statistics {
    size_t edits, variables;
    const uint8_t *names;        /* [edits * variables] 1: the edit names the variable */
    struct mq_edit_tally *edit;  /* [edits] records that passed, ... the edit */
    struct mq_edit_tally *count; /* [edits + 1] records that passed, ... exactly k edits */
    struct mq_edit_tally record; /* records: failed if any edit is, else missed if any is */
    uint64_t records;
    struct mq_edit_tally *involved; /* [variables] edits naming it that were passed, ..., over all
                                       records */
    struct mq_edit_tally *role;     /* [variables] records with that overall status to which an edit
                                       naming the variable contributed */
    uint8_t *verdict;               /* [edits] working memory */
    struct mq_arena arena;
};

/* `names` is copied. MQ_INTERNAL when out of memory; clear in any case. */
enum mq_status mq_edit_statistics_open(struct mq_edit_statistics *statistics, size_t edits,
                                       size_t variables, const uint8_t *names,
                                       struct mq_error *error);
/* verdict[edit][record] is an enum mq_truth: false failed, unknown missed, true passed. */
void mq_edit_statistics_add(struct mq_edit_statistics *statistics, const uint8_t *const *verdict,
                            size_t records);
void mq_edit_statistics_merge(struct mq_edit_statistics *into,
                              const struct mq_edit_statistics *from);
/* The columns that follow from the others. */
size_t mq_edit_statistics_edits_naming(const struct mq_edit_statistics *statistics,
                                       size_t variable);
uint64_t mq_edit_statistics_not_involved(const struct mq_edit_statistics *statistics,
                                         size_t variable); /* edits not naming it, times records */
uint64_t mq_edit_statistics_no_role(const struct mq_edit_statistics *statistics,
                                    size_t variable); /* records in which it had no role */
void mq_edit_statistics_clear(struct mq_edit_statistics *statistics);

#endif
