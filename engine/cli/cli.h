/*
 * cli: the program. Verbs and options stand in one table each; parsing, help, the man page and
 * shell completion read those tables. Uses the public interface only.
 */
#ifndef MQ_CLI_H
#define MQ_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "mqci/mqci.h"

enum option_id {
    OPTION_OUT,
    OPTION_THREADS,
    OPTION_STRICT,
    OPTION_JSON,
    OPTION_MAX_REJECTS,
    OPTION_LIST,
    OPTION_AGAINST,
    OPTION_ENCODING,
    OPTION_BLOCK_SIZE,
    OPTION_READER,
    OPTION_UNIT,
    OPTION_LEVEL,
    OPTION_PERIOD,
    OPTION_NODE,
    OPTION_ACTUAL,
    OPTION_YEAR,
    OPTION_FORMATS,
    OPTION_TEMPLATE,
    OPTION_MAP,
    OPTION_APPROVAL,
    OPTION_TARGETS,
    OPTION_LOG_FORMAT,
    OPTION_PROGRESS,
    OPTION_COLOR,
    OPTION_HELP,
    OPTION_VERSION,
    OPTIONS
};
#define ON(option) (1ul << (option))

enum { MOST_ACTUALS = 32 };

/* The command line, parsed. */
struct arguments {
    const char *verb;
    const char *const *operand;
    int operands;
    const char *out;
    struct mq_question question;
    const char *actual[MOST_ACTUALS];
    size_t actuals;
    int year;
    struct mq_options run;
    struct mq_publish_options publish;
    bool log_json, progress, color, help, version;
};

struct option_row {
    enum option_id id;
    const char *name;    /* long name without dashes */
    char letter;         /* short form, 0 if none */
    const char *value;   /* "N", NULL for a flag */
    const char *choices; /* words a shell may complete, separated by spaces, or NULL */
    const char *help;
    /* Stores the value; false if it is not what the option takes. */
    bool (*set)(struct arguments *arguments, const char *value);
};
extern const struct option_row option_table[OPTIONS];

struct verb_row {
    const char *name, *operands, *help;
    int fewest, most; /* operands; most -1: any number */
    unsigned long options;
    bool hidden;
    enum mq_status (*act)(const struct arguments *arguments, struct mq_error *error);
};
extern const struct verb_row verb_table[]; /* ended by .name == NULL */

const struct verb_row *find_verb(const char *name);
/* Parses argv; MQ_USAGE with a message that says what is accepted. */
enum mq_status parse_arguments(int argc, char **argv, struct arguments *arguments,
                               struct mq_error *error);

void print_help(const struct verb_row *verb /* NULL: the program */);
void print_man_page(void);
enum mq_status print_completion(const char *shell, struct mq_error *error);

/* stderr: log lines and, on a terminal, one progress line that is cleared before anything else is
 * written. */
struct talk_state {
    bool json, progress, color, line_shown;
};
void talk_say(void *context, int level, const char *stage, const char *message);
void talk_progress(void *context, const char *stage, uint64_t done, uint64_t total);
void talk_end(struct talk_state *state);

extern volatile int interrupted; /* set by SIGINT and SIGTERM */

#endif
