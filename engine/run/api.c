/* The small calls of the public interface. */
#include "run/run.h"

#include <stdlib.h>
#include <string.h>

const char *mq_version(void)
{
    return MQCI_VERSION;
}

void mq_output_free(struct mq_output *output)
{
    free(output->text);
    *output = (struct mq_output){0};
}

enum mq_status mq_output_take(struct mq_buffer *buffer, struct mq_output *output,
                              struct mq_error *error)
{
    char *text = buffer->failed ? NULL : malloc(buffer->length + 1);
    if (text) {
        if (buffer->length)
            memcpy(text, buffer->data, buffer->length);
        text[buffer->length] = '\0';
        *output = (struct mq_output){text, buffer->length};
    }
    mq_buffer_clear(buffer);
    return text ? MQ_OK : mq_fail_memory(error);
}

enum mq_status mq_log_text(int json, int level, const char *stage, const char *message,
                           struct mq_output *line)
{
    struct mq_buffer buffer = MQ_BUFFER_EMPTY;
    mq_log_line(&buffer, json != 0, (enum mq_log_level)level, stage, message);
    return mq_output_take(&buffer, line, NULL);
}

enum mq_status mq_progress_text(int width, const char *stage, uint64_t done, uint64_t total,
                                struct mq_output *line)
{
    struct mq_buffer buffer = MQ_BUFFER_EMPTY;
    mq_progress_line(&buffer, width, stage, done, total);
    return mq_output_take(&buffer, line, NULL);
}

const char *mq_data_form(size_t index, const char **summary)
{
    return mq_reader_form(index, summary);
}

enum mq_status mq_model_load(const char *path, struct mq_model **model, struct mq_error *error)
{
    return mq_model_read(path, mq_catalogue(), 0, model, error);
}

enum mq_status mq_model_text(const struct mq_model *model, struct mq_output *yaml,
                             struct mq_error *error)
{
    struct mq_buffer buffer = MQ_BUFFER_EMPTY;
    enum mq_status status = mq_model_write(model, mq_catalogue(), &buffer, error);
    if (status == MQ_OK)
        return mq_output_take(&buffer, yaml, error);
    mq_buffer_clear(&buffer);
    return status;
}

static bool is_wanted(const char *formats, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = formats; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return true;
    return !formats;
}

static enum mq_status fail_format(const char *format, size_t length, struct mq_error *error)
{
    char known[256] = "";
    for (size_t i = 0, used = 0; i < mq_writers_count && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "",
                                 mq_writers[i]->name);
    return mq_fail(error, MQ_USAGE, NULL, 0, 0, "no format `%.*s`; known are %s", (int)length,
                   format, known);
}

static enum mq_status check_formats(const char *formats, struct mq_error *error)
{
    for (const char *at = formats; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        bool known = false;
        size_t length = strcspn(at, ",");
        for (size_t i = 0; i < mq_writers_count; i++)
            known |= strlen(mq_writers[i]->name) == length &&
                     strncmp(at, mq_writers[i]->name, length) == 0;
        if (!known)
            return fail_format(at, length, error);
    }
    return MQ_OK;
}

static enum mq_status write_formats(const struct mq_sheets *sheets, const char *formats,
                                    struct mq_outdir *outdir, struct mq_error *error)
{
    char path[4200];
    for (size_t i = 0; i < mq_writers_count; i++)
        if (is_wanted(formats, mq_writers[i]->name))
            MQ_TRY(mq_writers[i]->write(sheets, outdir->building, error));
    /* marks the directory as ours, so that publishing again may replace it */
    static const char mark[] = "{\"status\": \"publication\"}\n";
    MQ_TRY(mq_write_file(mq_outdir_path(outdir, "manifest.json", path, sizeof path), mark,
                         sizeof mark - 1, error));
    return mq_outdir_commit(outdir, false, error);
}

enum mq_status mq_publish(const char *out, const char *directory, const char *formats,
                          struct mq_error *error)
{
    struct mq_results *results;
    struct mq_sheets *sheets = NULL;
    struct mq_outdir outdir;
    MQ_TRY(check_formats(formats, error));
    MQ_TRY(mq_results_read(out, &results, error));
    struct mq_provenance provenance = {
        results->version,  results->model_digest, results->result_digest, results->rows_in,
        results->accepted, results->rejected,     results->out_of_scope,  results->rows_corrected};
    enum mq_status status = mq_sheets_new(results->scores, &provenance, &sheets, error);
    if (status == MQ_OK)
        status = mq_outdir_open(&outdir, directory, error);
    if (status == MQ_OK) {
        status = write_formats(sheets, formats, &outdir, error);
        mq_outdir_abandon(&outdir);
    }
    mq_sheets_free(sheets);
    mq_results_free(results);
    return status;
}
