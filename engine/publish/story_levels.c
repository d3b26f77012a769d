/* Default sections of the levels: order, bands, changes. */
#include "publish/story.h"

#include <string.h>

enum { MOST_ROOTS = 4, LISTED = 40 };

/* The level with one axis that is this axis of another; -1: none. */
static int level_of_axis(const struct mq_model *model, const struct mq_level_axis *axis)
{
    for (size_t i = 0; i < model->levels; i++) {
        const struct mq_level *level = &model->level[i];
        if (level->axes == 1 && level->axis[0].input == axis->input &&
            strcmp(level->axis[0].part ? level->axis[0].part : "", axis->part ? axis->part : "") ==
                0)
            return (int)i;
    }
    return -1;
}

/* "市与行业的": what pairs are made of, where both are known; Chinese only. */
static const char *paired(struct mq_story_writer *writer, int level)
{
    const struct mq_release *release = writer->release;
    const struct mq_level *self = &release->model->level[level];
    int a = level_of_axis(release->model, &self->axis[0]),
        b = level_of_axis(release->model, &self->axis[1]);
    if (a < 0 || b < 0 || !mq_level_title(release, a)[0] || !mq_level_title(release, b)[0])
        return "";
    const char *text = mq_arena_format(writer->arena, "%s与%s的", mq_level_title(release, a),
                                       mq_level_title(release, b));
    writer->failed |= !text;
    return text ? text : "";
}

/* The two highest bounds that any unit reaches, above the lowest band: "85", as written. */
static void level_bands(struct mq_story_writer *writer, int level)
{
    const struct mq_release *release = writer->release;
    const struct mq_model *model = release->model;
    const char *id = writer->release->model->level[level].id,
               *unit = mq_story_unit(release, release->root);
    bool pairs = model->level[level].axes > 1;
    size_t before = 0, said = 0;
    for (size_t band = model->bands; band > 1 && said < 2; band--) {
        double from = model->band[band - 1].from;
        struct mq_text_place place = {
            .node = -1, .level = level, .compare = MQ_AT_LEAST, .bound = from};
        struct mq_story_counts counts = mq_story_count(release, &place);
        char limit[32];
        snprintf(limit, sizeof limit, "%.10g", from);
        if (counts.now == 0 || counts.now == before)
            continue;
        bool names = said == 0 && !pairs && counts.now <= LISTED && counts.now < counts.all;
        if (release->chinese)
            mq_buffer_format(&writer->text, "%s{counted %s >= %s}在%s%s以上", said ? "；" : "", id,
                             limit, limit, unit);
        else
            mq_buffer_format(&writer->text, "%s %s%s%s or more: {counted %s >= %s}",
                             said ? "; at" : "At", limit,
                             unit[0] && strcmp(unit, "%") != 0 ? " " : "", unit, id, limit);
        if (names)
            mq_buffer_format(&writer->text,
                             release->chinese ? "（{names %s >= %s}）" : " ({names %s >= %s})", id,
                             limit);
        mq_buffer_format(&writer->text,
                         release->chinese ? "[，{count_change %s >= %s}]"
                                          : "[, {count_change %s >= %s}]",
                         id, limit);
        before = counts.now;
        said++;
    }
    if (said)
        mq_buffer_text(&writer->text, release->chinese ? "。" : ". ");
}

/* The best unit by each main part, where there are few. */
static void level_parts(struct mq_story_writer *writer, int level)
{
    const struct mq_release *release = writer->release;
    const struct mq_node *root = &release->model->node[release->root];
    const char *id = writer->release->model->level[level].id;
    if (release->model->level[level].axes > 1 || root->children < 2 ||
        root->children > MQ_STORY_PARTS)
        return;
    for (size_t i = 0; i < root->children; i++) {
        const char *part = writer->release->model->node[root->child[i]].id;
        if (release->chinese)
            mq_buffer_format(&writer->text, "%s{title %s}最高的是{top %s %s 1}",
                             i ? "，" : "分项看，", part, part, id);
        else
            mq_buffer_format(&writer->text, "%s{title %s}, {top %s %s 1}%s", i ? "; by " : "By ",
                             part, part, id, i ? "" : " came first");
    }
    mq_buffer_text(&writer->text, release->chinese ? "。" : ". ");
}

static void level_extremes(struct mq_story_writer *writer, int level)
{
    const struct mq_release *release = writer->release;
    const char *id = writer->release->model->level[level].id;
    bool pairs = release->model->level[level].axes > 1;
    int many = pairs ? 3 : 1;
    if (release->chinese)
        mq_buffer_format(&writer->text,
                         "[{period}，]%s{counted %s}中，{title}最高的是{top %s %d}，最低的是"
                         "{bottom %s %d}。",
                         pairs ? paired(writer, level) : "", id, id, many, id, many);
    else
        mq_buffer_format(&writer->text,
                         "Of {counted %s}, {top %s %d} came first and {bottom %s %d} last[ in "
                         "{period}]. ",
                         id, id, many, id, many);
    level_bands(writer, level);
    level_parts(writer, level);
    mq_writer_paragraph(writer);
}

