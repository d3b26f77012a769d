/* Tables of invented enterprises as text; a share of the rows is spoilt on purpose. */
#ifndef GEN_ROW_H
#define GEN_ROW_H

#include <stdio.h>

#include "gen_enterprise.h"

struct gen_options {
    uint64_t rows, first, seed;
    int from, to;
    enum gen_region region;
    enum gen_mix mix;
    double missing, bad, quoted;
    bool gb18030, english, bom, crlf;
    const char *path;
};

/* Kinds of mistakes, one a spoilt row. */
enum gen_spoil {
    SPOIL_NONE,
    SPOIL_NO_KEY,
    SPOIL_LETTERS,   /* 约1200 */
    SPOIL_SEPARATOR, /* "1,234,567" */
    SPOIL_TOO_LARGE,
    SPOIL_DECIMALS, /* 1234.567 where 千元 have none */
    SPOIL_REGION,
    SPOIL_INDUSTRY,
    SPOIL_SHORT,    /* fields missing at the end */
    SPOIL_LONG,     /* one field too many */
    SPOIL_REPEATED, /* the enterprise before, once more */
    SPOIL_CONFLICT, /* the enterprise before with another revenue */
    SPOIL_NEGATIVE, /* revenue */
    SPOIL_PART,     /* more batches passed than sampled */
    SPOIL_NO_YEAR,
    SPOIL_KINDS
};

/* The whole table, header first. false: writing failed, out of memory, or the encoding is not known
 * here. */
bool gen_write(const struct gen_options *options, FILE *file);

#endif
