/* 说明: how the numbers came about, in full. */
#include "publish/draft.h"

#include <math.h>
#include <string.h>

/* Rows are added one by one; the sheet is cut to those used at the end. */
struct listing {
    struct mq_draft *draft;
    size_t row;
};

/* `text` comes from the arena; NULL means that making it failed. A text repeated in the first
 * column is left blank. */
static void add(struct listing *listing, const char *chinese, const char *english, const char *text)
{
    struct mq_draft *draft = listing->draft;
    draft->failed |= !text;
    if (draft->failed || listing->row == draft->sheet->rows)
        return;
    mq_draft_text(draft, listing->row, 0, draft->release->chinese ? chinese : english);
    mq_draft_text(draft, listing->row, 1, text);
    listing->row++;
}

static void add_model(struct listing *listing)
{
    struct mq_draft *draft = listing->draft;
    const struct mq_release *release = draft->release;
    const struct mq_model *model = release->model;
    const char *counted = mq_model_counted(model), *measure = mq_model_measure(model);
    struct mq_arena *arena = &draft->sheets->arena;
    add(listing, "指标体系", "Index", model->title);
    add(listing, "模型", "Model", model->id);
    if (model->edition && model->edition[0])
        add(listing, "版本", "Edition", model->edition);
    if (release->now[0])
        add(listing, "时期", "Period", release->now);
    if (release->compared)
        add(listing, "比较时期", "Compared with", release->before);
    for (size_t i = 0; i < model->assumptions; i++)
        add(listing, i ? "" : "假定", i ? "" : "Assumptions", model->assumption[i]);
    add(listing, "舍入", "Rounding", mq_rounding_text(draft));
    add(listing, "位次", "Ranks",
        release->chinese
            ? "按未舍入的得分由高到低排列；得分相同的位次相同，其后位次空缺；缺得分的不排位。"
            : "By unrounded score, highest first; ties share a rank and the next is "
              "skipped; units without a score are not ranked.");
    if (model->bands > 0)
        add(listing, "等级", "Bands", mq_bands_text(draft));
    add(listing, "覆盖率", "Coverage",
        release->chinese
            ? "有所需数据的单位数占全部单位数的比重；上级指标为其下各指标按权重的平均。"
            : "Share of the rows that have the data needed; of a parent, the weighted "
              "mean of the indicators below it.");
    if (model->min_enterprises > 0)
        add(listing, "保密", "Disclosure",
            release->chinese
                ? mq_arena_format(arena,
                                  "%s少于%d%s的单位、填报%s少于%d%s的指标不公布；"
                                  "由合计与其他部分之差推算的可能未作检查。",
                                  counted, model->min_enterprises, measure, counted,
                                  model->min_enterprises, measure)
                : mq_arena_format(arena,
                                  "Units with fewer than %d %s and indicators reported by "
                                  "fewer than %d are withheld; inference from totals and their "
                                  "other parts is not checked.",
                                  model->min_enterprises, counted, model->min_enterprises));
    if (draft->all_symbols)
        add(listing, "符号", "Symbols", mq_symbols_text(draft, draft->all_symbols));
}

/* "fail=5", "clip=true", "ddof=sample". */
static void add_param(struct mq_buffer *text, const struct mq_param *param, double value)
{
    mq_buffer_format(text, "%s=", param->name);
    if (param->kind == MQ_PARAM_FLAG)
        mq_buffer_text(text, value != 0 ? "true" : "false");
    else if (param->kind == MQ_PARAM_CHOICE)
        mq_buffer_text(text, param->choices[(size_t)value]);
    else
        mq_buffer_real(text, value);
}

/* "功效系数法（fail=5，pass=0）"; "" if none is chosen. */
static void add_normaliser(struct mq_buffer *text, const struct mq_release *release,
                           const struct mq_node *leaf)
{
    const struct mq_choice *choice = &leaf->normalise;
    if (choice->method < 0 || (size_t)choice->method >= mq_normalisers_count)
        return;
    const struct mq_method *method = &mq_normalisers[choice->method]->method;
    const char *title = release->chinese && method->title ? method->title : method->name;
    mq_buffer_format(text, release->chinese ? "；标准化：%s" : "; scored by %s", title);
    size_t written = 0;
    for (size_t i = 0; method->params && i < MQ_MAX_PARAMS && method->params[i].name; i++) {
        double value = choice->param[i];
        bool number = method->params[i].kind < MQ_PARAM_TEXT;
        if ((number && isnan(value)) || (!number && !choice->given[i]) || leaf->goalposts)
            continue;
        mq_buffer_text(text, written++ ? (release->chinese ? "，" : ", ")
                                       : (release->chinese ? "（" : " ("));
        if (method->params[i].kind == MQ_PARAM_TEXT)
            mq_buffer_format(text, "%s=%s", method->params[i].name, choice->argument[i].text);
        else
            add_param(text, &method->params[i], value);
    }
    if (written)
        mq_buffer_text(text, release->chinese ? "）" : ")");
}

