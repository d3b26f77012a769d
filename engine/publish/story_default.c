/*
 * Sections for models that give none, in the order and the wording of the yearly bulletins: the
 * index and its parts, each level with its order, bands and changes, the indicators. They are
 * templates of the same language that models use.
 */
#include "publish/story.h"

#include <string.h>

void mq_writer_paragraph(struct mq_story_writer *writer)
{
    if (writer->text.length > 0 && writer->draft->paragraphs < MQ_STORY_PARAGRAPHS) {
        const char *text = mq_arena_string(writer->arena, writer->text.data, writer->text.length);
        writer->failed |= !text;
        writer->draft->paragraph[writer->draft->paragraphs++] = text ? text : "";
    }
    writer->failed |= writer->text.failed;
    writer->text.length = 0;
}

const char *mq_writer_text(struct mq_story_writer *writer, struct mq_buffer *text)
{
    const char *copy =
        text->failed ? NULL
                     : mq_arena_string(writer->arena, text->length ? text->data : "", text->length);
    writer->failed |= !copy;
    mq_buffer_clear(text);
    return copy ? copy : "";
}

/* ---- overview ---- */

static bool names_itself(const struct mq_release *release)
{
    return strstr(mq_index_title(release), release->top.name) != NULL;
}

static void add_confidence(struct mq_story_writer *writer)
{
    const struct mq_design *design = writer->release->model->design;
    if (design)
        mq_buffer_format(&writer->text,
                         writer->release->chinese ? "[（%g%%的置信区间为{interval}）]"
                                                  : "[ (%g%% confidence interval {interval})]",
                         100 * design->confidence);
}

static void overview_index(struct mq_story_writer *writer)
{
    const struct mq_release *release = writer->release;
    bool bands = release->model->bands > 0;
    size_t parts = release->model->node[release->root].children;
    /* of a survey the rows are not what it is about, and of published totals neither */
    bool counted = release->model->min_enterprises > 0 && !release->model->design;
    if (release->chinese) {
        mq_buffer_format(&writer->text, "[{period}]%s{title}为{score}",
                         names_itself(release) ? "" : "{unit}");
        add_confidence(writer);
        mq_buffer_format(&writer->text, "[，{change}]%s。%s", bands ? "[，评价等级为“{band}”]" : "",
                         parts > 1 && parts <= MQ_STORY_PARTS ? "[其中，{parts}。]" : "");
        if (counted)
            mq_buffer_format(&writer->text, "[汇总%s{enterprises}%s。]",
                             mq_model_counted(release->model), mq_model_measure(release->model));
    } else {
        mq_buffer_format(&writer->text, "{title}%s stood at {score}",
                         names_itself(release) ? "" : " of {unit}");
        add_confidence(writer);
        mq_buffer_format(&writer->text, "[ in {period}][, {change}]%s. %s",
                         bands ? "[, rated “{band}”]" : "",
                         parts > 1 && parts <= MQ_STORY_PARTS ? "[Of its parts: {parts}. ]" : "");
        if (counted)
            mq_buffer_format(&writer->text, "[It covers {enterprises} %s.]",
                             mq_model_counted(release->model));
    }
    mq_writer_paragraph(writer);
}

/* Indices that stand beside the first: models without a tree. */
static void overview_roots(struct mq_story_writer *writer)
{
    enum { AT_ONCE = 8, AT_ALL = 32 };
    const struct mq_release *release = writer->release;
    const struct mq_model *model = release->model;
    size_t said = 0;
    for (size_t i = 0; i < model->nodes && said < AT_ALL; i++) {
        int node = model->order[i];
        const char *id = model->node[node].id;
        if (model->node[node].parent >= 0 || node == release->root)
            continue;
        mq_buffer_format(&writer->text,
                         release->chinese ? "{title %s}为{score %s}[，{change %s}]。"
                                          : "{title %s} stood at {score %s}[, {change %s}]. ",
                         id, id, id);
        if (++said % AT_ONCE == 0)
            mq_writer_paragraph(writer);
    }
    mq_writer_paragraph(writer);
}

static size_t leaves_below(const struct mq_model *model, int node)
{
    size_t count = 0;
    for (size_t i = 0; i < model->nodes; i++)
        for (int at = (int)i; model->node[i].leaf && at >= 0; at = model->node[at].parent)
            count += at == node && at != (int)i;
    return count;
}

static void overview_indicators(struct mq_story_writer *writer)
{
    const struct mq_release *release = writer->release;
    size_t leaves = leaves_below(release->model, release->root);
    int many = leaves < 9 ? 2 : 3;
    if (release->raw_is_score || leaves < 5)
        return;
    mq_buffer_format(&writer->text,
                     release->chinese
                         ? "[从%zu项统计指标看，得分较高的有{strongest_leaves %d}，得分较低的有"
                           "{weakest_leaves %d}。]"
                         : "[Of %zu indicators, the highest scores were those of {strongest_leaves "
                           "%d}, the lowest those of {weakest_leaves %d}.]",
                     leaves, many, many);
    mq_writer_paragraph(writer);
}

