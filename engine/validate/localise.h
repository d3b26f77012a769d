/*
 * localise: a record that fails linear edits in, the fields to change out.
 *
 * The paradigm of Fellegi and Holt (JASA 71, 1976, 17-35): among all sets of fields that can be
 * changed so that every edit holds, the one of least weight. Sets are tried in order of weight, so
 * the first that works is the answer; whether one works is a linear program. Deterministic: of sets
 * of the same weight the one with fewer fields, then the one that names earlier fields. Limits are
 * counted, not timed.
 */
#ifndef MQ_LOCALISE_H
#define MQ_LOCALISE_H

#include "model/model.h"

struct mq_linear_term {
    size_t field;
    double coefficient;
};

/* Sum of coefficient * field, compared with a constant. Holds within 1e-8 and the rounding of the
 * sum; where a field may change, a strict comparison keeps 1e-3 of distance. */
struct mq_linear_edit {
    size_t terms;
    const struct mq_linear_term *term; /* a field may occur more than once */
    enum mq_linear_operator compare;
    double constant;
};

enum { MQ_LOCALISE_SETS = 20000 };

struct mq_localise_system {
    size_t fields, edits;
    const struct mq_linear_edit *edit;
    const double *weight; /* [fields] of a change, >= 0, infinite: must not be touched; NULL: all
                             are 1 */
    size_t most_fields;   /* changed besides the missing ones; 0: any number */
    size_t most_sets;     /* tried per record; 0: MQ_LOCALISE_SETS */
};

enum mq_localise_outcome {
    MQ_LOCALISE_NOTHING,     /* all values present, all edits hold */
    MQ_LOCALISE_SOLVED,      /* `change` is the set; just the missing fields if the rest can stay */
    MQ_LOCALISE_NO_SOLUTION, /* not even all touchable fields together help */
    MQ_LOCALISE_LIMIT,       /* most_fields or most_sets was reached before a set was found */
    MQ_LOCALISE_OUTCOMES
};
const char *mq_localise_code(enum mq_localise_outcome outcome); /* "solved", ... */

struct mq_localise_result {
    enum mq_localise_outcome outcome;
    uint8_t *change;       /* [fields] of the caller: 1 = is to be changed; missing ones always */
    size_t changed;        /* fields with 1 */
    double weight;         /* of the changed ones that were present */
    size_t sets, programs; /* tried; linear programs this took (none for one unknown) */
};

/* What is wrong with a system, in words, or NULL. Call once; mq_localise takes it for granted. */
const char *mq_localise_fault(const struct mq_localise_system *system);

/* Not finite values are missing: they are to be filled in whatever their weight. MQ_INTERNAL when
 * memory runs out. Threads may call this at the same time; nothing is kept between calls. */
enum mq_status mq_localise(const struct mq_localise_system *system, const double *values,
                           struct mq_localise_result *result, struct mq_error *error);

#endif
