/*
 * The tokeniser on libcsv. Its traps, and what is done about them: the parser says where a stray
 * quote is only by the number of bytes it took; an unterminated quote shows only in what csv_fini
 * returns (csv_error says "success"); its buffer grows by 128 bytes a time unless told otherwise.
 */
#include <csv.h>
#include <stdlib.h>

#include "ingest/reader.h"

enum { LEAST_STEP = 1 << 12 };

static bool start(struct csv_parser *parser)
{
    if (csv_init(parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return false;
    csv_set_realloc_func(parser, realloc);
    csv_set_free_func(parser, free);
    return true;
}

static int no_tab(unsigned char c)
{
    return c == ' ';
}

static void *libcsv_open(void)
{
    struct csv_parser *parser = malloc(sizeof *parser);
    if (parser && !start(parser)) {
        free(parser);
        parser = NULL;
    }
    return parser;
}

static void libcsv_close(void *state)
{
    if (state)
        csv_free(state);
    free(state);
}

static void nothing(void *text, size_t length, void *context)
{
    (void)text, (void)length, (void)context;
}

static void nothing_more(int terminator, void *context)
{
    (void)terminator, (void)context;
}

static void pass_field(void *text, size_t length, void *context)
{
    const struct mq_sink *sink = context;
    sink->field(text, length, sink->context);
}

static void pass_row(int terminator, void *context)
{
    const struct mq_sink *sink = context;
    sink->row(terminator, sink->context);
}

static enum mq_fault libcsv_run(void *state, const char *text, size_t length, char separator,
                                bool whole, const struct mq_sink *sink, size_t *offset)
{
    struct csv_parser *parser = state;
    enum mq_fault fault = MQ_FAULT_NONE;
    csv_set_delim(parser, (unsigned char)separator);
    csv_set_space_func(parser, separator == '\t' ? no_tab : NULL);
    csv_set_blk_size(parser, length / 8 + LEAST_STEP);
    struct mq_sink own = *sink; /* libcsv wants to write to its context */
    *offset = csv_parse(parser, text, length, pass_field, pass_row, &own);
    if (*offset != length)
        fault = csv_error(parser) == CSV_EPARSE ? MQ_FAULT_QUOTE : MQ_FAULT_MEMORY;
    else if (whole && csv_fini(parser, pass_field, pass_row, &own) != 0)
        fault = MQ_FAULT_OPEN;
    if (fault != MQ_FAULT_NONE || !whole) { /* the parser stands within a row: start afresh */
        if (csv_fini(parser, nothing, nothing_more, NULL) != 0) {
            csv_free(parser);
            if (!start(parser))
                fault = MQ_FAULT_MEMORY;
        }
    }
    return fault;
}

const struct mq_tokeniser mq_tokens_libcsv = {"libcsv", libcsv_open, libcsv_run, libcsv_close};