/* The parts of the parts, as far as the table of the index shows them. */
static void overview_parts(struct mq_story_writer *writer)
{
    const struct mq_release *release = writer->release;
    const struct mq_model *model = release->model;
    const struct mq_node *root = &model->node[release->root];
    for (size_t i = 0; i < root->children && root->children <= MQ_STORY_PARTS; i++) {
        const struct mq_node *part = &model->node[root->child[i]];
        if (part->children > 1 && part->children <= MQ_STORY_PARTS)
            mq_buffer_format(&writer->text,
                             release->chinese ? "{title %s}中，{parts %s}。"
                                              : "Within {title %s}: {parts %s}. ",
                             part->id, part->id);
    }
    mq_writer_paragraph(writer);
}

static void overview(struct mq_story_writer *writer)
{
    const struct mq_release *release = writer->release;
    bool trend = release->frame->periods > 2;
    *writer->draft = (struct mq_story_draft){
        .id = "overview",
        .title = release->chinese ? "总体情况" : "Overview",
        .level = -1,
        .sheets = MQ_SHEET_BIT(SUMMARY),
        .figures = MQ_FIGURE_BIT(WATERFALL) | (trend ? 0 : MQ_FIGURE_BIT(TREND)),
    };
    if (release->top_level < 0)
        return;
    overview_index(writer);
    overview_parts(writer);
    overview_roots(writer);
    overview_indicators(writer);
}

static void trend(struct mq_story_writer *writer)
{
    const struct mq_release *release = writer->release;
    *writer->draft = (struct mq_story_draft){
        .id = "trend",
        .title = !release->chinese ? "Trend"
                 : release->years  ? "历年变化"
                                   : "各期变化",
        .level = -1,
        .figures = MQ_FIGURE_BIT(TREND),
    };
    if (release->top_level < 0)
        return;
    mq_buffer_text(&writer->text, !release->chinese ? "{title} over the periods: {history}."
                                  : release->years  ? "历年{title}为：{history}。"
                                                    : "各期{title}为：{history}。");
    mq_writer_paragraph(writer);
}

/* ---- indicators ---- */

/* Nodes with leaves right below them speak a sentence each; a paragraph for each main part. */
static void indicators(struct mq_story_writer *writer)
{
    const struct mq_release *release = writer->release;
    const struct mq_model *model = release->model;
    *writer->draft = (struct mq_story_draft){
        .id = "indicators",
        .title = release->chinese ? "统计指标" : "Indicators",
        .level = -1,
        .sheets = MQ_SHEET_BIT(INDICATORS),
    };
    if (release->top_level < 0 || release->raw_is_score)
        return;
    for (size_t i = 0; i < model->nodes; i++) {
        const struct mq_node *node = &model->node[model->order[i]];
        bool holds = false;
        for (size_t child = 0; child < node->children; child++)
            holds |= model->node[node->child[child]].leaf;
        if (node->depth == 1)
            mq_writer_paragraph(writer);
        if (node->leaf || !holds)
            continue;
        if (node->parent < 0)
            mq_buffer_format(&writer->text, release->chinese ? "{values %s}。" : "{values %s}. ",
                             node->id);
        else
            mq_buffer_format(&writer->text,
                             release->chinese ? "{title %s}方面，{values %s}。"
                                              : "{title %s}: {values %s}. ",
                             node->id, node->id);
    }
    mq_writer_paragraph(writer);
}

/* ---- all ---- */

static void next_section(struct mq_story_writer *writer, struct mq_story_drafts *drafts)
{
    mq_writer_paragraph(writer);
    writer->draft = &drafts->draft[++drafts->count];
}

enum mq_status mq_story_default(const struct mq_release *release, struct mq_arena *arena,
                                struct mq_story_drafts *drafts)
{
    size_t levels = release->model->levels;
    struct mq_story_writer writer = {.release = release, .arena = arena};
    *drafts =
        (struct mq_story_drafts){.draft = mq_arena_array(arena, levels + 4, sizeof *drafts->draft)};
    if (!drafts->draft)
        return MQ_INTERNAL;
    if (release->root < 0)
        return MQ_OK;
    writer.draft = drafts->draft;
    overview(&writer);
    next_section(&writer, drafts);
    if (release->frame->periods > 2) {
        trend(&writer);
        next_section(&writer, drafts);
    }
    for (size_t axes = 1; axes <= 2; axes++)
        for (size_t level = 0; level < levels; level++)
            if (release->model->level[level].axes == axes && (int)level != release->top_level) {
                mq_story_level(&writer, (int)level);
                next_section(&writer, drafts);
            }
    indicators(&writer);
    next_section(&writer, drafts);
    mq_buffer_clear(&writer.text);
    return writer.failed ? MQ_INTERNAL : MQ_OK;
}
