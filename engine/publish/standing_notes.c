/* Notes below the tables: method, assumptions, rounding, ties, bands, coverage, signs. No number
 * without them. */
#include "publish/draft.h"

#include <math.h>
#include <string.h>

/* A finished buffer as an arena text; NULL if anything failed. */
static const char *settle(struct mq_draft *draft, struct mq_buffer *buffer)
{
    const char *text = buffer->failed
                           ? NULL
                           : mq_arena_string(&draft->sheets->arena,
                                             buffer->data ? buffer->data : "", buffer->length);
    mq_buffer_clear(buffer);
    return text;
}

const char *mq_symbols_text(struct mq_draft *draft, unsigned symbols)
{
    const struct mq_model *model = draft->release->model;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    for (int symbol = 0; symbol < MQ_SYMBOLS; symbol++) {
        if (!(symbols & 1u << symbol))
            continue;
        const char *meaning = mq_symbol_meaning(&draft->sheets->arena, symbol, model);
        if (!meaning)
            text.failed = true;
        if (text.length > 0)
            mq_buffer_text(&text, model->chinese ? "；" : "; ");
        if (symbol == MQ_SYMBOL_EMPTY)
            mq_buffer_format(&text, model->chinese ? "空格表示%s" : "blank: %s",
                             meaning ? meaning : "");
        else
            mq_buffer_format(&text, model->chinese ? "“%s”表示%s" : "%s: %s",
                             mq_symbol_mark(symbol), meaning ? meaning : "");
    }
    mq_buffer_text(&text, model->chinese ? "。" : ".");
    return settle(draft, &text);
}

const char *mq_rounding_text(struct mq_draft *draft)
{
    const struct mq_model *model = draft->release->model;
    struct mq_arena *arena = &draft->sheets->arena;
    if (model->chinese)
        return mq_arena_format(arena,
                               "得分按%s保留%d位小数，变动为公布数之差；合成用未舍入的数，"
                               "与按表列数计算的结果可能有末位之差。",
                               model->rounding == MQ_HALF_UP ? "四舍五入" : "GB/T 8170进舍规则",
                               model->decimals);
    return mq_arena_format(arena,
                           "Scores are rounded %s to %d decimal places; changes are differences of "
                           "published numbers. Scores are combined before rounding.",
                           model->rounding == MQ_HALF_UP ? "half up" : "half to even",
                           model->decimals);
}

/* A sentence end unless the text has one. */
static void end_sentence(struct mq_buffer *text, bool chinese)
{
    static const char *const ends[] = {"。", "！", "？", "."};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i]);
        if (text->length >= n && memcmp(text->data + text->length - n, ends[i], n) == 0)
            return;
    }
    mq_buffer_text(text, chinese ? "。" : ".");
}

const char *mq_assumptions_text(struct mq_draft *draft)
{
    const struct mq_model *model = draft->release->model;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    mq_buffer_text(&text, model->chinese ? "假定：" : "Assumptions: ");
    for (size_t i = 0; i < model->assumptions; i++) {
        if (i > 0)
            mq_buffer_text(&text, model->chinese ? "；" : "; ");
        mq_buffer_text(&text, model->assumption[i]);
    }
    end_sentence(&text, model->chinese);
    return settle(draft, &text);
}

static const char *method_text(struct mq_draft *draft)
{
    const struct mq_model *model = draft->release->model;
    struct mq_arena *arena = &draft->sheets->arena;
    const char *edition = model->edition ? model->edition : "";
    if (model->chinese)
        return mq_arena_format(arena, "按《%s》指标体系（%s%s%s%s）计算，方法详见“说明”。",
                               model->title, model->id, edition[0] ? "，" : "", edition,
                               edition[0] ? "版" : "");
    return mq_arena_format(arena, "Method: %s (%s%s%s), see the sheet Notes.", model->title,
                           model->id, edition[0] ? ", edition " : "", edition);
}

void mq_notes_standing(struct mq_draft *draft)
{
    if (draft->symbols)
        mq_draft_note(draft, mq_symbols_text(draft, draft->symbols));
    mq_draft_note(draft, method_text(draft));
    if (draft->release->model->assumptions > 0)
        mq_draft_note(draft, mq_assumptions_text(draft));
    mq_draft_note(draft, mq_rounding_text(draft));
}

void mq_notes_ranks(struct mq_draft *draft)
{
    mq_draft_note(draft,
                  mq_draft_copy(draft, draft->release->chinese
                                           ? "位次按未舍入的得分由高到低排列，得分相同的位次相同，"
                                             "其后位次空缺。"
                                           : "Ranks follow the unrounded scores, highest first; "
                                             "ties share a rank and the next is skipped."));
}

const char *mq_bands_text(struct mq_draft *draft)
{
    const struct mq_model *model = draft->release->model;
    bool chinese = model->chinese;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    for (size_t i = 0; i < model->bands; i++) {
        bool above = i > 0 || model->band[i].from > 0, below = i + 1 < model->bands;
        if (i > 0)
            mq_buffer_text(&text, chinese ? "；" : "; ");
        if (above || !below)
            mq_buffer_real(&text, model->band[i].from);
        if (above || !below)
            mq_buffer_text(&text, chinese ? (below ? "以上、" : "及以上")
                                          : (below ? " to " : " and above"));
        if (below) {
            mq_buffer_text(&text, chinese ? "不足" : "below ");
            mq_buffer_real(&text, model->band[i + 1].from);
        }
        mq_buffer_format(&text, chinese ? "为%s" : ": %s", model->band[i].title);
    }
    mq_buffer_text(&text, chinese ? "。" : ".");
    return settle(draft, &text);
}

