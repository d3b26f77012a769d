/* Reject records: which rows were rejected, by which check, and why. Warnings look the same. */
#include "validate/checker.h"

#include <string.h>

/* The texts of the inputs a check is about, joined by '|'. */
static enum mq_status add_values(struct mq_checker *checker, const struct mq_batch *batch,
                                 size_t row, const struct mq_check *check, struct mq_buffer *values,
                                 struct mq_error *error)
{
    for (size_t i = 0; i < check->inputs; i++) {
        struct mq_text text = {"", 0};
        MQ_TRY(mq_row_cell(checker, batch, row, check->input[i], &text, error));
        mq_buffer_add(values, "|", i > 0);
        mq_buffer_add(values, text.s, text.n);
    }
    return MQ_OK;
}

/* column,value,rule,message */
static enum mq_status format_record(struct mq_checker *checker, const struct mq_batch *batch,
                                    size_t row, const struct mq_check *check, const char *message,
                                    struct mq_error *error)
{
    struct mq_judge *judge = checker->judge + batch->worker;
    struct mq_buffer *text = &judge->text, *field = &judge->field;
    mq_buffer_csv(text, check->column, strlen(check->column));
    mq_buffer_text(text, ",");
    MQ_TRY(add_values(checker, batch, row, check, field, error));
    mq_record_field(judge, ",");
    mq_buffer_csv(text, check->name, strlen(check->name));
    mq_buffer_text(text, ",");
    if (message)
        mq_buffer_text(field, message);
    else
        mq_check_message(checker->model, check, batch, row, field);
    mq_record_field(judge, "\n");
    return MQ_OK;
}

enum mq_status mq_rejects_add(struct mq_checker *checker, const struct mq_batch *batch, size_t row,
                              uint64_t line, const struct mq_check *check, const char *message,
                              struct mq_error *error)
{
    struct mq_judge *judge = checker->judge + batch->worker;
    MQ_TRY(mq_record_open(checker, batch, row, line, error));
    MQ_TRY(format_record(checker, batch, row, check, message, error));
    return mq_records_put(judge,
                          check->severity == MQ_REJECT ? MQ_RECORDS_REJECTS : MQ_RECORDS_WARNINGS,
                          (uint32_t)(check - checker->check), batch, row, error);
}

enum mq_status mq_write_rejects(struct mq_checker *checker, const char *path,
                                struct mq_error *error)
{
    return mq_records_write(checker, MQ_RECORDS_REJECTS,
                            "file,line,key,column,value,rule,message\n", path, error);
}
