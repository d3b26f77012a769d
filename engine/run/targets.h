/* Targets: actual values found, compared with what was wanted, told. */
#ifndef MQ_RUN_TARGETS_H
#define MQ_RUN_TARGETS_H

#include "run/run.h"

/* ---- targets_actual.c: yearly values from tables and outputs ---- */

struct mq_actual {
    int figure; /* index in targets->figure, or -1: of a target, from an output */
    int target; /* -1, or the target */
    int year;
    double value;
    const char *from; /* file, or output directory */
    long line;
};
struct mq_actuals {
    struct mq_actual *row; /* sorted by figure, target, year */
    size_t count, capacity;
    struct mq_arena arena;
};
/* A table year,figure,value[,source]; a blank value is none. MQ_DATA with position for an unknown
 * figure, a year or value that is none, a value out of the figure's limits, a second value. */
enum mq_status mq_actuals_table(const struct mq_targets *targets, const char *path,
                                struct mq_actuals *actuals, struct mq_error *error);
/* Scores of all targets whose `from` names the model of this output; periods that are no years are
 * left out. MQ_DATA if such a target's level, unit or node is not in it. */
enum mq_status mq_actuals_output(const struct mq_targets *targets, const char *out,
                                 struct mq_actuals *actuals, struct mq_error *error);
/* An output that is in memory. */
struct mq_origin {
    const struct mq_results *results;
    const char *out; /* its directory, for messages */
    const double
        *shown; /* [units * nodes] NaN: may not be shown and is no data; NULL: all scores */
};
/* The same of such an output. *wanted: some target takes its value from the model. */
enum mq_status mq_actuals_results(const struct mq_targets *targets, const struct mq_origin *origin,
                                  struct mq_actuals *actuals, bool *wanted, struct mq_error *error);
/* Sorts, and refuses two values of one year. */
enum mq_status mq_actuals_settle(const struct mq_targets *targets, struct mq_actuals *actuals,
                                 struct mq_error *error);
/* NULL if there is none. */
const struct mq_actual *mq_actual_figure(const struct mq_actuals *actuals, int figure, int year);
/* Of an output, else of the figure. */
const struct mq_actual *mq_actual_target(const struct mq_targets *targets,
                                         const struct mq_actuals *actuals, int target, int year);
void mq_actuals_clear(struct mq_actuals *actuals);

/* ---- targets_judge.c: how far along ---- */

enum mq_standing { MQ_ACHIEVED, MQ_ON_COURSE, MQ_BEHIND, MQ_MISSED, MQ_NO_DATA, MQ_STANDINGS };

/* Differences in natural units, NaN where they do not apply. */
struct mq_judged {
    enum mq_standing standing;
    int year;                        /* of the actual value; 0: none */
    double actual, baseline, wanted; /* wanted: T, the baseline or the other figure */
    double path;     /* reach: what the straight line from baseline to target asks for this year */
    double distance; /* wanted - actual */
    double pace;     /* a year, since the baseline */
    double required; /* a year, from the year of the actual value to the due year */
    const char *from;
};
/* By the latest year with data up to `year`; 0: whatever is there. */
struct mq_judged mq_target_judge(const struct mq_targets *targets, const struct mq_actuals *actuals,
                                 int target, int year);

/* ---- targets_words.c: what is said of a target ---- */

enum { MQ_TARGET_TEXT = 400 };
const char *mq_standing_code(enum mq_standing standing); /* "on_course" */
const char *mq_standing_text(enum mq_standing standing, bool chinese);
/* At the target's decimals; "—" if there is none. These return `text` or a constant. */
const char *mq_target_number(const struct mq_targets *targets, int target, double value, bool sign,
                             char text[MQ_TARGET_TEXT]);
/* "52 (2024)"; year 0: without it. */
const char *mq_target_year_number(const struct mq_targets *targets, int target, double value,
                                  int year, char text[MQ_TARGET_TEXT]);
/* "≥98", "高于 85.10", "above the baseline 3.2". */
const char *mq_target_wanted(const struct mq_targets *targets, int target,
                             const struct mq_judged *judged, char text[MQ_TARGET_TEXT]);

/* ---- targets_lines.c: for the publication of an output ---- */

struct mq_target_lines {
    struct mq_target_line *line; /* in order of the file */
    size_t count;
    struct mq_arena arena;
};
/* Judges the targets of a file by its own tables and by the scores of `results`, the output in the
 * directory `out`; year 0: whatever is there. An output that no target takes its value from is
 * fine: then the tables alone count. Errors are those of `mqci targets`; `lines` may be cleared
 * after a failure. */
enum mq_status mq_target_lines_new(const char *path, const struct mq_results *results,
                                   const char *out, int year, struct mq_target_lines *lines,
                                   struct mq_error *error);
void mq_target_lines_clear(struct mq_target_lines *lines);

#endif
