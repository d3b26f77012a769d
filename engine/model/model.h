/*
 * model: a YAML file in, one immutable struct out.
 *
 * Takes the path of a model file and the catalogues of methods (handed in by the caller, because
 * methods live in rooms above this one); hands on struct mq_model with every name resolved to an
 * index, every weight a fraction, every formula compiled. Nothing after loading can fail because of
 * the model. Also the formula compiler: one small language for rules, filters and indicators, run
 * over whole columns.
 */
#ifndef MQ_MODEL_H
#define MQ_MODEL_H

#include "core/core.h"
#include "model/correction.h"
#include "model/design.h"
#include "model/levels.h"
#include "model/methods.h"
#include "model/plan.h"
#include "mqci/mqci.h" /* mq_model_free */

/* ---- formulas ---- */

/* Three-valued truth; `and` is the minimum, `or` the maximum, `not` 2 - x. */
enum mq_truth { MQ_FALSE = 0, MQ_UNKNOWN = 1, MQ_TRUE = 2 };

enum mq_type { MQ_KEY, MQ_PERIOD, MQ_CODE, MQ_AMOUNT, MQ_NUMBER };

/* State of one cell of a column. */
enum mq_cell_state {
    MQ_PRESENT = 0,
    MQ_MISSING,       /* blank or one of the model's missing texts */
    MQ_BAD_MALFORMED, /* not a number */
    MQ_BAD_SEPARATOR,
    MQ_BAD_RANGE,
    MQ_BAD_DECIMALS,
    MQ_BAD_CODE,   /* not in the code list */
    MQ_BAD_AGE,    /* in the code list, but not valid in the row's period */
    MQ_BAD_RUINED, /* a key or code that a spreadsheet made a number of: 9.14403E+17 */
    MQ_CELL_STATES
};

/* A code of an older edition of its list, as rows carry it, and what has become of it. The code of
 * the cell is that of went.successor[0]; without one, or if the list does not have that, the cell
 * is MQ_BAD_CODE. */
struct mq_old_code {
    const char *edition, *code;
    struct mq_succession went; /* count 0: the concordance does not know the code */
};

/* A view of one input over the rows of a batch: `state` and the array of its type, others NULL. */
struct mq_column {
    enum mq_type type;
    int decimals;          /* MQ_AMOUNT */
    const uint8_t *state;  /* enum mq_cell_state */
    const int64_t *amount; /* MQ_AMOUNT: value * 10^decimals */
    const double *number;  /* MQ_NUMBER */
    const uint32_t *code;  /* MQ_CODE, MQ_PERIOD: ordinal in dict */
    const uint64_t *key;   /* MQ_KEY: mq_hash64(text, 0) */
    const struct mq_dict *dict;
    const struct mq_old_code *const *old; /* [rows] what the cell was before the concordance; NULL
                                             cells and NULL as a whole: the code as found */
    const uint32_t *tests; /* bit i: test i of the input holds for the text (see struct
                              mq_text_test); NULL without tests; meaningless in missing cells */
};

/* A compiled expression about one row. Immutable, shared by threads. */
struct mq_program;

/* Working columns of one thread; grows as needed. Zero-initialised is empty. */
struct mq_scratch {
    void *memory;
    size_t capacity;
};
void mq_scratch_clear(struct mq_scratch *scratch);

/* Runs over `rows` rows; columns[i] is the model's input i (only the program's inputs are read; a
 * cell that is not MQ_PRESENT is missing). Amounts compare and add exactly as long as scaled values
 * stay below 2^53. MQ_INTERNAL when out of memory, else MQ_OK. */
enum mq_status mq_program_truth(const struct mq_program *program, const struct mq_column *columns,
                                size_t rows, struct mq_scratch *scratch,
                                uint8_t *truth /* [rows] enum mq_truth */);
/* Value of a numeric expression in natural units; NaN where missing (division by zero gives
 * missing). */
