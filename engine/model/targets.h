/*
 * A list of targets: what an outline wants to be reached, from where, by when.
 *
 * A file of its own (`mqci_targets: 1`), bound with the same YAML tree and messages as a model.
 * Kinds of targets, where a is the actual value, T the target value and r another figure in the
 * same year (all mirrored for direction down): reach     a >= T by the due year, on a straight line
 * from the baseline until then hold      a >= T in every year rise      a > the baseline above a >
 * r at_least  a >= r
 */
#ifndef MQ_MODEL_TARGETS_H
#define MQ_MODEL_TARGETS_H

#include "model/model.h"

enum mq_target_kind {
    MQ_TARGET_REACH,
    MQ_TARGET_HOLD,
    MQ_TARGET_RISE,
    MQ_TARGET_ABOVE,
    MQ_TARGET_AT_LEAST,
    MQ_TARGET_KINDS
};
const char *mq_target_kind_name(enum mq_target_kind kind);

/* What the yearly tables may hold. */
struct mq_target_figure {
    const char *id, *title, *unit;
    double least, most; /* of its values; -INFINITY, INFINITY if not written */
    struct mq_position at;
};

/* A score among the outputs of runs. */
struct mq_target_origin {
    const char *model, *level, *unit, *node; /* NULL: the target has none; level "": the first with
                                                the unit */
};

struct mq_target {
    const char *id, *title, *unit, *source;
    enum mq_target_kind kind;
    enum mq_direction direction;
    int figure, beside; /* figures of the actual value and of r; -1 if none */
    struct mq_target_origin from;
    int baseline_year; /* 0 if none */
    double baseline;   /* NaN: the actual value of that year */
    double value;      /* T; NaN where the kind has none */
    int due, decimals;
    bool total; /* yearly values are added up from the year after the baseline */
    struct mq_position at;
};

struct mq_targets {
    const char *path, *id, *title, *source;
    bool chinese;
    enum mq_rounding rounding;
    const char **assumption;
    size_t assumptions;
    const char **table; /* yearly tables, as found */
    size_t tables;
    struct mq_target_figure *figure;
    size_t figures;
    struct mq_target *target;
    size_t targets;
    struct mq_arena arena;
};

/* MQ_BAD_MODEL with file:line:column; the result is freed by mq_targets_free, also after a failure
 * (then *targets is NULL). */
enum mq_status mq_targets_read(const char *path, struct mq_targets **targets,
                               struct mq_error *error);
void mq_targets_free(struct mq_targets *targets);

#endif
