/* Targets as lines ready to print, for the publication of an output. */
#include "run/targets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *keep(struct mq_arena *arena, const char *text)
{
    return mq_arena_string(arena, text, strlen(text));
}

/* "227项（2024年）", "97.9% (2024)", "—"; a minus as it stands in publications. */
static const char *keep_actual(const struct mq_targets *targets, int index,
                               const struct mq_judged *judged, struct mq_arena *arena)
{
    char room[MQ_TARGET_TEXT];
    const char *unit = targets->target[index].unit;
    if (!isfinite(judged->actual))
        return "—";
    const char *digits = mq_target_number(targets, index, judged->actual, false, room);
    bool minus = digits[0] == '-', gap = unit[0] && unit[0] != '%' && !targets->chinese;
    return mq_arena_format(arena, targets->chinese ? "%s%s%s%s（%d年）" : "%s%s%s%s (%d)",
                           minus ? "−" : "", digits + minus, gap ? " " : "", unit, judged->year);
}

/* "≥360项", "高于85.60"; without a number what there is: "高于基期". */
static const char *keep_wanted(const struct mq_targets *targets, int index,
                               const struct mq_judged *judged, struct mq_arena *arena)
{
    char text[MQ_TARGET_TEXT];
    const char *unit = targets->target[index].unit;
    mq_target_wanted(targets, index, judged, text);
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (!isfinite(judged->wanted))
        return mq_arena_string(arena, text, length);
    bool gap = unit[0] && unit[0] != '%' && !targets->chinese;
    char *space = targets->chinese ? strchr(text, ' ') : NULL;
    if (space)
        memmove(space, space + 1, strlen(space));
    char *minus = strchr(text, '-');
    if (minus)
        *minus = '\0';
    return mq_arena_format(arena, "%s%s%s%s%s", text, minus ? "−" : "", minus ? minus + 1 : "",
                           gap ? " " : "", unit);
}

static bool make_line(const struct mq_targets *targets, int index, const struct mq_judged *judged,
                      struct mq_arena *arena, struct mq_target_line *line)
{
    *line = (struct mq_target_line){
        .title = keep(arena, targets->target[index].title),
        .wanted = keep_wanted(targets, index, judged, arena),
        .actual = keep_actual(targets, index, judged, arena),
        .standing = keep(arena, mq_standing_text(judged->standing, targets->chinese)),
        .behind = judged->standing == MQ_BEHIND || judged->standing == MQ_MISSED};
    return line->title && line->wanted && line->standing && line->actual;
}

/* Disclosure as in the tables: a score that may not be shown is not told as a target's either. */
static enum mq_status take_output(const struct mq_targets *targets,
                                  const struct mq_results *results, const char *out,
                                  struct mq_actuals *actuals, struct mq_error *error)
{
    bool wanted;
    double *shown = calloc(results->frame->units * results->model->nodes + 1, sizeof *shown);
    enum mq_status status =
        shown ? mq_shown_scores(results->scores, shown, error) : mq_fail_memory(error);
    struct mq_origin origin = {results, out, shown};
    if (status == MQ_OK)
        status = mq_actuals_results(targets, &origin, actuals, &wanted, error);
    free(shown);
    return status;
}

static enum mq_status read_actuals(const struct mq_targets *targets,
                                   const struct mq_results *results, const char *out,
                                   struct mq_actuals *actuals, struct mq_error *error)
{
    for (size_t i = 0; i < targets->tables; i++)
        MQ_TRY(mq_actuals_table(targets, targets->table[i], actuals, error));
    MQ_TRY(take_output(targets, results, out, actuals, error));
    return mq_actuals_settle(targets, actuals, error);
}

static enum mq_status make_lines(const struct mq_targets *targets, const struct mq_actuals *actuals,
                                 int year, struct mq_target_lines *lines, struct mq_error *error)
{
    lines->line = mq_arena_array(&lines->arena, targets->targets, sizeof *lines->line);
    if (!lines->line)
        return mq_fail_memory(error);
    for (size_t i = 0; i < targets->targets; i++) {
        struct mq_judged judged = mq_target_judge(targets, actuals, (int)i, year);
        if (!make_line(targets, (int)i, &judged, &lines->arena, &lines->line[i]))
            return mq_fail_memory(error);
        lines->count++;
    }
    return MQ_OK;
}

enum mq_status mq_target_lines_new(const char *path, const struct mq_results *results,
                                   const char *out, int year, struct mq_target_lines *lines,
                                   struct mq_error *error)
{
    struct mq_targets *targets;
    struct mq_actuals actuals = {0};
    *lines = (struct mq_target_lines){0};
    MQ_TRY(mq_targets_read(path, &targets, error));
    enum mq_status status = read_actuals(targets, results, out, &actuals, error);
    if (status == MQ_OK)
        status = make_lines(targets, &actuals, year, lines, error);
    mq_actuals_clear(&actuals);
    mq_targets_free(targets);
    if (status != MQ_OK)
        mq_target_lines_clear(lines);
    return status;
}

void mq_target_lines_clear(struct mq_target_lines *lines)
{
    mq_arena_clear(&lines->arena);
    *lines = (struct mq_target_lines){0};
}
