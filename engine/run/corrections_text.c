/* What was corrected: for machines, and for the terminal. */
#include "run/run.h"

#include <jansson.h>

static json_t *whole_number(uint64_t number)
{
    return json_integer((json_int_t)number);
}

static json_t *correction_part(const struct mq_correction_count *count)
{
    json_t *refused = json_object();
    for (int i = 0; i < MQ_CORRECTION_OUTCOMES; i++) {
        enum mq_correction_outcome outcome = (enum mq_correction_outcome)i;
        if (count->rows[i] && mq_correction_refused(outcome))
            json_object_set_new(refused, mq_correction_code(outcome), whole_number(count->rows[i]));
    }
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o}", "correction", count->id, "title", count->title, "tried",
        whole_number(count->tried), "corrected", whole_number(count->rows[MQ_CORRECTION_DONE]),
        "unchanged",
        whole_number(count->rows[MQ_CORRECTION_BALANCED] + count->rows[MQ_CORRECTION_SAME]),
        "refused", refused);
}

struct json_t *mq_corrections_json(const struct mq_session *session)
{
    size_t counts;
    const struct mq_correction_count *count = mq_checker_corrections(session->checker, &counts);
    json_t *part = json_array();
    for (size_t i = 0; i < counts; i++)
        json_array_append_new(part, correction_part(count + i));
    return part;
}

bool mq_session_corrects(const struct mq_session *session)
{
    size_t counts;
    mq_checker_corrections(session->checker, &counts);
    return counts > 0;
}

static void tell_count(const struct mq_correction_count *count, bool chinese,
                       struct mq_buffer *text)
{
    uint64_t refused = 0;
    const char *separator = chinese ? "（" : " (";
    for (int i = 0; i < MQ_CORRECTION_OUTCOMES; i++)
        refused += mq_correction_refused((enum mq_correction_outcome)i) ? count->rows[i] : 0;
    mq_buffer_format(text,
                     chinese ? "  %s  %s：检查 %llu 行，更正 %llu，不能更正 %llu"
                             : "  %s  %s: %llu rows tried, %llu corrected, %llu refused",
                     count->id, count->title, (unsigned long long)count->tried,
                     (unsigned long long)count->rows[MQ_CORRECTION_DONE],
                     (unsigned long long)refused);
    for (int i = 0; i < MQ_CORRECTION_OUTCOMES; i++) {
        enum mq_correction_outcome outcome = (enum mq_correction_outcome)i;
        if (!count->rows[i] || !mq_correction_refused(outcome))
            continue;
        mq_buffer_format(text, chinese ? "%s%s %llu" : "%s%s: %llu", separator,
                         mq_correction_title(outcome, chinese), (unsigned long long)count->rows[i]);
        separator = chinese ? "、" : ", ";
    }
    mq_buffer_text(text, refused ? (chinese ? "）\n" : ")\n") : "\n");
}

/* The amounts that corrections changed, from what was read to what is used. */
static void tell_totals(const struct mq_session *session, const struct mq_control *control,
                        struct mq_buffer *text)
{
    const struct mq_model *model = session->model;
    for (size_t i = 0; i < model->inputs; i++) {
        int decimals = model->input[i].decimals;
        char in[48], accepted[48], rejected[48], outside[48], corrected[48];
        if (control->total_corrected[i] == 0)
            continue;
        mq_buffer_format(text,
                         model->chinese
                             ? "  %s：读入 %s = 采用 %s + 剔除 %s + 范围外 %s + 更正 %s\n"
                             : "  %s: %s read = %s accepted + %s rejected + %s out of "
                               "scope + %s corrected\n",
                         model->input[i].id, mq_decimal_text(control->total_in[i], decimals, in),
                         mq_decimal_text(control->total_accepted[i], decimals, accepted),
                         mq_decimal_text(control->total_rejected[i], decimals, rejected),
                         mq_decimal_text(control->total_out_of_scope[i], decimals, outside),
                         mq_decimal_text(control->total_corrected[i], decimals, corrected));
    }
}

void mq_corrections_tell(const struct mq_session *session, bool with_file, struct mq_buffer *text)
{
    size_t counts;
    const struct mq_correction_count *count = mq_checker_corrections(session->checker, &counts);
    const struct mq_control *control = mq_checker_control(session->checker);
    bool chinese = session->model->chinese;
    if (!counts)
        return;
    mq_buffer_format(text, chinese ? "更正了 %llu 行的数值%s：\n" : "%llu rows were corrected%s:\n",
                     (unsigned long long)control->rows_corrected,
                     !with_file ? ""
                     : chinese  ? "（见 corrections.csv）"
                                : " (see corrections.csv)");
    for (size_t i = 0; i < counts; i++)
        tell_count(count + i, chinese, text);
    tell_totals(session, control, text);
}
