/* A YAML document as a tree whose every node knows where it stands. */
#ifndef MQ_MODEL_YAML_TREE_H
#define MQ_MODEL_YAML_TREE_H

#include "model/model.h"

enum mq_yaml_kind { MQ_YAML_SCALAR, MQ_YAML_LIST, MQ_YAML_MAP };

struct mq_yaml {
    enum mq_yaml_kind kind;
    struct mq_position at;
    size_t index;                /* characters before it in the file */
    bool plain;                  /* scalar without quotes, not a block */
    char style;                  /* scalar: ' ' plain, '\'', '"', or '|' for both kinds of block */
    const char *text;            /* scalar, without NUL bytes inside */
    size_t length;               /* of text */
    size_t count;                /* items of a list, pairs of a map */
    const struct mq_yaml **item; /* list items or map values */
    const struct mq_yaml **key;  /* map keys, all scalars, all different */
};

/* Bytes of a model file, without a byte order mark. */
struct mq_yaml_file {
    const char *bytes;
    size_t count;
    const char *path;
};

/* Reads the one document of the file. Not UTF-8, not YAML, two documents, tags, an alias inside its
 * own anchor and duplicate keys are MQ_BAD_MODEL with position. Aliases become the node they name.
 */
enum mq_status mq_yaml_read(const struct mq_yaml_file *file, struct mq_arena *arena,
                            const struct mq_yaml **root, struct mq_error *error);

/* Where byte `offset` of a scalar's text stands in the file: quotes, escapes and folded lines are
 * followed. */
struct mq_position mq_yaml_place(const struct mq_yaml_file *file, const struct mq_yaml *scalar,
                                 size_t offset);

#endif
