/* What people read: one small table, Chinese for models with a Chinese title, else English. */
#include "validate/checker.h"

static const struct {
    const char *chinese, *english;
} phrases[MQ_PHRASES] = {
    [MQ_PHRASE_COLUMNS_TITLE] = {"列数与表头一致", "as many fields as the header"},
    [MQ_PHRASE_TYPE_TITLE] = {"%s应为数字", "%s is a number"},
    [MQ_PHRASE_CODE_TITLE] = {"%s应在代码表中", "%s is in the code list"},
    [MQ_PHRASE_PRESENT_TITLE] = {"%s不应缺失", "%s is present"},
    [MQ_PHRASE_SCOPE_TITLE] = {"统计范围应可判定", "the scope can be decided"},
    [MQ_PHRASE_DUPLICATE_TITLE] = {"同一时期内不重复", "one row per key and period"},
    [MQ_PHRASE_COLUMNS] = {"应有%zu列，实有%lu列", "%zu fields expected, %lu found"},
    [MQ_PHRASE_MISSING] = {"缺失", "missing"},
    [MQ_PHRASE_MALFORMED] = {"不是数字", "not a number"},
    [MQ_PHRASE_SEPARATOR] = {"含千位分隔符，请去掉", "has thousands separators, take them out"},
    [MQ_PHRASE_RANGE] = {"超出可表示范围", "out of the range that can be represented"},
    [MQ_PHRASE_DECIMALS] = {"小数位多于规定的%d位", "more than the %d decimals declared"},
    [MQ_PHRASE_CODE] = {"代码不在代码表中", "not in the code list"},
    [MQ_PHRASE_AGE] = {"代码在%.*s期无效", "not valid in %.*s"},
    [MQ_PHRASE_OLD_CODE] = {"对照表的%s版中没有该代码",
                            "not a code of edition %s of the concordance"},
    [MQ_PHRASE_SUCCESSOR] = {"该%s版代码现为%s，不在代码表中",
                             "a code of edition %s that is %s now, which is not in the code list"},
    [MQ_PHRASE_RUINED] = {"已被电子表格变成数字，末位丢失，请将该列按文本格式重新导出",
                          "a spreadsheet made a number of it and its last digits are lost; export "
                          "the column as text"},
    [MQ_PHRASE_SCOPE] = {"统计范围无法判定（%s）", "the scope cannot be decided (%s)"},
    [MQ_PHRASE_RULE] = {"%s（%s）", "%s (%s)"},
    [MQ_PHRASE_SAME] = {"同一时期内重复，内容相同，保留第一条",
                        "repeated within the period with the same content, the first is kept"},
    [MQ_PHRASE_CONFLICT] = {"同一时期内重复且内容不一致，全部剔除，请核实",
                            "repeated within the period with different content, all are left out; "
                            "find out which is right"},
};

const char *mq_phrase(enum mq_phrase phrase, bool chinese)
{
    return chinese ? phrases[phrase].chinese : phrases[phrase].english;
}

/* Why a cell is refused. */
static enum mq_phrase cell_phrase(enum mq_cell_state state)
{
    static const enum mq_phrase phrase[MQ_CELL_STATES] = {
        [MQ_PRESENT] = MQ_PHRASE_MALFORMED, /* never fails */
        [MQ_MISSING] = MQ_PHRASE_MISSING,
        [MQ_BAD_MALFORMED] = MQ_PHRASE_MALFORMED,
        [MQ_BAD_SEPARATOR] = MQ_PHRASE_SEPARATOR,
        [MQ_BAD_RANGE] = MQ_PHRASE_RANGE,
        [MQ_BAD_DECIMALS] = MQ_PHRASE_DECIMALS,
        [MQ_BAD_CODE] = MQ_PHRASE_CODE,
        [MQ_BAD_AGE] = MQ_PHRASE_AGE,
        [MQ_BAD_RUINED] = MQ_PHRASE_RUINED,
    };
    return phrase[state];
}

static struct mq_text period_of(const struct mq_model *model, const struct mq_batch *batch,
                                size_t row)
{
    const struct mq_column *period = model->period >= 0 ? batch->column + model->period : NULL;
    return period && period->state[row] == MQ_PRESENT
               ? mq_dict_text(period->dict, period->code[row])
               : mq_text("?");
}

/* A code that came through a concordance. */
static void old_code_message(const struct mq_old_code *old, bool chinese, struct mq_buffer *message)
{
    if (old->went.count == 0)
        mq_buffer_format(message, mq_phrase(MQ_PHRASE_OLD_CODE, chinese), old->edition);
    else
        mq_buffer_format(message, mq_phrase(MQ_PHRASE_SUCCESSOR, chinese), old->edition,
                         old->went.successor[0].code);
}

void mq_rule_message(const struct mq_model *model, const struct mq_check *check,
                     struct mq_buffer *message)
{
    if (check->title != check->rule->text)
        mq_buffer_format(message, mq_phrase(MQ_PHRASE_RULE, model->chinese), check->title,
                         check->rule->text);
    else
        mq_buffer_text(message, check->rule->text);
}

void mq_check_message(const struct mq_model *model, const struct mq_check *check,
                      const struct mq_batch *batch, size_t row, struct mq_buffer *message)
{
    bool chinese = model->chinese;
    const struct mq_column *column = batch->column + (check->inputs ? check->input[0] : 0);
    switch (check->kind) {
    case MQ_CHECK_COLUMNS:
        mq_buffer_format(message, mq_phrase(MQ_PHRASE_COLUMNS, chinese), batch->wanted_fields,
                         (unsigned long)batch->fields[row]);
        break;
    case MQ_CHECK_SCOPE:
        mq_buffer_format(message, mq_phrase(MQ_PHRASE_SCOPE, chinese), model->scope_text);
        break;
    case MQ_CHECK_RULE:
        mq_rule_message(model, check, message);
        break;
    default:
        if (column->state[row] == MQ_BAD_AGE) {
            struct mq_text period = period_of(model, batch, row);
            mq_buffer_format(message, mq_phrase(MQ_PHRASE_AGE, chinese), (int)period.n, period.s);
            break;
        }
        if (column->state[row] == MQ_BAD_CODE && column->old && column->old[row]) {
            old_code_message(column->old[row], chinese, message);
            break;
        }
        /* Only the phrase about decimals asks for the number. */
        mq_buffer_format(message, mq_phrase(cell_phrase(column->state[row]), chinese),
                         column->decimals);
    }
}