enum mq_status mq_program_value(const struct mq_program *program, const struct mq_column *columns,
                                size_t rows, struct mq_scratch *scratch,
                                double *value /* [rows] */);

/* Is the input (or derived column) one that the program looks at? */
bool mq_program_reads(const struct mq_program *program, int input);
/* The amount whose scaled value divided by 10^decimals is all the program gives; -1: it is more. */
int mq_program_amount(const struct mq_program *program, int *decimals);

/* What an indicator formula asks of the cube. Equal slots of different formulas are one slot of the
 * model. */
enum mq_aggregate {
    MQ_SUM,
    MQ_COUNT,
    MQ_MIN,
    MQ_MAX,
    MQ_MEDIAN
}; /* mean(x) is compiled to sum / count */

struct mq_slot {
    enum mq_aggregate aggregate;
    int input; /* the input aggregated, or -1: `value` is given, or count() of rows */
    const struct mq_program *value; /* sum/min/max/median of an expression (exact sum of doubles) */
    const struct mq_program *where; /* condition, or NULL; rows count where it is MQ_TRUE */
    int mask;                       /* rows must have all inputs of model->mask[mask] present */
};

/* A set of inputs that must be present for an enterprise to count (mask 0 is always the empty set).
 */
struct mq_mask {
    size_t count;
    const int *input; /* ascending */
};

/* Postfix arithmetic over slot values, evaluated exactly (see index/). */
enum mq_step_kind {
    MQ_STEP_CONSTANT,
    MQ_STEP_SLOT,
    MQ_STEP_ADD,
    MQ_STEP_SUBTRACT,
    MQ_STEP_MULTIPLY,
    MQ_STEP_DIVIDE,
    MQ_STEP_NEGATE
};
struct mq_step {
    enum mq_step_kind kind;
    int slot;             /* MQ_STEP_SLOT */
    const char *constant; /* MQ_STEP_CONSTANT: decimal text */
};
struct mq_steps {
    size_t count;
    const struct mq_step *step;
};

struct mq_formula {
    const char *text; /* as written */
    struct mq_steps value;
    struct mq_steps
        numerator; /* of a top-level quotient, constant factors left out; count 0 if it is none */
    struct mq_steps denominator;
    int coverage_mask; /* all inputs the formula names: for coverage, and for `complete` */
};

/* ---- the model ---- */

struct mq_input {
    const char *id;
    enum mq_type type;
    const char **alias; /* column names, first is preferred */
    size_t aliases;
    int list;                 /* MQ_CODE with a list: index in model->list, else -1 */
    int decimals;             /* MQ_AMOUNT */
    const char *unit, *title; /* "" if absent */
    const char *row; /* of the form (行次, 代码): another name in formulas; "" if absent */
    struct mq_position at;
};

enum mq_severity { MQ_INFO, MQ_WARN, MQ_REJECT };

/* What a rule may ask about rows besides the one it judges: a column that is made after all rows
 * have been read. Equal ones of different rules are one column of the model. Programs know derived
 * column d as input model->inputs + d, of type MQ_NUMBER; truths are 1 and 0. */
enum mq_derived_kind {
    MQ_SUM_BY, /* of `value` over the rows of the group that have one; missing if none has */
    MQ_MEAN_BY,
    MQ_MIN_BY,
    MQ_MAX_BY,
    MQ_MEDIAN_BY,
    MQ_COUNT_BY,     /* rows of the group */
    MQ_IS_UNIQUE,    /* truth: no other row has the same `by` */
    MQ_ALL_COMPLETE, /* truth: no row at all lacks one of `by` */
    MQ_DETERMINES,   /* truth: by[1..] are what most rows with the same by[0] have (of equally many,
                        the texts or values that come first) */
    MQ_HIERARCHY,    /* truth: no sum of `value` along the tree of `label` fails in which the row is
                        the total or a part. The tree is that of the code list; without a list the
                        parent of a label is the longest label of the data that it begins with. A
                        total that occurs twice in a group is not guessed: missing */
    MQ_PART_WHOLE,   /* truth: `value` where the label is `whole` is the sum of all others' */
    MQ_EARLIER       /* `value` of the same key `back` periods before */
};
/* Rows that lack one of `by` belong to no group: the column is missing there. */
struct mq_derived {
    enum mq_derived_kind kind;
    const struct mq_program *value; /* of one row; NULL for counts and truths */
    size_t bys;                     /* 0: one group of all rows */
    const int *by;                  /* inputs: codes, periods, keys, amounts or numbers */
    int back;                       /* MQ_EARLIER, from 1 */
    const struct mq_program *where; /* condition on rows that count; NULL: all do. Others have their
                                       group's value all the same */
    int label;                      /* MQ_HIERARCHY, MQ_PART_WHOLE: a code; else -1 */
    const char *whole;              /* MQ_PART_WHOLE, else "" */
    double tolerance;               /* of sums of these two, natural units; else 0 */
};

