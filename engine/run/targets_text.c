/* Targets told: a table for people, targets.csv for machines. */
#include "run/targets.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

struct telling {
    const struct mq_targets *targets;
    const struct mq_judged *judged; /* [targets] */
    struct mq_layout layout;
};

static const char *say(const struct telling *telling, const char *chinese, const char *english)
{
    return telling->targets->chinese ? chinese : english;
}

static void tell_target(struct telling *telling, int i)
{
    const struct mq_targets *targets = telling->targets;
    const struct mq_target *target = &targets->target[i];
    const struct mq_judged *judged = &telling->judged[i];
    struct mq_layout *layout = &telling->layout;
    char text[MQ_TARGET_TEXT];
    bool open = judged->standing != MQ_ACHIEVED;
    mq_layout_cell(layout, "%s%s%s%s", target->title, target->unit[0] ? "（" : "", target->unit,
                   target->unit[0] ? "）" : "");
    mq_layout_cell(layout, "%s", mq_target_wanted(targets, i, judged, text));
    mq_layout_cell(layout, "%d", target->due);
    mq_layout_cell(
        layout, "%s",
        mq_target_year_number(targets, i, judged->baseline, target->baseline_year, text));
    mq_layout_cell(layout, "%s",
                   mq_target_year_number(targets, i, judged->actual, judged->year, text));
    mq_layout_cell(layout, "%s",
                   open ? mq_target_number(targets, i, judged->distance, true, text) : "—");
    mq_layout_cell(layout, "%s", mq_target_number(targets, i, judged->pace, true, text));
    mq_layout_cell(layout, "%s", mq_target_number(targets, i, judged->required, true, text));
    mq_layout_cell(layout, "%s", mq_standing_text(judged->standing, targets->chinese));
}

static void tell_counts(const struct telling *telling, struct mq_buffer *text)
{
    size_t count[MQ_STANDINGS] = {0};
    const char *gap = "";
    for (size_t i = 0; i < telling->targets->targets; i++)
        count[telling->judged[i].standing]++;
    mq_buffer_format(text, say(telling, "\n%zu 项目标：", "\n%zu targets: "),
                     telling->targets->targets);
    for (int s = 0; s < MQ_STANDINGS; s++) {
        if (!count[s])
            continue;
        mq_buffer_format(text, "%s%s %zu", gap,
                         mq_standing_text((enum mq_standing)s, telling->targets->chinese),
                         count[s]);
        gap = say(telling, "，", ", ");
    }
    mq_buffer_text(text, "\n");
}

static void tell(struct telling *telling, struct mq_buffer *text)
{
    static const char *const chinese[] = {"目标", "目标值",   "期限",   "基期", "最新",
                                          "差距", "年均进度", "需年均", "状态"};
    static const char *const english[] = {"target",   "wanted", "due",      "baseline", "latest",
                                          "distance", "a year", "required", "status"};
    static const bool right[] = {false, true, true, true, true, true, true, true, false};
    const struct mq_targets *targets = telling->targets;
    telling->layout = (struct mq_layout){.columns = sizeof right / sizeof *right, .right = right};
    mq_buffer_format(text, targets->chinese ? "%s（%s）\n\n" : "%s (%s)\n\n", targets->title,
                     targets->id);
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        mq_layout_cell(&telling->layout, "%s", targets->chinese ? chinese[i] : english[i]);
    for (size_t i = 0; i < targets->targets; i++)
        tell_target(telling, (int)i);
    mq_layout_print(&telling->layout, 2, text);
    tell_counts(telling, text);
    mq_buffer_text(
        text,
        say(telling,
            "进度正常：不低于由基期到目标的直线；年均进度：基期以来平均每年的变动；"
            "需年均：期限前每年还需的变动\n",
            "on course: not below the straight line from baseline to target; a year: change since "
            "the baseline; required: change still needed a year\n"));
    for (size_t i = 0; i < targets->assumptions; i++)
        mq_buffer_format(text, say(telling, "假定：%s\n", "assumption: %s\n"),
                         targets->assumption[i]);
}

/* ---- targets.csv ---- */

static void add_text(struct mq_buffer *csv, const char *text)
{
    mq_buffer_csv(csv, text, strlen(text));
    mq_buffer_text(csv, ",");
}

static void add_real(struct mq_buffer *csv, double value)
{
    mq_buffer_real(csv, value);
    mq_buffer_text(csv, ",");
}

