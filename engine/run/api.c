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