/* What can only be asked of a cell's text, before it becomes a code or a hash. */
enum mq_text_test_kind { MQ_MATCHES, MQ_IS_USCC, MQ_IS_ORGANISATION_CODE };
struct mq_text_test {
    int input; /* a key, code or period */
    enum mq_text_test_kind kind;
    const char *pattern;        /* MQ_MATCHES: as written */
    struct mq_pattern *matcher; /* MQ_MATCHES: compiled */
    unsigned bit;               /* of mq_column.tests */
};

/* A check, or one of several joined by `and`, that compares a weighted sum of amounts and numbers
 * of the row with a constant. All in natural units. */
enum mq_linear_operator {
    MQ_LINEAR_AT_MOST,
    MQ_LINEAR_EQUAL,
    MQ_LINEAR_AT_LEAST,
    MQ_LINEAR_LESS,
    MQ_LINEAR_GREATER
};
struct mq_linear {
    size_t count;              /* from 1 */
    const int *input;          /* [count] ascending */
    const double *coefficient; /* [count] finite, not 0 */
    enum mq_linear_operator compare;
    double constant; /* what the sum is compared with, within the rule's tolerance */
};

/* A rule is a check of rows, or a statistical edit (`edit` >= 0) of one variable by groups. */
struct mq_rule {
    const char *id, *title, *text; /* text: the check as written; of an edit a description */
    enum mq_severity severity; /* default MQ_WARN: a rule that does not say so throws no row away */
    const struct mq_program *check; /* NULL: an edit, or a broken rule */
    size_t inputs;
    const int *input; /* inputs named by the check, in order of first appearance */
    bool late;        /* the check names derived columns, or the rule is an edit */
    struct mq_position at;
    const char *origin, *date; /* "" if absent */
    const char *file;          /* of the rule, as written; NULL: the model itself */
    const char *broken;        /* what is wrong with it, position included; NULL: nothing */
    int edit;                  /* index in model->edit, -1: none */
    size_t linears;            /* the check says that all these hold, and no more; 0: it is not of
                                  that kind */
    const struct mq_linear *linear;
    double tolerance;    /* written in the rule, natural units; negative: the default */
    const char *written; /* YAML of its check or edit, for mq_model_write */
};
/* Slack of ==, !=, <= and >= between numbers in a rule that names none. */
#define MQ_TOLERANCE 1e-8

/* `edit:` of a rule: a method of the family MQ_EDIT with its parameters. */
struct mq_edit {
    struct mq_choice choice;
    const struct mq_program *value;   /* the variable judged */
    const struct mq_program *against; /* what it is compared with; NULL: the method needs nothing */
    size_t bys;
    const int *by;
    bool correct;       /* the method `unit` alone: values off by a power of ten are put right */
    int corrects;       /* with `correct`: the amount */
    const char *judged; /* for people: "revenue", or "revenue / revenue[-1]" */
};

/* `localise:` asks which fields of a failing row to change, so that all linear checks hold. */
struct mq_localise_plan {
    const double *weight; /* [inputs] of a change, > 0, default 1; infinite: "never" */
    int most_fields;      /* changed besides missing ones; 0, the default: any number */
};

