/* Models written inside tests. */
#ifndef MQ_TEST_MODEL_FIXTURE_H
#define MQ_TEST_MODEL_FIXTURE_H

#include <unistd.h>

#include "fake_catalogue.h"
#include "support.h"

/* Shared by most tests; each line is one line of the file. */
#define MODEL_HEAD                                                                                 \
    "mqci: 1\n"                                                                                    \
    "id: small\n"                                                                                  \
    "inputs:\n"                                                                                    \
    "  - {id: usci, type: key}\n"                                                                  \
    "  - {id: year, type: period}\n"                                                               \
    "  - {id: region, type: code}\n"                                                               \
    "  - {id: sales, type: amount, decimals: 2}\n"                                                 \
    "  - {id: cost, type: amount}\n"                                                               \
    "  - {id: rate, type: number}\n"
#define MODEL_LEVELS "levels: [{id: nation}]\n"
#define MODEL_LEAF   "indicators: [{id: a, formula: cost / sales, normalise: none}]\n"

static inline enum mq_status read_text(const char *text, unsigned flags, struct mq_model **model,
                                       struct mq_error *error)
{
    struct mq_model_text source = {
        .bytes = text, .count = strlen(text), .path = "m.yaml", .directory = "tests/model"};
    return mq_model_read_bytes(&source, &fake_catalogue, flags, model, error);
}

static inline struct mq_model *must_read(const char *text)
{
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    if (read_text(text, 0, &model, &error) != MQ_OK)
        fail_msg("%ld:%ld: %s", error.line, error.column, error.message);
    return model;
}

/* The model is refused at line:column with a message that contains `part`. */
static inline void check_refused(const char *text, long line, long column, const char *part,
                                 const char *file, int at)
{
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    enum mq_status status = read_text(text, MQ_MODEL_STRICT, &model, &error);
    if (status != MQ_BAD_MODEL || error.line != line || error.column != column ||
        !strstr(error.message, part)) {
        print_error("status %d, %ld:%ld: %s\nwanted %ld:%ld: %s\n", status, error.line,
                    error.column, error.message, line, column, part);
        mq_model_free(model);
        _fail(file, at);
    }
    assert_string_equal(error.file, "m.yaml");
    assert_null(model);
}
#define assert_refused(text, line, column, part)                                                   \
    check_refused(text, line, column, part, __FILE__, __LINE__)

static inline char *printed(const struct mq_model *model)
{
    struct mq_buffer yaml = MQ_BUFFER_EMPTY;
    assert_int_equal(mq_model_write(model, &fake_catalogue, &yaml, NULL), MQ_OK);
    return yaml.data;
}

static inline struct mq_model *again(const char *text, unsigned flags)
{
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    struct mq_model_text source = {text, strlen(text), "printed.yaml", "no/such/folder"};
    if (mq_model_read_bytes(&source, &fake_catalogue, flags, &model, &error) != MQ_OK)
        fail_msg("%ld:%ld: %s\n%s", error.line, error.column, error.message, text);
    return model;
}

/* The text of `model`, after checking that it is a fixed point. Frees the model. */
static inline char *settle(struct mq_model *model, unsigned flags)
{
    char *first = printed(model);
    struct mq_model *second = again(first, flags);
    char *next = printed(second);
    assert_string_equal(first, next);
    mq_model_free(second);
    mq_model_free(model);
    free(next);
    return first;
}

#endif
