/* `mqci stats`: an output looked at as data. Which level and period, and where the files go. */
#include "run/run.h"

#include <string.h>
#include <sys/stat.h>

struct place {
    uint32_t level, period;
};

static size_t units_at(const struct mq_frame *frame, struct place place)
{
    size_t count = 0;
    for (size_t i = 0; i < frame->units; i++)
        count += frame->unit[i].level == place.level && frame->unit[i].period == place.period;
    return count;
}

/* "a, b, c" of the names that there are. */
static void list_names(const struct mq_results *results, bool levels, char *text, size_t size)
{
    size_t count = levels ? results->model->levels : results->frame->periods;
    text[0] = '\0';
    for (size_t i = 0, used = 0; i < count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "",
                                 levels ? results->model->level[i].id : results->frame->period[i]);
}

static enum mq_status find_period(const struct mq_results *results, const char *wanted,
                                  uint32_t *period, struct mq_error *error)
{
    const struct mq_frame *frame = results->frame;
    char known[512];
    if (!wanted && frame->periods) { /* ascending */
        *period = (uint32_t)frame->periods - 1;
        return MQ_OK;
    }
    for (size_t i = 0; i < frame->periods; i++)
        if (strcmp(frame->period[i], wanted) == 0) {
            *period = (uint32_t)i;
            return MQ_OK;
        }
    list_names(results, false, known, sizeof known);
    return mq_fail(error, wanted ? MQ_USAGE : MQ_DATA, NULL, 0, 0,
                   "no period `%s` in this output; its periods are %s", wanted ? wanted : "",
                   known);
}

/* The level with most units, of those with one axis if there are any. */
static uint32_t widest_level(const struct mq_results *results, uint32_t period)
{
    const struct mq_model *model = results->model;
    struct place best = {0, period};
    size_t most = 0;
    bool narrow = false;
    for (size_t i = 0; i < model->levels; i++) {
        struct place place = {(uint32_t)i, period};
        size_t count = units_at(results->frame, place);
        bool single = model->level[i].axes == 1 && count;
        if (single > narrow || (single == narrow && count > most)) {
            best = place;
            most = count;
            narrow = single;
        }
    }
    return best.level;
}

static enum mq_status find_level(const struct mq_results *results, const char *wanted,
                                 struct place *place, struct mq_error *error)
{
    const struct mq_model *model = results->model;
    char known[512];
    if (!wanted) {
        place->level = widest_level(results, place->period);
        return MQ_OK;
    }
    for (size_t i = 0; i < model->levels; i++)
        if (strcmp(model->level[i].id, wanted) == 0 || strcmp(model->level[i].title, wanted) == 0) {
            place->level = (uint32_t)i;
            return MQ_OK;
        }
    list_names(results, true, known, sizeof known);
    return mq_fail(error, MQ_USAGE, NULL, 0, 0, "no level `%s` in this output; its levels are %s",
                   wanted, known);
}

static enum mq_status find_place(const struct mq_results *results,
                                 const struct mq_question *question, struct place *place,
                                 struct mq_error *error)
{
    MQ_TRY(find_period(results, question->period, &place->period, error));
    MQ_TRY(find_level(results, question->level, place, error));
    if (!question->period)
        while (place->period > 0 && !units_at(results->frame, *place))
            place->period--;
    if (units_at(results->frame, *place))
        return MQ_OK;
    return mq_fail(error, MQ_USAGE, NULL, 0, 0, "no units at level %s%s%s in this output",
                   results->model->level[place->level].id, question->period ? " in period " : "",
                   question->period ? question->period : "");
}

/* ---- files ---- */

/* The directory asked for must not be the output that is being read. */
static enum mq_status not_itself(const char *out, const char *directory, struct mq_error *error)
{
    struct stat a, b;
    if (stat(out, &a) == 0 && stat(directory, &b) == 0 && a.st_dev == b.st_dev &&
        a.st_ino == b.st_ino)
        return mq_fail(error, MQ_USAGE, directory, 0, 0,
                       "is the output that is looked at; choose another place with -o");
    return MQ_OK;
}

static enum mq_status write_tables(const struct mq_analysis *analysis, struct mq_outdir *outdir,
                                   struct mq_error *error)
{
    /* marks the directory as ours, so that statistics may replace it again */
    static const char mark[] = "{\"status\": \"statistics\"}\n";
    char path[4200];
    for (const struct mq_analysis_table *table = mq_analysis_tables; table->file; table++) {
        struct mq_buffer csv = MQ_BUFFER_EMPTY;
        table->write(analysis, &csv);
        enum mq_status status =
            csv.failed ? mq_fail_memory(error)
                       : mq_write_file(mq_outdir_path(outdir, table->file, path, sizeof path),
                                       csv.data, csv.length, error);
        mq_buffer_clear(&csv);
        MQ_TRY(status);
    }
    MQ_TRY(mq_write_file(mq_outdir_path(outdir, "manifest.json", path, sizeof path), mark,
                         sizeof mark - 1, error));
    return mq_outdir_commit(outdir, false, error);
}

static enum mq_status write_directory(const struct mq_analysis *analysis, const char *directory,
                                      struct mq_error *error)
{
    struct mq_outdir outdir;
    MQ_TRY(mq_outdir_open(&outdir, directory, error));
    enum mq_status status = write_tables(analysis, &outdir, error);
    mq_outdir_abandon(&outdir);
    return status;
}

static enum mq_status tell(const struct mq_analysis *analysis, const char *directory,
                           struct mq_output *text, struct mq_error *error)
{
    struct mq_buffer buffer = MQ_BUFFER_EMPTY;
    enum mq_status status = mq_analysis_text(analysis, &buffer, error);
    if (status != MQ_OK) {
        mq_buffer_clear(&buffer);
        return status;
    }
    MQ_TRY(mq_output_take(&buffer, text, error));
    if (directory)
        status = write_directory(analysis, directory, error);
    if (status != MQ_OK)
        mq_output_free(text);
    return status;
}

enum mq_status mq_stats_text(const char *out, const struct mq_question *question,
                             const char *directory, int threads, struct mq_output *text,
                             struct mq_error *error)
{
    struct mq_results *results;
    struct mq_analysis *analysis = NULL;
    struct place place = {0, 0};
    if (directory)
        MQ_TRY(not_itself(out, directory, error));
    MQ_TRY(mq_results_read(out, &results, error));
    enum mq_status status = find_place(results, question, &place, error);
    if (status == MQ_OK)
        status = mq_analyse(results->scores, place.level, place.period, mq_threads_resolve(threads),
                            &analysis, error);
    if (status == MQ_OK)
        status = tell(analysis, directory, text, error);
    mq_analysis_free(analysis);
    mq_results_free(results);
    return status;
}
