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
    [MQ_SYMBOL_EMPTY] = {"", "没有相应企业", "no such enterprises"},
    [MQ_SYMBOL_BELOW_BANDS] = {"—", "低于最低等级", "below the lowest band"},
};

const char *mq_symbol_mark(int symbol)
{
    return signs[symbol].mark ? signs[symbol].mark : signs[MQ_NOT_REPORTED].mark;
}

const char *mq_symbol_meaning(struct mq_arena *arena, int symbol, const struct mq_model *model)
{
    const char *meaning = model->chinese ? signs[symbol].chinese : signs[symbol].english;
    if (symbol != MQ_WITHHELD)
        return meaning;
    return model->chinese ? mq_arena_format(arena, "企业少于%d家，为保护企业信息不予公布",
                                            model->min_enterprises)
                          : mq_arena_format(arena, "withheld, fewer than %d enterprises",
                                            model->min_enterprises);
}

void mq_draft_symbol(struct mq_draft *draft, size_t row, size_t column, int symbol)
{
    if (mq_reason_present((enum mq_reason)symbol))
        symbol = MQ_NOT_REPORTED;
    *mq_draft_cell(draft, row, column) = (struct mq_sheet_cell){mq_symbol_mark(symbol), NAN};
    draft->symbols |= 1u << symbol;
}

/* A typographic minus, and a plus where `sign` asks for one. */
static const char *printed(struct mq_draft *draft, const char *digits, bool sign)
{
    struct mq_arena *arena = &draft->sheets->arena;
    const char *text;
    if (digits[0] == '-')
        text = mq_arena_format(arena, "−%s", digits + 1);
    else if (sign && strspn(digits, "0.") != strlen(digits))
        text = mq_arena_format(arena, "+%s", digits);
    else
        text = mq_arena_string(arena, digits, strlen(digits));
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
    if (!isfinite(pair[0].value) || !isfinite(pair[1].value)) {
        mq_draft_symbol(draft, row, column,
                        (int)(!isfinite(pair[0].value) ? pair[0].reason : pair[1].reason));
        return;
    }
    enum mq_rounding rounding = draft->release->model->rounding;
    char digits[2][352];
    int64_t scaled[2];
    bool fits = true;
    for (int i = 0; i < 2; i++) {
        mq_round_text(pair[i].value, decimals, rounding, digits[i]);
        fits = fits &&
               mq_decimal_parse(digits[i], strlen(digits[i]), decimals, &scaled[i]) == MQ_NUMBER_OK;
    }
    char change[352];
    if (fits)
        mq_decimal_text((mq_int128)scaled[0] - scaled[1], decimals, change);
    else /* beyond 64 bits the last digits of a double are not known anyway */
        mq_round_text(number_of(digits[0]) - number_of(digits[1]), decimals, rounding, change);
    *mq_draft_cell(draft, row, column) =
        (struct mq_sheet_cell){printed(draft, change, true), number_of(change)};
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