static void add_year(struct mq_buffer *csv, int year)
{
    mq_buffer_format(csv, year ? "%d," : ",", year);
}

static void write_csv(const struct telling *telling, struct mq_buffer *csv)
{
    mq_buffer_text(csv,
                   "id,title,source,kind,direction,unit,baseline_year,baseline,target,due,year,"
                   "actual,path,distance,pace,required,status,from\n");
    for (size_t i = 0; i < telling->targets->targets; i++) {
        const struct mq_target *target = &telling->targets->target[i];
        const struct mq_judged *judged = &telling->judged[i];
        add_text(csv, target->id);
        add_text(csv, target->title);
        add_text(csv, target->source);
        add_text(csv, mq_target_kind_name(target->kind));
        add_text(csv, target->direction == MQ_UP ? "up" : "down");
        add_text(csv, target->unit);
        add_year(csv, target->baseline_year);
        add_real(csv, judged->baseline);
        add_real(csv, judged->wanted);
        add_year(csv, target->due);
        add_year(csv, judged->year);
        add_real(csv, judged->actual);
        add_real(csv, judged->path);
        add_real(csv, judged->distance);
        add_real(csv, judged->pace);
        add_real(csv, judged->required);
        add_text(csv, mq_standing_code(judged->standing));
        mq_buffer_csv(csv, judged->from, strlen(judged->from));
        mq_buffer_text(csv, "\n");
    }
}

static enum mq_status put_csv(const struct telling *telling, const char *directory,
                              struct mq_error *error)
{
    char path[4200];
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    if (strlen(directory) > 4096)
        return mq_fail(error, MQ_CANNOT_WRITE, NULL, 0, 0, "the path of -o is too long");
    if (mkdir(directory, 0777) != 0 && errno != EEXIST)
        return mq_fail(error, MQ_CANNOT_WRITE, directory, 0, 0, "cannot be made: %s",
                       strerror(errno));
    snprintf(path, sizeof path, "%s/targets.csv", directory);
    write_csv(telling, &csv);
    enum mq_status status =
        csv.failed ? mq_fail_memory(error) : mq_write_file(path, csv.data, csv.length, error);
    mq_buffer_clear(&csv);
    return status;
}

/* ---- the call ---- */

static enum mq_status read_actuals(const struct mq_targets *targets,
                                   const struct mq_target_question *question,
                                   struct mq_actuals *actuals, struct mq_error *error)
{
    /* tables on the command line take the place of those of the file */
    for (size_t i = 0; i < targets->tables && question->tables == 0; i++)
        MQ_TRY(mq_actuals_table(targets, targets->table[i], actuals, error));
    for (size_t i = 0; i < question->tables; i++)
        MQ_TRY(mq_actuals_table(targets, question->table[i], actuals, error));
    for (size_t i = 0; i < question->outs; i++)
        MQ_TRY(mq_actuals_output(targets, question->out[i], actuals, error));
    return mq_actuals_settle(targets, actuals, error);
}

/* The text is handed over before targets.csv is written: nothing may fail after that. */
static enum mq_status answer(const struct mq_targets *targets,
                             const struct mq_target_question *question, struct mq_actuals *actuals,
                             struct mq_output *output, struct mq_error *error)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    struct mq_judged *judged = mq_arena_array(&arena, targets->targets + 1, sizeof *judged);
    struct telling telling = {.targets = targets, .judged = judged};
    enum mq_status status =
        judged ? read_actuals(targets, question, actuals, error) : mq_fail_memory(error);
    for (size_t i = 0; status == MQ_OK && i < targets->targets; i++)
        judged[i] = mq_target_judge(targets, actuals, (int)i, question->year);
    if (status == MQ_OK) {
        tell(&telling, &text);
        status = mq_output_take(&text, output, error);
    }
    if (status == MQ_OK && question->directory)
        status = put_csv(&telling, question->directory, error);
    mq_arena_clear(&arena);
    return status;
}

enum mq_status mq_targets_text(const char *path, const struct mq_target_question *question,
                               struct mq_output *text, struct mq_error *error)
{
    struct mq_targets *targets;
    struct mq_actuals actuals = {0};
    struct mq_output made = {0};
    MQ_TRY(mq_targets_read(path, &targets, error));
    enum mq_status status = answer(targets, question, &actuals, &made, error);
    mq_actuals_clear(&actuals);
    mq_targets_free(targets);
    if (status == MQ_OK)
        *text = made;
    else
        mq_output_free(&made);
    return status;
}
