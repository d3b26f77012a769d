/* The catalogue of edits, and their statuses in words. A method is one file and one line in each of
 * two lists here. */
#include "validate/edits.h"
#include "validate/edit_parts.h"

const struct mq_edit_method *const mq_edit_methods[MQ_EDIT_METHODS] = {
    &mq_edit_hb, &mq_edit_sigma_gap, &mq_edit_mad, &mq_edit_fences, &mq_edit_ratio, &mq_edit_unit};
const struct mq_method *const mq_edit_rows[MQ_EDIT_METHODS] = {
    &mq_edit_hb.method,     &mq_edit_sigma_gap.method, &mq_edit_mad.method,
    &mq_edit_fences.method, &mq_edit_ratio.method,     &mq_edit_unit.method};
static const struct {
    const char *code, *english, *chinese;
} statuses[MQ_EDIT_STATUSES] = {
    [MQ_EDIT_ACCEPT] = {"accepted", "plausible", "通过"},
    [MQ_EDIT_EXCLUDE_LOW] = {"exclude_low", "suspiciously low", "偏低，可疑"},
    [MQ_EDIT_EXCLUDE_HIGH] = {"exclude_high", "suspiciously high", "偏高，可疑"},
    [MQ_EDIT_IMPUTE_LOW] = {"impute_low", "implausibly low", "过低，离群"},
    [MQ_EDIT_IMPUTE_HIGH] = {"impute_high", "implausibly high", "过高，离群"},
    [MQ_EDIT_UNIT] = {"unit", "probably in the wrong unit", "疑似计量单位错误"},
    [MQ_EDIT_MISSING] = {"missing", "no value", "缺失"},
    [MQ_EDIT_ZERO] = {"zero", "zero, or compared with zero", "为零或对比值为零"},
    [MQ_EDIT_NEGATIVE] = {"negative", "negative, or compared with a negative value",
                          "为负或对比值为负"},
    [MQ_EDIT_NO_MATCH] = {"no_match", "nothing to compare with", "无对比值"},
    [MQ_EDIT_TOO_FEW] = {"too_few", "too few rows in the group", "组内可用行过少"},
    [MQ_EDIT_NO_SPREAD] = {"no_spread", "the values of the group agree too much to judge by",
                           "组内数值过于集中，无法判断"}};

const char *mq_edit_status_code(enum mq_edit_status status)
{
    return statuses[status].code;
}

const char *mq_edit_status_title(enum mq_edit_status status, bool chinese)
{
    return chinese ? statuses[status].chinese : statuses[status].english;
}
