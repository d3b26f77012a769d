/*
 * relations: rows whose values must add up to the value of another row.
 *
 * Takes the rows of one group; hands on a truth for every row. A row is false when any sum it takes
 * part in fails, else unknown when any cannot be judged. A total that is there twice is not guessed
 * at: its sum cannot be judged.
 */
#ifndef MQ_RELATIONS_H
#define MQ_RELATIONS_H

#include "core/core.h"

/* Labels of a code list: the value of a label is the sum of the values of the labels right below
 * it. Sums without a row for the total, or without a row below, are not asked for. */
struct mq_hierarchy {
    size_t rows;
    const uint32_t *label; /* [rows] ordinal; >= labels (MQ_NO_CODE): missing, unknown by itself */
    const double *value;   /* [rows] NaN: missing */
    size_t labels;
    const uint32_t *parent; /* [labels] ordinal, MQ_NO_CODE at the top */
    double tolerance;
};
/* Fills truth ([rows] enum mq_truth: 0 false, 1 unknown, 2 true); *twice: sums not judged because
 * their total occurs more than once. MQ_INTERNAL when out of memory. */
enum mq_status mq_hierarchy_check(const struct mq_hierarchy *hierarchy, uint8_t *truth,
                                  size_t *twice, struct mq_error *error);

enum mq_part_role { MQ_NO_PART, MQ_PART, MQ_WHOLE };

/* One whole and its parts. Rows that are neither are true. Without the whole, or without parts,
 * nothing can be judged. */
struct mq_part_whole {
    size_t rows;
    const uint8_t *role; /* [rows] enum mq_part_role */
    const double *value;
    double tolerance;
};
/* *twice: the whole occurs more than once. */
void mq_part_whole_check(const struct mq_part_whole *relation, uint8_t *truth, bool *twice);

#endif