/* `concordance:` of a code list: which codes rows of older periods carry. Codes of an older edition
 * become what the concordance says, and only then are looked up in the list. */
struct mq_edition_span {
    const char *until; /* the last period of the edition, as written; "" : all periods */
    struct mq_date last;
    const char *edition;
};
struct mq_list_history {
    int list;
    const char *path;                   /* as found */
    struct mq_concordance *concordance; /* NULL with MQ_MODEL_NO_CODES */
    size_t spans;
    const struct mq_edition_span *span; /* ascending; later periods carry the list's own codes */
};

/* A small table of the model, in which rules look up what belongs to a row. */
struct mq_lookup {
    const char *id, *path; /* path: as found */
    const char *key;       /* its column of keys */
    int input;             /* whose value is looked up: a key, code or period */
    const char *part; /* "division": what the value lies in is looked up; "" the value itself */
    struct mq_table table; /* empty with MQ_MODEL_NO_CODES */
    const struct mq_key_rows *rows;
    const double **number; /* [table.columns] what has been asked for as numbers, else NULL */
};

enum mq_missing_policy { MQ_COMPLETE, MQ_ZERO };
enum mq_direction { MQ_UP, MQ_DOWN };
enum mq_reference {
    MQ_REFERENCE_FIXED,
    MQ_REFERENCE_EACH,
    MQ_REFERENCE_POOLED,
    MQ_REFERENCE_PERIOD
};

struct mq_fraction {
    int64_t numerator, denominator;
};

/* A leaf that compares another one with its value in the period before among those of the data. */
struct mq_growth {
    int of, over; /* leaves with formulas of their own; the same: a rate of growth */
    bool share;   /* 100 (x - x') / (y - y') instead of 100 (x - x') / y' */
};

struct mq_node {
    const char *id, *title, *unit;
    int parent; /* index in model->node, -1 for a root */
    size_t children;
    const int *child; /* in file order */
    int depth;        /* root 0 */
    struct mq_fraction
        weight; /* within the parent as used: children sum to 1 (after `weights: normalise`) */
    enum mq_direction direction;
    struct mq_position at;
    /* leaves */
    bool leaf;
    bool
        pooled; /* `rollup: false`: a ratio of the unit's own sums in levels that are rolled up, too
                 */
    const struct mq_growth *growth; /* NULL: `formula` is what is asked of the cube */
    struct mq_formula formula;      /* with growth: its text and coverage alone */
    enum mq_missing_policy missing;
    double min_coverage; /* below it the indicator is missing; default 0 */
    struct mq_choice normalise;
    enum mq_reference reference;
    const char *reference_period;   /* MQ_REFERENCE_PERIOD */
    const char *goalposts;          /* NULL, or a file as written, from model->directory:
                                       indicator,level,unit + parameters */
    struct mq_choice impute, treat; /* of raw values, in this order; method -1: none */
    /* parents */
    struct mq_choice combine;
    struct mq_choice weigh; /* method -1: the written weights of the children */
    int weigh_level;        /* weights from the data: 1 + level of the units, 0: each its own */
    enum mq_reference weigh_reference; /* each, pooled or period: of which periods */
    const char *weigh_period;          /* MQ_REFERENCE_PERIOD */
    bool normalise_weights;            /* `weights: normalise` */
    bool missing_fail;                 /* missing_children: fail */
    struct mq_fraction min_share;      /* missing_children: renormalise; default 2/3 */
};

/* Units with too few values are left out of scores: `screen:`. */
struct mq_screen {
    bool asked;
    double min_available;      /* share of the indicators that are not missing, 0..1 */
    double min_nonzero;        /* share of the present ones that are not 0, 0..1 */
    const char **keep, **drop; /* codes of units, whatever their shares */
    size_t keeps, drops;
};

struct mq_band {
    double from;
    const char *title;
};

