/* Any bytes as a model: read or refused with a message; what is read prints a text that reads and
 * prints the same. */
#include <stdlib.h>
#include <string.h>

#include "../model/fake_catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mq_buffer print(const struct mq_model *model)
{
    struct mq_buffer yaml = MQ_BUFFER_EMPTY;
    if (mq_model_write(model, &fake_catalogue, &yaml, NULL) != MQ_OK)
        abort();
    return yaml;
}

static struct mq_model *read(const char *bytes, size_t count, struct mq_error *error)
{
    struct mq_model *model = NULL;
    struct mq_model_text text = {bytes, count, "fuzz.yaml", "/nowhere"};
    enum mq_status status =
        mq_model_read_bytes(&text, &fake_catalogue, MQ_MODEL_NO_CODES, &model, error);
    if ((status == MQ_OK) != (model != NULL))
        abort();
    return model;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mq_error error = {0};
    struct mq_model *model = read((const char *)data, size, &error);
    if (!model) {
        if (error.status != MQ_BAD_MODEL || !error.message[0] ||
            strcmp(error.file, "fuzz.yaml") != 0)
            abort();
        return 0;
    }
    struct mq_buffer first = print(model);
    struct mq_model *again = read(first.data, first.length, &error);
    if (!again)
        abort();
    struct mq_buffer second = print(again);
    if (first.length != second.length || memcmp(first.data, second.data, first.length) != 0)
        abort();
    mq_buffer_clear(&first);
    mq_buffer_clear(&second);
    mq_model_free(again);
    mq_model_free(model);
    return 0;
}
