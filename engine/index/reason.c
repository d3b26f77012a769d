/* Why a number is missing, in one table for files and people. */
#include <string.h>

#include "index/index_parts.h"

static const struct {
    const char *code, *english, *chinese;
} reasons[MQ_REASONS] = {
    [MQ_FINE] = {"ok", "complete", "完整"},
    [MQ_RENORMALISED] = {"renormalised",
                         "some parts are missing; the weights of the others were scaled up",
                         "部分指标或下级单位缺失，其余权重按比例调整"},
    [MQ_NOT_REPORTED] = {"not_reported", "no enterprise reported the inputs", "无企业填报"},
    [MQ_UNDEFINED] = {"undefined", "not defined (division by zero)", "无定义（分母为零）"},
    [MQ_BELOW_COVERAGE] = {"below_coverage", "too few enterprises reported the inputs",
                           "填报企业占比低于规定"},
    [MQ_NO_GOALPOSTS] = {"no_goalposts", "no usable reference points", "无可用参考点"},
    [MQ_MISSING_CHILDREN] = {"missing_children", "too many indicators below are missing",
                             "下级指标缺失过多"},
    [MQ_WITHHELD] = {"withheld", "withheld to protect single enterprises",
                     "为保护企业资料不予公布"},
    [MQ_SCREENED] = {"screened", "too few values to be scored", "有效数据过少，不参与评价"},
    [MQ_IMPUTED] = {"imputed", "rests on imputed values", "含插补值"},
    [MQ_IMPUTED_RENORMALISED] = {"imputed_renormalised",
                                 "rests on imputed values; some parts are missing and the weights "
                                 "of the others were scaled up",
                                 "含插补值；部分指标或下级单位缺失，其余权重按比例调整"},
    [MQ_NO_PREVIOUS] = {"no_previous", "no value in the period before", "无上期数据"},
};

const char *mq_reason_code(enum mq_reason reason)
{
    return (unsigned)reason < MQ_REASONS ? reasons[reason].code : "unknown";
}

const char *mq_reason_title(enum mq_reason reason, bool chinese)
{
    if ((unsigned)reason >= MQ_REASONS)
        return chinese ? "不明" : "unknown";
    return chinese ? reasons[reason].chinese : reasons[reason].english;
}

enum mq_reason mq_reason_find(const char *code)
{
    enum mq_reason reason = MQ_FINE;

    while (reason < MQ_REASONS && strcmp(code, reasons[reason].code) != 0)
        reason++;
    return reason;
}
