/* Numbers as printed: rounded in decimal, changes between published numbers, signs for what is
 * missing. */
#include "publish/draft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sign {
    const char *mark, *chinese, *english;
};

/* "…" follows the yearbooks; none of the marks is read as a formula or a number. */
static const struct sign signs[MQ_SYMBOLS] = {
    [MQ_NOT_REPORTED] = {"…", "没有填报数据", "no data reported"},
    [MQ_UNDEFINED] = {"/", "分母为零或无法合成，没有意义", "not defined (the denominator is zero)"},
    [MQ_BELOW_COVERAGE] = {"△", "填报面低于规定下限，不予采用", "too few reports to be used"},
    [MQ_NO_GOALPOSTS] = {"◇", "没有可用的参照值，不能标准化",
                         "no reference points to score against"},
    [MQ_MISSING_CHILDREN] = {"○", "缺少的下级指标过多，不予合成",
                             "too many of its indicators missing"},
    [MQ_NO_PREVIOUS] = {"▽", "没有上期数据", "no value in the period before"},
    [MQ_SCREENED] = {"×", "有效数据过少，不参与评价", "too few values to be scored"},
    [MQ_WITHHELD] = {"*", "", ""}, /* names the model's limit: see mq_symbol_meaning */
    [MQ_SYMBOL_EMPTY] = {"", "", ""},
    [MQ_SYMBOL_BELOW_BANDS] = {"—", "低于最低等级", "below the lowest band"},
};

const char *mq_symbol_mark(int symbol)
{
    return signs[symbol].mark ? signs[symbol].mark : signs[MQ_NOT_REPORTED].mark;
}

const char *mq_symbol_meaning(struct mq_arena *arena, int symbol, const struct mq_model *model)
{
    const char *meaning = model->chinese ? signs[symbol].chinese : signs[symbol].english;
    const char *counted = mq_model_counted(model);
    if (symbol == MQ_SYMBOL_EMPTY)
        return mq_arena_format(arena, model->chinese ? "没有相应%s" : "no such %s", counted);
    if (symbol != MQ_WITHHELD)
        return meaning;
    return model->chinese
               ? mq_arena_format(arena, "%s少于%d%s，为保护%s信息不予公布", counted,
                                 model->min_enterprises, mq_model_measure(model), counted)
               : mq_arena_format(arena, "withheld, fewer than %d %s", model->min_enterprises,
                                 counted);
}

void mq_draft_symbol(struct mq_draft *draft, size_t row, size_t column, int symbol)
{
    if (mq_reason_present((enum mq_reason)symbol))
        symbol = MQ_NOT_REPORTED;
    *mq_draft_cell(draft, row, column) = (struct mq_sheet_cell){mq_symbol_mark(symbol), NAN};
    draft->symbols |= 1u << symbol;
}

const char *mq_printed_text(struct mq_arena *arena, const char *digits, bool sign)
{
    if (digits[0] == '-')
        return mq_arena_format(arena, "−%s", digits + 1);
    if (sign && strspn(digits, "0.") != strlen(digits))
        return mq_arena_format(arena, "+%s", digits);
    return mq_arena_string(arena, digits, strlen(digits));
}

static const char *printed(struct mq_draft *draft, const char *digits, bool sign)
{
    const char *text = mq_printed_text(&draft->sheets->arena, digits, sign);
    draft->failed |= !text;
    return text ? text : "";
}

static double number_of(const char *digits)
{
    double value = NAN;
    return mq_real_parse(digits, strlen(digits), &value) == MQ_NUMBER_OK ? value : NAN;
}

void mq_draft_number(struct mq_draft *draft, size_t row, size_t column, struct mq_shown shown,
                     int decimals)
{
    if (!isfinite(shown.value)) {
        mq_draft_symbol(draft, row, column, shown.reason);
        return;
    }
    char digits[352];
    mq_round_text(shown.value, decimals, draft->release->model->rounding, digits);
    *mq_draft_cell(draft, row, column) =
        (struct mq_sheet_cell){printed(draft, digits, false), number_of(digits)};
}

void mq_draft_change(struct mq_draft *draft, size_t row, size_t column,
                     const struct mq_shown pair[2], int decimals)
{
    char change[352];
    if (mq_change_digits(draft->release, pair, decimals, change))
        *mq_draft_cell(draft, row, column) =
            (struct mq_sheet_cell){printed(draft, change, true), number_of(change)};
    else
        mq_draft_symbol(draft, row, column,
                        (int)(!isfinite(pair[0].value) ? pair[0].reason : pair[1].reason));
}

void mq_draft_rank(struct mq_draft *draft, size_t row, size_t column, uint32_t rank,
                   enum mq_reason reason)
{
    if (rank == 0) {
        mq_draft_symbol(draft, row, column, reason);
        return;
    }
    const char *text = mq_arena_format(&draft->sheets->arena, "%lu", (unsigned long)rank);
    draft->failed |= !text;
    *mq_draft_cell(draft, row, column) = (struct mq_sheet_cell){text ? text : "", (double)rank};
}

void mq_draft_move(struct mq_draft *draft, size_t row, size_t column, const uint32_t rank[2],
                   enum mq_reason reason)
{
    if (rank[0] == 0 || rank[1] == 0) {
        mq_draft_symbol(draft, row, column, reason);
        return;
    }
    long up = (long)rank[1] - (long)rank[0];
    const char *text =
        up == 0 ? "—"
                : mq_arena_format(&draft->sheets->arena, "%s%ld", up > 0 ? "↑" : "↓", labs(up));
    draft->failed |= !text;
    *mq_draft_cell(draft, row, column) = (struct mq_sheet_cell){text ? text : "", NAN};
}

void mq_draft_band(struct mq_draft *draft, size_t row, size_t column, size_t unit, int node)
{
    const struct mq_model *model = draft->release->model;
    struct mq_shown shown = mq_show_score(draft->release, unit, node);
    if (!isfinite(shown.value)) {
        mq_draft_symbol(draft, row, column, shown.reason);
        return;
    }
    int band = draft->release->scores->score[unit * model->nodes + (size_t)node].band;
    if (band >= 0)
        mq_draft_text(draft, row, column, model->band[band].title);
    else
        mq_draft_symbol(draft, row, column, MQ_SYMBOL_BELOW_BANDS);
}

const char *mq_percent_text(struct mq_arena *arena, double share, enum mq_rounding rounding)
{
    char digits[352];
    return mq_arena_format(arena, "%s%%", mq_round_text(100 * share, 1, rounding, digits));
}

int mq_raw_decimals(const struct mq_release *release, int node)
{
    double largest = 0;
    for (size_t level = 0; level < release->model->levels; level++)
        for (size_t i = 0; i < release->level[level].count; i++) {
            double value =
                fabs(mq_show_raw(release, release->level[level].line[i].now, node).value);
            if (value > largest)
                largest = value;
        }
    int decimals = release->model->decimals;
    double scale = pow(10, decimals);
    while (decimals < 6 && largest > 0 && largest * scale < 100) {
        decimals++;
        scale *= 10;
    }
    return decimals;
}
