/* Codes of older editions that rows carried: which ones, what became of them, in how many rows. */
#include "run/run.h"

#include <stdlib.h>
#include <string.h>

static bool is_split(const struct mq_old_code *code)
{
    return code->went.count > 1;
}

static const char *kind_of(const struct mq_old_code *code)
{
    if (code->went.count == 0)
        return "unknown";
    if (strcmp(code->went.matched, code->code) != 0)
        return "part-of";
    return is_split(code) ? "split" : "whole";
}

static void write_code(const struct mq_model *model, const struct mq_old_rows *rows,
                       struct mq_buffer *csv)
{
    const struct mq_old_code *code = rows->code;
    const struct mq_successor *successor = code->went.successor;
    struct mq_buffer others = MQ_BUFFER_EMPTY;
    bool known = code->went.count > 0;
    mq_buffer_text(&others, "");
    for (size_t i = 1; i < code->went.count; i++)
        mq_buffer_format(&others, "%s%s", i > 1 ? "|" : "", successor[i].code);
    const char *cell[] = {model->input[rows->input].id,
                          code->edition,
                          code->code,
                          known ? successor[0].code : "",
                          kind_of(code),
                          !known ? "" : successor[0].sure ? "yes" : "no"};
    for (size_t i = 0; i < sizeof cell / sizeof *cell; i++) {
        mq_buffer_csv(csv, cell[i], strlen(cell[i]));
        mq_buffer_text(csv, ",");
    }
    mq_buffer_csv(csv, others.failed ? "" : others.data, others.length);
    mq_buffer_format(csv, ",%llu,", (unsigned long long)rows->rows);
    if (known)
        mq_buffer_csv(csv, code->went.matched, strlen(code->went.matched));
    mq_buffer_text(csv, "\n");
    csv->failed |= others.failed;
    mq_buffer_clear(&others);
}

enum mq_status mq_old_codes_text(const struct mq_session *session, struct mq_buffer *csv,
                                 struct mq_error *error)
{
    struct mq_old_rows *rows;
    size_t count;
    MQ_TRY(mq_reader_old_rows(session->reader, &rows, &count, error));
    mq_buffer_text(csv, "input,edition,code,new,kind,sure,others,rows,matched\n");
    for (size_t i = 0; i < count; i++)
        write_code(session->model, &rows[i], csv);
    free(rows);
    return csv->failed ? mq_fail_memory(error) : MQ_OK;
}

enum mq_status mq_old_codes_count(const struct mq_session *session, struct mq_old_totals *totals,
                                  struct mq_error *error)
{
    struct mq_old_rows *rows;
    size_t count;
    MQ_TRY(mq_reader_old_rows(session->reader, &rows, &count, error));
    for (size_t i = 0; i < count; i++) {
        struct mq_old_totals *total = &totals[rows[i].input];
        const struct mq_old_code *code = rows[i].code;
        bool known = code->went.count > 0;
        total->rows += rows[i].rows;
        if (rows[i].listed)
            total->translated += rows[i].rows;
        if (is_split(code))
            total->split += rows[i].rows;
        if (known && !code->went.successor[0].sure)
            total->unsure += rows[i].rows;
        if (!known)
            total->unknown += rows[i].rows;
        if (known && !rows[i].listed)
            total->outside += rows[i].rows;
    }
    free(rows);
    return MQ_OK;
}

/* "2002, 2011": the editions of the input's codes, which stand together. */
static size_t write_editions(const struct mq_model *model, const struct mq_old_rows *rows,
                             size_t count, struct mq_buffer *text)
{
    size_t i = 0;
    for (; i < count && rows[i].input == rows[0].input; i++)
        if (i == 0 || strcmp(rows[i].code->edition, rows[i - 1].code->edition) != 0)
            mq_buffer_format(text, "%s%s",
                             i == 0           ? ""
                             : model->chinese ? "、"
                                              : ", ",
                             rows[i].code->edition);
    return i;
}

void mq_old_codes_tell(const struct mq_session *session, bool with_file, struct mq_buffer *text)
{
    const struct mq_model *model = session->model;
    struct mq_old_rows *rows = NULL;
    size_t count = 0;
    if (model->histories == 0 || !session->reader)
        return;
    struct mq_old_totals *totals = calloc(model->inputs + 1, sizeof *totals);
    if (!totals || mq_old_codes_count(session, totals, NULL) != MQ_OK ||
        mq_reader_old_rows(session->reader, &rows, &count, NULL) != MQ_OK)
        text->failed = true;
    for (size_t i = 0, codes; totals && i < count; i += codes) {
        const struct mq_old_totals *total = &totals[rows[i].input];
        mq_buffer_format(text,
                         model->chinese ? "%s：%llu 行使用 " : "%s: %llu rows carried codes of ",
                         model->input[rows[i].input].id, (unsigned long long)total->rows);
        codes = write_editions(model, rows + i, count - i, text);
        mq_buffer_format(text,
                         model->chinese ? " 版代码，其中 %llu 行的代码已被拆分%s\n"
                                        : "; %llu of them were of codes that were split%s\n",
                         (unsigned long long)total->split,
                         !with_file       ? ""
                         : model->chinese ? "（见 concordance.csv）"
                                          : " (see concordance.csv)");
    }
    free(rows);
    free(totals);
}
