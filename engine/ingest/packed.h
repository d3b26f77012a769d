/*
 * packed: what the forms of compressed text share. A form unpacks a step at a time into one piece
 * of memory; whole pieces go on to the pour, the first one after a look at what it is.
 *
 * A file holds one or more members (gzip) or frames (zstd) end to end; zeros may follow the last.
 */
#ifndef MQ_PACKED_H
#define MQ_PACKED_H

#include "ingest/form.h"

enum {
    MQ_PIECE = 256 << 10,         /* bytes of text handed on at a time, and of the file looked at */
    MQ_UNPACKED_FREE = 256 << 20, /* so much text is never too much */
    MQ_UNPACKED_RATIO = 2000      /* beyond that: at most so many times what was read of the file */
};

struct mq_packed {
    const struct mq_origin *origin;
    struct mq_pour *pour;
    size_t taken; /* bytes of the file unpacked */
    char *piece;  /* [MQ_PIECE] */
    size_t filled;
    uint64_t text; /* bytes handed on */
};

struct mq_packing {
    bool (*starts)(const char *bytes, size_t count); /* a member, as far as these bytes tell */
    /* Unpacks some more: moves `taken` and `filled` on. *ended: a member is complete, the next step
     * begins another. A step that moves nothing wants bytes that the file does not have. */
    enum mq_status (*step)(void *state, struct mq_packed *packed, bool *ended,
                           struct mq_error *error);
};

/* The whole file, member after member. */
enum mq_status mq_unpack(const struct mq_packing *packing, void *state,
                         const struct mq_origin *origin, struct mq_pour *pour,
                         struct mq_error *error);

/* MQ_DATA, for steps: the data makes no sense (reason: the library's, may be NULL); it does, but
 * the text is not the one that was packed. */
enum mq_status mq_packed_damaged(const struct mq_packed *packed, const char *reason,
                                 struct mq_error *error);
enum mq_status mq_packed_differs(const struct mq_packed *packed, struct mq_error *error);

#endif
