/* What is said of a target, in tables for people. */
#include "run/targets.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *code, *chinese, *english;
} standings[MQ_STANDINGS] = {[MQ_ACHIEVED] = {"achieved", "已达到", "achieved"},
                             [MQ_ON_COURSE] = {"on_course", "进度正常", "on course"},
                             [MQ_BEHIND] = {"behind", "落后", "behind"},
                             [MQ_MISSED] = {"missed", "未完成", "missed"},
                             [MQ_NO_DATA] = {"no_data", "无数据", "no data"}};

const char *mq_standing_code(enum mq_standing standing)
{
    return standings[standing].code;
}

const char *mq_standing_text(enum mq_standing standing, bool chinese)
{
    return chinese ? standings[standing].chinese : standings[standing].english;
}

const char *mq_target_number(const struct mq_targets *targets, int index, double value, bool sign,
                             char text[MQ_TARGET_TEXT])
{
    char digits[352];
    if (!isfinite(value))
        return "—";
    mq_round_text(value, targets->target[index].decimals, targets->rounding, digits);
    bool zero = strspn(digits, "0.") == strlen(digits);
    snprintf(text, MQ_TARGET_TEXT, "%s%s", sign && !zero && digits[0] != '-' ? "+" : "", digits);
    return text;
}

const char *mq_target_year_number(const struct mq_targets *targets, int index, double value,
                                  int year, char text[MQ_TARGET_TEXT])
{
    char digits[MQ_TARGET_TEXT];
    if (!isfinite(value))
        return "—";
    const char *number = mq_target_number(targets, index, value, false, digits);
    snprintf(text, MQ_TARGET_TEXT, year ? "%.360s (%d)" : "%.360s", number, year);
    return text;
}

const char *mq_target_wanted(const struct mq_targets *targets, int index,
                             const struct mq_judged *judged, char text[MQ_TARGET_TEXT])
{
    const struct mq_target *target = &targets->target[index];
    bool up = target->direction == MQ_UP, chinese = targets->chinese;
    char room[MQ_TARGET_TEXT];
    const char *value = mq_target_number(targets, index, judged->wanted, false, room);
    if (isnan(judged->wanted))
        value = target->beside >= 0 ? targets->figure[target->beside].title : "";
    const char *before = up ? "≥" : "≤";
    if (target->kind == MQ_TARGET_RISE)
        before = chinese ? (up ? "高于基期 " : "低于基期 ")
                         : (up ? "above the baseline " : "below the baseline ");
    else if (target->kind == MQ_TARGET_ABOVE)
        before = chinese ? (up ? "高于 " : "低于 ") : (up ? "above " : "below ");
    snprintf(text, MQ_TARGET_TEXT, "%s%.300s", before, value);
    return text;
}
