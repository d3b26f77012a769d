/* What the terminal shows: the top unit, the first ranking, what was found, where the files are. */
#include "run/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_RANKING = 40, NUMBER = 352 };

static const char *say(const struct mq_session *session, const char *chinese, const char *english)
{
    return session->model->chinese ? chinese : english;
}

static const char *published(const struct mq_session *session, double value, char *text)
{
    return mq_round_text(value, session->model->decimals, session->model->rounding, text);
}

/* "+0.36", "-1.20", "0.00": the difference of the numbers as published. */
static const char *published_change(const struct mq_session *session, const struct mq_score *score,
                                    char *text)
{
    char now[NUMBER], before[NUMBER];
    text[0] = '\0';
    if (isnan(score->value) || isnan(score->previous))
        return text;
    double change = strtod(published(session, score->value, now), NULL) -
                    strtod(published(session, score->previous, before), NULL);
    char digits[NUMBER];
    published(session, change, digits);
    snprintf(text, NUMBER, "%s%s", digits[0] == '-' || strtod(digits, NULL) == 0 ? "" : "+",
             digits);
    return text;
}

static const char *move_text(const struct mq_score *score, char *text, size_t size)
{
    long move = (long)score->previous_rank - (long)score->rank;
    if (!score->rank || !score->previous_rank)
        snprintf(text, size, "%s", "");
    else if (move == 0)
        snprintf(text, size, "—");
    else
        snprintf(text, size, "%s%ld", move > 0 ? "↑" : "↓", labs(move));
    return text;
}

static int root_node(const struct mq_model *model)
{
    for (size_t i = 0; i < model->nodes; i++)
        if (model->node[i].parent < 0)
            return (int)i;
    return 0;
}

struct ranking {
    const struct mq_session *session;
    uint32_t period, level;
    int root;
};

static const struct mq_score *score_of(const struct ranking *ranking, size_t unit)
{
    const struct mq_session *session = ranking->session;
    return &session->scores->score[unit * session->model->nodes + (size_t)ranking->root];
}

static bool belongs(const struct ranking *ranking, size_t unit)
{
    const struct mq_unit *u = &ranking->session->frame->unit[unit];
    return u->period == ranking->period && u->level == ranking->level;
}

static size_t count_units(const struct ranking *ranking)
{
    size_t count = 0;
    for (size_t i = 0; i < ranking->session->frame->units; i++)
        count += belongs(ranking, i);
    return count;
}

static const char *band_of(const struct ranking *ranking, const struct mq_score *score)
{
    return score->band < 0 ? "" : ranking->session->model->band[score->band].title;
}

static void print_single(const struct ranking *ranking, struct mq_buffer *text)
{
    const struct mq_session *session = ranking->session;
    const struct mq_model *model = session->model;
    char value[NUMBER], change[NUMBER];
    for (size_t i = 0; i < session->frame->units; i++) {
        if (!belongs(ranking, i))
            continue;
        const struct mq_score *score = score_of(ranking, i);
        const char *period = session->frame->period[ranking->period];
        mq_buffer_format(text, "%s%s%s  %s  %s", period, period[0] ? "  " : "",
                         session->frame->unit[i].name, model->node[ranking->root].title,
                         isnan(score->value) ? mq_reason_title(score->reason, model->chinese)
                                             : published(session, score->value, value));
        if (published_change(session, score, change)[0])
            mq_buffer_format(text, "  %s%s", say(session, "比上期 ", "change "), change);
        mq_buffer_format(text, "%s%s\n", band_of(ranking, score)[0] ? "  " : "",
                         band_of(ranking, score));
    }
}

static void rank_row(const struct ranking *ranking, size_t unit, struct mq_layout *layout)
{
    const struct mq_session *session = ranking->session;
    const struct mq_score *score = score_of(ranking, unit);
    char number[NUMBER], change[NUMBER], move[32];
    if (score->rank)
        mq_layout_cell(layout, "%u", score->rank);
    else
        mq_layout_cell(layout, "-");
    mq_layout_cell(layout, "%s", session->frame->unit[unit].name);
    mq_layout_cell(layout, "%s",
                   isnan(score->value) ? mq_reason_title(score->reason, session->model->chinese)
                                       : published(session, score->value, number));
    mq_layout_cell(layout, "%s", published_change(session, score, change));
    mq_layout_cell(layout, "%s", move_text(score, move, sizeof move));
    mq_layout_cell(layout, "%llu", (unsigned long long)session->frame->unit[unit].enterprises);
    mq_layout_cell(layout, "%s", band_of(ranking, score));
}