void mq_notes_bands(struct mq_draft *draft)
{
    if (draft->release->model->bands == 0)
        return;
    const char *bands = mq_bands_text(draft);
    mq_draft_note(draft,
                  bands ? mq_arena_format(&draft->sheets->arena,
                                          draft->release->chinese ? "等级：%s" : "Bands: %s", bands)
                        : NULL);
}

/* Least and most coverage of the index among the units that are shown; false if none is. */
static bool coverage_range(const struct mq_release *release, const struct mq_line *lines,
                           size_t count, double range[2])
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        size_t unit = lines[i].now;
        if (unit == MQ_NO_UNIT || isnan(mq_show_score(release, unit, release->root).value))
            continue;
        size_t cell = unit * release->model->nodes + (size_t)release->root;
        double coverage = release->scores->score[cell].coverage;
        if (isnan(coverage))
            continue;
        range[0] = any && range[0] < coverage ? range[0] : coverage;
        range[1] = any && range[1] > coverage ? range[1] : coverage;
        any = true;
    }
    return any;
}

void mq_notes_coverage(struct mq_draft *draft, const struct mq_line *lines, size_t count)
{
    const struct mq_release *release = draft->release;
    struct mq_arena *arena = &draft->sheets->arena;
    double range[2] = {NAN, NAN};
    if (!coverage_range(release, lines, count, range))
        return;
    const char *least = mq_percent_text(arena, range[0], release->model->rounding);
    const char *most = mq_percent_text(arena, range[1], release->model->rounding);
    if (!least || !most) {
        draft->failed = true;
        return;
    }
    bool one = strcmp(least, most) == 0;
    mq_draft_note(draft, release->chinese
                             ? mq_arena_format(arena,
                                               "指标数据覆盖率%s%s%s（有所需数据的%s所占比重，"
                                               "按指标权重平均）。",
                                               least, one ? "" : "至", one ? "" : most,
                                               mq_model_counted(release->model))
                             : mq_arena_format(arena,
                                               "Coverage %s%s%s (share of %s with the data "
                                               "needed, weighted over the indicators).",
                                               least, one ? "" : " to ", one ? "" : most,
                                               mq_model_counted(release->model)));
}

/* Names of the units whose score is special in a way: "A、B等"; NULL: none, or out of memory. */
static const char *units_with(struct mq_draft *draft, const struct mq_line *lines, size_t count,
                              bool (*special)(enum mq_reason reason), size_t *found)
{
    enum { MOST_NAMES = 10 };
    const struct mq_release *release = draft->release;
    struct mq_buffer names = MQ_BUFFER_EMPTY;

    *found = 0;
    for (size_t i = 0; i < count; i++) {
        if (!special(mq_show_score(release, lines[i].now, release->root).reason))
            continue;
        if (*found < MOST_NAMES) {
            mq_buffer_text(&names, *found ? (release->chinese ? "、" : ", ") : "");
            for (const char *c = lines[i].name; *c; c++) /* "city|industry" */
                mq_buffer_add(&names, *c == '|' ? " " : c, 1);
        }
        ++*found;
    }
    if (*found > MOST_NAMES)
        mq_buffer_text(&names, release->chinese ? "等" : " and others");
    const char *list = settle(draft, &names);
    draft->failed |= !list;
    return *found ? list : NULL;
}

static bool is_scaled(enum mq_reason reason)
{
    return reason == MQ_RENORMALISED || reason == MQ_IMPUTED_RENORMALISED;
}

static bool is_imputed(enum mq_reason reason)
{
    return reason == MQ_IMPUTED || reason == MQ_IMPUTED_RENORMALISED;
}

void mq_notes_incomplete(struct mq_draft *draft, const struct mq_line *lines, size_t count)
{
    bool chinese = draft->release->chinese;
    struct mq_arena *arena = &draft->sheets->arena;
    size_t found;
    const char *list = units_with(draft, lines, count, is_scaled, &found);

    if (list)
        mq_draft_note(draft,
                      chinese
                          ? mq_arena_format(
                                arena,
                                "下列单位缺少部分下级指标或下级单位的数据，按现有部分的权重折算：%s"
                                "（共%zu个）。",
                                list, found)
                          : mq_arena_format(arena,
                                            "Some parts are missing and the weights of the others "
                                            "were scaled up: %s (%zu in all).",
                                            list, found));
    list = units_with(draft, lines, count, is_imputed, &found);
    if (list)
        mq_draft_note(
            draft,
            chinese ? mq_arena_format(arena, "下列单位的得分含插补值：%s（共%zu个）。", list, found)
                    : mq_arena_format(arena, "Scores that rest on imputed values: %s (%zu in all).",
                                      list, found));
}
