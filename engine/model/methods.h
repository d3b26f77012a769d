/*
 * methods: the rows of the catalogues, as the model room sees them.
 *
 * Names and parameters without arithmetic, and what a model chose of them. The arithmetic stands in
 * the rooms above, in the struct of the family (see index/index.h).
 */
#ifndef MQ_METHODS_H
#define MQ_METHODS_H

#include "core/core.h"

enum mq_param_kind {
    MQ_PARAM_REAL,
    MQ_PARAM_FLAG,
    MQ_PARAM_CHOICE,
    /* given as an argument, not as a number */
    MQ_PARAM_TEXT,
    MQ_PARAM_GROUPS, /* a level of the model, or a file `unit,group` (then its whole path) */
    MQ_PARAM_LIST,   /* numbers: fractions or decimals */
    MQ_PARAM_MATRIX, /* a list of lists, or several of them: a square matrix each */
    MQ_PARAM_METHODS /* methods of the same family with their parameters */
};
enum { MQ_MAX_PARAMS = 8 };

struct mq_param {
    const char *name;
    enum mq_param_kind kind;
    bool required;
    double fallback;            /* value when absent and not required */
    const char *const *choices; /* MQ_PARAM_CHOICE: NULL-ended texts; the value is the index */
    const char *meaning;
    bool per_child; /* MQ_PARAM_LIST, MQ_PARAM_MATRIX: as many columns as the node has children */
};

struct mq_choice;

/* What a catalogue says about a method; help, man page, binder and law tests read it. The
 * arithmetic stands beside this row in the struct of the family (see index/index.h). */
struct mq_method {
    const char *name;
    const char *title;   /* Chinese name of the field */
    const char *summary; /* one line, English */
    const char *formula;
    const char *reference;
    const struct mq_param *params; /* up to MQ_MAX_PARAMS, ended by .name == NULL; may be NULL */
    bool data_driven; /* normalisers: parameters come from the data, so `reference` matters */
    bool compares;    /* edits: `against` must be given */
    /* What is wrong with these parameters taken together, in words, or NULL. May be NULL. */
    const char *(*fault)(const struct mq_choice *choice);
};

enum mq_family { MQ_NORMALISE, MQ_COMBINE, MQ_WEIGH, MQ_EDIT, MQ_IMPUTE, MQ_TREAT, MQ_FAMILIES };

/* All methods the binder may use; method index = position in its family's row. */
struct mq_catalogue {
    const struct mq_method *const *methods[MQ_FAMILIES];
    size_t count[MQ_FAMILIES];
};

struct mq_position {
    long line, column; /* in the model file, from 1 */
};

/* What was given for a parameter that is no single number. */
struct mq_argument {
    const char *text;     /* MQ_PARAM_TEXT, MQ_PARAM_GROUPS; NULL: not given */
    size_t rows, columns; /* MQ_PARAM_LIST: one row; MQ_PARAM_MATRIX: all matrices below another */
    const double *value;  /* [rows * columns] */
    size_t choices;       /* MQ_PARAM_METHODS */
    const struct mq_choice *choice; /* [choices] */
    struct mq_position at;
};

/* A method chosen in a model, with its parameters. */
struct mq_choice {
    int method;                  /* index in the family, -1: none chosen */
    double param[MQ_MAX_PARAMS]; /* in the order of the method's params */
    bool given[MQ_MAX_PARAMS];   /* written in the model (else fallback, or filled by a goalposts
                                    file) */
    const struct mq_argument *argument; /* [MQ_MAX_PARAMS]; NULL if the method takes none */
};

#endif