/* Names with changes stand in tables of levels with one axis only. */
static void level_movers(struct mq_story_writer *writer, int level,
                         const struct mq_story_counts *counts)
{
    const struct mq_release *release = writer->release;
    const char *id = writer->release->model->level[level].id;
    bool much_up = counts->rose > 3, much_down = counts->fell > 3;
    if (release->chinese)
        mq_buffer_format(&writer->text,
                         "[提高%s的有{risers %s 3}][；下降%s的有{fallers %s 3}]。"
                         "[位次上升较多的有{rank_risers %s 3}]"
                         "[；位次下降较多的有{rank_fallers %s 3}]。",
                         much_up ? "较多" : "", id, much_down ? "较多" : "", id, id, id);
    else
        mq_buffer_format(&writer->text,
                         "[%s: {risers %s 3}. ][%s: {fallers %s 3}. ]"
                         "[In rank, {rank_risers %s 3} moved most upwards]"
                         "[; {rank_fallers %s 3} moved most downwards].",
                         much_up ? "The largest rises" : "Rises", id,
                         much_down ? "The largest falls" : "Falls", id, id, id);
}

static void level_changes(struct mq_story_writer *writer, int level)
{
    const struct mq_release *release = writer->release;
    const char *id = writer->release->model->level[level].id;
    struct mq_text_place place = {.node = -1, .level = level};
    struct mq_story_counts counts = mq_story_count(release, &place);
    if (counts.both == 0)
        return;
    if (release->chinese) {
        struct mq_buffer word = MQ_BUFFER_EMPTY;
        struct mq_teller teller = {.release = release, .text = &word};
        mq_say_measure(&teller, level, 2);
        const char *of = mq_writer_text(writer, &word);
        mq_buffer_format(
            &writer->text,
            "与{before}相比，[{rose %s}%s提高][，{fell %s}%s下降][，{same %s}%s持平]。", id, of, id,
            of, id, of);
    } else {
        mq_buffer_format(&writer->text,
                         "Compared with {before}, [{rose %s} rose][, {fell %s} fell][, {same %s} "
                         "held]. ",
                         id, id, id);
    }
    if (release->model->level[level].axes == 1)
        level_movers(writer, level, &counts);
    mq_writer_paragraph(writer);
}

static void level_order(struct mq_story_writer *writer, int level, size_t units)
{
    const struct mq_release *release = writer->release;
    if (release->model->level[level].axes != 1 || units < 3 || units > LISTED)
        return;
    if (release->chinese) {
        struct mq_teller teller = {.release = release, .text = &writer->text};
        mq_say_each(&teller, level);
        mq_buffer_format(&writer->text, "依次为{order %s}。",
                         writer->release->model->level[level].id);
    } else {
        mq_buffer_format(&writer->text, "In order of rank: {order %s}.",
                         writer->release->model->level[level].id);
    }
    mq_writer_paragraph(writer);
}

/* Indices beside the first, where there are few. */
static void level_roots(struct mq_story_writer *writer, int level)
{
    const struct mq_release *release = writer->release;
    const struct mq_model *model = release->model;
    const char *id = writer->release->model->level[level].id,
               *unit = mq_story_unit(release, release->root);
    size_t roots = 0;
    for (size_t i = 0; i < model->nodes; i++)
        roots += model->node[i].parent < 0;
    for (size_t i = 0; i < model->nodes && roots <= MOST_ROOTS; i++) {
        int node = model->order[i];
        const char *other = writer->release->model->node[node].id;
        bool alike = strcmp(mq_story_unit(release, node), unit) == 0; /* else not "highest" */
        if (model->node[node].parent < 0 && node != release->root && alike)
            mq_buffer_format(&writer->text,
                             release->chinese
                                 ? "{title %s}最高的是{top %s %s 1}，最低的是{bottom %s %s 1}。"
                                 : "By {title %s}, {top %s %s 1} came first and {bottom %s %s 1} "
                                   "last. ",
                             other, other, id, other, id);
    }
    mq_writer_paragraph(writer);
}

/* "各市情况", "各市各行业情况", "By city". */
static const char *level_heading(struct mq_story_writer *writer, int level)
{
    const struct mq_release *release = writer->release;
    const struct mq_level *self = &release->model->level[level];
    int titled[2] = {level, -1};
    if (self->axes == 2) {
        titled[0] = level_of_axis(release->model, &self->axis[0]);
        titled[1] = level_of_axis(release->model, &self->axis[1]);
        if (titled[0] < 0 || titled[1] < 0)
            titled[0] = level, titled[1] = -1;
    }
    struct mq_buffer title = MQ_BUFFER_EMPTY;
    struct mq_teller teller = {.release = release, .text = &title};
    mq_buffer_text(&title, release->chinese ? "" : "By");
    for (int i = 0; i < 2 && titled[i] >= 0; i++) {
        if (release->chinese) {
            mq_say_each(&teller, titled[i]);
        } else {
            mq_buffer_text(&title, i ? " and" : "");
            mq_say_measure(&teller, titled[i], 1);
        }
    }
    mq_buffer_text(&title, release->chinese ? "情况" : "");
    return mq_writer_text(writer, &title);
}

void mq_story_level(struct mq_story_writer *writer, int level)
{
    struct mq_text_place place = {.node = -1, .level = level};
    struct mq_story_counts counts = mq_story_count(writer->release, &place);
    bool pairs = writer->release->model->level[level].axes > 1;
    *writer->draft = (struct mq_story_draft){
        .id = writer->release->model->level[level].id,
        .title = level_heading(writer, level),
        .level = level,
        .sheets = MQ_SHEET_BIT(RANKING) | MQ_SHEET_BIT(MATRIX),
        .figures = pairs ? MQ_FIGURE_BIT(HEATMAP)
                         : MQ_FIGURE_BIT(RANKING) | MQ_FIGURE_BIT(STRIP) | MQ_FIGURE_BIT(TILES) |
                               MQ_FIGURE_BIT(MAP),
    };
    if (counts.all < 2)
        return;
    level_extremes(writer, level);
    level_changes(writer, level);
    level_order(writer, level, counts.all);
    level_roots(writer, level);
}