static void print_ranking(const struct ranking *ranking, struct mq_buffer *text)
{
    const struct mq_session *session = ranking->session;
    static const bool right[] = {true, false, true, true, true, true, false};
    struct mq_layout layout = {.columns = 7, .right = right};
    mq_layout_cell(&layout, "%s", say(session, "位次", "rank"));
    mq_layout_cell(&layout, "%s", session->model->level[ranking->level].title);
    mq_layout_cell(&layout, "%s", say(session, "得分", "score"));
    mq_layout_cell(&layout, "%s", say(session, "变动", "change"));
    mq_layout_cell(&layout, "%s", say(session, "位次变动", "move"));
    mq_layout_cell(&layout, "%s", say(session, "单位数", "rows"));
    mq_layout_cell(&layout, "%s", say(session, "评价", "band"));
    uint32_t units = (uint32_t)session->frame->units;
    for (uint32_t rank = 1; rank <= units + 1;
         rank++) /* ranked units in order of rank, then the missing ones */
        for (size_t i = 0; i < units; i++)
            if (belongs(ranking, i) && score_of(ranking, i)->rank == (rank <= units ? rank : 0))
                rank_row(ranking, i, &layout);
    mq_layout_print(&layout, 2, text);
}

static void print_rows_line(const struct mq_session *session, struct mq_buffer *text)
{
    const struct mq_control *control = mq_checker_control(session->checker);
    mq_buffer_format(text,
                     say(session, "读入 %llu 行 = 采用 %llu + 剔除 %llu + 范围外 %llu\n",
                         "%llu rows read = %llu accepted + %llu rejected + %llu out of scope\n"),
                     (unsigned long long)control->rows_in, (unsigned long long)control->accepted,
                     (unsigned long long)control->rejected,
                     (unsigned long long)control->out_of_scope);
}

static void finding_row(const struct mq_session *session, const struct mq_finding *finding,
                        struct mq_layout *layout)
{
    static const char *const severity[] = {"info", "warn", "reject"};
    mq_layout_cell(layout, "%s", finding->rule);
    mq_layout_cell(layout, "%s", severity[finding->severity]);
    mq_layout_cell(layout, "%llu", (unsigned long long)finding->failed);
    mq_layout_cell(layout, "%llu", (unsigned long long)finding->checked);
    mq_layout_cell(layout, "%s:%llu", mq_reader_file(session->reader, finding->first.file)->name,
                   (unsigned long long)finding->first_line);
    mq_layout_cell(layout, "%s", finding->title);
}

static void print_findings(const struct mq_session *session, struct mq_buffer *text)
{
    const struct mq_finding *finding;
    size_t count;
    if (mq_checker_findings(session->checker, &finding, &count, NULL) != MQ_OK) {
        text->failed = true;
        return;
    }
    static const bool right[] = {false, false, true, true, false, false};
    struct mq_layout layout = {.columns = 6, .right = right};
    for (size_t i = 0; i < count; i++) {
        if (!finding[i].failed)
            continue;
        if (layout.count == 0) {
            const char *head[] = {
                say(session, "规则", "rule"),     say(session, "性质", "severity"),
                say(session, "未通过", "failed"), say(session, "检查", "checked"),
                say(session, "首见", "first at"), say(session, "说明", "title")};
            for (size_t k = 0; k < 6; k++)
                mq_layout_cell(&layout, "%s", head[k]);
        }
        finding_row(session, &finding[i], &layout);
    }
    mq_layout_print(&layout, 2, text);
}

/* Of the rule that fails most: the units of each level where it does. */
static void print_offenders(const struct mq_session *session, struct mq_buffer *text)
{
    enum { SHOWN = 3 };
    const struct mq_finding *finding;
    const struct mq_offender *offender;
    size_t findings, count, shown = 0;
    if (mq_checker_findings(session->checker, &finding, &findings, NULL) != MQ_OK ||
        mq_checker_offenders(session->checker, &offender, &count, NULL) != MQ_OK) {
        text->failed = true;
        return;
    }
    const struct mq_finding *worst = finding;
    for (size_t i = 1; i < findings; i++)
        if (finding[i].failed > worst->failed)
            worst = finding + i;
    for (size_t i = 0; i < count; i++) {
        const struct mq_offender *o = offender + i;
        if (strcmp(o->rule, worst->rule) != 0)
            continue;
        bool starts = i == 0 || o[-1].level != o->level || o[-1].rule != o->rule;
        shown = starts ? 1 : shown + 1;
        if (starts)
            mq_buffer_format(text, say(session, "  %s 未通过最多的%s：", "  %s fails most by %s: "),
                             o->rule, session->model->level[o->level].title);
        if (shown <= SHOWN)
            mq_buffer_format(text, say(session, "%s%s %llu/%llu", "%s%s %llu of %llu"),
                             starts ? "" : say(session, "、", ", "), o->name,
                             (unsigned long long)o->failed, (unsigned long long)o->rows);
        if (i + 1 == count || o[1].level != o->level || o[1].rule != o->rule)
            mq_buffer_text(text, "\n");
    }
}

