/*
 * concordance: what has become of the codes of an older edition of a list.
 *
 * A small table edition,code,new,kind[,sure][,remark]; rows of one code of one edition stand
 * together. kind: `whole` (one row: all that the old code held), or `main` (the first row) and
 * `part`: the old code was split, and which of the new ones a row belongs to cannot be told from
 * the old code alone. A code that the table does not have is what the longest beginning of it is
 * that the table has: 3721 goes where 372 goes, and is then no finer than that.
 */
#ifndef MQ_CONCORDANCE_H
#define MQ_CONCORDANCE_H

#include "core/core.h"

struct mq_successor {
    const char *code;   /* of the new list */
    bool sure;          /* `sure` is not "no" */
    const char *remark; /* "" if absent */
};

/* All that an old code went to, the main part first. 0: unknown; 1: clear; more: split. */
struct mq_succession {
    size_t count;
    const struct mq_successor *successor; /* [count] */
    const char *matched;                  /* the code of the table that was used */
};

/* Immutable once read: threads share it. */
struct mq_concordance;
/* A blank or unknown entry, a code whose rows do not stand together or do not fit is MQ_BAD_MODEL
 * at file:line:column. */
enum mq_status mq_concordance_read(const char *path, struct mq_concordance **concordance,
                                   struct mq_error *error);
void mq_concordance_free(struct mq_concordance *concordance); /* NULL is fine */
/* Editions in order of appearance; NULL after the last. */
const char *mq_concordance_edition(const struct mq_concordance *concordance, size_t index);
struct mq_succession mq_concordance_find(const struct mq_concordance *concordance,
                                         struct mq_text edition, struct mq_text code);

#endif