struct mq_model {
    const char *path;        /* as given */
    const char *directory;   /* folder that relative paths start from */
    struct mq_sha256 digest; /* of the file's bytes; with rule files, tables, concordances or
                                weights of levels of the lines of digests: the file's, then theirs
                                as they are named, each with \n */
    const char *id, *edition, *title;
    const char *source;            /* 数据来源, "" if absent */
    const char *counted, *measure; /* what a row is: "受访者", "人"; NULL: see mq_model_counted */
    bool chinese;                  /* title holds CJK: people messages in Chinese */
    const char **assumption;
    size_t assumptions;
    enum mq_rounding rounding;
    int decimals;
    int min_enterprises;  /* tables withhold units with fewer (disclosure: {min_enterprises: N});
                             default 3 when  there is a key input, else 0 */
    const char **missing; /* texts that mean missing; "" always does */
    size_t missings;
    const char **list_id;
    struct mq_codes *list;
    size_t lists;
    struct mq_input *input;
    size_t inputs;
    int key, period;        /* input indices, -1 if none */
    const char *scope_text; /* NULL if none */
    const struct mq_program *scope;
    size_t scope_inputs;
    const int *scope_input;
    struct mq_rule *rule;
    size_t rules;
    struct mq_derived *derived;
    size_t deriveds;
    struct mq_text_test *test;
    size_t tests;
    struct mq_edit *edit;
    size_t edits;
    struct mq_correction *correction;
    size_t corrections;
    const struct mq_localise_plan *localise; /* NULL: not asked for */
    struct mq_list_history *history;
    size_t histories;
    struct mq_lookup *lookup;
    size_t lookups;
    const struct mq_key_rows **list_rows; /* [lists] keys of the list, once a formula asked */
    const struct mq_design *design; /* NULL: the rows are no sample, and sums are not weighted */
    struct mq_level *level;
    size_t levels;
    struct mq_node *node; /* in file order */
    size_t nodes;
    int *order; /* [nodes] tree order: parents before children, siblings in file order */
    struct mq_slot *slot;
    size_t slots;
    struct mq_mask *mask; /* mask[0] is empty */
    size_t masks;
    struct mq_screen screen;
    struct mq_band *band; /* ascending by from */
    size_t bands;
    struct mq_plan plan;   /* of the publication */
    struct mq_arena arena; /* owns all of the above except lists, patterns, concordances and lookup
                                tables */
};

/* What rows are called, and the word between a number and it: 企业, 家 for rows with a key, 记录,
 * 条 for others; enterprises, rows and "" in English. */
const char *mq_model_counted(const struct mq_model *model);
const char *mq_model_measure(const struct mq_model *model);

enum {
    MQ_MODEL_NO_CODES = 1, /* do not open the code lists (reading results back): list[] stays empty
                              inside */
    MQ_MODEL_STRICT = 2    /* a broken rule is MQ_BAD_MODEL; else it is kept, with `broken` set */
};

/* Loads and binds. Errors are MQ_BAD_MODEL with file:line:column; MQ_NO_INPUT if the file does not
 * exist. Unknown keys are refused with the nearest known one. The result is freed by mq_model_free.
 */
enum mq_status mq_model_read(const char *path, const struct mq_catalogue *catalogue, unsigned flags,
                             struct mq_model **model, struct mq_error *error);
/* The same from bytes in memory; `path` is for messages only, files are looked up from `directory`.
 */
struct mq_model_text {
    const char *bytes;
    size_t count;
    const char *path, *directory;
};
enum mq_status mq_model_read_bytes(const struct mq_model_text *text,
                                   const struct mq_catalogue *catalogue, unsigned flags,
                                   struct mq_model **model, struct mq_error *error);

/* The model as resolved: every default written out, paths absolute. Loading the text gives the same
 * text. */
enum mq_status mq_model_write(const struct mq_model *model, const struct mq_catalogue *catalogue,
                              struct mq_buffer *yaml, struct mq_error *error);

/* ---- lists of targets ---- */

#include "model/narrative.h"
#include "model/targets.h"

#endif