/* warnings.csv may be shorter than what fails. */
static void print_cut(const struct mq_session *session, struct mq_buffer *text)
{
    if (!mq_checker_list_cut(session->checker))
        return;
    mq_buffer_format(text,
                     say(session, "warnings.csv 列出每条规则的前 %llu 行（--list all 列出全部）\n",
                         "warnings.csv lists the first %llu rows of each rule (--list all: every "
                         "row)\n"),
                     (unsigned long long)mq_checker_listed(session->checker));
}

/* Records by the worst outcome of their rules, as editstats counts them. */
static void print_records(const struct mq_session *session, struct mq_buffer *text)
{
    const struct mq_statistics *of = mq_checker_statistics(session->checker);
    if (!of->gathered || of->rules == 0)
        return;
    mq_buffer_format(text,
                     say(session,
                         "%llu 条记录：%llu 条全部通过、%llu 条无法全部检查、%llu 条未通过\n",
                         "%llu records: %llu pass all rules, %llu cannot be checked in full, %llu "
                         "fail a rule\n"),
                     (unsigned long long)of->records, (unsigned long long)of->passed,
                     (unsigned long long)of->missing, (unsigned long long)of->failed);
}

/* Rules that cannot be asked at all: the others went on without them. */
static void print_broken(const struct mq_session *session, struct mq_buffer *text)
{
    const struct mq_model *model = session->model;
    size_t broken = 0;
    for (size_t i = 0; i < model->rules; i++) {
        const struct mq_rule *rule = &model->rule[i];
        if (!rule->broken)
            continue;
        if (broken++ == 0)
            mq_buffer_text(text,
                           say(session, "\n有误而未执行的规则（--strict 下不运行）：\n",
                               "\nrules that could not be asked (--strict stops for them):\n"));
        mq_buffer_format(text, "  %s  %s\n", rule->id, rule->broken);
    }
}

void mq_summary_run(const struct mq_session *session, const char *out, struct mq_buffer *text)
{
    const struct mq_model *model = session->model;
    struct ranking ranking = {session, (uint32_t)(session->frame->periods - 1), 0,
                              root_node(model)};
    mq_buffer_format(text, "%s（%s%s%s）\n\n", model->title, model->id,
                     model->edition[0] ? " " : "", model->edition);
    bool ranked = false;
    for (size_t i = 0; i < model->levels; i++) {
        ranking.level = (uint32_t)i;
        size_t units = count_units(&ranking);
        if (units == 1) {
            print_single(&ranking, text);
        } else if (units > 1 && units <= LONGEST_RANKING && !ranked) {
            mq_buffer_text(text, "\n");
            print_ranking(&ranking, text);
            ranked = true;
        }
    }
    mq_buffer_text(text, "\n");
    print_rows_line(session, text);
    mq_old_codes_tell(session, true, text);
    mq_corrections_tell(session, true, text);
    print_findings(session, text);
    print_cut(session, text);
    print_broken(session, text);
    mq_buffer_format(text,
                     "\n%s %s/: tables.xlsx tables/ scores.csv indicators.csv %s%sfindings.csv "
                     "rejects.csv warnings.csv offenders.csv %s%s%svalidation.json manifest.json\n",
                     say(session, "结果在", "results in"), out,
                     mq_prepares(model) ? "prepared.csv bounds.csv " : "",
                     mq_rolls_over_empty(model) ? "rollup.csv " : "",
                     model->localise ? "localised.csv " : "",
                     mq_session_corrects(session) ? "corrections.csv " : "",
                     model->histories > 0 ? "concordance.csv " : "");
}

void mq_summary_check(const struct mq_session *session, struct mq_buffer *text)
{
    const struct mq_model *model = session->model;
    mq_buffer_format(
        text,
        say(session, "模型 %s %s：%zu 个输入、%zu 条规则、%zu 个层级、%zu 个指标节点\n",
            "model %s %s: %zu inputs, %zu rules, %zu levels, %zu nodes\n"),
        model->id, model->edition, model->inputs, model->rules, model->levels, model->nodes);
    if (session->checker) {
        print_rows_line(session, text);
        mq_old_codes_tell(session, false, text);
        mq_corrections_tell(session, false, text);
        print_findings(session, text);
        print_offenders(session, text);
        print_records(session, text);
    }
    print_broken(session, text);
}

void mq_summary_failed(const struct mq_session *session, const char *out, struct mq_buffer *text)
{
    print_rows_line(session, text);
    mq_old_codes_tell(session, true, text);
    mq_corrections_tell(session, true, text);
    print_findings(session, text);
    print_cut(session, text);
    print_broken(session, text);
    mq_buffer_format(
        text,
        say(session,
            "\n未生成结果；%s 保持原样。请处理 %s.failed/ 中的 rejects.csv 和 findings.csv\n",
            "\nno result was made; %s stays as it was. See rejects.csv and findings.csv in "
            "%s.failed/\n"),
        out, out);
}
