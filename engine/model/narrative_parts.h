/* Inside model/: the parts of the parser of narratives. */
#ifndef MQ_NARRATIVE_PARTS_H
#define MQ_NARRATIVE_PARTS_H

#include "model/narrative.h"

struct mq_narrative_parser {
    const struct mq_model *model;
    struct mq_arena *arena;
    const char *text;
    size_t length, at;
    struct mq_piece *piece;
    size_t count;
    char *run; /* text read since the last piece */
    size_t run_length;
    struct mq_narrative_fault *fault;
};

/* Fills the fault; MQ_BAD_MODEL. */
enum mq_status mq_narrative_refuse(struct mq_narrative_parser *parser, size_t offset,
                                   const char *format, ...) __attribute__((format(printf, 3, 4)));
/* What stands between the braces, from `start` up to `end`. */
enum mq_status mq_narrative_place(struct mq_narrative_parser *parser, size_t start, size_t end,
                                  struct mq_text_place *place);

#endif
