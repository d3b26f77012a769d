/* What the files of error localisation share. */
#ifndef MQ_LOCALISE_PARTS_H
#define MQ_LOCALISE_PARTS_H

#include "validate/localise.h"

/* One record against the system. Unknowns are deviations from the record's values, so that limits
 * of precision are about the deviations and not about the size of an enterprise. */
struct mq_linear_record {
    const struct mq_localise_system *system;
    double *matrix;     /* [edits * fields] coefficients */
    double *rest;       /* [edits] constant less the present values' part */
    double *slack;      /* [edits] what rounding may do to an edit */
    uint8_t *touchable; /* [fields] present and of finite weight */
    size_t programs;
    /* working memory */
    size_t *piece;        /* [edits] edits linked by free fields have one number */
    size_t *row, *column; /* [edits], [fields] the program being solved */
    double *bound;        /* [edits * 2] */
    double *range;        /* [fields * 2] what edits with one free field leave it */
    int *index;           /* [fields + 1] */
    double *number;       /* [fields + 1] */
    bool solver;          /* the solver's environment of this thread is ours to free */
};

/* Can all edits hold when the fields with free[j] != 0 may take any value? If not, `conflict`
 * ([fields]) marks the fields of which at least one more must be free: touchable, not free, not
 * banned; *conflicts is their number. */
enum mq_status mq_linear_feasible(struct mq_linear_record *record, const uint8_t *free_fields,
                                  const uint8_t *banned, uint8_t *conflict, size_t *conflicts,
                                  bool *feasible, struct mq_error *error);

/* localise_program.c: the same for the edits row[0..rows) over the unknowns column[0..columns). */
enum mq_status mq_linear_program(struct mq_linear_record *record, size_t rows, size_t columns,
                                 bool *feasible, struct mq_error *error);
/* Gives the solver's memory back. */
void mq_linear_done(struct mq_linear_record *record);

#endif