static const char *formula_text(struct mq_draft *draft, const struct mq_node *leaf)
{
    const struct mq_release *release = draft->release;
    bool chinese = release->chinese;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    mq_buffer_text(&text, leaf->formula.text ? leaf->formula.text : "");
    if (leaf->unit[0])
        mq_buffer_format(&text, chinese ? "（%s）" : " (%s)", leaf->unit);
    mq_buffer_text(
        &text, chinese ? (leaf->direction == MQ_UP ? "；正向" : "；逆向")
                       : (leaf->direction == MQ_UP ? "; higher is better" : "; lower is better"));
    if (leaf->parent >= 0 && leaf->weight.denominator > 0)
        mq_buffer_format(&text, chinese ? "；权重%lld/%lld" : "; weight %lld/%lld",
                         (long long)leaf->weight.numerator, (long long)leaf->weight.denominator);
    add_normaliser(&text, release, leaf);
    const char *result =
        text.failed ? NULL : mq_arena_string(&draft->sheets->arena, text.data, text.length);
    mq_buffer_clear(&text);
    return result;
}

static void add_indicators(struct listing *listing)
{
    const struct mq_model *model = listing->draft->release->model;
    for (size_t i = 0; i < model->nodes; i++) {
        const struct mq_node *node = &model->node[model->order[i]];
        if (node->leaf)
            add(listing, mq_node_title(node), mq_node_title(node),
                formula_text(listing->draft, node));
    }
    for (size_t i = 0; i < model->levels; i++)
        if (model->level[i].axes > 2)
            add(listing, model->level[i].id, model->level[i].id,
                model->chinese ? "多于两个分组的层级不列表，见scores.csv。"
                               : "Levels of more than two axes have no table, see scores.csv.");
}

static void add_rows(struct listing *listing)
{
    const struct mq_provenance *from = listing->draft->release->provenance;
    struct mq_arena *arena = &listing->draft->sheets->arena;
    if (!from)
        return;
    const struct {
        const char *chinese, *english;
        uint64_t count;
    } rows[] = {{"读入记录", "Rows read", from->rows_in},
                {"采用记录", "Rows accepted", from->accepted},
                {"剔除记录", "Rows rejected", from->rejected},
                {"范围外记录", "Rows out of scope", from->out_of_scope},
                {"更正记录", "Rows corrected", from->rows_corrected}};
    size_t told = sizeof rows / sizeof *rows - (from->rows_corrected == 0);
    for (size_t i = 0; i < told; i++)
        add(listing, rows[i].chinese, rows[i].english,
            mq_arena_format(arena, "%llu", (unsigned long long)rows[i].count));
    const char *version = from->engine_version ? from->engine_version : "";
    add(listing, "计算程序", "Engine", mq_arena_format(arena, "mqci %s", version));
    if (from->model_digest && from->model_digest[0])
        add(listing, "模型文件SHA-256", "SHA-256 of the model", from->model_digest);
    if (from->result_digest && from->result_digest[0])
        add(listing, "结果SHA-256", "SHA-256 of the results", from->result_digest);
}

void mq_sheet_notes(struct mq_draft *draft)
{
    const struct mq_release *release = draft->release;
    const struct mq_model *model = release->model;
    struct mq_heading heading = {.kind = MQ_SHEET_NOTES,
                                 .id = "notes",
                                 .name = release->chinese ? "说明" : "Notes",
                                 .title =
                                     release->chinese ? "编制说明" : "Notes on method and sources",
                                 .unit = ""};
    size_t most = 21 + model->assumptions + model->nodes + model->levels;
    if (!mq_draft_begin(draft, &heading, 2, most))
        return;
    mq_draft_column(draft, release->chinese ? "项目" : "Item", "", MQ_COLUMN_TEXT, 0);
    mq_draft_column(draft, release->chinese ? "内容" : "Content", "", MQ_COLUMN_TEXT, 0);
    if (!mq_draft_cells(draft))
        return;
    struct listing listing = {.draft = draft};
    add_model(&listing);
    if (model->source && model->source[0])
        add(&listing, "数据来源", "Source", model->source);
    add_indicators(&listing);
    add_rows(&listing);
    draft->sheet->rows = listing.row;
    mq_draft_end(draft, false);
}
